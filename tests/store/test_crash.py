"""A program that is killed or a disk that is full: what the screen said was saved is there, and nothing by halves."""

from __future__ import annotations

import random
import sys
import time

import pytest

from qualitycycle.store import backup
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision, titles

posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9 and file size limits of POSIX")

# Each use case stores a vision with nine ambitions; its number is printed only when `write` has returned.
WRITER = """
import sys, threading
from pathlib import Path
from qualitycycle.model import Actor, Ambition, Role, Vision
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id

store = open_store(Path(sys.argv[1]))
start = sys.argv[2]
said = threading.Lock()

def write(thread):
    for n in range(100_000):
        own = f"{start}-{thread}-{n}"
        def use_case(tx):
            tx.insert(Vision(vision_id=own, title=own))
            tx.insert_all([Ambition(ambition_id=new_id(), vision_id=own, title="x") for _ in range(9)])
        store.write(use_case, actor=Actor(Role.LEADER), verb="add")
        with said:
            print(own, flush=True)
        if n % 40 == 39:
            store.checkpoint()

print("ready", flush=True)
threads = [threading.Thread(target=write, args=(n,)) for n in range(3)]
for one in threads:
    one.start()
"""
N_KILLS = 4


@posix_only
@pytest.mark.slow
def test_killing_the_program_loses_nothing_that_was_said_to_be_saved(tmp_path, other_process):
    acknowledged = set()
    for start in range(N_KILLS):
        writer = other_process(WRITER, tmp_path, start)
        assert writer.stdout.readline().strip() == "ready"
        time.sleep(0.4 + random.random() * 0.8)
        writer.kill()
        out, _err = writer.communicate()
        acknowledged |= {line for line in out.splitlines() if line.startswith(f"{start}-")}

    store = open_store(tmp_path)
    stored = {row["vision_id"] for row in store.rows("SELECT vision_id FROM vision")}
    halves = store.rows(
        """
        SELECT v.vision_id, count(a.ambition_id) AS n
        FROM vision v LEFT JOIN ambition a USING (vision_id)
        GROUP BY v.vision_id HAVING n <> 9
        """
    )
    audited = store.rows("SELECT count(*) AS n FROM audit")[0]["n"]
    store.close()

    assert len(acknowledged) > N_KILLS
    assert acknowledged <= stored
    assert halves == []
    assert audited == 10 * len(stored)


KILLED_WHILE_NEW = """
import os, sys
from pathlib import Path
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision

store = open_store(Path(sys.argv[1]))
add_vision(store, "first")
store.write(lambda tx: tx.execute("ALTER TABLE team ADD COLUMN spare INTEGER"), actor=None, verb="alter")
print("saved", flush=True)
os._exit(9)
"""


def test_a_new_file_opens_again_after_its_very_first_run_was_killed(tmp_path, other_process):
    out, err = other_process(KILLED_WHILE_NEW, tmp_path).communicate(timeout=60)
    assert out.split() == ["saved"], err

    store = open_store(tmp_path)

    assert titles(store) == {"first"}
    store.close()


FULL_DISK = """
import os, resource, sys
from pathlib import Path
from qualitycycle.errors import DiskFull
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision, titles

store = open_store(Path(sys.argv[1]))
add_vision(store, "early")
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), resource.RLIM_INFINITY))
kept = {"early"}
try:
    for n in range(500):
        add_vision(store, f"v{n}", os.urandom(int(sys.argv[3])).hex())
        kept.add(f"v{n}")
except DiskFull:
    print("full")
store.checkpoint()
print("same" if titles(store) == kept else "differs")
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
add_vision(store, "late")
print("same" if titles(store) == kept | {"late"} else "differs")
print("counts" if store.rows("SELECT count(*) AS n FROM audit")[0]["n"] == len(kept) + 1 else "miscounts")
store.close()
store = open_store(Path(sys.argv[1]))
print("same" if titles(store) == kept | {"late"} else "differs")
"""


@posix_only
@pytest.mark.parametrize(
    ("limit", "n_bytes"), [(600_000, 20_000), (17_500_000, 400_000)], ids=["in the log", "in the file"]
)
def test_on_a_full_disk_nothing_is_kept_by_halves_and_work_goes_on_afterwards(
    tmp_path, other_process, limit, n_bytes
):
    out, err = other_process(FULL_DISK, tmp_path, limit, n_bytes).communicate(timeout=120)

    assert out.split() == ["full", "same", "same", "counts", "same"], err


BACKUP_ON_FULL_DISK = """
import os, resource, sys
from pathlib import Path
from qualitycycle.errors import DiskFull
from qualitycycle.store import backup
from qualitycycle.store.connect import open_store
from tests.store.conftest import add_vision, titles

store = open_store(Path(sys.argv[1]))
for n in range(10):
    add_vision(store, f"v{n}", os.urandom(50_000).hex())
store.checkpoint()
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, resource.RLIM_INFINITY))
try:
    backup.make(store)
except DiskFull:
    print("full")
print(len(list((Path(sys.argv[1]) / backup.FOLDER).iterdir())), "left")
add_vision(store, "later")
print(len(titles(store)), "there")
"""


@posix_only
def test_a_backup_to_a_full_disk_leaves_no_half_file_and_the_store_goes_on(tmp_path, other_process):
    out, err = other_process(BACKUP_ON_FULL_DISK, tmp_path).communicate(timeout=120)

    assert out.splitlines() == ["full", "0 left", "11 there"], err


RESTORE_ON_FULL_DISK = """
import errno, shutil, sys
from pathlib import Path
from qualitycycle.errors import DiskFull
from qualitycycle.store import backup

def full(source, target):
    Path(target).write_bytes(b"half")
    raise OSError(errno.ENOSPC, "No space left on device")

shutil.copyfile = full
try:
    backup.restore(Path(sys.argv[1]), Path(sys.argv[2]))
except DiskFull:
    print("full")
"""


def test_a_restore_to_a_full_disk_leaves_the_school_as_it_was(tmp_path, other_process):
    store = open_store(tmp_path)
    made = backup.make(store)
    add_vision(store, "stays")
    store.close()

    out, err = other_process(RESTORE_ON_FULL_DISK, made.path, tmp_path).communicate(timeout=60)

    assert out.split() == ["full"], err
    store = open_store(tmp_path)
    assert titles(store) == {"stays"}
    assert not list(tmp_path.glob("*.incoming"))
    store.close()
