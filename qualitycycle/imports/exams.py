"""DUO's open data on final exams in secondary schools: how many passed and with which marks, per location.

Three files, known by their columns: candidates and passed over five years, one line per programme; passed, failed and
mean marks of one year, one line per profile; mean marks per subject of one year. The layouts are those of 2011 to
2025: DUO renamed BRIN NUMMER to INSTELLINGSCODE and VESTIGINGSNUMMER to VESTIGINGSCODE. The second says nowhere in it
which year it is about, only in the name DUO gave it. The split between boys and girls is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pandas as pd

from qualitycycle.imports import fields
from qualitycycle.imports.fields import Reason, ScoreKind, Status
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.open_lines import bare, codes, column, proper_names

FINAL_EXAM = "final_exam"
PASSED = "passed"


class Layout(StrEnum):
    """Which of DUO's files it is."""

    FIVE_YEARS = "five_years"
    ONE_YEAR = "one_year"
    SUBJECTS = "subjects"


@dataclass(frozen=True)
class Exam:
    """One figure of one school year: the percentage that passed (`test` is `PASSED`), or the mean mark of an exam.

    `track` is the school type with the path of vmbo, `profile` what was chosen in it. `value` is None where `status`
    says why; `n` is the number of candidates, or for a subject the number of exams the mark is the mean of.
    """

    school_year: str
    year_group: str
    track: str
    profile: str
    subject: str
    test: str
    score_kind: ScoreKind
    value: float | None
    n: int | None
    status: Status


_ABOUT = ("INSTELLINGSCODE", "BRIN NUMMER", "VESTIGINGSCODE", "VESTIGINGSNUMMER", "BRINVESTIGINGSNUMMER",
          "INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM", "GEMEENTENAAM VESTIGING", "GEMEENTENAAM", "PLAATSNAAM",
          "SCHOOLJAAR", "ONDERWIJSTYPE VO", "ONDERWIJSTYPE", "LEERWEG VMBO", "LEERWEG", "VMBO SECTOR", "AFDELING",
          "OPLEIDINGSNAAM", "VAKNAAM")  # fmt: skip
_TOTAL = re.compile(r"(EXAMENKANDIDATEN|GESLAAGDEN) SCHOOLJAAR (\d{4}-\d{4})(?: -)? TOTAAL")
_MARKS = {
    "GEMIDDELD CIJFER SCHOOLEXAMEN": "schoolexamen",
    "GEMIDDELD CIJFER CENTRAAL EXAMEN": "centraal examen",
    "GEMIDDELD CIJFER CIJFERLIJST": "cijferlijst",
}
# A mark and the number of exams it is the mean of; the marks on the list have no number of their own.
_SUBJECT_MARKS = {
    "schoolexamen": (
        "GEM CIJFER SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
        "AANTAL SCHOOLEXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
    ),
    "centraal examen": (
        "GEM CIJFER CENTRALE EXAMENS MET CIJFER MEETELLEND VOOR DIPLOMA",
        "AANTAL CENTRALE EXAMENS MEETELLEND VOOR DIPLOMA",
    ),
}
_SUBJECT_COLUMNS = {name for pair in _SUBJECT_MARKS.values() for name in pair}
_COUNTS = ("EXAMENKANDIDATEN", "GESLAAGDEN")
_FIGURES = {*_COUNTS, *_MARKS, *_SUBJECT_COLUMNS}
# A final exam is taken in the last year of a school type.
_YEAR_GROUPS = {"VMBO": "14", "HAVO": "15", "VWO": "16"}
_PATHS = {
    "BL": "bb", "BB": "bb", "B": "bb",
    "KL": "kb", "KB": "kb", "K": "kb",
    "GL": "gl", "G": "gl",
    "TL": "tl", "T": "tl",
}  # fmt: skip
_IN_PROGRAMME = re.compile(r"VMBO[ -]?(BL|KL|GL|TL|[BKGT])\b")
# Written for a figure that does not exist, and by DUO's interface for one that is hidden.
_NO_FIGURE, _HIDDEN = (".", ",0", "0,0"), ("-1", "x")


def layout(columns: list[str]) -> Layout | None:
    """Which of the files a table with these columns is; None for a variant that is not read here."""
    names = {bare(name) for name in columns}
    if not _has_location(names) or not names & {"ONDERWIJSTYPE VO", "ONDERWIJSTYPE"}:
        return None
    if "VAKNAAM" in names and names & _SUBJECT_COLUMNS:
        return Layout.SUBJECTS
    totals = {(found[1], found[2]) for name in names if (found := _TOTAL.fullmatch(name))}
    if any(kind == "GESLAAGDEN" and ("EXAMENKANDIDATEN", year) in totals for kind, year in totals):
        return Layout.FIVE_YEARS
    return Layout.ONE_YEAR if names.issuperset(_COUNTS) else None


def is_about_exams(columns: list[str]) -> bool:
    """Whether a table is about final exams per location, in a layout that is read here or in another."""
    names = {bare(name) for name in columns}
    telling = ("EXAMENKANDIDATEN", "GESLAAGDEN", "GEM CIJFER", "GEMIDDELD CIJFER CENTRAAL EXAMEN")
    return _has_location(names) and any(name.startswith(telling) for name in names)


def _has_location(names: set[str]) -> bool:
    return bool(names & {"INSTELLINGSCODE", "BRIN NUMMER"}) and bool(
        names & {"VESTIGINGSCODE", "VESTIGINGSNUMMER", "BRINVESTIGINGSNUMMER"}
    )


def is_wanted(name: str) -> bool:
    """Whether a column with this bare name is read."""
    return name in _ABOUT or name in _FIGURES or bool(_TOTAL.fullmatch(name))


def lines(table: RawTable) -> pd.DataFrame:
    """A line per line of the file and school year, with the texts of its figures; `layout` says how to read it.

    Columns: ovt, name, place, line, school_year, layout, track, profile, taught, and the figures under bare names.
    """
    found = layout(list(table.columns))
    if found is None:
        return pd.DataFrame()
    about = _about(table).assign(layout=str(found))
    if found is Layout.FIVE_YEARS:
        pieces = [about.assign(**figures) for figures in _years(table)]
        return pd.concat(pieces, ignore_index=True)
    figures = {name: column(table, name) for name in _FIGURES if name in {bare(own) for own in table.columns}}
    return about.assign(school_year=_school_years(table), **figures)


def _about(table: RawTable) -> pd.DataFrame:
    sector = column(table, "VMBO SECTOR")
    chosen = column(table, "AFDELING", "OPLEIDINGSNAAM")
    kind = column(table, "ONDERWIJSTYPE VO", "ONDERWIJSTYPE").str.upper()
    path = column(table, "LEERWEG VMBO", "LEERWEG")
    return pd.DataFrame(
        {
            "ovt": codes(table),
            "name": proper_names(table, "INSTELLINGSNAAM VESTIGING", "INSTELLINGSNAAM"),
            "place": proper_names(table, "PLAATSNAAM", "GEMEENTENAAM VESTIGING", "GEMEENTENAAM"),
            "line": table.frame.index.to_numpy(dtype="int64"),
            "track": [_track(*one) for one in zip(kind, path, chosen, strict=True)],
            "profile": [" ".join(filter(None, one)) for one in zip(sector, chosen, strict=True)],
            "taught": column(table, "VAKNAAM"),
        },
        index=table.frame.index,
    )


def _track(kind: str, path: str, chosen: str) -> str:
    """The school type in one word, with the path of vmbo; empty when it has none that we know."""
    if kind in ("HAVO", "VWO"):
        return kind.lower()
    found = _IN_PROGRAMME.match(chosen.upper())
    known = _PATHS.get(path.upper()) or (_PATHS[found[1]] if found else "")
    return f"vmbo {known}".strip() if kind == "VMBO" else ""


def _years(table: RawTable) -> Iterator[dict[str, Any]]:
    names = {bare(own) for own in table.columns}
    found = (_TOTAL.fullmatch(name) for name in names)
    for year in sorted({one[2] for one in found if one}):
        own = {
            kind: next(name for name in names if (m := _TOTAL.fullmatch(name)) and m.groups() == (kind, year))
            for kind in _COUNTS
            if any((m := _TOTAL.fullmatch(name)) and m.groups() == (kind, year) for name in names)
        }
        if len(own) == len(_COUNTS) and not isinstance(fields.parse_school_year(year), Reason):
            yield {"school_year": year, **{kind: column(table, name) for kind, name in own.items()}}


def _school_years(table: RawTable) -> pd.Series[str]:
    """The year each line is about: what it says, else what the file was called when it was published."""
    told = column(table, "SCHOOLJAAR")
    named = re.search(r"20\d\d-20\d\d", table.file)
    named_year = _year(named[0]) if named else ""
    return told.map(lambda text: _year(text) if text else named_year).astype("str")


def _year(text: str) -> str:
    found = fields.parse_school_year(text)
    return "" if isinstance(found, Reason) else found


# --- one location -------------------------------------------------------------------------------------------


class Unreadable(Exception):
    """A figure of the school's own line that is none: the line and the column."""

    def __init__(self, line: int, name: str) -> None:
        super().__init__(line, name)
        self.detail = f"{line}: {name}"


def figures(row: dict[Any, Any]) -> list[Exam]:
    """What one line says, every figure as it was published; raises `Unreadable` where a figure is none."""
    year_group = _YEAR_GROUPS.get(row["track"].partition(" ")[0].upper())
    if year_group is None:
        return []
    told = list(_of_subject(row) if row["layout"] == Layout.SUBJECTS else _of_profile(row))
    return [
        Exam(
            row["school_year"],
            year_group,
            row["track"],
            row["profile"],
            subject,
            test,
            kind,
            value,
            n,
            status,
        )
        for subject, test, kind, (value, n, status) in told
    ]


# A value, the number behind it, and what kind of answer it is.
_Value = tuple[float | None, int | None, Status]
_Figure = tuple[str, str, ScoreKind, _Value]


def _of_profile(row: dict[Any, Any]) -> Iterator[_Figure]:
    n, n_status = _figure(row, "EXAMENKANDIDATEN", _whole)
    passed, passed_status = _figure(row, "GESLAAGDEN", _whole)
    share = None
    status = Status.VALUE
    if n is None or passed is None:
        status = n_status if n is None else passed_status
    elif passed > n:
        raise Unreadable(row["line"], "GESLAAGDEN")
    elif n:
        share = 100 * passed / n
    else:
        # Nobody took part: no share, and no question about it either.
        status = Status.EMPTY
    n_all = None if n is None else int(n)
    yield FINAL_EXAM, PASSED, ScoreKind.PERCENTAGE, (share, n_all, status)
    for name, exam in _MARKS.items():
        if name in row:
            yield FINAL_EXAM, exam, ScoreKind.MARK, _mark(row, name, n_all, n_status)


def _of_subject(row: dict[Any, Any]) -> Iterator[_Figure]:
    subject = fields.parse_subject(row["taught"])
    if isinstance(subject, Reason):
        return
    for exam, (mark, number) in _SUBJECT_MARKS.items():
        if mark in row and number in row:
            n, n_status = _figure(row, number, _whole)
            n_all = None if n is None else int(n)
            test = f"{row['taught']}: {exam}"
            yield subject, test, ScoreKind.MARK, _mark(row, mark, n_all, n_status)


def _mark(row: dict[Any, Any], name: str, n: int | None, n_status: Status) -> _Value:
    """A mean mark; where it is not said how many it is about, it is not kept."""
    mark, status = _figure(row, name, lambda number: 1 <= number <= 10)
    if n is None:
        return None, None, n_status
    return (mark, n, status) if n else (None, n, Status.EMPTY)


def _whole(number: float) -> bool:
    return number % 1 == 0 and 0 <= number < 100_000


def _figure(row: dict[Any, Any], name: str, fits: Callable[[float], bool]) -> tuple[float | None, Status]:
    text = str(row.get(name) or "")
    if text.casefold() in _HIDDEN:
        return None, Status.MASKED
    status = Status.EMPTY if text in _NO_FIGURE else fields.status_of(text)
    if status is not Status.VALUE:
        return None, status
    number = fields.parse_number(text)
    # A column of marks without any exam holds noughts.
    if number == 0 and name not in _COUNTS and not name.startswith("AANTAL"):
        return None, Status.EMPTY
    if isinstance(number, Reason) or not fits(number):
        raise Unreadable(row["line"], name)
    return number, Status.VALUE
