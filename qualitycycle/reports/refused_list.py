"""Refused rows as a workbook or CSV: a list to fill in, which `imports.corrections` reads back.

Of a file of which nothing was read in it only says what to correct in the file itself.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from qualitycycle.cycle import import_words
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.cycle.upkeep import harmless
from qualitycycle.i18n import _
from qualitycycle.imports.corrections import (
    COLUMN,
    CORRECTED,
    HEADERS,
    HINT,
    LINE,
    MARK,
    MARK_SIGN,
    REASON,
    VALUE,
)

CSV_MIME = "text/csv"
MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = {LINE: 7, COLUMN: 24, VALUE: 20, CORRECTED: 24, REASON: 48, HINT: 48, MARK: 20}
# What only makes sense of rows that wait.
_TO_COME_BACK = (CORRECTED, MARK)
# A workbook holds no more lines below its header; nobody fills in as many.
MOST = 1_048_575


def render(rows: Sequence[RefusedRow]) -> bytes:
    """One line per refused row. Every cell is text, so that 5/6 does not become a day in June."""
    content = io.BytesIO()
    headers = _headers(rows)
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        quiet = book.add_format({"num_format": "@", "valign": "top", "font_color": "#4a5250"})
        to_fill_in = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#fff6d6", "border": 1})
        bold = book.add_format({"bold": True, "valign": "top"})
        sheet = book.add_worksheet()
        for place, header in enumerate(headers):
            sheet.set_column(place, place, _WIDTHS[header], text)
            sheet.write_string(0, place, _(header), bold)
        for number, row in enumerate(rows[:MOST], start=1):
            cells = _cells(row)
            for place, header in enumerate(headers):
                cell = cells[header]
                form = to_fill_in if header is CORRECTED else quiet if header is LINE else text
                sheet.write_string(number, place, cell, form) if cell else sheet.write_blank(
                    number, place, None, form
                )
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def render_csv(rows: Sequence[RefusedRow]) -> bytes:
    """One line per refused row, in the letters and with the separator with which a Dutch spreadsheet opens a CSV."""
    content = io.StringIO(newline="")
    headers = _headers(rows)
    lines = csv.writer(content, delimiter=";")
    lines.writerow([_(header) for header in headers])
    for row in rows:
        cells = _cells(row)
        cells[MARK] = f"{MARK_SIGN}{cells[MARK]}"
        lines.writerow([harmless(cells[header]) for header in headers])
    return content.getvalue().encode("utf-8-sig")


def _headers(rows: Sequence[RefusedRow]) -> list[str]:
    waits = any(row.refused_row_id for row in rows)
    return [header for header in HEADERS if waits or header not in _TO_COME_BACK]


def _cells(row: RefusedRow) -> dict[str, str]:
    waits = bool(row.refused_row_id)
    return {
        LINE: str(row.line),
        COLUMN: row.column,
        VALUE: row.value,
        CORRECTED: "",
        REASON: import_words.reason(row.reason),
        HINT: import_words.kept_hint(row.hint, row.reason)
        if waits
        else import_words.hint(row.hint, may_ask=False),
        MARK: row.refused_row_id,
    }
