"""From the school's file to the facts that the agenda follows from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import agenda, confidence, goal_talks, plan, thread, waiting
from qualitycycle.cycle.agenda import Agenda, GoalFacts, ObstacleFacts, PromiseFacts, Talk, Why
from qualitycycle.cycle.goal_talks import Talks
from qualitycycle.cycle.thread import GoalLine, Status, Thread
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Goal,
    GoalState,
    Meeting,
    MeetingAction,
    MeetingState,
    Obstacle,
    Round,
    RoundState,
    Says,
    Turn,
)
from qualitycycle.store.connect import Store

OPEN = (ActionState.PLANNED, ActionState.RUNNING)


@dataclass(frozen=True)
class Brought:
    """What a meeting begins with: its agenda, and how many values each indicator had, so that a new one is known.

    `waiting` are the keys of what waits of support, policy and the calendar (see `cycle.waiting`).
    """

    agenda: Agenda
    seen: Mapping[str, int] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        made = self.agenda
        return {
            "promises": list(made.promises),
            "talk": [{"goal_id": one.goal_id, "why": [str(why) for why in one.why]} for one in made.talk],
            "folded": list(made.folded),
            "rounds": list(made.rounds),
            "obstacles": list(made.obstacles),
            "focus": made.focus,
            "seen": dict(self.seen),
            "waiting": list(self.waiting),
        }


def brought(meeting: Meeting) -> Brought:
    """What a stored meeting began with; one from before there were agendas began with nothing."""
    data = meeting.agenda
    return Brought(
        Agenda(
            promises=tuple(data.get("promises", ())),
            talk=tuple(
                Talk(one["goal_id"], tuple(Why(why) for why in one["why"])) for one in data.get("talk", ())
            ),
            folded=tuple(data.get("folded", ())),
            rounds=tuple(data.get("rounds", ())),
            obstacles=tuple(data.get("obstacles", ())),
            focus=data.get("focus"),
        ),
        dict(data.get("seen", {})),
        tuple(data.get("waiting", ())),
    )


def gather(store: Store, actor: Actor, cycle_id: str, team_id: str | None = None) -> Brought:
    """The agenda of a meeting of today that is yet to begin."""
    found = thread.thread(store, actor, cycle_id)
    lines = lines_of(store, actor, found, team_id)
    earlier = closed_meetings(store, actor, cycle_id, team_id)
    last = earlier[0] if earlier else None
    facts = goal_facts(store, actor, found, lines, goal_talks.talks(store, cycle_id), earlier)
    rounds = plan.find(store, actor, Round, cycle_id=cycle_id, state=RoundState.CLOSED)
    made = agenda.agenda(
        facts,
        promises_of(found, [line.goal for line in lines], _agreed_in(store, actor, last)),
        [
            ObstacleFacts(one.obstacle_id, one.kind, one.raised_on)
            for one in plan.find(store, actor, Obstacle, cycle_id=cycle_id)
            if one.solved_on is None
        ],
        [(one.round_id, one.closed_on) for one in rounds if one.closed_on],
        today=config.today(),
        last_meeting_on=last.held_on if last else None,
    )
    waits = tuple(one.key for one in waiting.for_meeting(store, actor, team_id))
    return Brought(made, _seen(lines), waits)


def lines_of(store: Store, actor: Actor, found: Thread, team_id: str | None = None) -> list[GoalLine]:
    """The open goals that a team's meeting is about: its own and the whole school's."""
    today = config.today()
    return [
        thread.goal_line(store, actor, found, goal, today)
        for goal in found.goals
        if goal.state is GoalState.OPEN and (team_id is None or goal.team_id in (None, team_id))
    ]


def closed_meetings(store: Store, actor: Actor, cycle_id: str, team_id: str | None) -> list[Meeting]:
    """Earlier meetings of the same people in this cycle, latest first."""
    found = plan.find(store, actor, Meeting, cycle_id=cycle_id, state=MeetingState.CLOSED)
    own = [one for one in found if one.team_id == team_id]
    return sorted(own, key=lambda one: (one.held_on, one.meeting_id), reverse=True)


def _agreed_in(store: Store, actor: Actor, last: Meeting | None) -> set[str]:
    if last is None:
        return set()
    turns = plan.find(store, actor, MeetingAction, meeting_id=last.meeting_id)
    return {one.action_id for one in turns if one.turn in (Turn.MADE, Turn.CARRIED)}


def promises_of(found: Thread, goals: Sequence[Goal], agreed: set[str]) -> list[PromiseFacts]:
    """The open actions of these goals, and those that hang on no goal."""
    ids = {goal.goal_id for goal in goals}
    return [
        PromiseFacts(one.action_id, one.action_id in agreed, one.due_on)
        for one in found.actions
        if one.state in OPEN and (one.goal_id is None or one.goal_id in ids or one.action_id in agreed)
    ]


def _seen(lines: Sequence[GoalLine]) -> dict[str, int]:
    return {line.indicator.indicator_id: n_values(line) for line in lines if line.indicator}


def n_values(line: GoalLine) -> int:
    return sum(point.value is not None for point in line.points)


# --- facts of goals --------------------------------------------------------------------------------------


def goal_facts(
    store: Store,
    actor: Actor,
    found: Thread,
    lines: Sequence[GoalLine],
    talks: Talks,
    earlier: Sequence[Meeting],
) -> list[GoalFacts]:
    """What is known today of each goal; `earlier` are the meetings held before, latest first."""
    seen = brought(earlier[0]).seen if earlier else {}
    focused = {
        focus: one.held_on for one in reversed(earlier) if (focus := brought(one).agenda.focus) is not None
    }
    return [
        replace(
            _facts(found, line, talks, seen),
            confidence=_how_sure(store, actor, line.goal),
            focused_on=focused.get(line.goal.goal_id),
        )
        for line in lines
    ]


def _facts(found: Thread, line: GoalLine, talks: Talks, seen: Mapping[str, int]) -> GoalFacts:
    goal, today = line.goal, config.today()
    links = found.links_about(goal)
    tied = {link.evidence_id for link in links}
    said = talks.said.get(goal.goal_id)
    last = line.last
    is_new = bool(line.indicator) and n_values(line) > seen.get(
        line.indicator.indicator_id if line.indicator else "", n_values(line)
    )
    # A signal that was talked about is no news until there is a further value.
    untold = said is None or (last is not None and last.on > said.on) or is_new
    return GoalFacts(
        goal_id=goal.goal_id,
        is_open=goal.state is GoalState.OPEN,
        due_on=goal.due_on,
        has_value=last is not None,
        is_stale=last is not None and today - last.on > thread.STALE_AFTER,
        at_target=line.status is Status.AT_TARGET,
        signal=bool(line.line and line.line.last.reading.signal) and untold,
        new_figure=is_new,
        n_contradictions=sum(link.says is Says.CONTRADICTS for link in links),
        n_unseen=sum(piece.evidence_id in tied and piece.reviewed_on is None for piece in found.evidence),
        weeks_silent=talks.weeks_silent(goal, today),
        said=said.says if said else None,
    )


def _how_sure(store: Store, actor: Actor, goal: Goal) -> float | None:
    """What the gate let out of the last vote about a goal."""
    votes = confidence.votes_about(store, actor, goal.goal_id)
    return votes[-1].result.mean if votes else None


def next_focus(store: Store, actor: Actor, meeting: Meeting) -> str | None:
    """The goal whose turn it is after this meeting."""
    found = thread.thread(store, actor, meeting.cycle_id)
    lines = lines_of(store, actor, found, meeting.team_id)
    earlier = [meeting, *closed_meetings(store, actor, meeting.cycle_id, meeting.team_id)]
    focused: dict[str, date] = {}
    for one in reversed(earlier):
        if (focus := brought(one).agenda.focus) is not None:
            focused[focus] = one.held_on
    return agenda.in_focus(
        [GoalFacts(line.goal.goal_id, focused_on=focused.get(line.goal.goal_id)) for line in lines]
    )


# --- who carries how much --------------------------------------------------------------------------------


def load(actions: Sequence[Action]) -> dict[str, int]:
    """How many open actions each person owns."""
    found: dict[str, int] = {}
    for one in actions:
        if one.owner_id and one.state in OPEN:
            found[one.owner_id] = found.get(one.owner_id, 0) + 1
    return found
