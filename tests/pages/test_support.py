"""The support team, policies and the way of working on screen, and what waits of them in the weekly meeting."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import (
    meeting_clock,
    meetings,
    minutes,
    office,
    plan,
    policies,
    support_tasks,
    way_of_working,
)
from qualitycycle.model import Actor, Part, Person, Role, SupportArea, TaskPart
from qualitycycle.store.records import new_id
from qualitycycle.ui import navigation
from tests.pages import every

TODAY = date(2026, 11, 22)
GAP = "Hulp van buiten vragen"
SUPPORT, AGREEMENTS, MEETING = (
    next(one for one in navigation.ENTRIES if one.name == name)
    for name in ("support_team", "agreements", "meeting")
)


@pytest.fixture
def school(tmp_path, monkeypatch):
    """A new school with a leader, an internal coach, a member and a reader."""
    monkeypatch.setenv("QUALITYCYCLE_TODAY", TODAY.isoformat())
    store = office.open_school(tmp_path)
    every.new_school(store)
    for name, role in (("Farid", Role.COACH), ("Mara", Role.MEMBER), ("Wim", Role.READER)):
        plan.record(store, every.LEADER, Person(person_id=new_id(), name=name, role=role))
    yield store
    office.close()


def person(store, name):
    return next(one.person_id for one in plan.find(store, every.LEADER, Person) if one.name == name)


def gap(store):
    return support_tasks.add(store, every.LEADER, area=SupportArea.ACCESS, title=GAP)


def said(at):
    assert not at.exception
    return "\n".join(every.texts(at))


def test_a_list_begins_with_one_click_and_says_what_lacks(school):
    at = every.visit(every.app(), SUPPORT)

    at.button(key="support.start").click().run()

    n = len(support_tasks.look(school, every.LEADER).lines)
    assert f"{n} taken missen een naam" in said(at)
    assert "Kwaliteitscultuur via de cyclus" in said(at)


def test_a_gap_is_filled_on_the_page_and_the_card_is_gone(school):
    task = gap(school)
    at = every.visit(every.app(), SUPPORT)
    assert "Niemand heeft deze taak" in said(at)

    at.selectbox(key=f"support.who.{task.task_id}.nobody").set_value(person(school, "Farid")).run()

    assert "Niemand heeft deze taak" not in said(at)
    assert "Elke taak heeft één verantwoordelijke" in said(at)


def test_a_changed_task_keeps_what_the_meeting_divided_meanwhile(school):
    task = gap(school)
    at = every.visit(every.app(), SUPPORT)
    at.button(key=f"support.change.{task.task_id}").click().run()
    farid = person(school, "Farid")
    both = {TaskPart.RESPONSIBLE: (farid,), TaskPart.DOES: (farid,)}
    support_tasks.divide(school, every.LEADER, task.task_id, both)

    at.text_input(key=f"edit.task.{task.task_id}.title").set_value("Hulp vragen")
    at.button(key=f"edit.task.{task.task_id}.send").click().run()

    line = support_tasks.look(school, every.LEADER).lines[0]
    assert (line.task.title, line.of(TaskPart.RESPONSIBLE), line.lack) == ("Hulp vragen", (farid,), None)


def test_a_day_that_is_refused_leaves_the_task_as_it_was(school):
    task = gap(school)
    at = every.visit(every.app(), SUPPORT)
    at.button(key=f"support.change.{task.task_id}").click().run()
    form = f"edit.task.{task.task_id}"
    at.text_input(key=f"{form}.title").set_value("Hulp vragen")
    at.date_input(key=f"{form}.done_on").set_value(TODAY + timedelta(days=1))

    at.button(key=f"{form}.send").click().run()

    assert "kies een dag binnen deze periode" in at.error[0].value
    assert support_tasks.look(school, every.LEADER).lines[0].task == task
    at.date_input(key=f"{form}.done_on").set_value(TODAY)
    at.button(key=f"{form}.send").click().run()
    line = support_tasks.look(school, every.LEADER).lines[0]
    assert (line.task.title, line.done_on) == ("Hulp vragen", TODAY)


def test_a_member_looks_on_and_a_reader_has_no_such_page(school):
    task = gap(school)

    at = every.visit(every.app(Role.MEMBER), SUPPORT)

    assert GAP in said(at)
    keys = {one.key for one in at.button} | {one.key for one in at.selectbox}
    assert f"support.change.{task.task_id}" not in keys
    assert not any(str(key).startswith(("support.who", "support.done", "new_task")) for key in keys)
    assert "support_team" not in {one.name for one in every.pages_for(Role.READER)}


def test_in_the_meeting_a_gap_gets_a_name_and_is_gone(school):
    task = gap(school)
    farid = person(school, "Farid")
    held = meetings.start(school, every.LEADER, [person(school, "Noor"), farid], {})
    meeting_clock.beat(school, every.LEADER, held.meeting_id, list(meetings.USUAL).index(Part.NEW))
    at = every.visit(every.app(), MEETING)
    assert GAP in said(at)

    at.selectbox(key=f"point.who.{task.task_id}.nobody").set_value(farid).run()

    assert "Niemand heeft deze taak" not in said(at)
    made = minutes.minutes(school, every.LEADER, held.meeting_id)
    assert [(one.title, one.person) for one in made.points] == [(GAP, "Farid")]


def test_a_reader_reads_what_was_agreed_and_not_what_is_being_discussed(school):
    leader = Actor(Role.LEADER, person(school, "Noor"))
    with config.as_of(TODAY - timedelta(days=2)):
        first = way_of_working.write(school, leader, text="Zo begeleiden wij elkaar")
        way_of_working.put_up(school, leader, first.way_version_id)
    held = meetings.start(school, leader, [leader.person_id], {})
    meetings.close(school, leader, held.meeting_id)
    way_of_working.sign_off(school, leader, first.way_version_id, held.meeting_id)
    second = way_of_working.write(school, leader, text="Straks anders", changed="Meer tijd")
    way_of_working.put_up(school, leader, second.way_version_id)
    seen = {}
    for role in (Role.MEMBER, Role.READER):
        at = every.visit(every.app(role), AGREEMENTS)
        at.button_group(key="agreements.part").set_value("way").run()
        seen[role] = said(at)

    assert all("Zo begeleiden wij elkaar" in one for one in seen.values())
    assert "Straks anders" in seen[Role.MEMBER]
    assert "Straks anders" not in seen[Role.READER]


def test_a_policy_opens_with_its_text_and_what_changed(school):
    made = policies.add(
        school,
        every.LEADER,
        title="Doubleren",
        writer_id=person(school, "Farid"),
        review_on=TODAY,
        text="Eerste tekst",
    )
    policies.write_version(
        school,
        every.LEADER,
        made.policy_id,
        1,
        text="Tweede tekst",
        changed="Een plan erbij",
        applies_on=TODAY,
    )
    at = every.visit(every.app(language="en"), AGREEMENTS)
    assert "To look at again" in said(at)
    assert "Tweede tekst" not in said(at)

    at.button(key=f"policy.open.{made.policy_id}").click().run()

    assert {"Tweede tekst", "Eerste tekst", "Een plan erbij"} <= set(every.texts(at))
    at.button(key=f"policy.holds.{made.policy_id}").click().run()
    assert "To look at again" not in said(at)
