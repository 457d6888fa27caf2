"""The register of policies: who writes, who decides, what holds from when, and what it rests on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import plan, policies
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import Policy, PolicyVersion, Says
from tests.cycle.conftest import TODAY

NEXT_YEAR = date(2027, 11, 1)


@pytest.fixture
def policy(north_school):
    return policies.add(
        north_school.store,
        north_school.leader,
        title="Doubleren",
        writer_id=north_school.coach.person_id,
        decides="Schoolleider, na advies van de MR",
        review_on=NEXT_YEAR,
        text="Een jaar overdoen is een uitzondering.",
    )


def look(world, who=None):
    return policies.register(world.store, who or world.member)


@pytest.mark.parametrize("field", ["title", "writer_id", "review_on"])
def test_a_policy_asks_who_writes_it_and_when_it_is_looked_at_again(north_school, field):
    whole = {"title": "Versnellen", "writer_id": north_school.coach.person_id, "review_on": NEXT_YEAR}

    with pytest.raises(Incomplete) as error:
        policies.add(
            north_school.store, north_school.leader, **{**whole, field: "" if field == "title" else None}
        )

    assert error.value.name == field


def test_another_text_is_another_version_and_the_earlier_one_stays(north_school, policy):
    world = north_school
    policies.write_version(
        world.store,
        world.coach,
        policy.policy_id,
        1,
        text="Alleen nog met een plan.",
        changed="Een plan hoort erbij",
        applies_on=TODAY + timedelta(days=30),
    )

    line = look(world)[0]

    assert [one.number for one in line.versions] == [2, 1]
    assert line.in_force.text == "Een jaar overdoen is een uitzondering."
    with config.as_of(TODAY + timedelta(days=30)):
        assert look(world)[0].in_force.text == "Alleen nog met een plan."


@pytest.mark.parametrize(
    ("seen", "changes", "reason"),
    [
        (0, {}, "version_meanwhile"),
        (1, {"changed": ""}, "missing"),
        (1, {"text": " "}, "missing"),
        (1, {"applies_on": None}, "missing"),
        (1, {"applies_on": TODAY - timedelta(days=1)}, "before_version"),
    ],
)
def test_a_version_that_would_pass_over_another_is_refused(north_school, policy, seen, changes, reason):
    new = {"text": "Nieuw", "changed": "Alles", "applies_on": TODAY, **changes}

    with pytest.raises(Incomplete) as error:
        policies.write_version(north_school.store, north_school.leader, policy.policy_id, seen, **new)

    assert error.value.reason == reason
    assert len(look(north_school)[0].versions) == 1


def test_what_is_due_comes_first_until_it_was_looked_at(north_school, policy):
    world = north_school
    due = policies.add(
        world.store,
        world.leader,
        title="Versnellen",
        writer_id=world.coach.person_id,
        review_on=TODAY + timedelta(days=14),
    )
    assert [one.policy.title for one in look(world)] == ["Versnellen", "Doubleren"]
    assert policies.due(world.store, world.member) == [due]

    policies.look_again(world.store, world.coach, due.policy_id, NEXT_YEAR)

    assert policies.due(world.store, world.member) == []
    assert [one.policy.title for one in look(world)] == ["Doubleren", "Versnellen"]
    with pytest.raises(Incomplete):
        policies.look_again(world.store, world.coach, due.policy_id, TODAY)


def test_what_speaks_against_a_policy_comes_first(north_school, policy):
    world = north_school
    found = [world.piece("Gesprek"), world.piece("Onderzoek")]
    policies.rest_on(world.store, world.coach, policy.policy_id, found[0].evidence_id, Says.SUPPORTS)
    policies.rest_on(world.store, world.coach, policy.policy_id, found[1].evidence_id, Says.SUPPORTS)
    policies.rest_on(world.store, world.coach, policy.policy_id, found[1].evidence_id, Says.CONTRADICTS)

    grounds = look(world)[0].grounds
    assert [(one.evidence.title, one.link.says) for one in grounds] == [
        ("Onderzoek", Says.CONTRADICTS),
        ("Gesprek", Says.SUPPORTS),
    ]

    policies.let_go(world.store, world.coach, grounds[0].link.id)
    assert [one.evidence.title for one in look(world)[0].grounds] == ["Gesprek"]


def test_a_reader_sees_what_is_in_force_and_nothing_of_the_running_cycle(north_school, policy):
    world = north_school
    policies.write_version(
        world.store,
        world.coach,
        policy.policy_id,
        1,
        text="Straks",
        changed="Later",
        applies_on=TODAY + timedelta(days=1),
    )
    policies.add(
        world.store,
        world.leader,
        title="Nog leeg",
        writer_id=world.coach.person_id,
        review_on=NEXT_YEAR,
    )
    for piece in (world.piece("Lopend"),):
        policies.rest_on(world.store, world.coach, policy.policy_id, piece.evidence_id)
    policies.rest_on(world.store, world.coach, policy.policy_id, world.old_evidence)

    lines = look(world, world.reader)

    assert [(one.policy.title, one.policy.writer_id) for one in lines] == [("Doubleren", None)]
    assert [one.number for one in lines[0].versions] == [1]
    assert [one.evidence.title for one in lines[0].grounds] == ["Gekeken in de les"]
    assert plan.find(world.store, world.reader, PolicyVersion) == []
    with pytest.raises(NotAllowed):
        policies.due(world.store, world.reader)


def test_an_archived_policy_is_kept_and_can_come_back(north_school, policy):
    world = north_school
    plan.archive(world.store, world.leader, Policy, policy.policy_id)
    assert look(world) == []
    aside = policies.register(world.store, world.leader, archived=True)
    assert [len(one.versions) for one in aside] == [1]

    plan.restore(world.store, world.leader, Policy, policy.policy_id)

    assert [one.policy.title for one in look(world)] == ["Doubleren"]


def test_a_member_and_a_reader_change_no_policy(north_school, policy):
    world, version = north_school, north_school.store.version
    for who in (world.member, world.reader):
        for verb in (
            lambda who=who: policies.change(world.store, who, policy.policy_id, None, title="X"),
            lambda who=who: policies.look_again(world.store, who, policy.policy_id, NEXT_YEAR),
            lambda who=who: policies.rest_on(world.store, who, policy.policy_id, world.old_evidence),
            lambda who=who: policies.write_version(
                world.store, who, policy.policy_id, 1, text="x", changed="y", applies_on=TODAY
            ),
        ):
            with pytest.raises(NotAllowed):
                verb()

    assert world.store.version == version
