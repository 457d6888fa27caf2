"""To do now on screen: the own list first, then everybody's, each line with the click that does it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import meeting_entries, to_do, waiting_words
from qualitycycle.cycle.to_do import Task, ToDo
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Role
from qualitycycle.ui import expertise_fits, failure, navigation, parts
from qualitycycle.ui.page import ROLE_NAMES, Page
from qualitycycle.ui.text import safe

TASKS = {
    Task.ACTION_LATE: N_("Action is late"),
    Task.OBSTACLE_LONG: N_("Obstacle, open for over two weeks"),
    Task.GOAL_NOT_CHECKED: N_("Goal nobody talked about for weeks"),
    Task.EXPERTISE_ASKED: N_("A colleague waits for your yes"),
    Task.ACTION_DUE: N_("Action, due soon"),
    Task.ROUND_TO_CLOSE: N_("Round can be closed"),
    Task.EVIDENCE_TO_LOOK_AT: N_("Evidence to look at"),
    Task.ACTION_TO_EVALUATE: N_("Action ended, not evaluated"),
    Task.OBSTACLE: N_("Obstacle to solve"),
    Task.TASK_NOBODY: N_("Task of the support team without a name"),
    Task.TASK_TWO: N_("Task with two who are responsible"),
    Task.WAY_TO_READ: N_("Our way of working: up for discussion"),
    Task.POLICY_REVIEW: N_("Policy to look at again"),
    Task.AGREEMENT_REVIEW: N_("Agreement on support to look at again"),
    Task.GROUP_REVIEW: N_("Group review or HGW round"),
    Task.QUESTION_STILL: N_("Learning question: nothing moved for weeks"),
    Task.ROWS_REFUSED: N_("Rows of an import that were kept aside"),
}
SINCE = frozenset(
    {Task.OBSTACLE, Task.OBSTACLE_LONG, Task.EXPERTISE_ASKED, Task.WAY_TO_READ, Task.QUESTION_STILL}
)
TO_TALK_ABOUT = frozenset({Task.GOAL_NOT_CHECKED, Task.TASK_NOBODY, Task.TASK_TWO})
LATE = frozenset({Task.ACTION_LATE, Task.OBSTACLE_LONG})
# Where a click on a line leads: the page, and the name of its id in the address.
DOES = {
    "action": ("action", "action"),
    "goal": ("goal", "goal"),
    "evidence": ("evidence", "evidence"),
    "round": ("rounds", ""),
    "batch": ("imports", ""),
    "task": ("support_team", "task"),
    "support_agreement": ("support_team", "agreement"),
    "policy": ("agreements", "policy"),
    "way_version": ("agreements", "way"),
    "group_review": ("guidance", "review"),
    "guidance_trajectory": ("guidance", ""),
    "expertise": ("expertise", ""),
}
EVERYBODY = "everybody"


def show(page: Page) -> None:
    """The own list, or that of another person or role."""
    found = to_do.everything(page.store, page.actor)
    people = to_do.people_with_work(page.store, found)
    options = [None, *(key for key, _name, _things in people), Role.LEADER, Role.COACH, EVERYBODY]
    names = {key: f"{name} ({len(things)})" for key, name, things in people}
    names |= {Role.LEADER: _(ROLE_NAMES[Role.LEADER]), Role.COACH: _(ROLE_NAMES[Role.COACH])}
    names[EVERYBODY] = _("Everybody")
    chosen = st.selectbox(
        _("Whose list?"),
        options,
        format_func=lambda key: names.get(key, _("Mine")),
        key="todo.whose",
        width=300,
    )
    _list(page, _of(page, found, chosen))
    parts.note(
        _(
            "Who takes something over starts clean: what was due before counts from two weeks after. "
            "A goal that nobody talked about for over four school weeks says so, whatever was reported before."
        )
    )


def _of(page: Page, found: Sequence[ToDo], chosen: str | Role | None) -> list[ToDo]:
    if chosen == EVERYBODY:
        return list(found)
    if isinstance(chosen, Role):
        return [one for one in found if chosen in one.roles]
    if chosen is None:
        return [one for one in found if one.is_for(page.actor)]
    return [one for one in found if one.person_id == chosen]


def _list(page: Page, things: Sequence[ToDo]) -> None:
    if not things:
        parts.empty(_("Nothing to do here now."), page="this_week", label=_("This week"))
        return
    for one in things:
        with (
            parts.card(f"row_todo_{one.noun_id}"),
            st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"),
        ):
            with st.container(width="stretch", gap=None):
                line(one)
                st.html(_small(page, one))
            _solve(page, one)


def line(one: ToDo) -> None:
    """What there is to do, leading to where it is done."""
    name, field = DOES.get(one.noun, ("meeting", ""))
    navigation.link(
        name, waiting_words.title(one.noun, one.title), query={field: one.noun_id} if field else None
    )


def _small(page: Page, one: ToDo) -> str:
    tone = "late" if one.task in LATE else "talk" if one.task in TO_TALK_ABOUT else "quiet"
    who = page.staff.person_name(one.person_id)
    said = [who or "", when(one)]
    quiet = " · ".join(filter(None, said))
    return f'{parts.badge(_(TASKS[one.task]), tone)} <span class="qc-quiet">{safe(quiet)}</span>'


def when(one: ToDo) -> str:
    """By when, how long ago, or how many."""
    if one.task is Task.GOAL_NOT_CHECKED:
        return ngettext("{n} school week", "{n} school weeks", one.n).format(n=one.n)
    if one.task is Task.ROWS_REFUSED:
        return ngettext("{n} row", "{n} rows", one.n).format(n=i18n.number(one.n))
    if one.due_on is None:
        return ""
    if one.task in SINCE:
        return _("since {day}").format(day=i18n.day(one.due_on, year=False))
    if one.task is Task.ACTION_LATE:
        return lateness((today() - one.due_on).days)
    return i18n.day(one.due_on, year=False)


def lateness(days: int) -> str:
    """2 weeks late."""
    if days < 7:
        return ngettext("{n} day late", "{n} days late", days).format(n=days)
    return ngettext("{n} week late", "{n} weeks late", days // 7).format(n=days // 7)


def _solve(page: Page, one: ToDo) -> None:
    """An obstacle has no page of its own and a request is one click: both are done here."""
    if one.noun == "expertise":
        with st.container(horizontal=True, width="content"):
            expertise_fits.answer_buttons(page, one.noun_id)
        return
    mine = one.person_id is not None and one.person_id == page.actor.person_id
    if one.noun != "obstacle" or not (page.may_edit or mine):
        return
    if st.button(_("Solved"), key=f"todo.solve.{one.noun_id}", icon=":material/check:") and failure.worked(
        lambda: meeting_entries.solve(page.store, page.actor, one.noun_id), done=_("Saved.")
    ):
        st.rerun()
