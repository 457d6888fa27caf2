"""Waiting use cases share one commit: each is kept or refused for its own reason, and never by halves."""

from __future__ import annotations

import random
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import duckdb
import pytest

from qualitycycle.errors import NotFound, StoreBusy
from qualitycycle.model import Vision
from qualitycycle.store.connect import open_store
from tests.store.conftest import LEADER, titles

N = 60


def adding(title, *, refuse=False):
    def use_case(tx):
        tx.insert(Vision(vision_id=title, title=title))
        if refuse:
            raise ValueError(title)
        return title

    return use_case


def outcome(store, use_case):
    try:
        return store.write_together(use_case, actor=LEADER, verb="add")
    except Exception as error:
        return error


def waiting_together(store, calls):
    """Let all calls arrive while another write is going on, so that they wait together."""
    with ThreadPoolExecutor(len(calls)) as pool:
        with store._lock:
            waiting = [pool.submit(call) for call in calls]
            while len(store._waiting) < len(calls):
                time.sleep(0.001)
        return [one.result() for one in waiting]


def at_once(store, use_cases):
    return waiting_together(store, [lambda one=one: outcome(store, one) for one in use_cases])


def test_what_is_alone_is_written_as_always(store):
    before = store.version

    assert outcome(store, adding("one")) == "one"
    assert titles(store) == {"one"}
    assert store.version == before + 1


def test_all_that_wait_are_written_in_one_transaction(store):
    before = store.version

    results = at_once(store, [adding(f"v{n}") for n in range(N)])

    assert results == [f"v{n}" for n in range(N)]
    assert titles(store) == {f"v{n}" for n in range(N)}
    assert store.version == before + 1


def test_everyone_has_an_audit_row_of_her_own(store):
    at_once(store, [adding(f"v{n}") for n in range(5)])

    rows = store.rows("SELECT noun_id FROM audit ORDER BY noun_id")
    assert [row["noun_id"] for row in rows] == [f"v{n}" for n in range(5)]


def test_one_that_refuses_is_refused_alone_and_leaves_nothing(store):
    results = at_once(store, [adding(f"v{n}", refuse=n in (0, 7, N - 1)) for n in range(N)])

    refused = {n for n, result in enumerate(results) if isinstance(result, ValueError)}
    assert refused == {0, 7, N - 1}
    assert titles(store) == {f"v{n}" for n in range(N)} - {f"v{n}" for n in refused}


def test_nobody_is_refused_for_what_another_one_did_that_was_taken_back(store):
    # The first one takes the title and then refuses; the second finds it free after all.
    results = at_once(store, [adding("same", refuse=True), adding("same")])

    assert sorted(map(str, results)) == ["same", "same"]
    assert [isinstance(result, ValueError) for result in results].count(True) == 1
    assert titles(store) == {"same"}


def test_of_many_that_want_the_same_one_gets_it(store):
    results = at_once(store, [adding("same")] * N)

    assert results.count("same") == 1
    assert sum(isinstance(result, duckdb.ConstraintException) for result in results) == N - 1


# --- items of one use case -------------------------------------------------------------------------------


def taking(refuse=()):
    """A use case that writes all its items at once and refuses some; it tells with how many it came."""
    sizes = []

    def use_case(tx, items):
        sizes.append(len(items))
        tx.insert_all([Vision(vision_id=one, title=one) for one in items if one not in refuse])
        return [NotFound("vision", one) if one in refuse else None for one in items]

    return use_case, sizes


def joined(store, use_case, item):
    try:
        return store.write_joined(use_case, item, actor=LEADER, verb="add")
    except NotFound as error:
        return error.id


def test_items_that_wait_are_written_by_one_call(store):
    use_case, sizes = taking()

    results = waiting_together(store, [lambda n=n: joined(store, use_case, f"v{n}") for n in range(N)])

    assert sizes == [N]
    assert set(results) == {None}
    assert titles(store) == {f"v{n}" for n in range(N)}


def test_an_item_that_is_refused_is_told_so_and_the_others_are_kept(store):
    use_case, _sizes = taking(refuse={"v3", "v5"})

    results = waiting_together(store, [lambda n=n: joined(store, use_case, f"v{n}") for n in range(8)])

    assert [result for result in results if result] == ["v3", "v5"]
    assert titles(store) == {f"v{n}" for n in range(8)} - {"v3", "v5"}


def test_when_all_fail_together_each_is_tried_alone(store):
    store.write_together(adding("v3"), actor=LEADER, verb="add")
    use_case, sizes = taking()

    def attempt(n):
        try:
            return joined(store, use_case, f"v{n}")
        except duckdb.ConstraintException:
            return "doubled"

    results = waiting_together(store, [lambda n=n: attempt(n) for n in range(6)])

    assert results == [None, None, None, "doubled", None, None]
    assert sizes == [6, 1, 1, 1, 1, 1, 1]
    assert titles(store) == {f"v{n}" for n in range(6)}


def test_writes_of_both_kinds_go_together(store):
    def work(n):
        write = store.write_together if n % 2 else store.write
        return write(adding(f"v{n}"), actor=LEADER, verb="add")

    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(work, range(N)))

    assert titles(store) == set(results) == {f"v{n}" for n in range(N)}


def test_a_use_case_may_write_itself_while_it_waits_for_nobody(store):
    store.write_together(adding("first"), actor=LEADER, verb="add")
    with store._lock:
        store.write_together(adding("second"), actor=LEADER, verb="add")

    assert titles(store) == {"first", "second"}


def test_when_the_writing_thread_is_interrupted_nobody_hears_that_it_was_saved(store):
    def interrupted(_tx):
        raise KeyboardInterrupt

    results = []
    with store._lock:
        other = threading.Thread(target=lambda: results.append(outcome(store, adding("lost"))))
        other.start()
        while len(store._waiting) < 1:
            time.sleep(0.001)
        with pytest.raises(KeyboardInterrupt):
            store.write_together(interrupted, actor=LEADER, verb="stop")
    other.join()

    assert [type(result) for result in results] == [StoreBusy]
    assert titles(store) == set()


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
            tx.insert_all([Ambition(ambition_id=new_id(), vision_id=own, title="x") for _ in range(3)])
            if n % 7 == 6:
                raise ValueError(own)
        try:
            store.write_together(use_case, actor=Actor(Role.LEADER), verb="add")
        except ValueError:
            continue
        with said:
            print(own, flush=True)

print("ready", flush=True)
for n in range(12):
    threading.Thread(target=write, args=(n,)).start()
"""
N_KILLS = 4


@pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9 of POSIX")
@pytest.mark.slow
def test_killing_the_program_loses_nothing_that_was_said_to_be_saved_and_keeps_nothing_refused(
    tmp_path, other_process
):
    acknowledged = set()
    for start in range(N_KILLS):
        writer = other_process(WRITER, tmp_path, start)
        assert writer.stdout.readline().strip() == "ready"
        time.sleep(0.4 + random.random() * 0.8)
        writer.kill()
        out, _err = writer.communicate()
        acknowledged |= {line for line in out.splitlines() if line.startswith(f"{start}-")}

    store = open_store(tmp_path)
    rows = store.rows(
        "SELECT v.title, count(a.ambition_id) AS n FROM vision v LEFT JOIN ambition a USING (vision_id) GROUP BY ALL"
    )
    store.close()

    assert len(acknowledged) > N_KILLS
    assert acknowledged <= {row["title"] for row in rows}
    assert {row["n"] for row in rows} == {3}
    assert not [row for row in rows if int(row["title"].rsplit("-", 1)[1]) % 7 == 6]
