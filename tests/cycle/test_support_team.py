"""The support team: tasks with gaps and doubles, who is in it and why, and agreements with a day to look again."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle import config, i18n
from qualitycycle.cycle import act, plan, school, support_tasks, support_team
from qualitycycle.cycle.support_tasks import Lack
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NotAllowed
from qualitycycle.model import Person, SupportArea, SupportLevel, SupportTask, TaskPart, TeamReasonKind
from tests.cycle.conftest import TODAY

R, D, ASKED, TOLD = TaskPart.RESPONSIBLE, TaskPart.DOES, TaskPart.ASKED, TaskPart.TOLD


@pytest.fixture
def task(north_school):
    return support_tasks.add(
        north_school.store, north_school.leader, area=SupportArea.ACCESS, title="Hulp van buiten vragen"
    )


def line(world):
    return support_tasks.look(world.store, world.member).lines[0]


@pytest.mark.parametrize(
    ("responsible", "doing", "lack"),
    [
        ([], [], Lack.NOBODY),
        ([], ["a"], Lack.NOBODY_RESPONSIBLE),
        (["a"], [], Lack.NOBODY_DOES),
        (["a", "b"], [], Lack.TWO_RESPONSIBLE),
        (["a", "b"], ["c"], Lack.TWO_RESPONSIBLE),
        (["a"], ["a"], None),
        (["a"], ["b", "c"], None),
    ],
)
def test_a_task_lacks_nothing_once_one_is_responsible_and_somebody_does_it(responsible, doing, lack):
    assert support_tasks.lack_of(responsible, doing) is lack


@pytest.mark.parametrize("lack", list(Lack))
def test_one_name_answers_what_lacks(lack):
    people = {
        Lack.NOBODY: {},
        Lack.NOBODY_RESPONSIBLE: {D: ("b",)},
        Lack.NOBODY_DOES: {R: ("b",)},
        Lack.TWO_RESPONSIBLE: {R: ("a", "b"), D: ()},
    }[lack]

    after = {**people, **support_tasks.answer(lack, people, "a")}

    assert support_tasks.lack_of(after[R], after[D]) is None
    assert {*after[R], *after[D]} >= {"a"}


def test_the_usual_tasks_are_a_start_in_the_language_on_screen(north_school):
    with i18n.speaking("nl"):
        n = support_tasks.start(north_school.store, north_school.coach)

    found = support_tasks.look(north_school.store, north_school.member)
    assert n == len(found.lines) == len({one.task.title for one in found.lines})
    assert {one.task.area for one in found.lines} == set(SupportArea)
    assert all(one.lack is Lack.NOBODY for one in found.lines)
    with pytest.raises(Incomplete):
        support_tasks.start(north_school.store, north_school.coach)


def test_gaps_come_before_doubles(north_school, task):
    world = north_school
    double = support_tasks.add(world.store, world.leader, area=SupportArea.POLICY, title="Beleid")
    people = {R: (world.leader.person_id, world.coach.person_id), D: (world.coach.person_id,)}
    support_tasks.divide(world.store, world.leader, double.task_id, people)

    found = support_tasks.look(world.store, world.leader).lacking

    assert [(one.task.title, one.lack) for one in found] == [
        ("Hulp van buiten vragen", Lack.NOBODY),
        ("Beleid", Lack.TWO_RESPONSIBLE),
    ]


def test_a_changed_task_holds_exactly_who_was_named(north_school, task):
    world = north_school
    own = {"area": SupportArea.ACCESS, "title": "Hulp vragen", "note": "Via het loket", "outside": "Wijkteam"}
    first = {R: (world.coach.person_id,), D: (world.coach.person_id, world.member.person_id), TOLD: ()}
    support_tasks.change(world.store, world.leader, task.task_id, 1, **own, people=first)
    second = {R: (world.coach.person_id,), D: (world.member.person_id,), TOLD: (world.leader.person_id,)}
    support_tasks.change(world.store, world.leader, task.task_id, 2, **own, people=second)

    with pytest.raises(ChangedMeanwhile):
        support_tasks.change(world.store, world.coach, task.task_id, 1, **own, people=first)

    found = line(world)
    assert found.task.outside == "Wijkteam"
    assert {part: found.of(part) for part in second} == second
    assert found.of(ASKED) == ()


def test_whoever_was_named_last_people_stand_by_their_names(north_school, task):
    people = school.staff(north_school.store, archived=False).people
    by_name = tuple(one.person_id for one in sorted(people, key=lambda one: one.name))

    for person_id in reversed(by_name):
        named = (*line(north_school).of(ASKED), person_id)
        support_tasks.divide(north_school.store, north_school.leader, task.task_id, {ASKED: named})

    assert len(by_name) > 2
    assert line(north_school).of(ASKED) == by_name


def test_who_left_the_school_leaves_a_gap(north_school, task):
    world = north_school
    mine = (world.member.person_id,)
    support_tasks.divide(world.store, world.leader, task.task_id, {R: mine, D: mine})
    assert line(world).lack is None

    plan.archive(world.store, world.leader, Person, world.member.person_id)

    assert line(world).lack is Lack.NOBODY


def test_done_counts_for_this_period_and_not_for_the_next(north_school, task):
    world = north_school
    support_tasks.mark_done(world.store, world.coach, task.task_id, date(2026, 10, 1))
    assert line(world).done_on == date(2026, 10, 1)
    for day in (date(2026, 8, 1), date(2026, 11, 23)):
        with pytest.raises(Incomplete):
            support_tasks.mark_done(world.store, world.coach, task.task_id, day)

    act.close_cycle(world.store, world.leader, world.running, None, went_well="", learned="x")
    with config.as_of(date(2027, 8, 30)):
        new = act.NextCycle("2027-2028", date(2027, 8, 30), date(2028, 7, 14))
        act.start_next(world.store, world.leader, world.running, new)
        assert line(world).done_on is None


def test_done_can_be_taken_back(north_school, task):
    world = north_school
    support_tasks.mark_done(world.store, world.coach, task.task_id, TODAY)

    support_tasks.mark_done(world.store, world.coach, task.task_id, None)

    assert line(world).done_on is None


def test_an_archived_task_is_no_gap_and_can_come_back(north_school, task):
    world = north_school
    plan.archive(world.store, world.coach, SupportTask, task.task_id)
    found = support_tasks.look(world.store, world.member)
    assert (found.lines, found.lacking) == ((), ())
    assert [one.title for one in found.archived] == ["Hulp van buiten vragen"]

    plan.restore(world.store, world.coach, SupportTask, task.task_id)

    assert line(world).lack is Lack.NOBODY


def test_a_member_is_a_colleague_or_a_name_from_outside(north_school):
    world = north_school
    support_team.join(world.store, world.leader, person_id=world.coach.person_id, role="Coach van het team")
    support_team.join(world.store, world.leader, name="Wijkverpleegkundige", role="Denkt mee")

    for wrong in ({}, {"person_id": world.coach.person_id, "name": "Iemand"}):
        with pytest.raises(Incomplete):
            support_team.join(world.store, world.leader, **wrong)

    found = support_team.look(world.store, world.member)
    assert [one.role for one in found.members] == ["Coach van het team", "Denkt mee"]


def test_reasons_for_the_team_are_kept_with_their_day(north_school):
    world = north_school
    support_team.give_reason(
        world.store, world.leader, kind=TeamReasonKind.AIM, title="De herstelopdracht van dit jaar"
    )

    found = support_team.look(world.store, world.member).reasons

    assert [(one.kind, one.noted_on) for one in found] == [(TeamReasonKind.AIM, TODAY)]


def test_an_agreement_asks_for_an_owner_and_a_day(north_school):
    world = north_school
    whole = {
        "level": SupportLevel.BASIC,
        "title": "Verlengde instructie",
        "owner_id": world.coach.person_id,
        "review_on": date(2026, 12, 1),
    }
    for field in ("owner_id", "review_on"):
        with pytest.raises(Incomplete) as error:
            support_team.agree(world.store, world.leader, **{**whole, field: None})
        assert error.value.name == field
    made = support_team.agree(world.store, world.leader, **whole)
    assert support_team.is_due(made.review_on, TODAY)

    later = support_team.look_again(world.store, world.coach, made.id, date(2027, 11, 1))

    assert (later.reviewed_on, support_team.is_due(later.review_on, TODAY)) == (TODAY, False)
    with pytest.raises(Incomplete):
        support_team.change_agreement(world.store, world.coach, made.id, None, owner_id=None)


def test_a_member_looks_and_changes_nothing_and_a_reader_sees_nothing(north_school, task):
    world = north_school
    version = world.store.version
    for verb in (
        lambda who: support_tasks.start(world.store, who),
        lambda who: support_tasks.mark_done(world.store, who, task.task_id, TODAY),
        lambda who: support_tasks.divide(world.store, who, task.task_id, {R: (who.person_id,)}),
        lambda who: support_team.join(world.store, who, name="X"),
        lambda who: support_team.give_reason(world.store, who, kind=TeamReasonKind.SIZE, title="Klein"),
    ):
        for who in (world.member, world.reader):
            with pytest.raises(NotAllowed):
                verb(who)

    assert world.store.version == version
    assert support_tasks.look(world.store, world.member).lines
    for look in (support_tasks.look, support_team.look):
        with pytest.raises(NotAllowed):
            look(world.store, world.reader)
    assert plan.find(world.store, world.reader, SupportTask) == []
