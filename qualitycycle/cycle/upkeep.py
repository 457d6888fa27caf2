"""Upkeep: a backup, a check-up of the whole file, and an export of everything that may leave it."""

from __future__ import annotations

import csv
import errno
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, get_origin

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import (
    answering,
    attachments,
    frozen,
    indicators,
    questionnaires,
    rosters,
    rounds,
    series,
)
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.upkeep_checks import CHECKS, SENTENCES
from qualitycycle.errors import AnswersUnreadable, BadSetting, DiskFull, InstrumentInvalid
from qualitycycle.i18n import _, number
from qualitycycle.model import NOUNS, Actor, Round
from qualitycycle.store import backup, migrate, records
from qualitycycle.store.connect import Store

N_DETAILS = 3
SCHEMA_FILE = "export.schema.json"
DATA_FILE = "export.json"
FORMAT_VERSION = 1


@dataclass(frozen=True)
class Finding:
    """Something wrong in the file: how often, and where (the first few ids)."""

    code: str
    n: int
    detail: str


@dataclass(frozen=True)
class Exported:
    """A finished export: its folder, how many tables, how many rows."""

    path: Path
    n_tables: int
    n_rows: int


@dataclass(frozen=True)
class BackupFile:
    """A backup that is there: where, when it was made (local time), how large."""

    path: Path
    made_at: datetime
    n_bytes: int


def back_up(store: Store, actor: Actor, folder: Path | None = None) -> backup.Backup:
    """Make a backup now, in `folder` or beside the school's file; works while the program runs."""
    require(actor, Right.MANAGE)
    return backup.make(store, folder)


def is_left_out(store: Store, actor: Actor) -> bool:
    """Whether a backup made now would leave answers out, because their round or vote is open."""
    require(actor, Right.MANAGE)
    return bool(store.rows("SELECT 1 FROM open_answers LIMIT 1"))


def backup_folder(store: Store) -> Path:
    """Where backups of this file go unless told otherwise."""
    return store.path.parent / backup.FOLDER


def backups(store: Store, actor: Actor) -> list[BackupFile]:
    """The backups beside the school's file, latest first."""
    require(actor, Right.MANAGE)
    found = [
        BackupFile(path, _made_at(path), path.stat().st_size)
        for path in backup_folder(store).glob("qualitycycle-*.duckdb")
    ]
    return sorted(found, key=lambda one: (one.made_at, one.path.name), reverse=True)


def _made_at(path: Path) -> datetime:
    """The moment in the name; a backup made before an upgrade has none, and is dated by its file."""
    match = backup.NAME.match(path.name)
    if match is None:
        return datetime.fromtimestamp(path.stat().st_mtime, tz=config.AMSTERDAM)
    return datetime.strptime(match.group(1), "%Y%m%d-%H%M%S").replace(tzinfo=config.AMSTERDAM)


# --- the check-up ----------------------------------------------------------------------------------------


def doctor(store: Store) -> list[Finding]:
    """Everything that does not hold in this file; empty when all is well. Changes nothing."""
    found = [_finding(code, _ids(store, sql)) for code, sql in CHECKS.items()]
    found += [
        _finding("json_shape", list(_wrong_json(store))),
        _finding("result_unreadable", list(_unreadable_results(store))),
        _finding("series_unreadable", list(_unreadable_series(store))),
        _finding("instrument_missing", list(_missing_instruments(store))),
        _finding("attachment_missing", attachments.faults(store)),
        _finding("open_answers", _wrong_open_answers(store)),
        _finding("schema_version", _schema_fault(store)),
        _finding("key_file", _key_fault(store)),
    ]
    return [finding for finding in found if finding.n]


def finding_sentence(finding: Finding) -> str:
    """A finding as a person reads it: what is wrong, where, and what to do."""
    return _(SENTENCES[finding.code]).format(n=number(finding.n), detail=finding.detail)


def _finding(code: str, details: list[str]) -> Finding:
    rest = ["…"] if len(details) > N_DETAILS else []
    return Finding(code, len(details), ", ".join([*details[:N_DETAILS], *rest]))


def _ids(store: Store, sql: str) -> list[str]:
    return [str(row["id"]) for row in store.rows(sql)]


def _wrong_json(store: Store) -> Iterator[str]:
    """Records of which a list or a set of named values is something else."""
    for noun in NOUNS:
        for name, hint in records.HINTS[noun.TABLE].items():
            wanted = {tuple: "ARRAY", dict: "OBJECT"}.get(get_origin(hint) or hint)
            if wanted is None:
                continue
            # Table and column are names from the dataclass.
            sql = (
                f"SELECT {noun.TABLE}_id AS id FROM {noun.TABLE}"  # noqa: S608
                f" WHERE json_type({name}) <> $wanted ORDER BY id"
            )
            yield from (f"{noun.TABLE}.{name} {row['id']}" for row in store.rows(sql, wanted=wanted))


def _unreadable_results(store: Store) -> Iterator[str]:
    rows = store.rows("SELECT round_id AS id, result FROM round WHERE state = 'closed' ORDER BY id")
    for row in rows:
        data = json.loads(row["result"])
        if data and not _readable(frozen.from_json, data):
            yield row["id"]


def _unreadable_series(store: Store) -> Iterator[str]:
    for row in store.rows("SELECT indicator_id AS id, series FROM indicator ORDER BY id"):
        data = json.loads(row["series"])
        if data and not _readable(indicators.view_of, data):
            yield row["id"]


def _missing_instruments(store: Store) -> Iterator[str]:
    """Questionnaires with which a round was opened and that are not there, or not as they have to be."""
    for row in store.rows(
        "SELECT DISTINCT instrument_key AS key, instrument_version AS version FROM round ORDER BY ALL"
    ):
        try:
            questionnaires.get(store, row["key"], row["version"])
        except InstrumentInvalid:
            yield f"{row['key']} {row['version']}"


def _wrong_open_answers(store: Store) -> list[str]:
    """Open rounds and votes of which the answers cannot be read, or are not as many as were sent."""
    with store.still():
        return [row["id"] for row in store.rows(_SENT) if _n_readable(store, row["id"]) != row["n"]]


def _n_readable(store: Store, asked_id: str) -> int | None:
    try:
        return answering.n_so_far(store, asked_id)
    except AnswersUnreadable:
        return None


# What is or should be answered now, and how many codes or tickets were spent on it.
_SENT = """
    SELECT round_id AS id, count(*) AS n
    FROM invite JOIN round USING (round_id) WHERE state = 'open' AND spent GROUP BY ALL
    UNION ALL
    SELECT confidence_vote_id, count(*)
    FROM confidence_ticket JOIN confidence_vote USING (confidence_vote_id) WHERE state = 'open' GROUP BY ALL
    UNION ALL
    SELECT asked_id, 0 FROM open_answers
    WHERE asked_id NOT IN (SELECT round_id FROM round WHERE state = 'open')
      AND asked_id NOT IN (SELECT confidence_vote_id FROM confidence_vote WHERE state = 'open')
    ORDER BY ALL
"""


def _readable(read: Callable[[Mapping[str, Any]], object], data: Mapping[str, Any]) -> bool:
    try:
        read(data)
    except (TypeError, KeyError, AttributeError, ValueError):
        return False
    return True


def _schema_fault(store: Store) -> list[str]:
    there = {row["number"] for row in store.rows("SELECT number FROM schema_version")}
    known = {step.number for step in migrate.all_migrations()}
    return [str(step) for step in sorted(there ^ known)]


def _key_fault(store: Store) -> list[str]:
    key = store.path.with_suffix(".key")
    try:
        same = bytes.fromhex(key.read_text(encoding="ascii")) == store.secret
    except (OSError, ValueError):
        same = False
    return [] if same else [str(key)]


# --- the export ------------------------------------------------------------------------------------------

Row = dict[str, Any]

# What leaves as it is stored. Whatever is not named here stays, so that a new table has to be thought about.
PLAIN_TABLES = (
    "school", "team", "person", "school_year", "holiday", "cycle", "vision", "ambition", "goal", "indicator",
    "baseline", "phase_move", "action", "instrument", "round_team", "profile", "batch", "reference_value", "link",
    "meeting", "decision", "success", "obstacle", "parked", "meeting_action", "goal_check", "figure_prediction",
    "confidence_vote", "task", "task_role", "task_done", "support_member", "team_reason", "support_agreement",
    "policy", "policy_version", "policy_evidence", "way_version", "way_remark", "meeting_point",
    "wall_picture", "weighing", "later_note", "overruling", "attachment",
    "group_review", "expertise_theme", "expertise", "everyones_part",
)  # fmt: skip
# Why the others stay. The sentences are for whoever opens the export.
STAYS = {
    "answer": "single_answers",
    "response": "single_answers",
    "open_answers": "single_answers",
    "confidence_answer": "single_answers",
    "invite": "codes",
    "confidence_code": "codes",
    "confidence_ticket": "codes",
    "filled_in_elsewhere": "files",
    "coaching_log": "sealed",
    "coaching_key": "sealed",
    "coaching_total": "shared",
    "guidance_trajectory": "guidance",
    "expertise_request": "between_two",
    "outcome": "pupil_rows",
    "refused_row": "pupil_rows",
    "sign_in": "access",
    "school_account": "access",
    "session": "access",
    "help_request": "network",
    "learning_theme": "guidance",
    "network_version": "network",
    "network_given": "network",
    "network_received": "network",
}
# Not data of the school: counters of the program itself.
INNER_TABLES = ("schema_version", "data_version", "meeting_clock")


def export(
    store: Store, actor: Actor, folder: Path, *, on_progress: Callable[[float], None] | None = None
) -> Exported:
    """Write everything that may leave to a new folder inside `folder`: a CSV per table and one JSON file.

    Results of rounds leave as the gate let them out and pupils' results per line and moment, through the
    gate; single answers, codes, sealed conversations and pupil rows never do. Raises `DiskFull`, and
    `BadSetting` for a folder that cannot be written.
    """
    require(actor, Right.MANAGE)
    tell = on_progress or (lambda share: None)
    tables = _tables(store, actor, tell)
    try:
        return _written(store, actor, folder, tables)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(folder)) from error
        raise BadSetting("folder", str(folder), _("a folder that can be written to")) from error
    finally:
        tell(1.0)


def _tables(store: Store, actor: Actor, tell: Callable[[float], None]) -> dict[str, list[Row]]:
    makers: dict[str, Callable[[], list[Row]]] = {
        **{name: partial(_plain_rows, store, name) for name in PLAIN_TABLES},
        "evidence": partial(_evidence, store),
        "measurement": lambda: _measurements(store),
        "round": lambda: _rounds(store),
        "round_result": lambda: _round_results(store, actor),
        "round_item": lambda: _round_items(store, actor),
        "outcome_series": lambda: _outcome_series(store, actor),
        "roster_group": lambda: rosters.to_export(store),
        "audit": lambda: _audit(store),
    }
    tables: dict[str, list[Row]] = {}
    for done, (name, make) in enumerate(makers.items(), start=1):
        tables[name] = make()
        tell(0.9 * done / len(makers))
    return tables


def _plain_rows(store: Store, table: str) -> list[Row]:
    # The name is one of PLAIN_TABLES.
    rows = store.rows(f"SELECT * FROM {table} ORDER BY ALL")  # noqa: S608
    return [_loaded(store, table, row) for row in rows]


def _loaded(store: Store, table: str, row: Row) -> Row:
    """JSON columns as what they hold."""
    lists = {name for name, hint in records.HINTS.get(table, {}).items() if get_origin(hint) in (tuple, dict)}
    return {
        name: json.loads(value) if name in lists and isinstance(value, str) else value
        for name, value in row.items()
    }


def _evidence(store: Store) -> list[Row]:
    return [{**row, "figure": _let_out(row["figure"])} for row in _plain_rows(store, "evidence")]


def _let_out(part: Any) -> Any:
    """Figures with no more decimals than their n allows: many decimals give the answers of a few people away."""
    if isinstance(part, list):
        return [_let_out(one) for one in part]
    if not isinstance(part, dict):
        return part
    n = part.get("n")
    decimals = disclosure.decimals_for(n) if isinstance(n, int) else None
    return {
        name: round(value, decimals) if isinstance(value, float) and decimals else _let_out(value)
        for name, value in part.items()
    }


def _measurements(store: Store) -> list[Row]:
    """Typed values; one about fewer people than the floor leaves without its figures."""
    rows = _plain_rows(store, "measurement")
    return [
        {**row, "value": None, "n": None, "note": "", "hidden": frozen.TOO_FEW}
        if row["n"] is not None and row["n"] < disclosure.FLOOR
        else {**row, "hidden": None}
        for row in rows
    ]


def _rounds(store: Store) -> list[Row]:
    """Rounds without their results, which have a table of their own."""
    return [
        {name: value for name, value in row.items() if name != "result"}
        for row in (
            _loaded(store, "round", one) for one in store.rows("SELECT * FROM round ORDER BY round_id")
        )
    ]


def _round_results(store: Store, actor: Actor) -> list[Row]:
    """One row per closed round, group and scale, frozen as the gate let it out."""
    return [
        {"round_id": round_id, "group": group.key, "shown": group.shown, "n_group": group.n, **scale}
        for round_id, group in _closed_groups(store, actor)
        for scale in _scale_rows(group)
    ]


def _closed_groups(store: Store, actor: Actor) -> Iterator[tuple[str, frozen.GroupResult]]:
    with store.cursor() as con:
        closed = records.find(con, Round, where="state = 'closed' AND result <> '{}'", archived=True)
    for one in closed:
        for group in rounds.result(store, actor, one.round_id).groups:
            yield one.round_id, group


def _scale_rows(group: frozen.GroupResult) -> list[Row]:
    if not group.shown:
        nothing = dict.fromkeys(frozen.ScaleResult.__dataclass_fields__)
        return [_named("scale", {**nothing, "reason": group.reason})]
    return [_named("scale", asdict(scale)) for scale in group.scales]


def _named(name: str, part: Row) -> Row:
    """A row under the name of what it is about; the statements of a scale have a table of their own."""
    return {name: part["key"]} | {field: part[field] for field in part if field not in ("key", "items")}


def _round_items(store: Store, actor: Actor) -> list[Row]:
    """One row per statement of which the gate let the answers out, with their number per answer, lowest first."""
    return [
        {"round_id": round_id, "group": group.key, **_named("item", asdict(item))}
        for round_id, group in _closed_groups(store, actor)
        for scale in group.scales
        for item in scale.items
    ]


def _outcome_series(store: Store, actor: Actor) -> list[Row]:
    """Every line of outcomes by moment, through the gate; shares of levels with the floor of a distribution."""
    return [
        {**selection.as_json(), **_let_out(asdict(point))}
        for selection in series.selections(store, actor)
        for one in _lines(store, selection)
        for selection, point in _points(store, actor, one)
    ]


def _lines(store: Store, selection: series.Selection) -> list[series.Selection]:
    if selection.measure is not series.Measure.SHARE:
        return [selection]
    # The lowest level that occurs has a share of one by definition.
    return [
        series.selection_from({**selection.as_json(), "level": level})
        for level in series.levels_of(store, selection)[:-1]
    ]


def _points(
    store: Store, actor: Actor, selection: series.Selection
) -> Iterator[tuple[series.Selection, series.Point]]:
    for point in series.series(store, actor, selection).points:
        yield selection, point


def _audit(store: Store) -> list[Row]:
    """Who changed what and when; the contents only of what leaves as it is stored."""
    rows = store.rows("SELECT * FROM audit ORDER BY data_version, changed_at, audit_id")
    return [
        {
            **row,
            "before": _content(row["noun"], row["before"]),
            "after": _content(row["noun"], row["after"]),
        }
        for row in rows
    ]


def _content(noun: str, text: str | None) -> Any:
    if text is None or noun not in (*PLAIN_TABLES, "evidence"):
        return None
    return _let_out_figure(json.loads(text)) if noun == "evidence" else json.loads(text)


def _let_out_figure(content: Row) -> Row:
    return {**content, "figure": _let_out(content["figure"])} if "figure" in content else content


# --- writing it ------------------------------------------------------------------------------------------


def harmless(text: str) -> str:
    """A text that a spreadsheet shows and does not run: one that begins like a formula gets an apostrophe."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _written(store: Store, actor: Actor, folder: Path, tables: Mapping[str, list[Row]]) -> Exported:
    target = _new_folder(folder)
    # Under another name until it is complete: a folder that is called an export is one.
    partial = target.with_name(f".{target.name}")
    try:
        partial.mkdir(parents=True)
        for name, rows in tables.items():
            _write_csv(partial / f"{name}.csv", _columns(store, name, rows), rows)
        document = json.dumps(_document(store, tables), ensure_ascii=False, indent=1, default=_plain)
        (partial / DATA_FILE).write_text(document, encoding="utf-8")
        (partial / SCHEMA_FILE).write_text(schema_text(), encoding="utf-8")
        attachments.export(store, actor, partial)
        partial.rename(target)
    except BaseException:
        shutil.rmtree(partial, ignore_errors=True)
        raise
    return Exported(target, len(tables), sum(len(rows) for rows in tables.values()))


def _new_folder(folder: Path) -> Path:
    stem = f"export-{config.local_time(config.now()):%Y%m%d-%H%M%S}"
    names = (folder / f"{stem}{f'-{n}' if n else ''}" for n in range(1000))
    return next(name for name in names if not name.exists())


def _columns(store: Store, table: str, rows: list[Row]) -> list[str]:
    if rows:
        return list(rows[0])
    found = store.rows(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = $table ORDER BY column_index",
        table=table,
    )
    return [row["column_name"] for row in found]


def _write_csv(path: Path, columns: list[str], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_cell(row[name]) for name in columns] for row in rows)


def _cell(value: Any) -> Any:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date | datetime):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else value


def _document(store: Store, tables: Mapping[str, list[Row]]) -> dict[str, Any]:
    return {
        "format": "qualitycycle-export",
        "format_version": FORMAT_VERSION,
        "schema_version": migrate.current_version(),
        "data_version": store.data_version,
        "exported_on": config.today().isoformat(),
        "left_out": _left_out(store),
        "tables": dict(tables),
    }


def _left_out(store: Store) -> list[dict[str, str]]:
    """What stayed behind and why. The number of rows stays behind too: it can tell something about a person."""
    there = [
        row["name"] for row in store.rows("SELECT table_name AS name FROM duckdb_tables() ORDER BY name")
    ]
    gone = {*PLAIN_TABLES, *INNER_TABLES, "evidence", "measurement", "round", "roster_group", "audit"}
    why = _reasons()
    return [
        {"table": name, "reason": STAYS.get(name, "not_decided"), "why": why[STAYS.get(name, "not_decided")]}
        for name in there
        if name not in gone
    ]


def _reasons() -> dict[str, str]:
    return {
        "single_answers": _("Nobody sees single answers. The results of closed rounds are in round_result."),
        "codes": _("Codes could be tried out, so not even their hashes leave."),
        "sealed": _("Only the internal coach who keeps a log can read it."),
        "shared": _("What an internal coach shares of her time stays here, so that she can take it back."),
        "guidance": _("A learning question is for the colleague whose it is, and for who guides it."),
        "between_two": _("Whether a colleague was asked for help and said no is between the two of them."),
        "pupil_rows": _(
            "Rows about one pupil stay here. Their results are in outcome_series, per moment and year group."
        ),
        "network": _("What goes to the network leaves as a file of its own, made by who decides about it."),
        "files": _("What a file looked like is only kept to know it again."),
        "access": _("With these somebody could try to come in as a colleague."),
        "not_decided": _("Not part of an export."),
    }


def schema_text() -> str:
    """The JSON Schema of the export, as it is written beside it."""
    return resources.files("qualitycycle.cycle").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot export {type(value).__name__}")
