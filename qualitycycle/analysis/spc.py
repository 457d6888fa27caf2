"""Charts over time: which one fits the number of points, and what its rules say.

Point numbers count from 1. `part` holds the last point before each re-base, `freeze` the number of first
points that set the centre line and the limits, `exclude` the points left out of every calculation (but
still judged against limits). A person decides about all three, with a date and a reason; nothing here
re-bases by itself.

The only rules are Anhøj's (an unusually long run, or unusually few crossings of the centre line) and one
point outside screened 3 sigma limits. Together they give a false alarm on about `FALSE_ALARM_SHARE` of
charts without any change.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.summary import FLOAT_NOISE, Array, all_equal, column, present

Values = npt.ArrayLike | Iterable[float | None]

# Expected range of two draws from a normal distribution, in standard deviations; and the upper limit of a
# moving range in mean moving ranges. Montgomery, Introduction to Statistical Quality Control, appendix VI.
# We use 3/D2 = 2.6596, not the rounded 2.66.
D2 = 1.128
D4 = 3.267

# Share of charts of pure noise with a signal, by number of points: 20,000 simulated normal series per length.
FALSE_ALARM_SHARE: Mapping[int, float] = {10: 0.048, 12: 0.061, 20: 0.097, 30: 0.13, 40: 0.17}
# The same for limits frozen on so many first points: one of the next eight points outside, by that number.
FROZEN_FALSE_ALARM_SHARE: Mapping[int, float] = {6: 0.21, 8: 0.17, 12: 0.13, 20: 0.09}
# A line between two values would look like a trend.
N_FOR_A_LINE = 3
# Fewer useful points than this cannot give a signal around their own median, whatever happens.
N_FOR_RULES = 10
N_FOR_LIMITS = 12
N_FOR_FIRM_LIMITS = 20
# A frozen start period of fewer points says too little about what is ordinary.
N_TO_FREEZE = 8
# A wait this much longer than usual is a missed moment. Tests that are taken a few times a year come at
# unequal distances by themselves: there only a wait of more than a year is one.
GAP = 1.5
DAYS_OF_A_RHYTHM = 60
DAYS_OF_A_YEAR = 400

RUN_FIELDS = ("longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
LIMIT_FIELDS = ("lcl", "ucl", "lcl95", "ucl95")


class ChartKind(StrEnum):
    """What to draw."""

    VALUES = "values"
    LINE = "line"
    RUN = "run"
    LIMITS_PROVISIONAL = "limits_provisional"
    LIMITS_FIRM = "limits_firm"


class ChartReason(StrEnum):
    """Why that is what to draw."""

    NO_POINTS = "no_points"
    TOO_FEW_FOR_A_LINE = "too_few_for_a_line"
    TOO_FEW_FOR_RULES = "too_few_for_rules"
    TOO_FEW_FOR_LIMITS = "too_few_for_limits"
    LIMITS_STILL_MOVE = "limits_still_move"
    FROZEN_ON_FEW = "frozen_on_few"
    LEVELS_IN_WORDS = "levels_in_words"
    ENOUGH_POINTS = "enough_points"


class Direction(StrEnum):
    """Which way is better."""

    INCREASE = "increase"
    DECREASE = "decrease"
    NEUTRAL = "neutral"


class Assurance(StrEnum):
    """Whether the process, as it runs now, will meet a target."""

    CONSISTENT_PASS = "consistent_pass"
    CONSISTENT_FAIL = "consistent_fail"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True)
class ChartChoice:
    """The kind of chart for `n` points, with the reason."""

    n: int
    kind: ChartKind
    reason: ChartReason


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


@dataclass(frozen=True)
class TargetVerdict:
    """Target against limits; see `assurance`."""

    n: int
    target: float | None
    direction: Direction
    assurance: Assurance | None
    reason: Reason | None = None


@dataclass(frozen=True)
class ChartReading:
    """What a chart may say at this number of points; see `read_chart`. `signal` is `None` when it is too early.

    `shift` and `outside` say which way a signal goes; NEUTRAL: both ways, or no clear way. Frozen: `n_base` is
    the number of measured points behind the centre line and the limits, `base_signal` whether these points
    give a runs signal by themselves, so that they are no yardstick.
    """

    n: int
    choice: ChartChoice
    signal: bool | None
    runs_signal: bool | None
    sigma_signal_idx: tuple[int, ...]
    run: RunChart | None
    individuals: IndividualsChart | None
    target: TargetVerdict | None
    false_alarm_share: float | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    shift: Direction | None = None
    outside: Direction | None = None
    n_base: int | None = None
    base_signal: bool | None = None


# --- which chart -----------------------------------------------------------------------------------------


def chart_kind(n: int) -> ChartChoice:
    """Kind of chart for `n` measured points of the last stretch, with the reason for it.

    1-2 values only; 3-9 a line with intervals; 10-11 a run chart; 12-19 limits that are marked
    provisional; from 20 firm limits. Below ten useful points Anhøj's rules cannot signal whatever happens
    (simulation in the research notes).
    """
    if n < N_FOR_A_LINE:
        return ChartChoice(
            n, ChartKind.VALUES, ChartReason.TOO_FEW_FOR_A_LINE if n else ChartReason.NO_POINTS
        )
    if n < N_FOR_RULES:
        return ChartChoice(n, ChartKind.LINE, ChartReason.TOO_FEW_FOR_RULES)
    if n < N_FOR_LIMITS:
        return ChartChoice(n, ChartKind.RUN, ChartReason.TOO_FEW_FOR_LIMITS)
    if n < N_FOR_FIRM_LIMITS:
        return ChartChoice(n, ChartKind.LIMITS_PROVISIONAL, ChartReason.LIMITS_STILL_MOVE)
    return ChartChoice(n, ChartKind.LIMITS_FIRM, ChartReason.ENOUGH_POINTS)


def read_chart(
    values: Values,
    *,
    part: Sequence[int] = (),
    freeze: int | None = None,
    exclude: Sequence[int] = (),
    target: float | None = None,
    direction: Direction = Direction.NEUTRAL,
    ordinal: bool = False,
) -> ChartReading:
    """Everything a chart of one series may show and say, chosen by its number of points.

    Parameters
    ----------
    values : shape (n_points,), in the indicator's unit, in time order; NaN or `None` is a missed
        measurement, which is a gap and not a zero.
    part, freeze, exclude : see the module.
    target, direction : for the verdict on the target, given from 20 points behind the limits.
    ordinal : the values are ranks of levels in words; their distances mean nothing, so no limits.

    Returns
    -------
    ChartReading about the last stretch: a re-base starts the count again. `signal` joins Anhøj's rules
    around the median with points outside screened 3 sigma limits; it is `None` (`too_few_points`) below
    ten points.

    Notes
    -----
    The parts: `chart_kind`, `run_chart`, `individuals_chart`, `assurance`. The default rule set, and why
    no others: see the research notes, where trend rules add false alarms and hardly find drift.
    """
    x = column(values)
    span = _spans(len(x), part, freeze, exclude)[-1]
    n = len(present(x[span.counted]))
    n_base = len(present(x[span.base])) if freeze is not None else None
    choice = _narrowed(chart_kind(n), n_base, ordinal)
    if n < N_FOR_RULES:
        reasons = dict.fromkeys(("signal", "runs_signal", "false_alarm_share"), Reason.TOO_FEW_POINTS)
        return ChartReading(n, choice, None, None, (), None, None, None, None, reasons, n_base=n_base)
    run = run_chart(x, part=part, freeze=freeze, exclude=exclude)
    limited = choice.kind in (ChartKind.LIMITS_PROVISIONAL, ChartKind.LIMITS_FIRM)
    chart = individuals_chart(x, part=part, freeze=freeze, exclude=exclude) if limited else None
    outside = chart.parts[-1].sigma_signal_idx if chart else ()
    firm = chart if choice.kind is ChartKind.LIMITS_FIRM else None
    runs_signal = run.parts[-1].runs_signal
    return ChartReading(
        n, choice, runs_signal or bool(outside), runs_signal, outside, run, chart,
        _verdict(firm.parts[-1], target, direction) if firm else None,
        _false_alarm_share(n, n_base),
        _reading_reasons(run.parts[-1], chart.parts[-1] if chart else None),
        shift=_shift(x, span, run.parts[-1].cl, freeze) if runs_signal else None,
        outside=_side_of(x, outside, chart.parts[-1].cl) if chart and outside else None,
        n_base=n_base,
        base_signal=anhoej(x[span.base], run.parts[-1].cl).runs_signal if freeze is not None else None,
    )  # fmt: skip


def _narrowed(choice: ChartChoice, n_base: int | None, ordinal: bool) -> ChartChoice:
    """The choice by number of points, held back where the points cannot carry it."""
    if ordinal and choice.n >= N_FOR_LIMITS:
        return ChartChoice(choice.n, ChartKind.RUN, ChartReason.LEVELS_IN_WORDS)
    if choice.kind is ChartKind.LIMITS_FIRM and n_base is not None and n_base < N_FOR_FIRM_LIMITS:
        return ChartChoice(choice.n, ChartKind.LIMITS_PROVISIONAL, ChartReason.FROZEN_ON_FEW)
    return choice


def _false_alarm_share(n: int, n_base: int | None) -> float:
    known, n_known = (FALSE_ALARM_SHARE, n) if n_base is None else (FROZEN_FALSE_ALARM_SHARE, n_base)
    return known[max((key for key in known if key <= n_known), default=min(known))]


def _reading_reasons(run: RunPart, limits: IndividualsPart | None) -> dict[str, Reason]:
    # The verdict rests on the run chart's median; of the individuals chart only the limits are used.
    return {
        **run.reasons,
        **({name: why for name, why in limits.reasons.items() if name in LIMIT_FIELDS} if limits else {}),
    }


def _shift(x: Array, span: _Span, centre: float | None, freeze: int | None) -> Direction:
    """Which way a stretch with a runs signal went.

    Frozen: the side on which most points after the start period lie. Otherwise the side on which most of
    the later half lie, when most of the earlier half lie on the other. NEUTRAL when neither is so.
    """
    if freeze is not None:
        return _most(_sides(x[[row for row in span.counted if row >= freeze]], centre))
    sides = _sides(x[span.counted], centre)
    middle = len(sides) // 2
    before, after = _most(sides[:middle]), _most(sides[-middle:])
    return after if before is not after and Direction.NEUTRAL not in (before, after) else Direction.NEUTRAL


def _most(sides: Sequence[bool]) -> Direction:
    above = sum(sides)
    if 2 * above == len(sides):
        return Direction.NEUTRAL
    return Direction.INCREASE if 2 * above > len(sides) else Direction.DECREASE


def _side_of(x: Array, idx: Sequence[int], centre: float | None) -> Direction:
    above = [centre is not None and x[one - 1] > centre for one in idx]
    if all(above):
        return Direction.INCREASE
    return Direction.NEUTRAL if any(above) else Direction.DECREASE


def missed_before(days: Sequence[date]) -> tuple[bool, ...]:
    """For each day of measuring whether a moment was missed before it: a holiday, or nobody measured.

    The program does not know when a school meant to measure. A wait of more than one and a half times the
    usual one (the median) counts as missed, or more than a year where the usual one is over two months; the
    chart has a gap there and no moving range across it.
    """
    waits = [(later - earlier).days for earlier, later in pairwise(days)]
    usual = float(np.median(waits)) if waits else 0.0
    longest = GAP * usual if usual <= DAYS_OF_A_RHYTHM else max(GAP * usual, DAYS_OF_A_YEAR)
    return (False, *(wait > longest for wait in waits))[: len(days)]


# --- runs ------------------------------------------------------------------------------------------------


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
    sides = _sides(x, centre)
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


def _sides(values: Array, centre: float | None) -> list[bool]:
    """For each useful point whether it lies above the line."""
    if centre is None:
        return []
    # A mean is rarely exact in floating point; a point that differs only by rounding lies on the line.
    return [
        bool(value > centre)
        for value in present(values)
        if abs(value - centre) > FLOAT_NOISE * max(abs(value), abs(centre))
    ]


def run_chart(
    values: Values, *, part: Sequence[int] = (), freeze: int | None = None, exclude: Sequence[int] = ()
) -> RunChart:
    """Median and Anhøj's rules, per stretch.

    Parameters
    ----------
    values : shape (n_points,), in time order; NaN or `None` is a missed measurement.
    part, freeze, exclude : see the module; `part` and `freeze` do not go together (ValueError).

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
    return RunChart(len(x), tuple(_run_part(x, span) for span in _spans(len(x), part, freeze, exclude)))


def _run_part(x: Array, span: _Span) -> RunPart:
    base = present(x[span.base])
    centre = float(np.median(base)) if base.size else None
    runs = anhoej(x[span.counted], centre)
    return RunPart(
        span.part, span.first, span.last, span.last - span.first + 1, len(span.counted), centre,
        **asdict(runs), reasons=_run_reasons(base, runs),
    )  # fmt: skip


def _run_reasons(base: Array, runs: Runs) -> dict[str, Reason]:
    reasons = {} if runs.n_useful else dict.fromkeys(RUN_FIELDS, Reason.NO_VARIANCE)
    if base.size == 0:
        reasons = dict.fromkeys(("cl", *RUN_FIELDS), Reason.NO_ANSWERS)
    return reasons


# --- stretches -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Span:
    """A stretch from point `first` to `last`; rows that set the line (`base`) and rows that are counted, from 0."""

    part: int
    first: int
    last: int
    base: list[int]
    counted: list[int]


def _spans(n: int, part: Sequence[int], freeze: int | None, exclude: Sequence[int]) -> list[_Span]:
    if part and freeze is not None:
        raise ValueError("a chart is either re-based or frozen, not both")
    if freeze is not None and not 1 <= freeze <= n:
        raise ValueError("freeze must be a number of points of the chart")
    if any(not 1 <= point <= n for point in exclude):
        raise ValueError("exclude names a point that is not there")
    ends = [*sorted(set(part)), n]
    if any(not 1 <= end < n for end in ends[:-1]):
        raise ValueError("part must name points before the last one")
    starts = [0, *ends[:-1]]
    spans = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        counted = [row for row in range(start, end) if row + 1 not in exclude]
        base = [row for row in counted if freeze is None or row < freeze]
        spans.append(_Span(number, start + 1, end, base, counted))
    return spans


def _counted(x: Array, span: _Span) -> Array:
    return x[span.counted]


# --- individuals -----------------------------------------------------------------------------------------


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
    part, freeze, exclude : see the module; `part` and `freeze` do not go together (ValueError).
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
    spans = _spans(len(x), part, freeze, exclude)
    parts = tuple(_individuals_part(x, span, screened) for span in spans)
    return IndividualsChart(len(x), parts, tuple(idx for p in parts for idx in p.sigma_signal_idx))


def _individuals_part(x: Array, span: _Span, screened: bool) -> IndividualsPart:
    base = x[span.base]
    there = present(base)
    centre = float(there.mean()) if there.size else None
    runs = anhoej(x[span.counted], centre)
    sigma, reason = _sigma(base, screened)
    reasons = _run_reasons(there, runs) | (dict.fromkeys(LIMIT_FIELDS, reason) if reason else {})
    limits: tuple[float | None, ...] = (None, None, None, None)
    outside: tuple[int, ...] = ()
    if sigma is not None and centre is not None:
        limits = (centre - 3 * sigma, centre + 3 * sigma, centre - 2 * sigma, centre + 2 * sigma)
        outside = _outside(x, span, centre, 3 * sigma)
    return IndividualsPart(
        span.part, span.first, span.last, span.last - span.first + 1, len(span.counted), centre,
        limits[0], limits[1], limits[2], limits[3], outside, **asdict(runs), reasons=reasons,
    )  # fmt: skip


def _outside(x: Array, span: _Span, centre: float, reach: float) -> tuple[int, ...]:
    rows = range(span.first - 1, span.last)
    # A point on the limit is not outside it, also when rounding says it is a hair beyond.
    noise = FLOAT_NOISE * max(abs(centre), reach)
    return tuple(row + 1 for row in rows if abs(x[row] - centre) > reach + noise)


def _sigma(base: Array, screened: bool) -> tuple[float | None, Reason | None]:
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


# --- target ----------------------------------------------------------------------------------------------


def assurance(
    n: int, lcl: float | None, ucl: float | None, target: float | None, direction: Direction
) -> TargetVerdict:
    """Whether the process, running as it does, will meet a target: always, never, or now and then.

    Parameters
    ----------
    n : number of points behind the limits.
    lcl, ucl : limits of the last stretch.
    target, direction : the target and which way is better.

    Returns
    -------
    TargetVerdict, `None` without a target, a direction or limits.

    Notes
    -----
    Up is better: target above the upper limit is consistent_fail, below the lower limit consistent_pass, else
    inconsistent; mirrored when down is better. With few points nearly everything is inconsistent, so
    `read_chart` gives it from 20 points. Checked against R NHSRplotthedots 0.2.2.
    """
    if target is None:
        return TargetVerdict(n, target, direction, None, Reason.NO_TARGET)
    if direction is Direction.NEUTRAL:
        return TargetVerdict(n, target, direction, None, Reason.NO_DIRECTION)
    if lcl is None or ucl is None:
        return TargetVerdict(n, target, direction, None, Reason.LIMITS_COLLAPSED)
    if lcl <= target <= ucl:
        return TargetVerdict(n, target, direction, Assurance.INCONSISTENT)
    out_of_reach = (target > ucl) == (direction is Direction.INCREASE)
    return TargetVerdict(
        n, target, direction, Assurance.CONSISTENT_FAIL if out_of_reach else Assurance.CONSISTENT_PASS
    )


def _verdict(last: IndividualsPart, target: float | None, direction: Direction) -> TargetVerdict:
    return assurance(last.n_obs, last.lcl, last.ucl, target, direction)


# --- shares over time ------------------------------------------------------------------------------------


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
    part, freeze, exclude : see the module.
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
    stretches = [_share_part(x, n, y, span, adjusted) for span in _spans(len(y), part, freeze, exclude)]
    points = tuple(point for stretch, _ in stretches for point in stretch)
    reasons = {"lcl": why, "ucl": why} if (why := next((why for _, why in stretches if why), None)) else {}
    return ShareChart(len(y), points, reasons)


def _share_part(
    x: Array, n: Array, y: Array, span: _Span, adjusted: bool
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


def _rows(span: _Span) -> range:
    return range(span.first - 1, span.last)


def _laney(y: Array, sigma: Array, centre: float, span: _Span) -> tuple[float | None, Reason | None]:
    if all_equal(present(y[span.base])):
        return None, Reason.NO_VARIANCE
    return _sigma((y[span.base] - centre) / sigma[span.base], screened=True)


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
