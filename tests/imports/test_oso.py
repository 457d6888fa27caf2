"""OSO dossiers: test results and nothing else, what is certain and the rest with a sentence."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, oso, recognise, schemas
from qualitycycle.imports.fields import Reason
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.refusals import Hint
from tests.imports.conftest import SAMPLES, SHARED
from tests.imports.made import pseudonym

OWN = SAMPLES / "oso_dossier.xml"
OFFICIAL = SHARED / "oso2019"
# Names, numbers, dates, places, advice and intelligence of the official example and of our own.
FORBIDDEN = (
    "Berg", "Björn", "Daan", "269326728", "2003-03-17", "7311BA", "Hoofdstraat", "de Haan", "Graaf", "Smit",
    "Mathijssen", "ADHD", "Slechthorend", "Zwieten", "leerling@leerling.nl", "HAVO/VMBO", "plus", "WISC", "NIO",
    "114", "108", "125", "97", "Geheim", "geheim", "Heim", "111222333", "2014-02-03", "119",
)  # fmt: skip


def read(content):
    table = oso.read(io.BytesIO(content), "dossier.xml")
    return read_outcomes(table, oso.MAPPING, pseudonym=pseudonym)


def figures(result):
    """Subject, scale and figure or level of each row, in the order of the file."""
    frame = result.accepted.astype(object).where(result.accepted.notna(), None)
    told = frame["value"].where(frame["value"].notna(), frame["level"])
    return list(zip(frame["subject"], frame["scale"], told, strict=True))


def official(name):
    file = OFFICIAL / name
    if not file.exists():
        pytest.skip("the official OSO examples are not part of this repository: see shared/reference/imports")
    return file.read_bytes()


def changed(old, new):
    text = OWN.read_text(encoding="utf-8")
    assert old in text
    return read(text.replace(old, new).encode())


# --- the official examples


def test_the_full_example_gives_its_certain_results():
    result = read(official("Voorbeelddossier_OV_POVO_full.xml"))

    schemas.OUTCOMES.validate(result.accepted, lazy=True)
    assert figures(result) == [
        ("language_and_maths", "standaardscore", 525.0),
        ("reading", "reference", "<1F"),
        ("language_conventions", "reference", "<1F"),
        ("maths", "reference", "2F"),
        ("technical_reading", None, 15.0),
        ("technical_reading", "DLE", 60.0),
        ("technical_reading", "A-E", "D"),
        ("maths", "110", 90.0),
        ("maths", "A-E", "B"),
        ("maths", "I-V", "III"),
        ("maths", "reference", "1F"),
        ("maths", "DLE", 40.0),
        ("reading_comprehension", "118", 103.0),
        ("reading_comprehension", "A-E", "C"),
        ("reading_comprehension", "I-V", "III"),
        ("reading_comprehension", "reference", "1F"),
        ("reading_comprehension", "DLE", 40.0),
    ]


def test_the_full_example_keeps_aside_what_is_not_certain():
    result = read(official("Voorbeelddossier_OV_POVO_full.xml"))

    assert result.refused["reason"].value_counts().to_dict() == {
        Reason.SCORE_KIND_UNKNOWN: 5,  # DQ once, CAE and CIV twice
        Reason.LEVEL_UNKNOWN: 2,  # a functional level written as a number
        Reason.INTELLIGENCE_TEST: 2,  # NIO and WISC
    }
    assert (result.counts.accepted, result.counts.refused) == (17, 9)


@pytest.mark.parametrize(
    "name", ["Voorbeelddossier_OV_POPO_opt_out.xml", "Voorbeelddossier_OV_BB_opt_out.xml"]
)
def test_an_example_without_results_says_so(name):
    with pytest.raises(ImportRejected) as caught:
        read(official(name))

    assert caught.value.reason == FileReason.NO_RESULTS


def test_nothing_about_the_person_leaves_the_reader():
    for content in (official("Voorbeelddossier_OV_POVO_full.xml"), OWN.read_bytes()):
        table = oso.read(io.BytesIO(content), "dossier.xml")
        result = read(content)
        held = "\n".join(frame.to_csv() for frame in (table.frame, result.accepted, result.refused))

        # Figures are looked for as whole cells: 114 may stand inside a line number.
        cells = set(held.replace('"', "").replace("\n", ",").split(","))
        assert not [word for word in FORBIDDEN if (word in cells if word.isdigit() else word in held)]


# --- a dossier of our own


def test_each_figure_is_a_row_with_its_scale():
    result = read(OWN.read_bytes())

    assert figures(result) == [
        ("language_and_maths", "standaardscore", 81.0),
        ("maths", "reference", "1S"),
        ("maths", "RW3", 101.5),
        ("maths", "I-V", "II"),
        ("maths", "functional", "M8"),
        ("spelling", None, 31.0),
    ]
    frame = result.accepted.set_index("line")
    score = frame[(frame["scale"] == "RW3")].iloc[0]
    assert (score["value"], score["moment"], score["edition"], score["test"]) == (
        101.5,
        "M",
        "digitaal",
        "Rekenen-Wiskunde 3.0",
    )
    assert (score["year_group"], score["group_name"], score["school_year"]) == (
        "8",
        "8 Vlinders",
        "2025-2026",
    )
    assert set(frame["pupil"]) == {"p-4711"}


def test_a_final_test_stands_at_its_own_moment():
    frame = read(OWN.read_bytes()).accepted
    final = frame[frame["moment"] == "DT"]

    assert final["subject"].tolist() == ["language_and_maths", "maths"]
    assert set(final["test_maker"]) == {"iep"}


def test_a_test_out_of_season_has_no_moment_and_a_group_elsewhere_no_name():
    frame = read(OWN.read_bytes()).accepted
    spelling = frame[frame["subject"] == "spelling"].iloc[0]

    assert (spelling["moment"] != spelling["moment"], spelling["year_group"]) == (True, "7")
    assert spelling["group_name"] != spelling["group_name"]
    assert (spelling["score_kind"], spelling["value"]) == ("count", 31.0)


def test_a_level_among_others_than_the_nation_is_kept_aside():
    result = read(OWN.read_bytes())

    assert sorted(result.refused["reason"]) == [Reason.INTELLIGENCE_TEST, Reason.SCORE_KIND_UNKNOWN]
    assert set(result.refused["hint"]) == {Hint.LEAVE_OUT}


def test_who_took_no_part_is_told_as_such():
    result = changed("<deelgenomen>true", "<deelgenomen>false")
    final = result.accepted[result.accepted["moment"] == "DT"]

    assert final["status"].tolist() == ["not_taken"]


def test_a_pupil_without_a_number_is_kept_aside():
    result = changed("<leerlingid>4711</leerlingid>", "")

    assert result.counts.accepted == 0
    assert set(result.refused["reason"]) <= {
        Reason.PUPIL_MISSING,
        Reason.INTELLIGENCE_TEST,
        Reason.SCORE_KIND_UNKNOWN,
    }


def test_a_bsn_as_pupil_number_is_refused_as_a_whole():
    with pytest.raises(ImportRejected) as caught:
        changed("<leerlingid>4711<", "<leerlingid>111222333<")

    assert caught.value.reason == FileReason.PUPIL_COLUMN_BSN


def test_what_was_left_out_is_named():
    names = {column.column for column in read(OWN.read_bytes()).dropped_columns}

    assert {"bsn", "geboortedatum", "voornaam, achternaam"} <= names


# --- recognised by content


def test_a_dossier_is_recognised_under_any_name():
    assert recognise(OWN.read_bytes(), "export.csv") is Kind.OSO


@pytest.mark.parametrize(
    "text",
    [
        '<dossier xmlns="urn:iets-anders"><huidigeschool/></dossier>',
        "<dossier/>",
        "<LeerlingenLijst/>",
        '<x:Envelope xmlns:x="http://schemas.xmlsoap.org/soap/envelope/"/>',
    ],
)
def test_other_xml_is_refused_with_a_sentence(text):
    with pytest.raises(ImportRejected) as caught:
        recognise(text.encode(), "iets.xml")

    assert caught.value.reason == FileReason.UNKNOWN_XML


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="<&", exclude_categories=("Cc", "Cs")), max_size=12
)
WORDS = (
    "4711",
    "rekenen",
    "M8-digitaal",
    "2026-01-20",
    "101.5",
    "RW3",
    "IV",
    "II",
    "Landelijk",
    "FN",
    "03",
    "81",
)


@settings(max_examples=20, deadline=None)
@given(st.dictionaries(st.sampled_from(WORDS), TEXT | st.sampled_from(WORDS), min_size=1))
def test_whatever_a_dossier_says_every_figure_is_stored_or_refused(words):
    text = OWN.read_text(encoding="utf-8")
    for old, new in words.items():
        text = text.replace(f">{old}<", f">{new}<")
    try:
        result = read(text.encode())
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason)
        return
    counts = result.counts
    assert counts.rows == counts.accepted + counts.refused + counts.blank
    schemas.OUTCOMES.validate(result.accepted, lazy=True)
    schemas.REFUSED.validate(result.refused, lazy=True)
