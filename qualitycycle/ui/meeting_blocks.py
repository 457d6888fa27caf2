"""What stands at the left of the screen in each block of a meeting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import goal_talks, meeting_agenda, meeting_entries, meetings, minutes, plan, thread
from qualitycycle.cycle.meeting_words import CHECK_IN, OBSTACLES, RATING, REASONS, ROLES, TURNS
from qualitycycle.cycle.minutes import Feeling, Minutes
from qualitycycle.cycle.waiting_words import KINDS, said, title
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, MeetingAction, Obstacle, Parked, Part, Turn, TurnReason
from qualitycycle.ui import failure, forms, meeting_figures, meeting_points, navigation, parts
from qualitycycle.ui.meeting_capture import Room
from qualitycycle.ui.text import plain, safe

# What fits on one screen of a laptop.
N_ROWS = 6
N_SHOWN = 7
N_PEOPLE = 10


def show(room: Room, part: Part) -> None:
    """One block."""
    _BLOCKS[part](room)


# --- check-in and rating ---------------------------------------------------------------------------------


def _check_in(room: Room) -> None:
    st.html(f'<p class="qc-ask">{safe(_("How are you? Show it with your hand, all at the same time."))}</p>')
    _hands(room, "check_in", CHECK_IN)
    names = {role: room.page.staff.person_name(person) or "–" for role, person in room.meeting.roles.items()}
    rows = [(_(ROLES[role]), names[role]) for role in meetings.ROLES if role in names]
    parts.facts([*rows, (_("Present"), _n_present(room))])


def _n_present(room: Room) -> str:
    n = len(room.meeting.present_ids)
    return ngettext("{n} person", "{n} people", n).format(n=n)


def _hands(room: Room, what: str, levels: tuple[str, ...]) -> None:
    """Three counts of hands; of a few people nothing is kept but that it was asked."""
    done = _kept(getattr(room.meeting, what))
    if done.asked:
        if done.counts:
            rows = [
                f"<li><b>{n}</b> {safe(_(level))}</li>" for n, level in zip(done.counts, levels, strict=True)
            ]
            st.html(f'<ul class="qc-hands">{"".join(rows)}</ul>')
        else:
            parts.note(_("Asked. With fewer than ten hands no numbers are kept, so that nobody stands out."))
        return
    if not meetings.may_hold(room.page.actor):
        parts.note(_("Nothing is kept of who showed what."))
        return
    counts = []
    for place, (column, level) in enumerate(zip(st.columns(len(levels)), levels, strict=True)):
        with column:
            counts.append(
                st.number_input(_(level), min_value=0, max_value=99, value=0, step=1, key=f"{what}.{place}")
            )
    parts.note(
        _("Count the hands. Nothing is kept of who showed what; below ten hands not even the numbers.")
    )
    if st.button(_("Asked"), key=f"{what}.done", type="primary", icon=":material/back_hand:"):
        page, own = room.page, room.meeting.meeting_id
        if failure.attempt(
            lambda: meetings.feel(page.store, page.actor, own, what, [int(n) for n in counts])
        ):
            st.rerun()


def _kept(data: Mapping[str, Any]) -> Feeling:
    return Feeling(asked=bool(data.get("asked")), counts=tuple(data.get("counts", ())))


# --- successes -------------------------------------------------------------------------------------------


def _successes(room: Room) -> None:
    made = minutes.minutes(room.page.store, room.page.actor, room.meeting.meeting_id)
    if not made.successes:
        st.html(
            f'<p class="qc-ask">{safe(_("What went well since the last time? Who wants to name it?"))}</p>'
        )
        parts.note(_("Successes that colleagues added during the week stand here by themselves."))
        return
    shown = made.successes[-N_SHOWN:]
    items = [
        f"<li>{safe(one.title)}{f' <small>{safe(one.about)}</small>' if one.about else ''}</li>"
        for one in shown
    ]
    st.html(f'<ul class="qc-proud">{"".join(items)}</ul>')
    _more(len(made.successes) - len(shown))


def _more(n: int) -> None:
    if n > 0:
        parts.note(_("and {n} more").format(n=n))


# --- promises --------------------------------------------------------------------------------------------


def _actions(room: Room) -> None:
    """Last meeting's promises first, then what is late or due; obstacles of long ago; what was kept for later."""
    brought = meeting_agenda.brought(room.meeting).agenda
    turns = {one.action_id: one for one in _of_meeting(room, MeetingAction)}
    actions = {one.action_id: one for one in room.found.actions}
    asked = [actions[one] for one in brought.promises if one in actions]
    waiting = [one for one in asked if one.action_id not in turns and one.state in meeting_agenda.OPEN]
    obstacles = _open_obstacles(room, brought.obstacles)
    room_left = max(N_ROWS - min(len(obstacles), 2), 1)
    if not waiting and not obstacles:
        parts.note(_("Nothing waits here. Well done."))
    for action in waiting[:room_left]:
        _promise(room, action)
    _more(len(waiting) - room_left)
    for obstacle in obstacles[:2]:
        _obstacle(room, obstacle)
    done = [one for one in turns.values() if one.turn is not Turn.MADE]
    if done:
        said = [f"{_(TURNS[turn])}: {sum(one.turn is turn for one in done)}" for turn in Turn]
        parts.note(" · ".join(one for one in said if not one.endswith(": 0")))
    _parked(room)


def _of_meeting(room: Room, noun: type[MeetingAction]) -> list[MeetingAction]:
    return plan.find(room.page.store, room.page.actor, noun, meeting_id=room.meeting.meeting_id)


def _promise(room: Room, action: Action) -> None:
    """One promise: who, by when, and three ways to go on."""
    owner = room.page.staff.person_name(action.owner_id) or _("no owner")
    day = i18n.day(action.due_on, year=False) if action.due_on else _("no date")
    late = ' class="qc-late-text"' if thread.is_late(action, today()) else ""
    with st.container(horizontal=True, vertical_alignment="center", key=f"promise.{action.action_id}"):
        with st.container(width="stretch"):
            st.html(
                f'<p class="qc-promise"><b>{safe(action.title)}</b> <span>{safe(owner)} · '
                f"<em{late}>{safe(day)}</em></span></p>"
            )
        page, own = room.page, room.meeting.meeting_id
        if meetings.may_hold(page.actor) or action.owner_id == page.actor.person_id:
            _button(
                _("Done"),
                f"keep.{action.action_id}",
                lambda: meeting_entries.keep(page.store, page.actor, own, action.action_id),
                icon=":material/check:",
            )
        if meetings.may_hold(page.actor):
            _carry(room, action)
            _drop(room, action)


def _button(label: str, key: str, do: Callable[[], object], icon: str | None = None) -> None:
    if st.button(label, key=key, icon=icon) and failure.worked(do):
        st.rerun()


def _carry(room: Room, action: Action) -> None:
    page, own = room.page, room.meeting.meeting_id
    with st.popover(_("Carry over"), key=f"carry.{action.action_id}"):
        until = st.date_input(
            _("By when?"),
            _coming(room),
            key=f"carry.due.{action.action_id}",
            format=forms.DATE_FORMAT,
            min_value=today(),
        )
        reason = _reasons(Turn.CARRIED, f"carry.why.{action.action_id}")
        new = until if isinstance(until, date) else None
        if reason and failure.worked(
            lambda: meeting_entries.carry_over(page.store, page.actor, own, action.action_id, reason, new)
        ):
            st.rerun()


def _coming(room: Room) -> date:
    coming = meetings.next_day(room.meeting.held_on, goal_talks.school_mondays(room.page.store))
    return coming or today() + timedelta(days=7)


def _drop(room: Room, action: Action) -> None:
    page, own = room.page, room.meeting.meeting_id
    with st.popover(_("Drop"), key=f"drop.{action.action_id}", type="tertiary"):
        reason = _reasons(Turn.DROPPED, f"drop.why.{action.action_id}")
        if reason and failure.worked(
            lambda: meeting_entries.drop(page.store, page.actor, own, action.action_id, reason)
        ):
            st.rerun()


def _reasons(turn: Turn, key: str) -> TurnReason | None:
    """One click on a reason is all there is to it."""
    return st.pills(
        _("Why? One click and it is done."),
        meeting_entries.REASONS[turn],
        format_func=lambda one: _(REASONS[one]),
        key=key,
        wrap=True,
    )


def _open_obstacles(room: Room, ids: tuple[str, ...]) -> list[Obstacle]:
    found = plan.find(room.page.store, room.page.actor, Obstacle, cycle_id=room.meeting.cycle_id)
    by_id = {one.obstacle_id: one for one in found if one.solved_on is None}
    return [by_id[one] for one in ids if one in by_id]


def _obstacle(room: Room, obstacle: Obstacle) -> None:
    owner = room.page.staff.person_name(obstacle.owner_id) or _("no owner")
    since = _("since {day}").format(day=i18n.day(obstacle.raised_on, year=False))
    kind = parts.badge(f"{_('Obstacle')}: {_(OBSTACLES[obstacle.kind])}", "talk")
    with st.container(horizontal=True, vertical_alignment="center", key=f"obstacle.{obstacle.obstacle_id}"):
        with st.container(width="stretch"):
            st.html(
                f'<p class="qc-promise"><b>{safe(obstacle.title)}</b> <span>{kind} {safe(owner)} · '
                f"{safe(since)}</span></p>"
            )
        page, own = room.page, room.meeting.meeting_id
        if meetings.may_hold(page.actor):
            _button(
                _("Solved"),
                f"solve.{obstacle.obstacle_id}",
                lambda: meeting_entries.solve(page.store, page.actor, obstacle.obstacle_id, own),
                icon=":material/check:",
            )


def _parked(room: Room) -> None:
    """What earlier meetings kept for later, folded."""
    page, own = room.page, room.meeting.meeting_id
    kept = [
        one
        for one in plan.find(page.store, page.actor, Parked, cycle_id=room.meeting.cycle_id)
        if one.settled_on is None and one.meeting_id != own
    ]
    if not kept:
        return
    label = ngettext("{n} point kept for later", "{n} points kept for later", len(kept)).format(n=len(kept))
    with st.popover(label, key="parked", type="tertiary"):
        for one in kept:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.write(plain(one.title))
                if meetings.may_hold(page.actor):
                    _button(
                        _("Had its moment"),
                        f"settle.{one.parked_id}",
                        lambda one=one: meeting_entries.settle(page.store, page.actor, own, one.parked_id),  # type: ignore[misc]
                    )


# --- new -------------------------------------------------------------------------------------------------


def _new(room: Room) -> None:
    """What was agreed just now, and who carries how much."""
    made = minutes.minutes(room.page.store, room.page.actor, room.meeting.meeting_id)
    st.html(
        f'<p class="qc-ask">{safe(_("What do we agree? At most three per goal, one name and one date each."))}</p>'
    )
    if made.made:
        parts.lines(
            [
                (one.title, one.goal, f"{one.owner} · {i18n.day(one.due_on, year=False)}")
                for one in made.made[-N_SHOWN:]
            ]
        )
    meeting_points.show(room, beside=len(made.made))
    load = meeting_agenda.load(room.found.actions)
    heavy = sorted(load.items(), key=lambda entry: (-entry[1], room.page.staff.person_name(entry[0]) or ""))
    if heavy:
        most = heavy[0][1]
        rows = [
            f"<li><span>{safe(room.page.staff.person_name(person) or '–')}</span>"
            f'<i style="width:{round(100 * n / most)}%" aria-hidden="true"></i><b>{n}</b></li>'
            for person, n in heavy[:N_PEOPLE]
        ]
        parts.note(_("Agreements that are open, per person"))
        st.html(f'<ul class="qc-load">{"".join(rows)}</ul>')


# --- close -----------------------------------------------------------------------------------------------


def _close(room: Room) -> None:
    page, own = room.page, room.meeting.meeting_id
    made = minutes.minutes(page.store, page.actor, own)
    parts.note(_("Read back what was agreed. Then: was this meeting worth its time?"))
    if rows := _read_back(made):
        parts.lines(rows)
    _hands(room, "rating", RATING)
    if not meetings.may_hold(page.actor):
        return
    notes = st.text_input(
        _("Anything else for the minutes?"), value=room.meeting.notes, key="meeting.notes", max_chars=500
    )
    if st.button(
        _("Close the meeting"),
        key="meeting.close",
        type="primary",
        icon=":material/task_alt:",
        width="stretch",
    ):
        typed = str(notes or "").strip()
        if typed != room.meeting.notes:
            failure.attempt(lambda: meetings.write_notes(page.store, page.actor, own, typed))
        if failure.attempt(
            lambda: meetings.close(page.store, page.actor, own),
            done=_("The meeting is closed. Here are its minutes."),
        ):
            navigation.go("minutes", meeting=own)


def _read_back(made: Minutes) -> list[tuple[str, str, str]]:
    rows = [
        (one.title, one.goal, f"{one.owner} · {i18n.day(one.due_on, year=False)}") for one in made.made[:4]
    ]
    rows += [(one.title, one.reason, _("Decision")) for one in made.decisions[:3]]
    rows += [(one.title, _(OBSTACLES[one.kind]), one.owner) for one in made.obstacles[:2]]
    rows += [(title(one.about, one.title), _(KINDS[one.about]), said(one)) for one in made.points[-3:]]
    return rows


_BLOCKS: dict[Part, Callable[[Room], None]] = {
    Part.CHECK_IN: _check_in,
    Part.SUCCESSES: _successes,
    Part.FIGURES: meeting_figures.show,
    Part.ACTIONS: _actions,
    Part.NEW: _new,
    Part.CLOSE: _close,
}
