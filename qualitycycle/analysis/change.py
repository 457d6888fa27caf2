"""How large is the difference between two groups of scores, and how large would it have to be to stand out?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import special

from qualitycycle.analysis.effects import exact_j, noncentral_t_limits
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import Array, present, sample_sd, t_quantile

Values = npt.ArrayLike | Iterable[float | None]

WELCH_FIELDS = ("welch_se", "welch_df", "welch_low", "welch_high", "welch_p", "mdc95_mean_welch")
STANDARDISED_FIELDS = (
    "d", "J_exact", "g", "d_ci_low", "d_ci_high", "g_ci_low", "g_ci_high", "t", "pooled_t_low", "pooled_t_high",
)  # fmt: skip
GLASS_FIELDS = ("glass_delta_sd1", "glass_ci_low", "glass_ci_high")


@dataclass(frozen=True)
class Change:
    """Difference between two independent samples, second minus first; see `change`."""

    n1: int
    n2: int
    mean1: float | None
    mean2: float | None
    diff: float | None
    sd1: float | None
    sd2: float | None
    sd_pooled: float | None = None
    welch_se: float | None = None
    welch_df: float | None = None
    welch_low: float | None = None
    welch_high: float | None = None
    welch_p: float | None = None
    mdc95_mean_welch: float | None = None
    t: float | None = None
    pooled_t_low: float | None = None
    pooled_t_high: float | None = None
    d: float | None = None
    J_exact: float | None = None
    g: float | None = None
    d_ci_low: float | None = None
    d_ci_high: float | None = None
    g_ci_low: float | None = None
    g_ci_high: float | None = None
    glass_delta_sd1: float | None = None
    glass_ci_low: float | None = None
    glass_ci_high: float | None = None
    cliff_delta: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)

    @property
    def distinguishable(self) -> bool | None:
        """Whether Welch's interval leaves 0 out; `None` when there is no interval. "No" is not "no change"."""
        if self.welch_low is None or self.welch_high is None:
            return None
        return self.welch_low > 0 or self.welch_high < 0


@dataclass(frozen=True)
class Sample:
    """What is left of a sample when the scores themselves are gone; `sd` with n - 1, `None` below two scores."""

    n: int
    mean: float
    sd: float | None


def change(first: Values, second: Values, *, confidence: float = 0.95) -> Change:
    """Difference of two independent samples of scores, raw first and standardised second.

    Parameters
    ----------
    first, second : shape (n1,) and (n2,), in the same unit; NaN or `None` is no score and is left out. Two
        rounds of a confidential survey (first = earlier), or a comparison group (first) and a focus group
        (second).
    confidence : share between 0 and 1 for all intervals; the reference values and field names are for .95.

    Returns
    -------
    Change. Raw fields in the unit of the scores, d, g and delta in standard deviations, Cliff's delta
    between -1 and 1. Below two scores in a group only the means (`n_too_small`); without any variance no
    interval (`no_variance`).

    Notes
    -----
    diff = mean2 - mean1 with Welch's interval: se = sqrt(s1²/n1 + s2²/n2), df after Welch and Satterthwaite.
    mdc95_mean_welch = t(df) · se: the smallest change of a *group mean* that exceeds sampling error; drawn
    as a band. The rounds count as independent because nobody can be followed; when the same people answer,
    that is cautious. d = diff / sd_pooled, limits from the noncentral t (df = n1 + n2 - 2), g = J · d with
    exact J, limits times J. t and pooled_t_* belong to the pooled variance; they are here for comparison,
    the screen uses Welch. glass_delta_sd1 = diff / sd1, limits from the noncentral t with df = n1 - 1 and
    scale sqrt(1/n1 + s2²/(n2 s1²)). cliff_delta = P(x2 > x1) - P(x2 < x1), over all pairs.
    Source: Welch (1947); Hedges (1981); Cliff (1993). Checked against R t.test, effectsize 0.8.3, MBESS,
    effsize 0.8.1.
    """
    x1, x2 = present(first), present(second)
    if x1.size == 0 or x2.size == 0:
        return _empty(x1, x2)
    one, two = _sample(x1), _sample(x2)
    return replace(_compared(one, two, confidence), cliff_delta=cliff_delta(x1, x2))


def change_of(first: Sample, second: Sample, *, confidence: float = 0.95) -> Change:
    """The same as `change`, from the size, mean and standard deviation of two samples.

    Parameters
    ----------
    first, second : earlier and later (or reference and focus) sample, in the same unit; n at least 1.
    confidence : share between 0 and 1 for all intervals.

    Returns
    -------
    Change with the figures `change` gives for the scores behind it; only Cliff's delta needs every score
    and is `None` (`not_given`). Two rounds are compared this way: a closed round keeps these three figures.

    Raises
    ------
    ValueError : a sample without scores, or of two and more without its standard deviation.
    """
    for one in (first, second):
        if one.n < 1 or (one.n > 1 and one.sd is None):
            raise ValueError("a sample needs a score, and from two scores on a standard deviation")
    found = _compared(first, second, confidence)
    return replace(found, reasons={**found.reasons, "cliff_delta": Reason.NOT_GIVEN})


def _sample(x: Array) -> Sample:
    return Sample(x.size, float(x.mean()), sample_sd(x) if x.size > 1 else None)


def _compared(one: Sample, two: Sample, confidence: float) -> Change:
    diff = two.mean - one.mean
    basis: dict[str, Any] = {
        "n1": one.n, "n2": two.n, "mean1": one.mean, "mean2": two.mean, "diff": diff, "sd1": one.sd, "sd2": two.sd,
    }  # fmt: skip
    if one.sd is None or two.sd is None:
        names = ("sd_pooled", *WELCH_FIELDS, *STANDARDISED_FIELDS, *GLASS_FIELDS)
        missing = [name for name, sd in (("sd1", one.sd), ("sd2", two.sd)) if sd is None]
        return Change(**basis, reasons=dict.fromkeys([*missing, *names], Reason.N_TOO_SMALL))
    n1, n2, sd1, sd2 = one.n, two.n, one.sd, two.sd
    pooled = math.sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2) / (n1 + n2 - 2))
    values: dict[str, Any] = {"sd_pooled": pooled, **_glass(diff, n1, n2, sd1, sd2, confidence)}
    if pooled > 0:
        values |= _welch(diff, n1, n2, sd1, sd2, confidence) | _standardised(diff, n1, n2, pooled, confidence)
    derived = (*WELCH_FIELDS, *STANDARDISED_FIELDS, *GLASS_FIELDS)
    no_variance = dict.fromkeys((name for name in derived if name not in values), Reason.NO_VARIANCE)
    return Change(**basis, **values, reasons=no_variance)


def cliff_delta(first: Array, second: Array) -> float:
    """P(second > first) - P(second < first) over all pairs, shapes (n1,) and (n2,), both without missing values."""
    return float(np.sign(second[:, None] - first[None, :]).mean())


def _empty(x1: Array, x2: Array) -> Change:
    mean1 = float(x1.mean()) if x1.size else None
    mean2 = float(x2.mean()) if x2.size else None
    sd1 = sample_sd(x1) if x1.size > 1 else None
    sd2 = sample_sd(x2) if x2.size > 1 else None
    given = {"mean1": mean1, "mean2": mean2, "sd1": sd1, "sd2": sd2}
    names = ["diff", "sd_pooled", "cliff_delta", *WELCH_FIELDS, *STANDARDISED_FIELDS, *GLASS_FIELDS]
    names += [name for name, value in given.items() if value is None]
    return Change(
        x1.size, x2.size, mean1, mean2, None, sd1, sd2, reasons=dict.fromkeys(names, Reason.NO_ANSWERS)
    )


def _welch(diff: float, n1: int, n2: int, sd1: float, sd2: float, confidence: float) -> dict[str, float]:
    v1, v2 = sd1**2 / n1, sd2**2 / n2
    se = math.sqrt(v1 + v2)
    df = (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1))
    half = t_quantile(df, confidence) * se
    p = 2 * float(special.stdtr(df, -abs(diff) / se))
    values = (se, df, diff - half, diff + half, p, half)
    return dict(zip(WELCH_FIELDS, values, strict=True))


def _standardised(diff: float, n1: int, n2: int, pooled: float, confidence: float) -> dict[str, float]:
    df, scale = n1 + n2 - 2, math.sqrt(1 / n1 + 1 / n2)
    d, j = diff / pooled, exact_j(df)
    t = d / scale
    low, high = (limit * scale for limit in noncentral_t_limits(t, df, confidence))
    half = t_quantile(df, confidence) * pooled * scale
    values = (d, j, j * d, low, high, j * low, j * high, t, diff - half, diff + half)
    return dict(zip(STANDARDISED_FIELDS, values, strict=True))


def _glass(diff: float, n1: int, n2: int, sd1: float, sd2: float, confidence: float) -> dict[str, float]:
    if sd1 == 0:
        return {}
    scale = math.sqrt(1 / n1 + sd2**2 / (n2 * sd1**2))
    delta = diff / sd1
    low, high = noncentral_t_limits(delta / scale, n1 - 1, confidence)
    return dict(zip(GLASS_FIELDS, (delta, low * scale, high * scale), strict=True))
