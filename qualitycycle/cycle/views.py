"""Study: a picture of pupil outcomes as a question that can be kept, and its answer through the gate.

A `View` says what to look at and is JSON in and out: the address of the page, a piece of evidence, an indicator and the
data wall all hold the same one. `result` answers it. The shape of both is what those build on:

* `as_json(view)` and `view_from(data)` are each other's inverse; fields that say nothing are left out.
* `result(store, actor, view)` gives a `Result`: `figures` holds what that kind of view draws, None with a `reason`
  where nothing may be shown; `points` are its values in time, what an indicator can take over; `n` and `data_version`
  go with both. `result_as_json` keeps an answer as it was, `result_from` reads it back.
* What cannot be asked raises: `NotAllowed`, `NotComparable`, `ViewRefused`.

A new kind of view: one module with its figures and its verb, one line in `_ANSWERS`, one chart.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.cycle import series
from qualitycycle.cycle.series import Point, Selection, Series
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store


class ViewKind(StrEnum):
    """What kind of picture: `line` over moments."""

    LINE = "line"


@dataclass(frozen=True)
class View:
    """A question about outcomes.

    `selection` is the line it is about. `before` is the line of the first of two moments, where that is another one
    (the year group below). `start` and `end` are moments as a point names them: "2024-2025 M". The rest belongs to
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


Figures = Series


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


def result(store: Store, actor: Actor, view: View) -> Result:
    """What a view shows, through the gate."""
    return _ANSWERS[view.kind](store, actor, view)


def _line(store: Store, actor: Actor, view: View) -> Result:
    found = series.series(store, actor, view.selection)
    shown = [point for point in found.points if point.value is not None]
    last = max(shown, key=lambda point: point.on, default=None)
    if last is None:
        return Result(view, found.data_version, reason="too_few")
    return Result(view, found.data_version, last.n, found, found.points)


_ANSWERS: Mapping[ViewKind, Callable[[Store, Actor, View], Result]] = {ViewKind.LINE: _line}
_FIGURES: Mapping[ViewKind, type[Figures]] = {ViewKind.LINE: Series}


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
    return data
