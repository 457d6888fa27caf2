"""The school: who is in it, in what years."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record


class Sector(StrEnum):
    PO = "po"
    VO = "vo"
    SO = "so"


class Region(StrEnum):
    NOORD = "noord"
    MIDDEN = "midden"
    ZUID = "zuid"
    OWN = "own"


class Role(StrEnum):
    """Access roles; titles are free text and carry no rights."""

    LEADER = "leader"
    COACH = "coach"
    MEMBER = "member"
    RESPONDENT = "respondent"
    READER = "reader"


@dataclass(frozen=True, kw_only=True)
class School(Record):
    TABLE = "school"
    school_id: str
    name: str
    sector: Sector
    brin: str = ""
    region: Region
    language: str = "nl"
    phase_labels: dict[str, str] = field(default_factory=dict)
    is_demo: bool = False
    meeting_blocks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Team(Record):
    TABLE = "team"
    team_id: str
    name: str
    year_groups: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    TABLE = "person"
    person_id: str
    name: str
    title: str = ""
    role: Role
    team_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SchoolYear(Record):
    """`school_year` is its own name, as in 2026-2027."""

    TABLE = "school_year"
    school_year_id: str
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class Holiday(Record):
    TABLE = "holiday"
    holiday_id: str
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True)
class Actor:
    """Who does something: a person of the school (None before sign-in) in an access role."""

    role: Role
    person_id: str | None = None
