"""The actions of the example school, from start to evaluation."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import act, demo_weight, plan
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle.demo_telling import DAY, Telling, workday
from qualitycycle.cycle.demo_texts import ActionText
from qualitycycle.model import Action, ActionState, Actor, DoneAsPlanned, Goal
from qualitycycle.store.records import new_id


def add_action(told: Telling, text: ActionText, goal: Goal | None) -> None:
    story = told.story
    start_on = told.day(text.start)
    due_on = workday((told.until if told.running else start_on) + timedelta(days=text.due_days))
    due_on = due_on if told.running else min(due_on, told.until)
    # Early in the year a thing that is late now was begun before the cycle was.
    start_on = min(start_on, due_on - 14 * DAY)
    agreed: dict[str, Any] = {
        "goal_id": goal.goal_id if goal else None,
        "owner_id": story.person_id(text.owner),
        "helper_ids": tuple(story.people[name].person_id for name in text.helpers),
        "text": text.text,
        "start_on": start_on,
        "due_on": due_on,
        "grounds": text.grounds,
        "prediction": text.prediction,
        "signal": text.signal,
        **demo_weight.before_start(text.title, start_on, told.actions),
    }
    known = plan.find(story.store, story.leader, Action, cycle_id=told.cycle.cycle_id, title=text.title)
    if known:
        # It came along from the cycle before and gets its new agreements here.
        action = plan.change(story.store, story.leader, Action, known[0].action_id, None, **agreed)
    else:
        new = Action(action_id=new_id(), cycle_id=told.cycle.cycle_id, title=text.title, **agreed)
        action = plan.record(story.store, story.leader, new)
    told.actions[text.title] = action
    if text.state != "planned":
        told.at(max(start_on, config.today()), lambda: _set_state(told, action, ActionState.RUNNING))
    if text.state == "running" and told.running:
        told.at(told.until, lambda: demo_weight.weigh(story.store, story.leader, action))
    if text.state in ("done", "stopped"):
        told.at(max(due_on, config.today()), lambda: _end(told, action, text))


def _set_state(told: Telling, action: Action, state: ActionState, stopped_on: date | None = None) -> None:
    plan.change(
        told.story.store,
        _owner(told, action),
        Action,
        action.action_id,
        None,
        state=state,
        stopped_on=stopped_on,
    )


def _owner(told: Telling, action: Action) -> Actor:
    owner = next(person for person in told.story.people.values() if person.person_id == action.owner_id)
    return Actor(owner.role, owner.person_id)


def _end(told: Telling, action: Action, text: ActionText) -> None:
    """Done or stopped; evaluated too, unless the text leaves that open."""
    if text.next_step is None:
        _set_state(told, action, ActionState.DONE, config.today())
        return
    act.evaluate_action(
        told.story.store,
        _owner(told, action),
        action.action_id,
        None,
        done_as_planned=text.done_as_planned or DoneAsPlanned.PARTLY,
        learned=text.learned,
        next_step=text.next_step,
    )
    demo_weight.weigh(told.story.store, told.story.leader, action)
    later = [title for cycle in texts.CYCLES[:-1] for title in cycle.carry_actions]
    if text.title in later:
        told.story.carried_actions = [action.action_id]
