"""The figures of a report as a workbook: one sheet per table, figures as figures, and what they rest on."""

from __future__ import annotations

import io
import re
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

from qualitycycle import i18n
from qualitycycle.i18n import _
from qualitycycle.reports.content import Report, Table, Value, tables

MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a workbook accepts as the name of a sheet.
LONGEST, REFUSED = 31, re.compile(r"[\[\]:*?/\\']")
WIDEST, NARROWEST = 60, 9


def render(report: Report) -> bytes:
    """The report's tables as a workbook; the first sheet tells what they are and what is left out."""
    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"in_memory": True, "default_date_format": "dd-mm-yyyy"})
    made = datetime.combine(report.account.made_on, time())
    book.set_properties(
        {"title": report.title, "subject": report.subtitle, "author": report.school, "created": made}
    )
    formats = {
        "bold": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "quiet": book.add_format({"font_color": "#4a5250", "text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "dd-mm-yyyy", "valign": "top", "align": "left"}),
    }
    used: set[str] = set()
    _about(book.add_worksheet(_sheet_name(_("About this report"), used)), report, formats)
    for table in tables(report):
        sheet = book.add_worksheet(_sheet_name(table.sheet or table.title, used))
        _table(sheet, table, formats)
    book.close()
    return content.getvalue()


def account_rows(report: Report) -> list[tuple[str, str]]:
    """What a report tells about itself, line by line."""
    own = report.account
    return [
        (_("Period"), own.period),
        *((_("Sources"), text) for text in own.sources),
        *((_("Numbers"), text) for text in own.numbers),
        *((_("Left out"), text) for text in own.hidden),
        (_("Data version"), i18n.number(own.data_version)),
        (_("Made on"), i18n.day(own.made_on)),
    ]


def _about(sheet: Any, report: Report, formats: dict[str, Any]) -> None:
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 100)
    rows = [(report.title, ""), (report.subtitle, ""), ("", ""), *account_rows(report)]
    for place, (label, text) in enumerate(rows):
        # Long titles stand beside the narrow column, not in it.
        if not text and label:
            sheet.write_string(place, 1, label, formats["bold"])
            continue
        sheet.write_string(place, 0, label, formats["bold"])
        sheet.write_string(place, 1, text, formats["text"])


def _table(sheet: Any, table: Table, formats: dict[str, Any]) -> None:
    for place, column in enumerate(table.columns):
        sheet.write_string(0, place, column.title, formats["bold"])
        sheet.set_column(place, place, _width(table, place))
    sheet.freeze_panes(1, 0)
    for line, row in enumerate(table.rows, start=1):
        for place, cell in enumerate(row):
            _cell(sheet, line, place, cell, formats)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
    for place, note in enumerate((table.title, *table.notes)):
        # A note below runs on over the columns beside it.
        sheet.write_string(len(table.rows) + 2 + place, 0, note)


def _cell(sheet: Any, line: int, place: int, cell: str | Value, formats: dict[str, Any]) -> None:
    raw = cell.raw if isinstance(cell, Value) else None
    if isinstance(raw, date):
        sheet.write_datetime(line, place, datetime.combine(raw, time()), formats["day"])
    elif raw is not None:
        sheet.write_number(line, place, raw)
    else:
        # Never as a formula, whatever somebody typed.
        sheet.write_string(line, place, cell.shown if isinstance(cell, Value) else cell, formats["text"])


def _width(table: Table, place: int) -> int:
    cells = [row[place] for row in table.rows]
    texts = [cell.shown if isinstance(cell, Value) else cell for cell in cells]
    longest = max([len(table.columns[place].title), *(_longest_line(text) for text in texts)])
    return min(max(longest + 2, NARROWEST), WIDEST)


def _longest_line(text: str) -> int:
    return max(len(line) for line in text.split("\n"))


def _sheet_name(title: str, used: set[str]) -> str:
    """A name a workbook accepts and that no other sheet has."""
    plain = REFUSED.sub(" ", title).strip() or "–"
    for number in range(1, 1000):
        tail = f" {number}" if number > 1 else ""
        name = plain[: LONGEST - len(tail)].strip() + tail
        if name.casefold() not in used:
            used.add(name.casefold())
            return name
    raise ValueError(title)
