"""Schools beside each other on screen, their files read in and taken out, and the joint signal on one page."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.cycle import network, network_received
from qualitycycle.cycle.network_figures import Measure
from qualitycycle.cycle.network_file import MOST_BYTES, NetworkFile, Period
from qualitycycle.cycle.network_words import PARTS, PUPILS
from qualitycycle.errors import NetworkFileRefused, QualityCycleError
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.reports import joint_signal
from qualitycycle.ui import failure, figures, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

HALVES = {1: N_("{year}, August to January"), 2: N_("{year}, February to July")}
UPLOADS, REFUSED = "network.uploads", "network.refused"
LONGEST_WORDS = 600


def period_title(period: Period) -> str:
    return _(HALVES[period.half]).format(year=period.school_year)


# --- beside each other -----------------------------------------------------------------------------------


def show(page: Page) -> None:
    """The own school and others about the same half-year."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        period = _pick_period(page)
        files = network_received.beside(page.store, page.actor, period) if period else []
        measure = _pick_measure() if files else Measure.HELP
    if not files:
        parts.empty(
            _(
                "There is no file here yet. Read in files that other schools gave you, or put the figures of your own "
                "school down under “Our file”."
            )
        )
        _receive(page)
        return
    if not any(one.measure is measure and one.shown for file in files for one in file.figures):
        parts.empty(_("None of these schools tells anything here."))
    elif measure in (Measure.LEARNING, Measure.HELP):
        figures.chart(charts.network_themes(files, measure, theme=page.theme), key=f"network_{measure}")
    else:
        figures.chart(charts.network_strips(files, measure, theme=page.theme), key=f"network_{measure}")
    parts.note(_("Your own school first, the others by name. This order is no ranking."))
    _schools(files)
    _receive(page)
    _kept(page)


def _pick_period(page: Page) -> Period | None:
    offered = network_received.told_periods(page.store, page.actor)
    if not offered:
        return None
    chosen = st.selectbox(_("Half-year"), offered, format_func=period_title, key="network.beside", width=280)
    return chosen or offered[0]


def _pick_measure() -> Measure:
    chosen = st.segmented_control(
        _("What"),
        list(Measure),
        format_func=lambda one: _(PARTS[one]),
        default=Measure.HELP,
        required=True,
        key="network.measure",
        label_visibility="collapsed",
    )
    return chosen or Measure.HELP


def _schools(files: Sequence[NetworkFile]) -> None:
    with st.expander(_("Who is here ({n})").format(n=len(files)), key="network.schools"):
        parts.lines(
            (
                name,
                _(PUPILS[file.pupils]) if file.pupils else _("size not told"),
                _("put down {day}").format(day=i18n.short_day(file.made_on)),
            )
            for name, file in zip(charts.school_names(files), files, strict=True)
        )
        for name, file in zip(charts.school_names(files), files, strict=True):
            for ask in file.asks:
                parts.text_block(f"{name}: “{ask}”")


def _receive(page: Page) -> None:
    for error in st.session_state.pop(REFUSED, ()):
        failure.tell(error)
    with st.expander(_("Read in files of other schools"), key="network.receive"):
        number = st.session_state.setdefault(UPLOADS, 0)
        files = st.file_uploader(
            _("Files that other schools gave you"),
            type=["json"],
            accept_multiple_files=True,
            key=f"network.upload.{number}",
            help=_("A file holds totals of one half-year. It is looked through before it is kept."),
        )
        if not files:
            return
        n = 0
        refused: list[QualityCycleError] = []
        for file in files:
            try:
                if file.size > MOST_BYTES:
                    raise NetworkFileRefused(file.name, "too_large")
                network_received.receive(page.store, page.actor, file.getvalue(), file.name)
                n += 1
            except QualityCycleError as error:
                refused.append(error)
        if n:
            said = ngettext("{n} file is here now.", "{n} files are here now.", n)
            st.session_state["flash"] = said.format(n=n)
        # A new field: what was kept must not be read in again at the next click.
        st.session_state[UPLOADS] += 1
        st.session_state[REFUSED] = refused
        st.rerun()


def _kept(page: Page) -> None:
    kept = network_received.received(page.store, page.actor)
    if not kept:
        return
    with st.expander(_("Files of other schools ({n})").format(n=len(kept)), key="network.kept"):
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center"):
                with st.container():
                    when = _("received {day}").format(day=i18n.short_day(one.received_on))
                    parts.lines([(one.file.label, period_title(one.file.period), when)])
                if st.button(_("Remove"), key=f"network.remove.{one.id}", type="tertiary") and failure.worked(
                    lambda one=one: network_received.remove(page.store, page.actor, one.id),  # type: ignore[misc]
                    done=_("Removed."),
                ):
                    st.rerun()


# --- the joint signal ------------------------------------------------------------------------------------


def signal(page: Page) -> None:
    """What the schools see together, on one page for the partnership."""
    period = _pick_period(page)
    files = network_received.beside(page.store, page.actor, period) if period else []
    if period is None or len(files) < joint_signal.LEAST_SCHOOLS:
        parts.empty(
            _(
                "A joint signal is of at least {n} schools about the same half-year. Read in their files under "
                "“Schools beside each other” first."
            ).format(n=joint_signal.LEAST_SCHOOLS)
        )
        return
    left, right = st.columns([1, 1.1], gap="large")
    with left:
        sheet = _sheet(page, period, files)
        if sheet is not None:
            language = page.language
            st.download_button(
                _("Save the joint signal (PDF)"),
                lambda: _pdf(sheet, language),
                file_name=f"{_('joint-signal')}-{period.school_year}-{period.half}.pdf",
                mime="application/pdf",
                icon=":material/picture_as_pdf:",
                type="primary",
                key="network.signal.save",
                on_click="ignore",
            )
    if sheet is not None:
        with right:
            picture = joint_signal.first_page(sheet)
            st.image(picture, caption=plain(_("The page as it is printed")), width="stretch")


def _sheet(page: Page, period: Period, files: Sequence[NetworkFile]) -> joint_signal.Sheet | None:
    """Who signs and what is said together; None as long as it cannot leave."""
    names = charts.school_names(files)
    everybody = list(range(len(files)))
    chosen = st.multiselect(
        _("Which schools sign it?"), everybody, everybody, lambda n: names[n], key=f"network.sign.{period}"
    )
    typed = st.text_area(
        _("What you say together to the partnership, in your own words. No names of people."),
        key="network.words",
        max_chars=LONGEST_WORDS,
        height=140,
        persist_state="session",
    )
    words = (typed or "").strip()
    if len(chosen) < joint_signal.LEAST_SCHOOLS:
        parts.note(_("Choose at least {n} schools.").format(n=joint_signal.LEAST_SCHOOLS))
        return None
    found, maybe = network.doubtful(page.store, words)
    if found:
        said = _("Names and numbers of people do not go into the signal: {names}. Write it without them.")
        st.warning(plain(said.format(names=i18n.join(list(found)))), icon=":material/visibility_off:")
        return None
    if maybe:
        none = _("These are no names of people: {names}").format(names=i18n.join(list(maybe)))
        if not st.checkbox(plain(none), key="network.signal.sure"):
            return None
    return joint_signal.Sheet(period_title(period), tuple(files[n] for n in sorted(chosen)), words)


def _pdf(sheet: joint_signal.Sheet, language: str) -> bytes:
    with i18n.speaking(language):
        return joint_signal.pdf(sheet)
