"""The minutes of a meeting: one page to read back, made by what was done in it. Names and titles, no ids to look up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qualitycycle.cycle.agenda import Why
from qualitycycle.cycle.confidence import VotePoint
from qualitycycle.model import Course, ObstacleKind, Turn, TurnReason


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

    indicator: str
    unit: str
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
    parked: tuple[str, ...]
    rounds: tuple[str, ...]
    notes: str
    rating: Feeling
    next: NextStart
    data_version: int
