"""The thread from vision to action: what a school wants, by when, and what it does for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record


class Phase(StrEnum):
    """HGW: five fixed keys; a school may change the labels."""

    OBSERVE = "observe"
    UNDERSTAND = "understand"
    PLAN = "plan"
    DO = "do"
    EVALUATE = "evaluate"


class CycleState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class GoalState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class IndicatorKind(StrEnum):
    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"


class ActionState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class DoneAsPlanned(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class NextStep(StrEnum):
    """What follows an evaluated action or goal."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Judgement(StrEnum):
    """What a team says of a closed goal. 'Cannot tell' is a real judgement."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not_reached"
    CANNOT_TELL = "cannot_tell"


class BaselineKind(StrEnum):
    """What a person decides about the reckoning of an indicator's line."""

    FREEZE = "freeze"
    REBASE = "rebase"


@dataclass(frozen=True, kw_only=True)
class Cycle(Record):
    TABLE = "cycle"
    cycle_id: str
    title: str
    first_on: date
    last_on: date
    state: CycleState = CycleState.RUNNING
    phase: Phase = Phase.OBSERVE
    follows_cycle_id: str | None = None
    closed_on: date | None = None
    went_well: str = ""
    learned: str = ""


@dataclass(frozen=True, kw_only=True)
class Vision(Record):
    TABLE = "vision"
    vision_id: str
    title: str
    text: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Ambition(Record):
    TABLE = "ambition"
    ambition_id: str
    vision_id: str | None = None
    title: str
    text: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Goal(Record):
    """`team_id` None is a goal of the whole school; `ambition_id` None is a gap in the thread."""

    TABLE = "goal"
    goal_id: str
    cycle_id: str
    ambition_id: str | None = None
    team_id: str | None = None
    owner_id: str | None = None
    title: str
    text: str = ""
    due_on: date | None = None
    phase: Phase = Phase.OBSERVE
    state: GoalState = GoalState.OPEN
    standards: tuple[str, ...] = ()
    over_limit_reason: str = ""
    carried_from: str | None = None
    position: int = 0
    closed_on: date | None = None
    predicted: str = ""
    happened: str = ""
    judgement: Judgement | None = None
    learned: str = ""
    next_step: NextStep | None = None


@dataclass(frozen=True, kw_only=True)
class Indicator(Record):
    """A number with unit, direction, baseline and target, or an ordinal with described `levels`.

    `series` names the imported outcomes that feed it (see `cycle.outcomes.Selection`); empty means
    that its values are typed in.
    """

    TABLE = "indicator"
    indicator_id: str
    goal_id: str
    title: str
    kind: IndicatorKind = IndicatorKind.OUTCOME
    unit: str = ""
    direction: Direction = Direction.INCREASE
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    due_on: date | None = None
    levels: tuple[str, ...] = ()
    series: dict[str, Any] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Measurement(Record):
    """One typed value of an indicator; `n` is the number of pupils or people behind it."""

    TABLE = "measurement"
    measurement_id: str
    indicator_id: str
    measured_on: date
    value: float
    n: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Baseline(Record):
    """A person's decision about the line of an indicator, with a reason.

    FREEZE: centre and limits rest on the points up to and including `applies_on`. REBASE: a new part starts
    on `applies_on`, and the count of points with it.
    """

    TABLE = "baseline"
    baseline_id: str
    indicator_id: str
    kind: BaselineKind
    applies_on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class PhaseMove(Record):
    """A dated move of a goal or cycle (`noun`) to a phase."""

    TABLE = "phase_move"
    phase_move_id: str
    noun: str
    noun_id: str
    phase: Phase
    moved_on: date


@dataclass(frozen=True, kw_only=True)
class Action(Record):
    """One owner; `grounds` why it should work, `prediction` what we expect, `signal` how we will see it.

    `led_by` is the data that led to it, `expected_on` by when, `change_mind` what would change our mind; from
    `locked_on` none of these changes any more. `follows_action_id` is the small test it builds on.
    """

    TABLE = "action"
    action_id: str
    cycle_id: str
    goal_id: str | None = None
    owner_id: str | None = None
    helper_ids: tuple[str, ...] = ()
    title: str
    text: str = ""
    start_on: date | None = None
    due_on: date | None = None
    state: ActionState = ActionState.PLANNED
    grounds: str = ""
    prediction: str = ""
    signal: str = ""
    stopped_on: date | None = None
    done_as_planned: DoneAsPlanned | None = None
    learned: str = ""
    next_step: NextStep | None = None
    evaluated_on: date | None = None
    carried_from: str | None = None
    position: int = 0
    led_by: str = ""
    for_whom: str = ""
    expected_on: date | None = None
    change_mind: str = ""
    locked_on: date | None = None
    sessions_planned: int | None = None
    sessions_held: int | None = None
    follows_action_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class LaterNote(Record):
    """A dated thought beside what was locked before an action started."""

    TABLE = "later_note"
    later_note_id: str
    action_id: str
    text: str
    noted_on: date
    person_id: str | None = None
