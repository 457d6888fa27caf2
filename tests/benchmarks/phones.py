"""A meeting fills in the questionnaire on phones: over real HTTP, each answer durable before its thank-you page.

Beside it one phone alone, the program's own Streamlit page doing the same, and what a peer needed. After each run
every stored answer is compared with what was sent: none lost, none doubled.
"""

from __future__ import annotations

import asyncio
import math
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from qualitycycle.cycle import school, sign_in
from qualitycycle.store.connect import open_store
from tests import browser, phones
from tests.benchmarks.measuring import Row
from tests.phones import Played, Ready, Reply
from tests.sockets import Socket

N_MEETING, N_LARGE, SECONDS_LARGE = 60, 500, 30.0
N_ALONE = 25
PASSPHRASE = "zeven groene fietsen in de gang"
# LimeSurvey 6.4.2 with nginx, PHP-FPM and MariaDB on the same kind of machine, 16 statements: p95 in seconds.
PEER = "LimeSurvey"
PEER_SECONDS = {"open 60": 2.84, "send 60": 1.02, "open 500": 4.57, "send 500": 4.11}
PEER_MEMORY, PEER_PAGE, PEER_REQUESTS = 228.0, 1229.0, 28


@dataclass(frozen=True)
class Timed:
    """Seconds until each phone had its form and its thank-you page, the most memory the program took in MB, and kB.

    `page` is the size of the one page that a phone loads; 0 where there is more than one.
    """

    opened: list[float]
    sent: list[float]
    memory: float | None
    page: float = 0.0


def run() -> list[Row]:
    alone = over_http(N_ALONE, one_by_one)
    meeting = over_http(N_MEETING, lambda port, codes: phones.now(phones.play(port, codes)))
    large = over_http(N_LARGE, lambda port, codes: phones.now(phones.play(port, codes, over=SECONDS_LARGE)))
    page = on_the_page(N_MEETING)
    return [
        Row(
            "what a phone loads, in 1 request",
            alone.page,
            "kB",
            alone.page / PEER_PAGE,
            _peer_page(),
            "< 15 kB",
        ),
        *_rows("1 phone alone", alone, alone),
        *_rows(f"{N_MEETING} phones at once", meeting, alone, peer="60", aim="p95 < 500 ms"),
        *_rows(f"{N_LARGE} phones, 30 s per step", large, alone, peer="500", aim="p95 < 300 ms"),
        *_rows(f"{N_MEETING} on the Streamlit page at once", page, alone),
        *_memory_rows({N_MEETING: meeting, N_LARGE: large}, page),
    ]


# --- over HTTP -------------------------------------------------------------------------------------------


def over_http(n: int, play: Callable[[int, Sequence[str]], Played]) -> Timed:
    """Let `play` fill in a fresh school's form with n codes, and check what was stored."""
    with tempfile.TemporaryDirectory() as folder:
        ready = phones.make_school(Path(folder) / "school", n)
        with browser.serve(ready.folder) as served:
            played = play(int(served.url.rsplit(":", 1)[1]), ready.codes)
            memory = most_memory(served)
        check_stored(ready, n)
    first = played.opened[0]
    page = len(first.text.encode()) / 1000 if isinstance(first, Reply) else 0.0
    return Timed(_seconds(played.opened, 200), _seconds(played.sent, 303), memory, page)


def one_by_one(port: int, codes: Sequence[str]) -> Played:
    """One phone after the other, so that each has the program for itself."""

    async def each() -> Played:
        played = Played()
        for n, code in enumerate(codes):
            played.opened.append(await phones.ask(port, "GET", f"/v/{code}"))
            played.sent.append(await phones.submit(port, code, phones.answers(n)))
        return played

    return phones.now(each())


def _seconds(replies: Sequence[Reply | BaseException], status: int) -> list[float]:
    found = []
    for reply in replies:
        if isinstance(reply, BaseException):
            raise reply
        if reply.status != status:
            raise AssertionError(reply)
        found.append(reply.seconds)
    return found


def check_stored(ready: Ready, n: int) -> None:
    """Every answer sheet that was sent is there once; a figure without that is worth nothing."""
    wanted = {phones.sheet(phones.answers(one)) for one in range(n)}
    found = phones.stored(ready)
    if set(found) != wanted or sum(found.values()) != n:
        raise AssertionError(f"{sum(found.values())} stored, {len(wanted & set(found))} of {n} as sent")


def most_memory(served: browser.Served) -> float | None:
    """The most memory the program has taken so far in MB; None where the system does not say."""
    status = Path(f"/proc/{served.process.pid}/status")
    if not status.exists():
        return None
    found = re.search(r"VmHWM:\s+(\d+)", status.read_text(encoding="ascii"))
    return int(found.group(1)) / 1000 if found else None


# --- on the Streamlit page -------------------------------------------------------------------------------


def on_the_page(n: int) -> Timed:
    """The same on the page for the school computer, n sessions at once."""
    with tempfile.TemporaryDirectory() as folder:
        ready = phones.make_school(Path(folder) / "school", n)
        token = _claimed(ready)
        with browser.serve(ready.folder) as served:
            opened, sent = phones.now(_play_on_page(served.url, f"{sign_in.COOKIE}={token}", ready.codes))
            memory = most_memory(served)
        check_stored(ready, n)
    return Timed(opened, sent, memory)


def _claimed(ready: Ready) -> str:
    store = open_store(ready.folder)
    try:
        leader = school.staff(store).people[0]
        return sign_in.claim(store, leader.person_id, PASSPHRASE, PASSPHRASE)
    finally:
        store.close()


async def _play_on_page(url: str, cookie: str, codes: Sequence[str]) -> tuple[list[float], list[float]]:
    sockets = await asyncio.gather(*(Socket.open(url, "answer", f"code={code}", cookie) for code in codes))
    # The first visitor loads charts and statistics; a meeting comes to a program that runs.
    await (await Socket.open(url, "", "", cookie)).run()
    opened = await asyncio.gather(*(one.run() for one in sockets))
    sent = await asyncio.gather(*(_send_on_page(one, n) for n, one in enumerate(sockets)))
    for one in sockets:
        await one.close()
    return list(opened), list(sent)


async def _send_on_page(one: Socket, n: int) -> float:
    values = phones.fields(phones.answers(n))
    radios = one.radios()
    chosen = {
        radio.radio.id: radio.radio.options[values[str(place)] - 1] for place, radio in enumerate(radios, 1)
    }
    return await one.run(chosen, one.button("answer.send"))


# --- the table -------------------------------------------------------------------------------------------


def p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[math.ceil(0.95 * len(seconds)) - 1]


def p50(seconds: Sequence[float]) -> float:
    return sorted(seconds)[(len(seconds) - 1) // 2]


def _rows(what: str, timed: Timed, alone: Timed, *, peer: str = "", aim: str = "") -> list[Row]:
    rows = []
    for step, seconds, floor in (("open", timed.opened, alone.opened), ("send", timed.sent, alone.sent)):
        beside = None if timed is alone else p50(floor)
        rows.append(_row(f"{what}: {step}, p50", p50(seconds), beside, "1 phone alone"))
        if peer:
            rows.append(_row(f"{what}: {step}, p95", p95(seconds), PEER_SECONDS[f"{step} {peer}"], PEER, aim))
        else:
            rows.append(_row(f"{what}: {step}, p95", p95(seconds), beside, "1 phone alone"))
    return rows


def _row(what: str, seconds: float, beside: float | None, name: str, aim: str = "") -> Row:
    if beside is None:
        return Row(what, 1000 * seconds)
    named = f"{name} ({1000 * beside:.3g} ms)"
    return Row(what, 1000 * seconds, ratio=seconds / beside, beside=named, aim=aim)


def _peer_page() -> str:
    return f"{PEER} ({PEER_PAGE:.0f} kB in {PEER_REQUESTS})"


def _memory_rows(phones_only: dict[int, Timed], page: Timed) -> list[Row]:
    rows = [
        (f"memory of the program, {n} phones", timed.memory, "< 200 MB") for n, timed in phones_only.items()
    ]
    rows.append((f"memory of the program, {len(page.sent)} on the Streamlit page", page.memory, ""))
    return [
        Row(what, None, note="only read from /proc on Linux")
        if memory is None
        else Row(what, memory, "MB", memory / PEER_MEMORY, f"{PEER} ({PEER_MEMORY:.0f} MB)", aim)
        for what, memory, aim in rows
    ]
