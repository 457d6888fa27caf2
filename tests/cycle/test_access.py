"""The table "who may see what" of the design, row by row."""

from __future__ import annotations

import pytest

from qualitycycle import config
from qualitycycle.cycle import (
    access,
    act,
    everyones_part,
    evidence,
    expertise,
    meetings,
    plan,
    policies,
    rounds,
    school,
    series,
    support_tasks,
    support_team,
    thread,
    to_do,
    upkeep,
    waiting,
    way_of_working,
)
from qualitycycle.cycle.access import Right
from qualitycycle.errors import NotAllowed
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Batch,
    DoneAsPlanned,
    ExpertiseKind,
    NextStep,
    Person,
    Role,
    School,
    Team,
    Vision,
)

LEADER, COACH, MEMBER, RESPONDENT, READER = Role.LEADER, Role.COACH, Role.MEMBER, Role.RESPONDENT, Role.READER
STAFF = {LEADER, COACH, MEMBER}

TABLE = {
    Right.SEE_THREAD: STAFF | {READER},
    Right.EDIT_THREAD: {LEADER, COACH},
    Right.EDIT_OWN_ACTION: STAFF,
    Right.OPEN_ROUND: {LEADER, COACH},
    Right.FILL_IN: {*STAFF, READER, RESPONDENT},
    Right.SEE_RESULTS: STAFF | {READER},
    Right.SEE_OUTCOMES: STAFF | {READER},
    Right.IMPORT: {LEADER, COACH},
    Right.MANAGE: {LEADER},
    Right.GUIDE: {LEADER, COACH},
}


@pytest.mark.parametrize("right", TABLE)
@pytest.mark.parametrize("role", list(Role))
def test_a_role_has_a_right_exactly_as_the_design_says(role, right):
    assert access.may(Actor(role), right) == (role in TABLE[right])


@pytest.mark.parametrize("right", [right for right in Right if right is not Right.FILL_IN])
def test_a_respondent_may_only_fill_in(right):
    with pytest.raises(NotAllowed):
        access.require(Actor(RESPONDENT), right)


def test_nobody_is_forgotten_in_the_table():
    assert {right for right in Right if right not in TABLE} <= set(access.MAY)
    assert set(access.MAY) == set(Right)


# What a respondent or a stranger could call; each verb refuses by itself, whatever the page did.
VERBS = {
    "thread": lambda world, who: thread.thread(world.store, who, world.closed),
    "this_week": lambda world, who: thread.this_week(world.store, who),
    "matrix": lambda world, who: evidence.matrix(world.store, who, world.closed),
    "result": lambda world, who: rounds.result(world.store, who, world.old_round),
    "rounds_of": lambda world, who: rounds.rounds_of(world.store, who, world.closed),
    "progress": lambda world, who: rounds.progress(world.store, who, world.old_round),
    "selections": lambda world, who: series.selections(world.store, who),
    "find": lambda world, who: plan.find(world.store, who, Vision),
    "record": lambda world, who: plan.record(world.store, who, Vision(vision_id="v", title="x")),
    "open_round": lambda world, who: rounds.open_round(
        world.store, who, cycle_id=world.running, instrument_key="weekpeiling", title="x", invited=world.teams
    ),
    "close_cycle": lambda world, who: act.close_cycle(
        world.store, who, world.running, None, went_well="", learned="x"
    ),
    "set_up": lambda world, who: school.add_school_year(world.store, who, "2030-2031", None, None),
    "back_up": lambda world, who: upkeep.back_up(world.store, who),
    "all_running": lambda world, who: meetings.all_running(world.store, who),
    "start_meeting": lambda world, who: meetings.start(world.store, who, ["p"], {}),
    "waiting": lambda world, who: waiting.everything(world.store, who),
    "support_tasks": lambda world, who: support_tasks.look(world.store, who),
    "support_team": lambda world, who: support_team.look(world.store, who),
    "policies": lambda world, who: policies.register(world.store, who),
    "way_of_working": lambda world, who: way_of_working.look(world.store, who),
    "start_tasks": lambda world, who: support_tasks.start(world.store, who),
    "write_way": lambda world, who: way_of_working.write(world.store, who, text="x"),
    "add_policy": lambda world, who: policies.add(world.store, who, title="x", writer_id="p"),
    "todo": lambda world, who: to_do.everything(world.store, who),
    "board": lambda world, who: expertise.board(world.store, who),
    "offer": lambda world, who: expertise.add(world.store, who, kind=ExpertiseKind.OFFER, title="x"),
    "pictures": lambda world, who: everyones_part.pictures(world.store, who),
    "draw": lambda world, who: everyones_part.draw(world.store, who, world.closed),
    "export": lambda world, who: upkeep.export(world.store, who, world.store.path.parent),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_respondent_is_refused_by_every_verb(north_school, verb):
    with pytest.raises(NotAllowed):
        VERBS[verb](north_school, Actor(RESPONDENT))


@pytest.mark.parametrize(
    "verb", ["record", "open_round", "close_cycle", "set_up", "back_up", "export", "start_meeting", "draw"]
)
def test_a_member_and_a_reader_change_nothing_of_the_school(north_school, verb):
    version = north_school.store.version

    for who in (north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            VERBS[verb](north_school, who)

    assert north_school.store.version == version


@pytest.mark.parametrize("verb", ["set_up", "back_up", "export"])
def test_a_coach_does_not_manage_the_school(north_school, verb):
    with pytest.raises(NotAllowed):
        VERBS[verb](north_school, north_school.coach)


# --- a member and her own action -------------------------------------------------------------------------


def test_a_member_ticks_off_her_own_action(north_school):
    action = north_school.action(owner_id=north_school.member.person_id)

    saved = plan.change(
        north_school.store, north_school.member, Action, action.action_id, 1, state=ActionState.RUNNING
    )

    assert saved.state is ActionState.RUNNING


def test_a_helper_may_do_the_same(north_school):
    action = north_school.action(
        owner_id=north_school.coach.person_id, helper_ids=(north_school.member.person_id,)
    )

    saved = act.evaluate_action(
        north_school.store,
        north_school.member,
        action.action_id,
        None,
        done_as_planned=DoneAsPlanned.YES,
        learned="goed",
        next_step=NextStep.ADOPT,
    )

    assert saved.state is ActionState.DONE


def test_a_member_does_not_touch_anothers_action(north_school):
    action = north_school.action(owner_id=north_school.coach.person_id)

    with pytest.raises(NotAllowed):
        plan.change(
            north_school.store, north_school.member, Action, action.action_id, 1, state=ActionState.DONE
        )


@pytest.mark.parametrize("field", ["title", "owner_id", "due_on", "goal_id", "prediction"])
def test_a_member_does_not_change_what_was_agreed(north_school, field):
    action = north_school.action(owner_id=north_school.member.person_id)

    with pytest.raises(NotAllowed):
        plan.change(north_school.store, north_school.member, Action, action.action_id, 1, **{field: None})


def test_an_action_without_owner_belongs_to_no_member(north_school):
    action = north_school.action()

    assert not access.may_edit_action(Actor(MEMBER), action)
    assert not access.may_edit_action(north_school.member, action)


def test_a_member_adds_no_people(north_school):
    with pytest.raises(NotAllowed):
        plan.record(
            north_school.store, north_school.member, Person(person_id="p", name="X", role=Role.LEADER)
        )


def test_a_coach_does_not_rename_the_school(north_school):
    own = school.find_school(north_school.store)

    with pytest.raises(NotAllowed):
        plan.change(north_school.store, north_school.coach, School, own.school_id, None, name="Anders")


def test_a_reader_is_offered_closed_cycles_only(north_school):
    offered = [cycle.cycle_id for cycle in plan.visible_cycles(north_school.store, north_school.reader)]

    assert offered == [north_school.closed]


@pytest.mark.parametrize("verb", ["thread", "matrix"])
def test_a_reader_who_asks_for_the_running_cycle_gets_nothing(north_school, verb):
    look = {
        "thread": lambda: thread.thread(north_school.store, north_school.reader, north_school.running),
        "matrix": lambda: evidence.matrix(north_school.store, north_school.reader, north_school.running),
    }

    with pytest.raises(NotAllowed):
        look[verb]()


# --- pupil outcomes: the school's, and of the own team ---------------------------------------------------


@pytest.fixture
def lines(north_school):
    """Lines of year group 4 and 6, one of the whole school, and what the Inspectie publishes of it."""
    store = north_school.store
    insert = """
        INSERT INTO outcome (batch_id, line, pupil, school_year, moment, year_group, subject, test, scale,
          score_kind, value, level_name, status)
        SELECT 'b', 900 + i, $pupil || i, '2025-2026', 'M', $year_group, $subject, $test, $scale,
          $kind, 60 + i, $level, 'value'
        FROM range(12) t(i)
    """

    def use_case(tx):
        tx.insert(
            Batch(
                batch_id="b",
                kind="csv",
                file_name="toetsen.csv",
                content_hash="h",
                imported_at=config.now(),
                data_version=tx.data_version,
                n_accepted=48,
                n_refused=0,
            )
        )
        for subject, year_group in (("a_four", "4"), ("b_six", "6"), ("c_school", None)):
            tx.execute(insert, subject=subject, year_group=year_group, pupil=subject, test=None, scale=None,
                       kind="percentage", level=None)  # fmt: skip
        tx.execute(insert, subject="d_published", year_group="8", pupil=None, test="1F", scale=series.PUBLISHED,
                   kind="percentage", level="1F")  # fmt: skip

    store.write(use_case, actor=north_school.leader, verb="read_in")
    return store


def subjects_seen(store, actor):
    return {one.subject for one in series.selections(store, actor)} & {
        "a_four",
        "b_six",
        "c_school",
        "d_published",
    }


def of_team(north_school, *year_groups):
    """The member's team teaches these year groups."""
    team_id = next(iter(north_school.teams.values()))
    person_id = north_school.member.person_id
    plan.change(north_school.store, north_school.leader, Person, person_id, None, team_ids=(team_id,))
    plan.change(north_school.store, north_school.leader, Team, team_id, None, year_groups=year_groups)


def test_leader_and_coach_see_every_line(lines, north_school):
    for who in (north_school.leader, north_school.coach):
        assert subjects_seen(lines, who) == {"a_four", "b_six", "c_school", "d_published"}


def test_a_member_sees_the_school_and_the_own_team(lines, north_school):
    of_team(north_school, "4", "5")

    assert subjects_seen(lines, north_school.member) == {"a_four", "c_school", "d_published"}


def test_a_member_whose_team_teaches_no_year_group_sees_the_school(lines, north_school):
    of_team(north_school)

    assert subjects_seen(lines, north_school.member) == {"c_school", "d_published"}


def test_a_reader_sees_the_school(lines, north_school):
    assert subjects_seen(lines, north_school.reader) == {"c_school", "d_published"}


def test_asking_for_another_teams_line_gives_nothing(lines, north_school):
    of_team(north_school, "4")
    every = {one.subject: one for one in series.selections(lines, north_school.leader)}

    assert series.series(lines, north_school.member, every["a_four"])
    for who in (north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            series.series(lines, who, every["b_six"])


def test_a_goals_own_line_is_seen_with_the_goal(lines, north_school):
    every = {one.subject: one for one in series.selections(lines, north_school.leader)}
    indicator = north_school.indicator(north_school.goal(), series=every["b_six"].as_json())

    assert series.line_of(lines, north_school.member, indicator).selection == every["b_six"]
