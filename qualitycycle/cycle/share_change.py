"""Study: the change of a share of pupils at a level or higher, between two school years."""

from __future__ import annotations

from dataclasses import dataclass

from qualitycycle.analysis import proportions
from qualitycycle.cycle import cohorts
from qualitycycle.cycle.comparing import ViewKind, refuse_two_scales
from qualitycycle.cycle.series import Point, Series
from qualitycycle.errors import ViewRefused


@dataclass(frozen=True)
class ShareChange:
    """The shares of two groups of other pupils in percent, and their difference in percentage points.

    The shares have Wilson's interval, the difference Newcombe's. `distinguishable`: the interval leaves 0 out.
    """

    first: Point
    last: Point
    reached_first: int
    reached_last: int
    difference: float
    low: float
    high: float
    distinguishable: bool


def share_change(before: Series, start: str, after: Series, end: str) -> ShareChange | None:
    """What two published shares say together; None where one of them is hidden."""
    refuse_two_scales(ViewKind.CHANGE, before.selection, after.selection)
    if before.selection.level != after.selection.level:
        raise ViewRefused(str(ViewKind.CHANGE), "other_score_kind")
    first, last = _at(before, start), _at(after, end)
    if first.on >= last.on:
        raise ViewRefused(str(ViewKind.CHANGE), "same_moment")
    one = cohorts.number(start, before.selection.year_group)
    if one is not None and one == cohorts.number(end, after.selection.year_group):
        raise ViewRefused(str(ViewKind.CHANGE), "same_pupils")
    if first.value is None or last.value is None or not first.n or not last.n:
        return None
    # Shares leave with two decimals: enough to know of how many pupils each one is.
    reached = [
        round(point.value / 100 * point.n) for point in (first, last) if point.value is not None and point.n
    ]
    found = proportions.share_difference(reached[0], first.n, reached[1], last.n)
    difference, low, high = (100 * (one or 0.0) for one in (found.diff, found.newcombe_lo, found.newcombe_hi))
    return ShareChange(
        first, last, reached[0], reached[1], difference, low, high, bool(found.distinguishable)
    )


def _at(line: Series, label: str) -> Point:
    found = next((point for point in line.points if point.label == label), None)
    if found is None:
        raise ViewRefused(str(ViewKind.CHANGE), "moment_unknown")
    return found
