"""Shares of small groups: intervals, differences, the chance against a norm, and funnel limits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scipy import special

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import normal_quantile

# With fewer groups a funnel is empty space; show their intervals instead.
FUNNEL_MIN_GROUPS = 5
# The two usual funnels: about two and three standard deviations.
FUNNEL_95 = 0.95
FUNNEL_998 = 0.998


@dataclass(frozen=True)
class Share:
    """x of n with its intervals, as shares from 0 to 1; see `share`."""

    x: int
    n: int
    conf: float
    p: float | None = None
    wilson_lo: float | None = None
    wilson_hi: float | None = None
    exact_lo: float | None = None
    exact_hi: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class ShareDifference:
    """Difference of two independent shares, second minus first; see `share_difference`."""

    x1: int
    n1: int
    x2: int
    n2: int
    diff: float | None = None
    newcombe_lo: float | None = None
    newcombe_hi: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def distinguishable(self) -> bool | None:
        """Whether the interval leaves 0 out; `None` without an interval."""
        if self.newcombe_lo is None or self.newcombe_hi is None:
            return None
        return self.newcombe_lo > 0 or self.newcombe_hi < 0


@dataclass(frozen=True)
class NormChance:
    """Chance of x or fewer, and of x or more, of n when the true share is `norm`."""

    x: int
    n: int
    norm: float
    at_most: float
    at_least: float


@dataclass(frozen=True)
class FunnelPoint:
    """One group in a funnel, all as shares; the limits belong to its own number of pupils."""

    group: str
    numerator: int
    denominator: int
    rate: float | None
    exact_ll95: float | None
    exact_ul95: float | None
    exact_ll998: float | None
    exact_ul998: float | None


@dataclass(frozen=True)
class Funnel:
    """Groups at one moment around one share; see `funnel`."""

    n_groups: int
    target: float | None
    points: tuple[FunnelPoint, ...]
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def enough_groups(self) -> bool:
        """Whether a funnel says more than separate intervals: from five groups."""
        return self.n_groups >= FUNNEL_MIN_GROUPS


def share(x: int, n: int, *, confidence: float = 0.95) -> Share:
    """A share with Wilson's interval, and the exact one beside it.

    Parameters
    ----------
    x, n : number of pupils that reach it, and number of pupils; 0 <= x <= n.
    confidence : share between 0 and 1.

    Returns
    -------
    Share between 0 and 1; everything `None` for n = 0 (`no_answers`): no pupils is not 0 percent.

    Notes
    -----
    Wilson (1927), without continuity correction: (p + z²/2n ± z sqrt(p(1 - p)/n + z²/4n²)) / (1 + z²/n),
    never outside 0 to 1. exact_* is Clopper & Pearson, quantiles of the beta distribution; it is wider.
    The usual p ± z sqrt(p(1-p)/n) is wrong at small n and near 0 or 1, and is not here. Checked against R
    Hmisc 4.8.0 and statsmodels 0.15.0.
    """
    _refuse_bad_counts(x, n)
    if n == 0:
        names = ("p", "wilson_lo", "wilson_hi", "exact_lo", "exact_hi")
        return Share(x, n, confidence, reasons=dict.fromkeys(names, Reason.NO_ANSWERS))
    low, high = _wilson(x, n, confidence)
    tail = (1 - confidence) / 2
    exact_low = 0.0 if x == 0 else float(special.betaincinv(x, n - x + 1, tail))
    exact_high = 1.0 if x == n else float(special.betaincinv(x + 1, n - x, 1 - tail))
    return Share(x, n, confidence, x / n, low, high, exact_low, exact_high)


def pooled_share(counts: Iterable[tuple[int, int]], *, confidence: float = 0.95) -> Share:
    """One share over several years: Σ x of Σ n, so that every pupil weighs the same.

    counts : (x, n) per year. The Inspectie judges basic skills on three years together, small schools on
        five.
    """
    pairs = list(counts)
    return share(sum(x for x, _ in pairs), sum(n for _, n in pairs), confidence=confidence)


def share_difference(x1: int, n1: int, x2: int, n2: int, *, confidence: float = 0.95) -> ShareDifference:
    """Difference between two independent shares with Newcombe's interval.

    Parameters
    ----------
    x1, n1, x2, n2 : counts of the first (earlier) and the second (later) group.

    Returns
    -------
    ShareDifference, second minus first, between -1 and 1; `None` when a group has no pupils (`no_answers`).

    Notes
    -----
    With l and u Wilson's limits: lower = d - sqrt((p2 - l2)² + (u1 - p1)²), upper = d + sqrt((u2 - p2)² +
    (p1 - l1)²). Source: Newcombe (1998), Statistics in Medicine 17, method 10. Checked against statsmodels
    0.15.0.
    """
    _refuse_bad_counts(x1, n1)
    _refuse_bad_counts(x2, n2)
    if n1 == 0 or n2 == 0:
        names = ("diff", "newcombe_lo", "newcombe_hi")
        return ShareDifference(x1, n1, x2, n2, reasons=dict.fromkeys(names, Reason.NO_ANSWERS))
    p1, p2 = x1 / n1, x2 / n2
    (l1, u1), (l2, u2) = _wilson(x1, n1, confidence), _wilson(x2, n2, confidence)
    low, high = math.hypot(p2 - l2, u1 - p1), math.hypot(u2 - p2, p1 - l1)
    return ShareDifference(x1, n1, x2, n2, p2 - p1, p2 - p1 - low, p2 - p1 + high)


def norm_chance(x: int, n: int, norm: float) -> NormChance:
    """Exact binomial chance of a result like this when the true share equals a norm.

    x, n : counts with n > 0; norm : share between 0 and 1. If 85 % is the truth, 21 or fewer of 25 happens
        in 53 % of
    cases: not to be told from the norm. Checked against R pbinom.
    """
    _refuse_bad_counts(x, n)
    if not 0 <= norm <= 1 or n == 0:
        raise ValueError("norm must lie between 0 and 1 and n above 0")
    return NormChance(x, n, norm, _at_most(x, n, norm), 1.0 if x == 0 else _above(x - 1, n, norm))


def funnel(groups: Sequence[tuple[str, int, int]], *, target: float | None = None) -> Funnel:
    """Exact funnel limits for groups at one moment. No ranking: the groups keep their order.

    Parameters
    ----------
    groups : (name, x, n) per group; n = 0 gives a point without rate and limits.
    target : centre of the funnel, a norm; the pooled share of the groups when `None`.

    Returns
    -------
    Funnel with limits of 95 % and 99.8 % per group, as shares. `None` when there are no pupils at all
    (`no_answers`). `enough_groups` is False below five groups: show intervals then.

    Notes
    -----
    Limit at probability p for n pupils: with r the p quantile of Binomial(n, target), F its distribution
    function and a = (F(r) - p) / (F(r) - F(r - 1)), the limit is (r - a) / n, kept within 0 to 1. Normal
    limits leave 0 to 1 at these sizes. Source: Spiegelhalter (2005), Statistics in Medicine 24, appendix.
    Checked against R qbinom.
    """
    for _, x, n in groups:
        _refuse_bad_counts(x, n)
    pupils = sum(n for _, _, n in groups)
    if pupils == 0:
        points = tuple(FunnelPoint(name, x, n, None, None, None, None, None) for name, x, n in groups)
        return Funnel(len(groups), target, points, {"target": Reason.NO_ANSWERS})
    centre = sum(x for _, x, _ in groups) / pupils if target is None else target
    reasons = {} if len(groups) >= FUNNEL_MIN_GROUPS else {"points": Reason.TOO_FEW_GROUPS}
    return Funnel(len(groups), centre, tuple(_funnel_point(*group, centre) for group in groups), reasons)


def funnel_limits(n: int, target: float, confidence: float) -> tuple[float, float]:
    """Lower and upper funnel limit for a group of n > 0 pupils, as shares; the curve of the drawing. See `funnel`."""
    tail = (1 - confidence) / 2
    return _interpolated(tail, n, target), _interpolated(1 - tail, n, target)


def _funnel_point(group: str, x: int, n: int, target: float) -> FunnelPoint:
    if n == 0:
        return FunnelPoint(group, x, n, None, None, None, None, None)
    wide, narrow = funnel_limits(n, target, FUNNEL_998), funnel_limits(n, target, FUNNEL_95)
    return FunnelPoint(group, x, n, x / n, *narrow, *wide)


def _interpolated(p: float, n: int, target: float) -> float:
    if target in (0.0, 1.0):
        return target
    r = next(r for r in range(n + 1) if r == n or _at_most(r, n, target) >= p)
    at, below = _at_most(r, n, target), _at_most(r - 1, n, target)
    return min(1.0, max(0.0, (r - (at - p) / (at - below)) / n))


def _at_most(x: int, n: int, p: float) -> float:
    if x < 0:
        return 0.0
    return 1.0 if x >= n else float(special.bdtr(x, n, p))


def _above(x: int, n: int, p: float) -> float:
    return float(special.bdtrc(x, n, p))


def _wilson(x: int, n: int, confidence: float) -> tuple[float, float]:
    z, p = normal_quantile(confidence), x / n
    centre, width = p + z**2 / (2 * n), z * math.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    low, high = (centre - width) / (1 + z**2 / n), (centre + width) / (1 + z**2 / n)
    # At the ends the formula gives exactly 0 and 1; rounding must not turn that into -1e-17.
    return (0.0 if x == 0 else low), (1.0 if x == n else high)


def _refuse_bad_counts(x: int, n: int) -> None:
    if not 0 <= x <= n:
        raise ValueError("counts must satisfy 0 <= x <= n")
