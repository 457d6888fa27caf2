"""Requests for help on screen: what is asked now, what came, and a quick new one."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import help_requests, name_check
from qualitycycle.cycle.help_requests import LONGEST, HelpRequest
from qualitycycle.cycle.network_words import KINDS, THEMES
from qualitycycle.i18n import _, ngettext
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

N_ENDED = 12


def show(page: Page) -> None:
    """A new request beside those that wait; below them what came or was withdrawn."""
    found = help_requests.requests(page.store, page.actor)
    waiting = [one for one in found if one.waits]
    ended = [one for one in found if not one.waits]
    left, right = st.columns([1, 1.4], gap="medium")
    with left:
        parts.heading(_("Help is asked"))
        with parts.card("help"):
            _ask(page)
    with right:
        parts.heading(_("Waiting for help ({n})").format(n=len(waiting)))
        if not waiting:
            parts.empty(_("No help is being waited for."))
        for one in waiting:
            _waiting(page, one)
    _ended(page, ended)
    _manage(page, found)


def _fields(*, ended: bool = False) -> list[Field]:
    days = [
        Field("came_on", _("Came on"), Kind.DATE, half=True),
        Field("withdrawn_on", _("Withdrawn on"), Kind.DATE, half=True),
    ]
    return [
        Field(
            "kind",
            _("Which help"),
            Kind.CHOICE,
            {key: _(text) for key, text in KINDS.items()},
            optional=False,
        ),
        Field(
            "theme", _("Theme"), Kind.CHOICE, {key: _(text) for key, text in THEMES.items()}, optional=False
        ),
        Field("asked_on", _("Asked on"), Kind.DATE),
        *(days if ended else []),
        Field(
            "about",
            _("A few words by which you know it again"),
            help=_("Never a pupil. These words stay in this school."),
        ),
    ]


def _ask(page: Page) -> None:
    key = "network.ask"
    start = {"asked_on": today(), "kind": "specialist", "theme": "language"}
    typed = forms.form(key, _fields(), start, submit=_("Put down"))
    _warn(page, str(st.session_state.get(f"{key}.about", "")))
    if typed and failure.worked(
        lambda: help_requests.ask(page.store, page.actor, **{**typed, "about": typed["about"][:LONGEST]}),
        done=_("Put down."),
    ):
        forms.forget(key)
        st.rerun()


def _warn(page: Page, text: str) -> None:
    """Who waits for help is nobody's business elsewhere. It is said while somebody types; nothing is refused."""
    noticed = name_check.suspects(text, name_check.known_words(page.store)) if text else ()
    if noticed:
        said = _("Is this about a pupil: {names}? Leave names and numbers of pupils out.")
        st.warning(plain(said.format(names=i18n.join(list(noticed)))), icon=":material/visibility_off:")


def _waiting(page: Page, one: HelpRequest) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"network.waits.{one.id}"):
        with st.container():
            about = f"{_weeks(one)} · {_(KINDS[one.kind])} · {_(THEMES[one.theme])}"
            parts.lines([(one.about, about, "")])
        done = _("Put down.")
        if st.button(
            _("It came"), key=f"network.came.{one.id}", type="tertiary", icon=":material/check:"
        ) and (failure.worked(lambda: help_requests.come(page.store, page.actor, one.id), done=done)):
            st.rerun()


def _weeks(one: HelpRequest) -> str:
    n = int(one.weeks(today()))
    if n == 0:
        return _("less than a week")
    return ngettext("{n} week", "{n} weeks", n).format(n=i18n.number(n))


def _ended(page: Page, ended: list[HelpRequest]) -> None:
    if not ended:
        return
    with st.expander(_("Came or withdrawn ({n})").format(n=len(ended)), key="network.ended"):
        parts.lines(
            (
                one.about,
                f"{_(KINDS[one.kind])} · {_how(one)}",
                i18n.short_day(one.came_on or one.withdrawn_on),
            )
            for one in ended[:N_ENDED]
        )
        if len(ended) > N_ENDED:
            parts.note(_("The latest {n} are shown.").format(n=N_ENDED))


def _how(one: HelpRequest) -> str:
    said = _("came after {weeks}") if one.came_on else _("withdrawn after {weeks}")
    return said.format(weeks=_weeks(one))


def _manage(page: Page, found: list[HelpRequest]) -> None:
    if found:
        with st.expander(_("Change or withdraw a request"), key="network.edit"):
            _edit(page, {one.id: one for one in found})
    aside = help_requests.put_aside(page.store, page.actor)
    forms.put_aside(
        {one.id: one.about for one in aside},
        lambda own_id: help_requests.bring_back(page.store, page.actor, own_id),
        label=_("Archived ({n})").format(n=len(aside)),
        key="network.aside",
    )


def _edit(page: Page, found: dict[str, HelpRequest]) -> None:
    labels = forms.distinct(
        {one.id: f"{one.about} · {i18n.short_day(one.asked_on)}" for one in found.values()}
    )
    chosen = st.selectbox(
        _("Which one"), list(labels), format_func=lambda key: labels.get(key, ""), key="network.which"
    )
    one = found.get(chosen or "")
    if one is None:
        return
    key = f"network.edit.{one.id}.{one.revision}"
    fields = _fields(ended=True)
    typed = forms.form(
        key, fields, {field.name: getattr(one, field.name) for field in fields}, submit=_("Save")
    )
    if typed and failure.worked(
        lambda: help_requests.change(page.store, page.actor, one.id, one.revision, **typed), done=_("Saved.")
    ):
        forms.forget(key)
        st.rerun()
    if st.button(_("Archive"), key=f"network.archive.{one.id}", type="tertiary", icon=":material/archive:"):
        done = _("Archived. You find it under “Archived” and can bring it back.")
        if failure.worked(lambda: help_requests.archive(page.store, page.actor, one.id), done=done):
            st.rerun()
