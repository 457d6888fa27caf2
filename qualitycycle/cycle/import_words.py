"""The screen's words for the keys of the import room: fields, reasons, what to do, what was left out."""

from __future__ import annotations

from qualitycycle import sentences
from qualitycycle.errors import ImportRejected
from qualitycycle.i18n import N_, _
from qualitycycle.imports.fields import Field, Reason, ScoreKind, Status
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.inspectie import Verdict
from qualitycycle.imports.privacy import Drop
from qualitycycle.imports.refusals import Hint

FIELDS = {
    Field.PUPIL: N_("Pupil number"),
    Field.N_PUPILS: N_("Number of pupils"),
    Field.SCHOOL_YEAR: N_("School year"),
    Field.MOMENT: N_("Moment (B, M, E)"),
    Field.MEASURED_ON: N_("Date of the test"),
    Field.YEAR_GROUP: N_("Year group"),
    Field.GROUP_NAME: N_("Group or class"),
    Field.SUBJECT: N_("Subject"),
    Field.TEST_MAKER: N_("Test maker"),
    Field.TEST: N_("Test"),
    Field.EDITION: N_("Edition of the test"),
    Field.SCALE: N_("Scale of the score"),
    Field.SCORE_KIND: N_("Kind of score"),
    Field.VALUE: N_("Score"),
    Field.LEVEL: N_("Level (A–E, I–V, 1F)"),
}
KINDS = {
    ScoreKind.SCORE: N_("Score on a scale"),
    ScoreKind.LEVEL: N_("Only a level"),
    ScoreKind.PERCENTAGE: N_("Percentage"),
    ScoreKind.MARK: N_("Mark from 1 to 10"),
    ScoreKind.COUNT: N_("Number right"),
}
# What of a format is read, under its key.
KINDS_OF_FILE = {
    "oso": N_(
        "This is an OSO dossier. Only its test results are read: names, BSN, addresses, diagnoses, advice, documents "
        "and intelligence tests stay outside."
    ),
    "oso_files": N_(
        "These are OSO dossiers. Only their test results are read: names, BSN, addresses, diagnoses, advice, documents "
        "and intelligence tests stay outside."
    ),
    "oneroster": N_(
        "This is OneRoster with results. Of the pupils only the key is read, and it becomes a code of this school; "
        "names, mail addresses, birth dates and origin stay outside."
    ),
}
# What the codes of a year group mean that have no number of a group behind them.
OTHER_GROUPS = {
    "B": N_("babies"),
    "D": N_("toddlers"),
    "0": N_("pre-school group"),
    "S": N_("special (primary) education"),
    "V": N_("special secondary education"),
    "N": N_("not primary or secondary"),
}
OPEN_DATA = {
    "duo_reference_levels": N_("DUO's open data on reference levels"),
    "duo_exams": N_("DUO's open data on final exams"),
    "school_weighting": N_("School weightings"),
}
REASONS = {
    Reason.PUPIL_MISSING: N_("There is no pupil number in this row."),
    Reason.N_PUPILS_MISSING: N_("It does not say how many pupils this is about."),
    Reason.N_PUPILS_UNREADABLE: N_("The number of pupils is not a whole number."),
    Reason.SCHOOL_YEAR_MISSING: N_("The school year is missing."),
    Reason.SCHOOL_YEAR_UNREADABLE: N_("This is not a school year."),
    Reason.DATE_UNREADABLE: N_("This is not a date."),
    Reason.DATE_OUT_OF_RANGE: N_("This date cannot be right."),
    Reason.DATE_OUTSIDE_SCHOOL_YEAR: N_("The date lies outside the school year of this row."),
    Reason.MOMENT_UNREADABLE: N_("This is not a moment that we know."),
    Reason.YEAR_GROUP_MISSING: N_("The year group is missing."),
    Reason.YEAR_GROUP_UNREADABLE: N_("This is not a year group that we know."),
    Reason.SUBJECT_MISSING: N_("The subject is missing."),
    Reason.SUBJECT_UNKNOWN: N_("This is not a subject that we know."),
    Reason.SCORE_KIND_UNKNOWN: N_("This is not a kind of score that we know."),
    Reason.NUMBER_UNREADABLE: N_("This is not a number."),
    Reason.NUMBER_AMBIGUOUS: N_("The point may mean thousands or decimals."),
    Reason.NUMBER_OUT_OF_RANGE: N_("This number does not fit the kind of score."),
    Reason.PERCENT_UNEXPECTED: N_("There is a percent sign, but the score is no percentage."),
    Reason.LEVEL_UNKNOWN: N_("This is not a level that we know."),
    Reason.TEXT_TOO_LONG: N_("The text is longer than a name would be."),
    Reason.PERSONAL_DATA: N_("This may be a name or a BSN. It is not kept."),
    Reason.INTELLIGENCE_TEST: N_("Results of intelligence tests are not kept here."),
    Reason.TOO_MANY_CELLS: N_("This row has more cells than the header."),
    Reason.DUPLICATE_ROW: N_("The very same row stands higher up in the file."),
    Reason.RULE_BROKEN: N_("The parts of this row contradict each other."),
}
HINTS = {
    Hint.FIX_IN_FILE: N_("Correct it in the file and read the file in again."),
    Hint.CHECK_COLUMN: N_("Correct it in the file. Is it wrong in most rows? Then choose another column."),
    Hint.MAP_COLUMN: N_("Choose a column for it, or correct it in the file."),
    Hint.SET_CONSTANT: N_("Correct it in the file. Is it the same for all rows? Then choose that."),
    Hint.TRANSLATE_WORD: N_("Choose above what this word means."),
    Hint.REMOVE_PERSONAL_DATA: N_("Remove it from the file."),
    Hint.LEAVE_OUT: N_("Nothing to do: leave it out."),
}
# Once the other rows have been read in, a row is corrected on the list of what was kept aside.
FILL_IN = N_("Look it up in the file and fill in on the list what it should be.")
KEPT_HINTS = {
    Hint.FIX_IN_FILE: FILL_IN,
    Hint.CHECK_COLUMN: FILL_IN,
    Hint.MAP_COLUMN: FILL_IN,
    Hint.SET_CONSTANT: FILL_IN,
    Hint.TRANSLATE_WORD: N_("Fill in on the list a word that we do know."),
    Hint.REMOVE_PERSONAL_DATA: N_("It was not kept. Remove it from the file before a next time."),
    Hint.LEAVE_OUT: HINTS[Hint.LEAVE_OUT],
}
# Words that we do know, where one was not.
KNOWN_WORDS = {
    Reason.SUBJECT_UNKNOWN: N_(
        "Fill in on the list a subject that we do know, such as “rekenen” or “spelling”."
    ),
    Reason.MOMENT_UNREADABLE: N_("Fill in on the list a moment that we do know, such as M5 or E6."),
    Reason.LEVEL_UNKNOWN: N_("Fill in on the list a level that we do know, such as B, IV or 1F."),
}
DROPS = {
    Drop.NAME: N_("name of a pupil"),
    Drop.STAFF_NAME: N_("name of a colleague"),
    Drop.BSN: N_("BSN"),
    Drop.ECK_ID: N_("ECK iD"),
    Drop.BIRTH_DATE: N_("date of birth or age"),
    Drop.ADDRESS: N_("address"),
    Drop.EMAIL: N_("email"),
    Drop.PHONE: N_("phone number"),
    Drop.INTELLIGENCE: N_("intelligence test"),
    Drop.HEALTH: N_("health or support"),
    Drop.HOME: N_("home and origin"),
    Drop.FREE_TEXT: N_("free text"),
    Drop.UNMAPPED: N_("not chosen"),
}
STATUSES = {
    Status.LT5: N_("fewer than 5, not published"),
    Status.MASKED: N_("not published"),
    Status.EMPTY: N_("empty"),
    Status.NOT_TAKEN: N_("not taken"),
    Status.VALUE: "–",
}
VERDICTS = {
    Verdict.ABOVE: N_("on or above the threshold"),
    Verdict.BELOW: N_("below the threshold"),
    Verdict.SMALL_SCHOOL: N_("small school: no verdict"),
    Verdict.TOO_LITTLE_DATA: N_("too little data: no verdict"),
}


def reason(key: str) -> str:
    """Why a row, or one file of several, was refused, as a sentence."""
    if key in list(FileReason):
        # Which file it was is not kept: its name may be a pupil's.
        return sentences.of(ImportRejected(_("(one of the dossiers)"), key))
    return _(REASONS[Reason(key)]) if key in list(Reason) else key


def hint(key: str, *, may_ask: bool = True) -> str:
    """What to do about a refused row of a file that is looked at; `may_ask`: the page asks what its word means."""
    if key == Hint.TRANSLATE_WORD and not may_ask:
        return _(HINTS[Hint.FIX_IN_FILE])
    return _(HINTS[Hint(key)]) if key in list(Hint) else ""


def kept_hint(key: str, reason: str) -> str:
    """What to do about a row that was kept aside."""
    if key == Hint.TRANSLATE_WORD and reason in KNOWN_WORDS:
        return _(KNOWN_WORDS[Reason(reason)])
    return _(KEPT_HINTS[Hint(key)]) if key in list(Hint) else ""
