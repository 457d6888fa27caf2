"""School years and school weeks: what counts is weeks with lessons, not weeks of the calendar."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources

from qualitycycle.i18n import N_, _
from qualitycycle.model import Holiday, Region, SchoolYear

WEEK = timedelta(days=7)
# The five holidays of the national scheme; a school keeps or changes the dates.
HOLIDAY_NAMES = {
    "autumn": N_("Autumn holiday"),
    "christmas": N_("Christmas holiday"),
    "spring": N_("Spring holiday"),
    "may": N_("May holiday"),
    "summer": N_("Summer holiday"),
}


@dataclass(frozen=True)
class PlannedHoliday:
    """A holiday of the national scheme; `first_on` and `last_on` include the weekends around it."""

    school_year: str
    region: Region
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class SchoolWeek:
    """The nth week with lessons of a school year; `number` None in a holiday. Monday first."""

    monday: date
    number: int | None
    holiday: str | None
    school_year: str | None


@cache
def scheme() -> tuple[PlannedHoliday, ...]:
    """The national holiday scheme per region, as far as the table in this folder goes."""
    with resources.files("qualitycycle.cycle").joinpath("school_holidays.csv").open(encoding="utf-8") as file:
        return tuple(
            PlannedHoliday(
                row["school_year"],
                Region(row["region"]),
                row["name"],
                date.fromisoformat(row["first_on"]),
                date.fromisoformat(row["last_on"]),
            )
            for row in csv.DictReader(file)
        )


def holidays_of(school_year: str, region: Region) -> list[PlannedHoliday]:
    """The scheme's holidays of one year and region; empty when the table does not reach that year."""
    return [row for row in scheme() if row.school_year == school_year and row.region == region]


def school_year_of(day: date) -> str:
    """The school year a day lies in, from 1 August: 2026-2027."""
    first = day.year if day.month >= 8 else day.year - 1
    return f"{first}-{first + 1}"


def next_year(school_year: str) -> str:
    """The school year after this one."""
    first = int(school_year[:4]) + 1
    return f"{first}-{first + 1}"


def year_bounds(school_year: str) -> tuple[date, date]:
    """First and last day of a school year: 1 August and 31 July."""
    first = int(school_year[:4])
    return date(first, 8, 1), date(first + 1, 7, 31)


def lesson_bounds(school_year: str, region: Region) -> tuple[date, date]:
    """From the Monday after the summer before to the Friday before the summer after, as far as known."""
    first, last = year_bounds(school_year)
    before = f"{first.year - 1}-{first.year}"
    summers = {row.school_year: row for row in scheme() if row.region == region and row.name == "summer"}
    if before in summers:
        first = summers[before].last_on + timedelta(days=1)
    if school_year in summers:
        last = summers[school_year].first_on - timedelta(days=1)
    return first, last


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def school_week(day: date, years: Sequence[SchoolYear], holidays: Sequence[Holiday]) -> SchoolWeek:
    """The school week a day lies in. A week counts when at least one of Monday to Friday has lessons."""
    monday = monday_of(day)
    year = next(
        (year for year in years if year.first_on <= monday + timedelta(days=4) and monday <= year.last_on),
        None,
    )
    if year is None:
        return SchoolWeek(monday, None, _holiday_name(monday, holidays), None)
    if not _has_lessons(monday, year, holidays):
        return SchoolWeek(monday, None, _holiday_name(monday, holidays), year.school_year_id)
    mondays = _mondays(year)
    number = sum(_has_lessons(week, year, holidays) for week in mondays if week <= monday)
    return SchoolWeek(monday, number, None, year.school_year_id)


def school_weeks(year: SchoolYear, holidays: Sequence[Holiday]) -> list[date]:
    """The Mondays of all weeks with lessons, in order: the nth is school week n."""
    return [monday for monday in _mondays(year) if _has_lessons(monday, year, holidays)]


def _mondays(year: SchoolYear) -> list[date]:
    first = monday_of(year.first_on)
    return [first + WEEK * n for n in range((year.last_on - first).days // 7 + 1)]


def _has_lessons(monday: date, year: SchoolYear, holidays: Sequence[Holiday]) -> bool:
    weekdays = [monday + timedelta(days=n) for n in range(5)]
    return any(
        year.first_on <= day <= year.last_on
        and not any(free.first_on <= day <= free.last_on for free in holidays)
        for day in weekdays
    )


def _holiday_name(monday: date, holidays: Sequence[Holiday]) -> str | None:
    week = [monday + timedelta(days=n) for n in range(5)]
    return next(
        (free.name for free in holidays if any(free.first_on <= day <= free.last_on for day in week)), None
    )


def holiday_title(name: str) -> str:
    return _(HOLIDAY_NAMES.get(name, name))
