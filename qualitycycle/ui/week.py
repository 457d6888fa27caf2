"""The parts of the start page."""

from __future__ import annotations

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, meetings, questionnaires, rounds, school
from qualitycycle.cycle import to_do as to_do_list
from qualitycycle.cycle.thread import Gap, GapKind, GoalLine, ThisWeek
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, Phase
from qualitycycle.ui import figures, navigation, parts, session, words
from qualitycycle.ui import meeting as meeting_parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

N_GAPS = 3
N_DUE = 4
# Where a click on a gap leads: the page that mends it, and the name of its id in the address.
MENDS = {
    "vision": ("vision", ""),
    "ambition": ("vision", ""),
    "goal": ("goal", "goal"),
    "action": ("action", "action"),
    "evidence": ("evidence", "evidence"),
}


def title() -> str:
    """School week 14, or the name of the holiday."""
    staff = school.staff(session.store())
    week = calendar.school_week(today(), staff.years, staff.holidays)
    if week.number is not None:
        return _("School week {n}").format(n=week.number)
    return week.holiday or _("No school week")


def steps(page: Page, now: ThisWeek) -> None:
    """The phase of the cycle as a row of steps."""
    if now.cycle is None:
        return
    here = list(Phase).index(now.cycle.phase)
    marks = [
        ("past", "✓ ") if n < here else ("now", "") if n == here else ("", "") for n in range(len(Phase))
    ]
    items = "".join(
        f'<li class="{kind}"{_current(kind)}>{mark}{safe(words.phase(phase, page.staff.school))}</li>'
        for phase, (kind, mark) in zip(Phase, marks, strict=True)
    )
    st.html(f'<ol class="qc-steps" aria-label="{safe(_("Phase of the cycle"))}">{items}</ol>')


def _current(kind: str) -> str:
    return ' aria-current="step"' if kind == "now" else ""


def goal_card(page: Page, line: GoalLine) -> None:
    """One goal: what, value → target before a date, honest status, line with target and action marks."""
    with parts.card(f"goal_{line.goal.goal_id}"):
        words_side, picture = st.columns([1.2, 1], vertical_alignment="center")
        with words_side:
            navigation.link("goal", line.goal.title, query={"goal": line.goal.goal_id})
            st.html(_goal_words(line))
        with picture:
            if line.line and line.last:
                figure = charts.goal_line(line.line, line.actions, theme=page.theme, compact=True)
                figures.chart(figure, key=f"week_{line.goal.goal_id}", compact=True)


def _goal_words(line: GoalLine) -> str:
    tone = words.STATUS_TONES.get(line.status, "quiet")
    status = parts.badge(_(words.STATUSES[line.status]), tone)
    foot = f'{status} <span class="qc-quiet">{safe(action_count(line))}</span>'
    if line.indicator is None:
        return foot
    return (
        f'<div class="qc-quiet qc-one-line">{safe(line.indicator.title)}</div>'
        f"<div>{figures.value_to_target(line)}</div>{foot}"
    )


def action_count(line: GoalLine) -> str:
    """3 actions, 1 late."""
    total = ngettext("{n} action", "{n} actions", line.n_actions).format(n=line.n_actions)
    if not line.n_late:
        return total
    return f"{total}, " + ngettext("{n} late", "{n} late", line.n_late).format(n=line.n_late)


def to_do(page: Page, now: ThisWeek) -> None:
    """Actions late and due, and rounds that are open."""
    rows = [(a.title, _owner(page, a), "!" + lateness(a, now)) for a in now.late]
    rows += [(a.title, _owner(page, a), i18n.day(a.due_on, year=False)) for a in now.due]
    for one in now.open_rounds:
        done = rounds.progress(page.store, page.actor, one.round_id)
        rows.append(
            (one.title, "", _("{n} of {all} filled in").format(n=done.n_answered, all=done.n_invited))
        )
    if not rows:
        parts.note(_("Nothing is due in the coming two weeks."))
        _mine(page)
        return
    parts.lines(rows[:N_DUE])
    more = len(rows) - N_DUE
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        navigation.link(
            "actions", _("All actions") if more <= 0 else _("All actions (and {n} more)").format(n=more)
        )
        _mine(page)


def meeting(page: Page, now: ThisWeek) -> None:
    """The way into the weekly meeting, and a success in one line."""
    if now.cycle is None:
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
        held = meetings.all_running(page.store, page.actor)
        label = _("To the weekly meeting") if held else _("Weekly meeting")
        if st.button(
            label, key="week.meeting", icon=":material/groups:", type="primary" if held else "secondary"
        ):
            navigation.go("meeting")
        meeting_parts.add_success(page, now.cycle)


def _mine(page: Page) -> None:
    """How much waits for who looks, and the way to it."""
    n = len(to_do_list.mine(page.store, page.actor))
    text = ngettext("{n} thing for you", "{n} things for you", n).format(n=n)
    navigation.link("todo", text if n else _("Everybody's list"))


def _owner(page: Page, action: Action) -> str:
    return page.staff.person_name(action.owner_id) or _("no owner")


def lateness(action: Action, now: ThisWeek) -> str:
    """2 weeks late."""
    if action.due_on is None:
        return ""
    days = (now.today - action.due_on).days
    if days < 7:
        return ngettext("{n} day late", "{n} days late", days).format(n=days)
    return ngettext("{n} week late", "{n} weeks late", days // 7).format(n=days // 7)


def gaps(now: ThisWeek) -> None:
    """Where the thread is broken, each with the click that mends it."""
    if not now.gaps and not now.n_contradictions:
        parts.note(_("No gaps: everything hangs together."))
        return
    if now.n_contradictions:
        text = ngettext(
            "{n} piece of evidence contradicts", "{n} pieces of evidence contradict", now.n_contradictions
        )
        navigation.link("matrix", text.format(n=now.n_contradictions))
    room = N_GAPS - bool(now.n_contradictions)
    for gap in now.gaps[:room]:
        mend_link(gap)
    if len(now.gaps) > room:
        navigation.link("thread", _("and {n} more").format(n=len(now.gaps) - room))


def mend_link(gap: Gap, *, short: bool = False) -> None:
    """A gap in words, leading to where it is mended; short: without what it is about."""
    name, field = MENDS[gap.noun]
    what = _(words.GAPS[gap.kind])
    label = f"{what}: {gap.title}" if gap.title and not short else f"◇ {what}" if short else what
    if gap.noun == "goal" and gap.noun_id is None:
        name, field = "goals", ""
    if gap.kind is GapKind.ACTION_NOT_EVALUATED:
        name = "evaluate"
    navigation.link(name, label, query={field: gap.noun_id} if field and gap.noun_id else None)


def last_questionnaire(page: Page, now: ThisWeek) -> None:
    """The school's scales in the last closed round."""
    one = now.last_round
    if one is None:
        parts.note(_("No questionnaire round has been closed yet."))
        navigation.link("rounds", _("Questionnaire rounds"))
        return
    result = rounds.result(page.store, page.actor, one.round_id)
    if not result.school.shown:
        parts.note(_("Too few answers to show in “{title}”.").format(title=one.title))
        return
    instrument = questionnaires.get(page.store, one.instrument_key, one.instrument_version)
    figures.chart(
        charts.scale_results(result, result.school, instrument, theme=page.theme, compact=True),
        key="week",
        compact=True,
    )
    parts.note(
        f"{one.title} · " + _("{n} of {all} filled in").format(n=result.n_answered, all=result.n_invited)
    )
