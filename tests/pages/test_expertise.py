"""Expertise in the team on screen: entering one's own, asking with one click, and saying yes in To do now."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import expertise, office, plan, school
from qualitycycle.i18n import _
from qualitycycle.model import Action, Actor, ExpertiseKind, Role
from qualitycycle.store.records import new_id
from qualitycycle.ui import navigation
from tests.pages import every, north

TITLE = "Voorlezen met prentenboeken"


@pytest.fixture(scope="module", autouse=True)
def world(tmp_path_factory):
    """North with an action of the leader for which nobody offers anything yet."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        made = north.built(tmp_path_factory.mktemp("expertise"))
        leader = next(one for one in school.staff(made.store).people if one.role is Role.LEADER)
        action = Action(
            action_id=new_id(),
            cycle_id=made.cycle.cycle_id,
            owner_id=leader.person_id,
            title="Elke week voorlezen in de hal",
        )
        plan.record(made.store, north.LEADER, action)
        yield made, action
    office.close()


def _said(at):
    return north.words(at).replace("\\", "")


def test_it_is_entered_asked_with_one_click_and_answered_in_to_do_now(world):
    made, action = world
    at = north.page("do/expertise.py", role=Role.MEMBER, language="nl")
    at.text_input(key="expertise.new.title").set_value(TITLE)
    at = north.press(at, "expertise.new.send")
    member = Actor(Role.MEMBER, made.member.person_id)
    (offer,) = expertise.own(made.store, member)
    assert (offer.title, offer.kind) == (TITLE, ExpertiseKind.OFFER)

    at = north.page("do/action.py", language="nl", action=action.action_id)
    at = north.press(at, f"ask.{offer.id}.{action.action_id}")
    assert _("waiting for an answer") in _said(at)

    at = north.page("do/todo.py", role=Role.MEMBER, language="nl")
    assert _("A colleague waits for your yes") in _said(at)
    (yes,) = [one for one in at.button if one.key.startswith("answer.") and one.key.endswith("True")]
    yes.click().run()

    at = north.page("do/action.py", language="nl", action=action.action_id)
    assert _("agreed") in _said(at)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("role", [Role.LEADER, Role.MEMBER])
def test_every_part_is_drawn_in_one_language(role, language):
    at = north.page("do/expertise.py", role=role, language=language)

    for part in ("team", "fits"):
        at = at.button_group(key="expertise.part").set_value(part).run()
        assert not at.exception
        assert not at.error
        if language == "nl":
            assert sorted(every.texts(at) & every.only_english()) == []


def test_a_reader_has_no_such_page():
    assert "expertise" not in {entry.name for entry in every.pages_for(Role.READER)}
    assert "everyones_part" not in {entry.name for entry in every.pages_for(Role.READER)}
    assert {"expertise", "everyones_part"} <= {entry.name for entry in navigation.ENTRIES}
