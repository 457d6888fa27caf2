"""Do: a code opens a questionnaire and is spent with the answers, and nothing joins the two.

Apart from opening and closing rounds: this is all that a phone needs, and it needs none of the statistics.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from qualitycycle.cycle import questionnaires
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import AnswersRefused, CodeRefused, QualityCycleError
from qualitycycle.model import Actor, Instrument, Round, RoundState
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion

# Capital letters and digits that nobody mistakes for another on paper: no 0/O, 1/I/L, 5/S, 8/B, 2/Z.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
CODE_LENGTH = 8


def hash_code(secret: bytes, code: str) -> str:
    """The keyed hash of a code; what is typed in small letters, with spaces or hyphens, is the same code."""
    plain = "".join(sign for sign in code.upper() if sign.isalnum())
    return hmac.new(secret, plain.encode(), hashlib.sha256).hexdigest()


def look_up(store: Store, code: str) -> Round:
    """The open round a code belongs to; raises `CodeRefused`."""
    code_hash = hash_code(store.secret, code)
    # A whole team opens the form in the same minute: the usable codes are read once for all of them.
    return _usable(store).get(code_hash) or _look_up_in_file(store, code_hash)


def open_rounds(store: Store) -> list[Round]:
    """The rounds of which a code can still be used."""
    return list({one.round_id: one for one in _usable(store).values()}.values())


def _read_usable(store: Store) -> dict[str, Round]:
    with store.cursor() as con:
        rounds = {
            one.round_id: one for one in records.find(con, Round, where="state = 'open'", archived=True)
        }
        rows = con.execute(
            "SELECT code_hash, round_id FROM invite WHERE NOT spent AND round_id IN (SELECT unnest($ids))",
            {"ids": list(rounds)},
        ).fetchall()
    return {code_hash: rounds[round_id] for code_hash, round_id in rows}


_usable = PerVersion(_read_usable)


def is_vote(store: Store, code: str) -> bool:
    """Whether a code belongs to a confidence vote, open or ended."""
    return hash_code(store.secret, code) in _votes(store)


def _read_votes(store: Store) -> frozenset[str]:
    return frozenset(row["code_hash"] for row in store.rows("SELECT code_hash FROM confidence_code"))


_votes = PerVersion(_read_votes)


def _look_up_in_file(store: Store, code_hash: str) -> Round:
    with store.cursor() as con:
        found = con.execute(
            "SELECT round_id, spent FROM invite WHERE code_hash = $hash", {"hash": code_hash}
        ).fetchone()
        if found is None:
            raise CodeRefused("unknown")
        one = records.get(con, Round, found[0])
    if found[1]:
        raise CodeRefused("spent")
    if one.state is not RoundState.OPEN:
        raise CodeRefused("closed")
    return one


def answer(store: Store, actor: Actor, code: str, answers: Mapping[str, int]) -> None:
    """Spend the code and store the answers, both or neither, with nothing that joins them.

    `answers` maps item keys to values; a statement without an answer is left out. Raises `CodeRefused`
    and `AnswersRefused`.
    """
    require(actor, Right.FILL_IN)
    given = Given(hash_code(store.secret, code), dict(answers))
    # A team sends within the same minute: what waits is stored together, in a tenth of the time.
    # Not counted among the file's changes: the record of changes would tell how many came between two moments.
    store.write_joined(_store_all, given, actor=actor, verb="answer", counts=False)


@dataclass(frozen=True)
class Given:
    """What somebody sent: the hash of her code, and her answers."""

    code_hash: str
    answers: dict[str, int]


@dataclass(frozen=True)
class Invite:
    code_hash: str
    round_id: str
    team_id: str
    spent: bool


def _store_all(tx: Transaction, waiting: list[Given]) -> list[QualityCycleError | None]:
    """Spend all codes and store all answers that wait; who is refused is known before anything is written."""
    invites = _invites(tx, [one.code_hash for one in waiting])
    rounds = {round_id: tx.get(Round, round_id) for round_id in {one.round_id for one in invites.values()}}
    taken: dict[str, Given] = {}
    outcomes: list[QualityCycleError | None] = []
    for one in waiting:
        refused = _refusal(tx, one, invites.get(one.code_hash), rounds, taken)
        if refused is None:
            taken[one.code_hash] = one
        outcomes.append(refused)
    if taken:
        _spend(tx, list(taken))
        for round_id in rounds:
            own = [one for one in taken if invites[one].round_id == round_id]
            add(tx, round_id, [(invites[one].team_id, taken[one].answers) for one in own])
    return outcomes


def _invites(tx: Transaction, hashes: list[str]) -> dict[str, Invite]:
    rows = tx.execute(
        "SELECT code_hash, round_id, team_id, spent FROM invite WHERE code_hash IN (SELECT unnest($hashes))",
        hashes=hashes,
    )
    return {row[0]: Invite(*row) for row in rows}


def _refusal(
    tx: Transaction,
    one: Given,
    invite: Invite | None,
    rounds: Mapping[str, Round],
    taken: Mapping[str, Given],
) -> QualityCycleError | None:
    if invite is None:
        return CodeRefused("unknown")
    if invite.spent or one.code_hash in taken:
        return CodeRefused("spent")
    asked = rounds[invite.round_id]
    if asked.state is not RoundState.OPEN:
        return CodeRefused("closed")
    instrument = questionnaires.within(tx, asked.instrument_key, asked.instrument_version)
    wrong = wrong_answers(instrument, one.answers)
    return AnswersRefused(wrong) if wrong else None


def _spend(tx: Transaction, hashes: list[str]) -> None:
    tx.execute("UPDATE invite SET spent = true WHERE code_hash IN (SELECT unnest($hashes))", hashes=hashes)


def wrong_answers(instrument: Instrument, answers: Mapping[str, int]) -> tuple[str, ...]:
    """The keys of answers that this questionnaire cannot have."""
    keys = {item.key for item in instrument.items}
    return tuple(
        key
        for key, value in answers.items()
        if key not in keys
        or not isinstance(value, int)
        or not instrument.minimum <= value <= instrument.maximum
    )


def check_answers(instrument: Instrument, answers: Mapping[str, int]) -> None:
    """Raises `AnswersRefused`."""
    if wrong := wrong_answers(instrument, answers):
        raise AnswersRefused(wrong)


# --- the answers -----------------------------------------------------------------------------------------

# The team and the answers of one person.
Sheet = tuple[str, Mapping[str, int]]


def add(tx: Transaction, round_id: str, given: Sequence[Sheet]) -> None:
    """Put answers among those of an open round: all are sealed anew, in random order."""
    tx.add_sealed(round_id, given, first=lambda: _take_rows(tx, round_id))


def take_all(tx: Transaction, round_id: str) -> list[Sheet]:
    """All answers of an open round, in no order, for who writes them again in this transaction."""
    return [*_take_rows(tx, round_id), *((team_id, answers) for team_id, answers in tx.sealed(round_id))]


def _take_rows(tx: Transaction, round_id: str) -> list[Sheet]:
    """Answers that an earlier version of the program stored as rows while the round was open."""
    rows = tx.execute("SELECT response_id, team_id FROM response WHERE round_id = $round", round=round_id)
    if not rows:
        return []
    ids = [response_id for response_id, _team in rows]
    answers = tx.execute(
        "SELECT response_id, item_key, value FROM answer WHERE response_id IN (SELECT unnest($ids))", ids=ids
    )
    tx.execute("DELETE FROM answer WHERE response_id IN (SELECT unnest($ids))", ids=ids)
    tx.execute("DELETE FROM response WHERE round_id = $round", round=round_id)
    sheets: dict[str, dict[str, int]] = {response_id: {} for response_id in ids}
    for response_id, key, value in answers:
        sheets[response_id][key] = value
    return [(team_id, sheets[response_id]) for response_id, team_id in rows]


def n_so_far(store: Store, asked_id: str) -> int:
    """How many answers an open round or vote has; raises `AnswersUnreadable`."""
    with store.cursor() as con:
        row = con.execute(
            """
            SELECT (SELECT count(*) FROM response WHERE round_id = $asked)
              + (SELECT count(*) FROM confidence_answer WHERE confidence_vote_id = $asked)
            """,
            {"asked": asked_id},
        ).fetchone()
        as_rows: Any = row[0] if row else 0
        return int(as_rows) + len(store.seals.read(con, asked_id))


def store_responses(tx: Transaction, round_id: str, given: Sequence[tuple[str, Mapping[str, int]]]) -> None:
    """Store answers with their team, each under a new random id: two statements, however many there are."""
    ids = [new_id() for _ in given]
    if not ids:
        return
    tx.execute(
        "INSERT INTO response (response_id, round_id, team_id) SELECT unnest($ids), $round, unnest($teams)",
        ids=ids,
        round=round_id,
        teams=[team_id for team_id, _ in given],
    )
    answers = [
        (own, key, value) for own, (_, one) in zip(ids, given, strict=True) for key, value in one.items()
    ]
    if answers:
        tx.execute(
            "INSERT INTO answer (response_id, item_key, value)"
            " SELECT unnest($ids), unnest($keys), unnest($values)",
            ids=[answer[0] for answer in answers],
            keys=[answer[1] for answer in answers],
            values=[answer[2] for answer in answers],
        )
