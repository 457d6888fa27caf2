"""Which column of a school's file is which field: a first suggestion, and a profile that can be kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from qualitycycle.imports import fields
from qualitycycle.imports.fields import Field, Reason, ScoreKind, Sector, plain
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.privacy import distinct_texts, holds_names, personal_columns

PROFILE_VERSION = 1


@dataclass(frozen=True)
class Mapping:
    """Fields to columns, fields to one constant for all rows, and a school's own words to ours.

    `headers` is the set of plain header names the profile was made for. A `percentage` written as a share (0,85)
    has `shares=True`.
    """

    columns: dict[Field, str]
    constants: dict[Field, str] = field(default_factory=dict)
    translations: dict[Field, dict[str, str]] = field(default_factory=dict)
    sector: Sector = Sector.PO
    shares: bool = False
    headers: tuple[str, ...] = ()

    def fits(self, table: RawTable) -> bool:
        """Whether this profile was made for a file with exactly these headers, in any order."""
        return self.headers == normalised_headers(table)

    def to_json(self) -> dict[str, Any]:
        """Plain lists, dicts and texts, to be kept as a profile."""
        return {
            "version": PROFILE_VERSION,
            "columns": {str(name): column for name, column in self.columns.items()},
            "constants": {str(name): value for name, value in self.constants.items()},
            "translations": {str(name): dict(words) for name, words in self.translations.items()},
            "sector": str(self.sector),
            "shares": self.shares,
            "headers": list(self.headers),
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Mapping:
        """The mapping that `to_json` wrote; `ValueError` for anything else."""
        if not isinstance(kept, dict) or kept.get("version") != PROFILE_VERSION:
            raise ValueError("not a mapping profile of this version")
        try:
            return cls(
                columns={Field(name): str(column) for name, column in kept["columns"].items()},
                constants={Field(name): str(value) for name, value in kept["constants"].items()},
                translations={Field(name): dict(words) for name, words in kept["translations"].items()},
                sector=Sector(kept["sector"]),
                shares=bool(kept["shares"]),
                headers=tuple(kept["headers"]),
            )
        except (KeyError, AttributeError, TypeError) as error:
            raise ValueError("not a mapping profile") from error

    def with_columns(self, **columns: str | None) -> Mapping:
        """The same mapping with some fields set to another column, or to none."""
        changed = {**self.columns, **{Field(name): column for name, column in columns.items() if column}}
        dropped = {Field(name) for name, column in columns.items() if column is None}
        return replace(
            self, columns={name: column for name, column in changed.items() if name not in dropped}
        )

    def with_constants(self, **constants: str) -> Mapping:
        """The same mapping with one value for all rows of some fields."""
        return replace(self, constants={**self.constants, **{Field(n): v for n, v in constants.items()}})


def normalised_headers(table: RawTable) -> tuple[str, ...]:
    """The set of a table's header names, plain and sorted; "Score" and "score " are one."""
    return tuple(sorted({plain(column) or column for column in table.columns}))


# Plain header names as Dutch systems write them, best first.
_WORDS: dict[Field, str] = {
    Field.PUPIL: (
        "leerlingnummer|leerlingnr|leerling nr|leerling nummer|lln nr|llnr|lln nummer|lln id|"
        "leerling id|leerlingid|leerlingcode|stamnummer|stamnr"
        "|administratienummer|intern nummer|leerlingkey|kandidaatnummer|deelnemernummer|leerling|"
        "pupil|pupil id|student id|studentnummer|id leerling|lasid|las key|laskey|nummer"
    ),
    Field.SCHOOL_YEAR: "schooljaar|cursusjaar|school jaar|sj|toetsjaar|school year|leerjaarperiode",
    Field.MOMENT: (
        "afnamemoment|toetsmoment|moment|meetmoment|afname moment|periode|toetsperiode|"
        "afnameperiode|test moment|meting|afname"
    ),
    Field.MEASURED_ON: (
        "afnamedatum|toetsdatum|datum afname|datum toets|datum|afname datum|testdatum|"
        "datum invoer|datum resultaat|afgenomen op|afname|test date|measured on"
    ),
    Field.YEAR_GROUP: (
        "jaargroep|leerjaar|jaar groep|jaarlaag|groepsjaar|leerlingjaar|leerjaar leerling|"
        "jaargroep leerling|year group|didactische groep"
    ),
    Field.GROUP_NAME: (
        "groep|groepsnaam|naam groep|klas|stamgroep|lesgroep|groepscode|klascode|stamklas|"
        "klasnaam|basisgroep|group|groep naam|groep klas"
    ),
    Field.SUBJECT: (
        "vakgebied|vak|leergebied|vaknaam|domein|toetsdomein|onderdeel|vakcode|vakomschrijving|"
        "subject|categorie|toetsonderdeel"
    ),
    Field.TEST_MAKER: (
        "toetsaanbieder|aanbieder|uitgever|toetsuitgever|toetsleverancier|leverancier|toetsmaker|maker|bron"
    ),
    Field.TEST: (
        "toets|toetsnaam|naam toets|toetsomschrijving|omschrijving toets|toetscode|"
        "toets omschrijving|test|omschrijving"
    ),
    Field.EDITION: (
        "toetsversie|versie|editie|toetsuitgave|uitgave|toetstaak|normering|normversie|versie toets"
    ),
    Field.SCALE: "schaal|vaardigheidsschaal|scoreschaal|schaalnaam|codevaardigheidsschaal",
    Field.SCORE_KIND: "scoretype|soort score|type score|scoresoort|resultaattype|soort resultaat",
    Field.LEVEL: (
        "niveau|niveauwaarde|niveau i v|niveau a e|niveauscore|i v|a e|niveau landelijk|"
        "niveau i t m v|niveau a t m e|toetsniveau|referentieniveau"
        "|behaald niveau|behaald referentieniveau|referentieniveau behaald|functioneringsniveau|fn|level"
    ),
    Field.N_PUPILS: (
        "aantal leerlingen|aantal ll|aantal lln|aantal|n|n leerlingen|leerlingen aantal|"
        "aantal deelnemers|deelnemers|aantal afnames|aantal kinderen|n pupils"
    ),
}
_VALUE_WORDS: dict[ScoreKind, str] = {
    ScoreKind.SCORE: (
        "vaardigheidsscore|vaardigheids score|vs|ontwikkelscore|standaardscore|vaardigheid|"
        "schaalscore|dle|dle score|score|toetsscore|eindscore|totaalscore"
        "|gemiddelde vaardigheidsscore|gem vs|gemiddelde score|gem score|gemiddelde vs|"
        "didactisch leeftijdsequivalent"
    ),
    ScoreKind.PERCENTAGE: (
        "percentage|percentage goed|perc|perc goed|goed|score percentage|percentage score|pct|"
        "procent|percentage 1f|percentage behaald|gemiddeld percentage|percentiel"
    ),
    ScoreKind.MARK: (
        "cijfer|rapportcijfer|eindcijfer|gemiddeld cijfer|punt|gemiddelde|resultaat|waarde|mark|periodecijfer"
    ),
    ScoreKind.COUNT: (
        "aantal goed|ruwe score|goed aantal|aantal punten|punten|behaalde punten|ruwe toetsscore|count"
    ),
}


# "FN" holds M5 and E4 and is no moment: a name that means something is not overruled by its values.
_KNOWN = frozenset("|".join([*_WORDS.values(), *_VALUE_WORDS.values()]).split("|"))


def words_for(name: Field) -> frozenset[str]:
    """The plain header names by which a column is known as this field."""
    return frozenset(_WORDS[name].split("|"))


# A table of leavers has a row per destination: how many went there, and of how many.
_DESTINATION = (
    "uitstroombestemming|bestemming|uitstroomprofiel|uitstroom|uitstroomplek|bestemming na school|destination"
)
_WENT = "aantal|aantal leerlingen|aantal lln|leerlingen|n"
_LEAVERS = (
    "totaal|totaal aantal|totaal schoolverlaters|aantal schoolverlaters|schoolverlaters|alle schoolverlaters"
)


def _take_destinations(
    free: dict[str, list[str]], mapped: dict[Field, str], constants: dict[Field, str]
) -> None:
    places = _candidates(_DESTINATION, free, {})
    went = _candidates(_WENT, free, {})
    if not places or not went or Field.PUPIL in mapped or Field.SUBJECT in mapped:
        return
    leavers = _candidates(_LEAVERS, free, {})
    # Without their total each number is only about itself, so the small ones stay hidden.
    mapped |= {
        Field.TEST: places[0],
        Field.VALUE: went[0],
        Field.N_PUPILS: leavers[0] if leavers else went[0],
    }
    constants |= {Field.SUBJECT: "destination", Field.SCORE_KIND: ScoreKind.COUNT}
    if not {Field.YEAR_GROUP, Field.MOMENT, Field.GROUP_NAME} & set(mapped):
        # To work and day care pupils go from secondary special education only.
        told = " ".join(map(plain, free[places[0]]))
        constants[Field.YEAR_GROUP] = "V" if "arbeid" in told or "dagbesteding" in told else "S"


def suggest_mapping(table: RawTable) -> Mapping:
    """What the columns probably are, from their names and then from what stands in them.

    Columns about a person are never suggested, and a column is only suggested when half of its values can be read
    as that field. A school year in the titles above the table becomes the constant of all rows.
    """
    personal = personal_columns(table)
    open_columns = {
        column: distinct_texts(table.frame[column])[:500]
        for column in table.columns
        if column not in personal
    }
    sector = _sector(table)
    mapped: dict[Field, str] = {} if table.wide is None else {Field.VALUE: table.wide[1]}
    for name, words in _WORDS.items():
        _take(name, words, open_columns, mapped, sector)
    constants = _take_value(open_columns, mapped) if table.wide is None else {}
    _take_destinations(open_columns, mapped, constants)
    _take_by_values(open_columns, mapped, sector)
    shares = False
    if Field.VALUE in mapped:
        texts = distinct_texts(table.frame[mapped[Field.VALUE]])
        kind, shares = _kind_of(texts, constants.get(Field.SCORE_KIND, ScoreKind.SCORE))
        if Field.SCORE_KIND not in mapped:
            constants[Field.SCORE_KIND] = kind
    constants |= _from_titles(table, mapped)
    return Mapping(mapped, constants, {}, sector, shares, normalised_headers(table))


def _sector(table: RawTable) -> Sector:
    headers = {plain(column) for column in table.columns}
    speaks_vo = headers & {
        "klas",
        "stamklas",
        "cijfer",
        "stamnummer",
        "stamnr",
        "rapportcijfer",
        "lesgroep",
        "leerjaar",
    }
    speaks_po = headers & {"groep", "jaargroep", "afnamemoment", "vaardigheidsscore", "groepsnaam"}
    return Sector.VO if speaks_vo and not speaks_po else Sector.PO


def _candidates(words: str, free: dict[str, list[str]], taken: dict[Field, str]) -> list[str]:
    rank = {word: i for i, word in enumerate(words.split("|"))}
    found = [(rank[plain(c)], c) for c in free if plain(c) in rank and c not in taken.values()]
    return [column for _, column in sorted(found)]


def _take(
    name: Field, words: str, free: dict[str, list[str]], mapped: dict[Field, str], sector: Sector
) -> None:
    for column in _candidates(words, free, mapped):
        if _readable(name, free[column], sector):
            mapped[name] = column
            return


def _take_value(free: dict[str, list[str]], mapped: dict[Field, str]) -> dict[Field, str]:
    for kind, words in _VALUE_WORDS.items():
        for column in _candidates(words, free, mapped):
            if not _readable(Field.VALUE, free[column], Sector.PO):
                if (
                    Field.LEVEL not in mapped
                    and free[column]
                    and _readable(Field.LEVEL, free[column], Sector.PO)
                ):
                    mapped[Field.LEVEL] = column
                continue
            mapped[Field.VALUE] = column
            header = plain(column)
            scale = next(
                (s for s in ("vaardigheidsscore", "ontwikkelscore", "standaardscore", "dle") if s in header),
                None,
            )
            scale = "vaardigheidsscore" if header in ("vs", "gem vs", "gemiddelde vs") else scale
            found: dict[Field, str] = {Field.SCORE_KIND: kind}
            if scale and Field.SCALE not in mapped:
                found[Field.SCALE] = scale
            return found
    return {}


def _take_by_values(free: dict[str, list[str]], mapped: dict[Field, str], sector: Sector) -> None:
    # Only what can hardly be anything else: a number alone could be a score, a count or a key.
    for name in (Field.SCHOOL_YEAR, Field.MEASURED_ON, Field.SUBJECT, Field.MOMENT, Field.LEVEL):
        if name in mapped:
            continue
        for column, texts in free.items():
            if column in mapped.values() or plain(column) in _KNOWN:
                continue
            if texts and _share_read(name, texts, sector) >= 0.9:
                mapped[name] = column
                break


_READERS: dict[Field, Callable[[str], object]] = {
    Field.SCHOOL_YEAR: fields.parse_school_year,
    Field.MEASURED_ON: fields.parse_date,
    Field.SUBJECT: fields.parse_subject,
    Field.MOMENT: fields.parse_moment,
    Field.LEVEL: fields.parse_level,
    Field.SCORE_KIND: fields.parse_score_kind,
    Field.VALUE: fields.parse_number,
    Field.N_PUPILS: fields.parse_number,
}


def _share_read(name: Field, texts: list[str], sector: Sector) -> float:
    told = [text for text in texts if fields.status_of(text) is fields.Status.VALUE]
    if not told:
        return 0.0
    if name is Field.YEAR_GROUP:
        return sum(not isinstance(fields.parse_year_group(t, sector), Reason) for t in told) / len(told)
    read = _READERS[name]
    return sum(not isinstance(read(t), Reason) for t in told) / len(told)


def _readable(name: Field, texts: list[str], sector: Sector) -> bool:
    if name is Field.PUPIL:
        return not holds_names(texts)
    if name is Field.TEST:
        return not texts or sum(any(c.isalpha() for c in text) for text in texts) >= 0.5 * len(texts)
    if name is not Field.YEAR_GROUP and name not in _READERS:
        return True
    told = any(fields.status_of(text) is fields.Status.VALUE for text in texts)
    # A column without a single figure or word says nothing against its name. Own subject names can be translated.
    needed = 0.2 if name is Field.SUBJECT else 0.5
    return not told or _share_read(name, texts, sector) >= needed


def _kind_of(texts: list[str], kind: str) -> tuple[ScoreKind, bool]:
    """The kind of score when the values say it: percent signs, or shares under one in a percentage column."""
    told = [text for text in texts if fields.status_of(text) is fields.Status.VALUE]
    if told and sum("%" in text for text in told) > len(told) / 2:
        return ScoreKind.PERCENTAGE, False
    style = fields.decimal_style(told)
    numbers = [n for n in (fields.parse_number(text, style) for text in told) if isinstance(n, float)]
    is_share = kind == ScoreKind.PERCENTAGE and any(0 < n < 1 for n in numbers) and max(numbers) <= 1
    return ScoreKind(kind), is_share


_YEAR_IN_TITLE = re.compile(r"\b(20\d\d) ?[-/–] ?(20\d\d|\d\d)\b")


def _from_titles(table: RawTable, mapped: dict[Field, str]) -> dict[Field, str]:
    if Field.SCHOOL_YEAR in mapped:
        return {}
    titles = (table.sheet, *table.preamble)
    years = {fields.parse_school_year(m[0]) for title in titles for m in _YEAR_IN_TITLE.finditer(title)}
    years = {year for year in years if not isinstance(year, Reason)}
    return {Field.SCHOOL_YEAR: years.pop()} if len(years) == 1 else {}
