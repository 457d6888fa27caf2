"""Whatever a table holds: every row is stored, blank, or refused with a reason, and the counts add up."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields, schemas
from qualitycycle.imports.fields import Field, Reason
from qualitycycle.imports.files import read_tables
from qualitycycle.imports.mapping import Mapping, suggest_mapping
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.wide import as_long
from tests.imports.made import pseudonym

HEADERS = (
    "Leerlingnummer",
    "Schooljaar",
    "Jaargroep",
    "Vakgebied",
    "Afnamemoment",
    "Afnamedatum",
    "Score",
    "Niveau",
    "Groep",
)
FIELDS = (
    Field.PUPIL,
    Field.SCHOOL_YEAR,
    Field.YEAR_GROUP,
    Field.SUBJECT,
    Field.MOMENT,
    Field.MEASURED_ON,
    Field.VALUE,
    Field.LEVEL,
    Field.GROUP_NAME,
)
FREE = st.text(st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=("Cs",)), max_size=12)
USUAL = {
    "Leerlingnummer": st.integers(1, 9999).map(str),
    "Schooljaar": st.sampled_from(["2025-2026", "2025/26", "2526", "", "2024-2025"]),
    "Jaargroep": st.sampled_from(["3", "groep 5", "8", "5/6", ""]),
    "Vakgebied": st.sampled_from(
        ["rekenen", "Begrijpend lezen", "Spelling", "woordenschat", "knutselen", "NIO"]
    ),
    "Afnamemoment": st.sampled_from(["M5", "E", "kerst", ""]),
    "Afnamedatum": st.dates(dt.date(2025, 8, 1), dt.date(2026, 7, 31)).map(
        lambda day: f"{day.day}-{day.month}-{day.year}"
    )
    | st.sampled_from(["12 maart 2026", "2026-03-12", "12-3-2024", "", ""]),
    "Score": st.floats(0, 400).map(lambda x: f"{x:.1f}".replace(".", ","))
    | st.sampled_from(["<5", "*", "0", "1.234", "38.7", "85%", ""]),
    "Niveau": st.sampled_from(["A", "III", "I+", "1F", "<1F", "F", "*", ""]),
    "Groep": st.sampled_from(["5a", "5/6", "Vlinders"]),
}


@st.composite
def tables(draw):
    extra = draw(st.lists(st.sampled_from([*HEADERS, "Naam", "", "Opmerking"]), max_size=3))
    header = [*HEADERS, *extra]
    wild = draw(st.sampled_from([None, None, None, *HEADERS[5:]]))
    cell = [FREE if name == wild else USUAL.get(name, FREE) for name in header]
    odd = st.just(("",) * len(header)) | st.lists(FREE, max_size=14)
    one = st.integers(0, 5).flatmap(lambda k: odd if k == 5 else st.tuples(*cell))
    rows = draw(st.lists(one, min_size=1, max_size=12))
    return header, [list(row) for row in rows]


def as_csv(header, rows, separator, encoding):
    made = io.StringIO()
    csv.writer(made, delimiter=separator, lineterminator="\r\n").writerows([header, *rows])
    return made.getvalue().encode(encoding, errors="replace")


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tables(), st.sampled_from(";,\t|"), st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]))
def test_every_row_is_stored_or_refused_and_the_counts_add_up(made, separator, encoding):
    header, rows = made
    # The columns are set by hand: what a generated file makes of a suggestion is another matter.
    mapped = dict(zip(FIELDS, HEADERS, strict=True))
    try:
        table = read_tables(as_csv(header, rows, separator, encoding), "toetsen.csv")[0]
        suggest_mapping(table)
        result = read_outcomes(table, Mapping(mapped), pseudonym=pseudonym)
    except ImportRejected:
        return

    counts = result.counts
    assert counts.rows == len(table.frame) == counts.accepted + counts.refused + counts.blank
    assert (counts.accepted, counts.refused) == (len(result.accepted), len(result.refused))
    assert not set(result.accepted["line"]) & set(result.refused["line"])
    schemas.OUTCOMES.validate(result.accepted, lazy=True)
    schemas.REFUSED.validate(result.refused, lazy=True)
    told = {*result.accepted["line"], *result.refused["line"]}
    cells = table.frame.astype("str").fillna("")
    empty = {line for line, *row in cells.itertuples() if not "".join(row).strip()}
    assert told | empty == set(table.frame.index) and len(told) == counts.accepted + counts.refused
    assert set(result.refused["reason"]) <= set(Reason)


CELLS = (
    st.floats(0, 400).map(lambda x: f"{x:.1f}".replace(".", ","))
    | st.sampled_from(["<5", "*", "0", "", "niet deelgenomen", "III", "1F", "85%", "1.234", "12 maart", '"'])
    | FREE
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from(";,\t|"),
    st.booleans(),
)
def test_every_cell_of_a_wide_table_is_stored_or_refused_once(rows, separator, twice):
    header = [
        "Leerlingnummer",
        "Schooljaar",
        "Groep",
        "Rekenen M5",
        "Spelling M5",
        "Rekenen M5" if twice else "Lezen M5",
    ]
    # Enough figures to be seen as columns of scores, whatever else stands in them.
    usual = [[f"{n}", "2025-2026", "5a", f"{n}", f"{n + 1}", f"{n + 2}"] for n in range(100, 112)]
    file = [*usual, *([f"{200 + n}", "2025-2026", "5a", *cells] for n, cells in enumerate(rows))]

    table = as_long(read_tables(as_csv(header, file, separator, "utf-8"), "breed.csv")[0])
    result = read_outcomes(table, suggest_mapping(table), pseudonym=pseudonym)

    counts = result.counts
    assert counts.rows == 3 * len(file) == counts.accepted + counts.refused
    stored = zip(result.accepted["line"], result.accepted["test"], strict=True)
    refused = zip(
        result.refused["line"], (json.loads(row)["Toets"] for row in result.refused["row"]), strict=True
    )
    places = [*stored, *refused]
    assert len(set(places)) == len(places)
    assert set(result.refused["reason"]) <= set(Reason)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(FREE, FREE, FREE), min_size=1, max_size=15), st.sampled_from(";,\t|"))
def test_every_cell_comes_back_as_it_was_written(rows, separator):
    rows = [[f"x{i}", a, b, f"y{c}"] for i, (a, b, c) in enumerate(rows)]

    table = read_tables(as_csv(["een", "twee", "drie", "vier"], rows, separator, "utf-8"), "tabel.csv")[0]

    assert table.frame.astype("str").values.tolist() == rows
    assert table.separator == separator


@given(st.floats(-9999, 9999).map(lambda x: round(x, 1)))
def test_a_number_survives_being_written_in_dutch(number):
    assert fields.parse_number(f"{number:.1f}".replace(".", ",")) == number


@given(
    st.dates(min_value=dt.date(2000, 1, 1), max_value=dt.date(2068, 12, 31)),
    st.sampled_from(["%d-%m-%Y", "%Y-%m-%d", "%d/%m/%y", "%Y%m%d"]),
)
def test_a_day_survives_being_written_in_dutch(day, form):
    assert fields.parse_date(day.strftime(form)) == day


@given(FREE)
def test_no_text_makes_a_reader_stumble(text):
    fields.parse_number(text)
    fields.parse_date(text)
    fields.parse_school_year(text)
    fields.parse_moment(text)
    fields.parse_year_group(text)
    fields.year_group_in_name(text)
    fields.parse_subject(text)
    fields.parse_level(text)
    fields.parse_test_maker(text)
    fields.status_of(text)
