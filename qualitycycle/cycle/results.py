"""Study: the closed rounds of every cycle, one scale over rounds, and what changed between two of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from qualitycycle.analysis import disclosure
from qualitycycle.analysis.change import Sample, change_of
from qualitycycle.analysis.summary import t_quantile
from qualitycycle.config import today
from qualitycycle.cycle import frozen, plan, rounds
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.frozen import SCHOOL, GroupResult, ScaleResult
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


class Verdict(StrEnum):
    """What can be said about a difference between two rounds; each of the last five is no difference at all."""

    HIGHER = "higher"
    LOWER = "lower"
    NOT_VISIBLE = "not_visible"
    FIRST = "first"
    NEW_VERSION = "new_version"
    OTHER_TEAMS = "other_teams"
    TOO_FEW = "too_few"
    NO_SPREAD = "no_spread"


@dataclass(frozen=True)
class ScaleChange:
    """One scale of one group now and in the round before; figures only where both may be shown.

    `detectable` is the smallest difference that these two groups could show, in scale points.
    """

    scale: str
    verdict: Verdict
    before: str = ""
    n_before: int | None = None
    n: int | None = None
    diff: float | None = None
    low: float | None = None
    high: float | None = None
    detectable: float | None = None


def closed_rounds(store: Store, actor: Actor) -> list[Round]:
    """Every closed round of every cycle, latest first."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        found = records.find(con, Round, where="state = 'closed'")
    return sorted(found, key=_when, reverse=True)


def _when(one: Round) -> tuple[date, date, str]:
    return one.closed_on or today(), one.opened_on, one.round_id


def over_rounds(
    store: Store, actor: Actor, closed: Sequence[Round], group_key: str, scale_key: str
) -> list[RoundPoint]:
    """A scale of a group in these rounds, oldest first; rounds the group or the scale had no part in are left out."""
    ordered = sorted(closed, key=_when)
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


# --- change ----------------------------------------------------------------------------------------------


def changes(store: Store, actor: Actor, one: Round, closed: Sequence[Round]) -> dict[str, list[ScaleChange]]:
    """Per group of a closed round, every scale beside the last round before it that may be compared with it.

    Comparable is the same version of the questionnaire among the same teams (a team beside itself), with a figure
    that the gate lets out in both.
    """
    require(actor, Right.SEE_RESULTS)
    earlier = sorted(
        (
            other
            for other in closed
            if other.state is RoundState.CLOSED
            and other.instrument_key == one.instrument_key
            and _when(other) < _when(one)
        ),
        key=_when,
        reverse=True,
    )
    compared = _Compared(
        one, earlier, {other.round_id: _teams(store, other.round_id) for other in (one, *earlier)}
    )
    return {
        group.key: [compared.scale(group, scale) for scale in group.scales] if group.shown else []
        for group in frozen.from_json(one.result).groups
    }


def _teams(store: Store, round_id: str) -> frozenset[str]:
    return frozenset(rounds.invited_teams(store, round_id))


@dataclass(frozen=True)
class _Compared:
    """A round, the ones before it (latest first), and the teams of each."""

    one: Round
    earlier: Sequence[Round]
    teams: dict[str, frozenset[str]]

    def scale(self, group: GroupResult, now: ScaleResult) -> ScaleChange:
        if not self.earlier:
            return ScaleChange(now.key, Verdict.FIRST)
        if self.earlier[0].instrument_version != self.one.instrument_version:
            return ScaleChange(now.key, Verdict.NEW_VERSION, self.earlier[0].title)
        same = [other for other in self.earlier if other.instrument_version == self.one.instrument_version]
        alike = [other for other in same if self._same_people(group.key, other)]
        if not alike:
            return ScaleChange(now.key, Verdict.OTHER_TEAMS)
        for other in alike:
            before = self._before(other, group.key, now.key)
            if before is not None and now.mean is not None:
                return _compare(now, before, other.title)
        return ScaleChange(now.key, Verdict.TOO_FEW)

    def _same_people(self, group_key: str, other: Round) -> bool:
        if group_key == SCHOOL:
            return self.teams[other.round_id] == self.teams[self.one.round_id]
        return group_key in self.teams[other.round_id]

    def _before(self, other: Round, group_key: str, scale_key: str) -> ScaleResult | None:
        # A team that took part alone was published as the school.
        key = SCHOOL if len(self.teams[other.round_id]) == 1 else group_key
        group = _group(frozen.from_json(other.result).groups, key)
        found = next((scale for scale in group.scales if scale.key == scale_key), None) if group else None
        return found if found is not None and found.mean is not None else None


def _compare(now: ScaleResult, before: ScaleResult, title: str) -> ScaleChange:
    """Worked out from the exact figures, handed out with the decimals of the smaller of the two groups."""
    one, two = _sample(before), _sample(now)
    found = change_of(one, two)
    plain = ScaleChange(now.key, Verdict.NO_SPREAD, title, one.n, two.n)
    if found.distinguishable is None:
        return plain
    decimals = disclosure.decimals_for(min(one.n, two.n))
    diff, low, high, detectable = (
        round(value or 0.0, decimals)
        for value in (found.diff, found.welch_low, found.welch_high, found.mdc95_mean_welch)
    )
    verdict = Verdict.NOT_VISIBLE
    if found.distinguishable:
        verdict = Verdict.HIGHER if (found.diff or 0.0) > 0 else Verdict.LOWER
    return replace(plain, verdict=verdict, diff=diff, low=low, high=high, detectable=detectable)


def _sample(scale: ScaleResult) -> Sample:
    n, mean, sd = scale.n or 0, scale.mean or 0.0, scale.sd
    if sd is None and scale.low is not None and scale.high is not None:
        # Rounds closed before the spread was kept: it is in the interval, which was frozen exactly.
        sd = (scale.high - scale.low) / 2 * math.sqrt(n) / t_quantile(n - 1)
    return Sample(n, mean, sd)


# --- as evidence -----------------------------------------------------------------------------------------


def evidence_of(store: Store, actor: Actor, round_id: str, cycle_id: str) -> Evidence | None:
    """The evidence that was made of a round in a cycle, if any."""
    found = plan.find(store, actor, Evidence, cycle_id=cycle_id)
    return next((piece for piece in found if piece.data_ref.get("round_id") == round_id), None)
