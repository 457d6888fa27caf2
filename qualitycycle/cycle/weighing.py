"""Study: the facts about an action are gathered and weighed, and a verdict may be overruled with a note."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.analysis import spc
from qualitycycle.cycle import baselines, evidence, plan, weight
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.gains import Gain
from qualitycycle.cycle.thread import Thread
from qualitycycle.cycle.weight import Facts, Line, Piece, Signal, Weight
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Action,
    Actor,
    Compared,
    Direction,
    Evidence,
    EvidenceKind,
    Indicator,
    Link,
    Overruling,
    Round,
    Verdict,
    Weighing,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id


@dataclass(frozen=True)
class Weighed:
    """An action, what is known, what the rules say of it, and what people said instead.

    `by_itself`: the points that its pupils, chosen because they scored low, gain without any action.
    """

    facts: Facts
    weight: Weight
    overruled: Overruling | None = None
    n_beside: int = 0
    by_itself: float | None = None

    @property
    def verdict(self) -> Verdict:
        """What stands: the verdict of people where there is one. The derived one is always shown beside it."""
        return self.overruled.verdict if self.overruled else self.weight.verdict


# --- gathering -------------------------------------------------------------------------------------------


def weigh(store: Store, actor: Actor, action: Action, found: Thread) -> Weighed:
    """One action of a cycle, weighed as things stand today."""
    return weigh_all(store, actor, found, [action])[action.action_id]


def weigh_all(
    store: Store, actor: Actor, found: Thread, actions: Sequence[Action] | None = None
) -> dict[str, Weighed]:
    """Actions of a cycle by id; all of them unless told otherwise."""
    require(actor, Right.SEE_THREAD)
    asked = found.actions if actions is None else list(actions)
    known = {one.action_id: one for one in plan.find(store, actor, Weighing)}
    said = {one.action_id: one for one in plan.find(store, actor, Overruling)}
    rounds = {one.round_id: one for one in plan.find(store, actor, Round, archived=True)}
    pieces = {one.evidence_id: one for one in found.evidence}
    lines: dict[str | None, list[LineReading]] = {}
    result = {}
    for action in asked:
        if action.goal_id not in lines:
            own = found.indicators.get(action.goal_id or "", [])
            lines[action.goal_id] = [baselines.line_of(store, actor, one) for one in own]
        facts = Facts(
            action=action,
            weighing=_filled_in(known.get(action.action_id) or unknown(action), action, found, pieces),
            pieces=tuple(
                piece_of(pieces[link.evidence_id], link, config.today(), rounds)
                for link in found.links_to(action.action_id)
                if link.evidence_id in pieces
            ),
            lines=tuple(line for one in lines[action.goal_id] for line in _told(one, action)),
        )
        result[action.action_id] = Weighed(
            facts,
            weight.weigh(facts),
            said.get(action.action_id),
            n_beside(action, found.actions),
            _by_itself(
                pieces[link.evidence_id]
                for link in found.links_to(action.action_id)
                if link.evidence_id in pieces
            ),
        )
    return result


def unknown(action: Action) -> Weighing:
    """What is known of an action about which nothing was recorded."""
    return Weighing(weighing_id="", action_id=action.action_id)


def _filled_in(known: Weighing, action: Action, found: Thread, pieces: dict[str, Evidence]) -> Weighing:
    """With what the evidence itself tells, where nobody wrote down something else."""
    tied = [
        pieces[link.evidence_id] for link in found.links_to(action.action_id) if link.evidence_id in pieces
    ]
    for gain in _gains(tied):
        known = _from_gain(known, gain)
    counted = [one.n for one in tied if one.kind is EvidenceKind.OUTCOME and one.n is not None]
    if known.n_measured is None and counted:
        return replace(known, n_measured=min(counted))
    return known


def _gains(pieces: Iterable[Evidence]) -> Iterator[Gain]:
    for piece in pieces:
        shown = evidence.shown_by(piece)
        if shown is not None and isinstance(shown.figures, Gain):
            yield shown.figures


def _by_itself(tied: Iterable[Evidence]) -> float | None:
    """The largest gain that comes without any action: who subtracts it says too little rather than too much."""
    return max((gain.regression for gain in _gains(tied) if gain.regression is not None), default=None)


def _from_gain(known: Weighing, gain: Gain) -> Weighing:
    """A gain is of the same pupils; it says how many are missing, and may be set against an expected one."""
    filled: dict[str, Any] = {}
    if known.same_pupils is None:
        filled["same_pupils"] = True
    if known.n_measured is None:
        filled |= {"n_measured": gain.n_pairs, "n_missing": known.n_missing or gain.n_lost}
    if known.compared is Compared.NOBODY and gain.excess is not None:
        filled["compared"] = Compared.EXPECTED_GROWTH
    if known.chosen_low is None and gain.regression is not None:
        filled["chosen_low"] = gain.regression > 0
    if known.reliability is None and gain.norm.reliability is not None:
        filled["reliability"] = gain.norm.reliability
    return replace(known, **filled)


def piece_of(one: Evidence, link: Link, today: date, rounds: dict[str, Round]) -> Piece:
    """A piece of evidence as the rules see it: when it has a value, and of what."""
    return Piece(
        kind=one.kind,
        says=link.says,
        days=_days(one) or (one.evidence_on,),
        line=_line_name(one, rounds),
        n=one.n,
        expired=is_expired(one, today),
    )


def _days(one: Evidence) -> tuple[date, ...]:
    shown = evidence.shown_by(one)
    if shown is None:
        return ()
    if isinstance(shown.figures, Gain):
        return (shown.figures.start_on, shown.figures.end_on)
    return tuple(point.on for point in shown.points if point.value is not None)


def is_expired(one: Evidence, today: date) -> bool:
    return one.valid_until is not None and one.valid_until < today


def _line_name(one: Evidence, rounds: dict[str, Round]) -> str:
    """What two pieces of evidence share when they measure the same thing twice."""
    if one.kind is EvidenceKind.QUESTIONNAIRE and one.data_ref.get("round_id") in rounds:
        return f"round {rounds[one.data_ref['round_id']].instrument_key}"
    if one.kind is EvidenceKind.OUTCOME and one.data_ref:
        return json.dumps(one.data_ref, sort_keys=True)
    # What was seen, made or heard under one source is one way of looking.
    return f"{one.kind} {one.source.strip().casefold()}"


def _told(line: LineReading, action: Action) -> Iterable[Line]:
    """What a line with values on both sides of the start tells; the last part of it is judged."""
    last, start = line.last, action.start_on
    if start is None or not any(point.on > start for point in last.points):
        return
    frozen = last.frozen_on is not None and last.frozen_on <= start
    yield Line(last.reading.n, frozen, signal_of(line, start))


def signal_of(line: LineReading, start_on: date) -> Signal | None:
    """What a line did after a day, as its chart allows to say; None: too early, or both ways."""
    reading = line.last.reading
    if reading.signal is None:
        return None
    ways = set()
    if reading.runs_signal and reading.shift:
        ways.add(reading.shift)
    rows = line.last.rows
    if (
        any((row := rows[place]) and row.on > start_on for place in reading.sigma_signal_idx)
        and reading.outside
    ):
        ways.add(reading.outside)
    if not ways:
        return Signal.NONE
    return _better_or_worse(line.indicator, ways)


def _better_or_worse(indicator: Indicator, ways: set[spc.Direction]) -> Signal | None:
    wanted = spc.Direction(indicator.direction)
    other = spc.Direction(
        Direction.DECREASE if indicator.direction is Direction.INCREASE else Direction.INCREASE
    )
    if ways == {wanted}:
        return Signal.BETTER
    return Signal.WORSE if ways == {other} else None


def n_beside(action: Action, actions: Sequence[Action]) -> int:
    """How many other actions for the same goal ran at the same time: their effects cannot be told apart."""
    if action.goal_id is None or action.start_on is None:
        return 0
    return sum(
        other.action_id != action.action_id
        and other.goal_id == action.goal_id
        and other.start_on is not None
        and other.start_on <= _end(action)
        and action.start_on <= _end(other)
        for other in actions
    )


def _end(action: Action) -> date:
    return action.stopped_on or action.due_on or date.max


# --- recording -------------------------------------------------------------------------------------------


def know(store: Store, actor: Actor, action_id: str, seen: int | None = None, **changes: Any) -> Weighing:
    """Record what is known about the grounds, the design and the measure of an action."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Weighing:
        action = tx.get(Action, action_id)
        plan.refuse_closed(tx, action)
        there = tx.find(Weighing, where="action_id = $id", id=action_id)
        before = there[0] if there else replace(unknown(action), weighing_id=new_id())
        _check(replace(before, **changes))
        if not there:
            return tx.insert(replace(before, **changes))
        return tx.change(Weighing, before.weighing_id, seen, **changes)

    return store.write(use_case, actor=actor, verb="change_weighing")


def _check(known: Weighing) -> None:
    if known.reliability is not None:
        if not isinstance(known.reliability, float | int) or not math.isfinite(known.reliability):
            raise Incomplete("weighing", "reliability", "not_a_number")
        if not 0 <= known.reliability <= 1:
            raise Incomplete("weighing", "reliability", "not_0_to_1")
    for name in ("n_measured", "n_missing"):
        if (getattr(known, name) or 0) < 0:
            raise Incomplete("weighing", name, "outside_scale")
    if known.ground_read_on is not None and known.ground_read_on > config.today():
        raise Incomplete("weighing", "ground_read_on", "in_future")


def overrule(
    store: Store, actor: Actor, action_id: str, derived: Verdict, verdict: Verdict, note: str
) -> Overruling:
    """Say otherwise than the rules, with a reason. Raises `Incomplete` without one, or when it says the same."""
    require(actor, Right.EDIT_THREAD)
    if not note.strip():
        raise Incomplete("overruling", "reason")
    if verdict is derived:
        raise Incomplete("overruling", "verdict", "says_the_same")

    def use_case(tx: Transaction) -> Overruling:
        plan.refuse_closed(tx, tx.get(Action, action_id))
        for before in tx.find(Overruling, where="action_id = $id", id=action_id):
            tx.archive(Overruling, before.overruling_id)
        return tx.insert(
            Overruling(
                overruling_id=new_id(),
                action_id=action_id,
                derived=derived,
                verdict=verdict,
                note=note.strip(),
                said_on=config.today(),
                person_id=actor.person_id,
            )
        )

    return store.write(use_case, actor=actor, verb="overrule")


def take_back(store: Store, actor: Actor, overruling_id: str) -> Overruling:
    """Let the rules speak again; what was said stays in the record of changes."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Overruling:
        before = tx.get(Overruling, overruling_id)
        plan.refuse_closed(tx, tx.get(Action, before.action_id))
        return tx.archive(Overruling, overruling_id)

    return store.write(use_case, actor=actor, verb="take_back_overruling")
