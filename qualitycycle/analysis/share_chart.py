"""Charts of shares over time: limits that follow the number of pupils, a P chart or Laney's P'."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from qualitycycle.analysis.individuals import sigma_of
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.runs import anhoej
from qualitycycle.analysis.stretches import Span, spans_of
from qualitycycle.analysis.summary import FLOAT_NOISE, Array, all_equal, column, present


@dataclass(frozen=True)
class SharePoint:
    """One period of a chart of shares, with its own limits because its number of pupils differs."""

    idx: int
    num: int | None
    den: int | None
    y: float | None
    part: int
    cl: float | None
    lcl: float | None
    ucl: float | None
    sigma_signal: bool
    runs_signal: bool


@dataclass(frozen=True)
class ShareChart:
    """A P or P' chart; see `p_chart`."""

    n: int
    points: tuple[SharePoint, ...]
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def p_chart(
    num: Sequence[int | None],
    den: Sequence[int | None],
    *,
    part: Sequence[int] = (),
    freeze: int | None = None,
    exclude: Sequence[int] = (),
    adjusted: bool = False,
) -> ShareChart:
    """Shares over time with limits that follow the number of pupils: a P chart, or Laney's P' when
    `adjusted`.

    Parameters
    ----------
    num, den : shape (n_points,), counts per period; `None` or a `den` of 0 is a gap, not 0 percent.
    part, freeze, exclude : see `stretches`.
    adjusted : P' for large numbers of pupils, whose shares vary more than chance alone; the default is the
        P chart.

    Returns
    -------
    ShareChart, everything as a share between 0 and 1. Without spread in the shares P' has no limits
    (`no_variance`).

    Notes
    -----
    centre = Σ num / Σ den over the points that set the line; P: centre ± 3 sqrt(centre (1 - centre)/den);
    P': the same times sigma_z, the screened mean moving range of z = (y - centre)/sqrt(centre (1 -
    centre)/den), divided by 1.128. Limits are clipped to 0 to 1. Runs are judged as in `anhoej` around the
    centre line. Use it from 10 periods and when den · p · (1 - p) is at least about 3. Source: Laney
    (2002), Quality Engineering 14. Checked against R qicharts2 0.8.1.
    """
    x, n = column(num), column(den)
    if x.shape != n.shape:
        raise ValueError("num and den need one entry per period")
    n = np.where(n > 0, n, np.nan)
    y = x / n
    stretches = [_share_part(x, n, y, span, adjusted) for span in spans_of(len(y), part, freeze, exclude)]
    points = tuple(point for stretch, _ in stretches for point in stretch)
    reasons = {"lcl": why, "ucl": why} if (why := next((why for _, why in stretches if why), None)) else {}
    return ShareChart(len(y), points, reasons)


def _share_part(
    x: Array, n: Array, y: Array, span: Span, adjusted: bool
) -> tuple[list[SharePoint], Reason | None]:
    there = [row for row in span.base if not math.isnan(y[row])]
    centre = float(x[there].sum() / n[there].sum()) if there else None
    runs_signal = anhoej(y[span.counted], centre).runs_signal
    if centre is None:
        return [
            _share_point(x, n, y, row, span.part, None, None, False) for row in _rows(span)
        ], Reason.NO_ANSWERS
    sigma = np.sqrt(centre * (1 - centre) / n)
    factor, reason = _laney(y, sigma, centre, span) if adjusted else (1.0, None)
    reach = [None if factor is None else 3 * float(sigma[row]) * factor for row in _rows(span)]
    points = [
        _share_point(x, n, y, row, span.part, centre, r, runs_signal)
        for row, r in zip(_rows(span), reach, strict=True)
    ]
    return points, reason


def _rows(span: Span) -> range:
    return range(span.first - 1, span.last)


def _laney(y: Array, sigma: Array, centre: float, span: Span) -> tuple[float | None, Reason | None]:
    if all_equal(present(y[span.base])):
        return None, Reason.NO_VARIANCE
    return sigma_of((y[span.base] - centre) / sigma[span.base], screened=True)


def _share_point(
    x: Array,
    n: Array,
    y: Array,
    row: int,
    part: int,
    cl: float | None,
    reach: float | None,
    runs_signal: bool,
) -> SharePoint:
    share = None if math.isnan(y[row]) else float(y[row])
    counts = None if math.isnan(x[row]) else int(x[row]), None if math.isnan(n[row]) else int(n[row])
    if cl is None or reach is None or share is None:
        return SharePoint(row + 1, *counts, share, part, cl, None, None, False, runs_signal)
    low, high = max(0.0, cl - reach), min(1.0, cl + reach)
    outside = share < low - FLOAT_NOISE or share > high + FLOAT_NOISE
    return SharePoint(row + 1, *counts, share, part, cl, low, high, outside, runs_signal)
