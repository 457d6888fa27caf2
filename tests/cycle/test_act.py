"""Evaluating, closing a goal, closing a cycle and going on: copies go along, the closed cycle stays as it was."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle.cycle import act, confidence, plan
from qualitycycle.errors import ChangedMeanwhile, CycleClosed, Incomplete, NotAllowed, StillOpen, TooManyGoals
from qualitycycle.model import (
    Action,
    ActionState,
    Cycle,
    CycleState,
    DoneAsPlanned,
    Goal,
    GoalState,
    Indicator,
    Judgement,
    NextStep,
    Phase,
    PhaseMove,
)
from qualitycycle.store import records
from tests.cycle.conftest import TODAY

CLOSING = act.GoalClosing(
    "Wij lazen elke dag", Judgement.PARTLY, "Eerder beginnen", NextStep.ADAPT, "Meer begrip"
)
NEXT = ("2027-2028", date(2027, 8, 30), date(2028, 7, 14))


def close_cycle(world, **changes):
    words = {"went_well": "Samen", "learned": "Minder doelen", **changes}
    return act.close_cycle(world.store, world.leader, world.running, None, **words)


def start_next(world, **chosen):
    return act.start_next(world.store, world.leader, world.running, act.NextCycle(*NEXT, **chosen))


def everything(world, cycle_id):
    """All records of a cycle, to see that none has changed."""
    with world.store.cursor() as con:
        goals = records.find(con, Goal, where="cycle_id = $c", archived=True, c=cycle_id)
        actions = records.find(con, Action, where="cycle_id = $c", archived=True, c=cycle_id)
        own = {goal.goal_id for goal in goals}
        indicators = [one for one in records.find(con, Indicator, archived=True) if one.goal_id in own]
        return records.get(con, Cycle, cycle_id), goals, actions, indicators


# --- an action -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "next_step", "after"),
    [
        (ActionState.PLANNED, NextStep.ADOPT, ActionState.DONE),
        (ActionState.RUNNING, NextStep.ADAPT, ActionState.DONE),
        (ActionState.RUNNING, NextStep.ABANDON, ActionState.STOPPED),
        (ActionState.DONE, NextStep.ABANDON, ActionState.DONE),
        (ActionState.STOPPED, NextStep.ADAPT, ActionState.STOPPED),
    ],
)
def test_an_evaluated_action_is_done_or_stopped(north_school, before, next_step, after):
    action = north_school.action(state=before)

    saved = act.evaluate_action(
        north_school.store,
        north_school.leader,
        action.action_id,
        1,
        done_as_planned=DoneAsPlanned.PARTLY,
        learned="Het rooster helpt",
        next_step=next_step,
    )

    assert (saved.state, saved.next_step, saved.evaluated_on) == (after, next_step, TODAY)
    assert saved.stopped_on == TODAY


def test_an_action_that_stopped_earlier_keeps_its_day(north_school):
    action = north_school.action(state=ActionState.DONE, stopped_on=date(2026, 10, 1))

    saved = act.evaluate_action(
        north_school.store,
        north_school.leader,
        action.action_id,
        None,
        done_as_planned=DoneAsPlanned.YES,
        learned="",
        next_step=NextStep.ADOPT,
    )

    assert saved.stopped_on == date(2026, 10, 1)


# --- a goal ----------------------------------------------------------------------------------------------


def test_a_closed_goal_keeps_what_the_team_wrote(north_school):
    goal = north_school.goal()

    saved = act.close_goal(north_school.store, north_school.leader, goal.goal_id, 1, CLOSING)

    assert (saved.state, saved.closed_on, saved.judgement) == (GoalState.CLOSED, TODAY, Judgement.PARTLY)
    assert (saved.happened, saved.learned, saved.predicted) == (
        CLOSING.happened,
        CLOSING.learned,
        "Meer begrip",
    )


def test_cannot_tell_is_a_judgement(north_school):
    goal = north_school.goal()
    closing = act.GoalClosing("Te weinig gemeten", Judgement.CANNOT_TELL, "Vaker meten", NextStep.ADAPT)

    saved = act.close_goal(north_school.store, north_school.leader, goal.goal_id, None, closing)

    assert saved.judgement is Judgement.CANNOT_TELL


@pytest.mark.parametrize("happened", ["", "   "])
def test_a_goal_is_not_closed_without_what_happened(north_school, happened):
    goal = north_school.goal()
    closing = act.GoalClosing(happened, Judgement.REACHED, "x", NextStep.ADOPT)

    with pytest.raises(Incomplete):
        act.close_goal(north_school.store, north_school.leader, goal.goal_id, None, closing)


def test_a_closing_can_be_taken_back_while_the_cycle_runs(north_school):
    goal = north_school.goal()
    act.close_goal(north_school.store, north_school.leader, goal.goal_id, None, CLOSING)

    saved = act.reopen_goal(north_school.store, north_school.leader, goal.goal_id, 2)

    assert (saved.state, saved.closed_on) == (GoalState.OPEN, None)
    assert saved.happened == CLOSING.happened


def test_a_goal_is_not_reopened_over_the_limit(north_school):
    goal = north_school.goal()
    act.close_goal(north_school.store, north_school.leader, goal.goal_id, None, CLOSING)
    for n in range(3):
        north_school.goal(f"Doel {n}")

    with pytest.raises(TooManyGoals):
        act.reopen_goal(north_school.store, north_school.leader, goal.goal_id, None)


def test_closing_a_goal_somebody_changed_meanwhile_is_refused(north_school):
    goal = north_school.goal()
    plan.change(north_school.store, north_school.coach, Goal, goal.goal_id, 1, title="Anders")

    with pytest.raises(ChangedMeanwhile):
        act.close_goal(north_school.store, north_school.leader, goal.goal_id, 1, CLOSING)


# --- a cycle ---------------------------------------------------------------------------------------------


def test_a_cycle_is_closed_on_purpose(north_school):
    closed = close_cycle(north_school)

    assert (closed.state, closed.closed_on, closed.learned) == (CycleState.CLOSED, TODAY, "Minder doelen")


def test_a_cycle_is_not_closed_without_a_lesson(north_school):
    with pytest.raises(Incomplete) as refused:
        close_cycle(north_school, learned=" ")

    assert refused.value.name == "learned"


def test_an_open_goal_keeps_the_cycle_open_unless_it_goes_along(north_school):
    left, taken = north_school.goal("Blijft"), north_school.goal("Gaat mee")

    with pytest.raises(StillOpen) as refused:
        close_cycle(north_school, carry_goal_ids=[taken.goal_id])
    act.close_goal(north_school.store, north_school.leader, left.goal_id, None, CLOSING)
    closed = close_cycle(north_school, carry_goal_ids=[taken.goal_id])

    assert (refused.value.what, refused.value.n) == ("goals", 1)
    assert closed.state is CycleState.CLOSED


def test_an_open_confidence_vote_keeps_the_cycle_open_also_when_its_goal_goes_along(north_school):
    goal = north_school.goal("Gaat mee")
    vote = confidence.open_vote(north_school.store, north_school.leader, goal.goal_id, 12).vote

    with pytest.raises(StillOpen) as refused:
        close_cycle(north_school, carry_goal_ids=[goal.goal_id])
    counted = act.still_open(north_school.store, north_school.running)["votes"]
    confidence.cancel_vote(north_school.store, north_school.leader, vote.confidence_vote_id)
    closed = close_cycle(north_school, carry_goal_ids=[goal.goal_id])

    assert (refused.value.what, refused.value.n, counted) == ("votes", 1, 1)
    assert closed.state is CycleState.CLOSED


def test_what_is_still_open_is_counted(north_school):
    north_school.goal()
    north_school.action()
    north_school.action("Klaar", state=ActionState.DONE)
    north_school.open_round({"Onderbouw": 7})

    counts = act.still_open(north_school.store, north_school.running)

    assert counts == {"goals": 1, "rounds": 1, "votes": 0, "actions": 1}


def test_two_people_do_not_close_a_cycle_twice(north_school):
    close_cycle(north_school)

    with pytest.raises(CycleClosed):
        close_cycle(north_school)


# --- the next cycle --------------------------------------------------------------------------------------


def filled(world):
    """A running cycle with a goal, its indicator and its action, then closed."""
    goal = world.goal("Lezen", due_on=date(2027, 6, 1), standards=("OP2",))
    world.indicator(goal, due_on=date(2027, 6, 1))
    action = world.action("Samen", goal_id=goal.goal_id, state=ActionState.RUNNING, start_on=date(2026, 9, 1))
    act.close_goal(world.store, world.leader, goal.goal_id, None, CLOSING)
    close_cycle(world)
    return goal, action


def test_nothing_goes_along_by_itself(north_school):
    filled(north_school)

    cycle = start_next(north_school)

    assert plan.find(north_school.store, north_school.leader, Goal, cycle_id=cycle.cycle_id) == []
    assert plan.find(north_school.store, north_school.leader, Action, cycle_id=cycle.cycle_id) == []


def test_a_goal_that_goes_along_is_a_fresh_copy_that_says_where_it_came_from(north_school):
    goal, _action = filled(north_school)

    cycle = start_next(north_school, goal_ids=[goal.goal_id])

    (copy,) = plan.find(north_school.store, north_school.leader, Goal, cycle_id=cycle.cycle_id)
    assert copy.goal_id != goal.goal_id
    assert (copy.carried_from, copy.title, copy.standards) == (goal.goal_id, "Lezen", ("OP2",))
    assert (copy.state, copy.judgement, copy.happened, copy.due_on) == (GoalState.OPEN, None, "", None)
    assert (copy.phase, copy.revision) == (Phase.OBSERVE, 1)


def test_its_indicators_go_along(north_school):
    goal, _action = filled(north_school)

    cycle = start_next(north_school, goal_ids=[goal.goal_id])

    (copy,) = plan.find(north_school.store, north_school.leader, Goal, cycle_id=cycle.cycle_id)
    (indicator,) = plan.find(north_school.store, north_school.leader, Indicator, goal_id=copy.goal_id)
    assert (indicator.title, indicator.baseline, indicator.target, indicator.due_on) == (
        "Lessen",
        40.0,
        70.0,
        None,
    )


def test_an_action_goes_along_to_the_copy_of_its_goal(north_school):
    goal, action = filled(north_school)

    cycle = start_next(north_school, goal_ids=[goal.goal_id], action_ids=[action.action_id])

    (copied_goal,) = plan.find(north_school.store, north_school.leader, Goal, cycle_id=cycle.cycle_id)
    (copy,) = plan.find(north_school.store, north_school.leader, Action, cycle_id=cycle.cycle_id)
    assert (copy.goal_id, copy.carried_from) == (copied_goal.goal_id, action.action_id)
    assert (copy.state, copy.start_on) == (ActionState.PLANNED, None)


def test_an_action_whose_goal_stays_behind_loses_its_goal(north_school):
    _goal, action = filled(north_school)

    cycle = start_next(north_school, action_ids=[action.action_id])

    (copy,) = plan.find(north_school.store, north_school.leader, Action, cycle_id=cycle.cycle_id)
    assert copy.goal_id is None


def test_the_closed_cycle_is_the_same_to_the_letter_afterwards(north_school):
    goal, action = filled(north_school)
    before = everything(north_school, north_school.running)

    cycle = start_next(north_school, goal_ids=[goal.goal_id], action_ids=[action.action_id])
    (copy,) = plan.find(north_school.store, north_school.leader, Goal, cycle_id=cycle.cycle_id)
    plan.change(north_school.store, north_school.leader, Goal, copy.goal_id, 1, title="Verder")

    assert everything(north_school, north_school.running) == before


def test_the_new_cycle_follows_the_old_one_and_starts_in_observe(north_school):
    close_cycle(north_school)

    cycle = start_next(north_school)

    assert (cycle.follows_cycle_id, cycle.phase) == (north_school.running, Phase.OBSERVE)
    (move,) = plan.find(north_school.store, north_school.leader, PhaseMove, noun_id=cycle.cycle_id)
    assert move.moved_on == NEXT[1]


def test_a_cycle_that_runs_has_no_next(north_school):
    with pytest.raises(StillOpen):
        start_next(north_school)


def test_there_is_one_running_cycle(north_school):
    close_cycle(north_school)
    start_next(north_school)

    with pytest.raises(StillOpen):
        start_next(north_school)


@pytest.mark.parametrize(
    ("title", "first_on", "last_on", "name"),
    [
        (" ", NEXT[1], NEXT[2], "title"),
        ("x", NEXT[2], NEXT[1], "last_on"),
        ("x", NEXT[1], NEXT[1], "last_on"),
    ],
)
def test_a_cycle_that_does_not_fit_is_not_started(north_school, title, first_on, last_on, name):
    close_cycle(north_school)

    with pytest.raises(Incomplete) as refused:
        act.start_next(
            north_school.store,
            north_school.leader,
            north_school.running,
            act.NextCycle(title, first_on, last_on),
        )

    assert refused.value.name == name


def test_a_member_closes_nothing(north_school):
    goal = north_school.goal()

    with pytest.raises(NotAllowed):
        act.close_goal(north_school.store, north_school.member, goal.goal_id, None, CLOSING)
