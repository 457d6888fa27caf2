"""The page of guidance: its parts, and what they share."""

from __future__ import annotations

import secrets

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import name_check
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import N_, _
from qualitycycle.ui import guidance_calendar, guidance_log, guidance_questions, guidance_time, parts, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

PARTS = {
    "questions": N_("Learning questions"),
    "calendar": N_("Group reviews"),
    "log": N_("My log"),
    "time": N_("My time"),
    "totals": N_("Shared totals"),
}
# The log is for who guides; the other parts are for everybody who works here.
FOR_ALL = ("questions", "calendar")


def show(page: Page) -> None:
    """One part of the page."""
    part = _pick_part(page)
    if part == "questions":
        guidance_questions.show(page, _session(page), lambda *texts: warn(page, *texts))
    elif part == "calendar":
        guidance_calendar.show(page)
    elif part == "totals":
        guidance_log.totals(page, _session(page))
    elif guidance_log.is_open(page, _session(page)):
        if part == "log":
            guidance_log.show(page, _session(page), lambda *texts: warn(page, *texts))
        else:
            guidance_time.show(page, _session(page))


def _pick_part(page: Page) -> str:
    offered = {part: title for part, title in PARTS.items() if part in FOR_ALL or page.may(Right.GUIDE)}
    # What waits in the calendar leads here by an address.
    start = "calendar" if st.query_params.get("review") else next(iter(offered))
    return parts.pick_part(offered, key="guidance.part", start=start)


def _session(page: Page) -> str:
    """For what an open log belongs to: the session one is signed in with, or this window in the example school."""
    if page.staff.school.is_demo:
        return str(st.session_state.setdefault("guidance_window", secrets.token_urlsafe(32)))
    return session.token() or ""


def warn(page: Page, *texts: str) -> None:
    """Names of pupils belong nowhere here. It is said while somebody types, and nothing is refused."""
    known = name_check.known_words(page.store)
    noticed = [one for text in texts for one in name_check.suspects(text, known)]
    if noticed:
        st.warning(
            plain(
                _("Is this about a pupil: {names}? Leave names and numbers of pupils out.").format(
                    names=i18n.join(noticed)
                )
            ),
            icon=":material/visibility_off:",
        )


def warn_typed(page: Page, form: str, *names: str) -> None:
    """The same of what is typed in these fields of a form."""
    warn(page, *(str(st.session_state.get(f"{form}.{name}", "")) for name in names))
