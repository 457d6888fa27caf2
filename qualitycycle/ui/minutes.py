"""The minutes on screen: one page to read back and to print, and the list of meetings that were held."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.charts.beside import vote_words
from qualitycycle.cycle import meetings, minutes, waiting_words
from qualitycycle.cycle.meeting_words import CHECK_IN, COURSES, OBSTACLES, RATING, REASONS, ROLES, TURNS, WHYS
from qualitycycle.cycle.minutes import Feeling, GoalLine, Minutes, PromiseLine
from qualitycycle.cycle.reports import Kind
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Meeting, Turn
from qualitycycle.reports.making import Wanted
from qualitycycle.ui import address, failure, navigation, parts, reports
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

MINUTE = 60


def show(page: Page) -> None:
    """The minutes the address asks for, else the latest; and the way to the others."""
    held = meetings.held(page.store, page.actor)
    wanted = st.query_params.get("meeting")
    if wanted:
        address.keep()
    meeting = next((one for one in held if one.meeting_id == wanted), held[0] if held else None)
    if meeting is None:
        parts.empty(
            _("No meeting was held yet. Minutes make themselves in the weekly meeting."),
            page="meeting",
            label=_("Weekly meeting"),
        )
        return
    made = failure.attempt(lambda: minutes.minutes(page.store, page.actor, meeting.meeting_id))
    if made is None:
        return
    left, right = st.columns([2.6, 1], gap="medium")
    with left, st.container(key="minutes_sheet", border=True):
        st.html(as_html(made))
    with right, st.container(key="minutes_tools"):
        _tools(page, made)
        _others(page, held, meeting)


def _tools(page: Page, made: Minutes) -> None:
    parts.note(_("Print this page, and only the minutes come out."))
    reports.save(page, Wanted(Kind.MINUTES, page.language, meeting=made.meeting_id))
    if meetings.may_hold(page.actor):
        navigation.link("meeting", _("To the next meeting"))


def _others(page: Page, held: Sequence[Meeting], here: Meeting) -> None:
    """Every meeting that was held, latest first."""
    n = meetings.streak(page.store, page.actor, here.team_id) if page.may_see_running else 0
    parts.heading(_("Meetings held"))
    if n:
        text = ngettext("{n} week in a row with a meeting.", "{n} weeks in a row with a meeting.", n)
        parts.note(text.format(n=n) + " " + _("Holidays do not count."))
    with st.container(height=420, border=False, key="minutes_list", gap="xsmall"):
        for one in held:
            team = page.staff.team_name(one.team_id)
            label = i18n.day(one.held_on) + (f" · {team}" if team else "")
            mark = "▸ " if one.meeting_id == here.meeting_id else ""
            navigation.link("minutes", mark + label, query={"meeting": one.meeting_id})


# --- as a page -------------------------------------------------------------------------------------------


def as_html(made: Minutes) -> str:
    """The page: what was agreed first, for that is what is read back."""
    sections = [
        _section(_("New agreements"), [_promise(one) for one in made.made]),
        _section(_("Decisions"), [_decision(one) for one in made.decisions]),
        _section(_("Looked back on"), [_promise(one) for one in made.promises]),
        _section(_("Successes"), [_with(one.title, one.about) for one in made.successes]),
        _section(_("Goals"), [_goal(one) for one in made.goals]),
        _section(_("Obstacles"), [_obstacle(one) for one in made.obstacles]),
        _section(_("Support, policy and calendar"), [_point(one) for one in made.points]),
        _section(_("Questionnaire rounds closed"), [safe(one) for one in made.rounds]),
        _section(_("Kept for later"), [safe(one) for one in made.parked]),
        _section(_("Notes"), [safe(made.notes)] if made.notes else []),
    ]
    return f'<article class="qc-minutes">{_head(made)}{"".join(sections)}{_foot(made)}</article>'


def _head(made: Minutes) -> str:
    title = _("Weekly meeting of {day}").format(day=i18n.day(made.held_on))
    week = _("school week {n}").format(n=made.week) if made.week else ""
    where = " · ".join(filter(None, [made.school, made.team, week]))
    roles = [
        f"{_(ROLES[role])}: {name}"
        for role, name in (("leader", made.leader), ("notes", made.notes_by), ("time", made.time_keeper))
        if name
    ]
    n = len(made.present)
    there = ngettext("{n} person", "{n} people", n).format(n=n) + f": {i18n.join(list(made.present))}"
    lines = [where, " · ".join(roles), there, *_felt(_("Check-in"), made.check_in, CHECK_IN)]
    body = "".join(f"<p>{safe(line)}</p>" for line in lines if line)
    return f"<header><h2>{safe(title)}</h2>{body}</header>"


def _felt(label: str, felt: Feeling, levels: Sequence[str]) -> list[str]:
    if not felt.asked:
        return []
    if not felt.counts:
        return [f"{label}: " + _("asked")]
    said = [f"{n} × {_(level)}" for n, level in zip(felt.counts, levels, strict=True)]
    return [f"{label}: " + ", ".join(said)]


def _section(title: str, items: Sequence[str]) -> str:
    if not items:
        return ""
    rows = "".join(f"<li>{item}</li>" for item in items)
    return f"<section><h3>{safe(title)}</h3><ul>{rows}</ul></section>"


def _with(title: str, *quiet: str) -> str:
    small = " · ".join(filter(None, quiet))
    return f"{safe(title)}{f' <small>{safe(small)}</small>' if small else ''}"


def _promise(one: PromiseLine) -> str:
    until = _("by {day}").format(day=i18n.day(one.due_on, year=False)) if one.due_on else ""
    turn = "" if one.turn is Turn.MADE else _(TURNS[one.turn])
    if one.turn in (Turn.KEPT, Turn.DROPPED):
        until = ""
    reason = _(REASONS[one.reason]) if one.reason else ""
    head = f"<b>{safe(turn)}</b> " if turn else ""
    return head + _with(one.title, one.owner, until, reason, one.goal)


def _decision(one: minutes.DecisionLine) -> str:
    n = len(one.present)
    there = ngettext("{n} person present", "{n} people present", n).format(n=n)
    because = _("Why: {reason}").format(reason=one.reason) if one.reason else ""
    return _with(one.title, because, one.goal, there)


def _goal(one: GoalLine) -> str:
    said = _(COURSES[one.said]) if one.said else ""
    focus = _("In focus this week") if one.is_focus else ""
    sure = f"{_('How sure')}: {vote_words(one.vote)}" if one.vote else ""
    expected = [
        _("{indicator}: expected {predicted}, came {shown}").format(
            indicator=line.indicator.title,
            predicted=charts.value_text(line.indicator, line.predicted, short=True),
            shown=charts.value_text(line.indicator, line.shown, line.n, short=True),
        )
        for line in one.predictions
    ]
    why = ", ".join(_(WHYS[key]) for key in one.why)
    return _with(one.title, said, focus, why, sure, *expected)


def _obstacle(one: minutes.ObstacleLine) -> str:
    since = _("since {day}").format(day=i18n.day(one.raised_on, year=False))
    return _with(one.title, _(OBSTACLES[one.kind]), one.owner, since, _("Solved") if one.solved_on else "")


def _point(one: minutes.PointLine) -> str:
    words = waiting_words
    return _with(words.title(one.about, one.title), words.said(one), words.kind(one.about))


def _foot(made: Minutes) -> str:
    """The next meeting, and how this one went."""
    lines = []
    if made.next.on:
        lines.append(_("Next meeting: {day}").format(day=i18n.day(made.next.on)))
    if made.next.focus:
        lines.append(_("In focus then: {goal}").format(goal=made.next.focus))
    took = round(made.seconds / MINUTE)
    if took:
        lines.append(_("{took} of {planned} minutes").format(took=took, planned=made.planned_minutes))
    lines += _felt(_("Worth the time?"), made.rating, RATING)
    return f"<footer>{''.join(f'<p>{safe(line)}</p>' for line in lines)}</footer>"
