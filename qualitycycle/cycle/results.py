"""Study: the closed rounds of every cycle, and one scale over the rounds of its questionnaire."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from qualitycycle.config import today
from qualitycycle.cycle import plan, rounds
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.frozen import GroupResult, ScaleResult
from qualitycycle.model import Actor, Evidence, Round, RoundState
from qualitycycle.store import records
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class RoundPoint:
    """One scale of one group in one round; `scale` None: the group was hidden, whatever the reason."""

    title: str
    on: date
    version: int
    scale: ScaleResult | None


def closed_rounds(store: Store, actor: Actor) -> list[Round]:
    """Every closed round of every cycle, latest first."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        found = records.find(con, Round, where="state = 'closed'")
    return sorted(
        found, key=lambda one: (one.closed_on or today(), one.opened_on, one.round_id), reverse=True
    )


def over_rounds(
    store: Store, actor: Actor, closed: Sequence[Round], group_key: str, scale_key: str
) -> list[RoundPoint]:
    """A scale of a group in these rounds, oldest first; rounds the group or the scale had no part in are left out."""
    ordered = sorted(closed, key=lambda one: (one.closed_on or today(), one.opened_on, one.round_id))
    points = []
    for one in ordered:
        if one.state is not RoundState.CLOSED:
            continue
        group = _group(rounds.result(store, actor, one.round_id).groups, group_key)
        if group is not None:
            points.append(_point(one, group, scale_key))
    return [point for point in points if point is not None]


def _group(groups: Sequence[GroupResult], key: str) -> GroupResult | None:
    return next((group for group in groups if group.key == key), None)


def _point(one: Round, group: GroupResult, scale_key: str) -> RoundPoint | None:
    on = one.closed_on or one.opened_on
    if not group.shown:
        return RoundPoint(one.title, on, one.instrument_version, None)
    scale = next((scale for scale in group.scales if scale.key == scale_key), None)
    if scale is None:
        return None
    return RoundPoint(one.title, on, one.instrument_version, scale if scale.mean is not None else None)


def evidence_of(store: Store, actor: Actor, round_id: str, cycle_id: str) -> Evidence | None:
    """The evidence that was made of a round in a cycle, if any."""
    found = plan.find(store, actor, Evidence, cycle_id=cycle_id)
    return next((piece for piece in found if piece.data_ref.get("round_id") == round_id), None)
