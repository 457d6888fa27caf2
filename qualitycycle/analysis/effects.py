"""What standardised differences rest on: the small-sample factor J and limits from the noncentral t distribution."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from scipy import optimize, special

from qualitycycle.analysis.summary import Array

# Beyond this many standard deviations the normal density is below the rounding of the computer.
_FAR = 9.0
_NODES = 128


def hedges_j(df: float) -> float | None:
    """Factor that takes the bias out of a standardised difference; `None` for df <= 1, where it does not
    exist.

    J = Γ(df/2) / (sqrt(df/2) · Γ((df - 1)/2)), the exact form of Hedges (1981), not the shortcut 1 - 3/(4
    df - 1). Checked against R effectsize 0.8.3.
    """
    return exact_j(df) if df > 1 else None


def exact_j(df: float) -> float:
    """The factor of `hedges_j` where it exists, df > 1."""
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def noncentral_t_cdf(t: float, df: float, shift: float) -> float:
    """P(T <= t) for T noncentral t with `df` degrees of freedom and noncentrality `shift`.

    Notes
    -----
    T = (Z + shift) / S with Z standard normal and S = sqrt(chi²(df)/df). For small |t| we average Φ(t S -
    shift) over S, for large |t| the chance that S >= (Z + shift)/t over Z: each is smooth where it is
    used, so 128 Gauss-Legendre nodes reach about 1e-13. A closed-form library routine was not used because
    it returns NaN far in the tails, which is where a search for limits starts. Checked against R pt and
    scipy.stats.nct.
    """
    if t < 0:
        return 1 - noncentral_t_cdf(-t, df, -shift)
    return _over_spread(t, df, shift) if t <= math.sqrt(2 * df) else _over_normal(t, df, shift)


def noncentral_t_limits(t: float, df: float, confidence: float = 0.95) -> tuple[float, float]:
    """Noncentralities for which the observed `t` lies exactly at the upper and the lower tail of the
    distribution.

    t : observed t statistic; df : its degrees of freedom, at least 1. The lower limit solves P(T <= t) =
        (1 + confidence)
    / 2, the upper one (1 - confidence) / 2. Source: Steiger & Fouladi (1997). Checked against R MBESS and
    effectsize.
    """
    tail = (1 - confidence) / 2
    return _solve(t, df, 1 - tail, -1.0), _solve(t, df, tail, 1.0)


def _solve(t: float, df: float, p: float, direction: float) -> float:
    def excess(shift: float) -> float:
        return noncentral_t_cdf(t, df, shift) - p

    # Walk outward from t, where the chance is near one half, until the limit is passed.
    near, step = t, max(1.0, abs(t) / math.sqrt(2 * df))
    while excess(near) * direction <= 0:
        near -= direction * step
    far = near
    while excess(far) * direction > 0:
        near, far = far, far + direction * step
    return float(optimize.brentq(excess, near, far, xtol=1e-13, rtol=1e-14))


def _over_spread(t: float, df: float, shift: float) -> float:
    half = df / 2
    low = math.sqrt(float(special.gammaincinv(half, 1e-18)) / half)
    high = math.sqrt(float(special.gammainccinv(half, 1e-18)) / half)

    def weighted(s: Array) -> Array:
        log_density = (
            math.log(2) + half * math.log(half) - math.lgamma(half) + (df - 1) * np.log(s) - half * s**2
        )
        result: Array = special.ndtr(t * s - shift) * np.exp(log_density)
        return result

    return _integral(weighted, low, high)


def _over_normal(t: float, df: float, shift: float) -> float:
    # Below z = -shift the event is certain; cutting there keeps the rest smooth.
    start = max(-shift, -_FAR)
    if start >= _FAR:
        return 1.0

    def weighted(z: Array) -> Array:
        s = (z + shift) / t
        result: Array = (
            special.gammaincc(df / 2, df * s**2 / 2) * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        )
        return result

    return float(special.ndtr(start)) + _integral(weighted, start, _FAR)


def _integral(function: Callable[[Array], Array], low: float, high: float) -> float:
    nodes, weights = _gauss_legendre()
    half = (high - low) / 2
    return float(half * (weights * function(low + half * (nodes + 1))).sum())


@cache
def _gauss_legendre() -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return nodes, weights
