"""Do the people in one team answer alike? AD, r_wg and their family, per item and for a scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import Array, optional

# Variance of answers that lean slightly to one side, by number of options. LeBreton & Senter (2008), table
# of null distributions, as listed in the first author's own R package WGA.
SLIGHT_SKEW_VARIANCE: Mapping[int, float] = {5: 1.34, 6: 1.85, 7: 2.90, 8: 3.47, 9: 5.66, 10: 6.30, 11: 7.31}


SCALE_FIELDS = ("ad_mean_j", "ad_median_j", "rwgj", "rwgj_lindell_raw", "rwgj_slight_skew")
SPREAD_FIELDS = ("item_var", "item_rwg", "item_rwg_raw", "item_ad_mean", "item_ad_median", "item_polarised")


@dataclass(frozen=True)
class Agreement:
    """Agreement within one group of respondents; see `agreement`. Fields named `item_*` follow the items."""

    n: int
    n_complete: int
    sigma2_eu: float
    item_n: tuple[int, ...]
    item_mean: tuple[float | None, ...]
    item_var: tuple[float | None, ...]
    item_rwg: tuple[float | None, ...]
    item_rwg_raw: tuple[float | None, ...]
    item_ad_mean: tuple[float | None, ...]
    item_ad_median: tuple[float | None, ...]
    item_polarised: tuple[bool | None, ...]
    ad_mean_j: float | None
    ad_median_j: float | None
    rwgj: float | None
    rwgj_items_used: int
    rwgj_lindell_raw: float | None
    rwgj_slight_skew: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class _Items:
    """Per item: number of answers, mean, variance (n - 1), absolute deviations; NaN below two answers."""

    n: Array
    mean: Array
    var: Array
    ad_mean: Array
    ad_median: Array


def agreement(answers: Array, n_options: int) -> Agreement:
    """Agreement of one group on one (sub)scale.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), already turned, only respondents with a score; NaN is not
        answered.
    n_options : number of answers to choose from, A.

    Returns
    -------
    Agreement. `ad_*` in scale points (0 is full agreement); the r_wg family without unit (1 is full
    agreement, 0 is what random answers give). Items with fewer than two answers count as missing and drop
    out of J.

    Notes
    -----
    Missing answers: every item uses the answers it has.
    AD of an item = mean |x - mean of the item| (or - median), denominator n; AD of the scale = mean over
    the items. It leads, because "on average 0.9 point from the team's mean" needs no explanation (Burke &
    Dunlap 2002). r_wg = 1 - s²/σ² with σ² = (A² - 1)/12, the variance of answers spread evenly; cut off at
    0, raw value kept: a negative raw value means a spread wider than chance, so a team in two camps
    (`item_polarised`). r_wg(j) = J(1 - S) / (J(1 - S) + S), S = min(mean item variance, σ²)/σ² (James,
    Demaree & Wolf 1984). It rises with the number of items J whatever people answer: with 12 items a mean
    item agreement of .16 is enough for .70. `rwgj_slight_skew` uses a null variance for answers that lean
    one way, as answers about efficacy do; tables exist for 5 to 11 options. `rwgj_lindell_raw` = 1 - mean
    item variance/σ², without inflation (Lindell, Brandt & Whitney 1999), not cut off. Checked against R
    multilevel 2.7 (rwg, rwg.j, rwg.j.lindell, ad.m) where nothing is missing.
    """
    given = ~np.isnan(answers)
    items = _per_item(answers, given)
    sigma2 = (n_options**2 - 1) / 12
    raw = 1 - items.var / sigma2
    usable = ~np.isnan(items.var)
    used = int(usable.sum())
    n, complete = len(answers), int(given.all(axis=1).sum())
    scale = _scale_agreement(items, usable, sigma2, SLIGHT_SKEW_VARIANCE.get(n_options))
    return Agreement(
        n=n, n_complete=complete, sigma2_eu=sigma2,
        item_n=tuple(int(count) for count in items.n),
        item_mean=optional(items.mean), item_var=optional(items.var),
        item_rwg=optional(np.maximum(raw, 0.0)), item_rwg_raw=optional(raw),
        item_ad_mean=optional(items.ad_mean), item_ad_median=optional(items.ad_median),
        item_polarised=tuple(None if value is None else value < 0 for value in optional(raw)),
        rwgj_items_used=used, reasons=_reasons(n, used, n_options, items), **scale,
    )  # fmt: skip


def rwg_j(mean_variance: float, n_items: int, null_variance: float) -> float:
    """r_wg(j) of a mean item variance over `n_items` items against a null variance, cut off at 0."""
    s = min(mean_variance, null_variance) / null_variance
    return n_items * (1 - s) / (n_items * (1 - s) + s)


def _scale_agreement(
    items: _Items, usable: np.ndarray, sigma2: float, skew: float | None
) -> dict[str, float | None]:
    used = int(usable.sum())
    if used == 0:
        return dict.fromkeys(SCALE_FIELDS)
    mean_variance = float(items.var[usable].mean())
    return {
        "ad_mean_j": float(items.ad_mean[usable].mean()),
        "ad_median_j": float(items.ad_median[usable].mean()),
        "rwgj": rwg_j(mean_variance, used, sigma2),
        "rwgj_lindell_raw": 1 - mean_variance / sigma2,
        "rwgj_slight_skew": None if skew is None else rwg_j(mean_variance, used, skew),
    }


def _per_item(answers: Array, given: np.ndarray) -> _Items:
    n = given.sum(axis=0).astype(np.float64)
    n_any = np.where(n > 0, n, np.nan)
    mean = np.where(given, answers, 0.0).sum(axis=0) / n_any
    deviation = np.where(given, answers - mean, 0.0)
    two = np.where(n > 1, n, np.nan)
    from_median = np.where(given, answers - _item_medians(answers, n), 0.0)
    return _Items(
        n, mean, (deviation**2).sum(axis=0) / (two - 1),
        np.abs(deviation).sum(axis=0) / two, np.abs(from_median).sum(axis=0) / two,
    )  # fmt: skip


def _item_medians(answers: Array, n: Array) -> Array:
    # Sorting puts the missing answers last, so the middle of what is there can be picked for all items at
    # once.
    if len(answers) == 0:
        return np.full(answers.shape[1], np.nan)
    ordered, count = np.sort(answers, axis=0), n.astype(np.intp)
    columns = np.arange(answers.shape[1])
    low = ordered[np.maximum(count - 1, 0) // 2, columns]
    high = ordered[np.minimum(count // 2, len(answers) - 1), columns]
    middle: Array = (low + high) / 2
    return middle


def _reasons(n: int, used: int, n_options: int, items: _Items) -> dict[str, Reason]:
    reasons: dict[str, Reason] = {}
    if used == 0:
        reasons |= dict.fromkeys(SCALE_FIELDS, Reason.NO_ANSWERS if n == 0 else Reason.N_TOO_SMALL)
    elif n_options not in SLIGHT_SKEW_VARIANCE:
        reasons["rwgj_slight_skew"] = Reason.SCALE_LENGTH_UNKNOWN
    if bool((items.n < 1).any()):
        reasons["item_mean"] = Reason.NO_ANSWERS
    if bool((items.n < 2).any()):
        reasons |= dict.fromkeys(SPREAD_FIELDS, Reason.N_TOO_SMALL)
    return reasons
