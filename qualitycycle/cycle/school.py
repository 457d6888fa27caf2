"""Setting up: the school, its teams, its people and its year."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from qualitycycle.cycle import calendar
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Actor,
    Cycle,
    Holiday,
    Person,
    Phase,
    PhaseMove,
    Region,
    Role,
    School,
    SchoolYear,
    Sector,
    Team,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion

# Two digits and two letters, and for one location of the school two digits more.
BRIN = re.compile(r"^\d{2}[A-Z]{2}(\d{2})?$")


@dataclass(frozen=True)
class NewPerson:
    """A colleague as typed at the first start; `team` by name."""

    name: str
    title: str = ""
    role: Role = Role.MEMBER
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class NewSchool:
    """What the first start asks. Holidays come from the region's scheme, or from `holidays` when own dates."""

    name: str
    sector: Sector
    region: Region
    teams: Sequence[str]
    people: Sequence[NewPerson]
    school_year: str
    first_on: date
    last_on: date
    brin: str = ""
    language: str = "nl"
    holidays: Sequence[tuple[str, date, date]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Staff:
    """The school as most pages need it."""

    school: School
    teams: tuple[Team, ...]
    people: tuple[Person, ...]
    years: tuple[SchoolYear, ...]
    holidays: tuple[Holiday, ...]

    def team_name(self, team_id: str | None) -> str | None:
        return next((team.name for team in self.teams if team.team_id == team_id), None)

    def person_name(self, person_id: str | None) -> str | None:
        return next((person.name for person in self.people if person.person_id == person_id), None)


def find_school(store: Store) -> School | None:
    """The school of this file, or None before the first start."""
    return _school(store)


def staff(store: Store, *, archived: bool = True) -> Staff:
    """The school with its teams, people and calendar; archived ones too, so that old records keep their names."""
    return _all_staff(store) if archived else _present_staff(store)


def _read_school(store: Store) -> School | None:
    with store.cursor() as con:
        found = records.find(con, School)
    return found[0] if found else None


def _read_staff(store: Store, archived: bool) -> Staff:
    with store.cursor() as con:
        return Staff(
            school=records.find(con, School)[0],
            teams=tuple(records.find(con, Team, archived=archived)),
            people=tuple(records.find(con, Person, archived=archived, order="name, person_id")),
            years=tuple(records.find(con, SchoolYear)),
            holidays=tuple(records.find(con, Holiday, order="first_on, holiday_id")),
        )


# Every run of every page asks for these several times.
_school = PerVersion(_read_school)
_all_staff = PerVersion(lambda store: _read_staff(store, archived=True))
_present_staff = PerVersion(lambda store: _read_staff(store, archived=False))


def set_up(store: Store, actor: Actor, new: NewSchool) -> School:
    """Make the school with its teams, people, year and first cycle, all or nothing."""
    require(actor, Right.MANAGE)
    _check_new(new)
    return store.write(lambda tx: _set_up(tx, new), actor=actor, verb="set_up")


def _set_up(tx: Transaction, new: NewSchool) -> School:
    if tx.find(School):
        raise Incomplete("school", "name", "doubled")
    school = tx.insert(
        School(
            school_id=new_id(),
            name=new.name.strip(),
            sector=new.sector,
            brin=new.brin.strip().upper(),
            region=new.region,
            language=new.language,
        )
    )
    ids = {
        name: tx.insert(Team(team_id=new_id(), name=name, position=n)).team_id
        for n, name in enumerate(new.teams)
    }
    for person in new.people:
        teams = tuple(ids[name] for name in person.teams if name in ids)
        tx.insert(
            Person(
                person_id=new_id(),
                name=person.name.strip(),
                title=person.title,
                role=person.role,
                team_ids=teams,
            )
        )
    tx.insert(SchoolYear(school_year_id=new.school_year, first_on=new.first_on, last_on=new.last_on))
    for name, first_on, last_on in new.holidays or _scheme(new.school_year, new.region):
        tx.insert(Holiday(holiday_id=new_id(), name=name, first_on=first_on, last_on=last_on))
    start_cycle(tx, new.school_year, new.first_on, new.last_on)
    return school


def start_cycle(
    tx: Transaction, title: str, first_on: date, last_on: date, *, follows: str | None = None
) -> Cycle:
    """A new running cycle in its first phase."""
    cycle = tx.insert(
        Cycle(cycle_id=new_id(), title=title, first_on=first_on, last_on=last_on, follows_cycle_id=follows)
    )
    tx.insert(
        PhaseMove(
            phase_move_id=new_id(), noun="cycle", noun_id=cycle.id, phase=Phase.OBSERVE, moved_on=first_on
        )
    )
    return cycle


def add_school_year(
    store: Store, actor: Actor, school_year: str, first_on: date, last_on: date
) -> SchoolYear:
    """A further school year with the holidays of the school's region, where the scheme knows them."""
    require(actor, Right.MANAGE)

    def use_case(tx: Transaction) -> SchoolYear:
        if school_year in {year.id for year in tx.find(SchoolYear, archived=True)}:
            raise Incomplete("school_year", "name", "doubled")
        if last_on <= first_on:
            raise Incomplete("school_year", "last_on", "before_first")
        year = tx.insert(SchoolYear(school_year_id=school_year, first_on=first_on, last_on=last_on))
        for name, first, last in _scheme(school_year, tx.find(School)[0].region):
            tx.insert(Holiday(holiday_id=new_id(), name=name, first_on=first, last_on=last))
        return year

    return store.write(use_case, actor=actor, verb="add_school_year")


def _scheme(school_year: str, region: Region) -> list[tuple[str, date, date]]:
    return [
        (calendar.holiday_title(row.name), row.first_on, row.last_on)
        for row in calendar.holidays_of(school_year, region)
    ]


def check_brin(brin: str) -> None:
    """Raise `Incomplete` for what is no BRIN code; an empty one is fine."""
    if brin.strip() and not BRIN.match(brin.strip().upper()):
        raise Incomplete("school", "brin", "not_a_brin")


def _check_new(new: NewSchool) -> None:
    if not new.name.strip():
        raise Incomplete("school", "name")
    check_brin(new.brin)
    if not new.teams:
        raise Incomplete("school", "teams")
    if len(set(new.teams)) < len(new.teams):
        raise Incomplete("school", "teams", "doubled")
    if new.last_on <= new.first_on:
        raise Incomplete("school_year", "last_on", "before_first")
    if any(last < first for _name, first, last in new.holidays):
        raise Incomplete("holiday", "holidays", "before_first")
    _check_people(new.people)


def _check_people(people: Sequence[NewPerson]) -> None:
    names = [person.name.strip().casefold() for person in people]
    if not names:
        raise Incomplete("school", "people")
    if not all(names):
        raise Incomplete("person", "name")
    if len(set(names)) < len(names):
        raise Incomplete("person", "people", "doubled")
    if not any(person.role is Role.LEADER for person in people):
        raise Incomplete("person", "role", "no_leader")
