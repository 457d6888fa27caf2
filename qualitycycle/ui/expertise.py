"""Expertise in the team on screen: one's own, that of the team, and where it fits."""

from __future__ import annotations

from typing import Any

import streamlit as st

from qualitycycle.cycle import expertise, expertise_matches, expertise_requests, plan
from qualitycycle.cycle.expertise import Board
from qualitycycle.cycle.expertise_requests import Request, RequestState
from qualitycycle.i18n import N_, _
from qualitycycle.model import Expertise, ExpertiseKind, ExpertiseTheme
from qualitycycle.store.records import new_id
from qualitycycle.ui import expertise_fits, failure, forms, guidance, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

PARTS = {"mine": N_("My own"), "team": N_("The whole team"), "fits": N_("Where it fits")}
KINDS = {ExpertiseKind.OFFER: N_("I offer this"), ExpertiseKind.QUESTION: N_("I want to learn this")}
# As somebody else reads it.
BADGES = {ExpertiseKind.OFFER: N_("offers"), ExpertiseKind.QUESTION: N_("wants to learn")}
TONES = {ExpertiseKind.OFFER: "good", ExpertiseKind.QUESTION: "talk"}


def show(page: Page) -> None:
    """What waits for an answer first, then one part."""
    board = expertise.board(page.store, page.actor)
    for one in expertise_requests.waiting(page.store, page.actor):
        expertise_fits.to_answer(page, one)
    part = _pick_part(page)
    if part == "mine":
        _mine(page, board)
    elif part == "team":
        _team(page, board)
    else:
        expertise_fits.whole(page, board)


def _pick_part(page: Page) -> str:
    offered = {name: title for name, title in PARTS.items() if name != "mine" or page.actor.person_id}
    return parts.pick_part(offered, key="expertise.part", start=next(iter(offered)))


# --- one's own -------------------------------------------------------------------------------------------


def _mine(page: Page, board: Board) -> None:
    parts.note(
        _(
            "Your colleagues, the internal coach and the school leader read this under your name. Only you can change "
            "it. It is there to find each other; it is no part of an appraisal, and nothing is counted per person."
        )
    )
    own = expertise.own(page.store, page.actor)
    requests = expertise_requests.concerning(page.store, page.actor)
    if own:
        with st.expander(_("Add something"), key="expertise.add"):
            _add(page, board)
    else:
        parts.heading(_("What do you offer, and what do you want to learn?"))
        _add(page, board)
    for one in own:
        _own(page, board, one, requests)
    _asked(page, requests)
    _put_aside(page)


def _fields(board: Board) -> list[Field]:
    themes = {theme.id: theme.title for theme in board.themes}
    chooses = [Field("theme_id", _("Theme"), Kind.CHOICE, themes)] if themes else []
    return [
        Field("title", _("In your own words, short")),
        *chooses,
        Field("note", _("Note, such as when or how"), Kind.TEXT),
    ]


def _add(page: Page, board: Board) -> None:
    kind = Field(
        "kind",
        _("What is it?"),
        Kind.CHOICE,
        {kind: _(text) for kind, text in KINDS.items()},
        optional=False,
    )
    start = {"kind": ExpertiseKind.OFFER}
    values = forms.form("expertise.new", [kind, *_fields(board)], start, submit=_("Add to the board"))
    _warn(page, "expertise.new")
    if values is None:
        return
    if failure.attempt(lambda: expertise.add(page.store, page.actor, **values), done=_("Added.")):
        forms.forget("expertise.new")
        st.rerun()


def _warn(page: Page, key: str) -> None:
    guidance.warn(page, *(str(st.session_state.get(f"{key}.{name}", "")) for name in ("title", "note")))


def _own(page: Page, board: Board, one: Expertise, requests: list[Request]) -> None:
    with parts.card(f"expertise_{one.id}"):
        st.html(_head(board, one))
        if one.kind is ExpertiseKind.QUESTION:
            found = expertise_matches.for_question(board, one)
            for fit in found:
                expertise_fits.fit_row(page, fit, one, requests)
            if not found:
                parts.note(_("Nobody offers this yet. It stands on the board, so a colleague may see it."))
        else:
            expertise_fits.use_rows(
                page, one, expertise_matches.uses(page.store, page.actor, board, one), requests
            )
        with st.container(horizontal=True):
            with st.popover(_("Change"), key=f"expertise.{one.id}.change", type="tertiary"):
                _change(page, board, one)
            if st.button(_("Put aside"), key=f"expertise.{one.id}.aside", type="tertiary") and failure.worked(
                lambda: expertise.put_aside(page.store, page.actor, one.id),
                done=_("Put aside. You can bring it back below."),
            ):
                st.rerun()


def _head(board: Board, one: Expertise) -> str:
    theme = board.theme(one)
    quiet = " · ".join(filter(None, [theme.title if theme else "", one.note]))
    return (
        f"{parts.badge(_(KINDS[one.kind]), TONES[one.kind])} <strong>{safe(one.title)}</strong>"
        f'<br><span class="qc-quiet">{safe(quiet)}</span>'
    )


def _change(page: Page, board: Board, one: Expertise) -> None:
    def save(seen: int, values: dict[str, Any]) -> Expertise:
        return expertise.change(
            page.store,
            page.actor,
            one.id,
            seen,
            title=values["title"],
            note=values["note"],
            theme_id=values.get("theme_id"),
        )

    key = f"expertise.{one.id}.words"
    if forms.edit(page, one, _fields(board), key=key, save=save):
        st.rerun()
    _warn(page, key)


def _asked(page: Page, requests: list[Request]) -> None:
    """What one asked or held out, and what was agreed; what waits for an answer stands at the top."""
    own = [
        one for one in requests if one.asker_id == page.actor.person_id or one.state is RequestState.AGREED
    ]
    if not own:
        return
    parts.heading(_("What you asked, offered and agreed"))
    for one in own:
        expertise_fits.asked_row(page, one)


def _put_aside(page: Page) -> None:
    found = expertise.own(page.store, page.actor, archived=True)
    if not found:
        return
    with st.expander(_("Put aside ({n})").format(n=len(found)), key="expertise.archived"):
        for one in found:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.write(plain(one.title))
                back = st.button(_("Bring back"), key=f"expertise.{one.id}.back", type="tertiary")
                if back and failure.worked(
                    lambda one=one: expertise.bring_back(page.store, page.actor, one.id),  # type: ignore[misc]
                    done=_("It is back."),
                ):
                    st.rerun()


# --- the team --------------------------------------------------------------------------------------------


def _team(page: Page, board: Board) -> None:
    """By theme, never by person: what is there to be found, and what is asked."""
    if not (board.offers or board.questions):
        parts.empty(_("Nobody put anything on the board yet. Begin with yourself."))
    else:
        with parts.card("expertise_board"):
            themes = "".join(_theme(page, board, theme) for theme in (*board.themes, None))
            st.html(f'<div class="qc-board">{themes}</div>')
    if page.may_edit:
        with st.expander(_("Change the list of themes"), key="expertise.themes"):
            _themes(page, board)


def _theme(page: Page, board: Board, theme: ExpertiseTheme | None) -> str:
    own = board.about(theme.id if theme else None)
    if not own:
        return ""
    title = safe(theme.title if theme else _("Without a theme"))
    return f"<h3>{title}</h3>" + "".join(_line(page, one) for one in own)


def _line(page: Page, one: Expertise) -> str:
    name = page.staff.person_name(one.person_id) or "–"
    note = f" <small>{safe(one.note)}</small>" if one.note else ""
    badge = parts.badge(_(BADGES[one.kind]), TONES[one.kind])
    return (
        f'<div class="qc-line"><span>{safe(one.title)}{note}</span>'
        f'<span class="qc-right">{safe(name)} {badge}</span></div>'
    )


def _themes(page: Page, board: Board) -> None:
    parts.note(
        _(
            "A theme is found in a goal or an action by its title and its words. Change them to what your school says."
        )
    )
    if not board.themes and st.button(_("Begin with a list of themes"), type="primary", key="themes.lay_out"):
        if failure.attempt(lambda: expertise.lay_out_themes(page.store, page.actor)) is not None:
            st.rerun()
        return
    for theme in board.themes:
        label = f"{theme.title}: {', '.join(theme.words)}" if theme.words else theme.title
        with st.popover(plain(label), key=f"theme.{theme.id}", type="tertiary"):
            if forms.edit(page, theme, _theme_fields(), key=f"theme.{theme.id}.edit"):
                st.rerun()
            forms.archive_button(page, theme)
    values = forms.form("theme.new", _theme_fields(), {}, submit=_("Add theme"), primary=False)
    if values is not None and failure.worked(
        lambda: plan.record(page.store, page.actor, ExpertiseTheme(expertise_theme_id=new_id(), **values)),
        done=_("Added."),
    ):
        forms.forget("theme.new")
        st.rerun()
    put_aside = [
        one for one in plan.find(page.store, page.actor, ExpertiseTheme, archived=True) if one.archived
    ]
    forms.archived(page, ExpertiseTheme, put_aside)


def _theme_fields() -> list[Field]:
    return [
        Field("title", _("Theme")),
        Field("words", _("Words by which it is found, one a line"), Kind.LINES),
    ]
