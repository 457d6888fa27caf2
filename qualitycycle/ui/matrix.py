"""The parts of the page that sets a cycle's actions against its evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import evidence, thread, weighing
from qualitycycle.cycle.evidence import ORDER, Matrix
from qualitycycle.cycle.standards import standards
from qualitycycle.cycle.thread import Thread
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, Cycle, Evidence, Goal
from qualitycycle.ui import failure, forms, navigation, parts, tie, week, words
from qualitycycle.ui import weighing as weights
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

# Stands for a choice that leaves nothing out.
ALL = ""
SCHOOL = "school"
OPEN = "matrix_tie_asked"


# --- choosing --------------------------------------------------------------------------------------------


def filtered(page: Page, cycle: Cycle, found: Thread) -> Matrix:
    """The matrix of what is chosen: a goal, a team or an inspection standard."""
    goals = {goal.goal_id: goal.title for goal in found.goals}
    teams = {team.team_id: team.name for team in page.staff.teams if _has_goal(found, team.team_id)}
    names = {row.code: f"{row.code} {row.name}" for row in standards(page.staff.school.sector)}
    codes = {code: names.get(code, code) for goal in found.goals for code in goal.standards}
    goal = _choose(_("Goal"), _("All goals"), goals, "matrix_goal", 320)
    team = _choose(_("Team"), _("All teams"), teams, "matrix_team", 200)
    standard = _choose(
        _("Inspection standard"), _("All standards"), dict(sorted(codes.items())), "matrix_standard", 260
    )
    return evidence.matrix(
        page.store,
        page.actor,
        cycle.cycle_id,
        goal_id=goal or None,
        team_id=team or None,
        standard=standard or None,
    )


def _has_goal(found: Thread, team_id: str) -> bool:
    return any(goal.team_id == team_id for goal in found.goals)


def _choose(name: str, everything: str, options: dict[str, str], key: str, width: int) -> str:
    labels = forms.distinct({ALL: everything, **options})
    chosen = st.selectbox(
        name,
        list(labels),
        format_func=lambda one: labels.get(one, everything),
        key=key,
        width=width,
        label_visibility="collapsed",
    )
    return str(chosen) if chosen in labels else ALL


# --- the table -------------------------------------------------------------------------------------------


def table(found: Matrix, cycle: Cycle, whole: Thread) -> None:
    """Actions under their goal at the left, evidence along the top, and in each crossing what it says."""
    errands = {one.action_id for one in found.actions if _is_bare_errand(whole, one)}
    columns = _columns(found)
    if not columns:
        parts.empty(
            _("Nothing is tied here yet. Tie evidence to an action below, or add evidence first."),
            page="evidence",
            label=_("Evidence"),
        )
        return
    title = _("What the evidence of {cycle} says about each action").format(cycle=cycle.title)
    heads = "".join(_head(piece) for piece in columns)
    groups = "".join(_group(found, columns, goal, errands) for goal in [*found.goals, None])
    st.html(
        f'<div class="qc-scroll" role="region" tabindex="0" aria-label="{safe(title)}">'
        f'<table class="qc-matrix"><caption>{safe(title)}</caption>'
        f'<thead><tr><th scope="col">{safe(_("Action"))}</th>{heads}</tr></thead>{groups}</table></div>'
    )


def _columns(found: Matrix) -> list[Evidence]:
    """Evidence that is tied to something shown: what contradicts first."""
    ranks: dict[str, int] = {}
    for (evidence_id, _target), cell in found.cells.items():
        ranks[evidence_id] = min(ORDER.index(cell.says), ranks.get(evidence_id, len(ORDER)))
    tied = [piece for piece in found.evidence if piece.evidence_id in ranks]
    return sorted(tied, key=lambda piece: ranks[piece.evidence_id])


def _head(piece: Evidence) -> str:
    small = f"{_(words.EVIDENCE_KINDS[piece.kind])}, {i18n.short_day(piece.evidence_on)}"
    return f'<th scope="col">{_link("evidence", piece.evidence_id, piece.title)}<br><small>{safe(small)}</small></th>'


def _link(noun: str, record_id: str, title: str) -> str:
    """A title that opens its page."""
    there = safe(navigation.address(noun, **{noun: record_id}))
    return f'<a class="qc-link" href="{there}" target="_self">{safe(title)}</a>'


def _group(found: Matrix, columns: Sequence[Evidence], goal: Goal | None, errands: set[str]) -> str:
    own = _actions_of(found, goal)
    if goal is None and not own:
        return ""
    title = (
        _link("goal", goal.goal_id, _("Goal: {title}").format(title=goal.title))
        if goal
        else safe(_("Without a goal"))
    )
    wide = f'scope="rowgroup" colspan="{len(columns) + 1}"'
    head = f'<tr><th {wide} class="qc-group"><span>{title}</span></th></tr>'
    rows = [
        _row(found, columns, _link("action", action.action_id, action.title), action.action_id)
        for action in own
        if action.action_id not in errands
    ]
    if goal and any(target == goal.goal_id for _piece, target in found.cells):
        rows.insert(0, _row(found, columns, _link("goal", goal.goal_id, _("The goal itself")), goal.goal_id))
    n = sum(action.action_id in errands for action in own)
    if n or not rows:
        text = ngettext(
            "{n} agreement of a meeting, without evidence", "{n} agreements of meetings, without evidence", n
        ).format(n=n)
        last = text if n else _("No action yet.")
        rows.append(f'<tr><td colspan="{len(columns) + 1}"><small>{safe(last)}</small></td></tr>')
    return f"<tbody>{head}{''.join(rows)}</tbody>"


def _actions_of(found: Matrix, goal: Goal | None) -> list[Action]:
    if goal:
        return [one for one in found.actions if one.goal_id == goal.goal_id]
    known = {one.goal_id for one in found.goals}
    return [one for one in found.actions if one.goal_id not in known]


def _row(found: Matrix, columns: Iterable[Evidence], head: str, target_id: str) -> str:
    cells = "".join(_cell(found, piece.evidence_id, target_id) for piece in columns)
    return f'<tr><th scope="row">{head}</th>{cells}</tr>'


def _cell(found: Matrix, evidence_id: str, target_id: str) -> str:
    cell = found.cells.get((evidence_id, target_id))
    if cell is None:
        return "<td></td>"
    note = f"<br><small>{safe(cell.note)}</small>" if cell.note else ""
    return f"<td>{tie.says_badge(cell.says)}{note}</td>"


def _is_bare_errand(found: Thread, action: Action) -> bool:
    """Agreed in a meeting, and no test: there is nothing to weigh, and a year of them would fill every row."""
    return thread.is_errand(found, action) and not found.links_to(action.action_id)


# --- below the table -------------------------------------------------------------------------------------


def work(page: Page, cycle: Cycle, chosen: Matrix, found: Thread) -> None:
    """Every row of the table to click on: the action, its verdict, its gaps, and what is tied to it."""
    weighed = weighing.weigh_all(page.store, page.actor, found, chosen.actions)
    gaps = thread.gaps(found)
    editable = page.may_edit and cycle.state == "running" and bool(found.evidence)
    titles = {piece.evidence_id: piece.title for piece in chosen.evidence}
    for action in chosen.actions:
        if _is_bare_errand(found, action):
            continue
        with parts.card(f"work_{action.action_id}"):
            with st.container(
                horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"
            ):
                navigation.link("action", action.title, query={"action": action.action_id})
                st.html(weights.badge(weighed[action.action_id]))
            with st.container(horizontal=True, vertical_alignment="center", key=f"ways_{action.action_id}"):
                for gap in (one for one in gaps if one.noun_id == action.action_id):
                    week.mend_link(gap, short=True)
                _tied(chosen, titles, action.action_id)
                if editable:
                    _tie_to(action)
    loose = [gap for gap in gaps if gap.noun == "evidence" and gap.noun_id in titles]
    if loose:
        parts.note(_("Evidence that asks for attention:"))
        for gap in loose:
            week.mend_link(gap)


def _tied(chosen: Matrix, titles: dict[str, str], target_id: str) -> None:
    """The evidence in a row of the table, contradicting first."""
    own = [(cell, piece) for (piece, target), cell in chosen.cells.items() if target == target_id]
    for cell, piece in sorted(own, key=lambda pair: (ORDER.index(pair[0].says), pair[1])):
        sign = tie.SIGNS[cell.says]
        navigation.link("evidence", f"{sign} {titles.get(piece, '–')}", query={"evidence": piece})


def _tie_to(action: Action) -> None:
    """Open the form above with this action filled in."""
    label = _("Tie evidence")
    if st.button(label, key=f"tie_to.{action.action_id}", type="tertiary", icon=":material/add_link:"):
        st.session_state["matrix_link.target"] = f"action:{action.action_id}"
        st.session_state[OPEN] = True
        st.rerun()


def tie_form(page: Page, cycle: Cycle, found: Thread) -> None:
    """Tie a piece of evidence to an action or goal without leaving the table."""
    if not page.may_edit or cycle.state != "running" or not found.evidence:
        return
    pieces = {
        piece.evidence_id: f"{piece.title} ({i18n.short_day(piece.evidence_on)})" for piece in found.evidence
    }
    asked = bool(st.session_state.pop(OPEN, False))
    with st.expander(
        _("Tie evidence to an action"), icon=":material/add_link:", key="matrix_tie", expanded=asked
    ):
        fields = [
            Field("evidence", _("Evidence"), Kind.CHOICE, pieces, optional=False),
            *tie.link_fields(tie.targets(found.goals, found.actions)),
        ]
        values = forms.form("matrix_link", fields, {}, submit=_("Tie"))
        if values and failure.worked(
            lambda: tie.save_link(page, values["evidence"], values), done=_("Tied.")
        ):
            forms.forget("matrix_link")
            st.rerun()
