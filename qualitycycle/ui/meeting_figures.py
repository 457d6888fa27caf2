"""Figures in a meeting: the goals that need talk, one at a time; a new figure is shown once it was predicted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import confidence, meeting_agenda, meeting_entries, meetings, plan, thread
from qualitycycle.cycle import wall as data_wall
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.agenda import Why
from qualitycycle.cycle.meeting_words import COURSES, WHYS
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Course, FigurePrediction, Goal, GoalCheck, Round
from qualitycycle.ui import failure, figures, forms, navigation, parts, vote, wall
from qualitycycle.ui.meeting_capture import Room
from qualitycycle.ui.text import plain, safe

N_LISTED, N_AGREED = 4, 5
HEIGHT, LETTERS = 125, 15
# Which goal is on screen.
ON_SCREEN = "meeting.goal"
# Whether the data wall stands in the place of the goal.
WALL = "meeting.wall"


def show(room: Room) -> None:
    """The list of goals that need talk, and one of them large."""
    brought = meeting_agenda.brought(room.meeting).agenda
    goals = {one.goal_id: one for one in room.goals}
    why = {one.goal_id: one.why for one in brought.talk if one.goal_id in goals}
    wanted = list(dict.fromkeys([*why, *([brought.focus] if brought.focus in goals else [])]))
    if not wanted:
        parts.note(_("No goal asks for attention this week."))
    rest = [key for key in goals if key not in wanted]
    here = st.session_state.get(ON_SCREEN)
    if here not in goals:
        here = wanted[0] if wanted else None
    _list(room, goals, wanted[:N_LISTED], [*wanted[N_LISTED:], *rest], here, brought.focus)
    if _wall_open(room, goals, why):
        wall.show(room.page, compact=True)
        return
    if here:
        st.session_state[ON_SCREEN] = here
        _goal(room, goals[here], why.get(here, ()))
    _rounds(room, brought.rounds)


def _wall_open(room: Room, goals: dict[str, Goal], why: Mapping[str, Sequence[Why]]) -> bool:
    """The way to the data wall and back; closed while a new figure waits for what the room expects of it."""
    hanging = data_wall.n_hanging(room.page.store) if room.page.may(Right.SEE_OUTCOMES) else 0
    if not hanging:
        return False
    waits = any(Why.NEW_FIGURE in own and _waits(room, goals[key]) for key, own in why.items())
    open_ = bool(st.session_state.get(WALL)) and not waits
    if st.button(
        _("Back to the goals") if open_ else _("Data wall ({n})").format(n=hanging),
        key="meeting.to_wall",
        type="tertiary",
        icon=":material/arrow_back:" if open_ else ":material/dashboard:",
        disabled=waits,
        help=_("First say what you expect: a picture on the wall may show the new figure.")
        if waits
        else None,
    ):
        st.session_state[WALL] = not open_
        st.rerun()
    return open_


def _waits(room: Room, goal: Goal) -> bool:
    line = thread.goal_line(room.page.store, room.page.actor, room.found, goal, today())
    return line.indicator is not None and not _predicted(room, line.indicator.id)


def _list(
    room: Room,
    goals: dict[str, Goal],
    listed: Sequence[str],
    folded: Sequence[str],
    here: str | None,
    focus: str | None,
) -> None:
    said = {one.goal_id for one in _said(room)}
    with st.container(horizontal=True, key="goals_to_talk", gap="xsmall"):
        for place, key in enumerate(listed, start=1):
            mark = "✓ " if key in said else ""
            star = " ★" if key == focus else ""
            if st.button(
                plain(f"{mark}{place}. {goals[key].title}{star}"),
                key=f"talk.{key}",
                type="primary" if key == here else "secondary",
                help=_("In focus this week") if key == focus else None,
                shortcut=f"Alt+{place}",
                width="stretch",
            ):
                st.session_state[ON_SCREEN] = key
                st.session_state[WALL] = False
                st.rerun()
        if folded:
            label = ngettext("{n} other goal", "{n} other goals", len(folded)).format(n=len(folded))
            with st.popover(label, key="folded", type="tertiary"):
                for key in folded:
                    if st.button(plain(goals[key].title), key=f"talk.{key}", type="tertiary"):
                        st.session_state[ON_SCREEN] = key
                        st.session_state[WALL] = False
                        st.rerun()


def _rounds(room: Room, ids: Sequence[str]) -> None:
    """Questionnaire rounds that were closed since the last meeting, with the way to their results."""
    for key in ids[:1]:
        one = plan.get(room.page.store, room.page.actor, Round, key)
        label = _("Closed since the last meeting: {title}").format(title=one.title)
        navigation.link("results", label, query={"round": key})


def _goal(room: Room, goal: Goal, why: Sequence[Why]) -> None:
    page = room.page
    line = thread.goal_line(page.store, page.actor, room.found, goal, today())
    hidden = Why.NEW_FIGURE in why and line.indicator is not None and not _predicted(room, line.indicator.id)
    # What a new figure says is not given away by a word beside it.
    told = [Why.NEW_FIGURE] if hidden else why
    badges = " ".join(parts.badge(_(WHYS[one]), "talk") for one in told)
    st.html(f'<p class="qc-talk-goal"><b>{safe(goal.title)}</b> {badges}</p>')
    if hidden:
        _predict(room, line)
    elif line.line and line.last:
        st.html(f'<p class="qc-now">{figures.value_to_target(line)}</p>')
        _expected(room, line)
        drawn = charts.goal_line(line.line, line.actions, theme=page.theme)
        # With its axes, as high as one screen has room for, in letters for the back of the room.
        axis = {**drawn.spec["config"].get("axis", {}), "labelFontSize": LETTERS}
        spec = {**drawn.spec, "height": HEIGHT, "config": {**drawn.spec["config"], "axis": axis}}
        figure = replace(drawn, spec=spec, notes=())
        st.html("".join(f'<p class="qc-said">{safe(text)}</p>' for text in drawn.notes[:1]))
        figures.chart(figure, key=f"meeting_{goal.goal_id}", compact=True)
    else:
        parts.note(_("There is no figure of this goal yet."))
        _agreed(room, goal)
    _course(room, goal)


def _agreed(room: Room, goal: Goal) -> None:
    """What runs for a goal without a figure: that is what there is to talk about."""
    staff = room.page.staff
    open_ones = [
        one for one in room.found.actions if one.goal_id == goal.goal_id and one.state in meeting_agenda.OPEN
    ]
    if not open_ones:
        return
    parts.lines(
        [
            (
                one.title,
                staff.person_name(one.owner_id) or _("no owner"),
                i18n.day(one.due_on, year=False) if one.due_on else "",
            )
            for one in open_ones[:N_AGREED]
        ]
    )


# --- before a figure is shown ----------------------------------------------------------------------------


def _predictions(room: Room) -> list[FigurePrediction]:
    return plan.find(room.page.store, room.page.actor, FigurePrediction, meeting_id=room.meeting.meeting_id)


def _predicted(room: Room, indicator_id: str) -> bool:
    return any(one.indicator_id == indicator_id for one in _predictions(room))


def _predict(room: Room, line: thread.GoalLine) -> None:
    """Ask the room what it expects; the figure appears when that is locked, or when nobody wants to say."""
    page, indicator = room.page, line.indicator
    assert indicator is not None  # it has a new figure
    ask = _("There is a new figure: {indicator}. What do we expect to see?").format(indicator=indicator.title)
    st.html(f'<p class="qc-ask">{safe(ask)}</p>')
    if not meetings.may_hold(page.actor):
        return
    own = room.meeting.meeting_id
    with st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(
            _("We expect ({unit})").format(unit=indicator.unit or _("number")),
            key=f"predict.{indicator.id}",
            width=200,
        )
        lock = st.button(_("Lock and show"), key="predict.lock", type="primary", icon=":material/lock:")
        skip = st.button(_("Show without"), key="predict.skip", type="tertiary")
    value = forms.parse_number(str(typed or ""))
    if lock and not isinstance(value, float):
        st.error(_("Write a number, such as 12,5, or choose “Show without”."))
    elif (lock or skip) and failure.worked(
        lambda: meeting_entries.predict(
            page.store, page.actor, own, indicator.id, value if lock and isinstance(value, float) else None
        )
    ):
        st.rerun()


def _expected(room: Room, line: thread.GoalLine) -> None:
    """What was expected, beside what came."""
    indicator = line.indicator
    made = [one for one in _predictions(room) if indicator and one.indicator_id == indicator.id]
    if not made or made[0].value is None or indicator is None or line.last is None:
        return
    text = _("We expected {predicted}; it is {value}.").format(
        predicted=charts.value_text(indicator, made[0].value, short=True),
        value=charts.value_text(indicator, line.last.value, line.last.n, short=True),
    )
    st.html(f'<p class="qc-said">{safe(text)}</p>')


# --- what the team says ----------------------------------------------------------------------------------


def _said(room: Room) -> list[GoalCheck]:
    return plan.find(room.page.store, room.page.actor, GoalCheck, meeting_id=room.meeting.meeting_id)


def _course(room: Room, goal: Goal) -> None:
    """One click: how the team says the goal goes; and the way to a vote."""
    page, own = room.page, room.meeting.meeting_id
    now = {one.goal_id: one.says for one in _said(room)}.get(goal.goal_id)
    if not meetings.may_hold(page.actor):
        if now:
            parts.note(_("The team says: {course}").format(course=_(COURSES[now])))
        return
    with st.container(horizontal=True, vertical_alignment="center", key="course"):
        for one in Course:
            if st.button(
                _(COURSES[one]), key=f"say.{one}", type="primary" if one is now else "secondary"
            ) and failure.worked(
                lambda one=one: meeting_entries.say(page.store, page.actor, own, goal.goal_id, one)  # type: ignore[misc]
            ):
                st.rerun()
        _vote(room, goal)


def _vote(room: Room, goal: Goal) -> None:
    page = room.page
    running = confidence.open_vote_of(page.store, page.actor, goal.goal_id)
    label = _("To the vote") if running else _("How sure are we?")
    if st.button(label, key="meeting.vote", type="tertiary", icon=":material/present_to_all:"):
        found = running or vote.begin(page, goal, len(room.meeting.present_ids))
        if found is not None:
            navigation.go("meeting", meeting=room.meeting.meeting_id, vote=found.confidence_vote_id)


def back_button(meeting_id: str) -> None:
    """From the vote back to the meeting."""
    if st.button(_("Back to the meeting"), key="vote.back", icon=":material/arrow_back:", shortcut="Alt+P"):
        navigation.go("meeting", meeting=meeting_id)
