"""Do: the good rows of a file are stored as one import; the refused ones are kept beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from qualitycycle import config, i18n
from qualitycycle.cycle import import_profiles, refused_rows
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_batches import put_aside
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.errors import ImportRejected, Incomplete
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.memory import MANY, give_back
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.model import Actor, Batch
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# Two threads store many rows and write each group of the store, of so many rows, away when it is full: every further
# thread would hold 40 MB of a million rows of its own, and five groups at once 80 MB.
GROUP = 122_880


def import_table(
    store: Store,
    actor: Actor,
    prepared: Prepared,
    result: ImportResult,
    mapping: Mapping,
    *,
    all_or_nothing: bool = False,
    remember_as: str = "",
    replaces: str | None = None,
) -> Batch:
    """Store the good rows and keep the refused ones aside, in one transaction.

    With `all_or_nothing` a single refused row means that nothing is stored: `Incomplete` says how many. The import
    that it `replaces` no longer counts from then on, and stays in the history. `TooManyRefused` when more rows are
    refused than anybody could correct; `ImportRejected` when the very same content counts already, also when somebody
    else was a moment earlier.
    """
    require(actor, Right.IMPORT)
    refused_rows.refuse_too_many(result, prepared.file_name)
    if all_or_nothing and result.counts.refused:
        raise Incomplete("batch", "n", "rows_refused", str(result.counts.refused))

    def use_case(tx: Transaction) -> Batch:
        refuse_again(
            prepared,
            tx.find(Batch, where="state = 'current' AND content_hash = $hash", hash=prepared.content_hash),
        )
        kind = prepared.kind if prepared.mapping else str(result.kind)
        batch = new_batch(tx, prepared, kind, result.counts.accepted, result.counts.refused)
        dropped = tuple(column.column for column in result.dropped_columns)
        batch = tx.insert(replace(batch, dropped_columns=dropped, mapping=mapping.to_json()))
        if replaces is not None:
            put_aside(tx, tx.get(Batch, replaces), replaced_by=batch.batch_id)
        insert_outcomes(tx, batch, result.accepted)
        refused_rows.insert(tx, batch, result.refused)
        if remember_as.strip():
            import_profiles.remember(tx, remember_as.strip(), str(result.kind), mapping)
        return batch

    return store.write(use_case, actor=actor, verb="import_outcomes")


def refuse_again(prepared: Prepared, counting: Sequence[Batch]) -> None:
    """Refuse content that counts already."""
    if counting:
        day = i18n.moment(config.local_time(counting[0].imported_at))
        raise ImportRejected(prepared.file_name, "already_read", day)


def new_batch(tx: Transaction, prepared: Prepared, kind: str, n_accepted: int, n_refused: int) -> Batch:
    return Batch(
        batch_id=new_id(),
        kind=kind,
        file_name=prepared.file_name,
        content_hash=prepared.content_hash,
        imported_at=config.now(),
        data_version=tx.data_version,
        n_accepted=n_accepted,
        n_refused=n_refused,
    )


def insert_outcomes(tx: Transaction, batch: Batch, accepted: pd.DataFrame) -> None:
    """Store the rows of an import."""
    give_back(len(accepted))
    # Arrow hands over words that repeat as numbers; a frame would hand over each as a text.
    rows = pa.Table.from_pandas(accepted, preserve_index=False)
    tx.con.register("accepted_rows", pa.Table.from_batches(rows.to_batches(GROUP), rows.schema))
    try:
        if len(accepted) >= MANY:
            tx.execute("SET threads = 2")
            tx.execute("SET write_buffer_row_group_count = 1")
        tx.execute(
            """
            INSERT INTO outcome
              (batch_id, line, pupil, school_year, moment, measured_on, year_group, group_name, subject,
               test_maker, test, edition, scale, score_kind, value, level_name, status, n_pupils)
            SELECT
              $batch, line, pupil, school_year, moment, CAST(measured_on AS DATE), year_group, group_name, subject,
              test_maker, test, edition, scale, score_kind, value, level, status, n_pupils
            FROM accepted_rows
            """,
            batch=batch.batch_id,
        )
    finally:
        if len(accepted) >= MANY:
            tx.execute("RESET threads")
            tx.execute("RESET write_buffer_row_group_count")
        tx.con.unregister("accepted_rows")
