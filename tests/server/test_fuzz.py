"""Random requests at every address: no 5xx, no trace of a code or of our own code in an answer, no growth of memory."""

from __future__ import annotations

import contextlib
import http.client
import re
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route

from qualitycycle.server import web
from tests import browser, phones

# What an answer must never show: where our code lies, how it failed, what is stored.
INNARDS = re.compile(r"Traceback|File \"|\.py\b|site-packages|duckdb|SELECT |INSERT |code_hash|0x[0-9a-f]{8}")
N_EXAMPLES = 300
# What loading a page for the first time, caches and the allocator may add in so many requests, in kB.
MAY_GROW = 40_000


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    ready = phones.make_school(tmp_path_factory.mktemp("fuzz") / "school", 3)
    vote = phones.open_vote(ready)
    with browser.serve(ready.folder) as served:
        yield served, ready, vote


def every_address():
    paths = [route.path for route in web.ROUTES if isinstance(route, Route)]
    return sorted(
        {re.sub(r"\{[^}]*\}", "{}", path) for path in paths} | {"/", "/{}", "/_stcore/{}", "/rounds"}
    )


STRANGE = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["%00", "../" * 9, "NOTACODE", "'; DROP TABLE invite; --", "{{7*7}}", "<script>", "A" * 9000]
    ),
    st.binary(max_size=40).map(lambda raw: raw.decode("latin-1")),
)
NAMES = st.one_of(
    st.sampled_from(
        ["lang", "to", "stay", "open", "send", "code", "ticket", "value", "1", "16", "name", "next"]
    ),
    st.text(max_size=12),
)
VALUES = st.one_of(st.sampled_from(["nl", "en", "1", "0", "6", "100", "-1", "1e9", ""]), STRANGE)
BODIES = st.one_of(
    st.none(),
    st.binary(max_size=300),
    st.lists(st.tuples(NAMES, VALUES), max_size=20).map(
        lambda pairs: urlencode(pairs, errors="surrogatepass").encode()
    ),
    st.just(b"1=" + b"9" * 50_000),
)
TYPES = st.sampled_from(
    [None, "application/x-www-form-urlencoded", "application/json", "multipart/form-data; boundary=x", "\xff"]
)


def ask(served, method, path, body, kind):
    connection = http.client.HTTPConnection("127.0.0.1", int(served.url.rsplit(":", 1)[1]), timeout=30)
    try:
        connection.putrequest(method, path, skip_accept_encoding=True)
        if kind is not None:
            connection.putheader("Content-Type", kind)
        if body is not None:
            connection.putheader("Content-Length", str(len(body)))
        connection.endheaders()
        if body:
            # An answer does not wait for the end of a body that is too large.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.send(body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace"), answer.getheaders()
    finally:
        connection.close()


def memory(served):
    """The memory of the running program in kB."""
    status = Path(f"/proc/{served.process.pid}/status").read_text(encoding="ascii")
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1))


@pytest.mark.parametrize("address", every_address())
def test_no_request_breaks_the_program_or_makes_it_talk(school, address):
    served, ready, vote = school
    codes = [*ready.codes, vote]

    @settings(
        max_examples=N_EXAMPLES // 10,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        method=st.sampled_from(["GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FUZZ"]),
        inner=st.one_of(st.sampled_from(codes), STRANGE),
        query=st.one_of(st.just(""), st.lists(st.tuples(NAMES, VALUES), max_size=4).map(urlencode_all)),
        body=BODIES,
        kind=TYPES,
    )
    def attack(method, inner, query, body, kind):
        path = address.replace("{}", quote(inner, errors="surrogatepass")) + query
        status, text, headers = ask(served, method, path, body, kind)

        assert status < 500
        if status >= 400:
            assert not INNARDS.search(text), text[:500]
            assert not any(code in text or code in str(headers) for code in codes)

    attack()


def urlencode_all(pairs):
    return "?" + urlencode(pairs, errors="surrogatepass")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads the memory from /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_strange_requests(school):
    served, ready, _vote = school
    requests = [
        ("GET", f"/v/{ready.codes[0]}", None, None),
        ("POST", f"/v/{ready.codes[0]}", b"1=3&to=en&lang=nl", "application/x-www-form-urlencoded"),
        ("POST", f"/v/{ready.codes[0]}", b"x" * 20_000, "application/x-www-form-urlencoded"),
        ("POST", "/admin/doctor", b"{}", "application/json"),
        ("GET", "/nothing-here", None, None),
    ]

    def round_of(n):
        for _ in range(n):
            for request in requests:
                ask(served, *request)

    # No unknown codes here: after thirty of them each would wait for its turn.
    round_of(50)
    before = memory(served)
    round_of(300)

    assert memory(served) - before < MAY_GROW


def test_nothing_was_logged_about_any_of_this(school):
    served, ready, vote = school

    said = served.output()

    assert "Traceback" not in said
    assert not any(code in said for code in [*ready.codes, vote])
