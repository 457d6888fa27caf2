"""The success wall: large cards, by goal and by half school year, to look at together and to print."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n, weighing_words
from qualitycycle.cycle.success_wall import Card, Mastery, Term
from qualitycycle.i18n import N_, _
from qualitycycle.ui import forms, navigation
from qualitycycle.ui.text import safe

ALL = ""
KINDS = {
    Mastery.TARGET: N_("Target met"),
    Mastery.ACTION: N_("Evidence supports it"),
    Mastery.SUCCESS: N_("Success"),
}
SIGNS = {Mastery.TARGET: "◎", Mastery.ACTION: "✓", Mastery.SUCCESS: "★"}


def term_name(term: Term) -> str:
    """2026-2027, first half."""
    half = _("{year}, first half") if term.half == 1 else _("{year}, second half")
    return half.format(year=term.school_year)


def chosen(cards: Sequence[Card]) -> list[Card]:
    """The cards of the goal and the half year that are chosen."""
    goals = {card.goal.goal_id: card.goal.title for card in cards if card.goal}
    terms = {f"{card.term.school_year}:{card.term.half}": term_name(card.term) for card in cards}
    with st.container(horizontal=True, key="choices"):
        goal = _choose(_("Goal"), _("All goals"), goals, "wall_goal")
        term = _choose(_("Half year"), _("All half years"), terms, "wall_term")
    return [
        card
        for card in cards
        if goal in (ALL, card.goal.goal_id if card.goal else None)
        and term in (ALL, f"{card.term.school_year}:{card.term.half}")
    ]


def _choose(name: str, everything: str, options: dict[str, str], key: str) -> str:
    labels = forms.distinct({ALL: everything, **options})
    found = st.selectbox(
        name,
        list(labels),
        format_func=lambda one: labels.get(one, everything),
        key=key,
        width=300,
        label_visibility="collapsed",
    )
    return str(found) if found in labels else ALL


def show(cards: Sequence[Card]) -> None:
    """Cards per half year, the latest first."""
    for term in dict.fromkeys(card.term for card in cards):
        own = [card for card in cards if card.term == term]
        items = "".join(_card(card) for card in own)
        name = safe(term_name(term))
        st.html(f'<section class="qc-mastery"><h2>{name}</h2><ul>{items}</ul></section>')


def _card(card: Card) -> str:
    kind = f"{SIGNS[card.mastery]} {_(KINDS[card.mastery])}"
    if card.verdict:
        kind = f"{SIGNS[card.mastery]} {_(weighing_words.VERDICTS[card.verdict])}"
    goal = f"<small>{safe(card.goal.title)}</small>" if card.goal else ""
    return (
        f'<li class="{card.mastery}"><span>{safe(kind)}</span><strong>{safe(card.title)}</strong>'
        f"{_value(card)}{goal}<small>{safe(i18n.day(card.on))}</small></li>"
    )


def _value(card: Card) -> str:
    if card.indicator is None or card.point is None:
        return ""
    last = charts.value_text(card.indicator, card.point.value, card.point.n, short=True)
    target = charts.value_text(card.indicator, card.indicator.target, short=True)
    n = f" (n = {card.point.n})" if card.point.n else ""
    return f"<em>{safe(last)}{safe(n)} <small>{safe(_('target {value}').format(value=target))}</small></em>"


def open_card(cards: Sequence[Card]) -> None:
    """A way from the wall to each goal and action on it."""
    places = {(card.noun, card.noun_id): card for card in cards if card.noun}
    if not places:
        return
    with st.expander(_("Open what hangs here"), key="wall_open"):
        for (noun, noun_id), card in places.items():
            title = card.goal.title if noun == "goal" and card.goal else card.title
            navigation.link(noun, title, query={noun: noun_id})
