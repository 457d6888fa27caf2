"""The weekly meeting, as who leads it sees it: with an empty school, with a goal without figures, and afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qualitycycle import config, i18n
from qualitycycle.cycle import evidence, meeting_entries, meetings, office, plan
from qualitycycle.model import Course, EvidenceKind, Goal, GoalCheck, Says
from qualitycycle.store.records import new_id
from tests.pages import every
from tests.pages import north as world
from tests.pages.north import LEADER, page, press, words

MEETING, MATRIX = "do/meeting.py", "study/matrix.py"


@pytest.fixture
def north(tmp_path):
    with i18n.speaking("en"):
        yield world.built(tmp_path)
    office.close()


def begun(store):
    present = [one.person_id for one in meetings.expected(store)]
    return meetings.start(store, LEADER, present, {})


def keys(at):
    return [button.key for button in at.button]


def on_to(at, place):
    return press(at, f"meeting.next.{place}")


def test_a_school_that_was_just_set_up_goes_through_all_blocks(tmp_path):
    store = office.open_school(tmp_path)
    every.new_school(store)
    with i18n.speaking("en"):
        at = page(MEETING)
        press(at, "meeting.start")
        for place in range(1, 6):
            on_to(at, place)

        assert not at.exception
        assert "meeting.close" in keys(at)
    office.close()


def test_a_second_click_on_the_way_on_skips_no_block(north):
    begun(north.store)
    at = page(MEETING)

    on_to(at, 1)

    # The button that was clicked is gone, and with it what a second click would have done.
    assert "meeting.next.1" not in keys(at)
    assert "meeting.next.2" in keys(at)


def test_saying_the_same_of_a_goal_twice_is_said_once(north):
    meeting = begun(north.store)

    for _click in range(2):
        meeting_entries.say(north.store, LEADER, meeting.meeting_id, north.goal.goal_id, Course.STUCK)

    assert len(plan.find(north.store, LEADER, GoalCheck)) == 1
    [entry] = meetings.all_running(north.store, LEADER)[0].entries
    assert entry["noun"] == "goal_check"


def test_a_goal_without_figures_shows_what_runs_for_it(north):
    bare = Goal(
        goal_id=new_id(), cycle_id=north.cycle.cycle_id, title="Ouders weten meer", phase=north.cycle.phase
    )
    plan.record(north.store, LEADER, bare)
    before = begun(north.store)
    agree(north, before, "Brief rondsturen", bare)
    at = page(MEETING)
    on_to(at, 1)
    on_to(at, 2)

    press(at, f"talk.{bare.goal_id}")

    assert "There is no figure of this goal yet." in words(at)
    assert "Brief rondsturen" in words(at)


def agree(north, meeting, title, goal):
    return meeting_entries.agree(
        north.store,
        LEADER,
        meeting.meeting_id,
        title,
        owner_id=north.member.person_id,
        due_on=config.today() + timedelta(days=7),
        goal_id=goal.goal_id,
    )


def test_errands_of_meetings_are_counted_in_the_matrix_and_fill_no_rows(north):
    meeting = begun(north.store)
    agree(north, meeting, "Startkaarten printen", north.goal)
    piece = evidence.add(
        north.store,
        LEADER,
        cycle_id=north.cycle.cycle_id,
        kind=EvidenceKind.OBSERVATION,
        title="Kijkwijzer",
        evidence_on=config.today(),
    )
    evidence.link(north.store, LEADER, piece.evidence_id, north.action, Says.SUPPORTS)

    text = words(page(MATRIX))

    assert north.action.title in text
    # It can still be chosen to tie evidence to; it has no row and no card of its own.
    assert "Startkaarten printen" not in text.splitlines()
    assert "1 agreement of a meeting, without evidence" in text
