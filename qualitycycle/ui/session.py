"""What one browser session remembers: language, which school, and in the example school which role."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import office, school
from qualitycycle.model import Actor, Role
from qualitycycle.store.connect import Store

COOKIE = "qc_lang"


def language() -> str:
    """The session's language: chosen here, asked for in the address, kept in the browser, or the school's own."""
    chosen = st.session_state.get("language")
    if chosen not in i18n.LANGUAGES:
        chosen = st.query_params.get("lang") or st.context.cookies.get(COOKIE)
    if chosen not in i18n.LANGUAGES:
        found = school.find_school(store())
        chosen = found.language if found else i18n.DEFAULT
    st.session_state["language"] = chosen
    return str(chosen)


def store() -> Store:
    """The school's own file, or the example school while the session looks at that."""
    return office.find(demo_wanted=in_demo())


def in_demo() -> bool:
    return bool(st.session_state.get("in_demo", False))


def enter_demo(wanted: bool) -> None:
    """Step into the example school, or back to the own school."""
    st.session_state["in_demo"] = wanted
    st.session_state.pop("role", None)


def actor() -> Actor:
    """Who acts. Until there is sign-in that is the leader; the example school lets the user try other roles."""
    found = school.find_school(store())
    if found is None or not found.is_demo:
        return Actor(Role.LEADER)
    role = Role(st.session_state.get("role", Role.LEADER))
    return Actor(role, _somebody(role))


def _somebody(role: Role) -> str | None:
    people = school.staff(store(), archived=False).people
    return next((person.person_id for person in people if person.role is role), None)
