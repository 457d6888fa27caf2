"""Refused rows come back corrected: through the saved list, into the import they belong to, and away again."""

from __future__ import annotations

import codecs
import csv
import io

import pandas as pd
import pytest

from qualitycycle import i18n
from qualitycycle.cycle import corrections, import_batches, import_preview, import_storing, refused_rows
from qualitycycle.errors import ImportRejected, NotAllowed
from qualitycycle.imports.corrections import CORRECTED, HEADERS, MARK, Correction, corrections_in
from qualitycycle.imports.files import read_tables
from qualitycycle.reports import refused_list
from tests.cycle.conftest import RESPONDENT

HEADER = "Leerlingnummer;Schooljaar;Jaargroep;Groep;Vakgebied;Afnamemoment;Vaardigheidsscore"
GOOD = [f"{1000 + n};2025-2026;5;5{'abcd'[n % 4]};rekenen;M5;{100 + n}" for n in range(12)]
# On the lines 14, 15, 16 and 17.
BAD = [
    "2001;2025-2026;5;5a;rekenen;M5;12x",
    "2002;2025-2026;5;5a;knutselen;M5;111",
    ";2025-2026;5;5a;rekenen;M5;112",
    "2004;2025-2026;elf;5a;knutselen;M5;113",
]


def content(*bad):
    return "\n".join([HEADER, *GOOD, *bad]).encode()


def read_in(world, *bad):
    prepared = import_preview.read_file(world.store, world.leader, content(*bad), "toetsen.csv")
    mapping, _profile = import_preview.mapping_for(world.store, prepared.tables[0])
    result = import_preview.preview(world.store, world.leader, prepared.tables[0], mapping)
    return import_storing.import_table(world.store, world.leader, prepared, result, mapping)


def saved(world, batch, fill=None, language="nl"):
    """The list as somebody saves it, with the cells filled in by line."""
    with i18n.speaking(language):
        sheet = refused_list.render(
            refused_rows.refused_rows(world.store, world.leader, batch.batch_id, most=None)
        )
        names = [i18n._(header) for header in HEADERS]
    frame = pd.read_excel(io.BytesIO(sheet), engine="calamine", dtype=str, keep_default_na=False)
    assert list(frame.columns) == names
    for line, text in (fill or {}).items():
        frame.loc[frame[names[0]] == str(line), names[3]] = text
    return frame


def given_back(world, frame, name="verbeterd.csv"):
    prepared = import_preview.read_file(
        world.store, world.leader, frame.to_csv(sep=";", index=False).encode("utf-8-sig"), name
    )
    return prepared, corrections.look_at(world.store, world.leader, prepared)


def correct(world, batch, fill):
    prepared, found = given_back(world, saved(world, batch, fill))
    return corrections.read_in(world.store, world.leader, prepared, found)


def waiting(world, batch):
    return [row.line for row in refused_rows.refused_rows(world.store, world.leader, batch.batch_id)]


@pytest.fixture
def batch(north_school):
    return read_in(north_school, *BAD)


def test_the_saved_list_holds_no_pupil_and_no_score(north_school, batch):
    frame = saved(north_school, batch)

    cells = {cell for row in frame.itertuples(index=False) for cell in row}
    assert not cells & {"2001", "2002", "2004", "12x", "111", "112", "113"}
    assert list(frame["Regel"]) == ["14", "15", "16", "17"]


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_is_recognised_in_either_language_when_it_comes_back(north_school, batch, language):
    frame = saved(north_school, batch, {14: "120"}, language)

    prepared, found = given_back(north_school, frame)

    assert prepared.kind == import_preview.CORRECTIONS
    assert (len(found.accepted), found.still_refused, found.n_unknown) == (1, (), 0)


def test_corrected_rows_join_their_import_and_no_longer_wait(north_school, batch):
    world = north_school

    part = correct(world, batch, {14: "120", 15: "rekenen", 16: "2003"})

    assert (part.corrects, part.n_accepted) == (batch.batch_id, 3)
    assert waiting(world, batch) == [17]
    stored = world.store.rows(
        "SELECT line, subject, value FROM outcome WHERE batch_id = $id ORDER BY line", id=part.batch_id
    )
    assert [(row["line"], row["subject"], row["value"]) for row in stored] == [
        (14, "maths", 120.0),
        (15, "maths", 111.0),
        (16, "maths", 112.0),
    ]


def test_a_pupil_keeps_the_same_pseudonym_whether_typed_or_kept(north_school, batch):
    world = north_school
    known = {import_preview.pseudonym(world.store.secret, pupil) for pupil in ("2001", "2002", "2003")}

    part = correct(world, batch, {14: "120", 15: "rekenen", 16: "02003"})

    stored = world.store.rows("SELECT pupil FROM outcome WHERE batch_id = $id", id=part.batch_id)
    assert {row["pupil"] for row in stored} == known


def test_a_row_with_two_faults_tells_the_second_after_the_first(north_school, batch):
    _prepared, found = given_back(north_school, saved(north_school, batch, {17: "rekenen"}))

    assert found.accepted.empty
    assert [(row.line, row.reason) for row in found.still_refused] == [(17, "year_group_unreadable")]


def test_two_cells_of_one_row_are_corrected_on_two_lines(north_school, batch):
    frame = saved(north_school, batch, {17: "rekenen"})
    second = frame[frame["Regel"] == "17"].assign(Kolom="Jaargroep", Verbeterd="5")

    _prepared, found = given_back(north_school, pd.concat([frame, second]))

    assert (list(found.accepted["line"]), found.still_refused) == ([17], ())


def test_a_correction_that_is_wrong_as_well_stays_aside(north_school, batch):
    _prepared, found = given_back(north_school, saved(north_school, batch, {14: "120x", 15: "rekenen"}))

    assert list(found.accepted["line"]) == [15]
    assert [(row.line, row.value) for row in found.still_refused] == [(14, "")]


def test_a_correction_that_makes_a_row_twice_the_same_stays_aside(north_school):
    batch = read_in(north_school, "1003;2025-2026;5;5d;rekenen;M5;10x")

    _prepared, found = given_back(north_school, saved(north_school, batch, {14: "103"}))

    assert found.accepted.empty
    assert len(found.still_refused) == 1


def test_a_name_that_was_not_kept_has_to_be_filled_in(north_school):
    batch = read_in(north_school, "2005;2025-2026;5;juf@school.nl;knutselen;M5;120")
    frame = saved(north_school, batch, {14: "5b"})

    _prepared, found = given_back(north_school, frame.assign(Kolom="Vakgebied", Verbeterd="rekenen"))
    assert found.accepted.empty
    _prepared, found = given_back(
        north_school,
        pd.concat([frame.assign(Kolom="Groep"), frame.assign(Kolom="Vakgebied", Verbeterd="rekenen")]),
    )

    assert list(found.accepted["group_name"]) == ["5b"]


def test_an_import_that_is_taken_back_takes_its_corrections_along(north_school, batch):
    world = north_school
    correct(world, batch, {14: "120"})

    import_batches.undo(world.store, world.leader, batch.batch_id)
    assert import_batches.batches(world.store, world.leader) == []
    import_batches.redo(world.store, world.leader, batch.batch_id)

    assert len(import_batches.batches(world.store, world.leader)) == 2


def test_corrections_that_are_taken_back_wait_again(north_school, batch):
    world = north_school
    part = correct(world, batch, {14: "120"})

    import_batches.undo(world.store, world.leader, part.batch_id)

    assert waiting(world, batch) == [14, 15, 16, 17]
    import_batches.undo(world.store, world.leader, batch.batch_id)
    import_batches.redo(world.store, world.leader, batch.batch_id)
    assert [one.batch_id for one in import_batches.batches(world.store, world.leader)] == [batch.batch_id]


def test_the_same_list_twice_brings_nothing_twice(north_school, batch):
    frame = saved(north_school, batch, {14: "120"})
    prepared, found = given_back(north_school, frame)
    corrections.read_in(north_school.store, north_school.leader, prepared, found)

    with pytest.raises(ImportRejected) as caught:
        given_back(north_school, frame)

    assert caught.value.reason == "no_row_waits"


def test_a_list_without_anything_filled_in_is_refused(north_school, batch):
    with pytest.raises(ImportRejected) as caught:
        given_back(north_school, saved(north_school, batch))

    assert caught.value.reason == "nothing_corrected"


def test_only_who_may_import_corrects(north_school, batch):
    prepared, found = given_back(north_school, saved(north_school, batch, {14: "120"}))

    for who in (RESPONDENT, north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            corrections.look_at(north_school.store, who, prepared)
        with pytest.raises(NotAllowed):
            corrections.read_in(north_school.store, who, prepared, found)


def test_the_list_of_a_file_that_is_only_looked_at_has_nothing_to_fill_in(north_school):
    prepared = import_preview.read_file(north_school.store, north_school.leader, content(*BAD), "toetsen.csv")
    mapping, _profile = import_preview.mapping_for(north_school.store, prepared.tables[0])
    result = import_preview.preview(north_school.store, north_school.leader, prepared.tables[0], mapping)

    with i18n.speaking("nl"):
        sheet = refused_list.render(refused_rows.refused_in(result))
        left_out = {i18n._(CORRECTED), i18n._(MARK)}

    frame = pd.read_excel(io.BytesIO(sheet), engine="calamine")
    assert len(frame) == len(BAD)
    assert not left_out & set(frame.columns)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_list_as_csv_comes_back_as_well(north_school, batch, language):
    rows = refused_rows.refused_rows(north_school.store, north_school.leader, batch.batch_id, most=None)
    with i18n.speaking(language):
        content = refused_list.render_csv(rows)
    # Filled in where the column “Corrected” is, and saved as a spreadsheet saves it.
    header, *lines = csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";")
    filled = [[*cells[:3], "120" if cells[0] == "14" else "", *cells[4:]] for cells in lines]
    text = "\n".join(";".join(f'"{cell}"' for cell in cells) for cells in [header, *filled])
    prepared = import_preview.read_file(
        north_school.store, north_school.leader, text.encode("utf-8-sig"), "apart.csv"
    )

    found = corrections.look_at(north_school.store, north_school.leader, prepared)

    assert content.startswith(codecs.BOM_UTF8)
    assert len(found.accepted) == 1
    assert [row.refused_row_id for row in rows if row.line == 14] == list(found.row_ids)


def test_a_spreadsheet_neither_runs_a_cell_nor_takes_a_mark_for_a_number():
    row = refused_rows.RefusedRow(
        "1234567890123456", 3, "=1+1", "@SOM(A1)", "number_unreadable", "fix_in_file"
    )

    [header, cells] = csv.reader(
        io.StringIO(refused_list.render_csv([row]).decode("utf-8-sig")), delimiter=";"
    )

    assert cells[1:3] == ["'=1+1", "'@SOM(A1)"]
    assert cells[-1] == "#1234567890123456"
    filled = "\n".join(
        ";".join(line) for line in (header, [*cells[:3], "'-5", *cells[4:]], [*cells[:3], "5", *cells[4:]])
    )
    [table] = read_tables(filled.encode(), "apart.csv")
    assert corrections_in([table]) == (
        Correction("1234567890123456", "=1+1", "-5"),
        Correction("1234567890123456", "=1+1", "5"),
    )
