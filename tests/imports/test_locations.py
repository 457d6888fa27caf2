"""Open data with a line per location: DUO's reference levels and the school weighting, one school's own line."""

from __future__ import annotations

import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, locations, open_lines, recognise, schemas
from qualitycycle.imports.fields import Status
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.inspectie import School
from qualitycycle.imports.locations import Weighting
from tests.imports.conftest import SAMPLES, SHARED
from tests.imports.made import workbook

OWN = SAMPLES / "duo_referentieniveaus.csv"
PUBLISHED = SHARED / "open_data_po" / "duo_referentieniveaus_2024-2025.parquet"


@pytest.fixture(scope="module")
def published():
    if not PUBLISHED.exists():
        pytest.skip("DUO's file is not part of this repository: see shared/reference/imports")
    return locations.read(PUBLISHED, PUBLISHED.name)


def parquet(columns, **more):
    made = io.BytesIO()
    pq.write_table(pa.table(columns), made, **more)
    return made.getvalue()


def own_as_parquet(**more):
    lines = [line.split(";") for line in OWN.read_text(encoding="utf-8-sig").splitlines()]
    return parquet({name: [row[at] for row in lines[1:]] for at, name in enumerate(lines[0])}, **more)


# --- the published file


def test_every_location_is_read_once(published):
    assert len(published.frame) == published.frame["ovt"].nunique() == 6122
    assert set(published.frame["school_year"]) == {"2024-2025"}


def test_names_are_as_they_are_really_written(published):
    assert not published.frame["name"].str.contains("Ã").any()
    assert "Eben-Haëzerschool" in set(published.frame["name"])


@pytest.mark.parametrize("name", ["Eben-HaÃ«zer", "Eben-Haëzer"])
def test_a_name_in_the_wrong_signs_is_read_again(name):
    content = OWN.read_text(encoding="utf-8-sig").replace("ERGENS", name).encode()

    assert "Eben-Haëzer" in {
        school.place for school in locations.schools(locations.read(content, "x.csv"), "")
    }


def test_hidden_numbers_stay_hidden(published):
    maths = [column for column in published.frame if column.startswith("REKENEN_")]

    assert published.frame[maths].eq("<5").any(axis=1).sum() == 4231


def test_the_published_file_is_recognised(published):
    assert recognise(PUBLISHED, "iets.csv") is Kind.LEVELS


def test_schools_all_over_the_file_become_outcomes(published):
    for ovt in published.frame["ovt"].iloc[::500]:
        rows = locations.to_outcomes(locations.own(published, ovt))
        assert len(rows) == 10
        assert set(rows["status"]) <= {"value", "lt5", "empty"}


# --- a file of our own


def test_csv_and_parquet_say_the_same():
    by_csv, by_parquet = (locations.read(one, "x") for one in (OWN, own_as_parquet()))

    assert recognise(OWN, "x.ods") is Kind.LEVELS is recognise(own_as_parquet(), "x.csv")
    assert by_csv.frame.equals(by_parquet.frame)


def test_a_school_is_a_row_per_subject_and_level():
    frame = locations.to_outcomes(locations.own(locations.read(OWN, "x"), "99ZZ00"))

    schemas.OUTCOMES.validate(frame, lazy=True)
    maths = frame[frame["subject"] == "maths"]
    assert maths["test"].tolist() == ["<1F", "1F", "1S", "2F"]
    assert maths["status"].tolist() == [Status.LT5, "value", "value", "value"]
    assert maths["n_pupils"].isna().all()
    reading = frame[frame["subject"] == "reading"]
    assert (reading["value"].tolist(), set(reading["n_pupils"])) == ([0, 8, 14], {22})


def test_several_locations_are_offered_and_an_unknown_one_is_nothing():
    data = locations.read(OWN, "x")

    assert [one.ovt for one in locations.own(data, "99ZZ")] == ["99ZZ00", "99ZZ01"]
    assert locations.own(data, "88yy").school == School("88YY00", "Zelfgemaakt West", "OVERAL")
    assert [locations.own(data, code) for code in ("", "9", "77XX")] == [[], [], []]
    assert [one.ovt for one in locations.schools(data, "zuid elders")] == ["99ZZ01"]


def test_weightings_are_read_from_every_sheet_with_its_year():
    header = ["OVT", "Naam", "Plaats", "Schoolweging", "Spreiding"]
    book = workbook(
        {
            "Toelichting": [["Schoolweging per vestiging"]],
            "2023-2024": [
                header,
                ["99ZZ|C1", "Noord", "Ergens", 31.47, 6.2],
                ["88YY|C1", "West", "Overal", "", ""],
            ],
            "2024-2025": [header, ["99ZZ|C1", "Noord", "Ergens", "30,125", 6.1]],
        }
    )

    found = locations.own(locations.read(book, "wegingen.ods"), "99ZZ")

    assert recognise(book, "x") is Kind.WEIGHTING
    assert found.weightings == (Weighting("2023-2024", 31.47), Weighting("2024-2025", 30.125))


def test_a_weighting_without_a_year_is_not_guessed():
    book = workbook({"Blad1": [["OVT", "Schoolweging"], ["99ZZ|C1", 31.47]]})

    with pytest.raises(ImportRejected) as caught:
        locations.read(book, "wegingen.ods")

    assert caught.value.reason == FileReason.UNKNOWN_OPEN_DATA


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PAR1", FileReason.DAMAGED_PARQUET),
        (b"PAR1" + b"\xff" * 200 + b"PAR1", FileReason.DAMAGED_PARQUET),
        (parquet({"a": [1]}), FileReason.UNKNOWN_OPEN_DATA),
        (own_as_parquet(compression="none").replace(b"ELDERS", b"\xc2LD\xffRS"), FileReason.DAMAGED_PARQUET),
        (parquet({"PLAATSNAAM": [["a"], ["b"]]}), FileReason.DAMAGED_PARQUET),
    ],
)
def test_other_parquet_is_refused_with_a_reason(content, reason):
    with pytest.raises(ImportRejected) as caught:
        locations.read(content, "x.parquet")

    assert caught.value.reason == reason


def test_a_small_file_that_unfolds_into_too_many_rows_is_refused():
    names = OWN.read_text(encoding="utf-8-sig").splitlines()[0].split(";")
    n = open_lines.MAX_ROWS + 1
    bomb = parquet({name: pa.repeat("5", n) for name in names}, compression="zstd")

    with pytest.raises(ImportRejected) as caught:
        locations.read(bomb, "x.parquet")

    assert (caught.value.reason, len(bomb) < 100_000) == (FileReason.TOO_LARGE, True)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_spoiled_file_is_read_or_refused(data):
    spoiled = bytearray(data.draw(st.sampled_from([OWN.read_bytes(), own_as_parquet()])))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoiled) - 1))
        spoiled[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        found = locations.read(bytes(spoiled), "x")
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason)
        return
    for school in locations.schools(found):
        own = locations.own(found, school.ovt)
        assert isinstance(own, list) or own.levels == () or len(locations.to_outcomes(own))
