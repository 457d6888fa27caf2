"""Files as they come: encodings, separators, titles, workbooks, and what is no table at all."""

from __future__ import annotations

import datetime as dt
import io
import zipfile

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import files, workbooks
from qualitycycle.imports.files import FileReason, read_tables
from tests.imports.conftest import SAMPLES
from tests.imports.made import table, workbook

PLAIN = "Groep;Naam toets;Score\n5a;spelling;7,5\n5b;lezen;8\n"


def rejected(content, name="bestand.csv"):
    with pytest.raises(ImportRejected) as caught:
        read_tables(content, name)
    return caught.value.reason


def cells(found, column):
    return [None if cell is None or cell != cell else str(cell) for cell in found.frame[column]]


# --- encodings and separators


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_reads_the_same_in_every_encoding(encoding):
    found = table("Groep;Toets\n5a;Wereldoriëntatie\n".encode(encoding))

    assert found.columns == ("Groep", "Toets")
    assert cells(found, "Toets") == ["Wereldoriëntatie"]


def test_a_euro_sign_of_windows_survives():
    assert cells(table("Groep;Prijs\n5a;€ 5\n".encode("cp1252")), "Prijs") == ["€ 5"]


def test_a_mangled_byte_order_mark_is_taken_off():
    found = table('ï»¿"PEILDATUM","CODE"\n20241001,00AP\n')

    assert found.columns == ("PEILDATUM", "CODE")


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_the_separator_is_found(separator):
    found = table(PLAIN.replace(",", ".").replace(";", separator))

    assert found.separator == separator
    assert found.columns == ("Groep", "Naam toets", "Score")


def test_decimal_commas_are_not_taken_for_separators():
    found = table("Score;Norm\n7,5;6,1\n8,2;6,3\n9,9;6,4\n")

    assert found.separator == ";"
    assert cells(found, "Score") == ["7,5", "8,2", "9,9"]


def test_excels_own_separator_line_is_obeyed():
    found = table("sep=|\nGroep|Score\n5a|7;5\n")

    assert found.columns == ("Groep", "Score")
    assert found.header_line == 2


def test_text_stays_exactly_as_found():
    found = table("Code;Waarde\n007; 1.50 \nNA;<5\n")

    assert cells(found, "Code") == ["007", "NA"]
    assert cells(found, "Waarde") == [" 1.50 ", "<5"]


# --- headers and lines


def test_titles_above_the_header_are_kept_apart():
    found = table((SAMPLES / "titels_cp1252.csv").read_bytes())

    assert found.header_line == 4
    assert found.preamble == ("Toetsresultaten", "School: Voorbeeldschool", "Schooljaar: 2025-2026")
    assert list(found.frame.index) == [5, 6, 7]


def test_doubled_and_empty_headers_become_different_visibly():
    found = table("Score;;Score\n1;x;2\n")

    assert found.columns == ("Score", "#2", "Score #3")


def test_separators_at_the_end_of_lines_make_no_column():
    assert table("a;b;;\n1;x;;\n2;y;;\n").columns == ("a", "b")


def test_a_line_break_in_a_cell_does_not_shift_the_line_numbers():
    found = table('a;b\n1;"x\ny"\n2;z\n')

    assert list(found.frame.index) == [2, 4]
    assert cells(found, "b") == ["x\ny", "z"]


def test_blank_lines_count_as_lines():
    assert list(table("a;b\n1;x\n\n2;y\n").frame.index) == [2, 3, 4]


def test_a_row_with_too_many_cells_is_named():
    found = table("a;b\n1;x\n2;y;z\n3;q\n")

    assert found.ragged == (3,)
    assert cells(found, "a") == ["1", "2", "3"]


def test_a_row_with_too_few_cells_misses_the_last():
    assert cells(table("a;b\n1\n2;y\n3;z\n"), "b") == [None, "y", "z"]


def test_large_and_small_readers_agree(monkeypatch):
    text = "a;b\n" + "".join(f"{i};{i % 7}\n" for i in range(2000))
    whole = table(text)
    monkeypatch.setattr(files, "_PIECE", 1000)

    pieces = table(text)

    assert cells(pieces, "a") == cells(whole, "a")
    assert list(pieces.frame.index) == list(whole.frame.index)


def test_a_quoted_line_break_where_a_piece_ends_is_read(monkeypatch):
    monkeypatch.setattr(files, "_PIECE", 16)

    found = table("a;b\n" + '1;"x\ny"\n' * 9)

    assert cells(found, "b") == ["x\ny"] * 9


def test_a_stream_is_read_from_its_start_and_left_open():
    stream = io.BytesIO(PLAIN.encode())
    stream.read()

    found = read_tables(stream, "toetsen.csv")

    assert len(found[0].frame) == 2
    assert not stream.closed


def test_a_path_is_read(tmp_path):
    (tmp_path / "toetsen.csv").write_text(PLAIN)

    assert len(read_tables(tmp_path / "toetsen.csv", "toetsen.csv")[0].frame) == 2


# --- no table


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", FileReason.EMPTY_FILE),
        (b"\xef\xbb\xbf\r\n \r\n", FileReason.EMPTY_FILE),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", FileReason.NOT_TEXT),
        (b"%PDF-1.7 ...", FileReason.NOT_TEXT),
        (b"a;b\n1;x\x00y\n", FileReason.NOT_TEXT),
        (b"a;b\n1;\x81\xff\n", FileReason.UNKNOWN_ENCODING),
        (b"<html><body><table><tr><td>a</td></tr></table></body></html>", FileReason.HTML_PAGE),
        (b"<!DOCTYPE html>\n<p>Niet gevonden</p>", FileReason.HTML_PAGE),
        (b"<?xml version='1.0'?><EDEX></EDEX>", FileReason.XML_FILE),
        (b'{"a": [1, 2]}', FileReason.NOT_A_TABLE),
        (b"Beste collega,\nhierbij de resultaten.\nGroet", FileReason.NOT_A_TABLE),
        (b"Groep;Score\n", FileReason.ONLY_HEADER),
        (b"Groep;Score\n;\n\n", FileReason.ONLY_HEADER),
        (b"1001;5;7,5\n1002;5;8,0\n", FileReason.NO_HEADER),
        (b'a;b\n1;"x\n2;y\n', FileReason.OPEN_QUOTE),
        (b"PK\x03\x04 and then nothing", FileReason.DAMAGED_WORKBOOK),
        (workbooks.OLE_MAGIC + b"\0" * 600, FileReason.DAMAGED_WORKBOOK),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(content, expected):
    assert rejected(content) is expected


def test_a_header_with_nothing_under_it_but_separators_is_no_table():
    assert rejected(b"a;b\n;\n;\n") is FileReason.ONLY_HEADER


def test_a_text_file_over_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(files, "MAX_TEXT_BYTES", 10)

    assert rejected(PLAIN.encode()) is FileReason.TOO_LARGE


def test_too_many_columns_are_refused():
    header = ";".join(f"k{i}" for i in range(600))

    assert rejected(f"{header}\n{header}\n".encode()) is FileReason.TOO_MANY_COLUMNS


# --- workbooks


def test_a_workbook_gives_every_sheet_with_a_table():
    content = workbook({"Uitleg": [["Lees mij"]], "A": [["x", "y"], [1, "a"]], "B": [["x", "y"], [2, "b"]]})

    assert [found.sheet for found in read_tables(content, "boek.xlsx")] == ["A", "B"]


def test_figures_in_a_workbook_have_no_noise_and_dates_are_iso():
    found = table(
        workbook({"A": [["getal", "dag"], [38.700000000000003, dt.date(2026, 3, 12)], [0.1 + 0.2, 5]]})
    )

    assert cells(found, "getal") == ["38.7", "0.3"]
    assert cells(found, "dag") == ["2026-03-12", "5"]


def test_a_workbook_number_with_three_decimals_cannot_be_read_as_a_thousand():
    assert cells(table(workbook({"A": [["a", "b"], [1.234, 1234]]})), "a") == ["1.2340"]


def test_a_formula_is_text_or_its_value_and_is_not_run():
    found = table(workbook({"A": [["a", "b"], ["=1+1", "x"], ["y", "z"]]}))

    assert cells(found, "a")[0] in ("0", "2", "")


def test_a_workbook_called_csv_is_still_a_workbook():
    assert len(read_tables(workbook({"A": [["a", "b"], [1, 2]]}), "export.csv")) == 1


def test_a_workbook_with_titles_has_its_header_lower():
    found = table(workbook({"A": [["Overzicht"], [], ["groep", "toets", "score"], ["5a", "dmt", 7]]}))

    assert found.header_line == 3
    assert list(found.frame.index) == [4]


def test_a_workbook_cut_off_half_way_is_refused():
    content = workbook({"A": [["a", "b"]] + [[i, i * 7] for i in range(500)]})

    assert rejected(content[: len(content) // 2]) is FileReason.DAMAGED_WORKBOOK


def test_a_workbook_with_only_a_header_is_refused():
    assert rejected(workbook({"A": [["a", "b"]]})) is FileReason.ONLY_HEADER


def test_a_workbook_without_cells_is_refused():
    assert rejected(workbook({"A": []})) is FileReason.EMPTY_FILE


def test_an_archive_that_is_no_workbook_is_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("lees.txt", "hallo")

    assert rejected(made.getvalue()) is FileReason.UNKNOWN_ARCHIVE


def test_an_encrypted_workbook_is_refused():
    content = workbooks.OLE_MAGIC + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le")

    assert rejected(content) is FileReason.ENCRYPTED_WORKBOOK


def test_one_far_cell_does_not_take_the_server_down():
    made = workbook({"A": [["a", "b"], [1, 2]]})
    content = _with_member(
        made, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b'r="B2"', b'r="XFD1048576"')
    )

    assert rejected(content) is FileReason.WORKBOOK_TOO_LARGE


def test_a_repeated_cell_of_an_ods_does_not_take_the_server_down():
    assert rejected(_ods(rows=1_000_000, columns=1000)) is FileReason.WORKBOOK_TOO_LARGE


def test_empty_repeated_rows_at_the_end_of_an_ods_are_harmless():
    found = read_tables(_ods(rows=3, columns=2, empty_rows=1_048_570), "boek.ods")

    assert len(found[0].frame) == 2


def test_an_ods_cut_off_in_a_text_is_refused_before_its_reader_looks_for_the_rest_for_ever():
    cut_off = _with_member(
        _ods(rows=3, columns=2), "content.xml", lambda xml: xml[: xml.index(b"</table:table>")] + b"x"
    )

    with pytest.raises(workbooks.Refusal) as refused:
        workbooks.check_container(io.BytesIO(cut_off))

    assert refused.value.reason == "damaged_workbook"


def test_a_bomb_is_measured_by_what_it_really_holds(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_UNPACKED", 5_000_000)
    made = workbook({"A": [["a", "b"], [1, 2]]})
    content = _with_member(made, "xl/worksheets/sheet1.xml", lambda xml: xml + b" " * 6_000_000)

    # The directory says the sheet is small; its bytes say otherwise.
    size = (6_000_000 + len(_member(made, "xl/worksheets/sheet1.xml"))).to_bytes(4, "little")
    lying = content.replace(size, (1000).to_bytes(4, "little"))

    assert lying != content
    assert rejected(lying) is FileReason.WORKBOOK_TOO_LARGE


def test_one_long_text_behind_many_cells_does_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(workbooks, "MAX_TEXT_COPIES", 1_000_000)

    content = workbook({"A": [["a", "b"]] + [["x" * 2000, "y"] for _ in range(1000)]})

    assert rejected(content) is FileReason.WORKBOOK_TOO_LARGE


def _member(content, name):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def _with_member(content, name, change):
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            data = old.read(item.filename)
            new.writestr(item.filename, change(data) if item.filename == name else data)
    return made.getvalue()


def _ods(rows, columns, empty_rows=0):
    names = "urn:oasis:names:tc:opendocument:xmlns"
    cell = (
        f'<table:table-cell table:number-columns-repeated="{columns}" office:value-type="string">'
        "<text:p>x</text:p></table:table-cell>"
    )
    empty = '<table:table-cell table:number-columns-repeated="16384"/>'
    content = (
        f'<?xml version="1.0"?><office:document-content xmlns:office="{names}:office:1.0"'
        f' xmlns:table="{names}:table:1.0"'
        f' xmlns:text="{names}:text:1.0"><office:body><office:spreadsheet><table:table table:name="A">'
        f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
        + (
            f'<table:table-row table:number-rows-repeated="{empty_rows}">{empty}</table:table-row>'
            if empty_rows
            else ""
        )
        + "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return made.getvalue()
