"""Learning questions on screen: those a person has a part in, a new one, and the same five phases twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from qualitycycle.cycle import guidance, plan
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.model import Goal, GoalState, Phase
from qualitycycle.ui import failure, forms, guidance_phases, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.guidance_phases import WITH_GROUP, WITH_TEACHER
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

Warn = Callable[..., None]


def show(page: Page, session: str, warn: Warn) -> None:
    """Guidance first, then a teacher's own way with a group; each with a new one."""
    found = guidance.trajectories(page.store, page.actor)
    goals = _goals(page)
    asked = st.query_params.get("goal", "")
    wanted = asked if asked in goals else None
    parts.heading(_("Guidance of colleagues"))
    parts.note(
        _(
            "A learning question belongs to a colleague or a team, never to a pupil. Only the two who work on it see "
            "it here: the coach, and the colleague or the team."
        )
    )
    guided = [one for one in found if not one.with_group]
    if not guided:
        parts.empty(_("There is no learning question yet in which you have a part."))
    for one in guided:
        guidance_phases.show(page, session, one, goals, warn)
    if page.may(Right.GUIDE):
        with st.expander(_("Begin a learning question"), expanded=wanted is not None, key="guidance.begin"):
            _begin(page, goals, wanted, warn)
    parts.heading(_("With my own group"))
    parts.note(
        _(
            "The same five phases for a teacher who wants to understand how a group learns. It is yours: you choose "
            "whether a colleague or a team looks along. It is about the group; names of pupils stay out."
        )
    )
    for one in found:
        if one.with_group:
            guidance_phases.show(page, session, one, goals, warn)
    is_mine = wanted is not None and not page.may(Right.GUIDE)
    with st.expander(_("Begin with a group"), expanded=is_mine, key="guidance.begin_group"):
        _begin_with_group(page, goals, wanted, warn)
    with st.expander(_("The same five phases twice"), key="guidance.twice"):
        _twice(page)


def _goals(page: Page) -> dict[str, Goal]:
    cycle = plan.running_cycle(page.store)
    if cycle is None:
        return {}
    found = plan.find(page.store, page.actor, Goal, cycle_id=cycle.cycle_id)
    return {one.goal_id: one for one in found if one.state is GoalState.OPEN}


# --- a new one -------------------------------------------------------------------------------------------


def _begin(page: Page, goals: Mapping[str, Goal], wanted: str | None, warn: Warn) -> None:
    fields = [
        Field("colleague_id", _("Colleague"), Kind.CHOICE, guidance_phases.colleagues(page), half=True),
        Field("team_id", _("or a team"), Kind.CHOICE, guidance_phases.teams(page), half=True),
        *guidance_phases.guided_fields(goals),
    ]
    parts.note(
        _(
            "What you write here and under “together” is read by your colleague too. It is not sealed. What is only "
            "for you goes into your log."
        )
    )
    typed = forms.form("new_guidance", fields, {"goal_id": wanted}, submit=_("Begin"))
    warn(*(str(st.session_state.get(f"new_guidance.{name}", "")) for name in ("question", "serves")))
    if typed is None:
        return
    if failure.attempt(lambda: guidance.begin(page.store, page.actor, **typed), done=_("Begun.")):
        _begun("new_guidance")


def _begin_with_group(page: Page, goals: Mapping[str, Goal], wanted: str | None, warn: Warn) -> None:
    fields = guidance_phases.group_fields(page, goals)
    typed = forms.form("new_group", fields, {"goal_id": wanted}, submit=_("Begin"))
    warn(*(str(st.session_state.get(f"new_group.{name}", "")) for name in ("group_name", "question")))
    if typed is None:
        return
    if failure.attempt(lambda: guidance.begin_with_group(page.store, page.actor, **typed), done=_("Begun.")):
        _begun("new_group")


def _begun(key: str) -> None:
    forms.forget(key)
    # The goal one came from has got its question.
    st.query_params.pop("goal", None)
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
