"""Where expertise fits: why an offer fits, one click to ask for it or to hold it out, and one to answer."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import expertise_matches, expertise_requests
from qualitycycle.cycle.expertise import Board
from qualitycycle.cycle.expertise_matches import Fit, GoalNeed, Use
from qualitycycle.cycle.expertise_requests import Request, RequestState
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.i18n import N_, _
from qualitycycle.model import Action, Expertise, Goal
from qualitycycle.ui import failure, navigation, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

# Fewer lines are read more often; the rest is one click away.
N_SHOWN = 2
NOUNS = {"action": N_("the action"), "goal": N_("the goal"), "expertise": N_("the question")}
STATES = {
    RequestState.OPEN: N_("waiting for an answer"),
    RequestState.AGREED: N_("agreed"),
    RequestState.DECLINED: N_("not now"),
}
STATE_TONES = {RequestState.OPEN: "talk", RequestState.AGREED: "good", RequestState.DECLINED: "quiet"}


# --- why -------------------------------------------------------------------------------------------------


def why(fit: Fit) -> str:
    """Theme and words in common, as a line of small print."""
    theme = _("theme {theme}").format(theme=fit.theme.title) if fit.theme else ""
    words = _("in common: {words}").format(words=", ".join(fit.words)) if fit.words else ""
    return " · ".join(filter(None, [theme, words]))


def how_matched() -> None:
    """The whole rule, in a few sentences."""
    with st.popover(_("How this is matched"), key="expertise.how", type="tertiary"):
        st.write(
            _(
                "An offer fits when its theme is found in the text of the action, the goal or the question, or when "
                "the two have a word in common. Endings are left out, so that read and reading are one word, and "
                "words that stand in every line of a school do not count. Nothing else is looked at: not who it is, "
                "how often somebody helped, or how well. What fits stands in the order of the alphabet; with both a "
                "theme and words in common it stands first. You decide."
            )
        )


# --- asking ----------------------------------------------------------------------------------------------


def fit_row(
    page: Page,
    fit: Fit,
    thing: Action | Goal | Expertise,
    requests: Sequence[Request],
    *,
    at_once: bool = False,
) -> None:
    """An offer that fits something, why, and the click that asks for it; with `at_once` without a message."""
    name = page.staff.person_name(fit.offer.person_id) or "–"
    mine = fit.offer.person_id == page.actor.person_id
    asked = _asked(requests, fit.offer, thing.id)
    with _row(f"fit_{fit.offer.id}_{thing.id}"):
        st.html(_told(fit.offer.title, name, why(fit)))
        if asked is not None:
            _badge(asked)
        elif mine or expertise_requests.may_ask_for(page.actor, thing):
            label = _("Offer my help") if mine else _("Ask {name}").format(name=name)
            _ask(page, fit.offer, thing, label, at_once=at_once or mine)


def use_rows(page: Page, offer: Expertise, uses: Sequence[Use], requests: Sequence[Request]) -> None:
    """Where an own offer fits: the first few, and the rest one click away."""
    for use in uses[:N_SHOWN]:
        _use_row(page, use, requests)
    if len(uses) > N_SHOWN:
        more = _("More that fits ({n})").format(n=len(uses) - N_SHOWN)
        with st.expander(more, key=f"expertise.{offer.id}.more"):
            for use in uses[N_SHOWN:]:
                _use_row(page, use, requests)


def _use_row(page: Page, use: Use, requests: Sequence[Request]) -> None:
    """Something an own offer fits, why, and the click that holds it out."""
    asked = _asked(requests, use.fit.offer, use.thing.id)
    what = _(NOUNS[use.thing.TABLE])
    who = use.thing.person_id if isinstance(use.thing, Expertise) else use.thing.owner_id
    name = page.staff.person_name(who) or _("no owner")
    with _row(f"use_{use.fit.offer.id}_{use.thing.id}"):
        title = _("Fits {what} “{title}”").format(what=what, title=use.thing.title)
        st.html(_told(title, name, why(use.fit)))
        if asked is not None:
            _badge(asked)
        else:
            _ask(page, use.fit.offer, use.thing, _("Offer my help"), at_once=True)


def _row(key: str) -> st.delta_generator.DeltaGenerator:
    return st.container(
        horizontal=True,
        horizontal_alignment="distribute",
        vertical_alignment="center",
        key=f"row_{key}",
    )


def _told(title: str, name: str, quiet: str) -> str:
    return (
        f'<div class="qc-fit"><strong>{safe(title)}</strong> <span>· {safe(name)}</span>'
        f'<br><span class="qc-quiet">{safe(quiet)}</span></div>'
    )


def _badge(one: Request) -> None:
    with st.container(width="content"):
        st.html(parts.badge(_(STATES[one.state]), STATE_TONES[one.state]))


def _asked(requests: Sequence[Request], offer: Expertise, noun_id: str) -> Request | None:
    own = (one for one in requests if (one.expertise_id, one.noun_id) == (offer.id, noun_id))
    return next(own, None)


def _ask(
    page: Page, offer: Expertise, thing: Action | Goal | Expertise, label: str, *, at_once: bool
) -> None:
    key = f"ask.{offer.id}.{thing.id}"
    if at_once:
        if st.button(plain(label), key=key, icon=":material/handshake:"):
            _send(page, offer, thing, "")
        return
    with st.popover(plain(label), key=key, icon=":material/handshake:"):
        words = st.text_input(
            _("A line with it, if you like"),
            key=f"{key}.words",
            max_chars=expertise_requests.LONGEST,
        )
        if st.button(_("Ask"), key=f"{key}.send", type="primary"):
            _send(page, offer, thing, str(words or ""))


def _send(page: Page, offer: Expertise, thing: Action | Goal | Expertise, words: str) -> None:
    state = failure.attempt(
        lambda: expertise_requests.ask(
            page.store, page.actor, offer.id, thing.TABLE, thing.id, message=words
        ),
        done=_("Sent. It is agreed when your colleague says yes."),
    )
    if state is RequestState.AGREED:
        st.session_state["flash"] = _("Agreed.")
    if state is not None:
        st.rerun()


# --- answering and ending --------------------------------------------------------------------------------


def sentence(page: Page, one: Request) -> str:
    """Who asks what, as one sentence."""
    name = page.staff.person_name(one.asker_id) or "–"
    said = (
        _("{name} offers “{offer}” for {what} “{about}”")
        if one.is_held_out
        else _("{name} asks for your “{offer}” with {what} “{about}”")
    )
    return said.format(name=name, offer=one.offer, what=_(NOUNS[one.noun]), about=one.about)


def to_answer(page: Page, one: Request) -> None:
    """A request that waits for this person's yes."""
    with parts.card(f"answer_{one.id}"):
        st.html(
            f"{parts.badge(_('Waiting for your yes'), 'talk')} <strong>{safe(sentence(page, one))}</strong>"
            f'<br><span class="qc-quiet">{safe(one.message or i18n.day(one.asked_on, year=False))}</span>'
        )
        with st.container(horizontal=True):
            answer_buttons(page, one.id)
            if one.noun in ("action", "goal"):
                navigation.link(one.noun, _("Look at it"), query={one.noun: one.noun_id})


def answer_buttons(page: Page, request_id: str) -> None:
    """Yes, or not now: both one click."""
    for label, yes, icon in (
        (_("Yes, I will"), True, ":material/check:"),
        (_("Not now"), False, ":material/schedule:"),
    ):
        chosen = st.button(
            label, key=f"answer.{request_id}.{yes}", type="primary" if yes else "secondary", icon=icon
        )
        if chosen and failure.worked(
            lambda yes=yes: expertise_requests.answer(page.store, page.actor, request_id, yes=yes),  # type: ignore[misc]
            done=_("Agreed.") if yes else _("Answered. Nobody else sees this."),
        ):
            st.rerun()


def asked_row(page: Page, one: Request) -> None:
    """What this person asked or held out, how it stands, and the way back."""
    with _row(f"asked_{one.id}"):
        other_id = one.decider_id if one.is_held_out else one.offered_by
        if other_id == page.actor.person_id:
            other_id = one.asker_id
        name = page.staff.person_name(other_id) or ""
        title = _("“{offer}” for {what} “{about}”").format(
            offer=one.offer, what=_(NOUNS[one.noun]), about=one.about
        )
        st.html(_told(title, name, i18n.day(one.asked_on, year=False)))
        _badge(one)
        _end(page, one)


def _end(page: Page, one: Request) -> None:
    label = _("Take back") if one.state is RequestState.OPEN else _("End")
    if one.state is RequestState.DECLINED:
        label = _("Clear away")
    if st.button(label, key=f"end.{one.id}", type="tertiary") and failure.worked(
        lambda: expertise_requests.end(page.store, page.actor, one.id), done=_("Saved.")
    ):
        st.rerun()


def agreed_row(page: Page, one: Request) -> None:
    """What a colleague brings in, for everybody; one of the two ends it."""
    name = page.staff.person_name(one.offered_by) or "–"
    with _row(f"agreed_{one.id}"):
        st.html(_told(one.offer, name, _(NOUNS[one.noun]) + f" “{one.about}”"))
        if page.actor.person_id in (one.asker_id, one.offered_by, one.decider_id):
            _end(page, one)
        else:
            _badge(one)


# --- on the page of an action ----------------------------------------------------------------------------


def of_action(page: Page, action: Action, goal: Goal | None, *, editable: bool) -> None:
    """Who brings in what, and who offers something that fits: one click to ask."""
    if not page.may_see_running:
        return
    there = expertise_requests.about(page.store, page.actor, "action", action.action_id)
    found = expertise_matches.of_action(page.store, page.actor, action, goal) if editable else ()
    if not there and not found:
        return
    parts.heading(_("Expertise in the team"))
    for one in there:
        if one.state is RequestState.AGREED:
            agreed_row(page, one)
        elif one.asker_id == page.actor.person_id:
            asked_row(page, one)
        else:
            to_answer(page, one)
    for fit in found[:N_SHOWN]:
        fit_row(page, fit, action, (), at_once=True)
    if len(found) > N_SHOWN:
        with st.expander(_("More that fits ({n})").format(n=len(found) - N_SHOWN), key="expertise.more"):
            for fit in found[N_SHOWN:]:
                fit_row(page, fit, action, (), at_once=True)


# --- the whole -------------------------------------------------------------------------------------------


def whole(page: Page, board: Board) -> None:
    """Goals and learning questions with what fits, what nobody uses yet, and what nobody offers."""
    found = expertise_matches.whole(page.store, page.actor, board)
    requests = (
        expertise_requests.concerning(page.store, page.actor) if page.actor.person_id is not None else []
    )
    how_matched()
    parts.heading(_("Goals"))
    if not found.goals:
        parts.empty(_("There is no open goal in this cycle."), page="goals", label=_("Goals"))
    for need in found.goals:
        _goal(page, need, requests)
    if found.learning:
        parts.heading(_("Learning questions"))
        parts.note(_("You see these because you work on them: nobody else sees a learning question here."))
        for one, fits in found.learning:
            _learning(page, one, fits)
    _list(page, _("Offered and not used yet"), found.unused)
    _list(page, _("Asked, and nobody offers it yet"), found.unanswered)


def _goal(page: Page, need: GoalNeed, requests: Sequence[Request]) -> None:
    goal = need.goal
    with parts.card(f"need_{goal.goal_id}"):
        with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
            navigation.link("goal", goal.title, query={"goal": goal.goal_id})
            if not need.agreed:
                text = _("fits, not asked yet") if need.fits else _("no expertise offered yet")
                st.html(parts.badge(text, "quiet" if need.fits else "talk"))
        for one in need.agreed:
            agreed_row(page, one)
        used = {one.expertise_id for one in need.agreed}
        rest = [fit for fit in need.fits if fit.offer.id not in used]
        for fit in rest[:N_SHOWN]:
            fit_row(page, fit, goal, requests)


def _learning(page: Page, one: Trajectory, fits: Sequence[Fit]) -> None:
    with parts.card(f"learning_{one.id}"):
        st.html(f"<strong>{safe(one.question)}</strong>")
        for fit in fits[:N_SHOWN]:
            name = page.staff.person_name(fit.offer.person_id) or "–"
            st.html(_told(fit.offer.title, name, why(fit)))
        if not fits:
            parts.note(_("Nobody offers expertise that fits this question yet."))


def _list(page: Page, heading: str, found: Sequence[Expertise]) -> None:
    if not found:
        return
    parts.heading(heading)
    with parts.card(f"list_{found[0].kind}"):
        parts.lines((one.title, one.note, page.staff.person_name(one.person_id) or "–") for one in found)
