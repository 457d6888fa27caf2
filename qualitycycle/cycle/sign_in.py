"""Signing in: a passphrase per person, sessions kept here, and the ways in for who has no passphrase yet.

A passphrase is kept as an Argon2id hash and a session's token as a hash; neither can be turned back.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from weakref import WeakKeyDictionary

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from qualitycycle import config
from qualitycycle.cycle import coaching_key
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.patience import Patience
from qualitycycle.errors import Incomplete, NotAllowed, SignInRefused
from qualitycycle.model import Actor, Person, Role, School
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

# The cookie in which a browser keeps its token.
COOKIE = "qc_session"
N_SHORTEST = 12
# Longer ones would only keep the computer busy.
N_LONGEST = 200
LIVES = timedelta(hours=12)
IDLE = timedelta(hours=2)
WORD_LIVES = timedelta(hours=24)
# Signs that cannot be taken for each other, also when read out loud.
WORD_ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
WORD_GROUPS, WORD_GROUP = 3, 4
# OWASP Password Storage Cheat Sheet, Argon2id: 19 MiB, two passes, one thread.
HASHER = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
# What passphrases are most often made of, here and elsewhere. What is left without them must be long enough.
WORN = (
    "wachtwoord", "wachtzin", "password", "passphrase", "welkom", "welcome", "geheim", "qualitycycle",
    "qwertyuiop", "asdfghjkl", "zxcvbnm", "iloveyou", "abcdefgh", "abcdef", "1234567890", "0123456789",
    "123456789", "12345678", "123456", "12345", "1234", "school", "lente", "zomer", "herfst", "winter",
    "voorjaar", "najaar", "admin", "letmein", "leerkracht", "directeur",
)  # fmt: skip
N_LEFT, N_DIFFERENT = 6, 5


class Door(StrEnum):
    """What somebody who is not signed in meets at this school."""

    EMPTY = "empty"
    EXAMPLE = "example"
    UNCLAIMED = "unclaimed"
    CLOSED = "closed"


@dataclass(frozen=True)
class SignedIn:
    """A person with a session: who, in which role, until when."""

    person_id: str
    name: str
    role: Role
    ends_at: datetime

    @property
    def actor(self) -> Actor:
        return Actor(self.role, self.person_id)


@dataclass(frozen=True)
class _Known:
    """What one version of the store says about its door and its sessions."""

    version: int
    door: Door
    sessions: dict[str, SignedIn]


_known: WeakKeyDictionary[Store, _Known] = WeakKeyDictionary()
# When a session was last used, in memory only. After a restart every session starts counting anew.
_used: dict[str, datetime] = {}
_patience = Patience()
# One passphrase at a time: hashing takes memory on purpose, and guesses may not overtake the count of guesses.
_one_at_a_time = threading.Lock()


# --- who is there ----------------------------------------------------------------------------------------


def door(store: Store) -> Door:
    """Whether one has to sign in here: not before the first start, and not in the example school."""
    return _look(store).door


def session(store: Store, token: str | None) -> SignedIn | None:
    """Who this token stands for, or None when there is no such session (any more). Does not count as use."""
    found = _look(store).sessions.get(_hash_of(token)) if token else None
    if found is None or token is None:
        return None
    now = config.now()
    if found.ends_at <= now or now - _used.setdefault(_hash_of(token), now) > IDLE:
        sign_out(store, token)
        return None
    return found


def use(store: Store, token: str | None) -> SignedIn | None:
    """As `session`, and the session stays alive for two hours more."""
    found = session(store, token)
    if found is not None and token is not None:
        _used[_hash_of(token)] = config.now()
    return found


def leaders(store: Store) -> list[Person]:
    """Who may choose the first passphrase; empty once a school leader has one."""
    if door(store) is not Door.UNCLAIMED:
        return []
    with store.cursor() as con:
        return records.find(con, Person, where="role = 'leader'", order="name, person_id")


def has_access(store: Store, actor: Actor) -> dict[str, bool]:
    """Who has a passphrase (True) or only a word still to be used (False); others are not named."""
    require(actor, Right.MANAGE)
    rows = store.rows(
        "SELECT person_id, hash IS NOT NULL AS chosen FROM sign_in WHERE hash IS NOT NULL OR word_until > $now",
        now=config.now(),
    )
    return {row["person_id"]: bool(row["chosen"]) for row in rows}


def has_passphrase(store: Store, person_id: str) -> bool:
    """Whether this person signs in with a passphrase."""
    return person_id in _hashes(store, "SELECT person_id, hash FROM sign_in WHERE hash IS NOT NULL")


def is_own_passphrase(store: Store, person_id: str, passphrase: str) -> bool:
    """Whether this person signs in with this passphrase. Who asks counts the wrong ones."""
    return _whose(store, [_person(store, person_id)], passphrase) is not None


def check_chosen(store: Store, person_id: str, passphrase: str, again: str) -> None:
    """Raise `Incomplete` for a passphrase that this person should not choose."""
    _check(store, _person(store, person_id), passphrase, again)


def _look(store: Store) -> _Known:
    known = _known.get(store)
    if known is None or known.version != store.version:
        # Before the reading: a write in between makes this one out of date, never too new.
        version = store.version
        known = _known[store] = _Known(version, _door(store), _sessions(store))
    return known


def _door(store: Store) -> Door:
    with store.cursor() as con:
        schools = records.find(con, School)
    if not schools:
        return Door.EMPTY
    if schools[0].is_demo:
        return Door.EXAMPLE
    # A reset of the only leader leaves a row behind: it does not open the door to whoever comes first.
    return Door.CLOSED if store.rows("SELECT 1 AS one FROM sign_in LIMIT 1") else Door.UNCLAIMED


def _sessions(store: Store) -> dict[str, SignedIn]:
    rows = store.rows(
        """
        SELECT s.token_hash, s.ends_at, p.person_id, p.name, p.role
        FROM session s
        JOIN person p USING (person_id)
        WHERE p.archived_at IS NULL
        """
    )
    return {
        row["token_hash"]: SignedIn(row["person_id"], row["name"], Role(row["role"]), row["ends_at"])
        for row in rows
    }


# --- in and out ------------------------------------------------------------------------------------------


def sign_in(store: Store, name: str, passphrase: str) -> str | None:
    """A new session's token for who gives a name and its passphrase.

    None means that the passphrase was a word handed out by a school leader: now choose your own, with
    `choose`. Raises `SignInRefused`: wrong, or wait after too many wrong ones.
    """
    with _one_at_a_time:
        key = _folded(name)
        _wait_if_needed(key)
        people = _people_called(store, name)
        person_id = _whose(store, people, passphrase)
        if person_id is not None:
            _patience.forget(key)
            return begin(store, person_id)
        if _whose_word(store, people, passphrase) is not None:
            return None
        _patience.count(key)
    raise SignInRefused("wrong")


def choose(store: Store, name: str, word: str, passphrase: str, again: str) -> str:
    """Choose a passphrase with the word that a school leader handed out; the word is spent. Returns a token."""
    with _one_at_a_time:
        key = _folded(name)
        _wait_if_needed(key)
        person_id = _whose_word(store, _people_called(store, name), word)
        if person_id is None:
            _patience.count(key)
            raise SignInRefused("word")
        _set(store, _person(store, person_id), passphrase, again, verb="choose_passphrase")
        _patience.forget(key)
        return begin(store, person_id)


def claim(store: Store, person_id: str, passphrase: str, again: str) -> str:
    """The first passphrase of a school, of one of its leaders. Returns a token.

    Raises `NotAllowed` once somebody has a passphrase. Where it may be done from is the server's to check.
    """
    with _one_at_a_time:
        person = next((one for one in leaders(store) if one.person_id == person_id), None)
        if person is None:
            raise NotAllowed(str(Role.LEADER), str(Right.MANAGE))
        _set(store, person, passphrase, again, verb="claim_school")
        return begin(store, person_id)


def change_own(store: Store, actor: Actor, present: str, passphrase: str, again: str) -> str:
    """Change one's own passphrase. Every session of this person ends; returns the token of a new one."""
    with _one_at_a_time:
        person = _person(store, actor.person_id or "")
        key = _folded(person.name)
        _wait_if_needed(key)
        if _whose(store, [person], present) is None:
            _patience.count(key)
            raise SignInRefused("present")
        _patience.forget(key)
        _check(store, person, passphrase, again)
        # Only here both are known: what was locked with the present one goes along.
        along = coaching_key.with_other_passphrase(store, person.person_id, present, passphrase)
        _set(store, person, passphrase, again, verb="change_passphrase", along=along)
        return begin(store, person.person_id)


def hand_out(store: Store, actor: Actor, person_id: str) -> str:
    """A word with which this person can choose a passphrase within a day. It can be shown only now.

    The passphrase of before no longer works, and the person's sessions end. Not for oneself: that is `change_own`.
    """
    require(actor, Right.MANAGE)
    if actor.person_id == person_id:
        raise NotAllowed(str(actor.role), str(Right.MANAGE))
    word = "".join(secrets.choice(WORD_ALPHABET) for _ in range(WORD_GROUPS * WORD_GROUP))
    hashed = HASHER.hash(word)

    def use_case(tx: Transaction) -> None:
        person = tx.get(Person, person_id)
        if person.archived:
            raise NotAllowed(str(person.role), str(Right.SEE_THREAD))
        tx.execute("DELETE FROM sign_in WHERE person_id = $person", person=person_id)
        tx.execute(
            "INSERT INTO sign_in (person_id, word_hash, word_until) VALUES ($person, $hash, $until)",
            person=person_id,
            hash=hashed,
            until=config.now() + WORD_LIVES,
        )
        end_sessions(tx, person_id)
        tx.note("sign_in", person_id, is_new=False)

    store.write(use_case, actor=actor, verb="hand_out_word")
    return "-".join(word[n : n + WORD_GROUP] for n in range(0, len(word), WORD_GROUP))


def sign_out(store: Store, token: str | None) -> None:
    """End this session; one that is not there is fine."""
    coaching_key.forget(store, token)
    found = _look(store).sessions.get(_hash_of(token)) if token else None
    if token is None or found is None:
        return
    hashed = _hash_of(token)
    _used.pop(hashed, None)
    store.write(
        lambda tx: tx.execute("DELETE FROM session WHERE token_hash = $hash", hash=hashed),
        actor=found.actor,
        verb="sign_out",
    )


def sign_out_everywhere(store: Store, actor: Actor) -> None:
    """End every session of this person, this one too."""
    if actor.person_id is not None:
        store.write(
            lambda tx: end_sessions(tx, str(actor.person_id)), actor=actor, verb="sign_out_everywhere"
        )


def end_sessions(tx: Transaction, person_id: str) -> None:
    """Part of every use case after which a person has to sign in again."""
    coaching_key.forget_person(person_id)
    tx.execute("DELETE FROM session WHERE person_id = $person", person=person_id)


def begin(store: Store, person_id: str) -> str:
    """A new session's token for a person of whom it is known who she is."""
    # Always a new token: one that was there before signing in stands for nobody afterwards.
    token = secrets.token_urlsafe(32)
    person = _person(store, person_id)
    now = config.now()

    def use_case(tx: Transaction) -> None:
        tx.execute("DELETE FROM session WHERE ends_at <= $now", now=now)
        tx.execute(
            "INSERT INTO session VALUES ($hash, $person, $ends_at)",
            hash=_hash_of(token),
            person=person_id,
            ends_at=now + LIVES,
        )

    store.write(use_case, actor=Actor(person.role, person_id), verb="sign_in")
    for hashed in _used.keys() - _look(store).sessions.keys():
        _used.pop(hashed, None)
    _used[_hash_of(token)] = now
    return token


# --- people and what they typed --------------------------------------------------------------------------


def _people_called(store: Store, name: str) -> list[Person]:
    """Usually one; names that differ in spaces only count as two people elsewhere."""
    with store.cursor() as con:
        people = records.find(con, Person)
    return [person for person in people if _folded(person.name) == _folded(name)]


def _person(store: Store, person_id: str) -> Person:
    with store.cursor() as con:
        return records.get(con, Person, person_id)


def _whose(store: Store, people: Iterable[Person], passphrase: str) -> str | None:
    """Which of these people has this passphrase. Takes as long when nobody has that name."""
    hashes = _hashes(store, "SELECT person_id, hash FROM sign_in WHERE hash IS NOT NULL")
    tried = {person.person_id: hashes[person.person_id] for person in people if person.person_id in hashes}
    for person_id, hashed in tried.items():
        if _fits(hashed, _normal(passphrase)):
            return person_id
    if not tried:
        _fits(_nobodys_hash(), _normal(passphrase))
    return None


def _whose_word(store: Store, people: Iterable[Person], word: str) -> str | None:
    hashes = _hashes(
        store,
        "SELECT person_id, word_hash AS hash FROM sign_in WHERE word_until > $now AND word_hash IS NOT NULL",
        now=config.now(),
    )
    typed = "".join(sign for sign in word.upper() if sign.isalnum())
    if len(typed) != WORD_GROUPS * WORD_GROUP:
        return None
    found = (person.person_id for person in people if person.person_id in hashes)
    return next((person_id for person_id in found if _fits(hashes[person_id], typed)), None)


def _hashes(store: Store, sql: str, **parameters: object) -> dict[str, str]:
    return {row["person_id"]: row["hash"] for row in store.rows(sql, **parameters)}


def _set(
    store: Store,
    person: Person,
    passphrase: str,
    again: str,
    *,
    verb: str,
    along: Callable[[Transaction], None] = lambda tx: None,
) -> None:
    _check(store, person, passphrase, again)
    hashed = HASHER.hash(_normal(passphrase))

    def use_case(tx: Transaction) -> None:
        had = tx.execute("DELETE FROM sign_in WHERE person_id = $person RETURNING 1", person=person.person_id)
        tx.execute(
            "INSERT INTO sign_in (person_id, hash) VALUES ($person, $hash)",
            person=person.person_id,
            hash=hashed,
        )
        end_sessions(tx, person.person_id)
        tx.note("sign_in", person.person_id, is_new=not had)
        along(tx)

    store.write(use_case, actor=Actor(person.role, person.person_id), verb=verb)


def _check(store: Store, person: Person, passphrase: str, again: str) -> None:
    """Raise `Incomplete` for a passphrase that is easily guessed; nothing is asked of its signs."""
    typed = _normal(passphrase)
    if len(typed) < N_SHORTEST:
        raise Incomplete("person", "passphrase", "too_short", str(N_SHORTEST))
    if len(typed) > N_LONGEST:
        raise Incomplete("person", "passphrase", "too_long", str(N_LONGEST))
    if typed != _normal(again):
        raise Incomplete("person", "passphrase", "not_the_same")
    with store.cursor() as con:
        schools = records.find(con, School)
    names = [person.name, *(school.name for school in schools)]
    if len(set(typed)) < N_DIFFERENT or len(_left_of(typed, names)) < N_LEFT:
        raise Incomplete("person", "passphrase", "too_easy")


def _left_of(typed: str, names: Iterable[str]) -> str:
    """What is left of a passphrase without names, worn words and what stands between them."""
    left = "".join(sign for sign in _folded(typed) if sign.isalnum())
    words = {word for name in names for word in _folded(name).split() if len(word) > 2}
    for word in sorted(words | set(WORN), key=len, reverse=True):
        left = left.replace(word, "")
    return left


def _wait_if_needed(key: str) -> None:
    seconds = _patience.seconds_to_wait(key)
    if seconds:
        raise SignInRefused("wait", seconds)


def _fits(hashed: str, typed: str) -> bool:
    try:
        return HASHER.verify(hashed, typed)
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys_hash() -> str:
    return HASHER.hash(secrets.token_hex(16))


def _normal(passphrase: str) -> str:
    # The same letter typed on two keyboards is the same letter (NIST SP 800-63B).
    return unicodedata.normalize("NFKC", passphrase[: 2 * N_LONGEST])


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name[:N_LONGEST]).casefold().split())


def _hash_of(token: str) -> str:
    # A token has 256 random bits: a fast hash is enough, it cannot be guessed.
    return hashlib.sha256(token.encode()).hexdigest()
