"""OSO transfer dossiers (2019.1): the test results of one pupil, and nothing else of what such a dossier holds.

A dossier becomes one line per figure: the score on its own scale, each level, the functional level, the DLE. What a
code means is not always published; a figure whose meaning is not certain is kept aside with a sentence. Results of
intelligence tests are named, without figures, so that a school sees that they were left out.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

import pandas as pd

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import archives, fields, xml
from qualitycycle.imports.fields import Field, Reason
from qualitycycle.imports.files import Content, FileReason, RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.privacy import Drop
from qualitycycle.imports.xml import Element

NAMESPACE = re.compile(r"https?://www\.edustandaard\.nl/oso_gegevensset/20\d\d/dossier")

SUFFIX = ".xml"
_PUPIL = "dossier/huidigeschool/leerling"
_SCORE = ("resultaat/toetsscore/aantalgoed", "resultaat/toetsscore/vaardigheidsscore",
          "resultaat/toetsscore/codevaardigheidsschaal", "resultaat/referentiescore/codereferentiescore",
          "resultaat/referentiescore/codevergelijkingsgroep", "resultaat/referentiescore/waarde")  # fmt: skip
_FINAL = "eindtoets_basisonderwijs/eindtoetsresultaat"
_PART = f"{_FINAL}/onderdelen/onderdeel"
PATHS = (
    "dossier/huidigeschool/brincode",
    *(f"{_PUPIL}/{path}" for path in (
        "leerlingid",
        *(f"schoolloopbaanlijst/schoolloopbaan/{name}" for name in (
            "schooljaar", "groepsnaam", "jaargroep", "brincode")),
        *(f"toetslijst/toets/toetsidentificatie/{name}" for name in (
            "eldtoetscode", "leergebied", "toetsnaam", "toetsversie")),
        "toetslijst/toets/afname/afnamedatum",
        "toetslijst/toets/afname/jaargroep",
        *(f"toetslijst/toets/{name}" for name in _SCORE),
        "toetslijst/toets/toetsonderdeel/onderdeelnaam",
        *(f"toetslijst/toets/toetsonderdeel/{name}" for name in _SCORE),
        "eindtoets_basisonderwijs/deelgenomen",
        *(f"{_FINAL}/{name}" for name in (
            "toetssoort", "toetsomschrijving", "datum_afname", "wettelijke_ontheffing", "standaardscore")),
        f"{_PART}/onderdeelomschrijving",
        f"{_PART}/ond_referentieniveau",
        f"{_PART}/domeinen/domein/domeinomschrijving",
        f"{_PART}/domeinen/domein/dom_referentieniveau",
    )),
)  # fmt: skip

# What a dossier always or often holds and what is never read, named so that a school sees it.
LEFT_OUT: tuple[tuple[str, Drop], ...] = (
    ("bsn", Drop.BSN),
    ("voornaam, achternaam", Drop.NAME),
    ("geboortedatum", Drop.BIRTH_DATE),
    ("adreslijst", Drop.ADDRESS),
    ("communicatielijst", Drop.PHONE),
    ("verzorger", Drop.HOME),
    ("onderwijsondersteuning", Drop.HEALTH),
    ("naammedewerker", Drop.STAFF_NAME),
    ("opmerking", Drop.FREE_TEXT),
)

# The codes of which the meaning is certain (see README, "Import formats"). CAE, CIV, DQ and ERK are not among them.
_LEVELS = {"AE": "level", "IV": "level", "FN": "level", "RNTRM": "level"}
_SCORES = {"DLE": "score"}
_NATIONAL = "landelijk"
# Code list 45 of OSO, as the schema describes it.
_REFERENCE_LEVELS = {"01": "<1F", "02": "1F", "03": "1S", "04": "2F"}
_MOMENT = re.compile(r"([BME])([3-8])\b[\s-]*")
_WINDOWS = {"B": range(8, 13), "M": range(1, 4), "E": range(4, 8)}
_INTELLIGENCE_CODE = re.compile(r"(nio|wisc|wppsi|wais|son-?r|adit|nscct|kait|iq)", re.IGNORECASE)

_COLUMNS: dict[Field, str] = {
    Field.PUPIL: "leerlingid",
    Field.MEASURED_ON: "afnamedatum",
    Field.MOMENT: "moment",
    Field.YEAR_GROUP: "jaargroep",
    Field.GROUP_NAME: "groepsnaam",
    Field.SUBJECT: "leergebied",
    Field.TEST: "toetsnaam",
    Field.EDITION: "toetsversie",
    Field.SCALE: "codevaardigheidsschaal",
    Field.SCORE_KIND: "codereferentiescore",
    Field.VALUE: "score",
    Field.LEVEL: "niveau",
}
MAPPING = Mapping(columns=_COLUMNS)


@dataclass(frozen=True)
class _Year:
    """Where the pupil was in a school year, as far as it was this school."""

    year_group: str
    group_name: str


Row = dict[Field, str]


def read(stream: BinaryIO, filename: str) -> RawTable:
    """One line per figure of a dossier, to be read with `MAPPING`; empty where nothing is said.

    Raises
    ------
    ImportRejected : no OSO dossier, or one without a single result.
    """
    rows, lines = _lines(stream, filename)
    return _table(rows, lines, filename)


def is_in(stream: BinaryIO) -> bool:
    """Whether a zip holds OSO dossiers."""
    return any(_is_dossier(head) for head in archives.heads(stream, SUFFIX))


def _is_dossier(head: bytes) -> bool:
    try:
        return xml.is_markup(io.BytesIO(head)) and is_root(xml.root_of(io.BytesIO(head), ""))
    except ImportRejected:
        return False


def is_root(root: xml.Root) -> bool:
    """Whether XML that begins so is an OSO dossier."""
    return root.name == "dossier" and bool(NAMESPACE.fullmatch(root.namespace))


def read_all(content: Content, filename: str) -> RawTable:
    """The dossiers in a zip as one table; a dossier that cannot be read is named in `unread`, the others go in.

    Raises
    ------
    ImportRejected : the zip cannot be read, or none of its dossiers has a result: then the first one says why.
    """
    rows: list[Row] = []
    lines: list[int] = []
    parts: list[tuple[int, str]] = []
    unread: list[tuple[int, ImportRejected]] = []
    before = 0
    for name, found in archives.read_each(content, filename, SUFFIX):
        parts.append((before + 1, name))
        try:
            own_rows, own_lines = _of_zip(name, found)
        except ImportRejected as rejected:
            unread.append((before + 1, rejected))
            before += 1
            continue
        rows += own_rows
        lines += [before + line for line in own_lines]
        # A dossier without line breaks has as many lines as figures.
        before = max(before + (found.count(b"\n") + 1 if isinstance(found, bytes) else 1), lines[-1])
    if not rows:
        raise unread[0][1] if unread else ImportRejected(filename, FileReason.NO_RESULTS)
    return replace(_table(rows, lines, filename), parts=tuple(parts), unread=tuple(unread))


def _of_zip(name: str, found: bytes | FileReason) -> tuple[list[Row], list[int]]:
    if isinstance(found, FileReason):
        raise ImportRejected(name, found)
    if not found.strip():
        raise ImportRejected(name, FileReason.EMPTY_FILE)
    stream = io.BytesIO(found)
    if not xml.is_markup(stream) or not is_root(xml.root_of(stream, name)):
        raise ImportRejected(name, FileReason.UNKNOWN_XML)
    return _lines(stream, name)


def _lines(stream: BinaryIO, filename: str) -> tuple[list[Row], list[int]]:
    top = xml.read(stream, filename, PATHS)
    if top.name != "dossier":
        raise ImportRejected(filename, FileReason.UNKNOWN_XML, top.name)
    rows, lines = _numbered(sorted(_rows(top), key=lambda found: found[0]))
    if not rows:
        raise ImportRejected(filename, FileReason.NO_RESULTS)
    return rows, lines


def _table(rows: list[Row], lines: list[int], filename: str) -> RawTable:
    frame = pd.DataFrame(
        {
            column: pd.array([row.get(name, "") for row in rows], dtype="str")
            for name, column in _COLUMNS.items()
        },
        index=pd.Index(lines, dtype="int64"),
    )
    return RawTable(
        sheet="",
        columns=tuple(frame.columns),
        frame=frame,
        header_line=1,
        file=filename,
        told=True,
        left_out=tuple((name, str(drop)) for name, drop in LEFT_OUT),
    )


def _numbered(found: list[tuple[int, Row]]) -> tuple[list[Row], list[int]]:
    """The rows with their lines in the file; a dossier without line breaks is counted on."""
    rows, lines, last = [], [], 0
    for line, row in found:
        last = max(line, last + 1)
        rows.append(row)
        lines.append(last)
    return rows, lines


def _rows(dossier: Element) -> Iterator[tuple[int, Row]]:
    for school in dossier.all("huidigeschool"):
        brin = school.text_at("brincode")
        for pupil in school.all("leerling"):
            years = _years(pupil, brin)
            known = {Field.PUPIL: pupil.text_at("leerlingid")}
            for test in pupil.all("toetslijst/toets"):
                yield from _test_rows(test, known, years)
            for final in pupil.all("eindtoets_basisonderwijs"):
                yield from _final_rows(final, known, years)


def _years(pupil: Element, brin: str) -> dict[str, _Year]:
    found: dict[str, _Year] = {}
    for year in pupil.all("schoolloopbaanlijst/schoolloopbaan"):
        # A group of an earlier school is no group of this one.
        own = year.text_at("brincode").casefold() == brin.casefold()
        found[year.text_at("schooljaar")] = _Year(
            year.text_at("jaargroep"), year.text_at("groepsnaam") if own else ""
        )
    return found


def _taken(day: str, year_group: str, years: dict[str, _Year]) -> Row:
    """When and where a test was taken: what the test says, else what the school career says of that year."""
    read = fields.parse_date(day)
    year = None if isinstance(read, Reason) else years.get(fields.school_year_of(read))
    if year is None:
        return {Field.MEASURED_ON: day, Field.YEAR_GROUP: year_group}
    # Where test and career name two year groups, the group of that year is not certain.
    agree = year_group in ("", year.year_group)
    return {
        Field.MEASURED_ON: day,
        Field.YEAR_GROUP: year_group or year.year_group,
        Field.GROUP_NAME: year.group_name if agree else "",
    }


# --- tests of a pupil-tracking system -----------------------------------------------------------------------


def _test_rows(test: Element, known: Row, years: dict[str, _Year]) -> Iterator[tuple[int, Row]]:
    code = test.text_at("toetsidentificatie/eldtoetscode")
    subject = test.text_at("toetsidentificatie/leergebied")
    name = test.text_at("toetsidentificatie/toetsnaam") or code
    day = test.text_at("afname/afnamedatum")
    row = {**known, **_taken(day, test.text_at("afname/jaargroep"), years)}
    if _is_intelligence(test, code, subject, name):
        yield test.line, {**row, Field.TEST: "IQ"}
        return
    moment, edition = _version(test.text_at("toetsidentificatie/toetsversie"), day)
    row |= {Field.SUBJECT: subject, Field.TEST: name, Field.MOMENT: moment, Field.EDITION: edition}
    yield from _results(test, row)
    for part in test.all("toetsonderdeel"):
        yield from _results(part, {**row, Field.TEST: f"{name}: {part.text_at('onderdeelnaam')}"})


def _is_intelligence(test: Element, code: str, subject: str, name: str) -> bool:
    words = (subject, name, *(part.text_at("onderdeelnaam") for part in test.all("toetsonderdeel")))
    codes = [
        score.text_at("codereferentiescore").upper()
        for path in ("resultaat/referentiescore", "toetsonderdeel/resultaat/referentiescore")
        for score in test.all(path)
    ]
    by_code = bool(_INTELLIGENCE_CODE.match(code))
    return by_code or "IQ" in codes or any(fields.is_intelligence_test(word) for word in words)


def _version(version: str, day: str) -> tuple[str, str]:
    """Moment and edition in a version such as "M8-digi"; a test taken out of its season has no certain moment."""
    found = _MOMENT.match(version)
    if not found:
        return "", version
    read = fields.parse_date(day)
    in_season = not isinstance(read, Reason) and _in_window(read, found[1])
    return found[1] if in_season else "", version[found.end() :]


def _in_window(day: dt.date, moment: str) -> bool:
    return day.month in _WINDOWS[moment]


def _results(where: Element, row: Row) -> Iterator[tuple[int, Row]]:
    for result in where.all("resultaat"):
        yield from _own_scores(result, row)
        for score in result.all("referentiescore"):
            yield score.line, {**row, **_reference(score)}


def _own_scores(result: Element, row: Row) -> Iterator[tuple[int, Row]]:
    for scores in result.all("toetsscore"):
        score = scores.text_at("vaardigheidsscore")
        if score:
            scale = scores.text_at("codevaardigheidsschaal")
            yield scores.line, {**row, Field.SCORE_KIND: "score", Field.SCALE: scale, Field.VALUE: score}
        elif number := scores.text_at("aantalgoed"):
            yield scores.line, {**row, Field.SCORE_KIND: "count", Field.VALUE: number}


def _reference(score: Element) -> Row:
    code = score.text_at("codereferentiescore").upper()
    group = score.text_at("codevergelijkingsgroep")
    value = score.text_at("waarde")
    # An A among vmbo pupils is another A: only the national comparison has one meaning.
    if group.casefold() != _NATIONAL:
        return {Field.SCORE_KIND: f"{code} ({group})", Field.LEVEL: value}
    if code in _SCORES:
        return {Field.SCORE_KIND: _SCORES[code], Field.SCALE: code, Field.VALUE: value}
    return {Field.SCORE_KIND: _LEVELS.get(code, code), Field.LEVEL: value}


# --- the test at the end of primary school ------------------------------------------------------------------


def _final_rows(final: Element, known: Row, years: dict[str, _Year]) -> Iterator[tuple[int, Row]]:
    took_part = final.text_at("deelgenomen").casefold() not in ("false", "0")
    for result in final.all("eindtoetsresultaat"):
        name = result.text_at("toetsomschrijving") or result.text_at("toetssoort")
        row = {
            **known,
            **_taken(result.text_at("datum_afname"), "8", years),
            Field.MOMENT: "DT",
            Field.TEST: name,
        }
        exempt = result.text_at("wettelijke_ontheffing").casefold() in ("j", "ja", "true", "1")
        if exempt or not took_part:
            yield result.line, {**row, **_whole_test("niet deelgenomen")}
            continue
        if score := result.text_at("standaardscore"):
            yield result.line, {**row, **_whole_test(score)}
        for part in result.all("onderdelen/onderdeel"):
            yield from _levels(part, row, "onderdeelomschrijving", "ond_referentieniveau")
            for domain in part.all("domeinen/domein"):
                yield from _levels(domain, row, "domeinomschrijving", "dom_referentieniveau")


def _whole_test(score: str) -> Row:
    return {
        Field.SUBJECT: "taal en rekenen",
        Field.SCORE_KIND: "score",
        Field.SCALE: "standaardscore",
        Field.VALUE: score,
    }


def _levels(part: Element, row: Row, name: str, level: str) -> Iterator[tuple[int, Row]]:
    if code := part.text_at(level):
        told = _REFERENCE_LEVELS.get(code, code)
        yield (
            part.line,
            {
                **row,
                Field.SUBJECT: part.text_at(name),
                Field.SCORE_KIND: "level",
                Field.LEVEL: told,
            },
        )
