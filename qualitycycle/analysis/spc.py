"""Charts over time: which one fits the number of points, and what its rules say.

The only rules are Anhøj's (an unusually long run, or unusually few crossings of the centre line) and one
point outside screened 3 sigma limits. Together they give a false alarm on about `FALSE_ALARM_SHARE` of
charts without any change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import pairwise

import numpy as np

from qualitycycle.analysis.individuals import (
    LIMIT_FIELDS,
    IndividualsChart,
    IndividualsPart,
    individuals_chart,
)
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.runs import RunChart, RunPart, anhoej, run_chart, sides_of
from qualitycycle.analysis.stretches import Span, Values, spans_of
from qualitycycle.analysis.summary import Array, column, present

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
    part, freeze, exclude : see `stretches`.
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
    span = spans_of(len(x), part, freeze, exclude)[-1]
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


def _shift(x: Array, span: Span, centre: float | None, freeze: int | None) -> Direction:
    """Which way a stretch with a runs signal went.

    Frozen: the side on which most points after the start period lie. Otherwise the side on which most of
    the later half lie, when most of the earlier half lie on the other. NEUTRAL when neither is so.
    """
    if freeze is not None:
        return _most(sides_of(x[[row for row in span.counted if row >= freeze]], centre))
    sides = sides_of(x[span.counted], centre)
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
