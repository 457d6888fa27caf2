"""EDEXML 1.03 to 2.1: groups and year groups. It never holds a result; its names, BSN and ECK iD stay outside."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import BinaryIO

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields, xml
from qualitycycle.imports.fields import Reason
from qualitycycle.imports.files import FileReason
from qualitycycle.imports.privacy import Drop
from qualitycycle.imports.rosters import Roster, roster
from qualitycycle.imports.xml import Element

ROOT = "EDEX"
PATHS = (
    "EDEX/school/schooljaar",
    "EDEX/groepen/groep/naam",
    "EDEX/groepen/groep/jaargroep",
    "EDEX/leerlingen/leerling/jaargroep",
    "EDEX/leerlingen/leerling/groep",
)
# The code list of EDEXML 2.1. Who is "H" has left; "C" is a combination group and says nothing about a pupil.
YEAR_GROUPS = frozenset(
    ("B", "D", *map(str, range(9)), *map(str, range(11, 17)), "S", "V", "N"),
)  # fmt: skip
LEFT, MIXED = "H", "C"
LEFT_OUT: tuple[tuple[str, Drop], ...] = (
    ("bsn", Drop.BSN),
    ("eckid", Drop.ECK_ID),
    ("achternaam, roepnaam, gebruikersnaam", Drop.NAME),
    ("geboortedatum", Drop.BIRTH_DATE),
    ("emailadres", Drop.EMAIL),
    ("geslacht, land, etniciteit, gewicht", Drop.HOME),
    ("leerkrachten", Drop.STAFF_NAME),
)


def read(stream: BinaryIO, filename: str) -> Roster:
    """The groups of a school, with how many pupils each year group has in them.

    Raises
    ------
    ImportRejected : no EDEXML, or a variant in which neither a group nor a pupil has a year group that we know.
    """
    top = xml.read(stream, filename, PATHS)
    if top.name != ROOT:
        raise ImportRejected(filename, FileReason.UNKNOWN_XML, top.name[:80])
    names: dict[str, str] = {}
    announced: list[tuple[str, str]] = []
    for group in top.all("groepen/groep"):
        name = _name(group)
        names[group.attributes.get("key", "")] = name
        code = group.text_at("jaargroep").upper()
        if name and code in YEAR_GROUPS | {MIXED}:
            announced.append((code, name))
    places, n_unplaced = _placed(top, names)
    found = roster(_school_year(top), places, announced, n_unplaced)
    if not found.groups:
        raise ImportRejected(filename, FileReason.NO_GROUPS)
    return replace(found, left_out=tuple((name, str(drop)) for name, drop in LEFT_OUT))


def _placed(top: Element, names: dict[str, str]) -> tuple[Counter[tuple[str, str]], int]:
    places: Counter[tuple[str, str]] = Counter()
    n_unplaced = 0
    for pupil in top.all("leerlingen/leerling"):
        code = pupil.text_at("jaargroep").upper()
        if code == LEFT:
            continue
        if code not in YEAR_GROUPS:
            n_unplaced += 1
            continue
        group = next((one.attributes.get("key", "") for one in pupil.all("groep")), "")
        places[code, names.get(group, "")] += 1
    return places, n_unplaced


def _name(group: Element) -> str:
    name = group.text_at("naam") or group.attributes.get("key", "")
    return name[: fields.MAX_TEXT]


def _school_year(top: Element) -> str:
    found = fields.parse_school_year(top.text_at("school/schooljaar"))
    return "" if isinstance(found, Reason) else found
