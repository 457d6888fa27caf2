"""What a team wrote down before an action started: to fill in, to lock, and to read beside what came of it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import before_start, small_tests
from qualitycycle.i18n import _
from qualitycycle.model import Action
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe
from qualitycycle.weighing_words import BEFORE_START


def fields() -> list[Field]:
    """The parts as fields of a form; all may stay empty."""
    helps = {
        "led_by": _("Which results, observations or conversations."),
        "grounds": _("Your reasoning; the source from outside goes with the weight of the evidence."),
        "for_whom": _("Which pupils, groups or colleagues."),
        "prediction": _("What will be different, and how much."),
        "signal": _("Choose the measure now: one that is chosen after the result proves nothing."),
        "change_mind": _("What would you have to see to stop or do it another way?"),
    }
    return [
        Field(name, _(label), Kind.DATE if name == "expected_on" else Kind.TEXT, help=helps.get(name))
        for name, label in BEFORE_START.items()
    ]


def rows(action: Action) -> None:
    """Every part with what was written down; what is missing says so."""
    items = "".join(_row(_(label), _words(getattr(action, name))) for name, label in BEFORE_START.items())
    st.html(f'<dl class="qc-facts">{items}</dl>')


def _words(value: str | date | None) -> str:
    return i18n.day(value) if isinstance(value, date) else (value or "").strip()


def _row(label: str, text: str) -> str:
    said = safe(text) if text else parts.badge(_("missing"), "talk")
    return f"<dt>{safe(label)}</dt><dd>{said}</dd>"


def locked_line(action: Action) -> None:
    """Since when it is fixed, and whether that was in time."""
    if action.locked_on:
        text = _("Locked on {day}.").format(day=i18n.day(action.locked_on))
        if action.start_on and action.locked_on > action.start_on:
            text += " " + _("That is after the start ({day}).").format(day=i18n.day(action.start_on))
    elif before_start.is_locked(action):
        text = _("Never locked; the action has ended, so nothing can be added any more.")
    else:
        text = _("Not locked yet. It locks when the action starts, or with the button.")
    parts.note(text)


def show(page: Page, action: Action, *, editable: bool) -> None:
    """What was expected, its lock, and the later thoughts beside it."""
    with parts.card("before_start"):
        locked_line(action)
        rows(action)
        if editable and not before_start.is_locked(action):
            _lock(page, action)
        later(page, action)
        if editable and before_start.is_locked(action):
            _add_note(page, action)


def _lock(page: Page, action: Action) -> None:
    n = len(before_start.missing(action))
    if n:
        parts.note(
            i18n.ngettext(
                "{n} part is missing. That is allowed, but it cannot be added after locking.",
                "{n} parts are missing. That is allowed, but they cannot be added after locking.",
                n,
            ).format(n=n)
        )
    if st.button(_("Lock what we expect"), key="before_start.lock", icon=":material/lock:"):
        done = _("Locked. Later thoughts can be put beside it.")
        if failure.attempt(lambda: small_tests.lock(page.store, page.actor, action.action_id), done=done):
            st.rerun()


def later(page: Page, action: Action) -> None:
    """The later thoughts, each with its date."""
    notes = small_tests.notes_of(page.store, page.actor, action.action_id)
    if notes:
        st.html(f"<b>{safe(_('Later thoughts'))}</b>")
    for note in notes:
        who = page.staff.person_name(note.person_id)
        small = " · ".join(one for one in (i18n.day(note.noted_on), who) if one)
        st.html(f'<div class="qc-text">{safe(note.text)}</div><div class="qc-quiet">{safe(small)}</div>')


def _add_note(page: Page, action: Action) -> None:
    with st.expander(_("Add a later thought"), key="later_note"):
        values = forms.form(
            "new_note", [Field("text", _("What do you think now?"), Kind.TEXT)], {}, submit=_("Add")
        )
        if values and failure.worked(
            lambda: small_tests.note_later(page.store, page.actor, action.action_id, values["text"]),
            done=_("Added."),
        ):
            forms.forget("new_note")
            st.rerun()
