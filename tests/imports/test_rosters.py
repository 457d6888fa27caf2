"""EDEXML and OneRoster: groups and year groups, results when there are any, and nobody's name."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, archives, edexml, oneroster, recognise, schemas
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.rosters import RosterGroup
from tests.imports.conftest import SAMPLES, SHARED
from tests.imports.made import pseudonym

OWN = SAMPLES / "edexml_groepen.xml"


def official(*parts):
    file = SHARED.joinpath(*parts)
    if not file.exists():
        pytest.skip("the official examples are not part of this repository: see shared/reference/imports")
    return file


def groups(content):
    return edexml.read(io.BytesIO(content), "groepen.xml")


# --- EDEXML


def test_the_official_example_gives_its_groups():
    found = groups(official("edexml21", "EDEXML.Voorbeeld.2.1.xml").read_bytes())

    assert found.school_year == "2014-2015"
    assert set(found.groups) == {
        RosterGroup("0", "Kabouters", 0),
        RosterGroup("1", "Muizen", 0),
        RosterGroup("1", "Vlinders", 0),
        RosterGroup("4", "", 1),
        RosterGroup("4", "4A", 0),
        RosterGroup("4", "4B", 1),
    }


def test_the_example_with_only_additions_has_no_groups():
    with pytest.raises(ImportRejected) as caught:
        groups(official("edexml20_lvs", "EDEXML.Voorbeeld.LVS_toevoeging.xml").read_bytes())

    assert caught.value.reason == FileReason.NO_GROUPS


def test_a_combination_group_is_there_once_per_year_group():
    found = groups(OWN.read_bytes())

    assert found.groups == (
        RosterGroup("1", "Nieuw", 0),
        RosterGroup("5", "5/6 Otters", 5),
        RosterGroup("6", "5/6 Otters", 1),
        RosterGroup("7", "", 1),
    )
    # One pupil has left; of one the code is of another country.
    assert found.n_unplaced == 1


def test_nobody_is_in_what_was_read():
    held = repr(groups(OWN.read_bytes()))

    assert "eheim" not in held and "111222333" not in held


def test_edexml_is_recognised_by_its_content():
    assert recognise(OWN.read_bytes(), "export.xlsx") is Kind.EDEXML


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_spoiled_edexml_is_read_or_refused(data):
    spoiled = bytearray(OWN.read_bytes())
    at = data.draw(st.integers(0, len(spoiled) - 1))
    spoiled[at : at + data.draw(st.integers(0, 300))] = data.draw(st.binary(max_size=30))
    try:
        found = groups(bytes(spoiled))
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason)
    else:
        assert found.groups


# --- OneRoster

RESULTS = {file.name: file.read_text(encoding="utf-8") for file in sorted((SAMPLES / "oneroster").iterdir())}
ROSTER = {name: text for name, text in RESULTS.items() if name not in ("lineItems.csv", "results.csv")}


def zipped(files, folder=""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(folder + name, text)
    return made.getvalue()


def in_folder(tmp_path, files):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_sample_of_version_one_one_gives_its_groups():
    found = oneroster.read(official("oneroster11", "manifest.csv").parent, "oneroster11")

    assert found.groups == (RosterGroup("2", "Class 1 title", 1),)
    # The second pupil sits in a class without a grade, as does the first one once more.
    assert found.n_unplaced == 2
    assert "ionut" not in repr(found)


def test_a_folder_and_a_zip_say_the_same(tmp_path):
    folder = in_folder(tmp_path, ROSTER)

    found = oneroster.read(zipped(ROSTER, "export/"), "export.zip")

    assert recognise(zipped(ROSTER, "export/"), "x.xlsx") is Kind.ONEROSTER is recognise(folder, "map")
    assert found == oneroster.read(folder, "map")
    assert found.groups == (RosterGroup("5", "5 Otters", 6), RosterGroup("6", "6 Reigers", 6))
    assert found.school_year == "2025-2026"


def test_results_become_outcomes():
    table = oneroster.read(zipped(RESULTS), "export.zip")
    result = read_outcomes(table, oneroster.MAPPING, pseudonym=pseudonym)
    frame = result.accepted

    schemas.OUTCOMES.validate(frame, lazy=True)
    assert frame["pupil"].tolist() == ["p-l0", "p-l2", "p-l1"]
    assert frame["subject"].tolist() == ["maths", "maths", "spelling"]
    assert (frame["value"].tolist()[0], frame["scale"].tolist()[0]) == (31.5, "0-40")
    assert frame["status"].tolist() == ["value", "not_taken", "value"]
    # A result of a test that is nowhere described has no subject.
    assert result.refused["line"].tolist() == [5]
    assert "eheim" not in table.frame.to_csv()


def test_another_version_is_refused():
    files = {**ROSTER, "manifest.csv": "propertyName,value\noneroster.version,1.0\n"}

    with pytest.raises(ImportRejected) as caught:
        oneroster.read(zipped(files), "export.zip")

    assert (caught.value.reason, caught.value.detail) == (FileReason.UNKNOWN_VERSION, "1.0")


def test_a_folder_of_something_else_is_refused(tmp_path):
    with pytest.raises(ImportRejected) as caught:
        recognise(in_folder(tmp_path, {"brief.txt": "Hallo"}), "map")

    assert caught.value.reason == FileReason.UNKNOWN_FOLDER


def lying(content, size):
    """The same zip, with another unpacked size in its directory."""
    at = content.rfind(b"PK\x01\x02")
    return content[: at + 24] + struct.pack("<I", size) + content[at + 28 :]


@pytest.mark.parametrize("said", [None, 10])
def test_a_zip_bomb_is_stopped_by_what_it_really_unpacks(monkeypatch, said):
    monkeypatch.setattr(archives, "MAX_UNPACKED", 1_000_000)
    bomb = zipped({**ROSTER, "results.csv": "x" * 5_000_000})
    bomb = bomb if said is None else lying(bomb, said)

    with pytest.raises(ImportRejected) as caught:
        oneroster.read(bomb, "bom.zip")

    assert caught.value.reason in (FileReason.TOO_LARGE, FileReason.DAMAGED_WORKBOOK)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_a_spoiled_zip_is_read_or_refused(data):
    spoiled = bytearray(zipped(RESULTS))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[at : at + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=20))
    try:
        recognise(bytes(spoiled), "export.zip")
        oneroster.read(bytes(spoiled), "export.zip")
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason)
