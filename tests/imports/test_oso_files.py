"""A zip of OSO dossiers, one per pupil: read together, and a bad one among them named without stopping the others."""

from __future__ import annotations

import io
import zipfile

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, archives, oso, recognise
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.outcomes import read_outcomes
from tests.imports.made import pseudonym, workbook
from tests.imports.test_oso import FORBIDDEN, OWN
from tests.imports.test_rosters import lying

TEXT = OWN.read_text(encoding="utf-8")
KEY = TEXT.partition("<leerlingid>")[2].partition("<")[0]


def dossier(pupil):
    assert KEY
    return TEXT.replace(f"<leerlingid>{KEY}<", f"<leerlingid>{pupil}<")


def zipped(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return made.getvalue()


def read(content):
    table = oso.read_all(content, "klas.zip")
    return table, read_outcomes(table, oso.MAPPING, pseudonym=pseudonym)


GOOD = {f"klas/{n}.xml": dossier(f"k{n}") for n in range(3)}
BAD = {
    "klas/kapot.xml": TEXT[: len(TEXT) // 2],
    "klas/ander.xml": "<EDEX></EDEX>",
    "klas/bom.xml": f'<!DOCTYPE dossier [<!ENTITY a "b">]>{TEXT.partition("?>")[2]}',
    "klas/leeg.xml": "",
}


def test_dossiers_become_one_table_with_a_pupil_each():
    table, result = read(zipped({**GOOD, "lees mij.txt": "x", "__MACOSX/klas/._0.xml": "x"}))
    one = read_outcomes(oso.read(io.BytesIO(TEXT.encode()), "x"), oso.MAPPING, pseudonym=pseudonym)

    assert recognise(zipped(GOOD), "x.csv") is Kind.OSO_FILES
    assert set(result.accepted["pupil"]) == {"p-k0", "p-k1", "p-k2"}
    assert result.counts.accepted == 3 * one.counts.accepted
    assert [name for _line, name in table.parts] == [*GOOD]
    # Lines are counted on, so that each refused row has one of its own.
    assert result.refused["line"].is_unique
    assert len(set(result.accepted["line"])) == len(result.accepted)


def test_a_bad_dossier_is_named_and_the_others_go_in():
    table, result = read(zipped({**BAD, **GOOD}))

    assert [(one.file, one.reason) for _line, one in table.unread] == [
        ("klas/kapot.xml", FileReason.BROKEN_XML),
        ("klas/ander.xml", FileReason.UNKNOWN_XML),
        ("klas/bom.xml", FileReason.XML_DOCTYPE),
        ("klas/leeg.xml", FileReason.EMPTY_FILE),
    ]
    assert set(result.accepted["pupil"]) == {"p-k0", "p-k1", "p-k2"}
    assert result.counts.rows == result.counts.accepted + result.counts.refused + result.counts.blank
    assert set(result.refused["reason"]) >= {"broken_xml", "unknown_xml", "xml_doctype", "empty_file"}
    # A file is often called after its pupil.
    assert "klas/" not in result.refused.to_csv() + result.accepted.to_csv()


def test_nothing_but_results_is_in_what_was_read():
    table, result = read(zipped(GOOD))

    held = table.frame.to_csv() + result.refused.to_csv() + result.accepted.to_csv()
    assert [word for word in FORBIDDEN if word in held and not word.isdigit()] == []


def test_only_bad_dossiers_are_refused_with_the_reason_of_the_first():
    with pytest.raises(ImportRejected) as caught:
        read(zipped({**BAD, "goed.xml": TEXT.replace("toets", "tests")}))

    assert (caught.value.file, caught.value.reason) == ("klas/kapot.xml", FileReason.BROKEN_XML)


def test_a_workbook_or_a_zip_of_something_else_is_no_dossier():
    assert recognise(workbook({"Blad1": [["a", "b"], ["1", "2"]]}), "x.zip") is Kind.TABLE
    with pytest.raises(ImportRejected) as caught:
        recognise(zipped({"brief.xml": "<brief/>", "nog een.xml": "<brief/>"}), "x.zip")
    assert caught.value.reason == FileReason.UNKNOWN_ARCHIVE


@pytest.mark.parametrize("said", [None, 10])
def test_one_dossier_that_unpacks_too_large_is_left_aside(monkeypatch, said):
    monkeypatch.setattr(archives, "MAX_FILE", 1_000_000)
    bomb = zipped({**GOOD, "klas/9.xml": TEXT + " " * 5_000_000})
    # A zip that lies about a size is damaged; either way nothing is unpacked past the bound.
    bomb = bomb if said is None else lying(bomb, said)

    table, result = read(bomb)

    assert [one.file for _line, one in table.unread] == ["klas/9.xml"]
    assert set(result.accepted["pupil"]) == {"p-k0", "p-k1", "p-k2"}


def test_many_dossiers_that_unpack_too_large_together_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_FILES_UNPACKED", 2 * len(TEXT))
    with pytest.raises(ImportRejected) as caught:
        read(zipped(GOOD))
    assert caught.value.reason == FileReason.TOO_LARGE

    monkeypatch.setattr(archives, "MAX_FILES", 2)
    with pytest.raises(ImportRejected) as caught:
        read(zipped(GOOD))
    assert (caught.value.reason, caught.value.detail) == (FileReason.TOO_LARGE, "3")
