"""Do: the groups of a file are stored as one import, without anybody in them."""

from __future__ import annotations

from dataclasses import replace

from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.cycle.import_storing import new_batch
from qualitycycle.errors import ImportRejected
from qualitycycle.imports.rosters import Roster, RosterGroup
from qualitycycle.model import Actor, Batch, BatchState
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

# How the kind of an import that holds groups ends.
GROUPS = "_groups"


def import_roster(store: Store, actor: Actor, prepared: Prepared, *, school_year: str = "") -> Batch:
    """Store the groups of a file; an earlier reading of the same school year is replaced.

    Raises `ImportRejected` when neither the file nor `school_year` says which year it is about.
    """
    require(actor, Right.IMPORT)
    roster = known(prepared)
    year = roster.school_year or school_year
    if not year:
        raise ImportRejected(prepared.file_name, "roster_year")

    def use_case(tx: Transaction) -> Batch:
        for batch_id in _batches_of(tx, year):
            tx.change(Batch, batch_id, None, state=BatchState.UNDONE)
        new = new_batch(tx, prepared, f"{prepared.kind}{GROUPS}", len(roster.groups), 0)
        batch = tx.insert(replace(new, dropped_columns=tuple(name for name, _drop in roster.left_out)))
        for place, group in enumerate(roster.groups):
            _insert(tx, batch, place, year, group)
        return batch

    return store.write(use_case, actor=actor, verb="import_roster")


def known(prepared: Prepared) -> Roster:
    """The groups of a file; raises `ImportRejected` when it is no file with groups."""
    if prepared.roster is None:
        raise ImportRejected(prepared.file_name, "no_groups")
    return prepared.roster


def _batches_of(tx: Transaction, school_year: str) -> list[str]:
    rows = tx.execute(
        """
        SELECT DISTINCT batch_id
        FROM roster_group
        JOIN batch USING (batch_id)
        WHERE school_year = $year AND state = 'current'
        ORDER BY batch_id
        """,
        year=school_year,
    )
    return [str(row[0]) for row in rows]


def _insert(tx: Transaction, batch: Batch, place: int, school_year: str, group: RosterGroup) -> None:
    tx.execute(
        """
        INSERT INTO roster_group (batch_id, place, school_year, year_group, group_name, n_pupils)
        VALUES ($batch, $place, $year, $year_group, $name, $n)
        """,
        batch=batch.batch_id,
        place=place,
        year=school_year,
        year_group=group.year_group,
        name=group.group_name,
        n=group.n_pupils,
    )
