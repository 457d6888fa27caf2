"""A statement whose text was read before gives what a fresh one gives, on any connection to any file."""

from __future__ import annotations

import threading

import duckdb
import pytest

from qualitycycle.store import statements

ADD = "INSERT INTO told (place, word) VALUES ($place, $word)"
ASK = "SELECT word FROM told WHERE place = $place"
ALL = "SELECT * FROM told ORDER BY place"


@pytest.fixture
def con():
    opened = duckdb.connect()
    opened.execute("CREATE TABLE told (place INTEGER, word VARCHAR)")
    yield opened
    opened.close()


def test_the_second_run_has_its_own_values(con):
    for place, word in ((1, "een"), (2, "twee")):
        statements.run(con, ADD, {"place": place, "word": word})
        assert statements.run(con, ASK, {"place": place}).fetchall() == [(word,)]


def test_it_serves_another_file_whose_table_differs(con):
    statements.run(con, ADD, {"place": 1, "word": "een"})
    assert statements.run(con, ALL).fetchall() == [(1, "een")]
    with duckdb.connect() as other:
        other.execute("CREATE TABLE told (word VARCHAR, place INTEGER, more VARCHAR)")
        statements.run(other, ADD, {"place": 3, "word": "drie"})
        assert statements.run(other, ALL).fetchall() == [("drie", 3, None)]


def test_a_table_that_changed_is_read_as_it_is_now(con):
    statements.run(con, ADD, {"place": 1, "word": "een"})
    assert statements.run(con, ALL).fetchall() == [(1, "een")]
    con.execute("ALTER TABLE told ADD COLUMN more VARCHAR DEFAULT 'meer'")
    assert statements.run(con, ALL).fetchall() == [(1, "een", "meer")]


def test_threads_that_run_the_same_text_get_their_own_rows(con):
    wrong: list[object] = []

    def fill(start: int) -> None:
        for place in range(start, start + 50):
            cursor = con.cursor()
            statements.run(cursor, ADD, {"place": place, "word": str(place)})
            found = statements.run(cursor, ASK, {"place": place}).fetchall()
            if found != [(str(place),)]:
                wrong.append(found)
            cursor.close()

    threads = [threading.Thread(target=fill, args=(start,)) for start in range(0, 200, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert con.execute("SELECT count(DISTINCT word) FROM told").fetchone() == (200,)


def test_several_statements_in_one_text_all_run(con):
    for _again in range(2):
        statements.run(con, "DELETE FROM told; INSERT INTO told VALUES (7, 'zeven')")
        assert statements.run(con, ALL).fetchall() == [(7, "zeven")]


def test_texts_made_on_the_spot_do_not_pile_up(con, monkeypatch):
    monkeypatch.setattr(statements, "MOST", 5)
    monkeypatch.setattr(statements, "_read", {})
    for number in range(20):
        assert statements.run(con, f"SELECT {number}").fetchone() == (number,)
    assert 0 < len(statements._read) <= 5
