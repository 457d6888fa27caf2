"""The questionnaires of a school: those of the program and the ones it added itself, which never change.

A school's own questionnaire is kept as the file that was given. What was once asked stays as it was asked: a changed
file becomes the next version, and rounds keep the version they were opened with.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from functools import lru_cache

from qualitycycle import config, instruments
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete, InstrumentInvalid, NotFound
from qualitycycle.instruments.checking import Fault
from qualitycycle.model import Actor, Instrument, InstrumentFile
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

N_KEPT = 64


@dataclass(frozen=True)
class Checked:
    """A file that was looked at. `instrument` is what it would become, None when there are faults.

    `before` is the newest version of the same questionnaire; `same` says that the file brings nothing new.
    """

    text: str
    instrument: Instrument | None
    faults: tuple[Fault, ...] = ()
    before: InstrumentFile | None = None
    same: bool = False

    @property
    def changes(self) -> list[str]:
        """What differs from the version before, line by line: - gone, + new, @@ where."""
        if self.before is None or self.same:
            return []
        old, new = (text.splitlines() for text in (self.before.text, self.text))
        return list(difflib.unified_diff(old, new, lineterm="", n=1))[2:]


# --- reading ---------------------------------------------------------------------------------------------


def get(store: Store, key: str, version: int | None = None) -> Instrument:
    """A questionnaire by key, of the program or of this school; the newest version unless one is named.

    Raises `InstrumentInvalid` when it is not there.
    """
    if _is_ours(key):
        return instruments.instrument(key, version)
    with store.cursor() as con:
        return _own(con, key, version)


def within(tx: Transaction, key: str, version: int | None = None) -> Instrument:
    """The same inside a use case, which sees what it has just written."""
    return instruments.instrument(key, version) if _is_ours(key) else _own(tx.con, key, version)


def offered(store: Store) -> list[Instrument]:
    """What a new round can be opened with: of each key the newest version, without what was put aside."""
    newest = {one.key: one for one in instruments.all_instruments()}
    newest |= {one.key: read(one) for one in own_files(store) if not one.archived}
    return list(newest.values())


def to_open(store: Store, key: str) -> Instrument:
    """The newest version of one that a round may be opened with; raises `Incomplete` when it is archived."""
    found = next((one for one in offered(store) if one.key == key), None)
    if found is None:
        get(store, key)
        raise Incomplete("round", "instrument", "archived")
    return found


def own_files(store: Store) -> list[InstrumentFile]:
    """Every version of every questionnaire the school added, by key and version; also what was put aside."""
    with store.cursor() as con:
        return records.find(con, InstrumentFile, order="key, version", archived=True)


def read(one: InstrumentFile) -> Instrument:
    """A stored file as the questionnaire it is."""
    return _read(one.text, one.key, one.version)


def _is_ours(key: str) -> bool:
    return any(one.key == key for one in instruments.all_instruments())


def _own(con: records.Connection, key: str, version: int | None) -> Instrument:
    found = records.find(
        con,
        InstrumentFile,
        where="key = $key AND ($version IS NULL OR version = $version)",
        order="version DESC",
        archived=True,
        key=key,
        version=version,
    )
    if not found:
        raise InstrumentInvalid(key, "version", str(version or ""))
    return read(found[0])


# The text is the key: two schools that are open at once never see each other's.
@lru_cache(maxsize=N_KEPT)
def _read(text: str, name: str, version: int) -> Instrument:
    return replace(instruments.read(text, name), version=version)


# --- adding ----------------------------------------------------------------------------------------------


def check(store: Store, actor: Actor, content: bytes) -> Checked:
    """Look at a file; nothing is stored."""
    require(actor, Right.OPEN_ROUND)
    with store.cursor() as con:
        return _checked(con, content)


def _checked(con: records.Connection, content: bytes) -> Checked:
    found, faults = instruments.check(content)
    text = content.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
    if found is None:
        return Checked(text, None, tuple(faults))
    earlier = records.find(
        con, InstrumentFile, where="key = $key", order="version", archived=True, key=found.key
    )
    if not earlier:
        return Checked(text, replace(found, version=1))
    last = earlier[-1]
    new = replace(found, version=last.version + 1)
    return Checked(text, new, before=last, same=replace(new, version=last.version) == read(last))


def add(store: Store, actor: Actor, content: bytes) -> InstrumentFile:
    """Store a school's own questionnaire: a first version, or the next one of a key that is there.

    The program counts the versions; what the file says of its own version is read as a remark. Raises
    `InstrumentInvalid` with the first fault, and `Incomplete` for a file that brings nothing new.
    """
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> InstrumentFile:
        checked = _checked(tx.con, content)
        if checked.instrument is None:
            first = checked.faults[0]
            raise InstrumentInvalid("", first.place, str(first.wrong))
        if checked.same:
            raise Incomplete("instrument", "instrument", "nothing_new")
        new = checked.instrument
        return tx.insert(
            InstrumentFile(
                instrument_id=new_id(),
                key=new.key,
                version=new.version,
                title=new.title["nl"],
                text=checked.text,
                added_on=config.today(),
            )
        )

    return store.write(use_case, actor=actor, verb="add_instrument")


def put_aside(store: Store, actor: Actor, key: str) -> None:
    """No new rounds with any version of this questionnaire; rounds that were held stay as they are."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> None:
        for one in _versions(tx, key):
            if not one.archived:
                tx.archive(InstrumentFile, one.id)

    store.write(use_case, actor=actor, verb="archive_instrument")


def bring_back(store: Store, actor: Actor, key: str) -> None:
    """New rounds can be opened with this questionnaire again."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> None:
        for one in _versions(tx, key):
            if one.archived:
                tx.restore(InstrumentFile, one.id)

    store.write(use_case, actor=actor, verb="restore_instrument")


def _versions(tx: Transaction, key: str) -> list[InstrumentFile]:
    found = tx.find(InstrumentFile, where="key = $key", archived=True, key=key)
    if not found:
        raise NotFound("instrument", key)
    return found
