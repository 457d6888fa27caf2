"""Which pictures a line of outcomes allows, and which two lines may be set against each other."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from qualitycycle.cycle.reached_levels import is_reached_levels
from qualitycycle.cycle.series import Measure, Selection
from qualitycycle.errors import ViewRefused


class ViewKind(StrEnum):
    """What kind of picture.

    A `line` over moments, `levels` as stacked shares, a `cohort` followed, the `gain` of the same pupils between two
    moments, the `change` of a share between two years, groups in a `funnel`, `counts` as bars, and reached levels over
    `three_years`.
    """

    LINE = "line"
    LEVELS = "levels"
    COHORT = "cohort"
    GAIN = "gain"
    CHANGE = "change"
    FUNNEL = "funnel"
    COUNTS = "counts"
    THREE_YEARS = "three_years"


# Where lines differ, the first of these is the reason that is told.
_ONE_SCALE = ("subject", "score_kind", "test_maker", "test", "edition", "scale")
_GROWTH = (ViewKind.COHORT, ViewKind.GAIN)
_OF_LEVELS = (ViewKind.LEVELS, ViewKind.CHANGE, ViewKind.FUNNEL)
_NO_GROWTH = {
    "level": "levels_not_points",
    "mark": "mark",
    "percentage": "percentage",
    "count": "count",
}


def fitting(selection: Selection) -> Mapping[ViewKind, str | None]:
    """Per kind of picture why it does not fit this line; None where it does."""
    return {kind: _misfit(kind, selection) for kind in ViewKind}


def refuse_misfit(kind: ViewKind, selection: Selection) -> None:
    """Raise `ViewRefused` where a line does not allow a picture."""
    if reason := _misfit(kind, selection):
        raise ViewRefused(str(kind), reason)


def _misfit(kind: ViewKind, selection: Selection) -> str | None:
    if kind is ViewKind.LINE:
        return None
    if kind is ViewKind.COUNTS:
        return None if not selection.pupils and selection.score_kind == "count" else "not_counts"
    if kind is ViewKind.THREE_YEARS:
        return None if is_reached_levels(selection) else "not_reached_levels"
    if not selection.pupils:
        return "not_pupils"
    if kind in _OF_LEVELS:
        return None if selection.measure is Measure.SHARE else "no_levels"
    if selection.score_kind in _NO_GROWTH:
        return _NO_GROWTH[selection.score_kind]
    if not selection.test and not selection.scale:
        return "scale_unknown"
    return None if (selection.year_group or "").isdigit() else "year_group_unknown"


def refuse_two_scales(kind: ViewKind, one: Selection, other: Selection) -> None:
    """Raise `ViewRefused` where two lines are not on one scale: then no mean and no difference exists."""
    for name in _ONE_SCALE:
        if getattr(one, name) != getattr(other, name):
            raise ViewRefused(str(kind), f"other_{name}")
    if not (one.pupils and other.pupils):
        raise ViewRefused(str(kind), "not_pupils")
