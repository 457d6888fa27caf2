"""The last word at the door: what a canonical frame must look like. Lazy, and without coercing anything."""

from __future__ import annotations

import re

import pandas as pd
import pandera.pandas as pa

from qualitycycle.imports.fields import LEVELS, MOMENTS, SUBJECTS, YEAR_GROUPS, ScoreKind, Status

MAX_SCORE = 10_000


def _one_of(allowed: tuple[str, ...]) -> pa.Check:
    return pa.Check(lambda column: column.isin(allowed), name="one_of", ignore_na=True)


def _word(*allowed: str, nullable: bool = True) -> pa.Column:
    return pa.Column(pd.CategoricalDtype, [_one_of(allowed)] if allowed else [], nullable=nullable)


def _is_school_year(column: pd.Series) -> pd.Series[bool]:
    # On the few categories, not on every row.
    years = [name for name in column.cat.categories if re.fullmatch(r"(?:19|20)\d\d-(?:19|20)\d\d", name)]
    return column.isin(years)


def _value_goes_with_status(frame: pd.DataFrame) -> pd.Series[bool]:
    has_answer = frame["value"].notna() | frame["level"].notna()
    return has_answer == (frame["status"] == Status.VALUE)


def _value_in_range(frame: pd.DataFrame) -> pd.Series[bool]:
    value, kind = frame["value"], frame["score_kind"]
    inside = value.isna() | (value.abs() <= MAX_SCORE)
    inside &= value.isna() | (kind != ScoreKind.PERCENTAGE) | value.between(0, 100)
    return inside & (value.isna() | (kind != ScoreKind.MARK) | value.between(1, 10))


# One row is one result of one pupil, or of `n_pupils` pupils together when `pupil` is missing.
OUTCOMES = pa.DataFrameSchema(
    {
        "line": pa.Column("int64", pa.Check.ge(1)),
        "pupil": _word(),
        "school_year": pa.Column(pd.CategoricalDtype, pa.Check(_is_school_year, name="school_year")),
        "moment": _word(*MOMENTS),
        "measured_on": pa.Column("datetime64[s]", nullable=True),
        "year_group": _word(*YEAR_GROUPS, nullable=False),
        "group_name": _word(),
        "subject": _word(*SUBJECTS, nullable=False),
        "test_maker": _word(),
        "test": _word(),
        "edition": _word(),
        "scale": _word(),
        "score_kind": _word(*ScoreKind, nullable=False),
        "value": pa.Column("float64", nullable=True),
        "level": _word(*LEVELS),
        "status": _word(*Status, nullable=False),
        "n_pupils": pa.Column("Int64", pa.Check.ge(0), nullable=True),
    },
    checks=[
        pa.Check(_value_goes_with_status, name="value_goes_with_status"),
        pa.Check(_value_in_range, name="value_in_range"),
    ],
    strict=True,
    ordered=True,
    name="outcomes",
)

REFUSED = pa.DataFrameSchema(
    {
        "line": pa.Column("int64", pa.Check.ge(1), unique=True),
        "column": pa.Column("str"),
        "value": pa.Column("str"),
        "reason": pa.Column("str"),
        "hint": pa.Column("str"),
        "n_problems": pa.Column("int64", pa.Check.ge(1)),
        "row": pa.Column("str"),
    },
    strict=True,
    ordered=True,
    name="refused",
)
