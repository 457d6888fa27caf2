"""Do teams differ more than chance, and may a team's mean stand for the team? ICC(1), ICC(2), agreement per team."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from qualitycycle.analysis import scoring
from qualitycycle.analysis.agreement import Agreement, agreement
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.reliability import Reliability, reliability
from qualitycycle.analysis.scoring import ScoringRules
from qualitycycle.analysis.summary import Array, MeanSummary, all_equal, summarise

# Fewer teams than this say nothing about teams; ten would be better (notes on small samples).
MIN_TEAMS = 3

MEAN_SQUARES = ("msb", "msw")
COEFFICIENTS = ("icc1", "icc2", "icc1_n0")
INTERVALS = ("icc1_f_low", "icc1_f_high", "icc2_f_low", "icc2_f_high")
TESTS = ("F", "p")


@dataclass(frozen=True)
class Icc:
    """ICC(1) and ICC(2) of scores in teams; see `icc`. `team_sizes` follows the order in which teams first appear."""

    n_teams: int
    n_respondents: int
    team_sizes: tuple[int, ...]
    n_bar: float | None
    n0: float | None = None
    msb: float | None = None
    msw: float | None = None
    icc1: float | None = None
    icc2: float | None = None
    icc1_n0: float | None = None
    F: float | None = None
    p: float | None = None
    icc1_f_low: float | None = None
    icc1_f_high: float | None = None
    icc2_f_low: float | None = None
    icc2_f_high: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def enough_teams(self) -> bool:
        """Whether a sentence about teams may rest on this: at least three teams."""
        return self.n_teams >= MIN_TEAMS


@dataclass(frozen=True)
class TeamPart:
    """One team: its scores and its agreement."""

    n_respondents: int
    scale: MeanSummary
    agreement: Agreement


@dataclass(frozen=True)
class TeamsReport:
    """All teams of one round; see `teams_report`."""

    n_respondents: int
    n_valid: int
    respondent_scores: tuple[float | None, ...]
    icc: Icc
    teams: Mapping[str, TeamPart]
    reliability_pooled: Reliability
    rwgj_mean: float | None
    rwgj_median: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def teams_report(answers: npt.ArrayLike, teams: Sequence[str], rules: ScoringRules) -> TeamsReport:
    """Score a round and report agreement per team, ICC over teams, and reliability over everybody.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), raw answers in the order of `rules.items`; NaN is not answered.
    teams : shape (n_respondents,), the team of each row.

    Returns
    -------
    TeamsReport. Teams keep the order in which they first appear and are never ranked. Respondents without
    a score count in `n_respondents` only. Reliability is of the pooled organisation: a team of eight is
    too small for one of its own.

    Notes
    -----
    rwgj_mean and rwgj_median are over the teams that have an r_wg(j).
    The parts: `icc`, `agreement.agreement`, `reliability.reliability`, `summary.summarise`.
    """
    turned, scores = scoring.turned(answers, rules), scoring.score(answers, rules).total
    if len(teams) != len(turned):
        raise ValueError("one team per row of answers is needed")
    values = np.array(scores.respondent_scores, dtype=np.float64)
    parts = {
        team: _team(turned[rows], values[rows], rules.n_options)
        for team, rows in _rows_by_team(teams).items()
    }  # fmt: skip
    rwgj = [part.agreement.rwgj for part in parts.values() if part.agreement.rwgj is not None]
    return TeamsReport(
        len(turned), scores.n_valid, scores.respondent_scores, icc(values, teams), parts,
        reliability(turned[~np.isnan(values)]),
        float(np.mean(rwgj)) if rwgj else None, float(np.median(rwgj)) if rwgj else None,
        {} if rwgj else dict.fromkeys(("rwgj_mean", "rwgj_median"), Reason.N_TOO_SMALL),
    )  # fmt: skip


def icc(scores: npt.ArrayLike, teams: Sequence[str], *, confidence: float = 0.95) -> Icc:
    """How much of the spread in scores lies between teams, and how steady a team's mean is.

    Parameters
    ----------
    scores : shape (n_respondents,), one score per respondent; NaN is no score and is left out.
    teams : shape (n_respondents,), the team of each respondent. A team without any score is left out.

    Returns
    -------
    Icc, without unit, mean squares in squared scale points. Not cut off: ICC(1) is below 0 and ICC(2) far
    below 0 when teams differ less than chance, which a page says in words. Undefined with one team
    (`one_team`), with only teams of one (`n_too_small`), without any variance (`no_variance`); F and the
    intervals also when nobody differs from the own team. `enough_teams` tells whether a sentence about
    teams is in place.

    Notes
    -----
    One-way analysis of variance with K teams, N respondents, n_bar = N/K.
    icc1 = (MSB - MSW) / (MSB + (n_bar - 1) MSW); icc2 = (MSB - MSW) / MSB; F = MSB / MSW.
    icc1_n0 uses n0 = (N - Σ n²/N) / (K - 1) instead of n_bar: unequal teams, variance components.
    Interval (Shrout & Fleiss 1979): with FL = F / F(.975; K - 1, N - K) and FU = F / F(.025; K - 1, N -
    K), the limits of icc1 are (FL - 1)/(FL + n_bar - 1) and the same with FU, those of icc2 are 1 - 1/FL
    and 1 - 1/FU. Checked against R multilevel 2.7 (ICC1, ICC2), aov, and ICC 2.4.0 (the n0 version).
    """
    values = np.asarray(scores, dtype=np.float64)
    groups = [values[rows] for rows in _rows_by_team(teams).values()]
    groups = [group[~np.isnan(group)] for group in groups]
    return _icc([group for group in groups if group.size], confidence)


def _icc(groups: list[Array], confidence: float) -> Icc:
    sizes = tuple(len(group) for group in groups)
    k, n = len(sizes), sum(sizes)
    n_bar = n / k if k else None
    if k < 2 or n_bar is None:
        return _without(k, n, sizes, n_bar, Reason.ONE_TEAM if k else Reason.NO_ANSWERS)
    n0 = (n - sum(size**2 for size in sizes) / n) / (k - 1)
    msb, msw = _mean_squares(groups)
    if msw is None:
        return _teams_of_one(k, sizes, n0, msb)
    if msb == 0 and msw == 0:
        reasons = dict.fromkeys((*COEFFICIENTS, *TESTS, *INTERVALS), Reason.NO_VARIANCE)
        return Icc(k, n, sizes, n_bar, n0, msb, msw, reasons=reasons)
    one, two, one_n0 = _icc1(msb, msw, n_bar), _icc2(msb, msw), _icc1(msb, msw, n0)
    if msw == 0:
        reasons = dict.fromkeys((*TESTS, *INTERVALS), Reason.NO_VARIANCE)
        return Icc(k, n, sizes, n_bar, n0, msb, msw, one, two, one_n0, reasons=reasons)
    f = msb / msw
    low, high = _f_limits(f, k - 1, n - k, confidence)
    limits = ((low - 1) / (low + n_bar - 1), (high - 1) / (high + n_bar - 1))
    tests = (f, float(special.fdtrc(k - 1, n - k, f)))
    no_icc2 = {
        "icc2": Reason.NO_VARIANCE,
        "icc2_f_low": Reason.NO_VARIANCE,
        "icc2_f_high": Reason.NO_VARIANCE,
    }
    if msb == 0:
        return Icc(k, n, sizes, n_bar, n0, msb, msw, one, None, one_n0, *tests, *limits, reasons=no_icc2)
    return Icc(
        k, n, sizes, n_bar, n0, msb, msw, one, two, one_n0, *tests, *limits, 1 - 1 / low, 1 - 1 / high
    )  # fmt: skip


def _without(k: int, n: int, sizes: tuple[int, ...], n_bar: float | None, reason: Reason) -> Icc:
    names = ("n0", *MEAN_SQUARES, *COEFFICIENTS, *TESTS, *INTERVALS)
    return Icc(k, n, sizes, n_bar, reasons=dict.fromkeys(names, reason))


def _teams_of_one(k: int, sizes: tuple[int, ...], n0: float, msb: float) -> Icc:
    reasons = dict.fromkeys(("msw", *COEFFICIENTS, *TESTS, *INTERVALS), Reason.N_TOO_SMALL)
    return Icc(k, k, sizes, 1.0, n0, msb, reasons=reasons)


def _mean_squares(groups: list[Array]) -> tuple[float, float | None]:
    everybody = np.concatenate(groups)
    k, n, grand = len(groups), len(everybody), float(everybody.mean())
    within = sum(0.0 if all_equal(group) else float(((group - group.mean()) ** 2).sum()) for group in groups)
    means = np.array([group.mean() for group in groups])
    sizes = np.array([len(group) for group in groups])
    between = 0.0 if all_equal(means) else float((sizes * (means - grand) ** 2).sum())
    return between / (k - 1), within / (n - k) if n > k else None


def _icc1(msb: float, msw: float, size: float) -> float:
    denominator = msb + (size - 1) * msw
    return (msb - msw) / denominator


def _icc2(msb: float, msw: float) -> float | None:
    return None if msb == 0 else (msb - msw) / msb


def _f_limits(f: float, df1: int, df2: int, confidence: float) -> tuple[float, float]:
    tail = (1 - confidence) / 2
    return f / float(special.fdtri(df1, df2, 1 - tail)), f / float(special.fdtri(df1, df2, tail))


def _team(turned: Array, values: Array, n_options: int) -> TeamPart:
    return TeamPart(len(values), summarise(values), agreement(turned[~np.isnan(values)], n_options))


def _rows_by_team(teams: Sequence[str]) -> dict[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, team in enumerate(teams):
        rows.setdefault(team, []).append(row)
    return rows
