"""The result in a row: a figure, a level, or why there is none; and the scale it stands on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from qualitycycle.imports import fields, schemas
from qualitycycle.imports.fields import Field, Reason, ScoreKind, Status
from qualitycycle.imports.rows import NONE, Codes, Mask, Rows, Words


@dataclass(frozen=True)
class Result:
    kind: Words
    value: npt.NDArray[np.float64]
    level: Words
    status: Words
    n_pupils: npt.NDArray[np.float64]


_VALUE, _LT5, _MASKED, _EMPTY, _NOT_TAKEN = range(len(Status))
_LEVEL_SCALES = {**dict.fromkeys("ABCDE", "A-E"), **dict.fromkeys(("I+", "I", "II", "III", "IV", "V"), "I-V")}
_LEVEL_SCALES |= dict.fromkeys(("<1F", "1F", "1S", "2F", "1S/2F", "3F"), "reference")


def read_result(rows: Rows) -> Result:
    """Kind, figure, level and status of each row, and the number of pupils behind a figure over many."""
    kind, value, status, level = _figures(rows)
    by_level_status, by_level = _levels(rows)
    # A figure goes first; where there is none, the level is the result.
    only_level = (status.codes == _EMPTY) & (by_level_status != _EMPTY)
    status = Words(np.where(only_level, by_level_status, status.codes).astype(np.int16), status.words)
    level = by_level.or_else(level) if Field.LEVEL in rows.cells else level
    value = np.where(status.codes == _VALUE, value, np.nan)
    level_codes = np.where(status.codes == _VALUE, level.codes, NONE).astype(np.int16)
    level = Words(level_codes, level.words)
    by_word = list(ScoreKind).index(ScoreKind.LEVEL)
    kind_codes = np.where(np.isnan(value) & (level.codes != NONE), by_word, kind.codes).astype(np.int16)
    result = Result(Words(kind_codes, kind.words), value, level, status, np.ones(rows.n))
    return result if Field.PUPIL in rows.mapping.columns else _for_groups(rows, result)


def _figures(rows: Rows) -> tuple[Words, npt.NDArray[np.float64], Words, Words]:
    """Kind, figure, status and, for a level written in the figures' column, the level."""
    kinds = [str(kind) for kind in ScoreKind]
    statuses = [str(status) for status in Status]
    kind = _kind(rows, kinds)
    if Field.VALUE not in rows.cells:
        nothing = np.full(rows.n, np.nan)
        return kind, nothing, Words(np.full(rows.n, _EMPTY, np.int16), statuses), rows.nowhere()
    texts = rows.translated(Field.VALUE)
    status = [fields.status_of(text) for text in texts]
    style = fields.decimal_style([t for t, s in zip(texts, status, strict=True) if s is Status.VALUE])
    figures = [
        fields.parse_number(t, style) if s is Status.VALUE else None
        for t, s in zip(texts, status, strict=True)
    ]
    levels: list[object] = [None] * len(texts)
    if Field.LEVEL not in rows.cells:
        for i, text in enumerate(texts):
            if figures[i] is Reason.NUMBER_UNREADABLE and not isinstance(
                found := fields.parse_level(text), Reason
            ):
                figures[i], levels[i] = None, found
    rows.refuse_texts(Field.VALUE, figures)
    codes = rows.cells[Field.VALUE].codes
    number = np.array([f if isinstance(f, float) else np.nan for f in figures], dtype="float64")[codes]
    signed = np.array(["%" in text for text in texts], dtype=bool)[codes] & ~np.isnan(number)
    number = _ranged(rows, number, signed, kind)
    by_status = np.array([statuses.index(s) for s in status], dtype=np.int16)[codes]
    return kind, number, Words(by_status, statuses), rows.words(Field.VALUE, levels)


def _kind(rows: Rows, kinds: list[str]) -> Words:
    if Field.SCORE_KIND not in rows.cells:
        return Words(np.zeros(rows.n, np.int16), kinds)
    found = rows.read(Field.SCORE_KIND, fields.parse_score_kind)
    lookup = np.array([kinds.index(k) if isinstance(k, ScoreKind) else 0 for k in found], dtype=np.int16)
    return Words(lookup[rows.cells[Field.SCORE_KIND].codes], kinds)


def _ranged(
    rows: Rows, number: npt.NDArray[np.float64], signed: Mask, kind: Words
) -> npt.NDArray[np.float64]:
    is_kind = {name: kind.codes == list(ScoreKind).index(name) for name in ScoreKind}
    percentage = is_kind[ScoreKind.PERCENTAGE]
    if rows.mapping.shares:
        number = np.where(percentage & ~signed, number * 100, number)
    rows.refuse(Field.VALUE, signed & ~percentage, Reason.PERCENT_UNEXPECTED)
    outside = np.abs(number) > schemas.MAX_SCORE
    outside |= percentage & ((number < 0) | (number > 100))
    outside |= is_kind[ScoreKind.MARK] & ((number < 1) | (number > 10))
    outside |= is_kind[ScoreKind.COUNT] & ((number < 0) | (number % 1 != 0))
    rows.refuse(Field.VALUE, outside & ~np.isnan(number), Reason.NUMBER_OUT_OF_RANGE)
    return number


def _levels(rows: Rows) -> tuple[Codes, Words]:
    if Field.LEVEL not in rows.cells:
        return np.full(rows.n, _EMPTY, np.int16), rows.nowhere()
    texts = rows.translated(Field.LEVEL)
    status = [fields.status_of(text) for text in texts]
    found = [fields.parse_level(t) if s is Status.VALUE else None for t, s in zip(texts, status, strict=True)]
    rows.refuse_texts(Field.LEVEL, found)
    codes = rows.cells[Field.LEVEL].codes
    return np.array([list(Status).index(s) for s in status], np.int16)[codes], rows.words(Field.LEVEL, found)


def _for_groups(rows: Rows, result: Result) -> Result:
    """The number of pupils behind each figure; a hidden number hides its figure."""
    texts = rows.translated(Field.N_PUPILS)
    status = [fields.status_of(text) for text in texts]
    found = [_whole(t) if s is Status.VALUE else None for t, s in zip(texts, status, strict=True)]
    rows.refuse_texts(Field.N_PUPILS, found)
    codes = rows.cells[Field.N_PUPILS].codes
    n_pupils = np.array([f if isinstance(f, float) else np.nan for f in found], dtype="float64")[codes]
    by_number = np.array([list(Status).index(s) for s in status], np.int16)[codes]
    answered = result.status.codes == _VALUE
    lacks = answered & np.isin(by_number, [_EMPTY, _NOT_TAKEN]) & (rows.first == NONE)
    rows.refuse(Field.N_PUPILS, lacks, Reason.N_PUPILS_MISSING)
    hidden = answered & np.isin(by_number, [_LT5, _MASKED])
    status_codes = np.where(hidden, by_number, result.status.codes).astype(np.int16)
    return Result(
        result.kind,
        np.where(hidden, np.nan, result.value),
        Words(np.where(hidden, NONE, result.level.codes).astype(np.int16), result.level.words),
        Words(status_codes, result.status.words),
        n_pupils,
    )


def scale_of(given: Words, result: Result) -> Words:
    """The scale of the figure; for a row with only a level, the level's own system."""
    words = result.level.words
    systems = sorted({_LEVEL_SCALES.get(word, "functional") for word in words})
    lookup = np.array(
        [systems.index(_LEVEL_SCALES.get(w, "functional")) for w in words] + [NONE], dtype=np.int16
    )
    only_level = result.kind.codes == list(ScoreKind).index(ScoreKind.LEVEL)
    by_level = Words(np.where(only_level, lookup[result.level.codes], NONE).astype(np.int16), systems)
    return by_level.or_else(given)


def _whole(text: str) -> float | Reason:
    found = fields.parse_number(text)
    if isinstance(found, Reason) or found % 1 or not 0 <= found < 1_000_000:
        return Reason.N_PUPILS_UNREADABLE
    return found
