"""The page of the network: its parts, and the file that this school brings."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.cycle import network, network_file
from qualitycycle.cycle.network import Given
from qualitycycle.cycle.network_figures import Measure
from qualitycycle.cycle.network_file import NetworkFile, Period
from qualitycycle.cycle.network_words import PARTS, PUPILS, THEMES
from qualitycycle.i18n import N_, _
from qualitycycle.ui import failure, forms, network_beside, network_help, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

ROOMS = {
    "beside": N_("Schools beside each other"),
    "own": N_("Our file"),
    "help": N_("Requests for help"),
    "signal": N_("Joint signal"),
}
MIME = "application/json"


def show(page: Page) -> None:
    """One part of the page."""
    chosen = parts.pick_part(ROOMS, key="network.part", start="beside")
    if chosen == "own":
        _own(page)
    elif chosen == "help":
        network_help.show(page)
    elif chosen == "signal":
        network_beside.signal(page)
    else:
        network_beside.show(page)


# --- our file --------------------------------------------------------------------------------------------


def _own(page: Page) -> None:
    period = _pick_period()
    file = network.own(page.store, page.actor, period)
    if file is None:
        _first(page, period)
        return
    left, right = st.columns([1.1, 1], gap="medium")
    with left:
        parts.heading(_("What is in it"))
        _figures(file)
    with right:
        parts.heading(_("Give it to the network"))
        _download(page, file)
        if network.decides(page.store, page.actor):
            with st.expander(_("What goes in"), key="network.change"):
                _form(page, period, _given(page, period), first=False)
            _anew(page, period)
    if network.decides(page.store, page.actor):
        _themes(page)


def _pick_period() -> Period:
    offered = network.periods()
    chosen = st.selectbox(
        _("Half-year"),
        offered,
        format_func=network_beside.period_title,
        key="network.period",
        width=280,
    )
    return chosen or offered[0]


def _first(page: Page, period: Period) -> None:
    parts.note(
        _(
            "Figures of a half-year are put down once, when it is over. Fewer than five requests or colleagues are "
            "never shown, and what left once does not change by fewer than five: so nobody can be worked out, also not "
            "by laying two files beside each other."
        )
    )
    if not network.decides(page.store, page.actor):
        parts.empty(_("The internal coach has not put the figures of this half-year down yet."))
        return
    _themes(page)
    parts.heading(_("Put the figures down"))
    with parts.card("network"):
        _form(page, period, Given(page.staff.school.name), first=True)


def _given(page: Page, period: Period) -> Given:
    return network.given(page.store, page.actor, period) or Given(page.staff.school.name)


def _form(page: Page, period: Period, given: Given, *, first: bool) -> None:
    key = f"network.given.{period.school_year}.{period.half}"
    fields = [
        Field(
            "label",
            _("Our school in the network"),
            help=_("The school's name, or another one that you choose."),
        ),
        Field("pupils", _("How many pupils?"), Kind.CHOICE, {step: _(text) for step, text in PUPILS.items()}),
        Field("parts", _("What goes in"), Kind.MANY, {part: _(text) for part, text in PARTS.items()}),
        Field(
            "asks",
            _("What do you ask of the partnership? One line each, three at most. No names."),
            Kind.LINES,
        ),
    ]
    start = {"label": given.label, "pupils": given.pupils, "parts": given.parts, "asks": given.asks}
    maybe = _maybe_names(page, key, given.asks)
    sure = bool(maybe) and st.checkbox(
        plain(_("These are no names of people: {names}").format(names=i18n.join(maybe))), key=f"{key}.sure"
    )
    submit = _("Put the figures down") if first else _("Save")
    typed = forms.form(key, fields, start, submit=submit, primary=first)
    if typed is None:
        return
    wanted = Given(**typed)
    verb = network.put_down if first else network.give
    done = _("The figures are put down.") if first else _("Saved.")
    if failure.worked(lambda: verb(page.store, page.actor, period, wanted, sure=sure), done=done):
        forms.forget(key)
        st.rerun()


def _maybe_names(page: Page, key: str, asks: Sequence[str]) -> list[str]:
    """Words of what is typed that may be names, to be said to be none."""
    typed = st.session_state.get(f"{key}.asks", "\n".join(asks))
    found = [word for line in str(typed).splitlines() for word in network.doubtful(page.store, line)[1]]
    return list(dict.fromkeys(found))


def _figures(file: NetworkFile) -> None:
    """All figures of a file that tell something, and how many stay hidden."""
    for measure in Measure:
        own = [one for one in file.figures if one.measure is measure]
        shown = [one for one in own if one.shown]
        st.markdown(f"**{plain(_(PARTS[measure]))}**")
        if shown:
            rows = [(charts.network_key(measure, one.key), charts.network_value(one)) for one in shown]
            parts.table(pd.DataFrame(rows, columns=[_("What"), _("How much")]))
        else:
            parts.note(charts.network_value(own[0]).capitalize())
    parts.note(_("What is not here is hidden: fewer than five, or it would follow from the rest."))


def _download(page: Page, file: NetworkFile) -> None:
    facts = [
        (_("School"), file.label),
        (_("Half-year"), network_beside.period_title(file.period)),
        (_("Put down on"), i18n.day(file.made_on)),
        (_("Version"), i18n.number(file.version)),
        (_("Pupils"), _(PUPILS[file.pupils]) if file.pupils else ""),
    ]
    parts.facts(facts)
    for ask in file.asks:
        parts.text_block(f"“{ask}”")
    period = file.period
    st.download_button(
        _("Save the file"),
        network_file.write(file),
        file_name=f"{_('network')}-{period.school_year}-{period.half}.json",
        mime=MIME,
        icon=":material/download:",
        type="primary",
        key="network.save",
        on_click="ignore",
    )
    parts.note(
        _(
            "Totals only, without a name. Another school reads it in on its own page IB network. You decide to whom it "
            "goes; what has been given cannot be called back."
        )
    )


def _anew(page: Page, period: Period) -> None:
    with st.expander(_("Corrected something since?"), key="network.anew"):
        parts.note(
            _(
                "Each figure changes only when at least five requests or colleagues went or came since it was put "
                "down. Otherwise it stays as it is."
            )
        )
        if st.button(_("Put the figures down anew"), key="network.anew.send"):
            given = _given(page, period)
            done = _("There is a newer version.")
            if failure.worked(
                lambda: network.put_down(page.store, page.actor, period, given, sure=True), done=done
            ):
                st.rerun()


# --- themes of learning questions ------------------------------------------------------------------------


def _themes(page: Page) -> None:
    found = network.questions(page.store, page.actor)
    if not found:
        return
    options: list[str | None] = [None, *THEMES]
    with st.expander(
        _("Themes of the learning questions I guide ({n})").format(n=len(found)), key="network.themes"
    ):
        parts.note(
            _(
                "Only questions with a theme count, each colleague once. The question itself stays where it is; nobody "
                "else sees which theme you gave to which question."
            )
        )
        typed: dict[str, str | None] = {}
        for one, theme in found:
            typed[one.id] = st.selectbox(
                plain(one.question),
                options,
                index=options.index(theme) if theme in options else 0,
                format_func=lambda key: _(THEMES[key]) if key else "–",
                key=f"network.theme.{one.id}",
                width=520,
            )
        changed = {one.id: typed[one.id] for one, theme in found if typed[one.id] != theme}
        if st.button(_("Save the themes"), key="network.themes.send") and changed:
            done = _("Saved.")
            if failure.worked(lambda: network.set_themes(page.store, page.actor, changed), done=done):
                st.rerun()
