"""Act: an action or goal is evaluated, a cycle is closed on purpose, and the next one starts with what is chosen."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from qualitycycle import config
from qualitycycle.cycle import access, before_start, calendar, plan, school
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import CycleClosed, Incomplete, StillOpen
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    ConfidenceVote,
    Cycle,
    CycleState,
    DoneAsPlanned,
    Goal,
    GoalState,
    Indicator,
    Judgement,
    NextStep,
    Round,
    RoundState,
    SchoolYear,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# A cycle that ends in summer is followed by one in the next school year: no summer holiday is longer.
SUMMER = timedelta(weeks=7)


@dataclass(frozen=True)
class GoalClosing:
    """What a team writes when it closes a goal."""

    happened: str
    judgement: Judgement
    learned: str
    next_step: NextStep
    predicted: str = ""


@dataclass(frozen=True)
class NextCycle:
    """The cycle to start, and what goes along: nothing is carried over by itself."""

    title: str
    first_on: date
    last_on: date
    goal_ids: Collection[str] = ()
    action_ids: Collection[str] = ()


def evaluate_action(
    store: Store,
    actor: Actor,
    action_id: str,
    seen: int | None,
    *,
    done_as_planned: DoneAsPlanned,
    learned: str,
    next_step: NextStep,
) -> Action:
    """Say how an action went and what follows; a planned or running one becomes done, or stopped when abandoned."""

    def use_case(tx: Transaction) -> Action:
        before = tx.get(Action, action_id)
        access.require_action(actor, before)
        plan.refuse_closed(tx, before)
        ended = ActionState.STOPPED if next_step is NextStep.ABANDON else ActionState.DONE
        state = before.state if before.state in (ActionState.DONE, ActionState.STOPPED) else ended
        today = config.today()
        return tx.change(
            Action,
            action_id,
            seen,
            state=state,
            stopped_on=before.stopped_on or today,
            done_as_planned=done_as_planned,
            learned=learned,
            next_step=next_step,
            evaluated_on=today,
            **before_start.locking(before, {"state": state}),
        )

    return store.write(use_case, actor=actor, verb="evaluate_action")


def close_goal(store: Store, actor: Actor, goal_id: str, seen: int | None, closing: GoalClosing) -> Goal:
    """Close a goal with its judgement. Raises `Incomplete` when what happened is left empty."""
    require(actor, Right.EDIT_THREAD)
    if not closing.happened.strip():
        raise Incomplete("goal", "happened")

    def use_case(tx: Transaction) -> Goal:
        before = tx.get(Goal, goal_id)
        plan.refuse_closed(tx, before)
        return tx.change(
            Goal,
            goal_id,
            seen,
            state=GoalState.CLOSED,
            closed_on=config.today(),
            predicted=closing.predicted,
            happened=closing.happened,
            judgement=closing.judgement,
            learned=closing.learned,
            next_step=closing.next_step,
        )

    return store.write(use_case, actor=actor, verb="close_goal")


def reopen_goal(store: Store, actor: Actor, goal_id: str, seen: int | None) -> Goal:
    """Take a closing back while the cycle still runs; what was written stays as a start."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Goal:
        before = tx.get(Goal, goal_id)
        plan.check(tx, replace(before, state=GoalState.OPEN))
        return tx.change(Goal, goal_id, seen, state=GoalState.OPEN, closed_on=None)

    return store.write(use_case, actor=actor, verb="reopen_goal")


def still_open(store: Store, cycle_id: str) -> dict[str, int]:
    """How many goals, rounds, confidence votes and actions of a cycle are not finished."""
    return {
        "goals": _count(store, "goal", "state = 'open'", cycle_id),
        "rounds": _count(store, "round", "state = 'open'", cycle_id),
        "votes": len(_open_votes(store, cycle_id)),
        "actions": _count(store, "action", "state IN ('planned', 'running')", cycle_id),
    }


def _open_votes(store: Store, cycle_id: str) -> list[ConfidenceVote]:
    with store.cursor() as con:
        return records.find(con, ConfidenceVote, where=_VOTE_IN_CYCLE, cycle=cycle_id)


_VOTE_IN_CYCLE = "state = 'open' AND goal_id IN (SELECT goal_id FROM goal WHERE cycle_id = $cycle)"


def _count(store: Store, table: str, condition: str, cycle_id: str) -> int:
    # Table and condition are the three of `still_open`.
    sql = f"SELECT count(*) AS n FROM {table} WHERE cycle_id = $cycle AND archived_at IS NULL AND {condition}"  # noqa: S608
    return int(store.rows(sql, cycle=cycle_id)[0]["n"])


def close_cycle(
    store: Store,
    actor: Actor,
    cycle_id: str,
    seen: int | None,
    *,
    went_well: str,
    learned: str,
    carry_goal_ids: Collection[str] = (),
) -> Cycle:
    """Close a cycle on purpose; from then on it can be read and no longer changed.

    Raises `StillOpen` for an open round or confidence vote, and for an open goal that is not in `carry_goal_ids`.
    """
    require(actor, Right.EDIT_THREAD)
    if not learned.strip():
        raise Incomplete("cycle", "learned")

    def use_case(tx: Transaction) -> Cycle:
        before = tx.get(Cycle, cycle_id)
        if before.state is CycleState.CLOSED:
            raise CycleClosed(before.id, before.title)
        _refuse_open(tx, cycle_id, carry_goal_ids)
        return tx.change(
            Cycle,
            cycle_id,
            seen,
            state=CycleState.CLOSED,
            closed_on=config.today(),
            went_well=went_well,
            learned=learned,
        )

    return store.write(use_case, actor=actor, verb="close_cycle")


def check_closing(store: Store, cycle_id: str, *, learned: str, carry_goal_ids: Collection[str] = ()) -> None:
    """Raise what `close_cycle` would raise, so that a screen can say it before it asks for a last yes."""
    if not learned.strip():
        raise Incomplete("cycle", "learned")
    with store.cursor() as con:
        _refuse(
            records.find(con, Round, where="cycle_id = $cycle AND state = 'open'", cycle=cycle_id),
            records.find(con, ConfidenceVote, where=_VOTE_IN_CYCLE, cycle=cycle_id),
            records.find(con, Goal, where="cycle_id = $cycle AND state = 'open'", cycle=cycle_id),
            carry_goal_ids,
        )


def _refuse_open(tx: Transaction, cycle_id: str, carry_goal_ids: Collection[str]) -> None:
    rounds = tx.find(Round, where="cycle_id = $cycle AND state = 'open'", cycle=cycle_id)
    votes = tx.find(ConfidenceVote, where=_VOTE_IN_CYCLE, cycle=cycle_id)
    goals = tx.find(Goal, where="cycle_id = $cycle AND state = 'open'", cycle=cycle_id)
    _refuse(rounds, votes, goals, carry_goal_ids)


def _refuse(
    rounds: list[Round], votes: list[ConfidenceVote], goals: list[Goal], carry_goal_ids: Collection[str]
) -> None:
    if any(one.state is RoundState.OPEN for one in rounds):
        raise StillOpen("rounds", len(rounds))
    # Also about a goal that is carried over: its phones would find a closed cycle.
    if votes:
        raise StillOpen("votes", len(votes))
    left = [goal for goal in goals if goal.goal_id not in carry_goal_ids]
    if left:
        raise StillOpen("goals", len(left))


# --- the next one ----------------------------------------------------------------------------------------


def suggested(store: Store, previous: Cycle | None) -> SchoolYear:
    """The school year, or what is left of it, that a cycle after `previous` (None: the first) would cover."""
    staff = school.staff(store)
    today = config.today()
    name = calendar.school_year_of(max(previous.last_on + SUMMER, today) if previous else today)
    known = next((year for year in staff.years if year.school_year_id == name), None)
    first, last = (
        (known.first_on, known.last_on) if known else calendar.lesson_bounds(name, staff.school.region)
    )
    if previous:
        first = max(first, previous.last_on + timedelta(days=1))
    return SchoolYear(school_year_id=name, first_on=first, last_on=last)


def add_missing_year(store: Store, actor: Actor, first_on: date) -> bool:
    """Add the calendar of the school year a cycle starts in; False when that is left to the school leader."""
    name = calendar.school_year_of(first_on)
    staff = school.staff(store)
    if any(year.school_year_id == name for year in staff.years):
        return True
    if not access.may(actor, Right.MANAGE):
        return False
    bounds = calendar.lesson_bounds(name, staff.school.region)
    school.add_school_year(store, actor, name, *bounds)
    return True


def start_first(store: Store, actor: Actor, new: NextCycle) -> Cycle:
    """Start a cycle in a school that has none running and none closed to follow."""
    require(actor, Right.EDIT_THREAD)
    _check_period(new)

    def use_case(tx: Transaction) -> Cycle:
        _refuse_running(tx)
        return school.start_cycle(tx, new.title.strip(), new.first_on, new.last_on)

    return store.write(use_case, actor=actor, verb="start_first_cycle")


def start_next(store: Store, actor: Actor, closed_cycle_id: str, new: NextCycle) -> Cycle:
    """Start the cycle after a closed one, with copies of the chosen goals and actions.

    The closed cycle keeps its own records unchanged; copies say where they came from.
    """
    require(actor, Right.EDIT_THREAD)
    _check_period(new)

    def use_case(tx: Transaction) -> Cycle:
        closed = tx.get(Cycle, closed_cycle_id)
        if closed.state is not CycleState.CLOSED:
            raise StillOpen("cycle", 1)
        _refuse_running(tx)
        cycle = school.start_cycle(tx, new.title.strip(), new.first_on, new.last_on, follows=closed.id)
        goals = {goal_id: _carry_goal(tx, tx.get(Goal, goal_id), cycle) for goal_id in new.goal_ids}
        for action_id in new.action_ids:
            _carry_action(tx, tx.get(Action, action_id), cycle, goals)
        return cycle

    return store.write(use_case, actor=actor, verb="start_next_cycle")


def _check_period(new: NextCycle) -> None:
    if not new.title.strip():
        raise Incomplete("cycle", "title")
    for name in ("first_on", "last_on"):
        # A date field that was emptied gives None, whatever the dataclass says.
        if getattr(new, name) is None:
            raise Incomplete("cycle", name)
    if new.last_on <= new.first_on:
        raise Incomplete("cycle", "last_on", "before_first")


def _refuse_running(tx: Transaction) -> None:
    running = tx.find(Cycle, where="state = 'running'")
    if running:
        raise StillOpen("cycle", len(running))


def _carry_goal(tx: Transaction, goal: Goal, cycle: Cycle) -> Goal:
    copy = tx.insert(
        replace(
            goal,
            goal_id=new_id(),
            cycle_id=cycle.id,
            carried_from=goal.goal_id,
            state=GoalState.OPEN,
            phase=cycle.phase,
            due_on=None,
            closed_on=None,
            predicted="",
            happened="",
            judgement=None,
            learned="",
            next_step=None,
            revision=1,
            archived_at=None,
        )
    )
    for indicator in tx.find(Indicator, where="goal_id = $goal", goal=goal.goal_id):
        tx.insert(
            replace(
                indicator,
                indicator_id=new_id(),
                goal_id=copy.goal_id,
                due_on=None,
                revision=1,
                archived_at=None,
            )
        )
    return copy


def _carry_action(tx: Transaction, action: Action, cycle: Cycle, goals: dict[str, Goal]) -> Action:
    goal = goals.get(action.goal_id or "")
    return tx.insert(
        replace(
            action,
            action_id=new_id(),
            cycle_id=cycle.id,
            goal_id=goal.goal_id if goal else None,
            carried_from=action.action_id,
            state=ActionState.PLANNED,
            start_on=None,
            due_on=None,
            stopped_on=None,
            done_as_planned=None,
            learned="",
            next_step=None,
            evaluated_on=None,
            # A new cycle makes new agreements; what was expected of it then stands with the old one.
            locked_on=None,
            expected_on=None,
            sessions_planned=None,
            sessions_held=None,
            follows_action_id=None,
            revision=1,
            archived_at=None,
        )
    )
