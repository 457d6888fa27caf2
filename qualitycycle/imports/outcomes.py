"""A raw table with a mapping to canonical outcome rows; every row is accepted, blank, or refused with its reason.

A file repeats itself: a million rows hold a few thousand different texts. So each distinct text of a column is read
once, with the plain functions of `fields`, and rows are put together from small numbers.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import pandas as pd
import pandera.errors

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields, schemas
from qualitycycle.imports.fields import Field, Moment, Reason, ScoreKind, Status
from qualitycycle.imports.files import FileReason, RawTable, code_type, distinct, is_blank
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.privacy import (
    Drop,
    DroppedColumn,
    distinct_texts,
    holds_names,
    is_personal,
    personal_columns,
)

Codes = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]
Pseudonym = Callable[[str], str]

NONE = -1
HIDDEN = "***"


class ResultKind(StrEnum):
    """Whether rows are about one pupil each or about a group together."""

    PUPILS = "pupil_results"
    GROUPS = "group_results"


class Hint(StrEnum):
    """What somebody can do about a refused row. The screen has a sentence for each."""

    FIX_IN_FILE = "fix_in_file"
    CHECK_COLUMN = "check_column"
    MAP_COLUMN = "map_column"
    SET_CONSTANT = "set_constant"
    TRANSLATE_WORD = "translate_word"
    REMOVE_PERSONAL_DATA = "remove_personal_data"
    LEAVE_OUT = "leave_out"


HINTS: dict[Reason, Hint] = {
    Reason.PUPIL_MISSING: Hint.FIX_IN_FILE,
    Reason.N_PUPILS_MISSING: Hint.FIX_IN_FILE,
    Reason.N_PUPILS_UNREADABLE: Hint.CHECK_COLUMN,
    Reason.SCHOOL_YEAR_MISSING: Hint.SET_CONSTANT,
    Reason.SCHOOL_YEAR_UNREADABLE: Hint.SET_CONSTANT,
    Reason.DATE_UNREADABLE: Hint.FIX_IN_FILE,
    Reason.DATE_OUT_OF_RANGE: Hint.FIX_IN_FILE,
    Reason.DATE_OUTSIDE_SCHOOL_YEAR: Hint.FIX_IN_FILE,
    Reason.MOMENT_UNREADABLE: Hint.TRANSLATE_WORD,
    Reason.YEAR_GROUP_MISSING: Hint.MAP_COLUMN,
    Reason.YEAR_GROUP_UNREADABLE: Hint.MAP_COLUMN,
    Reason.SUBJECT_MISSING: Hint.MAP_COLUMN,
    Reason.SUBJECT_UNKNOWN: Hint.TRANSLATE_WORD,
    Reason.SCORE_KIND_UNKNOWN: Hint.SET_CONSTANT,
    Reason.NUMBER_UNREADABLE: Hint.CHECK_COLUMN,
    Reason.NUMBER_AMBIGUOUS: Hint.FIX_IN_FILE,
    Reason.NUMBER_OUT_OF_RANGE: Hint.CHECK_COLUMN,
    Reason.PERCENT_UNEXPECTED: Hint.CHECK_COLUMN,
    Reason.LEVEL_UNKNOWN: Hint.TRANSLATE_WORD,
    Reason.TEXT_TOO_LONG: Hint.CHECK_COLUMN,
    Reason.PERSONAL_DATA: Hint.REMOVE_PERSONAL_DATA,
    Reason.INTELLIGENCE_TEST: Hint.LEAVE_OUT,
    Reason.TOO_MANY_CELLS: Hint.FIX_IN_FILE,
    Reason.DUPLICATE_ROW: Hint.LEAVE_OUT,
    Reason.RULE_BROKEN: Hint.FIX_IN_FILE,
}
# In a format that says itself what is what, there is no column to choose, and its codes mean what they mean.
_CHOICES = (Hint.CHECK_COLUMN, Hint.MAP_COLUMN, Hint.SET_CONSTANT)
_CODES = (Reason.SCORE_KIND_UNKNOWN, Reason.LEVEL_UNKNOWN)
# Reasons that take the whole row out of sight: an intelligence score, or cells that stand under another header.
_WITHOUT_ROW = (Reason.INTELLIGENCE_TEST, Reason.TOO_MANY_CELLS)


@dataclass(frozen=True)
class Counts:
    """Rows under the header; `rows` = accepted + refused + blank, always."""

    rows: int
    accepted: int
    refused: int
    blank: int


@dataclass(frozen=True, eq=False)
class ImportResult:
    """What was read: frames of `schemas.OUTCOMES` and `schemas.REFUSED`, what was dropped, and the counts."""

    kind: ResultKind
    accepted: pd.DataFrame
    refused: pd.DataFrame
    dropped_columns: tuple[DroppedColumn, ...]
    counts: Counts


def read_outcomes(table: RawTable, mapping: Mapping, *, pseudonym: Pseudonym) -> ImportResult:
    """Canonical outcome rows of a table, and every refused row with the first thing that is wrong with it.

    `pseudonym` gets each distinct pupil key once, without leading noughts, and gives what is kept.

    Raises
    ------
    ImportRejected : a mapped column is not there, the mapping lacks a field without which no row can be read, or the
        column mapped as pupil holds BSNs or names.
    """
    mapping, dropped = _without_personal(table, mapping)
    _refuse_incomplete(table, mapping)
    rows = _Rows(table, mapping, pseudonym)
    accepted = rows.read()
    duplicate = _duplicates(accepted)
    rows.refuse_places(np.flatnonzero(rows.kept)[duplicate], Reason.DUPLICATE_ROW)
    accepted = _by_schema(accepted[~duplicate], rows)
    refused = rows.refused()
    counts = Counts(len(table.frame), len(accepted), len(refused), int(rows.blank.sum()))
    kind = ResultKind.PUPILS if Field.PUPIL in mapping.columns else ResultKind.GROUPS
    return ImportResult(kind, accepted.reset_index(drop=True), refused, dropped, counts)


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


def _duplicates(accepted: pd.DataFrame) -> Mask:
    """Rows that an earlier row says already, in every column but its line."""
    columns = [column for column in accepted.columns if column != "line"]
    key = np.zeros(len(accepted), dtype=np.uint64)
    for column in columns:
        key = key * _HASH + _as_numbers(accepted[column])
    found: Mask = pd.Series(key).duplicated(keep=False).to_numpy(dtype=bool, copy=True)
    # Two different rows can meet in one key, so the few that met are compared in full.
    found[found] = accepted[found].duplicated(subset=columns).to_numpy(dtype=bool)
    return found


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


def _by_schema(accepted: pd.DataFrame, rows: _Rows) -> pd.DataFrame:
    try:
        schemas.OUTCOMES.validate(accepted, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        if cases["index"].isna().any():
            # A wrong dtype is our mistake, not the school's.
            raise
        places = np.unique(cases["index"].to_numpy(dtype="int64"))
        rows.refuse_places(places, Reason.RULE_BROKEN)
        return accepted[~accepted.index.isin(places)]
    return accepted


# --- reading ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Cells:
    """A column as distinct texts and, per row, which one it is."""

    codes: Codes
    texts: list[str]


@dataclass(frozen=True)
class _Words:
    """A canonical column: per row a place in `words`, or `NONE`."""

    codes: Codes
    words: list[str]

    def or_else(self, other: _Words) -> _Words:
        """This column, filled from the other where it has nothing."""
        words = list(dict.fromkeys([*self.words, *other.words]))
        place = np.array([words.index(word) for word in other.words] + [NONE], dtype=code_type(len(words)))
        return _Words(np.where(self.codes == NONE, place[other.codes], self.codes), words)

    def categorical(self, rows: Mask) -> pd.Categorical:
        """The words of some rows."""
        return pd.Categorical.from_codes(self.codes[rows], categories=pd.Index(self.words, dtype="str"))


class _Rows:
    """One table being read: what is known per row, and which rows have been refused for what."""

    def __init__(self, table: RawTable, mapping: Mapping, pseudonym: Pseudonym) -> None:
        self.table = table
        self.mapping = mapping
        self.n = len(table.frame)
        self.lines = table.frame.index.to_numpy(dtype="int64")
        self.cells = {name: self._factorize(column) for name, column in mapping.columns.items()}
        self.cells |= {
            name: _Cells(np.zeros(self.n, np.int16), [text]) for name, text in self._constants().items()
        }
        self.blank = self._blank()
        self._reasons = list(Reason)
        self._first = np.full(self.n, NONE, np.int8)
        self._field = np.full(self.n, NONE, np.int8)
        self._n_problems = np.zeros(self.n, np.int16)
        self._pseudonym = self._remembering(pseudonym)

    def _constants(self) -> dict[Field, str]:
        return {n: text for n, text in self.mapping.constants.items() if n not in self.mapping.columns}

    def _factorize(self, column: str) -> _Cells:
        return _Cells(*distinct(self.table.frame[column]))

    def _blank(self) -> Mask:
        blank = np.ones(self.n, dtype=bool)
        for column in self.table.columns:
            if not blank.any():
                break
            blank[blank] = is_blank(self.table.frame[column][blank])
        return blank

    @staticmethod
    def _remembering(pseudonym: Pseudonym) -> Pseudonym:
        known: dict[str, str] = {}

        def once(text: str) -> str:
            key = _pupil_key(text)
            if key not in known:
                known[key] = pseudonym(key) if key else ""
            return known[key]

        return once

    # -- refusing

    @property
    def kept(self) -> Mask:
        """Rows that are neither blank nor refused."""
        kept: Mask = (self._first == NONE) & ~self.blank
        return kept

    def refuse(self, name: Field | None, rows: Mask, reason: Reason) -> None:
        """Refuse rows for a field; a row keeps the first reason and counts the others."""
        rows = rows & ~self.blank
        first = rows & (self._first == NONE)
        self._first[first] = self._reasons.index(reason)
        self._field[first] = NONE if name is None else list(Field).index(name)
        self._n_problems[rows] += 1

    def refuse_places(self, places: npt.NDArray[np.int64], reason: Reason) -> None:
        """Refuse rows by their place in the table."""
        rows = np.zeros(self.n, dtype=bool)
        rows[places] = True
        self.refuse(None, rows, reason)

    def _refuse_texts(self, name: Field, found: Sequence[object], among: Mask | None = None) -> None:
        cells = self.cells[name]
        for reason in {item for item in found if isinstance(item, Reason)}:
            wrong = np.array([item is reason for item in found], dtype=bool)[cells.codes]
            self.refuse(name, wrong if among is None else wrong & among, reason)

    # -- reading one field

    def _translated(self, name: Field) -> list[str]:
        words = {
            fields.plain(ours): theirs for ours, theirs in self.mapping.translations.get(name, {}).items()
        }
        texts = [fields.clean(text) for text in self.cells[name].texts]
        return [words.get(fields.plain(text), text) for text in texts] if words else texts

    def _read(self, name: Field, read: Callable[[str], object]) -> list[object]:
        """Each distinct text of a field read once; None where there is nothing; refusals noted."""
        found = [None if _nothing(text) else read(text) for text in self._translated(name)]
        self._refuse_texts(name, found)
        return found

    def _words(self, name: Field, found: Sequence[object]) -> _Words:
        texts = [None if item is None or isinstance(item, Reason) else str(item) for item in found]
        words = sorted({text for text in texts if text})
        place = {word: i for i, word in enumerate(words)}
        lookup = np.array([place[text] if text else NONE for text in texts], dtype=code_type(len(words)))
        return _Words(lookup[self.cells[name].codes], words)

    def _nowhere(self) -> _Words:
        return _Words(np.full(self.n, NONE, np.int16), [])

    def _column(self, name: Field, read: Callable[[str], object]) -> _Words:
        return self._words(name, self._read(name, read)) if name in self.cells else self._nowhere()

    # -- reading all

    def read(self) -> pd.DataFrame:
        """The accepted rows, before the schema; the index is the place in the table."""
        self._refuse_shifted()
        test = self._column(Field.TEST, _test_name)
        subject = self._subject()
        pupil = self._pupil()
        measured_on, school_year = self._time()
        moment, year_group = self._moment_and_group()
        group_name = self._column(Field.GROUP_NAME, _short_text)
        maker = self._column(Field.TEST_MAKER, lambda text: _short_text(fields.parse_test_maker(text)))
        if Field.TEST in self.cells:
            maker = maker.or_else(
                self._words(Field.TEST, [fields.maker_in_test(t) for t in self.cells[Field.TEST].texts])
            )
        edition = self._column(Field.EDITION, _short_text)
        result = self._result()
        scale = self._column(Field.SCALE, _short_text)
        kept = self.kept
        return pd.DataFrame(
            {
                "line": self.lines[kept],
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
                "scale": _scale(scale, result).categorical(kept),
                "score_kind": result.kind.categorical(kept),
                "value": result.value[kept],
                "level": result.level.categorical(kept),
                "status": result.status.categorical(kept),
                "n_pupils": pd.array(result.n_pupils[kept], dtype="Float64").astype("Int64"),
            },
            index=np.flatnonzero(kept),
        )

    def _refuse_shifted(self) -> None:
        if self.table.ragged:
            self.refuse(None, np.isin(self.lines, self.table.ragged), Reason.TOO_MANY_CELLS)

    def _subject(self) -> _Words:
        given = self._column(Field.SUBJECT, _subject_name)
        if Field.TEST not in self.cells:
            self.refuse(Field.SUBJECT, (given.codes == NONE) & (self._first == NONE), Reason.SUBJECT_MISSING)
            return given
        # A file without a subject column names it in the test: "Rekenen-Wiskunde 3.0".
        in_test = [None if _nothing(t) else fields.parse_subject(t) for t in self._translated(Field.TEST)]
        missing = given.codes == NONE if Field.SUBJECT in self.cells else np.ones(self.n, dtype=bool)
        open_rows = missing & (self._first == NONE)
        self._refuse_texts(Field.TEST, in_test, among=open_rows)
        subject = given.or_else(self._words(Field.TEST, in_test))
        self.refuse(Field.SUBJECT, (subject.codes == NONE) & (self._first == NONE), Reason.SUBJECT_MISSING)
        return subject

    def _pupil(self) -> _Words:
        if Field.PUPIL not in self.mapping.columns:
            return self._nowhere()
        texts = self.cells[Field.PUPIL].texts
        told = [text for text in texts if not _nothing(text)]
        numbered = sum(any(c.isdigit() for c in text) for text in told) > 0.8 * len(told)

        # Where a school's own numbers have nine digits, one in eleven passes the eleven-test and is still its own.
        odd_ones = sum(len(fields.clean(text)) == 9 for text in told) < 0.5 * len(told)

        def key(text: str) -> str | Reason:
            # Where pupils have numbers, "Gemiddelde" under the last one is a footer and no pupil.
            if numbered and not any(c.isdigit() for c in text):
                return Reason.PUPIL_MISSING
            return Reason.PERSONAL_DATA if odd_ones and is_personal(text) else self._pseudonym(text)

        pupil = self._column(Field.PUPIL, key)
        self.refuse(Field.PUPIL, (pupil.codes == NONE) & (self._first == NONE), Reason.PUPIL_MISSING)
        return pupil

    def _time(self) -> tuple[npt.NDArray[np.datetime64], _Words]:
        given = self._column(Field.SCHOOL_YEAR, fields.parse_school_year)
        if Field.MEASURED_ON not in self.cells:
            self._refuse_without_year(given)
            return np.full(self.n, "NaT", dtype="datetime64[s]"), given
        days = self._read(Field.MEASURED_ON, fields.parse_date)
        lookup = np.array([d if isinstance(d, dt.date) else "NaT" for d in days], dtype="datetime64[s]")
        by_day = self._words(
            Field.MEASURED_ON, [fields.school_year_of(d) if isinstance(d, dt.date) else None for d in days]
        )
        both = given.or_else(by_day)
        place = np.array([both.words.index(word) for word in by_day.words] + [NONE], dtype=np.int16)
        expected = place[by_day.codes]
        self.refuse(
            Field.MEASURED_ON, (expected != NONE) & (expected != both.codes), Reason.DATE_OUTSIDE_SCHOOL_YEAR
        )
        self._refuse_without_year(both)
        return lookup[self.cells[Field.MEASURED_ON].codes], both

    def _refuse_without_year(self, school_year: _Words) -> None:
        open_rows = (school_year.codes == NONE) & (self._first == NONE)
        self.refuse(Field.SCHOOL_YEAR, open_rows, Reason.SCHOOL_YEAR_MISSING)

    def _moment_and_group(self) -> tuple[_Words, _Words]:
        sector = self.mapping.sector
        moments: list[object] = (
            self._read(Field.MOMENT, fields.parse_moment) if Field.MOMENT in self.cells else []
        )
        moment = self._nowhere()
        year_group = self._column(Field.YEAR_GROUP, lambda text: fields.parse_year_group(text, sector))
        if moments:
            moment = self._words(Field.MOMENT, [m.key if isinstance(m, Moment) else m for m in moments])
        if Field.TEST in self.cells:
            final = ["DT" if _is_final_test(text) else None for text in self.cells[Field.TEST].texts]
            moment = moment.or_else(self._words(Field.TEST, final))
        if moments:
            year_group = year_group.or_else(
                self._words(Field.MOMENT, [m.year_group if isinstance(m, Moment) else m for m in moments])
            )
        if Field.GROUP_NAME in self.cells:
            by_name = [fields.year_group_in_name(text, sector) for text in self.cells[Field.GROUP_NAME].texts]
            year_group = year_group.or_else(self._words(Field.GROUP_NAME, by_name))
        self.refuse(
            Field.YEAR_GROUP, (year_group.codes == NONE) & (self._first == NONE), Reason.YEAR_GROUP_MISSING
        )
        return moment, year_group

    def _result(self) -> _Result:
        kind, value, status, level = self._figures()
        by_level_status, by_level = self._levels()
        # A figure goes first; where there is none, the level is the result.
        only_level = (status.codes == _EMPTY) & (by_level_status != _EMPTY)
        status = _Words(np.where(only_level, by_level_status, status.codes).astype(np.int16), status.words)
        level = by_level.or_else(level) if Field.LEVEL in self.cells else level
        value = np.where(status.codes == _VALUE, value, np.nan)
        level_codes = np.where(status.codes == _VALUE, level.codes, NONE).astype(np.int16)
        level = _Words(level_codes, level.words)
        by_word = list(ScoreKind).index(ScoreKind.LEVEL)
        kind_codes = np.where(np.isnan(value) & (level.codes != NONE), by_word, kind.codes).astype(np.int16)
        result = _Result(_Words(kind_codes, kind.words), value, level, status, np.ones(self.n))
        return result if Field.PUPIL in self.mapping.columns else self._for_groups(result)

    def _figures(self) -> tuple[_Words, npt.NDArray[np.float64], _Words, _Words]:
        """Kind, figure, status and, for a level written in the figures' column, the level."""
        kinds = [str(kind) for kind in ScoreKind]
        statuses = [str(status) for status in Status]
        kind = self._kind(kinds)
        if Field.VALUE not in self.cells:
            nothing = np.full(self.n, np.nan)
            return kind, nothing, _Words(np.full(self.n, _EMPTY, np.int16), statuses), self._nowhere()
        texts = self._translated(Field.VALUE)
        status = [fields.status_of(text) for text in texts]
        style = fields.decimal_style([t for t, s in zip(texts, status, strict=True) if s is Status.VALUE])
        figures = [
            fields.parse_number(t, style) if s is Status.VALUE else None
            for t, s in zip(texts, status, strict=True)
        ]
        levels: list[object] = [None] * len(texts)
        if Field.LEVEL not in self.cells:
            for i, text in enumerate(texts):
                if figures[i] is Reason.NUMBER_UNREADABLE and not isinstance(
                    found := fields.parse_level(text), Reason
                ):
                    figures[i], levels[i] = None, found
        self._refuse_texts(Field.VALUE, figures)
        codes = self.cells[Field.VALUE].codes
        number = np.array([f if isinstance(f, float) else np.nan for f in figures], dtype="float64")[codes]
        signed = np.array(["%" in text for text in texts], dtype=bool)[codes] & ~np.isnan(number)
        number = self._ranged(number, signed, kind)
        by_status = np.array([statuses.index(s) for s in status], dtype=np.int16)[codes]
        return kind, number, _Words(by_status, statuses), self._words(Field.VALUE, levels)

    def _kind(self, kinds: list[str]) -> _Words:
        if Field.SCORE_KIND not in self.cells:
            return _Words(np.zeros(self.n, np.int16), kinds)
        found = self._read(Field.SCORE_KIND, fields.parse_score_kind)
        lookup = np.array([kinds.index(k) if isinstance(k, ScoreKind) else 0 for k in found], dtype=np.int16)
        return _Words(lookup[self.cells[Field.SCORE_KIND].codes], kinds)

    def _ranged(self, number: npt.NDArray[np.float64], signed: Mask, kind: _Words) -> npt.NDArray[np.float64]:
        is_kind = {name: kind.codes == list(ScoreKind).index(name) for name in ScoreKind}
        percentage = is_kind[ScoreKind.PERCENTAGE]
        if self.mapping.shares:
            number = np.where(percentage & ~signed, number * 100, number)
        self.refuse(Field.VALUE, signed & ~percentage, Reason.PERCENT_UNEXPECTED)
        outside = np.abs(number) > schemas.MAX_SCORE
        outside |= percentage & ((number < 0) | (number > 100))
        outside |= is_kind[ScoreKind.MARK] & ((number < 1) | (number > 10))
        outside |= is_kind[ScoreKind.COUNT] & ((number < 0) | (number % 1 != 0))
        self.refuse(Field.VALUE, outside & ~np.isnan(number), Reason.NUMBER_OUT_OF_RANGE)
        return number

    def _levels(self) -> tuple[Codes, _Words]:
        if Field.LEVEL not in self.cells:
            return np.full(self.n, _EMPTY, np.int16), self._nowhere()
        texts = self._translated(Field.LEVEL)
        status = [fields.status_of(text) for text in texts]
        found = [
            fields.parse_level(t) if s is Status.VALUE else None for t, s in zip(texts, status, strict=True)
        ]
        self._refuse_texts(Field.LEVEL, found)
        codes = self.cells[Field.LEVEL].codes
        return np.array([list(Status).index(s) for s in status], np.int16)[codes], self._words(
            Field.LEVEL, found
        )

    def _for_groups(self, result: _Result) -> _Result:
        """The number of pupils behind each figure; a hidden number hides its figure."""
        texts = self._translated(Field.N_PUPILS)
        status = [fields.status_of(text) for text in texts]
        found = [_whole(t) if s is Status.VALUE else None for t, s in zip(texts, status, strict=True)]
        self._refuse_texts(Field.N_PUPILS, found)
        codes = self.cells[Field.N_PUPILS].codes
        n_pupils = np.array([f if isinstance(f, float) else np.nan for f in found], dtype="float64")[codes]
        by_number = np.array([list(Status).index(s) for s in status], np.int16)[codes]
        answered = result.status.codes == _VALUE
        lacks = answered & np.isin(by_number, [_EMPTY, _NOT_TAKEN]) & (self._first == NONE)
        self.refuse(Field.N_PUPILS, lacks, Reason.N_PUPILS_MISSING)
        hidden = answered & np.isin(by_number, [_LT5, _MASKED])
        status_codes = np.where(hidden, by_number, result.status.codes).astype(np.int16)
        return _Result(
            result.kind,
            np.where(hidden, np.nan, result.value),
            _Words(np.where(hidden, NONE, result.level.codes).astype(np.int16), result.level.words),
            _Words(status_codes, result.status.words),
            n_pupils,
        )

    # -- the refused rows

    def refused(self) -> pd.DataFrame:
        """One record per refused row: the first problem, how many there are, and the mapped cells as JSON."""
        rows = np.flatnonzero(self._first != NONE)
        # In pieces: a Python text takes five times the room of the same text in a finished column.
        pieces = [self._refused(rows[i : i + 50_000]) for i in range(0, max(len(rows), 1), 50_000)]
        return pd.concat(pieces, ignore_index=True)

    def _refused(self, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
        names = [*Field, None]
        reasons = np.array([str(r) for r in self._reasons], dtype=object)[self._first[rows]]
        columns = np.array([self.mapping.columns.get(n, "") if n else "" for n in names], dtype=object)
        hints = np.array([str(self._hint(r)) for r in self._reasons], dtype=object)[self._first[rows]]
        values = np.full(len(rows), "", dtype=object)
        for place, name in enumerate(Field):
            here = self._field[rows] == place
            if here.any() and name in self.mapping.columns:
                values[here] = self._shown(name)[self.cells[name].codes[rows[here]]]
        secret = np.isin(self._first[rows], [self._reasons.index(r) for r in _WITHOUT_ROW])
        values[secret] = ""
        kept_rows = self._as_json(rows)
        kept_rows[secret] = "{}"
        return pd.DataFrame(
            {
                "line": self.lines[rows],
                "column": pd.array(columns[self._field[rows]], dtype="str"),
                "value": pd.array(values, dtype="str"),
                "reason": pd.array(reasons, dtype="str"),
                "hint": pd.array(hints, dtype="str"),
                "n_problems": self._n_problems[rows].astype("int64"),
                "row": pd.array(kept_rows, dtype="str"),
            }
        )

    def _hint(self, reason: Reason) -> Hint:
        if not self.table.told:
            return HINTS[reason]
        if reason in _CODES:
            return Hint.LEAVE_OUT
        return Hint.FIX_IN_FILE if HINTS[reason] in _CHOICES else HINTS[reason]

    def _shown(self, name: Field) -> npt.NDArray[np.object_]:
        """A field's distinct texts as they may be kept: pupils as pseudonyms, nothing that is about a person."""
        texts = self.cells[name].texts
        if name is Field.PUPIL:
            return np.array([self._pseudonym(text) for text in texts], dtype=object)
        return np.array([_presentable(text) for text in texts], dtype=object)

    def _as_json(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        # Text is joined per column, not per row: a file with a million refused rows must not take minutes.
        joined = np.full(len(rows), "", dtype=object)
        for i, (name, column) in enumerate(self.mapping.columns.items()):
            key = ("" if i == 0 else ", ") + json.dumps(column, ensure_ascii=False) + ": "
            parts = [key + json.dumps(text, ensure_ascii=False) for text in self._shown(name)]
            joined = joined + np.array(parts, dtype=object)[self.cells[name].codes[rows]]
        return np.asarray("{" + joined + "}", dtype=object)


@dataclass(frozen=True)
class _Result:
    kind: _Words
    value: npt.NDArray[np.float64]
    level: _Words
    status: _Words
    n_pupils: npt.NDArray[np.float64]


_VALUE, _LT5, _MASKED, _EMPTY, _NOT_TAKEN = range(len(Status))
_LEVEL_SCALES = {**dict.fromkeys("ABCDE", "A-E"), **dict.fromkeys(("I+", "I", "II", "III", "IV", "V"), "I-V")}
_LEVEL_SCALES |= dict.fromkeys(("<1F", "1F", "1S", "2F", "1S/2F", "3F"), "reference")


def _scale(given: _Words, result: _Result) -> _Words:
    """The scale of the figure; for a row with only a level, the level's own system."""
    words = result.level.words
    systems = sorted({_LEVEL_SCALES.get(word, "functional") for word in words})
    lookup = np.array(
        [systems.index(_LEVEL_SCALES.get(w, "functional")) for w in words] + [NONE], dtype=np.int16
    )
    only_level = result.kind.codes == list(ScoreKind).index(ScoreKind.LEVEL)
    by_level = _Words(np.where(only_level, lookup[result.level.codes], NONE).astype(np.int16), systems)
    return by_level.or_else(given)


def _nothing(text: str) -> bool:
    return fields.status_of(text) is Status.EMPTY


def _pupil_key(text: str) -> str:
    # Excel eats leading noughts, so "00123" and "123" are the same pupil in two exports of one school.
    key = fields.clean(text)
    return key.lstrip("0") or key if key.isdigit() else key


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


def _whole(text: str) -> float | Reason:
    found = fields.parse_number(text)
    if isinstance(found, Reason) or found % 1 or not 0 <= found < 1_000_000:
        return Reason.N_PUPILS_UNREADABLE
    return found


def _presentable(text: str) -> str:
    return HIDDEN if is_personal(text) or len(text) > fields.MAX_TEXT else text
