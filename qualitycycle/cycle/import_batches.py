"""Do: every import that counts, was taken back or was replaced by a newer one, and the way between them.

What was shown of an import counts for ever: `series` looks at which imports counted when, in the record of changes.
So an import is never changed. Corrected rows, or a corrected file, are an import of their own.
"""

from __future__ import annotations

from qualitycycle import config
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import NotFound
from qualitycycle.model import Actor, Batch, BatchState
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction


def batches(store: Store, actor: Actor) -> list[Batch]:
    """Every import that counts, latest first; undone ones are left out."""
    require(actor, Right.SEE_OUTCOMES)
    with store.cursor() as con:
        return records.find(
            con, Batch, where="state = 'current'", order="imported_at DESC, file_name DESC, batch_id"
        )


def undone_batches(store: Store, actor: Actor) -> list[Batch]:
    """Imports that were taken back or replaced; their rows are kept and no longer count."""
    require(actor, Right.IMPORT)
    with store.cursor() as con:
        return records.find(
            con, Batch, where="state = 'undone' AND corrects IS NULL", order="imported_at DESC, batch_id"
        )


def undo(store: Store, actor: Actor, batch_id: str) -> Batch:
    """Take a whole import back: its rows no longer count. Evidence made from it keeps its snapshot.

    The corrected rows that came after it go along. Corrected rows that are taken back by themselves wait again
    among the refused ones.
    """
    require(actor, Right.IMPORT)

    def use_case(tx: Transaction) -> Batch:
        batch = tx.get(Batch, batch_id)
        if batch.corrects is not None:
            _wait_again(tx, batch)
            return tx.change(Batch, batch_id, None, state=BatchState.UNDONE, archived_at=config.now())
        return put_aside(tx, batch)

    return store.write(use_case, actor=actor, verb="undo_import")


def redo(store: Store, actor: Actor, batch_id: str) -> Batch:
    """Let an import count again. The newer one that took its place goes, and can be put back in the same way."""
    require(actor, Right.IMPORT)

    def use_case(tx: Transaction) -> Batch:
        batch = tx.get(Batch, batch_id)
        if batch.corrects is not None:
            # Its rows wait again among the refused ones.
            raise NotFound("batch", batch_id)
        newest = _newest(tx, batch)
        if newest.batch_id != batch_id:
            put_aside(tx, newest, replaced_by=batch_id)
        for part in _parts(tx, batch):
            tx.change(Batch, part.batch_id, None, state=BatchState.CURRENT)
        return tx.change(Batch, batch_id, None, state=BatchState.CURRENT, replaced_by=None)

    return store.write(use_case, actor=actor, verb="redo_import")


def put_aside(tx: Transaction, batch: Batch, *, replaced_by: str | None = None) -> Batch:
    """Let an import and the corrected rows that came after it no longer count."""
    for part in _parts(tx, batch):
        tx.change(Batch, part.batch_id, None, state=BatchState.UNDONE)
    return tx.change(Batch, batch.batch_id, None, state=BatchState.UNDONE, replaced_by=replaced_by)


def _newest(tx: Transaction, batch: Batch) -> Batch:
    while batch.replaced_by is not None:
        batch = tx.get(Batch, batch.replaced_by)
    return batch


def _parts(tx: Transaction, batch: Batch) -> list[Batch]:
    # Corrections that were taken back by themselves are archived: they do not come back with their import.
    return tx.find(Batch, where="corrects = $id", id=batch.batch_id)


def _wait_again(tx: Transaction, batch: Batch) -> None:
    tx.execute(
        """
        UPDATE refused_row
        SET dealt_with = false
        WHERE batch_id = $corrected AND line IN (SELECT line FROM outcome WHERE batch_id = $batch)
        """,
        corrected=batch.corrects,
        batch=batch.batch_id,
    )
