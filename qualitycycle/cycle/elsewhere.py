"""Do: forms that were filled in elsewhere come into a round, by the same rules and through the same gate."""

from __future__ import annotations

import hashlib
import hmac
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from qualitycycle import config
from qualitycycle.cycle import promise, questionnaires, rounds
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.imports import responses
from qualitycycle.imports.responses import FormMapping, Forms, FormsRead
from qualitycycle.model import Actor, Instrument, Round, RoundState, Team
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id


@dataclass(frozen=True, eq=False)
class Received:
    """A file as far as it came through the door, and by what it will be known again."""

    forms: Forms
    instrument: Instrument
    file_hash: str
    read_before: str = ""


@dataclass(frozen=True)
class NewRound:
    """What a round is told that was filled in elsewhere: `promised` in the words it was promised with there."""

    cycle_id: str
    title: str
    filled_in_on: date
    invited: Mapping[str, int]
    promised: str
    floor: int


def fillable(store: Store, actor: Actor) -> list[Instrument]:
    """The questionnaires of which a form can come in: what a round can be opened with, and what open rounds ask."""
    require(actor, Right.OPEN_ROUND)
    found = {(one.key, one.version): one for one in questionnaires.offered(store)}
    with store.cursor() as con:
        asked = records.find(con, Round, where="state = 'open'")
    for one in asked:
        version = (one.instrument_key, one.instrument_version)
        found.setdefault(version, questionnaires.get(store, *version))
    return [found[version] for version in sorted(found)]


def receive(store: Store, actor: Actor, content: bytes, filename: str, instrument: Instrument) -> Received:
    """Read a file; nothing is stored. Raises `ImportRejected`."""
    require(actor, Right.OPEN_ROUND)
    with store.cursor() as con:
        names = [team.name for team in records.find(con, Team)]
    forms = responses.read_forms(content, filename, instrument, names)
    file_hash = hmac.new(store.secret, b"filled in elsewhere" + content, hashlib.sha256).hexdigest()
    rows = store.rows(
        "SELECT r.title FROM filled_in_elsewhere JOIN round r USING (round_id) WHERE file_hash = $hash",
        hash=file_hash,
    )
    return Received(forms, instrument, file_hash, rows[0]["title"] if rows else "")


def mapping_for(received: Received, team: str) -> FormMapping:
    """What the columns probably are."""
    return FormMapping(dict(received.forms.suggested), team=team)


def read(received: Received, mapping: FormMapping) -> FormsRead:
    """The rows as this mapping reads them."""
    return responses.read_rows(received.forms, mapping, received.instrument)


def open_rounds(store: Store, actor: Actor, cycle_id: str, instrument: Instrument) -> list[Round]:
    """The open rounds of a cycle into which forms of this questionnaire fit."""
    return [
        one
        for one in rounds.rounds_of(store, actor, cycle_id)
        if one.state is RoundState.OPEN
        and (one.instrument_key, one.instrument_version) == (instrument.key, instrument.version)
    ]


# --- storing ---------------------------------------------------------------------------------------------


def into_round(store: Store, actor: Actor, round_id: str, received: Received, ready: FormsRead) -> Round:
    """Store the rows among the answers of an open round; each uses up a code of its team that nobody has used.

    Raises `Incomplete` for a file that was read in before, `TooMuchPaper` for more rows than people who have not
    answered, `AnswersRefused` and `RoundClosed`.
    """
    require(actor, Right.OPEN_ROUND)
    _refuse_nothing(ready)

    def use_case(tx: Transaction) -> Round:
        one = tx.get(Round, round_id)
        instrument = received.instrument
        if (one.instrument_key, one.instrument_version) != (instrument.key, instrument.version):
            raise Incomplete("round", "instrument", "other_version")
        _know_again(tx, received.file_hash, one)
        rounds.take_forms(tx, round_id, _in_any_order(ready))
        return one

    return store.write(use_case, actor=actor, verb="read_in_forms")


def as_round(store: Store, actor: Actor, new: NewRound, received: Received, ready: FormsRead) -> Round:
    """Store the rows as a round of their own, closed at once: its result is computed, passes the gate and is frozen.

    Raises `Incomplete` for what is missing or does not fit, and for a file that was read in before.
    """
    require(actor, Right.OPEN_ROUND)
    _refuse_nothing(ready)
    _check(new, ready)
    questionnaires.to_open(store, received.instrument.key)

    def use_case(tx: Transaction) -> Round:
        instrument = received.instrument
        one = Round(
            round_id=new_id(),
            cycle_id=new.cycle_id,
            instrument_key=instrument.key,
            instrument_version=instrument.version,
            title=new.title.strip(),
            opened_on=new.filled_in_on,
            floor=new.floor,
            promise=promise.made_elsewhere(
                new.promised.strip(), new.floor, new.invited, instrument.languages
            ),
        )
        # Nobody gets these codes; a round without codes would be another kind of round everywhere.
        rounds.begin(tx, store.secret, one, new.invited)
        _know_again(tx, received.file_hash, one)
        rounds.take_forms(tx, one.round_id, _in_any_order(ready))
        return rounds.finish(tx, one.round_id, new.filled_in_on)

    stored = store.write(use_case, actor=actor, verb="read_in_forms")
    store.checkpoint()
    return stored


def _refuse_nothing(ready: FormsRead) -> None:
    if not ready.given:
        raise Incomplete("round", "rows")


def _check(new: NewRound, ready: FormsRead) -> None:
    rounds.check_round(new.title, new.invited, None, new.floor)
    if not new.promised.strip():
        raise Incomplete("round", "promise")
    if new.filled_in_on > config.today():
        raise Incomplete("round", "filled_in_on", "in_future")
    for team_id, n in ready.n_by_team.items():
        if n > new.invited.get(team_id, 0):
            raise Incomplete("round", "n_invited", "fewer_than_forms", str(n))


def _in_any_order(ready: FormsRead) -> list[tuple[str, dict[str, int]]]:
    return random.SystemRandom().sample(ready.given, len(ready.given))


def _know_again(tx: Transaction, file_hash: str, one: Round) -> None:
    before = tx.execute(
        "SELECT r.title FROM filled_in_elsewhere JOIN round r USING (round_id) WHERE file_hash = $hash",
        hash=file_hash,
    )
    if before:
        raise Incomplete("round", "file", "read_before", before[0][0])
    tx.execute(
        "INSERT INTO filled_in_elsewhere (file_hash, round_id) VALUES ($hash, $round)",
        hash=file_hash,
        round=one.round_id,
    )
