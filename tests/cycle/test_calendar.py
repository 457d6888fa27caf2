"""School weeks counted by hand, and the holiday scheme."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest

from qualitycycle.cycle import calendar
from qualitycycle.model import Holiday, Region, SchoolYear

# 2026-2027 in region Midden, from the national scheme.
YEAR = SchoolYear(school_year_id="2026-2027", first_on=date(2026, 8, 31), last_on=date(2027, 7, 16))
HOLIDAYS = [
    Holiday(holiday_id="a", name="Herfstvakantie", first_on=date(2026, 10, 17), last_on=date(2026, 10, 25)),
    Holiday(holiday_id="b", name="Kerstvakantie", first_on=date(2026, 12, 19), last_on=date(2027, 1, 3)),
    Holiday(holiday_id="c", name="Voorjaarsvakantie", first_on=date(2027, 2, 20), last_on=date(2027, 2, 28)),
    Holiday(holiday_id="d", name="Meivakantie", first_on=date(2027, 4, 24), last_on=date(2027, 5, 2)),
]


def number_of(day: date, years=(YEAR,), holidays=HOLIDAYS) -> int | None:
    return calendar.school_week(day, list(years), list(holidays)).number


@pytest.mark.parametrize(
    ("day", "week"),
    [
        (date(2026, 8, 31), 1),
        (date(2026, 9, 6), 1),
        (date(2026, 9, 7), 2),
        # Seven weeks from 31 August to 16 October; then autumn holiday.
        (date(2026, 10, 16), 7),
        (date(2026, 10, 26), 8),
        # Eight weeks from 26 October to 18 December; then two weeks of Christmas holiday.
        (date(2026, 12, 18), 15),
        (date(2027, 1, 4), 16),
        (date(2027, 2, 19), 22),
        (date(2027, 3, 1), 23),
        (date(2027, 4, 23), 30),
        (date(2027, 5, 3), 31),
        (date(2027, 7, 16), 41),
    ],
)
def test_school_weeks_skip_the_holidays(day, week):
    assert number_of(day) == week


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 10, 20), "Herfstvakantie"),
        (date(2026, 12, 28), "Kerstvakantie"),
        (date(2027, 2, 24), "Voorjaarsvakantie"),
        (date(2027, 4, 27), "Meivakantie"),
    ],
)
def test_a_week_of_holiday_has_a_name_and_no_number(day, name):
    week = calendar.school_week(day, [YEAR], HOLIDAYS)

    assert week.number is None
    assert week.holiday == name
    assert week.school_year == "2026-2027"


def test_a_week_counts_when_one_day_has_lessons():
    four_days = Holiday(
        holiday_id="x", name="Studieweek", first_on=date(2026, 9, 7), last_on=date(2026, 9, 10)
    )

    assert number_of(date(2026, 9, 11), holidays=[four_days]) == 2
    assert number_of(date(2026, 9, 14), holidays=[four_days]) == 3


def test_a_week_without_any_lesson_does_not_count():
    whole_week = Holiday(
        holiday_id="x", name="Studieweek", first_on=date(2026, 9, 7), last_on=date(2026, 9, 11)
    )

    assert number_of(date(2026, 9, 9), holidays=[whole_week]) is None
    assert number_of(date(2026, 9, 14), holidays=[whole_week]) == 2


def test_a_holiday_of_one_day_does_not_break_the_count():
    good_friday = Holiday(
        holiday_id="x", name="Goede Vrijdag", first_on=date(2027, 3, 26), last_on=date(2027, 3, 26)
    )

    assert number_of(date(2027, 3, 26), holidays=[*HOLIDAYS, good_friday]) == number_of(date(2027, 3, 26))


def test_a_year_that_begins_midweek_has_that_week_as_its_first():
    midweek = SchoolYear(school_year_id="x", first_on=date(2026, 9, 2), last_on=date(2027, 7, 16))

    assert number_of(date(2026, 8, 31), years=[midweek], holidays=[]) == 1
    assert number_of(date(2026, 9, 7), years=[midweek], holidays=[]) == 2


@pytest.mark.parametrize("day", [date(2026, 8, 12), date(2027, 7, 20), date(2030, 3, 1)])
def test_outside_every_school_year_there_is_no_school_week(day):
    week = calendar.school_week(day, [YEAR], HOLIDAYS)

    assert (week.number, week.school_year) == (None, None)


def test_a_saturday_belongs_to_the_week_that_ends():
    assert calendar.school_week(date(2026, 9, 5), [YEAR], []).monday == date(2026, 8, 31)


def test_the_list_of_school_weeks_agrees_with_the_count():
    mondays = calendar.school_weeks(YEAR, HOLIDAYS)

    assert [number_of(monday) for monday in mondays] == list(range(1, 42))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 7, 31), "2025-2026"),
        (date(2026, 8, 1), "2026-2027"),
        (date(2026, 12, 31), "2026-2027"),
        (date(2027, 1, 1), "2026-2027"),
    ],
)
def test_a_school_year_begins_on_the_first_of_august(day, year):
    assert calendar.school_year_of(day) == year
    first, last = calendar.year_bounds(year)
    assert first <= day <= last


# --- the scheme ------------------------------------------------------------------------------------------


def test_lessons_run_from_one_summer_to_the_next():
    assert calendar.lesson_bounds("2026-2027", Region.MIDDEN) == (date(2026, 8, 31), date(2027, 7, 16))
    assert calendar.lesson_bounds("2026-2027", Region.NOORD) == (date(2026, 8, 17), date(2027, 7, 9))


def test_a_year_beyond_the_table_falls_back_on_the_school_year():
    assert calendar.holidays_of("2051-2052", Region.MIDDEN) == []
    assert calendar.lesson_bounds("2051-2052", Region.MIDDEN) == (date(2051, 8, 1), date(2052, 7, 31))


@pytest.mark.parametrize("region", [Region.NOORD, Region.MIDDEN, Region.ZUID])
def test_every_year_of_the_scheme_has_the_five_holidays_in_order(region):
    years = {row.school_year for row in calendar.scheme()}

    for year in years:
        found = calendar.holidays_of(year, region)
        assert [row.name for row in found] == ["autumn", "christmas", "spring", "may", "summer"]
        assert all(row.first_on < row.last_on for row in found)
        assert all(one.last_on < two.first_on for one, two in itertools.pairwise(found))


@pytest.mark.parametrize(
    "row", calendar.scheme(), ids=lambda row: f"{row.school_year}-{row.region}-{row.name}"
)
def test_a_holiday_begins_on_a_saturday_ends_on_a_sunday_and_lies_in_its_year(row):
    first, last = calendar.year_bounds(row.school_year)

    assert (row.first_on.weekday(), row.last_on.weekday()) == (5, 6)
    assert first <= row.first_on <= last


def test_christmas_and_may_holidays_are_the_same_in_every_region():
    for name in ("christmas", "may"):
        for year in {row.school_year for row in calendar.scheme()}:
            dates = {
                (row.first_on, row.last_on)
                for row in calendar.scheme()
                if (row.school_year, row.name) == (year, name)
            }
            assert len(dates) == 1


def test_school_weeks_of_the_scheme_are_about_forty():
    for year in ("2024-2025", "2025-2026", "2026-2027"):
        first, last = calendar.lesson_bounds(year, Region.ZUID)
        own = SchoolYear(school_year_id=year, first_on=first, last_on=last)
        free = [
            Holiday(holiday_id=row.name, name=row.name, first_on=row.first_on, last_on=row.last_on)
            for row in calendar.holidays_of(year, Region.ZUID)
        ]
        assert 37 <= len(calendar.school_weeks(own, free)) <= 43
        assert last - first > timedelta(weeks=40)
