"""A zip of ordinary files: each table in it is like a sheet, and a file that cannot be read holds up no other."""

from __future__ import annotations

import hashlib
import io
import zipfile

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, archives, files, recognise, zips
from qualitycycle.imports.files import FileReason
from tests.imports.conftest import SAMPLES
from tests.imports.made import HEADER, workbook
from tests.imports.test_rosters import lying

ROWS = [[4100 + n, "2025-2026", 4, "rekenen", "M4", 100 + n] for n in range(6)]
TABLE = "\n".join([HEADER, *(";".join(map(str, row)) for row in ROWS)]).encode()
SHEET = [HEADER.split(";"), *ROWS]


def zipped(held, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in held.items():
            archive.writestr(name, content)
    return made.getvalue()


def read(held):
    content = held if isinstance(held, bytes) else zipped(held)
    assert recognise(content, "export.zip") is Kind.ZIP
    return zips.read(content, "export.zip")


def refused(held):
    with pytest.raises(ImportRejected) as caught:
        read(held)
    return caught.value


def test_each_file_is_a_table_under_its_own_name():
    found = read(
        {
            "map/toetsen.csv": TABLE,
            "lezen.txt": TABLE.replace(b"rekenen", b"lezen").replace(b";", b"\t"),
            "een.xlsx": workbook({"Blad1": SHEET}),
            "twee.xlsx": workbook({"Rekenen": SHEET, "Lezen": SHEET}),
        }
    )

    assert [(table.sheet, len(table.frame)) for table in found.tables] == [
        ("toetsen.csv", 6),
        ("lezen.txt", 6),
        ("een.xlsx", 6),
        ("twee.xlsx · Rekenen", 6),
        ("twee.xlsx · Lezen", 6),
    ]
    assert found.unread == ()


def test_two_files_of_one_name_are_told_apart_by_their_folders():
    found = read({"groep 4/toetsen.csv": TABLE, "groep 5/toetsen.csv": TABLE.replace(b";4;", b";5;")})

    assert [table.sheet for table in found.tables] == ["groep 4/toetsen.csv", "groep 5/toetsen.csv"]


def test_what_a_computer_packs_by_itself_is_no_file():
    found = read(
        {
            "map/": b"",
            "map/toetsen.csv": TABLE,
            "b.csv": TABLE,
            "__MACOSX/map/._toetsen.csv": b"\0\5\x16\7",
            "map/.DS_Store": b"\0\0\0\1Bud1",
            ".git/config": b"a;b\n1;2",
            "map/Thumbs.db": b"\xd0\xcf\x11\xe0",
            "desktop.ini": b"[x]",
        }
    )

    assert ([table.sheet for table in found.tables], found.unread) == (["toetsen.csv", "b.csv"], ())


def test_a_file_that_cannot_be_read_is_named_with_its_reason_and_the_others_are_read():
    found = read(
        {
            "brief.pdf": b"%PDF-1.7 x",
            "leeg.csv": b"",
            "kop.csv": HEADER.encode(),
            "nog een.zip": zipped({"toetsen.csv": TABLE}),
            "half.xlsx": workbook({"A": SHEET})[:2_000],
            "brief.docx": zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
            "groepen.xml": (SAMPLES / "edexml_groepen.xml").read_bytes(),
            "duo.csv": (SAMPLES / "duo_referentieniveaus.csv").read_bytes(),
            "toetsen.csv": TABLE,
        }
    )

    assert [table.sheet for table in found.tables] == ["toetsen.csv"]
    assert {one.file: one.reason for one in found.unread} == {
        "brief.pdf": FileReason.NOT_TEXT,
        "leeg.csv": FileReason.EMPTY_FILE,
        "kop.csv": FileReason.ONLY_HEADER,
        "nog een.zip": FileReason.UNKNOWN_ARCHIVE,
        "half.xlsx": FileReason.DAMAGED_WORKBOOK,
        "brief.docx": FileReason.NOT_TEXT,
        "groepen.xml": FileReason.BY_ITSELF,
        "duo.csv": FileReason.BY_ITSELF,
    }


def test_a_zip_without_any_table_is_refused_for_the_file_that_is_nearest_to_one():
    found = refused({"brief.pdf": b"%PDF-1.7 x", "kop.csv": HEADER.encode()})

    assert (found.file, found.reason) == ("export.zip · kop.csv", FileReason.ONLY_HEADER)


def test_one_file_is_read_as_if_it_had_come_alone():
    content, name = zips.only_file(zipped({"map/toetsen.csv": TABLE, ".DS_Store": b"x"}), "export.zip")

    assert (content, name) == (TABLE, "export.zip · toetsen.csv")
    assert zips.only_file(zipped({"a.csv": TABLE, "b.csv": TABLE}), "export.zip") is None
    with pytest.raises(ImportRejected) as caught:
        zips.only_file(zipped({"nog een.zip": zipped({"toetsen.csv": TABLE})}), "export.zip")
    assert (caught.value.file, caught.value.reason) == (
        "export.zip · nog een.zip",
        FileReason.UNKNOWN_ARCHIVE,
    )


def test_a_table_has_the_content_that_its_own_file_has():
    book = workbook({"Rekenen": SHEET, "Lezen": SHEET})
    found = read({"toetsen.csv": TABLE, "twee.xlsx": book})

    digest = hashlib.sha256(book).hexdigest()
    assert [table.content_hash for table in found.tables] == [
        hashlib.sha256(TABLE).hexdigest(),
        files.sheet_hash(digest, "Rekenen"),
        files.sheet_hash(digest, "Lezen"),
    ]


def test_a_table_with_a_column_per_test_becomes_a_row_per_score():
    header = b"Leerlingnummer;Schooljaar;Jaargroep;Rekenen M4;Spelling M4\n"
    wide = header + b"4101;2025-2026;4;101;88\n4102;2025-2026;4;99;90"

    [table, _other] = read({"breed.csv": wide, "toetsen.csv": TABLE}).tables

    assert (table.sheet, len(table.frame), bool(table.wide)) == ("breed.csv", 4, True)


def test_other_kinds_of_zip_stay_what_they_are():
    dossier = (SAMPLES / "oso_dossier.xml").read_bytes()
    roster = {file.name: file.read_bytes() for file in (SAMPLES / "oneroster").iterdir()}

    assert recognise(zipped({"1.xml": dossier, "2.xml": dossier, "lees mij.txt": "x"}), "x") is Kind.OSO_FILES
    assert recognise(zipped(roster), "x") is Kind.ONEROSTER
    assert recognise(workbook({"A": SHEET}), "x.zip") is Kind.TABLE
    for name in ("xlsx", "ods"):
        assert recognise(zipped({f"a.{name}": workbook({"A": SHEET}), "b.csv": TABLE}), "x") is Kind.ZIP


# --- bounds ----------------------------------------------------------------------------------------------


def test_more_files_than_are_read_at_once_are_refused():
    found = refused({f"{n}.csv": TABLE for n in range(zips.BOUNDS.files + 1)})

    assert (found.reason, found.detail) == (FileReason.TOO_LARGE, str(zips.BOUNDS.files + 1))


@pytest.mark.parametrize("said", [None, 10])
def test_a_file_that_unpacks_too_large_is_left_aside_whatever_the_zip_says(monkeypatch, said):
    monkeypatch.setattr(zips, "BOUNDS", archives.Bounds(files=10, one=1_000_000, together=9_000_000))
    bomb = zipped({"toetsen.csv": TABLE, "bom.csv": TABLE + b"\n" * 5_000_000})

    found = read(bomb if said is None else lying(bomb, said))

    assert [one.file for one in found.unread] == ["bom.csv"]
    assert [table.sheet for table in found.tables] == ["toetsen.csv"]


def test_files_that_unpack_too_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(
        zips, "BOUNDS", archives.Bounds(files=10, one=len(TABLE), together=2 * len(TABLE) + 1)
    )

    assert refused({f"{n}.csv": TABLE for n in range(3)}).reason == FileReason.TOO_LARGE


def test_workbooks_that_say_they_are_too_large_together_are_not_opened(monkeypatch):
    book = workbook({"A": SHEET})
    monkeypatch.setattr(zips.workbooks, "MAX_UNPACKED", archives.said_size(io.BytesIO(book)) + 1)

    found = read({"een.xlsx": book, "twee.xlsx": book})

    assert [(one.file, one.reason) for one in found.unread] == [("twee.xlsx", FileReason.WORKBOOK_TOO_LARGE)]


def test_more_rows_or_cells_together_than_are_read_at_once_are_refused(monkeypatch):
    held = {"a.csv": TABLE, "b.csv": TABLE}
    monkeypatch.setattr(zips, "MAX_CELLS", 71)
    assert refused(held).reason == FileReason.WORKBOOK_TOO_LARGE

    monkeypatch.setattr(files, "MAX_ROWS", 11)
    found = refused(held)
    assert (found.file, found.reason, found.detail) == ("export.zip", FileReason.TOO_MANY_ROWS, "12")


def test_a_password_is_told_of_the_file_that_has_it():
    content = bytearray(zipped({"geheim.csv": TABLE, "toetsen.csv": TABLE}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1

    found = read(bytes(content))

    assert [(one.file, one.reason) for one in found.unread] == [("geheim.csv", FileReason.ENCRYPTED_WORKBOOK)]


def test_how_far_it_is_is_told():
    told = []

    zips.read(zipped({f"{n}.csv": TABLE for n in range(4)}), "export.zip", told.append)

    assert told == [0.25, 0.5, 0.75, 1.0]
