"""One line at a time: what is said in a meeting is put down at the side of the screen, and the last can be undone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import (
    goal_talks,
    meeting_agenda,
    meeting_entries,
    meetings,
    name_check,
    plan,
    waiting_words,
)
from qualitycycle.cycle.meeting_words import OBSTACLES, PARTS, TURNS
from qualitycycle.cycle.thread import Thread
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import (
    Action,
    Decision,
    Goal,
    GoalCheck,
    GoalState,
    Meeting,
    MeetingAction,
    MeetingPoint,
    Obstacle,
    ObstacleKind,
    Parked,
    Part,
    Success,
    Turn,
)
from qualitycycle.ui import failure, forms, parts, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

N_LAST = 2


class Line(StrEnum):
    """What can be put down in one line."""

    SUCCESS = "success"
    ACTION = "action"
    DECISION = "decision"
    OBSTACLE = "obstacle"
    PARKED = "parked"


LINES = {
    Line.SUCCESS: N_("Success"),
    Line.ACTION: N_("Agreement"),
    Line.DECISION: N_("Decision"),
    Line.OBSTACLE: N_("Obstacle"),
    Line.PARKED: N_("Later"),
}
ASKED = {
    Line.SUCCESS: N_("What went well?"),
    Line.ACTION: N_("What will we do?"),
    Line.DECISION: N_("What do we decide?"),
    Line.OBSTACLE: N_("What stands in the way?"),
    Line.PARKED: N_("What do we keep for later?"),
}
# What is most likely to be put down in each block.
USUAL = {Part.SUCCESSES: Line.SUCCESS, Part.NEW: Line.ACTION, Part.FIGURES: Line.DECISION}
KIND, TEXT = "capture.kind", "capture.text"
# How many lines were put down in this browser, and after which of them the panel was emptied.
N_SENT, N_CLEARED = "capture.n_sent", "capture.n_cleared"
REASON, OWNER, DUE, OBSTACLE = "capture.reason", "capture.owner", "capture.due", "capture.obstacle"


@dataclass(frozen=True)
class Room:
    """The meeting on screen and what can be named in it."""

    page: Page
    meeting: Meeting
    found: Thread

    @property
    def goals(self) -> list[Goal]:
        own = (None, self.meeting.team_id)
        return [
            one
            for one in self.found.goals
            if one.state is GoalState.OPEN and (self.meeting.team_id is None or one.team_id in own)
        ]

    @property
    def people(self) -> dict[str, str]:
        """Who may get an agreement, who is present first, each with how many are open."""
        load = meeting_agenda.load(self.found.actions)
        there = set(self.meeting.present_ids)
        everybody = meetings.expected(self.page.store)
        in_order = sorted(everybody, key=lambda one: (one.person_id not in there, one.name))
        return {one.person_id: f"{one.name} ({load.get(one.person_id, 0)})" for one in in_order}


def show(room: Room, part: Part) -> None:
    """The panel, ready for what this block is about."""
    # A vote in between takes the screen, and with it what was chosen here.
    if st.session_state.get("capture.part") != part or KIND not in st.session_state:
        st.session_state["capture.part"] = part
        if part in USUAL and not str(st.session_state.get(TEXT, "")).strip():
            st.session_state[KIND] = USUAL[part]
    with parts.card("capture"):
        _panel(room)
    _last(room)


@st.fragment
def _panel(room: Room) -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    kind = _kind(room)
    n = st.session_state.setdefault(N_SENT, 0)
    if st.session_state.get(N_CLEARED, 0) != n:
        _clear(room)
    text = st.text_input(
        plain(_(ASKED[kind])),
        key=TEXT,
        max_chars=meeting_entries.MOST_SIGNS,
        live="500ms",
        autocomplete="off",
    )
    add = _fields(room, kind, str(text or ""))
    _warn(room, str(text or ""), str(st.session_state.get(REASON) or ""))
    # Numbered, so that the second click of a double click puts nothing down.
    sent = st.button(
        _("Put down"), key=f"capture.add.{n}", type="primary", shortcut="Ctrl+Enter", width="stretch"
    )
    st.session_state[N_CLEARED] = n
    if sent and failure.worked(add):
        st.session_state[N_SENT] = n + 1
        st.rerun()


def _clear(room: Room) -> None:
    """An empty line again. A value that is only forgotten here stays in the browser, and would be sent once more."""
    st.session_state[TEXT] = st.session_state[REASON] = ""
    st.session_state[OWNER] = None
    st.session_state[DUE] = _coming(room)
    st.session_state[OBSTACLE] = ObstacleKind.TIME


def _kind(room: Room) -> Line:
    offered = list(Line) if meetings.may_hold(room.page.actor) else [Line.SUCCESS]
    if st.session_state.get(KIND) not in offered:
        st.session_state[KIND] = offered[0]
    if len(offered) == 1:
        return offered[0]
    chosen = st.pills(
        _("What is it?"),
        offered,
        format_func=lambda one: _(LINES[one]),
        key=KIND,
        required=True,
        label_visibility="collapsed",
        wrap=True,
    )
    return chosen if chosen in offered else offered[0]


def _fields(room: Room, kind: Line, text: str) -> Callable[[], Any]:
    """What this kind asks besides its line; gives what to do when it is put down."""
    page, own = room.page, room.meeting.meeting_id
    store, actor = page.store, page.actor
    if kind is Line.PARKED:
        return lambda: meeting_entries.park(store, actor, own, text)
    if kind is Line.SUCCESS:
        about = _about(room, with_actions=True)
        return lambda: meeting_entries.success(store, actor, own, text, about)
    if kind is Line.DECISION:
        reason = st.text_input(_("Why?"), key=REASON, max_chars=meeting_entries.MOST_SIGNS)
        goal = _about(room)
        return lambda: meeting_entries.decide(
            store, actor, own, text, str(reason or ""), goal.id if goal else None
        )
    if kind is Line.OBSTACLE:
        which = st.pills(
            _("Of which kind?"),
            list(ObstacleKind),
            format_func=lambda one: _(OBSTACLES[one]),
            key=OBSTACLE,
            default=ObstacleKind.TIME if OBSTACLE not in st.session_state else None,
            required=True,
            wrap=True,
        )
        left, right = st.columns(2)
        with left:
            owner = _owner(room, _("Who sees to it?"))
        with right:
            goal = _about(room)
        return lambda: meeting_entries.hinder(
            store, actor, own, text, which or ObstacleKind.TIME, owner, goal.id if goal else None
        )
    goal = _about(room)
    left, right = st.columns(2)
    with left:
        owner = _owner(room, _("Who?"))
    with right:
        due = _due(room)
    return lambda: meeting_entries.agree(
        store, actor, own, text, owner_id=owner, due_on=due, goal_id=goal.id if goal else None
    )


def _about(room: Room, *, with_actions: bool = False) -> Goal | Action | None:
    """The goal, or also the action, that a line belongs to; the goal on screen to start with."""
    things: dict[str, Goal | Action] = {one.id: one for one in room.goals}
    if with_actions:
        things |= {one.id: one for one in room.found.actions if one.state in meeting_agenda.OPEN}
    names = forms.distinct({key: one.title for key, one in things.items()})
    key = "capture.about"
    here = st.session_state.get("meeting.goal")
    # The goal on screen is what is talked about, until somebody chooses another.
    followed = st.session_state.get("capture.followed") == here
    if not followed or st.session_state.get(key, "") not in (None, *things):
        st.session_state["capture.followed"] = here
        st.session_state[key] = here if here in things else None
    chosen = st.selectbox(
        _("Goal or action") if with_actions else _("Goal"),
        [None, *things],
        format_func=lambda one: names.get(one, _("none")),
        key=key,
    )
    return things.get(chosen or "")


def _owner(room: Room, label: str) -> str | None:
    names = room.people
    return st.selectbox(
        plain(label),
        [None, *names],
        format_func=lambda one: names.get(one, "–"),
        key=OWNER,
        help=_("The number is how many agreements somebody has open."),
    )


def _due(room: Room) -> Any:
    """The next meeting, unless another day is chosen."""
    if st.session_state.get(DUE) is None:
        st.session_state[DUE] = _coming(room)
    return st.date_input(_("By when?"), None, key=DUE, format=forms.DATE_FORMAT, min_value=today())


def _coming(room: Room) -> date:
    coming = meetings.next_day(room.meeting.held_on, goal_talks.school_mondays(room.page.store))
    return coming or today() + timedelta(days=7)


def _warn(room: Room, *texts: str) -> None:
    """Names of pupils do not belong on a shared screen. It is said while somebody types, and nothing is refused."""
    known = name_check.known_words(
        room.page.store,
        *(goal.title for goal in room.found.goals),
        *(action.title for action in room.found.actions),
    )
    noticed = [one for text in texts for one in name_check.suspects(text, known)]
    if noticed:
        st.warning(
            plain(
                _("Is this about a pupil: {names}? Leave names and numbers of pupils out.").format(
                    names=i18n.join(noticed)
                )
            ),
            icon=":material/visibility_off:",
        )


# --- what was put down last ------------------------------------------------------------------------------


def _last(room: Room) -> None:
    """The last few entries, and the way back."""
    entries = room.meeting.entries
    if not entries:
        parts.note(_("What you put down appears here. The last line can always be taken back."))
        return
    said = [_words(room, one) for one in reversed(entries[-N_LAST:])]
    items = "".join(f"<li><small>{safe(kind)}</small> {safe(title)}</li>" for kind, title in said)
    st.html(f'<ol class="qc-last">{items}</ol>')
    if not meetings.may_hold(room.page.actor):
        return
    n = len(entries)
    label = _("Take back the last")
    told = ngettext("{n} line put down", "{n} lines put down", n).format(n=n)
    # Its key is of the line it takes back: the second click of a double click takes back nothing more.
    if st.button(
        label, key=f"capture.undo.{n}", type="tertiary", icon=":material/undo:", shortcut="Alt+Z", help=told
    ):
        page = room.page
        if failure.attempt(lambda: meeting_entries.undo(page.store, page.actor, room.meeting.meeting_id)):
            st.rerun()


def _words(room: Room, entry: dict[str, str]) -> tuple[str, str]:
    """What an entry is, and its own words."""
    if entry["noun"] == "meeting":
        return _(PARTS[Part.CHECK_IN]) if entry["did"] == "check_in" else _("Rating"), _("done")
    nouns: dict[str, Any] = {
        one.TABLE: one
        for one in (Success, Decision, Obstacle, Parked, GoalCheck, MeetingAction, MeetingPoint)
    }
    made = plan.get(room.page.store, room.page.actor, nouns[entry["noun"]], entry["id"])
    titles = {goal.goal_id: goal.title for goal in room.found.goals}
    titles |= {action.action_id: action.title for action in room.found.actions}
    if isinstance(made, MeetingAction):
        return _(TURNS[made.turn]), titles.get(made.action_id, "")
    if isinstance(made, MeetingPoint):
        kind = waiting_words.kind(made.about) or _(TURNS[Turn.MADE])
        return kind, waiting_words.title(made.about, made.title)
    if isinstance(made, GoalCheck):
        return _("Goal"), titles.get(made.goal_id, "")
    kinds = {
        "success": Line.SUCCESS,
        "decision": Line.DECISION,
        "obstacle": Line.OBSTACLE,
        "parked": Line.PARKED,
    }
    kind = _("Solved") if entry["did"] in ("solved", "settled") else _(LINES[kinds[entry["noun"]]])
    return kind, str(made.title)
