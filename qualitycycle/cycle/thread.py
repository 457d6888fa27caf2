"""The thread from vision to evidence: as a tree, with its gaps named, and as this week's start page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import baselines, calendar, goal_talks, plan, rounds, school, series
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.agenda import CHECK_EVERY
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Ambition,
    Cycle,
    Direction,
    Evidence,
    Goal,
    GoalState,
    Indicator,
    Judgement,
    Link,
    MeetingAction,
    NextStep,
    PhaseMove,
    Record,
    Round,
    Says,
    Vision,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store

# An indicator without a new value for this long is stale: silence is never green.
STALE_AFTER = timedelta(weeks=26)
SOON = timedelta(days=14)


class GapKind(StrEnum):
    """A break in the thread, in the order in which they are named."""

    NO_VISION = "no_vision"
    NO_AMBITION = "no_ambition"
    NO_GOAL = "no_goal"
    AMBITION_WITHOUT_VISION = "ambition_without_vision"
    GOAL_WITHOUT_AMBITION = "goal_without_ambition"
    GOAL_WITHOUT_OWNER = "goal_without_owner"
    GOAL_WITHOUT_INDICATOR = "goal_without_indicator"
    INDICATOR_INCOMPLETE = "indicator_incomplete"
    GOAL_WITHOUT_ACTION = "goal_without_action"
    ACTION_WITHOUT_GOAL = "action_without_goal"
    ACTION_WITHOUT_OWNER = "action_without_owner"
    ACTION_WITHOUT_GROUNDS = "action_without_grounds"
    ACTION_WITHOUT_PREDICTION = "action_without_prediction"
    PREDICTION_NOT_LOCKED = "prediction_not_locked"
    ACTION_NOT_EVALUATED = "action_not_evaluated"
    EVIDENCE_NOT_REVIEWED = "evidence_not_reviewed"
    EVIDENCE_NOT_LINKED = "evidence_not_linked"
    EVIDENCE_EXPIRED = "evidence_expired"
    CLAIM_WITHOUT_EVIDENCE = "claim_without_evidence"


class Status(StrEnum):
    """What can honestly be said of a goal. Nothing here is a judgement of people."""

    CONTRADICTED = "contradicted"
    OVERDUE = "overdue"
    NO_CHECK = "no_check"
    STALE = "stale"
    NO_MEASURE = "no_measure"
    AT_TARGET = "at_target"
    CANNOT_TELL = "cannot_tell"
    CLOSED = "closed"


@dataclass(frozen=True)
class Gap:
    """Where the thread is broken: `noun` and `noun_id` say what to open to mend it."""

    kind: GapKind
    noun: str
    noun_id: str | None
    title: str


@dataclass(frozen=True)
class Thread:
    """Everything of one cycle, and the visions and ambitions above it.

    `promised` are actions that were agreed in a meeting, such as a thing to do by next week.
    """

    cycle: Cycle
    visions: list[Vision]
    ambitions: list[Ambition]
    goals: list[Goal]
    indicators: dict[str, list[Indicator]]
    actions: list[Action]
    evidence: list[Evidence]
    links: list[Link]
    promised: frozenset[str] = frozenset()

    def actions_of(self, goal_id: str | None) -> list[Action]:
        return [action for action in self.actions if action.goal_id == goal_id]

    def links_to(self, noun_id: str) -> list[Link]:
        return [link for link in self.links if link.noun_id == noun_id]

    def links_about(self, goal: Goal) -> list[Link]:
        """Links to the goal itself and to its actions."""
        ids = {goal.goal_id, *(action.action_id for action in self.actions_of(goal.goal_id))}
        return [link for link in self.links if link.noun_id in ids]


@dataclass(frozen=True)
class GoalLine:
    """A goal as the start page shows it; `last` is the newest value that may be shown, `line` all of them."""

    goal: Goal
    indicator: Indicator | None
    points: tuple[series.Point, ...]
    last: series.Point | None
    status: Status
    n_actions: int
    n_late: int
    actions: tuple[Action, ...] = ()
    line: baselines.LineReading | None = None


@dataclass(frozen=True)
class ThisWeek:
    """The start page: where the school is, what is due, what is missing."""

    today: date
    week: calendar.SchoolWeek
    cycle: Cycle | None
    moves: list[PhaseMove] = field(default_factory=list)
    goals: list[GoalLine] = field(default_factory=list)
    due: list[Action] = field(default_factory=list)
    late: list[Action] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    open_rounds: list[Round] = field(default_factory=list)
    last_round: Round | None = None
    n_contradictions: int = 0


# --- reading ---------------------------------------------------------------------------------------------


def thread(store: Store, actor: Actor, cycle_id: str) -> Thread:
    """The thread of one cycle; archived things are left out. Raises `NotAllowed` for a cycle the actor may not see."""
    with store.cursor() as con:
        plan.require_cycle(con, actor, cycle_id)
        goals = records.find(con, Goal, where="cycle_id = $cycle", cycle=cycle_id)
        evidence = records.find(
            con, Evidence, where="cycle_id = $cycle", order="evidence_on, evidence_id", cycle=cycle_id
        )
        own = {piece.evidence_id for piece in evidence}
        return Thread(
            cycle=records.get(con, Cycle, cycle_id),
            visions=records.find(con, Vision),
            ambitions=records.find(con, Ambition),
            goals=goals,
            indicators=series.indicators_of(store, goals),
            actions=records.find(con, Action, where="cycle_id = $cycle", cycle=cycle_id),
            evidence=evidence,
            links=[link for link in records.find(con, Link) if link.evidence_id in own],
            promised=frozenset(
                one.action_id
                for one in records.find(con, MeetingAction, where=_MADE_IN_CYCLE, cycle=cycle_id)
            ),
        )


_MADE_IN_CYCLE = "turn = 'made' AND meeting_id IN (SELECT meeting_id FROM meeting WHERE cycle_id = $cycle)"


def this_week(store: Store, actor: Actor) -> ThisWeek:
    """The start page of the running cycle."""
    require(actor, Right.SEE_THREAD)
    today = config.today()
    staff = school.staff(store)
    week = calendar.school_week(today, staff.years, staff.holidays)
    cycle = plan.running_cycle(store)
    if cycle is None:
        return ThisWeek(today, week, None)
    found = thread(store, actor, cycle.cycle_id)
    open_actions = [a for a in found.actions if a.state in (ActionState.PLANNED, ActionState.RUNNING)]
    all_rounds = rounds.rounds_of(store, actor, cycle.cycle_id)
    talks = goal_talks.talks(store, cycle.cycle_id)
    return ThisWeek(
        today=today,
        week=week,
        cycle=cycle,
        moves=plan.find(store, actor, PhaseMove, noun="cycle", noun_id=cycle.cycle_id),
        goals=[
            _outranked(goal_line(store, actor, found, goal, today), talks.weeks_silent(goal, today))
            for goal in found.goals
            if goal.state is GoalState.OPEN
        ],
        due=sorted(
            (a for a in open_actions if a.due_on and today <= a.due_on <= today + SOON),
            key=lambda a: a.due_on or today,
        ),
        late=sorted((a for a in open_actions if is_late(a, today)), key=lambda a: a.due_on or today),
        gaps=gaps(found),
        open_rounds=[one for one in all_rounds if one.state == "open"],
        last_round=rounds.last_closed(store, actor, "collectief_vakmanschap"),
        n_contradictions=sum(link.says is Says.CONTRADICTS for link in found.links),
    )


def goal_line(store: Store, actor: Actor, found: Thread, goal: Goal, today: date) -> GoalLine:
    """One goal with its leading indicator, that indicator's values, and its honest status."""
    indicators = found.indicators.get(goal.goal_id, [])
    indicator = indicators[0] if indicators else None
    line = baselines.line_of(store, actor, indicator) if indicator else None
    points = list(line.points) if line else []
    actions = found.actions_of(goal.goal_id)
    return GoalLine(
        goal=goal,
        indicator=indicator,
        points=tuple(points),
        last=last_shown(points),
        status=goal_status(goal, indicator, points, found.links_about(goal), today),
        n_actions=len(actions),
        n_late=sum(is_late(action, today) for action in actions),
        # A chart marks what was tried, not every errand.
        actions=tuple(one for one in actions if not is_errand(found, one)),
        line=line,
    )


def _outranked(line: GoalLine, weeks_silent: int) -> GoalLine:
    """Silence is never green: a missed check-in outranks what the figures say, but not what is more urgent."""
    order = list(Status)
    if weeks_silent <= CHECK_EVERY or order.index(line.status) < order.index(Status.NO_CHECK):
        return line
    return replace(line, status=Status.NO_CHECK)


def last_shown(points: list[series.Point]) -> series.Point | None:
    return next((point for point in reversed(points) if point.value is not None), None)


def is_late(action: Action, today: date) -> bool:
    unfinished = action.state in (ActionState.PLANNED, ActionState.RUNNING)
    return unfinished and action.due_on is not None and action.due_on < today


# --- rules -----------------------------------------------------------------------------------------------


def goal_status(
    goal: Goal, indicator: Indicator | None, points: list[series.Point], links: list[Link], today: date
) -> Status:
    """What can be said of a goal, the most urgent first. A rise or fall alone says nothing yet."""
    last = last_shown(points)
    if goal.state is GoalState.CLOSED:
        return Status.CLOSED
    if any(link.says is Says.CONTRADICTS for link in links):
        return Status.CONTRADICTED
    if goal.due_on is not None and goal.due_on < today:
        return Status.OVERDUE
    if indicator is None or last is None:
        return Status.NO_MEASURE
    if today - last.on > STALE_AFTER:
        return Status.STALE
    return Status.AT_TARGET if reaches(indicator, last.value) else Status.CANNOT_TELL


def reaches(indicator: Indicator, value: float | None) -> bool:
    """Whether a value is at the target or beyond it, in the indicator's direction."""
    if indicator.target is None or value is None:
        return False
    return (
        value >= indicator.target if indicator.direction is Direction.INCREASE else value <= indicator.target
    )


def gaps(found: Thread) -> list[Gap]:
    """Every break in the thread of a cycle, most basic first."""
    named = [
        *_gaps_above(found),
        *(gap for goal in found.goals for gap in _gaps_of_goal(found, goal)),
        *(gap for action in found.actions for gap in _gaps_of_action(found, action)),
        *(gap for piece in found.evidence for gap in _gaps_of_evidence(found, piece)),
    ]
    order = list(GapKind)
    return sorted(named, key=lambda gap: order.index(gap.kind))


def _gaps_above(found: Thread) -> list[Gap]:
    missing = [
        (GapKind.NO_VISION, "vision", found.visions),
        (GapKind.NO_AMBITION, "ambition", found.ambitions),
        (GapKind.NO_GOAL, "goal", found.goals),
    ]
    # Only the first of the three: one step at a time.
    first = next((Gap(kind, noun, None, "") for kind, noun, there in missing if not there), None)
    visions = {vision.vision_id for vision in found.visions}
    loose = [
        _gap(GapKind.AMBITION_WITHOUT_VISION, one) for one in found.ambitions if one.vision_id not in visions
    ]
    return [*([first] if first else []), *(loose if found.visions else [])]


def _gaps_of_goal(found: Thread, goal: Goal) -> list[Gap]:
    indicators = found.indicators.get(goal.goal_id, [])
    supported = any(link.says is Says.SUPPORTS for link in found.links_about(goal))
    claims = goal.judgement in (Judgement.REACHED, Judgement.PARTLY)
    checks = [
        (GapKind.CLAIM_WITHOUT_EVIDENCE, goal.state is GoalState.CLOSED and claims and not supported),
        (GapKind.GOAL_WITHOUT_AMBITION, goal.ambition_id not in {one.ambition_id for one in found.ambitions}),
        (GapKind.GOAL_WITHOUT_OWNER, goal.owner_id is None),
        (GapKind.GOAL_WITHOUT_INDICATOR, not indicators),
        (GapKind.INDICATOR_INCOMPLETE, any(one.baseline is None or one.target is None for one in indicators)),
        (GapKind.GOAL_WITHOUT_ACTION, not found.actions_of(goal.goal_id)),
    ]
    closed = goal.state is GoalState.CLOSED
    return [
        _gap(kind, goal)
        for kind, there in checks
        if there and (not closed or kind is GapKind.CLAIM_WITHOUT_EVIDENCE)
    ]


def _gaps_of_action(found: Thread, action: Action) -> list[Gap]:
    ended = action.state in (ActionState.DONE, ActionState.STOPPED)
    claims = action.next_step is NextStep.ADOPT and not found.links_to(action.action_id)
    test = not is_errand(found, action)
    checks = [
        (GapKind.ACTION_WITHOUT_GOAL, action.goal_id not in {goal.goal_id for goal in found.goals}),
        (GapKind.ACTION_WITHOUT_OWNER, action.owner_id is None and not ended),
        (GapKind.ACTION_WITHOUT_GROUNDS, test and not action.grounds.strip() and not ended),
        (GapKind.PREDICTION_NOT_LOCKED, _could_lock(action)),
        (GapKind.ACTION_WITHOUT_PREDICTION, test and not action.prediction.strip() and not ended),
        (GapKind.ACTION_NOT_EVALUATED, test and ended and action.evaluated_on is None),
        (GapKind.CLAIM_WITHOUT_EVIDENCE, claims),
    ]
    return [_gap(kind, action) for kind, there in checks if there]


def is_errand(found: Thread, action: Action) -> bool:
    """Whether an action was agreed in a meeting and never grew into a test: of an errand nobody asks a prediction."""
    return action.action_id in found.promised and not (action.prediction.strip() or action.grounds.strip())


def _could_lock(action: Action) -> bool:
    """Under way with a prediction that can still be changed."""
    running = action.state is ActionState.RUNNING
    return running and bool(action.prediction.strip()) and action.locked_on is None


def has_expired(piece: Evidence) -> bool:
    return piece.valid_until is not None and piece.valid_until < config.today()


def _gaps_of_evidence(found: Thread, piece: Evidence) -> list[Gap]:
    linked = any(link.evidence_id == piece.evidence_id for link in found.links)
    checks = [
        (GapKind.EVIDENCE_NOT_REVIEWED, piece.reviewed_on is None),
        (GapKind.EVIDENCE_NOT_LINKED, not linked),
        (GapKind.EVIDENCE_EXPIRED, linked and has_expired(piece)),
    ]
    return [_gap(kind, piece) for kind, there in checks if there]


def _gap(kind: GapKind, about: Record) -> Gap:
    return Gap(kind, about.TABLE, about.id, str(getattr(about, "title", "")))
