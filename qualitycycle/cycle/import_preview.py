"""Do: a file with results is recognised and looked at, before anything of it is stored."""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from qualitycycle.analysis import disclosure
from qualitycycle.cycle import gate, questionnaires, rosters
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_batches import batches, undone_batches
from qualitycycle.cycle.import_profiles import profiles
from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, edexml, locations, oneroster, oso, recognise, responses, zips
from qualitycycle.imports.corrections import Correction, corrections_in
from qualitycycle.imports.fields import Status
from qualitycycle.imports.files import FileReason, Progress, RawTable, opened, read_tables, sheet_hash
from qualitycycle.imports.inspectie import OpenData, read_open_data
from qualitycycle.imports.locations import Locations
from qualitycycle.imports.mapping import Mapping, suggest_mapping
from qualitycycle.imports.outcomes import ImportResult, ResultKind, read_outcomes
from qualitycycle.imports.rosters import Roster
from qualitycycle.imports.wide import as_long
from qualitycycle.model import Actor, Batch, Profile
from qualitycycle.store.connect import Store

INSPECTIE = "inspectie_ods"
TABLE = "table"
CORRECTIONS = "corrections"
# A file that belongs on another page.
ANSWERS = "answers"
# Of so many rows the texts are looked at to say what a column holds.
N_LOOKED_AT = 5_000
N_SAMPLES = 3


@dataclass(frozen=True)
class Prepared:
    """A file that was recognised, before anything is stored: its tables, the Inspectie's open data, or its groups.

    `mapping` is there for a format that says itself what is what. `already` is the batch that holds the very same
    content, `undone` one that does and counts no longer. `corrections` are refused rows that come back. `left` names
    the other sheets of the same workbook that have not been read in. Of a zip (`zipped`) each table is like a sheet,
    and `unread` are its files that cannot be read, with the reason.
    """

    file_name: str
    content_hash: str
    kind: str
    tables: tuple[RawTable, ...] = ()
    mapping: Mapping | None = None
    open_data: OpenData | None = None
    roster: Roster | None = None
    locations: Locations | None = None
    already: Batch | None = None
    undone: Batch | None = None
    corrections: tuple[Correction, ...] | None = None
    left: tuple[str, ...] = ()
    zipped: bool = False
    unread: tuple[ImportRejected, ...] = ()


@dataclass(frozen=True)
class GroupRead:
    """One group at one moment of a file, as it will be stored, through the gate.

    `n` None: too few pupils, or a number from which too few would follow. `low` and `high` are the outermost scores,
    `levels` the levels that occur, where there are enough pupils for a distribution; a figure over many pupils is
    both. `status` says why a figure over many is not there.
    """

    school_year: str
    year_group: str | None
    group_name: str | None
    subject: str
    moment: str | None
    score_kind: str
    n: int | None = None
    low: float | None = None
    high: float | None = None
    levels: tuple[str, ...] = ()
    status: str = "value"


# --- recognising -----------------------------------------------------------------------------------------


def read_file(
    store: Store,
    actor: Actor,
    content: bytes | Path,
    file_name: str,
    *,
    on_progress: Progress = lambda share: None,
) -> Prepared:
    """Recognise a file by its content; raises `ImportRejected` when nothing in it can be read."""
    require(actor, Right.IMPORT)
    kind = recognise(content, file_name)
    if kind is Kind.ZIP:
        return _read_zip(store, actor, content, file_name, on_progress)
    digest = _digest(content)
    already = next((batch for batch in batches(store, actor) if batch.content_hash == digest), None)
    if kind is Kind.INSPECTIE:
        return Prepared(
            file_name, digest, INSPECTIE, open_data=read_open_data(content, file_name), already=already
        )
    if kind is Kind.OSO:
        with opened(content) as stream:
            tables = (oso.read(stream, file_name),)
        return Prepared(file_name, digest, str(kind), tables, oso.MAPPING, already=already)
    if kind is Kind.OSO_FILES:
        tables = (oso.read_all(content, file_name),)
        return Prepared(file_name, digest, str(kind), tables, oso.MAPPING, already=already)
    if kind is Kind.EDEXML:
        with opened(content) as stream:
            return Prepared(
                file_name, digest, str(kind), roster=edexml.read(stream, file_name), already=already
            )
    if kind in (Kind.LEVELS, Kind.EXAMS, Kind.WEIGHTING):
        lines = locations.read(content, file_name)
        return Prepared(file_name, digest, str(lines.holds), locations=lines, already=already)
    if kind is Kind.ONEROSTER:
        found = oneroster.read(content, file_name)
        if isinstance(found, Roster):
            return Prepared(file_name, digest, str(kind), roster=found, already=already)
        return Prepared(file_name, digest, str(kind), (found,), oneroster.MAPPING, already=already)
    read = tuple(read_tables(content, file_name, on_progress))
    if responses.are_answers(
        (name for table in read for name in table.columns), questionnaires.offered(store)
    ):
        raise ImportRejected(file_name, ANSWERS)
    given = corrections_in(read)
    if given is not None:
        return Prepared(file_name, digest, CORRECTIONS, corrections=given)
    long = tuple(as_long(table) or table for table in read)
    return Prepared(file_name, digest, TABLE, long, already=already)


def _read_zip(
    store: Store, actor: Actor, content: bytes | Path, file_name: str, on_progress: Progress
) -> Prepared:
    """One file in a zip as if it had come alone, several as the sheets of one workbook."""
    only = zips.only_file(content, file_name)
    if only is not None:
        return read_file(store, actor, *only, on_progress=on_progress)
    found = zips.read(content, file_name, on_progress)
    instruments = list(questionnaires.offered(store))
    tables, unread = [], [*found.unread]
    for table in found.tables:
        if responses.are_answers(table.columns, instruments):
            unread.append(ImportRejected(table.sheet, ANSWERS))
        elif corrections_in([table]) is not None:
            unread.append(ImportRejected(table.sheet, FileReason.BY_ITSELF))
        else:
            tables.append(table)
    if not tables:
        raise zips.likeliest(unread, file_name)
    return Prepared(file_name, _digest(content), TABLE, tuple(tables), zipped=True, unread=tuple(unread))


def known_again(store: Store, actor: Actor, prepared: Prepared) -> Prepared:
    """The same file with what is known of its content by now: an import that counts, or one that counts no longer."""
    if prepared.corrections is not None:
        return prepared
    counting, undone = batches(store, actor), undone_batches(store, actor)
    return replace(
        prepared,
        already=next((one for one in counting if one.content_hash == prepared.content_hash), None),
        undone=next((one for one in undone if one.content_hash == prepared.content_hash), None),
    )


def sheet_of(store: Store, actor: Actor, prepared: Prepared, table: RawTable) -> Prepared:
    """One sheet of a workbook or zip with several as a file of its own: it is read in, and known again, by itself."""
    if len(prepared.tables) < 2 and not prepared.zipped:
        return prepared
    read = sheets_read(store, actor, prepared)
    return replace(
        prepared,
        file_name=f"{prepared.file_name} · {table.sheet}",
        content_hash=_sheet_digest(prepared, table),
        tables=(table,),
        already=read.get(table.sheet),
        left=tuple(one.sheet for one in prepared.tables if one.sheet not in (*read, table.sheet)),
    )


def sheets_read(store: Store, actor: Actor, prepared: Prepared) -> dict[str, Batch]:
    """The sheets of a workbook or zip that were read in before, by name."""
    counting = {batch.content_hash: batch for batch in batches(store, actor)}
    digests = {table.sheet: _sheet_digest(prepared, table) for table in prepared.tables}
    return {sheet: counting[digest] for sheet, digest in digests.items() if digest in counting}


def _sheet_digest(prepared: Prepared, table: RawTable) -> str:
    return table.content_hash or sheet_hash(prepared.content_hash, table.sheet)


def mapping_for(store: Store, table: RawTable) -> tuple[Mapping, Profile | None]:
    """How to read a table: as remembered for a file with these headers, else as its columns suggest."""
    for profile in profiles(store):
        mapping = Mapping.from_json(profile.mapping)
        if mapping.fits(table):
            return mapping, profile
    return suggest_mapping(table), None


def preview(store: Store, actor: Actor, table: RawTable, mapping: Mapping) -> ImportResult:
    """Read a table as it would be stored, pupils already as pseudonyms; nothing is written."""
    require(actor, Right.IMPORT)
    return read_outcomes(
        table,
        mapping,
        pseudonym=lambda pupil: pseudonym(store.secret, pupil),
        year_groups=rosters.year_groups(store),
    )


def _digest(content: bytes | Path) -> str:
    if isinstance(content, Path) and content.is_dir():
        files = sorted(file for file in content.iterdir() if file.name.casefold() in oneroster.WANTED)
        return hashlib.sha256("".join(_digest(file) for file in files).encode()).hexdigest()
    if isinstance(content, Path):
        with content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(content).hexdigest()


def pseudonym(secret: bytes, pupil: str) -> str:
    """A school-local name for a pupil: the same pupil gets the same one, and nobody can turn it back."""
    return hmac.new(secret, f"pupil:{pupil}".encode(), hashlib.sha256).hexdigest()[:20]


# --- what may be looked at -------------------------------------------------------------------------------


def groups_in(result: ImportResult) -> list[GroupRead]:
    """What a file holds, group by group: all that may be looked at before it is stored."""
    keys = ["school_year", "year_group", "group_name", "subject", "moment", "score_kind"]
    if result.kind is ResultKind.GROUPS:
        return [_figure_read(row) for row in plain_rows(result.accepted)]
    told = result.accepted[result.accepted["status"] == Status.VALUE]
    found = told.groupby(keys, observed=True, dropna=False, sort=False).agg(
        n=("pupil", "nunique"), low=("value", "min"), high=("value", "max"), levels=("level", "unique")
    )
    rows = plain_rows(found.reset_index())
    cells = {str(place): int(row["n"]) for place, row in enumerate(rows)}
    # How many rows can be read in is said as well.
    plan = [disclosure.Group("all", frozenset(cells))]
    plan += [disclosure.Group(place, frozenset({place})) for place in cells]
    shown = {group.name for group in gate.let_out(cells, plan)}
    return [_group_read(row, str(place) in shown) for place, row in enumerate(rows)]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame with None for what is missing."""
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")
    return [{str(name): value for name, value in row.items()} for row in rows]


def _about(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: row[name]
        for name in ("school_year", "year_group", "group_name", "subject", "moment", "score_kind")
    }


def _group_read(row: dict[str, Any], shown: bool) -> GroupRead:
    n = int(row["n"])
    if not shown:
        return GroupRead(**_about(row))
    if not disclosure.may_show_distribution(n):
        return GroupRead(**_about(row), n=n)
    levels = tuple(str(level) for level in row["levels"] if isinstance(level, str))
    return GroupRead(**_about(row), n=n, low=row["low"], high=row["high"], levels=levels)


def _figure_read(row: dict[str, Any]) -> GroupRead:
    n = None if row["n_pupils"] is None else int(row["n_pupils"])
    if row["status"] != Status.VALUE:
        return GroupRead(**_about(row), status=str(row["status"]))
    if n is not None and not gate.is_enough(n):
        return GroupRead(**_about(row))
    levels = (str(row["level"]),) if row["level"] else ()
    return GroupRead(**_about(row), n=n, low=row["value"], high=row["value"], levels=levels)


def samples(table: RawTable, column: str) -> list[str]:
    """What a column looks like: texts that enough rows share, else only the form of its numbers."""
    texts = table.frame[column].head(N_LOOKED_AT).dropna().astype(str).str.strip()
    texts = texts[texts != ""]
    counted = texts.value_counts()
    shared = [str(text) for text, n in counted.items() if gate.is_enough(int(n))]
    if shared:
        return shared[:N_SAMPLES]
    forms = (re.sub(r"\d", "9", text) for text in texts.drop_duplicates() if not re.search(r"[^\W\d]", text))
    return list(dict.fromkeys(forms))[:N_SAMPLES]
