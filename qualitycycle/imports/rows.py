"""A raw table being read: what each distinct text is, which rows it stands in, and which rows are refused for what.

A file repeats itself: a million rows hold a few thousand different texts. So each distinct text of a column is read
once, with the plain functions of `fields`, and rows are put together from small numbers.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields
from qualitycycle.imports.fields import Field, Reason, Status
from qualitycycle.imports.files import FileReason, RawTable, code_type, distinct, is_blank, n_distinct
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.privacy import is_personal
from qualitycycle.imports.refusals import hint_for

Codes = npt.NDArray[np.signedinteger]
Mask = npt.NDArray[np.bool_]
Pseudonym = Callable[[str], str]

NONE = -1
HIDDEN = "***"
# More refused rows than these nobody corrects by hand: of the rest only the reasons are counted.
MOST_REFUSED = 50_000
# No school has so many pupils, scores or days: a column with more different texts is not what it was taken for.
MOST_DIFFERENT = 300_000
# Reasons that take the whole row out of sight: an intelligence score, or cells that stand under another header.
_WITHOUT_ROW = (Reason.INTELLIGENCE_TEST, Reason.TOO_MANY_CELLS)


@dataclass(frozen=True)
class Cells:
    """A column as distinct texts and, per row, which one it is."""

    codes: Codes
    texts: list[str]


@dataclass(frozen=True)
class Words:
    """A canonical column: per row a place in `words`, or `NONE`."""

    codes: Codes
    words: list[str]

    def or_else(self, other: Words) -> Words:
        """This column, filled from the other where it has nothing."""
        words = list(dict.fromkeys([*self.words, *other.words]))
        place = np.array([words.index(word) for word in other.words] + [NONE], dtype=code_type(len(words)))
        return Words(np.where(self.codes == NONE, place[other.codes], self.codes), words)

    def categorical(self, rows: Mask) -> pd.Categorical:
        """The words of some rows."""
        return pd.Categorical.from_codes(self.codes[rows], categories=pd.Index(self.words, dtype="str"))


class Rows:
    """One table being read: what is known per row, and which rows have been refused for what."""

    def __init__(self, table: RawTable, mapping: Mapping, pseudonym: Pseudonym) -> None:
        self.table = table
        self.mapping = mapping
        self.n = len(table.frame)
        self.lines = table.frame.index.to_numpy(dtype="int64")
        self.cells = {name: self._factorize(column) for name, column in mapping.columns.items()}
        self.cells |= {
            name: Cells(np.zeros(self.n, np.int16), [text]) for name, text in self._constants().items()
        }
        self.blank = self._blank()
        self._reasons = list(Reason)
        self.first = np.full(self.n, NONE, np.int8)
        self._field = np.full(self.n, NONE, np.int8)
        self._n_problems = np.zeros(self.n, np.int16)
        self.pseudonym = pseudonym
        self._read: dict[Field, list[object]] = {}

    def _constants(self) -> dict[Field, str]:
        return {n: text for n, text in self.mapping.constants.items() if n not in self.mapping.columns}

    def _factorize(self, column: str) -> Cells:
        return Cells(*distinct(self.table.frame[column]))

    def _blank(self) -> Mask:
        blank = np.ones(self.n, dtype=bool)
        for column in self.table.columns:
            if not blank.any():
                break
            blank[blank] = is_blank(self.table.frame[column][blank])
        return blank

    # -- refusing

    @property
    def kept(self) -> Mask:
        """Rows that are neither blank nor refused."""
        kept: Mask = (self.first == NONE) & ~self.blank
        return kept

    def refuse(self, name: Field | None, rows: Mask, reason: Reason) -> None:
        """Refuse rows for a field; a row keeps the first reason and counts the others."""
        rows = rows & ~self.blank
        first = rows & (self.first == NONE)
        self.first[first] = self._reasons.index(reason)
        self._field[first] = NONE if name is None else list(Field).index(name)
        self._n_problems[rows] += 1

    def refuse_places(self, places: npt.NDArray[np.int64], reason: Reason) -> None:
        """Refuse rows by their place in the table."""
        rows = np.zeros(self.n, dtype=bool)
        rows[places] = True
        self.refuse(None, rows, reason)

    def refuse_texts(self, name: Field, found: Sequence[object], among: Mask | None = None) -> None:
        cells = self.cells[name]
        for reason in {item for item in found if isinstance(item, Reason)}:
            wrong = np.array([item is reason for item in found], dtype=bool)[cells.codes]
            self.refuse(name, wrong if among is None else wrong & among, reason)

    # -- reading one field

    def translated(self, name: Field) -> list[str]:
        words = {
            fields.plain(ours): theirs for ours, theirs in self.mapping.translations.get(name, {}).items()
        }
        texts = [fields.clean(text) for text in self.cells[name].texts]
        return [words.get(fields.plain(text), text) for text in texts] if words else texts

    def read(self, name: Field, read: Callable[[str], object]) -> list[object]:
        """Each distinct text of a field read once; None where there is nothing; refusals noted."""
        found = self._read.get(name)
        if found is None:
            found = self._read[name] = [
                None if nothing(text) else read(text) for text in self.translated(name)
            ]
        self.refuse_texts(name, found)
        return found

    def words(self, name: Field, found: Sequence[object]) -> Words:
        texts = [None if item is None or isinstance(item, Reason) else str(item) for item in found]
        words = sorted({text for text in texts if text})
        place = {word: i for i, word in enumerate(words)}
        lookup = np.array([place[text] if text else NONE for text in texts], dtype=code_type(len(words)))
        return Words(lookup[self.cells[name].codes], words)

    def nowhere(self) -> Words:
        return Words(np.full(self.n, NONE, np.int16), [])

    def column(self, name: Field, read: Callable[[str], object]) -> Words:
        return self.words(name, self.read(name, read)) if name in self.cells else self.nowhere()

    # -- the refused rows

    def refused_for(self) -> Counter[tuple[Reason, str]]:
        """How many rows are refused for which reason in which column; "" where it is about no column of the file."""
        here = self.first != NONE
        places = self.first[here].astype(np.int16) * (len(Field) + 1) + self._field[here] + 1
        counted: Counter[tuple[Reason, str]] = Counter()
        for place, n in enumerate(np.bincount(places).tolist()):
            if n:
                reason, field = divmod(place, len(Field) + 1)
                counted[self._reasons[reason], self._column_of(field - 1)] += n
        return counted

    def _column_of(self, place: int) -> str:
        column = self.mapping.columns.get(list(Field)[place], "") if place != NONE else ""
        return "" if self.table.wide is not None and column in self.table.wide else column

    def refused(self) -> pd.DataFrame:
        """One record per refused row: the first problem, how many there are, and the mapped cells as JSON.

        At most `MOST_REFUSED`, the first ones; `refused_for` counts all.
        """
        return self._refused(np.flatnonzero(self.first != NONE)[:MOST_REFUSED])

    def _refused(self, rows: npt.NDArray[np.int64]) -> pd.DataFrame:
        names = [*Field, None]
        reasons = np.array([str(r) for r in self._reasons], dtype=object)[self.first[rows]]
        columns = np.array([self.mapping.columns.get(n, "") if n else "" for n in names], dtype=object)
        hinted = [str(hint_for(reason, told=self.table.told)) for reason in self._reasons]
        hints = np.array(hinted, dtype=object)[self.first[rows]]
        values = np.full(len(rows), "", dtype=object)
        for place, name in enumerate(Field):
            here = self._field[rows] == place
            if here.any() and name in self.mapping.columns:
                values[here] = self._shown(name, rows[here])
        secret = np.isin(self.first[rows], [self._reasons.index(r) for r in _WITHOUT_ROW])
        values[secret] = ""
        kept_rows = self._as_json(rows)
        kept_rows[secret] = "{}"
        return pd.DataFrame(
            {
                "line": self.lines[rows],
                "column": pd.array(self._columns(columns[self._field[rows]], rows), dtype="str"),
                "value": pd.array(values, dtype="str"),
                "reason": pd.array(reasons, dtype="str"),
                "hint": pd.array(hints, dtype="str"),
                "n_problems": self._n_problems[rows].astype("int64"),
                "row": pd.array(kept_rows, dtype="str"),
            }
        )

    def _columns(
        self, columns: npt.NDArray[np.object_], rows: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.object_]:
        """The column of each cell; of a table that was wide, the one that the score stood in."""
        if self.table.wide is None:
            return columns
        test, score = self.table.wide
        tests = self.table.frame[test].astype("str").to_numpy()[rows]
        return np.where(columns == score, tests, columns)

    def _shown(
        self, name: Field, rows: npt.NDArray[np.int64], said: Callable[[str], str] = str
    ) -> npt.NDArray[np.object_]:
        """A field's texts as they may be kept: pupils as pseudonyms, nothing that is about a person."""
        own = self.pseudonym if name is Field.PUPIL else _presentable
        here, place = np.unique(self.cells[name].codes[rows], return_inverse=True)
        texts = [said(own(self.cells[name].texts[code])) for code in here]
        return np.array(texts, dtype=object)[place]

    def _as_json(self, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
        # Text is joined per column, not per row: a file with a million refused rows must not take minutes.
        joined = np.full(len(rows), "", dtype=object)
        for i, (name, column) in enumerate(self.mapping.columns.items()):
            key = ("" if i == 0 else ", ") + _quoted(column) + ": "
            joined = joined + key + self._shown(name, rows, _quoted)
        return np.asarray("{" + joined + "}", dtype=object)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def refuse_many_different(table: RawTable, mapping: Mapping) -> None:
    """Refuse a table of which a mapped column has more different texts than anything about a school."""
    for column in mapping.columns.values():
        if n_distinct(table.frame[column]) > MOST_DIFFERENT:
            raise ImportRejected(table.file, FileReason.TOO_MANY_DIFFERENT, column)


def remembering(pseudonym: Pseudonym) -> Pseudonym:
    """The same, asked once for each pupil."""
    known: dict[str, str] = {}

    def once(text: str) -> str:
        key = pupil_key(text)
        if key not in known:
            known[key] = pseudonym(key) if key else ""
        return known[key]

    return once


def nothing(text: str) -> bool:
    return fields.status_of(text) is Status.EMPTY


def pupil_key(text: str) -> str:
    """What of a pupil's number counts."""
    # Excel eats leading noughts, so "00123" and "123" are the same pupil in two exports of one school.
    key = fields.clean(text)
    return key.lstrip("0") or key if key.isdigit() else key


def _presentable(text: str) -> str:
    return HIDDEN if is_personal(text) or len(text) > fields.MAX_TEXT else text
