"""Everyone's part: is the work of a cycle carried by many or by a few? A shape of the whole school, never a list.

What is counted stands in the thread by name already, for whoever works here: who owns an action or helps with it, who
knows more about a piece of evidence, on whose action or goal a success hangs, who leads a meeting. A picture adds those
up over people, so it could tell what no page does: how much one person did. Therefore:

* only the whole school, never a team, a function or a person, and never which people;
* a closed cycle only, drawn once and then fixed: a picture that changed with each action would tell whose it was;
* per kind one of three wide classes, or nothing (see `analysis.evenness`), through the gate;
* kinds are never added up, and what was counted of one kind says nothing about another.

No numbers of people but the size of the school and of the group that did most are kept.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qualitycycle import config
from qualitycycle.analysis import evenness
from qualitycycle.analysis.disclosure import Group
from qualitycycle.analysis.evenness import Evenness, Spread
from qualitycycle.cycle import gate, plan
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Action,
    Actor,
    Cycle,
    CycleState,
    Evidence,
    Goal,
    Meeting,
    MeetingState,
    Person,
    Role,
    Success,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

NOUN = "everyones_part"
# The role in a meeting that leads it (see `meetings`).
LEADS = "leader"


class Contribution(StrEnum):
    """What is looked at, in this order."""

    ACTIONS = "actions"
    EVIDENCE = "evidence"
    SUCCESSES = "successes"
    MEETINGS = "meetings"


@dataclass(frozen=True)
class Shape:
    """How one kind of contribution was spread; see `Evenness`."""

    kind: Contribution
    found: Evenness


@dataclass(frozen=True)
class Picture:
    """The shapes of one closed cycle, as they were on the day they were drawn."""

    cycle: Cycle
    drawn_on: date
    shapes: tuple[Shape, ...]


# --- looking ---------------------------------------------------------------------------------------------


def pictures(store: Store, actor: Actor) -> list[Picture]:
    """What was drawn, the latest cycle first. Everybody who works here sees the same."""
    require(actor, Right.EDIT_OWN_ACTION)
    rows = {
        row["cycle_id"]: row for row in store.rows("SELECT cycle_id, drawn_on, shapes FROM everyones_part")
    }
    return [
        Picture(
            cycle,
            rows[cycle.cycle_id]["drawn_on"],
            tuple(_shape(one) for one in json.loads(rows[cycle.cycle_id]["shapes"])),
        )
        for cycle in plan.all_cycles(store)
        if cycle.cycle_id in rows
    ]


def to_draw(store: Store, actor: Actor) -> list[Cycle]:
    """Closed cycles without a picture, the latest first."""
    require(actor, Right.EDIT_THREAD)
    drawn = {one.cycle.cycle_id for one in pictures(store, actor)}
    return [
        cycle
        for cycle in plan.all_cycles(store)
        if cycle.state is CycleState.CLOSED and cycle.cycle_id not in drawn
    ]


def _shape(stored: Mapping[str, Any]) -> Shape:
    found = dict(stored["found"])
    found["spread"] = Spread(found["spread"]) if found["spread"] else None
    return Shape(Contribution(stored["kind"]), Evenness(**found))


# --- drawing ---------------------------------------------------------------------------------------------


def draw(store: Store, actor: Actor, cycle_id: str) -> None:
    """Draw a closed cycle, once. Raises `Incomplete` for one that runs or was drawn before."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> None:
        cycle = tx.get(Cycle, cycle_id)
        if cycle.state is not CycleState.CLOSED:
            raise Incomplete(NOUN, "cycle", "cycle_running")
        if tx.execute("SELECT 1 FROM everyones_part WHERE cycle_id = $id", id=cycle_id):
            raise Incomplete(NOUN, "cycle", "drawn_already")
        shapes = [Shape(kind, _let_out(counts)) for kind, counts in _counted(tx, cycle).items()]
        tx.execute(
            "INSERT INTO everyones_part VALUES ($id, $on, $shapes)",
            id=cycle_id,
            on=config.today(),
            shapes=json.dumps([asdict(one) for one in shapes]),
        )
        tx.note(NOUN, cycle_id, is_new=True)

    store.write(use_case, actor=actor, verb="draw_everyones_part")


def _let_out(counts: list[int]) -> Evenness:
    """The spread, when the gate lets out who did most beside everybody, and who contributed at all."""
    found = evenness.evenness(counts)
    rest = found.n_people - found.n_top
    cells = {"top": found.n_top, "rest": max(0, rest)}
    groups = [Group("all", frozenset(cells)), Group("top", frozenset({"top"}))]
    is_out = len(gate.let_out(cells, groups)) == len(groups)
    contributed = gate.is_enough(sum(count > 0 for count in counts))
    return found if is_out and contributed else Evenness(None, found.n_people, found.n_top)


def _counted(tx: Transaction, cycle: Cycle) -> dict[Contribution, list[int]]:
    """Per kind one number per person of the school, without whose it is."""
    there = {one.person_id for one in tx.find(Person, archived=True) if _worked_here(one, cycle)}
    found = {kind: Counter(ids) for kind, ids in _who(tx, cycle.cycle_id).items()}
    # Who contributed worked here, also when she left since.
    people = sorted(there.union(*found.values()))
    return {kind: [counts[one] for one in people] for kind, counts in found.items()}


def _worked_here(person: Person, cycle: Cycle) -> bool:
    left = person.archived_at
    first = datetime.combine(cycle.first_on, datetime.min.time())
    return person.role is not Role.READER and (left is None or left.replace(tzinfo=None) > first)


def _who(tx: Transaction, cycle_id: str) -> dict[Contribution, list[str]]:
    """Whose each contribution is, once per contribution; those of nobody count for nobody."""
    own = {"where": "cycle_id = $cycle", "cycle": cycle_id}
    actions, goals = tx.find(Action, **own), tx.find(Goal, **own)
    carried = {one.action_id: _named((one.owner_id, *one.helper_ids)) for one in actions}
    behind = carried | {one.goal_id: _named((one.owner_id,)) for one in goals}
    meetings = [one for one in tx.find(Meeting, **own) if one.state is MeetingState.CLOSED]
    return {
        Contribution.ACTIONS: [one for ids in carried.values() for one in ids],
        Contribution.EVIDENCE: [one.owner_id for one in tx.find(Evidence, **own) if one.owner_id],
        Contribution.SUCCESSES: [
            one for success in tx.find(Success, **own) for one in behind.get(success.noun_id or "", [])
        ],
        Contribution.MEETINGS: [one.roles[LEADS] for one in meetings if one.roles.get(LEADS)],
    }


def _named(ids: Iterable[str | None]) -> list[str]:
    """Each person once, who is named."""
    return list(dict.fromkeys(one for one in ids if one))
