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


# --- in a meeting ------------------------------------------------------------------------------------------


def start(north):
    at = page(GOAL, goal=north.goal.goal_id)
    at.number_input(key="vote.present").set_value(12)
    at.button(key="vote.start").click().run()
    return at


def open_vote(north):
    return confidence.open_vote_of(north.store, LEADER, north.goal.goal_id)


@pytest.mark.parametrize(("role", "may"), [(Role.LEADER, True), (Role.COACH, True), (Role.MEMBER, False)])
def test_who_may_open_rounds_may_start_a_vote(north, role, may):
    at = page(GOAL, role=role, goal=north.goal.goal_id)

    assert bool([one for one in at.button if one.key == "vote.start"]) is may


def test_starting_a_vote_opens_it_for_as_many_as_are_there(north):
    at = start(north)

    assert not at.exception
    assert open_vote(north).n_present == 12


@pytest.mark.parametrize(("values", "dots"), [((40, 50, 60, 70, 90), 0), (range(40, 90, 5), 10)])
def test_the_room_sees_the_spread_only_after_closing_and_columns_only_from_ten(north, values, dots):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)
    vote_id = opened.vote.confidence_vote_id
    for value in values:
        confidence.answer(
            north.store, ANYBODY, opened.code, confidence.ticket(north.store, opened.code), value
        )
    at = page(GOAL, goal=north.goal.goal_id, vote=vote_id)
    before = drawn(at)

    at.button(key="vote.close").click().run()

    assert i18n._("{n} of {all} answered").format(n=len(values), all=12) in before
    assert "qc-room-scale" not in before
    assert "qc-room-scale" in drawn(at)
    assert drawn(at).count("<i></i>") == dots
    assert confidence.result(north.store, LEADER, vote_id).result.n == len(values)


def test_of_four_answers_the_room_sees_a_sentence_and_no_figure(north):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)
    for value in (13, 37, 61, 83):
        confidence.answer(
            north.store, ANYBODY, opened.code, confidence.ticket(north.store, opened.code), value
        )
    at = page(GOAL, goal=north.goal.goal_id, vote=opened.vote.confidence_vote_id)

    at.button(key="vote.close").click().run()

    said = i18n._("Fewer than {n} people answered, so nothing is shown: a figure could tell who said what.")
    assert said.format(n=5) in words(at)
    assert "qc-room-scale" not in drawn(at)
    assert not [figure for figure in ("48", "49", "13", "83") if figure in words(at)]


def test_on_another_screen_the_code_is_not_shown_and_a_new_one_can_be_made(north):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)
    at = page(GOAL, goal=north.goal.goal_id, vote=opened.vote.confidence_vote_id)
    before = drawn(at)

    at.button(key="vote.new_code").click().run()

    assert "qc-room-code" not in before
    assert "qc-room-code" in drawn(at)
    assert opened.code[:4] not in drawn(at)


def test_a_cancelled_vote_has_no_result(north):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)
    at = page(GOAL, goal=north.goal.goal_id, vote=opened.vote.confidence_vote_id)

    at.button(key="vote.cancel").click().run()

    assert i18n._("This vote was cancelled. There is no result.") in words(at)
    assert open_vote(north) is None


def test_a_member_does_not_see_the_vote_by_its_address(north):
    opened = confidence.open_vote(north.store, LEADER, north.goal.goal_id, 12)

    at = page(GOAL, role=Role.MEMBER, goal=north.goal.goal_id, vote=opened.vote.confidence_vote_id)

    assert not at.exception
    assert not [one for one in at.button if one.key and one.key.startswith("vote.")]


def drawn(at):
    """Our own HTML, without the style sheet."""
    return " ".join(one.proto.body for one in at.get("html") if "<style" not in one.proto.body)
