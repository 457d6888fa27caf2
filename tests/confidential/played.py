"""A round of twenty-four people, filled in one after another in every way there is, with everything left behind."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from qualitycycle import instruments
from qualitycycle.cycle import answering, confidence, elsewhere, rounds, school, upkeep
from qualitycycle.imports.responses import FormMapping
from qualitycycle.model import Actor, Role
from qualitycycle.store import backup
from qualitycycle.store.connect import Store, open_store
from tests import phones
from tests.confidential.attack import Known

N = 24
ON_PHONES, BY_VERB, ON_PAPER, ELSEWHERE = range(9), range(9, 13), range(13, 17), range(17, N)
RESPONDENT = Actor(Role.RESPONDENT)
# Answers a phone one after another, and asks for a backup after each.
Phones = Callable[[phones.Ready, Path], None]


@dataclass(frozen=True)
class Loot:
    """All that the owner of the file has, and what the owner knows."""

    folders: tuple[Path, ...]
    ready: phones.Ready
    known: Known


@contextmanager
def open_as(ready: phones.Ready) -> Iterator[tuple[Store, Actor]]:
    store = open_store(ready.folder)
    try:
        yield store, Actor(Role.LEADER, school.staff(store).people[0].person_id)
    finally:
        store.close()


def round_of(folder: Path, on_phones: Phones) -> Loot:
    """Everybody fills in, person 0 first; backups before, between any two phones, and after."""
    ready = phones.make_school(folder / "school", N)
    with open_as(ready) as (store, _leader):
        backup.make(store)
    on_phones(ready, folder / "stolen")
    with open_as(ready) as (store, leader):
        for n in BY_VERB:
            answering.answer(store, RESPONDENT, ready.codes[n], phones.answers(n))
        team_id = school.staff(store).teams[0].team_id
        rounds.enter_paper(store, leader, ready.round_id, team_id, [phones.answers(n) for n in ON_PAPER])
        backup.make(store, folder / "kept")
        read_in(store, leader, ready, team_id)
        rounds.close_round(store, leader, ready.round_id)
        backup.make(store, folder / "kept")
        upkeep.export(store, leader, folder / "exports")
        hashes = {rounds.hash_code(store.secret, code): n for n, code in enumerate(ready.codes)}
    numbers = {json.dumps(dict(sorted(phones.answers(n).items()))): n for n in range(N)}
    return Loot((folder,), ready, Known(ready.round_id, hashes, numbers))


def phones_here(ready: phones.Ready, stolen: Path) -> None:
    """Phones without a network, for many rounds in a row."""
    with open_as(ready) as (store, _leader):
        for n in ON_PHONES:
            answering.answer(store, RESPONDENT, ready.codes[n], phones.answers(n))
            backup.make(store, ready.folder / "kept")
        steal(ready, stolen)


def steal(ready: phones.Ready, stolen: Path) -> None:
    """A copy of the school's folder as it is now, log and keys and all."""
    shutil.copytree(ready.folder, stolen, ignore=shutil.ignore_patterns("backups", "kept"))


def read_in(store: Store, leader: Actor, ready: phones.Ready, team_id: str) -> None:
    """A form filled in elsewhere, its rows in the order in which they were sent."""
    instrument = instruments.instrument(phones.QUESTIONNAIRE)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(["Id", "Begintijd", "E-mail", *(item.text["nl"] for item in instrument.items)])
    for n in ELSEWHERE:
        given = phones.answers(n)
        own = [n, f"2026-11-20 15:{n}:07", f"person{n}@school.example"]
        writer.writerow([*own, *(given[item.key] for item in instrument.items)])
    received = elsewhere.receive(store, leader, text.getvalue().encode(), "forms.csv", instrument)
    mapping = FormMapping(received.forms.suggested, team=team_id)
    elsewhere.into_round(store, leader, ready.round_id, received, elsewhere.read(received, mapping))


def vote_of(folder: Path) -> tuple[Sequence[Path], str, list[int]]:
    """A vote with one code for the room: person n gives the nth value; the folder is stolen before the last."""
    ready = phones.make_school(folder / "school", 1)
    code = phones.open_vote(ready, n_present=N)
    values = [(7 * n + 5) % 101 for n in range(N)]
    with open_as(ready) as (store, leader):
        (vote_id,) = [row["id"] for row in store.rows("SELECT confidence_vote_id AS id FROM confidence_vote")]
        for n, value in enumerate(values):
            if n == N - 4:
                steal(ready, folder / "stolen")
            own = confidence.ticket(store, code)
            confidence.answer(store, RESPONDENT, code, own, value)
            if n % 8 == 0:
                backup.make(store, folder / "kept")
        confidence.close_vote(store, leader, vote_id)
    return (folder,), vote_id, values
