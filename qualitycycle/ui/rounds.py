"""Questionnaire rounds: opened with a promise, codes shown once, watched without names, closed on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import plan, promise, questionnaires, rounds
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.model import Cycle, CycleState, Instrument, Round, RoundState
from qualitycycle.ui import address, codes, failure, forms, navigation, opening, parts, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

CLOSING = "rounds.closing"
SECONDS = 5


# --- one round alone ---------------------------------------------------------------------------------------


def asked_for(page: Page, view: str) -> Round | None:
    """The round that the address asks for in this view; only for who may open rounds."""
    round_id = st.query_params.get(view)
    if not round_id or not page.may(Right.OPEN_ROUND):
        return None
    # A link to the page one is on changes the page but not the address: a reload would show the list.
    address.keep()
    return failure.attempt(lambda: plan.get(page.store, page.actor, Round, round_id))


# --- the list --------------------------------------------------------------------------------------------


def show(page: Page, cycle: Cycle) -> None:
    """The rounds of a cycle, and opening a new one."""
    found = rounds.rounds_of(page.store, page.actor, cycle.cycle_id)
    may_open = page.may(Right.OPEN_ROUND) and cycle.state is CycleState.RUNNING
    if may_open:
        opening.show(page, cycle, found)
    if not found and not (may_open and opening.is_busy()):
        _nothing_yet(may_open)
    for one in found:
        _card(page, one, may_change=may_open)
    if may_open:
        ask_to_close(page, [one for one in found if one.state is RoundState.OPEN])


def _nothing_yet(may_open: bool) -> None:
    text = _("No questionnaire round in this cycle yet.")
    if may_open:
        text += " " + _("Open one: it takes a minute, and each colleague four minutes to fill in.")
    parts.empty(text)


def _card(page: Page, one: Round, *, may_change: bool) -> None:
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    with parts.card(f"round_{one.round_id}"):
        left, right = st.columns([2, 1], vertical_alignment="center")
        with left:
            st.html(_words(one, instrument, page.language))
        with right:
            if one.state is RoundState.OPEN:
                _live(page, one)
            else:
                _closed(page, one)
        with st.container(horizontal=True, vertical_alignment="center"):
            if one.state is RoundState.OPEN and may_change:
                _tools(page, one)
            with st.popover(_("What was promised"), key=f"rounds.promise.{one.round_id}", type="tertiary"):
                parts.bullets(promise.sentences(one.promise))


def _tools(page: Page, one: Round) -> None:
    if st.button(_("On the projector"), key=f"rounds.projector.{one.round_id}", type="primary"):
        navigation.go("rounds", projector=one.round_id)
    codes.later(page, one)
    _extend(page, one)
    if st.button(_("Paper forms"), key=f"rounds.paper.{one.round_id}"):
        navigation.go("rounds", paper=one.round_id)
    close_button(one)


def _extend(page: Page, one: Round) -> None:
    with st.popover(_("Closing date"), key=f"rounds.until.{one.round_id}"):
        parts.note(
            _(
                "You can move it further away, so that more colleagues can answer. A closed round stays closed."
            )
        )
        first = today() if one.closes_on is None else max(today(), one.closes_on + timedelta(days=1))
        day = st.date_input(
            _("New closing date"),
            first + timedelta(days=6),
            min_value=first,
            format=forms.DATE_FORMAT,
            key=f"rounds.until.day.{one.round_id}.{one.revision}",
        )
        if st.button(_("Extend"), key=f"rounds.until.send.{one.round_id}") and isinstance(day, date):
            longer = failure.attempt(
                lambda: rounds.extend(page.store, page.actor, one.round_id, day, one.revision),
                done=_("The round stays open until {day}.").format(day=i18n.day(day)),
            )
            if longer:
                st.rerun()


def _words(one: Round, instrument: Instrument, language: str) -> str:
    dates = _("opened {day}").format(day=i18n.day(one.opened_on, year=False))
    if one.state is RoundState.CLOSED:
        dates += ", " + _("closed {day}").format(day=i18n.day(one.closed_on))
        badge = parts.badge(_("Closed"))
    elif one.closes_on and one.closes_on < today():
        dates += ", " + _("would close {day}").format(day=i18n.day(one.closes_on, year=False))
        badge = parts.badge(_("Open, past its closing date"), "late")
    else:
        badge = parts.badge(_("Open"), "good")
        if one.closes_on:
            dates += ", " + _("closes {day}").format(day=i18n.day(one.closes_on, year=False))
    about = [instrument.title[language], dates] if instrument.title[language] != one.title else [dates]
    return (
        f'<div class="qc-goal">{safe(one.title)} {badge}</div>'
        f'<div class="qc-quiet">{safe(" · ".join(about))}</div>'
    )


@st.fragment(run_every=SECONDS)
def _live(page: Page, one: Round) -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    now = rounds.progress(page.store, page.actor, one.round_id)
    st.progress(share(now), text=plain(words(now)))


def share(now: rounds.Progress) -> float:
    return min(1.0, now.n_answered / now.n_invited) if now.n_invited else 0.0


def words(now: rounds.Progress) -> str:
    return _("{n} of {all} filled in").format(n=now.n_answered, all=now.n_invited)


def _closed(page: Page, one: Round) -> None:
    result = rounds.result(page.store, page.actor, one.round_id)
    parts.note(_("{n} of {all} filled in").format(n=result.n_answered, all=result.n_invited))
    navigation.link("results", _("See the results"), query={"round": one.round_id})


# --- closing ---------------------------------------------------------------------------------------------


def close_button(one: Round) -> None:
    """Asks first; `ask_to_close` draws the question."""
    if st.button(_("Close this round"), key=f"rounds.close.{one.round_id}"):
        st.session_state[CLOSING] = one.round_id


def ask_to_close(page: Page, open_rounds: Sequence[Round]) -> None:
    """The second click. The question stays until it is answered, also when the language is switched."""
    asked = next((one for one in open_rounds if one.round_id == st.session_state.get(CLOSING)), None)
    if asked is not None:
        st.dialog(_("Close this round?"), on_dismiss=_no_more)(_confirm)(page, asked)


def _no_more() -> None:
    st.session_state.pop(CLOSING, None)


def _confirm(page: Page, one: Round) -> None:
    i18n.use(session.language())
    now = rounds.progress(page.store, page.actor, one.round_id)
    st.write(plain(words(now)) + ".")
    lines = [
        _("Nobody can fill it in any more."),
        _("The answers are shuffled and the results computed, once."),
        _("A closed round cannot be opened again."),
    ]
    if now.n_answered < one.floor:
        lines.append(_("Fewer than {n} people filled it in, so no result can be shown.").format(n=one.floor))
    parts.bullets(lines)
    with st.container(horizontal=True):
        close = st.button(_("Close the round"), type="primary", key="rounds.confirm")
        keep = st.button(_("Keep it open"), key="rounds.keep")
    if close:
        closed = failure.attempt(
            lambda: rounds.close_round(page.store, page.actor, one.round_id),
            done=_("The round is closed. The results are ready."),
        )
        keep = closed is not None
    if keep:
        _no_more()
        st.rerun()
