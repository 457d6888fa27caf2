"""Backup through the running database, restore beside a stopped one, and rotation.

The live file is never opened, hashed or copied by this process: closing any descriptor of it drops
DuckDB's lock on POSIX systems, and a second program could then write into it.

What came in for a round or vote that is open stays out of a backup: two backups would differ by exactly the answers
of who came in between. In the backup such a round is as it was when it was opened, all its codes unused. So losing
the computer in the middle of a round costs the round's answers, and each colleague four minutes; that is the price
for a promise that holds against whoever keeps the backups.
"""

from __future__ import annotations

import errno
import re
import shutil
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from qualitycycle import config
from qualitycycle.errors import BackupInvalid, DiskFull, QualityCycleError, StoreBusy
from qualitycycle.store import attached, migrate, sealed
from qualitycycle.store import connect as connecting

FOLDER = "backups"
KEEP_DAILY = 7
KEEP_WEEKLY = 8
NAME = re.compile(r"^qualitycycle-(\d{8}-\d{6})(?:-\d+)?\.duckdb$")


@dataclass(frozen=True)
class Backup:
    """A finished backup: where, and how many rows each table has in it."""

    path: Path
    rows: dict[str, int]

    @property
    def n_rows(self) -> int:
        return sum(self.rows.values())


def make(store: connecting.Store, folder: Path | None = None) -> Backup:
    """Copy the open store to a new file, read it back, and drop backups that rotation no longer keeps.

    Works while the program runs. Raises `BackupInvalid` when the copy does not hold every row.
    """
    own = folder is None
    target = next_name(folder or store.path.parent / FOLDER)
    with store.cursor() as con:
        expected = copy_database(con, target)
    found = inspect(target)
    if found.rows != expected:
        raise BackupInvalid(str(target), "row_counts")
    # The key is needed to spend codes and to recognise pupils again; it lives beside the data, never in it.
    shutil.copyfile(store.path.with_suffix(".key"), target.with_suffix(".key"))
    # Files with evidence never change, so all backups of a folder share them.
    attached.copy(attached.folder_of(store.path), attached.folder_of(target))
    if own:
        rotate(target.parent)
    return found


def copy_database(con: duckdb.DuckDBPyConnection, target: Path) -> dict[str, int]:
    """COPY FROM DATABASE into a new file: constraints stay, and the lock on the live file is kept.

    Returns the rows per table of the copy: others may write meanwhile.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    own = _own_database(con)
    try:
        con.execute(f"ATTACH {_quoted(target)} AS backup_copy")
        try:
            counts = _copied(con, own)
            con.execute("CHECKPOINT backup_copy")
        finally:
            con.execute("DETACH backup_copy")
    except duckdb.Error as error:
        target.unlink(missing_ok=True)
        Path(f"{target}.wal").unlink(missing_ok=True)
        if connecting.NO_SPACE.search(str(error)):
            raise DiskFull(str(target.parent)) from error
        raise
    return counts


def _copied(con: duckdb.DuckDBPyConnection, own: str) -> dict[str, int]:
    # One transaction: counts and copy are of the same moment.
    con.execute("BEGIN")
    try:
        before = row_counts(con, own)
        con.execute(f'COPY FROM DATABASE "{own}" TO backup_copy')
        if row_counts(con, "backup_copy") != before:
            raise duckdb.Error("the copy does not hold every row")
        sealed.leave_out(con, "backup_copy")
        counts = row_counts(con, "backup_copy")
        con.execute("COMMIT")
    except duckdb.Error:
        connecting.roll_back(con)
        raise
    return counts


def next_name(folder: Path, label: str | None = None) -> Path:
    """A name by date and minute that is not taken yet."""
    stem = f"qualitycycle-{label or config.local_time(config.now()).strftime('%Y%m%d-%H%M%S')}"
    names = (folder / f"{stem}{f'-{n}' if n else ''}.duckdb" for n in range(1000))
    return next(name for name in names if not name.exists())


def inspect(path: Path) -> Backup:
    """Open a backup read-only and count its rows; raises `BackupInvalid` for anything that is not ours."""
    if not path.is_file():
        raise BackupInvalid(str(path), "missing")
    try:
        con = connecting.connect(path, read_only=True)
    except QualityCycleError as error:
        detail = "in_use" if isinstance(error, StoreBusy) else "unreadable"
        raise BackupInvalid(str(path), detail) from error
    try:
        counts = row_counts(con, _own_database(con))
        if "schema_version" not in counts:
            raise BackupInvalid(str(path), "not_ours")
        newest = con.execute("SELECT max(number) FROM schema_version").fetchone()
    finally:
        con.close()
    if newest is not None and newest[0] is not None and int(newest[0]) > migrate.current_version():
        raise BackupInvalid(str(path), "too_new")
    return Backup(path, counts)


def restore(backup: Path, folder: Path) -> Path | None:
    """Put a backup in place of the school's file, which must not be in use; return where the old one went.

    Raises `BackupInvalid` or `StoreBusy`; then nothing has moved.
    """
    inspect(backup)
    live = folder / config.DATABASE
    folder.mkdir(parents=True, exist_ok=True)
    incoming = live.with_suffix(".incoming")
    try:
        shutil.copyfile(backup, incoming)
        aside = _set_aside(live) if live.exists() else None
    except OSError as error:
        incoming.unlink(missing_ok=True)
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(folder)) from error
        raise BackupInvalid(str(backup), "unreadable") from error
    except QualityCycleError:
        incoming.unlink(missing_ok=True)
        raise
    incoming.rename(live)
    _put_key(backup, live, aside)
    _put_keys_of_open(backup, live)
    attached.copy(attached.folder_of(backup), attached.folder_of(live))
    _open_once(folder)
    return aside


def _open_once(folder: Path) -> None:
    """Bring the file to today's schema. Who was signed in when the backup was made has to sign in again."""
    store = connecting.open_store(folder)
    with closing(store), store.cursor() as con:
        con.execute("DELETE FROM session")


def _put_key(backup: Path, live: Path, aside: Path | None) -> None:
    """The key that lay beside the backup; without one the school keeps the key it had."""
    candidates = [path.with_suffix(".key") for path in (backup, aside) if path is not None]
    key = next((path for path in candidates if path.exists()), None)
    if key is not None:
        shutil.copyfile(key, live.with_suffix(".key"))


def _put_keys_of_open(backup: Path, live: Path) -> None:
    """The keys of what was open in a file that was set aside before; a backup has none and needs none."""
    if sealed.keys_of(backup).is_dir():
        shutil.copytree(sealed.keys_of(backup), sealed.keys_of(live))


def _set_aside(live: Path) -> Path:
    # Opening and closing proves that nobody holds the file and folds its log into it.
    connecting.connect(live).close()
    stamp = config.local_time(config.now()).strftime("%Y%m%d-%H%M%S")
    aside = live.with_name(f"{live.stem}-before-restore-{stamp}{live.suffix}")
    for path in (live, Path(f"{live}.wal")):
        if path.exists():
            path.rename(Path(str(path).replace(str(live), str(aside))))
    for suffix in (".key", sealed.keys_of(live).suffix):
        if live.with_suffix(suffix).exists():
            live.with_suffix(suffix).rename(aside.with_suffix(suffix))
    return aside


def rotate(folder: Path) -> list[Path]:
    """Keep the newest backup of each of the last 7 days and 8 weeks that have one; return the removed."""
    dated = {path: moment for path in folder.glob("qualitycycle-*.duckdb") if (moment := _moment(path))}
    newest_first = sorted(dated, key=lambda path: (dated[path], path.stem), reverse=True)
    keep: set[Path] = set(newest_first[:1])
    for form, limit in (("%Y-%m-%d", KEEP_DAILY), ("%G-%V", KEEP_WEEKLY)):
        newest: dict[str, Path] = {}
        for path in newest_first:
            newest.setdefault(dated[path].strftime(form), path)
        keep.update(list(newest.values())[:limit])
    removed = [path for path in newest_first if path not in keep]
    for path in removed:
        path.unlink()
        path.with_suffix(".key").unlink(missing_ok=True)
    return removed


def row_counts(con: duckdb.DuckDBPyConnection, database: str) -> dict[str, int]:
    """Rows per table of one attached database."""
    tables = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $name ORDER BY table_name",
        {"name": database},
    ).fetchall()
    counts: dict[str, int] = {}
    for (table,) in tables:
        # Table names come from the catalogue of our own database.
        row = con.execute(f'SELECT count(*) FROM "{database}"."{table}"').fetchone()  # noqa: S608
        counts[table] = int(row[0]) if row else 0
    return counts


def _own_database(con: duckdb.DuckDBPyConnection) -> str:
    row = con.execute("SELECT current_database()").fetchone()
    assert row is not None  # SELECT without FROM has one row
    return str(row[0])


def _moment(path: Path) -> datetime | None:
    match = NAME.match(path.name)
    if match is None:
        return None
    return datetime.strptime(match.group(1), "%Y%m%d-%H%M%S").replace(tzinfo=config.AMSTERDAM)


def _quoted(path: Path) -> str:
    # ATTACH takes no parameter; a quote in a path is doubled.
    return "'" + str(path).replace("'", "''") + "'"
