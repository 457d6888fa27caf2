"""The parts of the page about quality cycles: where one stands, closing it, starting the next, reading the old."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import act, plan, rounds, thread
from qualitycycle.cycle.thread import Thread
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import (
    Action,
    ActionState,
    Cycle,
    CycleState,
    Goal,
    GoalState,
    NextStep,
    Phase,
    PhaseMove,
    RoundState,
)
from qualitycycle.ui import evaluate, failure, forms, navigation, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

CLOSING = "close_cycle"
STARTING = "start_cycle"
# What was typed while the last question stands open.
ASKED = "closing_asked"


def closed_cycles(page: Page) -> list[Cycle]:
    """The closed cycles this role may read, latest first."""
    visible = plan.visible_cycles(page.store, page.actor)
    return [cycle for cycle in visible if cycle.state is CycleState.CLOSED]


def _period(cycle: Cycle) -> str:
    return _("{first} to {last}").format(first=i18n.day(cycle.first_on), last=i18n.day(cycle.last_on))


# --- the running cycle -----------------------------------------------------------------------------------


def running(page: Page, cycle: Cycle) -> None:
    """Where the running cycle stands, and for who may: move its phase, or close it."""
    parts.heading(cycle.title)
    parts.note(_period(cycle))
    _steps(page, cycle)
    if page.may_edit:
        _move(page, cycle)
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    _counts(page, cycle)
    if page.may_edit:
        with st.expander(_("Close this cycle"), icon=":material/flag:", key="closing"):
            _close(page, cycle, found)


def _steps(page: Page, cycle: Cycle) -> None:
    moves = plan.find(page.store, page.actor, PhaseMove, noun="cycle", noun_id=cycle.cycle_id)
    moved = {move.phase: move.moved_on for move in sorted(moves, key=lambda move: move.moved_on)}
    here = list(Phase).index(cycle.phase)
    items = "".join(_step(page, phase, n - here, moved.get(phase)) for n, phase in enumerate(Phase))
    st.html(f'<ol class="qc-steps" aria-label="{safe(_("Phase of the cycle"))}">{items}</ol>')


def _step(page: Page, phase: Phase, distance: int, on: date | None) -> str:
    kind, mark = ("past", "✓ ") if distance < 0 else ("now", "") if distance == 0 else ("", "")
    current = ' aria-current="step"' if kind == "now" else ""
    when = f" · {safe(i18n.day(on, year=False))}" if on and distance <= 0 else ""
    return f'<li class="{kind}"{current}>{mark}{safe(words.phase(phase, page.staff.school))}{when}</li>'


def _move(page: Page, cycle: Cycle) -> None:
    labels = {phase: words.phase(phase, page.staff.school) for phase in Phase}
    ahead = list(Phase)[min(list(Phase).index(cycle.phase) + 1, len(Phase) - 1)]
    with st.popover(_("Move to another phase"), key="move_cycle"):
        fields = [
            Field("phase", _("Phase"), Kind.CHOICE, labels, optional=False),
            Field("on", _("On"), Kind.DATE),
        ]
        values = forms.form("cycle_phase", fields, {"phase": ahead, "on": today()}, submit=_("Move"))
        if values and failure.worked(lambda: _moved(page, cycle, values), done=_("Moved.")):
            forms.forget("cycle_phase")
            st.rerun()


def _moved(page: Page, cycle: Cycle, values: dict[str, Any]) -> bool:
    if values["on"] is None:
        raise Incomplete("phase_move", "moved_on")
    plan.move_phase(page.store, page.actor, Cycle, cycle.cycle_id, values["phase"], values["on"])
    return True


# Where each of what is open can be finished.
_WAYS = (("goals", "evaluate"), ("actions", "actions"), ("rounds", "rounds"), ("votes", "goals"))


def _counts(page: Page, cycle: Cycle) -> None:
    """What is still open, each with the way to it."""
    left = act.still_open(page.store, cycle.cycle_id)
    texts = {
        "goals": ngettext("{n} goal is open", "{n} goals are open", left["goals"]),
        "actions": ngettext("{n} action is not finished", "{n} actions are not finished", left["actions"]),
        "rounds": ngettext(
            "{n} questionnaire round is open", "{n} questionnaire rounds are open", left["rounds"]
        ),
        "votes": ngettext("{n} confidence vote is open", "{n} confidence votes are open", left["votes"]),
    }
    if not any(left.values()):
        parts.note(_("Nothing is open in this cycle any more."))
        return
    with st.container(horizontal=True, key="still_open"):
        for name, page_name in _WAYS:
            if left[name]:
                navigation.link(page_name, texts[name].format(n=left[name]))


# --- closing ---------------------------------------------------------------------------------------------


def _close(page: Page, cycle: Cycle, found: Thread) -> None:
    parts.note(
        _(
            "A cycle closes when you say so, never by itself. After that everybody can read it and nobody can "
            "change it. Close each goal first, or choose to carry it over to the next cycle."
        )
    )
    still = {goal.goal_id: goal.title for goal in found.goals if goal.state is GoalState.OPEN}
    fields = [
        *([Field("carry", _("Goals to carry over"), Kind.MANY, still)] if still else []),
        Field("went_well", _("What went well?"), Kind.TEXT),
        Field("learned", _("What did we learn?"), Kind.TEXT),
    ]
    start = {"went_well": cycle.went_well, "learned": cycle.learned}
    values = forms.form(CLOSING, fields, start, submit=_("Go on to closing"))
    if values and failure.worked(lambda: _checked(page, cycle, values)):
        st.session_state[ASKED] = values
    if asked := st.session_state.get(ASKED):
        st.dialog(_("Close this cycle for good?"), on_dismiss=_forget_asked)(_confirm)(page, cycle, asked)


def _forget_asked() -> None:
    st.session_state.pop(ASKED, None)


def _checked(page: Page, cycle: Cycle, values: dict[str, Any]) -> bool:
    act.check_closing(
        page.store, cycle.cycle_id, learned=values["learned"], carry_goal_ids=values.get("carry", ())
    )
    return True


def _confirm(page: Page, cycle: Cycle, values: dict[str, Any]) -> None:
    st.write(
        plain(_("“{title}” can then be read and no longer changed, by nobody.").format(title=cycle.title))
    )
    carried = len(values.get("carry", ()))
    if carried:
        text = ngettext("{n} goal waits for the next cycle.", "{n} goals wait for the next cycle.", carried)
        parts.note(text.format(n=carried))
    with st.container(horizontal=True):
        yes = st.button(_("Close the cycle"), type="primary", key="confirm_closing")
        no = st.button(_("Not yet"), key="cancel_closing")
    if no or (yes and _closed(page, cycle, values)):
        _forget_asked()
        st.rerun()


def _closed(page: Page, cycle: Cycle, values: dict[str, Any]) -> bool:
    closed = failure.attempt(
        lambda: act.close_cycle(
            page.store,
            page.actor,
            cycle.cycle_id,
            cycle.revision,
            went_well=values["went_well"],
            learned=values["learned"],
            carry_goal_ids=values.get("carry", ()),
        ),
        done=_("The cycle is closed. Now start the next one."),
    )
    if closed:
        forms.forget(CLOSING)
    return closed is not None


# --- starting --------------------------------------------------------------------------------------------


def start(page: Page, closed: Sequence[Cycle]) -> None:
    """The next cycle after the latest closed one, or the very first."""
    previous = closed[0] if closed else None
    parts.heading(_("Start the next cycle") if previous else _("Start a cycle"))
    if previous:
        parts.note(
            _("Nothing goes along by itself: choose what you carry over from “{title}”.").format(
                title=previous.title
            )
        )
    year = act.suggested(page.store, previous)
    start = {"title": year.school_year_id, "first_on": year.first_on, "last_on": year.last_on}
    fields = [
        Field("title", _("Name")),
        Field("first_on", _("First day"), Kind.DATE, half=True),
        Field("last_on", _("Last day"), Kind.DATE, half=True),
    ]
    if previous:
        found = thread.thread(page.store, page.actor, previous.cycle_id)
        start["goals"] = tuple(goal.goal_id for goal in found.goals if goal.state is GoalState.OPEN)
        fields += _carry_fields(found)
    with parts.card("start_cycle"):
        values = forms.form(STARTING, fields, start, submit=_("Start this cycle"))
        if values and failure.worked(
            lambda: _started(page, previous, values), done=_("The cycle has started.")
        ):
            forms.forget(STARTING)
            st.rerun()


def _carry_fields(found: Thread) -> list[Field]:
    goals = {goal.goal_id: _goal_label(goal) for goal in found.goals}
    actions = {
        action.action_id: action.title
        for action in found.actions
        if action.state in (ActionState.PLANNED, ActionState.RUNNING)
        or action.next_step in (NextStep.ADOPT, NextStep.ADAPT)
    }
    return [
        *([Field("goals", _("Goals to carry over"), Kind.MANY, goals)] if goals else []),
        *([Field("actions", _("Actions to carry over"), Kind.MANY, actions)] if actions else []),
    ]


def _goal_label(goal: Goal) -> str:
    return f"{goal.title} ({_(words.JUDGEMENTS[goal.judgement])})" if goal.judgement else goal.title


def _started(page: Page, previous: Cycle | None, values: dict[str, Any]) -> Cycle:
    new = act.NextCycle(
        title=values["title"],
        first_on=values["first_on"],
        last_on=values["last_on"],
        goal_ids=values.get("goals", ()),
        action_ids=values.get("actions", ()),
    )
    if previous is None:
        started = act.start_first(page.store, page.actor, new)
    else:
        started = act.start_next(page.store, page.actor, previous.cycle_id, new)
    act.add_missing_year(page.store, page.actor, started.first_on)
    return started


def calendar_gap(page: Page, cycle: Cycle) -> None:
    """A cycle in a school year without a calendar: only the school leader can add that."""
    known = any(
        year.first_on <= cycle.last_on and cycle.first_on <= year.last_on for year in page.staff.years
    )
    if not known:
        parts.note(_("This school year has no calendar yet. The school leader can add it."))


# --- reading a closed cycle ------------------------------------------------------------------------------


def closed_list(page: Page, closed: Sequence[Cycle]) -> None:
    """Every closed cycle, readable forever."""
    if not closed:
        parts.note(_("No cycle has been closed yet."))
    for cycle in closed:
        found = thread.thread(page.store, page.actor, cycle.cycle_id)
        with parts.card(f"cycle_{cycle.cycle_id}"):
            what, do = st.columns([4, 1], vertical_alignment="center")
            what.html(
                f'<div class="qc-goal">{safe(cycle.title)}</div>'
                f'<div class="qc-quiet">{safe(_period(cycle))} · {safe(_goal_count(found))}</div>'
            )
            with do:
                navigation.link("cycles", _("Read"), query={"cycle": cycle.cycle_id})


def _goal_count(found: Thread) -> str:
    return ngettext("{n} goal", "{n} goals", len(found.goals)).format(n=len(found.goals))


def read(page: Page, cycle: Cycle) -> None:
    """A closed cycle: what went well, what was learned, its goals with their judgement, its actions and rounds."""
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    with parts.card("closed_cycle"):
        parts.facts(
            [
                (_("Period"), _period(cycle)),
                (_("Closed on"), i18n.day(cycle.closed_on)),
                (_("What went well"), cycle.went_well),
                (_("What we learned"), cycle.learned),
            ]
        )
    parts.heading(_("Goals"))
    if not found.goals:
        parts.note(_("This cycle had no goals."))
    for goal in found.goals:
        with parts.card(f"goal_{goal.goal_id}"):
            if goal.state is GoalState.OPEN:
                carried = parts.badge(_("Not closed: carried over"), "talk")
                st.html(f'<div class="qc-goal">{safe(goal.title)}</div>{carried}')
            else:
                evaluate.closed_goal(goal, found)
    parts.heading(_("Actions"))
    _read_actions(found.actions)
    _read_rounds(page, cycle)


def _read_actions(actions: Sequence[Action]) -> None:
    if not actions:
        parts.note(_("This cycle had no actions."))
        return
    parts.lines((one.title, one.learned, _came_of(one)) for one in actions)


def _came_of(action: Action) -> str:
    if action.next_step:
        return _(words.NEXT_STEPS[action.next_step])
    return _(words.ACTION_STATES[action.state])


def _read_rounds(page: Page, cycle: Cycle) -> None:
    closed = [
        one
        for one in rounds.rounds_of(page.store, page.actor, cycle.cycle_id)
        if one.state is RoundState.CLOSED
    ]
    if not closed:
        return
    parts.heading(_("Questionnaire rounds"))
    for one in closed:
        navigation.link(
            "results", f"{one.title} ({i18n.short_day(one.closed_on)})", query={"round": one.round_id}
        )
