from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from qualitycycle.model import Actor, Batch, BatchState, Role
from qualitycycle.store.connect import open_store
from qualitycycle.store.remembered import PerBatch, PerImport, PerVersion
from tests.store.conftest import add_vision, titles

LEADER = Actor(Role.LEADER)


def counted(read):
    times = []

    def counting(store):
        times.append(1)
        return read(store)

    return PerVersion(counting), times


def test_it_is_read_once_however_many_ask(store):
    remembered, times = counted(titles)

    with ThreadPoolExecutor(20) as pool:
        found = list(pool.map(lambda _n: remembered(store), range(100)))

    assert found == [set()] * 100
    assert len(times) == 1


def test_it_is_read_again_after_a_write(store):
    remembered, times = counted(titles)
    remembered(store)

    add_vision(store, "new")

    assert remembered(store) == {"new"}
    assert len(times) == 2


def test_what_is_written_while_it_is_read_is_seen_the_next_time(store):
    def read(store):
        before = titles(store)
        if not before:
            add_vision(store, "meanwhile")
        return before

    remembered = PerVersion(read)

    assert remembered(store) == set()
    assert remembered(store) == {"meanwhile"}


def test_each_store_has_its_own(store, tmp_path):
    other = open_store(tmp_path / "other")
    add_vision(other, "theirs")
    remembered = PerVersion(titles)

    assert (remembered(store), remembered(other)) == (set(), {"theirs"})
    other.close()


def test_only_imports_that_are_new_or_changed_are_read_again(store):
    asked = []

    def read(store, batch_ids):
        asked.append(sorted(batch_ids))
        return {one: one.upper() for one in batch_ids}

    def rows_of(batch_id, n):
        return lambda tx: tx.execute(
            """
            INSERT INTO outcome (batch_id, line, school_year, subject, score_kind, status)
            SELECT $batch, line, '2025-2026', 'maths', 'score', 'empty' FROM range($n) lines(line)
            """,
            batch=batch_id,
            n=n,
        )

    remembered = PerBatch(read)
    for batch_id, n in (("a", 2), ("b", 3)):
        store.write(rows_of(batch_id, n), actor=LEADER, verb="test")
    assert remembered(store) == remembered(store) == {"a": "A", "b": "B"}
    store.write(rows_of("c", 1), actor=LEADER, verb="test")
    assert remembered(store) == {"a": "A", "b": "B", "c": "C"}
    store.write(
        lambda tx: tx.execute("DELETE FROM outcome WHERE batch_id = 'a' AND line = 0"),
        actor=LEADER,
        verb="test",
    )
    store.write(lambda tx: tx.execute("DELETE FROM outcome WHERE batch_id = 'b'"), actor=LEADER, verb="test")
    assert remembered(store) == {"a": "A", "c": "C"}
    assert asked == [["a", "b"], ["c"], ["a"]]


def brought(store, subject):
    """Read in one row of a subject."""

    def use_case(tx):
        batch = tx.insert(
            Batch(
                batch_id=f"of {subject}",
                kind="table",
                file_name="resultaten.csv",
                content_hash=subject,
                mapping={},
                imported_at=datetime(2026, 11, 2, tzinfo=UTC),
                data_version=tx.data_version,
                n_accepted=1,
                n_refused=0,
            )
        )
        tx.execute(
            """
            INSERT INTO outcome (batch_id, line, school_year, subject, score_kind, status)
            VALUES ($batch, 1, '2025-2026', $subject, 'score', 'empty')
            """,
            batch=batch.batch_id,
            subject=subject,
        )
        return batch

    return store.write(use_case, actor=LEADER, verb="import_outcomes")


def test_another_subject_leaves_an_answer_as_it_is(store):
    asked = []
    remembered = PerImport(lambda _store, subject: asked.append(subject), about=lambda subject: subject)
    maths = brought(store, "maths")

    remembered(store, "maths")
    brought(store, "spelling")
    remembered(store, "maths")
    assert asked == ["maths"]

    store.write(
        lambda tx: tx.change(Batch, maths.batch_id, None, state=BatchState.UNDONE), actor=LEADER, verb="undo"
    )
    remembered(store, "maths")
    assert asked == ["maths", "maths"]
