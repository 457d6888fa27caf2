"""The first start: what it asks, and what it shows before it saves."""

from __future__ import annotations

from datetime import date

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, people_list, school
from qualitycycle.cycle.school import NewPerson, NewSchool
from qualitycycle.errors import Incomplete, QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Region, Sector
from qualitycycle.ui import failure, forms, parts, session, words
from qualitycycle.ui.page import ROLE_NAMES, language_switch
from qualitycycle.ui.text import plain

# The country's middle region lends its dates to a school that has its own, to be changed one by one.
LENDS = Region.MIDDEN


def head() -> None:
    """Title, language, and the way into the example school."""
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", key="head"
    ):
        st.title(_("Set up your school"), anchor=False)
        language_switch()
    with st.container(horizontal=True, vertical_alignment="center", key="start_intro"):
        st.write(
            _(
                "Two minutes, one screen. Everything can be changed later. "
                "What you type stays on this computer."
            )
        )
        if st.button(_("Look at the example school first"), key="start.example"):
            _enter_example()


def _enter_example() -> None:
    with st.spinner(_("The example school is being made …")):
        session.enter_demo(True)
        entered = failure.attempt(session.store)
    if entered is None:
        session.enter_demo(False)
        return
    st.rerun()


def ask() -> None:
    """Everything the first start asks, and the one button that saves it."""
    left, right = st.columns([1, 1.25], gap="large")
    with left:
        name, sector, brin = _school()
        teams = _teams()
    with right:
        people = _people(teams)
    year, region, bounds, holidays = _year()
    send, beside = st.columns([1, 5])
    if not send.button(_("Save and begin"), type="primary", key="start.save"):
        return
    try:
        new = NewSchool(
            name=name,
            sector=sector,
            region=region,
            teams=teams,
            people=people,
            school_year=year,
            first_on=_needed(bounds[0], "first_on"),
            last_on=_needed(bounds[1], "last_on"),
            brin=brin,
            language=i18n.language(),
            holidays=_whole_periods(holidays),
        )
        school.set_up(session.store(), session.actor(), new)
    except QualityCycleError as error:
        # Beside the button, so that it is seen without scrolling.
        with beside:
            failure.tell(error)
        return
    # The next run finds nobody signed in and goes to the door, where the first passphrase is chosen.
    st.rerun()


def _school() -> tuple[str, Sector, str]:
    parts.heading(_("The school"))
    name = st.text_input(_("Name of the school"), key="start.name", max_chars=200)
    kind, code = st.columns([1.2, 1])
    sectors: list[Sector] = [*Sector]
    sector = kind.selectbox(
        _("Sector"), sectors, format_func=lambda one: _(words.SECTORS[one]), key="start.sector"
    )
    brin = code.text_input(_("BRIN code (optional)"), key="start.brin", max_chars=8)
    return name or "", sector, brin or ""


def _teams() -> list[str]:
    st.session_state.setdefault("start.teams", "\n".join((_("Lower years"), _("Upper years"))))
    typed = st.text_area(
        _("Teams, one a line"),
        key="start.teams",
        height=80,
        help=_("Results of a questionnaire are shown per team only when at least five people filled it in."),
    )
    return people_list.teams_of(typed or "")


def _people(teams: list[str]) -> list[NewPerson]:
    parts.heading(_("The people"))
    typed = st.text_area(
        _("One person a line: name, title, team"),
        key="start.people",
        height=150,
        placeholder=_("Your own name, school leader\nA colleague, internal coach, Lower years\n…"),
        help=_(
            "Or paste from a spreadsheet. Add “coach” for who guides the cycle and “reader” for MR or board. "
            "Without a school leader in the list, the first person is one."
        ),
    )
    people = people_list.people_of(typed or "", teams)
    if people:
        _show_people(people)
    return people


def _show_people(people: list[NewPerson]) -> None:
    parts.note(
        ngettext(
            "{n} person, as it will be saved:", "{n} people, as they will be saved:", len(people)
        ).format(n=len(people))
    )
    with st.container(height=190 if len(people) > 4 else "content", border=False, key="start_people"):
        st.table(
            {
                _("Name"): [plain(person.name) for person in people],
                _("Job title"): [plain(person.title) or "–" for person in people],
                _("Access"): [_(ROLE_NAMES[person.role]) for person in people],
                _("Teams"): [plain(i18n.join(list(person.teams))) or "–" for person in people],
            },
            hide_index=True,
            border="horizontal",
        )


# --- the school year -------------------------------------------------------------------------------------


def _year() -> tuple[str, Region, tuple[date | None, date | None], list[tuple[str, list[date]]]]:
    parts.heading(_("The school year"))
    now = calendar.school_year_of(today())
    which, where, begin, end = st.columns([1, 1, 1, 1])
    year = which.selectbox(_("School year"), [now, calendar.next_year(now)], key="start.year")
    regions: list[Region] = [*Region]
    region = where.selectbox(
        _("Holidays of region"),
        regions,
        format_func=lambda one: _(words.REGIONS[one]),
        key="start.region",
    )
    dates = LENDS if region is Region.OWN else region
    first, last = calendar.lesson_bounds(year, dates)
    first_on = begin.date_input(
        _("First day of school"), first, key=f"start.first.{year}.{region}", format=forms.DATE_FORMAT
    )
    last_on = end.date_input(
        _("Last day of school"), last, key=f"start.last.{year}.{region}", format=forms.DATE_FORMAT
    )
    return year, region, (first_on, last_on), _holidays(year, region, dates)


def _holidays(year: str, region: Region, dates: Region) -> list[tuple[str, list[date]]]:
    planned = calendar.holidays_of(year, dates)
    parts.note(_holiday_note(region, known=bool(planned)))
    if not planned:
        return []
    chosen = []
    for place, one in zip(st.columns(len(planned)), planned, strict=True):
        period = place.date_input(
            calendar.holiday_title(one.name),
            (one.first_on, one.last_on),
            key=f"start.holiday.{year}.{region}.{one.name}",
            format=forms.DATE_FORMAT,
        )
        chosen.append((calendar.holiday_title(one.name), list(period)))
    return chosen


def _holiday_note(region: Region, *, known: bool) -> str:
    if not known:
        return _(
            "The holidays of this year are not known yet. Add them later under “School, teams and people”."
        )
    if region is Region.OWN:
        return _(
            "These are the dates of region Middle: change them to yours. Empty a holiday you do not have."
        )
    return _("Change a date where your school differs. Empty a holiday you do not have.")


def _whole_periods(holidays: list[tuple[str, list[date]]]) -> list[tuple[str, date, date]]:
    if any(len(period) == 1 for _name, period in holidays):
        raise Incomplete("holiday", "holidays", "half_a_period")
    return [(name, period[0], period[1]) for name, period in holidays if period]


def _needed(day: date | None, name: str) -> date:
    if day is None:
        raise Incomplete("school_year", name)
    return day
