"""Open data with a line per school location: DUO's reference levels (CSV or Parquet) and the school weighting (ODS).

A school takes its own location's line out of it; nothing is stored about any other. DUO hides one to four pupils as
`<5`, which stays hidden here, and numbers locations 00, 01 where the Inspectie writes C1, C2.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields, schemas
from qualitycycle.imports.fields import Reason, ScoreKind, Status
from qualitycycle.imports.files import Content, FileReason, RawTable, opened, read_tables
from qualitycycle.imports.inspectie import School

PARQUET = b"PAR1"
MAX_BYTES = 200 * 1024**2
# All school locations of the country over forty years.
MAX_ROWS = 500_000


class Holds(StrEnum):
    """What the lines are about."""

    LEVELS = "duo_reference_levels"
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


@dataclass(frozen=True)
class Own:
    """What the file says about one location."""

    school: School
    line: int
    levels: tuple[Level, ...] = ()
    weightings: tuple[Weighting, ...] = ()


_SUBJECTS = {"REKENEN": "maths", "LV": "reading", "TV": "language_conventions"}
_LEVELS = {"LAGER1F": "<1F", "1F": "1F", "1S": "1S", "2F": "2F"}
_LEVEL_COLUMNS = {
    f"{theirs}_{level}": (subject, ours)
    for theirs, subject in _SUBJECTS.items()
    for level, ours in _LEVELS.items()
}
_DUO = ("PEILDATUM", "INSTELLINGSCODE", "VESTIGINGSCODE", "INSTELLINGSNAAM_VESTIGING", "PLAATSNAAM")
_NEEDED = {"PEILDATUM", "INSTELLINGSCODE", "VESTIGINGSCODE", "REKENEN_1F", "LV_1F", "TV_1F"}


def holds(columns: Sequence[str]) -> Holds | None:
    """What a table with these column names is about; None when it is no such open data."""
    names = {_bare(column) for column in columns}
    if names >= _NEEDED:
        return Holds.LEVELS
    has_weighting = any(re.fullmatch(r"SCHOOLWEGING(?: .*)?", name) for name in names)
    return Holds.WEIGHTING if "OVT" in names and has_weighting else None


def _bare(column: str) -> str:
    # DUO's own file has a byte-order mark inside the quotes of its first name.
    return re.sub(r"^\W+|\W+$", "", column.replace("ï»¿", "").replace("\ufeff", "")).upper()


def is_parquet(stream: BinaryIO) -> bool:
    """Whether the content is Parquet."""
    stream.seek(0)
    return stream.read(4) == PARQUET


def read(content: Content, filename: str) -> Locations:
    """Every line of the file.

    Raises
    ------
    ImportRejected : damaged, too large, or none of the open data that is read here.
    """
    with opened(content) as stream:
        tables = [_parquet(stream, filename)] if is_parquet(stream) else read_tables(content, filename)
    for kind, lines in ((Holds.LEVELS, _level_lines), (Holds.WEIGHTING, _weighting_lines)):
        fitting = [table for table in tables if holds(table.columns) is kind]
        if fitting and len(found := pd.concat([lines(table) for table in fitting], ignore_index=True)):
            return Locations(kind, found)
    raise ImportRejected(filename, FileReason.UNKNOWN_OPEN_DATA)


def _parquet(stream: BinaryIO, filename: str) -> RawTable:
    if stream.seek(0, 2) > MAX_BYTES:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(stream.tell()))
    stream.seek(0)
    try:
        names = pq.read_schema(stream).names
        wanted = [name for name in names if _bare(name) in {*_DUO, *_LEVEL_COLUMNS}]
        stream.seek(0)
        # A text that is written once and pointed to a million times stays one text.
        file = pq.ParquetFile(stream, read_dictionary=wanted)
        if file.metadata.num_rows > MAX_ROWS:
            raise ImportRejected(filename, FileReason.TOO_LARGE, str(file.metadata.num_rows))
        table = file.read(columns=wanted)
        # Text that is none, and columns of lists or with one name, come out only here.
        frame = pd.DataFrame({_bare(name): _texts(table.column(name)) for name in wanted})
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise ImportRejected(filename, FileReason.DAMAGED_PARQUET, type(error).__name__) from error
    # Counted as in the CSV of the same data: the header is line 1.
    frame.index = pd.RangeIndex(2, table.num_rows + 2)
    return RawTable("", tuple(frame.columns), frame, 1, file=filename)


def _texts(column: pa.ChunkedArray) -> pd.Series[str]:
    codes, known = pd.factorize(column.to_pandas())
    short = [str(text)[: fields.MAX_TEXT] for text in known]
    return pd.Series(np.array([*short, ""], dtype=object)[codes], dtype="str")


def _column(table: RawTable, name: str) -> pd.Series[str]:
    own = next((column for column in table.columns if _bare(column) == name), None)
    if own is None:
        return pd.Series("", index=table.frame.index, dtype="str")
    return table.frame[own].astype(object).fillna("").map(fields.clean).astype("str")


def _level_lines(table: RawTable) -> pd.DataFrame:
    location = _column(table, "VESTIGINGSCODE").str[-2:].str.zfill(2)
    frame = pd.DataFrame(
        {
            "ovt": _column(table, "INSTELLINGSCODE").str.upper() + location,
            "name": _column(table, "INSTELLINGSNAAM_VESTIGING"),
            "place": _column(table, "PLAATSNAAM"),
            "line": table.frame.index.to_numpy(dtype="int64"),
            "school_year": _column(table, "PEILDATUM").map(_year_of_day),
        }
    )
    names = {_bare(column) for column in table.columns}
    for column in _LEVEL_COLUMNS:
        if column in names:
            frame[column] = _column(table, column)
    return _known(frame)


def _year_of_day(text: str) -> str:
    day = fields.parse_date(text)
    return "" if isinstance(day, Reason) else fields.school_year_of(day)


def _weighting_lines(table: RawTable) -> pd.DataFrame:
    """One line per location and year; the year stands in the column's name, else in the name of its sheet."""
    pieces = []
    for column in table.columns:
        if not re.fullmatch(r"SCHOOLWEGING(?: .*)?", _bare(column)):
            continue
        year = _year_in(column) or _year_in(table.sheet)
        pieces.append(
            pd.DataFrame(
                {
                    "ovt": _column(table, "OVT").str.upper(),
                    "name": _column(table, "NAAM"),
                    "place": _column(table, "PLAATS"),
                    "line": table.frame.index.to_numpy(dtype="int64"),
                    "school_year": year,
                    "weighting": _column(table, _bare(column)),
                }
            )
        )
    return _known(pd.concat(pieces, ignore_index=True))


def _year_in(text: str) -> str:
    found = re.search(r"20\d\d ?[-/] ?(?:20)?\d\d", text)
    year = fields.parse_school_year(found[0]) if found else Reason.SCHOOL_YEAR_MISSING
    return "" if isinstance(year, Reason) else year


def _known(frame: pd.DataFrame) -> pd.DataFrame:
    """Lines of which location and year are certain."""
    return frame[frame["ovt"].str.fullmatch(r"[0-9A-Z]{4}(?:\|?C?\d{1,2})?") & (frame["school_year"] != "")]


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
    found = [(row["school_year"], _weighting(row["weighting"])) for row in rows.to_dict("records")]
    weightings = tuple(Weighting(year, value) for year, value in found if value is not None)
    return Own(_school(first), int(first["line"]), weightings=weightings)


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
    """Canonical outcome rows (`schemas.OUTCOMES`): how many pupils have each level as their highest.

    `test` says which level a row is, also where the number is hidden.
    """
    levels = found.levels
    n = len(levels)
    frame = pd.DataFrame(
        {
            "line": np.full(n, found.line, dtype="int64"),
            "pupil": _words([None] * n),
            "school_year": _words([one.school_year for one in levels]),
            "moment": _words(["DT"] * n),
            "measured_on": np.full(n, "NaT", dtype="datetime64[s]"),
            "year_group": _words(["8"] * n),
            "group_name": _words([None] * n),
            "subject": _words([one.subject for one in levels]),
            "test_maker": _words([None] * n),
            "test": _words([one.level for one in levels]),
            "edition": _words([None] * n),
            "scale": _words(["reference"] * n),
            "score_kind": _words([ScoreKind.COUNT] * n),
            "value": _numbers([one.n for one in levels]),
            "level": _words([one.level if one.n is not None else None for one in levels]),
            "status": _words([one.status for one in levels]),
            "n_pupils": pd.array([one.n_all for one in levels], dtype="Int64"),
        }
    )
    schemas.OUTCOMES.validate(frame, lazy=True)
    return frame


def _numbers(numbers: list[int | None]) -> npt.NDArray[np.float64]:
    return np.array([np.nan if n is None else n for n in numbers], dtype="float64")


def _words(words: Sequence[str | None]) -> pd.Categorical:
    texts = [None if word is None else str(word) for word in words]
    names = sorted({text for text in texts if text})
    codes = [names.index(text) if text else -1 for text in texts]
    return pd.Categorical.from_codes(codes, categories=pd.Index(names, dtype="str"))
