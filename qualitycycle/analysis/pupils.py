"""Pupils' results: the same pupils before and after, against what was to be expected, and beside a comparison group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from qualitycycle.analysis.change import Change, change
from qualitycycle.analysis.effects import exact_j, hedges_j, noncentral_t_limits
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import (
    FLOAT_NOISE,
    Array,
    MeanSummary,
    all_equal,
    column,
    normal_quantile,
    present,
    sample_sd,
    summarise,
    t_quantile,
)

Values = npt.ArrayLike | Iterable[float | None]

# The exact bootstrap visits every mix of n draws from n values: 92,378 of them at n = 10, a million at n =
# 12.
BOOTSTRAP_MAX_N = 10

TEST_FIELDS = ("t", "df", "p", "d_z", "d_z_low", "d_z_high", "g_z")
AVERAGE_FIELDS = ("d_av_rms", "g_av_rms", "d_av_bonett_se", "d_av_bonett_low", "d_av_bonett_high")
PRE_FIELDS = ("d_pre_sd", "g_pre_sd")


@dataclass(frozen=True)
class PairedGain:
    """Gain of pupils with two scores, after minus before; see `paired_gain`."""

    n_pre: int
    n_post: int
    n_pairs: int
    mean_pre: float | None = None
    mean_post: float | None = None
    mean_diff: float | None = None
    sd_pre: float | None = None
    sd_post: float | None = None
    sd_diff: float | None = None
    r: float | None = None
    diff_low: float | None = None
    diff_high: float | None = None
    t: float | None = None
    df: int | None = None
    p: float | None = None
    d_av_rms: float | None = None
    g_av_rms: float | None = None
    d_av_bonett_se: float | None = None
    d_av_bonett_low: float | None = None
    d_av_bonett_high: float | None = None
    d_z: float | None = None
    d_z_low: float | None = None
    d_z_high: float | None = None
    g_z: float | None = None
    d_rm: float | None = None
    d_pre_sd: float | None = None
    g_pre_sd: float | None = None
    J_exact_nminus1: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class Growth:
    """Gain set against the gain that was to be expected; see `growth`."""

    n_pairs: int
    mean_gain: float | None
    mean_expected: float | None
    excess: MeanSummary
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class RegressionToMean:
    """Gain a selected group makes without any action, in the unit of the test; see `regression_to_mean`."""

    n: int
    mean_selected: float | None
    expected_gain: float | None
    reason: Reason | None = None


@dataclass(frozen=True)
class GainDifference:
    """Gain of a focus group beside that of a comparison group; see `gain_difference`."""

    n_focus: int
    n_comparison: int
    gains: Change
    d_ppc2: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class BootstrapMean:
    """Mean with t interval and exact bootstrap limits; see `bootstrap_mean`."""

    n: int
    mean: float | None
    sd: float | None
    se: float | None
    median: float | None
    t_ci_low: float | None
    t_ci_high: float | None
    boot_percentile_low_exact: float | None
    boot_percentile_high_exact: float | None
    se_exact_boot: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


# --- the same pupils twice -------------------------------------------------------------------------------


def paired_gain(before: Values, after: Values, *, confidence: float = 0.95) -> PairedGain:
    """Gain of the pupils who have both scores.

    Parameters
    ----------
    before, after : shape (n_pupils,), row i is the same pupil, on the same scale of the same test maker;
        NaN or `None` is no score. Pupils with one score count in `n_pre` or `n_post` and nowhere else.
    confidence : share between 0 and 1 for all intervals.

    Returns
    -------
    PairedGain. Means, SDs and the interval in the unit of the test, d and g in standard deviations.
    Undefined: one pair (`n_too_small`), all gains equal (t and d_z: `no_variance`), no spread before
    (d_pre_sd), and for two pairs every g and Bonett's interval, as J does not exist at one degree of freedom.

    Notes
    -----
    mean_diff = mean(after - before), interval mean_diff ± t(n - 1) · sd_diff / sqrt(n).
    d_av_rms = mean_diff / sqrt((sd_pre² + sd_post²)/2) (Cumming 2012), with Bonett's (2008) standard error
    sqrt(d²(v1² + v2² + 2 c²)/(8 (n - 1) s⁴) + (v1 + v2 - 2 c)/((n - 1) s²)), v the variances, c the
    covariance, s² their mean. d_z = mean_diff / sd_diff, limits from the noncentral t divided by sqrt(n);
    d_rm = d_z · sqrt(2 (1 - r)); d_pre_sd = mean_diff / sd_pre. Every g is J(n - 1) times its d. The four
    differ a lot: the standardiser is named. A gain includes a year of ordinary growth and is never the
    effect of an action: see `growth`. Checked against R t.test, effectsize 0.8.3, metafor 3.8.1 (SMCR) and
    the formula of statpsych 2.0.0.
    """
    x, y = column(before), column(after)
    if x.shape != y.shape:
        raise ValueError("before and after need one row per pupil")
    both = ~(np.isnan(x) | np.isnan(y))
    counts = {
        "n_pre": int((~np.isnan(x)).sum()),
        "n_post": int((~np.isnan(y)).sum()),
        "n_pairs": int(both.sum()),
    }
    values = counts | _gain(x[both], y[both], confidence)
    gain = PairedGain(**values)
    return PairedGain(**values, reasons=_gain_reasons(gain))


def growth(before: Values, after: Values, expected: float | Values, *, confidence: float = 0.95) -> Growth:
    """Gain minus expected gain, for the pupils who have all three figures.

    Parameters
    ----------
    before, after : shape (n_pupils,), row i is the same pupil; NaN or `None` is no score.
    expected : the gain the test maker's norm expects over this period, one figure or one per pupil, same
        unit.
    confidence : share between 0 and 1 for the interval.

    Returns
    -------
    Growth in the unit of the test; `excess.mean` above 0 is more growth than expected, with its t
    interval. The version of the norm belongs beside the figure.

    Notes
    -----
    excess = mean((after - before) - expected), interval as in `summary.summarise`. The expected gain
    counts as known.
    """
    x, y = column(before), column(after)
    norm = np.full(x.shape, float(expected)) if isinstance(expected, (int, float)) else column(expected)
    if not x.shape == y.shape == norm.shape:
        raise ValueError("before, after and expected need one row per pupil")
    gains = y - x
    there = ~np.isnan(gains - norm)
    excess = summarise(gains[there] - norm[there], confidence=confidence)
    if excess.n == 0:
        reasons = dict.fromkeys(("mean_gain", "mean_expected"), Reason.NO_ANSWERS)
        return Growth(0, None, None, excess, reasons)
    return Growth(excess.n, float(gains[there].mean()), float(norm[there].mean()), excess)


def _gain(x: Array, y: Array, confidence: float) -> dict[str, Any]:
    n = x.size
    if n == 0:
        return {}
    values: dict[str, Any] = {"mean_pre": float(x.mean()), "mean_post": float(y.mean())}
    values["mean_diff"] = mean = float((y - x).mean())
    if n < 2:
        return values
    sd_pre, sd_post, sd_diff = sample_sd(x), sample_sd(y), _sd_of_gains(x, y)
    half = t_quantile(n - 1, confidence) * sd_diff / math.sqrt(n)
    values |= {"sd_pre": sd_pre, "sd_post": sd_post, "sd_diff": sd_diff}
    values |= {"diff_low": mean - half, "diff_high": mean + half, "J_exact_nminus1": hedges_j(n - 1)}
    covariance = float(((x - x.mean()) * (y - y.mean())).sum() / (n - 1)) if sd_pre * sd_post > 0 else 0.0
    if sd_pre * sd_post > 0:
        values["r"] = max(-1.0, min(1.0, covariance / (sd_pre * sd_post)))
    values |= _tested(mean, sd_diff, n, confidence) | _per_pre_sd(mean, sd_pre, n)
    values |= _averaged(mean, sd_pre, sd_post, covariance, n, confidence)
    # With two pairs r is always 1 or -1 and says nothing; with r = 1 the factor would turn any gain into 0.
    if n > 2 and "d_z" in values and values.get("r") is not None and 1 - values["r"] > FLOAT_NOISE:
        values["d_rm"] = values["d_z"] * math.sqrt(2 * (1 - values["r"]))
    return values


def _sd_of_gains(x: Array, y: Array) -> float:
    # Two gains can differ by rounding only (18.3 - 15.1 against 17.3 - 14.1): compare with the size of the
    # scores.
    gains = y - x
    size = max(float(np.abs(x).max()), float(np.abs(y).max()))
    return 0.0 if float(np.ptp(gains)) <= FLOAT_NOISE * size else float(gains.std(ddof=1))


def _tested(mean: float, sd_diff: float, n: int, confidence: float) -> dict[str, Any]:
    if sd_diff == 0:
        return {}
    d, df = mean / sd_diff, n - 1
    t = d * math.sqrt(n)
    low, high = noncentral_t_limits(t, df, confidence)
    j = hedges_j(df)
    return {
        "t": t, "df": df, "p": 2 * float(special.stdtr(df, -abs(t))), "d_z": d,
        "d_z_low": low / math.sqrt(n), "d_z_high": high / math.sqrt(n), "g_z": None if j is None else j * d,
    }  # fmt: skip


def _per_pre_sd(mean: float, sd_pre: float, n: int) -> dict[str, Any]:
    if sd_pre == 0:
        return {}
    j = hedges_j(n - 1)
    return {"d_pre_sd": mean / sd_pre, "g_pre_sd": None if j is None else j * mean / sd_pre}


def _averaged(
    mean: float, sd_pre: float, sd_post: float, c: float, n: int, confidence: float
) -> dict[str, Any]:
    v1, v2 = sd_pre**2, sd_post**2
    s2 = (v1 + v2) / 2
    if s2 == 0:
        return {}
    d, j = mean / math.sqrt(s2), hedges_j(n - 1)
    if j is None:
        return {"d_av_rms": d}
    spread = max(0.0, v1 + v2 - 2 * c)
    se = math.sqrt(d**2 * (v1**2 + v2**2 + 2 * c**2) / (8 * (n - 1) * s2**2) + spread / ((n - 1) * s2))
    half = normal_quantile(confidence) * se
    return dict(zip(AVERAGE_FIELDS, (d, j * d, se, d - half, d + half), strict=True))


def _gain_reasons(gain: PairedGain) -> dict[str, Reason]:
    missing = [name for name, value in vars(gain).items() if value is None]
    if gain.n_pairs < 2:
        return dict.fromkeys(missing, Reason.N_TOO_SMALL if gain.n_pairs else Reason.NO_ANSWERS)
    reasons = dict.fromkeys(missing, Reason.NO_VARIANCE)
    if gain.n_pairs == 2:
        small = ("g_z", "g_av_rms", "g_pre_sd", "d_rm", "J_exact_nminus1", *AVERAGE_FIELDS[2:])
        reasons |= {name: Reason.N_TOO_SMALL for name in small if name in reasons}
    elif gain.r is not None and gain.d_z is not None and gain.d_rm is None:
        reasons["d_rm"] = Reason.FULL_CORRELATION
    return reasons


# --- two groups ------------------------------------------------------------------------------------------


def compare_groups(comparison: Values, focus: Values, *, confidence: float = 0.95) -> Change:
    """Focus group minus comparison group at one moment; `change.change` with the comparison group as the reference."""
    return change(comparison, focus, confidence=confidence)


def gain_difference(
    focus_before: Values,
    focus_after: Values,
    comparison_before: Values,
    comparison_after: Values,
    *,
    confidence: float = 0.95,
) -> GainDifference:
    """Gain of a focus group minus the gain of a comparison group.

    Parameters
    ----------
    focus_before, focus_after, comparison_before, comparison_after : shape (n_pupils,) per group, row i is
        the same pupil; NaN or `None` is no score and leaves the pupil out.

    Returns
    -------
    GainDifference. `gains` compares the gains of the two groups (raw difference with Welch's interval
    first), in the unit of the test; `d_ppc2` is the standardised difference of the gains.

    Notes
    -----
    See `standardised_gain_difference` for d_ppc2. It is only as good as the comparison group is alike at
    the start.
    """
    fx, fy = _pairs(focus_before, focus_after)
    cx, cy = _pairs(comparison_before, comparison_after)
    gains = change(cy - cx, fy - fx, confidence=confidence)
    reason = Reason.N_TOO_SMALL if fx.size < 2 or cx.size < 2 else None
    if reason is None and all_equal(fx) and all_equal(cx):
        reason = Reason.NO_VARIANCE
    if reason is not None:
        return GainDifference(fx.size, cx.size, gains, None, {"d_ppc2": reason})
    means = float((fy - fx).mean()), float((cy - cx).mean())
    d = standardised_gain_difference(means, (sample_sd(fx), sample_sd(cx)), (fx.size, cx.size))
    return GainDifference(fx.size, cx.size, gains, d)


def standardised_gain_difference(
    gains: tuple[float, float], sd_before: tuple[float, float], n: tuple[int, int]
) -> float:
    """Difference of two mean gains in pooled standard deviations before, corrected for small samples.

    gains, sd_before, n : (focus, comparison), with n at least 2 each and some spread before.
    d_ppc2 = J(n1 + n2 - 2) · (gain1 - gain2) / sd_pooled, exact J. Source: Morris (2008), Organizational
    Research Methods 11. Checked against the worked example in that article as computed with R metafor 3.8.1.
    """
    df = n[0] + n[1] - 2
    pooled = math.sqrt(((n[0] - 1) * sd_before[0] ** 2 + (n[1] - 1) * sd_before[1] ** 2) / df)
    return exact_j(df) * (gains[0] - gains[1]) / pooled


def _pairs(before: Values, after: Values) -> tuple[Array, Array]:
    x, y = column(before), column(after)
    if x.shape != y.shape:
        raise ValueError("before and after need one row per pupil")
    both = ~(np.isnan(x) | np.isnan(y))
    return x[both], y[both]


# --- a group chosen because it was low -------------------------------------------------------------------


def regression_to_mean(selected: Values, population_mean: float, reliability: float) -> RegressionToMean:
    """Gain that a group picked for its low (or high) scores makes at a second test without any action.

    Parameters
    ----------
    selected : shape (n_pupils,), scores on which the group was picked; NaN or `None` is no score.
    population_mean : mean of everybody the group was picked from, same unit.
    reliability : reliability of the test between 0 and 1, from its manual.

    Returns
    -------
    RegressionToMean in the unit of the test; subtract it from the gain of such a group before saying
    anything.

    Notes
    -----
    expected_gain = (1 - reliability) · (population_mean - mean of the selected). Source: Galton; classical
    test theory, equal means and variances at both moments. See `regression_of_lowest` for the figure in
    standard deviations.
    """
    _refuse_bad_reliability(reliability)
    x = present(selected)
    if x.size == 0:
        return RegressionToMean(0, None, None, Reason.NO_ANSWERS)
    mean = float(x.mean())
    return RegressionToMean(x.size, mean, (1 - reliability) * (population_mean - mean))


def regression_of_lowest(share: float, reliability: float) -> float:
    """Gain without any action of the lowest `share` of pupils, in standard deviations of the test.

    (1 - reliability) · φ(z) / share, with z the normal quantile of `share`: for the lowest quarter .38,
    .25 and .13 at reliability .70, .80 and .90. Checked against a simulation.
    """
    _refuse_bad_reliability(reliability)
    if not 0 < share < 1:
        raise ValueError("share must lie between 0 and 1")
    z = float(special.ndtri(share))
    return (1 - reliability) * math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi) / share


def _refuse_bad_reliability(reliability: float) -> None:
    if not 0 <= reliability <= 1:
        raise ValueError("reliability must lie between 0 and 1")


# --- exact bootstrap -------------------------------------------------------------------------------------


def bootstrap_mean(values: Values) -> BootstrapMean:
    """Mean of a small sample with the limits of the exact bootstrap distribution, as a check on the t
    interval.

    Parameters
    ----------
    values : shape (n,), any unit; NaN or `None` is left out.

    Returns
    -------
    BootstrapMean in the unit of `values`. Limits only for n up to 10 (`n_too_large`): above that drawing
    lots is needed, and the t interval does as well.

    Notes
    -----
    All n^n resamples, counted as mixes with their multinomial weight: no random numbers. The lower limit
    is the smallest m with P(mean <= m) >= .025, the upper one with >= .975. se_exact_boot = sqrt((n -
    1)/n) · sd / sqrt(n): percentile limits are too narrow by that factor at small n, which is why the t
    interval leads. Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap. Checked against
    full enumeration in R.
    """
    x = present(values)
    s = summarise(x)
    basis = (s.n, s.mean, s.sd, s.se, s.median, s.t_ci_low, s.t_ci_high)
    limits = ("boot_percentile_low_exact", "boot_percentile_high_exact")
    reasons = {name: why for name, why in s.reasons.items() if name != "se_fpc"}
    if s.se is None:
        why = Reason.N_TOO_SMALL if s.n else Reason.NO_ANSWERS
        return BootstrapMean(
            *basis, None, None, None, reasons | dict.fromkeys((*limits, "se_exact_boot"), why)
        )
    se = math.sqrt((s.n - 1) / s.n) * s.se
    if s.n > BOOTSTRAP_MAX_N:
        return BootstrapMean(*basis, None, None, se, dict.fromkeys(limits, Reason.N_TOO_LARGE))
    return BootstrapMean(*basis, *_exact_limits(x), se)


def _exact_limits(x: Array) -> tuple[float, float]:
    n = x.size
    mixes = np.array(list(combinations_with_replacement(range(n), n)))
    times = np.stack([(mixes == i).sum(axis=1) for i in range(n)], axis=1)
    factorials = np.array([math.factorial(i) for i in range(n + 1)])
    ways = math.factorial(n) // factorials[times].prod(axis=1)
    means = times @ x / n
    order = np.argsort(means, kind="stable")
    # Whole numbers up to n^n, so that a limit of exactly .025 is met exactly.
    reached = np.cumsum(ways[order])
    low, high = (means[order[np.argmax(reached * 40 >= share * n**n)]] for share in (1, 39))
    return float(low), float(high)
