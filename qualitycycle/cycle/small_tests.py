"""Do: an action as a small test: locked before it starts, its sessions counted, followed by the next one."""

from __future__ import annotations

from collections.abc import Sequence

from qualitycycle import config
from qualitycycle.cycle import access, before_start, plan
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.model import Action, Actor, LaterNote
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id


def lock(store: Store, actor: Actor, action_id: str) -> Action:
    """Fix what is expected, with today's date. Nothing needs to be there; what is missing stays missing."""

    def use_case(tx: Transaction) -> Action:
        before = tx.get(Action, action_id)
        access.require_action(actor, before)
        plan.refuse_closed(tx, before)
        if before_start.is_locked(before):
            raise Incomplete("action", "locked_on", "locked")
        return tx.change(Action, action_id, None, locked_on=config.today())

    return store.write(use_case, actor=actor, verb="lock_action")


def note_later(store: Store, actor: Actor, action_id: str, text: str) -> LaterNote:
    """Put a thought of today beside what was locked."""
    if not text.strip():
        raise Incomplete("later_note", "text")

    def use_case(tx: Transaction) -> LaterNote:
        action = tx.get(Action, action_id)
        access.require_action(actor, action)
        plan.refuse_closed(tx, action)
        return tx.insert(
            LaterNote(
                later_note_id=new_id(),
                action_id=action_id,
                text=text.strip(),
                noted_on=config.today(),
                person_id=actor.person_id,
            )
        )

    return store.write(use_case, actor=actor, verb="add_later_note")


def notes_of(store: Store, actor: Actor, action_id: str) -> list[LaterNote]:
    """The later thoughts about an action, in time."""
    found = plan.find(store, actor, LaterNote, action_id=action_id)
    return sorted(found, key=lambda one: (one.noted_on, one.later_note_id))


def follow_up(store: Store, actor: Actor, action_id: str, title: str) -> Action:
    """Plan the next small test, which builds on this one; what is expected of it is written down anew."""
    require(actor, Right.EDIT_THREAD)
    before = plan.get(store, actor, Action, action_id)
    new = Action(
        action_id=new_id(),
        cycle_id=before.cycle_id,
        goal_id=before.goal_id,
        owner_id=before.owner_id,
        helper_ids=before.helper_ids,
        title=title.strip(),
        text=before.text,
        led_by=before.learned,
        for_whom=before.for_whom,
        follows_action_id=before.action_id,
    )
    return plan.record(store, actor, new)


def ramp(action: Action, actions: Sequence[Action]) -> list[Action]:
    """The small tests that build on each other, first to last, with this one among them; alone it is no ramp."""
    by_id = {one.action_id: one for one in actions}
    first = by_id.get(action.action_id, action)
    passed = {first.action_id}
    while (earlier := by_id.get(first.follows_action_id or "")) and earlier.action_id not in passed:
        first = earlier
        passed.add(first.action_id)
    steps: list[Action] = []
    waiting = [first]
    while waiting:
        one = waiting.pop(0)
        if one in steps:
            continue
        steps.append(one)
        waiting += [other for other in actions if other.follows_action_id == one.action_id]
    return steps
