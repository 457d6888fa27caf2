"""Rows of an export to canonical outcomes: every row accepted, blank, or refused with its reason."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import files, refusals, rows, schemas
from qualitycycle.imports.fields import Field, Reason, Sector
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.mapping import Mapping, suggest_mapping
from qualitycycle.imports.outcomes import ResultKind, read_outcomes
from qualitycycle.imports.refusals import HINTS
from qualitycycle.imports.wide import as_long
from tests.imports.conftest import ROOT, SAMPLES
from tests.imports.made import HEADER, one_row, pseudonym, read, reason, table, with_good_rows, workbook

FULL = f"{HEADER};Niveau;Afnamedatum;Groep;Toets"


def accepted(row, header=HEADER):
    result = one_row(row, header)
    assert result.refused.empty, result.refused.to_dict("records")
    return result.accepted.iloc[0]


def test_a_full_row_becomes_a_canonical_row():
    row = accepted("0123;2025/26;5;Rekenen-Wiskunde;M5;1.045,5;ii;12-3-2026;5a;Cito Rekenen 3.0", FULL)

    assert row[["pupil", "school_year", "moment", "year_group", "group_name", "subject"]].tolist() == [
        "p-123",
        "2025-2026",
        "M",
        "5",
        "5a",
        "maths",
    ]
    assert row[["test_maker", "scale", "score_kind", "value", "level", "status", "n_pupils"]].tolist() == [
        "cito",
        "vaardigheidsscore",
        "score",
        1045.5,
        "II",
        "value",
        1,
    ]
    assert str(row["measured_on"])[:10] == "2026-03-12"


@pytest.mark.parametrize(
    ("cell", "status"),
    [
        ("7", "value"),
        ("0", "value"),
        ("<5", "lt5"),
        ("*", "masked"),
        ("", "empty"),
        ("niet deelgenomen", "not_taken"),
    ],
)
def test_hidden_empty_absent_and_nought_are_kept_apart(cell, status):
    row = accepted(f"1001;2025-2026;5;rekenen;M5;{cell}")

    assert row["status"] == status
    assert (row["value"] == row["value"]) == (status == "value")


def test_a_level_without_a_figure_is_a_result_of_its_own_scale():
    row = accepted("1001;2025-2026;5;rekenen;M5;;III;;;", FULL)

    assert (row["score_kind"], row["level"], row["scale"], row["status"]) == ("level", "III", "I-V", "value")


def test_a_level_in_the_column_of_figures_is_read_where_there_is_no_other():
    result = read(
        f"{HEADER}\n1001;2025-2026;5;rekenen;M5;7\n1002;2025-2026;5;rekenen;M5;B\n1003;2025-2026;5;rekenen;M5;8\n"
    )

    assert result.accepted["level"].tolist()[1] == "B"


def test_the_school_year_follows_from_the_day():
    header = "Leerlingnummer;Afnamedatum;Jaargroep;Vakgebied;Score"

    assert accepted("1001;12-3-2026;5;rekenen;7", header)["school_year"] == "2025-2026"


def test_the_year_group_follows_from_the_moment_or_the_group():
    assert accepted("1001;2025-2026;rekenen;M5;7", HEADER.replace("Jaargroep;", ""))["year_group"] == "5"
    header = "Leerlingnummer;Schooljaar;Groep;Vakgebied;Score"
    assert accepted("1001;2025-2026;6b;rekenen;7", header)["year_group"] == "6"


def test_the_subject_follows_from_the_test():
    header = "Leerlingnummer;Schooljaar;Jaargroep;Toets;Score"

    assert (
        accepted("1001;2025-2026;5;Begrijpend lezen 3.0 M5;7", header)["subject"] == "reading_comprehension"
    )


def test_a_doorstroomtoets_is_a_moment():
    header = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Toets;Niveau"
    row = accepted("1001;2025-2026;8;rekenen;IEP doorstroomtoets;1S", header)

    assert (row["moment"], row["test_maker"], row["scale"], row["level"]) == ("DT", "iep", "reference", "1S")


def test_a_constant_fills_a_field_for_all_rows():
    result = read(
        "Leerlingnummer;Jaargroep;Vakgebied;Score\n1001;5;rekenen;7\n1002;5;rekenen;8\n",
        lambda mapping: mapping.with_constants(school_year="2025/26", moment="M"),
    )

    assert result.accepted["school_year"].tolist() == ["2025-2026"] * 2
    assert result.accepted["moment"].tolist() == ["M", "M"]


def test_a_schools_own_words_are_translated():
    text = f"{HEADER}\n1001;2025-2026;5;Getallen;kerst;7\n1002;2025-2026;5;rekenen;M5;8\n"
    words = {Field.SUBJECT: {"getallen": "rekenen"}, Field.MOMENT: {"Kerst": "M"}}

    result = read(
        text, lambda m: replace(m, columns={**m.columns, Field.MOMENT: "Afnamemoment"}, translations=words)
    )

    assert result.accepted["subject"].tolist() == ["maths", "maths"]
    assert result.accepted["moment"].tolist() == ["M", "M"]


def test_leerjaar_two_in_vo_is_edexml_twelve():
    header = "Stamnr;Cursusjaar;Klas;Vak;Cijfer"
    result = one_row("1001;2025-2026;2b;nederlands;6,4", header)

    assert result.accepted.iloc[0][["year_group", "score_kind"]].tolist() == ["12", "mark"]


def test_shares_of_excel_become_percentages():
    rows = [[1001, "2025-2026", 5, "rekenen", 0.85], [1002, "2025-2026", 5, "rekenen", 1]]
    found = table(
        workbook({"A": [["Leerlingnummer", "Schooljaar", "Jaargroep", "Vakgebied", "Percentage"], *rows]})
    )

    result = read_outcomes(found, suggest_mapping(found), pseudonym=pseudonym)

    assert result.accepted["value"].tolist() == [85.0, 100.0]


def test_leading_noughts_do_not_make_another_pupil():
    asked = []
    found = table(f"{HEADER}\n0042;2025-2026;5;rekenen;M5;7\n42;2025-2026;5;spelling;M5;8\n")

    read_outcomes(found, suggest_mapping(found), pseudonym=lambda key: asked.append(key) or "p")

    assert asked == ["42"]


# --- groups


def test_figures_of_groups_keep_their_number_of_pupils():
    result = read((SAMPLES / "groepsgemiddelden.csv").read_bytes())

    assert result.kind is ResultKind.GROUPS
    assert result.accepted["status"].tolist() == ["value", "masked", "lt5", "value"]
    assert result.accepted["value"].fillna(-1).tolist() == [85.0, -1, -1, 0.0]
    assert result.accepted["n_pupils"].fillna(-1).tolist() == [24, -1, -1, 6]


def test_a_figure_of_a_group_without_a_number_of_pupils_is_refused():
    header = "Schooljaar;Groep;Vakgebied;Percentage;Aantal leerlingen"

    assert reason("2025-2026;5a;lezen;85%;", header) == [Reason.N_PUPILS_MISSING]
    assert reason("2025-2026;5a;lezen;85%;4,5", header) == [Reason.N_PUPILS_UNREADABLE]


# --- refusing


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (";2025-2026;5;rekenen;M5;7", Reason.PUPIL_MISSING),
        ("1001;;5;rekenen;M5;7", Reason.SCHOOL_YEAR_MISSING),
        ("1001;2025-2026;;rekenen;;7", Reason.YEAR_GROUP_MISSING),
        ("1001;2025-2026;5;;M5;7", Reason.SUBJECT_MISSING),
        ("1001;2025-2026;5;NIO 2004;M5;114", Reason.INTELLIGENCE_TEST),
        ("1001;2025-2026;5;rekenen;M5;85%;", Reason.PERCENT_UNEXPECTED),
        ("1001;2025-2026;5;rekenen;M5;123456", Reason.NUMBER_OUT_OF_RANGE),
        ("1001;2025-2026;5;rekenen;M5;7;x", Reason.TOO_MANY_CELLS),
        ("1001;2025-2026;5;rekenen;M5;7.5;x", Reason.TOO_MANY_CELLS),
        ("1001;2025-27;5;rekenen;M5;7", Reason.SCHOOL_YEAR_UNREADABLE),
        ("1001;2025-2026;9;rekenen;M5;7", Reason.YEAR_GROUP_UNREADABLE),
        ("1001;2025-2026;5;knutselen;M5;7", Reason.SUBJECT_UNKNOWN),
        ("1001;2025-2026;5;rekenen;kerst;7", Reason.MOMENT_UNREADABLE),
        ("1001;2025-2026;5;rekenen;M5;zeven", Reason.NUMBER_UNREADABLE),
    ],
)
def test_a_row_is_refused_with_its_reason(row, expected):
    result = with_good_rows(row)

    assert result.refused["reason"].tolist() == [expected]
    assert result.refused["line"].tolist() == [11]
    assert result.counts.accepted == 9


def test_a_day_outside_the_school_year_is_refused():
    assert reason("1001;2024-2025;5;rekenen;M5;7;;12-3-2026;;", FULL) == [Reason.DATE_OUTSIDE_SCHOOL_YEAR]


def test_a_refused_row_says_where_what_and_how_many_problems():
    refused = with_good_rows("1001;2025-2026;9;rekenen;M5;zeven").refused.iloc[0]

    assert refused[["line", "column", "value", "n_problems"]].tolist() == [11, "Jaargroep", "9", 2]
    assert json.loads(refused["row"]) == {
        "Leerlingnummer": "p-1001",
        "Schooljaar": "2025-2026",
        "Jaargroep": "9",
        "Vakgebied": "rekenen",
        "Afnamemoment": "M5",
        "Vaardigheidsscore": "zeven",
    }


def test_an_intelligence_score_is_not_kept_in_the_refused_rows():
    refused = with_good_rows("1001;2025-2026;5;NIO 2004;M5;114").refused.iloc[0]

    assert (refused["row"], refused["value"]) == ("{}", "")


def test_a_row_that_is_there_twice_is_refused_once():
    result = read(f"{HEADER}\n1001;2025-2026;5;rekenen;M5;7\n1001;2025-2026;5;Rekenen;M5;7,0\n")

    assert result.refused[["line", "reason"]].values.tolist() == [[3, Reason.DUPLICATE_ROW]]


def test_a_footer_under_pupil_numbers_is_no_pupil():
    result = with_good_rows("Gemiddelde;2025-2026;5;rekenen;M5;4")

    assert result.refused["reason"].tolist() == [Reason.PUPIL_MISSING]


def test_a_blank_row_is_counted_as_blank():
    counts = read(f"{HEADER}\n1001;2025-2026;5;rekenen;M5;7\n;;;;;\n\n1002;2025-2026;5;rekenen;M5;8\n").counts

    assert (counts.rows, counts.accepted, counts.refused, counts.blank) == (4, 2, 0, 2)


def test_a_thousand_that_could_be_a_decimal_is_refused():
    result = read(
        f"{HEADER}\n1001;2025-2026;5;rekenen;M5;38.7\n1002;2025-2026;5;rekenen;M5;7,5\n1003;2025-2026;5;rekenen;M5;1.234\n"
    )

    assert result.refused["reason"].tolist() == [Reason.NUMBER_AMBIGUOUS]


def test_every_reason_has_a_hint():
    assert set(HINTS) == set(Reason)


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ({Field.PUPIL: "a"}, Field.VALUE),
        ({Field.VALUE: "b"}, Field.PUPIL),
        ({Field.PUPIL: "a", Field.VALUE: "b"}, Field.SUBJECT),
    ],
)
def test_a_mapping_without_what_every_row_needs_is_refused(columns, missing):
    with pytest.raises(ImportRejected) as caught:
        read_outcomes(table("a;b\n1;2\n"), Mapping(columns), pseudonym=pseudonym)

    assert (caught.value.reason, caught.value.detail) == (FileReason.INCOMPLETE_MAPPING, missing)


def test_a_mapping_to_a_column_that_is_not_there_is_refused():
    with pytest.raises(ImportRejected) as caught:
        read_outcomes(table("a;b\n1;2\n"), Mapping({Field.PUPIL: "c"}), pseudonym=pseudonym)

    assert (caught.value.reason, caught.value.detail) == (FileReason.COLUMN_MISSING, "c")


def test_a_profile_for_vo_can_be_set_by_hand():
    found = table("Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Score\n1001;2025-2026;2;rekenen;7\n")
    mapping = replace(suggest_mapping(found), sector=Sector.VO)

    assert read_outcomes(found, mapping, pseudonym=pseudonym).accepted["year_group"].tolist() == ["12"]


# --- the whole sample, and the schema as the last word


def test_the_sample_for_schools_is_accepted_whole():
    result = read((ROOT / "data" / "voorbeeld_lvs.csv").read_bytes())

    assert result.refused.empty
    assert result.counts.accepted == result.counts.rows == 594
    assert set(result.accepted["status"]) == {"value", "empty", "not_taken"}


def test_the_schema_has_the_last_word(monkeypatch):
    monkeypatch.setattr(schemas, "MAX_SCORE", 10)
    monkeypatch.setattr("qualitycycle.imports.scores._ranged", lambda rows, number, signed, kind: number)
    result = read(f"{HEADER}\n1001;2025-2026;5;rekenen;M5;7\n1002;2025-2026;5;rekenen;M5;70\n")

    assert result.refused[["line", "reason"]].values.tolist() == [[3, Reason.RULE_BROKEN]]
    assert result.counts.accepted == 1


def test_the_refused_frame_has_its_schema_too():
    schemas.REFUSED.validate(with_good_rows("1001;2025-2026;9;rekenen;M5;x").refused, lazy=True)
    schemas.REFUSED.validate(one_row("1001;2025-2026;5;rekenen;M5;7").refused, lazy=True)


def test_more_refused_rows_than_anybody_corrects_are_only_counted(monkeypatch):
    monkeypatch.setattr(rows, "MOST_REFUSED", 3)
    bad = [f"{200 + n};2025-2026;5;knutselen;M5;12{n}" for n in range(5)]
    good = [f"{300 + n};2025-2026;5;rekenen;M5;12{n}" for n in range(2)]

    result = read("\n".join([HEADER, *bad, "290;2025-2026;5;rekenen;M5;veel", *good]))

    assert (result.counts.rows, result.counts.accepted, result.counts.refused) == (8, 2, 6)
    assert result.refused_for == {
        ("subject_unknown", "Vakgebied"): 5,
        ("number_unreadable", "Vaardigheidsscore"): 1,
    }
    assert (len(result.refused), result.too_many_refused) == (3, True)


def test_a_column_with_more_different_texts_than_a_school_has_is_not_read(monkeypatch):
    monkeypatch.setattr(rows, "MOST_DIFFERENT", 20)
    lines = [HEADER, *(f"{200 + n};2025-2026;5;rekenen;M5;12{n}" for n in range(21))]

    assert read("\n".join(lines[:21])).counts.accepted == 20
    with pytest.raises(ImportRejected) as rejected:
        read("\n".join(lines))

    assert (rejected.value.reason, rejected.value.detail) == (FileReason.TOO_MANY_DIFFERENT, "Leerlingnummer")


# --- large files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("wide", [False, True])
def test_more_rows_than_are_read_at_once_are_refused_before_they_are_read(monkeypatch, wide):
    monkeypatch.setattr(files, "MAX_ROWS", 10)
    header = "Leerlingnummer;Schooljaar;Jaargroep;Rekenen M5;Spelling M5" if wide else HEADER
    row = "1101;2025-2026;5;10;20" if wide else "1101;2025-2026;5;rekenen;M5;10"

    with pytest.raises(ImportRejected) as refused:
        as_long(table("\n".join([header, *[row] * (6 if wide else 11)])))

    assert (refused.value.reason, refused.value.detail) == ("too_many_rows", "12" if wide else "11")


@pytest.mark.parametrize(
    ("reason", "told", "may"),
    [
        (Reason.SCORE_KIND_UNKNOWN, True, False),
        (Reason.INTELLIGENCE_TEST, True, False),
        (Reason.DATE_UNREADABLE, True, True),
        ("broken_xml", True, True),
        # A row of a table of one's own can be thrown out of it.
        (Reason.INTELLIGENCE_TEST, False, True),
    ],
)
def test_which_rows_a_later_export_can_put_right(reason, told, may):
    assert refusals.may_become_right(str(reason), told=told) is may
