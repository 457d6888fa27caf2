"""OneRoster 1.1 and 1.2 as CSV, in a folder or a zip: results when there are any, else only groups and year groups.

Of users nothing is read but the key that results and enrolments point to: no names, mail addresses or demographics.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace

import pandas as pd

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import archives, fields
from qualitycycle.imports.fields import Field, Reason
from qualitycycle.imports.files import Content, FileReason, RawTable, read_tables
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.privacy import Drop
from qualitycycle.imports.rosters import Roster, roster

WANTED = frozenset(
    f"{name}.csv"
    for name in ("manifest", "users", "classes", "enrollments", "academicsessions", "lineitems", "results")
)
_COLUMNS: dict[Field, str] = {
    Field.PUPIL: "studentSourcedId",
    Field.MEASURED_ON: "scoreDate",
    Field.YEAR_GROUP: "grades",
    Field.GROUP_NAME: "class",
    Field.SUBJECT: "subjects",
    Field.TEST: "lineItem",
    Field.SCALE: "resultValueMin-resultValueMax",
    Field.VALUE: "score",
}
MAPPING = Mapping(columns=_COLUMNS, constants={Field.SCORE_KIND: "score"})
LEFT_OUT: tuple[tuple[str, Drop], ...] = (
    ("givenName, familyName, username", Drop.NAME),
    ("email", Drop.EMAIL),
    ("sms, phone", Drop.PHONE),
    ("demographics.csv", Drop.HOME),
    ("comment", Drop.FREE_TEXT),
)
# Why one file of such an export is refused: what its keys mean stands in the others.
ONE_OF_SEVERAL = "one_of_oneroster"
_FIRST_CELLS = ("sourcedid", "propertyname")
# A result with one of these words has no score that counts.
_NOT_TAKEN = ("exempt", "not submitted")

Line = dict[str, str]


def is_one_roster(names: Iterable[str]) -> bool:
    """Whether a folder or zip with these files is OneRoster: its manifest, or classes with who is in them."""
    known = set(names)
    return ("manifest.csv" in known and bool(known & WANTED - {"manifest.csv"})) or {
        "classes.csv",
        "enrollments.csv",
    } <= known


def is_one_of(header: Iterable[str]) -> bool:
    """Whether a row of column names is that of a file of OneRoster."""
    return next(iter(header), "").strip().casefold() in _FIRST_CELLS


def read(content: Content, filename: str) -> RawTable | Roster:
    """The results as one line each, to be read with `MAPPING`; the groups when there is no result.

    Raises
    ------
    ImportRejected : not OneRoster, a version that is not read here, or neither results nor groups.
    """
    members = archives.read_members(content, filename, WANTED)
    if not is_one_roster(members):
        raise ImportRejected(filename, FileReason.UNKNOWN_ARCHIVE)
    _refuse_version(members, filename)
    classes = {line["sourcedid"]: line for _, line in _lines(members, "classes") if line.get("sourcedid")}
    items = {line["sourcedid"]: line for _, line in _lines(members, "lineitems") if line.get("sourcedid")}
    results = [(at, _result(line, items, classes)) for at, line in _lines(members, "results")]
    return _table(results, filename) if results else _groups(members, classes, filename)


def _refuse_version(members: dict[str, bytes], filename: str) -> None:
    told = {line.get("propertyname", ""): line.get("value", "") for _, line in _lines(members, "manifest")}
    version = told.get("oneroster.version", "")
    if version and not version.startswith(("1.1", "1.2")):
        raise ImportRejected(filename, FileReason.UNKNOWN_VERSION, version[:20])


def _lines(members: dict[str, bytes], name: str) -> Iterator[tuple[int, Line]]:
    """The rows of one of the files that still count, each with its line; nothing when the file has none."""
    content = members.get(f"{name}.csv")
    if not content:
        return
    try:
        [table] = read_tables(content, f"{name}.csv")
    except ImportRejected as rejected:
        if rejected.reason in (FileReason.ONLY_HEADER, FileReason.EMPTY_FILE):
            return
        raise
    columns = [column.casefold() for column in table.columns]
    cells = [table.frame[column].astype(object).fillna("").tolist() for column in table.columns]
    for at, row in zip(table.frame.index.tolist(), zip(*cells, strict=True), strict=True):
        line = {name: fields.clean(cell) for name, cell in zip(columns, row, strict=True)}
        if line.get("status", "").casefold() != "tobedeleted" and any(line.values()):
            yield int(at), line


def _first(texts: str) -> str:
    """The first of a list in a cell, as OneRoster writes lists."""
    return texts.split(",")[0].strip()


def _grade(line: Line) -> str:
    return _first(line.get("grades") or line.get("grade", ""))


# --- results ------------------------------------------------------------------------------------------------


def _result(line: Line, items: dict[str, Line], classes: dict[str, Line]) -> Line:
    item = items.get(line.get("lineitemsourcedid", ""), {})
    group = classes.get(item.get("classsourcedid", ""), {})
    low, high = item.get("resultvaluemin", ""), item.get("resultvaluemax", "")
    not_taken = line.get("scorestatus", "").casefold() in _NOT_TAKEN
    return {
        "studentSourcedId": line.get("studentsourcedid", ""),
        "scoreDate": line.get("scoredate", ""),
        "grades": _grade(group),
        "class": group.get("title", ""),
        "subjects": _first(group.get("subjects", "")),
        "lineItem": item.get("title", ""),
        "resultValueMin-resultValueMax": f"{low}-{high}" if low or high else "",
        "score": "niet deelgenomen" if not_taken else line.get("score", ""),
    }


def _table(results: list[tuple[int, Line]], filename: str) -> RawTable:
    frame = pd.DataFrame(
        {name: pd.array([row[name] for _, row in results], dtype="str") for name in _COLUMNS.values()},
        index=pd.Index([at for at, _ in results], dtype="int64"),
    )
    return RawTable("", tuple(frame.columns), frame, 1, file=filename, told=True, left_out=_left_out())


# --- groups -------------------------------------------------------------------------------------------------


def _groups(members: dict[str, bytes], classes: dict[str, Line], filename: str) -> Roster:
    grades = {line.get("sourcedid", ""): _grade(line) for _, line in _lines(members, "users")}
    places: Counter[tuple[str, str]] = Counter()
    n_unplaced = 0
    for _, line in _lines(members, "enrollments"):
        if line.get("role", "").casefold() not in ("student", "leerling"):
            continue
        group = classes.get(line.get("classsourcedid", ""), {})
        code = _code(grades.get(line.get("usersourcedid", ""), "") or _grade(group))
        if code and group:
            places[code, group.get("title", "")[: fields.MAX_TEXT]] += 1
        else:
            n_unplaced += 1
    announced = [
        (_code(_grade(group)), group.get("title", "")[: fields.MAX_TEXT]) for group in classes.values()
    ]
    found = roster(_school_year(members), places, [one for one in announced if all(one)], n_unplaced)
    if not found.groups:
        raise ImportRejected(filename, FileReason.NO_GROUPS)
    return replace(found, left_out=_left_out())


def _left_out() -> tuple[tuple[str, str], ...]:
    return tuple((name, str(drop)) for name, drop in LEFT_OUT)


def _code(grade: str) -> str:
    found = fields.parse_year_group(grade)
    return "" if isinstance(found, Reason) else found


def _school_year(members: dict[str, bytes]) -> str:
    for _, line in _lines(members, "academicsessions"):
        day = fields.parse_date(line.get("startdate", ""))
        if line.get("type", "").casefold() == "schoolyear" and not isinstance(day, Reason):
            return fields.school_year_of(day)
    return ""
