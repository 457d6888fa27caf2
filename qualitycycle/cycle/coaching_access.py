"""Opening an internal coach's log: making its key, opening it once per session, and what there is when a key is lost.

Every verb is about the log of who asks: there is no way to name another owner.
"""

from __future__ import annotations

import threading

from qualitycycle.cycle import coaching_key, sign_in
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.patience import Patience
from qualitycycle.cycle.sign_in import Door
from qualitycycle.errors import LogClosed, LogRefused, NotAllowed
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

_patience = Patience()
# Guesses may not overtake the count of guesses.
_one_at_a_time = threading.Lock()


def owner(actor: Actor) -> str:
    """Whose log this actor keeps; raises `NotAllowed` for who keeps none."""
    require(actor, Right.GUIDE)
    if actor.person_id is None:
        raise NotAllowed(str(actor.role), str(Right.GUIDE))
    return actor.person_id


def is_made(store: Store, actor: Actor) -> bool:
    """Whether this person has a log."""
    return coaching_key.is_made(store, owner(actor))


def follows_sign_in(store: Store, actor: Actor) -> bool:
    """Whether this person signs in with a passphrase: then it opens the log too. Else the log gets one of its own."""
    return sign_in.has_passphrase(store, owner(actor))


def make(store: Store, actor: Actor, session: str, passphrase: str, again: str = "") -> str:
    """Make a log and open it; returns the recovery key, which can be shown only now.

    Raises `LogRefused` when this is not the passphrase one signs in with, and `Incomplete` for one of its own that is
    easily guessed.
    """
    owner_id = owner(actor)
    with _one_at_a_time:
        if coaching_key.is_made(store, owner_id):
            raise LogRefused("there")
        _check_chosen(store, actor, passphrase, again)
    return _lock_anew(store, actor, session, coaching_key.new_key(), passphrase, verb="make_log")


def open_log(store: Store, actor: Actor, session: str, passphrase: str) -> None:
    """Open the log for this session; raises `LogRefused`: wrong, or wait after too many wrong ones."""
    owner_id = owner(actor)
    with _one_at_a_time:
        by_passphrase, _by_recovery = coaching_key.stored(store, owner_id)
        key = _with_patience(owner_id, by_passphrase, passphrase)
    coaching_key.hold(store, session, owner_id, key)


def recover(
    store: Store, actor: Actor, session: str, recovery_key: str, passphrase: str, again: str = ""
) -> str:
    """Open the log with the recovery key and lock it with another passphrase; returns a new recovery key."""
    owner_id = owner(actor)
    with _one_at_a_time:
        _by_passphrase, by_recovery = coaching_key.stored(store, owner_id)
        typed = coaching_key.typed_recovery_key(recovery_key)
        key = _with_patience(owner_id, by_recovery, typed)
        _check_chosen(store, actor, passphrase, again)
    return _lock_anew(store, actor, session, key, passphrase, verb="recover_log")


def lock_anew(store: Store, actor: Actor, session: str, passphrase: str, again: str = "") -> str:
    """Another passphrase and another recovery key for a log that is open; those of before no longer work."""
    key = data_key(store, actor, session)
    with _one_at_a_time:
        _check_chosen(store, actor, passphrase, again)
    return _lock_anew(store, actor, session, key, passphrase, verb="lock_log")


def give_up(store: Store, actor: Actor) -> None:
    """Throw the log away, because nothing opens it any more, or because its owner wants it gone."""
    owner_id = owner(actor)

    def use_case(tx: Transaction) -> None:
        for table in ("coaching_log", "coaching_key", "coaching_total"):
            # One of our own three names.
            tx.execute(f"DELETE FROM {table} WHERE owner_id = $owner", owner=owner_id)  # noqa: S608
        tx.note("coaching_key", owner_id, is_new=False)

    store.write(use_case, actor=actor, verb="give_up_log")
    coaching_key.forget_person(owner_id)


def close(store: Store, session: str | None) -> None:
    """Close the log in this session."""
    coaching_key.forget(store, session)


def is_open(store: Store, actor: Actor, session: str | None) -> bool:
    try:
        data_key(store, actor, session)
    except LogClosed:
        return False
    return True


def data_key(store: Store, actor: Actor, session: str | None) -> bytes:
    """The key of this person's log, when it is open in this session; raises `LogClosed`."""
    owner_id = owner(actor)
    if sign_in.door(store) is not Door.EXAMPLE:
        # In the example school nobody signs in, and a session is a window of the browser.
        who = sign_in.session(store, session)
        if who is None or who.person_id != owner_id:
            coaching_key.forget(store, session)
            raise LogClosed
    return coaching_key.held(store, session, owner_id)


def _lock_anew(store: Store, actor: Actor, session: str, key: bytes, passphrase: str, *, verb: str) -> str:
    owner_id = owner(actor)
    recovery_key = coaching_key.new_recovery_key()
    by_passphrase = coaching_key.lock(key, owner_id, passphrase)
    by_recovery = coaching_key.lock(key, owner_id, recovery_key)
    store.write(lambda tx: coaching_key.put(tx, owner_id, by_passphrase, by_recovery), actor=actor, verb=verb)
    coaching_key.hold(store, session, owner_id, key)
    return recovery_key


def _check_chosen(store: Store, actor: Actor, passphrase: str, again: str) -> None:
    """Who signs in with a passphrase uses that one, so that there is one to keep; others choose one."""
    owner_id = owner(actor)
    if not sign_in.has_passphrase(store, owner_id):
        sign_in.check_chosen(store, owner_id, passphrase, again)
        return
    _wait_if_needed(owner_id)
    if not sign_in.is_own_passphrase(store, owner_id, passphrase):
        _patience.count(owner_id)
        raise LogRefused("sign_in")


def _with_patience(owner_id: str, locked: coaching_key.Locked, words: str) -> bytes:
    _wait_if_needed(owner_id)
    try:
        key = coaching_key.unlock(locked, owner_id, words)
    except LogRefused:
        _patience.count(owner_id)
        raise
    _patience.forget(owner_id)
    return key


def _wait_if_needed(owner_id: str) -> None:
    seconds = _patience.seconds_to_wait(owner_id)
    if seconds:
        raise LogRefused("wait", seconds)
