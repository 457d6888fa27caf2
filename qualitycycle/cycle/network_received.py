"""Files of other schools, to read beside the own one: they are looked through, kept, and taken out again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qualitycycle import config
from qualitycycle.cycle import network, network_file
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.network_file import NetworkFile, Period
from qualitycycle.errors import NetworkFileRefused, NotFound
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# So many schools fit beside each other.
MOST_SCHOOLS = 12


@dataclass(frozen=True)
class Received:
    """A file of another school."""

    id: str
    file: NetworkFile
    received_on: date


def receive(store: Store, actor: Actor, data: bytes, name: str) -> NetworkFile:
    """Keep a file of another school to read beside the own one; a newer version takes the place of the older.

    Raises `NetworkFileRefused`.
    """
    require(actor, Right.GUIDE)
    new = network_file.read(data, name)
    text = network_file.write(new).decode()
    mine = network.own(store, actor, new.period)
    if mine is not None and network_file.write(mine).decode() == text:
        raise NetworkFileRefused(name, "own_file")
    there = [one for one in received(store, actor) if one.file.period == new.period]
    before = next((one for one in there if one.file.label == new.label), None)
    if before is not None and before.file == new:
        raise NetworkFileRefused(name, "there_already")
    if before is not None and before.file.version >= new.version:
        raise NetworkFileRefused(name, "other_school" if before.file.version == new.version else "older")
    if before is None and len(there) >= MOST_SCHOOLS - 1:
        raise NetworkFileRefused(name, "too_many", str(MOST_SCHOOLS))

    def use_case(tx: Transaction) -> None:
        if before is not None:
            tx.execute("DELETE FROM network_received WHERE network_received_id = $id", id=before.id)
        received_id = before.id if before else new_id()
        tx.execute(
            "INSERT INTO network_received VALUES ($id, $label, $year, $half, $version, $content, $on)",
            id=received_id,
            label=new.label,
            year=new.period.school_year,
            half=new.period.half,
            version=new.version,
            content=text,
            on=config.today(),
        )
        tx.note("network_received", received_id, is_new=before is None)

    store.write(use_case, actor=actor, verb="receive_network_file")
    return new


def received(store: Store, actor: Actor) -> list[Received]:
    """Files of other schools, the latest period first, then by name."""
    require(actor, Right.GUIDE)
    rows = store.rows("SELECT network_received_id AS id, content, received_on FROM network_received")
    found = [
        Received(row["id"], network_file.read(row["content"].encode(), row["id"]), row["received_on"])
        for row in rows
    ]
    return sorted(
        sorted(found, key=lambda one: one.file.label.casefold()),
        key=lambda one: one.file.period,
        reverse=True,
    )


def remove(store: Store, actor: Actor, received_id: str) -> None:
    """Take a file of another school out again: it is theirs, and they may ask for that."""
    require(actor, Right.GUIDE)
    if received_id not in {one.id for one in received(store, actor)}:
        raise NotFound("network_received", received_id)

    def use_case(tx: Transaction) -> None:
        tx.execute("DELETE FROM network_received WHERE network_received_id = $id", id=received_id)
        tx.note("network_received", received_id, is_new=False)

    store.write(use_case, actor=actor, verb="remove_network_file")


def beside(store: Store, actor: Actor, period: Period) -> list[NetworkFile]:
    """The own file of a period first, then those of others by name: an order that says nothing about a school."""
    mine = network.own(store, actor, period)
    others = [one.file for one in received(store, actor) if one.file.period == period]
    return [*([mine] if mine else []), *others][:MOST_SCHOOLS]


def told_periods(store: Store, actor: Actor) -> list[Period]:
    """The periods of which there is a file, latest first."""
    require(actor, Right.GUIDE)
    rows = store.rows("SELECT DISTINCT school_year, half FROM network_version")
    found = {Period(row["school_year"], row["half"]) for row in rows}
    return sorted({*found, *(one.file.period for one in received(store, actor))}, reverse=True)
