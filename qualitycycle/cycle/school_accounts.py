"""Signing in with the account that a school gives its people: beside a passphrase, where a school has that.

Who somebody is says the school's identity provider (OpenID Connect); who that is in this program says the school
leader, by the address of the account. The address is kept as a keyed hash only.
"""

from __future__ import annotations

import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from typing import Any

from qualitycycle.cycle import sign_in
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete, NotAllowed, SignInRefused
from qualitycycle.model import Actor, Person
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

N_LONGEST = 254

_offered = False


def offer(*, available: bool) -> None:
    """Told at the start of the program: whether a provider is set up here."""
    global _offered
    _offered = available


def is_offered() -> bool:
    return _offered


def people_with_account(store: Store, actor: Actor) -> frozenset[str]:
    """Of whom an account is known; the accounts themselves cannot be read back."""
    require(actor, Right.MANAGE)
    return frozenset(row["person_id"] for row in store.rows("SELECT person_id FROM school_account"))


def set_account(store: Store, actor: Actor, person_id: str, address: str) -> Person:
    """Let this person sign in with this account, known by its e-mail address; an empty one ends that.

    Raises `Incomplete` for what is no address, or one of somebody else here.
    """
    require(actor, Right.MANAGE)
    plain = _plain(address)
    if plain and not _is_address(plain):
        raise Incomplete("person", "account", "no_address")
    hashed = _hash(store.secret, "address", plain)

    def use_case(tx: Transaction) -> Person:
        person = tx.get(Person, person_id)
        if person.archived:
            raise NotAllowed(str(person.role), str(Right.SEE_THREAD))
        taken = tx.execute(
            "SELECT 1 FROM school_account WHERE address_hash = $hash AND person_id <> $person",
            hash=hashed,
            person=person_id,
        )
        if plain and taken:
            raise Incomplete("person", "account", "account_taken")
        tx.execute("DELETE FROM school_account WHERE person_id = $person", person=person_id)
        # Whoever came in with the account of before is not to stay.
        sign_in.end_sessions(tx, person_id)
        if plain:
            tx.execute(
                "INSERT INTO school_account (person_id, address_hash) VALUES ($person, $hash)",
                person=person_id,
                hash=hashed,
            )
        tx.note("school_account", person_id, is_new=bool(plain))
        return person

    return store.write(use_case, actor=actor, verb="set_school_account")


def enter(store: Store, claims: Mapping[str, Any]) -> str:
    """A new session's token for whom the provider's `claims` name; raises `SignInRefused`.

    An address is believed at the first use only. From then on the account is known by what the provider itself calls
    it: an address can be given to somebody else.
    """
    issuer, subject = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and issuer and isinstance(subject, str) and subject):
        raise SignInRefused("account")
    subject_hash = _hash(store.secret, "subject", f"{issuer}\n{subject}")
    known = _found(store, "a.subject_hash = $hash", subject_hash)
    if known is not None:
        return sign_in.begin(store, known.person_id)
    address = _address_in(claims)
    new = _found(
        store, "a.address_hash = $hash AND a.subject_hash IS NULL", _hash(store.secret, "address", address)
    )
    if new is None or not address:
        raise SignInRefused("account")
    _bind(store, new, subject_hash)
    return sign_in.begin(store, new.person_id)


def _found(store: Store, condition: str, hashed: str) -> Person | None:
    with store.cursor() as con:
        where = f"person_id IN (SELECT a.person_id FROM school_account a WHERE {condition})"  # noqa: S608
        return next(iter(records.find(con, Person, where=where, hash=hashed)), None)


def _bind(store: Store, person: Person, subject_hash: str) -> None:
    """Tie what the provider calls this account to the person, once and for all."""

    def use_case(tx: Transaction) -> None:
        bound = tx.execute(
            "UPDATE school_account SET subject_hash = $hash"
            " WHERE person_id = $person AND subject_hash IS NULL RETURNING 1",
            hash=subject_hash,
            person=person.person_id,
        )
        if not bound:
            raise SignInRefused("account")
        tx.note("school_account", person.person_id, is_new=False)

    store.write(use_case, actor=Actor(person.role, person.person_id), verb="bind_school_account")


def _address_in(claims: Mapping[str, Any]) -> str:
    """The address that a provider vouches for; empty when it says that it was not checked."""
    if claims.get("email_verified") is False:
        return ""
    # Microsoft names the account itself in the second one, and leaves the first out where no mailbox is set.
    found = claims.get("email") or claims.get("preferred_username")
    plain = _plain(found) if isinstance(found, str) else ""
    return plain if _is_address(plain) else ""


def _plain(address: str) -> str:
    return unicodedata.normalize("NFKC", address[:N_LONGEST]).strip().casefold()


def _is_address(plain: str) -> bool:
    name, at, domain = plain.partition("@")
    return bool(name and at and "." in domain) and not any(sign.isspace() for sign in plain)


def _hash(secret: bytes, what: str, text: str) -> str:
    return hmac.new(secret, f"{what} {text}".encode(), hashlib.sha256).hexdigest()
