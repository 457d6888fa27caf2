"""An action as a small test: its sessions, and the row of tests that build on each other."""

from __future__ import annotations

from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import plan, small_tests, weight
from qualitycycle.cycle.thread import Thread
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _
from qualitycycle.model import Action
from qualitycycle.ui import failure, forms, navigation, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe


def whole(values: dict[str, Any], noun: str, *names: str) -> dict[str, Any]:
    """Typed numbers as whole ones, 0 included; raises `Incomplete` for anything else."""
    made = dict(values)
    for name in names:
        value = made[name]
        if value is None:
            continue
        if not isinstance(value, float) or not value.is_integer():
            raise Incomplete(noun, name, "not_a_number")
        made[name] = int(value)
    return made


def ramp(action: Action, found: Thread) -> None:
    """The small tests in a row, this one marked, each with what followed."""
    steps = small_tests.ramp(action, found.actions)
    if len(steps) < 2:
        return
    items = "".join(_step(one, n, one.action_id == action.action_id) for n, one in enumerate(steps, start=1))
    st.html(
        f'<ol class="qc-steps qc-ramp" aria-label="{safe(_("Small tests that build on each other"))}">{items}</ol>'
    )
    with st.container(horizontal=True, key="ramp_links"):
        for n, one in enumerate(steps, start=1):
            if one.action_id != action.action_id:
                label = _("Test {n}: {title}").format(n=n, title=one.title)
                navigation.link("action", label, query={"action": one.action_id})


def _step(one: Action, n: int, here: bool) -> str:
    state = _(words.NEXT_STEPS[one.next_step]) if one.next_step else _(words.ACTION_STATES[one.state])
    days = [i18n.day(day, year=False) for day in (one.start_on, one.stopped_on or one.due_on) if day]
    kind = ' class="now" aria-current="step"' if here else ' class="past"' if one.evaluated_on else ""
    lines = [f"{n}. {one.title}", " – ".join(days), state]
    return f"<li{kind}>{'<br>'.join(safe(line) for line in lines if line)}</li>"


def sessions(page: Page, action: Action, *, editable: bool) -> None:
    """How many sessions were planned and held, and what share that is."""
    share = weight.done_share(action)
    planned, held = action.sessions_planned, action.sessions_held
    with parts.card("sessions"):
        if planned and held is not None:
            text = _("{held} of {planned} planned sessions held").format(held=held, planned=planned)
        elif planned:
            text = _("{planned} sessions planned, none counted yet").format(planned=planned)
        else:
            text = _("No sessions planned: write down how often it should happen.")
        st.html(f"<div>{safe(text)}</div>")
        if planned and held is not None and share is not None:
            st.progress(share, text=i18n.percent(share))
        if editable:
            _count(page, action)


def _count(page: Page, action: Action) -> None:
    open_fields = [Field("sessions_held", _("Held sessions"), Kind.NUMBER, half=True)]
    if action.sessions_planned is None or not action.locked_on:
        open_fields.insert(0, Field("sessions_planned", _("Planned sessions"), Kind.NUMBER, half=True))
    with st.expander(_("Count sessions"), key="count_sessions"):
        saved = forms.edit(
            page,
            action,
            open_fields,
            key=f"sessions.{action.action_id}",
            save=lambda seen, values: plan.change(
                page.store,
                page.actor,
                Action,
                action.action_id,
                seen,
                **whole(values, "action", *values),
            ),
        )
        if saved:
            st.rerun()


def next_test(page: Page, action: Action) -> None:
    """Plan a small test that builds on this one."""
    with st.expander(_("Plan the next small test"), key="next_test"):
        parts.note(
            _(
                "Goal, owner and for whom come along; what you learned becomes the data that led to the next one."
            )
        )
        title = Field("title", _("What will we do next?"))
        values = forms.form("follow_up", [title], {}, submit=_("Plan it"))
        if values is None:
            return
        made = failure.attempt(
            lambda: small_tests.follow_up(page.store, page.actor, action.action_id, values["title"]),
            done=_("Planned. Now write down what you expect of it."),
        )
        if made:
            forms.forget("follow_up")
            navigation.go("action", action=made.action_id)
