"""The weekly meetings of the example school, each put down in one transaction: what the verbs do, line by line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import meetings, school
from qualitycycle.cycle.demo_meeting_texts import MeetingText, PromiseText
from qualitycycle.cycle.goal_talks import school_mondays
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Cycle,
    Decision,
    Goal,
    GoalCheck,
    Meeting,
    MeetingAction,
    MeetingState,
    Obstacle,
    Parked,
    Record,
    Success,
    Turn,
    TurnReason,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# The team meets on Tuesdays.
WEEKDAY = timedelta(days=1)
WEEK = timedelta(days=7)
# Agreements of a meeting stand after the actions that were planned.
AFTER_ALL = 1000


@dataclass
class Row:
    """The meetings of one cycle in a row, and what they left open; obstacles by the meeting that solves them."""

    store: Store
    leader: Actor
    cycle: Cycle
    goals: Mapping[str, Goal]
    today: date
    promises: list[tuple[PromiseText, Action]] = field(default_factory=list)
    obstacles: list[tuple[int, str]] = field(default_factory=list)
    n_held: int = 0


def days(store: Store, first_on: date, last_on: date, most: int) -> list[date]:
    """The last few meeting days in weeks with lessons between two days."""
    every = [monday + WEEKDAY for monday in school_mondays(store)]
    return [day for day in every if first_on < day <= last_on][-most:]


def hold(row: Row, text: MeetingText, coming: MeetingText | None) -> None:
    """One meeting of today, from the first look back to its minutes."""
    row.store.write(lambda tx: _hold(tx, row, text, coming), actor=row.leader, verb="close_meeting")
    row.n_held += 1


def _hold(tx: Transaction, row: Row, text: MeetingText, coming: MeetingText | None) -> None:
    staff = {one.name: one.person_id for one in school.staff(row.store).people}
    there = tuple(one.person_id for one in meetings.expected(row.store) if one.name not in text.absent)
    own = new_id()
    _solve(tx, row)
    turns = [*_look_back(tx, row, own), *_agree(tx, row, text, own, staff)]
    checks = _checks(row, text, own)
    successes, decisions, parked = _lines(row, text, own, there)
    obstacles = _hinder(row, text, own, staff)
    made: list[Record] = [*successes, *checks, *decisions, *turns, *obstacles, *parked]
    for those in (turns, checks, successes, decisions, obstacles, parked):
        tx.insert_all(those)
    after = meetings.next_day(config.today(), school_mondays(row.store))
    tx.insert(
        Meeting(
            meeting_id=own,
            cycle_id=row.cycle.cycle_id,
            held_on=config.today(),
            state=MeetingState.CLOSED,
            present_ids=there,
            roles={
                "leader": staff[text.leader],
                "notes": staff[text.notes_by],
                "time": staff[text.time_keeper],
            },
            blocks=tuple(
                {**block.as_json(), "seconds": seconds}
                for block, seconds in zip(meetings.usual_blocks(row.store), text.seconds, strict=True)
            ),
            agenda={
                "promises": [one.action_id for one in turns if one.turn is not Turn.MADE],
                "focus": _goal_id(row, text.focus),
            },
            entries=tuple({"noun": one.TABLE, "id": one.id, "did": "added"} for one in made),
            check_in=meetings.felt(text.check_in),
            rating=meetings.felt(text.rating),
            after={
                "on": after.isoformat() if after else None,
                "focus": _goal_id(row, coming.focus if coming else ""),
            },
            notes=text.notes,
        )
    )


def _goal_id(row: Row, title: str) -> str | None:
    return row.goals[title].goal_id if title in row.goals else None


# --- what was promised -----------------------------------------------------------------------------------


def _look_back(tx: Transaction, row: Row, own: str) -> list[MeetingAction]:
    """What was promised last time, as its text says it went."""
    before, row.promises = row.promises, []
    turns = []
    for text, action in before:
        if text.then is None:
            continue
        due_on = config.today() + WEEK if text.then is Turn.CARRIED else None
        changes: dict[Turn, dict[str, Any]] = {
            Turn.KEPT: {"state": ActionState.DONE, "stopped_on": config.today()},
            Turn.DROPPED: {"state": ActionState.STOPPED, "stopped_on": config.today()},
            Turn.CARRIED: {"due_on": due_on},
        }
        after = tx.change(Action, action.action_id, None, **changes[text.then])
        turns.append(_turn(own, action, text.then, text.why, due_on))
        if text.then is Turn.CARRIED:
            row.promises.append((PromiseText(text.title, text.owner, text.goal), after))
    return turns


def _agree(
    tx: Transaction, row: Row, text: MeetingText, own: str, staff: Mapping[str, str]
) -> list[MeetingAction]:
    coming = meetings.next_day(config.today(), school_mondays(row.store)) or config.today() + WEEK
    actions = [
        Action(
            action_id=new_id(),
            cycle_id=row.cycle.cycle_id,
            goal_id=_goal_id(row, one.goal),
            owner_id=staff[one.owner],
            title=one.title,
            start_on=config.today(),
            # What is still open today is not late, also when the next meeting is a holiday away.
            due_on=max(coming, row.today) if one.then is None else coming,
            state=ActionState.RUNNING,
            position=AFTER_ALL,
        )
        for one in text.promises
    ]
    tx.insert_all(actions)
    row.promises += list(zip(text.promises, actions, strict=True))
    return [_turn(own, one, Turn.MADE, None, one.due_on) for one in actions]


def _turn(
    own: str, action: Action, turn: Turn, reason: TurnReason | None, due_on: date | None
) -> MeetingAction:
    return MeetingAction(
        meeting_action_id=new_id(),
        meeting_id=own,
        action_id=action.action_id,
        turn=turn,
        reason=reason,
        due_on=due_on,
        was_due_on=action.due_on,
        was_state=action.state,
    )


# --- what was said ---------------------------------------------------------------------------------------


def _checks(row: Row, text: MeetingText, own: str) -> list[GoalCheck]:
    return [
        GoalCheck(
            goal_check_id=new_id(),
            goal_id=row.goals[title].goal_id,
            meeting_id=own,
            says=course,
            said_on=config.today(),
        )
        for title, course in text.said
        if title in row.goals
    ]


def _lines(
    row: Row, text: MeetingText, own: str, there: tuple[str, ...]
) -> tuple[list[Success], list[Decision], list[Parked]]:
    cycle_id = row.cycle.cycle_id
    successes = [
        Success(
            success_id=new_id(),
            cycle_id=cycle_id,
            noun="goal" if goal in row.goals else None,
            noun_id=_goal_id(row, goal),
            meeting_id=own,
            title=title,
            happened_on=config.today(),
        )
        for title, goal in text.successes
    ]
    decisions = [
        Decision(
            decision_id=new_id(),
            meeting_id=own,
            goal_id=_goal_id(row, one.goal),
            title=one.title,
            reason=one.reason,
            present_ids=there,
        )
        for one in text.decisions
    ]
    parked = [
        Parked(parked_id=new_id(), cycle_id=cycle_id, meeting_id=own, title=title) for title in text.parked
    ]
    return successes, decisions, parked


def _hinder(row: Row, text: MeetingText, own: str, staff: Mapping[str, str]) -> list[Obstacle]:
    found = [
        Obstacle(
            obstacle_id=new_id(),
            cycle_id=row.cycle.cycle_id,
            goal_id=_goal_id(row, one.goal),
            owner_id=staff[one.owner],
            meeting_id=own,
            kind=one.kind,
            title=one.title,
            raised_on=config.today(),
        )
        for one in text.obstacles
    ]
    row.obstacles += [
        (row.n_held + one.solved_after, made.obstacle_id)
        for one, made in zip(text.obstacles, found, strict=True)
        if one.solved_after is not None
    ]
    return found


def _solve(tx: Transaction, row: Row) -> None:
    for when, obstacle_id in row.obstacles:
        if when == row.n_held:
            tx.change(Obstacle, obstacle_id, None, solved_on=config.today())
