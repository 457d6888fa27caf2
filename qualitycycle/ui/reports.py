"""The parts of the page with reports: which one, about what, in which language, and the file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import plan, reports
from qualitycycle.cycle.reports import Kind
from qualitycycle.i18n import N_, _
from qualitycycle.model import Actor, Meeting
from qualitycycle.reports import kinds, making, pdf
from qualitycycle.reports.kinds import Format
from qualitycycle.reports.making import Wanted
from qualitycycle.store.connect import Store
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.page import Page, cycle_title
from qualitycycle.ui.text import plain

# Who reads these can be asked for something.
ASKS = (Kind.MR, Kind.BOARD)
FORMATS = {
    Format.PDF: (N_("PDF"), ":material/picture_as_pdf:"),
    Format.WORD: (N_("Word"), ":material/description:"),
    Format.SHEETS: (N_("Excel"), ":material/table:"),
}
LONGEST_REQUEST = 2000
# What of a cycle a report is about, and which report that is.
PARTS = {"goal": Kind.GOAL, "meeting": Kind.MINUTES}
LOOKED = "reports.looked"


def columns() -> Sequence[Any]:
    return st.columns([1, 1.1], gap="large")


# --- choosing --------------------------------------------------------------------------------------------


def pick_kind(page: Page) -> Kind:
    """Which report, each with a line that says for whom it is."""
    offered = reports.kinds_for(page.actor)
    words = {kind: kinds.DESCRIPTIONS[kind] for kind in offered}
    chosen = st.radio(
        _("Which report?"),
        offered,
        index=_asked_place("kind", [str(kind) for kind in offered]),
        format_func=lambda kind: _(words[kind].title) if kind in words else "",
        captions=[plain(_(words[kind].audience)) for kind in offered],
        key="reports.kind",
    )
    kind = chosen if chosen in words else offered[0]
    _remember(kind=str(kind))
    return kind


def pick_details(page: Page, kind: Kind) -> Wanted | None:
    """The cycle, the goal or meeting where it is about one, and the language; None when there is nothing to tell of."""
    parts.heading(_(kinds.DESCRIPTIONS[kind].title))
    cycles = {one.cycle_id: cycle_title(one) for one in plan.visible_cycles(page.store, page.actor)}
    if not cycles:
        return None
    with st.container(horizontal=True, key="reports_details"):
        cycle_id = _choose("cycle", _("Quality cycle"), cycles, 220)
        names = {"nl": _("Dutch"), "en": _("English")}
        language = _choose("language", _("Language of the report"), names, 180, page.language)
    goal = meeting = None
    _forget(*(name for name, about in PARTS.items() if about is not kind))
    if kind is Kind.GOAL:
        wanted = Wanted(kind, language, cycle_id)
        goals = making.goals_to_choose(page.store, page.actor, wanted)
        goal = _choose("goal", _("Goal"), goals, 520, of=cycle_id) if goals else None
    if kind is Kind.MINUTES:
        held = making.meetings_to_choose(page.store, page.actor, cycle_id)
        if not held:
            return None
        meeting = _choose("meeting", _("Meeting"), _meeting_names(page, held), 380, of=cycle_id)
    return Wanted(kind, language, cycle_id, goal, meeting, _request(kind))


def _meeting_names(page: Page, held: Sequence[Meeting]) -> dict[str, str]:
    return {
        one.meeting_id: f"{i18n.day(one.held_on)} · {page.staff.team_name(one.team_id) or _('the whole school')}"
        for one in held
    }


def _request(kind: Kind) -> str:
    """What the school asks of its reader, in its own words."""
    if kind not in ASKS:
        return ""
    typed = st.text_area(
        _("What do you ask of them? (may stay empty)"),
        key=f"reports.asked.{kind}",
        max_chars=LONGEST_REQUEST,
        height=80,
        persist_state="session",
        help=_("No names of pupils or colleagues."),
    )
    return typed or ""


def _choose(
    name: str, label: str, options: Mapping[str, str], width: int, usual: str = "", *, of: str = ""
) -> str:
    """A choice that stands in the address, so that a reload and a link keep it."""
    keys = list(options)
    labels = forms.distinct(dict(options))
    chosen = st.selectbox(
        label,
        keys,
        index=_asked_place(name, keys, usual),
        format_func=lambda key: labels.get(key, ""),
        # One key per list: another cycle has other goals.
        key=f"reports.{name}.{of}",
        width=width,
    )
    picked = chosen if chosen in options else keys[0]
    _remember(**{name: picked})
    return picked


def _asked_place(name: str, keys: Sequence[str], usual: str = "") -> int:
    asked = st.query_params.get(name, usual)
    return keys.index(asked) if asked in keys else 0


def _remember(**chosen: str) -> None:
    for name, value in chosen.items():
        if st.query_params.get(name) != value:
            st.query_params[name] = value


def _forget(*names: str) -> None:
    for name in names:
        if name in st.query_params:
            del st.query_params[name]


def nothing_to_tell(page: Page, kind: Kind) -> None:
    """Why there is no file to make, and what changes that."""
    if kind is Kind.MINUTES and plan.visible_cycles(page.store, page.actor):
        parts.empty(_("No meeting has been held in this quality cycle, so there are no minutes."))
    else:
        parts.empty(_("No quality cycle has been closed yet. Reports appear here when one is."))


# --- the file --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Maker:
    """Makes the file when it is asked for: not before, and with the rights of who asked."""

    store: Store
    actor: Actor
    wanted: Wanted

    def __call__(self, drawn: Format) -> bytes:
        return making.make(self.store, self.actor, self.wanted, drawn).content


def save(page: Page, wanted: Wanted) -> None:
    """One click: the file is made and saved."""
    maker = _Maker(page.store, page.actor, wanted)
    with st.container(horizontal=True, key="reports_save"):
        for drawn, (label, icon) in FORMATS.items():
            make: Callable[[], bytes] = partial(maker, drawn)
            st.download_button(
                _(label),
                make,
                file_name=making.file_name(page.store, page.actor, wanted, drawn),
                mime=kinds.MIME[drawn],
                icon=icon,
                type="primary" if drawn is Format.PDF else "secondary",
                key=f"reports.save.{drawn}",
                on_click="ignore",
            )
    parts.note(
        _(
            "PDF to read and print, Word to write on in, Excel with the figures. Small groups stay hidden in all three."
        )
    )


def look(page: Page, wanted: Wanted) -> None:
    """The first page as a picture, when somebody wants to look before saving."""
    asked = (page.store.version, wanted)
    if st.button(_("Look at the first page"), key="reports.look", icon=":material/visibility:"):
        with st.spinner(_("The page is being drawn …")):
            drawn = failure.attempt(lambda: _first_page(page, wanted))
        st.session_state[LOOKED] = (asked, drawn)
    kept, picture = st.session_state.get(LOOKED, (None, None))
    if kept == asked and picture is not None:
        st.image(picture, caption=plain(_("Page one of the PDF")), width=520)


def _first_page(page: Page, wanted: Wanted) -> bytes:
    report = making.content(page.store, page.actor, wanted)
    with i18n.speaking(report.language):
        return pdf.first_page(report)
