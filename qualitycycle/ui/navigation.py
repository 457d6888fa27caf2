"""Which pages there are, which of them a role gets, and how to go from one to another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from urllib.parse import urlencode

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import access, school
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import N_, _
from qualitycycle.ui import session
from qualitycycle.ui.text import plain


@dataclass(frozen=True)
class Entry:
    """One page: its file, its name in the menu, the section it stands in, and the right it asks for."""

    file: str
    title: str
    section: str
    needs: Right
    hidden: bool = False

    @property
    def name(self) -> str:
        return Path(self.file).stem


PLAN, DO, STUDY, ACT, MANAGE = N_("Plan"), N_("Do"), N_("Study"), N_("Act"), N_("Manage")
START = "do/this_week.py"

ENTRIES = (
    Entry(START, N_("This week"), "", Right.SEE_THREAD),
    Entry("plan/vision.py", N_("Vision and ambitions"), PLAN, Right.SEE_THREAD),
    Entry("plan/goals.py", N_("Goals"), PLAN, Right.SEE_THREAD),
    Entry("plan/goal.py", N_("Goal"), PLAN, Right.SEE_THREAD, hidden=True),
    Entry("plan/thread.py", N_("The thread"), PLAN, Right.SEE_THREAD),
    Entry("plan/support_team.py", N_("Support team"), PLAN, Right.EDIT_OWN_ACTION),
    Entry("plan/agreements.py", N_("Policy and way of working"), PLAN, Right.SEE_THREAD),
    Entry("do/meeting.py", N_("Weekly meeting"), DO, Right.EDIT_OWN_ACTION),
    Entry("do/minutes.py", N_("Minutes"), DO, Right.SEE_THREAD),
    Entry("do/todo.py", N_("To do now"), DO, Right.EDIT_OWN_ACTION),
    Entry("do/actions.py", N_("Actions"), DO, Right.SEE_THREAD),
    Entry("do/action.py", N_("Action"), DO, Right.SEE_THREAD, hidden=True),
    Entry("do/guidance.py", N_("Guidance"), DO, Right.EDIT_OWN_ACTION),
    Entry("do/expertise.py", N_("Expertise in the team"), DO, Right.EDIT_OWN_ACTION),
    Entry("do/rounds.py", N_("Questionnaire rounds"), DO, Right.SEE_RESULTS),
    Entry("do/answer.py", N_("Fill in a questionnaire"), DO, Right.FILL_IN),
    Entry("study/results.py", N_("Collective efficacy"), STUDY, Right.SEE_RESULTS),
    Entry("study/outcomes.py", N_("Pupil outcomes"), STUDY, Right.SEE_OUTCOMES),
    Entry("study/wall.py", N_("Data wall"), STUDY, Right.SEE_OUTCOMES),
    Entry("study/network.py", N_("IB network"), STUDY, Right.GUIDE),
    Entry("study/evidence.py", N_("Evidence"), STUDY, Right.SEE_THREAD),
    Entry("study/matrix.py", N_("Actions and evidence"), STUDY, Right.SEE_THREAD),
    Entry("act/evaluate.py", N_("Evaluate"), ACT, Right.SEE_THREAD),
    Entry("act/successes.py", N_("Success wall"), ACT, Right.SEE_THREAD),
    Entry("act/everyones_part.py", N_("Everyone's part"), ACT, Right.EDIT_OWN_ACTION),
    Entry("act/cycles.py", N_("Quality cycles"), ACT, Right.SEE_THREAD),
    Entry("act/reports.py", N_("Reports"), ACT, Right.SEE_THREAD),
    Entry("manage/school.py", N_("School, teams and people"), MANAGE, Right.MANAGE),
    Entry("manage/questionnaires.py", N_("Questionnaires"), MANAGE, Right.OPEN_ROUND),
    Entry("manage/imports.py", N_("Read in results"), MANAGE, Right.IMPORT),
    Entry("manage/phones.py", N_("Phones"), MANAGE, Right.OPEN_ROUND),
    Entry("manage/safekeeping.py", N_("Backup and export"), MANAGE, Right.MANAGE),
    Entry("manage/changes.py", N_("Changes"), MANAGE, Right.MANAGE),
)
FIRST_START = Entry("manage/start.py", N_("Set up your school"), "", Right.MANAGE)


def run() -> None:
    """One run of the app: language, look, the pages of this role, and the page that was asked for."""
    from qualitycycle.config import app_folder

    i18n.use(session.language())
    st.set_page_config(page_title=_page_title(), page_icon=_static("favicon.png"), layout="wide")
    _style()
    found = school.find_school(session.store())
    entries = entries_for() if found else (FIRST_START,)
    pages = {entry: _page(app_folder() / "pages", entry) for entry in entries}
    st.session_state["_pages"] = {entry.name: page for entry, page in pages.items()}
    current = st.navigation(_sections(pages), position="top" if found else "hidden")
    current.run()


def entries_for() -> tuple[Entry, ...]:
    """The pages this role may open; the others do not exist for it."""
    actor = session.actor()
    return tuple(entry for entry in ENTRIES if access.may(actor, entry.needs))


def _page(folder: Path, entry: Entry) -> st.Page:
    return st.Page(
        folder / entry.file,
        title=_(entry.title),
        url_path="" if entry.file == START else entry.name,
        default=entry.file in (START, FIRST_START.file),
        visibility="hidden" if entry.hidden else "visible",
    )


def _sections(pages: Mapping[Entry, st.Page]) -> dict[str, list[st.Page]]:
    sections: dict[str, list[st.Page]] = {}
    for entry, page in pages.items():
        sections.setdefault(_(entry.section) if entry.section else "", []).append(page)
    return sections


# --- going from page to page -----------------------------------------------------------------------------


def is_registered(name: str) -> bool:
    return name in st.session_state.get("_pages", {})


def link(name: str, label: str, *, query: Mapping[str, str] | None = None) -> None:
    """A link to another page, when this role has that page."""
    if is_registered(name):
        st.page_link(st.session_state["_pages"][name], label=plain(label), query_params=dict(query or {}))


def go(name: str, **query: str) -> None:
    """Go to another page now."""
    if is_registered(name):
        st.switch_page(st.session_state["_pages"][name], query_params=query)


# --- the look --------------------------------------------------------------------------------------------


def _page_title() -> str:
    found = school.find_school(session.store())
    return f"qualitycycle · {found.name}" if found else "qualitycycle"


def _static(name: str) -> str:
    return str(resources.files("qualitycycle.ui").joinpath("static", name))


def _style() -> None:
    sheets = ["style.css", *(["dark.css"] if st.context.theme.type == "dark" else [])]
    folder = resources.files("qualitycycle.ui").joinpath("static")
    css = "".join(folder.joinpath(sheet).read_text(encoding="utf-8") for sheet in sheets)
    st.html(f"<style>{css}</style>")
    # The browser side reads which language the page speaks from this marker.
    # An empty container would not be drawn.
    st.container(key=f"lang-{i18n.language()}").html("<span hidden></span>")


def address(name: str, **query: str) -> str:
    """Where a page is, for a link in our own HTML; the language goes along, for such a link starts a new session."""
    return f"{name}?{urlencode({**query, 'lang': i18n.language()})}"
