"""One way through the five phases on screen: where it is, what was said of each phase, and what the coach adds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import coaching_access, coaching_log, guidance, plan
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import N_, _
from qualitycycle.model import Goal, Phase
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


def show(page: Page, session: str, one: Trajectory, goals: Mapping[str, Goal], warn: Warn) -> None:
    """One of them, folded until somebody wants it."""
    here = _("closed") if one.closed_on else words.phase(one.phase, page.staff.school)
    label = " · ".join((one.question, _whose(page, one), here))
    with st.expander(plain(label), key=f"guidance.{one.id}", on_change="rerun") as box:
        if not box.open:
            return
        _steps(page, one)
        if one.with_group:
            _facts(page, one)
        else:
            picture, told = st.columns([1, 1.8], gap="medium", vertical_alignment="center")
            with picture:
                st.html(_triangle(page, one))
            with told:
                _facts(page, one)
        if one.goal_id is None and one.closed_on is None and guidance.leads(page.actor, one):
            parts.note(
                _(
                    "This hangs on no goal yet. Which goal of the team does it serve? Choose it under “Change”."
                )
            )
        _said(page, one, warn, session)
        if guidance.leads(page.actor, one):
            _end(page, one, goals)


def _said(page: Page, one: Trajectory, warn: Warn, session: str) -> None:
    """What was said of every phase; while it is open, a field for one of them."""
    if one.closed_on is not None:
        _told(page, one, without=None)
        return
    phase = one.phase
    chosen = st.session_state.get(f"guidance.{one.id}.phase")
    if isinstance(chosen, Phase):
        phase = chosen
    _told(page, one, without=phase)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        phase = _pick_phase(page, one)
        if guidance.leads(page.actor, one):
            _move(page, one)
    asked = WITH_GROUP if one.with_group else WITH_TEACHER
    if guidance.leads(page.actor, one):
        parts.note(_(asked[phase]))
    is_coach = guidance.is_coach(page.actor, one)
    shared, own = st.columns(2, gap="medium") if is_coach else (st.container(), None)
    with shared:
        _together(page, one, phase, warn)
    if own is not None:
        with own:
            _own_note(page, session, one, phase, warn)


def _told(page: Page, one: Trajectory, *, without: Phase | None) -> None:
    parts.facts(
        [
            (
                f"{words.phase(phase, page.staff.school)}: {_(TOGETHER[phase])}",
                one.together.get(str(phase), ""),
            )
            for phase in Phase
            if phase is not without
        ]
    )


def _whose(page: Page, one: Trajectory) -> str:
    return one.group_name or _with_whom(page, one)


def _with_whom(page: Page, one: Trajectory) -> str:
    if one.team_id is not None:
        return page.staff.team_name(one.team_id) or ""
    return (page.staff.person_name(one.colleague_id) if one.colleague_id else "") or ""


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
    owner = page.staff.person_name(one.owner_id) or ""
    if one.with_group:
        who = [
            (_("Group"), one.group_name or ""),
            (_("Teacher"), owner),
            (_("Shared with"), _with_whom(page, one) or _("nobody")),
        ]
    else:
        who = [(_("Whose"), _whose(page, one)), (_("Coach"), owner)]
    rows = [
        (_("Learning question"), one.question),
        *who,
        (_("Goal"), goal or _("no goal yet")),
        (_("What the team gains by it"), one.serves),
    ]
    parts.facts(rows)


def _move(page: Page, one: Trajectory) -> None:
    here = list(Phase).index(one.phase)
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
    alone = one.with_group and not _with_whom(page, one)
    label = _(TOGETHER[phase]) if alone else _("{what}: together").format(what=_(TOGETHER[phase]))
    seen = st.session_state.setdefault(f"{key}.seen", one.revision)
    help_ = (
        _("Only you see this here. It is not sealed: whoever holds the school's file could read it.")
        if alone
        else _("You both read this. It is not sealed: whoever holds the school's file could read it.")
    )
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
    fields = group_fields(page, goals) if one.with_group else guided_fields(goals)
    start = {field.name: getattr(one, field.name) for field in fields}
    typed = forms.form(key, fields, start, submit=_("Save"))
    if typed is None:
        return
    verb = guidance.change_with_group if one.with_group else guidance.change
    if failure.attempt(lambda: verb(page.store, page.actor, one.id, one.revision, **typed)):
        forms.forget(key)
        st.rerun()


# --- its words -------------------------------------------------------------------------------------------


def guided_fields(goals: Mapping[str, Goal]) -> list[Field]:
    """The words of a learning question."""
    return [
        Field("question", _("Learning question, in the words of the colleague")),
        _goal_field(goals),
        Field("serves", _("How does this one person's learning serve what the team wants?"), Kind.TEXT),
    ]


def group_fields(page: Page, goals: Mapping[str, Goal]) -> list[Field]:
    """The words of a teacher's own way with a group, and with whom she shares it."""
    return [
        Field("group_name", _("Group, such as group 5; no names of pupils")),
        Field("question", _("What do you want to understand of their learning?")),
        _goal_field(goals),
        Field("colleague_id", _("Share it with a colleague"), Kind.CHOICE, colleagues(page), half=True),
        Field("team_id", _("or with a team"), Kind.CHOICE, teams(page), half=True),
    ]


def _goal_field(goals: Mapping[str, Goal]) -> Field:
    titles = {goal_id: goal.title for goal_id, goal in goals.items()}
    return Field("goal_id", _("Goal it hangs on"), Kind.CHOICE, titles)


def colleagues(page: Page) -> dict[str, str]:
    return {
        one.person_id: one.name
        for one in page.staff.people
        if not one.archived and one.person_id != page.actor.person_id and one.role != "reader"
    }


def teams(page: Page) -> dict[str, str]:
    return {one.team_id: one.name for one in page.staff.teams if not one.archived}
