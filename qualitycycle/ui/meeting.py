"""The weekly meeting on the projector: one screen, six blocks, one line at a time."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle.cycle import meeting_clock, meeting_entries, meetings, plan, thread
from qualitycycle.cycle.meeting_clock import Clock
from qualitycycle.cycle.meeting_words import PARTS, ROLES
from qualitycycle.cycle.meetings import Block
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import ConfidenceVote, Cycle, Goal, Meeting
from qualitycycle.ui import (
    address,
    failure,
    meeting_blocks,
    meeting_capture,
    meeting_figures,
    meeting_start,
    navigation,
    parts,
    vote,
)
from qualitycycle.ui import meeting_clock as clock_parts
from qualitycycle.ui.meeting_capture import Room
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe


def show(page: Page) -> None:
    """The meeting that is held now, or the way to begin one."""
    found = meetings.all_running(page.store, page.actor)
    meeting = _asked_for(found)
    if meeting is None:
        meeting_start.show(page, found)
        return
    if _on_vote(page, meeting):
        return
    _running(page, meeting)


def _asked_for(found: Sequence[Meeting]) -> Meeting | None:
    """The running meeting the address asks for; the only one there is without being asked for."""
    wanted = st.query_params.get("meeting")
    if wanted == meeting_start.ANOTHER:
        return None
    if wanted:
        return next((one for one in found if one.meeting_id == wanted), None)
    return found[0] if len(found) == 1 else None


def _on_vote(page: Page, meeting: Meeting) -> bool:
    """A confidence vote takes the whole screen, and leads back here."""
    vote_id = st.query_params.get("vote")
    if not vote_id or not meetings.may_hold(page.actor):
        return False
    address.keep()
    found = failure.attempt(lambda: plan.get(page.store, page.actor, ConfidenceVote, vote_id))
    if found is None:
        return False
    goal = plan.get(page.store, page.actor, Goal, found.goal_id)
    vote.on_projector(page, goal, found, back=lambda: meeting_figures.back_button(meeting.meeting_id))
    return True


# --- running ---------------------------------------------------------------------------------------------


def _running(page: Page, meeting: Meeting) -> None:
    clock = meeting_clock.look(page.store, page.actor, meeting.meeting_id)
    blocks = meetings.blocks_of(meeting.blocks)
    block = blocks[clock.place]
    room = Room(page, meeting, thread.thread(page.store, page.actor, meeting.cycle_id))
    with st.container(key="meeting"):
        _top(page, meeting, blocks, clock)
        middle = st.container()
        # The way on comes first: when the new block is seen, its button and its keys are there already.
        _bottom(page, meeting, blocks, clock)
        left, right = middle.columns([1.65, 1], gap="medium")
        with left:
            st.html(
                f'<div class="qc-block-head"><h2>{safe(_title(block))}</h2>'
                f"{clock_parts.of_block(meeting, clock)}</div>"
            )
            with st.container(key="meeting_block"):
                meeting_blocks.show(room, block.part)
        with right:
            meeting_capture.show(room, block.part)
    clock_parts.keep_going(page, meeting, clock.place, page.store.version)


def _title(block: Block) -> str:
    return block.title or _(PARTS[block.part])


def _top(page: Page, meeting: Meeting, blocks: Sequence[Block], clock: Clock) -> None:
    """All blocks in a row, the one that is on marked, and the total."""
    items = "".join(
        f'<li class="{_when(place, clock)}"{_current(place, clock)}>{safe(_title(block))}'
        f" <small>{block.minutes}′</small></li>"
        for place, block in enumerate(blocks)
    )
    team = page.staff.team_name(meeting.team_id)
    name = f"{_('Weekly meeting')} · {team}" if team else _("Weekly meeting")
    st.html(
        f'<div class="qc-meeting-top"><strong>{safe(name)}</strong>'
        f'<ol class="qc-steps" aria-label="{safe(_("Blocks of the meeting"))}">{items}</ol>'
        f"{clock_parts.total(meeting, clock)}</div>"
    )


def _when(place: int, clock: Clock) -> str:
    return "now" if place == clock.place else "past" if place < clock.place else ""


def _current(place: int, clock: Clock) -> str:
    return ' aria-current="step"' if place == clock.place else ""


def _bottom(page: Page, meeting: Meeting, blocks: Sequence[Block], clock: Clock) -> None:
    """The way through the blocks, who does what, and out."""
    with st.container(
        horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", key="meeting_bottom"
    ):
        if meetings.may_hold(page.actor):
            with st.container(horizontal=True, vertical_alignment="center", width="content"):
                _step(page, meeting, clock.place - 1, _("Back"), "Alt+P", "meeting.back", clock.place > 0)
                if clock.place + 1 < len(blocks):
                    label = _("Next: {block}").format(block=_title(blocks[clock.place + 1]))
                    _step(page, meeting, clock.place + 1, label, "Alt+N", "meeting.next", True)
        st.html(f'<p class="qc-quiet">{safe(_who(page, meeting))}</p>')
        with st.container(horizontal=True, vertical_alignment="center", width="content"):
            if meetings.may_hold(page.actor):
                _who_is_there(page, meeting)
            if st.button(_("Leave the screen"), key="meeting.leave", type="tertiary"):
                navigation.go("this_week")


def _step(page: Page, meeting: Meeting, place: int, label: str, keys: str, key: str, possible: bool) -> None:
    """One block on or back. Keys with Alt work while somebody types in a field too."""
    forward = key == "meeting.next"
    # A second click of a double click is about a button that is gone by then.
    if st.button(
        plain(label),
        key=f"{key}.{place}",
        type="primary" if forward else "secondary",
        shortcut=keys,
        disabled=not possible,
    ) and failure.worked(lambda: meeting_clock.beat(page.store, page.actor, meeting.meeting_id, place)):
        st.rerun()


def _who(page: Page, meeting: Meeting) -> str:
    names = [
        f"{_(ROLES[role])}: {page.staff.person_name(meeting.roles[role]) or '–'}"
        for role in meetings.ROLES
        if role in meeting.roles
    ]
    n = len(meeting.present_ids)
    return " · ".join([*names, ngettext("{n} person", "{n} people", n).format(n=n)])


def _who_is_there(page: Page, meeting: Meeting) -> None:
    """Somebody came in or left, or takes over a role; and the way out of a meeting that was a mistake."""
    # What is set before a popover opens does not reach it: it is filled when it opens.
    with st.popover(_("Who is here"), key="meeting.who", type="tertiary", on_change="rerun") as opened:
        if not opened.open:
            return
        present = meeting_start.people(
            page, meeting.team_id, list(meeting.present_ids), key="meeting.present"
        )
        roles = meeting_start.roles(page, present, meeting.roles, key="meeting.roles")
        own = meeting.meeting_id
        if st.button(_("Save"), key="meeting.save_who", type="primary") and failure.worked(
            lambda: meetings.change_present(page.store, page.actor, own, present, roles), done=_("Saved.")
        ):
            st.rerun()
        if not meeting.entries:
            parts.note(_("Nothing was put down yet."))
            if st.button(
                _("This meeting is not held"), key="meeting.cancel", type="tertiary"
            ) and failure.worked(lambda: meetings.cancel(page.store, page.actor, own)):
                st.rerun()


# --- a success of outside a meeting ----------------------------------------------------------------------


def add_success(page: Page, cycle: Cycle) -> None:
    """One line on the start page: everybody of the school may name a success."""
    with st.popover(_("Name a success"), key="success.add", icon=":material/celebration:"):
        n = st.session_state.setdefault("success.n", 0)
        if st.session_state.pop("success.clear", False):
            st.session_state["success.title"], st.session_state["success.about"] = "", None
        title = st.text_input(_("What went well?"), key="success.title", max_chars=meeting_entries.MOST_SIGNS)
        goals = plan.find(page.store, page.actor, Goal, cycle_id=cycle.cycle_id)
        things = {one.goal_id: one for one in goals}
        about = st.selectbox(
            _("Goal"),
            [None, *things],
            format_func=lambda key: things[key].title if key in things else _("none"),
            key="success.about",
        )
        # Numbered, so that the second click of a double click sends nothing.
        if st.button(_("Put down"), key=f"success.send.{n}", type="primary") and failure.worked(
            lambda: meeting_entries.add_success(
                page.store, page.actor, cycle.cycle_id, str(title or ""), things.get(about or "")
            ),
            done=_("Saved. It stands on the next weekly meeting."),
        ):
            # Only forgotten, the words would stay in the browser and be sent once more.
            st.session_state["success.clear"], st.session_state["success.n"] = True, n + 1
            st.rerun()
