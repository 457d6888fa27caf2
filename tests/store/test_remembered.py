from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from qualitycycle.store.connect import open_store
from qualitycycle.store.remembered import PerVersion
from tests.store.conftest import add_vision, titles


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
