"""Questionnaire rounds: opened with a promise, codes shown once, watched without names, closed on purpose."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.config import today
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Cycle, CycleState, Instrument, Role, Round, RoundState, Team
from qualitycycle.ui import failure, forms, navigation, parts, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

CODES = "rounds.codes"
OPENING = "rounds.opening"
CLOSING = "rounds.closing"
SECONDS = 5
# Four by four is how people read a code aloud.
CHUNK = 4
MOST_INVITED = 500


# --- the list --------------------------------------------------------------------------------------------


def show(page: Page, cycle: Cycle) -> None:
    """The rounds of a cycle, and opening a new one."""
    found = rounds.rounds_of(page.store, page.actor, cycle.cycle_id)
    may_open = page.may(Right.OPEN_ROUND) and cycle.state is CycleState.RUNNING
    if may_open:
        _opening(page, cycle, found)
    if not found and not (may_open and st.session_state.get(OPENING)):
        _nothing_yet(may_open)
    for one in found:
        _card(page, one, may_change=may_open)
    if may_open:
        _ask_to_close(page, [one for one in found if one.state is RoundState.OPEN])


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
                _more_codes(page, one)
                if st.button(_("Close this round"), key=f"rounds.close.{one.round_id}"):
                    st.session_state[CLOSING] = one.round_id
            with st.popover(_("What was promised"), key=f"rounds.promise.{one.round_id}", type="tertiary"):
                _show_promise(promise.sentences(one.promise))


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
    return (
        f'<div class="qc-goal">{safe(one.title)} {badge}</div>'
        f'<div class="qc-quiet">{safe(instrument.title[language])} · {safe(dates)}</div>'
    )


@st.fragment(run_every=SECONDS)
def _live(page: Page, one: Round) -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    now = rounds.progress(page.store, page.actor, one.round_id)
    share = min(1.0, now.n_answered / now.n_invited) if now.n_invited else 0.0
    st.progress(share, text=plain(_("{n} of {all} filled in").format(n=now.n_answered, all=now.n_invited)))


def _closed(page: Page, one: Round) -> None:
    result = rounds.result(page.store, page.actor, one.round_id)
    parts.note(_("{n} of {all} filled in").format(n=result.n_answered, all=result.n_invited))
    navigation.link("results", _("See the results"), query={"round": one.round_id})


# --- opening ---------------------------------------------------------------------------------------------


def _opening(page: Page, cycle: Cycle, found: Sequence[Round]) -> None:
    if not st.session_state.get(OPENING):
        if st.button(_("Open a round"), type="primary", key="rounds.open"):
            st.session_state[OPENING] = True
            st.rerun()
        return
    with parts.card("opening"):
        left, right = st.columns([1.5, 1], gap="large")
        with left:
            parts.heading(_("Open a round"))
            instrument = _which(page)
            title = _title(instrument, page.language, found)
            invited = _who(page)
            closes_on, floor = _when()
        with right:
            _what_we_promise(page, instrument, invited, floor)
        with st.container(horizontal=True):
            send = st.button(_("Open the round"), type="primary", key="rounds.send")
            if st.button(_("Cancel"), key="rounds.cancel", type="tertiary"):
                st.session_state[OPENING] = False
                st.rerun()
        if send:
            _open(page, cycle, instrument, title, invited, closes_on, floor)


def _which(page: Page) -> Instrument:
    newest = {one.key: one for one in questionnaires.offered(page.store)}
    key = st.selectbox(
        _("Questionnaire"),
        [*newest],
        format_func=lambda key: newest[key].title[page.language],
        key="rounds.instrument",
    )
    return newest[key]


def _title(instrument: Instrument, language: str, found: Sequence[Round]) -> str:
    name = instrument.title[language].split(" (")[0]
    day = today()
    proposed = f"{name}, {i18n.month(day)}"
    if any(one.title == proposed for one in found):
        proposed = f"{name}, {i18n.day(day)}"
    key = f"rounds.title.{instrument.key}"
    st.session_state.setdefault(key, proposed)
    typed = st.text_input(_("Title, as everyone will see it"), key=key, max_chars=200, persist_state="page")
    return typed or ""


def _who(page: Page) -> dict[str, int]:
    """Teams and how many people of each get a code; 0 leaves a team out."""
    teams = [team for team in page.staff.teams if not team.archived]
    st.markdown(plain(_("How many people of each team get a code? 0 leaves a team out.")))
    places = st.columns(min(3, max(1, len(teams))))
    chosen: dict[str, int] = {}
    for n, team in enumerate(teams):
        with places[n % len(places)]:
            chosen[team.team_id] = st.number_input(
                plain(team.name),
                min_value=0,
                max_value=MOST_INVITED,
                value=_n_members(page, team),
                step=1,
                key=f"rounds.invited.{team.team_id}",
            )
    return {team_id: n for team_id, n in chosen.items() if n}


def _n_members(page: Page, team: Team) -> int:
    return sum(
        team.team_id in person.team_ids and person.role is not Role.READER and not person.archived
        for person in page.staff.people
    )


def _when() -> tuple[date | None, int]:
    until, least = st.columns(2)
    closes_on = until.date_input(
        _("Closing date (optional)"),
        None,
        min_value=today(),
        key="rounds.closes_on",
        format=forms.DATE_FORMAT,
        help=_("A reminder for you: a round closes only when you close it."),
    )
    floor = least.number_input(
        _("Smallest group shown"),
        min_value=disclosure.FLOOR,
        max_value=50,
        value=disclosure.FLOOR,
        step=1,
        key="rounds.floor",
        help=_("Five is the lowest. You may raise it now; afterwards it cannot be changed."),
    )
    return closes_on, int(floor)


def _what_we_promise(page: Page, instrument: Instrument, invited: dict[str, int], floor: int) -> None:
    parts.heading(_("What you promise your colleagues"))
    _show_promise(promise.sentences(promise.make(floor, invited, instrument.languages)))
    for sentence in _warnings(page, invited, floor):
        st.warning(plain(sentence), icon=":material/info:")
    if not instrument.validated:
        parts.note(instrument.source[page.language])


def _show_promise(sentences: list[str]) -> None:
    st.markdown("\n".join(f"- {plain(line)}" for line in sentences))


def _warnings(page: Page, invited: dict[str, int], floor: int) -> list[str]:
    if invited and sum(invited.values()) < floor:
        return [
            _("With fewer than {n} people no result can be shown. Talk about the statements instead.").format(
                n=floor
            )
        ]
    small = [page.staff.team_name(team_id) or "" for team_id, n in invited.items() if n < floor]
    if not small:
        return []
    text = ngettext(
        "{teams} has fewer than {n} people: it counts in the whole school, and gets no result of its own.",
        "{teams} have fewer than {n} people: they count in the whole school, and get no result of their own.",
        len(small),
    )
    return [text.format(teams=i18n.join(small), n=floor)]


def _open(
    page: Page,
    cycle: Cycle,
    instrument: Instrument,
    title: str,
    invited: dict[str, int],
    closes_on: date | None,
    floor: int,
) -> None:
    opened = failure.attempt(
        lambda: rounds.open_round(
            page.store,
            page.actor,
            cycle_id=cycle.cycle_id,
            instrument_key=instrument.key,
            title=title,
            invited=invited,
            closes_on=closes_on,
            floor=floor,
        )
    )
    if opened is None:
        return
    forms.forget("rounds")
    st.session_state[CODES] = (opened.round.title, _by_team(page, opened.codes))
    st.rerun()


# --- codes: shown once -----------------------------------------------------------------------------------


def _by_team(page: Page, codes: dict[str, list[str]]) -> dict[str, list[str]]:
    return {page.staff.team_name(team_id) or "": own for team_id, own in codes.items()}


def codes_to_hand_out() -> bool:
    """Whether codes wait to be printed or saved."""
    return CODES in st.session_state


def show_codes(page: Page) -> None:
    """The codes of a round, once: to print, to copy, to save."""
    title, codes = st.session_state[CODES]
    with st.container(key="codes_tools"):
        st.warning(
            plain(
                _(
                    "Print or save these codes now: they are shown only once. The school's file does not hold them."
                )
            ),
            icon=":material/key:",
        )
        parts.note(
            _(
                "Cut the slips, put those of one team in one envelope, and let everybody draw one. "
                "Do not write down who got which."
            )
        )
        with st.container(horizontal=True, vertical_alignment="center"):
            st.download_button(
                _("Save as text"),
                _as_text(page, title, codes),
                file_name=_("codes") + ".txt",
                mime="text/plain",
                key="codes.save",
                on_click="ignore",
            )
            with st.popover(_("Copy"), key="codes.copy"):
                st.code(_as_text(page, title, codes), language=None)
            parts.note(_("Print with Ctrl+P."))
            if st.button(_("I have them, go on"), type="primary", key="codes.done"):
                del st.session_state[CODES]
                st.rerun()
    st.html(_sheet(page, title, codes))


def _sheet(page: Page, title: str, codes: dict[str, list[str]]) -> str:
    """A printable sheet of slips, team by team."""
    where = safe(_("Fill in a questionnaire"))
    sheets = []
    for team, own in codes.items():
        slips = "".join(
            f"<li><small>{safe(page.staff.school.name)}<br>{safe(title)}</small><b>{safe(chunked(code))}</b>"
            f"<small>{where}</small></li>"
            for code in own
        )
        count = ngettext("{n} code", "{n} codes", len(own)).format(n=len(own))
        sheets.append(f'<h3>{safe(team)} ({safe(count)})</h3><ul class="qc-slips">{slips}</ul>')
    return f'<section class="qc-sheet">{"".join(sheets)}</section>'


def _as_text(page: Page, title: str, codes: dict[str, list[str]]) -> str:
    blocks = [f"{page.staff.school.name}\n{title}"]
    blocks += ["\n".join([team, *(chunked(code) for code in own)]) for team, own in codes.items()]
    return "\n\n".join(blocks) + "\n"


def chunked(code: str) -> str:
    """A code in two halves."""
    return " ".join(code[n : n + CHUNK] for n in range(0, len(code), CHUNK))


def _more_codes(page: Page, one: Round) -> None:
    with st.popover(_("More codes"), key=f"rounds.more.{one.round_id}"):
        parts.note(
            _(
                "For a colleague who was forgotten, or a slip that got lost. Each code counts as one more invited."
            )
        )
        teams = {team.team_id: team.name for team in page.staff.teams if not team.archived}
        team_id = st.selectbox(
            _("Team"),
            [*teams],
            format_func=lambda team_id: teams[team_id],
            key=f"rounds.more.team.{one.round_id}",
        )
        n = st.number_input(_("How many"), 1, MOST_INVITED, 1, step=1, key=f"rounds.more.n.{one.round_id}")
        if st.button(_("Make codes"), key=f"rounds.more.send.{one.round_id}"):
            made = failure.attempt(
                lambda: rounds.more_codes(page.store, page.actor, one.round_id, team_id, int(n))
            )
            if made:
                st.session_state[CODES] = (one.title, _by_team(page, {team_id: made}))
                st.rerun()


# --- closing ---------------------------------------------------------------------------------------------


def _ask_to_close(page: Page, open_rounds: Sequence[Round]) -> None:
    """The second click. The question stays until it is answered, also when the language is switched."""
    asked = next((one for one in open_rounds if one.round_id == st.session_state.get(CLOSING)), None)
    if asked is not None:
        st.dialog(_("Close this round?"), on_dismiss=_no_more)(_confirm)(page, asked)


def _no_more() -> None:
    st.session_state.pop(CLOSING, None)


def _confirm(page: Page, one: Round) -> None:
    i18n.use(session.language())
    now = rounds.progress(page.store, page.actor, one.round_id)
    st.write(plain(_("{n} of {all} filled in").format(n=now.n_answered, all=now.n_invited)) + ".")
    lines = [
        _("Nobody can fill it in any more."),
        _("The answers are shuffled and the results computed, once."),
        _("A closed round cannot be opened again."),
    ]
    if now.n_answered < one.floor:
        lines.append(_("Fewer than {n} people filled it in, so no result can be shown.").format(n=one.floor))
    _show_promise(lines)
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
