"""Evaluating actions, closing goals and cycles, and starting the next one, as people do it."""

import pytest

from qualitycycle import config, i18n
from qualitycycle.cycle import act, evidence, office, plan
from qualitycycle.model import (
    Action,
    ActionState,
    Cycle,
    CycleState,
    DoneAsPlanned,
    EvidenceKind,
    Goal,
    GoalState,
    Judgement,
    NextStep,
    Phase,
    Role,
    Says,
    SchoolYear,
)
from qualitycycle.store.records import new_id
from tests.pages import north as world
from tests.pages.north import LEADER, choose, go, page, press, words

EVALUATE, CYCLES = "act/evaluate.py", "act/cycles.py"


@pytest.fixture
def north(tmp_path):
    with i18n.speaking("en"):
        yield world.built(tmp_path)
    office.close()


def end(north):
    return plan.change(
        north.store,
        LEADER,
        Action,
        north.action.action_id,
        None,
        state=ActionState.DONE,
        stopped_on=config.today(),
    )


def close_goal(north, judgement=Judgement.REACHED):
    closing = act.GoalClosing("Het lukte", judgement, "Samen lezen helpt", NextStep.ADOPT)
    return act.close_goal(north.store, LEADER, north.goal.goal_id, None, closing)


def close_cycle(north, carry=()):
    return act.close_cycle(
        north.store,
        LEADER,
        north.cycle.cycle_id,
        None,
        went_well="Rust",
        learned="Begin klein",
        carry_goal_ids=carry,
    )


def links(at):
    return [one.proto.label.replace("\\", "") for one in at.get("page_link")]


# --- actions ---------------------------------------------------------------------------------------------


def test_an_ended_action_waits_for_evaluation(north):
    end(north)

    text = words(page(EVALUATE))

    assert "Elke dag lezen" in text
    assert "No action waits for evaluation." not in text


def test_an_action_is_evaluated_and_leaves_the_list(north):
    end(north)
    at = page(EVALUATE, action=north.action.action_id)
    key = f"evaluate.{north.action.action_id}"

    choose(at, f"{key}.done_as_planned", DoneAsPlanned.PARTLY)
    choose(at, f"{key}.next_step", NextStep.ADAPT)
    at.text_area(key=f"{key}.learned").set_value("Korter is beter")
    press(at, f"{key}.send")

    saved = plan.get(north.store, LEADER, Action, north.action.action_id)
    assert (saved.done_as_planned, saved.next_step, saved.learned) == (
        DoneAsPlanned.PARTLY,
        NextStep.ADAPT,
        "Korter is beter",
    )
    assert "No action waits for evaluation." in words(go(at, EVALUATE))


def test_an_evaluation_without_a_next_step_is_refused_and_the_text_stays(north):
    end(north)
    at = page(EVALUATE, action=north.action.action_id)
    key = f"evaluate.{north.action.action_id}"

    at.text_area(key=f"{key}.learned").set_value("Korter is beter")
    choose(at, f"{key}.done_as_planned", DoneAsPlanned.YES)
    press(at, f"{key}.send")

    assert "next step" in at.error[0].value
    assert at.text_area(key=f"{key}.learned").value == "Korter is beter"
    assert plan.get(north.store, LEADER, Action, north.action.action_id).evaluated_on is None


def test_what_was_predicted_stands_beside_the_form(north):
    end(north)

    assert "Meer kinderen lezen thuis" in words(page(EVALUATE, action=north.action.action_id))


def test_a_member_evaluates_her_own_action_and_no_other(north):
    end(north)
    other = plan.record(
        north.store,
        LEADER,
        Action(
            action_id=new_id(), cycle_id=north.cycle.cycle_id, title="Van een ander", state=ActionState.DONE
        ),
    )

    own = page(EVALUATE, role=Role.MEMBER, action=north.action.action_id)
    foreign = page(EVALUATE, role=Role.MEMBER, action=other.action_id)

    assert f"evaluate.{north.action.action_id}.send" in {button.key for button in own.button}
    assert "Van een ander" not in words(foreign)


# --- goals -----------------------------------------------------------------------------------------------


def test_closing_a_goal_shows_predictions_and_contradicting_evidence_first(north):
    for title, says in (("Steunt", Says.SUPPORTS), ("Spreekt tegen", Says.CONTRADICTS)):
        piece = evidence.add(
            north.store,
            LEADER,
            cycle_id=north.cycle.cycle_id,
            kind=EvidenceKind.OBSERVATION,
            title=title,
            evidence_on=config.today(),
        )
        evidence.link(north.store, LEADER, piece.evidence_id, north.goal, says)

    at = page(EVALUATE, goal=north.goal.goal_id)

    shown = links(at)
    assert shown.index("Spreekt tegen") < shown.index("Steunt")
    assert "Elke dag lezen: Meer kinderen lezen thuis" in words(at)


def test_a_goal_can_be_closed_as_not_yet_to_tell(north):
    at = page(EVALUATE, goal=north.goal.goal_id)
    key = f"close.{north.goal.goal_id}"

    at.text_area(key=f"{key}.happened").set_value("Half jaar gelezen")
    choose(at, f"{key}.judgement", Judgement.CANNOT_TELL)
    choose(at, f"{key}.next_step", NextStep.ADAPT)
    press(at, f"{key}.send")

    saved = plan.get(north.store, LEADER, Goal, north.goal.goal_id)
    assert (saved.state, saved.judgement) == (GoalState.CLOSED, Judgement.CANNOT_TELL)
    assert saved.predicted == "Elke dag lezen: Meer kinderen lezen thuis"


def test_a_goal_without_a_judgement_is_not_closed(north):
    at = page(EVALUATE, goal=north.goal.goal_id)
    key = f"close.{north.goal.goal_id}"

    at.text_area(key=f"{key}.happened").set_value("Half jaar gelezen")
    press(at, f"{key}.send")

    assert "judgement" in at.error[0].value
    assert plan.get(north.store, LEADER, Goal, north.goal.goal_id).state is GoalState.OPEN


def test_a_closed_goal_can_be_opened_again_while_the_cycle_runs(north):
    close_goal(north)
    at = page(EVALUATE)

    press(at, f"reopen.{north.goal.goal_id}")

    saved = plan.get(north.store, LEADER, Goal, north.goal.goal_id)
    assert (saved.state, saved.happened) == (GoalState.OPEN, "Het lukte")


def test_a_claim_without_evidence_is_named(north):
    close_goal(north, Judgement.REACHED)

    assert "Claim without evidence" in words(page(EVALUATE))


# --- cycles ----------------------------------------------------------------------------------------------


def test_the_running_cycle_shows_what_is_still_open(north):
    shown = links(page(CYCLES))

    assert "1 goal is open" in shown and "1 action is not finished" in shown


def test_the_phase_moves_on_a_date(north):
    at = page(CYCLES)

    choose(at, "cycle_phase.phase", Phase.DO)
    press(at, "cycle_phase.send")

    assert plan.get(north.store, LEADER, Cycle, north.cycle.cycle_id).phase is Phase.DO


def test_an_open_goal_that_is_not_carried_over_stops_the_closing_and_the_text_stays(north):
    at = page(CYCLES)

    at.text_area(key="close_cycle.learned").set_value("Begin klein")
    press(at, "close_cycle.send")

    assert "still something open" in at.error[0].value
    assert at.text_area(key="close_cycle.learned").value == "Begin klein"
    assert not at.get("dialog")


def test_a_cycle_closes_only_after_a_second_yes(north):
    at = page(CYCLES)
    at.text_area(key="close_cycle.learned").set_value("Begin klein")
    at.multiselect(key="close_cycle.carry").set_value([north.goal.goal_id])
    press(at, "close_cycle.send")
    before = plan.get(north.store, LEADER, Cycle, north.cycle.cycle_id).state

    press(at, "confirm_closing")

    after = plan.get(north.store, LEADER, Cycle, north.cycle.cycle_id)
    assert (before, after.state, after.learned) == (CycleState.RUNNING, CycleState.CLOSED, "Begin klein")


def test_the_next_cycle_starts_with_the_goals_chosen_at_closing_and_nothing_else(north):
    close_cycle(north, carry=[north.goal.goal_id])
    at = page(CYCLES)
    goals, actions = (
        at.multiselect(key="start_cycle.goals").value,
        at.multiselect(key="start_cycle.actions").value,
    )

    press(at, "start_cycle.send")

    new = plan.running_cycle(north.store)
    copies = plan.find(north.store, LEADER, Goal, cycle_id=new.cycle_id)
    assert (goals, actions) == ([north.goal.goal_id], [])
    assert [copy.carried_from for copy in copies] == [north.goal.goal_id]


def test_the_next_cycle_gets_the_next_school_year_and_its_calendar(north):
    closed = close_cycle(north, carry=[north.goal.goal_id])

    press(page(CYCLES), "start_cycle.send")

    new = plan.running_cycle(north.store)
    years = {year.school_year_id for year in plan.find(north.store, LEADER, SchoolYear)}
    assert new.first_on > closed.last_on
    assert new.title in years


def test_a_coach_starts_a_cycle_and_the_calendar_is_left_to_the_leader(north):
    close_cycle(north, carry=[north.goal.goal_id])
    at = page(CYCLES, role=Role.COACH)

    press(at, "start_cycle.send")

    assert plan.running_cycle(north.store) is not None
    assert "The school leader can add it." in words(at)


def test_a_school_without_any_cycle_can_start_one(north):
    north.store.write(lambda tx: tx.execute("DELETE FROM cycle"), actor=LEADER, verb="test")

    press(page(CYCLES), "start_cycle.send")

    assert plan.running_cycle(north.store) is not None


def test_a_closed_cycle_can_be_read_by_a_reader_and_not_changed(north):
    close_goal(north)
    closed = close_cycle(north)

    at = page(CYCLES, role=Role.READER, cycle=closed.cycle_id)

    text = words(at)
    assert all(part in text for part in ("Begin klein", "Meer leesplezier", "Reached", "Samen lezen helpt"))
    assert {button.key for button in at.button} == set()


def test_a_reader_sees_nothing_of_the_running_cycle(north):
    at = page(CYCLES, role=Role.READER, cycle=north.cycle.cycle_id)

    assert "Meer leesplezier" not in words(at)
    assert "No cycle has been closed yet." in words(at)
