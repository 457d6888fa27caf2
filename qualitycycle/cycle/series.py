"""Study: imported outcomes as series over moments, through the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from qualitycycle.analysis import disclosure, proportions, summary
from qualitycycle.cycle import calendar, gate, import_states, level_gate, level_rows, other_names
from qualitycycle.cycle.access import Right, require, year_groups_seen
from qualitycycle.errors import NotAllowed
from qualitycycle.model import Actor, Goal, Indicator
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerBatch, PerImport

# When a moment without a date falls, as month and day: autumn, January, May; the doorstroomtoets in February.
MOMENT_DAYS = {"B": (10, 31), "M": (1, 31), "E": (5, 31), "DT": (2, 15)}
# From high to low. A level 'at least B' counts A and B.
LEVEL_ORDERS = (
    ("A", "B", "C", "D", "E"),
    ("I+", "I", "II", "III", "IV", "V"),
    ("3F", "1S/2F", "2F", "1S", "1F", "<1F"),
    # The functioning level: the moment at which the average pupil has this score.
    tuple(f"{moment}{group}" for group in range(8, 2, -1) for moment in "EMB"),
)


# The scale of the figures that are published about a whole school, at the end of its last year.
PUBLISHED = "reference"


class Measure(StrEnum):
    """What a point of a series is: a mean of scores, a share of pupils, or a figure that was imported as it is."""

    MEAN = "mean"
    SHARE = "share"
    GIVEN = "given"


@dataclass(frozen=True)
class Selection:
    """Exactly one line of outcomes: never across scales, makers or editions.

    `level` is the level that pupils must at least have (pupil rows), or that the imported share is about.
    """

    subject: str
    score_kind: str
    pupils: bool
    test_maker: str | None = None
    test: str | None = None
    edition: str | None = None
    scale: str | None = None
    year_group: str | None = None
    level: str | None = None

    @property
    def measure(self) -> Measure:
        if not self.pupils:
            return Measure.GIVEN
        return Measure.SHARE if self.score_kind == "level" else Measure.MEAN

    @property
    def about_school(self) -> bool:
        """Whether the line is about the school as a whole: no year group, or what the Inspectie publishes of it."""
        return self.year_group is None or (not self.pupils and self.scale == PUBLISHED)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Point:
    """One value at one moment. `value` None: hidden or not published, `reason` says which.

    `low` and `high` are a 95% interval, None where none can be given honestly.
    """

    on: date
    label: str
    value: float | None
    n: int | None
    low: float | None = None
    high: float | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Series:
    """A selection with its points, and what the publisher of the figures sets beside them."""

    selection: Selection
    points: tuple[Point, ...]
    references: tuple[tuple[str, float], ...] = ()
    data_version: int = 0

    @property
    def n_moments(self) -> int:
        return len(self.points)


# --- what there is ---------------------------------------------------------------------------------------


def selections(store: Store, actor: Actor) -> list[Selection]:
    """Every line of outcomes that the actor may see, in a fixed order."""
    require(actor, Right.SEE_OUTCOMES)
    seen = year_groups_seen(store, actor)
    return [one for one in _all_lines(store) if may_see(one, seen)]


def _lines_of(store: Store) -> tuple[Selection, ...]:
    current = {row["batch_id"] for row in store.rows("SELECT batch_id FROM batch WHERE state = 'current'")}
    told = (lines for batch_id, lines in _lines_by_batch(store).items() if batch_id in current)
    found = {line for lines in told for line in lines}
    return tuple(sorted(found | _published_lines(store), key=_in_order))


def _published_lines(store: Store) -> set[Selection]:
    """Shares over three years that were published, also where every single year is hidden."""
    rows = store.rows(
        """
        SELECT DISTINCT r.subject, r.label AS level
        FROM reference_value r
        JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND starts_with(r.name, 'published_')
        """
    )
    return {
        Selection(
            row["subject"],
            "percentage",
            pupils=False,
            test=row["level"],
            scale=PUBLISHED,
            year_group="8",
            level=row["level"],
        )
        for row in rows
    }


def _in_order(line: Selection) -> list[tuple[bool, Any]]:
    """By every field in turn, what says nothing last."""
    return [(told is None, told) for told in (getattr(line, name.name) for name in fields(line))]


def _lines_in(store: Store, batch_ids: list[str]) -> Mapping[str, tuple[Selection, ...]]:
    rows = store.rows(
        """
        WITH told AS (
          SELECT
            o.batch_id,
            o.subject, o.score_kind, o.pupil IS NOT NULL AS pupils, o.test_maker, o.test, o.edition, o.scale,
            o.year_group, CASE WHEN o.pupil IS NULL THEN o.level_name END AS level,
            bool_or(o.value IS NULL AND o.level_name IS NOT NULL) AS levels_alone,
            bool_or(o.value IS NOT NULL AND o.level_name IS NOT NULL) AS levels_beside,
            bool_or(o.level_name IS NULL) AS without_levels
          FROM outcome o
          WHERE o.batch_id IN (SELECT unnest($ids::VARCHAR[])) AND o.status = 'value'
          GROUP BY ALL
        )
        SELECT DISTINCT
          batch_id,
          subject,
          unnest(
            CASE WHEN NOT pupils THEN [score_kind]
            ELSE
              CASE WHEN without_levels OR levels_beside THEN [score_kind] ELSE [] END
              || CASE WHEN levels_alone OR levels_beside THEN ['level'] ELSE [] END
            END
          ) AS score_kind,
          pupils, test_maker, test, edition, scale, year_group, level
        FROM told
        """,
        ids=batch_ids,
    )
    found: dict[str, list[Selection]] = {one: [] for one in batch_ids}
    for row in rows:
        found[row.pop("batch_id")].append(Selection(**row))
    return {batch_id: tuple(lines) for batch_id, lines in found.items()}


_lines_by_batch = PerBatch(_lines_in)
_all_lines = PerImport(_lines_of)


def subject_of(selection: Selection, *_more: object) -> str:
    """What an answer about a line rests on: rows and published figures of its subject alone."""
    return selection.subject


def may_see(selection: Selection, year_groups: frozenset[str] | None) -> bool:
    return year_groups is None or selection.about_school or selection.year_group in year_groups


def year_groups(store: Store, actor: Actor) -> list[str]:
    """The year groups that occur in the outcomes."""
    require(actor, Right.SEE_OUTCOMES)
    return list(all_year_groups(store))


def _year_groups_of(store: Store) -> tuple[str, ...]:
    rows = store.rows("SELECT DISTINCT year_group FROM outcome WHERE year_group IS NOT NULL ORDER BY ALL")
    return tuple(row["year_group"] for row in rows)


all_year_groups = PerImport(_year_groups_of)


def levels_of(store: Store, selection: Selection) -> list[str]:
    """The levels of a line of pupil rows, from high to low: those of moments that may be shown, else all there are."""
    return list(_levels(store, replace(selection, level=None)))


def _levels_of(store: Store, selection: Selection) -> tuple[str, ...]:
    rows = store.rows(
        f"SELECT DISTINCT o.level_name AS level {_FROM} AND o.level_name IS NOT NULL",
        **parameters(selection),
    )
    order = order_of({row["level"] for row in rows})
    shown = {level for moment in _shown(store, selection) for _value, level, _n in moment.tally}
    # That somebody has a level is hidden with the moment.
    return tuple(level for level in order if level in shown) or order


_levels = PerImport(_levels_of, about=subject_of)


def order_of(levels: set[str]) -> tuple[str, ...]:
    return next((order for order in LEVEL_ORDERS if levels & set(order)), tuple(sorted(levels)))


# --- points ----------------------------------------------------------------------------------------------

# Constant text: the parameters carry the values.
OF_TEST = """
FROM outcome o
JOIN batch b USING (batch_id)
WHERE o.subject = $subject
  AND CASE
    WHEN o.pupil IS NOT NULL AND $score_kind = 'level' THEN o.level_name IS NOT NULL
    ELSE o.score_kind = $score_kind
  END
  AND (o.pupil IS NOT NULL) = $pupils
  AND o.test_maker IS NOT DISTINCT FROM $test_maker
  AND o.test IS NOT DISTINCT FROM $test
  AND o.edition IS NOT DISTINCT FROM $edition
  AND o.scale IS NOT DISTINCT FROM $scale
"""
OF_LINE = f"{OF_TEST} AND o.year_group IS NOT DISTINCT FROM $year_group"
_FROM = f"{OF_LINE} AND b.state = 'current'"


def series(store: Store, actor: Actor, selection: Selection) -> Series:
    """The points of a selection, one per school year and moment, through the gate.

    Raises `NotAllowed` for a year group that is not the actor's to see.
    """
    require(actor, Right.SEE_OUTCOMES)
    if not may_see(selection, year_groups_seen(store, actor)):
        raise NotAllowed(str(actor.role), str(Right.SEE_OUTCOMES))
    return whole(store, selection)


def line_of(store: Store, actor: Actor, indicator: Indicator) -> Series | None:
    """The imported line that feeds an indicator: part of its goal, for everybody who sees the goal.

    None where nothing feeds it, or another picture than a line.
    """
    require(actor, Right.SEE_THREAD)
    line = bool(indicator.series) and "kind" not in indicator.series
    return whole(store, selection_from(indicator.series)) if line else None


def whole(store: Store, selection: Selection) -> Series:
    """The points of a selection, through the gate, whoever asks."""
    version = store.data_version
    points, references = _answers(store, selection)
    return Series(selection, tuple(_held_back(store, selection, points)), references, version)


def _held_back(store: Store, selection: Selection, points: Iterable[Point]) -> Iterator[Point]:
    """Without the reference levels that would tell about a few pupils beside what was there before."""
    let_out = level_gate.let_out(store)
    for point in points:
        year = point.label[:9]
        if selection.pupils and year_held(store, selection, point.label, point.n):
            yield Point(point.on, point.label, None, None, reason="beside_given")
        elif not selection.pupils and (year, selection.subject, point.n) in let_out.held_given:
            yield Point(point.on, point.label, None, None, reason="beside_own")
        else:
            yield point


def year_held(store: Store, selection: Selection, label: str, n: int | None) -> bool:
    """Whether levels of so many pupils are hidden because a figure of others about the year was there before."""
    if selection.year_group != level_rows.YEAR_GROUP or selection.score_kind != "level":
        return False
    year, _, moment = label.partition(" ")
    place = (year, level_rows.SAME.get(selection.subject, selection.subject))
    n_shown = level_gate.let_out(store).n_shown
    return moment == level_rows.MOMENT and place in n_shown and n_shown[place] != n


def _answer(store: Store, selection: Selection) -> tuple[tuple[Point, ...], tuple[tuple[str, float], ...]]:
    points = _pupil_points(store, selection) if selection.pupils else _given_points(store, selection)
    # Moments without a date come out of the table by their letter, and E goes before M there.
    in_time = sorted(points, key=lambda point: point.on)
    return tuple(in_time), tuple(_references(store, selection))


_answers = PerImport(_answer, about=subject_of)


def parameters(selection: Selection) -> dict[str, Any]:
    return {name: value for name, value in asdict(selection).items() if name != "level"}


# --- figures of others -----------------------------------------------------------------------------------


def _given_points(store: Store, selection: Selection) -> Iterator[Point]:
    rows = store.rows(
        f"SELECT o.school_year, o.moment, o.measured_on, o.group_name, o.value, o.status, o.n_pupils {_FROM}"  # noqa: S608
        " AND (o.level_name IS NOT DISTINCT FROM $level OR o.status <> 'value')"
        " ORDER BY o.school_year, o.moment, o.measured_on, o.group_name",
        level=selection.level,
        **parameters(selection),
    )
    pupils = _pupils_shown(store, selection)
    for moment in dict.fromkeys(label_of(row["school_year"], row["moment"]) for row in rows):
        own = [row for row in rows if label_of(row["school_year"], row["moment"]) == moment]
        shown = _given_shown(own, pupils.get(moment, set()))
        yield from (_given_point(row, place in shown) for place, row in enumerate(own))


def _given_point(row: dict[str, Any], shown: bool) -> Point:
    reason = None if shown else "too_few" if row["status"] == "value" else str(row["status"])
    return Point(
        on=day_of(row["school_year"], row["moment"], row["measured_on"]),
        label=label_of(row["school_year"], row["moment"]),
        value=row["value"] if shown else None,
        n=row["n_pupils"] if shown else None,
        reason=reason,
    )


def _pupils_shown(store: Store, selection: Selection) -> dict[str, set[int]]:
    """Per moment the numbers of pupils of whom the same test was read in one by one, as they are shown."""
    rows = store.rows(
        """
        SELECT DISTINCT o.subject, o.score_kind, o.test_maker, o.test, o.edition, o.scale, o.year_group
        FROM outcome o
        JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND o.pupil IS NOT NULL AND o.subject = $subject
          AND o.test_maker IS NOT DISTINCT FROM $test_maker
          AND o.test IS NOT DISTINCT FROM $test
          AND o.year_group IS NOT DISTINCT FROM $year_group
        """,
        subject=selection.subject,
        test_maker=selection.test_maker,
        test=selection.test,
        year_group=selection.year_group,
    )
    found: dict[str, set[int]] = {}
    for row in rows:
        for moment in _shown(store, Selection(**row, pupils=True)):
            if moment.n:
                found.setdefault(label_of(moment.school_year, moment.moment), set()).add(moment.n)
    return found


def _given_shown(rows: Sequence[dict[str, Any]], pupils: set[int]) -> set[int]:
    """The places of the figures of one moment that may be shown, a total and its groups together."""
    told = {place: row for place, row in enumerate(rows) if row["status"] == "value"}
    # Who publishes a figure without its number has seen to it that it is about enough.
    free = {place for place, row in told.items() if row["n_pupils"] is None}
    counted = {str(place): row for place, row in told.items() if place not in free}
    parts = {place: int(row["n_pupils"]) for place, row in counted.items() if row["group_name"]}
    wholes = {place: int(row["n_pupils"]) for place, row in counted.items() if not row["group_name"]}
    cells, groups = _nested(parts, wholes | {f"pupils {n}": n for n in pupils})
    already = [group for group in groups if group.name not in counted]
    plan = [group for group in groups if group.name in counted]
    return free | {int(group.name) for group in gate.let_out(cells, plan, already=already)}


def _nested(
    parts: Mapping[str, int], wholes: Mapping[str, int]
) -> tuple[dict[str, int], list[disclosure.Group]]:
    """Parts beside each other, inside the smallest whole they fit in, that one inside the next; who is left: a cell."""
    cells, inside, known = dict(parts), frozenset(parts), sum(parts.values())
    groups = [disclosure.Group(name, frozenset({name})) for name in parts]
    for name, n in sorted(wholes.items(), key=lambda whole: whole[1]):
        own = frozenset({name})
        if n >= known:
            cells |= {name: n - known} if n > known else {}
            inside, known = inside | own if n > known else inside, n
            own = inside
        else:
            cells[name] = n
        groups.insert(0, disclosure.Group(name, own))
    return cells, groups


# --- pupils ----------------------------------------------------------------------------------------------


class Result(NamedTuple):
    """What one pupil has at one moment."""

    value: float | None
    level: str | None
    measured_on: date | None


# A value, a level, and how many pupils have both.
_Tallied = tuple[float | None, str | None, int]


@dataclass(frozen=True)
class _Moment:
    """What may be shown of one moment: how many pupils have which value or level, each pupil once; else nothing."""

    school_year: str
    moment: str | None
    measured_on: date | None = None
    tally: tuple[_Tallied, ...] = ()

    @property
    def n(self) -> int:
        return sum(n for _value, _level, n in self.tally)


def _floor(selection: Selection) -> int:
    # Every level can be asked for, and all of them side by side are a distribution.
    share = selection.measure is Measure.SHARE
    return disclosure.FLOOR_DISTRIBUTION if share else disclosure.FLOOR


def _pupil_points(store: Store, selection: Selection) -> Iterator[Point]:
    for moment in _shown(store, replace(selection, level=None)):
        label = label_of(moment.school_year, moment.moment)
        on = day_of(moment.school_year, moment.moment, moment.measured_on)
        if not moment.n:
            yield Point(on, label, None, None, reason="too_few")
        elif selection.measure is Measure.MEAN:
            yield _mean_point(on, label, moment)
        elif selection.level is None:
            yield Point(on, label, None, None, reason="no_level")
        else:
            yield _share_point(on, label, moment, selection.level)


def _moments(store: Store, selection: Selection) -> tuple[_Moment, ...]:
    """Per school year and moment the results that may be shown: each pupil once, and nothing where they are hidden."""
    rows = store.rows(
        f"""
        SELECT o.school_year, o.moment, max(o.measured_on) AS measured_on,
               count(*) FILTER (o.status = 'value') AS n,
               count(DISTINCT o.pupil) FILTER (o.status = 'value') AS n_pupils,
               count(DISTINCT o.batch_id) AS n_batches
        {OF_LINE}
        GROUP BY o.school_year, o.moment
        HAVING bool_or(b.state = 'current')
        ORDER BY o.school_year, max(o.measured_on), o.moment
        """,
        **parameters(selection),
    )
    tallies = _tallies(store, selection)
    return tuple(_moment(store, selection, row, tallies) for row in rows)


_shown = PerImport(_moments, about=subject_of)


def _tallies(store: Store, selection: Selection) -> dict[tuple[str, str | None], list[_Tallied]]:
    """How often each value and level occurs at each moment, over every import."""
    rows = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.value, o.level_name, count(*) AS n
        {OF_LINE} AND o.status = 'value'
        GROUP BY ALL
        ORDER BY ALL
        """,
        **parameters(selection),
    )
    found: dict[tuple[str, str | None], list[_Tallied]] = {}
    for row in rows:
        tally = found.setdefault((row["school_year"], row["moment"]), [])
        tally.append((row["value"], row["level_name"], row["n"]))
    return found


def _moment(
    store: Store,
    selection: Selection,
    row: dict[str, Any],
    tallies: Mapping[tuple[str, str | None], list[_Tallied]],
) -> _Moment:
    key = (str(row["school_year"]), row["moment"])
    if row["n_batches"] > 1 or row["n"] != row["n_pupils"] or elsewhere(store, selection, key):
        # More than one import knows this moment: what was published in between counts.
        return _tallied(key, after_imports(store, selection, key).values())
    if not gate.is_enough(row["n"], floor=_floor(selection)):
        return _Moment(*key)
    return _Moment(*key, row["measured_on"], tuple(tallies[key]))


def _tallied(key: tuple[str, str | None], results: Collection[Result]) -> _Moment:
    counted = Counter((one.value, one.level) for one in results)
    days = [one.measured_on for one in results if one.measured_on]
    return _Moment(*key, max(days, default=None), tuple((*what, n) for what, n in counted.items()))


def _after_imports(store: Store, selection: Selection, key: tuple[str, str | None]) -> Mapping[str, Result]:
    rows = store.rows(
        f"""
        SELECT o.batch_id, o.pupil, o.value, o.level_name, o.measured_on
        {OF_LINE}
          AND o.status = 'value' AND o.school_year = $school_year AND o.moment IS NOT DISTINCT FROM $moment
        ORDER BY o.measured_on NULLS FIRST, b.data_version, o.batch_id, o.line
        """,  # noqa: S608
        school_year=key[0],
        moment=key[1],
        **parameters(selection),
    )
    states = {
        # A pupil counts once, with the latest result.
        version: {
            row["pupil"]: Result(row["value"], row["level_name"], row["measured_on"])
            for row in rows
            if row["batch_id"] in counted
        }
        for version, counted in import_states.counted(store, {row["batch_id"] for row in rows}).items()
    }
    before = [
        (sum(version < one.version for version in states), one.told)
        for one in elsewhere(store, selection, key)
    ]
    told = _level_of if selection.measure is Measure.SHARE else _value_of
    found = list(states.values())
    return gate.latest(found, floor=_floor(selection), told=told, elsewhere=before) if found else {}


def elsewhere(
    store: Store, selection: Selection, key: tuple[str, str | None]
) -> tuple[other_names.Shown, ...]:
    """What was told of nearly the same results of a moment under other names."""
    levels = selection.measure is Measure.SHARE
    return other_names.elsewhere(store, OF_LINE, parameters(selection), key, levels=levels)


def _level_of(one: Result) -> Hashable:
    return one.level


def _value_of(one: Result) -> Hashable:
    return one.value


def after_imports(store: Store, selection: Selection, key: tuple[str, str | None]) -> Mapping[str, Result]:
    """The results of one moment that may be shown, by pupil, given every import that knew it."""
    return _by_pupil(store, replace(selection, level=None), key)


# Many pupils each: only the moments at hand.
_by_pupil = PerImport(_after_imports, most=12, about=subject_of)


def _share_point(on: date, label: str, moment: _Moment, wanted: str) -> Point:
    high_enough = at_least(wanted)
    n = moment.n
    reached = sum(times for _value, level, times in moment.tally if level in high_enough)
    share = proportions.share(reached, n)
    return _point(on, label, n, [_percent(one) for one in (reached / n, share.wilson_lo, share.wilson_hi)])


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _mean_point(on: date, label: str, moment: _Moment) -> Point:
    scores = (value for value, _level, times in moment.tally for _time in range(times))
    mean = summary.summarise(scores)
    return _point(on, label, mean.n, [mean.mean, mean.t_ci_low, mean.t_ci_high])


def _point(on: date, label: str, n: int, figures: Sequence[float | None]) -> Point:
    value, low, high = (gate.rounded(figure, n) for figure in figures)
    return Point(on, label, value, n, low, high)


def at_least(level: str | None) -> frozenset[str]:
    """The levels that are as high as `level` or higher, within its own system."""
    order = next((order for order in LEVEL_ORDERS if level in order), ())
    return frozenset(order[: order.index(level) + 1]) if level in order else frozenset()


def _references(store: Store, selection: Selection) -> Iterable[tuple[str, float]]:
    if selection.pupils:
        return []
    rows = store.rows(
        """
        SELECT r.name, arg_max(r.value, r.school_year) AS value
        FROM reference_value r
        JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.subject = $subject AND r.label = coalesce($level, '') AND r.value IS NOT NULL
          AND r.name IN ('threshold', 'national', 'similar')
        GROUP BY r.name
        ORDER BY r.name
        """,
        subject=selection.subject,
        level=selection.level,
    )
    return [(row["name"], float(row["value"])) for row in rows]


def day_of(school_year: str, moment: str | None, measured_on: date | None) -> date:
    if measured_on is not None:
        return measured_on
    first, last = calendar.year_bounds(school_year)
    if moment not in MOMENT_DAYS:
        return last
    month, day = MOMENT_DAYS[moment]
    return date(first.year if month >= 8 else last.year, month, day)


def label_of(school_year: str, moment: str | None) -> str:
    return f"{school_year} {moment}" if moment else school_year


# --- indicators ------------------------------------------------------------------------------------------


def indicators_of(store: Store, goals: Iterable[Goal]) -> dict[str, list[Indicator]]:
    """The indicators of goals, by goal id."""
    by_goal: dict[str, list[Indicator]] = {goal.goal_id: [] for goal in goals}
    with store.cursor() as con:
        for indicator in records.find(con, Indicator):
            if indicator.goal_id in by_goal:
                by_goal[indicator.goal_id].append(indicator)
    return by_goal


def selection_from(data: Mapping[str, Any]) -> Selection:
    return Selection(**data)
