"""Act: what the team can see that it can do: targets met, actions that evidence supports, and successes by name.

Nothing is counted per person and nothing is ranked: a wall shows, it does not compare.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import baselines, calendar, plan, thread, weighing
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.series import Point
from qualitycycle.cycle.thread import Thread
from qualitycycle.model import Actor, Cycle, Goal, Indicator, Overruling, Success, Verdict
from qualitycycle.store.connect import Store

# The months in which the halves of a school year begin.
FIRST_HALF, SECOND_HALF = 8, 2


class Mastery(StrEnum):
    """What is on a card, in the order in which cards of one day hang."""

    TARGET = "target"
    ACTION = "action"
    SUCCESS = "success"


@dataclass(frozen=True)
class Term:
    """Half a school year: `half` 1 runs to the end of January, 2 from February."""

    school_year: str
    half: int


@dataclass(frozen=True)
class Card:
    """One thing on the wall. `noun` and `noun_id` say what opens it; a met target has its value with its n."""

    mastery: Mastery
    title: str
    on: date
    goal: Goal | None
    noun: str
    noun_id: str
    indicator: Indicator | None = None
    point: Point | None = None
    verdict: Verdict | None = None

    @property
    def term(self) -> Term:
        return term_of(self.on)


def term_of(day: date) -> Term:
    """The half of the school year a day lies in."""
    second = SECOND_HALF <= day.month < FIRST_HALF
    return Term(calendar.school_year_of(day), 2 if second else 1)


def wall(store: Store, actor: Actor) -> list[Card]:
    """Every card of every cycle this role may look into, latest first."""
    require(actor, Right.SEE_THREAD)
    cards = [card for cycle in plan.visible_cycles(store, actor) for card in _of_cycle(store, actor, cycle)]
    order = list(Mastery)
    return sorted(
        cards, key=lambda one: (-one.on.toordinal(), order.index(one.mastery), one.title, one.noun_id)
    )


def _of_cycle(store: Store, actor: Actor, cycle: Cycle) -> Iterable[Card]:
    found = thread.thread(store, actor, cycle.cycle_id)
    goals = {goal.goal_id: goal for goal in found.goals}
    for goal in found.goals:
        yield from _targets(store, actor, goal, found, cycle)
    # Nothing is said of an action without evidence, unless by people.
    said = {one.action_id for one in plan.find(store, actor, Overruling)}
    told = [one for one in found.actions if one.action_id in said or found.links_to(one.action_id)]
    for weighed in weighing.weigh_all(store, actor, found, told).values():
        action = weighed.facts.action
        if weighed.verdict in (Verdict.SUPPORTED, Verdict.STRONG):
            on = action.evaluated_on or action.stopped_on or config.today()
            goal_of = goals.get(action.goal_id or "")
            yield Card(
                Mastery.ACTION,
                action.title,
                min(on, cycle.last_on),
                goal_of,
                "action",
                action.action_id,
                verdict=weighed.verdict,
            )
    goal_ids = {action.action_id: action.goal_id for action in found.actions} | {one: one for one in goals}
    for success in plan.find(store, actor, Success, cycle_id=cycle.cycle_id):
        about = goals.get(goal_ids.get(success.noun_id or "") or "")
        noun, noun_id = (success.noun or "", success.noun_id or "") if about else ("", "")
        yield Card(Mastery.SUCCESS, success.title, success.happened_on, about, noun, noun_id)


def _targets(store: Store, actor: Actor, goal: Goal, found: Thread, cycle: Cycle) -> Iterable[Card]:
    """Indicators whose last value that may be shown, within the cycle, is at the target."""
    for indicator in found.indicators.get(goal.goal_id, []):
        points = [
            point for point in baselines.line_of(store, actor, indicator).points if _within(point, cycle)
        ]
        last = thread.last_shown(points)
        if last is not None and thread.reaches(indicator, last.value):
            yield Card(Mastery.TARGET, indicator.title, last.on, goal, "goal", goal.goal_id, indicator, last)


def _within(point: Point, cycle: Cycle) -> bool:
    # The value a cycle starts from was reached before it.
    return cycle.first_on < point.on <= cycle.last_on
