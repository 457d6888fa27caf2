"""Study: levels as shares of pupils, per moment and group: stacked, changed between two years, and in a funnel.

A year group at a moment is published as a line already. Groups cut it up, and a combination group holds pupils of two
year groups; so all groups of one import are planned together, at the sizes they had when they were first read in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qualitycycle.analysis import disclosure, proportions
from qualitycycle.analysis.disclosure import Group
from qualitycycle.cycle import gate, level_rows, series
from qualitycycle.cycle.series import Selection
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

# A year group and a group in it; and a group by its name, over year groups.
Cell = tuple[str | None, str | None]
# Above this many cells the best choice of what to hide costs too much, and the plain rule decides.
MOST_CELLS = 24


@dataclass(frozen=True)
class LevelRow:
    """How many pupils reach each level at one moment, in the order of `Levels.levels`; `group` None: all of them.

    `counts` is empty where it is hidden, and `reason` says why.
    """

    label: str
    on: date
    group: str | None = None
    n: int | None = None
    counts: tuple[int, ...] = ()
    reason: str | None = None


@dataclass(frozen=True)
class Levels:
    """Levels from high to low, and their rows: per moment everybody first, then group by group."""

    levels: tuple[str, ...]
    rows: tuple[LevelRow, ...]


@dataclass(frozen=True)
class FunnelGroup:
    """One group in the funnel: `reached` of `n` pupils, and the limits that chance alone gives this many."""

    name: str
    n: int
    reached: int
    low: float
    high: float
    low_wide: float
    high_wide: float


@dataclass(frozen=True)
class FunnelLine:
    """The groups of one moment around the share of all of them together, all as percentages; never ranked.

    `groups` are ordered by their number of pupils. Below five groups there are Wilson intervals in place of limits.
    """

    label: str
    on: date
    level: str
    n_all: int
    share: float
    groups: tuple[FunnelGroup, ...]
    enough: bool


# --- what there is at a moment ---------------------------------------------------------------------------


@dataclass(frozen=True)
class _Year:
    """One year group at one moment: its levels as the line shows them, and by group where that may be asked."""

    levels: Mapping[str, int]
    by_group: Mapping[str | None, Mapping[str, int]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True)
class _Moment:
    """A moment as the imports brought it: rows per year group, and what the plan lets out of them.

    A cell or group that is let out may still be hidden with its year group: see `_year`. `classes` are the groups over
    year groups, each with its year groups.
    """

    label: str
    on: date
    key: tuple[str, str | None]
    rows: Mapping[str | None, tuple[_Rows, ...]]
    cells: frozenset[Cell]
    classes: Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True)
class _Rows:
    """What one import brought of a year group at a moment: by group the number of pupils at each level."""

    batch_id: str
    current: bool
    n: int
    n_pupils: int
    who: int
    by_group: Mapping[str | None, Mapping[str, int]]


def _moments_of(store: Store, selection: Selection, moment_of_year: str | None) -> tuple[_Moment, ...]:
    """Every moment of a test, over all year groups, with what may be let out."""
    batches, counts = _read(store, selection, moment_of_year)
    by_key: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in batches:
        by_key.setdefault((row["school_year"], row["moment"]), []).append(row)
    by_group: dict[tuple[Any, ...], dict[str | None, dict[str, int]]] = {}
    for row in counts:
        place = (row["school_year"], row["moment"], row["year_group"], row["batch_id"])
        by_group.setdefault(place, {}).setdefault(row["group_name"], {})[row["level_name"]] = row["n"]
    found = [_moment(key, own, by_group) for key, own in by_key.items()]
    return tuple(sorted(found, key=lambda one: (one.on, one.label)))


_kept = PerImport(_moments_of, most=24, about=series.subject_of)


def _moments(store: Store, selection: Selection, moment_of_year: str | None) -> tuple[_Moment, ...]:
    return _kept(store, replace(selection, year_group=None, level=None), moment_of_year)


def _read(
    store: Store, selection: Selection, moment_of_year: str | None
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    told = {name: one for name, one in series.parameters(selection).items() if name != "year_group"}
    told["of_year"] = moment_of_year
    batches = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, o.batch_id, b.state, b.data_version,
               max(o.measured_on) AS measured_on, count(*) AS n, count(DISTINCT o.pupil) AS n_pupils,
               bit_xor(hash(o.pupil, o.group_name)) AS who
        {series.OF_TEST} AND o.status = 'value' AND coalesce(o.moment, '') = coalesce($of_year, o.moment, '')
        GROUP BY ALL
        ORDER BY b.data_version, o.batch_id
        """,
        **told,
    )
    counts = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, o.batch_id, o.group_name, o.level_name, count(*) AS n
        {series.OF_TEST} AND o.status = 'value' AND coalesce(o.moment, '') = coalesce($of_year, o.moment, '')
        GROUP BY ALL
        ORDER BY ALL
        """,
        **told,
    )
    return batches, counts


def _moment(
    key: tuple[str, str | None],
    batches: Sequence[dict[str, Any]],
    by_group: Mapping[tuple[Any, ...], Mapping[str | None, Mapping[str, int]]],
) -> _Moment:
    rows: dict[str | None, list[_Rows]] = {}
    for row in batches:
        own = by_group[*key, row["year_group"], row["batch_id"]]
        one = _Rows(row["batch_id"], row["state"] == "current", row["n"], row["n_pupils"], row["who"], own)
        rows.setdefault(row["year_group"], []).append(one)
    # At the sizes of the import that brought the year group first.
    sizes: dict[str, dict[Cell, int]] = {}
    for year_group, (first, *_later) in rows.items():
        cells = {(year_group, group): sum(levels.values()) for group, levels in first.by_group.items()}
        sizes.setdefault(first.batch_id, {}).update(cells)
    shown: set[Cell] = set()
    classes: dict[str, tuple[str | None, ...]] = {}
    for planned in sizes.values():
        own_cells, own_classes = _let_out(planned)
        shown |= own_cells
        classes |= {name: tuple(year for year, group in planned if group == name) for name in own_classes}
    # A group of which the year groups came in apart was never whole in one plan.
    apart = {name for name in classes if sum(name in _names(planned) for planned in sizes.values()) > 1}
    days = [row["measured_on"] for row in batches if row["measured_on"]]
    return _Moment(
        series.label_of(*key),
        series.day_of(*key, max(days, default=None)),
        key,
        {year_group: tuple(own) for year_group, own in rows.items()},
        frozenset(shown),
        {name: years for name, years in classes.items() if name not in apart},
    )


def _names(cells: Mapping[Cell, int]) -> set[str | None]:
    return {group for _year_group, group in cells}


def _year(store: Store, selection: Selection, moment: _Moment, year_group: str | None) -> _Year:
    """A year group at a moment, as its imports let it be shown."""
    own = moment.rows[year_group]
    of_year = replace(selection, year_group=year_group)
    elsewhere = series.elsewhere(store, of_year, moment.key)
    if len(own) == 1 and own[0].n == own[0].n_pupils and not elsewhere:
        enough = own[0].current and disclosure.may_show_distribution(own[0].n)
        return _year_of(own[0]) if enough else _Year({})
    results = series.after_imports(store, of_year, moment.key)
    current = [one for one in own if one.current]
    once = all(one.n == one.n_pupils for one in own)
    told = {(one.who, one.n) for one in own} | {(one.who, len(one.told)) for one in elsewhere}
    if once and len(current) == len(told) == 1 and len(results) == current[0].n:
        return _year_of(current[0])
    # Which of these pupils were in which group at an earlier import would follow.
    return _Year(Counter(result.level for result in results.values() if result.level))


def _year_of(rows: _Rows) -> _Year:
    levels: Counter[str] = Counter()
    for own in rows.by_group.values():
        levels.update(own)
    return _Year(levels, rows.by_group)


# --- the plan --------------------------------------------------------------------------------------------


def _let_out(sizes: Mapping[Cell, int]) -> tuple[set[Cell], set[str]]:
    """The cells and the groups over year groups that may be shown beside the year groups, of one import."""
    floor = disclosure.FLOOR_DISTRIBUTION
    if len(sizes) > MOST_CELLS:
        return _plainly(sizes, floor)
    names = {cell: str(place) for place, cell in enumerate(sizes)}
    cells = {names[cell]: n for cell, n in sizes.items()}
    totals = [
        Group(f"year {year}", frozenset(names[cell] for cell in sizes if cell[0] == year))
        for year in dict.fromkeys(cell[0] for cell in sizes)
    ]
    already = [group for group in totals if sum(cells[cell] for cell in group.cells) >= floor]
    classes = {
        f"group {name}": Group(f"group {name}", frozenset(names[cell] for cell in sizes if cell[1] == name))
        for name in dict.fromkeys(cell[1] for cell in sizes)
        if name
    }
    single = {names[cell]: cell for cell in sizes if cell[1]}
    plan = [*classes.values(), *(Group(name, frozenset({name})) for name in single)]
    out = {group.name for group in gate.let_out(cells, plan, floor=floor, already=already)}
    return {single[name] for name in out & single.keys()}, {
        name.removeprefix("group ") for name in out & classes.keys()
    }


def _plainly(sizes: Mapping[Cell, int], floor: int) -> tuple[set[Cell], set[str]]:
    """Per year group: the small cells are hidden, with the next smallest until they are together enough."""
    shown: set[Cell] = set()
    for year in dict.fromkeys(cell[0] for cell in sizes):
        own = sorted((n, str(cell[1]), cell) for cell, n in sizes.items() if cell[0] == year)
        hidden = 0
        for n, _name, cell in own:
            if n < floor or 0 < hidden < floor or not cell[1]:
                hidden += n
            else:
                shown.add(cell)
    whole = {str(name) for name in _names(sizes) if name}
    return shown, {name for name in whole if all(cell in shown for cell in sizes if cell[1] == name)}


# --- pictures --------------------------------------------------------------------------------------------


def levels(store: Store, selection: Selection, moment_of_year: str | None = None) -> Levels | None:
    """The levels of a year group at every moment, everybody and by group; None where nothing may be shown."""
    found = _levels(store, selection, moment_of_year)
    if found is None:
        return None
    whole = [row for row in found.rows if row.group is None]
    held = {row.label for row in whole if series.year_held(store, selection, row.label, row.n)}
    rows = tuple(_beside_given(row) if row.label in held else row for row in found.rows)
    return replace(found, rows=rows) if any(row.counts for row in rows) else None


def _rows_of(store: Store, selection: Selection) -> tuple[LevelRow, ...]:
    found = _levels(store, selection, None)
    return found.rows if found else ()


def _beside_given(row: LevelRow) -> LevelRow:
    return LevelRow(row.label, row.on, row.group, reason="beside_given")


def _levels_of(store: Store, selection: Selection, moment_of_year: str | None) -> Levels | None:
    found = [
        (moment, _year(store, selection, moment, selection.year_group))
        for moment in _moments(store, selection, moment_of_year)
        if selection.year_group in moment.rows
    ]
    there = {level for _moment_, year in found for level in year.levels}
    order = tuple(level for level in series.order_of(there) if level in there)
    rows = tuple(row for moment, year in found for row in _rows(moment, year, selection.year_group, order))
    return Levels(order, rows) if any(row.counts for row in rows) else None


_levels = PerImport(_levels_of, most=24, about=series.subject_of)


def _rows(moment: _Moment, year: _Year, year_group: str | None, order: Sequence[str]) -> Iterator[LevelRow]:
    if not year.levels:
        yield LevelRow(moment.label, moment.on, reason="too_few")
        return
    yield _row(moment, None, year.levels, order)
    groups = {name: counts for name, counts in year.by_group.items() if name is not None}
    # One group is everybody, or everybody but those without one.
    if len(year.by_group) < 2:
        return
    for name, counts in sorted(groups.items()):
        if (year_group, name) in moment.cells:
            yield _row(moment, name, counts, order)
        else:
            yield LevelRow(moment.label, moment.on, name, reason="too_few")


def _row(moment: _Moment, group: str | None, counts: Mapping[str, int], order: Sequence[str]) -> LevelRow:
    told = tuple(counts.get(level, 0) for level in order)
    return LevelRow(moment.label, moment.on, group, sum(told), told)


def funnel(store: Store, selection: Selection, label: str) -> FunnelLine | None:
    """The groups of one moment at a level or higher, over all year groups on this test; None where too few show.

    `selection.year_group` does not count. `views.result` asks whether one may look.
    """
    of_last = replace(selection, year_group=level_rows.YEAR_GROUP, level=None)
    whole = next((row for row in _rows_of(store, of_last) if row.label == label and row.group is None), None)
    if whole is not None and series.year_held(store, of_last, label, whole.n):
        return None
    return _funnels(store, replace(selection, year_group=None), label)


def _funnel_of(store: Store, selection: Selection, label: str) -> FunnelLine | None:
    found = _moments(store, selection, label.partition(" ")[2])
    moment = next((one for one in found if one.label == label), None)
    if moment is None or selection.level is None:
        return None
    high_enough = series.at_least(selection.level)
    years = {one: _year(store, selection, moment, one) for one in moment.rows}
    whole = [(_reached(year.levels, high_enough), year.n) for year in years.values() if year.levels]
    named = [
        (name, *_class([years[one] for one in own], name, high_enough))
        for name, own in moment.classes.items()
        if all(name in years[one].by_group for one in own)
    ]
    named.sort(key=lambda one: (one[2], one[0]))
    n_all = sum(n for _reached_, n in whole)
    if not n_all or not named:
        return None
    target = sum(reached for reached, _n in whole) / n_all
    around = proportions.funnel(named, target=target)
    groups = tuple(_funnel_group(point, around.enough_groups) for point in around.points)
    return FunnelLine(
        moment.label, moment.on, selection.level, n_all, _percent(target), groups, around.enough_groups
    )


_funnels = PerImport(_funnel_of, most=24, about=series.subject_of)


def _class(years: Sequence[_Year], name: str, high_enough: frozenset[str]) -> tuple[int, int]:
    own = [year.by_group[name] for year in years]
    return sum(_reached(counts, high_enough) for counts in own), sum(sum(counts.values()) for counts in own)


def _reached(counts: Mapping[str, int], high_enough: frozenset[str]) -> int:
    return sum(n for level, n in counts.items() if level in high_enough)


def _funnel_group(point: proportions.FunnelPoint, enough: bool) -> FunnelGroup:
    own = proportions.share(point.numerator, point.denominator)
    limits = (
        (point.exact_ll95, point.exact_ul95, point.exact_ll998, point.exact_ul998)
        if enough
        else (own.wilson_lo, own.wilson_hi, own.wilson_lo, own.wilson_hi)
    )
    return FunnelGroup(
        point.group, point.denominator, point.numerator, *(_percent(one or 0.0) for one in limits)
    )


def _percent(share: float) -> float:
    return 100 * share
