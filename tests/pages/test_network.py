"""The page of the network in the example school: its parts per role, in one language, and what its buttons do."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import demo_network, help_requests, network, network_file, network_received, office
from qualitycycle.cycle.network_figures import Measure
from qualitycycle.i18n import _
from qualitycycle.model import Role
from qualitycycle.ui import navigation
from tests.pages import every

ENTRY = next(one for one in navigation.ENTRIES if one.name == "network")
PARTS = ("beside", "own", "help", "signal")


@pytest.fixture(scope="module", autouse=True)
def _demo(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        office.open_school(tmp_path_factory.mktemp("network"), demo=True)
        yield
    office.close()


def _at(role=Role.COACH, part="beside", language="nl"):
    at = every.visit(every.app(role, language), ENTRY)
    return at if part == "beside" else at.button_group(key="network.part").set_value(part).run()


def _said(at):
    shown = [*every.texts(at), *(one.label for one in at.expander)]
    return "\n".join(shown).replace("\\", "")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_part_is_drawn_in_one_language(language):
    at = _at(language=language)

    for part in PARTS:
        at = at.button_group(key="network.part").set_value(part).run()
        assert not at.exception
        assert not at.error
        if language == "nl":
            assert sorted(every.texts(at) & every.only_english()) == []


def test_every_measure_has_its_picture_and_its_table():
    at = _at()

    for measure in Measure:
        at = at.button_group(key="network.measure").set_value(measure).run()
        assert not at.exception
        assert demo_network.SCHOOLS[0][0] in _said(at)


def test_the_leader_sees_the_file_and_the_coach_decides_what_goes_in():
    leader, coach = _at(Role.LEADER, "own"), _at(Role.COACH, "own")

    assert demo_network.OWN_ASK in _said(leader)
    assert not [one for one in leader.expander if one.label == _("What goes in")]
    assert [one for one in coach.expander if one.label == _("What goes in")]


def test_help_that_came_leaves_the_list_of_who_waits():
    store = office.own()
    (first, *_rest) = (one for one in help_requests.requests(store, every.LEADER) if one.waits)
    at = _at(part="help")

    at = at.button(key=f"network.came.{first.id}").click().run()

    assert not at.error
    came = next(one for one in help_requests.requests(store, every.LEADER) if one.id == first.id)
    assert not came.waits


def test_a_name_in_a_request_is_warned_about_while_it_is_typed():
    at = _at(part="help")

    at = at.text_input(key="network.ask.about").set_value("Onderzoek voor Jayden").run()

    assert "Jayden" in "\n".join(one.value for one in at.warning)


def test_an_earlier_half_year_is_put_down_on_the_page():
    at = _at(part="own")
    earlier = network.periods()[1]
    at = at.selectbox(key="network.period").set_value(earlier).run()
    key = f"network.given.{earlier.school_year}.{earlier.half}"

    at = at.button(key=f"{key}.send").click().run()

    assert not at.error
    assert network.own(office.own(), every.LEADER, earlier).label in _said(at)


def test_a_file_of_another_school_is_read_in_and_a_wrong_one_is_refused():
    period = network.periods()[0]
    made = demo_network.invented(
        "Op de Dijk", "", period, seed=8, made_on=period.last_on.replace(month=9, day=1)
    )
    at = _at()

    at = at.file_uploader(key="network.upload.0").upload("dijk.json", network_file.write(made)).run()
    assert not at.error
    kept = {one.file.label for one in network_received.received(office.own(), every.LEADER)}
    at = at.file_uploader(key="network.upload.1").upload("fout.json", b"{}").run()

    assert "Op de Dijk" in kept
    assert [one.value.replace("\\", "") for one in at.error] == [
        _(
            "The file {file} is no file for the network. Choose the one that another school made on its page "
            "IB network."
        ).format(file="fout.json")
    ]


def test_the_signal_waits_for_a_text_without_names():
    at = _at(part="signal")
    assert at.main.image or at.get("imgs")

    at = at.text_area(key="network.words").set_value("Wij wachten te lang, zegt Anouk.").run()

    assert "Anouk" in "\n".join(one.value for one in at.warning)
    assert not at.get("imgs")
