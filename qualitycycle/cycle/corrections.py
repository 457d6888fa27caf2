"""Do: refused rows come back corrected, and join the import they were refused from.

What is saved of refused rows holds no more than may be shown: where each row stood and what is wrong with it, no pupil
and no score. Whoever corrects a row has the file itself and looks the line up there. The other cells of the row are
still kept here, the pupil as pseudonym; they are read again with the corrected one.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from qualitycycle.cycle import refused_rows, rosters
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_preview import Prepared, plain_rows, pseudonym
from qualitycycle.cycle.import_storing import insert_outcomes, new_batch
from qualitycycle.cycle.refused_rows import RefusedRow
from qualitycycle.errors import ImportRejected
from qualitycycle.imports.corrections import Correction
from qualitycycle.imports.fields import Field
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult, read_outcomes
from qualitycycle.imports.rows import HIDDEN, pupil_key
from qualitycycle.model import Actor, Batch
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

# In these columns *** is what stood in the file; in others it is what was not kept.
_FIGURES = (Field.VALUE, Field.LEVEL, Field.N_PUPILS)


@dataclass(frozen=True, eq=False)
class Corrected:
    """Refused rows of one import, read again: what can go in now, and which still cannot.

    `n_unknown` have been dealt with already, or belong to another import.
    """

    batch: Batch
    row_ids: tuple[str, ...]
    accepted: pd.DataFrame
    still_refused: tuple[RefusedRow, ...]
    n_unknown: int


def look_at(store: Store, actor: Actor, prepared: Prepared) -> Corrected:
    """Read refused rows again with what was corrected; nothing is written.

    Raises `ImportRejected` when nothing was filled in, or when none of its rows waits.
    """
    require(actor, Right.IMPORT)
    given = prepared.corrections or ()
    if not given:
        raise ImportRejected(prepared.file_name, "nothing_corrected")
    waiting = _waiting(store, {one.refused_row_id for one in given})
    if not waiting:
        raise ImportRejected(prepared.file_name, "no_row_waits")
    batch_id = str(waiting[0]["batch_id"])
    rows = {str(row["refused_row_id"]): row for row in waiting if row["batch_id"] == batch_id}
    with store.cursor() as con:
        batch = records.get(con, Batch, batch_id)
    n_unknown = len({one.refused_row_id for one in given} - set(rows))
    # A line of a wide file holds several results, so each row is read under a number of its own.
    numbered = dict(enumerate(rows, start=1))
    read = _read_again(store, batch, {number: rows[row_id] for number, row_id in numbered.items()}, given)
    accepted = read.accepted[~read.accepted["line"].isin(_stored_before(store, batch, read.accepted))]
    taken = [numbered[number] for number in accepted["line"].tolist()]
    wrong = {numbered[row["line"]]: row for row in plain_rows(read.refused)}
    still = [
        refused_rows.shown({**row, **_wrong_now(wrong.get(row_id)), "n_same": 1})
        for row_id, row in rows.items()
        if row_id not in taken
    ]
    lines = np.array([rows[row_id]["line"] for row_id in taken], dtype="int64")
    return Corrected(batch, tuple(taken), accepted.assign(line=lines), tuple(still), n_unknown)


def _wrong_now(refused: dict[str, Any] | None) -> dict[str, Any]:
    return {} if refused is None else {name: refused[name] for name in ("column", "value", "reason", "hint")}


def _waiting(store: Store, row_ids: Collection[str]) -> list[dict[str, Any]]:
    return store.rows(
        """
        SELECT r.refused_row_id, r.batch_id, r.line, r.column_name AS "column", r.value, r.reason, r.hint, r.cells
        FROM refused_row r
        JOIN batch b USING (batch_id)
        WHERE list_contains($ids::VARCHAR[], r.refused_row_id) AND NOT r.dealt_with AND b.state = 'current'
        ORDER BY b.imported_at DESC, r.batch_id, r.line
        """,
        ids=sorted(row_ids),
    )


def _read_again(
    store: Store, batch: Batch, rows: dict[int, dict[str, Any]], given: Sequence[Correction]
) -> ImportResult:
    mapping = Mapping.from_json(batch.mapping)
    columns = tuple(dict.fromkeys(mapping.columns.values()))
    kept = {str(row["refused_row_id"]): json.loads(row["cells"]) for row in rows.values()}
    pupil = mapping.columns.get(Field.PUPIL, "")
    # The keys of pupils of these rows are pseudonyms already.
    known = {pupil_key(cells[pupil]): cells[pupil] for cells in kept.values() if cells.get(pupil)}
    for one in given:
        cells = kept.get(one.refused_row_id, {})
        # Of a file with a column per test the score stands under the name of its test.
        is_test = one.column == cells.get(mapping.columns.get(Field.TEST, ""))
        name = mapping.columns.get(Field.VALUE, "") if is_test else one.column
        if cells and name in columns:
            cells[name] = one.text
    whole = {number: kept[str(row["refused_row_id"])] for number, row in rows.items()}
    whole = {number: cells for number, cells in whole.items() if _is_whole(cells, mapping)}
    frame = pd.DataFrame(
        {name: pd.array([cells[name] for cells in whole.values()], dtype="str") for name in columns},
        index=pd.Index(list(whole), name="line", dtype="int64"),
    )
    table = RawTable("", columns, frame, header_line=1, file=batch.file_name)
    return read_outcomes(
        table,
        mapping,
        pseudonym=lambda key: known.get(key) or pseudonym(store.secret, key),
        year_groups=rosters.year_groups(store),
    )


def _is_whole(cells: dict[str, str], mapping: Mapping) -> bool:
    """Whether every cell of a row was kept: what was about a person has to be filled in first."""
    figures = {mapping.columns.get(name) for name in _FIGURES}
    return bool(cells) and all(text != HIDDEN or column in figures for column, text in cells.items())


def _stored_before(store: Store, batch: Batch, accepted: pd.DataFrame) -> list[int]:
    """Lines that, as corrected, say what the import holds already."""
    with store.cursor() as con:
        con.register("corrected_rows", accepted)
        try:
            rows = con.execute(_SAME, {"batch": batch.batch_id}).fetchall()
        finally:
            con.unregister("corrected_rows")
    return [int(row[0]) for row in rows]


_TEXTS = (
    "pupil", "school_year", "moment", "year_group", "group_name", "subject", "test_maker", "test", "edition", "scale",
    "score_kind", "status",
)  # fmt: skip
_EQUAL = " AND ".join(
    [
        *(f"CAST(c.{name} AS VARCHAR) IS NOT DISTINCT FROM o.{name}" for name in _TEXTS),
        "CAST(c.level AS VARCHAR) IS NOT DISTINCT FROM o.level_name",
        "CAST(c.measured_on AS DATE) IS NOT DISTINCT FROM o.measured_on",
        "CASE WHEN isnan(c.value) THEN NULL ELSE c.value END IS NOT DISTINCT FROM o.value",
        "c.n_pupils IS NOT DISTINCT FROM o.n_pupils",
    ]
)
# Names of our own columns only.
_SAME = f"""
SELECT DISTINCT c.line
FROM corrected_rows c
JOIN outcome o ON {_EQUAL}
JOIN batch b ON b.batch_id = o.batch_id
WHERE b.state = 'current' AND $batch IN (b.batch_id, b.corrects)
"""  # noqa: S608


def read_in(store: Store, actor: Actor, prepared: Prepared, corrected: Corrected) -> Batch:
    """Store the corrected rows beside the import they belong to; their refused rows have been dealt with.

    They are an import of their own: what was shown before they came keeps counting.
    """
    require(actor, Right.IMPORT)
    original, accepted = corrected.batch, corrected.accepted
    if accepted.empty:
        raise ImportRejected(prepared.file_name, "nothing_corrected")

    def use_case(tx: Transaction) -> Batch:
        batch = new_batch(tx, prepared, original.kind, len(accepted), 0)
        batch = tx.insert(replace(batch, mapping=original.mapping, corrects=original.batch_id))
        insert_outcomes(tx, batch, accepted)
        tx.execute(
            """
            UPDATE refused_row
            SET dealt_with = true
            WHERE list_contains($ids::VARCHAR[], refused_row_id)
            """,
            ids=sorted(corrected.row_ids),
        )
        return batch

    return store.write(use_case, actor=actor, verb="import_corrections")
