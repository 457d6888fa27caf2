"""Plan: visions, ambitions, goals, indicators and actions are made, changed, ordered, archived and restored."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from qualitycycle import config
from qualitycycle.cycle import access, before_start, sign_in
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.school import check_brin
from qualitycycle.errors import CycleClosed, Incomplete, NotAllowed, TooManyGoals
from qualitycycle.i18n import _
from qualitycycle.model import (
    Action,
    Actor,
    Ambition,
    Attachment,
    Baseline,
    Cycle,
    CycleState,
    Decision,
    Evidence,
    Expertise,
    ExpertiseTheme,
    FigurePrediction,
    Goal,
    GoalCheck,
    GoalState,
    Holiday,
    Indicator,
    LaterNote,
    Link,
    Measurement,
    Meeting,
    MeetingAction,
    MeetingPoint,
    Obstacle,
    Overruling,
    Parked,
    Person,
    Phase,
    PhaseMove,
    Policy,
    PolicyEvidence,
    PolicyVersion,
    Record,
    Role,
    Round,
    School,
    SchoolYear,
    Success,
    SupportAgreement,
    SupportMember,
    SupportTask,
    TaskDone,
    TaskRole,
    Team,
    TeamReason,
    Vision,
    WayRemark,
    WayVersion,
    Weighing,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

R = TypeVar("R", bound=Record)
# More than three goals at once seldom get done; a team may go beyond it with a written reason.
MAX_OPEN_GOALS = 3

# Which right a noun asks for when it is made or changed.
RIGHTS: dict[type[Record], Right] = {
    School: Right.MANAGE,
    Team: Right.MANAGE,
    Person: Right.MANAGE,
    SchoolYear: Right.MANAGE,
    Holiday: Right.MANAGE,
    Cycle: Right.EDIT_THREAD,
    Vision: Right.EDIT_THREAD,
    Ambition: Right.EDIT_THREAD,
    Goal: Right.EDIT_THREAD,
    Indicator: Right.EDIT_THREAD,
    Measurement: Right.EDIT_THREAD,
    Baseline: Right.EDIT_THREAD,
    Evidence: Right.EDIT_THREAD,
    Link: Right.EDIT_THREAD,
    Weighing: Right.EDIT_THREAD,
    SupportTask: Right.EDIT_THREAD,
    SupportMember: Right.EDIT_THREAD,
    TeamReason: Right.EDIT_THREAD,
    SupportAgreement: Right.EDIT_THREAD,
    Policy: Right.EDIT_THREAD,
    ExpertiseTheme: Right.EDIT_THREAD,
}
# What is for the staff; what a reader sees of policies and of the way of working is closed (see those modules).
FOR_STAFF = (
    SupportTask, TaskRole, TaskDone, SupportMember, TeamReason, SupportAgreement, Policy, PolicyVersion,
    PolicyEvidence, WayVersion, WayRemark, ExpertiseTheme, Expertise,
)  # fmt: skip
# What a member may change in her own action: the state of the work, not what was agreed.
OWN_ACTION_FIELDS = frozenset(
    {"state", "done_as_planned", "learned", "stopped_on", "sessions_planned", "sessions_held"}
)


# --- reading ---------------------------------------------------------------------------------------------


def get(store: Store, actor: Actor, noun: type[R], record_id: str) -> R:
    """One record, archived or not; raises `NotFound`, and `NotAllowed` where the actor may not look."""
    require(actor, Right.SEE_THREAD)
    with store.cursor() as con:
        found = records.get(con, noun, record_id)
        if not _may_read(con, actor, found):
            raise NotAllowed(str(actor.role), str(Right.SEE_THREAD))
    return found


def find(store: Store, actor: Actor, noun: type[R], /, *, archived: bool = False, **equal: Any) -> list[R]:
    """Records whose fields equal the given values, in their order; what the actor may not see is left out."""
    require(actor, Right.SEE_THREAD)
    where = " AND ".join(f"{name} = ${name}" for name in equal) or "true"
    with store.cursor() as con:
        found = records.find(con, noun, where=where, archived=archived, **equal)
        return [one for one in found if _may_read(con, actor, one)]


def require_cycle(con: records.Connection, actor: Actor, cycle_id: str) -> None:
    """Raise `NotAllowed` for a cycle that this role may not look into: a reader sees closed ones only."""
    require(actor, Right.SEE_THREAD)
    if not _is_visible(con, actor, cycle_id):
        raise NotAllowed(str(actor.role), str(Right.SEE_THREAD))


def _is_visible(con: records.Connection, actor: Actor, cycle_id: str) -> bool:
    if access.may(actor, Right.EDIT_OWN_ACTION):
        return True
    sql = "SELECT 1 FROM cycle WHERE cycle_id = $id AND state = 'closed'"
    return con.execute(sql, {"id": cycle_id}).fetchone() is not None


def _may_read(con: records.Connection, actor: Actor, subject: Record) -> bool:
    # That a cycle or a round is there is no secret; results of closed rounds are for readers too.
    if access.may(actor, Right.EDIT_OWN_ACTION) or isinstance(subject, Cycle | Round):
        return True
    # What lies in a file went through no gate.
    if isinstance(subject, (Attachment, *FOR_STAFF)):
        return False
    cycle_id = _cycle_of(con, subject)
    return cycle_id is None or _is_visible(con, actor, cycle_id)


def running_cycle(store: Store) -> Cycle | None:
    """The cycle that runs now: the latest one that is not closed."""
    return next((cycle for cycle in all_cycles(store) if cycle.state is CycleState.RUNNING), None)


def all_cycles(store: Store) -> list[Cycle]:
    """Every cycle, latest first."""
    with store.cursor() as con:
        return records.find(con, Cycle, order="first_on DESC, cycle_id")


def visible_cycles(store: Store, actor: Actor) -> list[Cycle]:
    """The cycles a role may look into: a reader sees closed ones only."""
    cycles = all_cycles(store)
    if access.may(actor, Right.EDIT_OWN_ACTION):
        return cycles
    return [cycle for cycle in cycles if cycle.state is CycleState.CLOSED]


# --- writing ---------------------------------------------------------------------------------------------


def record(store: Store, actor: Actor, new: R) -> R:
    """Store a new vision, ambition, goal, indicator, measurement, action, team, person or evidence.

    Raises `NotAllowed`, `Incomplete`, `CycleClosed`, and `TooManyGoals` for a fourth goal without a reason.
    """

    def use_case(tx: Transaction) -> R:
        _check_access(actor, new, changed=None)
        check(tx, new)
        saved = tx.insert(_placed_last(tx, new))
        if isinstance(saved, Goal):
            _move_phase(tx, "goal", saved.id, saved.phase, config.today())
        return saved

    return store.write(use_case, actor=actor, verb=f"add_{new.TABLE}")


def change(store: Store, actor: Actor, noun: type[R], record_id: str, seen: int | None, **changes: Any) -> R:
    """Save changes to a record that the user opened at revision `seen`.

    Raises as `record`, and `ChangedMeanwhile` when somebody saved it in between.
    """

    def use_case(tx: Transaction) -> R:
        before = tx.get(noun, record_id)
        _check_access(actor, before, changed=frozenset(changes))
        refuse_closed(tx, before)
        check(tx, replace(before, **changes))
        changed = {**changes, **before_start.locking(before, changes)}
        _keep_a_leader(tx, before, stays=changes.get("role", Role.LEADER) is Role.LEADER)
        if isinstance(before, Person) and changes.get("role", before.role) is not before.role:
            # Nobody works on with the access of before.
            sign_in.end_sessions(tx, record_id)
        return tx.change(noun, record_id, seen, **changed)

    return store.write(use_case, actor=actor, verb=f"change_{noun.TABLE}")


def archive(store: Store, actor: Actor, noun: type[R], record_id: str) -> R:
    """Put a record aside. What hangs on it stays and shows up as a gap in the thread."""

    def use_case(tx: Transaction) -> R:
        before = tx.get(noun, record_id)
        _check_access(actor, before, changed=None)
        refuse_closed(tx, before)
        _keep_a_leader(tx, before, stays=False)
        if isinstance(before, Person):
            sign_in.end_sessions(tx, record_id)
        return tx.archive(noun, record_id)

    return store.write(use_case, actor=actor, verb=f"archive_{noun.TABLE}")


def restore(store: Store, actor: Actor, noun: type[R], record_id: str) -> R:
    """Bring an archived record back; a goal counts again towards the team's limit."""

    def use_case(tx: Transaction) -> R:
        before = tx.get(noun, record_id)
        _check_access(actor, before, changed=None)
        check(tx, replace(before, archived_at=None))
        return tx.restore(noun, record_id)

    return store.write(use_case, actor=actor, verb=f"restore_{noun.TABLE}")


def reorder(store: Store, actor: Actor, noun: type[R], ordered_ids: Sequence[str]) -> None:
    """Give records the order in which their ids are listed."""

    def use_case(tx: Transaction) -> None:
        for position, record_id in enumerate(ordered_ids):
            before = tx.get(noun, record_id)
            _check_access(actor, before, changed=None)
            refuse_closed(tx, before)
            if getattr(before, "position", None) != position:
                tx.change(noun, record_id, None, position=position)

    store.write(use_case, actor=actor, verb=f"reorder_{noun.TABLE}")


def move_phase(
    store: Store, actor: Actor, noun: type[Goal] | type[Cycle], record_id: str, phase: Phase, on: date
) -> None:
    """Move a goal or a cycle to a phase, on a date."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> None:
        before = tx.get(noun, record_id)
        refuse_closed(tx, before)
        cycle = before if isinstance(before, Cycle) else tx.get(Cycle, before.cycle_id)
        if on < cycle.first_on or on > config.today():
            raise Incomplete("phase_move", "moved_on", "outside_scale")
        tx.change(noun, record_id, None, phase=phase)
        _move_phase(tx, noun.TABLE, record_id, phase, on)

    store.write(use_case, actor=actor, verb=f"move_phase_{noun.TABLE}")


def _move_phase(tx: Transaction, noun: str, noun_id: str, phase: Phase, on: date) -> None:
    tx.insert(PhaseMove(phase_move_id=new_id(), noun=noun, noun_id=noun_id, phase=phase, moved_on=on))


def _placed_last(tx: Transaction, new: R) -> R:
    if "position" not in records.columns(type(new)):
        return new
    placed: dict[str, Any] = {"position": tx.next_position(type(new))}
    return replace(new, **placed)


# --- what is refused -------------------------------------------------------------------------------------


def _check_access(actor: Actor, subject: Record, changed: frozenset[str] | None) -> None:
    if isinstance(subject, Action):
        if changed is not None and changed <= OWN_ACTION_FIELDS:
            access.require_action(actor, subject)
        else:
            require(actor, Right.EDIT_THREAD)
        return
    require(actor, RIGHTS[type(subject)])


def refuse_closed(tx: Transaction, subject: Record) -> None:
    """Raise `CycleClosed` when the record belongs to a closed cycle."""
    cycle_id = _cycle_of(tx.con, subject)
    if cycle_id is None:
        return
    closed = tx.execute("SELECT title FROM cycle WHERE cycle_id = $id AND state = 'closed'", id=cycle_id)
    if closed:
        raise CycleClosed(cycle_id, closed[0][0])


def _cycle_of(con: records.Connection, subject: Record) -> str | None:
    match subject:
        case Cycle():
            return subject.cycle_id
        case Goal() | Action() | Evidence() | Round() | Meeting() | Success() | Obstacle() | Parked():
            return subject.cycle_id
        case Indicator():
            return records.get(con, Goal, subject.goal_id).cycle_id
        case Measurement() | Baseline():
            return _cycle_of(con, records.get(con, Indicator, subject.indicator_id))
        case Link() | Attachment():
            return records.get(con, Evidence, subject.evidence_id).cycle_id
        case Weighing() | LaterNote() | Overruling():
            return records.get(con, Action, subject.action_id).cycle_id
        case Decision() | MeetingAction() | GoalCheck() | FigurePrediction() | MeetingPoint():
            return records.get(con, Meeting, subject.meeting_id).cycle_id
    return None


def check(tx: Transaction, subject: Record) -> None:
    """Raise when a record about to be saved is incomplete, contradicts itself or may not be there."""
    refuse_closed(tx, subject)
    _check_title(subject)
    match subject:
        case Goal():
            _check_goal(tx, subject)
        case Indicator():
            _check_indicator(subject)
        case Measurement():
            _check_measurement(tx, subject)
        case Baseline():
            _check_baseline(subject)
        case Action():
            _check_action(subject)
        case School():
            _check_school(subject)
        case Team() | Person():
            _check_name(tx, subject)
        case Holiday() | SchoolYear() | Cycle():
            _check_period(subject)


def _check_title(subject: Record) -> None:
    title = getattr(subject, "title", None)
    if title is not None and not isinstance(subject, Person) and not title.strip():
        raise Incomplete(subject.TABLE, "title")


def _check_goal(tx: Transaction, goal: Goal) -> None:
    if goal.state is GoalState.CLOSED or goal.over_limit_reason.strip():
        return
    team = goal.team_id
    same = tx.find(
        Goal,
        where="cycle_id = $cycle AND state = 'open' AND team_id IS NOT DISTINCT FROM $team AND goal_id <> $own",
        cycle=goal.cycle_id,
        team=team,
        own=goal.goal_id,
    )
    if len(same) >= MAX_OPEN_GOALS and not any(other.goal_id == goal.goal_id for other in same):
        name = tx.get(Team, team).name if team else _("The whole school")
        raise TooManyGoals(name, len(same), MAX_OPEN_GOALS)


def _check_indicator(indicator: Indicator) -> None:
    for name in ("baseline", "target"):
        value = getattr(indicator, name)
        if value is not None and not math.isfinite(value):
            raise Incomplete("indicator", name, "not_a_number")
        if value is not None and indicator.levels and not 1 <= value <= len(indicator.levels):
            raise Incomplete("indicator", name, "outside_scale")
    if indicator.baseline is None or indicator.target is None:
        return
    rises = indicator.target > indicator.baseline
    falls = indicator.target < indicator.baseline
    if (indicator.direction == "increase" and falls) or (indicator.direction == "decrease" and rises):
        raise Incomplete("indicator", "target", "wrong_direction")


def _check_measurement(tx: Transaction, measurement: Measurement) -> None:
    if not math.isfinite(measurement.value):
        raise Incomplete("measurement", "value", "not_a_number")
    levels = tx.get(Indicator, measurement.indicator_id).levels
    if levels and not 1 <= measurement.value <= len(levels):
        raise Incomplete("measurement", "value", "outside_scale")
    if measurement.measured_on > config.today():
        raise Incomplete("measurement", "measured_on", "outside_scale")
    if measurement.n is not None and measurement.n < 1:
        raise Incomplete("measurement", "n", "outside_scale")


def _check_baseline(baseline: Baseline) -> None:
    if not baseline.reason.strip():
        raise Incomplete("baseline", "reason")
    # A date field that was emptied gives None, whatever the dataclass says.
    if baseline.applies_on is None:
        raise Incomplete("baseline", "applies_on")
    if baseline.applies_on > config.today():
        raise Incomplete("baseline", "applies_on", "in_future")


def _check_action(action: Action) -> None:
    if action.start_on and action.due_on and action.due_on < action.start_on:
        raise Incomplete("action", "due_on", "before_first")
    for name in ("sessions_planned", "sessions_held"):
        if (getattr(action, name) or 0) < 0:
            raise Incomplete("action", name, "outside_scale")


def _check_school(subject: School) -> None:
    if not subject.name.strip():
        raise Incomplete("school", "name")
    check_brin(subject.brin)


def _check_period(subject: Holiday | SchoolYear | Cycle) -> None:
    if isinstance(subject, Holiday) and not subject.name.strip():
        raise Incomplete("holiday", "name")
    for name in ("first_on", "last_on"):
        # A date field that was emptied gives None, whatever the dataclass says.
        if getattr(subject, name) is None:
            raise Incomplete(subject.TABLE, name)
    one_day_will_do = isinstance(subject, Holiday)
    if subject.last_on < subject.first_on or (subject.last_on == subject.first_on and not one_day_will_do):
        raise Incomplete(subject.TABLE, "last_on", "before_first")


def _check_name(tx: Transaction, subject: Team | Person) -> None:
    name = subject.name.strip()
    if not name:
        raise Incomplete(subject.TABLE, "name")
    others = [other for other in tx.find(type(subject)) if other.id != subject.id]
    if any(other.name.strip().casefold() == name.casefold() for other in others):
        raise Incomplete(subject.TABLE, "name", "doubled")


def _keep_a_leader(tx: Transaction, before: Record, *, stays: bool) -> None:
    """Somebody must be able to manage the school's file: the last leader stays one."""
    if stays or not isinstance(before, Person) or before.role is not Role.LEADER:
        return
    if not any(other.role is Role.LEADER and other.id != before.id for other in tx.find(Person)):
        raise Incomplete("person", "role", "no_leader")
