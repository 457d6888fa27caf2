"""Paper forms of a round: print them, and type in what comes back. A row is a form, a column a statement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument, Round
from qualitycycle.reports import paper_form
from qualitycycle.ui import failure, navigation, parts
from qualitycycle.ui import rounds as round_parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

# Rows to begin with; more can be added in the table itself.
N_ROWS = 6
SHEETS = "paper.sheets"


@dataclass
class Sheet:
    """The table of one team of one round in this session, and how often it was stored and began again."""

    name: str
    times: int = 0
    start: pd.DataFrame | None = None
    typed: pd.DataFrame | None = None

    @property
    def key(self) -> str:
        return f"paper.typed.{self.name}.{self.times}"

    def begin_again(self) -> None:
        self.times += 1
        self.start = self.typed = None


def show(page: Page, one: Round) -> None:
    """Print a round's forms, and type them in."""
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    teams = rounds.invited_teams(page.store, one.round_id)
    names = {team_id: page.staff.team_name(team_id) or "" for team_id in teams}
    parts.heading(one.title)
    parts.note(round_parts.words(rounds.progress(page.store, page.actor, one.round_id)))
    left, right = st.columns([1, 1.6])
    with left:
        _print(page, one, instrument, list(names.values()))
    with right:
        _advise()
    _type_in(page, one, instrument, names)
    if st.button(_("Back to the rounds"), key="paper.back", type="tertiary", icon=":material/arrow_back:"):
        navigation.go("rounds")


# --- printing --------------------------------------------------------------------------------------------


def _print(page: Page, one: Round, instrument: Instrument, teams: list[str]) -> None:
    with parts.card("paper_print"):
        parts.heading(_("1. Print"))
        parts.note(
            _(
                "For colleagues without a phone. Whoever takes a form hands back the slip: one person, one answer."
            )
        )
        with st.container(horizontal=True):
            for language in promise.languages(one.promise, instrument):
                name = i18n.LANGUAGES.get(language, language)
                st.download_button(
                    _("Form: {language} (PDF)").format(language=name),
                    form_pdf(page, one, instrument, teams, language),
                    file_name=_("questionnaire") + f"-{language}.pdf",
                    mime="application/pdf",
                    icon=":material/print:",
                    key=f"paper.print.{language}",
                    on_click="ignore",
                )


def form_pdf(page: Page, one: Round, instrument: Instrument, teams: list[str], language: str) -> bytes:
    """The questionnaire on paper, in one language."""
    with i18n.speaking(language):
        return paper_form.pdf(one, instrument, school=page.staff.school.name, teams=teams)


# --- typing in -------------------------------------------------------------------------------------------


def _advise() -> None:
    with parts.card("paper_advice"):
        parts.heading(_("2. Type in what came back"))
        parts.bullets(
            [
                _(
                    "Wait until everybody with a slip has answered: each form uses up one unused code of its team."
                ),
                _("Let somebody type who does not recognise the crosses, and shuffle the forms first."),
                _(
                    "One row per form: type the number of the box and press Tab. "
                    "No cross or “no answer”: leave it empty."
                ),
            ]
        )


def _type_in(page: Page, one: Round, instrument: Instrument, names: Mapping[str, str]) -> None:
    with parts.card("paper_type"):
        team_id = _which_team(one, names)
        sheets: dict[str, Sheet] = st.session_state.setdefault(SHEETS, {})
        name = f"{one.round_id}.{team_id}"
        sheet = sheets.setdefault(name, Sheet(name))
        typed = _table(sheet, instrument)
        forms = forms_in(typed, instrument)
        for line in _gaps(typed, instrument):
            parts.note(line)
        if st.button(_store(len(forms)), type="primary", key="paper.send", disabled=not forms):
            _enter(page, one, team_id, sheet, forms)
        with st.expander(_("Which statement has which number?")):
            _statements(page, instrument)


def _which_team(one: Round, names: Mapping[str, str]) -> str:
    if len(names) == 1:
        return next(iter(names))
    return str(
        st.selectbox(
            _("Team"),
            [*names],
            format_func=lambda team_id: names[team_id],
            key=f"paper.team.{one.round_id}",
            width=320,
        )
    )


def _table(sheet: Sheet, instrument: Instrument) -> pd.DataFrame:
    """The table to type in. What was typed stays through an error, another language and a look at another page."""
    if sheet.key not in st.session_state or sheet.start is None:
        # The table came (back) on screen: it begins with what was typed in it before.
        sheet.start = _blank(instrument) if sheet.typed is None else sheet.typed
    typed: pd.DataFrame = st.data_editor(
        sheet.start,
        key=sheet.key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_config=_columns(instrument),
        # An open place says nothing.
        placeholder="",
        alt=_("One row per paper form, one column per statement"),
    )
    sheet.typed = typed.reset_index(drop=True)
    return sheet.typed


def _blank(instrument: Instrument) -> pd.DataFrame:
    empty = pd.array([pd.NA] * N_ROWS, dtype="Int64")
    return pd.DataFrame({key: empty for key in paper_form.numbered(instrument)})


def _columns(instrument: Instrument) -> dict[str, Any]:
    return {
        key: st.column_config.NumberColumn(
            str(number),
            help=plain(_text(instrument, key)),
            min_value=instrument.minimum,
            max_value=instrument.maximum,
            step=1,
            format="%d",
            width=46,
        )
        for key, number in paper_form.numbered(instrument).items()
    }


def _text(instrument: Instrument, key: str) -> str:
    words = instrument.item(key).text
    return words.get(i18n.language()) or next(iter(words.values()))


def forms_in(typed: pd.DataFrame, instrument: Instrument) -> list[dict[str, int]]:
    """The forms in a table: rows in which something stands, what was left open left out."""
    keys = list(paper_form.numbered(instrument))
    rows = [
        {key: int(row[key]) for key in keys if pd.notna(row[key])} for row in typed.to_dict(orient="records")
    ]
    return [row for row in rows if row]


def _gaps(typed: pd.DataFrame, instrument: Instrument) -> list[str]:
    """Which rows have open places: a slip of the finger, or a statement that was left open on paper."""
    numbers = paper_form.numbered(instrument)
    lines = []
    for place, row in enumerate(typed.to_dict(orient="records"), 1):
        open_places = [str(number) for key, number in numbers.items() if pd.isna(row[key])]
        if open_places and len(open_places) < len(numbers):
            lines.append(_("Row {row}: nothing at {list}.").format(row=place, list=i18n.join(open_places)))
    return lines


def _store(n: int) -> str:
    if not n:
        return _("Store")
    return ngettext("Store {n} form", "Store {n} forms", n).format(n=n)


def _enter(page: Page, one: Round, team_id: str, sheet: Sheet, forms: list[dict[str, int]]) -> None:
    if failure.attempt(lambda: _enter_once(page, one, team_id, sheet, forms)):
        st.session_state["flash"] = ngettext(
            "{n} form is stored, among the other answers.",
            "{n} forms are stored, among the other answers.",
            len(forms),
        ).format(n=len(forms))
        st.rerun()


def _enter_once(page: Page, one: Round, team_id: str, sheet: Sheet, forms: list[dict[str, int]]) -> bool:
    rounds.enter_paper(page.store, page.actor, one.round_id, team_id, forms)
    # Before another word to the session: there a second click would end this run, and find the forms again.
    sheet.begin_again()
    return True


def _statements(page: Page, instrument: Instrument) -> None:
    labels = {value: text.get(page.language, "") for value, text in instrument.labels.items()}
    parts.note(" · ".join(f"{value} = {label}" for value, label in labels.items()))
    numbers = paper_form.numbered(instrument)
    parts.table(
        pd.DataFrame(
            [(number, _text(instrument, key)) for key, number in numbers.items()],
            columns=[_("Number"), _("Statement")],
        )
    )
