"""What goes wrong in a meeting: the program killed, connections cut, one code on sixty phones at once."""

from __future__ import annotations

import asyncio
import sys
from collections import Counter

import pytest

from tests import browser, phones

N = 60
posix_only = pytest.mark.skipif(sys.platform == "win32", reason="needs kill -9 of POSIX")


def port_of(served):
    return int(served.url.rsplit(":", 1)[1])


def sheets(numbers):
    return Counter(phones.sheet(phones.answers(n)) for n in numbers)


async def send_and_kill(served, codes, n_before):
    """All phones send at once; the program is killed as soon as so many of them were thanked."""
    thanked = set()

    async def send(n, code):
        reply = await phones.submit(port_of(served), code, phones.answers(n))
        if reply.is_thanks:
            thanked.add(n)
            if len(thanked) >= n_before and served.process.poll() is None:
                served.process.kill()

    await asyncio.gather(*(send(n, code) for n, code in enumerate(codes)), return_exceptions=True)
    return thanked


@posix_only
@pytest.mark.slow
@pytest.mark.parametrize("n_before", [1, 20, 40])
def test_killed_in_the_middle_nothing_thanked_is_lost_and_nothing_is_doubled(tmp_path, n_before):
    ready = phones.make_school(tmp_path / "school", N)
    with browser.serve(ready.folder) as served:
        thanked = phones.now(send_and_kill(served, ready.codes, n_before))
        served.process.wait()
    after_kill = phones.stored(ready)

    # Every phone sends again, as a person does who saw no thank-you page.
    with browser.serve(ready.folder) as served:
        port = port_of(served)
        again = phones.now(phones.spread(sending(port, ready.codes)))

    assert len(thanked) >= n_before
    assert sheets(thanked) <= after_kill
    assert after_kill <= sheets(range(N))
    assert {reply.status for reply in again} <= {200, 303}
    assert all(again[n].status == 200 for n in thanked)
    assert phones.stored(ready) == sheets(range(N))


def sending(port, codes):
    return [
        lambda n=n, code=code: phones.submit(port, code, phones.answers(n)) for n, code in enumerate(codes)
    ]


def test_one_code_on_sixty_phones_at_once_is_stored_once(tmp_path):
    ready = phones.make_school(tmp_path / "school", 1)
    with browser.serve(ready.folder) as served:
        replies = phones.now(phones.spread(sending(port_of(served), ready.codes * N)))

    assert Counter(reply.status for reply in replies) == {303: 1, 200: N - 1}
    (thanked,) = [n for n, reply in enumerate(replies) if reply.is_thanks]
    assert phones.stored(ready) == sheets([thanked])


def test_every_phone_that_sends_twice_in_the_same_instant_is_stored_once(tmp_path):
    ready = phones.make_school(tmp_path / "school", N)
    with browser.serve(ready.folder) as served:
        work = sending(port_of(served), ready.codes)
        replies = phones.now(phones.spread([one for pair in zip(work, work, strict=True) for one in pair]))

    assert Counter(reply.status for reply in replies) == {303: N, 200: N}
    assert phones.stored(ready) == sheets(range(N))


async def cut_halfway(port, code):
    """A phone that loses its connection with half of the form on the way."""
    _reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(
        f"POST /v/{code} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 200\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n\r\n1=4&2=".encode()
    )
    await writer.drain()
    writer.transport.abort()


def test_cut_connections_store_nothing_and_the_same_codes_still_work(tmp_path):
    ready = phones.make_school(tmp_path / "school", N)

    async def meeting(port):
        await asyncio.gather(*(cut_halfway(port, code) for code in ready.codes))
        return await phones.spread(sending(port, ready.codes))

    with browser.serve(ready.folder) as served:
        replies = phones.now(meeting(port_of(served)))
        said = served.output()

    assert all(reply.is_thanks for reply in replies)
    assert phones.stored(ready) == sheets(range(N))
    assert "Traceback" not in said


def test_sixty_phones_vote_at_once_and_each_counts_once(tmp_path):
    ready = phones.make_school(tmp_path / "school", 1)
    vote = phones.open_vote(ready, n_present=N)

    async def meeting(port):
        opened = await phones.spread([lambda: phones.ask(port, "GET", f"/v/{vote}") for _ in range(N)])
        forms = [
            {"lang": "nl", "ticket": phones.ticket(reply), "value": n, "send": 1}
            for n, reply in enumerate(opened)
        ]
        return await phones.spread(
            [lambda form=form: phones.ask(port, "POST", f"/v/{vote}", form) for form in forms * 2]
        )

    with browser.serve(ready.folder) as served:
        replies = phones.now(meeting(port_of(served)))

    assert Counter(reply.status for reply in replies) == {303: N, 200: N}
    assert phones.votes(ready) == list(range(N))
