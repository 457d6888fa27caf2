"""What is put down in a meeting, in a few seconds each, and taken back with one click."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import access, meeting_points, plan
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.agenda import MOST_NEW
from qualitycycle.cycle.meeting_book import put_down
from qualitycycle.cycle.meetings import open_one
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Course,
    Decision,
    FigurePrediction,
    Goal,
    GoalCheck,
    Indicator,
    Meeting,
    MeetingAction,
    MeetingPoint,
    Obstacle,
    ObstacleKind,
    Parked,
    Record,
    Success,
    Turn,
    TurnReason,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# What fits on one line.
MOST_SIGNS = 200
# Which reasons go with which turn.
REASONS = {
    Turn.CARRIED: (TurnReason.NO_TIME, TurnReason.WAITING, TurnReason.UNCLEAR, TurnReason.MORE_WORK),
    Turn.DROPPED: (TurnReason.NOT_NEEDED, TurnReason.NOT_WORKING, TurnReason.PRIORITY),
}
# The noun of an entry as its dataclass; what is not here is undone in another way.
NOUNS: dict[str, type[Record]] = {
    noun.TABLE: noun for noun in (Success, Decision, Obstacle, Parked, GoalCheck, MeetingAction, MeetingPoint)
}


def _one_line(noun: str, title: str) -> str:
    text = " ".join(title.split())
    if not text:
        raise Incomplete(noun, "title")
    return text[:MOST_SIGNS]


# --- one line each ---------------------------------------------------------------------------------------


def add_success(
    store: Store, actor: Actor, cycle_id: str, title: str, about: Goal | Action | None = None
) -> Success:
    """A success of outside a meeting: everybody of the school may name one."""
    require(actor, Right.EDIT_OWN_ACTION)
    new = _success(cycle_id, title, about)

    def use_case(tx: Transaction) -> Success:
        plan.refuse_closed(tx, new)
        return tx.insert(new)

    return store.write(use_case, actor=actor, verb="add_success")


def success(
    store: Store, actor: Actor, meeting_id: str, title: str, about: Goal | Action | None = None
) -> Success:
    """A success in one line, tied to a goal or an action where there is one."""
    require(actor, Right.EDIT_OWN_ACTION)

    def make(tx: Transaction, meeting: Meeting) -> Success:
        return tx.insert(replace(_success(meeting.cycle_id, title, about), meeting_id=meeting_id))

    return put_down(store, actor, meeting_id, "add_success", make)


def _success(cycle_id: str, title: str, about: Goal | Action | None) -> Success:
    return Success(
        success_id=new_id(),
        cycle_id=cycle_id,
        noun=about.TABLE if about else None,
        noun_id=about.id if about else None,
        title=_one_line("success", title),
        happened_on=config.today(),
    )


def decide(
    store: Store, actor: Actor, meeting_id: str, title: str, reason: str, goal_id: str | None = None
) -> Decision:
    """A decision with its reason and goal, and who was present when it was taken."""
    require(actor, Right.EDIT_THREAD)
    text = _one_line("decision", title)
    if not reason.strip():
        raise Incomplete("decision", "reason")

    def make(tx: Transaction, meeting: Meeting) -> Decision:
        return tx.insert(
            Decision(
                decision_id=new_id(),
                meeting_id=meeting_id,
                goal_id=goal_id,
                title=text,
                reason=_one_line("decision", reason),
                present_ids=meeting.present_ids,
            )
        )

    return put_down(store, actor, meeting_id, "add_decision", make)


def hinder(
    store: Store,
    actor: Actor,
    meeting_id: str,
    title: str,
    kind: ObstacleKind,
    owner_id: str | None,
    goal_id: str | None = None,
) -> Obstacle:
    """What stands in the way, of which kind, and who sees to it."""
    require(actor, Right.EDIT_THREAD)
    text = _one_line("obstacle", title)
    if owner_id is None:
        raise Incomplete("obstacle", "owner_id")

    def make(tx: Transaction, meeting: Meeting) -> Obstacle:
        return tx.insert(
            Obstacle(
                obstacle_id=new_id(),
                cycle_id=meeting.cycle_id,
                goal_id=goal_id,
                owner_id=owner_id,
                meeting_id=meeting_id,
                kind=kind,
                title=text,
                raised_on=config.today(),
            )
        )

    return put_down(store, actor, meeting_id, "add_obstacle", make)


def solve(store: Store, actor: Actor, obstacle_id: str, meeting_id: str | None = None) -> Obstacle:
    """An obstacle is out of the way; its owner may say so outside a meeting too."""

    def mark(tx: Transaction) -> Obstacle:
        before = tx.get(Obstacle, obstacle_id)
        if actor.person_id is None or before.owner_id != actor.person_id:
            require(actor, Right.EDIT_THREAD)
        require(actor, Right.EDIT_OWN_ACTION)
        plan.refuse_closed(tx, before)
        return tx.change(Obstacle, obstacle_id, None, solved_on=config.today())

    if meeting_id is None:
        return store.write(mark, actor=actor, verb="solve_obstacle")
    return put_down(store, actor, meeting_id, "solve_obstacle", lambda tx, meeting: mark(tx), did="solved")


def park(store: Store, actor: Actor, meeting_id: str, title: str) -> Parked:
    """Something for another moment."""
    require(actor, Right.EDIT_THREAD)
    text = _one_line("parked", title)

    def make(tx: Transaction, meeting: Meeting) -> Parked:
        return tx.insert(
            Parked(parked_id=new_id(), cycle_id=meeting.cycle_id, meeting_id=meeting_id, title=text)
        )

    return put_down(store, actor, meeting_id, "add_parked", make)


def settle(store: Store, actor: Actor, meeting_id: str, parked_id: str) -> Parked:
    """A parked point had its moment."""
    require(actor, Right.EDIT_THREAD)
    return put_down(
        store,
        actor,
        meeting_id,
        "settle_parked",
        lambda tx, meeting: tx.change(Parked, parked_id, None, settled_on=config.today()),
        did="settled",
    )


def say(store: Store, actor: Actor, meeting_id: str, goal_id: str, says: Course) -> GoalCheck:
    """What the team says of a goal; another word in the same meeting replaces it, the same word changes nothing."""
    require(actor, Right.EDIT_THREAD)
    same = plan.find(store, actor, GoalCheck, meeting_id=meeting_id, goal_id=goal_id, says=says)
    if same:
        return same[0]

    def make(tx: Transaction, meeting: Meeting) -> GoalCheck:
        plan.refuse_closed(tx, tx.get(Goal, goal_id))
        for one in tx.find(
            GoalCheck, where="meeting_id = $meeting AND goal_id = $goal", meeting=meeting_id, goal=goal_id
        ):
            tx.archive(GoalCheck, one.goal_check_id)
        return tx.insert(
            GoalCheck(
                goal_check_id=new_id(),
                goal_id=goal_id,
                meeting_id=meeting_id,
                says=says,
                said_on=config.today(),
            )
        )

    return put_down(store, actor, meeting_id, "check_goal", make)


# --- actions ---------------------------------------------------------------------------------------------


def agree(
    store: Store,
    actor: Actor,
    meeting_id: str,
    title: str,
    *,
    owner_id: str | None,
    due_on: date | None,
    goal_id: str | None = None,
) -> MeetingAction:
    """A new action: one name, one date. Raises `Incomplete` for a fourth on one goal in one meeting."""
    require(actor, Right.EDIT_THREAD)
    text = _one_line("action", title)
    if owner_id is None:
        raise Incomplete("action", "owner_id")
    if due_on is None:
        raise Incomplete("action", "due_on")
    if due_on < config.today():
        raise Incomplete("action", "due_on", "in_past")

    def make(tx: Transaction, meeting: Meeting) -> MeetingAction:
        _refuse_fourth(tx, meeting_id, goal_id)
        new = Action(
            action_id=new_id(),
            cycle_id=meeting.cycle_id,
            goal_id=goal_id,
            owner_id=owner_id,
            title=text,
            start_on=config.today(),
            due_on=due_on,
            state=ActionState.RUNNING,
        )
        plan.check(tx, new)
        action = tx.insert(replace(new, position=tx.next_position(Action)))
        return tx.insert(_turn(meeting_id, action, Turn.MADE, due_on=due_on))

    return put_down(store, actor, meeting_id, "add_action", make)


def _refuse_fourth(tx: Transaction, meeting_id: str, goal_id: str | None) -> None:
    made = tx.find(MeetingAction, where="meeting_id = $meeting AND turn = 'made'", meeting=meeting_id)
    if sum(tx.get(Action, one.action_id).goal_id == goal_id for one in made) >= MOST_NEW:
        raise Incomplete("action", "goal_id", "three_new")


def keep(store: Store, actor: Actor, meeting_id: str, action_id: str) -> MeetingAction:
    """Tick off what was promised."""
    return _take_turn(store, actor, meeting_id, action_id, Turn.KEPT)


def carry_over(
    store: Store, actor: Actor, meeting_id: str, action_id: str, reason: TurnReason, due_on: date | None
) -> MeetingAction:
    """It is not done yet: why, and what the new date is."""
    require(actor, Right.EDIT_THREAD)
    if due_on is None:
        raise Incomplete("action", "due_on")
    if due_on < config.today():
        raise Incomplete("action", "due_on", "in_past")
    return _take_turn(store, actor, meeting_id, action_id, Turn.CARRIED, reason, due_on)


def drop(store: Store, actor: Actor, meeting_id: str, action_id: str, reason: TurnReason) -> MeetingAction:
    """It is not going to be done, and why."""
    require(actor, Right.EDIT_THREAD)
    return _take_turn(store, actor, meeting_id, action_id, Turn.DROPPED, reason)


def _take_turn(
    store: Store,
    actor: Actor,
    meeting_id: str,
    action_id: str,
    turn: Turn,
    reason: TurnReason | None = None,
    due_on: date | None = None,
) -> MeetingAction:
    if turn in REASONS and reason not in REASONS[turn]:
        raise Incomplete("meeting_action", "reason")

    def make(tx: Transaction, meeting: Meeting) -> MeetingAction:
        before = tx.get(Action, action_id)
        access.require_action(actor, before)
        plan.refuse_closed(tx, before)
        if before.state in (ActionState.DONE, ActionState.STOPPED):
            raise Incomplete("meeting_action", "action", "ended_already")
        by_turn: dict[Turn, dict[str, Any]] = {
            Turn.KEPT: {"state": ActionState.DONE, "stopped_on": config.today()},
            Turn.CARRIED: {"due_on": due_on},
            Turn.DROPPED: {"state": ActionState.STOPPED, "stopped_on": config.today()},
        }
        changes = by_turn[turn]
        # An action that starts after its new date would be refused, and it has begun anyhow.
        if due_on and before.start_on and before.start_on > due_on:
            changes["start_on"] = config.today()
        tx.change(Action, action_id, None, **changes)
        return tx.insert(_turn(meeting_id, before, turn, reason, due_on))

    return put_down(store, actor, meeting_id, f"{turn}_action", make)


def _turn(
    meeting_id: str,
    before: Action,
    turn: Turn,
    reason: TurnReason | None = None,
    due_on: date | None = None,
) -> MeetingAction:
    return MeetingAction(
        meeting_action_id=new_id(),
        meeting_id=meeting_id,
        action_id=before.action_id,
        turn=turn,
        reason=reason,
        due_on=due_on,
        was_due_on=before.due_on,
        was_state=before.state,
    )


# --- before a figure is shown ----------------------------------------------------------------------------


def predict(
    store: Store, actor: Actor, meeting_id: str, indicator_id: str, value: float | None
) -> FigurePrediction:
    """What the room expects before it sees a new figure; None: nobody wanted to say. It cannot be changed or undone."""
    require(actor, Right.EDIT_THREAD)
    if value is not None and not math.isfinite(value):
        raise Incomplete("figure_prediction", "value", "not_a_number")

    def use_case(tx: Transaction) -> FigurePrediction:
        open_one(tx, meeting_id)
        indicator = tx.get(Indicator, indicator_id)
        if value is not None and indicator.levels and not 1 <= value <= len(indicator.levels):
            raise Incomplete("figure_prediction", "value", "outside_scale")
        where = "meeting_id = $meeting AND indicator_id = $indicator"
        if tx.find(FigurePrediction, where=where, meeting=meeting_id, indicator=indicator_id):
            raise Incomplete("figure_prediction", "value", "predicted_already")
        return tx.insert(
            FigurePrediction(
                figure_prediction_id=new_id(),
                meeting_id=meeting_id,
                indicator_id=indicator_id,
                value=value,
                made_on=config.today(),
            )
        )

    return store.write(use_case, actor=actor, verb="predict_figure")


# --- taking back -----------------------------------------------------------------------------------------


def undo(store: Store, actor: Actor, meeting_id: str) -> dict[str, str] | None:
    """Take back what was put down last; gives the entry, or None when there is nothing to take back."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> dict[str, str] | None:
        meeting = open_one(tx, meeting_id)
        if not meeting.entries:
            return None
        *rest, last = meeting.entries
        changes: dict[str, Any] = _take_back(tx, last)
        tx.change(Meeting, meeting_id, None, entries=tuple(rest), **changes)
        return last

    return store.write(use_case, actor=actor, verb="undo_in_meeting")


def _take_back(tx: Transaction, entry: dict[str, str]) -> dict[str, Any]:
    """Undo one entry; gives what has to change in the meeting itself."""
    if entry["noun"] == "meeting":
        return {entry["did"]: {}}
    if entry["did"] == "solved":
        tx.change(Obstacle, entry["id"], None, solved_on=None)
    elif entry["did"] == "settled":
        tx.change(Parked, entry["id"], None, settled_on=None)
    else:
        noun = NOUNS[entry["noun"]]
        if noun is MeetingAction:
            _put_back(tx, tx.get(MeetingAction, entry["id"]))
        if noun is MeetingPoint:
            meeting_points.take_back(tx, tx.get(MeetingPoint, entry["id"]))
        tx.archive(noun, entry["id"])
    return {}


def _put_back(tx: Transaction, turn: MeetingAction) -> None:
    """The action as it was before its turn; a new one is put aside."""
    if turn.turn is Turn.MADE:
        tx.archive(Action, turn.action_id)
        return
    changes: dict[str, Any] = {"state": turn.was_state, "due_on": turn.was_due_on}
    if turn.turn in (Turn.KEPT, Turn.DROPPED):
        changes["stopped_on"] = None
    tx.change(Action, turn.action_id, None, **changes)
