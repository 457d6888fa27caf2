"""Why a figure is not there: a result holds `None` and one of these codes; the screen has the sentence."""

from __future__ import annotations

from enum import StrEnum


class Reason(StrEnum):
    """Reason code of an undefined figure; every code has a sentence with a next step in the catalogue."""

    NO_ANSWERS = "no_answers"
    N_TOO_SMALL = "n_too_small"
    N_TOO_LARGE = "n_too_large"
    NO_VARIANCE = "no_variance"
    ONE_ITEM = "one_item"
    TOO_FEW_ITEMS = "too_few_items"
    ONE_TEAM = "one_team"
    TOO_MANY_MISSING = "too_many_missing"
    SCALE_LENGTH_UNKNOWN = "scale_length_unknown"
    HEYWOOD = "heywood"
    NOT_CONVERGED = "not_converged"
    FULL_CORRELATION = "full_correlation"
    NOT_GIVEN = "not_given"
    TOO_FEW_POINTS = "too_few_points"
    LIMITS_COLLAPSED = "limits_collapsed"
    NO_TARGET = "no_target"
    NO_DIRECTION = "no_direction"
    TOO_FEW_GROUPS = "too_few_groups"
