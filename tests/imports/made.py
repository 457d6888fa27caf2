"""Tables and workbooks made on the spot, and short ways to read them."""

from __future__ import annotations

import io

import xlsxwriter

from qualitycycle.imports.files import read_tables
from qualitycycle.imports.mapping import suggest_mapping
from qualitycycle.imports.outcomes import read_outcomes

HEADER = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore"


def pseudonym(key):
    return f"p-{key}"


def table(text, name="toetsen.csv"):
    return read_tables(text.encode("utf-8") if isinstance(text, str) else text, name)[0]


def read(text, change=None):
    """Read lines with the suggested mapping; `change` may alter it."""
    found = table(text)
    mapping = suggest_mapping(found)
    return read_outcomes(found, change(mapping) if change else mapping, pseudonym=pseudonym)


def with_good_rows(row):
    """A row behind nine good ones, so that the columns are recognised whatever the row holds; it is line 11."""
    good = "".join(f"{1101 + i};2025-2026;5;rekenen;M5;{i}\n" for i in range(9))
    return read(f"{HEADER}\n{good}{row}\n")


def one_row(row, header=HEADER):
    return read(f"{header}\n{row}\n")


def reason(row, header=HEADER):
    return list(one_row(row, header).refused["reason"])


def workbook(sheets, formats=None):
    """Bytes of an xlsx; `sheets` is a dict of names to rows of values."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True, "default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for r, row in enumerate(rows):
                for c, cell in enumerate(row):
                    sheet.write(r, c, cell)
    return made.getvalue()
