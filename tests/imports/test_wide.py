"""A column per test: the same results as with a row per score, each with its line and column."""

from __future__ import annotations

import pytest

from qualitycycle.imports.files import read_tables
from qualitycycle.imports.mapping import suggest_mapping
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.wide import as_long
from tests.imports.made import pseudonym, table, workbook

WIDE = (
    "Leerlingnummer;Naam;Schooljaar;Groep;Rekenen M5;Begrijpend lezen M5;Spelling E5 niveau\n"
    "1101;Jan de Vries;2025-2026;5a;158,2;142;III\n"
    "1102;Piet Smit;2025-2026;5a;12x;<5;\n"
    "1103;Anna Bakker;2025-2026;5a;niet deelgenomen;*;I\n"
)


def read_wide(content=WIDE):
    long = as_long(table(content))
    return read_outcomes(long, suggest_mapping(long), pseudonym=pseudonym)


def test_every_cell_becomes_a_row_with_its_subject_and_moment():
    result = read_wide()

    told = result.accepted[["line", "subject", "moment", "year_group", "value", "level", "status"]]
    rows = [tuple(None if cell != cell else cell for cell in row) for row in told.itertuples(index=False)]
    assert rows == [
        (2, "maths", "M", "5", 158.2, None, "value"),
        (2, "reading_comprehension", "M", "5", 142.0, None, "value"),
        (2, "spelling", "E", "5", None, "III", "value"),
        (3, "reading_comprehension", "M", "5", None, None, "lt5"),
        (3, "spelling", "E", "5", None, None, "empty"),
        (4, "maths", "M", "5", None, None, "not_taken"),
        (4, "reading_comprehension", "M", "5", None, None, "masked"),
        (4, "spelling", "E", "5", None, "I", "value"),
    ]


def test_a_refused_cell_names_the_column_of_the_file():
    refused = read_wide().refused

    assert list(zip(refused["line"], refused["column"], refused["reason"], strict=True)) == [
        (3, "Rekenen M5", "number_unreadable")
    ]


def test_names_in_a_wide_table_are_dropped():
    result = read_wide()

    assert "Naam" in {column.column for column in result.dropped_columns}
    assert "Vries" not in result.refused.to_csv() + result.accepted.to_csv()


@pytest.mark.parametrize(
    "content",
    [
        "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Score\n1;2025-2026;5;rekenen;M5;12\n",
        "Leerlingnummer;Schooljaar;Jaargroep;Rekenen M5\n1;2025-2026;5;12\n",
        "Leerlingnummer;Rekenen;Spelling\n1;goed gewerkt;leuk\n",
    ],
    ids=["a row per score", "one test", "words"],
)
def test_a_table_that_is_not_wide_stays_as_it_is(content):
    assert as_long(table(content)) is None


def test_a_wide_sheet_under_a_title_is_read_as_well():
    rows = [["Overzicht groep 5", "", "", ""], ["Leerlingnummer", "Schooljaar", "Rekenen M5", "Spelling M5"]]
    rows += [[1100 + n, "2025-2026", 100 + n, 120 + n] for n in range(6)]

    long = as_long(read_tables(workbook({"Blad1": rows}), "groep5.xlsx")[0])
    result = read_outcomes(long, suggest_mapping(long), pseudonym=pseudonym)

    assert (result.counts.accepted, result.counts.refused) == (12, 0)
    assert sorted(set(result.accepted["line"])) == [3, 4, 5, 6, 7, 8]
