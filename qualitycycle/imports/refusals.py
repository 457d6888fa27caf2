"""What somebody can do about a row that was refused, per reason."""

from __future__ import annotations

from enum import StrEnum

from qualitycycle.imports.fields import Reason


class Hint(StrEnum):
    """What somebody can do about a refused row. The screen has a sentence for each."""

    FIX_IN_FILE = "fix_in_file"
    CHECK_COLUMN = "check_column"
    MAP_COLUMN = "map_column"
    SET_CONSTANT = "set_constant"
    TRANSLATE_WORD = "translate_word"
    REMOVE_PERSONAL_DATA = "remove_personal_data"
    LEAVE_OUT = "leave_out"


HINTS: dict[Reason, Hint] = {
    Reason.PUPIL_MISSING: Hint.FIX_IN_FILE,
    Reason.N_PUPILS_MISSING: Hint.FIX_IN_FILE,
    Reason.N_PUPILS_UNREADABLE: Hint.CHECK_COLUMN,
    Reason.SCHOOL_YEAR_MISSING: Hint.SET_CONSTANT,
    Reason.SCHOOL_YEAR_UNREADABLE: Hint.SET_CONSTANT,
    Reason.DATE_UNREADABLE: Hint.FIX_IN_FILE,
    Reason.DATE_OUT_OF_RANGE: Hint.FIX_IN_FILE,
    Reason.DATE_OUTSIDE_SCHOOL_YEAR: Hint.FIX_IN_FILE,
    Reason.MOMENT_UNREADABLE: Hint.TRANSLATE_WORD,
    Reason.YEAR_GROUP_MISSING: Hint.MAP_COLUMN,
    Reason.YEAR_GROUP_UNREADABLE: Hint.MAP_COLUMN,
    Reason.SUBJECT_MISSING: Hint.MAP_COLUMN,
    Reason.SUBJECT_UNKNOWN: Hint.TRANSLATE_WORD,
    Reason.SCORE_KIND_UNKNOWN: Hint.SET_CONSTANT,
    Reason.NUMBER_UNREADABLE: Hint.CHECK_COLUMN,
    Reason.NUMBER_AMBIGUOUS: Hint.FIX_IN_FILE,
    Reason.NUMBER_OUT_OF_RANGE: Hint.CHECK_COLUMN,
    Reason.PERCENT_UNEXPECTED: Hint.CHECK_COLUMN,
    Reason.LEVEL_UNKNOWN: Hint.TRANSLATE_WORD,
    Reason.TEXT_TOO_LONG: Hint.CHECK_COLUMN,
    Reason.PERSONAL_DATA: Hint.REMOVE_PERSONAL_DATA,
    Reason.INTELLIGENCE_TEST: Hint.LEAVE_OUT,
    Reason.TOO_MANY_CELLS: Hint.FIX_IN_FILE,
    Reason.DUPLICATE_ROW: Hint.LEAVE_OUT,
    Reason.RULE_BROKEN: Hint.FIX_IN_FILE,
}
# In a format that says itself what is what, there is no column to choose, and its codes mean what they mean.
_CHOICES = (Hint.CHECK_COLUMN, Hint.MAP_COLUMN, Hint.SET_CONSTANT)
_CODES = (Reason.SCORE_KIND_UNKNOWN, Reason.LEVEL_UNKNOWN)


def hint_for(reason: Reason, *, told: bool) -> Hint:
    """What to do about a reason; `told` for a format that says itself what is what."""
    if not told:
        return HINTS[reason]
    if reason in _CODES:
        return Hint.LEAVE_OUT
    return Hint.FIX_IN_FILE if HINTS[reason] in _CHOICES else HINTS[reason]


def may_become_right(reason: str, *, told: bool) -> bool:
    """Whether a row that was refused for this can be right in a later export of the same file."""
    return reason not in list(Reason) or not told or hint_for(Reason(reason), told=True) is not Hint.LEAVE_OUT
