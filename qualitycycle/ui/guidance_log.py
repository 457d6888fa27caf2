"""An internal coach's own log on screen: its door, the conversations in it, and what she shares of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import coaching_access, coaching_log, coaching_totals, demo_guidance
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.coaching_log import AREAS, Conversation, Log, kind_title
from qualitycycle.cycle.coaching_totals import OTHER, TIME, Total
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

Warn = Callable[..., None]
# The recovery key that was just made: in this window only, until it is put away.
RECOVERY = "guidance.recovery"
# Under names that begin with this stands what is in the log, or is on its way into it.
SEALED = "sealed"
N_SHOWN = 12


# --- the door --------------------------------------------------------------------------------------------


def is_open(page: Page, session: str) -> bool:
    """Whether the log is open in this session; if not, its door is drawn."""
    if st.session_state.get(RECOVERY):
        _show_recovery_key()
        return False
    if coaching_access.is_open(page.store, page.actor, session):
        return True
    # It may have closed by itself, after two hours or on another page.
    forms.forget(SEALED)
    if coaching_access.is_made(page.store, page.actor):
        _open(page, session)
    else:
        _make(page, session)
    return False


def _make(page: Page, session: str) -> None:
    parts.heading(_("Make your log"))
    parts.bullets(
        (
            _("What you write in it is sealed with your passphrase. Only you can read it."),
            _(
                "The school leader cannot read it, and neither can whoever has the school's file or a backup of it."
            ),
            _("Lose both your passphrase and your recovery key, and what is in it is gone for good."),
            _("A school leader who gives you a new word to sign in with cannot open your log with it."),
        )
    )
    typed = _passphrase(page, "log.make", _("Make my log"))
    if typed is not None:
        _keep(lambda: coaching_access.make(page.store, page.actor, session, *typed), "log.make")


def _open(page: Page, session: str) -> None:
    parts.heading(_("Your log is closed"))
    parts.note(
        _("It opens with your passphrase and stays open until you sign out or leave it alone for two hours.")
    )
    if page.staff.school.is_demo:
        st.info(
            plain(
                _("In the example school the passphrase of a log that was there already is: {words}").format(
                    words=demo_guidance.PASSPHRASE
                )
            )
        )
    with _door("log.open"):
        words = _secret(_("Passphrase of your log"), "log.open.words")
        asked = _sent(_("Open my log"), "log.open")
    if asked and failure.worked(lambda: coaching_access.open_log(page.store, page.actor, session, words)):
        forms.forget("log.open")
        st.rerun()
    with st.expander(_("It does not open with my passphrase"), key="log.lost"):
        parts.note(
            _(
                "Did you get a new word to sign in with? Then your log still has the passphrase of before. Without "
                "that one, the recovery key opens it."
            )
        )
        with _door("log.recover"):
            key = _secret(_("Recovery key"), "log.recover.key")
            chosen = _chosen(page, "log.recover")
            asked = _sent(_("Open with the recovery key"), "log.recover")
        if asked:
            _keep(
                lambda: coaching_access.recover(page.store, page.actor, session, key, *chosen), "log.recover"
            )
        _give_up(page)


def _door(key: str) -> AbstractContextManager[Any]:
    """Fields of which nothing is sent before all of it is.

    A form of Streamlit's own, for once: a single secret field hands over what was typed at Enter or a click elsewhere,
    and not when Tab goes on to its eye and from there to the button.
    """
    return st.form(f"{key}.door", border=False)


def _sent(label: str, key: str) -> bool:
    return st.form_submit_button(label, type="primary", key=f"{key}.send")


def _passphrase(page: Page, key: str, submit: str) -> tuple[str, str] | None:
    with _door(key):
        words = _chosen(page, key)
        asked = _sent(submit, key)
    return words if asked else None


def _chosen(page: Page, key: str) -> tuple[str, str]:
    """The passphrase one signs in with, or one of its own, twice."""
    if coaching_access.follows_sign_in(page.store, page.actor):
        return _secret(_("The passphrase with which you sign in"), f"{key}.words"), ""
    return (
        _secret(_("A passphrase for your log"), f"{key}.words"),
        _secret(_("The same passphrase again"), f"{key}.again"),
    )


def _secret(label: str, key: str) -> str:
    return str(
        st.text_input(label, type="password", key=key, max_chars=200, autocomplete="off", width=420) or ""
    )


def _keep(make: Callable[[], str], key: str) -> None:
    """Run what gives a recovery key, and show it once."""
    recovery = failure.attempt(make)
    if recovery:
        forms.forget(key)
        st.session_state[RECOVERY] = recovery
        st.rerun()


def _show_recovery_key() -> None:
    with parts.card("recovery"):
        st.write(plain(_("Your recovery key, shown only now:")))
        st.html(f'<p class="qc-word">{safe(st.session_state[RECOVERY])}</p>')
        st.write(
            plain(
                _(
                    "Print this page or write it down, and keep it at home or in a safe. It opens your log when your "
                    "passphrase no longer does. A recovery key of before no longer works."
                )
            )
        )
        if st.button(_("I have it on paper"), key="log.recovery.done", type="primary"):
            st.session_state.pop(RECOVERY, None)
            st.rerun()


def _give_up(page: Page) -> None:
    sure = st.checkbox(_("I have neither of them: throw my log away for good"), key="log.give_up")
    if sure and st.button(_("Throw my log away"), key="log.give_up.send"):
        done = _("Your log is gone. You can make a new one.")
        failure.worked(lambda: coaching_access.give_up(page.store, page.actor), done=done)
        st.session_state.pop("log.give_up", None)
        st.rerun()


# --- conversations ---------------------------------------------------------------------------------------


def show(page: Page, session: str, warn: Warn) -> None:
    """The log when it is open."""
    log = coaching_log.read(page.store, page.actor, session)
    left, right = st.columns([1, 1.2], gap="medium")
    with left:
        parts.heading(_("A conversation"))
        with parts.card("conversation"):
            _write(page, session, log, None, warn)
    with right:
        parts.heading(_("What is in it"))
        if not log.conversations:
            parts.note(_("Nothing yet. Only you can read what you put down here."))
        n_shown = st.session_state.setdefault(f"{SEALED}.shown", N_SHOWN)
        for one in log.conversations[:n_shown]:
            _conversation(page, session, log, one, warn)
        if len(log.conversations) > n_shown and st.button(
            _("Earlier ones"), key="log.earlier", type="tertiary", icon=":material/expand_more:"
        ):
            st.session_state[f"{SEALED}.shown"] = n_shown + N_SHOWN
            st.rerun()
    _settings(page, session, log)


def _line(one: Conversation) -> str:
    minutes = _("{n} min").format(n=one.minutes)
    told = (i18n.short_day(one.held_on), kind_title(one.kind), one.theme, minutes)
    return " · ".join(part for part in told if part)


def _conversation(page: Page, session: str, log: Log, one: Conversation, warn: Warn) -> None:
    # What is folded is not drawn: of a full log that would be a hundred fields.
    with st.expander(plain(_line(one)), key=f"{SEALED}.{one.conversation_id}", on_change="rerun") as box:
        if not box.open:
            return
        _write(page, session, log, one, warn)
        if st.button(_("Take out"), key=f"{SEALED}.{one.conversation_id}.out", type="tertiary"):
            coaching_log.remove_conversation(page.store, page.actor, session, one.conversation_id)
            st.rerun()


def _write(page: Page, session: str, log: Log, one: Conversation | None, warn: Warn) -> None:
    key = f"{SEALED}.{one.conversation_id}.edit" if one else f"{SEALED}.new"
    kinds = {kind: kind_title(kind) for kind in (*log.kinds, *([one.kind] if one else []))}
    fields = [
        Field("held_on", _("Date"), Kind.DATE, half=True),
        Field("minutes", _("Number of minutes"), Kind.WHOLE, half=True),
        Field("kind", _("Kind of conversation"), Kind.CHOICE, kinds, optional=False),
        Field("theme", _("Theme")),
        Field("question", _("Learning question")),
        Field("next_step", _("My next step")),
    ]
    start = vars(one) if one else {"held_on": today(), "minutes": 30}
    typed = forms.form(key, fields, start, submit=_("Save"), primary=one is None)
    warn(*(str(st.session_state.get(f"{key}.{name}", "")) for name in ("theme", "question", "next_step")))
    if typed is None:
        return
    saved = failure.worked(
        lambda: coaching_log.save_conversation(
            page.store, page.actor, session, **typed, conversation_id=one.conversation_id if one else None
        ),
        done=_("Saved."),
    )
    if saved:
        forms.forget(key)
        st.rerun()


def _settings(page: Page, session: str, log: Log) -> None:
    with st.expander(_("Kinds of conversation, passphrase and recovery key"), key="log.settings"):
        start = {"kinds": [kind_title(kind) for kind in log.kinds]}
        label = _("Your kinds of conversation, one a line")
        typed = forms.form(
            f"{SEALED}.kinds", [Field("kinds", label, Kind.LINES)], start, submit=_("Save"), primary=False
        )
        if typed and failure.worked(
            lambda: coaching_log.set_kinds(page.store, page.actor, session, typed["kinds"]),
            done=_("Saved."),
        ):
            forms.forget(f"{SEALED}.kinds")
            st.rerun()
        parts.note(_("With another passphrase comes another recovery key; those of before no longer work."))
        words = _passphrase(page, "log.anew", _("Lock my log anew"))
        if words is not None:
            _keep(lambda: coaching_access.lock_anew(page.store, page.actor, session, *words), "log.anew")
    if st.button(_("Close my log"), key="log.close", icon=":material/lock:"):
        coaching_access.close(page.store, session)
        # What was typed or read stays in no field of this window.
        forms.forget(SEALED)
        forms.forget("log")
        st.rerun()


# --- shared totals ---------------------------------------------------------------------------------------


def totals(page: Page, session: str) -> None:
    """What coaches share with the school leader, and for a coach what she would share."""
    shared = coaching_totals.shared(page.store, page.actor)
    own = [one for one in shared if one.owner_id == page.actor.person_id]
    others = [one for one in shared if one.owner_id != page.actor.person_id]
    if page.may(Right.MANAGE):
        parts.note(
            _(
                "An internal coach shares totals of a month when she wants to, and can take them back. There is no "
                "norm."
            )
        )
        if not others:
            parts.empty(_("No internal coach shares totals of her time now."))
        for one in others:
            parts.heading(page.staff.person_name(one.owner_id) or "")
            for month in sorted({total.month for total in one.totals}, reverse=True):
                _month([total for total in one.totals if total.month == month])
    # A leader who keeps no log has nothing to share.
    if not page.may(Right.MANAGE) or coaching_access.is_made(page.store, page.actor):
        _own_totals(page, session, [total for one in own for total in one.totals])


def _own_totals(page: Page, session: str, shared: Sequence[Total]) -> None:
    parts.heading(_("What you share"))
    out = sorted({total.month for total in shared}, reverse=True)
    for shared_month in out:
        with parts.card(f"shared_{shared_month}"):
            _take_back(page, shared_month)
            _lines([total for total in shared if total.month == shared_month])
    if not coaching_access.is_open(page.store, page.actor, session):
        parts.note(_("Open your log under “My log” to share the totals of a month."))
        return
    parts.note(
        _(
            "A kind with fewer than 5 conversations in a month leaves together with others, or not at all. What left "
            "of a month never changes afterwards, so share a month when it is complete. Below is exactly what leaves."
        )
    )
    log = coaching_log.read(page.store, page.actor, session)
    months = [month for month in coaching_totals.months_over(log) if month not in out]
    if not months:
        parts.note(_("There is no month that is over and not shared yet."))
    for month in months:
        with parts.card(f"share_{month}"):
            would = coaching_totals.would_leave(log, month)
            if not would:
                parts.note(_("{month}: too little to share.").format(month=i18n.month(month)))
                continue
            _month(would)
            if st.button(_("Share this month with the school leader"), key=f"guidance.share.{month}"):
                done = _("Shared. You can take it back.")
                if failure.worked(
                    lambda month=month: coaching_totals.share(page.store, page.actor, session, month),  # type: ignore[misc]
                    done=done,
                ):
                    st.rerun()


def _take_back(page: Page, month: date) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.write(plain(_("{month}: the school leader sees your totals.").format(month=i18n.month(month))))
        if st.button(_("Stop sharing"), key=f"guidance.take_back.{month}", type="tertiary"):
            try:
                coaching_totals.take_back(page.store, page.actor, month)
            except QualityCycleError as error:
                failure.tell(error)
            else:
                st.rerun()


def _month(rows: Sequence[Total]) -> None:
    st.markdown(f"**{plain(i18n.month(rows[0].month))}**")
    _lines(rows)


def _lines(rows: Sequence[Total]) -> None:
    areas = list(AREAS)
    parts.lines(
        _total(one)
        for one in sorted(
            rows,
            # Conversations first, what was put together last of them.
            key=lambda one: areas.index(one.kind) if one.what == TIME else -1 - (one.kind != OTHER),
        )
    )


def _total(one: Total) -> tuple[str, str, str]:
    hours = i18n.number(round(one.minutes / 60, 1))
    if one.what == TIME:
        weeks = ngettext("{n} week entered", "{n} weeks entered", one.n).format(n=one.n)
        planned = i18n.number(round((one.planned_minutes or 0) / 60, 1))
        return (
            _(AREAS[one.kind]),
            weeks,
            _("{real} hours, {planned} planned").format(real=hours, planned=planned),
        )
    title = _("Other kinds together") if one.kind == OTHER else kind_title(one.kind)
    n = ngettext("{n} conversation", "{n} conversations", one.n).format(n=one.n)
    return title, n, _("{n} min").format(n=i18n.number(one.minutes))
