"""Our way of working: the team's own agreement on how guidance works here, in versions, signed off in a meeting.

A version is written, put up for discussion so that colleagues can say something of it beforehand, and agreed in a
meeting of a later day. An agreed version is never changed: who wants it otherwise writes the next one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle.access import Right, may, require
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import Actor, Meeting, WayRemark, WayState, WayVersion
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion


@dataclass(frozen=True)
class Way:
    """`agreed` is the one in force, `coming` the one that is written or discussed, `earlier` those before it.

    `remarks` are about the coming one, or else about the one in force. A reader sees what was agreed, and no remarks.
    """

    agreed: WayVersion | None = None
    coming: WayVersion | None = None
    earlier: tuple[WayVersion, ...] = ()
    remarks: tuple[WayRemark, ...] = ()

    @property
    def empty(self) -> bool:
        return self.agreed is None and self.coming is None


def look(store: Store, actor: Actor) -> Way:
    require(actor, Right.SEE_THREAD)
    versions, remarks = _kept(store)
    agreed = [one for one in versions if one.state is WayState.AGREED]
    current = agreed[0] if agreed else None
    if not may(actor, Right.EDIT_OWN_ACTION):
        return Way(current, earlier=tuple(agreed[1:]))
    coming = next((one for one in versions if one.state is not WayState.AGREED), None)
    if coming and coming.state is WayState.DRAFT and not may(actor, Right.EDIT_THREAD):
        coming = None
    about = coming or current
    return Way(current, coming, tuple(agreed[1:]), _about(remarks, about))


def _read(store: Store) -> tuple[list[WayVersion], list[WayRemark]]:
    with store.cursor() as con:
        return (
            records.find(con, WayVersion, order="number DESC, way_version_id"),
            records.find(con, WayRemark, order="said_on, way_remark_id"),
        )


_kept = PerVersion(_read)


def _about(remarks: Sequence[WayRemark], version: WayVersion | None) -> tuple[WayRemark, ...]:
    return tuple(one for one in remarks if version and one.way_version_id == version.way_version_id)


# --- writing and discussing ------------------------------------------------------------------------------


def write(store: Store, actor: Actor, *, text: str, changed: str = "") -> WayVersion:
    """Begin with the next version. Raises `Incomplete` while one is being written or discussed already."""
    require(actor, Right.EDIT_THREAD)
    if not text.strip():
        raise Incomplete("way_version", "text")

    def use_case(tx: Transaction) -> WayVersion:
        before = tx.find(WayVersion, archived=True, order="number DESC, way_version_id")
        if any(one.state is not WayState.AGREED and not one.archived for one in before):
            raise Incomplete("way_version", "text", "version_under_way")
        if any(not one.archived for one in before) and not changed.strip():
            raise Incomplete("way_version", "changed")
        return tx.insert(
            WayVersion(
                way_version_id=new_id(),
                number=1 + max((one.number for one in before if not one.archived), default=0),
                text=text.strip(),
                changed=changed.strip(),
                written_on=config.today(),
            )
        )

    return store.write(use_case, actor=actor, verb="write_way")


def rewrite(
    store: Store, actor: Actor, version_id: str, seen: int | None, *, text: str, changed: str = ""
) -> WayVersion:
    """Word a version anew as long as it is not agreed."""
    require(actor, Right.EDIT_THREAD)
    if not text.strip():
        raise Incomplete("way_version", "text")
    return _change(
        store, actor, version_id, seen, verb="rewrite_way", text=text.strip(), changed=changed.strip()
    )


def put_up(store: Store, actor: Actor, version_id: str) -> WayVersion:
    """Put a version up for discussion: from now on colleagues see it, and the meeting can agree on it."""
    require(actor, Right.EDIT_THREAD)
    return _change(
        store,
        actor,
        version_id,
        None,
        verb="discuss_way",
        state=WayState.DISCUSSED,
        discussed_since=config.today(),
    )


def take_back(store: Store, actor: Actor, version_id: str) -> WayVersion:
    """Back to the drawing board."""
    require(actor, Right.EDIT_THREAD)
    return _change(
        store, actor, version_id, None, verb="withdraw_way", state=WayState.DRAFT, discussed_since=None
    )


def put_aside(store: Store, actor: Actor, version_id: str) -> WayVersion:
    """Leave a version that was never agreed; it stays in the record of changes."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> WayVersion:
        open_one(tx, version_id)
        return tx.archive(WayVersion, version_id)

    return store.write(use_case, actor=actor, verb="archive_way")


def remark(store: Store, actor: Actor, version_id: str, title: str) -> WayRemark:
    """Say something of a version that is up for discussion, under your own name; everybody who works here may."""
    require(actor, Right.EDIT_OWN_ACTION)
    person_id = actor.person_id
    if person_id is None:
        raise NotAllowed(str(actor.role), str(Right.EDIT_OWN_ACTION))
    if not title.strip():
        raise Incomplete("way_remark", "title")

    def use_case(tx: Transaction) -> WayRemark:
        if open_one(tx, version_id).state is not WayState.DISCUSSED:
            raise Incomplete("way_remark", "title", "not_up")
        return tx.insert(
            WayRemark(
                way_remark_id=new_id(),
                way_version_id=version_id,
                person_id=person_id,
                title=title.strip(),
                said_on=config.today(),
            )
        )

    return store.write(use_case, actor=actor, verb="remark_on_way")


# --- signing off -----------------------------------------------------------------------------------------


def sign_off(store: Store, actor: Actor, version_id: str, meeting_id: str) -> WayVersion:
    """A meeting that was held agreed on it. In a running meeting it is one click (`meeting_points.agree`)."""
    require(actor, Right.EDIT_THREAD)
    return store.write(lambda tx: agree_in(tx, version_id, meeting_id), actor=actor, verb="agree_way")


def agree_in(tx: Transaction, version_id: str, meeting_id: str) -> WayVersion:
    """Raises `Incomplete` unless it was up for discussion before the day of the meeting."""
    version, meeting = open_one(tx, version_id), tx.get(Meeting, meeting_id)
    if meeting.archived:
        raise Incomplete("way_version", "meeting_id")
    if not may_be_agreed(version, meeting.held_on):
        raise Incomplete("way_version", "meeting_id", "discuss_first")
    return tx.change(
        WayVersion,
        version_id,
        None,
        state=WayState.AGREED,
        agreed_on=meeting.held_on,
        meeting_id=meeting_id,
    )


def may_be_agreed(version: WayVersion, held_on: date) -> bool:
    """Colleagues had at least until the next day to read it: what is agreed was talked about beforehand."""
    since = version.discussed_since
    return version.state is WayState.DISCUSSED and since is not None and since < held_on


def open_one(tx: Transaction, version_id: str) -> WayVersion:
    """A version that can still be changed; raises `Incomplete` for an agreed one."""
    version = tx.get(WayVersion, version_id)
    if version.state is WayState.AGREED or version.archived:
        raise Incomplete("way_version", "text", "agreed_already")
    return version


def _change(
    store: Store, actor: Actor, version_id: str, seen: int | None, *, verb: str, **changes: Any
) -> WayVersion:
    def use_case(tx: Transaction) -> WayVersion:
        open_one(tx, version_id)
        return tx.change(WayVersion, version_id, seen, **changes)

    return store.write(use_case, actor=actor, verb=verb)
