"""The page of guidance in the example school: its parts per role, the door of the log, and what is shared."""

from __future__ import annotations

import re

import pytest

from qualitycycle.cycle import coaching_key, demo_guidance, office
from qualitycycle.i18n import _
from qualitycycle.model import Role
from qualitycycle.ui import navigation
from tests.pages import every

ENTRY = next(one for one in navigation.ENTRIES if one.name == "guidance")
THEME = demo_guidance.CONVERSATIONS[0][2]


@pytest.fixture(scope="module", autouse=True)
def _demo(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        office.open_school(tmp_path_factory.mktemp("guidance"), demo=True)
        yield
    office.close()


def _at(role, part="questions", language="nl"):
    at = every.visit(every.app(role, language), ENTRY)
    return _part(at, part)


def _part(at, part):
    control = at.button_group(key="guidance.part")
    return control.set_value(part).run() if control.value != part else at


def _open_log(at, words=demo_guidance.PASSPHRASE):
    at.text_input(key="log.open.words").set_value(words)
    return at.button(key="log.open.send").click().run()


def _said(at):
    shown = [*every.texts(at), *(one.label for one in at.expander)]
    return "\n".join(shown).replace("\\", "")


@pytest.mark.parametrize(
    ("role", "parts"), [(Role.COACH, 5), (Role.LEADER, 5), (Role.MEMBER, 2)], ids=lambda one: str(one)
)
def test_a_member_gets_the_questions_and_the_calendar_only(role, parts):
    at = _at(role)

    assert len(at.button_group(key="guidance.part").options) == parts


def test_the_log_opens_with_its_passphrase_and_closes_again():
    at = _at(Role.COACH, "log")
    assert THEME not in _said(at)

    at = _open_log(at)
    assert not at.exception
    assert THEME in _said(at)
    at = at.button(key="log.close").click().run()

    assert THEME not in _said(at)


def test_a_wrong_passphrase_says_nothing_more_than_that():
    at = _open_log(_at(Role.COACH, "log"), "een heel andere zin dan deze")

    assert [one.value.replace("\\", "") for one in at.error] == [
        _("This does not open the log. Try again, or use the recovery key.")
    ]
    assert THEME not in _said(at)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_part_of_an_open_log_is_drawn_in_one_language(language):
    at = _open_log(_at(Role.COACH, "log", language))

    for part in ("time", "totals", "calendar", "log"):
        at = _part(at, part)
        assert not at.exception
        assert not at.error
        if language == "nl":
            assert sorted(every.texts(at) & every.only_english()) == []


def test_the_leader_sees_the_totals_that_are_shared_and_no_question_of_a_colleague():
    at = _at(Role.LEADER, "totals")
    assert demo_guidance.COACH in _said(at)
    assert _("Coaching and guiding") in _said(at)

    at = _at(Role.LEADER)

    assert demo_guidance.QUESTIONS[0][1] not in _said(at)
    assert demo_guidance.QUESTIONS[0][1] in _said(_at(Role.COACH))


def test_a_name_is_warned_about_while_it_is_typed():
    at = _open_log(_at(Role.COACH, "log"))

    at = at.text_input(key="sealed.new.theme").set_value("Gesproken over Jayden").run()

    assert any("Jayden" in one.value for one in at.warning)


def _remembered(at):
    """All that the window still holds, as text."""
    return repr(at.session_state)


def test_a_closed_log_leaves_nothing_typed_or_read_in_the_window():
    at = _open_log(_at(Role.COACH, "log"))
    folded = re.search(r"sealed\.example\d+(?=')", _remembered(at)).group()
    at.session_state[folded] = True
    at = at.text_input(key="sealed.new.theme").set_value("zwartekraaien").run()
    seen = [one.value for one in at.text_input if (one.key or "").startswith(folded)]
    assert all(one in _remembered(at) for one in ("zwartekraaien", *seen))
    assert len(seen) == 3

    at = at.button(key="log.close").click().run()

    left = _remembered(at)
    for hidden in ("zwartekraaien", *seen, demo_guidance.PASSPHRASE):
        assert hidden not in left


def test_a_log_that_closed_by_itself_leaves_nothing_in_the_window_either():
    at = _open_log(_at(Role.COACH, "log"))
    at = at.text_input(key="sealed.new.theme").set_value("zwartekraaien").run()

    for keys in list(coaching_key._open.values()):
        for one in list(keys.values()):
            coaching_key.forget_person(one.owner_id)
    at = _part(at, "time")

    assert "zwartekraaien" not in _remembered(at)


def test_hours_are_written_as_the_language_writes_them_and_a_holiday_has_its_name():
    at = _part(_open_log(_at(Role.COACH, "log")), "time")
    assert any(_("Autumn holiday") in one for one in at.selectbox(key="sealed.time.monday").options)
    field = next(one for one in at.text_input if ".real.guiding" in one.key)

    at = at.text_input(key=field.key).set_value("7.5").run()

    assert at.text_input(key=field.key).value == "7,5"
