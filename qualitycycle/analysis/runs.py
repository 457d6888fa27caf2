"""Run charts: the median of a series and Anhøj's rules, an unusually long run or unusually few crossings."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from itertools import pairwise

import numpy as np

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.stretches import Span, Values, spans_of
from qualitycycle.analysis.summary import FLOAT_NOISE, Array, column, present

RUN_FIELDS = ("longest_run", "longest_run_max", "n_crossings", "n_crossings_min")


@dataclass(frozen=True)
class Runs:
    """Anhøj's rules on one series around one centre line; see `anhoej`."""

    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    runs_signal: bool


@dataclass(frozen=True)
class RunPart:
    """One stretch of a run chart, from point `first` to point `last`."""

    part: int
    first: int
    last: int
    n: int
    n_obs: int
    cl: float | None
    n_useful: int
    longest_run: int | None
    longest_run_max: int | None
    n_crossings: int | None
    n_crossings_min: int | None
    runs_signal: bool
    reasons: Mapping[str, Reason] = field(default_factory=dict)


@dataclass(frozen=True)
class RunChart:
    """A run chart; see `run_chart`."""

    n: int
    parts: tuple[RunPart, ...]


def run_chart(
    values: Values, *, part: Sequence[int] = (), freeze: int | None = None, exclude: Sequence[int] = ()
) -> RunChart:
    """Median and Anhøj's rules, per stretch.

    Parameters
    ----------
    values : shape (n_points,), in time order; NaN or `None` is a missed measurement.
    part, freeze, exclude : see `stretches`; `part` and `freeze` do not go together (ValueError).

    Returns
    -------
    RunChart, centre lines in the unit of `values`. `n` counts all points of a stretch, `n_obs` those not
    excluded.

    Notes
    -----
    Centre = median of the measured, not excluded points of the stretch, or of the first `freeze` of them.
    Checked against R qicharts2 0.8.1, chart "run", method "anhoej".
    """
    x = column(values)
    return RunChart(len(x), tuple(_run_part(x, span) for span in spans_of(len(x), part, freeze, exclude)))


def _run_part(x: Array, span: Span) -> RunPart:
    base = present(x[span.base])
    centre = float(np.median(base)) if base.size else None
    runs = anhoej(x[span.counted], centre)
    return RunPart(
        span.part, span.first, span.last, span.last - span.first + 1, len(span.counted), centre,
        **asdict(runs), reasons=run_reasons(base, runs),
    )  # fmt: skip


def run_reasons(base: Array, runs: Runs) -> dict[str, Reason]:
    """Why a stretch has no centre line or no counts of runs."""
    reasons = {} if runs.n_useful else dict.fromkeys(RUN_FIELDS, Reason.NO_VARIANCE)
    if base.size == 0:
        reasons = dict.fromkeys(("cl", *RUN_FIELDS), Reason.NO_ANSWERS)
    return reasons


def anhoej_limits(n_useful: int) -> tuple[int, int]:
    """Longest run that is still usual, and fewest crossings that are, for `n_useful` >= 1 points.

    round(log2 n) + 3, and the 5 % quantile of Binomial(n - 1, 1/2) in whole numbers. Source: Anhøj &
    Olesen (2014), PLoS ONE 9. Checked against the table of R qicharts2 0.8.1 for 1 to 100 points.
    """
    trials, reached, crossings = n_useful - 1, 1, 0
    while reached * 20 < 2**trials:
        crossings += 1
        reached += math.comb(trials, crossings)
    return round(math.log2(n_useful)) + 3, crossings


def anhoej(values: Values, centre: float | None) -> Runs:
    """Longest run and number of crossings around a centre line, with Anhøj's verdict.

    Parameters
    ----------
    values : shape (n_points,), in time order; NaN or `None` is left out. Points exactly on the line are
        left out too: they neither break nor lengthen a run.
    centre : the line, `None` when there is none.

    Returns
    -------
    Runs; with no useful point the counts are `None` and there is no signal.

    Notes
    -----
    runs_signal = longest run > usual or crossings < usual, a verdict on the stretch, never on a point.
    """
    x = present(values)
    if centre is None or x.size == 0:
        return Runs(0, None, None, None, None, False)
    sides = sides_of(x, centre)
    if not sides:
        return Runs(0, None, None, None, None, False)
    lengths = [1]
    for before, now in pairwise(sides):
        if now == before:
            lengths[-1] += 1
        else:
            lengths.append(1)
    longest, crossings = max(lengths), len(lengths) - 1
    longest_max, crossings_min = anhoej_limits(len(sides))
    signal = longest > longest_max or crossings < crossings_min
    return Runs(len(sides), longest, longest_max, crossings, crossings_min, signal)


def sides_of(values: Array, centre: float | None) -> list[bool]:
    """For each useful point whether it lies above the line."""
    if centre is None:
        return []
    # A mean is rarely exact in floating point; a point that differs only by rounding lies on the line.
    return [
        bool(value > centre)
        for value in present(values)
        if abs(value - centre) > FLOAT_NOISE * max(abs(value), abs(centre))
    ]
