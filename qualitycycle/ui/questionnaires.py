"""The school's questionnaires: which there are, and adding one: a file is checked, shown as it will be, then saved."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby
from typing import Literal

import pandas as pd
import streamlit as st

from qualitycycle import i18n, instruments
from qualitycycle.cycle import instrument_words, questionnaires
from qualitycycle.cycle.questionnaires import Checked
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.instruments.checking import LARGEST
from qualitycycle.model import Instrument, InstrumentFile
from qualitycycle.ui import answer, failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

FILE = "questionnaires.file"
ROUND = "questionnaires.round"
PREVIEW = "questionnaires.preview."
LANGUAGES = {"nl": N_("Dutch"), "en": N_("English")}
# More statements than this scroll in a place of their own.
N_AT_ONCE = 5


# --- which there are -------------------------------------------------------------------------------------


def show_all(page: Page) -> None:
    """The questionnaires of the program and those of the school, each with its versions."""
    for one in instruments.all_instruments():
        with parts.card(f"questionnaire_{one.key}"):
            _head(one, page.language, parts.badge(_("Of this program")))
            _look(page, one)
    for _key, files in groupby(questionnaires.own_files(page.store), key=lambda one: one.key):
        _own(page, list(files))


def _own(page: Page, files: list[InstrumentFile]) -> None:
    newest = questionnaires.read(files[-1])
    aside = all(one.archived for one in files)
    with parts.card(f"questionnaire_{newest.key}"):
        badge = parts.badge(_("Archived")) if aside else parts.badge(_("Of our school"), "good")
        _head(newest, page.language, badge)
        with st.container(horizontal=True, vertical_alignment="center"):
            for one in reversed(files):
                _look(page, questionnaires.read(one), many=len(files) > 1)
            st.download_button(
                _("Save the file"),
                files[-1].text.encode(),
                file_name=f"{newest.key}-{newest.version}.toml",
                mime="application/toml",
                key=f"questionnaires.save.{newest.key}",
                on_click="ignore",
                type="tertiary",
            )
            _aside(page, newest.key, aside=aside)


def _aside(page: Page, key: str, *, aside: bool) -> None:
    if aside:
        if st.button(_("Bring back"), key=f"questionnaires.restore.{key}", type="tertiary"):
            failure.attempt(
                lambda: questionnaires.bring_back(page.store, page.actor, key), done=_("It is back.")
            )
            st.rerun()
    elif st.button(
        _("Archive"), key=f"questionnaires.archive.{key}", type="tertiary", icon=":material/archive:"
    ):
        done = _("Archived. No new rounds with it; rounds that were held stay readable.")
        failure.attempt(lambda: questionnaires.put_aside(page.store, page.actor, key), done=done)
        st.rerun()


def _head(one: Instrument, language: str, badge: str) -> None:
    statements = ngettext("{n} statement", "{n} statements", len(one.items)).format(n=len(one.items))
    scales = ngettext("{n} scale", "{n} scales", len(one.scales)).format(n=len(one.scales))
    version = _("version {n}").format(n=one.version)
    languages = i18n.join([_(LANGUAGES[key]) for key in one.languages])
    st.html(
        f'<div class="qc-goal">{safe(one.title[language])} {badge}</div>'
        f'<div class="qc-quiet">{safe(" · ".join((version, statements, scales, languages)))}</div>'
    )


def _look(page: Page, one: Instrument, *, many: bool = False) -> None:
    label = _("Look at version {n}").format(n=one.version) if many else _("Look at it")
    with st.popover(label, key=f"questionnaires.look.{one.key}.{one.version}", type="tertiary"):
        _scoring(one, page.language)


# --- adding one ------------------------------------------------------------------------------------------


def upload(page: Page) -> Checked | None:
    """Ask for a file; what was found in it, or None."""
    parts.heading(_("Add a questionnaire"))
    parts.note(
        _(
            "Your own, or a published one that you may use: write in the file who permits it. "
            "Begin from the example, change it in any text editor, and choose it here. Nothing is stored "
            "before you have seen it."
        )
    )
    number = st.session_state.setdefault(ROUND, 0)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.download_button(
            _("Save the example file"),
            _example(page.language).encode(),
            file_name=_("questionnaire") + ".toml",
            mime="application/toml",
            key="questionnaires.example",
            on_click="ignore",
            icon=":material/download:",
        )
    file = st.file_uploader(
        _("A questionnaire file (TOML)"),
        type=["toml", "txt"],
        key=f"questionnaires.upload.{number}",
        max_upload_size=1,
        help=_("At most {n} kB. Both languages, or one of them.").format(n=LARGEST // 1000),
    )
    if file is None:
        return None
    return failure.attempt(lambda: questionnaires.check(page.store, page.actor, file.getvalue()))


def _example(language: str) -> str:
    """Our own weekly poll under a key of the school's own, with the line that a school adds."""
    permission = _("Our own wording; written by the team of our school.")
    text = instruments.example().replace('key = "weekpeiling"', 'key = "our_school_poll"', 1)
    return text.replace("licence =", f'permission = "{permission}"\nlicence =', 1)


def show_checked(page: Page, checked: Checked) -> None:
    """Every fault in one table; or the questionnaire as it will be asked and scored, and saving it."""
    if checked.instrument is None:
        _faults(checked)
        return
    if checked.same:
        st.info(
            plain(
                _(
                    "This file says the same as version {n}, which is there already. Nothing needs to be done."
                ).format(n=checked.before.version if checked.before else 1)
            )
        )
        return
    if checked.before is not None:
        _next_version(checked.instrument, checked)
    left, right = st.columns([1, 1.2], gap="large")
    with left:
        parts.heading(_("As your colleagues will see it"))
        _as_asked(checked.instrument, page.language)
    with right:
        parts.heading(_("How it will be scored"))
        _scoring(checked.instrument, page.language)
    _save(page, checked)


def _faults(checked: Checked) -> None:
    n = len(checked.faults)
    said = ngettext(
        "{n} thing in this file has to be put right. Nothing was stored.",
        "{n} things in this file have to be put right. Nothing was stored.",
        n,
    ).format(n=i18n.number(n))
    st.error(plain(said))
    rows = [
        (fault.place or _("the whole file"), instrument_words.what(fault), instrument_words.what_next(fault))
        for fault in checked.faults
    ]
    parts.table(pd.DataFrame(rows, columns=[_("Place"), _("What is wrong"), _("What to do")]))


def _next_version(one: Instrument, checked: Checked) -> None:
    st.warning(
        plain(
            _(
                "This becomes version {n}. Rounds that were held keep their version, and a line over rounds "
                "breaks where the version changes: what was asked differently cannot be compared."
            ).format(n=one.version)
        ),
        icon=":material/call_split:",
    )
    with st.expander(_("What is different from version {n}").format(n=one.version - 1), expanded=True):
        st.code("\n".join(checked.changes), language="diff", wrap_lines=True)


def _as_asked(one: Instrument, language: str) -> None:
    spoken = one.spoken(language)
    if spoken != language:
        parts.note(answer.only_in(spoken))
    height: int | Literal["content"] = 620 if len(one.items) > N_AT_ONCE else "content"
    with st.container(border=True, key="questionnaire_preview", height=height):
        parts.heading(one.title[spoken])
        st.write(plain(one.intro[spoken]))
        answer.statements(one, spoken, own=PREVIEW)


def _scoring(one: Instrument, language: str) -> None:
    low, high = (f"{value} ({one.labels[value][language]})" for value in (one.minimum, one.maximum))
    share = Fraction(one.min_answered)
    parts.facts(
        [
            (_("Answers"), _("{low} to {high}").format(low=low, high=high)),
            (
                _("A scale counts"),
                _("when at least {part} of its statements is answered").format(
                    part=f"{share.numerator}/{share.denominator}" if share < 1 else _("all")
                ),
            ),
            (_("Validated"), _("Yes") if one.validated else _("No")),
            (_("Source"), one.source[language]),
            (_("Licence"), one.licence),
            (_("Permission"), one.permission),
        ]
    )
    for scale in one.scales:
        group = one.groups[scale.group][language] if scale.group else ""
        st.html(
            f'<div class="qc-goal">{safe(scale.title[language])}</div><div class="qc-quiet">{safe(group)}</div>'
        )
        st.markdown("\n".join(f"- {_statement(one, key, language)}" for key in scale.items))


def _statement(one: Instrument, key: str, language: str) -> str:
    item = one.item(key)
    text = plain(item.text[language])
    if not item.reversed:
        return text
    turned = _("turned around: “{label}” counts as {value}").format(
        label=one.labels[one.maximum][language], value=one.minimum
    )
    return f"{text} *({plain(turned)})*"


def _save(page: Page, checked: Checked) -> None:
    with st.container(horizontal=True):
        sent = st.button(_("Save this questionnaire"), type="primary", key="questionnaires.store")
        if st.button(_("Cancel"), key="questionnaires.cancel", type="tertiary"):
            _next_file()
            st.rerun()
    if not sent:
        return
    done = _("Saved. It can be chosen when you open a round.")
    stored = failure.attempt(
        lambda: questionnaires.add(page.store, page.actor, checked.text.encode()), done=done
    )
    if stored is not None:
        _next_file()
        st.rerun()


def _next_file() -> None:
    st.session_state[ROUND] += 1
