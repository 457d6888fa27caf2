"""The opening call of every page: language, access, the store, and the line above the page."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import access, plan, school
from qualitycycle.cycle.access import Right
from qualitycycle.errors import NotAllowed
from qualitycycle.i18n import _
from qualitycycle.model import Actor, Cycle, Role
from qualitycycle.store.connect import Store
from qualitycycle.ui import failure, session
from qualitycycle.ui.text import plain, safe

# A page outside Streamlit: only there can a cookie be set.
CHANGE_PASSPHRASE = "/sign-in/change"
ROLE_NAMES = {
    Role.LEADER: i18n.N_("School leader"),
    Role.COACH: i18n.N_("Internal coach"),
    Role.MEMBER: i18n.N_("Team member"),
    Role.READER: i18n.N_("Reader (MR, board)"),
}


@dataclass(frozen=True)
class Page:
    """What a page needs: the store, who looks, in which language and theme, and the school."""

    store: Store
    actor: Actor
    language: str
    theme: str
    staff: school.Staff

    def may(self, right: Right) -> bool:
        return access.may(self.actor, right)

    @property
    def may_edit(self) -> bool:
        return self.may(Right.EDIT_THREAD)

    @property
    def may_see_running(self) -> bool:
        """A reader (MR, board) sees closed cycles only."""
        return self.may(Right.EDIT_OWN_ACTION)


def open_page(title: str, *, needs: Right = Right.SEE_THREAD, sub: str = "") -> Page:
    """Check access, draw the title line and return what the page needs; stops the page when the role may not."""
    actor = session.actor()
    try:
        access.require(actor, needs)
    except NotAllowed as error:
        failure.tell(error)
        st.stop()
    page = Page(
        store=session.store(),
        actor=actor,
        language=i18n.language(),
        theme="dark" if st.context.theme.type == "dark" else "light",
        staff=school.staff(session.store()),
    )
    _head(page, title, sub)
    failure.show_flash()
    return page


def _head(page: Page, title: str, sub: str) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"
    ):
        st.title(plain(title), anchor=False)
        if page.staff.school.is_demo:
            _demo_tools()
        else:
            _account(page)
        language_switch()
    if sub:
        st.caption(plain(sub))


def language_switch() -> None:
    """Nederlands or English; what was typed on the page stays."""
    st.segmented_control(
        _("Language"),
        list(i18n.LANGUAGES),
        format_func=str.upper,
        default=session.language(),
        required=True,
        key="language_choice",
        on_change=_keep_language,
        label_visibility="collapsed",
    )


def _keep_language() -> None:
    st.session_state["language"] = st.session_state["language_choice"]
    _say_choices_again()


def _say_choices_again() -> None:
    """Have every choice on the page sent to the browser under its label in the new language.

    The browser keeps a choice by its label: without this it drops what was chosen in the other language.
    """
    for key, value in list(st.session_state.items()):
        # Buttons (bool), files and tables may not be set; the other widgets have no label to lose.
        if isinstance(value, str | int | tuple | list) and not isinstance(value, bool):
            st.session_state[key] = value


def _account(page: Page) -> None:
    """Who is signed in, another passphrase, and out."""
    who = session.signed_in()
    if who is None:
        return
    with st.popover(plain(who.name), icon=":material/person:", key="account"):
        st.write(
            plain(_("Signed in as {name} ({role}).").format(name=who.name, role=_(ROLE_NAMES[who.role])))
        )
        # A link of Streamlit's own would open a new window.
        words = safe(_("Change your passphrase"))
        st.html(f'<a class="qc-link" href="{CHANGE_PASSPHRASE}" target="_self">{words}</a>')
        if st.button(_("Sign out"), key="account.out", width="stretch"):
            session.sign_out()
        if st.button(
            _("Sign out everywhere"),
            key="account.everywhere",
            width="stretch",
            help=_("Also in other browsers and on other computers."),
        ):
            session.sign_out(everywhere=page.actor)


def _demo_tools() -> None:
    with st.popover(_("Example school"), key="demo_tools"):
        st.write(
            _("This is an example. Look around and change what you like; your own school is not touched.")
        )
        role = st.selectbox(
            _("Look as"),
            list(ROLE_NAMES),
            index=list(ROLE_NAMES).index(session.actor().role),
            format_func=lambda role: _(ROLE_NAMES[role]),
            key="role_choice",
        )
        if role is not session.actor().role:
            st.session_state["role"] = role
            st.rerun()
        if session.in_demo() and st.button(_("Back to my own school"), key="leave_demo"):
            session.enter_demo(False)
            st.rerun()


def pick_cycle(page: Page) -> Cycle | None:
    """The cycle a page is about: the running one unless another is chosen; None when there is nothing to see."""
    cycles = plan.visible_cycles(page.store, page.actor)
    if not cycles:
        return None
    by_id = {cycle.cycle_id: cycle for cycle in cycles}
    if len(cycles) == 1:
        return cycles[0]
    chosen = st.selectbox(
        _("Quality cycle"),
        list(by_id),
        format_func=lambda cycle_id: cycle_title(by_id[cycle_id]),
        key="cycle_choice",
        persist_state="session",
        label_visibility="collapsed",
        width=220,
    )
    return by_id[chosen or cycles[0].cycle_id]


def cycle_title(cycle: Cycle) -> str:
    closed = _("closed")
    return cycle.title if cycle.state == "running" else f"{cycle.title} ({closed})"
