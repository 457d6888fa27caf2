"""Study: imported outcomes as series over moments, and the values of an indicator, all through the gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.analysis import disclosure, proportions, summary
from qualitycycle.cycle import calendar
from qualitycycle.cycle.access import Right, require
from qualitycycle.model import Actor, Goal, Indicator, Measurement
from qualitycycle.store import records
from qualitycycle.store.connect import Store

# When a moment without a date falls, as month and day: autumn, January, May; the doorstroomtoets in February.
MOMENT_DAYS = {"B": (10, 31), "M": (1, 31), "E": (5, 31), "DT": (2, 15)}
# From high to low. A level 'at least B' counts A and B.
LEVEL_ORDERS = (
    ("A", "B", "C", "D", "E"),
    ("I+", "I", "II", "III", "IV", "V"),
    ("1S/2F", "2F", "1S", "1F", "<1F"),
)


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
    """Every line of outcomes in the store, in a fixed order."""
    require(actor, Right.SEE_OUTCOMES)
    rows = store.rows(
        """
        WITH line AS (
          SELECT o.*, unnest(
            CASE
              WHEN o.pupil IS NULL OR o.level_name IS NULL THEN [o.score_kind]
              WHEN o.value IS NULL THEN ['level']
              ELSE [o.score_kind, 'level']
            END
          ) AS kind
          FROM outcome o
          JOIN batch b USING (batch_id)
          WHERE b.state = 'current' AND o.status = 'value'
        )
        SELECT
          subject, kind AS score_kind, pupil IS NOT NULL AS pupils, test_maker, test, edition, scale,
          year_group, CASE WHEN pupil IS NULL THEN level_name END AS level
        FROM line
        GROUP BY ALL
        ORDER BY ALL
        """
    )
    return [Selection(**row) for row in rows]


def levels_of(store: Store, selection: Selection) -> list[str]:
    """The levels that occur in a line of pupil rows, from high to low."""
    rows = store.rows(
        f"SELECT DISTINCT o.level_name AS level {_FROM} AND o.level_name IS NOT NULL",
        **_parameters(selection),
    )
    found = {row["level"] for row in rows}
    order = next((order for order in LEVEL_ORDERS if found & set(order)), tuple(sorted(found)))
    return [level for level in order if level in found]


# --- points ----------------------------------------------------------------------------------------------

# Constant text: the parameters carry the values.
_FROM = """
FROM outcome o
JOIN batch b USING (batch_id)
WHERE b.state = 'current'
  AND o.subject = $subject
  AND CASE
    WHEN o.pupil IS NOT NULL AND $score_kind = 'level' THEN o.level_name IS NOT NULL
    ELSE o.score_kind = $score_kind
  END
  AND (o.pupil IS NOT NULL) = $pupils
  AND o.test_maker IS NOT DISTINCT FROM $test_maker
  AND o.test IS NOT DISTINCT FROM $test
  AND o.edition IS NOT DISTINCT FROM $edition
  AND o.scale IS NOT DISTINCT FROM $scale
  AND o.year_group IS NOT DISTINCT FROM $year_group
"""


def series(store: Store, actor: Actor, selection: Selection, *, floor: int = disclosure.FLOOR) -> Series:
    """The points of a selection, one per school year and moment, through the gate."""
    require(actor, Right.SEE_OUTCOMES)
    version = store.version
    points = (
        _given_points(store, selection, floor)
        if not selection.pupils
        else _pupil_points(store, selection, floor)
    )
    return Series(selection, tuple(points), tuple(_references(store, selection)), version)


def _parameters(selection: Selection) -> dict[str, Any]:
    return {name: value for name, value in asdict(selection).items() if name != "level"}


def _given_points(store: Store, selection: Selection, floor: int) -> Iterable[Point]:
    rows = store.rows(
        f"SELECT o.school_year, o.moment, o.measured_on, o.value, o.status, o.n_pupils {_FROM}"  # noqa: S608
        " AND (o.level_name IS NOT DISTINCT FROM $level OR o.status <> 'value')"
        " ORDER BY o.school_year, o.moment, o.measured_on",
        level=selection.level,
        **_parameters(selection),
    )
    for row in rows:
        n = row["n_pupils"]
        safe = row["status"] == "value" and (n is None or n >= floor)
        yield Point(
            on=_day(row["school_year"], row["moment"], row["measured_on"]),
            label=_label(row["school_year"], row["moment"]),
            value=row["value"] if safe else None,
            n=n if safe else None,
            reason=None if safe else "too_few" if row["status"] == "value" else str(row["status"]),
        )


def _pupil_points(store: Store, selection: Selection, floor: int) -> Iterable[Point]:
    rows = store.rows(
        f"""
        SELECT o.school_year, o.moment, max(o.measured_on) AS measured_on,
               list(o.value ORDER BY o.value) FILTER (o.status = 'value') AS scores,
               list(o.level_name ORDER BY o.level_name) FILTER (o.status = 'value') AS levels,
               count(*) FILTER (o.status = 'value') AS n
        {_FROM}
        GROUP BY o.school_year, o.moment
        ORDER BY o.school_year, measured_on
        """,
        **_parameters(selection),
    )
    cells = {_label(row["school_year"], row["moment"]): int(row["n"]) for row in rows}
    verdicts = disclosure.decide(
        cells, [disclosure.Group(name, frozenset({name})) for name in cells], floor=floor
    )
    for row in rows:
        label = _label(row["school_year"], row["moment"])
        on = _day(row["school_year"], row["moment"], row["measured_on"])
        if verdicts[label].state is not disclosure.Shown.SHOWN:
            yield Point(on, label, None, None, reason="too_few")
        elif selection.measure is Measure.SHARE and selection.level is None:
            yield Point(on, label, None, None, reason="no_level")
        elif selection.measure is Measure.SHARE:
            yield _share_point(on, label, row["levels"], selection.level)
        else:
            yield _mean_point(on, label, row["scores"])


def _share_point(on: date, label: str, levels: list[str], wanted: str | None) -> Point:
    high_enough = at_least(wanted)
    n = len(levels)
    reached = sum(level in high_enough for level in levels)
    share = proportions.share(reached, n)
    low, high = share.wilson_lo, share.wilson_hi
    return Point(on, label, 100 * reached / n, n, _percent(low), _percent(high))


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def _mean_point(on: date, label: str, scores: list[float]) -> Point:
    mean = summary.summarise(scores)
    return Point(on, label, mean.mean, mean.n, mean.t_ci_low, mean.t_ci_high)


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
        GROUP BY r.name
        ORDER BY r.name
        """,
        subject=selection.subject,
        level=selection.level,
    )
    return [(row["name"], float(row["value"])) for row in rows]


def _day(school_year: str, moment: str | None, measured_on: date | None) -> date:
    if measured_on is not None:
        return measured_on
    first, last = calendar.year_bounds(school_year)
    if moment not in MOMENT_DAYS:
        return last
    month, day = MOMENT_DAYS[moment]
    return date(first.year if month >= 8 else last.year, month, day)


def _label(school_year: str, moment: str | None) -> str:
    return f"{school_year} {moment}" if moment else school_year


# --- indicators ------------------------------------------------------------------------------------------


def points_of(store: Store, actor: Actor, indicator: Indicator) -> list[Point]:
    """The values of an indicator in time: the imported series that feeds it and the values typed in."""
    require(actor, Right.SEE_THREAD)
    imported = list(series(store, actor, Selection(**indicator.series)).points) if indicator.series else []
    with store.cursor() as con:
        typed = records.find(
            con, Measurement, where="indicator_id = $id", order="measured_on, measurement_id", id=indicator.id
        )
    return sorted([*imported, *(_typed_point(one) for one in typed)], key=lambda point: point.on)


def _typed_point(one: Measurement) -> Point:
    # A typed figure about fewer people than the floor is a figure about them all the same.
    if one.n is not None and one.n < disclosure.FLOOR:
        return Point(one.measured_on, "", None, None, reason="too_few")
    return Point(one.measured_on, one.note, one.value, one.n)


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
