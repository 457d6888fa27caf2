"""Study: the values of an indicator, typed in or from a picture of outcomes; and indicators made of such a picture.

An indicator keeps the question (`views.View`) and not its answer: what is imported later moves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from qualitycycle.cycle import gate, plan, series, views
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.series import Measure, Point
from qualitycycle.cycle.views import View
from qualitycycle.errors import Incomplete, NotAllowed, ViewRefused
from qualitycycle.model import Actor, Direction, Indicator, Measurement, Role
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import new_id

PERCENT = "%"
# The line that feeds an indicator is part of its goal, for everybody who sees the goal: it passes the gate, and is
# asked for as somebody who sees every year group.
_OF_THE_GOAL = Actor(Role.LEADER)


# --- values ----------------------------------------------------------------------------------------------


def points_of(store: Store, actor: Actor, indicator: Indicator) -> list[Point]:
    """The values of an indicator in time: the picture that feeds it and the values typed in."""
    require(actor, Right.SEE_THREAD)
    view = view_of(indicator.series)
    imported = _imported(store, view) if view else ()
    with store.cursor() as con:
        typed = records.find(
            con, Measurement, where="indicator_id = $id", order="measured_on, measurement_id", id=indicator.id
        )
    return sorted([*imported, *(_typed_point(one) for one in typed)], key=lambda point: point.on)


def _imported(store: Store, view: View) -> tuple[Point, ...]:
    try:
        found = views.result(store, _OF_THE_GOAL, view)
    except (NotAllowed, ViewRefused):
        return ()
    # A line of which nothing may be shown still says at which moments there was something.
    return found.points or (series.whole(store, view.selection).points if view.kind is ViewKind.LINE else ())


def _typed_point(one: Measurement) -> Point:
    # A typed figure about fewer people than the floor is a figure about them all the same.
    if one.n is not None and not gate.is_enough(one.n):
        return Point(one.measured_on, "", None, None, reason="too_few")
    return Point(one.measured_on, one.note, one.value, one.n)


# --- what feeds it ---------------------------------------------------------------------------------------


def view_of(kept: Mapping[str, Any]) -> View | None:
    """The picture that feeds an indicator, from its `series`; a line is kept as its selection alone."""
    if not kept:
        return None
    return views.view_from(kept) if "kind" in kept else View(ViewKind.LINE, series.selection_from(kept))


def _kept(view: View) -> dict[str, Any]:
    # The ambition is the target of the indicator itself.
    own = replace(view, ambition=None)
    return own.selection.as_json() if own.kind is ViewKind.LINE else views.as_json(own)


def followed(view: View, level: str | None = None) -> View:
    """The picture that an indicator can follow: one value per moment. Levels and groups become a share at a level."""
    if view.kind in (ViewKind.LEVELS, ViewKind.FUNNEL):
        return View(ViewKind.LINE, replace(view.selection, level=level or view.selection.level))
    return view


def is_percent(view: View) -> bool:
    """Whether the values of a picture are percentages."""
    share = view.kind is ViewKind.LINE and view.selection.measure is Measure.SHARE
    return share or view.selection.score_kind == "percentage"


def feed(store: Store, actor: Actor, indicator_id: str, seen: int | None, view: View) -> Indicator:
    """Let a picture give the values of an indicator from now on; typed values stay beside them."""
    indicator = plan.get(store, actor, Indicator, indicator_id)
    _refuse_no_values(store, actor, view)
    if (indicator.unit.strip() == PERCENT) != is_percent(view):
        raise Incomplete("indicator", "series", "outside_scale")
    return plan.change(store, actor, Indicator, indicator_id, seen, series=_kept(view))


def make(
    store: Store,
    actor: Actor,
    view: View,
    *,
    goal_id: str,
    title: str,
    unit: str,
    direction: Direction,
    target: float | None,
    due_on: date | None = None,
) -> Indicator:
    """A new indicator of a goal that follows a picture; where the picture stands now is its baseline."""
    last = _refuse_no_values(store, actor, view)
    new = Indicator(
        indicator_id=new_id(),
        goal_id=goal_id,
        title=title.strip(),
        unit=PERCENT if is_percent(view) else unit.strip(),
        direction=direction,
        baseline=last.value,
        baseline_on=last.on,
        target=target,
        due_on=due_on,
        series=_kept(view),
    )
    return plan.record(store, actor, new)


def _refuse_no_values(store: Store, actor: Actor, view: View) -> Point:
    """The last value of a picture; raises `Incomplete` where it has none to follow."""
    shown = [point for point in views.result(store, actor, view).points if point.value is not None]
    if not shown:
        raise Incomplete("indicator", "value")
    return max(shown, key=lambda point: point.on)
