"""Mean, spread and the t interval of one sample of scores."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy import special

from qualitycycle.analysis.reasons import Reason

Array = npt.NDArray[np.float64]

# Differences below this share of the largest value are rounding of the computer, not differences between
# people.
FLOAT_NOISE = 1e-12


@dataclass(frozen=True)
class MeanSummary:
    """Mean of one sample with its uncertainty, in the unit of the values; see `summarise`."""

    n: int
    mean: float | None
    sd: float | None
    se: float | None
    median: float | None
    t_ci_low: float | None
    t_ci_high: float | None
    population_size: int | None = None
    se_fpc: float | None = None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def column(values: npt.ArrayLike | Iterable[float | None]) -> Array:
    """Values as an array of shape (n,), `None` as NaN."""
    return np.asarray(values if isinstance(values, np.ndarray) else list(values), dtype=np.float64)  # type: ignore[arg-type]


def present(values: npt.ArrayLike | Iterable[float | None]) -> Array:
    """The values that are there, shape (n_present,): `None` and NaN are left out."""
    array = column(values)
    return array[~np.isnan(array)]


def optional(array: Array) -> tuple[float | None, ...]:
    """An array as a result carries it: plain numbers, `None` where the array has NaN."""
    return tuple(None if value != value else value for value in array.tolist())


def all_equal(values: Array) -> bool:
    """True when the values differ by no more than the rounding of the computer (also for one value)."""
    low, high = float(values.min()), float(values.max())
    return high - low <= FLOAT_NOISE * max(abs(low), abs(high))


def sample_sd(values: Array) -> float:
    """Standard deviation with n - 1, shape (n,) with n >= 2; exactly 0 when all values are equal."""
    return 0.0 if all_equal(values) else float(values.std(ddof=1))


def t_quantile(df: float, confidence: float = 0.95) -> float:
    """Two-sided critical value of Student's t with `df` degrees of freedom."""
    return float(special.stdtrit(df, 0.5 + confidence / 2))


def normal_quantile(confidence: float = 0.95) -> float:
    """Two-sided critical value of the standard normal distribution."""
    return float(special.ndtri(0.5 + confidence / 2))


def summarise(
    values: npt.ArrayLike | Iterable[float | None],
    *,
    confidence: float = 0.95,
    population_size: int | None = None,
) -> MeanSummary:
    """Mean, standard deviation, standard error, median and t interval of one sample.

    Parameters
    ----------
    values : shape (n_respondents,), in scale points (or any unit); NaN or `None` is a person without a
        score and is left out.
    confidence : share between 0 and 1 for the interval.
    population_size : number of people asked, N; only needed for `se_fpc`.

    Returns
    -------
    MeanSummary in the unit of `values`, `n` the number of values that are there. With n = 0 everything is
    `None` (`no_answers`), with n = 1 everything but mean and median (`n_too_small`).

    Notes
    -----
    sd = sqrt(Σ(x - mean)² / (n - 1)); se = sd / sqrt(n); interval = mean ± t(n - 1) · se. It is not
    clipped to the answer range: a drawing may clip, a number may not. Equal values give sd = 0 and an
    interval of width 0. se_fpc = se · sqrt(1 - n/N): the version for people who treat the team as the
    whole population; 0 at full response. It is carried beside `se` and never replaces it, because a team
    speaks for "such a team on such a day". Source: any textbook; the finite-population factor as in
    Cochran, Sampling Techniques. Checked against R t.test.
    """
    x = present(values)
    if x.size == 0:
        return _undefined(0, None, population_size, Reason.NO_ANSWERS)
    if x.size == 1:
        return _undefined(1, float(x[0]), population_size, Reason.N_TOO_SMALL)
    n, mean, sd = x.size, float(x.mean()), sample_sd(x)
    se = sd / math.sqrt(n)
    half = t_quantile(n - 1, confidence) * se
    return MeanSummary(
        n, mean, sd, se, float(np.median(x)), mean - half, mean + half, population_size,
        _finite_population_se(se, n, population_size),
        {} if population_size else {"se_fpc": Reason.NOT_GIVEN},
    )  # fmt: skip


def _undefined(n: int, value: float | None, population_size: int | None, reason: Reason) -> MeanSummary:
    names = ["sd", "se", "t_ci_low", "t_ci_high", "se_fpc"] + (["mean", "median"] if n == 0 else [])
    reasons = dict.fromkeys(names, reason)
    return MeanSummary(n, value, None, None, value, None, None, population_size, None, reasons)


def _finite_population_se(se: float, n: int, population_size: int | None) -> float | None:
    return None if not population_size else se * math.sqrt(max(0.0, 1 - n / population_size))
