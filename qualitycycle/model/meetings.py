"""The weekly meeting and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record
from qualitycycle.model.thread import ActionState


class MeetingState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class Part(StrEnum):
    """The parts of a weekly meeting; a school may rename, reorder and retime them."""

    CHECK_IN = "check_in"
    SUCCESSES = "successes"
    FIGURES = "figures"
    ACTIONS = "actions"
    NEW = "new"
    CLOSE = "close"


class Turn(StrEnum):
    """What a meeting did with an action."""

    MADE = "made"
    KEPT = "kept"
    CARRIED = "carried"
    DROPPED = "dropped"


class TurnReason(StrEnum):
    """Why an action was carried over or dropped: a short list, so that it takes one click."""

    NO_TIME = "no_time"
    WAITING = "waiting"
    UNCLEAR = "unclear"
    MORE_WORK = "more_work"
    NOT_NEEDED = "not_needed"
    NOT_WORKING = "not_working"
    PRIORITY = "priority"


class ObstacleKind(StrEnum):
    TIME = "time"
    CLARITY = "clarity"
    DEPENDS = "depends"
    PRIORITY = "priority"
    OUTSIDE = "outside"


class Course(StrEnum):
    """What the team says of a goal in a meeting. It is a word, not a figure, and never green by itself."""

    ON_COURSE = "on_course"
    ATTENTION = "attention"
    STUCK = "stuck"


class PointTurn(StrEnum):
    """What a meeting did with what was waiting: a name, a new date, agreed, or held."""

    NAMED = "named"
    DATED = "dated"
    AGREED = "agreed"
    HELD = "held"


@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """A weekly meeting; `team_id` None is one of the whole school.

    `blocks` are its parts with what was planned and what it took; `agenda` is what it began with, so that its minutes
    stay as they were; `entries` what was put down in it, in order, so that the last can be undone; `check_in` and
    `rating` hold only what the gate let out; `after` what the next one begins with.
    """

    TABLE = "meeting"
    meeting_id: str
    cycle_id: str
    team_id: str | None = None
    held_on: date
    state: MeetingState = MeetingState.RUNNING
    present_ids: tuple[str, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    blocks: tuple[dict[str, Any], ...] = ()
    agenda: dict[str, Any] = field(default_factory=dict)
    entries: tuple[dict[str, str], ...] = ()
    check_in: dict[str, Any] = field(default_factory=dict)
    rating: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision(Record):
    """What a meeting decided, why, about which goal, and with whom present."""

    TABLE = "decision"
    decision_id: str
    meeting_id: str
    goal_id: str | None = None
    title: str
    reason: str = ""
    present_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Success(Record):
    """One line, tied to a goal or an action (`noun`); `meeting_id` None: added outside a meeting."""

    TABLE = "success"
    success_id: str
    cycle_id: str
    noun: str | None = None
    noun_id: str | None = None
    meeting_id: str | None = None
    title: str
    happened_on: date


@dataclass(frozen=True, kw_only=True)
class Obstacle(Record):
    TABLE = "obstacle"
    obstacle_id: str
    cycle_id: str
    goal_id: str | None = None
    owner_id: str | None = None
    meeting_id: str | None = None
    kind: ObstacleKind
    title: str
    raised_on: date
    solved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Parked(Record):
    """What was set aside in a meeting for another moment."""

    TABLE = "parked"
    parked_id: str
    cycle_id: str
    meeting_id: str
    title: str
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingAction(Record):
    """What a meeting did with an action; `was_due_on` and `was_state` are from before."""

    TABLE = "meeting_action"
    meeting_action_id: str
    meeting_id: str
    action_id: str
    turn: Turn
    reason: TurnReason | None = None
    due_on: date | None = None
    was_due_on: date | None = None
    was_state: ActionState


@dataclass(frozen=True, kw_only=True)
class GoalCheck(Record):
    """What the team says of a goal in a meeting."""

    TABLE = "goal_check"
    goal_check_id: str
    goal_id: str
    meeting_id: str
    says: Course
    said_on: date


@dataclass(frozen=True, kw_only=True)
class FigurePrediction(Record):
    """What the room expected before it saw a new figure. Never changed."""

    TABLE = "figure_prediction"
    figure_prediction_id: str
    meeting_id: str
    indicator_id: str
    value: float | None = None
    made_on: date


@dataclass(frozen=True, kw_only=True)
class MeetingPoint(Record):
    """What a meeting did with what waited of the support team, policy, or the calendar.

    `title` is what it was called that day, so that minutes stay as they were; `before` is how it was.
    """

    TABLE = "meeting_point"
    meeting_point_id: str
    meeting_id: str
    about: str
    about_id: str
    title: str = ""
    did: PointTurn
    person_id: str | None = None
    due_on: date | None = None
    before: dict[str, Any] = field(default_factory=dict)
