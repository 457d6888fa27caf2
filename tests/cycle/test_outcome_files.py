"""Files of fixed formats: recognised, read and stored as on the page, and nothing about a person kept."""

from __future__ import annotations

import zipfile

import pytest

from qualitycycle.cycle import (
    import_batches,
    import_files,
    import_preview,
    import_words,
    refused_rows,
    series,
    upkeep,
)
from qualitycycle.errors import ImportRejected
from tests.imports.conftest import SAMPLES
from tests.imports.made import workbook
from tests.imports.test_oso import FORBIDDEN, OFFICIAL


def read_in(world, path, **more):
    return import_files.import_file(world.store, world.leader, path, **more)


def test_a_dossier_is_read_in_from_the_terminal(north_school):
    done = read_in(north_school, SAMPLES / "oso_dossier.xml")

    assert (done.kind, done.accepted, done.refused) == ("oso", 6, 2)
    assert done.reasons == {"intelligence_test": 1, "score_kind_unknown": 1}
    assert "bsn" in done.dropped_columns


def test_the_very_same_dossier_is_recognised(north_school):
    read_in(north_school, SAMPLES / "oso_dossier.xml")

    again = import_preview.read_file(
        north_school.store, north_school.leader, SAMPLES / "oso_dossier.xml", "anders.xml"
    )

    assert again.already is not None


def test_another_kind_than_asked_is_refused(north_school):
    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, SAMPLES / "oso_dossier.xml", kind="inspectie_ods")

    assert (caught.value.reason, caught.value.detail) == ("other_kind", "oso")


def test_a_folder_of_one_roster_is_read_in_once(north_school):
    folder = SAMPLES / "oneroster"

    done = read_in(north_school, folder)

    assert (done.kind, done.accepted, done.refused) == ("oneroster", 3, 1)
    again = import_preview.read_file(north_school.store, north_school.leader, folder, "oneroster")
    assert again.already is not None


def test_the_own_line_of_duo_is_read_in_and_a_later_reading_replaces_it(north_school):
    world, file = north_school, SAMPLES / "duo_referentieniveaus.csv"

    first = read_in(world, file, brin="99ZZ00")
    second = read_in(world, file, brin="99ZZ01")

    assert (first.kind, first.accepted) == ("duo_reference_levels", 10)
    current = [one for one in import_batches.batches(world.store, world.leader) if one.kind == first.kind]
    assert [one.batch_id for one in current] == [second.batch.batch_id]
    told = world.store.rows("SELECT DISTINCT status FROM outcome WHERE batch_id = $b", b=first.batch.batch_id)
    assert {row["status"] for row in told} == {"value", "lt5"}
    # What was read can be looked at wherever results are.
    for line in series.selections(world.store, world.leader):
        assert series.series(world.store, world.leader, line) is not None


def test_a_location_that_is_not_certain_is_asked_for(north_school):
    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, SAMPLES / "duo_referentieniveaus.csv", brin="99ZZ")

    assert caught.value.reason == "which_school"


def test_files_on_exams_stand_beside_each_other_and_a_later_one_replaces_its_own(north_school):
    world = north_school
    files = [
        SAMPLES / f"duo_{name}.csv"
        for name in ("examens_vijf_jaar", "examens_2024-2025", "examencijfers_vwo")
    ]

    done = [read_in(world, file, brin="99VO00") for file in files]
    again = read_in(world, files[1], brin="99VO00")

    assert [one.accepted for one in done] == [6, 12, 6]
    current = {one.batch_id for one in import_batches.batches(world.store, world.leader)}
    assert current == {done[0].batch.batch_id, done[2].batch.batch_id, again.batch.batch_id}
    hidden = world.store.rows("SELECT DISTINCT value FROM outcome WHERE status <> 'value'")
    assert hidden == [{"value": None}]


def test_weightings_are_kept_as_reference_values(north_school, tmp_path):
    file = tmp_path / "wegingen.xlsx"
    file.write_bytes(workbook({"2024-2025": [["OVT", "Schoolweging"], ["99ZZ|C1", 31.47]]}))

    done = read_in(north_school, file, brin="99ZZ")

    assert (done.kind, done.accepted) == ("school_weighting", 1)
    assert upkeep.doctor(north_school.store) == []
    stored = north_school.store.rows(
        "SELECT school_year, value FROM reference_value WHERE name = 'school_weighting'"
    )
    assert stored == [{"school_year": "2024-2025", "value": 31.47}]


@pytest.mark.parametrize(
    "file", [SAMPLES / "oso_dossier.xml", OFFICIAL / "Voorbeelddossier_OV_POVO_full.xml"]
)
def test_nothing_about_the_person_is_in_the_store_or_its_export(north_school, tmp_path, file):
    if not file.exists():
        pytest.skip("the official OSO examples are not part of this repository: see shared/reference/imports")
    read_in(north_school, file)
    north_school.store.rows("CHECKPOINT")
    upkeep.export(north_school.store, north_school.leader, tmp_path / "export")
    upkeep.back_up(north_school.store, north_school.leader, tmp_path / "backup")

    folders = (north_school.store.path.parent, tmp_path)
    files = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    held = b"\n".join(one.read_bytes() for one in files)

    # Short figures are in every file; they are looked for in the reader's own test.
    words = [word for word in FORBIDDEN if len(word) > 4]
    assert len(files) > 3 and words
    assert [word for word in words if word.encode() in held] == []
    assert b"LN094837" not in held and b'"4711"' not in held


def test_a_zip_of_dossiers_is_read_in_and_the_bad_one_kept_aside_without_its_name(north_school, tmp_path):
    world, file = north_school, tmp_path / "klas.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("goed.xml", (SAMPLES / "oso_dossier.xml").read_bytes())
        archive.writestr("Piet de Vries.xml", (SAMPLES / "oso_dossier.xml").read_bytes()[:900])

    done = read_in(world, file)

    assert (done.kind, done.accepted, done.refused) == ("oso_files", 6, 3)
    assert done.reasons["broken_xml"] == 1
    aside = refused_rows.refused_rows(world.store, world.leader, done.batch.batch_id)
    assert "Piet" not in repr(aside)
    assert "dossiers" in import_words.reason("broken_xml")


# --- a zip of ordinary files -----------------------------------------------------------------------------


def table_of(subject, n=6):
    header = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
    return header + "".join(f"{4100 + pupil};2025-2026;4;{subject};M4;{100 + pupil}\n" for pupil in range(n))


@pytest.fixture
def mailed(tmp_path):
    """A zip as a mail brings it: two tables, a letter, answers to a questionnaire and a list of another kind."""
    file = tmp_path / "mail.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("rekenen.csv", table_of("rekenen", 8))
        archive.writestr("lezen.csv", table_of("lezen"))
        archive.writestr("brief.pdf", "%PDF-1.7 x")
        archive.writestr("formulier.csv", (SAMPLES / "microsoft_forms_nl.csv").read_bytes())
        archive.writestr(
            "apart.csv", "Kolom;Verbeterd;Kenmerk (laten staan)\nVakgebied;lezen;0123456789abcdef\n"
        )
    return file


def test_the_tables_of_a_zip_are_read_in_one_after_the_other(north_school, mailed):
    first, second = (read_in(north_school, mailed) for _time in range(2))

    assert (first.sheet, first.left, first.accepted) == ("rekenen.csv", ("lezen.csv",), 8)
    assert (second.sheet, second.left, second.accepted) == ("lezen.csv", (), 6)
    assert first.batch.file_name == "mail.zip · rekenen.csv"
    assert {(one.file, str(one.reason)) for one in first.unread} == {
        ("brief.pdf", "not_text"),
        ("formulier.csv", "answers"),
        ("apart.csv", "by_itself"),
    }
    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, mailed)
    assert caught.value.reason == "already_read"


def test_a_file_out_of_a_zip_is_known_again_without_the_zip(north_school, mailed, tmp_path):
    read_in(north_school, mailed, sheet="Lezen.csv")
    alone = tmp_path / "alleen.csv"
    alone.write_text(table_of("lezen"), encoding="utf-8")

    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, alone)

    assert caught.value.reason == "already_read"


def test_a_name_that_is_not_in_the_zip_is_told_with_the_names_that_are(north_school, mailed):
    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, mailed, sheet="groep 9.csv")

    assert (caught.value.reason, "rekenen.csv" in caught.value.detail) == ("unknown_in_zip", True)


@pytest.mark.parametrize("name", ["duo_referentieniveaus.csv", "edexml_groepen.xml", "oso_dossier.xml"])
def test_one_file_in_a_zip_is_read_in_as_what_it_is(north_school, tmp_path, name):
    file = tmp_path / "een.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(f"map/{name}", (SAMPLES / name).read_bytes())

    assert read_in(north_school, file, brin="99ZZ00").accepted
