"""A list of refused rows that was saved, filled in and comes back: which cell should have been what."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qualitycycle import i18n
from qualitycycle.i18n import N_
from qualitycycle.imports.files import RawTable

HEADERS = (
    N_("Line"), N_("Column"), N_("Value"), N_("Corrected"), N_("What is wrong"), N_("What to do"), N_("Row mark"),
)  # fmt: skip
LINE, COLUMN, VALUE, CORRECTED, REASON, HINT, MARK = HEADERS
# Whoever saved the list may have had the program in another language.
_LANGUAGES = ("nl", "en")
_MARK = re.compile(r"[0-9a-f]{16}")


# Before a mark in CSV: of sixteen digits a spreadsheet keeps fifteen, and 12e3 it takes for a number.
MARK_SIGN = "#"
# In CSV an apostrophe stands before what a spreadsheet would run.
_RUNS = re.compile(r"'(?=[=+\-@])")


@dataclass(frozen=True)
class Correction:
    """One cell as it should have been: of which refused row, in which column."""

    refused_row_id: str
    column: str
    text: str


def _as_it_was(cell: str) -> str:
    return cell[1:] if _RUNS.match(cell) else cell


def corrections_in(tables: Sequence[RawTable]) -> tuple[Correction, ...] | None:
    """The cells that were filled in on a saved list of refused rows; None when it is another kind of file."""
    if len(tables) != 1:
        return None
    columns = [_named(tables[0], header) for header in (MARK, COLUMN, CORRECTED)]
    if None in columns:
        return None
    frame = tables[0].frame.astype("str").fillna("")
    rows = zip(*(frame[column].str.strip() for column in columns), strict=True)
    found = ((mark.removeprefix(MARK_SIGN), name, text) for mark, name, text in rows if text)
    return tuple(
        Correction(mark, _as_it_was(name), _as_it_was(text))
        for mark, name, text in found
        if _MARK.fullmatch(mark)
    )


def _named(table: RawTable, header: str) -> str | None:
    names = {i18n.catalogue(language).gettext(header) for language in _LANGUAGES}
    return next((column for column in table.columns if column in names), None)
