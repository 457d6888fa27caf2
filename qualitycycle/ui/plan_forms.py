"""Forms and rows for visions, ambitions and goals."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Any

import streamlit as st

from qualitycycle.cycle import plan
from qualitycycle.cycle.standards import standards
from qualitycycle.cycle.thread import GoalLine, Thread
from qualitycycle.errors import QualityCycleError, TooManyGoals
from qualitycycle.i18n import _
from qualitycycle.model import Ambition, Cycle, Goal, Record, Vision
from qualitycycle.store.records import new_id
from qualitycycle.ui import failure, forms, navigation, parts, week
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

# --- visions and ambitions -------------------------------------------------------------------------------


def vision_fields() -> list[Field]:
    return [
        Field("title", _("In one sentence"), help=_("What pupils notice of it every day.")),
        Field("text", _("What we mean by it"), Kind.TEXT),
    ]


def ambition_fields(visions: list[Vision]) -> list[Field]:
    return [
        Field(
            "title", _("In one sentence"), help=_("What the school wants to reach in this schoolplan period.")
        ),
        Field("text", _("What we mean by it"), Kind.TEXT),
        Field(
            "vision_id", _("Vision it belongs to"), Kind.CHOICE, {one.vision_id: one.title for one in visions}
        ),
    ]


def vision_card(page: Page, vision: Vision, visions: list[Vision], ambitions: list[Ambition]) -> None:
    """A vision with its ambitions below it."""
    with parts.card(f"vision_{vision.vision_id}"):
        with _title_row():
            parts.heading(vision.title)
            _changer(page, vision, vision_fields(), visions)
        parts.text_block(vision.text)
        for ambition in ambitions:
            ambition_row(page, ambition, ambitions)
        if not ambitions:
            parts.note(_("No ambition hangs on this vision yet."))


def ambition_row(page: Page, ambition: Ambition, siblings: list[Ambition]) -> None:
    """An ambition, and for who may edit it its form."""
    visions = plan.find(page.store, page.actor, Vision)
    with _title_row():
        st.html(
            f'<div class="qc-ambition"><b>{safe(ambition.title)}</b>'
            f'<div class="qc-quiet qc-text">{safe(ambition.text)}</div></div>'
        )
        _changer(page, ambition, ambition_fields(visions), siblings)


def _title_row() -> AbstractContextManager[Any]:
    return st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", wrap=False
    )


def _changer(page: Page, record: Vision | Ambition, fields: list[Field], siblings: Sequence[Record]) -> None:
    if not page.may_edit:
        return
    with st.popover(_("Change"), key=f"change.{record.id}", type="tertiary"):
        if forms.edit(page, record, fields, key=f"edit.{record.id}"):
            st.rerun()
        with st.container(horizontal=True):
            forms.order_buttons(page, record, siblings)
            forms.archive_button(page, record)


def add_vision(page: Page) -> None:
    values = forms.form("new_vision", vision_fields(), {}, submit=_("Add vision"))
    if values and _added(page, Vision(vision_id=new_id(), **values), "new_vision"):
        st.rerun()


def add_ambition(page: Page, visions: list[Vision]) -> None:
    start = {"vision_id": visions[-1].vision_id if visions else None}
    values = forms.form("new_ambition", ambition_fields(visions), start, submit=_("Add ambition"))
    if values and _added(page, Ambition(ambition_id=new_id(), **values), "new_ambition"):
        st.rerun()


def _added(page: Page, record: Any, key: str) -> bool:
    saved = failure.attempt(lambda: plan.record(page.store, page.actor, record), done=_("Added."))
    if saved:
        forms.forget(key)
    return saved is not None


# --- goals -----------------------------------------------------------------------------------------------


def goal_fields(page: Page, ambitions: list[Ambition]) -> list[Field]:
    """The fields of a goal; the examples follow the sector."""
    staff = page.staff
    teams = {team.team_id: team.name for team in staff.teams if not team.archived}
    people = {person.person_id: person.name for person in staff.people if not person.archived}
    codes = {row.code: f"{row.code} {row.name}" for row in standards(staff.school.sector)}
    return [
        Field(
            "title",
            _("What will be different?"),
            help=_(
                "A result, not an activity: “More pupils read at 2F level”, not “We start a reading project”."
            ),
        ),
        Field("text", _("Explanation"), Kind.TEXT),
        Field(
            "ambition_id",
            _("Ambition it serves"),
            Kind.CHOICE,
            {one.ambition_id: one.title for one in ambitions},
        ),
        Field("owner_id", _("Owner"), Kind.CHOICE, people, half=True),
        Field("team_id", _("Team (empty: the whole school)"), Kind.CHOICE, teams, half=True),
        Field("due_on", _("Reached before"), Kind.DATE, half=True),
        Field("standards", _("Inspection standards"), Kind.MANY, codes, half=True),
    ]


def add_goal(page: Page, cycle: Cycle, found: Thread) -> None:
    """Add a goal; a fourth open goal of one team asks for a reason first."""
    fields = goal_fields(page, found.ambitions)
    over_limit = st.session_state.get("new_goal.limit")
    if over_limit:
        fields = [*fields, Field("over_limit_reason", _("Why this one cannot wait"), Kind.TEXT)]
    start = {
        "due_on": cycle.last_on,
        "ambition_id": found.ambitions[0].ambition_id if found.ambitions else None,
    }
    values = forms.form("new_goal", fields, start, submit=_("Add goal"))
    if over_limit:
        failure.tell(over_limit)
    if values is None:
        return
    goal = Goal(goal_id=new_id(), cycle_id=cycle.cycle_id, phase=cycle.phase, **values)
    try:
        plan.record(page.store, page.actor, goal)
    except TooManyGoals as error:
        st.session_state["new_goal.limit"] = error
        st.rerun()
    except QualityCycleError as error:
        failure.tell(error)
        return
    forms.forget("new_goal")
    st.session_state["flash"] = _("Added. Now give it an indicator with a baseline and a target.")
    navigation.go("goal", goal=goal.goal_id)


def by_ambition(found: Thread) -> list[tuple[str, list[Goal]]]:
    """Goals under the title of their ambition, in the school's order; goals without one last."""
    titled = [
        (one.title, [goal for goal in found.goals if goal.ambition_id == one.ambition_id])
        for one in found.ambitions
    ]
    known = {one.ambition_id for one in found.ambitions}
    loose = [goal for goal in found.goals if goal.ambition_id not in known]
    return [(title, goals) for title, goals in [*titled, (_("Without an ambition"), loose)] if goals]


def goal_row(page: Page, line: GoalLine, siblings: list[Goal]) -> None:
    """A goal in the list, with what moves it up, down or aside."""
    week.goal_card(page, line)
    if page.may_edit and line.goal.state == "open":
        with st.container(horizontal=True, key=f"tools_{line.goal.goal_id}"):
            forms.order_buttons(page, line.goal, siblings)
            forms.archive_button(page, line.goal)
