"""Columns about a person that never come further than the door: known by their name and by what stands in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from qualitycycle.imports.fields import clean, plain
from qualitycycle.imports.files import RawTable


class Drop(StrEnum):
    """Why a column was dropped before anything else was done with it."""

    NAME = "name"
    STAFF_NAME = "staff_name"
    BSN = "bsn"
    ECK_ID = "eck_id"
    BIRTH_DATE = "birth_date"
    ADDRESS = "address"
    EMAIL = "email"
    PHONE = "phone"
    INTELLIGENCE = "intelligence"
    HEALTH = "health"
    HOME = "home"
    FREE_TEXT = "free_text"
    UNMAPPED = "unmapped"


@dataclass(frozen=True)
class DroppedColumn:
    """A column that was not read, and why."""

    column: str
    reason: Drop


# On the plain header: whole words, because "naam" is in "toetsnaam" and "groepsnaam" as well.
_BY_NAME: tuple[tuple[Drop, str], ...] = (
    (Drop.BSN, r"bsn|burgerservicenummer|sofinummer|sofi|onderwijsnummer|pgn|persoonsgebonden nummer"),
    (Drop.ECK_ID, r"eck ?id|ketenid|keten id|eckid nummer"),
    (Drop.BIRTH_DATE, r"geboorte\w*|geb dat\w*|gebdat\w*|geb datum|leeftijd|birth ?date|date of birth|dob"),
    (Drop.EMAIL, r"e ?mail\w*|mailadres|e mail"),
    (Drop.PHONE, r"telefoon\w*|tel|telnr|mobiel\w*|gsm|phone|noodnummer"),
    (Drop.ADDRESS, r"adres\w*|straat\w*|postcode\w*|huisnummer\w*|huisnr|woonplaats|address|gemeente"),
    (Drop.INTELLIGENCE, r"iq|tiq|viq|piq|intelligentie\w*|nio|wisc\w*"),
    (
        Drop.HEALTH,
        r"medi\w+|gezondheid\w*|diagnose\w*|allergie\w*|dyslexie\w*|dyscalculie\w*|adhd|autisme|"
        r"ass|handicap\w*"
        r"|huisarts\w*|zorg\w*|beperking\w*|opp|arrangement\w*|verzuim\w*",
    ),
    (
        Drop.HOME,
        r"ouders?|vader\w*|moeder\w*|verzorgers?|voogd|gezin\w*|thuis\w*|nationaliteit\w*|"
        r"geboorteland\w*|herkomst\w*"
        r"|religie|geloof\w*|burgerlijke staat|opleidingsniveau ouders?|leerlinggewicht|gewicht|"
        r"geslacht|gender|sekse|jongen meisje|m v"
        r"|etniciteit|land van herkomst|thuistaal",
    ),
    (
        Drop.FREE_TEXT,
        r"opmerking\w*|notitie\w*|toelichting\w*|bijzonderhe\w+|aantekening\w*|commentaar|memo|"
        r"beschrijving|observatie\w*"
        r"|verslag\w*|evaluatie\w*|foto",
    ),
)
_COLUMN_NAME = tuple((drop, re.compile(rf"\b(?:{words})\b")) for drop, words in _BY_NAME)
_NAME = re.compile(
    r"(?:volledige |leerling |kind )?(?:naam|roepnaam|voornaam|voornamen|achternaam|"
    r"tussenvoegsels?|voorvoegsels?"
    r"|voorletters?|initialen|geslachtsnaam|familienaam|name|first name|last name|given ?name|"
    r"family ?name|full name|username)"
    r"(?: (?:leerling|kind|pupil|student))?"
    r"|leerlingnaam|naam van de leerling|student name|pupil name|leerlingen|kind"
)
_STAFF = re.compile(
    r"\b(?:leerkracht\w*|leraar\w*|docent\w*|mentor\w*|groepsleerkracht\w*|intern begeleider|"
    r"ib er|toetsleider|medewerker\w*|ingevoerd door|afgenomen door)\b"
)
# One sign before the @ is enough: with more of them a long text without any is searched from each of its signs on.
_EMAIL = re.compile(r"[^@\s]@[^@\s]+\.[a-z]{2,}", re.IGNORECASE)
_NINE = re.compile(r"[0-9]{8,9}|[0-9]{4}[ .-][0-9]{2}[ .-][0-9]{3}|[0-9]{3}[ .][0-9]{3}[ .][0-9]{3}")
_COMPACT_DATE = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
_SAMPLE_DISTINCT = 2000


def is_bsn(text: str) -> bool:
    """Whether a text is a possible BSN: eight or nine digits that pass the eleven-test."""
    digits = _digits(text)
    if not digits or not digits.strip("0"):
        return False
    digits = digits.zfill(9)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(w * int(d) for w, d in zip(weights, digits, strict=True)) % 11 == 0


def holds_bsn(texts: list[str]) -> bool:
    """Whether a column's distinct texts look like BSNs.

    One in eleven arbitrary numbers passes the test; when half of the eight- or nine-digit ones do, it is no chance.
    Dates written 20260312 are eight digits too and do not count. A stray one in a column of scores is a cell, no
    column: `outcomes` refuses that row.
    """
    numbers = [text for text in texts if _digits(text) and not _COMPACT_DATE.fullmatch(clean(text))]
    n_bsn = sum(map(is_bsn, numbers))
    return bool(numbers) and n_bsn >= 0.5 * len(numbers) and n_bsn >= 0.2 * len(texts)


def holds_names(texts: list[str]) -> bool:
    """Whether most texts are words with a space or a comma and no digit: a person's name and no pupil's key."""
    like_names = sum(not any(c.isdigit() for c in t) and bool(re.search(r"[ ,]", clean(t))) for t in texts)
    return like_names > len(texts) / 2


def _digits(text: str) -> str | None:
    """Eight or nine digits, bare or grouped as a BSN is (1234.56.789); "2025-2026" is no such number."""
    found = _NINE.fullmatch(clean(text))
    return re.sub(r"\D", "", found[0]) if found else None


def is_personal(text: str) -> bool:
    """Whether a single text is a BSN, a mail address or an ECK iD."""
    # Eight digits alone are more often a date or a test code; a whole column of them is judged as a column.
    looks_like_bsn = len(_digits(text) or "") == 9 and is_bsn(text)
    return looks_like_bsn or bool(_EMAIL.search(text)) or "ketenid" in text.casefold()


def personal_columns(table: RawTable) -> dict[str, Drop]:
    """The columns about a person, each with what gave it away. Looks at names first, then at distinct values."""
    found: dict[str, Drop] = {}
    for column in table.columns:
        drop = by_name(column) or by_values(column, distinct_texts(table.frame[column]))
        if drop is not None:
            found[column] = drop
    return found


def by_name(column: str) -> Drop | None:
    """What a column's name alone gives away."""
    header = plain(re.sub(r"#\d+'*$", "", column))
    if _NAME.fullmatch(header):
        return Drop.NAME
    for drop, words in _COLUMN_NAME:
        if words.search(header):
            return drop
    return Drop.STAFF_NAME if _STAFF.search(header) else None


def by_values(column: str, texts: list[str]) -> Drop | None:
    """What a column's distinct values give away: BSNs, mail addresses, ECK iDs, names under "Leerling", long prose."""
    if not texts:
        return None
    if holds_bsn(texts):
        return Drop.BSN
    if sum(bool(_EMAIL.search(t)) for t in texts) > len(texts) / 3:
        return Drop.EMAIL
    if sum("ketenid" in t.casefold() for t in texts) > len(texts) / 3:
        return Drop.ECK_ID
    # "Leerling" holds a number in one export and a name in the next.
    if plain(column) in ("leerling", "pupil", "student", "deelnemer", "kandidaat"):
        without_digits = sum(not any(c.isdigit() for c in t) for t in texts)
        return Drop.NAME if without_digits > len(texts) / 2 else None
    prose = sum(len(t) > 60 and t.count(" ") > 7 for t in texts)
    return Drop.FREE_TEXT if prose > len(texts) / 3 else None


def distinct_texts(column: pd.Series[str]) -> list[str]:
    """Up to two thousand different texts of a column, blanks left out."""
    found = (
        column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else column.dropna().unique()
    )
    texts = found[: _SAMPLE_DISTINCT * 2]
    return [text for text in texts if clean(text)][:_SAMPLE_DISTINCT]
