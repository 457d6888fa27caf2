"""Locking what is expected, saying otherwise than the rules, and the success wall, as people do it."""

import pytest

from qualitycycle import config, i18n
from qualitycycle.cycle import meeting_entries, office, plan
from qualitycycle.model import Action, LaterNote, Overruling, Role, Verdict
from tests.pages import north as world
from tests.pages.north import LEADER, choose, page, press, words

ACTION = "do/action.py"


@pytest.fixture
def north(tmp_path):
    with i18n.speaking("en"):
        yield world.built(tmp_path)
    office.close()


def test_what_is_expected_is_locked_and_thoughts_go_beside_it(north):
    at = page(ACTION, action=north.action.action_id)
    if "before_start.lock" in [button.key for button in at.button]:
        press(at, "before_start.lock")
    assert plan.get(north.store, LEADER, Action, north.action.action_id).locked_on == config.today()

    at.text_area(key="new_note.text").set_value("It took longer")
    press(at, "new_note.send")

    assert [note.text for note in plan.find(north.store, LEADER, LaterNote)] == ["It took longer"]
    assert "Locked on" in words(at) and "It took longer" in words(at)
    assert f"action.{north.action.action_id}.True.prediction" not in [area.key for area in at.text_area]


def test_a_verdict_of_our_own_stands_beside_that_of_the_rules(north):
    at = page(ACTION, action=north.action.action_id)
    assert "Not tested" in words(at)

    choose(at, f"overrule.{north.action.action_id}.verdict", Verdict.INDICATION)
    at.text_area(key=f"overrule.{north.action.action_id}.note").set_value("We saw it in every lesson")
    press(at, f"overrule.{north.action.action_id}.send")

    assert [one.verdict for one in plan.find(north.store, LEADER, Overruling)] == [Verdict.INDICATION]
    assert "We saw it in every lesson" in words(at) and "The rules say: Not tested." in words(at)


def test_a_member_reads_the_rules_and_changes_no_verdict(north):
    at = page(ACTION, role=Role.MEMBER, action=north.action.action_id)

    assert "Not tested" in words(at)
    assert not [area for area in at.text_area if str(area.key).startswith("overrule.")]


def test_a_success_hangs_on_the_wall(north):
    meeting_entries.add_success(north.store, LEADER, north.cycle.cycle_id, "Everybody read aloud")

    at = page("act/successes.py")

    assert "Everybody read aloud" in words(at)
