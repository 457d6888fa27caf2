"""Do: every import that counts or was taken back, and the way between the two."""

from __future__ import annotations

from qualitycycle.cycle.access import Right, require
from qualitycycle.model import Actor, Batch, BatchState
from qualitycycle.store import records
from qualitycycle.store.connect import Store


def batches(store: Store, actor: Actor) -> list[Batch]:
    """Every import that counts, latest first; undone ones are left out."""
    require(actor, Right.SEE_OUTCOMES)
    with store.cursor() as con:
        return records.find(con, Batch, where="state = 'current'", order="imported_at DESC, batch_id")


def undone_batches(store: Store, actor: Actor) -> list[Batch]:
    """Imports that were taken back; their rows are kept and no longer count."""
    require(actor, Right.IMPORT)
    with store.cursor() as con:
        return records.find(con, Batch, where="state = 'undone'", order="imported_at DESC, batch_id")


def undo(store: Store, actor: Actor, batch_id: str) -> Batch:
    """Take a whole import back: its rows no longer count. Evidence made from it keeps its snapshot."""
    require(actor, Right.IMPORT)
    return store.write(
        lambda tx: tx.change(Batch, batch_id, None, state=BatchState.UNDONE), actor=actor, verb="undo_import"
    )


def redo(store: Store, actor: Actor, batch_id: str) -> Batch:
    """Let an import that was taken back count again."""
    require(actor, Right.IMPORT)
    return store.write(
        lambda tx: tx.change(Batch, batch_id, None, state=BatchState.CURRENT), actor=actor, verb="redo_import"
    )
