"""Do: a file is read in from the terminal in one go: recognised, mapped as remembered or suggested, stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qualitycycle.cycle import import_rosters
from qualitycycle.cycle.import_preview import INSPECTIE, Prepared, mapping_for, preview, read_file
from qualitycycle.cycle.import_profiles import profiles
from qualitycycle.cycle.import_storing import import_table
from qualitycycle.cycle.open_data import import_inspectie, import_own_lines, inspectie_school, own_lines
from qualitycycle.errors import ImportRejected
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.model import Actor, Batch, Profile
from qualitycycle.store.connect import Store

Progress = Callable[[float], None]


@dataclass(frozen=True)
class ImportSummary:
    """What an import did or, in a dry run, would do."""

    kind: str
    accepted: int
    refused: int
    reasons: dict[str, int]
    dropped_columns: tuple[str, ...]
    batch: Batch | None = None


def import_file(
    store: Store,
    actor: Actor,
    path: Path,
    *,
    kind: str | None = None,
    profile: str | None = None,
    brin: str | None = None,
    dry_run: bool = False,
    on_progress: Progress | None = None,
) -> ImportSummary:
    """Read a file from the terminal as the page does: recognised, mapped as remembered or suggested, stored.

    Raises `ImportRejected` when the file is of another `kind` than asked, has no table that can be mapped,
    or holds many schools and no `brin` tells which.
    """
    tell = on_progress or (lambda share: None)
    if not path.exists():
        raise ImportRejected(path.name, "missing_file")
    prepared = read_file(store, actor, path, path.name)
    tell(0.3)
    if kind not in (None, prepared.kind):
        raise ImportRejected(path.name, "other_kind", prepared.kind)
    if prepared.roster is not None:
        return _import_roster(store, actor, prepared, dry_run=dry_run)
    if prepared.locations is not None:
        return _import_own_lines(store, actor, prepared, brin, dry_run=dry_run)
    if prepared.kind == INSPECTIE:
        return _import_school(store, actor, prepared, brin, dry_run=dry_run)
    return _import_tables(store, actor, prepared, profile, dry_run=dry_run, tell=tell)


def _import_roster(store: Store, actor: Actor, prepared: Prepared, *, dry_run: bool) -> ImportSummary:
    roster = import_rosters.known(prepared)
    batch = None if dry_run else import_rosters.import_roster(store, actor, prepared)
    dropped = tuple(name for name, _drop in roster.left_out)
    return ImportSummary(prepared.kind, len(roster.groups), 0, {}, dropped, batch)


def _import_school(
    store: Store, actor: Actor, prepared: Prepared, brin: str | None, *, dry_run: bool
) -> ImportSummary:
    found = inspectie_school(prepared, _wanted(store, prepared, brin))
    batch = None if dry_run else import_inspectie(store, actor, prepared, found)
    return ImportSummary(INSPECTIE, len(found.to_outcomes()), 0, {}, (), batch)


def _wanted(store: Store, prepared: Prepared, brin: str | None) -> str:
    wanted = brin or str(store.rows("SELECT brin FROM school")[0]["brin"] or "")
    if not wanted:
        raise ImportRejected(prepared.file_name, "which_school")
    return wanted


def _import_own_lines(
    store: Store, actor: Actor, prepared: Prepared, brin: str | None, *, dry_run: bool
) -> ImportSummary:
    found = own_lines(prepared, _wanted(store, prepared, brin))
    batch = None if dry_run else import_own_lines(store, actor, prepared, found)
    return ImportSummary(prepared.kind, found.n_rows, 0, {}, (), batch)


def _import_tables(
    store: Store, actor: Actor, prepared: Prepared, profile: str | None, *, dry_run: bool, tell: Progress
) -> ImportSummary:
    table = max(prepared.tables, key=lambda one: len(one.frame))
    mapping = prepared.mapping or _named_mapping(store, prepared, table, profile)
    result = preview(store, actor, table, mapping)
    tell(0.8)
    batch = None if dry_run else import_table(store, actor, prepared, result, mapping)
    tell(1.0)
    return ImportSummary(
        kind=prepared.kind if prepared.mapping else str(result.kind),
        accepted=result.counts.accepted,
        refused=result.counts.refused,
        reasons=reasons(result),
        dropped_columns=tuple(column.column for column in result.dropped_columns),
        batch=batch,
    )


def _named_mapping(store: Store, prepared: Prepared, table: RawTable, profile: str | None) -> Mapping:
    if profile is None:
        return mapping_for(store, table)[0]
    named: Sequence[Profile] = [one for one in profiles(store) if one.name == profile]
    if not named:
        raise ImportRejected(prepared.file_name, "unknown_profile", profile)
    return Mapping.from_json(named[0].mapping)


def reasons(result: ImportResult) -> dict[str, int]:
    """How many rows were refused for which reason, most frequent first."""
    counted: Counter[Any] = Counter(result.refused["reason"].tolist())
    return {str(reason): n for reason, n in counted.most_common()}
