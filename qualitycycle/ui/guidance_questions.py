"""Learning questions on screen: the triangle, the five phases, what is shared and what the coach notes for herself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import coaching_access, coaching_log, guidance, plan
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import N_, _
from qualitycycle.model import Goal, GoalState, Phase
from qualitycycle.ui import failure, forms, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.guidance_log import SEALED
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

Warn = Callable[..., None]
# What each phase leaves behind.
TOGETHER = {
    Phase.OBSERVE: N_("What we saw"),
    Phase.UNDERSTAND: N_("How we understand it"),
    Phase.PLAN: N_("What we agreed"),
    Phase.DO: N_("What was done"),
    Phase.EVALUATE: N_("What was learned"),
}
# The same cycle twice: a teacher with a group, and a coach with a teacher.
WITH_GROUP = {
    Phase.OBSERVE: N_("What do I see my pupils do while they learn?"),
    Phase.UNDERSTAND: N_("Why does it go like that, and what do they need?"),
    Phase.PLAN: N_("What will I do differently, with whom, until when?"),
    Phase.DO: N_("I do it, and look what happens."),
    Phase.EVALUATE: N_("What did they learn, and what do I keep?"),
}
WITH_TEACHER = {
    Phase.OBSERVE: N_("What do I see my colleague do, and what works already?"),
    Phase.UNDERSTAND: N_("What does my colleague want to learn, and what makes it hard?"),
    Phase.PLAN: N_("What do we agree, and who in the team can help?"),
    Phase.DO: N_("My colleague tries it; I look along or join in."),
    Phase.EVALUATE: N_("What did we learn, and what does the team gain by it?"),
}


def show(page: Page, session: str, warn: Warn) -> None:
    """The learning questions this person sees, and for a coach a new one."""
    parts.note(
        _(
            "A learning question belongs to a colleague or a team, never to a pupil. Only the two who work on it see "
            "it here: the coach, and the colleague or the team."
        )
    )
    found = guidance.trajectories(page.store, page.actor)
    goals = _goals(page)
    if not found:
        parts.empty(_("There is no learning question yet in which you have a part."))
    for one in found:
        _question(page, session, one, goals, warn)
    if page.may(Right.GUIDE):
        with st.expander(_("Begin a learning question"), key="guidance.begin"):
            _begin(page, goals, warn)
    with st.expander(_("The same five phases twice"), key="guidance.twice"):
        _twice(page)


def _goals(page: Page) -> dict[str, Goal]:
    cycle = plan.running_cycle(page.store)
    if cycle is None:
        return {}
    found = plan.find(page.store, page.actor, Goal, cycle_id=cycle.cycle_id)
    return {one.goal_id: one for one in found if one.state is GoalState.OPEN}


# --- one question ----------------------------------------------------------------------------------------


def _question(page: Page, session: str, one: Trajectory, goals: Mapping[str, Goal], warn: Warn) -> None:
    label = f"{one.question} · {_whose(page, one)}"
    if one.closed_on:
        label = f"{label} · {_('closed')}"
    with st.expander(plain(label), expanded=False, key=f"guidance.{one.id}"):
        _steps(page, one)
        picture, told = st.columns([1, 1.4], gap="medium", vertical_alignment="center")
        with picture:
            st.html(_triangle(page, one))
        with told:
            _facts(page, one)
        is_coach = guidance.is_coach(page.actor, one)
        if is_coach and one.closed_on is None:
            _move(page, one)
        phase = _pick_phase(page, one)
        shared, own = st.columns(2, gap="medium") if is_coach else (st.container(), None)
        with shared:
            _together(page, one, phase, warn)
        if own is not None:
            with own:
                _own_note(page, session, one, phase, warn)
        if is_coach:
            _end(page, one, goals)


def _whose(page: Page, one: Trajectory) -> str:
    if one.team_id is not None:
        return page.staff.team_name(one.team_id) or ""
    return page.staff.person_name(one.colleague_id) or ""


def _steps(page: Page, one: Trajectory) -> None:
    here = list(Phase).index(one.phase)
    items = []
    for n, phase in enumerate(Phase):
        kind = "past" if n < here or one.closed_on else "now" if n == here else ""
        current = ' aria-current="step"' if kind == "now" else ""
        reached = one.moves.get(str(phase))
        on = f" <small>{safe(_short(reached))}</small>" if reached else ""
        name = safe(words.phase(phase, page.staff.school))
        items.append(f'<li class="{kind}"{current}>{"✓ " if kind == "past" else ""}{name}{on}</li>')
    label = safe(_("Phase of the learning question"))
    st.html(f'<ol class="qc-steps" aria-label="{label}">{"".join(items)}</ol>')


def _short(day: str) -> str:
    return i18n.short_day(date.fromisoformat(day))


def _triangle(page: Page, one: Trajectory) -> str:
    """Teacher, coach and team, with the question in their midst."""
    coach = page.staff.person_name(one.owner_id) or _("Internal coach")
    who = _whose(page, one)
    team = _("The team") if one.team_id is None else _("Colleagues")
    said = _("{who}, {coach} and the team around one learning question").format(who=who, coach=coach)
    top = f'<span class="qc-corner">{safe(team)}</span>'
    foot = f'<span class="qc-corner">{safe(who)}</span><span class="qc-corner">{safe(coach)}</span>'
    middle = f'<span class="qc-middle">{safe(_("learning question"))}</span>'
    return (
        f'<div class="qc-triangle" role="img" aria-label="{safe(said)}">'
        f'<div class="qc-sides" aria-hidden="true"></div>{top}{middle}<div class="qc-foot">{foot}</div></div>'
    )


def _facts(page: Page, one: Trajectory) -> None:
    goal = ""
    if one.goal_id is not None:
        goal = plan.get(page.store, page.actor, Goal, one.goal_id).title
    rows = [
        (_("Learning question"), one.question),
        (_("Whose"), _whose(page, one)),
        (_("Coach"), page.staff.person_name(one.owner_id) or ""),
        (_("Goal"), goal or _("no goal yet")),
        (_("What the team gains by it"), one.serves),
    ]
    parts.facts(rows)


def _move(page: Page, one: Trajectory) -> None:
    here = list(Phase).index(one.phase)
    with st.container(horizontal=True):
        for step, icon in ((-1, ":material/arrow_back:"), (1, ":material/arrow_forward:")):
            if not 0 <= here + step < len(Phase):
                continue
            phase = list(Phase)[here + step]
            label = (_("Back to: {phase}") if step < 0 else _("On to: {phase}")).format(
                phase=words.phase(phase, page.staff.school)
            )
            if st.button(plain(label), key=f"guidance.{one.id}.move{step}", icon=icon, type="tertiary"):
                moved = failure.attempt(
                    lambda phase=phase: guidance.move(page.store, page.actor, one.id, phase)  # type: ignore[misc]
                )
                if moved:
                    st.session_state.pop(f"guidance.{one.id}.phase", None)
                    st.rerun()


def _pick_phase(page: Page, one: Trajectory) -> Phase:
    chosen = st.selectbox(
        _("Phase"),
        list(Phase),
        index=list(Phase).index(one.phase),
        format_func=lambda phase: words.phase(phase, page.staff.school),
        key=f"guidance.{one.id}.phase",
        width=220,
    )
    return chosen or one.phase


def _together(page: Page, one: Trajectory, phase: Phase, warn: Warn) -> None:
    """What both write and read."""
    key = f"guidance.{one.id}.together.{phase}"
    said = one.together.get(str(phase), "")
    label = _("{what}: together").format(what=_(TOGETHER[phase]))
    if one.closed_on is not None:
        parts.facts([(label, said or "–")])
        return
    seen = st.session_state.setdefault(f"{key}.seen", one.revision)
    help_ = _("You both read this. It is not sealed: whoever holds the school's file could read it.")
    typed = forms.form(key, [Field("text", label, Kind.TEXT, help=help_)], {"text": said}, submit=_("Save"))
    warn(str(st.session_state.get(f"{key}.text", "")))
    if typed is None:
        return
    saved = failure.attempt(
        lambda: guidance.write_together(page.store, page.actor, one.id, seen, phase, typed["text"]),
        done=_("Saved."),
    )
    if saved:
        # Of every phase, since each remembers the version it was opened with.
        forms.forget(f"guidance.{one.id}.together")
        st.rerun()


def _own_note(page: Page, session: str, one: Trajectory, phase: Phase, warn: Warn) -> None:
    """What only the coach reads; it lies sealed in her log."""
    if not coaching_access.is_open(page.store, page.actor, session):
        parts.note(_("Notes for yourself lie sealed in your log. Open it under “My log”."))
        return
    key = f"{SEALED}.note.{one.id}.{phase}"
    log = coaching_log.read(page.store, page.actor, session)
    start = {"text": log.notes.get(one.id, {}).get(str(phase), "")}
    label = _("{what}: only for me").format(what=_(TOGETHER[phase]))
    typed = forms.form(
        key,
        [Field("text", label, Kind.TEXT, help=_("Sealed: only you can read this."))],
        start,
        submit=_("Save"),
        primary=False,
    )
    warn(str(st.session_state.get(f"{key}.text", "")))
    if typed is None:
        return
    try:
        coaching_log.set_note(page.store, page.actor, session, one.id, phase, typed["text"])
    except QualityCycleError as error:
        failure.tell(error)
        return
    st.session_state["flash"] = _("Saved.")
    st.rerun()


def _end(page: Page, one: Trajectory, goals: Mapping[str, Goal]) -> None:
    with st.container(horizontal=True):
        if one.closed_on is None:
            asked = st.button(_("Close this question"), key=f"guidance.{one.id}.close", type="tertiary")
            if asked and failure.worked(lambda: guidance.close(page.store, page.actor, one.id)):
                st.rerun()
            with st.popover(_("Change"), key=f"guidance.{one.id}.change", type="tertiary"):
                _change(page, one, goals)
        elif st.button(_("Open again"), key=f"guidance.{one.id}.reopen", type="tertiary") and failure.worked(
            lambda: guidance.reopen(page.store, page.actor, one.id)
        ):
            st.rerun()


def _change(page: Page, one: Trajectory, goals: Mapping[str, Goal]) -> None:
    key = f"guidance.{one.id}.words"
    start = {"question": one.question, "goal_id": one.goal_id, "serves": one.serves}
    typed = forms.form(key, _about(goals), start, submit=_("Save"))
    if typed is None:
        return
    if failure.attempt(lambda: guidance.change(page.store, page.actor, one.id, one.revision, **typed)):
        forms.forget(key)
        st.rerun()


# --- a new one -------------------------------------------------------------------------------------------


def _about(goals: Mapping[str, Goal]) -> list[Field]:
    return [
        Field("question", _("Learning question, in the words of the colleague")),
        Field(
            "goal_id",
            _("Goal it hangs on"),
            Kind.CHOICE,
            {goal_id: goal.title for goal_id, goal in goals.items()},
        ),
        Field("serves", _("How does this one person's learning serve what the team wants?"), Kind.TEXT),
    ]


def _begin(page: Page, goals: Mapping[str, Goal], warn: Warn) -> None:
    people = {
        one.person_id: one.name
        for one in page.staff.people
        if not one.archived and one.person_id != page.actor.person_id and one.role != "reader"
    }
    teams = {one.team_id: one.name for one in page.staff.teams if not one.archived}
    fields = [
        Field("colleague_id", _("Colleague"), Kind.CHOICE, people, half=True),
        Field("team_id", _("or a team"), Kind.CHOICE, teams, half=True),
        *_about(goals),
    ]
    parts.note(
        _(
            "What you write here and under “together” is read by your colleague too. It is not sealed. What is only "
            "for you goes into your log."
        )
    )
    typed = forms.form("new_guidance", fields, {}, submit=_("Begin"))
    warn(*(str(st.session_state.get(f"new_guidance.{name}", "")) for name in ("question", "serves")))
    if typed is None:
        return
    if failure.attempt(lambda: guidance.begin(page.store, page.actor, **typed), done=_("Begun.")):
        forms.forget("new_guidance")
        st.rerun()


def _twice(page: Page) -> None:
    head = "".join(
        f'<th scope="col">{safe(text)}</th>'
        for text in (_("Phase"), _("The teacher with a group"), _("The coach with a teacher"))
    )
    body = "".join(
        f'<tr><th scope="row">{safe(words.phase(phase, page.staff.school))}</th>'
        f"<td>{safe(_(WITH_GROUP[phase]))}</td><td>{safe(_(WITH_TEACHER[phase]))}</td></tr>"
        for phase in Phase
    )
    st.html(
        f'<div class="qc-scroll" tabindex="0" role="region" aria-label="{safe(_("The same five phases twice"))}">'
        f'<table class="qc-matrix"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )
