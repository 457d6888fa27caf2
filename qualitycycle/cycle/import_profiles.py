"""Do: how the columns of a source were named is remembered for its next file."""

from __future__ import annotations

from qualitycycle.imports.mapping import Mapping
from qualitycycle.model import Profile
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id


def profiles(store: Store) -> list[Profile]:
    """The remembered column mappings, by name."""
    with store.cursor() as con:
        return records.find(con, Profile, order="name, profile_id")


def remember(tx: Transaction, name: str, kind: str, mapping: Mapping) -> None:
    same = tx.find(Profile, where="name = $name", name=name)
    if same:
        tx.change(Profile, same[0].profile_id, None, mapping=mapping.to_json(), kind=kind)
    else:
        tx.insert(Profile(profile_id=new_id(), name=name, kind=kind, mapping=mapping.to_json()))
