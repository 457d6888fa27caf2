"""Whose account it is: typed by the leader, kept as a hash, tied to one person at its first use."""

import pytest

from qualitycycle.cycle import plan, school_accounts, sign_in
from qualitycycle.errors import Incomplete, NotAllowed, SignInRefused
from qualitycycle.model import Person, Role
from qualitycycle.store.records import new_id

CLAIMS = {"iss": "https://id.example", "sub": "7f1c", "email": "Sem@school.example", "email_verified": True}


@pytest.fixture
def sem(north_school):
    person = Person(person_id=new_id(), name="Sem", role=Role.MEMBER)
    plan.record(north_school.store, north_school.leader, person)
    return person


def give(world, person, address="sem@school.example"):
    school_accounts.set_account(world.store, world.leader, person.person_id, address)


def test_only_the_school_leader_says_whose_account_it_is(north_school, sem):
    with pytest.raises(NotAllowed):
        school_accounts.set_account(
            north_school.store, north_school.coach, sem.person_id, "sem@school.example"
        )
    with pytest.raises(NotAllowed):
        school_accounts.people_with_account(north_school.store, north_school.coach)


@pytest.mark.parametrize("typed", ["sem", "sem@school", "@school.example", "sem de boer@school.example"])
def test_what_is_no_address_is_refused(north_school, sem, typed):
    with pytest.raises(Incomplete) as refused:
        give(north_school, sem, typed)

    assert refused.value.reason == "no_address"


def test_two_colleagues_cannot_have_the_same_account(north_school, sem):
    give(north_school, sem)
    other = Person(person_id=new_id(), name="Bo", role=Role.MEMBER)
    plan.record(north_school.store, north_school.leader, other)

    with pytest.raises(Incomplete) as refused:
        give(north_school, other, "SEM@school.example")

    assert refused.value.reason == "account_taken"


def test_the_address_stands_nowhere_in_the_file(north_school, sem):
    give(north_school, sem)

    rows = str(north_school.store.rows("SELECT * FROM school_account"))
    audit = str(north_school.store.rows("SELECT * FROM audit"))

    assert "sem@school" not in (rows + audit).casefold()


def test_an_empty_address_and_another_one_end_the_account_of_before(north_school, sem):
    give(north_school, sem)
    token = school_accounts.enter(north_school.store, CLAIMS)

    give(north_school, sem, "s.boer@school.example")

    assert sign_in.session(north_school.store, token) is None
    with pytest.raises(SignInRefused):
        school_accounts.enter(north_school.store, CLAIMS)


def test_who_left_does_not_come_in(north_school, sem):
    give(north_school, sem)
    plan.archive(north_school.store, north_school.leader, Person, sem.person_id)

    with pytest.raises(SignInRefused):
        school_accounts.enter(north_school.store, CLAIMS)


@pytest.mark.parametrize("missing", ["iss", "sub"])
def test_claims_that_name_nobody_are_refused(north_school, sem, missing):
    give(north_school, sem)

    with pytest.raises(SignInRefused):
        school_accounts.enter(north_school.store, {**CLAIMS, missing: ""})
