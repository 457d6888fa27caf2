"""Under an indicator: who froze its start period or started counting again, and the form to do so."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import baselines
from qualitycycle.cycle.baselines import Decision
from qualitycycle.i18n import N_, _
from qualitycycle.model import BaselineKind, Indicator
from qualitycycle.ui import failure, forms, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page

SAID = {
    BaselineKind.FREEZE: N_("Start period frozen, up to {day}: {reason}"),
    BaselineKind.REBASE: N_("Counted again from {day}: {reason}"),
}


def made(page: Page, indicator: Indicator, editable: bool) -> None:
    """Every decision with its day, reason, who and when; one that was taken back says so."""
    for decision in baselines.decisions(page.store, page.actor, indicator):
        with st.container(horizontal=True, vertical_alignment="center"):
            parts.note(f"{_said(decision)} ({_who(page, decision)})")
            if editable:
                _undo(page, decision)


def _said(decision: Decision) -> str:
    one = decision.baseline
    return _(SAID[one.kind]).format(day=i18n.day(one.applies_on), reason=one.reason)


def _who(page: Page, decision: Decision) -> str:
    name = page.staff.person_name(decision.person_id)
    day = i18n.short_day(decision.made_on)
    taken_back = _("taken back") if decision.baseline.archived else ""
    return " · ".join(filter(None, [f"{name}, {day}" if name else day, taken_back]))


def _undo(page: Page, decision: Decision) -> None:
    one = decision.baseline
    label, verb, done = (
        (_("Bring back"), baselines.bring_back, _("It is back."))
        if one.archived
        else (_("Take back"), baselines.take_back, _("Taken back. The limits are calculated without it."))
    )
    if not st.button(label, key=f"undo.{one.baseline_id}", type="tertiary"):
        return
    if failure.attempt(lambda: verb(page.store, page.actor, one.baseline_id), done=done) is not None:
        st.rerun()


def decide(page: Page, indicator: Indicator) -> None:
    """The form: what, from or up to which day, and why."""
    parts.note(
        _(
            "Freeze the start period just before an action begins: new values are then held against it. "
            "Start counting again only when the way of working or measuring has become another one. "
            "Earlier values stay in the picture."
        )
    )
    key = f"baseline.{indicator.indicator_id}"
    fields = [
        Field(
            "kind", _("What do you want?"), Kind.CHOICE, words.options(words.BASELINE_KINDS), optional=False
        ),
        Field(
            "applies_on",
            _("Last day of the start period, or first day of the new count"),
            Kind.DATE,
        ),
        Field("reason", _("Reason"), help=_("Readers of the chart see it, with your name and today's date.")),
    ]
    values = forms.form(key, fields, {}, submit=_("Record"))
    if values is None:
        return
    saved = failure.attempt(
        lambda: baselines.decide(page.store, page.actor, indicator, **values), done=_("Recorded.")
    )
    if saved:
        forms.forget(key)
        st.rerun()
