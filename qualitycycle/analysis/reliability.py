"""Do the items of a scale measure together? Alpha with its interval, item statistics, and omega."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from scipy import special

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import Array, all_equal, optional

# Below twenty complete respondents the loadings behind omega are mostly noise (rule of the reference set).
OMEGA_MIN_N = 20
_OMEGA_STEPS = 100
# A unique variance below this share of the item's variance is on its way to zero: a Heywood case.
_HEYWOOD_SHARE = 1e-6

ALPHA_FIELDS = (
    "alpha", "alpha_feldt_low", "alpha_feldt_high", "alpha_standardized", "average_interitem_r",
    "alpha_if_deleted", "item_rest_r",
)  # fmt: skip
CORRELATION_FIELDS = ("alpha_standardized", "average_interitem_r")


@dataclass(frozen=True)
class Reliability:
    """Reliability of one (sub)scale; see `reliability`. `n_complete` is the n behind every figure here."""

    n_complete: int
    k: int
    alpha: float | None
    alpha_feldt_low: float | None
    alpha_feldt_high: float | None
    alpha_standardized: float | None
    average_interitem_r: float | None
    alpha_if_deleted: tuple[float | None, ...] | None
    item_rest_r: tuple[float | None, ...] | None
    omega_total: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Omega:
    """Omega total, or `None` and why not."""

    n: int
    omega_total: float | None
    reason: Reason | None = None


def reliability(answers: Array, *, confidence: float = 0.95) -> Reliability:
    """Internal consistency of one (sub)scale.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), already turned, only respondents with a score; NaN is not
        answered. Only complete rows are used, and their number is the n of the interval.
    confidence : share between 0 and 1 for Feldt's interval.

    Returns
    -------
    Reliability, all figures without unit. Undefined with one item, fewer than two complete rows, or a sum
    score without variance. Alpha is not cut off: a negative value mostly means an item that was not
    turned, and must be seen.

    Notes
    -----
    alpha = k/(k - 1) · (1 - Σ s²(item) / s²(sum)), on covariances.
    Interval (Feldt, Woodruff & Salih 1987): 1 - (1 - alpha) · F(p; n - 1, (n - 1)(k - 1)) at p = .975 and
    .025. alpha_standardized = k r / (1 + (k - 1) r) with r the mean correlation between items; `None` as
    soon as one item has no variance, and without interval because Feldt's does not hold for it.
    alpha_if_deleted uses the same raw alpha over the other items; item_rest_r is the correlation of an
    item with the sum of the others. High alpha is not agreement: a team in two camps can have an alpha of 1.
    Checked against R psych 2.2.9 (alpha, alpha.ci) and multilevel 2.7 (cronbach).
    """
    complete = answers[~np.isnan(answers).any(axis=1)]
    n, k = complete.shape
    if reason := _no_alpha(complete, had_answers=len(answers) > 0):
        return _undefined(n, k, reason)
    covariance = np.atleast_2d(np.cov(complete, rowvar=False))
    alpha = _alpha(covariance)
    low, high = feldt_interval(alpha, n, k, confidence=confidence)
    mean_r = _mean_correlation(complete, covariance)
    omega = omega_total(complete)
    return Reliability(
        n, k, alpha, low, high,
        None if mean_r is None else _standardized(mean_r, k), mean_r,
        _alpha_if_deleted(complete, covariance), _item_rest(complete, covariance), omega.omega_total,
        _reasons(k, mean_r, omega),
    )  # fmt: skip


def feldt_interval(alpha: float, n: int, k: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Feldt's interval of an alpha over `n` complete respondents and `k` items, both at least 2."""
    tail, df1, df2 = (1 - confidence) / 2, n - 1, (n - 1) * (k - 1)
    high_f, low_f = special.fdtri(df1, df2, 1 - tail), special.fdtri(df1, df2, tail)
    return float(1 - (1 - alpha) * high_f), float(1 - (1 - alpha) * low_f)


def _no_alpha(complete: Array, *, had_answers: bool) -> Reason | None:
    n, k = complete.shape
    if k < 2:
        return Reason.ONE_ITEM
    if n < 2:
        return Reason.TOO_MANY_MISSING if had_answers and n == 0 else Reason.N_TOO_SMALL
    return Reason.NO_VARIANCE if all_equal(complete.sum(axis=1)) else None


def _undefined(n: int, k: int, reason: Reason) -> Reliability:
    reasons = dict.fromkeys((*ALPHA_FIELDS, "omega_total"), reason)
    return Reliability(n, k, None, None, None, None, None, None, None, None, reasons)


def _alpha(covariance: Array) -> float:
    k = len(covariance)
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _standardized(mean_r: float, k: int) -> float | None:
    denominator = 1 + (k - 1) * mean_r
    return None if denominator <= 0 else k * mean_r / denominator


def _flat_items(complete: Array) -> np.ndarray:
    return np.asarray(complete.max(axis=0) == complete.min(axis=0))


def _mean_correlation(complete: Array, covariance: Array) -> float | None:
    if _flat_items(complete).any():
        return None
    sd = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(sd, sd)
    k = len(sd)
    return float((correlation.sum() - k) / (k * (k - 1)))


def _alpha_if_deleted(complete: Array, covariance: Array) -> tuple[float | None, ...] | None:
    k = len(covariance)
    if k < 3:
        return None
    # Leaving item i out of the sum takes its own variance and twice its covariances with the rest.
    sums, trace, rows = covariance.sum(), np.trace(covariance), covariance.sum(axis=1)
    own = np.diag(covariance)
    rest = sums - 2 * rows + own
    flat = _flat_rests(complete)
    with np.errstate(divide="ignore", invalid="ignore"):
        alphas = (k - 1) / (k - 2) * (1 - (trace - own) / rest)
    return optional(np.where(flat, np.nan, alphas))


def _item_rest(complete: Array, covariance: Array) -> tuple[float | None, ...]:
    own, rows = np.diag(covariance), covariance.sum(axis=1)
    rest = covariance.sum() - 2 * rows + own
    flat = _flat_rests(complete) | _flat_items(complete)
    with np.errstate(divide="ignore", invalid="ignore"):
        r = (rows - own) / np.sqrt(own * rest)
    return optional(np.where(flat, np.nan, r))


def _flat_rests(complete: Array) -> np.ndarray:
    rests = complete.sum(axis=1, keepdims=True) - complete
    return _flat_items(rests)


def _reasons(k: int, mean_r: float | None, omega: Omega) -> dict[str, Reason]:
    reasons: dict[str, Reason] = {}
    if mean_r is None:
        reasons |= dict.fromkeys(CORRELATION_FIELDS, Reason.NO_VARIANCE)
    elif _standardized(mean_r, k) is None:
        reasons["alpha_standardized"] = Reason.NO_VARIANCE
    if k < 3:
        reasons["alpha_if_deleted"] = Reason.TOO_FEW_ITEMS
    if omega.reason:
        reasons["omega_total"] = omega.reason
    return reasons


# --- omega -----------------------------------------------------------------------------------------------


def omega_total(complete: Array) -> Omega:
    """McDonald's omega total of one factor with free loadings.

    Parameters
    ----------
    complete : shape (n_respondents, n_items), already turned, without missing answers.

    Returns
    -------
    Omega, without unit. `None` below 3 items, below 20 respondents or not more respondents than items,
    with an item without variance, when an item's unique variance runs to zero (`heywood`), or when no
    minimum was found.

    Notes
    -----
    omega = (Σ λ)² / ((Σ λ)² + Σ ψ), with loadings λ and unique variances ψ of the one-factor model fitted
    by maximum likelihood to the covariances: the denominator is the variance that the model implies, not
    the observed one. The likelihood is minimised over x = ln ψ alone. With γ, Ω the eigenvalues and
    eigenvectors of exp(-x/2) S exp(-x/2), γ₁ the largest: f(x) = Σ_{m≥2} (γ_m - ln γ_m - 1), df/dx_i =
    Σ_{m≥2} (1 - γ_m) Ω_im², and at the minimum λ_i = sqrt(ψ_i (γ₁ - 1)) Ω_i1. Newton steps with the exact
    second derivatives, halved until f falls. Source: Jöreskog (1967), Psychometrika 32; McDonald (1999),
    Test Theory. Checked against R lavaan 0.6.14 (cfa) and factanal; optimisers stop at different points,
    hence a tolerance of 1e-5.
    """
    n, k = complete.shape
    if k < 3:
        return Omega(n, None, Reason.TOO_FEW_ITEMS)
    if n < OMEGA_MIN_N or n <= k:
        return Omega(n, None, Reason.N_TOO_SMALL)
    if _flat_items(complete).any():
        return Omega(n, None, Reason.NO_VARIANCE)
    covariance = np.cov(complete, rowvar=False)
    # Omega does not depend on the unit of the answers; unit variances on average keep the thresholds
    # meaningful.
    return _omega_of(covariance / np.trace(covariance) * k, n)


@dataclass(frozen=True)
class _Point:
    """One place in the search: x = ln ψ, eigenvalues and eigenvectors there, and the discrepancy."""

    x: Array
    gamma: Array
    vectors: Array
    value: float


def _omega_of(s: Array, n: int) -> Omega:
    try:
        with np.errstate(divide="ignore", invalid="ignore"):
            start = np.log((1 - 0.5 / len(s)) / np.diag(np.linalg.inv(s)))
    except np.linalg.LinAlgError:
        return Omega(n, None, Reason.NOT_CONVERGED)
    end = _fit(s, start) if np.isfinite(start).all() else None
    if end is None:
        return Omega(n, None, Reason.NOT_CONVERGED)
    psi = np.exp(end.x)
    if (psi < _HEYWOOD_SHARE * np.diag(s)).any():
        return Omega(n, None, Reason.HEYWOOD)
    common = float((np.sqrt(psi) * end.vectors[:, -1]).sum() ** 2) * max(0.0, float(end.gamma[-1]) - 1)
    return Omega(n, common / (common + float(psi.sum())))


def _fit(s: Array, start: Array) -> _Point | None:
    floor = np.log(_HEYWOOD_SHARE * np.diag(s))
    here = _point(s, start)
    for _ in range(_OMEGA_STEPS):
        gradient, step = _newton(here)
        steepest = float(np.abs(gradient).max())
        # Below this gradient a step would be smaller than rounding; below the floor it is a Heywood case.
        if steepest < 1e-9 or bool((here.x < floor).any()):
            return here
        there = _downhill(s, here, step)
        if there is None:
            return here if steepest < 1e-6 else None
        here = there
    return None


def _downhill(s: Array, here: _Point, step: Array) -> _Point | None:
    # No unique variance changes more than a factor e² in one step: Newton overshoots far from the minimum.
    step = step * min(1.0, 2.0 / float(np.abs(step).max()))
    for halving in range(30):
        there = _point(s, here.x + step / 2**halving)
        if there.value < here.value:
            return there
    return None


def _point(s: Array, x: Array) -> _Point:
    scale = np.exp(-x / 2)
    gamma, vectors = np.linalg.eigh(s * scale * scale[:, None])
    rest = gamma[:-1]
    value = float((rest - np.log(rest) - 1).sum()) if rest[0] > 0 else math.inf
    return _Point(x, gamma, vectors, value)


def _newton(here: _Point) -> tuple[Array, Array]:
    """Gradient of the discrepancy and the step towards its minimum."""
    k, others = len(here.x), here.vectors[:, :-1]
    gradient = (others**2) @ (1 - here.gamma[:-1])
    columns = here.vectors.T
    products = (columns[:, :, None] * columns[:, None, :]).reshape(k, k * k)
    hessian = (products[:-1] * (_second_order_weights(here.gamma) @ products)).sum(axis=0).reshape(k, k)
    try:
        np.linalg.cholesky(hessian)
    except np.linalg.LinAlgError:
        # Far from the minimum the exact curvature can point uphill; Jöreskog's approximation never does.
        hessian = ((others @ others.T) ** 2) + 1e-8 * np.eye(k)
    return gradient, -np.linalg.solve(hessian, gradient)


def _second_order_weights(gamma: Array) -> Array:
    """Weights in the second derivatives: rows over the small eigenvalues, columns over all of them."""
    rest, top = gamma[:-1], gamma[-1]
    with np.errstate(divide="ignore", invalid="ignore"):
        last = (1 - rest) * (rest + top) / (top - rest)
    return np.column_stack([(rest[:, None] + rest[None, :]) / 2, last])
