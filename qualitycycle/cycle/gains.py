"""Study: the gain of the same pupils between two moments on one scale, and a cohort followed over the years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from qualitycycle.analysis import pupils, summary
from qualitycycle.cycle import cohorts, gate
from qualitycycle.cycle.cohorts import Cohort, Sitting
from qualitycycle.cycle.comparing import ViewKind, refuse_two_scales
from qualitycycle.cycle.series import Selection
from qualitycycle.errors import ViewRefused
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class Norm:
    """What is set beside a gain, as it was typed in.

    The gain that the named norm expects and its spread; where the pupils were chosen because they scored low, the mean
    of all they were chosen from and the reliability of the test.
    """

    expected: float | None = None
    name: str | None = None
    spread: float | None = None
    chosen_from: float | None = None
    reliability: float | None = None


@dataclass(frozen=True)
class Gain:
    """Gain of the pupils with a score at both moments, in points, with 95% intervals.

    `n_start` and `n_end` are all pupils of a moment, `n_pairs` those who count here. `n_lost` had no second score,
    `n_came` no first; both None where they are too few to tell. `excess` is the gain above the expected one,
    `standard_excess` the same in spreads of the norm. `regression` is the gain that a group chosen for its low scores
    makes without any action.
    """

    start: str
    end: str
    start_on: date
    end_on: date
    year_groups: tuple[str, str]
    n_start: int
    n_end: int
    n_pairs: int
    n_lost: int | None = None
    n_came: int | None = None
    mean_start: float | None = None
    mean_end: float | None = None
    gain: float | None = None
    low: float | None = None
    high: float | None = None
    d: float | None = None
    d_low: float | None = None
    d_high: float | None = None
    norm: Norm = Norm()
    excess: float | None = None
    excess_low: float | None = None
    excess_high: float | None = None
    standard_excess: float | None = None
    standard_low: float | None = None
    standard_high: float | None = None
    regression: float | None = None


@dataclass(frozen=True)
class Followed:
    """One moment of a cohort: those of the first moment who are still there; `mean` None: hidden, with a reason.

    `n_all` are all pupils of this moment; `n_left` are not here any more, `n_came` were not there at the first moment,
    both None where they are too few to tell.
    """

    label: str
    on: date
    year_group: str
    n: int | None = None
    mean: float | None = None
    low: float | None = None
    high: float | None = None
    n_all: int | None = None
    n_left: int | None = None
    n_came: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class CohortLine:
    """A cohort over its moments, from the first one on that it was read in."""

    number: int
    points: tuple[Followed, ...]


# --- gain ------------------------------------------------------------------------------------------------


def gain(store: Store, before: Selection, start: str, after: Selection, end: str, norm: Norm) -> Gain | None:
    """The gain of the same pupils, None where too few may be counted; `views.result` asks whether one may look."""
    refuse_two_scales(ViewKind.GAIN, before, after)
    one, other = _cohort_number(before, start), _cohort_number(after, end)
    if one != other:
        raise ViewRefused(str(ViewKind.GAIN), "other_pupils")
    if start == end:
        raise ViewRefused(str(ViewKind.GAIN), "same_moment")
    if norm.reliability is not None and not 0 < norm.reliability < 1:
        raise ViewRefused(str(ViewKind.GAIN), "no_reliability")
    cohort = cohorts.of(store, after, one)
    first, last = cohort.at(start), cohort.at(end)
    if first is None or last is None:
        raise ViewRefused(str(ViewKind.GAIN), "moment_unknown")
    if first.on >= last.on:
        raise ViewRefused(str(ViewKind.GAIN), "same_moment")
    if not (first.values and last.values):
        return None
    if (start, end) not in cohorts.offered([sitting.label for sitting in cohort.sittings]):
        raise ViewRefused(str(ViewKind.GAIN), "pair_not_offered")
    return _gain(cohort, first, last, norm)


def _cohort_number(selection: Selection, label: str) -> int:
    number = cohorts.number(label, selection.year_group)
    if number is None:
        raise ViewRefused(str(ViewKind.GAIN), "year_group_unknown")
    return number


def _gain(cohort: Cohort, first: Sitting, last: Sitting, norm: Norm) -> Gain | None:
    counted = sorted(cohort.pairs.get((first.label, last.label), frozenset()))
    if not counted:
        return None
    before, after = ([sitting.values[pupil] for pupil in counted] for sitting in (first, last))
    paired = pupils.paired_gain(before, after)
    n = paired.n_pairs
    told = {
        "mean_start": paired.mean_pre, "mean_end": paired.mean_post, "gain": paired.mean_diff,
        "low": paired.diff_low, "high": paired.diff_high, "d": paired.d_av_rms, "d_low": paired.d_av_bonett_low,
        "d_high": paired.d_av_bonett_high,
    } | _against(before, after, norm)  # fmt: skip
    return Gain(
        start=first.label,
        end=last.label,
        start_on=first.on,
        end_on=last.on,
        year_groups=(first.year_group, last.year_group),
        n_start=len(first.values),
        n_end=len(last.values),
        n_pairs=n,
        n_lost=_enough(first.values.keys() - last.values.keys()),
        n_came=_enough(last.values.keys() - first.values.keys()),
        norm=norm,
        **{name: gate.rounded(figure, n) for name, figure in told.items()},
    )


def _against(before: list[float], after: list[float], norm: Norm) -> dict[str, float | None]:
    told: dict[str, float | None] = {}
    if norm.expected is not None:
        excess = pupils.growth(before, after, norm.expected).excess
        told |= {"excess": excess.mean, "excess_low": excess.t_ci_low, "excess_high": excess.t_ci_high}
        if norm.spread:
            spread = norm.spread
            named = zip(("standard_excess", "standard_low", "standard_high"), told.values(), strict=True)
            told |= {name: None if one is None else one / spread for name, one in list(named)}
    if norm.chosen_from is not None and norm.reliability is not None:
        back = pupils.regression_to_mean(np.asarray(before), norm.chosen_from, norm.reliability)
        told["regression"] = back.expected_gain
    return told


def _enough(those: set[str]) -> int | None:
    """How many, where they are enough to count aloud."""
    return len(those) if gate.is_enough(len(those)) else None


# --- cohort ----------------------------------------------------------------------------------------------


def cohort_line(
    store: Store, selection: Selection, start: str, year_groups: frozenset[str] | None
) -> CohortLine | None:
    """The cohort that was in the line's year group at `start`, over the year groups one may see; None for none."""
    number = _cohort_number(selection, start)
    cohort = cohorts.of(store, selection, number)
    if not cohort.sittings:
        return None
    first = cohort.sittings[0]
    seen = [one for one in cohort.sittings if year_groups is None or one.year_group in year_groups]
    points = tuple(_followed(cohort, first, one) for one in seen)
    return CohortLine(number, points) if any(point.mean is not None for point in points) else None


def _followed(cohort: Cohort, first: Sitting, one: Sitting) -> Followed:
    counted = first.values.keys() if one is first else cohort.pairs.get((first.label, one.label), frozenset())
    if not (one.values and first.values and counted):
        return Followed(one.label, one.on, one.year_group, reason="too_few")
    mean = summary.summarise([one.values[pupil] for pupil in sorted(counted)])
    value, low, high = (gate.rounded(figure, mean.n) for figure in (mean.mean, mean.t_ci_low, mean.t_ci_high))
    return Followed(
        label=one.label,
        on=one.on,
        year_group=one.year_group,
        n=mean.n,
        mean=value,
        low=low,
        high=high,
        n_all=len(one.values),
        n_left=_enough(first.values.keys() - one.values.keys()),
        n_came=_enough(one.values.keys() - first.values.keys()),
    )
