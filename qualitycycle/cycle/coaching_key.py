"""The key of an internal coach's log: random, locked with her passphrase and with a printed recovery key.

Neither of the two is stored, and the key itself only lies open in the memory of the program, for one session of its
owner. Whoever holds the file has to guess her passphrase; when both are lost, so is the log.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from weakref import WeakKeyDictionary

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qualitycycle import config
from qualitycycle.errors import LogClosed, LogRefused
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

N_KEY, N_NONCE, N_SALT = 32, 12, 16
# RFC 9106, second recommended choice, on one thread: slower than signing in, because it happens once per session.
TIME_COST, MEMORY_KIB = 3, 65536
# Signs that cannot be taken for each other on paper; six groups of four hold 111 random bits.
ALPHABET = "ACDEFGHJKMNPQRTUVWXY34679"
GROUPS, GROUP = 6, 4
# As long as a session may be idle; then an open key is dropped even when nobody asks.
IDLE = timedelta(hours=2)
# Longer ones would only keep the computer busy.
N_LONGEST = 400


@dataclass(frozen=True)
class Locked:
    """A key as it may be stored: nobody opens it without what it was locked with."""

    salt: bytes
    body: bytes


@dataclass(frozen=True)
class _Held:
    owner_id: str
    key: bytearray
    used_at: datetime


# --- locking ---------------------------------------------------------------------------------------------


def new_key() -> bytes:
    return secrets.token_bytes(N_KEY)


def new_recovery_key() -> str:
    """Six groups of four signs, to be printed."""
    signs = "".join(secrets.choice(ALPHABET) for _ in range(GROUPS * GROUP))
    return "-".join(signs[n : n + GROUP] for n in range(0, len(signs), GROUP))


def lock(key: bytes, owner_id: str, words: str) -> Locked:
    """The key, to be opened again with these words only."""
    salt = secrets.token_bytes(N_SALT)
    return Locked(salt, encrypt(_from_words(words, salt), f"key of {owner_id}", key))


def unlock(locked: Locked, owner_id: str, words: str) -> bytes:
    """The key; raises `LogRefused` for other words, without saying what is wrong with them."""
    try:
        return decrypt(_from_words(words, locked.salt), f"key of {owner_id}", locked.body)
    except InvalidTag:
        raise LogRefused("wrong") from None


def typed_recovery_key(typed: str) -> str:
    """A recovery key as it was made, however its groups were typed."""
    signs = "".join(sign for sign in typed[:200].upper() if sign.isalnum())
    return "-".join(signs[n : n + GROUP] for n in range(0, len(signs), GROUP))


def encrypt(key: bytes, purpose: str, plain: bytes) -> bytes:
    nonce = secrets.token_bytes(N_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, plain, purpose.encode())


def decrypt(key: bytes, purpose: str, sealed: bytes) -> bytes:
    """What was encrypted for this purpose; raises `InvalidTag`."""
    return AESGCM(key).decrypt(sealed[:N_NONCE], sealed[N_NONCE:], purpose.encode())


def _from_words(words: str, salt: bytes) -> bytes:
    # The same letter typed on two keyboards is the same letter, as at signing in.
    typed = unicodedata.normalize("NFKC", words[:N_LONGEST])
    return hash_secret_raw(
        typed.encode(),
        salt,
        time_cost=TIME_COST,
        memory_cost=MEMORY_KIB,
        parallelism=1,
        hash_len=N_KEY,
        type=Type.ID,
    )


# --- as it is stored -------------------------------------------------------------------------------------


def is_made(store: Store, owner_id: str) -> bool:
    return bool(store.rows("SELECT 1 FROM coaching_key WHERE owner_id = $owner", owner=owner_id))


def stored(store: Store, owner_id: str) -> tuple[Locked, Locked]:
    """The key locked with the passphrase and with the recovery key; raises `LogRefused` when there is none."""
    rows = store.rows("SELECT * FROM coaching_key WHERE owner_id = $owner", owner=owner_id)
    if not rows:
        raise LogRefused("wrong")
    row = rows[0]
    return (
        Locked(bytes(row["passphrase_salt"]), bytes(row["passphrase_locked"])),
        Locked(bytes(row["recovery_salt"]), bytes(row["recovery_locked"])),
    )


def put(tx: Transaction, owner_id: str, passphrase: Locked, recovery: Locked) -> None:
    """Store both locks in the place of those of before."""
    had = tx.execute("DELETE FROM coaching_key WHERE owner_id = $owner RETURNING 1", owner=owner_id)
    tx.execute(
        "INSERT INTO coaching_key VALUES ($owner, $salt, $locked, $other_salt, $other_locked)",
        owner=owner_id,
        salt=passphrase.salt,
        locked=passphrase.body,
        other_salt=recovery.salt,
        other_locked=recovery.body,
    )
    tx.note("coaching_key", owner_id, is_new=not had)


def with_other_passphrase(
    store: Store, owner_id: str, present: str, passphrase: str
) -> Callable[[Transaction], None]:
    """Part of changing the passphrase one signs in with: the log goes along when it opens with the present one."""
    try:
        by_passphrase, by_recovery = stored(store, owner_id)
        key = unlock(by_passphrase, owner_id, present)
    except LogRefused:
        # There is no log, or it has a passphrase of its own.
        return lambda tx: None
    again = lock(key, owner_id, passphrase)
    return partial(put, owner_id=owner_id, passphrase=again, recovery=by_recovery)


# --- open, in memory -------------------------------------------------------------------------------------

_open: WeakKeyDictionary[Store, dict[str, _Held]] = WeakKeyDictionary()
_turns = threading.Lock()


def hold(store: Store, session: str, owner_id: str, key: bytes) -> None:
    """Keep a key for this session of its owner, until it ends or is not used for two hours."""
    with _turns:
        keys = _open.setdefault(store, {})
        _wipe(keys.get(_name_of(session)))
        keys[_name_of(session)] = _Held(owner_id, bytearray(key), config.now())
    _look_again(IDLE)


def held(store: Store, session: str | None, owner_id: str | None) -> bytes:
    """The key that is open in this session; raises `LogClosed` when there is none, or another person's."""
    if session is None:
        raise LogClosed
    drop_idle()
    with _turns:
        found = _open.get(store, {}).get(_name_of(session))
        if found is None or found.owner_id != owner_id:
            raise LogClosed
        _open[store][_name_of(session)] = replace(found, used_at=config.now())
        # A copy: who is writing at the moment it is wiped goes on with the key it began with.
        return bytes(found.key)


def forget(store: Store, session: str | None) -> None:
    """This session ended: its key goes."""
    if session is not None:
        with _turns:
            _wipe(_open.get(store, {}).pop(_name_of(session), None))


def forget_person(owner_id: str) -> None:
    """All sessions of this person ended: their keys go."""
    _drop(lambda one: one.owner_id == owner_id)


def drop_idle() -> None:
    """Forget keys that were not used for as long as a session may be idle."""
    now = config.now()
    _drop(lambda one: now - one.used_at > IDLE)


def _drop(which: Callable[[_Held], bool]) -> None:
    with _turns:
        for keys in list(_open.values()):
            for name in [name for name, one in keys.items() if which(one)]:
                _wipe(keys.pop(name))


def _wipe(one: _Held | None) -> None:
    """Write over a key that is kept no longer: what is only forgotten stays in memory for a while."""
    if one is not None:
        one.key[:] = bytes(len(one.key))


def _look_again(after: timedelta) -> None:
    """Come back when a key may have become idle, also when nobody opens a page any more."""
    timer = threading.Timer(after.total_seconds() + 1, _idle_passed)
    timer.daemon = True
    timer.start()


def _idle_passed() -> None:
    drop_idle()
    with _turns:
        left = [one.used_at for keys in _open.values() for one in keys.values()]
    if left:
        _look_again(max(timedelta(seconds=1), min(left) + IDLE - config.now()))


def _name_of(session: str) -> str:
    return hashlib.sha256(session.encode()).hexdigest()
