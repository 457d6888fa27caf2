"""Study: what the line of an indicator may say, and the start periods and new starts that people decide on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from qualitycycle import config
from qualitycycle.analysis import spc
from qualitycycle.cycle import indicators, plan
from qualitycycle.cycle.series import Point
from qualitycycle.errors import Incomplete
from qualitycycle.model import Actor, Baseline, BaselineKind, Indicator
from qualitycycle.store.connect import Store
from qualitycycle.store.records import new_id


@dataclass(frozen=True)
class Decision:
    """A frozen start period or a new start, with who decided it and when. `person_id` None: before sign-in."""

    baseline: Baseline
    person_id: str | None
    made_on: date


@dataclass(frozen=True)
class Stretch:
    """A part of a line between two new starts. A row without a point is a missed moment."""

    rows: tuple[Point | None, ...]
    reading: spc.ChartReading
    first_on: date | None = None
    frozen_on: date | None = None

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(row for row in self.rows if row is not None)


@dataclass(frozen=True)
class LineReading:
    """The line of an indicator: its parts in time, of which the last one is judged, and the decisions about it."""

    indicator: Indicator
    stretches: tuple[Stretch, ...]
    baselines: tuple[Baseline, ...] = ()

    @property
    def last(self) -> Stretch:
        return self.stretches[-1]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(point for stretch in self.stretches for point in stretch.points)


# --- reading a line --------------------------------------------------------------------------------------


def line_of(store: Store, actor: Actor, indicator: Indicator) -> LineReading:
    """An indicator's values and what they may say by now."""
    points = indicators.points_of(store, actor, indicator)
    return read(indicator, points, plan.find(store, actor, Baseline, indicator_id=indicator.indicator_id))


def read(indicator: Indicator, points: Sequence[Point], baselines: Sequence[Baseline] = ()) -> LineReading:
    """Cut a line at its new starts and read every part by its own number of points."""
    baselines = sorted(baselines, key=lambda one: (one.applies_on, one.baseline_id))
    starts = sorted({one.applies_on for one in baselines if one.kind is BaselineKind.REBASE})
    freezes = [one.applies_on for one in baselines if one.kind is BaselineKind.FREEZE]
    rows = _with_gaps(points)
    bounds = [date.min, *starts, date.max]
    stretches = []
    for first, after in pairwise(bounds):
        own = tuple(row for day, row in rows if first <= day < after)
        frozen = [day for day in freezes if first <= day < after]
        stretches.append(_stretch(indicator, own, first if first in starts else None, frozen))
    return LineReading(indicator, tuple(stretches), tuple(baselines))


def _with_gaps(points: Sequence[Point]) -> list[tuple[date, Point | None]]:
    """Every point with its day, and before it a row without a point where a moment was missed."""
    rows: list[tuple[date, Point | None]] = []
    for point, missed in zip(points, spc.missed_before([one.on for one in points]), strict=True):
        if missed:
            rows.append((point.on, None))
        rows.append((point.on, point))
    return rows


def _stretch(
    indicator: Indicator, rows: tuple[Point | None, ...], first_on: date | None, freezes: list[date]
) -> Stretch:
    # A start period that ends before the first point of its part has nothing to rest on.
    frozen = [(day, n) for day in freezes if (n := _n_rows_until(rows, day))]
    frozen_on, freeze = frozen[-1] if frozen else (None, None)
    reading = spc.read_chart(
        [row.value if row else None for row in rows],
        freeze=freeze,
        target=indicator.target,
        direction=spc.Direction(indicator.direction),
        ordinal=bool(indicator.levels),
    )
    return Stretch(rows, reading, first_on, frozen_on)


def _n_rows_until(rows: Sequence[Point | None], day: date) -> int:
    return max((place for place, row in enumerate(rows, start=1) if row and row.on <= day), default=0)


# --- deciding --------------------------------------------------------------------------------------------


def decide(
    store: Store, actor: Actor, indicator: Indicator, kind: BaselineKind, applies_on: date, reason: str
) -> Baseline:
    """Freeze the start period up to a day, or start counting again from a day. Nothing does this by itself.

    Raises `Incomplete` without a reason, for a day in the future, for a start period of too few values or in
    a part that has one, and for a new start before the first value.
    """
    new = Baseline(
        baseline_id=new_id(),
        indicator_id=indicator.indicator_id,
        kind=kind,
        applies_on=applies_on,
        reason=reason.strip(),
    )
    if applies_on is not None and applies_on <= config.today() and new.reason:
        _check_points(line_of(store, actor, indicator), new)
    return plan.record(store, actor, new)


def _check_points(line: LineReading, new: Baseline) -> None:
    own = next(one for one in reversed(line.stretches) if (one.first_on or date.min) <= new.applies_on)
    if new.kind is BaselineKind.REBASE:
        if not any(point.on < new.applies_on for point in line.points):
            raise Incomplete("baseline", "applies_on", "nothing_before")
    elif own.frozen_on:
        raise Incomplete("baseline", "applies_on", "frozen_already")
    elif sum(one.on <= new.applies_on and one.value is not None for one in own.points) < spc.N_TO_FREEZE:
        raise Incomplete("baseline", "applies_on", "too_few_points", str(spc.N_TO_FREEZE))


def decisions(store: Store, actor: Actor, indicator: Indicator) -> list[Decision]:
    """Every decision about an indicator's line, also those taken back, in time."""
    found = plan.find(store, actor, Baseline, archived=True, indicator_id=indicator.indicator_id)
    made = _made(store, [one.baseline_id for one in found])
    return sorted(
        (Decision(one, *made[one.baseline_id]) for one in found if one.baseline_id in made),
        key=lambda decision: (decision.baseline.applies_on, decision.baseline.baseline_id),
    )


def _made(store: Store, ids: list[str]) -> dict[str, tuple[str | None, date]]:
    # An empty list has no type of its own in a query.
    rows = store.rows(
        """
        SELECT noun_id, person_id, changed_at
        FROM audit
        WHERE noun = 'baseline' AND before IS NULL AND list_contains($ids::VARCHAR[], noun_id)
        """,
        ids=ids,
    )
    return {row["noun_id"]: (row["person_id"], config.local_time(row["changed_at"]).date()) for row in rows}


def take_back(store: Store, actor: Actor, baseline_id: str) -> Baseline:
    """Undo a decision; it stays in the list as taken back."""
    return plan.archive(store, actor, Baseline, baseline_id)


def bring_back(store: Store, actor: Actor, baseline_id: str) -> Baseline:
    """Let a decision that was taken back count again."""
    return plan.restore(store, actor, Baseline, baseline_id)
