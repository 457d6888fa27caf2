"""The support team's tasks on screen: what lacks first, then each of the four tasks with its sub-tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import meetings, support_tasks
from qualitycycle.cycle.support_tasks import GAPS, Lack, SupportTasks, TaskLine
from qualitycycle.cycle.support_words import AREAS, PARTS
from qualitycycle.cycle.waiting import Wait
from qualitycycle.cycle.waiting_words import WAITS
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import SupportArea, SupportTask, TaskPart
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui import words as words_of
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

OPEN = "support.open"
# The first few say enough; each task below says it too.
N_LACKING = 4


@dataclass(frozen=True, kw_only=True)
class Sheet(SupportTask):
    """A task as its form shows it: with who has which part, and the day it was done."""

    responsible: tuple[str, ...] = ()
    does: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    done_on: date | None = None


def show(page: Page) -> None:
    """Gaps and doubles, the four tasks, and what was put aside."""
    found = support_tasks.look(page.store, page.actor)
    if not found.lines and not found.archived:
        _begin(page)
        return
    wanted = st.query_params.get("task")
    if wanted and st.session_state.get("support.asked") != wanted:
        st.session_state["support.asked"] = wanted
        st.session_state[OPEN] = wanted
    _lacking(page, found)
    for area in SupportArea:
        _area(page, found, area)
    if page.may_edit:
        _add(page)
    forms.archived(page, SupportTask, found.archived)


def _begin(page: Page) -> None:
    parts.empty(
        _(
            "A support team has four tasks: policy, coaching, access to help and means, and a culture of quality "
            "through the cycle. Divide them into tasks of your own, and say who does what."
        )
    )
    if not page.may_edit:
        parts.note(_("The school leader or the internal coach makes the list; then you see it here."))
        return
    if st.button(
        _("Begin with a list"), type="primary", key="support.start", icon=":material/playlist_add:"
    ) and failure.worked(
        lambda: support_tasks.start(page.store, page.actor),
        done=_("The list is there. Change what does not fit your school."),
    ):
        st.rerun()
    _add(page)


# --- what lacks ------------------------------------------------------------------------------------------


def _lacking(page: Page, found: SupportTasks) -> None:
    if not found.lacking:
        parts.note(_("Every task has one person who is responsible, and somebody who does it."))
        return
    n_gaps = sum(one.lack in GAPS for one in found.lacking)
    n_doubles = len(found.lacking) - n_gaps
    said = [
        ngettext("{n} task lacks a name", "{n} tasks lack a name", n_gaps).format(n=n_gaps) if n_gaps else "",
        ngettext(
            "{n} task has two who are responsible", "{n} tasks have two who are responsible", n_doubles
        ).format(n=n_doubles)
        if n_doubles
        else "",
    ]
    with parts.card("support_lacking"):
        parts.heading(" · ".join(filter(None, said)))
        for one in found.lacking[:N_LACKING]:
            _lack(page, one)
        if len(found.lacking) > N_LACKING:
            parts.note(_("and {n} more").format(n=len(found.lacking) - N_LACKING))
        parts.note(_("This comes by in the weekly meeting, until one person is responsible."))


def _lack(page: Page, one: TaskLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"promise.lack.{one.task.task_id}"):
        with st.container(width="stretch"):
            names = _names(page, one, TaskPart.RESPONSIBLE)
            quiet = " · ".join(filter(None, [_(AREAS[one.task.area]), names]))
            st.html(
                f'<p class="qc-promise"><b>{safe(one.task.title)}</b> '
                f"<span>{_badge(one)} {safe(quiet)}</span></p>"
            )
        if page.may_edit:
            _give(page, one)


def _badge(one: TaskLine) -> str:
    return parts.badge(_(WAITS[Wait(str(one.lack))]), "talk") if one.lack else ""


def _give(page: Page, one: TaskLine) -> None:
    """Choosing somebody is all there is to it."""
    lack = one.lack or Lack.NOBODY
    names = _people(page)
    if lack is Lack.TWO_RESPONSIBLE:
        names = {key: names.get(key, "–") for key in one.of(TaskPart.RESPONSIBLE)}
    label = _("Choose one") if lack is Lack.TWO_RESPONSIBLE else _("Give it to somebody")
    asked = _("Who does it?") if lack is Lack.NOBODY_DOES else _("Who is responsible?")
    with st.popover(plain(label), key=f"support.give.{one.task.task_id}"):
        person = st.selectbox(
            plain(asked),
            [None, *names],
            format_func=lambda key: names.get(key, "–"),
            key=f"support.who.{one.task.task_id}.{lack}",
        )
        if person and failure.worked(
            lambda: support_tasks.divide(
                page.store, page.actor, one.task.task_id, support_tasks.answer(lack, one.people, person)
            ),
            done=_("Saved."),
        ):
            st.rerun()


def _people(page: Page) -> dict[str, str]:
    return {one.person_id: one.name for one in meetings.expected(page.store)}


# --- the four tasks --------------------------------------------------------------------------------------


def _area(page: Page, found: SupportTasks, area: SupportArea) -> None:
    lines = found.of(area)
    if not lines:
        return
    n_done = sum(one.done_on is not None for one in lines)
    said = ""
    if found.cycle is not None:
        said = _("{n} of {all} done in {cycle}").format(n=n_done, all=len(lines), cycle=found.cycle.title)
    st.html(
        f'<div class="qc-area"><h3>{safe(_(AREAS[area]))}</h3> <span class="qc-quiet">{safe(said)}</span></div>'
    )
    for one in lines:
        _row(page, one, has_period=found.cycle is not None)


def _row(page: Page, one: TaskLine, *, has_period: bool) -> None:
    key = one.task.task_id
    is_open = page.may_edit and st.session_state.get(OPEN) == key
    with parts.card(f"row_task_{key}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"promise.task.{key}"):
            with st.container(width="stretch", gap=None):
                st.html(_words(page, one))
            if page.may_edit:
                if has_period and one.done_on is None:
                    _done(page, one)
                if st.button(
                    _("Close") if is_open else _("Change"), key=f"support.change.{key}", type="tertiary"
                ):
                    st.session_state[OPEN] = None if is_open else key
                    forms.forget(f"edit.task.{key}")
                    st.rerun()
        if is_open:
            _edit(page, one)


def _words(page: Page, one: TaskLine) -> str:
    """What it is, who has which part, and whether it was done."""
    done = (
        parts.badge("✓ " + _("done {day}").format(day=i18n.short_day(one.done_on)), "good")
        if one.done_on
        else ""
    )
    said = [
        f"<span><small>{safe(_(PARTS[part]))}</small> {safe(names)}</span>"
        for part in TaskPart
        if (names := _names(page, one, part))
    ]
    note = f'<div class="qc-quiet">{safe(one.task.note)}</div>' if one.task.note else ""
    return (
        f'<div class="qc-task"><b>{safe(one.task.title)}</b> {_badge(one)} {done}</div>'
        f'<div class="qc-parts">{"".join(said)}</div>{note}'
    )


def _names(page: Page, one: TaskLine, part: TaskPart) -> str:
    names = sorted(page.staff.person_name(key) or "–" for key in one.of(part))
    if part is TaskPart.TOLD and one.task.outside:
        names.append(one.task.outside)
    return i18n.join(names)


def _done(page: Page, one: TaskLine) -> None:
    if st.button(
        _("Done"), key=f"support.done.{one.task.task_id}", icon=":material/check:", type="tertiary"
    ) and failure.worked(
        lambda: support_tasks.mark_done(page.store, page.actor, one.task.task_id, today()),
        done=_("Put down as done today. Under “Change” you can choose another day."),
    ):
        st.rerun()


# --- changing --------------------------------------------------------------------------------------------


def _task_fields() -> list[Field]:
    return [
        Field("title", _("Task")),
        Field("area", _("One of the four tasks"), Kind.CHOICE, words_of.options(AREAS), optional=False),
    ]


def _fields(page: Page, one: TaskLine) -> list[Field]:
    names = _people(page)
    # Who left the school no longer has a part, but may be shown among the people of before.
    return [
        *_task_fields(),
        Field("responsible", _(PARTS[TaskPart.RESPONSIBLE]), Kind.MANY, names, half=True),
        Field("does", _(PARTS[TaskPart.DOES]), Kind.MANY, names, half=True),
        Field("asked", _(PARTS[TaskPart.ASKED]), Kind.MANY, names, half=True),
        Field("told", _(PARTS[TaskPart.TOLD]), Kind.MANY, names, half=True),
        Field(
            "outside", _("Others who are told"), half=True, help=_("Such as parents, the board or a partner.")
        ),
        Field("done_on", _("Done on, in this period"), Kind.DATE, half=True),
        Field("note", _("How we do this"), Kind.TEXT),
    ]


def _edit(page: Page, one: TaskLine) -> None:
    parts_of: dict[str, Any] = {str(part): one.of(part) for part in TaskPart}
    sheet: SupportTask = Sheet(**vars(one.task), **parts_of, done_on=one.done_on)
    key = f"edit.task.{one.task.task_id}"
    start = st.session_state.get(f"{key}.start") or forms.values_of(sheet, _fields(page, one))

    def save(seen: int, typed: dict[str, Any]) -> SupportTask:
        return _save(page, one, start, seen, typed)

    saved = forms.edit(page, sheet, _fields(page, one), key=key, save=save)
    if saved is not None:
        st.session_state[OPEN] = None
        st.rerun()
    with st.container(horizontal=True):
        forms.order_buttons(page, one.task, _siblings(page, one))
        forms.archive_button(page, one.task)


def _siblings(page: Page, one: TaskLine) -> Sequence[SupportTask]:
    return [line.task for line in support_tasks.look(page.store, page.actor).of(one.task.area)]


def _save(page: Page, one: TaskLine, start: dict[str, Any], seen: int, typed: dict[str, Any]) -> SupportTask:
    """Only the parts that were changed here: what a meeting divided meanwhile stays."""
    divided = {part: typed[part] for part in TaskPart if set(typed[part]) != set(start[part])}
    # First, for a day that is refused leaves the task as it was.
    if typed["done_on"] != start["done_on"]:
        support_tasks.mark_done(page.store, page.actor, one.task.task_id, typed["done_on"])
    return support_tasks.change(
        page.store,
        page.actor,
        one.task.task_id,
        seen,
        area=typed["area"],
        title=typed["title"],
        note=typed["note"],
        outside=typed["outside"],
        people=divided,
    )


def _add(page: Page) -> None:
    with st.expander(_("Add a task"), key="support.add"):
        typed = forms.form("new_task", _task_fields(), {"area": SupportArea.POLICY}, submit=_("Add"))
        if typed and failure.worked(
            lambda: support_tasks.add(page.store, page.actor, **typed), done=_("Added.")
        ):
            forms.forget("new_task")
            st.rerun()
