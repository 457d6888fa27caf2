"""Confidence beside progress on the goal's page, as people see it."""

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import confidence, office
from qualitycycle.model import Goal, Role
from qualitycycle.store.records import new_id
from tests.pages import north as world
from tests.pages.north import ANYBODY, LEADER, page, words

GOAL = "plan/goal.py"


@pytest.fixture(params=["nl", "en"])
def north(tmp_path, request):
    with i18n.speaking(request.param):
        made = world.built(tmp_path)
        yield made
    office.close()


def voted(north, *values):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)
    for value in values:
        ticket = confidence.ticket(north.store, opened.code)
        confidence.answer(north.store, ANYBODY, opened.code, ticket, value)
    confidence.close_vote(north.store, LEADER, opened.vote.confidence_vote_id)


@pytest.mark.parametrize("role", [Role.LEADER, Role.COACH, Role.MEMBER])
def test_a_closed_vote_stands_beside_the_progress_of_its_goal(north, role):
    voted(north, 40, 50, 60, 70, 90)

    at = page(GOAL, role=role, goal=north.goal.goal_id)

    assert not at.exception
    assert i18n._("Confidence beside progress") in words(at)
    mean, spread = "62", "14"
    said = i18n._("{mean} of 100, spread {spread} (n = {n})").format(mean=mean, spread=spread, n=5)
    assert said in words(at)


def test_of_a_vote_with_four_answers_the_page_tells_no_figure(north):
    voted(north, 13, 37, 61, 83)

    text = words(page(GOAL, goal=north.goal.goal_id))

    assert i18n._("Cannot tell yet how sure the team is: no vote has had enough answers.") in text
    assert not [figure for figure in ("48.5", "48,5", "n = 4") if figure in text]


def test_without_votes_and_values_there_is_no_empty_picture(north):
    bare = Goal(goal_id=new_id(), cycle_id=north.cycle.cycle_id, title="Nog niets")
    world.plan.record(north.store, LEADER, bare)

    text = words(page(GOAL, goal=bare.goal_id))

    assert i18n._("Confidence beside progress") not in text
