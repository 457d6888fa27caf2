"""In a meeting, what waits gets a name, a new day or an agreement, in a few seconds, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import plan, support_tasks, way_of_working
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.meeting_book import put_down
from qualitycycle.cycle.waiting import LACKS_A_NAME, Waiting
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Actor,
    GroupReview,
    Meeting,
    MeetingPoint,
    Person,
    PointTurn,
    Policy,
    Record,
    SupportAgreement,
    TaskPart,
    TaskRole,
    WayState,
    WayVersion,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, as_plain, new_id

# Of what has a day to look at it again: its record, the field of that day, and of whose it is.
DATED: dict[str, tuple[type[Record], str, str | None]] = {
    "policy": (Policy, "review_on", "writer_id"),
    "support_agreement": (SupportAgreement, "review_on", "owner_id"),
    "group_review": (GroupReview, "planned_on", None),
}


def points(store: Store, actor: Actor, meeting_id: str) -> list[MeetingPoint]:
    """What a meeting did with what waited."""
    return plan.find(store, actor, MeetingPoint, meeting_id=meeting_id)


def name(store: Store, actor: Actor, meeting_id: str, about: Waiting, person_id: str | None) -> MeetingPoint:
    """Give a task of the support team the one person it lacks, or say who of two stays responsible."""
    require(actor, Right.EDIT_THREAD)
    if person_id is None:
        raise Incomplete("task", "owner_id")
    if about.why not in LACKS_A_NAME:
        raise ValueError(about.why)
    people = support_tasks.answer(LACKS_A_NAME[about.why], about.people, person_id)

    def make(tx: Transaction, meeting: Meeting) -> MeetingPoint:
        tx.get(Person, person_id)
        before = {str(part): _holding(tx, about.noun_id, part) for part in people}
        # Somebody else may have named a person on another screen meanwhile.
        if any(set(before[str(part)]) - set(about.people.get(part, ())) for part in people):
            raise Incomplete("task", "owner_id", "named_meanwhile")
        for part, ids in people.items():
            support_tasks.give(tx, about.noun_id, part, ids)
        return tx.insert(_point(meeting_id, about, PointTurn.NAMED, before, person_id=person_id))

    return put_down(store, actor, meeting_id, "name_in_meeting", make)


def _holding(tx: Transaction, task_id: str, part: TaskPart) -> list[str]:
    """Who has a part; who left the school is not counted."""
    found = tx.find(TaskRole, where="task_id = $task AND part = $part", task=task_id, part=str(part))
    return [one.person_id for one in found if not tx.get(Person, one.person_id).archived]


def put_off(
    store: Store,
    actor: Actor,
    meeting_id: str,
    about: Waiting,
    *,
    due_on: date | None,
    person_id: str | None = None,
) -> MeetingPoint:
    """Give what is due a new day, and a person where it has one. Raises `Incomplete` for a day that is gone."""
    require(actor, Right.EDIT_THREAD)
    _noun, day, whose = DATED[about.noun]
    if due_on is None:
        raise Incomplete(about.noun, day)
    if due_on < config.today():
        raise Incomplete(about.noun, day, "in_past")
    changes: dict[str, Any] = {day: due_on}
    if whose and person_id:
        changes[whose] = person_id
    return _change(
        store, actor, meeting_id, about, PointTurn.DATED, changes, due_on=due_on, person_id=person_id
    )


def hold(store: Store, actor: Actor, meeting_id: str, about: Waiting) -> MeetingPoint:
    """A group review that was due has been held."""
    require(actor, Right.EDIT_THREAD)
    if about.noun != "group_review":
        raise ValueError(about.noun)
    return _change(store, actor, meeting_id, about, PointTurn.HELD, {"done_on": config.today()})


def look_again(
    store: Store, actor: Actor, meeting_id: str, about: Waiting, due_on: date | None
) -> MeetingPoint:
    """It was looked at in the meeting and still holds; the next time is on another day."""
    require(actor, Right.EDIT_THREAD)
    if about.noun not in ("policy", "support_agreement"):
        raise ValueError(about.noun)
    if due_on is None:
        raise Incomplete(about.noun, "review_on")
    if due_on <= config.today():
        raise Incomplete(about.noun, "review_on", "in_future_only")
    changes = {"review_on": due_on, "reviewed_on": config.today()}
    return _change(store, actor, meeting_id, about, PointTurn.HELD, changes, due_on=due_on)


def agree(store: Store, actor: Actor, meeting_id: str, about: Waiting) -> MeetingPoint:
    """The meeting signs off on the way of working that was up for discussion."""
    require(actor, Right.EDIT_THREAD)

    def make(tx: Transaction, meeting: Meeting) -> MeetingPoint:
        before = as_plain(tx.get(WayVersion, about.noun_id))
        way_of_working.agree_in(tx, about.noun_id, meeting_id)
        kept = {key: before[key] for key in ("state", "agreed_on", "meeting_id")}
        return tx.insert(_point(meeting_id, about, PointTurn.AGREED, kept))

    return put_down(store, actor, meeting_id, "agree_in_meeting", make)


def _change(
    store: Store,
    actor: Actor,
    meeting_id: str,
    about: Waiting,
    did: PointTurn,
    changes: dict[str, Any],
    **said: Any,
) -> MeetingPoint:
    noun = DATED[about.noun][0]

    def make(tx: Transaction, meeting: Meeting) -> MeetingPoint:
        before = as_plain(tx.get(noun, about.noun_id))
        tx.change(noun, about.noun_id, None, **changes)
        return tx.insert(_point(meeting_id, about, did, {key: before[key] for key in changes}, **said))

    return put_down(store, actor, meeting_id, f"{did}_in_meeting", make)


def _point(
    meeting_id: str, about: Waiting, did: PointTurn, before: dict[str, Any], **said: Any
) -> MeetingPoint:
    return MeetingPoint(
        meeting_point_id=new_id(),
        meeting_id=meeting_id,
        about=about.noun,
        about_id=about.noun_id,
        title=about.title,
        did=did,
        before=before,
        **said,
    )


# --- taking back -----------------------------------------------------------------------------------------


def take_back(tx: Transaction, point: MeetingPoint) -> None:
    """As it was before the meeting did something with it."""
    _TAKE_BACK[point.did](tx, point)


def _unname(tx: Transaction, point: MeetingPoint) -> None:
    for part, ids in point.before.items():
        support_tasks.give(tx, point.about_id, TaskPart(part), ids)


def _undate(tx: Transaction, point: MeetingPoint) -> None:
    was = {key: _day(key, value) for key, value in point.before.items()}
    tx.change(DATED[point.about][0], point.about_id, None, **was)


def _disagree(tx: Transaction, point: MeetingPoint) -> None:
    was = point.before
    # Somebody may have begun with the next one already; two are never under way.
    if tx.find(WayVersion, where="state <> 'agreed'"):
        raise Incomplete("way_version", "text", "version_under_way")
    tx.change(
        WayVersion,
        point.about_id,
        None,
        state=WayState(was["state"]),
        agreed_on=_day("agreed_on", was["agreed_on"]),
        meeting_id=was["meeting_id"],
    )


def _day(key: str, value: Any) -> Any:
    return date.fromisoformat(value) if value and key.endswith("_on") else value


_TAKE_BACK: dict[PointTurn, Callable[[Transaction, MeetingPoint], None]] = {
    PointTurn.NAMED: _unname,
    PointTurn.DATED: _undate,
    PointTurn.HELD: _undate,
    PointTurn.AGREED: _disagree,
}
