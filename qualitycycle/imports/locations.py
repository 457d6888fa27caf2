"""Open data with a line per school location: DUO's reference levels and exams (CSV or Parquet), the school weighting.

A school takes its own location's line out of it; nothing is stored about any other. DUO hides one to four pupils as
`<5`, which stays hidden here, and numbers locations 00, 01 where the Inspectie writes C1, C2.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import exams, fields, schemas
from qualitycycle.imports.exams import Exam
from qualitycycle.imports.fields import Reason, ScoreKind, Status
from qualitycycle.imports.files import Content, FileReason, RawTable, opened, read_tables
from qualitycycle.imports.inspectie import School
from qualitycycle.imports.open_lines import (
    bare,
    codes,
    column,
    is_parquet,
    parquet,
    parquet_names,
    proper_names,
)


class Holds(StrEnum):
    """What the lines are about."""

    LEVELS = "duo_reference_levels"
    EXAMS = "duo_exams"
    WEIGHTING = "school_weighting"


@dataclass(frozen=True)
class Level:
    """How many pupils reached one level as their highest; `n` None where `status` says why."""

    school_year: str
    subject: str
    level: str
    n: int | None
    status: Status
    n_all: int | None


@dataclass(frozen=True)
class Weighting:
    """The school weighting of one school year."""

    school_year: str
    value: float


@dataclass(frozen=True, eq=False)
class Locations:
    """`frame` has one line each: ovt, name, place, line, school_year and the file's own columns as text."""

    holds: Holds
    frame: pd.DataFrame
    file: str = ""


@dataclass(frozen=True)
class Own:
    """What the file says about one location."""

    school: School
    line: int
    levels: tuple[Level, ...] = ()
    weightings: tuple[Weighting, ...] = ()
    exams: tuple[Exam, ...] = ()
    # Which of DUO's files on exams: another one of the same year stands beside it.
    part: str = ""

    @property
    def n_rows(self) -> int:
        """How many figures there are, hidden ones included."""
        return len(self.levels) + len(self.weightings) + len(self.exams)

    @property
    def covers(self) -> frozenset[tuple[str, str]]:
        """The school years with the year group that the figures are about; a weighting is about no year group."""
        return frozenset(
            [(one.school_year, YEAR_GROUP) for one in self.levels]
            + [(one.school_year, "") for one in self.weightings]
            + [(one.school_year, one.year_group) for one in self.exams]
        )


# The year group that takes the test of which the reference levels come.
YEAR_GROUP = "8"
_SUBJECTS = {"REKENEN": "maths", "LV": "reading", "TV": "language_conventions"}
_LEVELS = {"LAGER1F": "<1F", "1F": "1F", "1S": "1S", "2F": "2F"}
_LEVEL_COLUMNS = {
    f"{theirs}_{level}": (subject, ours)
    for theirs, subject in _SUBJECTS.items()
    for level, ours in _LEVELS.items()
}
_DUO = ("PEILDATUM", "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM VESTIGING", "PLAATSNAAM")
_NEEDED = {"PEILDATUM", "INSTELLINGSCODE", "VESTIGINGSCODE", "REKENEN 1F", "LV 1F", "TV 1F"}


def holds(columns: Sequence[str]) -> Holds | None:
    """What a table with these column names is about; None when it is no such open data."""
    names = {bare(name) for name in columns}
    if names >= _NEEDED:
        return Holds.LEVELS
    if exams.is_about_exams(list(columns)):
        return Holds.EXAMS
    has_weighting = any(re.fullmatch(r"SCHOOLWEGING(?: .*)?", name) for name in names)
    return Holds.WEIGHTING if "OVT" in names and has_weighting else None


def read(content: Content, filename: str) -> Locations:
    """Every line of the file.

    Raises
    ------
    ImportRejected : damaged, too large, or none of the open data that is read here.
    """
    with opened(content) as stream:
        tables = [_parquet(stream, filename)] if is_parquet(stream) else read_tables(content, filename)
    for kind, lines in _READERS.items():
        fitting = [table for table in tables if holds(table.columns) is kind]
        if fitting:
            found = _known(pd.concat([lines(table) for table in fitting], ignore_index=True))
            if len(found):
                return Locations(kind, found, filename)
            if kind is Holds.EXAMS:
                raise ImportRejected(filename, _why_no_exams(fitting[0]))
    raise ImportRejected(filename, FileReason.UNKNOWN_OPEN_DATA)


def _why_no_exams(table: RawTable) -> FileReason:
    known = exams.layout(list(table.columns)) is not None
    return FileReason.YEAR_UNKNOWN if known else FileReason.UNKNOWN_OPEN_DATA


def _parquet(stream: BinaryIO, filename: str) -> RawTable:
    about_exams = exams.is_about_exams(parquet_names(stream, filename))
    known = {*_DUO, *map(bare, _LEVEL_COLUMNS)}
    return parquet(stream, filename, exams.is_wanted if about_exams else known.__contains__)


def _level_lines(table: RawTable) -> pd.DataFrame:
    frame = pd.DataFrame(
        {
            "ovt": codes(table),
            "name": proper_names(table, "INSTELLINGSNAAM VESTIGING"),
            "place": proper_names(table, "PLAATSNAAM"),
            "line": table.frame.index.to_numpy(dtype="int64"),
            "school_year": column(table, "PEILDATUM").map(_year_of_day),
        }
    )
    names = {bare(name) for name in table.columns}
    for name in _LEVEL_COLUMNS:
        if bare(name) in names:
            frame[name] = column(table, bare(name))
    return frame


def _year_of_day(text: str) -> str:
    day = fields.parse_date(text)
    return "" if isinstance(day, Reason) else fields.school_year_of(day)


def _weighting_lines(table: RawTable) -> pd.DataFrame:
    """One line per location and year; the year stands in the column's name, else in the name of its sheet."""
    pieces = []
    for own_name in table.columns:
        if not re.fullmatch(r"SCHOOLWEGING(?: .*)?", bare(own_name)):
            continue
        year = _year_in(own_name) or _year_in(table.sheet)
        pieces.append(
            pd.DataFrame(
                {
                    "ovt": column(table, "OVT").str.upper(),
                    "name": proper_names(table, "NAAM"),
                    "place": proper_names(table, "PLAATS"),
                    "line": table.frame.index.to_numpy(dtype="int64"),
                    "school_year": year,
                    "weighting": column(table, bare(own_name)),
                }
            )
        )
    return pd.concat(pieces, ignore_index=True)


def _year_in(text: str) -> str:
    found = re.search(r"20\d\d ?[-/] ?(?:20)?\d\d", text)
    year = fields.parse_school_year(found[0]) if found else Reason.SCHOOL_YEAR_MISSING
    return "" if isinstance(year, Reason) else year


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines of which location and year are certain."""
    if not len(frame):
        return frame
    return frame[frame["ovt"].str.fullmatch(r"[0-9A-Z]{4}(?:\|?C?\d{1,2})?") & (frame["school_year"] != "")]


_READERS: dict[Holds, Callable[[RawTable], pd.DataFrame]] = {
    Holds.LEVELS: _level_lines,
    Holds.EXAMS: exams.lines,
    Holds.WEIGHTING: _weighting_lines,
}


# --- one location -------------------------------------------------------------------------------------------


def schools(data: Locations, search: str = "") -> list[School]:
    """The locations in the file, each once, of which code, name or place holds every word of `search`."""
    frame = data.frame.drop_duplicates("ovt")
    text = (frame["ovt"] + " " + frame["name"] + " " + frame["place"]).str.casefold()
    fits = np.ones(len(frame), dtype=bool)
    for word in search.casefold().split():
        fits &= text.str.contains(word, regex=False).to_numpy(dtype=bool)
    return [_school(row) for row in frame[fits].to_dict("records")]


def own(data: Locations, code: str) -> Own | list[School]:
    """What is said about the location of a code such as "00AP" or "00AP00"; the candidates when there is not one."""
    bare = re.sub(r"[^0-9A-Z]", "", code.upper())
    known = data.frame["ovt"].str.replace(r"[^0-9A-Z]", "", regex=True)
    exact = known == bare
    fits = exact if exact.any() else known.str[:4] == bare[:4]
    rows = data.frame[fits & (len(bare) >= 4)]
    if rows["ovt"].nunique() != 1:
        return [_school(row) for row in rows.drop_duplicates("ovt").to_dict("records")]
    rows = rows.sort_values("school_year", kind="stable")
    first = rows.iloc[0].to_dict()
    if data.holds is Holds.LEVELS:
        levels = [level for row in rows.to_dict("records") for level in _levels(row)]
        return Own(_school(first), int(first["line"]), levels=tuple(levels))
    if data.holds is Holds.EXAMS:
        return Own(_school(first), int(first["line"]), exams=_exams(data, rows), part=str(first["layout"]))
    found = [(row["school_year"], _weighting(row["weighting"])) for row in rows.to_dict("records")]
    weightings = tuple(Weighting(year, value) for year, value in found if value is not None)
    return Own(_school(first), int(first["line"]), weightings=weightings)


def _exams(data: Locations, rows: pd.DataFrame) -> tuple[Exam, ...]:
    try:
        return tuple(exam for row in rows.to_dict("records") for exam in exams.figures(row))
    except exams.Unreadable as error:
        raise ImportRejected(data.file, FileReason.FIGURE_UNREADABLE, error.detail) from error


def _weighting(text: str) -> float | None:
    # A weighting lies between 20 and 40, so neither sign in it is one of thousands.
    value = fields.parse_number(text.replace(",", "."), fields.DecimalStyle.POINT)
    return value if isinstance(value, float) and 0 < value < 100 else None


def _school(row: dict[Any, Any]) -> School:
    return School(row["ovt"], row["name"] or None, row["place"] or None)


def _levels(row: dict[Any, Any]) -> list[Level]:
    found = []
    for subject in _SUBJECTS.values():
        told = {
            level: _count(row[column])
            for column, (of, level) in _LEVEL_COLUMNS.items()
            if of == subject and column in row
        }
        counts = [n for n, _ in told.values()]
        n_all = None if None in counts else sum(n for n in counts if n is not None)
        found += [Level(row["school_year"], subject, level, n, s, n_all) for level, (n, s) in told.items()]
    return found


def _count(text: str) -> tuple[int | None, Status]:
    status = fields.status_of(text)
    number = fields.parse_number(text)
    if status is not Status.VALUE or isinstance(number, Reason) or number % 1 or not 0 <= number < 100_000:
        return None, Status.EMPTY if status is Status.VALUE else status
    return int(number), Status.VALUE


def to_outcomes(found: Own) -> pd.DataFrame:
    """Canonical outcome rows (`schemas.OUTCOMES`): numbers per highest level, or what is said of the final exams.

    `test` says which level or which exam a row is, also where the figure is hidden.
    """
    rows = [_level_row(one) for one in found.levels] + [_exam_row(one) for one in found.exams]
    n = len(rows)
    frame = pd.DataFrame(
        {
            "line": np.full(n, found.line, dtype="int64"),
            "pupil": _words([None] * n),
            "school_year": _words([row["school_year"] for row in rows]),
            "moment": _words([row["moment"] for row in rows]),
            "measured_on": np.full(n, "NaT", dtype="datetime64[s]"),
            "year_group": _words([row["year_group"] for row in rows]),
            "group_name": _words([row["group_name"] for row in rows]),
            "subject": _words([row["subject"] for row in rows]),
            "test_maker": _words([None] * n),
            "test": _words([row["test"] for row in rows]),
            "edition": _words([None] * n),
            "scale": _words([row["scale"] for row in rows]),
            "score_kind": _words([row["score_kind"] for row in rows]),
            "value": _numbers([row["value"] for row in rows]),
            "level": _words([row["level"] for row in rows]),
            "status": _words([row["status"] for row in rows]),
            "n_pupils": pd.array([row["n_pupils"] for row in rows], dtype="Int64"),
        }
    )
    schemas.OUTCOMES.validate(frame, lazy=True)
    return frame


def _level_row(one: Level) -> dict[str, Any]:
    return {
        "school_year": one.school_year,
        "moment": "DT",
        "year_group": YEAR_GROUP,
        "group_name": None,
        "subject": one.subject,
        "test": one.level,
        "scale": "reference",
        "score_kind": ScoreKind.COUNT,
        "value": one.n,
        "level": one.level if one.n is not None else None,
        "status": one.status,
        "n_pupils": one.n_all,
    }


def _exam_row(one: Exam) -> dict[str, Any]:
    passed = one.test == exams.PASSED
    return {
        "school_year": one.school_year,
        "moment": None,
        "year_group": one.year_group,
        "group_name": one.track,
        "subject": one.subject,
        "test": (one.profile or one.track) if passed else ": ".join(filter(None, (one.profile, one.test))),
        "scale": one.test if passed else None,
        "score_kind": one.score_kind,
        "value": one.value,
        "level": None,
        "status": one.status,
        "n_pupils": one.n,
    }


def _numbers(numbers: list[float | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if n is None else n for n in numbers], dtype="float64")


def _words(words: Sequence[str | None]) -> pd.Categorical:
    texts = [None if word is None else str(word) for word in words]
    names = sorted({text for text in texts if text})
    codes = [names.index(text) if text else -1 for text in texts]
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))
