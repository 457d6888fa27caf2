"""The parts of one goal's page."""

from __future__ import annotations

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import baselines, confidence, plan, series
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.standards import standards
from qualitycycle.cycle.thread import GoalLine, Thread
from qualitycycle.i18n import _
from qualitycycle.model import Goal, Indicator, Measurement, Phase, PhaseMove
from qualitycycle.store.records import new_id
from qualitycycle.ui import (
    action_parts,
    baseline_parts,
    failure,
    figures,
    forms,
    navigation,
    parts,
    plan_forms,
    session,
    words,
)
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe


def find_goal(goal_id: str) -> Goal:
    """The goal an address asks for; raises `NotFound`."""
    return plan.get(session.store(), session.actor(), Goal, goal_id)


# --- phase -----------------------------------------------------------------------------------------------


def phase_steps(page: Page, goal: Goal, editable: bool) -> None:
    """The HGW phase of the goal with the date of each move."""
    moves = plan.find(page.store, page.actor, PhaseMove, noun="goal", noun_id=goal.goal_id)
    last_move = {move.phase: move.moved_on for move in sorted(moves, key=lambda move: move.moved_on)}
    here = list(Phase).index(goal.phase)
    items = "".join(
        f'<li class="{"past" if n < here else "now" if n == here else ""}">'
        f"{safe(words.phase(phase, page.staff.school))}"
        f"{_moved(last_move.get(phase)) if n <= here else ''}</li>"
        for n, phase in enumerate(Phase)
    )
    st.html(f'<ol class="qc-steps" aria-label="{safe(_("Phase of the goal"))}">{items}</ol>')
    if editable and goal.state == "open":
        _move(page, goal)


def _moved(on: object) -> str:
    return f" · {safe(i18n.day(on, year=False))}" if on else ""  # type: ignore[arg-type]


def _move(page: Page, goal: Goal) -> None:
    with st.popover(_("Move to another phase"), key=f"move_{goal.goal_id}"):
        fields = [
            Field(
                "phase",
                _("Phase"),
                Kind.CHOICE,
                {phase: words.phase(phase, page.staff.school) for phase in Phase},
                optional=False,
            ),
            Field("on", _("On"), Kind.DATE),
        ]
        ahead = list(Phase)[min(list(Phase).index(goal.phase) + 1, len(Phase) - 1)]
        values = forms.form("move_goal", fields, {"phase": ahead, "on": today()}, submit=_("Move"))
        if values and _moved_to(page, goal, values):
            st.rerun()


def _moved_to(page: Page, goal: Goal, values: dict[str, object]) -> bool:
    def move() -> bool:
        plan.move_phase(page.store, page.actor, Goal, goal.goal_id, values["phase"], values["on"] or today())  # type: ignore[arg-type]
        return True

    return bool(failure.attempt(move, done=_("Moved.")))


# --- facts -----------------------------------------------------------------------------------------------


def facts(page: Page, goal: Goal, found: Thread, line: GoalLine) -> None:
    """Who, which team, by when, which standards, and what can be said of it now."""
    ambition = next((one.title for one in found.ambitions if one.ambition_id == goal.ambition_id), "")
    names = {row.code: f"{row.code} {row.name}" for row in standards(page.staff.school.sector)}
    tone = words.STATUS_TONES.get(line.status, "quiet")
    with parts.card("facts"):
        st.html(parts.badge(_(words.STATUSES[line.status]), tone))
        parts.facts(
            [
                (_("Ambition"), ambition),
                (_("Owner"), page.staff.person_name(goal.owner_id) or _("nobody yet")),
                (_("Team"), page.staff.team_name(goal.team_id) or _("the whole school")),
                (_("Reached before"), i18n.day(goal.due_on) if goal.due_on else ""),
                (_("Inspection standards"), ", ".join(names.get(code, code) for code in goal.standards)),
                (_("Explanation"), goal.text),
                (_("Why this one cannot wait"), goal.over_limit_reason),
                *_closing(goal),
            ]
        )


def _closing(goal: Goal) -> list[tuple[str, str]]:
    if goal.judgement is None:
        return []
    return [
        (_("Closed on"), i18n.day(goal.closed_on)),
        (_("What we predicted"), goal.predicted),
        (_("What happened"), goal.happened),
        (_("Judgement"), _(words.JUDGEMENTS[goal.judgement])),
        (_("What we learned"), goal.learned),
        (_("Next step"), _(words.NEXT_STEPS[goal.next_step]) if goal.next_step else ""),
    ]


def guide(page: Page, goal: Goal) -> None:
    """From a goal to somebody's learning that serves it."""
    if page.may(Right.GUIDE):
        navigation.link("guidance", _("Guide a colleague towards this goal"), query={"goal": goal.goal_id})
    else:
        navigation.link(
            "guidance", _("Understand my group's learning for this goal"), query={"goal": goal.goal_id}
        )


def edit(page: Page, goal: Goal, found: Thread) -> None:
    with st.expander(_("Change this goal"), key="change_goal"):
        fields = plan_forms.goal_fields(page, found.ambitions)
        if forms.edit(page, goal, fields, key=f"goal.{goal.goal_id}"):
            st.rerun()
        forms.archive_button(page, goal)


# --- indicators ------------------------------------------------------------------------------------------


def indicators(page: Page, goal: Goal, found: Thread, editable: bool) -> None:
    """Each indicator with its line; and the form for another one."""
    own = found.indicators.get(goal.goal_id, [])
    for indicator in own:
        with parts.card(f"indicator_{indicator.indicator_id}"):
            _indicator(page, goal, indicator, found, editable, own)
    if not own:
        parts.empty(_("This goal has no indicator yet. How will you see that it is reached?"))
    if editable:
        with st.expander(_("Add an indicator"), expanded=not own, key="add_indicator"):
            _add_indicator(page, goal)


def _indicator(
    page: Page, goal: Goal, indicator: Indicator, found: Thread, editable: bool, siblings: list[Indicator]
) -> None:
    line = baselines.line_of(page.store, page.actor, indicator)
    parts.heading(indicator.title)
    parts.note(_indicator_words(indicator))
    if any(point.value is not None for point in line.points):
        references = _references(page, indicator)
        figure = charts.goal_line(
            line, found.actions_of(goal.goal_id), theme=page.theme, references=references
        )
        figures.chart(figure, key=indicator.indicator_id)
    else:
        parts.note(_("No values yet. Type a value, or link imported results to this indicator."))
    baseline_parts.made(page, indicator, editable)
    if editable:
        with st.expander(_("Add a value"), key=f"value.{indicator.indicator_id}"):
            _add_value(page, indicator)
        with st.expander(
            _("Freeze the start period or start counting again"), key=f"base.{indicator.indicator_id}"
        ):
            baseline_parts.decide(page, indicator)
        with st.expander(_("Change this indicator"), key=f"change.{indicator.indicator_id}"):
            if forms.edit(page, indicator, indicator_fields(), key=f"indicator.{indicator.indicator_id}"):
                st.rerun()
            with st.container(horizontal=True):
                forms.order_buttons(page, indicator, siblings)
                forms.archive_button(page, indicator)


def beside(page: Page, goal: Goal, found: Thread) -> None:
    """The team's confidence, the indicators and the actions under each other, over the weeks of the cycle."""
    own = found.indicators.get(goal.goal_id, [])
    lines = [baselines.line_of(page.store, page.actor, indicator) for indicator in own]
    side = confidence.beside(page.store, page.actor, goal, lines, found.actions_of(goal.goal_id))
    if not side.votes and not (side.actions and any(line.points for line in lines)):
        return
    with parts.card("beside"):
        parts.heading(_("Confidence beside progress"))
        figures.chart(charts.confidence_beside(side, theme=page.theme), key="beside")


def _references(page: Page, indicator: Indicator) -> tuple[tuple[str, float], ...]:
    line = series.line_of(page.store, page.actor, indicator)
    return line.references if line else ()


def _indicator_words(indicator: Indicator) -> str:
    baseline = charts.value_text(indicator, indicator.baseline)
    target = charts.value_text(indicator, indicator.target)
    line = _("From {baseline} to {target}").format(baseline=baseline, target=target)
    if indicator.due_on:
        line += " " + _("before {day}").format(day=i18n.day(indicator.due_on))
    return f"{line} · {_(words.DIRECTIONS[indicator.direction])} · {_(words.INDICATOR_KINDS[indicator.kind])}"


def indicator_fields() -> list[Field]:
    return [
        Field("title", _("What do you measure?")),
        Field(
            "kind", _("Kind"), Kind.CHOICE, words.options(words.INDICATOR_KINDS), optional=False, half=True
        ),
        Field(
            "direction",
            _("Direction"),
            Kind.CHOICE,
            words.options(words.DIRECTIONS),
            optional=False,
            half=True,
        ),
        Field("unit", _("Unit"), help=_("Such as %, points, lessons. Leave empty for levels."), half=True),
        Field("due_on", _("Target reached before"), Kind.DATE, half=True),
        Field("baseline", _("Baseline"), Kind.NUMBER, half=True),
        Field("baseline_on", _("Baseline measured on"), Kind.DATE, half=True),
        Field("target", _("Target"), Kind.NUMBER, half=True),
        Field(
            "levels",
            _("Levels in words, one per line, lowest first"),
            Kind.LINES,
            help=_(
                "Only when there is no number: describe each level, and give baseline and target as 1, 2, 3 …"
            ),
        ),
    ]


def _add_indicator(page: Page, goal: Goal) -> None:
    start = {"due_on": goal.due_on, "unit": "%", "baseline_on": None}
    values = forms.form("new_indicator", indicator_fields(), start, submit=_("Add indicator"))
    if values is None:
        return
    indicator = Indicator(indicator_id=new_id(), goal_id=goal.goal_id, **values)
    if failure.attempt(lambda: plan.record(page.store, page.actor, indicator), done=_("Added.")):
        forms.forget("new_indicator")
        st.rerun()


def _add_value(page: Page, indicator: Indicator) -> None:
    key = f"new_value.{indicator.indicator_id}"
    value = (
        Field("value", _("Level"), Kind.CHOICE, {n: text for n, text in enumerate(indicator.levels, start=1)})
        if indicator.levels
        else Field("value", _("Value"), Kind.NUMBER, half=True)
    )
    fields = [
        value,
        Field("measured_on", _("Measured on"), Kind.DATE, half=True),
        Field("n", _("Number of pupils or people behind it"), Kind.WHOLE, half=True),
        Field("note", _("Note"), half=True),
    ]
    values = forms.form(key, fields, {"measured_on": today()}, submit=_("Add value"))
    if values is None:
        return
    new = Measurement(
        measurement_id=new_id(),
        indicator_id=indicator.indicator_id,
        **{**values, "measured_on": values["measured_on"] or today()},
    )
    if failure.attempt(lambda: plan.record(page.store, page.actor, new), done=_("Added.")):
        forms.forget(key)
        st.rerun()


# --- actions and evidence --------------------------------------------------------------------------------


def actions(page: Page, goal: Goal, found: Thread, editable: bool) -> None:
    """The goal's actions, and the form for another one."""
    own = found.actions_of(goal.goal_id)
    for action in own:
        action_parts.row(page, action, found, under_goal=True)
    if not own:
        parts.note(_("No action yet: what will you do differently?"))
    if editable and goal.state == "open":
        with st.expander(_("Add an action"), key="add_action"):
            action_parts.add(page, found.cycle, found.goals, goal_id=goal.goal_id, key="new_action")
