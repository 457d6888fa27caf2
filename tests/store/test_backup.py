"""A backup holds everything, can be put back, and never costs the live file its lock."""

from __future__ import annotations

import shutil
import threading
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from qualitycycle import config
from qualitycycle.errors import BackupInvalid, StoreBusy
from qualitycycle.store import backup, connect, migrate
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision, titles

OPEN_AND_SAY = """
import sys
from pathlib import Path
from qualitycycle.errors import StoreBusy
from qualitycycle.store.connect import open_store
try:
    open_store(Path(sys.argv[1])).close()
except StoreBusy:
    print("busy")
else:
    print("open")
"""


def answer_of(process) -> str:
    out, err = process.communicate(timeout=60)
    assert not err, err
    return out.strip()


def test_a_backup_holds_every_row(store):
    add_vision(store, "one")
    add_vision(store, "two")

    made = backup.make(store)

    assert made.rows["vision"] == 2
    assert made.n_rows == sum(made.rows.values())
    con = duckdb.connect(str(made.path), read_only=True)
    assert {row[0] for row in con.execute("SELECT title FROM vision").fetchall()} == {"one", "two"}
    con.close()


def test_a_backup_has_the_key_beside_it(store):
    made = backup.make(store)

    assert bytes.fromhex(made.path.with_suffix(".key").read_text()) == store.secret


def test_a_backup_can_be_made_while_others_write(store):
    stop = threading.Event()

    def write():
        while not stop.is_set():
            add_vision(store)

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    made = [backup.make(store) for _ in range(3)]
    stop.set()
    for writer in writers:
        writer.join()

    counts = [one.rows["vision"] for one in made]
    assert counts == sorted(counts)
    assert [one.rows["vision"] for one in made] == [one.rows["audit"] for one in made]


def test_restoring_brings_back_what_was_there(tmp_path):
    store = open_store(tmp_path)
    add_vision(store, "before")
    made = backup.make(store)
    add_vision(store, "after")
    secret = store.secret
    store.close()

    aside = backup.restore(made.path, tmp_path)

    store = open_store(tmp_path)
    assert titles(store) == {"before"}
    assert store.secret == secret
    store.close()
    assert aside is not None
    assert aside.exists()


def test_what_was_there_before_restoring_is_kept_and_complete(tmp_path):
    store = open_store(tmp_path)
    made = backup.make(store)
    add_vision(store, "after")
    store.close()

    aside = backup.restore(made.path, tmp_path)

    con = duckdb.connect(str(aside), read_only=True)
    assert con.execute("SELECT title FROM vision").fetchall() == [("after",)]
    con.close()


def test_a_restored_store_still_has_its_constraints(tmp_path):
    store = open_store(tmp_path)
    vision = add_vision(store)
    made = backup.make(store)
    store.close()
    backup.restore(made.path, tmp_path)
    store = open_store(tmp_path)

    with store.cursor() as con:
        with pytest.raises(duckdb.ConstraintException):
            con.execute(
                "INSERT INTO vision (vision_id, title) VALUES ($id, 'again')", {"id": vision.vision_id}
            )
        with pytest.raises(duckdb.ConstraintException):
            con.execute("INSERT INTO vision (vision_id, title) VALUES ('v', '  ')")
        with pytest.raises(duckdb.ConstraintException):
            con.execute("UPDATE data_version SET version = NULL")
    store.close()


def test_restoring_without_a_key_beside_the_backup_keeps_the_schools_key(tmp_path):
    store = open_store(tmp_path)
    made = backup.make(store)
    secret = store.secret
    store.close()
    made.path.with_suffix(".key").unlink()

    backup.restore(made.path, tmp_path)

    store = open_store(tmp_path)
    assert store.secret == secret
    store.close()


def test_a_backup_restores_into_an_empty_folder(store, tmp_path):
    add_vision(store, "moved")
    made = backup.make(store, tmp_path / "stick")

    aside = backup.restore(made.path, tmp_path / "new computer")

    moved = open_store(tmp_path / "new computer")
    assert aside is None
    assert titles(moved) == {"moved"}
    assert moved.secret == store.secret
    moved.close()


def test_a_file_that_is_no_backup_is_refused_and_nothing_moves(tmp_path):
    store = open_store(tmp_path)
    add_vision(store, "stays")
    store.close()
    letter = tmp_path / "letter.duckdb"
    letter.write_bytes(b"dear parents" * 1000)

    with pytest.raises(BackupInvalid) as refused:
        backup.restore(letter, tmp_path)

    store = open_store(tmp_path)
    assert refused.value.detail == "unreadable"
    assert titles(store) == {"stays"}
    assert not list(tmp_path.glob("*before-restore*"))
    store.close()


def test_a_database_of_another_program_is_no_backup(tmp_path):
    path = tmp_path / "other.duckdb"
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE recipe (name VARCHAR)")
    con.close()

    with pytest.raises(BackupInvalid, match="not_ours"):
        backup.inspect(path)


def test_a_backup_of_a_newer_program_is_refused(store):
    made = backup.make(store)
    con = duckdb.connect(str(made.path))
    newer = migrate.current_version() + 1
    con.execute("INSERT INTO schema_version VALUES ($n, 'later', now())", {"n": newer})
    con.close()

    with pytest.raises(BackupInvalid, match="too_new"):
        backup.inspect(made.path)


def test_a_missing_backup_is_named(tmp_path):
    with pytest.raises(BackupInvalid, match="missing"):
        backup.inspect(tmp_path / "nowhere.duckdb")


@pytest.mark.parametrize("folder", ["met spaties", "o'quote", 'dubbel "quote"', "één ünïcode", "a;b --"])
def test_a_backup_goes_to_any_folder_name(store, tmp_path, folder):
    add_vision(store, "there")

    made = backup.make(store, tmp_path / folder)

    assert made.path.parent == tmp_path / folder
    assert backup.inspect(made.path).rows["vision"] == 1


# --- the lock --------------------------------------------------------------------------------------------


def test_a_second_program_is_told_that_the_file_is_in_use(store, other_process):
    assert answer_of(other_process(OPEN_AND_SAY, store.path.parent)) == "busy"


def test_after_closing_a_second_program_may_open_the_file(tmp_path, other_process):
    open_store(tmp_path).close()

    assert answer_of(other_process(OPEN_AND_SAY, tmp_path)) == "open"


def test_a_backup_does_not_cost_the_lock(store, other_process):
    backup.make(store)

    assert answer_of(other_process(OPEN_AND_SAY, store.path.parent)) == "busy"


def test_restoring_a_file_in_use_is_refused_and_nothing_moves(store, tmp_path, other_process):
    add_vision(store, "stays")
    made = backup.make(store, tmp_path / "elsewhere")
    code = """
import sys
from pathlib import Path
from qualitycycle.errors import StoreBusy
from qualitycycle.store import backup
try:
    backup.restore(Path(sys.argv[1]), Path(sys.argv[2]))
except StoreBusy:
    print("busy")
"""

    said = answer_of(other_process(code, made.path, store.path.parent))

    assert said == "busy"
    assert titles(store) == {"stays"}
    assert sorted(path.name for path in tmp_path.glob("school*")) == [
        "school.duckdb",
        "school.duckdb.wal",
        "school.key",
    ]


def test_a_refused_file_is_let_go(tmp_path, other_process, monkeypatch):
    open_store(tmp_path).close()
    monkeypatch.setattr(migrate, "all_migrations", lambda: [migrate.Migration(1, "only", "")])
    with pytest.raises(Exception, match="found"):
        open_store(tmp_path)

    assert answer_of(other_process(OPEN_AND_SAY, tmp_path)) == "open"


def test_a_copy_of_the_file_alone_misses_what_is_in_the_log(tmp_path, other_process):
    # Why a backup is made with COPY FROM DATABASE and never by copying the file.
    code = """
import sys
from pathlib import Path
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision
store = open_store(Path(sys.argv[1]))
store.checkpoint()
add_vision(store, "in the log")
print("written")
sys.stdin.readline()
"""
    writer = other_process(code, tmp_path / "live")
    assert writer.stdout.readline().strip() == "written"

    shutil.copyfile(tmp_path / "live" / config.DATABASE, tmp_path / "copy.duckdb")

    con = connect.connect(tmp_path / "copy.duckdb", read_only=True)
    assert con.execute("SELECT count(*) FROM vision").fetchone() == (0,)
    con.close()


# --- rotation --------------------------------------------------------------------------------------------


def pretended(folder: Path, day: date, clock: str = "120000") -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"qualitycycle-{day:%Y%m%d}-{clock}.duckdb"
    path.touch()
    path.with_suffix(".key").touch()
    return path


def test_rotation_keeps_seven_days_and_eight_weeks(tmp_path):
    today = date(2026, 11, 22)
    made = [pretended(tmp_path, today - timedelta(days=n)) for n in range(100)]

    backup.rotate(tmp_path)

    kept = {path for path in made if path.exists()}
    weeks = {(today - timedelta(days=n)).isocalendar()[:2] for n in range(56)}
    assert set(made[:7]) <= kept
    assert {_week(path) for path in kept} == weeks
    assert len(kept) == 7 + len(weeks) - len({_week(path) for path in made[:7]})


def _week(path: Path) -> tuple[int, int]:
    return date.fromisoformat(path.name[13:21]).isocalendar()[:2]


def test_rotation_keeps_the_newest_of_a_day(tmp_path):
    early = pretended(tmp_path, date(2026, 11, 22), "080000")
    late = pretended(tmp_path, date(2026, 11, 22), "170000")

    removed = backup.rotate(tmp_path)

    assert removed == [early]
    assert late.exists()


def test_rotation_takes_the_key_away_with_its_backup(tmp_path):
    early = pretended(tmp_path, date(2026, 11, 22), "080000")
    pretended(tmp_path, date(2026, 11, 22), "170000")

    backup.rotate(tmp_path)

    assert not early.with_suffix(".key").exists()


def test_rotation_leaves_everything_else_alone(tmp_path):
    strange = tmp_path / "qualitycycle-before-v4.duckdb"
    mine = tmp_path / "my own copy.duckdb"
    for path in (strange, mine):
        path.touch()
    pretended(tmp_path, date(2026, 11, 21))

    backup.rotate(tmp_path)

    assert strange.exists()
    assert mine.exists()


def test_old_backups_are_kept_when_no_new_ones_were_made(tmp_path):
    old = pretended(tmp_path, date(2020, 1, 1))

    backup.rotate(tmp_path)

    assert old.exists()


def test_two_backups_in_one_second_have_two_names(store):
    first, second = backup.make(store, store.path.parent / "a"), backup.make(store, store.path.parent / "a")

    assert first.path != second.path
    assert first.path.exists()


def test_a_store_that_is_busy_says_which_file(store, other_process):
    code = """
import sys
from pathlib import Path
from qualitycycle.errors import StoreBusy
from qualitycycle.store.connect import open_store
try:
    open_store(Path(sys.argv[1]))
except StoreBusy as busy:
    print(busy.path)
"""
    assert answer_of(other_process(code, store.path.parent)) == str(store.path)
    assert issubclass(StoreBusy, Exception)
