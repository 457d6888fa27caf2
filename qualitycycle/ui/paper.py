"""Paper forms of a round: print them, and type in what comes back, one line per form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument, Round, RoundState
from qualitycycle.reports import paper_form
from qualitycycle.ui import failure, forms, navigation, parts
from qualitycycle.ui import rounds as round_parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

# Lines to begin with, and how many a click adds.
N_LINES = 6
SHEETS = "paper.sheets"
# What people type where nothing was crossed.
NOTHING = frozenset("-–—_.x")
ONE_SIGN = 9


@dataclass
class Sheet:
    """The lines of one team of one round in this session; after storing it begins again."""

    name: str
    times: int = 0
    n_lines: int = N_LINES
    said: str = ""

    @property
    def key(self) -> str:
        return f"paper.line.{self.name}.{self.times}"

    def begin_again(self, said: str) -> None:
        self.times += 1
        self.n_lines = N_LINES
        self.said = said


@dataclass(frozen=True)
class Line:
    """What was typed for one form. `answers` is None as long as it does not fit; `says` tells why, or what was read."""

    answers: dict[str, int] | None
    says: str


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
    if one.state is RoundState.OPEN:
        _type_in(page, one, instrument, names)
    else:
        st.info(plain(_("This round is closed, so nothing can be typed in any more.")))
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
                _("One line per form: the number of every box in a row, and a - where there is no number."),
            ]
        )


def _type_in(page: Page, one: Round, instrument: Instrument, names: Mapping[str, str]) -> None:
    with parts.card("paper_type"):
        team_id = _which_team(one, names)
        sheets: dict[str, Sheet] = st.session_state.setdefault(SHEETS, {})
        name = f"{one.round_id}.{team_id}"
        sheet = sheets.setdefault(name, Sheet(name))
        lines = _lines(sheet, instrument)
        with st.container(horizontal=True):
            send = st.button(_store(len(lines)), type="primary", key="paper.send")
            if st.button(_("More lines"), key="paper.more", type="tertiary", icon=":material/add:"):
                sheet.n_lines += N_LINES
                st.rerun()
        if send and lines:
            _enter(page, one, team_id, sheet, lines)
        if sheet.said and not lines:
            st.success(plain(sheet.said))
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


def _lines(sheet: Sheet, instrument: Instrument) -> dict[int, Line]:
    """The lines in which something stands, by their number; beneath each what was read in it."""
    found: dict[int, Line] = {}
    for n in range(1, sheet.n_lines + 1):
        # Text of one's own stays through an error, another language and a look at another page.
        with st.container(horizontal=True, vertical_alignment="bottom", key=f"paper_line_{n}"):
            typed = st.text_input(
                _("Form {n}").format(n=n),
                key=f"{sheet.key}.{n}",
                max_chars=200,
                autocomplete="off",
                persist_state="session",
                width=420,
            )
            if typed and typed.strip():
                found[n] = read(typed, instrument)
                _tell(found[n])
    return found


def _tell(line: Line) -> None:
    tone = "qc-quiet" if line.answers is not None else "qc-late-text"
    st.html(f'<p class="qc-read {tone}">{safe(line.says)}</p>')


def read(typed: str, instrument: Instrument) -> Line:
    """Read a line: one sign per statement, spaces where one likes; values of two digits have a space between them."""
    keys = list(paper_form.numbered(instrument))
    signs = typed.split() if instrument.maximum > ONE_SIGN else [*"".join(typed.split())]
    if len(signs) != len(keys):
        says = _("{n} of {all}. Type a - where nothing is crossed.").format(n=len(signs), all=len(keys))
        return Line(None, says)
    values = {str(value): value for value in instrument.labels}
    wrong = [n for n, sign in enumerate(signs, 1) if sign not in values and sign.lower() not in NOTHING]
    if wrong:
        return Line(None, _wrong(wrong, [signs[n - 1] for n in wrong], instrument))
    answers = {key: values[sign] for key, sign in zip(keys, signs, strict=True) if sign in values}
    return Line(answers, _by_part(signs, instrument))


def _wrong(places: Sequence[int], signs: Sequence[str], instrument: Instrument) -> str:
    found = [
        _("statement {n} “{sign}”").format(n=place, sign=sign)
        for place, sign in zip(places, signs, strict=True)
    ]
    return _("There is no such box: {list}. The boxes are {first} to {last}.").format(
        list=i18n.join(found), first=instrument.minimum, last=instrument.maximum
    )


def _by_part(signs: Sequence[str], instrument: Instrument) -> str:
    """What was read, part by part as on the form, to compare."""
    rest = iter(signs)
    return " · ".join(" ".join(next(rest) for _key in scale.items) for scale in instrument.scales)


def _store(n: int) -> str:
    if not n:
        return _("Save")
    return ngettext("Save {n} form", "Save {n} forms", n).format(n=n)


def _enter(page: Page, one: Round, team_id: str, sheet: Sheet, lines: Mapping[int, Line]) -> None:
    wrong = [str(n) for n, line in lines.items() if line.answers is None]
    if wrong:
        text = ngettext(
            "Form {list} cannot be stored yet: look below its line. Nothing was stored, and nothing is lost.",
            "Forms {list} cannot be stored yet: look below their lines. Nothing was stored, and nothing is lost.",
            len(wrong),
        )
        st.error(plain(text.format(list=i18n.join(wrong))))
        return
    filled_in = [line.answers for line in lines.values() if line.answers is not None]
    key = sheet.key
    if failure.attempt(lambda: _enter_once(page, one, team_id, sheet, filled_in)):
        # Nothing of an answer stays behind in the session.
        forms.forget(key)
        st.rerun()


def _enter_once(
    page: Page, one: Round, team_id: str, sheet: Sheet, filled_in: Sequence[Mapping[str, int]]
) -> bool:
    said = ngettext(
        "{n} form is stored, among the other answers.",
        "{n} forms are stored, among the other answers.",
        len(filled_in),
    )
    rounds.enter_paper(page.store, page.actor, one.round_id, team_id, filled_in)
    # Before another word to the session: there a second click would end this run, and find the lines again.
    sheet.begin_again(said.format(n=len(filled_in)))
    return True


def _statements(page: Page, instrument: Instrument) -> None:
    labels = {value: text[page.language] for value, text in instrument.labels.items()}
    parts.note(" · ".join(f"{value} = {label}" for value, label in labels.items()))
    numbers = paper_form.numbered(instrument)
    parts.table(
        pd.DataFrame(
            [(number, instrument.item(key).text[page.language]) for key, number in numbers.items()],
            columns=[_("Number"), _("Statement")],
        )
    )
