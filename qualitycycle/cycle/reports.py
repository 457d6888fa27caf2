"""Act: what a report is made of, gathered through the gate and within the rights of who asks for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import TypeVar

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import (
    baselines,
    confidence,
    evidence,
    frozen,
    gate,
    plan,
    questionnaires,
    reached_levels,
    results,
    rounds,
    school,
    series,
    standards,
    thread,
    weighing,
)
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.confidence import VotePoint
from qualitycycle.cycle.frozen import SCHOOL, RoundResult
from qualitycycle.cycle.reached_levels import ReachedLevels
from qualitycycle.cycle.results import ScaleChange
from qualitycycle.cycle.series import Point, Selection, Series
from qualitycycle.cycle.standards import Standard
from qualitycycle.cycle.thread import Gap, Status, Thread
from qualitycycle.errors import NotAllowed, NotFound
from qualitycycle.model import (
    Action,
    Actor,
    Ambition,
    Cycle,
    CycleState,
    Evidence,
    Goal,
    Instrument,
    Link,
    Obstacle,
    PhaseMove,
    Record,
    Role,
    Round,
    RoundState,
    School,
    Success,
    Verdict,
    Vision,
)
from qualitycycle.store.connect import Store

R = TypeVar("R", bound=Record)


class Kind(StrEnum):
    """The reports there are, by the word that schools and the terminal use."""

    MR = "mr"
    BOARD = "bestuur"
    STANDARDS = "zelfevaluatie"
    YEAR_PLAN = "jaarplan"
    HALF_YEAR = "halfjaar"
    MINUTES = "notulen"
    GOAL = "doel"
    CYCLE = "cyclus"


_GUIDES = frozenset({Role.LEADER, Role.COACH})
_STAFF = _GUIDES | {Role.MEMBER}
# Accounts to others are made by who answers for them; working papers by everybody who works with them.
# A reader makes them of closed cycles only.
MAY: Mapping[Kind, frozenset[Role]] = {
    Kind.MR: _STAFF | {Role.READER},
    Kind.BOARD: _GUIDES | {Role.READER},
    Kind.STANDARDS: _GUIDES | {Role.READER},
    Kind.YEAR_PLAN: _STAFF | {Role.READER},
    Kind.HALF_YEAR: _STAFF | {Role.READER},
    Kind.MINUTES: _STAFF | {Role.READER},
    Kind.GOAL: _STAFF | {Role.READER},
    Kind.CYCLE: _STAFF | {Role.READER},
}
# Others read these: they are about the school, so nobody is named in them.
NAMELESS = frozenset({Kind.MR, Kind.BOARD, Kind.STANDARDS})
# What the MR reads is about groups of at least this many.
MR_FLOOR = disclosure.FLOOR_DISTRIBUTION
# A review of the first half is still written some weeks into the second.
WRITING_TIME = timedelta(weeks=6)


@dataclass(frozen=True)
class GoalReview:
    """A goal with its lines up to the end of the period, its actions, its evidence (contradicting first), its votes.

    `kept_back`: how many values this report leaves out that the gate would show. `verdicts`: what the evidence lets
    say of its actions; empty in a review of a half year gone by, which is not to tell what came in later.
    """

    goal: Goal
    team: str
    owner: str
    status: Status
    lines: tuple[LineReading, ...]
    references: tuple[tuple[tuple[str, float], ...], ...]
    actions: tuple[Action, ...]
    evidence: tuple[tuple[Link, Evidence], ...]
    votes: tuple[VotePoint, ...] = ()
    kept_back: int = 0
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    def about(self, target_id: str) -> list[tuple[Link, Evidence]]:
        return [(link, piece) for link, piece in self.evidence if link.noun_id == target_id]


@dataclass(frozen=True)
class RoundReview:
    """A closed round: what the gate let out, and the school beside the round before."""

    round: Round
    result: RoundResult
    instrument: Instrument
    changes: tuple[ScaleChange, ...] = ()


@dataclass(frozen=True)
class Review:
    """Everything a report can be made of. Names are there only where the report may name people."""

    kind: Kind
    school: School
    cycle: Cycle
    made_on: date
    first_on: date
    last_on: date
    data_version: int
    visions: tuple[Vision, ...]
    ambitions: tuple[Ambition, ...]
    goals: tuple[GoalReview, ...]
    loose_actions: tuple[Action, ...]
    loose_evidence: tuple[Evidence, ...]
    rounds: tuple[RoundReview, ...]
    open_rounds: tuple[Round, ...]
    outcomes: tuple[Series, ...]
    gaps: tuple[Gap, ...]
    standards: tuple[Standard, ...]
    moves: tuple[PhaseMove, ...] = ()
    teams: tuple[tuple[str, str], ...] = ()
    successes: tuple[Success, ...] = ()
    obstacles: tuple[Obstacle, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    asked: str = ""
    reached: Mapping[Selection, ReachedLevels] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        return not (self.goals or self.loose_actions or self.loose_evidence or self.rounds)

    @property
    def kept_back(self) -> int:
        return sum(one.kept_back for one in self.goals)

    def happened(self, on: date | None) -> bool:
        """Whether a day lies in the period of the report."""
        return on is not None and self.first_on <= on <= self.last_on

    def name(self, person_id: str | None) -> str:
        """A person's name, or nothing where this report names nobody."""
        return self.people.get(person_id or "", "")


# --- who may ---------------------------------------------------------------------------------------------


def may_make(actor: Actor, kind: Kind) -> bool:
    return actor.role in MAY[kind]


def kinds_for(actor: Actor) -> list[Kind]:
    """The reports that this role may make."""
    return [kind for kind in Kind if may_make(actor, kind)]


def _require(actor: Actor, kind: Kind) -> None:
    require(actor, Right.SEE_THREAD)
    if not may_make(actor, kind):
        raise NotAllowed(str(actor.role), str(Right.SEE_THREAD))


def cycle_for(store: Store, actor: Actor, cycle_id: str | None = None) -> Cycle | None:
    """The cycle asked for, by id or by title; without one the latest that this role may look into.

    Raises `NotFound` for a cycle that is not there for this role.
    """
    visible = plan.visible_cycles(store, actor)
    if cycle_id is None:
        return visible[0] if visible else None
    found = next((one for one in visible if cycle_id in (one.cycle_id, one.title)), None)
    if found is None:
        raise NotFound("cycle", cycle_id)
    return found


def goals_of(store: Store, actor: Actor, cycle_id: str) -> list[Goal]:
    """The goals of a cycle, to choose one of."""
    return thread.thread(store, actor, cycle_id).goals


# --- gathering -------------------------------------------------------------------------------------------


def review(
    store: Store, actor: Actor, kind: Kind, cycle_id: str, *, goal_id: str | None = None, asked: str = ""
) -> Review:
    """What a report of a cycle rests on. `asked` is what the school itself asks its reader.

    Raises `NotAllowed` for a report or a cycle that is not this role's, `NotFound` for a goal of another cycle.
    """
    _require(actor, kind)
    found = thread.thread(store, actor, cycle_id)
    staff = school.staff(store)
    first, last = _period(kind, found.cycle, config.today())
    goals = [_goal(store, actor, kind, found, goal, staff, last) for goal in _wanted(found, goal_id)]
    tied = {link.evidence_id for link in found.links}
    own = {goal.goal_id for goal in found.goals}
    closed, still_open = _rounds(store, actor, kind, found.cycle)
    outcomes = tuple(_outcomes(store, actor, kind, last))
    return Review(
        kind=kind,
        school=staff.school,
        cycle=found.cycle,
        made_on=config.today(),
        first_on=first,
        last_on=last,
        data_version=store.data_version,
        visions=tuple(found.visions),
        ambitions=tuple(found.ambitions),
        goals=tuple(goals),
        loose_actions=tuple(sorted((one for one in found.actions if one.goal_id not in own), key=_begins)),
        loose_evidence=tuple(
            _without_figure(kind, piece) for piece in found.evidence if piece.evidence_id not in tied
        ),
        rounds=tuple(closed),
        open_rounds=tuple(still_open),
        outcomes=outcomes,
        reached=_reached(store, outcomes, last),
        gaps=tuple(thread.gaps(found)),
        standards=tuple(standards.standards(staff.school.sector)),
        moves=tuple(plan.find(store, actor, PhaseMove, noun="cycle", noun_id=cycle_id)),
        successes=tuple(one for one in _of_cycle(store, actor, Success, cycle_id) if one.happened_on <= last),
        obstacles=tuple(
            one
            for one in _of_cycle(store, actor, Obstacle, cycle_id)
            if one.raised_on <= last and (one.solved_on is None or one.solved_on > last)
        ),
        teams=() if kind in NAMELESS else tuple((team.team_id, team.name) for team in staff.teams),
        people={} if kind in NAMELESS else {one.person_id: one.name for one in staff.people},
        asked=asked.strip(),
    )


def _of_cycle(store: Store, actor: Actor, noun: type[R], cycle_id: str) -> list[R]:
    return plan.find(store, actor, noun, cycle_id=cycle_id)


def _wanted(found: Thread, goal_id: str | None) -> list[Goal]:
    if goal_id is None:
        return found.goals
    goals = [goal for goal in found.goals if goal_id in (goal.goal_id, goal.title)]
    if not goals:
        raise NotFound("goal", goal_id)
    return goals[:1]


def _period(kind: Kind, cycle: Cycle, today: date) -> tuple[date, date]:
    """The days a report is about: the cycle as far as it has come, or the half of it that is looked back on."""
    if kind is Kind.YEAR_PLAN:
        return cycle.first_on, cycle.last_on
    ended = cycle.closed_on if cycle.state is CycleState.CLOSED else None
    last = max(cycle.first_on, min(today, max(cycle.last_on, ended or cycle.last_on)))
    if kind is not Kind.HALF_YEAR:
        return cycle.first_on, last
    middle = cycle.first_on + (cycle.last_on - cycle.first_on) / 2
    if last <= middle + WRITING_TIME:
        return cycle.first_on, min(last, middle)
    return middle + timedelta(days=1), last


# --- one goal --------------------------------------------------------------------------------------------


def _goal(
    store: Store, actor: Actor, kind: Kind, found: Thread, goal: Goal, staff: school.Staff, last: date
) -> GoalReview:
    indicators = found.indicators.get(goal.goal_id, [])
    sources = [series.line_of(store, actor, one) for one in indicators]
    whole = [baselines.line_of(store, actor, one) for one in indicators]
    lines = [
        _until(line, last, _keeps_back(kind, source)) for line, source in zip(whole, sources, strict=True)
    ]
    told_later = kind is Kind.HALF_YEAR and last < config.today()
    # What can be said of a goal does not change with who reads it.
    points = [point for point in whole[0].points if point.on <= last] if whole else []
    return GoalReview(
        goal=goal,
        team=staff.team_name(goal.team_id) or "",
        owner="" if kind in NAMELESS else staff.person_name(goal.owner_id) or "",
        status=thread.goal_status(
            goal, indicators[0] if indicators else None, points, found.links_about(goal), last
        ),
        lines=tuple(lines),
        references=tuple(source.references if source else () for source in sources),
        actions=tuple(sorted(found.actions_of(goal.goal_id), key=_begins)),
        evidence=tuple(_evidence_about(kind, found, goal)),
        votes=tuple(
            vote
            for vote in confidence.votes_about(store, actor, goal.goal_id)
            if kind is not Kind.MR and vote.on <= last
        ),
        verdicts={} if told_later else _verdicts(store, actor, found, goal),
        kept_back=sum(
            _n_shown(before, last) - _n_shown(after, last) for before, after in zip(whole, lines, strict=True)
        ),
    )


def _begins(action: Action) -> tuple[date, str]:
    """The order of actions in a report: as they follow each other, those without a date last."""
    return action.start_on or action.due_on or date.max, action.title


def _verdicts(store: Store, actor: Actor, found: Thread, goal: Goal) -> dict[str, Verdict]:
    own = weighing.weigh_all(store, actor, found, found.actions_of(goal.goal_id))
    return {action_id: weighed.verdict for action_id, weighed in own.items()}


def _keeps_back(kind: Kind, source: Series | None) -> bool:
    # What others publish about a school they publish for everybody.
    return kind is Kind.MR and (source is None or source.selection.pupils)


def _until(line: LineReading, last: date, keep_back: bool) -> LineReading:
    """A line up to a day, as it is judged by what was there then."""
    points = [point for point in line.points if point.on <= last]
    if keep_back:
        points = [_for_many(point) for point in points]
    return baselines.read(line.indicator, points, [one for one in line.baselines if one.applies_on <= last])


def _for_many(point: Point) -> Point:
    """A value as the MR reads it: only about groups that are known to be large enough."""
    if point.value is None or (point.n or 0) >= MR_FLOOR:
        return point
    return replace(point, value=None, n=None, low=None, high=None, reason="too_few")


def _n_shown(line: LineReading, last: date) -> int:
    return sum(point.value is not None and point.on <= last for point in line.points)


def _evidence_about(kind: Kind, found: Thread, goal: Goal) -> list[tuple[Link, Evidence]]:
    pieces = {piece.evidence_id: _without_figure(kind, piece) for piece in found.evidence}
    pairs = [
        (link, pieces[link.evidence_id])
        for link in found.links_about(goal)
        if link.evidence_id in pieces and not link.archived
    ]
    return sorted(
        pairs, key=lambda pair: (evidence.ORDER.index(pair[0].says), pair[1].evidence_on, pair[0].link_id)
    )


def _without_figure(kind: Kind, piece: Evidence) -> Evidence:
    """Evidence as a report tells of it: its number where that may be told, and no figures of its own."""
    floor = MR_FLOOR if kind is Kind.MR else disclosure.FLOOR
    n = piece.n if piece.n is not None and gate.is_enough(piece.n, floor=floor) else None
    return replace(piece, n=n, figure={}, data_ref={})


# --- the school ------------------------------------------------------------------------------------------


def _rounds(store: Store, actor: Actor, kind: Kind, cycle: Cycle) -> tuple[list[RoundReview], list[Round]]:
    all_closed = results.closed_rounds(store, actor)
    own = rounds.rounds_of(store, actor, cycle.cycle_id)
    closed = [one for one in reversed(own) if one.state is RoundState.CLOSED]
    still_open = [one for one in own if one.state is RoundState.OPEN]
    return [_round(store, actor, kind, one, all_closed) for one in closed], still_open


def _round(store: Store, actor: Actor, kind: Kind, one: Round, closed: Sequence[Round]) -> RoundReview:
    result = rounds.result(store, actor, one.round_id)
    if kind in NAMELESS:
        # Others read about the school; what a team says stays with the team.
        result = replace(result, groups=(_for_others(result, kind),))
    changes = results.changes(store, actor, one, closed).get(SCHOOL, [])
    return RoundReview(
        round=replace(one, result={}),
        result=result,
        instrument=questionnaires.get(store, one.instrument_key, one.instrument_version),
        changes=tuple(changes) if result.school.shown else (),
    )


def _for_others(result: RoundResult, kind: Kind) -> frozen.GroupResult:
    own = result.school
    if kind is Kind.MR and (own.n or 0) < MR_FLOOR:
        return frozen.GroupResult(own.key, False, None, reason=frozen.TOO_FEW)
    return own


def _outcomes(store: Store, actor: Actor, kind: Kind, last: date) -> list[Series]:
    """The lines about the school as a whole, up to a day; one of levels only where it says which level."""
    lines = [
        series.series(store, actor, one)
        for one in series.selections(store, actor)
        if one.about_school and (one.level is not None or one.measure is not series.Measure.SHARE)
    ]
    cut = [_series_until(one, last, _keeps_back(kind, one)) for one in lines]
    return [one for one in cut if one.points]


def _reached(store: Store, outcomes: Sequence[Series], last: date) -> dict[Selection, ReachedLevels]:
    """The reached levels over three years, where those years end in the period of the report."""
    lines = [one.selection for one in outcomes if reached_levels.is_reached_levels(one.selection)]
    found = {line: reached_levels.reached_levels(store, line) for line in lines}
    return {line: one for line, one in found.items() if one is not None and one.years[-1].on <= last}


def _series_until(one: Series, last: date, keep_back: bool) -> Series:
    points = [point for point in one.points if point.on <= last]
    return replace(one, points=tuple(_for_many(point) if keep_back else point for point in points))
