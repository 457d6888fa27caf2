"""Study: a picture of pupil outcomes as a question that can be kept, and its answer through the gate.

A `View` says what to look at and is JSON in and out: the address of the page, a piece of evidence, an indicator and the
data wall all hold the same one. `result` answers it. The shape of both is what those build on:

* `as_json(view)` and `view_from(data)` are each other's inverse; fields that say nothing are left out.
* `result(store, actor, view)` gives a `Result`: `figures` holds what that kind of view draws, None with a `reason`
  where nothing may be shown; `points` are its values in time, what an indicator can take over; `n` and `data_version`
  go with both. `result_as_json` keeps an answer as it was, `result_from` reads it back.
* What cannot be asked raises: `NotAllowed`, or `ViewRefused` with the reason, such as a gain over two scales;
  `comparing.fitting` says beforehand which kinds a line allows.

A new kind of view: one module with its figures and its verb, one line in `_ANSWERS`, one chart.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.cycle import cohorts, counts, gains, level_shares, reached_levels, series
from qualitycycle.cycle.access import Right, require, year_groups_seen
from qualitycycle.cycle.comparing import ViewKind, refuse_misfit, refuse_two_scales
from qualitycycle.cycle.counts import Counts
from qualitycycle.cycle.gains import CohortLine, Gain, Norm
from qualitycycle.cycle.level_shares import FunnelLine, Levels
from qualitycycle.cycle.reached_levels import ReachedLevels
from qualitycycle.cycle.series import Point, Selection, Series
from qualitycycle.cycle.share_change import ShareChange, share_change
from qualitycycle.errors import NotAllowed, ViewRefused
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store

__all__ = [
    "Figures",
    "Result",
    "View",
    "ViewKind",
    "as_json",
    "result",
    "result_as_json",
    "result_from",
    "view_from",
]


@dataclass(frozen=True)
class View:
    """A question about outcomes.

    `selection` is the line it is about. `before` is the line of the first of two moments, where that is another one
    (the year group below). `start` and `end` are moments as a point names them: "2024-2025 M"; the `end` of levels is
    the moment of every year, "M". The rest belongs to
    growth: the expected gain with the norm it comes from and the spread of gains in it, and, where these pupils were
    chosen because they scored low, the mean of all they were chosen from and the reliability of the test.
    """

    kind: ViewKind
    selection: Selection
    before: Selection | None = None
    start: str | None = None
    end: str | None = None
    expected: float | None = None
    norm: str | None = None
    norm_spread: float | None = None
    chosen_from: float | None = None
    reliability: float | None = None
    # What the school itself wants to reach over three years.
    ambition: float | None = None


Figures = Series | Levels | CohortLine | Gain | ShareChange | FunnelLine | Counts | ReachedLevels


@dataclass(frozen=True)
class Result:
    """The answer to a view. `figures` None: nothing may be shown, `reason` says why.

    `n` is the number of pupils of the last figure, None where it is hidden or was not published. `points` are the
    values of the view in time, empty where it has none to follow.
    """

    view: View
    data_version: int
    n: int | None = None
    figures: Figures | None = None
    points: tuple[Point, ...] = ()
    reason: str | None = None

    @property
    def last_on(self) -> date | None:
        """The day of the last figure that is shown; None where nothing is."""
        if isinstance(self.figures, Levels):
            return max((row.on for row in self.figures.rows if row.n is not None), default=None)
        if isinstance(self.figures, FunnelLine):
            return self.figures.on
        return max((point.on for point in self.points if point.value is not None), default=None)


def result(store: Store, actor: Actor, view: View) -> Result:
    """What a view shows, through the gate."""
    require(actor, Right.SEE_OUTCOMES)
    refuse_misfit(view.kind, view.selection)
    _refuse_unseen(store, actor, view.selection, view.before or view.selection)
    # Read before the figures: what comes in meanwhile makes them newer than they say, never older.
    version = store.data_version
    found = _ANSWERS[view.kind](store, actor, view)
    return replace(found, data_version=version)


def _refuse_unseen(store: Store, actor: Actor, *lines: Selection) -> None:
    seen = year_groups_seen(store, actor)
    if not all(series.may_see(one, seen) for one in lines):
        raise NotAllowed(str(actor.role), str(Right.SEE_OUTCOMES))


def _line(store: Store, actor: Actor, view: View) -> Result:
    found = series.series(store, actor, view.selection)
    return _over_time(view, found, found.points)


def _over_time(view: View, figures: Figures, points: tuple[Point, ...]) -> Result:
    shown = [point for point in points if point.value is not None]
    last = max(shown, key=lambda point: point.on, default=None)
    if last is None:
        return _hidden(view)
    return Result(view, 0, last.n, figures, points)


def _hidden(view: View) -> Result:
    return Result(view, 0, reason="too_few")


def _levels(store: Store, _actor: Actor, view: View) -> Result:
    found = level_shares.levels(store, replace(view.selection, level=None), view.end)
    if found is None:
        return _hidden(view)
    everybody = [row.n for row in found.rows if row.group is None and row.n is not None]
    return Result(view, 0, everybody[-1], found)


def _cohort(store: Store, actor: Actor, view: View) -> Result:
    start = _needed(view, view.start)
    found = gains.cohort_line(store, view.selection, start, year_groups_seen(store, actor))
    if found is None:
        return _hidden(view)
    points = tuple(
        Point(one.on, one.label, one.mean, one.n, one.low, one.high, one.reason) for one in found.points
    )
    return _over_time(view, found, points)


def _gain(store: Store, actor: Actor, view: View) -> Result:
    start, end = _needed(view, view.start), _needed(view, view.end)
    before = view.before or _a_year_group_lower(view.selection, start, end)
    _refuse_unseen(store, actor, before)
    refuse_two_scales(view.kind, before, view.selection)
    refuse_misfit(view.kind, before)
    norm = Norm(view.expected, view.norm, view.norm_spread, view.chosen_from, view.reliability)
    found = gains.gain(store, before, start, view.selection, end, norm)
    if found is None:
        return _hidden(view)
    point = Point(found.end_on, found.end, found.gain, found.n_pairs, found.low, found.high)
    return Result(view, 0, found.n_pairs, found, (point,))


def _a_year_group_lower(selection: Selection, start: str, end: str) -> Selection:
    """Where the pupils of the second moment were at the first."""
    last = cohorts.number(end, selection.year_group)
    first = start[:4]
    if last is None or not first.isdigit():
        raise ViewRefused(str(ViewKind.GAIN), "year_group_unknown")
    return replace(selection, year_group=str(int(first) - last))


def _change(store: Store, actor: Actor, view: View) -> Result:
    start, end = _needed(view, view.start), _needed(view, view.end)
    before = view.before or view.selection
    refuse_two_scales(view.kind, before, view.selection)
    lines = [series.series(store, actor, one) for one in (before, view.selection)]
    found = share_change(lines[0], start, lines[1], end)
    if found is None:
        return _hidden(view)
    point = Point(found.last.on, end, found.difference, found.last.n, found.low, found.high)
    return Result(view, 0, found.last.n, found, (point,))


def _funnel(store: Store, actor: Actor, view: View) -> Result:
    # All groups of the school are in it, so it is for who may see all of them.
    if year_groups_seen(store, actor) is not None:
        raise NotAllowed(str(actor.role), str(Right.SEE_OUTCOMES))
    if not series.at_least(view.selection.level):
        raise ViewRefused(str(view.kind), "no_order")
    found = level_shares.funnel(store, view.selection, _needed(view, view.end))
    return _hidden(view) if found is None else Result(view, 0, found.n_all, found)


def _counts(store: Store, actor: Actor, view: View) -> Result:
    found = counts.counts(store, actor, view.selection)
    if found is None:
        return _hidden(view)
    own = series.series(store, actor, view.selection).points
    n = next((row.n for row in reversed(found.rows) if row.count is not None), None)
    return Result(view, 0, n, found, own)


def _three_years(store: Store, _actor: Actor, view: View) -> Result:
    found = reached_levels.reached_levels(store, view.selection, view.ambition)
    if found is None:
        return _hidden(view)
    return Result(view, 0, found.n, found, reached_levels.moving(store, view.selection))


def _needed(view: View, moment: str | None) -> str:
    if not moment:
        raise ViewRefused(str(view.kind), "one_moment")
    return moment


_ANSWERS: Mapping[ViewKind, Callable[[Store, Actor, View], Result]] = {
    ViewKind.LINE: _line,
    ViewKind.LEVELS: _levels,
    ViewKind.COHORT: _cohort,
    ViewKind.GAIN: _gain,
    ViewKind.CHANGE: _change,
    ViewKind.FUNNEL: _funnel,
    ViewKind.COUNTS: _counts,
    ViewKind.THREE_YEARS: _three_years,
}
_FIGURES: Mapping[ViewKind, type[Figures]] = {
    ViewKind.LINE: Series,
    ViewKind.LEVELS: Levels,
    ViewKind.COHORT: CohortLine,
    ViewKind.GAIN: Gain,
    ViewKind.CHANGE: ShareChange,
    ViewKind.FUNNEL: FunnelLine,
    ViewKind.COUNTS: Counts,
    ViewKind.THREE_YEARS: ReachedLevels,
}


# --- kept ------------------------------------------------------------------------------------------------


def as_json(view: View) -> dict[str, Any]:
    """A view as it is kept, without what it does not say."""
    kept: dict[str, Any] = _told(view)
    return kept


def view_from(data: Mapping[str, Any]) -> View:
    """A view as it was kept; raises `ValueError` or `TypeError` for what is no view."""
    return typing.cast(View, _built(View, data))


def result_as_json(one: Result) -> dict[str, Any]:
    kept: dict[str, Any] = _told(one)
    return kept


def result_from(data: Mapping[str, Any]) -> Result:
    """A result as it was kept."""
    view = view_from(data["view"])
    figures = data.get("figures")
    kept = typing.cast(Result, _built(Result, {**data, "figures": None}))
    found = None if figures is None else _built(_FIGURES[view.kind], figures)
    return Result(view, kept.data_version, kept.n, found, kept.points, kept.reason)


def _told(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        own = {field: getattr(value, field.name) for field in fields(value)}
        return {field.name: _told(one) for field, one in own.items() if one != field.default}
    if isinstance(value, Mapping):
        return {str(key): _told(one) for key, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_told(one) for one in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def _built(kind: Any, data: Any) -> Any:
    """What `_told` wrote, by the annotations of the dataclass."""
    if data is None:
        return None
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        missing = [one.name for one in fields(kind) if one.default is MISSING and one.name not in data]
        if missing or set(data) - set(hints):
            raise ValueError(
                f"{kind.__name__} with other fields: {missing or sorted(set(data) - set(hints))}"
            )
        return kind(**{name: _built(hints[name], one) for name, one in data.items()})
    origin, inside = typing.get_origin(kind), typing.get_args(kind)
    if origin is types.UnionType:
        return _built(next(one for one in inside if one is not types.NoneType), data)
    if origin is tuple:
        return tuple(
            _built(inside[0] if inside[-1] is Ellipsis else inside[place], one)
            for place, one in enumerate(data)
        )
    if kind is date:
        return date.fromisoformat(data)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(data)
    if kind is float and isinstance(data, int):
        return float(data)
    if isinstance(kind, type) and not isinstance(data, kind):
        raise TypeError(f"{data!r} is no {kind.__name__}")
    return data
