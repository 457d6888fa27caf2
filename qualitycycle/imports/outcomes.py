"""A raw table with a mapping to canonical outcome rows; every row is accepted, blank, or refused with its reason."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.errors

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields, schemas
from qualitycycle.imports import rows as reading
from qualitycycle.imports.fields import Field, Moment, Reason
from qualitycycle.imports.files import FileReason, RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.privacy import (
    Drop,
    DroppedColumn,
    distinct_texts,
    holds_names,
    is_personal,
    personal_columns,
)
from qualitycycle.imports.refusals import Hint
from qualitycycle.imports.rows import (
    NONE,
    Pseudonym,
    Rows,
    Words,
    nothing,
    remembering,
)
from qualitycycle.imports.scores import read_result, scale_of

# Per school year and group, the year group that all of the group is in.
YearGroups = dict[tuple[str, str], str]
NO_YEAR_GROUPS: YearGroups = {}


class ResultKind(StrEnum):
    """Whether rows are about one pupil each or about a group together."""

    PUPILS = "pupil_results"
    GROUPS = "group_results"


@dataclass(frozen=True)
class Counts:
    """Rows under the header; `rows` = accepted + refused + blank, always."""

    rows: int
    accepted: int
    refused: int
    blank: int


@dataclass(frozen=True, eq=False)
class ImportResult:
    """What was read: frames of `schemas.OUTCOMES` and `schemas.REFUSED`, what was dropped, and the counts.

    `refused_for` counts the refused rows by reason and column. Of more rows than anybody corrects by hand, `refused`
    has the first ones, and `too_many_refused`.
    """

    kind: ResultKind
    accepted: pd.DataFrame
    refused: pd.DataFrame
    dropped_columns: tuple[DroppedColumn, ...]
    counts: Counts
    refused_for: Counter[tuple[str, str]]

    @property
    def too_many_refused(self) -> bool:
        return self.counts.refused > reading.MOST_REFUSED


def read_outcomes(
    table: RawTable, mapping: Mapping, *, pseudonym: Pseudonym, year_groups: YearGroups = NO_YEAR_GROUPS
) -> ImportResult:
    """Canonical outcome rows of a table, and every refused row with the first thing that is wrong with it.

    `pseudonym` gets each distinct pupil key once, without leading noughts, and gives what is kept. `year_groups` says
    of a school year and a group (its name after `fields.plain`) in which year group all of it is.

    Raises
    ------
    ImportRejected : a mapped column is not there, the mapping lacks a field without which no row can be read, or the
        column mapped as pupil holds BSNs or names.
    """
    mapping, dropped = _without_personal(table, mapping)
    _refuse_incomplete(table, mapping)
    reading.refuse_many_different(table, mapping)
    rows = Rows(table, mapping, remembering(pseudonym))
    accepted = _without_repeats(_by_schema(_read(rows, year_groups), rows), rows)
    refused = _with_unread(rows.refused(), table)
    refused_for = Counter({(str(reason), column): n for (reason, column), n in rows.refused_for().items()})
    refused_for.update((str(rejected.reason), "") for _line, rejected in table.unread)
    n_rows = len(table.frame) + len(table.unread)
    counts = Counts(n_rows, len(accepted), refused_for.total(), int(rows.blank.sum()))
    kind = ResultKind.PUPILS if Field.PUPIL in mapping.columns else ResultKind.GROUPS
    return ImportResult(kind, accepted, refused, dropped, counts, refused_for)


def _with_unread(refused: pd.DataFrame, table: RawTable) -> pd.DataFrame:
    """The refused rows with one for every file that could not be read; its name may be a pupil's and is not kept."""
    if not table.unread:
        return refused
    n = len(table.unread)
    unread = pd.DataFrame(
        {
            "line": np.array([line for line, _rejected in table.unread], dtype="int64"),
            "column": pd.array([""] * n, dtype="str"),
            "value": pd.array([""] * n, dtype="str"),
            "reason": pd.array([str(rejected.reason) for _line, rejected in table.unread], dtype="str"),
            "hint": pd.array([str(Hint.FIX_IN_FILE)] * n, dtype="str"),
            "n_problems": np.ones(n, dtype="int64"),
            "row": pd.array(["{}"] * n, dtype="str"),
        }
    )
    return pd.concat([refused, unread]).sort_values("line", ignore_index=True)


def _without_personal(table: RawTable, mapping: Mapping) -> tuple[Mapping, tuple[DroppedColumn, ...]]:
    missing = [column for column in mapping.columns.values() if column not in table.columns]
    if missing:
        raise ImportRejected(table.file, FileReason.COLUMN_MISSING, missing[0])
    personal = personal_columns(table)
    pupil = mapping.columns.get(Field.PUPIL)
    if pupil is not None and pupil not in personal and holds_names(distinct_texts(table.frame[pupil])):
        personal[pupil] = Drop.NAME
    if pupil in personal:
        is_bsn = personal[pupil] is Drop.BSN
        reason = FileReason.PUPIL_COLUMN_BSN if is_bsn else FileReason.PUPIL_COLUMN_PERSONAL
        raise ImportRejected(table.file, reason, f"{pupil}: {personal[pupil]}")
    lost = {str(name): None for name, column in mapping.columns.items() if column in personal}
    mapping = mapping.with_columns(**lost)
    kept = set(mapping.columns.values())
    unread = [column for column in table.columns if column not in kept]
    dropped = [DroppedColumn(c, personal.get(c, Drop.UNMAPPED)) for c in unread]
    return mapping, (*dropped, *(DroppedColumn(name, Drop(why)) for name, why in table.left_out))


def _refuse_incomplete(table: RawTable, mapping: Mapping) -> None:
    known = set(mapping.columns) | set(mapping.constants)
    needs = (
        (Field.VALUE, {Field.VALUE, Field.LEVEL} & set(mapping.columns)),
        (Field.PUPIL, {Field.PUPIL, Field.N_PUPILS} & set(mapping.columns)),
        (Field.SUBJECT, {Field.SUBJECT, Field.TEST} & known),
        (Field.SCHOOL_YEAR, {Field.SCHOOL_YEAR, Field.MEASURED_ON} & known),
        (Field.YEAR_GROUP, {Field.YEAR_GROUP, Field.MOMENT, Field.GROUP_NAME} & known),
    )
    for name, found in needs:
        if not found:
            raise ImportRejected(table.file, FileReason.INCOMPLETE_MAPPING, name)


def _without_repeats(accepted: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    """The rows that no earlier row says already, in every column but its line."""
    keys = _keys(accepted)
    in_order = np.sort(keys)
    twice = np.unique(in_order[1:][in_order[1:] == in_order[:-1]])
    if not len(twice):
        return accepted
    repeats = np.isin(keys, twice)
    # Two different rows can meet in one key, so the few that met are compared in full.
    repeats[repeats] = accepted[repeats].duplicated(subset=_SAID).to_numpy(dtype=bool)
    rows.refuse_places(np.flatnonzero(rows.kept)[repeats], Reason.DUPLICATE_ROW)
    kept: pd.DataFrame = accepted[~repeats].reset_index(drop=True)
    return kept


def _keys(accepted: pd.DataFrame) -> npt.NDArray[np.uint64]:
    """A number per row that is the same for rows that say the same."""
    keys = np.zeros(len(accepted), dtype=np.uint64)
    for column in _SAID:
        keys *= _HASH
        keys += _as_numbers(accepted[column])
    return keys


_SAID = [name for name in schemas.OUTCOMES.columns if name != "line"]
# Knuth's multiplicative constant for 64 bits.
_HASH = np.uint64(6364136223846793005)


def _as_numbers(column: pd.Series) -> npt.NDArray[np.uint64]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype(np.int64).view(np.uint64)
    if column.dtype == "float64":
        return column.to_numpy().view(np.uint64)
    if column.dtype == "Int64":
        return column.fillna(-1).to_numpy(dtype="int64").view(np.uint64)
    return column.to_numpy().view("int64").view(np.uint64)


def _by_schema(accepted: pd.DataFrame, rows: Rows) -> pd.DataFrame:
    try:
        schemas.OUTCOMES.validate(accepted, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            # A wrong dtype is our mistake, not the school's.
            raise
        wrong = np.unique(cases["index"].to_numpy(dtype="int64"))
        rows.refuse_places(np.flatnonzero(rows.kept)[wrong], Reason.RULE_BROKEN)
        kept: pd.DataFrame = accepted.drop(index=pd.Index(wrong)).reset_index(drop=True)
        return kept
    return accepted


# --- reading ---------------------------------------------------------------------------------------------------


def _read(rows: Rows, year_groups: YearGroups) -> pd.DataFrame:
    """The accepted rows, before the schema."""
    _refuse_shifted(rows)
    test = rows.column(Field.TEST, _test_name)
    subject = _subject(rows)
    pupil = _pupil(rows)
    measured_on, school_year = _time(rows)
    moment, year_group = _moment_and_group(rows, _by_roster(rows, school_year, year_groups))
    group_name = rows.column(Field.GROUP_NAME, _short_text)
    maker = rows.column(Field.TEST_MAKER, lambda text: _short_text(fields.parse_test_maker(text)))
    if Field.TEST in rows.cells:
        maker = maker.or_else(
            rows.words(Field.TEST, [fields.maker_in_test(t) for t in rows.cells[Field.TEST].texts])
        )
    edition = rows.column(Field.EDITION, _short_text)
    result = read_result(rows)
    scale = rows.column(Field.SCALE, _short_text)
    kept = rows.kept
    return pd.DataFrame(
        {
            "line": rows.lines[kept],
            "pupil": pupil.categorical(kept),
            "school_year": school_year.categorical(kept),
            "moment": moment.categorical(kept),
            "measured_on": measured_on[kept],
            "year_group": year_group.categorical(kept),
            "group_name": group_name.categorical(kept),
            "subject": subject.categorical(kept),
            "test_maker": maker.categorical(kept),
            "test": test.categorical(kept),
            "edition": edition.categorical(kept),
            "scale": scale_of(scale, result).categorical(kept),
            "score_kind": result.kind.categorical(kept),
            "value": result.value[kept],
            "level": result.level.categorical(kept),
            "status": result.status.categorical(kept),
            "n_pupils": _whole_numbers(result.n_pupils[kept]),
        },
        copy=False,
    )


def _whole_numbers(numbers: npt.NDArray[np.float64]) -> pd.arrays.IntegerArray:
    missing = np.isnan(numbers)
    return pd.arrays.IntegerArray(np.where(missing, 0, numbers).astype(np.int64), missing)


def _refuse_shifted(rows: Rows) -> None:
    if rows.table.ragged:
        rows.refuse(None, np.isin(rows.lines, rows.table.ragged), Reason.TOO_MANY_CELLS)


def _subject(rows: Rows) -> Words:
    given = rows.column(Field.SUBJECT, _subject_name)
    if Field.TEST not in rows.cells:
        rows.refuse(Field.SUBJECT, (given.codes == NONE) & (rows.first == NONE), Reason.SUBJECT_MISSING)
        return given
    # A file without a subject column names it in the test: "Rekenen-Wiskunde 3.0".
    in_test = [None if nothing(t) else fields.parse_subject(t) for t in rows.translated(Field.TEST)]
    missing = given.codes == NONE if Field.SUBJECT in rows.cells else np.ones(rows.n, dtype=bool)
    open_rows = missing & (rows.first == NONE)
    rows.refuse_texts(Field.TEST, in_test, among=open_rows)
    subject = given.or_else(rows.words(Field.TEST, in_test))
    rows.refuse(Field.SUBJECT, (subject.codes == NONE) & (rows.first == NONE), Reason.SUBJECT_MISSING)
    return subject


def _pupil(rows: Rows) -> Words:
    if Field.PUPIL not in rows.mapping.columns:
        return rows.nowhere()
    texts = rows.cells[Field.PUPIL].texts
    told = [text for text in texts if not nothing(text)]
    numbered = sum(any(c.isdigit() for c in text) for text in told) > 0.8 * len(told)

    # Where a school's own numbers have nine digits, one in eleven passes the eleven-test and is still its own.
    odd_ones = sum(len(fields.clean(text)) == 9 for text in told) < 0.5 * len(told)

    def key(text: str) -> str | Reason:
        # Where pupils have numbers, "Gemiddelde" under the last one is a footer and no pupil.
        if numbered and not any(c.isdigit() for c in text):
            return Reason.PUPIL_MISSING
        return Reason.PERSONAL_DATA if odd_ones and is_personal(text) else rows.pseudonym(text)

    pupil = rows.column(Field.PUPIL, key)
    rows.refuse(Field.PUPIL, (pupil.codes == NONE) & (rows.first == NONE), Reason.PUPIL_MISSING)
    return pupil


def _time(rows: Rows) -> tuple[npt.NDArray[np.datetime64], Words]:
    given = rows.column(Field.SCHOOL_YEAR, fields.parse_school_year)
    if Field.MEASURED_ON not in rows.cells:
        _refuse_without_year(rows, given)
        return np.full(rows.n, "NaT", dtype="datetime64[s]"), given
    days = rows.read(Field.MEASURED_ON, fields.parse_date)
    lookup = np.array([d if isinstance(d, dt.date) else "NaT" for d in days], dtype="datetime64[s]")
    by_day = rows.words(
        Field.MEASURED_ON, [fields.school_year_of(d) if isinstance(d, dt.date) else None for d in days]
    )
    both = given.or_else(by_day)
    place = np.array([both.words.index(word) for word in by_day.words] + [NONE], dtype=np.int16)
    expected = place[by_day.codes]
    rows.refuse(
        Field.MEASURED_ON, (expected != NONE) & (expected != both.codes), Reason.DATE_OUTSIDE_SCHOOL_YEAR
    )
    _refuse_without_year(rows, both)
    return lookup[rows.cells[Field.MEASURED_ON].codes], both


def _refuse_without_year(rows: Rows, school_year: Words) -> None:
    open_rows = (school_year.codes == NONE) & (rows.first == NONE)
    rows.refuse(Field.SCHOOL_YEAR, open_rows, Reason.SCHOOL_YEAR_MISSING)


def _by_roster(rows: Rows, school_year: Words, year_groups: YearGroups) -> Words:
    """The year group that is known of a row's group in its school year, whatever the group is called."""
    if Field.GROUP_NAME not in rows.cells or not year_groups:
        return rows.nowhere()
    words = sorted(set(year_groups.values()))
    names: dict[str, list[int]] = {}
    for place, text in enumerate(rows.cells[Field.GROUP_NAME].texts):
        names.setdefault(fields.plain(text), []).append(place)
    # The last line is of the rows without a school year.
    known = np.full((len(school_year.words) + 1, len(rows.cells[Field.GROUP_NAME].texts)), NONE, np.int16)
    for (year, name), code in year_groups.items():
        if year in school_year.words and name in names:
            known[school_year.words.index(year), names[name]] = words.index(code)
    return Words(known[school_year.codes, rows.cells[Field.GROUP_NAME].codes], words)


def _moment_and_group(rows: Rows, by_roster: Words) -> tuple[Words, Words]:
    sector = rows.mapping.sector
    moments: list[object] = rows.read(Field.MOMENT, fields.parse_moment) if Field.MOMENT in rows.cells else []
    moment = rows.nowhere()
    year_group = rows.column(Field.YEAR_GROUP, lambda text: fields.parse_year_group(text, sector))
    if moments:
        moment = rows.words(Field.MOMENT, [m.key if isinstance(m, Moment) else m for m in moments])
    if Field.TEST in rows.cells:
        final = ["DT" if _is_final_test(text) else None for text in rows.cells[Field.TEST].texts]
        moment = moment.or_else(rows.words(Field.TEST, final))
    if moments:
        year_group = year_group.or_else(
            rows.words(Field.MOMENT, [m.year_group if isinstance(m, Moment) else m for m in moments])
        )
    if Field.GROUP_NAME in rows.cells:
        by_name = [fields.year_group_in_name(text, sector) for text in rows.cells[Field.GROUP_NAME].texts]
        year_group = year_group.or_else(rows.words(Field.GROUP_NAME, by_name)).or_else(by_roster)
    rows.refuse(
        Field.YEAR_GROUP, (year_group.codes == NONE) & (rows.first == NONE), Reason.YEAR_GROUP_MISSING
    )
    return moment, year_group


def _short_text(text: str) -> str | Reason:
    if is_personal(text):
        return Reason.PERSONAL_DATA
    return text if len(text) <= fields.MAX_TEXT else Reason.TEXT_TOO_LONG


def _test_name(text: str) -> str | Reason:
    return Reason.INTELLIGENCE_TEST if fields.is_intelligence_test(text) else _short_text(text)


def _subject_name(text: str) -> str | Reason:
    return Reason.INTELLIGENCE_TEST if fields.is_intelligence_test(text) else fields.parse_subject(text)


def _is_final_test(text: str) -> bool:
    return any(word in fields.plain(text) for word in ("doorstroomtoets", "eindtoets"))
