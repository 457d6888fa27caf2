"""The agenda and the standing of a goal: pure rules, from facts to what a meeting talks about and why.

Nothing here reads a file or a clock. Silence is never green: a goal nobody talked about says so before anything that
was once reported of it, and only figures at the target count as good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qualitycycle.model import Course, ObstacleKind

# A goal has come by at least once a month: four weeks with lessons.
CHECK_EVERY = 4
SOON = timedelta(days=14)
# An obstacle that is open longer is for the school leader.
LONG_OPEN = timedelta(days=14)
# Below this many points of a hundred the team is not sure, and that is worth talking about.
LOW_CONFIDENCE = 50.0
# More than three new actions on one goal in one meeting seldom get done.
MOST_NEW = 3


class Why(StrEnum):
    """Why a goal is on the agenda, most urgent first."""

    CONTRADICTION = "contradiction"
    SIGNAL = "signal"
    OVERDUE = "overdue"
    DUE_SOON = "due_soon"
    NO_CHECK = "no_check"
    STUCK = "stuck"
    LOW_CONFIDENCE = "low_confidence"
    STALE = "stale"
    NO_MEASURE = "no_measure"
    EVIDENCE = "evidence"
    NEW_FIGURE = "new_figure"


class Standing(StrEnum):
    """How a goal stands, most urgent first; what comes first outranks what comes later."""

    CLOSED = "closed"
    CONTRADICTED = "contradicted"
    OVERDUE = "overdue"
    NO_CHECK = "no_check"
    STALE = "stale"
    NO_MEASURE = "no_measure"
    STUCK = "stuck"
    ATTENTION = "attention"
    AT_TARGET = "at_target"
    ON_COURSE = "on_course"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True)
class GoalFacts:
    """What is known of a goal on the day of the meeting.

    `weeks_silent` counts weeks with lessons since it was last talked about, since it was made, or since its owner
    took it over, whichever was last. `confidence` is what the gate let out of the last vote. `focused_on` is the day
    of the meeting it was last in focus.
    """

    goal_id: str
    is_open: bool = True
    due_on: date | None = None
    has_value: bool = True
    is_stale: bool = False
    at_target: bool = False
    signal: bool = False
    new_figure: bool = False
    n_contradictions: int = 0
    n_unseen: int = 0
    confidence: float | None = None
    weeks_silent: int = 0
    said: Course | None = None
    focused_on: date | None = None


@dataclass(frozen=True)
class PromiseFacts:
    """An open action: whether the last meeting agreed on it, and when it is due."""

    action_id: str
    from_last_meeting: bool
    due_on: date | None = None


@dataclass(frozen=True)
class ObstacleFacts:
    obstacle_id: str
    kind: ObstacleKind
    raised_on: date


@dataclass(frozen=True)
class Talk:
    """A goal to talk about, and why."""

    goal_id: str
    why: tuple[Why, ...]


@dataclass(frozen=True)
class Agenda:
    """What a meeting brings up, in this order: promises, goals, closed rounds, obstacles of long ago, one goal."""

    promises: tuple[str, ...]
    talk: tuple[Talk, ...]
    folded: tuple[str, ...]
    rounds: tuple[str, ...]
    obstacles: tuple[str, ...]
    focus: str | None


def agenda(
    goals: Sequence[GoalFacts],
    promises: Sequence[PromiseFacts],
    obstacles: Sequence[ObstacleFacts],
    rounds: Sequence[tuple[str, date]],
    *,
    today: date,
    last_meeting_on: date | None,
) -> Agenda:
    """The agenda of a meeting on a day. `rounds` are closed ones with the day they were closed."""
    open_goals = [goal for goal in goals if goal.is_open]
    talked = [Talk(goal.goal_id, found) for goal in open_goals if (found := reasons(goal, today))]
    order = list(Why)
    talked.sort(key=lambda talk: (order.index(talk.why[0]), -len(talk.why)))
    needed = {talk.goal_id for talk in talked}
    return Agenda(
        promises=tuple(one.action_id for one in _in_order(promises, today)),
        talk=tuple(talked),
        folded=tuple(goal.goal_id for goal in open_goals if goal.goal_id not in needed),
        rounds=tuple(key for key, on in rounds if last_meeting_on is None or on >= last_meeting_on),
        obstacles=tuple(
            one.obstacle_id
            for one in sorted(obstacles, key=lambda one: one.raised_on)
            if is_long_open(one, today)
        ),
        focus=in_focus(open_goals),
    )


def reasons(goal: GoalFacts, today: date) -> tuple[Why, ...]:
    """Why a goal needs talk, most urgent first; empty when it can stay folded."""
    due = goal.due_on
    found = {
        Why.CONTRADICTION: goal.n_contradictions > 0,
        Why.SIGNAL: goal.signal,
        Why.OVERDUE: due is not None and due < today,
        Why.DUE_SOON: due is not None and today <= due <= today + SOON,
        Why.NO_CHECK: goal.weeks_silent > CHECK_EVERY,
        Why.STUCK: goal.said is Course.STUCK,
        Why.LOW_CONFIDENCE: goal.confidence is not None and goal.confidence < LOW_CONFIDENCE,
        Why.STALE: goal.has_value and goal.is_stale,
        Why.NO_MEASURE: not goal.has_value,
        Why.EVIDENCE: goal.n_unseen > 0,
        Why.NEW_FIGURE: goal.new_figure,
    }
    return tuple(why for why in Why if found[why])


def standing(goal: GoalFacts, today: date) -> Standing:
    """How a goal stands. A missed check-in outranks what was said of it; only figures at the target are good."""
    found = {
        Standing.CLOSED: not goal.is_open,
        Standing.CONTRADICTED: goal.n_contradictions > 0,
        Standing.OVERDUE: goal.due_on is not None and goal.due_on < today,
        Standing.NO_CHECK: goal.weeks_silent > CHECK_EVERY,
        Standing.STALE: goal.has_value and goal.is_stale,
        Standing.NO_MEASURE: not goal.has_value,
        Standing.STUCK: goal.said is Course.STUCK,
        Standing.ATTENTION: goal.said is Course.ATTENTION,
        Standing.AT_TARGET: goal.at_target,
        Standing.ON_COURSE: goal.said is Course.ON_COURSE,
        Standing.CANNOT_TELL: True,
    }
    return next(one for one in Standing if found[one])


def in_focus(goals: Sequence[GoalFacts]) -> str | None:
    """The goal whose turn it is: never in focus first, then the one longest ago; in the order given when equal."""
    turn = sorted(goals, key=lambda goal: goal.focused_on or date.min)
    return turn[0].goal_id if turn else None


def is_long_open(obstacle: ObstacleFacts, today: date) -> bool:
    """Whether an obstacle has been open for so long that the school leader takes it."""
    return today - obstacle.raised_on > LONG_OPEN


def _in_order(promises: Sequence[PromiseFacts], today: date) -> list[PromiseFacts]:
    """Last meeting's promises first, then what is late or due soon; the earliest date first."""
    wanted = [
        one
        for one in promises
        if one.from_last_meeting or (one.due_on is not None and one.due_on <= today + SOON)
    ]
    return sorted(wanted, key=lambda one: (not one.from_last_meeting, one.due_on or date.max))
