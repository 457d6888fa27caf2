"""Do: a file is read in from the terminal in one go: recognised, mapped as remembered or suggested, stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qualitycycle import i18n
from qualitycycle.cycle import corrections, import_rosters, refused_rows
from qualitycycle.cycle.import_preview import (
    CORRECTIONS,
    INSPECTIE,
    TABLE,
    Prepared,
    mapping_for,
    preview,
    read_file,
    sheet_of,
    sheets_read,
)
from qualitycycle.cycle.import_profiles import profiles
from qualitycycle.cycle.import_storing import import_table, refuse_again
from qualitycycle.cycle.import_versions import older_version
from qualitycycle.cycle.open_data import import_inspectie, import_own_lines, inspectie_school, own_lines
from qualitycycle.errors import ImportRejected
from qualitycycle.imports.files import Progress, RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult, ResultKind
from qualitycycle.model import Actor, Batch, Profile
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class ImportSummary:
    """What an import did or, in a dry run, would do. `replaced` is the file of which it took the place.

    `sheet` is the one that was read of a workbook with several tables, or of a zip (`zipped`), `left` are the others
    not read in so far. `unread` are the files of a zip that cannot be read.
    """

    kind: str
    accepted: int
    refused: int
    reasons: dict[str, int]
    dropped_columns: tuple[str, ...]
    batch: Batch | None = None
    replaced: str = ""
    sheet: str = ""
    left: tuple[str, ...] = ()
    zipped: bool = False
    unread: tuple[ImportRejected, ...] = ()


@dataclass(frozen=True)
class Wishes:
    """How a table is to be read in: which sheet and columns, and what to do with refused rows and older ones."""

    sheet: str | None = None
    profile: str | None = None
    dry_run: bool = False
    all_or_nothing: bool = False
    keep_earlier: bool = False


def import_file(
    store: Store,
    actor: Actor,
    path: Path,
    *,
    kind: str | None = None,
    sheet: str | None = None,
    profile: str | None = None,
    brin: str | None = None,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    keep_earlier: bool = False,
    on_progress: Progress | None = None,
) -> ImportSummary:
    """Read a file from the terminal as the page does: recognised, mapped as remembered or suggested, stored.

    Of a workbook or zip with several tables the `sheet` is read, or the largest one that was not read in yet. With
    `all_or_nothing` nothing is stored when a row is refused. A newer version of a file takes the place of the
    older one, unless `keep_earlier`.

    Raises `ImportRejected` when the file is of another `kind` than asked, was read in before, has no table that can
    be mapped, or holds many schools and no `brin` tells which.
    """
    tell = on_progress or (lambda share: None)
    if not path.exists():
        raise ImportRejected(path.name, "missing_file")
    prepared = read_file(store, actor, path, path.name, on_progress=lambda share: tell(0.4 * share))
    if kind not in (None, prepared.kind) and not (prepared.kind == TABLE and kind in list(ResultKind)):
        raise ImportRejected(path.name, "other_kind", prepared.kind)
    if prepared.roster is not None:
        return _import_roster(store, actor, prepared, dry_run=dry_run)
    if prepared.locations is not None:
        return _import_own_lines(store, actor, prepared, brin, dry_run=dry_run)
    if prepared.kind == INSPECTIE:
        return _import_school(store, actor, prepared, brin, dry_run=dry_run)
    if prepared.kind == CORRECTIONS:
        return _import_corrections(store, actor, prepared, dry_run=dry_run)
    wishes = Wishes(sheet, profile, dry_run, all_or_nothing, keep_earlier)
    return _import_tables(store, actor, prepared, kind, wishes, tell)


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


def _import_corrections(store: Store, actor: Actor, prepared: Prepared, *, dry_run: bool) -> ImportSummary:
    found = corrections.look_at(store, actor, prepared)
    left = found.accepted.empty or dry_run
    batch = None if left else corrections.read_in(store, actor, prepared, found)
    counted = Counter(row.reason for row in found.still_refused)
    return ImportSummary(CORRECTIONS, len(found.accepted), len(found.still_refused), dict(counted), (), batch)


def _import_tables(
    store: Store, actor: Actor, prepared: Prepared, kind: str | None, wishes: Wishes, tell: Progress
) -> ImportSummary:
    table = _sheet(store, actor, prepared, wishes.sheet)
    is_one_of_several = len(prepared.tables) > 1 or prepared.zipped
    prepared = sheet_of(store, actor, prepared, table)
    if prepared.already is not None and not wishes.dry_run:
        refuse_again(prepared, [prepared.already])
    mapping = prepared.mapping or _named_mapping(store, prepared, table, wishes.profile)
    result = preview(store, actor, table, mapping)
    if kind not in (None, prepared.kind, str(result.kind)):
        raise ImportRejected(prepared.file_name, "other_kind", str(result.kind))
    refused_rows.refuse_too_many(result, prepared.file_name)
    tell(0.7)
    older = None if wishes.keep_earlier else older_version(store, actor, result, mapping)
    nothing = wishes.all_or_nothing and result.counts.refused > 0
    batch = None
    if not (wishes.dry_run or nothing):
        replaces = older.batch_id if older else None
        batch = import_table(store, actor, prepared, result, mapping, replaces=replaces)
    tell(1.0)
    return ImportSummary(
        kind=prepared.kind if prepared.mapping else str(result.kind),
        accepted=0 if nothing else result.counts.accepted,
        refused=result.counts.refused,
        reasons=reasons(result),
        dropped_columns=tuple(column.column for column in result.dropped_columns),
        batch=batch,
        replaced=older.file_name if older and not nothing else "",
        sheet=table.sheet if is_one_of_several else "",
        left=prepared.left,
        zipped=prepared.zipped,
        unread=prepared.unread,
    )


def _sheet(store: Store, actor: Actor, prepared: Prepared, name: str | None) -> RawTable:
    if name is not None:
        found = [one for one in prepared.tables if one.sheet.casefold() == name.strip().casefold()]
        if not found:
            names = i18n.join([f"“{one.sheet}”" for one in prepared.tables if one.sheet]) or "–"
            why = "unknown_in_zip" if prepared.zipped else "unknown_sheet"
            raise ImportRejected(prepared.file_name, why, names)
        return found[0]
    read = sheets_read(store, actor, prepared) if len(prepared.tables) > 1 else {}
    waiting = [one for one in prepared.tables if one.sheet not in read] or prepared.tables
    return max(waiting, key=lambda one: len(one.frame))


def _named_mapping(store: Store, prepared: Prepared, table: RawTable, profile: str | None) -> Mapping:
    if profile is None:
        return mapping_for(store, table)[0]
    named: Sequence[Profile] = [one for one in profiles(store) if one.name == profile]
    if not named:
        raise ImportRejected(prepared.file_name, "unknown_profile", profile)
    return Mapping.from_json(named[0].mapping)


def reasons(result: ImportResult) -> dict[str, int]:
    """How many rows were refused for which reason, most frequent first."""
    counted: Counter[str] = Counter()
    for (reason, _column), n in result.refused_for.items():
        counted[reason] += n
    return dict(counted.most_common())
