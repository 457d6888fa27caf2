"""A little of the fuzzing in every run of the tests, and what it found before."""

from __future__ import annotations

import pytest

from tests.fuzz import readers, running


@pytest.mark.parametrize("name", readers.READERS)
def test_the_samples_are_read_as_they_are(name):
    readers.read_as_they_are(name)


@pytest.mark.parametrize("name", readers.READERS)
def test_spoiled_files_are_read_or_refused(name):
    found = running.fuzz(name, seed=2026, seconds=60, most=12)

    assert found.n == 12
    assert found.failure is None, (found.failure.error, found.failure.content[:2_000])


def test_a_reader_that_fails_is_found_out(monkeypatch):
    def naive(content):
        content.decode("utf-8")

    monkeypatch.setattr(readers, "run", naive)

    found = running.fuzz("csv", seed=1, seconds=20)

    assert isinstance(found.failure.error, UnicodeDecodeError)


def test_a_reader_that_hangs_is_found_out(monkeypatch):
    def hang(_content):
        while True:
            pass

    monkeypatch.setattr(readers, "run", hang)
    monkeypatch.setattr(running, "SECONDS_PER_FILE", 1)

    assert isinstance(running.fuzz("csv", seed=1, seconds=5).failure.error, running.TooSlow)


def test_a_seed_gives_the_same_files(monkeypatch):
    seen: list[bytes] = []
    monkeypatch.setattr(readers, "run", seen.append)

    for _ in range(2):
        running.fuzz("xlsx", seed=7, seconds=20, most=5)

    assert seen[:5] == seen[5:] and len(set(seen)) > 1


# --- what the fuzzing found ------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["UTFl-8", "utf-7", "shift_jis", "idna"])
def test_an_ods_in_an_encoding_of_its_own_is_read_or_refused(encoding):
    sheet = readers.ods({"Toetsen": [["Leerlingnummer", "Score"], ["4711", "12"]]}, encoding=encoding)

    readers.run(sheet)
