"""Tying evidence to goals and actions: what a figure says, in two clicks, and with a note."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import evidence, plan, thread
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _
from qualitycycle.model import Action, Evidence, Goal, Link, Says
from qualitycycle.ui import failure, forms, navigation, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

TONES = {Says.CONTRADICTS: "late", Says.SUPPORTS: "good"}
# A sign beside the word, for who cannot see the colour.
SIGNS = {Says.CONTRADICTS: "✕", Says.SUPPORTS: "✓", Says.NOTHING_YET: "?"}


def says_badge(says: Says) -> str:
    """What evidence says, as a sign and a word; our own HTML."""
    return parts.badge(f"{SIGNS[says]} {_(words.SAYS[says])}", TONES.get(says, "quiet"))


# --- what it can be tied to ------------------------------------------------------------------------------


def targets(goals: Sequence[Goal], actions: Sequence[Action]) -> dict[str, str]:
    """Every goal with its actions below it, then the actions without a goal; keys are `noun:id`."""
    found: dict[str, str] = {}
    for goal in goals:
        found[f"goal:{goal.goal_id}"] = _("Goal: {title}").format(title=goal.title)
        found |= _action_options([one for one in actions if one.goal_id == goal.goal_id])
    known = {goal.goal_id for goal in goals}
    return found | _action_options([one for one in actions if one.goal_id not in known])


def _action_options(actions: Sequence[Action]) -> dict[str, str]:
    return {f"action:{one.action_id}": "· " + _("Action: {title}").format(title=one.title) for one in actions}


def target_of(page: Page, choice: str | None) -> Goal | Action:
    """The goal or action a choice stands for; raises `Incomplete` when nothing was chosen."""
    noun, _colon, record_id = (choice or "").partition(":")
    if not record_id:
        raise Incomplete("link", "about")
    if noun == "goal":
        return plan.get(page.store, page.actor, Goal, record_id)
    return plan.get(page.store, page.actor, Action, record_id)


def link_fields(options: dict[str, str]) -> list[Field]:
    """Which goal or action, what the evidence says about it, and why."""
    return [
        Field("target", _("What is it about?"), Kind.CHOICE, options),
        says_field(),
        Field("note", _("Why do you say so?")),
    ]


def says_field() -> Field:
    order = {says: f"{SIGNS[says]} {_(words.SAYS[says])}" for says in evidence.ORDER}
    return Field("says", _("What does it say about that?"), Kind.CHOICE, order)


def save_link(page: Page, evidence_id: str, values: dict[str, Any]) -> Link:
    """Tie; raises `Incomplete` when the target or what it says was left open."""
    target = target_of(page, values["target"])
    if values["says"] is None:
        raise Incomplete("link", "says")
    return evidence.link(page.store, page.actor, evidence_id, target, values["says"], values["note"])


def said_about(page: Page, target: Goal | Action) -> None:
    """What the evidence says about a goal or action, contradicting first, each piece a link."""
    pairs = evidence.links_of(page.store, page.actor, target)
    if not pairs:
        parts.note(_("No evidence yet."))
    for link, piece in pairs:
        st.html(f"{says_badge(link.says)} <small>{safe(link.note)}</small>")
        title = f"{piece.title} ({i18n.short_day(piece.evidence_on)})"
        navigation.link("evidence", title, query={"evidence": piece.evidence_id})
    navigation.link("evidence", _("Add evidence"))


# --- making evidence -------------------------------------------------------------------------------------


def make_evidence(
    page: Page, key: str, make: Callable[[str], Evidence], *, existing: Evidence | None = None
) -> None:
    """First click opens, second click makes the figure evidence in the running cycle and ties it.

    `make` gets the running cycle's id. A figure that is evidence already is only tied once more.
    """
    if existing:
        parts.note(_("This figure is evidence in the running cycle."))
        navigation.link("evidence", _("Open the evidence"), query={"evidence": existing.evidence_id})
    cycle = plan.running_cycle(page.store)
    if not page.may_edit or cycle is None:
        return
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    label = _("Tie this evidence to something else") if existing else _("Make this evidence")
    with st.expander(label, icon=":material/add_link:", key=f"make.{key}"):
        parts.note(
            _(
                "The figure is kept as it is today. What contradicts a goal is worth as much as what supports it."
            )
        )
        _ask(page, key, targets(found.goals, found.actions), lambda: existing or make(cycle.cycle_id))


def _ask(page: Page, key: str, options: dict[str, str], make: Callable[[], Evidence]) -> None:
    values = forms.form(f"tie.{key}", link_fields(options), {}, submit=_("Save as evidence"))
    if values is None:
        return
    made = failure.attempt(lambda: _made(page, values, make), done=_("Saved as evidence."))
    if made:
        forms.forget(f"tie.{key}")
        st.rerun()


def _made(page: Page, values: dict[str, Any], make: Callable[[], Evidence]) -> Evidence:
    # Ask first, make second: an incomplete form must not leave loose evidence behind.
    target_of(page, values["target"])
    if values["says"] is None:
        raise Incomplete("link", "says")
    piece = make()
    save_link(page, piece.evidence_id, values)
    return piece
