"""Everyone's part: drawn once of a closed cycle, without names or numbers of anybody, and fixed from then on."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from qualitycycle import config
from qualitycycle.analysis.evenness import Spread
from qualitycycle.cycle import everyones_part, plan
from qualitycycle.cycle.everyones_part import Contribution
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import Action, Actor, Evidence, EvidenceKind, Goal, Person, Role, Success
from qualitycycle.store.records import new_id

N_PEOPLE = 15


@pytest.fixture
def full(north_school):
    """North with a team of fifteen: leader, coach, member and twelve more; the reader does not count."""
    new = [Person(person_id=new_id(), name=f"Collega {n}", role=Role.MEMBER) for n in range(N_PEOPLE - 3)]
    north_school.store.write(lambda tx: tx.insert_all(new), actor=north_school.leader, verb="test")
    return replace(north_school), [one.person_id for one in new]


def _tell(world, *records):
    """Put things in a closed cycle, as if they were done before it closed."""

    def use_case(tx):
        for one in records:
            tx.insert(one)

    world.store.write(use_case, actor=world.leader, verb="test")


def _actions(world, counts):
    """So many actions for each person."""
    return [
        Action(action_id=new_id(), cycle_id=world.closed, owner_id=person_id, title=f"Actie {n}")
        for person_id, count in counts.items()
        for n in range(count)
    ]


def _drawn(world, actor=None):
    everyones_part.draw(world.store, world.leader, world.closed)
    (picture,) = everyones_part.pictures(world.store, actor or world.member)
    return {one.kind: one.found for one in picture.shapes}


def test_a_cycle_of_many_is_told_as_carried_by_many(full):
    world, people = full
    _tell(world, *_actions(world, dict.fromkeys(people, 1)))

    found = _drawn(world)[Contribution.ACTIONS]

    # One of each of twelve, and the action of the member that was there.
    assert (found.spread, found.n, found.n_people, found.n_top) == (Spread.MANY, 13, N_PEOPLE, 5)


def test_a_cycle_of_a_few_is_told_as_carried_by_a_few(full):
    world, people = full
    _tell(world, *_actions(world, dict.fromkeys(people[:5], 5)))

    assert _drawn(world)[Contribution.ACTIONS].spread is Spread.FEW


def test_helpers_carry_an_action_too_and_a_success_is_of_who_carries_what_it_hangs_on(full):
    world, people = full
    shared = Action(
        action_id=new_id(),
        cycle_id=world.closed,
        owner_id=people[0],
        # Named twice she is still one.
        helper_ids=(*people[1:6], people[0]),
        title="Samen",
    )
    about = [("action", shared.action_id)] * 2 + [(None, None)]
    named = [
        Success(
            success_id=new_id(),
            cycle_id=world.closed,
            noun=noun,
            noun_id=noun_id,
            title="Gelukt",
            happened_on=date(2026, 3, 1),
        )
        for noun, noun_id in about
    ]
    _tell(world, shared, *named)

    counted = {}
    world.store.write(
        lambda tx: counted.update(everyones_part._who(tx, world.closed)), actor=world.leader, verb="test"
    )

    assert Counter(counted[Contribution.ACTIONS]) == Counter([*people[:6], world.member.person_id])
    assert Counter(counted[Contribution.SUCCESSES]) == Counter(people[:6] * 2)


def test_of_few_contributions_or_people_nothing_is_told(full):
    world, people = full
    pieces = [
        Evidence(
            evidence_id=new_id(),
            cycle_id=world.closed,
            kind=EvidenceKind.OBSERVATION,
            title="Gezien",
            evidence_on=date(2026, 3, 1),
            added_on=date(2026, 3, 1),
            owner_id=people[n % 3],
        )
        for n in range(20)
    ]
    _tell(world, *pieces, *_actions(world, dict.fromkeys(people[:7], 1)))

    found = _drawn(world)

    assert {kind: (one.spread, one.n, one.low, one.lot) for kind, one in found.items()} == dict.fromkeys(
        Contribution, (None, None, None, None)
    )


def test_a_small_school_is_told_nothing(north_school):
    _tell(north_school, *_actions(north_school, {north_school.member.person_id: 20}))

    assert {one.spread for one in _drawn(north_school).values()} == {None}


def test_what_is_kept_holds_no_name_and_no_number_of_anybody(full):
    world, people = full
    _tell(world, *_actions(world, dict.fromkeys(people, 2)))
    everyones_part.draw(world.store, world.leader, world.closed)

    (row,) = world.store.rows("SELECT shapes FROM everyones_part")
    audit = world.store.rows("SELECT before, after FROM audit WHERE noun = 'everyones_part'")

    kept = json.loads(row["shapes"])
    assert [one for one in people if one in row["shapes"]] == []
    allowed = {"n", "n_people", "n_top", "spread", "low", "high", "even", "lot"}
    assert all(set(one) == {"kind", "found"} and set(one["found"]) == allowed for one in kept)
    # The bounds are those of a class, whatever the exact share.
    assert kept[0]["found"]["low"] == kept[0]["found"]["even"]
    assert audit == [{"before": None, "after": "{}"}]


def test_a_picture_stays_as_it_was_drawn(full):
    world, people = full
    _tell(world, *_actions(world, dict.fromkeys(people, 1)))
    before = _drawn(world)

    _tell(world, *_actions(world, dict.fromkeys(people[:5], 9)))
    plan.archive(world.store, world.leader, Person, people[0])

    (picture,) = everyones_part.pictures(world.store, world.leader)
    assert {one.kind: one.found for one in picture.shapes} == before
    with pytest.raises(Incomplete):
        everyones_part.draw(world.store, world.leader, world.closed)
    assert everyones_part.to_draw(world.store, world.leader) == []


def test_who_left_after_the_cycle_and_who_contributed_count_and_a_reader_does_not(full):
    world, people = full
    with config.as_of(date(2026, 11, 20)):
        plan.archive(world.store, world.leader, Person, people[0])

    assert _drawn(world)[Contribution.ACTIONS].n_people == N_PEOPLE


def test_a_running_cycle_is_not_drawn(full):
    world, _people = full

    with pytest.raises(Incomplete):
        everyones_part.draw(world.store, world.leader, world.running)
    assert [one.cycle_id for one in everyones_part.to_draw(world.store, world.coach)] == [world.closed]


def test_who_works_here_sees_the_same_and_a_reader_nothing(full):
    world, people = full
    _tell(world, *_actions(world, dict.fromkeys(people, 1)))
    found = _drawn(world, world.leader)

    for who in (world.coach, world.member, Actor(Role.MEMBER, people[0])):
        (picture,) = everyones_part.pictures(world.store, who)
        assert {one.kind: one.found for one in picture.shapes} == found
    with pytest.raises(NotAllowed):
        everyones_part.pictures(world.store, world.reader)


def test_a_goals_own_success_is_of_its_owner(full):
    world, people = full
    goal = Goal(goal_id=new_id(), cycle_id=world.closed, owner_id=people[0], title="Doel")
    told = Success(
        success_id=new_id(),
        cycle_id=world.closed,
        noun="goal",
        noun_id=goal.goal_id,
        title="Gelukt",
        happened_on=date(2026, 3, 1),
    )
    _tell(world, goal, told)
    counted = {}

    world.store.write(
        lambda tx: counted.update(everyones_part._who(tx, world.closed)), actor=world.leader, verb="test"
    )

    assert counted[Contribution.SUCCESSES] == [people[0]]
