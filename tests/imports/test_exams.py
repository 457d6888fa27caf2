"""DUO's open data on final exams: three files, one location's own figures, and nothing guessed."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from qualitycycle import words
from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, fields, locations, recognise, schemas
from qualitycycle.imports.fields import Status
from qualitycycle.imports.files import FileReason
from tests.imports.conftest import SAMPLES
from tests.imports.made import workbook

FIVE_YEARS = SAMPLES / "duo_examens_vijf_jaar.csv"
ONE_YEAR = SAMPLES / "duo_examens_2024-2025.csv"
SUBJECTS = SAMPLES / "duo_examencijfers_vwo.csv"


def own(file, code, name=None):
    return locations.own(locations.read(file, name or file.name), code)


def rows_of(file):
    return [line.split(";") for line in file.read_text(encoding="utf-8").splitlines()]


def told(exams):
    return [
        (one.school_year, one.track, one.profile, one.test, one.value, one.n, str(one.status))
        for one in exams
    ]


@pytest.mark.parametrize("file", [FIVE_YEARS, ONE_YEAR, SUBJECTS])
def test_the_three_files_are_recognised_by_their_columns(file):
    assert recognise(file.read_bytes(), "iets.ods") is Kind.EXAMS
    assert recognise(workbook({"Blad1": rows_of(file)}), "iets.csv") is Kind.EXAMS


def test_five_years_give_the_share_that_passed_per_programme():
    found = own(FIVE_YEARS, "99VO00")

    assert told(found.exams) == [
        ("2023-2024", "havo", "HAVO - N&T", "passed", 90.0, 10, "value"),
        ("2023-2024", "havo", "HAVO - E&M", "passed", 85.0, 40, "value"),
        ("2023-2024", "vmbo tl", "VMBO T - economie", "passed", None, 15, "lt5"),
        ("2024-2025", "havo", "HAVO - N&T", "passed", 100.0, 12, "value"),
        ("2024-2025", "havo", "HAVO - E&M", "passed", None, None, "lt5"),
        ("2024-2025", "vmbo tl", "VMBO T - economie", "passed", None, 0, "empty"),
    ]
    assert [told(own(FIVE_YEARS, "99VO01").exams)[-1][-1]] == [Status.MASKED]


def test_one_year_gives_marks_too_and_hidden_ones_stay_hidden():
    found = own(ONE_YEAR, "99VO00")

    assert {one.school_year for one in found.exams} == {"2024-2025"}
    assert told(found.exams)[:4] == [
        ("2024-2025", "vwo", "Natuur en Techniek", "passed", 90.0, 20, "value"),
        ("2024-2025", "vwo", "Natuur en Techniek", "schoolexamen", 6.7, 20, "value"),
        ("2024-2025", "vwo", "Natuur en Techniek", "centraal examen", 6.4, 20, "value"),
        ("2024-2025", "vwo", "Natuur en Techniek", "cijferlijst", 6.6, 20, "value"),
    ]
    small = [one for one in found.exams if one.profile == "Cultuur en Maatschappij"]
    assert {(one.value, one.n, one.status) for one in small} == {(None, None, Status.LT5)}
    vmbo = {one.test: one for one in found.exams if one.track == "vmbo kb"}
    assert (vmbo["centraal examen"].status, vmbo["passed"].value) == (Status.MASKED, 87.5)
    # A school type without a final exam that we know is left alone.
    assert {one.year_group for one in found.exams} == {"14", "16"}


def test_the_year_is_not_guessed():
    with pytest.raises(ImportRejected) as caught:
        locations.read(ONE_YEAR.read_bytes(), "examens.csv")

    assert caught.value.reason == FileReason.YEAR_UNKNOWN


def test_marks_per_subject_have_the_number_of_exams_behind_them():
    found = own(SUBJECTS, "99vo00")

    assert told(found.exams) == [
        ("2023-2024", "vwo", "", "Nederlandse taal en literatuur: schoolexamen", 6.8, 30, "value"),
        ("2023-2024", "vwo", "", "Nederlandse taal en literatuur: centraal examen", 6.5, 30, "value"),
        ("2023-2024", "vwo", "", "wiskunde B: schoolexamen", 6.9, 14, "value"),
        ("2023-2024", "vwo", "", "wiskunde B: centraal examen", None, None, "lt5"),
        ("2023-2024", "vwo", "", "natuurkunde: schoolexamen", 6.4, 12, "value"),
        ("2023-2024", "vwo", "", "natuurkunde: centraal examen", 6.2, 12, "value"),
    ]
    assert {one.subject for one in found.exams} == {"language", "maths", "physics"}


@pytest.mark.parametrize("file", [FIVE_YEARS, ONE_YEAR, SUBJECTS])
def test_every_file_becomes_outcomes(file):
    found = own(file, "99VO00")

    frame = locations.to_outcomes(found)

    schemas.OUTCOMES.validate(frame, lazy=True)
    assert len(frame) == found.n_rows == len(found.exams)
    assert not frame.duplicated(["school_year", "group_name", "subject", "test"]).any()


def test_csv_and_parquet_say_the_same():
    lines = rows_of(ONE_YEAR)
    made = io.BytesIO()
    # As DUO writes column names since 2025.
    columns = {name.replace(" ", "_"): [row[at] for row in lines[1:]] for at, name in enumerate(lines[0])}
    pq.write_table(pa.table(columns), made)

    by_parquet = own(made.getvalue(), "99VO00", ONE_YEAR.name)

    assert recognise(made.getvalue(), "x") is Kind.EXAMS
    assert by_parquet == own(ONE_YEAR, "99VO00")


def test_the_names_of_earlier_years_are_known():
    text = FIVE_YEARS.read_text(encoding="utf-8")
    older = text.replace("INSTELLINGSCODE", "BRIN NUMMER").replace("VESTIGINGSCODE", "VESTIGINGSNUMMER")
    older = older.replace(" - TOTAAL", " TOTAAL").replace(" - MAN", " MAN")

    assert own(older.encode("cp1252"), "99VO00", "x").exams == own(FIVE_YEARS, "99VO00").exams


@pytest.mark.parametrize(
    ("file", "detail"), [(ONE_YEAR, "6: GESLAAGDEN"), (SUBJECTS, "6: GEM CIJFER SCHOOLEXAMENS")]
)
def test_a_figure_that_cannot_be_right_is_refused_by_name(file, detail):
    with pytest.raises(ImportRejected) as caught:
        own(file, "99VO01")

    assert caught.value.reason == FileReason.FIGURE_UNREADABLE
    assert caught.value.detail.startswith(detail)


def test_another_layout_is_refused_and_not_read_as_a_table():
    text = b"INSTELLINGSCODE;VESTIGINGSCODE;EXAMENKANDIDATEN 2030\n99VO;00;12\n"

    assert recognise(text, "x.csv") is Kind.EXAMS
    with pytest.raises(ImportRejected) as caught:
        locations.read(text, "x.csv")
    assert caught.value.reason == FileReason.UNKNOWN_OPEN_DATA


def test_every_subject_has_a_word_and_is_read_back_from_its_own():
    assert set(words.SUBJECTS) == set(fields.SUBJECTS)
    assert [fields.parse_subject(own[0]) for own in fields.SUBJECTS.values()] == list(fields.SUBJECTS)


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("Wereldoriëntatie - Aardrijkskunde", "geography"),
        ("wiskunde B", "maths"),
        ("Duitse taal en literatuur", "german"),
        ("Friese taal en cultuur", "frisian"),
        ("natuur- en scheikunde 2", "chemistry"),
    ],
)
def test_subjects_of_secondary_schools_are_known(text, subject):
    assert fields.parse_subject(text) == subject
