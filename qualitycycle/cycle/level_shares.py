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
from qualitycycle.cycle import gate, series
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
    batch: str | None = None

    @property
    def n(self) -> int:
        return sum(self.levels.values())


@dataclass(frozen=True)
class _Moment:
    label: str
    on: date
    years: Mapping[str | None, _Year]
    shown: frozenset[Cell]
    classes: frozenset[str]


def _moments_of(store: Store, selection: Selection) -> tuple[_Moment, ...]:
    """Every moment of a test, over all year groups, with the cells and groups that may be shown."""
    batches, counts = _read(store, selection)
    keys = dict.fromkeys((row["school_year"], row["moment"]) for row in batches)
    found = []
    for key in keys:
        own = [row for row in batches if (row["school_year"], row["moment"]) == key]
        levels = [row for row in counts if (row["school_year"], row["moment"]) == key]
        found.append(_moment(store, selection, key, own, levels))
    return tuple(sorted(found, key=lambda one: (one.on, one.label)))


_kept = PerImport(_moments_of, most=24)


def _moments(store: Store, selection: Selection) -> tuple[_Moment, ...]:
    return _kept(store, replace(selection, year_group=None, level=None))


def _read(store: Store, selection: Selection) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    told = {name: one for name, one in series.parameters(selection).items() if name != "year_group"}
    batches = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, o.batch_id, b.state, b.data_version,
               max(o.measured_on) AS measured_on, count(*) AS n, count(DISTINCT o.pupil) AS n_pupils,
               bit_xor(hash(o.pupil, o.group_name)) AS who
        {series.OF_TEST} AND o.status = 'value'
        GROUP BY ALL
        ORDER BY b.data_version, o.batch_id
        """,
        **told,
    )
    counts = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, o.batch_id, o.group_name, o.level_name, count(*) AS n
        {series.OF_TEST} AND o.status = 'value'
        GROUP BY ALL
        ORDER BY ALL
        """,
        **told,
    )
    return batches, counts


def _moment(
    store: Store,
    selection: Selection,
    key: tuple[str, str | None],
    batches: Sequence[dict[str, Any]],
    counts: Sequence[dict[str, Any]],
) -> _Moment:
    years: dict[str | None, _Year] = {}
    sizes: dict[str, Counter[Cell]] = {}
    for year_group in dict.fromkeys(row["year_group"] for row in batches):
        own = [row for row in batches if row["year_group"] == year_group]
        levels = [row for row in counts if row["year_group"] == year_group]
        years[year_group] = _year(store, replace(selection, year_group=year_group), key, own, levels)
        first = own[0]["batch_id"]
        for row in levels:
            if row["batch_id"] == first:
                cell = (year_group, row["group_name"])
                sizes.setdefault(first, Counter())[cell] += row["n"]
    shown: set[Cell] = set()
    classes: set[str] = set()
    for cells in sizes.values():
        own_cells, own_classes = _let_out(cells)
        shown |= {cell for cell in own_cells if cell[1] in years[cell[0]].by_group}
        classes |= {
            name for name in own_classes if all(name in years[y].by_group for y, g in cells if g == name)
        }
    # A group of which the year groups came in apart was never whole in one plan.
    classes -= {name for name in classes if sum(name in _names(cells) for cells in sizes.values()) > 1}
    days = [row["measured_on"] for row in batches if row["measured_on"]]
    return _Moment(
        series.label_of(*key),
        series.day_of(*key, max(days, default=None)),
        years,
        frozenset(shown),
        frozenset(classes),
    )


def _names(cells: Mapping[Cell, int]) -> set[str | None]:
    return {group for _year_group, group in cells}


def _year(
    store: Store,
    selection: Selection,
    key: tuple[str, str | None],
    batches: Sequence[dict[str, Any]],
    counts: Sequence[dict[str, Any]],
) -> _Year:
    current = [row for row in batches if row["state"] == "current"]
    if len(batches) == 1 and batches[0]["n"] == batches[0]["n_pupils"]:
        enough = current and disclosure.may_show_distribution(batches[0]["n"])
        return _year_of(counts) if enough else _Year({})
    results = series.after_imports(store, selection, key)
    levels = Counter(result.level for result in results.values() if result.level)
    once = all(row["n"] == row["n_pupils"] for row in batches)
    same = once and len(current) == 1 and len({(row["who"], row["n"]) for row in batches}) == 1
    if same and len(results) == current[0]["n"]:
        return _year_of([row for row in counts if row["batch_id"] == current[0]["batch_id"]])
    # Which of these pupils were in which group at an earlier import would follow.
    return _Year(levels)


def _year_of(counts: Sequence[dict[str, Any]]) -> _Year:
    levels: Counter[str] = Counter()
    by_group: dict[str | None, Counter[str]] = {}
    for row in counts:
        levels[row["level_name"]] += row["n"]
        by_group.setdefault(row["group_name"], Counter())[row["level_name"]] += row["n"]
    return _Year(levels, by_group)


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
    found = []
    for moment in _moments(store, selection):
        year = moment.years.get(selection.year_group)
        if year is not None and moment_of_year in (None, moment.label.partition(" ")[2]):
            found.append((moment, year))
    there = {level for _moment_, year in found for level in year.levels}
    order = tuple(level for level in series.order_of(there) if level in there)
    rows = tuple(row for moment, year in found for row in _rows(moment, year, selection.year_group, order))
    return Levels(order, rows) if any(row.counts for row in rows) else None


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
        if (year_group, name) in moment.shown:
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
    moment = next((one for one in _moments(store, selection) if one.label == label), None)
    if moment is None or selection.level is None:
        return None
    high_enough = series.at_least(selection.level)
    whole = [(_reached(year.levels, high_enough), year.n) for year in moment.years.values() if year.levels]
    named = [(name, *_class(moment, name, high_enough)) for name in moment.classes]
    named.sort(key=lambda one: (one[2], one[0]))
    n_all = sum(n for _reached_, n in whole)
    if not n_all or not named:
        return None
    target = sum(reached for reached, _n in whole) / n_all
    found = proportions.funnel(named, target=target)
    groups = tuple(_funnel_group(point, found.enough_groups) for point in found.points)
    return FunnelLine(
        moment.label, moment.on, selection.level, n_all, _percent(target), groups, found.enough_groups
    )


def _class(moment: _Moment, name: str, high_enough: frozenset[str]) -> tuple[int, int]:
    own = [year.by_group[name] for year in moment.years.values() if name in year.by_group]
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
