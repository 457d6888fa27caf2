"""Do: what could not be read is kept aside with its reason, until somebody deals with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from qualitycycle.cycle import gate
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_preview import plain_rows
from qualitycycle.cycle.import_words import REASONS
from qualitycycle.errors import TooManyRefused
from qualitycycle.imports.fields import Reason
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.imports.refusals import Hint
from qualitycycle.model import Actor, Batch
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

N_SHOWN = 500
# What is wrong with these is a word about the test or the group; elsewhere a cell is what one pupil has.
ABOUT_THE_TEST = (
    Reason.SCHOOL_YEAR_UNREADABLE, Reason.MOMENT_UNREADABLE, Reason.YEAR_GROUP_UNREADABLE, Reason.SUBJECT_UNKNOWN,
    Reason.SCORE_KIND_UNKNOWN,
)  # fmt: skip


@dataclass(frozen=True)
class RefusedRow:
    """A row kept aside: where it stood, why, and what to do. `column` may be empty.

    `value` is the cell, and empty where it could be what one pupil has: the line says where to look in the file.
    """

    refused_row_id: str
    line: int
    column: str
    value: str
    reason: str
    hint: str


# --- of a file that is looked at -------------------------------------------------------------------------


def too_many(result: ImportResult, file_name: str) -> TooManyRefused | None:
    """Why nothing of this file is read in, where more rows are refused than anybody could correct by hand."""
    if not result.too_many_refused:
        return None
    ((reason, column), n) = result.refused_for.most_common(1)[0]
    cause = REASONS.get(Reason(reason), "") if reason in list(Reason) else ""
    return TooManyRefused(file_name, result.counts.refused, n, cause, column)


def refuse_too_many(result: ImportResult, file_name: str) -> None:
    """Refuse the file as a whole where more rows are refused than anybody could correct by hand."""
    refusal = too_many(result, file_name)
    if refusal is not None:
        raise refusal


def refused_in(result: ImportResult, most: int = N_SHOWN) -> list[RefusedRow]:
    """The rows of a file that would be kept aside, at most so many, as `refused_rows` shows them afterwards."""
    n_same = result.refused.groupby(["column", "value"])["line"].transform("size")
    rows = plain_rows(result.refused.assign(n_same=n_same).head(most))
    return [shown(row) for row in rows]


def unknown_words(result: ImportResult) -> list[tuple[str, str]]:
    """Column and word of what the school may explain, in the order of the file, each once."""
    told = result.refused[result.refused["hint"] == Hint.TRANSLATE_WORD]
    n_same = told.groupby(["column", "value"])["line"].transform("size")
    words = told.assign(n_same=n_same).drop_duplicates(subset=["column", "value"])
    found = (shown({**row, "refused_row_id": ""}) for row in plain_rows(words))
    return [(row.column, row.value) for row in found if row.value]


def shown(row: dict[str, Any]) -> RefusedRow:
    """A refused row as it may be looked at; `n_same` says how many have this very cell."""
    kept = {name: row[name] for name in ("line", "column", "reason", "hint")}
    return RefusedRow(**kept, refused_row_id=row.get("refused_row_id") or "", value=_cell(row))


def _cell(row: dict[str, Any]) -> str:
    """The cell of a refused row: a word about the test, or one that enough rows share."""
    text = str(row["value"] or "")
    if gate.is_enough(int(row["n_same"])):
        return text
    # A column that was taken for another one holds scores: a word has no digits.
    is_word = row["reason"] in ABOUT_THE_TEST and not any(sign.isdigit() for sign in text)
    return text if is_word else ""


# --- of what was read in ---------------------------------------------------------------------------------


def insert(tx: Transaction, batch: Batch, refused: pd.DataFrame) -> None:
    frame = refused.assign(refused_row_id=[new_id() for _ in range(len(refused))])
    tx.con.register("refused_rows", frame)
    try:
        tx.execute(
            """
            INSERT INTO refused_row (refused_row_id, batch_id, line, column_name, value, reason, hint, cells)
            SELECT refused_row_id, $batch, line, "column", value, reason, hint, "row" FROM refused_rows
            """,
            batch=batch.batch_id,
        )
    finally:
        tx.con.unregister("refused_rows")


def refused_rows(
    store: Store, actor: Actor, batch_id: str, *, most: int | None = N_SHOWN
) -> list[RefusedRow]:
    """What was kept aside and not yet dealt with, in the order of the file, at most so many; None is all."""
    require(actor, Right.IMPORT)
    rows = store.rows(
        """
        SELECT refused_row_id, line, column_name AS "column", value, reason, hint,
               count(*) OVER (PARTITION BY column_name, value) AS n_same
        FROM refused_row
        WHERE batch_id = $batch AND NOT dealt_with
        ORDER BY line, refused_row_id
        LIMIT $most::BIGINT
        """,
        batch=batch_id,
        most=most,
    )
    return [shown(row) for row in rows]


def n_refused(store: Store, actor: Actor, batch_id: str) -> int:
    """How many refused rows of an import wait for somebody."""
    require(actor, Right.IMPORT)
    rows = store.rows(
        "SELECT count(*) AS n FROM refused_row WHERE batch_id = $batch AND NOT dealt_with", batch=batch_id
    )
    return int(rows[0]["n"])


def deal_with(store: Store, actor: Actor, batch_id: str) -> int:
    """Say that the refused rows of an import have been dealt with; they stay stored. Returns how many."""
    require(actor, Right.IMPORT)
    waiting = n_refused(store, actor, batch_id)

    def use_case(tx: Transaction) -> int:
        tx.execute("UPDATE refused_row SET dealt_with = true WHERE batch_id = $batch", batch=batch_id)
        return waiting

    return store.write(use_case, actor=actor, verb="deal_with_refused")
