"""Before a meeting: who is there, who does what, what is on the agenda, and the school's own blocks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import meeting_agenda, meetings, plan
from qualitycycle.cycle.agenda import Agenda
from qualitycycle.cycle.meeting_words import PARTS, ROLES
from qualitycycle.cycle.meetings import Block
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Goal, Meeting
from qualitycycle.ui import failure, forms, navigation, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

# In the address: begin another one beside a meeting that is being held.
ANOTHER = "another"
N_GOALS = 4


def show(page: Page, running: Sequence[Meeting]) -> None:
    """Meetings that are being held, and the way to begin one."""
    for one in running:
        team = page.staff.team_name(one.team_id) or _("the whole school")
        label = _("Go on with the meeting of {team}").format(team=team)
        if st.button(
            plain(label), key=f"resume.{one.meeting_id}", type="primary", icon=":material/play_arrow:"
        ):
            navigation.go("meeting", meeting=one.meeting_id)
    cycle = plan.running_cycle(page.store)
    if cycle is None:
        parts.empty(
            _("No quality cycle is running. A weekly meeting belongs to one."),
            page="cycles",
            label=_("Quality cycles"),
        )
        return
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        team_id = _team(page)
    with right, parts.card("agenda"):
        brought = meeting_agenda.gather(page.store, page.actor, cycle.cycle_id, team_id)
        _agenda(page, brought.agenda, len(brought.waiting))
        _streak(page, team_id)
    with left:
        if meetings.may_hold(page.actor):
            _begin(page, team_id)
        else:
            parts.note(_("The school leader or the internal coach starts the meeting; then you see it here."))
        navigation.link("minutes", _("Minutes of earlier meetings"))
    if meetings.may_hold(page.actor):
        with st.expander(_("Your own blocks"), key="own_blocks"):
            _own_blocks(page)


def _team(page: Page) -> str | None:
    """Which team meets; the whole school unless another is chosen."""
    teams = {one.team_id: one.name for one in page.staff.teams if not one.archived}
    if len(teams) < 2 or not meetings.may_hold(page.actor):
        return None
    return st.selectbox(
        _("Who meets?"),
        [None, *teams],
        format_func=lambda key: teams.get(key, _("The whole school")),
        key="meeting.team",
        width=260,
    )


def _begin(page: Page, team_id: str | None) -> None:
    everybody = [one.person_id for one in meetings.expected(page.store, team_id)]
    present = people(page, team_id, everybody, key=f"start.present.{team_id}")
    drawn = st.session_state.get(f"start.drawn.{team_id}")
    if drawn is None or not set(drawn.values()) <= set(present):
        drawn = meetings.suggested_roles(page.store, page.actor, present, team_id)
        st.session_state[f"start.drawn.{team_id}"] = drawn
        forms.forget(f"start.roles.{team_id}")
    chosen = roles(page, present, drawn, key=f"start.roles.{team_id}")
    with st.container(horizontal=True, vertical_alignment="center"):
        begun = st.button(
            _("Start the meeting"), key="meeting.start", type="primary", icon=":material/play_arrow:"
        )
        if st.button(_("Draw again"), key="meeting.draw", type="tertiary", icon=":material/casino:"):
            st.session_state.pop(f"start.drawn.{team_id}")
            st.rerun()
    if begun:
        meeting = failure.attempt(
            lambda: meetings.start(page.store, page.actor, present, chosen, team_id=team_id)
        )
        if meeting is not None:
            navigation.go("meeting", meeting=meeting.meeting_id)


def people(page: Page, team_id: str | None, start: list[str], *, key: str) -> list[str]:
    """Who is there: a click takes somebody out or in."""
    names = {one.person_id: one.name for one in meetings.expected(page.store, team_id)}
    if key not in st.session_state:
        st.session_state[key] = [one for one in start if one in names]
    chosen = st.pills(
        _("Who is here?"),
        list(names),
        selection_mode="multi",
        format_func=lambda one: names.get(one, "–"),
        key=key,
        wrap=True,
    )
    return [one for one in chosen or [] if one in names]


def roles(page: Page, present: Sequence[str], start: Mapping[str, str], *, key: str) -> dict[str, str]:
    """Who leads, takes notes and keeps time, of those who are there."""
    names = {one: page.staff.person_name(one) or "–" for one in present}
    found: dict[str, str] = {}
    for column, role in zip(st.columns(len(meetings.ROLES)), meetings.ROLES, strict=True):
        own = f"{key}.{role}"
        if st.session_state.get(own, "") not in (None, *names):
            st.session_state[own] = start.get(role) if start.get(role) in names else None
        with column:
            chosen = st.selectbox(
                _(ROLES[role]), [None, *names], format_func=lambda one: names.get(one, "–"), key=own
            )
        if chosen in names:
            found[role] = str(chosen)
    return found


# --- what is on the agenda -------------------------------------------------------------------------------


def _agenda(page: Page, brought: Agenda, n_waiting: int) -> None:
    parts.heading(_("On the agenda"))
    counts = [
        ngettext(
            "{n} agreement to look back on", "{n} agreements to look back on", len(brought.promises)
        ).format(n=len(brought.promises)),
        ngettext("{n} goal that needs talk", "{n} goals that need talk", len(brought.talk)).format(
            n=len(brought.talk)
        ),
        ngettext(
            "{n} obstacle open for over two weeks",
            "{n} obstacles open for over two weeks",
            len(brought.obstacles),
        ).format(n=len(brought.obstacles)),
        ngettext(
            "{n} point of support, policy or the calendar",
            "{n} points of support, policy or the calendar",
            n_waiting,
        ).format(n=n_waiting),
    ]
    wanted = (len(brought.promises), len(brought.talk), len(brought.obstacles), n_waiting)
    parts.bullets([said for said, n in zip(counts, wanted, strict=True) if n] or [_("Nothing waits.")])
    titles = {one.goal_id: one.title for one in plan.find(page.store, page.actor, Goal)}
    if brought.focus in titles:
        st.html(
            f'<p><small class="qc-quiet">{safe(_("In focus this week"))}</small><br>'
            f"<b>{safe(titles[brought.focus])}</b></p>"
        )
    for talk in brought.talk[:N_GOALS]:
        navigation.link("goal", titles[talk.goal_id], query={"goal": talk.goal_id})


def _streak(page: Page, team_id: str | None) -> None:
    n = meetings.streak(page.store, page.actor, team_id)
    if n:
        text = ngettext("{n} week in a row with a meeting.", "{n} weeks in a row with a meeting.", n)
        parts.note(text.format(n=n) + " " + _("Holidays do not count."))
    last = next((one for one in meetings.held(page.store, page.actor) if one.team_id == team_id), None)
    if last:
        navigation.link(
            "minutes",
            _("Minutes of {day}").format(day=i18n.day(last.held_on, year=False)),
            query={"meeting": last.meeting_id},
        )


# --- the school's own blocks -----------------------------------------------------------------------------


def _own_blocks(page: Page) -> None:
    """Rename, reorder and retime; it holds for meetings that start from now on."""
    blocks = list(meetings.usual_blocks(page.store))
    total = sum(block.minutes for block in blocks)
    parts.note(
        _("Together {n} minutes. What you change here holds from the next meeting on.").format(n=total)
    )
    typed = [_block_row(page, blocks, place) for place in range(len(blocks))]
    with st.container(horizontal=True):
        if st.button(_("Save"), key="blocks.save", type="primary"):
            _keep(page, typed)
        if st.button(_("The usual blocks"), key="blocks.usual", type="tertiary"):
            _keep(page, meetings.blocks_of(()))


def _block_row(page: Page, blocks: list[Block], place: int) -> Block:
    block = blocks[place]
    with st.container(horizontal=True, vertical_alignment="bottom", key=f"blocks.{block.part}"):
        title = st.text_input(
            _(PARTS[block.part]),
            value=block.title,
            placeholder=_(PARTS[block.part]),
            key=f"blocks.title.{block.part}",
            max_chars=30,
        )
        minutes = st.number_input(
            _("How many minutes"),
            min_value=1,
            max_value=meetings.MOST_MINUTES,
            value=block.minutes,
            step=1,
            key=f"blocks.minutes.{block.part}",
            width=130,
        )
        for label, shift, icon in (
            (_("Up"), -1, ":material/arrow_upward:"),
            (_("Down"), 1, ":material/arrow_downward:"),
        ):
            there = place + shift
            if st.button(
                label,
                key=f"blocks.move.{block.part}.{shift}",
                icon=icon,
                type="tertiary",
                disabled=not 0 <= there < len(blocks),
            ):
                blocks[place], blocks[there] = blocks[there], blocks[place]
                _keep(page, blocks)
    return Block(block.part, int(minutes), str(title or "").strip())


def _keep(page: Page, blocks: Sequence[Any]) -> None:
    if failure.attempt(lambda: meetings.arrange(page.store, page.actor, blocks), done=_("Saved.")):
        forms.forget("blocks")
        st.rerun()
