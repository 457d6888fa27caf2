"""The parts of the pages about actions."""

from __future__ import annotations

from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import before_start, plan, thread
from qualitycycle.cycle.thread import Thread
from qualitycycle.i18n import _
from qualitycycle.model import Action, ActionState, Cycle, Goal
from qualitycycle.store.records import new_id
from qualitycycle.ui import before_start as before_fields
from qualitycycle.ui import failure, forms, navigation, parts, session, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

LATE = "late"


def find_action(action_id: str) -> Action:
    """The action an address asks for; raises `NotFound`."""
    return plan.get(session.store(), session.actor(), Action, action_id)


# --- the list --------------------------------------------------------------------------------------------


def filters(page: Page, found: Thread) -> list[Action]:
    """The actions that fit what is chosen, late and early ones first."""
    people = {a.owner_id: page.staff.person_name(a.owner_id) or "–" for a in found.actions if a.owner_id}
    owner = st.selectbox(
        _("Owner"),
        [None, *people],
        format_func=lambda one: people.get(one, _("Everybody")),
        key="filter_owner",
        width=220,
    )
    state = st.selectbox(
        _("State"),
        [None, LATE, *ActionState],
        format_func=_state_name,
        key="filter_state",
        width=220,
    )
    day = today()
    fitting = [
        action
        for action in found.actions
        if owner in (None, action.owner_id)
        and (state is None or action.state == state or (state == LATE and thread.is_late(action, day)))
    ]
    ended = (ActionState.DONE, ActionState.STOPPED)
    return sorted(fitting, key=lambda a: (a.state in ended, a.due_on or day.max, a.position))


def _state_name(state: Any) -> str:
    if state is None:
        return _("All")
    return _("Late") if state == LATE else _(words.ACTION_STATES[state])


def row(page: Page, action: Action, found: Thread, *, under_goal: bool = False) -> None:
    """One action in a list: what, who, when, and how it stands; under its goal the goal is not said again."""
    about = [page.staff.person_name(action.owner_id) or _("no owner")]
    if not under_goal:
        about += [next((one.title for one in found.goals if one.goal_id == action.goal_id), _("no goal"))]
    with (
        parts.card(f"row_{action.action_id}"),
        st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
    ):
        with st.container(width="stretch", gap=None):
            navigation.link("action", action.title, query={"action": action.action_id})
            st.html(f'<span class="qc-quiet">{safe(" · ".join(about))}</span>')
        with st.container(width="content"):
            st.html(f'<span class="qc-right">{_state(action)} {safe(_when(action))}</span>')


def _state(action: Action) -> str:
    if thread.is_late(action, today()):
        return parts.badge(_("Late"), "late")
    if action.state is ActionState.DONE and action.evaluated_on:
        return parts.badge(_("Done and evaluated"), "good")
    return parts.badge(_(words.ACTION_STATES[action.state]), "quiet")


def _when(action: Action) -> str:
    return i18n.day(action.due_on, year=False) if action.due_on else ""


# --- one action ------------------------------------------------------------------------------------------


def facts(page: Page, action: Action, found: Thread) -> None:
    """What was agreed, and what came of it."""
    names = [page.staff.person_name(one) or "–" for one in action.helper_ids]
    goal = next((one.title for one in found.goals if one.goal_id == action.goal_id), _("none yet"))
    with parts.card("facts"):
        st.html(_state(action))
        parts.facts(
            [
                (_("Goal"), goal),
                (_("Owner"), page.staff.person_name(action.owner_id) or _("nobody yet")),
                (_("Helpers"), i18n.join(names)),
                (_("Start date"), i18n.day(action.start_on) if action.start_on else ""),
                (_("Due date"), i18n.day(action.due_on) if action.due_on else ""),
                (_("What we do"), action.text),
                (
                    _("Done as planned"),
                    _(words.AS_PLANNED[action.done_as_planned]) if action.done_as_planned else "",
                ),
                (_("What we learned"), action.learned),
                (_("Next step"), _(words.NEXT_STEPS[action.next_step]) if action.next_step else ""),
                (_("Evaluated on"), i18n.day(action.evaluated_on) if action.evaluated_on else ""),
            ]
        )


def progress(page: Page, action: Action) -> None:
    """Start or end the action, one click; evaluating comes after."""
    steps = {
        ActionState.PLANNED: (ActionState.RUNNING, _("Start")),
        ActionState.RUNNING: (ActionState.DONE, _("Mark as done")),
    }
    with st.container(horizontal=True):
        if action.state in steps:
            state, label = steps[action.state]
            _step(page, action, state, label, primary=True)
        if action.state in (ActionState.PLANNED, ActionState.RUNNING):
            _step(page, action, ActionState.STOPPED, _("Stop early"), primary=False)
        elif action.evaluated_on is None:
            navigation.link("evaluate", _("Evaluate this action"), query={"action": action.action_id})


def _step(page: Page, action: Action, state: ActionState, label: str, *, primary: bool) -> None:
    if not st.button(label, key=f"step_{state}", type="primary" if primary else "secondary"):
        return
    changes: dict[str, Any] = {"state": state}
    if state in (ActionState.DONE, ActionState.STOPPED):
        changes["stopped_on"] = today()
    done = _("Saved.")
    changed = failure.attempt(
        lambda: plan.change(page.store, page.actor, Action, action.action_id, action.revision, **changes),
        done=done,
    )
    if changed:
        st.rerun()


# --- forms -----------------------------------------------------------------------------------------------


def fields(
    page: Page, goals: list[Goal], *, with_before: bool = True, with_sessions: bool = True
) -> list[Field]:
    """The fields of an action; what was locked before the start is left out."""
    people = {one.person_id: one.name for one in page.staff.people if not one.archived}
    return [
        Field("title", _("What will we do?")),
        Field("text", _("Explanation"), Kind.TEXT),
        Field("goal_id", _("Goal it serves"), Kind.CHOICE, {one.goal_id: one.title for one in goals}),
        Field("owner_id", _("Owner (one person)"), Kind.CHOICE, people, half=True),
        Field("helper_ids", _("Helpers"), Kind.MANY, people, half=True),
        Field("start_on", _("Start date"), Kind.DATE, half=True),
        Field("due_on", _("Due date"), Kind.DATE, half=True),
        *(before_fields.fields() if with_before else []),
        *([Field("sessions_planned", _("Planned sessions"), Kind.WHOLE)] if with_sessions else []),
    ]


def add(page: Page, cycle: Cycle, goals: list[Goal], *, goal_id: str | None, key: str) -> None:
    """Add an action; what is not known yet may stay empty and shows up as a gap."""
    start = {"goal_id": goal_id, "start_on": today(), "owner_id": None, "due_on": None}
    values = forms.form(key, fields(page, goals), start, submit=_("Add action"))
    if values is None:
        return
    action = Action(action_id=new_id(), cycle_id=cycle.cycle_id, **values)
    if failure.attempt(lambda: plan.record(page.store, page.actor, action), done=_("Added.")):
        forms.forget(key)
        st.rerun()


def edit(page: Page, action: Action, goals: list[Goal]) -> None:
    with st.expander(_("Change this action"), key="change_action"):
        locked = before_start.is_locked(action)
        own = fields(
            page,
            goals,
            with_before=not locked,
            with_sessions=not locked or action.sessions_planned is None,
        )
        if forms.edit(page, action, own, key=f"action.{action.action_id}.{locked}"):
            st.rerun()
        forms.archive_button(page, action)
