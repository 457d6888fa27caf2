"""Do: results of others are read in; what cannot be read is kept aside with its reason, and a batch can be undone."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import gate
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import ImportRejected, Incomplete
from qualitycycle.imports import Kind, edexml, inspectie, locations, oneroster, oso, recognise
from qualitycycle.imports.fields import Reason, Status
from qualitycycle.imports.files import RawTable, opened, read_tables
from qualitycycle.imports.inspectie import OpenData, SchoolResults, read_open_data
from qualitycycle.imports.locations import Locations, Own
from qualitycycle.imports.mapping import Mapping, suggest_mapping
from qualitycycle.imports.outcomes import Hint, ImportResult, ResultKind, read_outcomes
from qualitycycle.imports.rosters import Roster
from qualitycycle.model import Actor, Batch, BatchState, Profile
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

INSPECTIE = "inspectie_ods"
TABLE = "table"
N_SHOWN = 500
# Of so many rows the texts are looked at to say what a column holds.
N_LOOKED_AT = 5_000
N_SAMPLES = 3
# What is wrong with these is a word about the test or the group; elsewhere a cell is what one pupil has.
ABOUT_THE_TEST = (
    Reason.SCHOOL_YEAR_UNREADABLE, Reason.MOMENT_UNREADABLE, Reason.YEAR_GROUP_UNREADABLE, Reason.SUBJECT_UNKNOWN,
    Reason.SCORE_KIND_UNKNOWN,
)  # fmt: skip
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Prepared:
    """A file that was recognised, before anything is stored: its tables, the Inspectie's open data, or its groups.

    `mapping` is there for a format that says itself what is what. `already` is the batch that holds the very same
    content.
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


@dataclass(frozen=True)
class GroupHeld:
    """A year group in a group; `n` None: none, or too few pupils to say."""

    year_group: str
    group_name: str
    n: int | None


@dataclass(frozen=True)
class ImportSummary:
    """What an import did or, in a dry run, would do."""

    kind: str
    accepted: int
    refused: int
    reasons: dict[str, int]
    dropped_columns: tuple[str, ...]
    batch: Batch | None = None


# --- before anything is stored ---------------------------------------------------------------------------


def read_file(store: Store, actor: Actor, content: bytes | Path, file_name: str) -> Prepared:
    """Recognise a file by its content; raises `ImportRejected` when nothing in it can be read."""
    require(actor, Right.IMPORT)
    kind = recognise(content, file_name)
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
    if kind is Kind.EDEXML:
        with opened(content) as stream:
            return Prepared(file_name, digest, str(kind), roster=edexml.read(stream, file_name))
    if kind in (Kind.LEVELS, Kind.WEIGHTING):
        lines = locations.read(content, file_name)
        return Prepared(file_name, digest, str(lines.holds), locations=lines, already=already)
    if kind is Kind.ONEROSTER:
        found = oneroster.read(content, file_name)
        if isinstance(found, Roster):
            return Prepared(file_name, digest, str(kind), roster=found)
        return Prepared(file_name, digest, str(kind), (found,), oneroster.MAPPING, already=already)
    return Prepared(file_name, digest, TABLE, tables=tuple(read_tables(content, file_name)), already=already)


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
    return read_outcomes(table, mapping, pseudonym=lambda pupil: pseudonym(store.secret, pupil))


def groups_in(result: ImportResult) -> list[GroupRead]:
    """What a file holds, group by group: all that may be looked at before it is stored."""
    keys = ["school_year", "year_group", "group_name", "subject", "moment", "score_kind"]
    if result.kind is ResultKind.GROUPS:
        return [_figure_read(row) for row in _plain_rows(result.accepted)]
    told = result.accepted[result.accepted["status"] == Status.VALUE]
    found = told.groupby(keys, observed=True, dropna=False, sort=False).agg(
        n=("pupil", "nunique"), low=("value", "min"), high=("value", "max"), levels=("level", "unique")
    )
    rows = _plain_rows(found.reset_index())
    cells = {str(place): int(row["n"]) for place, row in enumerate(rows)}
    # How many rows can be read in is said as well.
    plan = [disclosure.Group("all", frozenset(cells))]
    plan += [disclosure.Group(place, frozenset({place})) for place in cells]
    shown = {group.name for group in gate.let_out(cells, plan)}
    return [_group_read(row, str(place) in shown) for place, row in enumerate(rows)]


def _plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
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


def groups_of(roster: Roster) -> list[GroupHeld]:
    """The groups of a file that holds nothing else, as they may be looked at."""
    cells = {str(place): group.n_pupils for place, group in enumerate(roster.groups)}
    plan = [disclosure.Group(place, frozenset({place})) for place in cells]
    shown = {group.name for group in gate.let_out(cells, plan)}
    return [
        GroupHeld(one.year_group, one.group_name, one.n_pupils if str(place) in shown else None)
        for place, one in enumerate(roster.groups)
    ]


def samples(table: RawTable, column: str) -> list[str]:
    """What a column looks like: texts that enough rows share, else only the form of its numbers."""
    texts = table.frame[column].head(N_LOOKED_AT).dropna().astype(str)
    counted = texts.value_counts()
    shared = [str(text) for text, n in counted.items() if gate.is_enough(int(n))]
    if shared:
        return shared[:N_SAMPLES]
    forms = (re.sub(r"\d", "9", text) for text in texts.drop_duplicates() if not re.search(r"[^\W\d]", text))
    return list(dict.fromkeys(forms))[:N_SAMPLES]


def refused_in(result: ImportResult, most: int = N_SHOWN) -> list[RefusedRow]:
    """The rows of a file that would be kept aside, at most so many, as `refused_rows` shows them afterwards."""
    n_same = result.refused.groupby(["column", "value"])["line"].transform("size")
    rows = _plain_rows(result.refused.assign(n_same=n_same).head(most))
    return [_refused(row) for row in rows]


def unknown_words(result: ImportResult) -> list[tuple[str, str]]:
    """Column and word of what the school may explain, in the order of the file, each once."""
    told = result.refused[result.refused["hint"] == Hint.TRANSLATE_WORD]
    n_same = told.groupby(["column", "value"])["line"].transform("size")
    words = told.assign(n_same=n_same).drop_duplicates(subset=["column", "value"])
    found = (_refused({**row, "refused_row_id": ""}) for row in _plain_rows(words))
    return [(row.column, row.value) for row in found if row.value]


def _refused(row: dict[str, Any]) -> RefusedRow:
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


def pseudonym(secret: bytes, pupil: str) -> str:
    """A school-local name for a pupil: the same pupil gets the same one, and nobody can turn it back."""
    return hmac.new(secret, f"pupil:{pupil}".encode(), hashlib.sha256).hexdigest()[:20]


def _digest(content: bytes | Path) -> str:
    if isinstance(content, Path) and content.is_dir():
        files = sorted(file for file in content.iterdir() if file.name.casefold() in oneroster.WANTED)
        return hashlib.sha256("".join(_digest(file) for file in files).encode()).hexdigest()
    if isinstance(content, Path):
        with content.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(content).hexdigest()


# --- storing ---------------------------------------------------------------------------------------------


def import_table(
    store: Store,
    actor: Actor,
    prepared: Prepared,
    result: ImportResult,
    mapping: Mapping,
    *,
    all_or_nothing: bool = False,
    remember_as: str = "",
) -> Batch:
    """Store the good rows and keep the refused ones aside, in one transaction.

    With `all_or_nothing` a single refused row means that nothing is stored: `Incomplete` says how many.
    """
    require(actor, Right.IMPORT)
    if all_or_nothing and result.counts.refused:
        raise Incomplete("batch", "n", "rows_refused", str(result.counts.refused))

    def use_case(tx: Transaction) -> Batch:
        kind = prepared.kind if prepared.mapping else str(result.kind)
        batch = _new_batch(tx, prepared, kind, result.counts.accepted, result.counts.refused)
        dropped = tuple(column.column for column in result.dropped_columns)
        batch = tx.insert(replace(batch, dropped_columns=dropped))
        _insert_outcomes(tx, batch, result.accepted)
        _insert_refused(tx, batch, result.refused)
        if remember_as.strip():
            _remember(tx, remember_as.strip(), str(result.kind), mapping)
        return batch

    return store.write(use_case, actor=actor, verb="import_outcomes")


def _new_batch(tx: Transaction, prepared: Prepared, kind: str, n_accepted: int, n_refused: int) -> Batch:
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


def _insert_outcomes(tx: Transaction, batch: Batch, accepted: pd.DataFrame) -> None:
    tx.con.register("accepted_rows", accepted)
    try:
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
        tx.con.unregister("accepted_rows")


def _insert_refused(tx: Transaction, batch: Batch, refused: pd.DataFrame) -> None:
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


def _remember(tx: Transaction, name: str, kind: str, mapping: Mapping) -> None:
    same = tx.find(Profile, where="name = $name", name=name)
    if same:
        tx.change(Profile, same[0].profile_id, None, mapping=mapping.to_json(), kind=kind)
    else:
        tx.insert(Profile(profile_id=new_id(), name=name, kind=kind, mapping=mapping.to_json()))


# --- the Inspectie's own file ----------------------------------------------------------------------------


def inspectie_schools(prepared: Prepared, search: str) -> list[inspectie.School]:
    """The schools in the Inspectie's file whose code, name or place contains the search text."""
    return inspectie.list_schools(_open_data(prepared), search)


def inspectie_school(prepared: Prepared, code: str) -> SchoolResults:
    """What the file says about one school; raises `ImportRejected` when the code fits none or several."""
    found = inspectie.read_school(_open_data(prepared), code)
    if isinstance(found, SchoolResults):
        return found
    raise ImportRejected(prepared.file_name, "which_school" if found else "unknown_school", code)


def _open_data(prepared: Prepared) -> OpenData:
    if prepared.open_data is None:
        raise ImportRejected(prepared.file_name, "not_inspectie")
    return prepared.open_data


def import_inspectie(store: Store, actor: Actor, prepared: Prepared, found: SchoolResults) -> Batch:
    """Store one school's yearly shares and the thresholds that go with them; an earlier reading is replaced."""
    require(actor, Right.IMPORT)
    rows = found.to_outcomes()

    def use_case(tx: Transaction) -> Batch:
        for earlier in tx.find(Batch, where="kind = $kind AND state = 'current'", kind=INSPECTIE):
            tx.change(Batch, earlier.batch_id, None, state=BatchState.UNDONE)
        batch = tx.insert(_new_batch(tx, prepared, INSPECTIE, len(rows), 0))
        _insert_outcomes(tx, batch, rows)
        _insert_thresholds(tx, batch, found, str(rows["subject"].iloc[0]))
        return batch

    return store.write(use_case, actor=actor, verb="import_inspectie")


def _insert_thresholds(tx: Transaction, batch: Batch, found: SchoolResults, subject: str) -> None:
    last_year = max(figure.school_year for figure in found.years)
    for published in found.three_years:
        tx.execute(
            """
            INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
            VALUES ($batch, $year, $subject, 'threshold', $value, $level)
            """,
            batch=batch.batch_id,
            year=last_year,
            subject=subject,
            value=published.threshold,
            level=str(published.indicator),
        )


# --- other open data with a line per location ------------------------------------------------------------


def own_schools(prepared: Prepared, search: str) -> list[inspectie.School]:
    """The locations in a file of DUO or of school weightings of which code, name or place fits."""
    return locations.schools(_locations(prepared), search)


def own_lines(prepared: Prepared, code: str) -> Own:
    """What the file says about one location; raises `ImportRejected` when the code fits none or several."""
    found = locations.own(_locations(prepared), code)
    if isinstance(found, Own):
        return found
    raise ImportRejected(prepared.file_name, "which_school" if found else "unknown_school", code)


def _locations(prepared: Prepared) -> Locations:
    if prepared.locations is None:
        raise ImportRejected(prepared.file_name, "unknown_open_data")
    return prepared.locations


def import_own_lines(store: Store, actor: Actor, prepared: Prepared, found: Own) -> Batch:
    """Store one location's counts per level, or its weightings; an earlier reading of the same years is replaced."""
    require(actor, Right.IMPORT)
    n_rows = len(found.levels) + len(found.weightings)
    years = {one.school_year for one in found.levels} | {one.school_year for one in found.weightings}

    def use_case(tx: Transaction) -> Batch:
        for earlier in tx.find(Batch, where="kind = $kind AND state = 'current'", kind=prepared.kind):
            if _years_of(tx, earlier) <= years:
                tx.change(Batch, earlier.batch_id, None, state=BatchState.UNDONE)
        batch = tx.insert(_new_batch(tx, prepared, prepared.kind, n_rows, 0))
        if found.levels:
            _insert_outcomes(tx, batch, locations.to_outcomes(found))
        for one in found.weightings:
            _insert_weighting(tx, batch, one.school_year, one.value)
        return batch

    return store.write(use_case, actor=actor, verb="import_own_lines")


def _years_of(tx: Transaction, batch: Batch) -> set[str]:
    rows = tx.execute(
        """
        SELECT school_year FROM outcome WHERE batch_id = $batch
        UNION
        SELECT school_year FROM reference_value WHERE batch_id = $batch
        """,
        batch=batch.batch_id,
    )
    return {str(row[0]) for row in rows}


def _insert_weighting(tx: Transaction, batch: Batch, school_year: str, value: float) -> None:
    tx.execute(
        """
        INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
        VALUES ($batch, $year, 'language_and_maths', 'school_weighting', $value, '')
        """,
        batch=batch.batch_id,
        year=school_year,
        value=value,
    )


# --- afterwards ------------------------------------------------------------------------------------------


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


def refused_rows(store: Store, actor: Actor, batch_id: str) -> list[RefusedRow]:
    """What was kept aside and not yet dealt with, in the order of the file, at most the first 500."""
    require(actor, Right.IMPORT)
    rows = store.rows(
        """
        SELECT refused_row_id, line, column_name AS "column", value, reason, hint,
               count(*) OVER (PARTITION BY column_name, value) AS n_same
        FROM refused_row
        WHERE batch_id = $batch AND NOT dealt_with
        ORDER BY line, refused_row_id
        LIMIT $most
        """,
        batch=batch_id,
        most=N_SHOWN,
    )
    return [_refused(row) for row in rows]


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


def profiles(store: Store) -> list[Profile]:
    """The remembered column mappings, by name."""
    with store.cursor() as con:
        return records.find(con, Profile, order="name, profile_id")


# --- the terminal ----------------------------------------------------------------------------------------


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
        raise ImportRejected(path.name, "only_groups")
    if prepared.locations is not None:
        return _import_own_lines(store, actor, prepared, brin, dry_run=dry_run)
    if prepared.kind == INSPECTIE:
        return _import_school(store, actor, prepared, brin, dry_run=dry_run)
    return _import_tables(store, actor, prepared, profile, dry_run=dry_run, tell=tell)


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
    return ImportSummary(prepared.kind, len(found.levels) + len(found.weightings), 0, {}, (), batch)


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
