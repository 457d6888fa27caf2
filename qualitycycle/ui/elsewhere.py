"""Reading in a form that was filled in elsewhere: which column is which statement, what will be stored, and where."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.config import today
from qualitycycle.cycle import elsewhere, elsewhere_words
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.elsewhere import NewRound, Received
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports import responses
from qualitycycle.imports.responses import FormMapping, FormsRead
from qualitycycle.model import Cycle, CycleState, Instrument, Round
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

# What is remembered of the file at hand begins with this; a stored or dropped file takes it all along.
FILE = "elsewhere.file."
RECEIVED = f"{FILE}received"
UPLOAD = "elsewhere.upload"
ASKED = "elsewhere"
TYPES = ["csv", "txt", "tsv", "xlsx", "xls", "ods"]
NOT_THERE, NO_ANSWER, UNREAD = "", 0, -1
N_WORDS = 12
N_ASIDE = 100
MOST_INVITED = 500
# In MB: a form of a thousand people is a tenth of it.
LARGEST = 10


def offer(page: Page, cycle: Cycle) -> None:
    """The way in, for who may open a round."""
    if not page.may(Right.OPEN_ROUND) or cycle.state is not CycleState.RUNNING:
        return
    label = _("Read in a form that was filled in elsewhere")
    if st.button(label, key="elsewhere.begin", icon=":material/upload_file:", type="tertiary"):
        st.query_params[ASKED] = "1"
        st.rerun()


def asked_for(page: Page) -> bool:
    return ASKED in st.query_params and page.may(Right.OPEN_ROUND)


def show(page: Page, cycle: Cycle) -> None:
    """The whole way: a file, its columns, what will be stored, and into which round."""
    parts.heading(_("Read in a form that was filled in elsewhere"))
    if st.button(
        _("Back to the rounds"), key="elsewhere.back", type="tertiary", icon=":material/arrow_back:"
    ):
        _leave()
    if cycle.state is not CycleState.RUNNING:
        parts.empty(_("This quality cycle is closed. Choose a running one above."))
        return
    received = st.session_state.get(RECEIVED)
    if received is None:
        _upload(page)
        return
    _received(received)
    left, right = st.columns([1.25, 1], gap="large")
    with left:
        parts.heading(_("1. Which column is which statement"))
        mapping = _ask_mapping(page, received)
    with right:
        parts.heading(_("2. What will be stored"))
        ready = elsewhere.read(received, mapping)
        _counts(received, mapping, ready)
        _aside(ready)
    _store(page, cycle, received, ready)


# --- the door --------------------------------------------------------------------------------------------


def _upload(page: Page) -> None:
    parts.note(
        _(
            "The export of Microsoft Forms or Google Forms: Excel or CSV, one row per person. Times, names, mail "
            "addresses and everything else that is no answer stay behind at the door."
        )
    )
    found = elsewhere.fillable(page.store, page.actor)
    offered = {f"{one.key} {one.version}": one for one in found}
    keys = [one.key for one in found]
    key = st.selectbox(
        _("Which questionnaire was it?"),
        [*offered],
        format_func=lambda key: _asked(offered[key], page.language, several=keys.count(offered[key].key) > 1),
        key="elsewhere.instrument",
        width=460,
    )
    number = st.session_state.setdefault(UPLOAD, 0)
    file = st.file_uploader(
        _("The export: CSV, Excel or ODS"),
        type=TYPES,
        key=f"elsewhere.upload.{number}",
        max_upload_size=LARGEST,
    )
    if file is None:
        return
    content, name = file.getvalue(), file.name
    # The file is let go in any case: only what came through the door is remembered.
    st.session_state[UPLOAD] = number + 1
    try:
        with st.spinner(_("Reading the file …")):
            st.session_state[RECEIVED] = elsewhere.receive(
                page.store, page.actor, content, name, offered[key]
            )
    except QualityCycleError as error:
        failure.tell(error)
        return
    st.rerun()


def _asked(instrument: Instrument, language: str, *, several: bool) -> str:
    title = instrument.title[language]
    return _("{title}, version {n}").format(title=title, n=instrument.version) if several else title


def _received(received: Received) -> None:
    if received.read_before:
        st.warning(
            plain(
                _("This very file was read in before, for “{title}”. It cannot be counted twice.").format(
                    title=received.read_before
                )
            )
        )
    left = [f"{one.heading} ({_(elsewhere_words.GONE[one.why])})" for one in received.forms.left]
    rows = ngettext("{n} form", "{n} forms", received.forms.n).format(n=i18n.number(received.forms.n))
    parts.facts(
        [
            (_("Found"), rows),
            (_("Empty rows"), i18n.number(received.forms.n_empty) if received.forms.n_empty else ""),
            (_("Columns left behind"), ", ".join(left)),
        ]
    )


# --- which column is what --------------------------------------------------------------------------------


def _ask_mapping(page: Page, received: Received) -> FormMapping:
    columns = _ask_columns(received, page.language)
    team, column, teams = _ask_team(page, received)
    mapping = FormMapping(columns, {}, team, column, teams)
    return FormMapping(columns, _ask_words(received, mapping, page.language), team, column, teams)


def _ask_columns(received: Received, language: str) -> dict[str, str]:
    parts.note(_("Our suggestion, by the words of the statements. Correct it where it is wrong."))
    instrument = received.instrument
    labels = forms.distinct({heading: responses.asked(heading) for heading in received.forms.answers})
    options = [NOT_THERE, *labels]
    chosen: dict[str, str] = {}
    numbered = enumerate((key for scale in instrument.scales for key in scale.items), 1)
    with st.container(height=440, border=True, key="elsewhere_columns"):
        for n, key in numbered:
            start = received.forms.suggested.get(key, NOT_THERE)
            column = st.selectbox(
                f"{n}\\. {plain(instrument.item(key).text[language])}",
                options,
                index=options.index(start),
                format_func=lambda option: labels.get(option) or _("not in this file"),
                key=f"{FILE}column.{key}",
            )
            if column:
                chosen[key] = column
    doubled = sorted({column for column in chosen.values() if [*chosen.values()].count(column) > 1})
    if doubled:
        st.warning(plain(_("Chosen more than once: {columns}").format(columns=", ".join(doubled))))
    return chosen


def _ask_team(page: Page, received: Received) -> tuple[str, str, dict[str, str]]:
    teams = {team.team_id: team.name for team in page.staff.teams if not team.archived}
    by_column = [f"column {heading}" for heading in received.forms.teams]
    options = [*by_column, *teams]
    chosen = st.selectbox(
        _("Which team?"),
        options,
        format_func=lambda option: (
            teams.get(option) or _("as in column “{column}”").format(column=option.removeprefix("column "))
        ),
        key=f"{FILE}team",
        help=_("One team for all forms, or the column that says it."),
    )
    if chosen is None or chosen in teams:
        return chosen or "", "", {}
    column = chosen.removeprefix("column ")
    return "", column, _ask_teams(received, column, teams)


def _ask_teams(received: Received, column: str, teams: Mapping[str, str]) -> dict[str, str]:
    found: dict[str, str] = {}
    places = st.columns(2)
    for n, word in enumerate(responses.team_words(received.forms, column)):
        same = [team_id for team_id, name in teams.items() if name.casefold() == word.casefold()]
        options = [NOT_THERE, *teams]
        with places[n % 2]:
            team_id = st.selectbox(
                _("“{word}” means").format(word=plain(word)),
                options,
                index=options.index(same[0]) if same else 0,
                format_func=lambda option: teams.get(option, _("leave aside")),
                key=f"{FILE}means.{column}.{n}",
            )
        if team_id:
            found[word] = team_id
    return found


def _ask_words(received: Received, mapping: FormMapping, language: str) -> dict[str, int]:
    """What the form's own choices mean; nothing is guessed."""
    instrument = received.instrument
    unknown = responses.unknown_words(received.forms, mapping, instrument)[:N_WORDS]
    if not unknown:
        return {}
    parts.heading(_("Choices we do not know"))
    labels = {UNREAD: _("leave aside"), **{v: text[language] for v, text in instrument.labels.items()}}
    labels[NO_ANSWER] = instrument.no_answer[language]
    found: dict[str, int] = {}
    places = st.columns(2)
    for n, word in enumerate(unknown):
        with places[n % 2]:
            value = st.selectbox(
                _("“{word}” means").format(word=plain(word)),
                [*labels],
                format_func=lambda option: labels[option],
                key=f"{FILE}word.{word}",
            )
        if value is not None and value != UNREAD:
            found[word] = value
    return found


# --- what will be stored ---------------------------------------------------------------------------------


def _counts(received: Received, mapping: FormMapping, ready: FormsRead) -> None:
    """Counts only: no single answer is shown, here either."""
    instrument = received.instrument
    n_open = len(instrument.items) - len(mapping.columns)
    n_aside = len({one.line for one in ready.aside})
    parts.facts(
        [
            (_("Forms that can be read in"), i18n.number(len(ready.given))),
            (_("Forms to keep out"), i18n.number(n_aside)),
            (_("Without a single answer"), i18n.number(ready.n_blank) if ready.n_blank else ""),
            (_("Statements without a column"), i18n.number(n_open) if n_open else ""),
        ]
    )
    if not ready.given:
        st.warning(plain(_("No form can be read in this way. Choose the columns and the team.")))
    elif n_open:
        parts.note(_("A statement without a column counts as not answered by everybody."))


def _aside(ready: FormsRead) -> None:
    if not ready.aside:
        return
    parts.note(
        _(
            "Kept out, with the place in your file. What stands there is not shown. Mend the file and begin again."
        )
    )
    rows = [(one.line, one.column, _(elsewhere_words.ASIDE[one.why])) for one in ready.aside[:N_ASIDE]]
    with st.container(height=240 if len(rows) > 4 else "content", border=False, key="elsewhere_aside"):
        parts.table(pd.DataFrame(rows, columns=[_("Line"), _("Column"), _("What is wrong")]))
    if len(ready.aside) > N_ASIDE:
        parts.note(_("The first {n} are shown.").format(n=N_ASIDE))


# --- into which round ------------------------------------------------------------------------------------


def _store(page: Page, cycle: Cycle, received: Received, ready: FormsRead) -> None:
    parts.heading(_("3. Into which round"))
    found = elsewhere.open_rounds(page.store, page.actor, cycle.cycle_id, received.instrument)
    titles = forms.distinct({one.round_id: one.title for one in found})
    target = st.radio(
        _("Into which round"),
        [NOT_THERE, *titles],
        format_func=lambda option: titles.get(option) or _("A round of its own, closed at once"),
        key=f"{FILE}target",
        label_visibility="collapsed",
    )
    if target:
        one = next(one for one in found if one.round_id == target)
        _into(page, one, received, ready)
    else:
        _own_round(page, cycle, received, ready)


def _into(page: Page, one: Round, received: Received, ready: FormsRead) -> None:
    parts.note(
        _(
            "Each form uses up a code of its team that nobody has used yet. The answers are shuffled among the others."
        )
    )
    if _sent(ready, received):
        stored = failure.attempt(
            lambda: elsewhere.into_round(page.store, page.actor, one.round_id, received, ready),
            done=_read_in(len(ready.given)),
        )
        if stored is not None:
            _leave()


def _own_round(page: Page, cycle: Cycle, received: Received, ready: FormsRead) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        title = st.text_input(
            _("Title, as everybody will see it"),
            _proposed(received.instrument, page.language),
            key=f"{FILE}title",
            max_chars=200,
        )
        on = st.date_input(
            _("Day it was filled in"),
            today(),
            max_value=today(),
            key=f"{FILE}on",
            format=forms.DATE_FORMAT,
            help=_("The last day will do: results are shown in that place on a line over rounds."),
        )
        floor = st.number_input(
            _("Smallest group shown"),
            min_value=disclosure.FLOOR,
            max_value=50,
            value=disclosure.FLOOR,
            step=1,
            key=f"{FILE}floor",
            help=_("At least as many as was promised there."),
        )
        invited = _invited(page, ready)
    with right:
        promised = st.text_area(
            _("What was promised to the people who filled it in?"),
            key=f"{FILE}promised",
            height=160,
            max_chars=1000,
            help=_("In the words of that form. It is stored with the round and cannot be changed."),
        )
    if not _sent(ready, received):
        return
    new = NewRound(cycle.cycle_id, title or "", on or today(), invited, promised or "", int(floor))
    stored = failure.attempt(
        lambda: elsewhere.as_round(page.store, page.actor, new, received, ready),
        done=_read_in(len(ready.given)),
    )
    if stored is not None:
        _leave()


def _proposed(instrument: Instrument, language: str) -> str:
    return f"{instrument.title[language].split(' (')[0]}, {i18n.month(today())}"


def _invited(page: Page, ready: FormsRead) -> dict[str, int]:
    """How many people were asked: at least as many as answered."""
    teams = {team.team_id: team.name for team in page.staff.teams}
    chosen: dict[str, int] = {}
    for team_id, n in ready.n_by_team.items():
        chosen[team_id] = st.number_input(
            _("How many people of {team} were asked?").format(team=plain(teams.get(team_id, ""))),
            min_value=1,
            max_value=MOST_INVITED,
            value=n,
            step=1,
            key=f"{FILE}invited.{team_id}",
        )
    return chosen


def _sent(ready: FormsRead, received: Received) -> bool:
    n = len(ready.given)
    with st.container(horizontal=True):
        sent = st.button(
            ngettext("Read in {n} form", "Read in {n} forms", n).format(n=i18n.number(n)),
            type="primary",
            key="elsewhere.store",
            disabled=not n or bool(received.read_before),
        )
        if st.button(_("Cancel"), key="elsewhere.cancel", type="tertiary"):
            _leave()
    return sent


def _read_in(n: int) -> str:
    return ngettext("{n} form read in.", "{n} forms read in.", n).format(n=i18n.number(n))


def _leave() -> None:
    """Nothing of a file stays behind in the session."""
    forms.forget(FILE.removesuffix("."))
    st.query_params.pop(ASKED, None)
    st.rerun()
