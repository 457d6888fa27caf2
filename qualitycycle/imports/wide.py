"""A table with a column per test, as one with a row per score."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pandas as pd

from qualitycycle.imports import fields
from qualitycycle.imports.fields import Field, Reason, Status, plain
from qualitycycle.imports.files import RawTable, refuse_many
from qualitycycle.imports.mapping import words_for
from qualitycycle.imports.privacy import by_name, distinct_texts

TEST, MOMENT, SCORE = "Toets", "Afnamemoment", "Score"
# "Rekenen M5", "BL E 4 niveau": what is left without these is the subject.
_MOMENT = re.compile(r"\b([BME]) ?([3-8])?\b")
_SCORE_WORDS = re.compile(
    r"\b(?:score|niveau|vs|vaardigheidsscore|dle|percentage|perc|cijfer|standaardscore)\b"
)
# A table with a column for these has a row per score already.
_LONG = (Field.SUBJECT, Field.TEST)


def as_long(table: RawTable) -> RawTable | None:
    """The same results with a row per score, or None when the table is not wide.

    It is wide when at least two columns are called after a subject and hold figures or levels, and no column names
    the subject or test of a row. Each row keeps its line in the file, and its column as the name of the test.
    """
    if table.told or any(plain(column) in words_for(name) for column in table.columns for name in _LONG):
        return None
    scores = [column for column in table.columns if _is_score(table, column)]
    if len(scores) < 2:
        return None
    rest = [column for column in table.columns if column not in scores]
    n, times = len(table.frame), len(scores)
    refuse_many(n * times, table.file)
    index = pd.Index(np.tile(table.frame.index.to_numpy(), times), name="line")
    columns = {name: pd.concat([table.frame[name].astype("str")] * times).array for name in rest}
    columns[TEST] = pd.Categorical.from_codes(np.repeat(np.arange(times), n), categories=pd.Index(scores))
    moments = [_moment(column) for column in scores]
    if any(moments) and not any(plain(column) in words_for(Field.MOMENT) for column in rest):
        columns[MOMENT] = pd.Categorical(np.repeat(np.array(moments, dtype=object), n))
    columns[SCORE] = pd.concat([table.frame[name].astype("str") for name in scores]).array
    frame = pd.DataFrame(columns, index=index).iloc[np.arange(n * times).reshape(times, n).T.ravel()]
    return replace(table, columns=tuple(frame.columns), frame=frame, wide=(TEST, SCORE))


def _is_score(table: RawTable, column: str) -> bool:
    if by_name(column) is not None or isinstance(_subject(column), Reason):
        return False
    told = [text for text in distinct_texts(table.frame[column]) if fields.status_of(text) is Status.VALUE]
    read = sum(
        not isinstance(fields.parse_number(text), Reason) or not isinstance(fields.parse_level(text), Reason)
        for text in told
    )
    return bool(told) and read >= 0.5 * len(told)


def _subject(header: str) -> str | Reason:
    bare = _SCORE_WORDS.sub(" ", _MOMENT.sub(" ", re.sub(r"#\d+'*$", "", header)).casefold()).strip(" -_()")
    return fields.parse_subject(bare) if bare else Reason.SUBJECT_MISSING


def _moment(header: str) -> str:
    found = _MOMENT.search(header)
    return "".join(found.group(1, 2)) if found and found[2] else found[1] if found else ""
