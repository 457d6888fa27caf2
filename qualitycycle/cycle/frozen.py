"""Study: what a round says, computed once when it closes, passed through the gate, and frozen.

Stored are exact figures, so that two rounds can be compared later. `published` is what may be seen of them: no more
decimals than the number of people behind a figure allows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from fractions import Fraction
from functools import lru_cache
from typing import Any, TypeVar

import numpy as np

from qualitycycle.analysis import disclosure, scale_report
from qualitycycle.analysis.disclosure import Group
from qualitycycle.analysis.scoring import ScoringRules, TotalRule
from qualitycycle.cycle import gate, questionnaires
from qualitycycle.model import Instrument, Round
from qualitycycle.store.records import Transaction

SCHOOL = "school"
TOO_FEW = "too_few"
# How many gave one and the same answer everywhere. A few, or all but a few, are not counted aloud.
FEW, SOME, NEARLY_ALL = "few", "some", "nearly_all"


@dataclass(frozen=True)
class ItemResult:
    """The answers to one statement as they were given (not turned): `counts` per answer, lowest first."""

    key: str
    n: int
    counts: tuple[int, ...]
    mean: float
    sd: float
    polarised: bool


@dataclass(frozen=True)
class ScaleResult:
    """One scale in one group: mean of person scores with its interval, spread and own n; None is undefined.

    `items` holds only the statements whose answers may be shown. From `rwgj` on: about the school alone.
    """

    key: str
    n: int | None
    mean: float | None
    low: float | None
    high: float | None
    ad: float | None
    reason: str | None = None
    sd: float | None = None
    items: tuple[ItemResult, ...] = ()
    rwgj: float | None = None
    n_complete: int | None = None
    alpha: float | None = None
    alpha_low: float | None = None
    alpha_high: float | None = None
    omega: float | None = None


@dataclass(frozen=True)
class GroupResult:
    """What the gate lets out about the school or one team. Hidden: `n` and every figure are None."""

    key: str
    shown: bool
    n: int | None
    scales: tuple[ScaleResult, ...] = ()
    reason: str | None = None
    patterns: str | None = None
    n_patterns: int | None = None


@dataclass(frozen=True)
class RoundResult:
    """The frozen result of a closed round; `data_version` None: frozen before it was kept here."""

    n_answered: int
    n_invited: int
    floor: int
    groups: tuple[GroupResult, ...] = field(default_factory=tuple)
    data_version: int | None = None

    @property
    def school(self) -> GroupResult:
        return self.groups[0]

    @property
    def response_share(self) -> float:
        return self.n_answered / self.n_invited


@dataclass(frozen=True)
class _Forms:
    """The forms of one round: a team and a row of answers per respondent, NaN where none was given."""

    teams: tuple[str, ...]
    answers: np.ndarray
    invited: Mapping[str, int]


# --- what leaves -----------------------------------------------------------------------------------------

_Part = TypeVar("_Part", ScaleResult, ItemResult)


def published(one: RoundResult) -> RoundResult:
    """The result as it may be seen: many decimals would give the answers of a few people away."""
    return replace(one, groups=tuple(_published_group(group) for group in one.groups))


def _published_group(group: GroupResult) -> GroupResult:
    scales = tuple(
        replace(_rounded(scale), items=tuple(_rounded(item) for item in scale.items))
        for scale in group.scales
    )
    return replace(group, scales=scales)


def _rounded(part: _Part) -> _Part:
    decimals = disclosure.decimals_for(part.n or 0)
    values = {one.name: getattr(part, one.name) for one in fields(part)}
    rounded: dict[str, Any] = {
        name: round(value, decimals) for name, value in values.items() if isinstance(value, float)
    }
    return replace(part, **rounded)


def as_json(one: RoundResult) -> dict[str, Any]:
    """A result as it is frozen in the store."""
    return asdict(one)


def from_json(data: Mapping[str, Any]) -> RoundResult:
    """A frozen result, exact; those of older versions of the program lack what was not frozen then."""
    return RoundResult(**{**data, "groups": tuple(_group_from(group) for group in data["groups"])})


def _group_from(data: Mapping[str, Any]) -> GroupResult:
    return GroupResult(**{**data, "scales": tuple(_scale_from(scale) for scale in data["scales"])})


def _scale_from(data: Mapping[str, Any]) -> ScaleResult:
    items = (ItemResult(**{**item, "counts": tuple(item["counts"])}) for item in data.get("items", ()))
    return ScaleResult(**{**data, "items": tuple(items)})


# --- computing -------------------------------------------------------------------------------------------


def scoring_rules(instrument: Instrument) -> ScoringRules:
    """The instrument's own scoring, as the analysis wants it."""
    return ScoringRules(
        items=tuple(item.key for item in instrument.items),
        scale_min=instrument.minimum,
        scale_max=instrument.maximum,
        reverse=frozenset(item.key for item in instrument.items if item.reversed),
        subscales={scale.key: scale.items for scale in instrument.scales},
        min_answered_fraction=Fraction(instrument.min_answered),
        total_rule=TotalRule(instrument.total),
    )


def compute(tx: Transaction, one: Round) -> RoundResult:
    """The result of a round's answers, of which only what passes the gate is kept."""
    instrument = questionnaires.within(tx, one.instrument_key, one.instrument_version)
    forms = _forms(tx, one, instrument)
    groups = _groups(forms.invited)
    shown = _let_out(groups, forms, [True] * len(forms.teams), one.floor)
    plan = _Plan(forms, instrument, one.floor, shown)
    return RoundResult(
        n_answered=len(forms.teams),
        n_invited=sum(forms.invited.values()),
        floor=one.floor,
        groups=tuple(
            plan.result(group) if group in shown else GroupResult(group.name, False, None, reason=TOO_FEW)
            for group in groups
        ),
        data_version=tx.data_version,
    )


def _groups(invited: Mapping[str, int]) -> list[Group]:
    """The school first, then every team; one team alone is the school, and is published once."""
    school = Group(SCHOOL, frozenset(invited))
    if len(invited) == 1:
        return [school]
    return [school, *(Group(team_id, frozenset({team_id})) for team_id in sorted(invited))]


def _let_out(groups: Sequence[Group], forms: _Forms, valid: Sequence[bool], floor: int) -> list[Group]:
    """The groups that the gate shows, given who has a valid score or answer."""
    cells = tuple(
        (team_id, sum(ok for team, ok in zip(forms.teams, valid, strict=True) if team == team_id))
        for team_id in sorted(forms.invited)
    )
    return list(_decided(cells, tuple(groups), floor))


# Most statements are answered by the same people, so most questions to the gate are the same.
@lru_cache(maxsize=256)
def _decided(cells: tuple[tuple[str, int], ...], groups: tuple[Group, ...], floor: int) -> tuple[Group, ...]:
    return tuple(gate.let_out(dict(cells), groups, floor=floor))


def _forms(tx: Transaction, one: Round, instrument: Instrument) -> _Forms:
    rows = tx.execute(
        """
        SELECT r.response_id, r.team_id, a.item_key, a.value
        FROM response r
        LEFT JOIN answer a USING (response_id)
        WHERE r.round_id = $round
        ORDER BY r.response_id
        """,
        round=one.round_id,
    )
    people = {row[0]: row[1] for row in rows}
    place = {response_id: n for n, response_id in enumerate(people)}
    column = {item.key: n for n, item in enumerate(instrument.items)}
    table = np.full((len(people), len(column)), np.nan)
    for response_id, _team, key, value in rows:
        if key is not None:
            table[place[response_id], column[key]] = value
    invited = dict(
        tx.execute("SELECT team_id, n_invited FROM round_team WHERE round_id = $round", round=one.round_id)
    )
    return _Forms(tuple(people.values()), table, invited)


class _Plan:
    """Which figures of which groups leave: who skipped something is missing there, so each has a gate of its own."""

    def __init__(self, forms: _Forms, instrument: Instrument, floor: int, shown: list[Group]) -> None:
        self.forms, self.instrument, self.floor = forms, instrument, floor
        self.rules = scoring_rules(instrument)
        self.columns = {item.key: n for n, item in enumerate(instrument.items)}
        self.scales: dict[str, list[Group]] = {}
        self.items: dict[str, list[Group]] = {}
        if len(forms.teams):
            report = scale_report.scale_report(forms.answers, self.rules)
            for key, part in report.subscales.items():
                valid = np.array([score is not None for score in part.respondent_scores])
                self.scales[key] = _let_out(shown, forms, valid.tolist(), floor)
                self._decide_items(part, valid)
                self._leave_one_out(key, part, valid)

    def _decide_items(self, part: scale_report.ScalePart, valid: np.ndarray) -> None:
        """Statements pass with the floor of a distribution, over the people with a score who answered them."""
        floor = max(self.floor, disclosure.FLOOR_DISTRIBUTION)
        for key in part.items:
            answered = valid & ~np.isnan(self.forms.answers[:, self.columns[key]])
            groups = self.scales[self.instrument.item(key).scale]
            self.items[key] = _let_out(groups, self.forms, answered.tolist(), floor)

    def _leave_one_out(self, key: str, part: scale_report.ScalePart, valid: np.ndarray) -> None:
        """Keep one statement back where a few left something open.

        A score is the mean of what was answered. With every statement beside it, the scores of those who left one
        open follow by subtraction; without one of them nothing does.
        """
        left_open = np.isnan(self.forms.answers[:, [self.columns[item] for item in part.items]])
        some = valid & left_open.any(axis=1)
        cells = Counter(team for team, here in zip(self.forms.teams, some, strict=True) if here)
        together = [
            Group(group.name, own)
            for group in self.scales[key]
            if (own := group.cells & frozenset(cells)) and all(group in self.items[one] for one in part.items)
        ]
        if len(gate.let_out(cells, together, floor=self.floor)) < len(together):
            most = int(left_open[valid].sum(axis=0).argmax())
            self.items[part.items[most]] = []

    def result(self, group: Group) -> GroupResult:
        rows = self.forms.answers[[team in group.cells for team in self.forms.teams]]
        report = scale_report.scale_report(rows, self.rules)
        scales = tuple(
            self._scale(group, key, part, rows)
            if group in self.scales[key]
            else ScaleResult(key, None, None, None, None, None, reason=TOO_FEW)
            for key, part in report.subscales.items()
        )
        return GroupResult(
            group.name, True, len(rows), scales, **self._patterns(group, report.n_pattern_answers, len(rows))
        )

    def _scale(self, group: Group, key: str, part: scale_report.ScalePart, rows: np.ndarray) -> ScaleResult:
        summary = part.scale
        reasons = (str(why) for name, why in summary.reasons.items() if name in ("mean", "t_ci_low"))
        return ScaleResult(
            key=key,
            n=part.n_valid,
            mean=summary.mean,
            low=summary.t_ci_low,
            high=summary.t_ci_high,
            ad=part.agreement.ad_mean_j,
            reason=next(reasons, None),
            sd=summary.sd,
            items=tuple(
                self._item(item, place, part, rows)
                for place, item in enumerate(part.items)
                if group in self.items[item]
            ),
            **(_details(part) if group.name == SCHOOL else {}),
        )

    def _item(self, key: str, place: int, part: scale_report.ScalePart, rows: np.ndarray) -> ItemResult:
        valid = np.array([score is not None for score in part.respondent_scores])
        given = rows[valid, self.columns[key]]
        given = given[~np.isnan(given)]
        answers = range(self.instrument.minimum, self.instrument.maximum + 1)
        return ItemResult(
            key=key,
            n=len(given),
            counts=tuple(int((given == answer).sum()) for answer in answers),
            mean=float(given.mean()),
            sd=float(given.std(ddof=1)),
            polarised=bool(part.agreement.item_polarised[place]),
        )

    def _patterns(self, group: Group, n_patterns: int | None, n: int) -> dict[str, Any]:
        """Same answer everywhere, about the school alone: with a team beside it the rest could be counted."""
        if group.name != SCHOOL or n_patterns is None or n < disclosure.FLOOR_DISTRIBUTION:
            return {}
        if n_patterns < self.floor:
            return {"patterns": FEW}
        if n - n_patterns < self.floor:
            return {"patterns": NEARLY_ALL}
        return {"patterns": SOME, "n_patterns": n_patterns}


def _details(part: scale_report.ScalePart) -> dict[str, Any]:
    """Agreement and reliability for who wants to know; of ten complete forms and more."""
    measured = part.reliability
    if measured.n_complete < disclosure.FLOOR_DISTRIBUTION:
        return {}
    return {
        "rwgj": part.agreement.rwgj,
        "n_complete": measured.n_complete,
        "alpha": measured.alpha,
        "alpha_low": measured.alpha_feldt_low,
        "alpha_high": measured.alpha_feldt_high,
        "omega": measured.omega_total,
    }
