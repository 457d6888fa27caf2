from __future__ import annotations

import http.client
import json
import os
import stat
import subprocess
import sys

import pytest

from qualitycycle.server import running
from tests import browser


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with browser.serve(tmp_path_factory.mktemp("served")) as program:
        yield program


def ask(served, method, path, body=None, **headers):
    """One plain request; header names with a dash are written with an underscore."""
    connection = http.client.HTTPConnection("127.0.0.1", int(served.url.rsplit(":", 1)[1]), timeout=30)
    connection.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    return answer, answer.read().decode("utf-8", "replace")


# --- the shell page --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "language"), [("/", "nl"), ("/?lang=en", "en"), ("/goals?lang=nl", "nl")]
)
def test_the_page_says_its_language(served, address, language):
    _answer, page = ask(served, "GET", address, Accept="text/html")

    assert f'<html lang="{language}">' in page


def test_the_language_used_last_in_this_browser_wins_over_the_schools(served):
    _answer, page = ask(served, "GET", "/", Cookie="qc_lang=en")

    assert '<html lang="en">' in page


def test_the_page_does_not_call_itself_streamlit(served):
    _answer, page = ask(served, "GET", "/")

    assert "<title>Streamlit</title>" not in page


def test_the_page_has_no_inline_script(served):
    _answer, page = ask(served, "GET", "/")

    assert "<script>" not in page


def test_an_old_page_in_the_browser_is_never_called_unchanged(served):
    first, _page = ask(served, "GET", "/")
    again, page = ask(
        served, "GET", "/", If_None_Match='"anything"', If_Modified_Since="Sun, 01 Jan 2040 00:00:00 GMT"
    )

    assert (first.getheader("etag"), again.status) == (None, 200)
    assert "i18n.js" in page


# --- headers and closed doors ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/i18n.js", "/_stcore/health", "/_stcore/metrics", "/favicon.png"])
@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Content-Security-Policy", "frame-ancestors 'none'"),
        ("Permissions-Policy", "camera=()"),
    ],
)
def test_every_answer_carries_the_security_headers(served, path, header, value):
    answer, _body = ask(served, "GET", path)

    assert value in (answer.getheader(header) or "")


def test_the_policy_allows_no_other_origin_and_no_eval(served):
    answer, _body = ask(served, "GET", "/")

    policy = answer.getheader("Content-Security-Policy")

    assert not any(word in policy for word in ("http:", "https:", "unsafe-eval", "*"))


@pytest.mark.parametrize(
    "path",
    ["/_stcore/metrics", "/_stcore/metrics/", "/_stcore/agent/interact", "/_stcore/agent/openapi.json"],
)
def test_streamlits_own_endpoints_for_others_are_closed(served, path):
    answer, _body = ask(served, "GET", path)

    assert answer.status == 404


@pytest.mark.parametrize("host", ["school.example", "127.0.0.1.school.example:8501", "", "[::1"])
def test_another_name_for_this_computer_is_refused(served, host):
    answer, _body = ask(served, "GET", "/", Host=host)

    assert answer.status == 421


# --- the door for the terminal ---------------------------------------------------------------------------


def token(served):
    return running.find(served.folder).token


def test_the_terminals_door_stays_shut_without_the_token(served):
    for given in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": ""}):
        answer, _body = ask(served, "POST", "/admin/doctor", body="{}", **given)

        assert answer.status == 404


def test_the_terminals_door_stays_shut_for_another_host_name(served):
    answer, _body = ask(
        served,
        "POST",
        "/admin/doctor",
        body="{}",
        Host="school.example",
        Authorization=f"Bearer {token(served)}",
    )

    assert answer.status == 421


def test_the_terminals_door_knows_only_its_verbs(served):
    answer, _body = ask(served, "POST", "/admin/drop", Authorization=f"Bearer {token(served)}")

    assert answer.status == 404


def test_the_terminals_door_opens_with_the_token(served):
    answer, body = ask(served, "POST", "/admin/doctor", body="{}", Authorization=f"Bearer {token(served)}")

    assert answer.status == 200
    assert "result" in json.loads(body.splitlines()[-1])


@pytest.mark.skipif(os.name == "nt", reason="file modes are a POSIX matter")
def test_the_note_with_the_token_is_for_its_owner_only(served):
    mode = (served.folder / running.NAME).stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


# --- the file --------------------------------------------------------------------------------------------

OPEN = "import duckdb, sys; duckdb.connect(sys.argv[1])"


def can_open(folder):
    """Whether another process gets the school's file."""
    opened = subprocess.run(
        [sys.executable, "-c", OPEN, str(folder / "school.duckdb")],
        capture_output=True,
        text=True,
        check=False,
    )
    return opened.returncode == 0


def test_no_other_process_gets_the_file_while_the_program_runs(served):
    assert not can_open(served.folder)


def test_a_backup_made_by_the_program_keeps_its_lock_on_the_file(served):
    _answer, body = ask(served, "POST", "/admin/backup", body="{}", Authorization=f"Bearer {token(served)}")

    assert "result" in json.loads(body.splitlines()[-1])
    assert not can_open(served.folder)


def test_stopping_lets_go_of_the_file_and_takes_the_note_away(serve):
    program = serve()

    program.interrupt()

    assert running.find(program.folder) is None
    assert can_open(program.folder)


def test_a_file_in_use_is_one_sentence_and_no_traceback(served, serve):
    with pytest.raises(AssertionError) as stopped:
        serve(folder=served.folder)

    assert "is in gebruik" in str(stopped.value) or "is in use" in str(stopped.value)
    assert "Traceback" not in str(stopped.value)
