"""The minutes of a meeting: one page to read back, made by what was done in it. Names and titles, no ids to look up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualitycycle.cycle import (
    calendar,
    confidence,
    indicators,
    meeting_agenda,
    meeting_clock,
    meetings,
    plan,
    school,
    thread,
)
from qualitycycle.cycle.agenda import Why
from qualitycycle.cycle.confidence import VotePoint
from qualitycycle.cycle.goal_talks import school_mondays
from qualitycycle.cycle.meeting_words import PARTS
from qualitycycle.cycle.school import Staff
from qualitycycle.cycle.thread import Thread
from qualitycycle.i18n import _
from qualitycycle.model import (
    Action,
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
    MeetingState,
    Obstacle,
    ObstacleKind,
    Parked,
    PointTurn,
    Round,
    Success,
    Turn,
    TurnReason,
)
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class Feeling:
    """How the room felt, on three levels, best first. Only that it was asked, unless the gate lets the counts out."""

    asked: bool = False
    counts: tuple[int, ...] = ()

    @property
    def n(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class SuccessLine:
    """`about` is the goal or action it belongs to; empty when it stands by itself."""

    title: str
    about: str = ""


@dataclass(frozen=True)
class PredictionLine:
    """What the room expected before it saw the figure; `predicted` None: nobody wanted to say."""

    indicator: Indicator
    predicted: float | None
    shown: float | None
    n: int | None
    on: date | None


@dataclass(frozen=True)
class GoalLine:
    """A goal that was talked about: why it was on the agenda, what the team said of it, and how sure it was."""

    title: str
    why: tuple[Why, ...] = ()
    said: Course | None = None
    is_focus: bool = False
    vote: VotePoint | None = None
    predictions: tuple[PredictionLine, ...] = ()


@dataclass(frozen=True)
class PromiseLine:
    """What the meeting did with an action: made, kept, carried over to `due_on`, or dropped."""

    title: str
    owner: str
    goal: str
    turn: Turn
    due_on: date | None = None
    reason: TurnReason | None = None


@dataclass(frozen=True)
class DecisionLine:
    """`present` are the people who were there when it was taken."""

    title: str
    reason: str
    goal: str
    present: tuple[str, ...]


@dataclass(frozen=True)
class ObstacleLine:
    title: str
    kind: ObstacleKind
    owner: str
    goal: str
    raised_on: date
    solved_on: date | None = None


@dataclass(frozen=True)
class PointLine:
    """What the meeting did with what waited of support, policy, the way of working or the calendar."""

    title: str
    about: str
    did: PointTurn
    person: str = ""
    due_on: date | None = None


@dataclass(frozen=True)
class BlockLine:
    """A part of the meeting: its planned minutes and the seconds it took; None: it was not reached."""

    title: str
    planned_minutes: int
    seconds: int | None


@dataclass(frozen=True)
class NextStart:
    """What the next meeting begins with: the day it falls on, the promises of this one, and the goal in focus."""

    on: date | None = None
    promises: tuple[PromiseLine, ...] = ()
    focus: str = ""


@dataclass(frozen=True)
class Minutes:
    """Everything on the page. `team` is empty for a meeting of the whole school; `week` None in a holiday.

    `seconds` is how long the meeting took; `promises` are the actions that were looked back on, `made` the new ones;
    `parked` waits for another moment; `streak` counts the school weeks in a row with a meeting, this one included.
    """

    meeting_id: str
    school: str
    team: str
    held_on: date
    week: int | None
    seconds: int
    planned_minutes: int
    streak: int
    leader: str
    notes_by: str
    time_keeper: str
    present: tuple[str, ...]
    blocks: tuple[BlockLine, ...]
    check_in: Feeling
    successes: tuple[SuccessLine, ...]
    goals: tuple[GoalLine, ...]
    promises: tuple[PromiseLine, ...]
    made: tuple[PromiseLine, ...]
    decisions: tuple[DecisionLine, ...]
    obstacles: tuple[ObstacleLine, ...]
    points: tuple[PointLine, ...]
    parked: tuple[str, ...]
    rounds: tuple[str, ...]
    notes: str
    rating: Feeling
    next: NextStart
    data_version: int


# --- made from what was done -----------------------------------------------------------------------------


def minutes(store: Store, actor: Actor, meeting_id: str) -> Minutes:
    """The minutes of a meeting, also while it is held; raises `NotAllowed` where the actor may not look."""
    meeting = plan.get(store, actor, Meeting, meeting_id)
    made = _Making(store, actor, meeting)
    brought = meeting_agenda.brought(meeting)
    clock = _seconds(store, actor, meeting)
    blocks = [
        BlockLine(block.title or _(PARTS[block.part]), block.minutes, seconds)
        for block, seconds in zip(meetings.blocks_of(meeting.blocks), clock, strict=True)
    ]
    promises = made.promises()
    staff = made.staff
    rounds = plan.find(store, actor, Round, cycle_id=meeting.cycle_id)
    return Minutes(
        meeting_id=meeting.meeting_id,
        school=staff.school.name,
        team=staff.team_name(meeting.team_id) or "",
        held_on=meeting.held_on,
        week=calendar.school_week(meeting.held_on, staff.years, staff.holidays).number,
        seconds=sum(one or 0 for one in clock),
        planned_minutes=sum(block.planned_minutes for block in blocks),
        streak=_streak(store, actor, meeting),
        leader=made.role("leader"),
        notes_by=made.role("notes"),
        time_keeper=made.role("time"),
        present=made.names(meeting.present_ids),
        blocks=tuple(blocks),
        check_in=_feeling(meeting.check_in),
        successes=tuple(SuccessLine(one.title, made.title(one.noun_id)) for one in made.successes()),
        goals=made.goals(),
        promises=tuple(one for one in promises if one.turn is not Turn.MADE),
        made=tuple(one for one in promises if one.turn is Turn.MADE),
        decisions=tuple(
            DecisionLine(one.title, one.reason, made.title(one.goal_id), made.names(one.present_ids))
            for one in made.find(Decision)
        ),
        obstacles=made.obstacles(),
        points=made.points(),
        parked=tuple(one.title for one in made.find(Parked)),
        rounds=tuple(one.title for one in rounds if one.round_id in brought.agenda.rounds),
        notes=meeting.notes,
        rating=_feeling(meeting.rating),
        next=made.next_start(promises),
        data_version=store.data_version,
    )


def _seconds(store: Store, actor: Actor, meeting: Meeting) -> list[int | None]:
    """What each block took; a meeting that was not held with a clock says nothing."""
    n = len(meetings.blocks_of(meeting.blocks))
    if meeting.state is MeetingState.RUNNING:
        return list(meeting_clock.look(store, actor, meeting.meeting_id).seconds)
    if not meeting.blocks:
        return [None] * n
    return [one.get("seconds") for one in meeting.blocks]


def _feeling(data: Mapping[str, Any]) -> Feeling:
    return Feeling(bool(data.get("asked")), tuple(data.get("counts", ())))


def _streak(store: Store, actor: Actor, meeting: Meeting) -> int:
    """Counted as on the day itself, so that old minutes keep saying the same."""
    days = [
        one.held_on
        for one in meetings.held(store, actor)
        if one.team_id == meeting.team_id and one.held_on <= meeting.held_on
    ]
    return meetings.weeks_in_a_row([*days, meeting.held_on], school_mondays(store), meeting.held_on)


class _Making:
    """What one meeting's records look like with names and titles in place of ids."""

    def __init__(self, store: Store, actor: Actor, meeting: Meeting) -> None:
        self.store, self.actor, self.meeting = store, actor, meeting
        self.staff: Staff = school.staff(store)
        self.found: Thread = thread.thread(store, actor, meeting.cycle_id)
        own: dict[str, Any] = {"archived": True, "cycle_id": meeting.cycle_id}
        self.actions = {one.action_id: one for one in plan.find(store, actor, Action, **own)}
        self.titles = {
            **{one.goal_id: one.title for one in plan.find(store, actor, Goal, **own)},
            **{one.action_id: one.title for one in self.actions.values()},
        }

    def find(self, noun: Any) -> list[Any]:
        """This meeting's records of a kind, in the order in which they were put down."""
        order = {one["id"]: place for place, one in enumerate(self.meeting.entries)}
        found = plan.find(self.store, self.actor, noun, meeting_id=self.meeting.meeting_id)
        return sorted(found, key=lambda one: (order.get(one.id, -1), one.id))

    def title(self, noun_id: str | None) -> str:
        return self.titles.get(noun_id or "", "")

    def role(self, name: str) -> str:
        return self.staff.person_name(self.meeting.roles.get(name)) or ""

    def names(self, ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(sorted(name for one in ids if (name := self.staff.person_name(one))))

    def successes(self) -> list[Success]:
        """Those put down in the meeting, and those that were added since the one before."""
        own = self.find(Success)
        earlier = meeting_agenda.closed_meetings(
            self.store, self.actor, self.meeting.cycle_id, self.meeting.team_id
        )
        before = [
            one.held_on
            for one in earlier
            if one.meeting_id != self.meeting.meeting_id and one.held_on < self.meeting.held_on
        ]
        since = before[0] if before else date.min
        loose = [
            one
            for one in plan.find(self.store, self.actor, Success, cycle_id=self.meeting.cycle_id)
            if one.meeting_id is None and since <= one.happened_on <= self.meeting.held_on
        ]
        return [*sorted(loose, key=lambda one: (one.happened_on, one.id)), *own]

    def promises(self) -> list[PromiseLine]:
        return [self._promise(one) for one in self.find(MeetingAction)]

    def _promise(self, turn: MeetingAction) -> PromiseLine:
        action = self.actions[turn.action_id]
        return PromiseLine(
            action.title,
            self.staff.person_name(action.owner_id) or "",
            self.title(action.goal_id),
            turn.turn,
            turn.due_on or turn.was_due_on,
            turn.reason,
        )

    def goals(self) -> tuple[GoalLine, ...]:
        """Goals of which something was said, predicted or voted, in the order of the agenda."""
        brought = meeting_agenda.brought(self.meeting)
        why = {one.goal_id: one.why for one in brought.agenda.talk}
        said = {one.goal_id: one.says for one in self.find(GoalCheck)}
        lines = []
        for goal_id in dict.fromkeys([*why, *filter(None, [brought.agenda.focus]), *said]):
            votes = [
                one
                for one in confidence.votes_about(self.store, self.actor, goal_id)
                if one.on == self.meeting.held_on
            ]
            lines.append(
                GoalLine(
                    self.title(goal_id),
                    why.get(goal_id, ()),
                    said.get(goal_id),
                    goal_id == brought.agenda.focus,
                    votes[-1] if votes else None,
                    self._predictions(goal_id),
                )
            )
        return tuple(line for line in lines if line.said or line.vote or line.predictions or line.is_focus)

    def _predictions(self, goal_id: str) -> tuple[PredictionLine, ...]:
        own = {one.indicator_id: one for one in self.found.indicators.get(goal_id, [])}
        return tuple(
            self._prediction(one, own[one.indicator_id])
            for one in self.find(FigurePrediction)
            if one.indicator_id in own
        )

    def _prediction(self, made: FigurePrediction, indicator: Indicator) -> PredictionLine:
        shown = thread.last_shown(
            [
                point
                for point in indicators.points_of(self.store, self.actor, indicator)
                if point.on <= max(made.made_on, self.meeting.held_on)
            ]
        )
        return PredictionLine(
            indicator,
            made.value,
            shown.value if shown else None,
            shown.n if shown else None,
            shown.on if shown else None,
        )

    def obstacles(self) -> tuple[ObstacleLine, ...]:
        """Those raised in the meeting, and those that were on its agenda because they are open so long."""
        brought = meeting_agenda.brought(self.meeting).agenda.obstacles
        every = plan.find(self.store, self.actor, Obstacle, cycle_id=self.meeting.cycle_id)
        own = [
            one for one in every if one.meeting_id == self.meeting.meeting_id or one.obstacle_id in brought
        ]
        return tuple(
            ObstacleLine(
                one.title,
                one.kind,
                self.staff.person_name(one.owner_id) or "",
                self.title(one.goal_id),
                one.raised_on,
                one.solved_on if one.solved_on and one.solved_on <= self.meeting.held_on else None,
            )
            for one in sorted(own, key=lambda one: (one.raised_on, one.id))
        )

    def points(self) -> tuple[PointLine, ...]:
        return tuple(
            PointLine(
                one.title,
                one.about,
                one.did,
                self.staff.person_name(one.person_id) or "",
                one.due_on,
            )
            for one in self.find(MeetingPoint)
        )

    def next_start(self, promises: list[PromiseLine]) -> NextStart:
        after = self.meeting.after
        return NextStart(
            on=date.fromisoformat(after["on"]) if after.get("on") else None,
            promises=tuple(one for one in promises if one.turn in (Turn.MADE, Turn.CARRIED)),
            focus=self.title(after.get("focus")),
        )
