"""What a chart over time may say, in sentences: why this chart, what it shows, and nothing about causes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from qualitycycle import i18n
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.spc import (
    N_FOR_A_LINE,
    N_FOR_FIRM_LIMITS,
    N_FOR_LIMITS,
    N_FOR_RULES,
    Assurance,
    ChartReading,
    ChartReason,
    Direction,
)
from qualitycycle.cycle.baselines import LineReading, Stretch
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Action, ActionState


class Verdict(StrEnum):
    """What the rules say. 'Cannot tell' is a real verdict, and none of them is about a cause."""

    NO_VALUES = "no_values"
    TOO_FEW = "too_few"
    CANNOT_TELL = "cannot_tell"
    TOO_MANY_TIED = "too_many_tied"
    ALL_EQUAL = "all_equal"
    NO_SIGNAL = "no_signal"
    START_UNSTABLE = "start_unstable"
    SHIFT = "shift"
    SHIFT_WANTED = "shift_wanted"
    SHIFT_UNWANTED = "shift_unwanted"
    OUTSIDE = "outside"
    OUTSIDE_WANTED = "outside_wanted"
    OUTSIDE_UNWANTED = "outside_unwanted"


VERDICTS: Mapping[Verdict, str] = {
    Verdict.NO_VALUES: N_("No values yet."),
    Verdict.TOO_FEW: N_("Too few measurements to say anything."),
    Verdict.CANNOT_TELL: N_("Cannot tell yet: this may be a change or ordinary ups and downs."),
    Verdict.TOO_MANY_TIED: N_(
        "Cannot tell yet: too many values lie exactly on the median, and those say nothing about a change. "
        "Keep measuring, or measure more finely."
    ),
    Verdict.ALL_EQUAL: N_(
        "All values are the same, so there is nothing to compare. Check whether the measure is fine enough."
    ),
    Verdict.NO_SIGNAL: N_("No signal: what you see fits ordinary ups and downs."),
    Verdict.START_UNSTABLE: N_(
        "The start period shows a shift by itself, so it is no good yardstick. Choose another start period."
    ),
    Verdict.SHIFT: N_("Signal: a shift, more than ordinary ups and downs. It has no clear direction."),
    Verdict.SHIFT_WANTED: N_(
        "Signal: a shift in the direction you want, more than ordinary ups and downs. That is an improvement."
    ),
    Verdict.SHIFT_UNWANTED: N_(
        "Signal: a shift in the direction you do not want, more than ordinary ups and downs. "
        "Talk about what changed."
    ),
    Verdict.OUTSIDE: N_(
        "Signal: values outside the limits, on both sides. Find out what was different at those moments."
    ),
    Verdict.OUTSIDE_WANTED: N_(
        "Signal: outside the limits, on the side you want. Find out what was different at that moment."
    ),
    Verdict.OUTSIDE_UNWANTED: N_(
        "Signal: outside the limits, on the side you do not want. Find out what was different at that moment."
    ),
}
FEW = {ChartReason.NO_POINTS: Verdict.NO_VALUES, ChartReason.TOO_FEW_FOR_A_LINE: Verdict.TOO_FEW}
SHIFTS = frozenset({Verdict.SHIFT, Verdict.SHIFT_WANTED, Verdict.SHIFT_UNWANTED})
# Why there are no limits where the number of points would allow them.
NO_LIMITS: Mapping[Reason, str] = {
    Reason.LIMITS_COLLAPSED: N_(
        "No limits: most values are the same as the one before, so the usual step is zero and every other value "
        "would lie outside. Measure more finely."
    ),
    Reason.TOO_FEW_POINTS: N_(
        "No limits: hardly two values follow each other without a missed moment. Measure at fixed moments."
    ),
}
TARGETS: Mapping[Assurance, str] = {
    Assurance.CONSISTENT_PASS: N_("If things go on like this, every value will meet the target."),
    Assurance.CONSISTENT_FAIL: N_(
        "If things go on like this, no value will meet the target: that takes a different way of working."
    ),
    Assurance.INCONSISTENT: N_(
        "If things go on like this, the target will be met one time and missed the next."
    ),
}


# --- which sentence --------------------------------------------------------------------------------------


def verdict(reading: ChartReading, better: Direction) -> Verdict:
    """What the rules say of the last part. A shift comes first: values outside are often part of it."""
    if reading.signal is None:
        return FEW.get(reading.choice.reason, Verdict.CANNOT_TELL)
    if reading.base_signal:
        return Verdict.START_UNSTABLE
    if not reading.signal:
        return _without_signal(reading)
    shift = {True: Verdict.SHIFT_WANTED, False: Verdict.SHIFT_UNWANTED, None: Verdict.SHIFT}
    outside = {True: Verdict.OUTSIDE_WANTED, False: Verdict.OUTSIDE_UNWANTED, None: Verdict.OUTSIDE}
    if reading.runs_signal:
        return shift[_is_wanted(reading.shift, better)]
    return outside[_is_wanted(reading.outside, better)]


def _without_signal(reading: ChartReading) -> Verdict:
    n_useful = reading.run.parts[-1].n_useful if reading.run else 0
    if Reason.NO_VARIANCE in reading.reasons.values():
        return Verdict.ALL_EQUAL
    return Verdict.TOO_MANY_TIED if n_useful < N_FOR_RULES else Verdict.NO_SIGNAL


def _is_wanted(side: Direction | None, better: Direction) -> bool | None:
    """Whether a signal lies on the wanted side; None when either is unknown."""
    if side in (None, Direction.NEUTRAL) or better is Direction.NEUTRAL:
        return None
    return side == better


# --- sentences -------------------------------------------------------------------------------------------


def sentences(line: LineReading, actions: Sequence[Action] = ()) -> tuple[str, str, str]:
    """Under the chart: what it says, what belongs beside that, and why this chart was chosen."""
    reading = line.last.reading
    found = verdict(reading, Direction(line.indicator.direction))
    said: list[str] = []
    if (no_limits := NO_LIMITS.get(reading.reasons.get("lcl"))) is not None:  # type: ignore[arg-type]
        said.append(_(no_limits))
    # After a signal things do not go on as the limits say.
    if reading.target and reading.target.assurance and not reading.signal:
        said.append(_(TARGETS[reading.target.assurance]))
    if found in SHIFTS:
        said.append(_beside(line.last, actions))
    return _(VERDICTS[found]), " ".join(filter(None, said)), why_this_chart(line)


def why_this_chart(line: LineReading) -> str:
    """Which chart this is, and why at this number of values."""
    last = line.last
    text = _choice(last.reading)
    if last.first_on:
        text += " " + _("Counted from {day}, when the school started again.").format(
            day=i18n.day(last.first_on)
        )
    if last.frozen_on:
        text += " " + _("Median and limits rest on the start period, up to {day}.").format(
            day=i18n.day(last.frozen_on)
        )
    return text


def _choice(reading: ChartReading) -> str:
    n = reading.choice.n
    texts = {
        ChartReason.NO_POINTS: _("From {line} values on there is a line."),
        ChartReason.TOO_FEW_FOR_A_LINE: ngettext(
            "{n} value: a line would look like a trend.", "{n} values: a line would look like a trend.", n
        ),
        ChartReason.TOO_FEW_FOR_RULES: _(
            "{n} values: a line without a verdict. From {rules} values on the chart can show a signal."
        ),
        ChartReason.TOO_FEW_FOR_LIMITS: _(
            "{n} values: a run chart around the median. From {limits} values on there are limits too."
        ),
        ChartReason.LIMITS_STILL_MOVE: _(
            "{n} values: a run chart with provisional limits. Until {firm} values they move with every new one."
        ),
        ChartReason.ENOUGH_POINTS: _("{n} values: a run chart with firm limits."),
        ChartReason.FROZEN_ON_FEW: _(
            "{n} values, of which {base} in the start period: too few for more than provisional limits."
        ),
        ChartReason.LEVELS_IN_WORDS: _(
            "{n} values: a run chart around the median. Levels in words have no equal steps, so there are no limits."
        ),
    }
    return texts[reading.choice.reason].format(
        n=n,
        base=reading.n_base,
        line=N_FOR_A_LINE,
        rules=N_FOR_RULES,
        limits=N_FOR_LIMITS,
        firm=N_FOR_FIRM_LIMITS,
    )


def _beside(last: Stretch, actions: Sequence[Action]) -> str:
    """Actions that began while this part was measured: at the same time as a shift, not the cause of it."""
    begun = [f"“{action.title}”" for action in actions if _began_within(action, last)]
    if not begun:
        return ""
    text = _("In this period {actions} started. That is no proof that the shift comes from it.")
    return text.format(actions=i18n.join(begun))


def _began_within(action: Action, last: Stretch) -> bool:
    points = last.points
    return bool(
        action.start_on
        and action.state is not ActionState.PLANNED
        and points
        and points[0].on < action.start_on <= points[-1].on
    )


def false_alarms(reading: ChartReading) -> str:
    """How often the rules give a signal where nothing changed."""
    if reading.false_alarm_share is None:
        return ""
    text = _("Of charts of this length on which nothing changed, about {share} show a signal all the same.")
    if reading.n_base is not None:
        text = _(
            "With a start period of this length, about {share} of charts on which nothing changed show one of the "
            "next eight values outside the limits all the same."
        )
    return text.format(share=i18n.percent(reading.false_alarm_share))
