"""Bring a file to today's schema: numbered SQL files, each in one transaction with its record."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

import duckdb

from qualitycycle import config
from qualitycycle.errors import StoreDamaged, StoreTooNew


@dataclass(frozen=True)
class Migration:
    number: int
    name: str
    sql: str


def all_migrations() -> list[Migration]:
    """The migrations this program knows, in order."""
    files = resources.files("qualitycycle.store").joinpath("migrations").iterdir()
    found = [file for file in files if file.name.endswith(".sql")]
    return [
        Migration(int(file.name[:4]), file.name[5:-4], file.read_text(encoding="utf-8"))
        for file in sorted(found, key=lambda file: file.name)
    ]


def current_version() -> int:
    return all_migrations()[-1].number


def run(con: duckdb.DuckDBPyConnection, path: Path, *, up_to: int | None = None) -> list[int]:
    """Apply what is missing and return the numbers applied. An older file is backed up first.

    Raises `StoreTooNew` for a file of a newer program and `StoreDamaged` for a database that is not ours.
    """
    from qualitycycle.store import backup

    done = _applied(con, path)
    known = all_migrations()
    if max(done, default=0) > known[-1].number:
        raise StoreTooNew(str(path), max(done), known[-1].number)
    missing = [step for step in known if step.number not in done and step.number <= (up_to or step.number)]
    if missing and done:
        backup.copy_database(
            con, backup.next_name(path.parent / backup.FOLDER, f"before-v{missing[-1].number}")
        )
    for step in missing:
        _apply(con, step)
    return [step.number for step in missing]


def _applied(con: duckdb.DuckDBPyConnection, path: Path) -> set[int]:
    try:
        return {int(row[0]) for row in con.execute("SELECT number FROM schema_version").fetchall()}
    except duckdb.CatalogException as error:
        # To list the tables first would read all of them: as much work as the rest of opening a file.
        if con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            raise StoreDamaged(str(path), "schema_version") from error
        return set()


def _apply(con: duckdb.DuckDBPyConnection, step: Migration) -> None:
    con.execute("BEGIN")
    try:
        con.execute(
            "CREATE TABLE IF NOT EXISTS schema_version"
            " (number INTEGER PRIMARY KEY, name VARCHAR NOT NULL, applied_at TIMESTAMP NOT NULL)"
        )
        con.execute(step.sql)
        con.execute(
            "INSERT INTO schema_version VALUES ($number, $name, $at)",
            {"number": step.number, "name": step.name, "at": config.now()},
        )
        con.execute("COMMIT")
    except duckdb.Error:
        con.execute("ROLLBACK")
        raise
