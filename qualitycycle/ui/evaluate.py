"""The parts of the page where actions are evaluated and goals are closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import access, act, evidence, indicators, series, thread, weighing
from qualitycycle.cycle.thread import Thread
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, ActionState, Goal, GoalState, Indicator, Link, NextStep, Says
from qualitycycle.ui import before_start, failure, forms, navigation, parts, small_tests, tie, words
from qualitycycle.ui import weighing as weights
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

ENDED = (ActionState.DONE, ActionState.STOPPED)


# --- what waits ------------------------------------------------------------------------------------------


def waiting_actions(page: Page, found: Thread) -> list[Action]:
    """Ended and not evaluated first, then running ones past their date; a member sees her own."""
    # An errand of a meeting is no test; its own page lets who wants to evaluate it all the same.
    mine = [
        one
        for one in found.actions
        if access.may_edit_action(page.actor, one) and not thread.is_errand(found, one)
    ]
    ended = [one for one in mine if one.state in ENDED and one.evaluated_on is None]
    late = [one for one in mine if one.state not in ENDED and thread.is_late(one, today())]
    return [*ended, *late]


def other_actions(page: Page, found: Thread) -> list[Action]:
    """Actions that go on: they can be ended early."""
    mine = [one for one in found.actions if access.may_edit_action(page.actor, one)]
    return [one for one in mine if one.state is ActionState.RUNNING and not thread.is_late(one, today())]


def open_goals(found: Thread) -> list[Goal]:
    """Goals past their date first."""
    goals = [one for one in found.goals if one.state is GoalState.OPEN]
    return sorted(goals, key=lambda one: (one.due_on is None, one.due_on or today()))


def actions(page: Page, found: Thread) -> None:
    """The list of actions that wait, each with the way to its form."""
    waiting, others = waiting_actions(page, found), other_actions(page, found)
    for action in waiting:
        _action_row(page, action)
    if not waiting:
        parts.note(_("No action waits for evaluation."))
    if others:
        label = ngettext("{n} running action, not due yet", "{n} running actions, not due yet", len(others))
        with st.expander(label.format(n=len(others)), key="running_actions"):
            for action in others:
                _action_row(page, action)


def _action_row(page: Page, action: Action) -> None:
    owner = page.staff.person_name(action.owner_id) or _("no owner")
    late = action.state not in ENDED and thread.is_late(action, today())
    state = parts.badge(_("Past its date") if late else _(words.ACTION_STATES[action.state]), _tone(late))
    with parts.card(f"waits_{action.action_id}"):
        what, do = st.columns([3, 1], vertical_alignment="center")
        what.html(f'<div>{safe(action.title)} {state}</div><div class="qc-quiet">{safe(owner)}</div>')
        with do:
            navigation.link("evaluate", _("Evaluate"), query={"action": action.action_id})


def _tone(late: bool) -> str:
    return "late" if late else "quiet"


def goals(page: Page, found: Thread) -> None:
    """Open goals, each with how far its actions are and the way to closing it."""
    waiting = open_goals(found)
    if not waiting:
        parts.note(_("No goal is open in this cycle."))
    for goal in waiting:
        late = goal.due_on is not None and goal.due_on < today()
        badge = parts.badge(_("Past its date"), "late") if late else ""
        with parts.card(f"open_{goal.goal_id}"):
            what, do = st.columns([3, 1], vertical_alignment="center")
            what.html(
                f'<div>{safe(goal.title)} {badge}</div><div class="qc-quiet">{safe(_so_far(found, goal))}</div>'
            )
            with do:
                navigation.link("evaluate", _("Close this goal"), query={"goal": goal.goal_id})


def _so_far(found: Thread, goal: Goal) -> str:
    own = found.actions_of(goal.goal_id)
    done = sum(one.evaluated_on is not None for one in own)
    text = ngettext("{done} of {n} action evaluated", "{done} of {n} actions evaluated", len(own)).format(
        done=done, n=len(own)
    )
    return f"{text} · {_('before {day}').format(day=i18n.day(goal.due_on))}" if goal.due_on else text


def closed_goals(page: Page, found: Thread, editable: bool) -> None:
    """What the team judged; while the cycle runs a goal can be opened again."""
    closed = [one for one in found.goals if one.state is GoalState.CLOSED]
    if not closed:
        parts.note(_("No goal has been closed in this cycle yet."))
    for goal in closed:
        with parts.card(f"closed_{goal.goal_id}"):
            closed_goal(goal, found)
            if editable and st.button(_("Open again"), key=f"reopen.{goal.goal_id}", type="tertiary"):
                _reopen(page, goal)


def closed_goal(goal: Goal, found: Thread) -> None:
    """A closed goal in words: judgement, what happened, what was learned, and whether evidence backs it."""
    judgement = _(words.JUDGEMENTS[goal.judgement]) if goal.judgement else _("No judgement")
    st.html(f'<div class="qc-goal">{safe(goal.title)}</div>{parts.badge(judgement)} {_backing(goal, found)}')
    parts.facts(
        [
            (_("Closed on"), i18n.day(goal.closed_on) if goal.closed_on else ""),
            (_("What we predicted"), goal.predicted),
            (_("What happened"), goal.happened),
            (_("What we learned"), goal.learned),
            (_("Next step"), _(words.NEXT_STEPS[goal.next_step]) if goal.next_step else ""),
        ]
    )


def _backing(goal: Goal, found: Thread) -> str:
    said = [link.says for link in found.links_about(goal)]
    if Says.CONTRADICTS in said:
        return parts.badge(_("There is evidence that contradicts"), "late")
    if goal.judgement in ("reached", "partly") and Says.SUPPORTS not in said:
        return parts.badge(_("Claim without evidence"), "talk")
    return ""


def _reopen(page: Page, goal: Goal) -> None:
    if failure.attempt(
        lambda: act.reopen_goal(page.store, page.actor, goal.goal_id, goal.revision),
        done=_("The goal is open again. What you wrote is kept."),
    ):
        st.rerun()


# --- one action ------------------------------------------------------------------------------------------


def action(page: Page, one: Action, found: Thread) -> None:
    """What was agreed beside what came of it."""
    agreed, form = st.columns(2, gap="medium")
    with agreed, parts.card("agreed"):
        _agreed(page, one, found)
        parts.heading(_("What can be seen"))
        evidence_lines(found, found.links_to(one.action_id))
        weights.verdict(page, weighing.weigh(page.store, page.actor, one, found))
    with form:
        small_tests.sessions(page, one, editable=True)
        saved = forms.edit(
            page,
            one,
            _action_fields(),
            key=f"evaluate.{one.action_id}",
            submit=_("Save the evaluation"),
            save=lambda seen, values: _evaluated(page, one, seen, values),
        )
        if saved:
            navigation.go("evaluate")


def _agreed(page: Page, one: Action, found: Thread) -> None:
    goal = next((goal.title for goal in found.goals if goal.goal_id == one.goal_id), _("no goal"))
    parts.facts(
        [
            (_("Goal"), goal),
            (_("Owner"), page.staff.person_name(one.owner_id) or _("no owner")),
            (_("What we do"), one.text),
        ]
    )
    parts.heading(_("Before the start"))
    before_start.locked_line(one)
    before_start.rows(one)
    before_start.later(page, one)


def _action_fields() -> list[Field]:
    return [
        Field("done_as_planned", _("Was it done as planned?"), Kind.CHOICE, words.options(words.AS_PLANNED)),
        Field("learned", _("What did we learn?"), Kind.TEXT),
        Field(
            "next_step",
            _("What now?"),
            Kind.CHOICE,
            words.options(words.NEXT_STEPS),
            help=_("An action that is still running ends with this: done, or stopped when you stop it."),
        ),
    ]


def _evaluated(page: Page, one: Action, seen: int, values: dict[str, Any]) -> Action:
    for name in ("done_as_planned", "next_step"):
        if values[name] is None:
            raise Incomplete("action", name)
    return act.evaluate_action(page.store, page.actor, one.action_id, seen, **values)


# --- one goal --------------------------------------------------------------------------------------------


def goal(page: Page, one: Goal, found: Thread) -> None:
    """What was predicted and what can be seen, beside the form that closes the goal."""
    seen, form = st.columns([1.15, 1], gap="medium")
    with seen:
        parts.heading(_("What we predicted"))
        with parts.card("predicted"):
            _predictions(one, found)
        parts.heading(_("What we can see"))
        _indicators(page, one, found)
        with parts.card("said"):
            evidence_lines(found, found.links_about(one))
    with form:
        parts.heading(_("What we make of it"))
        unfinished = [a for a in found.actions_of(one.goal_id) if a.evaluated_on is None]
        if unfinished:
            text = ngettext(
                "{n} action is not evaluated yet.", "{n} actions are not evaluated yet.", len(unfinished)
            )
            parts.note(text.format(n=len(unfinished)))
        _close_form(page, one, found)


def predicted(one: Goal, found: Thread) -> str:
    """What was predicted before: the goal's own words, else those of its actions. Nobody adds to it afterwards."""
    own = [f"{a.title}: {a.prediction}" for a in found.actions_of(one.goal_id) if a.prediction.strip()]
    return one.predicted or "\n".join(own)


def _predictions(one: Goal, found: Thread) -> None:
    text = predicted(one, found)
    parts.text_block(text)
    if not text.strip():
        parts.note(_("Nothing was predicted, so nothing can be compared. Next time, predict first."))


def _indicators(page: Page, one: Goal, found: Thread) -> None:
    own = found.indicators.get(one.goal_id, [])
    if not own:
        parts.note(_("This goal has no indicator."))
    for indicator in own:
        points = indicators.points_of(page.store, page.actor, indicator)
        with parts.card(f"indicator_{indicator.indicator_id}"):
            st.html(_indicator_words(indicator, thread.last_shown(points)))


def _indicator_words(indicator: Indicator, last: series.Point | None) -> str:
    steps = [
        (_("Baseline"), indicator.baseline, None),
        (_("Last value"), last.value if last else None, last),
        (_("Target"), indicator.target, None),
    ]
    cells = " → ".join(
        f"{safe(name)} <b>{safe(charts.value_text(indicator, value, point.n if point else None))}</b>"
        for name, value, point in steps
    )
    return f"<div>{safe(indicator.title)}</div><div>{cells}</div>{_last_words(last)}"


def _last_words(last: series.Point | None) -> str:
    if last is None:
        return f'<div class="qc-quiet">{safe(_("No value yet."))}</div>'
    n = f"n = {last.n}" if last.n else _("n unknown")
    interval = charts.interval_text(last.low, last.high)
    between = _("95% interval {interval}").format(interval=interval) if last.low is not None else ""
    words_of_it = [i18n.day(last.on), n, between]
    return f'<div class="qc-quiet">{safe(" · ".join(one for one in words_of_it if one))}</div>'


def evidence_lines(found: Thread, links: Sequence[Link]) -> None:
    """What the evidence says, contradicting first."""
    if not links:
        parts.note(_("No evidence is tied to this yet."))
        navigation.link("evidence", _("Evidence"))
        return
    titles = {piece.evidence_id: piece.title for piece in found.evidence}
    for link in sorted(links, key=lambda link: evidence.ORDER.index(link.says)):
        note = f' <span class="qc-quiet">{safe(link.note)}</span>' if link.note else ""
        st.html(f"<div>{tie.says_badge(link.says)}{note}</div>")
        navigation.link("evidence", titles.get(link.evidence_id, "–"), query={"evidence": link.evidence_id})


def _close_form(page: Page, one: Goal, found: Thread) -> None:
    fields = [
        Field("happened", _("What happened?"), Kind.TEXT),
        Field(
            "judgement",
            _("Did we reach it?"),
            Kind.CHOICE,
            words.options(words.JUDGEMENTS),
            help=_("“Cannot tell yet” is a real answer."),
        ),
        Field("learned", _("What did we learn?"), Kind.TEXT),
        Field("next_step", _("What now?"), Kind.CHOICE, words.options(words.NEXT_STEPS)),
    ]
    saved = forms.edit(
        page,
        one,
        fields,
        key=f"close.{one.goal_id}",
        submit=_("Close this goal"),
        save=lambda seen, values: _closed(page, one, found, seen, values),
    )
    parts.note(_("While the cycle runs you can open the goal again."))
    if saved:
        navigation.go("evaluate")


def _closed(page: Page, one: Goal, found: Thread, seen: int, values: dict[str, Any]) -> Goal:
    for name in ("judgement", "next_step"):
        if values[name] is None:
            raise Incomplete("goal", name)
    step: NextStep = values["next_step"]
    closing = act.GoalClosing(
        happened=values["happened"],
        judgement=values["judgement"],
        learned=values["learned"],
        next_step=step,
        predicted=predicted(one, found),
    )
    return act.close_goal(page.store, page.actor, one.goal_id, seen, closing)
