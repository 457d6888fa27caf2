"""Every older file opens today; a newer or a strange one is refused and left alone."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from qualitycycle import config
from qualitycycle.errors import StoreDamaged, StoreTooNew
from qualitycycle.store import backup, migrate
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision, titles

VERSIONS = [step.number for step in migrate.all_migrations()]
OLDER = VERSIONS[:-1]


def store_of_version(folder: Path, version: int) -> Path:
    """A file as the program of that schema version left it, with a school in it."""
    path = folder / config.DATABASE
    con = duckdb.connect(str(path))
    migrate.run(con, path, up_to=version)
    con.execute("INSERT INTO school (school_id, name, sector, region) VALUES ('s', 'De Eik', 'po', 'midden')")
    con.execute("INSERT INTO team (team_id, name) VALUES ('t', 'Onderbouw')")
    con.close()
    return path


@pytest.mark.parametrize("version", VERSIONS)
def test_a_store_of_every_version_opens_with_its_data(tmp_path, version):
    store_of_version(tmp_path, version)

    store = open_store(tmp_path)

    assert store.rows("SELECT name FROM school") == [{"name": "De Eik"}]
    assert store.rows("SELECT max(number) AS n FROM schema_version") == [{"n": migrate.current_version()}]
    store.close()


@pytest.mark.parametrize("version", OLDER)
def test_an_older_store_is_backed_up_before_it_is_migrated(tmp_path, version):
    store_of_version(tmp_path, version)

    open_store(tmp_path).close()

    (copy,) = (tmp_path / backup.FOLDER).glob("*.duckdb")
    con = duckdb.connect(str(copy), read_only=True)
    assert con.execute("SELECT max(number) FROM schema_version").fetchone() == (version,)
    assert con.execute("SELECT name FROM team").fetchall() == [("Onderbouw",)]
    con.close()


@pytest.mark.parametrize("version", OLDER)
def test_an_older_store_ends_up_with_the_tables_of_a_new_one(tmp_path, version):
    (tmp_path / "old").mkdir()
    store_of_version(tmp_path / "old", version)

    old, new = open_store(tmp_path / "old"), open_store(tmp_path / "new")

    columns = """
        SELECT table_name, column_name, data_type, is_nullable, column_default
        FROM duckdb_columns() WHERE database_name = current_database() ORDER BY ALL
    """
    assert old.rows(columns) == new.rows(columns)
    old.close()
    new.close()


def test_a_new_store_needs_no_backup(tmp_path):
    open_store(tmp_path).close()

    assert not (tmp_path / backup.FOLDER).exists()


def test_opening_twice_migrates_once(tmp_path):
    open_store(tmp_path).close()

    store = open_store(tmp_path)

    assert store.rows("SELECT count(*) AS n FROM schema_version") == [{"n": migrate.current_version()}]
    assert not (tmp_path / backup.FOLDER).exists()
    store.close()


def test_migrations_are_numbered_one_by_one():
    numbers = [step.number for step in migrate.all_migrations()]

    assert numbers == list(range(1, len(numbers) + 1))


def test_a_newer_store_is_refused(tmp_path):
    path = store_of_version(tmp_path, migrate.current_version())
    con = duckdb.connect(str(path))
    newer = migrate.current_version() + 3
    con.execute("INSERT INTO schema_version VALUES ($n, 'later', now())", {"n": newer})
    con.close()

    with pytest.raises(StoreTooNew) as refused:
        open_store(tmp_path)

    assert (refused.value.found, refused.value.known) == (newer, migrate.current_version())


def test_a_database_that_is_not_ours_is_refused_and_keeps_its_tables(tmp_path):
    path = tmp_path / config.DATABASE
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE recipe (name VARCHAR)")
    con.close()

    with pytest.raises(StoreDamaged):
        open_store(tmp_path)

    con = duckdb.connect(str(path))
    assert con.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("recipe",)]
    con.close()


def test_a_file_that_is_no_database_is_refused_and_not_touched(tmp_path):
    path = tmp_path / config.DATABASE
    path.write_bytes(b"this was a letter to the parents" * 400)
    before = path.read_bytes()

    with pytest.raises(StoreDamaged):
        open_store(tmp_path)

    assert path.read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_of_itself(tmp_path, monkeypatch):
    steps = migrate.all_migrations()
    broken = migrate.Migration(
        steps[-1].number + 1, "broken", "CREATE TABLE half (x INTEGER); SELECT no_such_thing;"
    )
    store = open_store(tmp_path)
    add_vision(store, "stays")
    store.close()
    monkeypatch.setattr(migrate, "all_migrations", lambda: [*steps, broken])

    with pytest.raises(duckdb.Error):
        open_store(tmp_path)

    monkeypatch.undo()
    store = open_store(tmp_path)
    assert titles(store) == {"stays"}
    assert store.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'half'") == []
    store.close()


def test_a_store_opens_in_a_folder_with_spaces_quotes_and_accents(tmp_path):
    folder = tmp_path / "Mijn 'school' é \"één\" ; --"

    store = open_store(folder)
    add_vision(store, "here")
    store.close()
    store = open_store(folder)

    assert titles(store) == {"here"}
    store.close()
