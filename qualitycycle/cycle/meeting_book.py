"""How something of a meeting is stored, so that the last of it can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from qualitycycle.cycle.meetings import open_one
from qualitycycle.model import Actor, Meeting, Record
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

R = TypeVar("R", bound=Record)


def put_down(
    store: Store,
    actor: Actor,
    meeting_id: str,
    verb: str,
    make: Callable[[Transaction, Meeting], R],
    *,
    did: str = "added",
) -> R:
    """Store something of a meeting and remember that it was the last thing."""

    def use_case(tx: Transaction) -> R:
        meeting = open_one(tx, meeting_id)
        made = make(tx, meeting)
        entry = {"noun": made.TABLE, "id": made.id, "did": did}
        tx.change(Meeting, meeting_id, None, entries=(*meeting.entries, entry))
        return made

    return store.write(use_case, actor=actor, verb=verb)
