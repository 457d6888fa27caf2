"""Goals and actions are made, changed, ordered, put aside; what does not fit is refused."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle.cycle import act, evidence, plan, rounds
from qualitycycle.errors import ChangedMeanwhile, CycleClosed, Incomplete, NotFound, TooManyGoals
from qualitycycle.model import (
    Action,
    Ambition,
    Cycle,
    Direction,
    DoneAsPlanned,
    Evidence,
    EvidenceKind,
    Goal,
    GoalState,
    Indicator,
    Link,
    Measurement,
    NextStep,
    Person,
    Phase,
    PhaseMove,
    Role,
    Says,
    Vision,
)
from tests.cycle.conftest import TODAY


def get(world, noun, record_id):
    return plan.get(world.store, world.leader, noun, record_id)


def change(world, noun, record_id, seen=None, **changes):
    return plan.change(world.store, world.leader, noun, record_id, seen, **changes)


# --- goals -----------------------------------------------------------------------------------------------


def test_a_new_goal_starts_in_observe_with_a_dated_move(north_school):
    goal = north_school.goal()

    (move,) = plan.find(north_school.store, north_school.leader, PhaseMove, noun_id=goal.goal_id)
    assert (move.phase, move.moved_on) == (Phase.OBSERVE, TODAY)


def test_a_team_may_have_three_open_goals(north_school):
    team = north_school.teams["Onderbouw"]

    goals = [north_school.goal(f"Doel {n}", team_id=team) for n in range(3)]

    assert len({goal.goal_id for goal in goals}) == 3


def test_a_fourth_open_goal_of_a_team_is_refused(north_school):
    team = north_school.teams["Onderbouw"]
    for n in range(3):
        north_school.goal(f"Doel {n}", team_id=team)

    with pytest.raises(TooManyGoals) as refused:
        north_school.goal("Doel 4", team_id=team)

    assert (refused.value.team, refused.value.n_open, refused.value.limit) == ("Onderbouw", 3, 3)


def test_a_written_reason_lets_a_fourth_goal_through(north_school):
    for n in range(3):
        north_school.goal(f"Doel {n}")

    goal = north_school.goal("Doel 4", over_limit_reason="Opdracht van het bestuur")

    assert goal.over_limit_reason == "Opdracht van het bestuur"


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_a_reason_of_spaces_is_no_reason(north_school, reason):
    for n in range(3):
        north_school.goal(f"Doel {n}")

    with pytest.raises(TooManyGoals):
        north_school.goal("Doel 4", over_limit_reason=reason)


def test_goals_of_other_teams_and_other_cycles_do_not_count(north_school):
    for n in range(3):
        north_school.goal(f"Doel {n}", team_id=north_school.teams["Onderbouw"])

    north_school.goal("Van de bovenbouw", team_id=north_school.teams["Bovenbouw"])
    north_school.goal("Van de school")


def test_a_closed_and_an_archived_goal_make_room(north_school):
    goals = [north_school.goal(f"Doel {n}") for n in range(3)]
    change(north_school, Goal, goals[0].goal_id, state=GoalState.CLOSED)
    north_school.goal("Doel 4")
    plan.archive(north_school.store, north_school.leader, Goal, goals[1].goal_id)

    north_school.goal("Doel 5")


def test_a_goal_cannot_be_brought_back_over_the_limit(north_school):
    goals = [north_school.goal(f"Doel {n}") for n in range(3)]
    plan.archive(north_school.store, north_school.leader, Goal, goals[0].goal_id)
    north_school.goal("Doel 4")

    with pytest.raises(TooManyGoals):
        plan.restore(north_school.store, north_school.leader, Goal, goals[0].goal_id)


def test_changing_one_of_three_goals_is_no_fourth(north_school):
    goals = [north_school.goal(f"Doel {n}") for n in range(3)]

    saved = change(north_school, Goal, goals[0].goal_id, title="Beter")

    assert saved.title == "Beter"


def test_moving_a_goal_to_a_full_team_is_refused(north_school):
    for n in range(3):
        north_school.goal(f"Doel {n}", team_id=north_school.teams["Onderbouw"])
    goal = north_school.goal("Van de school")

    with pytest.raises(TooManyGoals):
        change(north_school, Goal, goal.goal_id, team_id=north_school.teams["Onderbouw"])


# --- what does not fit -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"baseline": 60.0, "target": 40.0}, "target"),
        ({"baseline": 40.0, "target": 60.0, "direction": Direction.DECREASE}, "target"),
        ({"baseline": float("nan")}, "baseline"),
        ({"target": float("inf")}, "target"),
        ({"levels": ("laag", "hoog"), "baseline": 1.0, "target": 3.0}, "target"),
        ({"levels": ("laag", "hoog"), "baseline": 0.0, "target": 2.0}, "baseline"),
        ({"title": "  "}, "title"),
    ],
)
def test_an_indicator_that_contradicts_itself_is_refused(north_school, fields, name):
    goal = north_school.goal()

    with pytest.raises(Incomplete) as refused:
        north_school.indicator(goal, **fields)

    assert refused.value.name == name


@pytest.mark.parametrize("fields", [{"target": None}, {"baseline": None}, {"baseline": 70.0, "target": 70.0}])
def test_an_indicator_without_a_value_or_that_must_stay_equal_is_fine(north_school, fields):
    goal = north_school.goal()

    assert north_school.indicator(goal, **fields).goal_id == goal.goal_id


@pytest.mark.parametrize(
    ("value", "on", "n", "name"),
    [
        (float("nan"), TODAY, None, "value"),
        (50.0, date(2026, 11, 23), None, "measured_on"),
        (50.0, TODAY, 0, "n"),
    ],
)
def test_a_measurement_that_cannot_be_is_refused(north_school, value, on, n, name):
    indicator = north_school.indicator(north_school.goal())

    with pytest.raises(Incomplete) as refused:
        north_school.measure(indicator, on, value, n)

    assert refused.value.name == name


def test_a_measurement_outside_the_described_levels_is_refused(north_school):
    indicator = north_school.indicator(
        north_school.goal(), levels=("laag", "midden", "hoog"), baseline=1.0, target=3.0
    )

    with pytest.raises(Incomplete):
        north_school.measure(indicator, TODAY, 4)


def test_an_action_is_not_due_before_it_starts(north_school):
    with pytest.raises(Incomplete) as refused:
        north_school.action(start_on=date(2026, 11, 2), due_on=date(2026, 11, 1))

    assert (refused.value.name, refused.value.reason) == ("due_on", "before_first")


@pytest.mark.parametrize("name", ["Mara", " mara ", "MARA"])
def test_two_people_do_not_have_one_name(north_school, name):
    with pytest.raises(Incomplete) as refused:
        plan.record(
            north_school.store, north_school.leader, Person(person_id="p", name=name, role=Role.MEMBER)
        )

    assert refused.value.reason == "doubled"


# --- changing, putting aside, ordering -------------------------------------------------------------------


def test_saving_over_somebody_elses_change_shows_theirs(north_school):
    goal = north_school.goal("Lezen")
    change(north_school, Goal, goal.goal_id, seen=1, title="Van een ander")

    with pytest.raises(ChangedMeanwhile) as refused:
        change(north_school, Goal, goal.goal_id, seen=1, title="Van mij")

    assert refused.value.theirs["title"] == "Van een ander"
    assert get(north_school, Goal, goal.goal_id).title == "Van een ander"


def test_what_is_put_aside_is_not_found_and_can_be_brought_back(north_school):
    action = north_school.action()

    plan.archive(north_school.store, north_school.leader, Action, action.action_id)
    gone = plan.find(north_school.store, north_school.leader, Action, cycle_id=north_school.running)
    plan.restore(north_school.store, north_school.leader, Action, action.action_id)
    back = plan.find(north_school.store, north_school.leader, Action, cycle_id=north_school.running)

    assert gone == []
    assert [one.action_id for one in back] == [action.action_id]


def test_new_things_come_last(north_school):
    first, second = north_school.goal("Eerst"), north_school.goal("Later")

    assert first.position < second.position


def test_things_stand_in_the_order_somebody_gave_them(north_school):
    goals = [north_school.goal(f"Doel {n}") for n in range(3)]
    wanted = [goals[2].goal_id, goals[0].goal_id, goals[1].goal_id]

    plan.reorder(north_school.store, north_school.leader, Goal, wanted)

    found = plan.find(north_school.store, north_school.leader, Goal, cycle_id=north_school.running)
    assert [goal.goal_id for goal in found] == wanted


def test_a_phase_is_moved_on_a_day_of_the_cycle_up_to_today(north_school):
    goal = north_school.goal()

    plan.move_phase(
        north_school.store, north_school.leader, Goal, goal.goal_id, Phase.PLAN, date(2026, 9, 14)
    )

    moves = plan.find(north_school.store, north_school.leader, PhaseMove, noun_id=goal.goal_id)
    assert (Phase.PLAN, date(2026, 9, 14)) in [(move.phase, move.moved_on) for move in moves]
    assert get(north_school, Goal, goal.goal_id).phase is Phase.PLAN


@pytest.mark.parametrize("on", [date(2026, 8, 30), date(2026, 11, 23)])
def test_a_phase_is_not_moved_before_the_cycle_or_in_the_future(north_school, on):
    with pytest.raises(Incomplete):
        plan.move_phase(
            north_school.store, north_school.leader, Cycle, north_school.running, Phase.UNDERSTAND, on
        )


# --- a closed cycle --------------------------------------------------------------------------------------

NEW_IN_CLOSED = {
    "goal": lambda w: w.goal(cycle_id=w.closed),
    "action": lambda w: w.action(cycle_id=w.closed),
    "indicator": lambda w: w.indicator(get(w, Goal, w.old_goal)),
    "measurement": lambda w: w.measure(get(w, Indicator, w.old_indicator), TODAY, 50),
    "evidence": lambda w: w.piece(cycle_id=w.closed),
    "round": lambda w: w.open_round({"Onderbouw": 7}, cycle_id=w.closed),
    "link": lambda w: evidence.link(
        w.store, w.leader, w.old_evidence, get(w, Action, w.old_action), Says.SUPPORTS
    ),
    "link from outside": lambda w: evidence.link(
        w.store, w.leader, w.piece().evidence_id, get(w, Goal, w.old_goal), Says.SUPPORTS
    ),
    "evidence of its round": lambda w: evidence.from_round(w.store, w.leader, w.old_round, w.closed),
}
OLD = {
    "cycle": (Cycle, "closed", {"title": "Anders"}),
    "goal": (Goal, "old_goal", {"title": "Anders"}),
    "action": (Action, "old_action", {"title": "Anders"}),
    "indicator": (Indicator, "old_indicator", {"title": "Anders"}),
    "measurement": (Measurement, "old_measurement", {"value": 99.0}),
    "evidence": (Evidence, "old_evidence", {"title": "Anders"}),
    "link": (Link, "old_link", {"says": Says.CONTRADICTS}),
}


@pytest.mark.parametrize("what", NEW_IN_CLOSED)
def test_nothing_is_added_to_a_closed_cycle(north_school, what):
    with pytest.raises(CycleClosed) as refused:
        NEW_IN_CLOSED[what](north_school)

    assert refused.value.title == "2025-2026"


@pytest.mark.parametrize("what", OLD)
def test_nothing_in_a_closed_cycle_is_changed(north_school, what):
    noun, name, changes = OLD[what]
    before = get(north_school, noun, getattr(north_school, name))

    with pytest.raises(CycleClosed):
        change(north_school, noun, before.id, **changes)

    assert get(north_school, noun, before.id) == before


@pytest.mark.parametrize("what", OLD)
def test_nothing_in_a_closed_cycle_is_put_aside_or_brought_back(north_school, what):
    noun, name, _changes = OLD[what]

    for verb in (plan.archive, plan.restore):
        with pytest.raises(CycleClosed):
            verb(north_school.store, north_school.leader, noun, getattr(north_school, name))


@pytest.mark.parametrize("what", ["goal", "action"])
def test_nothing_in_a_closed_cycle_gets_another_place(north_school, what):
    noun, name, _changes = OLD[what]

    with pytest.raises(CycleClosed):
        plan.reorder(north_school.store, north_school.leader, noun, [getattr(north_school, name)])


OTHER_VERBS = {
    "move phase of goal": lambda w: plan.move_phase(w.store, w.leader, Goal, w.old_goal, Phase.PLAN, TODAY),
    "move phase of cycle": lambda w: plan.move_phase(w.store, w.leader, Cycle, w.closed, Phase.PLAN, TODAY),
    "evaluate action": lambda w: act.evaluate_action(
        w.store,
        w.leader,
        w.old_action,
        None,
        done_as_planned=DoneAsPlanned.YES,
        learned="x",
        next_step=NextStep.ADOPT,
    ),
    "reopen goal": lambda w: act.reopen_goal(w.store, w.leader, w.old_goal, None),
    "unlink": lambda w: evidence.unlink(w.store, w.leader, w.old_link),
    "review": lambda w: evidence.review(w.store, w.leader, w.old_evidence),
    "close again": lambda w: act.close_cycle(w.store, w.leader, w.closed, None, went_well="", learned="x"),
    "tick off as its owner": lambda w: plan.change(
        w.store, w.member, Action, w.old_action, None, state="done"
    ),
}


@pytest.mark.parametrize("what", OTHER_VERBS)
def test_no_other_verb_changes_a_closed_cycle_either(north_school, what):
    version = north_school.store.version

    with pytest.raises(CycleClosed):
        OTHER_VERBS[what](north_school)

    assert north_school.store.version == version


@pytest.mark.parametrize(
    ("noun", "name"), [(Goal, "old_goal"), (Action, "old_action"), (Evidence, "old_evidence")]
)
def test_nothing_leaves_a_closed_cycle_for_the_running_one(north_school, noun, name):
    with pytest.raises(CycleClosed):
        change(north_school, noun, getattr(north_school, name), cycle_id=north_school.running)


@pytest.mark.parametrize("make", ["goal", "action", "piece"])
def test_nothing_of_the_running_cycle_slips_into_a_closed_one(north_school, make):
    new = getattr(north_school, make)("Nieuw")

    with pytest.raises(CycleClosed):
        change(north_school, type(new), new.id, cycle_id=north_school.closed)


def test_visions_and_ambitions_belong_to_no_cycle_and_stay_open(north_school):
    ambition = plan.find(north_school.store, north_school.leader, Ambition)[0]

    assert change(north_school, Ambition, ambition.ambition_id, title="Verder").title == "Verder"


def test_a_goal_in_a_cycle_that_is_not_there_is_named(north_school):
    with pytest.raises(NotFound):
        change(north_school, Vision, "nowhere", title="x")


def test_the_kind_of_evidence_follows_what_was_typed(north_school):
    piece = north_school.piece(kind=EvidenceKind.CONVERSATION)

    assert get(north_school, Evidence, piece.evidence_id).kind is EvidenceKind.CONVERSATION


def test_evidence_of_tomorrow_is_refused(north_school):
    with pytest.raises(Incomplete):
        north_school.piece(evidence_on=date(2026, 11, 23))


def test_a_round_in_the_running_cycle_is_still_possible(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    assert (
        rounds.look_up(north_school.store, opened.codes[north_school.teams["Onderbouw"]][0]) == opened.round
    )
