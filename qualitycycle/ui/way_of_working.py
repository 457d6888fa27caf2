"""Our way of working on screen: what the team agreed, the version on its way, and those of before."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import meetings, way_of_working
from qualitycycle.cycle.way_of_working import Way
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Meeting, WayState, WayVersion
from qualitycycle.ui import failure, forms, guidance, navigation, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

STATES = {
    WayState.DRAFT: N_("Draft"),
    WayState.DISCUSSED: N_("Up for discussion"),
    WayState.AGREED: N_("Agreed"),
}
STEPS = (N_("Written"), N_("Up for discussion"), N_("Agreed in the meeting"))


def show(page: Page) -> None:
    """The version on its way first, for that is what asks something of the team; then the one in force."""
    way = way_of_working.look(page.store, page.actor)
    parts.note(_("How guidance works in our school: what we may expect of each other."))
    if way.empty:
        parts.empty(
            _(
                "The team has not agreed on a way of working yet. Write it, talk about it, and agree in a meeting."
            )
        )
    if way.coming is not None:
        _coming(page, way, way.coming)
    if way.agreed is not None:
        _agreed(page, way.agreed)
    if page.may_edit and way.coming is None:
        _write(page, way)
    _earlier(page, way)


def _agreed(page: Page, one: WayVersion) -> None:
    with parts.card("way_agreed"):
        st.html(_head(one))
        parts.text_block(one.text)
        # A reader has the minutes of closed cycles only.
        if any(meeting.meeting_id == one.meeting_id for meeting in meetings.held(page.store, page.actor)):
            navigation.link(
                "minutes",
                _("Minutes of {day}").format(day=i18n.day(one.agreed_on, year=False)),
                query={"meeting": one.meeting_id or ""},
            )


def _head(one: WayVersion) -> str:
    title = _("Version {n}").format(n=one.number)
    state = _(STATES[one.state])
    if one.state is WayState.AGREED:
        state = _("Agreed in the meeting of {day}").format(day=i18n.day(one.agreed_on))
    elif one.discussed_since:
        state = _("Up for discussion since {day}").format(day=i18n.day(one.discussed_since))
    tone = "good" if one.state is WayState.AGREED else "talk"
    changed = ""
    if one.changed:
        told = _("What changed: {what}").format(what=one.changed)
        changed = f'<div class="qc-quiet">{safe(told)}</div>'
    return f'<div class="qc-task"><b>{safe(title)}</b> {parts.badge(state, tone)}</div>{changed}'


# --- the version on its way ------------------------------------------------------------------------------


def _coming(page: Page, way: Way, one: WayVersion) -> None:
    with parts.card("way_coming"):
        _steps(one)
        st.html(_head(one))
        parts.text_block(one.text)
        if one.state is WayState.DISCUSSED:
            _remarks(page, way, one)
        if page.may_edit:
            _move(page, one)


def _steps(one: WayVersion) -> None:
    here = 0 if one.state is WayState.DRAFT else 1
    marks = ["past" if place < here else "now" if place == here else "" for place in range(len(STEPS))]
    items = "".join(
        f'<li class="{mark}"{_current(mark)}>{safe(_(step))}</li>'
        for mark, step in zip(marks, STEPS, strict=True)
    )
    st.html(f'<ol class="qc-steps" aria-label="{safe(_("From draft to agreement"))}">{items}</ol>')


def _current(mark: str) -> str:
    return ' aria-current="step"' if mark == "now" else ""


def _remarks(page: Page, way: Way, one: WayVersion) -> None:
    """What colleagues say beforehand, under their own name."""
    n = len(way.remarks)
    if n:
        parts.heading(ngettext("{n} remark beforehand", "{n} remarks beforehand", n).format(n=n))
        parts.lines(
            (said.title, page.staff.person_name(said.person_id) or "–", i18n.day(said.said_on, year=False))
            for said in way.remarks
        )
    else:
        parts.heading(_("What do you think of it?"))
    if page.actor.person_id is None:
        return
    fields = [Field("title", _("Your remark"), help=_("Your name stands beside it."))]
    typed = forms.form("way_remark", fields, {}, submit=_("Say it"), primary=False)
    guidance.warn_typed(page, "way_remark", "title")
    if typed and failure.worked(
        lambda: way_of_working.remark(page.store, page.actor, one.way_version_id, typed["title"]),
        done=_("Your remark stands there."),
    ):
        forms.forget("way_remark")
        st.rerun()


def _move(page: Page, one: WayVersion) -> None:
    own = one.way_version_id
    with st.container(horizontal=True):
        if one.state is WayState.DRAFT:
            _button(
                _("Put up for discussion"),
                "way.put_up",
                lambda: way_of_working.put_up(page.store, page.actor, own),
                primary=True,
            )
        else:
            _button(
                _("Back to draft"),
                "way.take_back",
                lambda: way_of_working.take_back(page.store, page.actor, own),
            )
        _button(_("Put aside"), "way.aside", lambda: way_of_working.put_aside(page.store, page.actor, own))
    if one.state is WayState.DISCUSSED:
        _sign_off(page, one)
    with st.expander(_("Change the text"), key="way.rewrite"):
        fields = [Field("text", _("Text"), Kind.TEXT), Field("changed", _("What changed, and why?"))]
        if forms.edit(
            page,
            one,
            fields,
            key=f"edit.way.{own}",
            save=lambda seen, typed: way_of_working.rewrite(page.store, page.actor, own, seen, **typed),
        ):
            st.rerun()


def _button(label: str, key: str, do: Callable[[], object], *, primary: bool = False) -> None:
    if st.button(plain(label), key=key, type="primary" if primary else "tertiary") and failure.worked(
        do, done=_("Saved.")
    ):
        st.rerun()


def _sign_off(page: Page, one: WayVersion) -> None:
    """In the weekly meeting it is one click; who met without this program open names the meeting afterwards."""
    held = {
        meeting.meeting_id: _called(page, meeting)
        for meeting in meetings.held(page.store, page.actor)
        if way_of_working.may_be_agreed(one, meeting.held_on)
    }
    if not held:
        parts.note(_("It comes by in the weekly meeting from tomorrow on, and is agreed on there."))
        return
    with st.expander(_("Agreed in a meeting that was held"), key="way.sign_off"):
        fields = [Field("meeting_id", _("Which meeting?"), Kind.CHOICE, held, optional=False)]
        typed = forms.form("way_meeting", fields, {}, submit=_("The team agreed on it there"))
        if typed and failure.worked(
            lambda: way_of_working.sign_off(
                page.store, page.actor, one.way_version_id, typed["meeting_id"] or ""
            ),
            done=_("The team agreed on it."),
        ):
            st.rerun()


def _called(page: Page, meeting: Meeting) -> str:
    return " · ".join(filter(None, [i18n.day(meeting.held_on), page.staff.team_name(meeting.team_id)]))


# --- the next one, and those of before -------------------------------------------------------------------


def _write(page: Page, way: Way) -> None:
    label = _("Write the next version") if way.agreed else _("Write the text")
    with st.expander(label, key="way.write"):
        fields = [
            Field("text", _("Text"), Kind.TEXT),
            *([Field("changed", _("What changed, and why?"))] if way.agreed else []),
        ]
        start = {"text": way.agreed.text if way.agreed else ""}
        typed = forms.form("new_way", fields, start, submit=_("Save as a draft"))
        guidance.warn_typed(page, "new_way", "text", "changed")
        if typed and failure.worked(
            lambda: way_of_working.write(page.store, page.actor, **typed), done=_("Saved.")
        ):
            forms.forget("new_way")
            st.rerun()


def _earlier(page: Page, way: Way) -> None:
    for one in way.earlier:
        title = _("Version {n}, agreed on {day}").format(n=one.number, day=i18n.day(one.agreed_on))
        with st.expander(title, key=f"way.earlier.{one.number}"):
            if one.changed:
                parts.facts([(_("What changed"), one.changed)])
            parts.text_block(one.text)
