"""How Dutch schools write numbers, days, years, moments, groups, subjects and levels."""

from __future__ import annotations

import datetime as dt

import pytest

from qualitycycle.imports import fields
from qualitycycle.imports.fields import DecimalStyle, Moment, Reason, Sector, Status


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("7,5", 7.5),
        ("38.7", 38.7),
        ("245", 245.0),
        ("1.234", 1234.0),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("0.875", 0.875),
        ("1.2340", 1.234),
        ("85%", 85.0),
        (" 85,5 % ", 85.5),
        ("-3,2", -3.2),
        ("−3,2", -3.2),
        ("x12", Reason.NUMBER_UNREADABLE),
        ("7,5,6", Reason.NUMBER_UNREADABLE),
        ("1E5", Reason.NUMBER_UNREADABLE),
        ("٣", Reason.NUMBER_UNREADABLE),
        ("9" * 400, Reason.NUMBER_OUT_OF_RANGE),
    ],
)
def test_a_dutch_number_is_read(text, expected):
    assert fields.parse_number(text) == expected


def test_a_point_is_a_decimal_in_a_column_that_writes_decimals_with_points():
    assert fields.decimal_style(["38.7", "1.234"]) is DecimalStyle.POINT
    assert fields.parse_number("1.234", DecimalStyle.POINT) == 1.234


def test_a_thousand_is_not_guessed_in_a_column_that_writes_both():
    assert fields.decimal_style(["38.7", "7,5"]) is DecimalStyle.MIXED
    assert fields.parse_number("1.234", DecimalStyle.MIXED) is Reason.NUMBER_AMBIGUOUS


@pytest.mark.parametrize(
    "text",
    [
        "12-3-2026",
        "12-03-26",
        "12/03/2026",
        "12.03.2026",
        "2026-03-12",
        "20260312",
        "12 maart 2026",
        "12 mrt. 2026",
        "do 12 maart 2026",
        "2026-03-12T08:30:00",
        "12-03-2026 08:30",
    ],
)
def test_a_day_is_read_in_every_way_it_is_written(text):
    assert fields.parse_date(text) == dt.date(2026, 3, 12)


@pytest.mark.parametrize("text", ["31-2-2026", "03/25/2026", "46093", "maart 2026", "12-3", "12 foo 2026"])
def test_what_is_no_day_is_said_to_be_none(text):
    assert fields.parse_date(text) is Reason.DATE_UNREADABLE


def test_a_day_in_another_century_is_out_of_range():
    assert fields.parse_date("1-1-1926") is Reason.DATE_OUT_OF_RANGE


@pytest.mark.parametrize(
    "text", ["2025-2026", "2025/26", "25-26", "2526", "Schooljaar 2025/2026", "2025 – 2026"]
)
def test_a_school_year_is_written_out(text):
    assert fields.parse_school_year(text) == "2025-2026"


@pytest.mark.parametrize("text", ["2025-2027", "2025", "2021", "25-27", "x"])
def test_what_is_no_school_year_is_said_to_be_none(text):
    assert fields.parse_school_year(text) is Reason.SCHOOL_YEAR_UNREADABLE


def test_the_school_year_turns_on_the_first_of_august():
    assert fields.school_year_of(dt.date(2026, 7, 31)) == "2025-2026"
    assert fields.school_year_of(dt.date(2026, 8, 1)) == "2026-2027"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("M5", Moment("M", "5")),
        ("m 5", Moment("M", "5")),
        ("Midden groep 5", Moment("M", "5")),
        ("B", Moment("B")),
        ("eind", Moment("E")),
        ("Doorstroomtoets", Moment("DT")),
        ("kerst", Reason.MOMENT_UNREADABLE),
    ],
)
def test_a_moment_is_read(text, expected):
    assert fields.parse_moment(text) == expected


@pytest.mark.parametrize(
    ("text", "sector", "expected"),
    [
        ("5", Sector.PO, "5"),
        ("groep 5", Sector.PO, "5"),
        ("5a", Sector.PO, "5"),
        ("leerjaar 2", Sector.PO, "12"),
        ("2", Sector.VO, "12"),
        ("2HV1", Sector.VO, "12"),
        ("13", Sector.PO, "13"),
        ("5/6", Sector.PO, Reason.YEAR_GROUP_UNREADABLE),
        ("9", Sector.PO, Reason.YEAR_GROUP_UNREADABLE),
    ],
)
def test_a_year_group_is_an_edexml_code(text, sector, expected):
    assert fields.parse_year_group(text, sector) == expected


def test_a_mixed_group_gives_no_year_group_away():
    assert fields.year_group_in_name("5/6 Vlinders") is None
    assert fields.year_group_in_name("Groep 5 Vlinders") == "5"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Begrijpend lezen 3.0", "reading_comprehension"),
        ("DMT", "technical_reading"),
        ("Technisch Lezen", "technical_reading"),
        ("lezen", "reading"),
        ("Rekenen-Wiskunde", "maths"),
        ("Rekenen voor kleuters", "early_numeracy"),
        ("Spelling 3.0 M5", "spelling"),
        ("taalverzorging", "language_conventions"),
        ("Wereldoriëntatie", "world_orientation"),
        ("knutselen", Reason.SUBJECT_UNKNOWN),
        ("spelling en rekenen", Reason.SUBJECT_UNKNOWN),
    ],
)
def test_a_subject_gets_its_own_key(text, expected):
    assert fields.parse_subject(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b", "B"),
        ("iii", "III"),
        ("I+", "I+"),
        ("<1F", "<1F"),
        ("onder 1F", "<1F"),
        ("1S", "1S"),
        ("niveau IV", "IV"),
        ("M4", "M4"),
        ("F", Reason.LEVEL_UNKNOWN),
        ("1", Reason.LEVEL_UNKNOWN),
    ],
)
def test_a_level_is_read(text, expected):
    assert fields.parse_level(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<5", Status.LT5),
        ("< 5", Status.LT5),
        ("*", Status.MASKED),
        ("", Status.EMPTY),
        ("-", Status.EMPTY),
        ("#N/B", Status.EMPTY),
        ("niet deelgenomen", Status.NOT_TAKEN),
        ("n.v.t.", Status.NOT_TAKEN),
        ("0", Status.VALUE),
        ("<1F", Status.VALUE),
    ],
)
def test_hidden_empty_absent_and_nought_stay_different(text, expected):
    assert fields.status_of(text) is expected


def test_a_maker_is_known_by_its_name_inside_a_test():
    assert fields.maker_in_test("IEP LVS rekenen") == "iep"
    assert fields.maker_in_test("Diamant") is None


@pytest.mark.parametrize("text", ["NIO 2004", "WISC-III NL", "Totaal IQ", "Intelligentieonderzoek"])
def test_an_intelligence_test_is_recognised(text):
    assert fields.is_intelligence_test(text)
