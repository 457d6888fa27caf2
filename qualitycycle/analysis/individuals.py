"""Individuals (XmR) charts: a centre line and control limits from moving ranges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.runs import anhoej, run_reasons
from qualitycycle.analysis.stretches import Span, Values, spans_of
from qualitycycle.analysis.summary import FLOAT_NOISE, Array, all_equal, column, present

# Expected range of two draws from a normal distribution, in standard deviations; and the upper limit of a
# moving range in mean moving ranges. Montgomery, Introduction to Statistical Quality Control, appendix VI.
# We use 3/D2 = 2.6596, not the rounded 2.66.
D2 = 1.128
D4 = 3.267

LIMIT_FIELDS = ("lcl", "ucl", "lcl95", "ucl95")


@dataclass(frozen=True)
class IndividualsPart:
    """One stretch of an individuals chart: centre line, 3 and 2 sigma limits, points outside, runs around the mean."""

    part: int
    first: int
    last: int
    n: int
    n_obs: int
    cl: float | None
    lcl: float | None
    ucl: float | None
    lcl95: float | None
    ucl95: float | None
    sigma_signal_idx: tuple[int, ...]
    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    runs_signal: bool
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class IndividualsChart:
    """An individuals (XmR) chart; see `individuals_chart`."""

    n: int
    parts: tuple[IndividualsPart, ...]
    sigma_signal_idx: tuple[int, ...]


def individuals_chart(
    values: Values,
    *,
    part: Sequence[int] = (),
    freeze: int | None = None,
    exclude: Sequence[int] = (),
    screened: bool = True,
) -> IndividualsChart:
    """Centre line and control limits of an individuals (XmR) chart, per stretch.

    Parameters
    ----------
    values : shape (n_points,), in time order; NaN or `None` is a missed measurement.
    part, freeze, exclude : see `stretches`; `part` and `freeze` do not go together (ValueError).
    screened : leave out unusually large moving ranges once. The program always does; False is for comparison.

    Returns
    -------
    IndividualsChart in the unit of `values`. Limits are not clipped to what the indicator allows. `None`
    with fewer than two neighbouring points (`too_few_points`), when all are equal (`no_variance`), and
    when screening leaves only ranges of zero around a value that does vary (`limits_collapsed`): without
    that guard every point would lie outside.

    Notes
    -----
    centre = mean(x); moving range = |x_i - x_(i-1)| of neighbouring rows, no range across a gap, but an
    excluded point is skipped over; sigma = mean moving range / 1.128; limits = centre ± 3 sigma (±2 sigma
    in the 95 fields). Screening drops ranges >= 3.267 times their mean once and takes the mean again. A
    point outside is strictly above or below a limit. Excluded points are judged too. Source: Montgomery;
    screening as in Nelson (1982). Checked against R qicharts2 0.8.1 (chart "i", with and without
    screening); NHSRplotthedots 0.2.2 gives the same with 2.66 instead of 3/1.128.
    """
    x = column(values)
    spans = spans_of(len(x), part, freeze, exclude)
    parts = tuple(_individuals_part(x, span, screened) for span in spans)
    return IndividualsChart(len(x), parts, tuple(idx for p in parts for idx in p.sigma_signal_idx))


def _individuals_part(x: Array, span: Span, screened: bool) -> IndividualsPart:
    base = x[span.base]
    there = present(base)
    centre = float(there.mean()) if there.size else None
    runs = anhoej(x[span.counted], centre)
    sigma, reason = sigma_of(base, screened)
    reasons = run_reasons(there, runs) | (dict.fromkeys(LIMIT_FIELDS, reason) if reason else {})
    limits: tuple[float | None, ...] = (None, None, None, None)
    outside: tuple[int, ...] = ()
    if sigma is not None and centre is not None:
        limits = (centre - 3 * sigma, centre + 3 * sigma, centre - 2 * sigma, centre + 2 * sigma)
        outside = _outside(x, span, centre, 3 * sigma)
    return IndividualsPart(
        span.part, span.first, span.last, span.last - span.first + 1, len(span.counted), centre,
        limits[0], limits[1], limits[2], limits[3], outside, **asdict(runs), reasons=reasons,
    )  # fmt: skip


def _outside(x: Array, span: Span, centre: float, reach: float) -> tuple[int, ...]:
    rows = range(span.first - 1, span.last)
    # A point on the limit is not outside it, also when rounding says it is a hair beyond.
    noise = FLOAT_NOISE * max(abs(centre), reach)
    return tuple(row + 1 for row in rows if abs(x[row] - centre) > reach + noise)


def sigma_of(base: Array, screened: bool) -> tuple[float | None, Reason | None]:
    """The spread from moving ranges, in the unit of `base`; or why there is none."""
    ranges = present(np.abs(np.diff(base)))
    if ranges.size == 0:
        return None, Reason.TOO_FEW_POINTS
    if all_equal(present(base)):
        return (None, Reason.NO_VARIANCE) if screened else (0.0, None)
    mean = _mean_range(ranges, screened)
    noise = FLOAT_NOISE * float(np.abs(present(base)).max())
    return (None, Reason.LIMITS_COLLAPSED) if mean <= noise else (mean / D2, None)


def _mean_range(ranges: Array, screened: bool) -> float:
    mean = float(ranges.mean())
    if not screened or mean == 0:
        return mean
    return float(ranges[ranges < D4 * mean].mean())
