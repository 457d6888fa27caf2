"""Filling in a questionnaire with a code: on the school's computer, or on any screen that shows this page."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.errors import CodeRefused, QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Actor, Instrument, Item, Role, Round
from qualitycycle.ui import failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

# What this page remembers begins with this, so that all of it can be forgotten at once.
OWN = "answer."
CODE, SENT, WARNED = f"{OWN}code", f"{OWN}sent", f"{OWN}warned"
# A respondent is nobody in particular, whoever is signed in at this screen.
RESPONDENT = Actor(Role.RESPONDENT)
NO_ANSWER = 0


def show(page: Page) -> None:
    """Ask the code, then the statements, then say thank you."""
    if SENT in st.session_state:
        _thank_you()
        return
    if CODE not in st.session_state:
        _ask_code(page)
        return
    try:
        one = rounds.look_up(page.store, st.session_state[CODE])
    except CodeRefused as error:
        # Closed or spent while it was being filled in.
        _forget()
        failure.tell(error)
        _ask_code(page)
        return
    _questionnaire(page, one)


# --- the code --------------------------------------------------------------------------------------------


def _ask_code(page: Page) -> None:
    given = str(st.query_params.get("code", ""))
    st.session_state.setdefault(f"{OWN}typed", given)
    with st.container(key="answer_code", width=460), st.form("answer_code_form", border=False):
        typed = st.text_input(
            _("Your code"),
            key=f"{OWN}typed",
            max_chars=40,
            autocomplete="off",
            help=_(
                "Eight letters and digits, on the slip you were given. Capitals and spaces do not matter."
            ),
        )
        sent = st.form_submit_button(_("Begin"), type="primary", key=f"{OWN}begin")
    if not sent and not (given and typed == given):
        return
    try:
        rounds.look_up(page.store, typed or "")
    except QualityCycleError as error:
        failure.tell(error)
        return
    st.session_state[CODE] = typed
    st.query_params.clear()
    st.rerun()


# --- the statements --------------------------------------------------------------------------------------


def _questionnaire(page: Page, one: Round) -> None:
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    with st.container(key="answer_sheet"):
        parts.heading(one.title)
        parts.note(page.staff.school.name)
        with parts.card("promise"):
            st.markdown("\n".join(f"- {plain(line)}" for line in promise.sentences(one.promise)))
        language = promise.spoken(one.promise, instrument, page.language)
        if language != page.language:
            parts.note(only_in(language))
        st.write(plain(instrument.intro[language]))
        chosen = statements(instrument, language)
        skipped = [number for number, key in enumerate(chosen, 1) if chosen[key] is None]
        if st.session_state.get(WARNED) and skipped:
            st.warning(plain(_skipped(skipped)))
        if st.button(_("Send my answers"), type="primary", key=f"{OWN}send"):
            _send(page, chosen, skipped)


def only_in(language: str) -> str:
    """Said when a questionnaire is read in a language that it does not have."""
    return {
        "nl": _("This questionnaire is in Dutch only."),
        "en": _("This questionnaire is in English only."),
    }[language]


def statements(instrument: Instrument, language: str, *, own: str = OWN) -> dict[str, int | None]:
    """Every statement with its choices, remembered under names that begin with `own`; None: nothing chosen yet."""
    chosen: dict[str, int | None] = {}
    numbers = {item.key: number for number, item in enumerate(instrument.items, 1)}
    for scale in instrument.scales:
        parts.heading(scale.title[language])
        for key in scale.items:
            item = instrument.item(key)
            chosen[key] = _statement(instrument, item, numbers[key], language, own)
    return {item.key: chosen[item.key] for item in instrument.items}


def _statement(instrument: Instrument, item: Item, number: int, language: str, own: str) -> int | None:
    labels = {value: text[language] for value, text in instrument.labels.items()}
    labels[NO_ANSWER] = instrument.no_answer[language]
    # No form and no rerun per click: a choice travels with the next click, so that the language can be
    # switched half-way; in a form Streamlit would lose what was chosen under its old label.
    return st.radio(
        f"{number}\\. {plain(item.text[language])}",
        list(labels),
        index=None,
        format_func=lambda value: plain(labels[value]),
        key=f"{own}item.{item.key}",
        on_change="ignore",
    )


def _skipped(numbers: list[int]) -> str:
    return ngettext(
        "You have not chosen anything at statement {list}. Choose there, or send once more to leave it open.",
        "You have not chosen anything at statements {list}. Choose there, or send once more to leave them open.",
        len(numbers),
    ).format(list=i18n.join([str(number) for number in numbers]))


def _send(page: Page, chosen: Mapping[str, int | None], skipped: list[int]) -> None:
    if len(skipped) == len(chosen):
        st.warning(plain(_("You have not chosen anything yet. Your code stays valid until you send.")))
        return
    if skipped and not st.session_state.get(WARNED):
        st.session_state[WARNED] = True
        st.rerun()
    answers = {key: value for key, value in chosen.items() if value is not None and value != NO_ANSWER}
    try:
        rounds.answer(page.store, RESPONDENT, st.session_state[CODE], answers)
    except CodeRefused as error:
        _forget()
        if error.reason != "spent":
            failure.tell(error)
            return
        # A second click on the same button: the first one has stored the answers.
    except QualityCycleError as error:
        failure.tell(error)
        return
    _forget()
    st.session_state[SENT] = True
    st.rerun()


def _thank_you() -> None:
    with st.container(border=True, key="answer_thanks"):
        st.success(plain(_("Thank you. Your answers are stored and your code is used up.")))
        st.write(plain(_("You see the results together with the team, when the round is closed.")))
        if st.button(_("Another code on this computer"), key=f"{OWN}again"):
            _forget()
            st.rerun()


def _forget() -> None:
    """Nothing of an answer or a code stays behind in the session."""
    for name in [name for name in st.session_state if str(name).startswith(OWN)]:
        del st.session_state[name]
