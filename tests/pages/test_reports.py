"""The page with reports: one choice per list, everything in the address, and each file at one click."""

from __future__ import annotations

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import office, plan, reports
from qualitycycle.cycle.reports import Kind
from qualitycycle.model import Role
from qualitycycle.ui import navigation
from tests.pages import every

ENTRY = next(entry for entry in navigation.ENTRIES if entry.name == "reports")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    yield office.open_school(tmp_path_factory.mktemp("demo"), demo=True)
    office.close()


@pytest.fixture(scope="module")
def leader(store):
    return every.app(Role.LEADER, "nl")


@pytest.fixture
def page(leader):
    i18n.use("nl")
    return every.visit(leader, ENTRY)


def files(at):
    return {one.proto.label for one in at.get("download_button")}


def kinds_offered(at):
    return set(at.radio(key="reports.kind").options)


def test_every_kind_is_offered_with_its_readers(page):
    offered = page.radio(key="reports.kind")

    assert len(offered.options) == len(Kind)
    assert any("MR" in caption for caption in offered.proto.captions)
    assert files(page) == {"PDF", "Word", "Excel"}


@pytest.mark.parametrize("kind", [kind for kind in Kind if kind is not Kind.MINUTES])
def test_a_choice_stands_in_the_address_and_leads_to_a_file(page, kind):
    page.radio(key="reports.kind").set_value(kind).run()

    assert page.query_params["kind"] == str(kind)
    assert {"cycle", "language"} <= set(page.query_params)
    assert ("goal" in page.query_params) == (kind is Kind.GOAL)
    assert files(page) == {"PDF", "Word", "Excel"}
    assert not page.exception


def test_an_address_opens_what_it_says(store, leader):
    closed = plan.all_cycles(store)[1]
    i18n.use("nl")
    leader.query_params.clear()
    at = every.app(Role.LEADER, "nl")
    at.query_params.update(kind="bestuur", cycle=closed.cycle_id, language="en")
    at.switch_page(str(every.config.app_folder() / "pages" / ENTRY.file))
    at.run()

    assert at.radio(key="reports.kind").value == "bestuur"
    assert at.selectbox(key="reports.cycle.").value == closed.cycle_id
    assert at.selectbox(key="reports.language.").value == "en"


def test_the_first_page_can_be_looked_at(page):
    page.radio(key="reports.kind").set_value(Kind.GOAL).run()

    page.button(key="reports.look").click().run()

    _asked, picture = page.session_state["reports.looked"]
    assert picture.startswith(b"\x89PNG")
    assert not page.exception


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
def test_a_role_is_offered_its_own_reports(store, role):
    at = every.visit(every.app(role, "nl"), ENTRY)
    cycles = at.selectbox(key="reports.cycle.").options

    assert len(kinds_offered(at)) == len(reports.kinds_for(every.Actor(role)))
    assert ("2026-2027" in cycles) == (role is Role.MEMBER)
