from __future__ import annotations

import socket
import subprocess
import sys

import pytest
from starlette.requests import Request

from qualitycycle import config
from qualitycycle.server import admin, remote, running, start
from qualitycycle.server.running import Running


@pytest.fixture
def taken_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


def test_a_port_somebody_listens_at_is_not_free(taken_port):
    assert not start.is_free(taken_port)


def test_the_next_port_is_looked_for_when_the_first_is_taken(taken_port):
    assert start.next_free(taken_port) not in (None, taken_port)


def test_the_browser_opens_once_the_program_answers(serve, monkeypatch):
    opened = []
    monkeypatch.setattr(start.webbrowser, "open", opened.append)
    program = serve()

    start.show_when_up(program.url)

    assert opened == [program.url]


HEAVY = """
import sys, qualitycycle.server.web
print(*{"pandas", "numpy", "scipy", "altair", "pyarrow"} & set(sys.modules))
"""


def test_the_server_starts_without_charts_and_statistics_that_no_phone_needs():
    done = subprocess.run([sys.executable, "-c", HEAVY], capture_output=True, text=True, check=True)

    assert done.stdout.split() == []


# --- the note ----------------------------------------------------------------------------------------------


def test_a_note_is_found_by_who_may_read_the_folder(tmp_path):
    note = running.announce(tmp_path, 8501)

    assert running.find(tmp_path) == note


def test_each_start_has_a_token_of_its_own(tmp_path):
    first, second = running.announce(tmp_path, 8501), running.announce(tmp_path, 8501)

    assert first.token != second.token


@pytest.mark.parametrize("content", ["", "{}", '{"port": "x", "token": "y"}', "[]", "\x00"])
def test_a_broken_note_is_no_note(tmp_path, content):
    (tmp_path / running.NAME).write_text(content, encoding="utf-8")

    assert running.find(tmp_path) is None


def test_the_note_of_a_later_start_is_left_alone(tmp_path):
    ours = running.announce(tmp_path, 8501)
    theirs = running.announce(tmp_path, 8502)

    running.withdraw(tmp_path, ours)

    assert running.find(tmp_path) == theirs


def test_nobody_answers_to_a_stale_note():
    assert not remote.is_there(Running(port=1, token="old"))


# --- who is trusted ----------------------------------------------------------------------------------------


def request_from(client, token):
    headers = [(b"authorization", f"Bearer {token}".encode())]
    return Request({"type": "http", "method": "POST", "path": "/", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("client", "trusted"),
    [(("127.0.0.1", 5), True), (("::1", 5), True), (("192.168.1.20", 5), False), (None, False)],
)
def test_only_this_computer_is_trusted_even_with_the_token(tmp_path, monkeypatch, client, trusted):
    monkeypatch.setenv("QUALITYCYCLE_DATA", str(tmp_path))
    note = running.announce(tmp_path, config.DEFAULT_PORT)

    assert admin.is_trusted(request_from(client, note.token)) is trusted


def test_without_a_note_nobody_is_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("QUALITYCYCLE_DATA", str(tmp_path))

    assert not admin.is_trusted(request_from(("127.0.0.1", 5), ""))
