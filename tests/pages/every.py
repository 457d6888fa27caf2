"""Every page as every role in both languages, with an empty school and with the example school."""

from __future__ import annotations

import html
import re
from datetime import date
from functools import cache
from pathlib import Path

import pandas as pd
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from qualitycycle import config, i18n
from qualitycycle.cycle import office, plan, school
from qualitycycle.cycle.access import MAY
from qualitycycle.model import Action, Actor, Evidence, Goal, Region, Role, School, Sector
from qualitycycle.store.connect import Store
from qualitycycle.ui import navigation

LEADER = Actor(Role.LEADER)
ROLES = (Role.LEADER, Role.COACH, Role.MEMBER, Role.READER)
SCRIPT = Path(navigation.__file__).with_name("script.py")
# Pages that show one thing take its id from the address.
ASKED = {"goal": Goal, "action": Action, "evidence": Evidence}


def new_school(store: Store, *, roles: bool = True) -> School:
    """A school that was just set up; with `roles` the session may look as any role, as in the example school."""
    today = config.today()
    made = school.set_up(
        store,
        LEADER,
        school.NewSchool(
            name="De Nieuwe School",
            sector=Sector.PO,
            region=Region.MIDDEN,
            teams=["Onderbouw", "Bovenbouw"],
            people=[school.NewPerson("Noor", "directeur", Role.LEADER)],
            school_year=f"{today.year}-{today.year + 1}",
            first_on=date(today.year, 8, 1) if today.month >= 8 else date(today.year - 1, 8, 1),
            last_on=date(today.year + 1, 7, 31) if today.month >= 8 else date(today.year, 7, 31),
        ),
    )
    if roles:
        store.write(lambda tx: tx.change(School, made.id, None, is_demo=True), actor=LEADER, verb="test")
    return made


def pages_for(role: Role) -> list[navigation.Entry]:
    return [entry for entry in navigation.ENTRIES if role in MAY[entry.needs]]


def app(role: Role = Role.LEADER, language: str = "nl") -> AppTest:
    """The program as one session sees it, opened on the start page; the test speaks its language from here on."""
    return session(role, language).run()


def session(role: Role, language: str) -> AppTest:
    i18n.use(language)
    at = AppTest.from_file(str(SCRIPT), default_timeout=60)
    at.session_state["role"] = role
    at.session_state["language"] = language
    return at


def typed(file: str, role: Role = Role.LEADER, language: str = "nl", **query: str) -> AppTest:
    """A page as somebody sees it who types its address: no other page was drawn before."""
    at = session(role, language)
    for name, value in query.items():
        at.query_params[name] = value
    # `AppTest.switch_page` knows the addresses of pages only after a first one was drawn.
    at._page_hash = calc_hash(Path(file).stem)
    return at.run()


def visit(at: AppTest, entry: navigation.Entry) -> AppTest:
    """Go to a page; one that shows a single thing gets the first there is."""
    i18n.use(str(at.session_state["language"]))
    at.query_params.clear()
    if entry.name in ASKED:
        found = plan.find(office.own(), LEADER, ASKED[entry.name])
        if found:
            at.query_params[entry.name] = found[0].id
    at.switch_page(str(config.app_folder() / "pages" / entry.file))
    return at.run()


def texts(at: AppTest) -> set[str]:
    """Everything that stands on the page as a text of its own, without the escapes of Markdown."""
    found: set[str] = set()
    for element in at.main:
        found.update(_texts(element))
    return {text.replace("\\", "") for text in found if text}


def _texts(element: object) -> set[str]:
    found: set[str] = set()
    # The value of a choice is our own key; what stands on the screen are its options.
    shown = ("label", "help", "placeholder", *(() if hasattr(element, "options") else ("value",)))
    for name in shown:
        value = getattr(element, name, None)
        if isinstance(value, pd.DataFrame):
            found.update([*map(str, value.columns), *value.astype(str).to_numpy().ravel()])
        elif isinstance(value, str):
            found.add(value)
    found.update(str(option) for option in getattr(element, "options", None) or ())
    body = getattr(getattr(element, "proto", None), "body", "")
    if isinstance(body, str):
        found.update(html.unescape(part).strip() for part in re.split(r"<[^>]*>", body))
    for child in getattr(element, "children", {}).values() if hasattr(element, "children") else ():
        found.update(_texts(child))
    return found


@cache
def only_english() -> frozenset[str]:
    """Texts of the catalogue that differ from their Dutch: none of them may stand on a Dutch page."""
    from tests import catalogue

    return frozenset(
        str(message.id)
        for message in catalogue.dutch()
        if message.id and isinstance(message.id, str) and message.string and message.id != message.string
    )
