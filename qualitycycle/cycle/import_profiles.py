"""Do: how the columns of a source were named is remembered for its next file."""

from __future__ import annotations

from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.imports.mapping import Mapping
from qualitycycle.model import Actor, Profile
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id


def profiles(store: Store) -> list[Profile]:
    """The remembered column mappings, by name."""
    with store.cursor() as con:
        return records.find(con, Profile, order="name, profile_id")


def forgotten(store: Store) -> list[Profile]:
    """The column mappings that were put aside."""
    with store.cursor() as con:
        return records.find(con, Profile, where="archived_at IS NOT NULL", order="name", archived=True)


def remember(tx: Transaction, name: str, kind: str, mapping: Mapping) -> None:
    same = tx.find(Profile, where="name = $name", name=name)
    if same:
        tx.change(Profile, same[0].profile_id, None, mapping=mapping.to_json(), kind=kind)
    else:
        tx.insert(Profile(profile_id=new_id(), name=name, kind=kind, mapping=mapping.to_json()))


def rename(store: Store, actor: Actor, profile_id: str, name: str) -> Profile:
    """Give remembered columns another name; raises `Incomplete` when it is empty or taken."""
    require(actor, Right.IMPORT)
    name = name.strip()
    if not name:
        raise Incomplete("profile", "name")

    def use_case(tx: Transaction) -> Profile:
        if tx.find(Profile, where="name = $name AND profile_id <> $id", name=name, id=profile_id):
            raise Incomplete("profile", "name", "taken", name)
        return tx.change(Profile, profile_id, None, name=name)

    return store.write(use_case, actor=actor, verb="rename_profile")


def forget(store: Store, actor: Actor, profile_id: str) -> Profile:
    """Put remembered columns aside: the next file of that source gets a suggestion again."""
    require(actor, Right.IMPORT)
    return store.write(lambda tx: tx.archive(Profile, profile_id), actor=actor, verb="forget_profile")


def bring_back(store: Store, actor: Actor, profile_id: str) -> Profile:
    """Let remembered columns count again; raises `Incomplete` when another one has their name by now."""
    require(actor, Right.IMPORT)

    def use_case(tx: Transaction) -> Profile:
        name = tx.get(Profile, profile_id).name
        if tx.find(Profile, where="name = $name AND profile_id <> $id", name=name, id=profile_id):
            raise Incomplete("profile", "name", "taken", name)
        return tx.restore(Profile, profile_id)

    return store.write(use_case, actor=actor, verb="bring_back_profile")
