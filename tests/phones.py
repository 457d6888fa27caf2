"""A school with an open round, and phones that fill it in over real HTTP: for tests and for the benchmark.

Phones are written out in bytes on a socket: a client library would cost more than the server that is measured.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from qualitycycle import instruments
from qualitycycle.cycle import confidence, plan, rounds, school
from qualitycycle.model import Actor, Goal, Region, Role, Sector
from qualitycycle.server import form_page
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id

T = TypeVar("T")
QUESTIONNAIRE = "collectief_vakmanschap"
TEAM = "Bovenbouw"


def now(work: Coroutine[Any, Any, T]) -> T:
    """Do this work and wait for it. In a thread of its own: an open browser keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass(frozen=True)
class Ready:
    """A school on disk with an open round; nobody has it open."""

    folder: Path
    round_id: str
    codes: tuple[str, ...]


def make_school(folder: Path, n_codes: int, *, title: str = "Najaar") -> Ready:
    """A school of one team with an open round and its codes."""
    store = open_store(folder)
    school.set_up(
        store,
        Actor(Role.LEADER),
        school.NewSchool(
            name="Noorderschool",
            sector=Sector.PO,
            region=Region.MIDDEN,
            teams=(TEAM,),
            people=[school.NewPerson("Leida", role=Role.LEADER)],
            school_year="2026-2027",
            first_on=date(2026, 8, 31),
            last_on=date(2027, 7, 16),
        ),
    )
    staff = school.staff(store)
    leader = Actor(Role.LEADER, staff.people[0].person_id)
    cycle = plan.running_cycle(store)
    assert cycle is not None
    opened = rounds.open_round(
        store,
        leader,
        cycle_id=cycle.cycle_id,
        instrument_key=QUESTIONNAIRE,
        title=title,
        invited={staff.teams[0].team_id: n_codes},
    )
    store.close()
    return Ready(folder, opened.round.round_id, tuple(opened.codes[staff.teams[0].team_id]))


def open_vote(ready: Ready, n_present: int = 24, *, closed: bool = False) -> str:
    """A confidence vote about a new goal in the same school; its code for the room."""
    store = open_store(ready.folder)
    leader = Actor(Role.LEADER, school.staff(store).people[0].person_id)
    cycle = plan.running_cycle(store)
    assert cycle is not None
    goal = Goal(goal_id=new_id(), cycle_id=cycle.cycle_id, title="Lezen met begrip in groep 5")
    opened = confidence.open_vote(store, leader, plan.record(store, leader, goal).goal_id, n_present)
    if closed:
        confidence.close_vote(store, leader, opened.vote.confidence_vote_id)
    store.close()
    return opened.code


def votes(ready: Ready) -> list[int]:
    store = open_store(ready.folder)
    (vote,) = store.rows("SELECT confidence_vote_id AS id FROM confidence_vote WHERE state = 'open'")
    with store.cursor() as con:
        values = sorted(store.seals.read(con, vote["id"]))
    store.close()
    return values


def close_round(ready: Ready) -> None:
    store = open_store(ready.folder)
    rounds.close_round(store, Actor(Role.LEADER), ready.round_id)
    store.close()


# --- what they answer ------------------------------------------------------------------------------------


def answers(n: int) -> dict[str, int]:
    """Answers of the nth phone, different for each of the first 1296: its number in base 6 stands in the first four."""
    items = [item.key for item in instruments.instrument(QUESTIONNAIRE).items]
    digits = [n // 6**place % 6 + 1 for place in range(4)]
    return dict(zip(items, (*digits, *((n + k) % 6 + 1 for k in range(len(items) - 4))), strict=True))


def stored(ready: Ready) -> Counter[tuple[tuple[str, int], ...]]:
    """Every stored answer sheet and how often it is there; the program must have stopped."""
    store = open_store(ready.folder)
    with store.cursor() as con:
        sealed = [answers for _team, answers in store.seals.read(con, ready.round_id)]
    rows = store.rows(
        "SELECT response_id, item_key, value FROM response LEFT JOIN answer USING (response_id)"
    )
    store.close()
    sheets: dict[str, dict[str, int]] = {}
    for row in rows:
        sheets.setdefault(row["response_id"], {})[row["item_key"]] = row["value"]
    return Counter(sheet(one) for one in [*sealed, *sheets.values()])


def sheet(given: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(given.items()))


# --- over the wire ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    text: str
    seconds: float

    @property
    def is_thanks(self) -> bool:
        """Whether this sends the phone to the thank-you page."""
        return self.status == 303 and self.headers.get("location", "").startswith("/v/sent")


async def ask(port: int, method: str, path: str, sent: Mapping[str, object] | None = None) -> Reply:
    """One request on a connection of its own, as of a phone that was laid aside in between."""
    body = urlencode(sent or {}).encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
    if method == "POST":
        head += f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    start = time.perf_counter()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(head.encode() + b"\r\n" + body)
        raw = await reader.read()
    finally:
        writer.close()
    seconds = time.perf_counter() - start
    top, _, text = raw.partition(b"\r\n\r\n")
    if not top:
        raise ConnectionError("cut off before an answer")
    lines = top.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if len(text) < int(headers.get("content-length", 0)):
        raise ConnectionError("cut off in the middle of an answer")
    return Reply(int(lines[0].split()[1]), headers, text.decode("utf-8", "replace"), seconds)


async def submit(port: int, code: str, given: Mapping[str, int]) -> Reply:
    return await ask(port, "POST", f"/v/{code}", {"lang": "nl", **fields(given), "send": 1})


def fields(given: Mapping[str, int]) -> dict[str, int]:
    """Answers as the form sends them: by the number of the statement."""
    numbers = form_page.numbers(instruments.instrument(QUESTIONNAIRE))
    return {str(numbers[key]): value for key, value in given.items()}


def ticket(reply: Reply) -> str:
    """The ticket in the form of a vote."""
    found = re.search(r'name="ticket" value="([^"]+)"', reply.text)
    assert found is not None, reply
    return found.group(1)


async def spread(
    work: Sequence[Callable[[], Awaitable[Reply]]], seconds: float = 0.0
) -> list[Reply | BaseException]:
    """Start all pieces of work evenly over so many seconds, all at once by default, and wait for all."""

    async def later(n: int, one: Callable[[], Awaitable[Reply]]) -> Reply:
        await asyncio.sleep(seconds * n / len(work))
        return await one()

    return await asyncio.gather(*(later(n, one) for n, one in enumerate(work)), return_exceptions=True)


@dataclass
class Played:
    """What a group of phones met: replies to opening and to sending, in the order of their codes."""

    opened: list[Reply | BaseException] = field(default_factory=list)
    sent: list[Reply | BaseException] = field(default_factory=list)


async def play(port: int, codes: Sequence[str], *, over: float = 0.0) -> Played:
    """All open their form, over so many seconds, and then all send it, over as many."""
    opened = await spread([lambda code=code: ask(port, "GET", f"/v/{code}") for code in codes], over)
    sent = await spread(
        [lambda n=n, code=code: submit(port, code, answers(n)) for n, code in enumerate(codes)], over
    )
    return Played(opened, sent)
