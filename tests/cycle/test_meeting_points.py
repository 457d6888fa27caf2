"""What waits of support, policy and the calendar comes by in the meeting, gets a name or a day there, and is gone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qualitycycle import config, i18n
from qualitycycle.cycle import (
    group_reviews,
    guidance,
    meeting_agenda,
    meeting_entries,
    meeting_points,
    meetings,
    minutes,
    policies,
    support_tasks,
    support_team,
    to_do,
    waiting,
    way_of_working,
)
from qualitycycle.cycle.waiting import Wait
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import (
    PointTurn,
    ReviewKind,
    SupportArea,
    SupportLevel,
    TaskPart,
)
from qualitycycle.reports import meeting as report
from qualitycycle.reports.content import Bullets
from tests.cycle.conftest import TODAY

R, D = TaskPart.RESPONSIBLE, TaskPart.DOES
SOON = TODAY + timedelta(days=3)


@pytest.fixture
def world(north_school):
    """A school where one of everything waits."""
    store, leader, coach = north_school.store, north_school.leader, north_school.coach
    support_tasks.add(store, leader, area=SupportArea.ACCESS, title="Hulp van buiten")
    double = support_tasks.add(store, leader, area=SupportArea.POLICY, title="Beleid bijhouden")
    both = (leader.person_id, coach.person_id)
    support_tasks.divide(store, leader, double.task_id, {R: both, D: (coach.person_id,)})
    policies.add(store, leader, title="Versnellen", writer_id=coach.person_id, review_on=SOON)
    support_team.agree(
        store,
        leader,
        level=SupportLevel.BASIC,
        title="Verlengde instructie",
        owner_id=coach.person_id,
        review_on=SOON,
    )
    team = north_school.teams["Onderbouw"]
    group_reviews.add(store, coach, kind=ReviewKind.REVIEW, title="Onderbouw", planned_on=SOON, team_id=team)
    with config.as_of(TODAY - timedelta(days=7)):
        way_of_working.put_up(
            store, leader, way_of_working.write(store, leader, text="Zo werken wij").way_version_id
        )
    return north_school


@pytest.fixture
def meeting(world):
    present = [world.leader.person_id, world.coach.person_id]
    return meetings.start(world.store, world.leader, present, {}).meeting_id


def waits(world, team_id=None):
    return {one.why: one for one in waiting.for_meeting(world.store, world.leader, team_id)}


def test_everything_that_waits_is_on_the_agenda_in_order(world, meeting):
    found = [one.why for one in waiting.everything(world.store, world.member)]
    kept = meeting_agenda.brought(meetings.running(world.store, world.leader)).waiting

    assert found == [
        Wait.NOBODY,
        Wait.TWO_RESPONSIBLE,
        Wait.WAY_TO_AGREE,
        Wait.POLICY_DUE,
        Wait.AGREEMENT_DUE,
        Wait.REVIEW_DUE,
    ]
    assert len(kept) == len(found)


def test_a_team_meets_about_its_own_group_reviews_only(world):
    assert list(waits(world, world.teams["Onderbouw"])) == [Wait.REVIEW_DUE]
    assert list(waits(world, world.teams["Bovenbouw"])) == []


def test_a_gap_that_gets_a_name_in_the_meeting_is_gone(world, meeting):
    gap = waits(world)[Wait.NOBODY]

    meeting_points.name(world.store, world.leader, meeting, gap, world.coach.person_id)

    assert Wait.NOBODY not in waits(world)
    task = next(
        one for one in support_tasks.look(world.store, world.member).lines if one.task.task_id == gap.noun_id
    )
    assert (task.of(R), task.of(D)) == ((world.coach.person_id,), (world.coach.person_id,))


def test_of_two_who_were_responsible_the_other_goes_on_doing_it(world, meeting):
    double = waits(world)[Wait.TWO_RESPONSIBLE]

    meeting_points.name(world.store, world.leader, meeting, double, world.coach.person_id)

    task = next(
        one
        for one in support_tasks.look(world.store, world.member).lines
        if one.task.task_id == double.noun_id
    )
    assert task.of(R) == (world.coach.person_id,)
    assert set(task.of(D)) == {world.coach.person_id, world.leader.person_id}


def test_a_gap_somebody_else_filled_meanwhile_is_not_filled_twice(world, meeting):
    gap = waits(world)[Wait.NOBODY]
    meeting_points.name(world.store, world.leader, meeting, gap, world.coach.person_id)

    with pytest.raises(Incomplete) as error:
        meeting_points.name(world.store, world.leader, meeting, gap, world.member.person_id)

    assert error.value.reason == "named_meanwhile"


def test_a_due_review_gets_a_day_and_a_person(world, meeting):
    later = date(2027, 3, 1)
    for why in (Wait.POLICY_DUE, Wait.AGREEMENT_DUE, Wait.REVIEW_DUE):
        meeting_points.put_off(
            world.store,
            world.leader,
            meeting,
            waits(world)[why],
            due_on=later,
            person_id=world.member.person_id if why is not Wait.REVIEW_DUE else None,
        )

    assert set(waits(world)) == {Wait.NOBODY, Wait.TWO_RESPONSIBLE, Wait.WAY_TO_AGREE}
    policy = policies.register(world.store, world.member)[0].policy
    assert (policy.review_on, policy.writer_id) == (later, world.member.person_id)


def test_a_day_that_is_gone_is_refused(world, meeting):
    about = waits(world)[Wait.POLICY_DUE]

    for verb in (
        lambda day: meeting_points.put_off(world.store, world.leader, meeting, about, due_on=day),
        lambda day: meeting_points.look_again(world.store, world.leader, meeting, about, day),
    ):
        with pytest.raises(Incomplete):
            verb(TODAY - timedelta(days=1))


def test_what_was_looked_at_and_what_was_held_is_gone(world, meeting):
    meeting_points.look_again(
        world.store, world.leader, meeting, waits(world)[Wait.POLICY_DUE], date(2027, 11, 1)
    )
    meeting_points.hold(world.store, world.leader, meeting, waits(world)[Wait.REVIEW_DUE])

    assert not {Wait.POLICY_DUE, Wait.REVIEW_DUE} & set(waits(world))
    assert policies.register(world.store, world.member)[0].policy.reviewed_on == TODAY


def test_the_meeting_signs_off_on_the_way_of_working(world, meeting):
    meeting_points.agree(world.store, world.leader, meeting, waits(world)[Wait.WAY_TO_AGREE])

    agreed = way_of_working.look(world.store, world.reader).agreed
    assert (agreed.agreed_on, agreed.meeting_id) == (TODAY, meeting)
    assert Wait.WAY_TO_AGREE not in waits(world)


def act_on_all(world, meeting):
    store, leader = world.store, world.leader
    before = waits(world)
    meeting_points.name(store, leader, meeting, before[Wait.NOBODY], world.coach.person_id)
    meeting_points.name(store, leader, meeting, before[Wait.TWO_RESPONSIBLE], world.leader.person_id)
    meeting_points.agree(store, leader, meeting, before[Wait.WAY_TO_AGREE])
    meeting_points.put_off(
        store, leader, meeting, before[Wait.POLICY_DUE], due_on=date(2027, 3, 1), person_id=leader.person_id
    )
    meeting_points.look_again(store, leader, meeting, before[Wait.AGREEMENT_DUE], date(2027, 9, 1))
    meeting_points.hold(store, leader, meeting, before[Wait.REVIEW_DUE])


def test_every_point_can_be_taken_back(world, meeting):
    before = waits(world)
    tasks = support_tasks.look(world.store, world.leader).lines
    act_on_all(world, meeting)
    assert waits(world) == {}

    for _turn in range(len(before)):
        meeting_entries.undo(world.store, world.leader, meeting)

    assert waits(world) == before
    again = support_tasks.look(world.store, world.leader).lines
    sets = [{part: set(one.of(part)) for part in TaskPart} for one in again]
    assert sets == [{part: set(one.of(part)) for part in TaskPart} for one in tasks]
    assert meeting_points.points(world.store, world.leader, meeting) == []


def test_an_agreement_is_not_taken_back_once_the_next_version_is_written(world, meeting):
    meeting_points.agree(world.store, world.leader, meeting, waits(world)[Wait.WAY_TO_AGREE])
    way_of_working.write(world.store, world.leader, text="Anders", changed="Korter")

    with pytest.raises(Incomplete) as error:
        meeting_entries.undo(world.store, world.leader, meeting)

    assert error.value.reason == "version_under_way"
    assert way_of_working.look(world.store, world.leader).agreed.number == 1


def test_the_minutes_say_what_was_agreed(world, meeting):
    act_on_all(world, meeting)

    made = minutes.minutes(world.store, world.leader, meeting)

    said = {(one.title, one.did) for one in made.points}
    assert ("Hulp van buiten", PointTurn.NAMED) in said
    assert ("Versnellen", PointTurn.DATED) in said
    assert {one.did for one in made.points} == set(PointTurn)
    assert next(one for one in made.points if one.title == "Versnellen").due_on == date(2027, 3, 1)
    assert next(one for one in made.points if one.title == "Hulp van buiten").person == "Ibo"


def test_a_member_looks_on(world, meeting):
    gap = waits(world)[Wait.NOBODY]
    version = world.store.version

    for verb in (
        lambda: meeting_points.name(world.store, world.member, meeting, gap, world.member.person_id),
        lambda: meeting_points.put_off(
            world.store, world.member, meeting, waits(world)[Wait.POLICY_DUE], due_on=SOON
        ),
        lambda: meeting_points.hold(world.store, world.member, meeting, waits(world)[Wait.REVIEW_DUE]),
        lambda: meeting_points.agree(world.store, world.member, meeting, waits(world)[Wait.WAY_TO_AGREE]),
    ):
        with pytest.raises(NotAllowed):
            verb()

    assert world.store.version == version
    with pytest.raises(NotAllowed):
        waiting.everything(world.store, world.reader)


# --- to do now -------------------------------------------------------------------------------------------


def test_what_waits_stands_in_to_do_now_for_who_may_mend_it(world):
    titles = {one.title for one in to_do.mine(world.store, world.leader)}
    coach = {one.title: one for one in to_do.mine(world.store, world.coach)}

    assert {"Hulp van buiten", "Beleid bijhouden"} <= titles
    assert coach["Versnellen"].person_id == world.coach.person_id
    assert "Versnellen" not in titles
    assert not {"Hulp van buiten", "Versnellen"} & {
        one.title for one in to_do.mine(world.store, world.member)
    }


def test_a_learning_question_reaches_only_those_who_may_see_it(world):
    question = "Hoe laat ik leerlingen vragen stellen?"
    with config.as_of(TODAY - timedelta(days=60)):
        guidance.begin(
            world.store,
            world.coach,
            question=question,
            colleague_id=world.member.person_id,
            serves="Het hele team",
        )

    seen = {
        name: question in {one.title for one in to_do.everything(world.store, who)}
        for name, who in (("leader", world.leader), ("coach", world.coach), ("member", world.member))
    }

    assert seen == {"leader": False, "coach": True, "member": True}
    assert question not in {one.title for one in waiting.everything(world.store, world.coach)}
    assert question not in str(meeting_agenda.gather(world.store, world.coach, world.running).as_json())


def test_minutes_on_paper_say_it_too(world, meeting):
    act_on_all(world, meeting)
    made = minutes.minutes(world.store, world.leader, meeting)

    with i18n.speaking("nl"):
        found = [block for block in report.blocks(made) if isinstance(block, Bullets)]

    said = "\n".join(item for block in found for item in block.items)
    assert "Hulp van buiten (Ibo is verantwoordelijk · Ondersteuningsteam)" in said
    assert "Onze werkwijze, versie 1 (door het team vastgesteld)" in said
    assert "Versnellen (Leida, verzet naar 1 maart 2027 · Beleid)" in said
