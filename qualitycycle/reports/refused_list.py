"""Refused rows as a workbook with a column to fill in, which `imports.corrections` reads back."""

from __future__ import annotations

import io
from collections.abc import Sequence

import xlsxwriter

from qualitycycle.cycle import import_words
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.i18n import _
from qualitycycle.imports.corrections import CORRECTED, HEADERS

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WIDTHS = (7, 24, 20, 24, 48, 48, 20)
# A workbook holds no more lines below its header; nobody fills in as many.
MOST = 1_048_575


def render(rows: Sequence[RefusedRow]) -> bytes:
    """One line per refused row. Every cell is text, so that 5/6 does not become a day in June."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"constant_memory": True}) as book:
        text = book.add_format({"num_format": "@", "valign": "top", "text_wrap": True})
        quiet = book.add_format({"num_format": "@", "valign": "top", "font_color": "#4a5250"})
        to_fill_in = book.add_format({"num_format": "@", "valign": "top", "bg_color": "#fff6d6", "border": 1})
        bold = book.add_format({"bold": True, "valign": "top"})
        sheet = book.add_worksheet()
        for place, width in enumerate(_WIDTHS):
            sheet.set_column(place, place, width, text)
        for place, header in enumerate(HEADERS):
            sheet.write_string(0, place, _(header), bold)
        for number, row in enumerate(rows[:MOST], start=1):
            for place, cell in enumerate(_cells(row)):
                form = to_fill_in if HEADERS[place] is CORRECTED else quiet if place == 0 else text
                sheet.write_string(number, place, cell, form) if cell else sheet.write_blank(
                    number, place, None, form
                )
        sheet.freeze_panes(1, 0)
    return content.getvalue()


def _cells(row: RefusedRow) -> tuple[str, ...]:
    return (
        str(row.line),
        row.column,
        row.value,
        "",
        import_words.reason(row.reason),
        # A row without a mark belongs to a file of which nothing was read in: it is corrected in the file itself.
        import_words.kept_hint(row.hint, row.reason)
        if row.refused_row_id
        else import_words.hint(row.hint, may_ask=False),
        row.refused_row_id,
    )
