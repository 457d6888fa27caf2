"""One path for every write: all or nothing, audited, counted, retried."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import duckdb
import pytest

from qualitycycle.errors import ChangedMeanwhile, NotFound, StoreBusy
from qualitycycle.model import Actor, Goal, Indicator, Person, Role, Vision
from qualitycycle.store import records
from qualitycycle.store.connect import N_ATTEMPTS
from qualitycycle.store.records import new_id
from tests.store.conftest import LEADER, add_vision, change_title, titles


def test_a_use_case_that_fails_halfway_leaves_nothing(store):
    def use_case(tx):
        tx.insert(Vision(vision_id=new_id(), title="half"))
        raise ValueError("halfway")

    with pytest.raises(ValueError, match="halfway"):
        store.write(use_case, actor=LEADER, verb="fail")

    assert titles(store) == set()
    assert store.rows("SELECT count(*) AS n FROM audit") == [{"n": 0}]


def test_every_write_raises_the_version_by_one(store):
    before = store.version

    add_vision(store)
    add_vision(store)

    assert store.version == before + 2
    assert store.rows("SELECT version FROM data_version") == [{"version": before + 2}]


def test_a_failed_write_does_not_raise_the_version(store):
    before = store.version

    with pytest.raises(NotFound):
        store.write(lambda tx: tx.change(Vision, "nowhere", None, title="x"), actor=LEADER, verb="change")

    assert store.version == before
    assert store.rows("SELECT version FROM data_version") == [{"version": before}]


def test_the_audit_of_a_new_record_has_no_before_and_all_of_it_after(store):
    vision = add_vision(store, "Samen")

    (row,) = store.rows("SELECT * FROM audit")

    assert row["before"] is None
    assert json.loads(row["after"])["title"] == "Samen"
    assert (row["noun"], row["noun_id"]) == ("vision", vision.vision_id)
    assert (row["person_id"], row["role"], row["verb"]) == ("a leader", "leader", "add_vision")
    assert row["data_version"] == store.version


def test_the_audit_of_a_change_holds_only_what_changed(store):
    vision = add_vision(store, "Samen")

    change_title(store, vision, 1, "Samen sterk")

    (row,) = store.rows("SELECT before, after FROM audit WHERE verb = 'change_vision'")
    assert json.loads(row["before"]) == {"title": "Samen", "revision": 1}
    assert json.loads(row["after"]) == {"title": "Samen sterk", "revision": 2}


def test_archiving_keeps_the_record_and_restoring_brings_it_back(store):
    vision = add_vision(store)

    store.write(lambda tx: tx.archive(Vision, vision.vision_id), actor=LEADER, verb="archive")
    with store.cursor() as con:
        assert records.find(con, Vision) == []
        assert records.get(con, Vision, vision.vision_id).archived
    store.write(lambda tx: tx.restore(Vision, vision.vision_id), actor=LEADER, verb="restore")

    with store.cursor() as con:
        assert [one.archived for one in records.find(con, Vision)] == [False]


def test_many_records_at_once_each_have_their_audit_row(store):
    visions = [Vision(vision_id=new_id(), title=f"v{n}") for n in range(5)]

    store.write(lambda tx: tx.insert_all(visions), actor=LEADER, verb="add_visions")

    audited = {row["noun_id"] for row in store.rows("SELECT noun_id FROM audit WHERE before IS NULL")}
    assert titles(store) == {"v0", "v1", "v2", "v3", "v4"}
    assert audited == {vision.vision_id for vision in visions}


def test_no_records_at_once_is_no_error(store):
    store.write(lambda tx: tx.insert_all([]), actor=LEADER, verb="add_visions")

    assert titles(store) == set()


# --- revisions -------------------------------------------------------------------------------------------


def test_saving_from_the_revision_one_opened_works(store):
    vision = add_vision(store)

    saved = change_title(store, vision, vision.revision, "new")

    assert saved.revision == 2


def test_saving_over_somebody_elses_change_is_refused_with_their_version(store):
    vision = add_vision(store, "first")
    change_title(store, vision, 1, "theirs")

    with pytest.raises(ChangedMeanwhile) as refused:
        change_title(store, vision, 1, "mine")

    assert (refused.value.seen, refused.value.current) == (1, 2)
    assert refused.value.theirs["title"] == "theirs"
    assert titles(store) == {"theirs"}


def test_of_many_people_who_save_the_same_revision_exactly_one_wins(store):
    vision = add_vision(store, "first")
    together = threading.Barrier(8)

    def save(n):
        together.wait()
        try:
            change_title(store, vision, 1, f"number {n}")
        except ChangedMeanwhile:
            return None
        return f"number {n}"

    with ThreadPoolExecutor(8) as pool:
        won = [title for title in pool.map(save, range(8)) if title]

    assert len(won) == 1
    assert titles(store) == set(won)


# --- conflicts -------------------------------------------------------------------------------------------


def test_a_conflict_is_tried_again_until_the_other_is_done(store):
    vision = add_vision(store, "first")
    attempts = []
    with store.cursor() as other:
        other.execute("BEGIN")
        other.execute("UPDATE vision SET title = 'theirs', revision = revision + 1")

        def use_case(tx):
            attempts.append(1)
            if len(attempts) == 2:
                other.execute("COMMIT")
            return tx.change(Vision, vision.vision_id, None, text="mine")

        saved = store.write(use_case, actor=LEADER, verb="change_vision")

    assert len(attempts) > 1
    assert (saved.title, saved.text) == ("theirs", "mine")


def test_a_write_that_keeps_colliding_says_that_the_store_is_busy(store):
    add_vision(store)
    attempts = []

    def use_case(tx):
        attempts.append(1)
        tx.execute("UPDATE vision SET text = 'mine'")

    with store.cursor() as other:
        other.execute("BEGIN")
        other.execute("UPDATE vision SET text = 'theirs'")
        with pytest.raises(StoreBusy):
            store.write(use_case, actor=LEADER, verb="change_vision")
        other.execute("ROLLBACK")

    assert len(attempts) == N_ATTEMPTS


def test_writers_in_many_threads_lose_nothing(store):
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda n: add_vision(store, f"v{n}"), range(64)))

    assert titles(store) == {f"v{n}" for n in range(64)}
    assert store.version == 64


def test_a_thread_that_writes_does_not_make_others_read_half_of_it(store):
    seen = set()
    done = threading.Event()

    def use_case(tx):
        for n in range(40):
            tx.insert(Vision(vision_id=new_id(), title=f"v{n}"))

    def look():
        while not done.is_set():
            seen.add(store.rows("SELECT count(*) AS n FROM vision")[0]["n"])

    watcher = threading.Thread(target=look)
    watcher.start()
    store.write(use_case, actor=LEADER, verb="add_visions")
    done.set()
    watcher.join()

    assert seen <= {0, 40}


# --- reading ---------------------------------------------------------------------------------------------


def test_a_cursor_per_call_gives_each_of_eight_threads_its_own_rows(store):
    store.write(
        lambda tx: tx.insert_all([Vision(vision_id=f"id{n}", title=f"title {n}") for n in range(8)]),
        actor=LEADER,
        verb="add_visions",
    )

    def read(n):
        with store.cursor() as con:
            one = records.get(con, Vision, f"id{n % 8}")
        return one.title == f"title {n % 8}"

    with ThreadPoolExecutor(8) as pool:
        right = list(pool.map(read, range(400)))

    assert all(right)


def test_one_shared_connection_would_give_wrong_rows_or_none():
    # Why every call takes a cursor of its own. When this fails, DuckDB has become kinder and we may simplify.
    con = duckdb.connect()
    wrong = []

    def read(n):
        try:
            row = con.execute("SELECT $n + sum(i) * 0 FROM range(3000) t(i)", {"n": n}).fetchone()
        except duckdb.Error:
            return wrong.append(n)
        return None if row == (n,) else wrong.append(n)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(read, range(800)))

    assert wrong


def test_every_kind_of_field_comes_back_as_it_was_stored(store):
    goal = Goal(
        goal_id="g",
        cycle_id="c",
        title="Lezen é 'ja' \"nee\" ; DROP TABLE goal; --",
        standards=("OP2", "SKA1"),
    )
    indicator = Indicator(
        indicator_id="i",
        goal_id="g",
        title="niveau",
        levels=("laag", "hoog"),
        series={"subject": "maths", "pupils": True},
    )
    person = Person(person_id="p", name="Anouk", role=Role.MEMBER, team_ids=("t1", "t2"))

    store.write(lambda tx: [tx.insert(one) for one in (goal, indicator, person)], actor=LEADER, verb="add")

    with store.cursor() as con:
        assert records.get(con, Goal, "g") == goal
        assert records.get(con, Indicator, "i") == indicator
        assert records.get(con, Person, "p") == person


def test_a_missing_record_is_named(store):
    with store.cursor() as con, pytest.raises(NotFound) as missing:
        records.get(con, Goal, "nowhere")

    assert (missing.value.noun, missing.value.id) == ("goal", "nowhere")


def test_a_value_outside_the_words_of_the_table_is_refused_whole(store):
    bad = replace(Vision(vision_id="v", title="x"), title="   ")

    with pytest.raises(duckdb.ConstraintException):
        store.write(lambda tx: tx.insert(bad), actor=Actor(Role.LEADER), verb="add_vision")

    assert store.rows("SELECT count(*) AS n FROM audit") == [{"n": 0}]
