"""Opening a round: what is asked, who is asked, until when, and the promise in full view beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.config import today
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Cycle, Instrument, Role, Round, Team
from qualitycycle.ui import codes, failure, forms, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

OPENING = "rounds.opening"
OPENED = "rounds.opened"
MOST_INVITED = 500


@dataclass(frozen=True)
class Wanted:
    """What was filled in on the form."""

    instrument: Instrument
    title: str
    invited: dict[str, int]
    languages: tuple[str, ...]
    closes_on: date | None
    floor: int


def is_busy() -> bool:
    """Whether the form is on screen."""
    return bool(st.session_state.get(OPENING))


def show(page: Page, cycle: Cycle, found: Sequence[Round]) -> None:
    """A button, and after it the form."""
    if not is_busy():
        if st.button(_("Open a round"), type="primary", key="rounds.open"):
            st.session_state[OPENING] = True
            st.rerun()
        return
    with parts.card("opening"):
        left, right = st.columns([1.25, 1], gap="large")
        with left:
            parts.heading(_("Open a round"))
            wanted = _form(page, found)
        with right:
            _what_we_promise(page, wanted)
        with st.container(horizontal=True):
            send = st.button(_("Open the round"), type="primary", key="rounds.send")
            if st.button(_("Cancel"), key="rounds.cancel", type="tertiary"):
                forms.forget("rounds")
                st.rerun()
        if send:
            _open(page, cycle, wanted)


# --- the form --------------------------------------------------------------------------------------------


def _form(page: Page, found: Sequence[Round]) -> Wanted:
    instrument = _which(page)
    title = _title(instrument, page.language, found)
    invited = _who(page)
    closes_on, floor = _when()
    languages = _languages(instrument)
    return Wanted(instrument, title, invited, languages, closes_on, floor)


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
    typed = st.text_input(_("Title, as everybody will see it"), key=key, max_chars=200, persist_state="page")
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


def _languages(instrument: Instrument) -> tuple[str, ...]:
    if len(instrument.languages) < 2:
        return instrument.languages
    chosen = st.pills(
        _("Languages in which it can be filled in"),
        instrument.languages,
        selection_mode="multi",
        default=instrument.languages,
        format_func=lambda language: i18n.LANGUAGES.get(language, language),
        key=f"rounds.languages.{instrument.key}",
    )
    return tuple(language for language in instrument.languages if language in chosen)


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


# --- the promise -----------------------------------------------------------------------------------------


def _what_we_promise(page: Page, wanted: Wanted) -> None:
    parts.heading(_("What you promise your colleagues"))
    made = promise.make(wanted.floor, wanted.invited, wanted.languages)
    parts.bullets(promise.sentences(made))
    parts.note(_("Everybody who fills it in reads this first. Once the round is open, nobody can change it."))
    for sentence in _warnings(page, wanted.invited, wanted.floor):
        st.warning(plain(sentence), icon=":material/info:")
    if not wanted.instrument.validated:
        parts.note(wanted.instrument.source[page.language])


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


# --- opening ---------------------------------------------------------------------------------------------


def _open(page: Page, cycle: Cycle, wanted: Wanted) -> None:
    # A second click ends this run as soon as it asks the session for something. So what the first click opened
    # goes into a list that is at hand already, where the second one finds it.
    opened: list[rounds.Opened] = st.session_state.setdefault(OPENED, [])
    if not opened:
        failure.attempt(lambda: opened.append(_open_round(page, cycle, wanted)))
    if opened:
        # What the form remembers is dropped when the codes are put away, not before.
        codes.hand_out(page, opened[0].round, opened[0].codes)
        st.rerun()


def _open_round(page: Page, cycle: Cycle, wanted: Wanted) -> rounds.Opened:
    return rounds.open_round(
        page.store,
        page.actor,
        cycle_id=cycle.cycle_id,
        instrument_key=wanted.instrument.key,
        title=wanted.title,
        invited=wanted.invited,
        closes_on=wanted.closes_on,
        floor=wanted.floor,
        languages=wanted.languages,
    )
