"""What one browser session remembers: language, which school, and in the example school which role."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import office, school, sign_in
from qualitycycle.cycle.sign_in import COOKIE as SIGN_IN_COOKIE
from qualitycycle.cycle.sign_in import SignedIn
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
    """Who acts: who is signed in. In the example school the user tries roles; before the first start it is a leader.

    Who is not signed in (any more) is sent to the door, and the page stops.
    """
    found = school.find_school(store())
    if found is None:
        return Actor(Role.LEADER)
    if not found.is_demo:
        who = signed_in() or leave()
        _keep_apart(who)
        return who.actor
    role = Role(st.session_state.get("role", Role.LEADER))
    return Actor(role, _somebody(role))


def signed_in() -> SignedIn | None:
    """The person whose session this browser has at the own school."""
    return sign_in.use(office.own(), token())


def token() -> str | None:
    return st.context.cookies.get(SIGN_IN_COOKIE)


def sign_out(*, everywhere: Actor | None = None) -> NoReturn:
    """End this session, or every session of this person. The next run finds nobody and goes to the door."""
    if everywhere is None:
        sign_in.sign_out(office.own(), token())
    else:
        sign_in.sign_out_everywhere(office.own(), everywhere)
    st.rerun()


def leave() -> NoReturn:
    """Have the browser go to the door; `door.js` looks for this mark. What was typed here stays in no memory."""
    _forget_all()
    st.container(key="to-the-door").html("<span hidden></span>")
    st.stop()


def _keep_apart(who: SignedIn) -> None:
    """What somebody else typed in this window is not shown to whoever signs in after."""
    before = st.session_state.get("person")
    if before not in (None, who.person_id):
        _forget_all()
    st.session_state["person"] = who.person_id


def _forget_all() -> None:
    for key in list(st.session_state):
        del st.session_state[key]


def _somebody(role: Role) -> str | None:
    people = school.staff(store(), archived=False).people
    return next((person.person_id for person in people if person.role is role), None)
