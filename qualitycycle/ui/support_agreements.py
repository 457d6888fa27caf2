"""Agreements and processes of basic and extra support, on screen: whose they are and when they are looked at again."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import meetings, support_team
from qualitycycle.cycle.support_words import LEVELS
from qualitycycle.i18n import _
from qualitycycle.model import SupportAgreement, SupportLevel
from qualitycycle.ui import failure, forms, guidance, parts
from qualitycycle.ui import words as words_of
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

OPEN = "support.agreement"
A_YEAR = timedelta(days=364)


def show(page: Page) -> None:
    """What is due first within basic and within extra support."""
    found = support_team.look(page.store, page.actor)
    if not found.agreements:
        parts.empty(
            _(
                "Write down what every group offers (basic support) and what comes on top of it (extra support): "
                "how it goes, who sees to it, and when you look at it again."
            )
        )
    for level in SupportLevel:
        own = [one for one in found.agreements if one.level is level]
        if own:
            parts.heading(_(LEVELS[level]))
        for one in sorted(own, key=lambda one: not _is_due(one)):
            _row(page, one)
    if page.may_edit:
        _add(page)
    forms.archived(page, SupportAgreement, found.former_agreements)


def _is_due(one: SupportAgreement) -> bool:
    return support_team.is_due(one.review_on, today())


def _row(page: Page, one: SupportAgreement) -> None:
    is_open = page.may_edit and st.session_state.get(OPEN) == one.id
    with parts.card(f"row_agreement_{one.id}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"promise.agreement.{one.id}"):
            with st.container(width="stretch", gap=None):
                st.html(_words(page, one))
            if page.may_edit:
                if _is_due(one):
                    _holds(page, one)
                if st.button(
                    _("Close") if is_open else _("Change"), key=f"agreement.change.{one.id}", type="tertiary"
                ):
                    st.session_state[OPEN] = None if is_open else one.id
                    forms.forget(f"edit.agreement.{one.id}")
                    st.rerun()
        if is_open:
            _edit(page, one)


def _words(page: Page, one: SupportAgreement) -> str:
    badge = parts.badge(_("To look at again"), "talk") if _is_due(one) else ""
    owner = page.staff.person_name(one.owner_id) or _("no owner")
    when = _("look again on {day}").format(day=i18n.day(one.review_on)) if one.review_on else ""
    text = f'<p class="qc-text">{safe(one.text)}</p>' if one.text else ""
    quiet = " · ".join(filter(None, [owner, when]))
    return (
        f'<div class="qc-task"><b>{safe(one.title)}</b> {badge}</div>'
        f'<div class="qc-quiet">{safe(quiet)}</div>{text}'
    )


def _holds(page: Page, one: SupportAgreement) -> None:
    if st.button(
        _("Still holds"),
        key=f"agreement.holds.{one.id}",
        icon=":material/check:",
        type="tertiary",
        help=_("Looked at today; again in a year."),
    ) and failure.worked(
        lambda: support_team.look_again(page.store, page.actor, one.id, today() + A_YEAR), done=_("Saved.")
    ):
        st.rerun()


def _fields(page: Page) -> list[Field]:
    names = {one.person_id: one.name for one in meetings.expected(page.store)}
    return [
        Field("level", _("Level"), Kind.CHOICE, words_of.options(LEVELS), optional=False, half=True),
        Field("owner_id", _("Owner"), Kind.CHOICE, names, half=True),
        Field("title", _("What do we agree?")),
        Field("text", _("How does it go?"), Kind.TEXT),
        Field("review_on", _("Look at it again on"), Kind.DATE),
    ]


def _edit(page: Page, one: SupportAgreement) -> None:
    if forms.edit(
        page,
        one,
        _fields(page),
        key=f"edit.agreement.{one.id}",
        save=lambda seen, typed: support_team.change_agreement(page.store, page.actor, one.id, seen, **typed),
    ):
        st.session_state[OPEN] = None
        st.rerun()
    forms.archive_button(page, one)


def _add(page: Page) -> None:
    with st.expander(_("Add an agreement"), key="support.agree"):
        start = {"level": SupportLevel.BASIC, "review_on": today() + A_YEAR}
        typed = forms.form("new_agreement", _fields(page), start, submit=_("Add"))
        guidance.warn_typed(page, "new_agreement", "title", "text")
        if typed and failure.worked(
            lambda: support_team.agree(page.store, page.actor, **typed), done=_("Added.")
        ):
            forms.forget("new_agreement")
            st.rerun()
