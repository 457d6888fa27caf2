"""What an internal coach shares of her log: totals of whole months, by her own choice, and back again.

A total over one or two conversations tells what a colleague and she did on a day. So a kind leaves only when there were
as many conversations of it as the gate asks for people; kinds below that leave together, when together they are
enough; there is no total of all, from which the rest would follow. A month leaves only when it is over, and what left
once never changes: neither a conversation that is added later nor sharing it again gives a difference to read.
Hours per area are about the coach alone, and leave as she entered them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from qualitycycle.config import today
from qualitycycle.cycle import coaching_log, gate
from qualitycycle.cycle.access import Right, may
from qualitycycle.cycle.coaching_access import owner
from qualitycycle.cycle.coaching_log import AREAS, Log, Week
from qualitycycle.errors import Incomplete
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

CONVERSATIONS, TIME = "conversations", "time"
# Kinds with too few conversations, together.
OTHER = "other"


@dataclass(frozen=True)
class Total:
    """Minutes of one kind in one month: over `n` conversations, or over `n` weeks with what was planned beside it."""

    what: str
    month: date
    kind: str
    minutes: int
    n: int
    planned_minutes: int | None = None


@dataclass(frozen=True)
class SharedTotals:
    """What one coach shares."""

    owner_id: str
    totals: tuple[Total, ...]


def month_of(day: date) -> date:
    return day.replace(day=1)


def months_over(log: Log) -> list[date]:
    """The months of which something stands in the log and that are over, latest first."""
    months = {
        *(month_of(one.held_on) for one in log.conversations),
        *(_month_of_week(one) for one in log.weeks),
    }
    return sorted((month for month in months if month < month_of(today())), reverse=True)


def _month_of_week(week: Week) -> date:
    # As weeks belong to years: by their Thursday.
    return month_of(week.monday + timedelta(days=3))


def would_leave(log: Log, month: date) -> tuple[Total, ...]:
    """Exactly what leaves when she shares this month; what left of it before, when it did."""
    before = log.released.get(month.isoformat())
    if before is not None:
        return tuple(_loaded(one) for one in before)
    return (*_conversation_totals(log, month), *_time_totals(log, month))


def _conversation_totals(log: Log, month: date) -> list[Total]:
    minutes: dict[str, list[int]] = {}
    for one in log.conversations:
        if month_of(one.held_on) == month:
            minutes.setdefault(one.kind, []).append(one.minutes)
    enough = {kind: all_ for kind, all_ in minutes.items() if gate.is_enough(len(all_))}
    rest = [each for kind, all_ in minutes.items() if kind not in enough for each in all_]
    if gate.is_enough(len(rest)):
        enough[OTHER] = rest
    return [Total(CONVERSATIONS, month, kind, sum(all_), len(all_)) for kind, all_ in sorted(enough.items())]


def _time_totals(log: Log, month: date) -> list[Total]:
    weeks = [one for one in log.weeks if _month_of_week(one) == month]
    return [
        Total(TIME, month, area, _minutes(real), len(weeks), _minutes(planned))
        for area in AREAS
        for real, planned in [
            (
                sum(week.real.get(area, 0) for week in weeks),
                sum(week.planned.get(area, 0) for week in weeks),
            )
        ]
        if real or planned
    ]


def _minutes(hours: float) -> int:
    return round(60 * hours)


# --- sharing ---------------------------------------------------------------------------------------------


def share(store: Store, actor: Actor, session: str | None, month: date) -> tuple[Total, ...]:
    """Let the school leader see the totals of a month; raises `Incomplete` for one that is not over.

    Raises it as well when there is too little in it to leave.
    """
    log = coaching_log.read(store, actor, session)
    if month not in months_over(log):
        raise Incomplete("coaching_conversation", "month", "not_over")
    if not would_leave(log, month):
        raise Incomplete("coaching_conversation", "month", "nothing_leaves")
    released: list[Total] = []

    def how(log: Log) -> Log:
        released[:] = would_leave(log, month)
        kept = [_plain(one) for one in released]
        return replace(log, released={**log.released, month.isoformat(): kept})

    coaching_log.change(store, actor, session, how)
    owner_id = owner(actor)

    def use_case(tx: Transaction) -> None:
        _delete(tx, owner_id, month)
        for one in released:
            tx.execute(
                "INSERT INTO coaching_total VALUES ($owner, $what, $month, $kind, $minutes, $planned, $n)",
                owner=owner_id,
                what=one.what,
                month=one.month,
                kind=one.kind,
                minutes=one.minutes,
                planned=one.planned_minutes,
                n=one.n,
            )
        tx.note("coaching_total", owner_id, is_new=True)

    store.write(use_case, actor=actor, verb="share_totals")
    return tuple(released)


def take_back(store: Store, actor: Actor, month: date) -> None:
    """Nobody else sees the totals of this month any more. It needs no open log."""
    owner_id = owner(actor)

    def use_case(tx: Transaction) -> None:
        _delete(tx, owner_id, month)
        tx.note("coaching_total", owner_id, is_new=False)

    store.write(use_case, actor=actor, verb="take_back_totals")


def _delete(tx: Transaction, owner_id: str, month: date) -> None:
    tx.execute(
        "DELETE FROM coaching_total WHERE owner_id = $owner AND month = $month", owner=owner_id, month=month
    )


def shared(store: Store, actor: Actor) -> list[SharedTotals]:
    """What coaches share with the school leader; for a coach what she shares herself."""
    own = owner(actor)
    rows = store.rows(
        """
        SELECT owner_id, what, month, kind, minutes, planned_minutes, n
        FROM coaching_total
        WHERE $everybody OR owner_id = $own
        ORDER BY owner_id, month DESC, what, kind
        """,
        everybody=may(actor, Right.MANAGE),
        own=own,
    )
    found: dict[str, list[Total]] = {}
    for row in rows:
        found.setdefault(row.pop("owner_id"), []).append(Total(**row))
    return [SharedTotals(owner_id, tuple(totals)) for owner_id, totals in found.items()]


def shared_months(totals: Sequence[SharedTotals], owner_id: str | None) -> set[date]:
    return {total.month for one in totals if one.owner_id == owner_id for total in one.totals}


def _plain(one: Total) -> dict[str, Any]:
    return {**vars(one), "month": one.month.isoformat()}


def _loaded(data: dict[str, Any]) -> Total:
    return Total(**{**data, "month": date.fromisoformat(data["month"])})
