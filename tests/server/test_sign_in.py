"""Signing in over real HTTP: the cookie, where it leads, who may send the form, and the end of a session."""

from __future__ import annotations

import subprocess
import sys
import time

import pytest
from starlette.requests import Request
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from qualitycycle.cycle import patience, plan, sign_in
from qualitycycle.model import Person, Role
from qualitycycle.server import sign_in as ways_in
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser
from tests.browser import PASSPHRASE
from tests.pages.every import LEADER, new_school
from tests.server.asking import ask, send, websocket_opens

OTHER = "koffie bij de vijver"


def school(folder, *, claimed=True):
    """A school with a leader and a member who has a word; the leader's token and the word."""
    store = open_store(folder)
    new_school(store, roles=False)
    member = Person(person_id=new_id(), name="Sem", role=Role.MEMBER)
    plan.record(store, LEADER, member)
    token = browser.let_in(store) if claimed else ""
    word = sign_in.hand_out(store, LEADER, member.person_id) if claimed else ""
    store.close()
    return token, word


@pytest.fixture
def served(tmp_path, serve):
    token, word = school(tmp_path / "school")
    return serve(folder=tmp_path / "school"), token, word


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    """One program for tests that change nothing that matters to another."""
    folder = tmp_path_factory.mktemp("door") / "school"
    token, _word = school(folder)
    with browser.serve(folder) as program:
        yield program, token


def sign_in_as_leader(url, **headers):
    return send(url, "/sign-in", {"name": "Noor", "passphrase": PASSPHRASE, "next": "/goals"}, **headers)


# --- the cookie ------------------------------------------------------------------------------------------


def test_signing_in_sets_one_cookie_that_scripts_and_other_sites_cannot_use(shared):
    url = shared[0].url

    answer = sign_in_as_leader(url)

    flags = {part.strip().split("=")[0].lower() for part in answer.cookie.split(";")[1:]}
    assert (answer.status, answer.goes_to) == (303, "/goals")
    assert {"httponly", "samesite", "path", "max-age"} <= flags
    assert "SameSite=strict" in answer.cookie and "Path=/;" in answer.cookie
    assert len(answer.token) >= 43


def test_the_token_lets_in_and_no_token_does_not(shared):
    url = shared[0].url
    token = sign_in_as_leader(url).token

    assert ask(url, "/", token=token).status == 200
    assert websocket_opens(url, token=token)
    assert ask(url, "/").status == 303
    assert not websocket_opens(url)


def test_a_token_that_was_there_before_never_becomes_the_session(shared):
    url = shared[0].url
    planted = "A" * 43

    answer = sign_in_as_leader(url, Cookie=f"{sign_in.COOKIE}={planted}")

    assert answer.token != planted
    assert ask(url, "/", token=planted).status == 303


def test_signing_in_again_ends_the_session_this_browser_had(shared):
    url = shared[0].url
    first = sign_in_as_leader(url).token

    send(url, "/sign-in", {"name": "Noor", "passphrase": PASSPHRASE}, token=first)

    assert ask(url, "/", token=first).status == 303


def test_over_https_the_cookie_is_for_https_only(monkeypatch):
    monkeypatch.setattr(ways_in.guard, "is_encrypted", lambda: True)
    monkeypatch.setattr(ways_in.sign_in, "sign_out", lambda store, token: None)
    monkeypatch.setattr(ways_in.office, "own", lambda: None)
    request = Request({"type": "http", "method": "POST", "path": "/sign-in", "headers": []})

    answer = ways_in._enter(request, "token", "/")

    assert "; Secure" in answer.headers["set-cookie"]


# --- where it leads --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "/goals\r\nSet-Cookie: x=y",
        "/sign-in",
        "/" + "x" * 600,
        "",
    ],
)
def test_signing_in_leads_nowhere_but_here(asked):
    assert ways_in.local_address(asked) == "/"


@pytest.mark.parametrize("asked", ["/", "/goals", "/goal?goal=abc&lang=nl"])
def test_signing_in_leads_back_to_the_page_that_was_asked_for(asked):
    assert ways_in.local_address(asked) == asked


def test_a_page_that_was_asked_for_is_remembered_at_the_door(shared):
    answer = ask(shared[0].url, "/goal?goal=abc")

    assert answer.goes_to == "/sign-in?next=%2Fgoal%3Fgoal%3Dabc"
    assert 'name="next" value="/goal?goal=abc"' in ask(shared[0].url, answer.goes_to).body


def test_the_door_speaks_the_language_that_the_page_was_asked_for_in(shared):
    answer = ask(shared[0].url, "/goals?lang=en")

    assert '<html lang="en"' in ask(shared[0].url, answer.goes_to).body


# --- who may send the form -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
    ],
)
@pytest.mark.parametrize(
    "path", ["/sign-in", "/sign-in/first", "/sign-in/choose", "/sign-in/change", "/sign-out"]
)
def test_a_form_of_another_site_does_nothing(shared, path, headers):
    program, token = shared

    answer = send(program.url, path, {"name": "Noor", "passphrase": PASSPHRASE}, token=token, **headers)

    assert (answer.status, answer.cookie) == (403, "")
    assert ask(program.url, "/", token=token).status == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("name=x", "text/plain", 415),
        ('{"name": "Noor"}', "application/json", 415),
        ("name=" + "x" * 20_000, "application/x-www-form-urlencoded", 413),
        ("name=Noor&name=Sem", "application/x-www-form-urlencoded", 400),
    ],
)
def test_what_is_no_form_of_ours_is_refused(shared, body, kind, status):
    url = shared[0].url

    answer = ask(url, "/sign-in", method="POST", body=body, Origin=url, Content_Type=kind)

    assert answer.status == status


def test_a_name_is_shown_as_text(shared):
    url = shared[0].url

    answer = send(url, "/sign-in", {"name": '"><script>x</script>', "passphrase": "y" * 12})

    assert answer.status == 401
    assert "<script" not in answer.body


@pytest.mark.parametrize("path", ["/sign-in", "/sign-in?lang=en"])
def test_the_page_at_the_door_runs_no_script_and_is_kept_nowhere(shared, path):
    answer = ask(shared[0].url, path)

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "script-src" not in policy and "form-action 'self'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert f'<html lang="{"en" if "en" in path else "nl"}">' in answer.body
    assert "Noor" not in answer.body


def test_too_many_wrong_ones_have_to_wait(served):
    url = served[0].url
    wrong = {"name": "Noor", "passphrase": OTHER}
    statuses = [send(url, "/sign-in", wrong).status for _attempt in range(patience.N_FREE + 2)]

    answer = sign_in_as_leader(url)

    assert statuses[: patience.N_FREE] == [401] * patience.N_FREE
    assert (answer.status, answer.cookie) == (429, "")
    assert 0 < int(answer.headers["Retry-After"]) < 10


# --- a word, a change, and out ---------------------------------------------------------------------------


def test_a_word_leads_to_an_own_passphrase_once(served):
    program, _token, word = served
    url = program.url

    asked = send(url, "/sign-in", {"name": "sem", "passphrase": word})
    fields = {"name": "sem", "word": word, "passphrase": OTHER, "again": OTHER}
    chosen = send(url, "/sign-in/choose", fields)
    again = send(url, "/sign-in/choose", fields)

    assert (asked.status, asked.cookie) == (200, "") and "/sign-in/choose" in asked.body
    assert chosen.status == 303 and ask(url, "/", token=chosen.token).status == 200
    assert (again.status, again.cookie) == (401, "")


def test_changing_the_passphrase_gives_a_new_token_and_ends_the_others(served):
    program, token, _word = served
    elsewhere = sign_in_as_leader(program.url).token

    answer = send(
        program.url,
        "/sign-in/change",
        {"present": PASSPHRASE, "passphrase": OTHER, "again": OTHER},
        token=token,
    )

    assert [ask(program.url, "/", token=one).status for one in (token, elsewhere, answer.token)] == [
        303,
        303,
        200,
    ]


def test_signing_out_takes_the_cookie_away_and_ends_the_session(served):
    program, token, _word = served

    answer = send(program.url, "/sign-out", {}, token=token)

    assert answer.goes_to.startswith("/sign-in") and "Max-Age=0" in answer.cookie
    assert ask(program.url, "/", token=token).status == 303


def test_a_page_that_is_open_is_cut_off_at_its_next_question_after_signing_out(served):
    program, token, _word = served
    port = program.url.rsplit(":", 1)[1]
    with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        additional_headers={"Cookie": f"{sign_in.COOKIE}={token}"},
        subprotocols=["streamlit"],
    ) as page:
        send(program.url, "/sign-out", {}, token=token)

        page.send(b"\x5a\x00")
        closed = None
        end = time.monotonic() + 20
        while closed is None and time.monotonic() < end:
            try:
                page.recv(timeout=1)
            except ConnectionClosed as error:
                closed = error.rcvd.code
            except TimeoutError:
                continue

    assert closed == 1008


def test_nobody_changes_a_passphrase_without_a_session(shared):
    answer = send(
        shared[0].url, "/sign-in/change", {"present": PASSPHRASE, "passphrase": OTHER, "again": OTHER}
    )

    assert (answer.status, answer.cookie) == (303, "")
    assert sign_in_as_leader(shared[0].url).status == 303


# --- the first passphrase --------------------------------------------------------------------------------


def test_a_school_of_before_asks_its_leader_for_a_passphrase_first(tmp_path, serve):
    school(tmp_path / "old", claimed=False)
    url = serve(folder=tmp_path / "old").url

    door = ask(url, "/sign-in")
    leader = door.body.split('<option value="')[1].split('"')[0]

    assert ask(url, "/").status == 303 and not websocket_opens(url)
    assert "Noor" in door.body and "Sem" not in door.body
    answer = send(url, "/sign-in/first", {"person": leader, "passphrase": OTHER, "again": OTHER})
    assert answer.status == 303 and ask(url, "/", token=answer.token).status == 200
    late = send(url, "/sign-in/first", {"person": leader, "passphrase": PASSPHRASE, "again": PASSPHRASE})
    assert (late.goes_to, late.cookie) == ("/sign-in", "")


def test_the_terminal_gives_a_word_while_the_program_runs(served):

    program, token, _word = served
    done = subprocess.run(
        [sys.executable, "-m", "qualitycycle", "reset-passphrase", "--lang", "en"],
        env=browser.environment(program.folder),
        capture_output=True,
        text=True,
        check=False,
    )

    word = done.stdout.split("Word for Noor: ")[1].split()[0]
    assert done.returncode == 0
    assert ask(program.url, "/", token=token).status == 303
    assert "/sign-in/choose" in send(program.url, "/sign-in", {"name": "Noor", "passphrase": word}).body
