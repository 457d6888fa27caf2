"""Study: evidence of every kind, tied to goals and actions as contradicting, supporting or not yet telling."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import frozen, plan, rounds, series, views
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.views import Result, View, ViewKind
from qualitycycle.errors import Incomplete
from qualitycycle.model import Action, Actor, Evidence, EvidenceKind, Goal, Link, Round, Says
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# Contradicting evidence is shown first, everywhere.
ORDER = (Says.CONTRADICTS, Says.SUPPORTS, Says.NOTHING_YET)


@dataclass(frozen=True)
class Cell:
    """One crossing of the matrix."""

    link_id: str
    says: Says
    note: str


@dataclass(frozen=True)
class Matrix:
    """Evidence against the goals and actions of one cycle; `cells` by evidence id and target id."""

    evidence: tuple[Evidence, ...]
    goals: tuple[Goal, ...]
    actions: tuple[Action, ...]
    cells: dict[tuple[str, str], Cell]


def add(
    store: Store,
    actor: Actor,
    *,
    cycle_id: str,
    kind: EvidenceKind,
    title: str,
    evidence_on: date,
    text: str = "",
    source: str = "",
    owner_id: str | None = None,
    n: int | None = None,
    valid_until: date | None = None,
) -> Evidence:
    """Record a piece of evidence that somebody saw, made, heard or read."""
    _check_day(evidence_on)
    new = Evidence(
        evidence_id=new_id(),
        cycle_id=cycle_id,
        kind=kind,
        title=title.strip(),
        text=text,
        source=source,
        evidence_on=evidence_on,
        added_on=config.today(),
        owner_id=owner_id or actor.person_id,
        n=n,
        valid_until=valid_until,
    )
    return plan.record(store, actor, new)


def change(store: Store, actor: Actor, evidence_id: str, seen: int | None, **changes: Any) -> Evidence:
    """Change the words around a piece of evidence; the figure that was taken over stays as it was."""
    if "evidence_on" in changes:
        _check_day(changes["evidence_on"])
    return plan.change(store, actor, Evidence, evidence_id, seen, **changes)


def _check_day(evidence_on: date | None) -> None:
    # A date field that was emptied gives None, whatever the annotation says.
    if evidence_on is None:
        raise Incomplete("evidence", "evidence_on")
    if evidence_on > config.today():
        raise Incomplete("evidence", "evidence_on", "in_future")


def from_round(store: Store, actor: Actor, round_id: str, cycle_id: str) -> Evidence:
    """Make the frozen result of a closed round evidence; it keeps the data version it was computed at."""
    one = plan.get(store, actor, Round, round_id)
    result = rounds.result(store, actor, round_id)
    new = Evidence(
        evidence_id=new_id(),
        cycle_id=cycle_id,
        kind=EvidenceKind.QUESTIONNAIRE,
        title=one.title,
        evidence_on=one.closed_on or config.today(),
        added_on=config.today(),
        owner_id=actor.person_id,
        n=result.n_answered,
        data_version=one.result_version,
        data_ref={"round_id": round_id},
        figure=frozen.as_json(result),
    )
    return plan.record(store, actor, new)


def from_series(
    store: Store, actor: Actor, selection: series.Selection, cycle_id: str, title: str
) -> Evidence:
    """Make a line of outcomes evidence."""
    return from_view(store, actor, View(ViewKind.LINE, selection), cycle_id, title)


def from_view(store: Store, actor: Actor, view: View, cycle_id: str, title: str) -> Evidence:
    """Make a picture of outcomes evidence: what it shows now, with the exact question and the data version."""
    found = views.result(store, actor, view)
    if found.figures is None:
        raise Incomplete("evidence", "value")
    new = Evidence(
        evidence_id=new_id(),
        cycle_id=cycle_id,
        kind=EvidenceKind.OUTCOME,
        title=title,
        # A moment without a date ends with its part of the year, which may not be over.
        evidence_on=min(found.last_on or config.today(), config.today()),
        added_on=config.today(),
        owner_id=actor.person_id,
        n=found.n,
        data_version=found.data_version,
        data_ref={"view": views.as_json(view)},
        figure=views.result_as_json(found),
    )
    return plan.record(store, actor, new)


def shown_by(one: Evidence) -> Result | None:
    """What a piece of outcome evidence showed when it was made; None where it holds no figure."""
    if one.kind is not EvidenceKind.OUTCOME or not one.figure:
        return None
    if "view" in one.figure:
        return views.result_from(one.figure)
    # Evidence from before there were other pictures than a line.
    selection = series.selection_from(one.data_ref["selection"])
    points = tuple(
        series.Point(**{**row, "on": date.fromisoformat(row["on"])}) for row in one.figure["points"]
    )
    found = series.Series(selection, points, data_version=one.data_version or 0)
    return Result(View(ViewKind.LINE, selection), one.data_version or 0, one.n, found, points)


def points_in(one: Evidence) -> list[series.Point]:
    """The points a piece of outcome evidence was made of."""
    found = shown_by(one)
    return list(found.points) if found else []


# --- links -----------------------------------------------------------------------------------------------


def link(
    store: Store, actor: Actor, evidence_id: str, target: Goal | Action, says: Says, note: str = ""
) -> Link:
    """Tie evidence to a goal or action; tying it again changes what it says."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Link:
        plan.refuse_closed(tx, tx.get(Evidence, evidence_id))
        plan.refuse_closed(tx, target)
        same = tx.find(
            Link,
            where="evidence_id = $evidence AND noun = $noun AND noun_id = $target",
            archived=True,
            evidence=evidence_id,
            noun=target.TABLE,
            target=target.id,
        )
        if same:
            return tx.change(Link, same[0].link_id, None, says=says, note=note, archived_at=None)
        return tx.insert(
            Link(
                link_id=new_id(),
                evidence_id=evidence_id,
                noun=target.TABLE,
                noun_id=target.id,
                says=says,
                note=note,
            )
        )

    return store.write(use_case, actor=actor, verb="link_evidence")


def unlink(store: Store, actor: Actor, link_id: str) -> Link:
    """Take a link away; the evidence itself stays."""
    return plan.archive(store, actor, Link, link_id)


def review(store: Store, actor: Actor, evidence_id: str) -> Evidence:
    """Say that somebody looked at it."""
    return plan.change(store, actor, Evidence, evidence_id, None, reviewed_on=config.today())


def links_of(store: Store, actor: Actor, target: Goal | Action) -> list[tuple[Link, Evidence]]:
    """The evidence about a goal or action, contradicting first."""
    with store.cursor() as con:
        plan.require_cycle(con, actor, target.cycle_id)
        links = records.find(
            con, Link, where="noun = $noun AND noun_id = $id", noun=target.TABLE, id=target.id
        )
        pairs = [(one, records.get(con, Evidence, one.evidence_id)) for one in links]
    kept = [(one, piece) for one, piece in pairs if not piece.archived]
    return sorted(kept, key=lambda pair: (ORDER.index(pair[0].says), pair[1].evidence_on, pair[1].id))


def targets_of(store: Store, actor: Actor, evidence_id: str) -> list[Link]:
    """What a piece of evidence is tied to."""
    return plan.find(store, actor, Link, evidence_id=evidence_id)


# --- the matrix ------------------------------------------------------------------------------------------


def matrix(
    store: Store,
    actor: Actor,
    cycle_id: str,
    *,
    goal_id: str | None = None,
    team_id: str | None = None,
    standard: str | None = None,
) -> Matrix:
    """Evidence against goals and actions of a cycle, filtered by goal, team or inspection standard."""
    with store.cursor() as con:
        plan.require_cycle(con, actor, cycle_id)
        goals = records.find(con, Goal, where="cycle_id = $cycle", cycle=cycle_id)
        actions = records.find(con, Action, where="cycle_id = $cycle", cycle=cycle_id)
        pieces = records.find(
            con, Evidence, where="cycle_id = $cycle", order="evidence_on DESC, evidence_id", cycle=cycle_id
        )
        links = records.find(con, Link)
    goals = [
        goal
        for goal in goals
        if goal_id in (None, goal.goal_id)
        and team_id in (None, goal.team_id)
        and (standard is None or standard in goal.standards)
    ]
    unfiltered = goal_id is team_id is standard is None
    kept = {goal.goal_id for goal in goals}
    actions = [
        action for action in actions if action.goal_id in kept or (unfiltered and action.goal_id is None)
    ]
    return _crossed(pieces, goals, actions, links, show_all=unfiltered)


def _crossed(
    pieces: list[Evidence], goals: list[Goal], actions: list[Action], links: list[Link], *, show_all: bool
) -> Matrix:
    targets = {one.id for one in goals} | {one.id for one in actions}
    cells = {
        (one.evidence_id, one.noun_id): Cell(one.link_id, one.says, one.note)
        for one in links
        if one.noun_id in targets
    }
    tied: Collection[str] = {evidence_id for evidence_id, _ in cells}
    shown = [piece for piece in pieces if show_all or piece.evidence_id in tied]
    return Matrix(tuple(shown), tuple(goals), tuple(actions), cells)
