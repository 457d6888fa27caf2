"""What the columns of a Dutch export probably are, and a profile that remembers it."""

from __future__ import annotations

import json

import pytest

from qualitycycle.imports.fields import Field, ScoreKind, Sector
from qualitycycle.imports.mapping import Mapping, suggest_mapping
from tests.imports.conftest import ROOT, SAMPLES
from tests.imports.made import HEADER, table, workbook

ROW = "1001;2025-2026;5;rekenen;M5;245,3"


def suggest(header, *rows):
    return suggest_mapping(table("\n".join([header, *rows]) + "\n"))


def test_the_sample_for_schools_is_mapped_completely():
    mapping = suggest_mapping(table((ROOT / "data" / "voorbeeld_lvs.csv").read_bytes()))

    assert mapping.columns == {
        Field.PUPIL: "Leerlingnummer",
        Field.SCHOOL_YEAR: "Schooljaar",
        Field.GROUP_NAME: "Groep",
        Field.YEAR_GROUP: "Jaargroep",
        Field.SUBJECT: "Vakgebied",
        Field.TEST: "Toets",
        Field.TEST_MAKER: "Toetsaanbieder",
        Field.MOMENT: "Afnamemoment",
        Field.MEASURED_ON: "Afnamedatum",
        Field.VALUE: "Vaardigheidsscore",
        Field.LEVEL: "Niveau",
    }
    assert mapping.constants[Field.SCALE] == "vaardigheidsscore"


@pytest.mark.parametrize(
    ("header", "row", "expected"),
    [
        ("Leerlingnr.;Datum;Groep;Vak;VS;I-V", "1001;12-3-2026;5a;rekenen;245;III", "VS"),
        ("Leerling ID;Schooljaar;Leerjaar;Vak;Cijfer", "1001;2025-2026;2;wiskunde;7,5", "Cijfer"),
        ("Leerling;Sj;Groep;Toets;% goed", "1001;25-26;5a;spelling;85%", "% goed"),
        ("Stamnr;Cursusjaar;Klas;Vak;Resultaat", "1001;2025/2026;2b;nederlands;6,4", "Resultaat"),
    ],
)
def test_the_result_column_is_found_by_its_name(header, row, expected):
    assert suggest(header, row).columns[Field.VALUE] == expected


def test_a_vo_export_is_recognised_by_its_words():
    assert (
        suggest("Stamnr;Cursusjaar;Klas;Vak;Cijfer", "1001;2025-2026;2b;nederlands;6,4").sector is Sector.VO
    )


def test_two_columns_of_one_name_are_told_apart_by_what_they_hold():
    mapping = suggest_mapping(table((SAMPLES / "titels_cp1252.csv").read_bytes()))

    assert mapping.columns[Field.VALUE] == "Score"
    assert mapping.columns[Field.LEVEL] == "Score #8"


def test_the_school_year_in_a_title_is_for_all_rows():
    mapping = suggest_mapping(table((SAMPLES / "titels_cp1252.csv").read_bytes()))

    assert mapping.constants[Field.SCHOOL_YEAR] == "2025-2026"


def test_a_name_that_its_values_deny_is_not_suggested():
    assert (
        Field.MEASURED_ON not in suggest("Leerlingnummer;Datum;Score", "1001;rood;7", "1002;blauw;8").columns
    )


def test_a_column_under_a_strange_name_is_found_by_its_values():
    assert (
        suggest("Leerlingnummer;Wanneer;Score", "1001;12-3-2026;7", "1002;13-3-2026;8").columns[
            Field.MEASURED_ON
        ]
        == "Wanneer"
    )


def test_a_functional_level_is_not_taken_for_a_moment():
    columns = suggest("Leerlingnr;Datum;VS;I-V;FN", "12;16-1-2026;214,3;II;E5").columns

    assert Field.MOMENT not in columns
    assert columns[Field.LEVEL] == "I-V"


@pytest.mark.parametrize(("cell", "expected"), [("12 maart 2026", Field.MEASURED_ON), ("M5", Field.MOMENT)])
def test_afname_is_a_day_or_a_moment_by_what_it_holds(cell, expected):
    mapping = suggest("lln_id;afname;score", f"12;{cell};7")

    assert mapping.columns[expected] == "afname"
    assert mapping.columns[Field.PUPIL] == "lln_id"


def test_personal_columns_are_never_suggested():
    mapping = suggest("Naam;Geboortedatum;Leerlingnummer;Score", "(naam);1-1-2015;1001;7")

    assert set(mapping.columns.values()) == {"Leerlingnummer", "Score"}


def test_percent_signs_make_a_percentage():
    assert (
        suggest("Leerlingnummer;Score", "1001;85%", "1002;90%").constants[Field.SCORE_KIND]
        == ScoreKind.PERCENTAGE
    )


def test_a_percentage_column_of_excel_is_seen_to_hold_shares():
    found = table(workbook({"A": [["Leerlingnummer", "Percentage"], [1001, 0.85], [1002, 0.9], [1003, 1]]}))

    assert suggest_mapping(found).shares


def test_a_profile_survives_json():
    mapping = suggest(HEADER, ROW).with_constants(school_year="2025-2026")

    assert Mapping.from_json(json.loads(json.dumps(mapping.to_json()))) == mapping


def test_a_profile_fits_a_file_with_the_same_headers_in_another_order():
    profile = suggest(HEADER, ROW)
    turned = table(";".join(reversed(HEADER.split(";"))) + "\n" + ";".join(reversed(ROW.split(";"))) + "\n")

    assert profile.fits(turned)


def test_a_profile_does_not_fit_a_file_with_another_header():
    assert not suggest(HEADER, ROW).fits(table(f"{HEADER};Extra\n{ROW};x\n"))


@pytest.mark.parametrize("kept", [{}, {"version": 1}, {"version": 99}, [], {"version": 1, "columns": []}])
def test_what_is_no_profile_is_a_value_error(kept):
    with pytest.raises(ValueError, match="profile"):
        Mapping.from_json(kept)
