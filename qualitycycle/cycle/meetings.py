"""The weekly meeting: started, led from block to block, resumed after a crash, and closed."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import access, calendar, gate, meeting_agenda, meeting_clock, plan, school
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.goal_talks import school_mondays
from qualitycycle.errors import CycleClosed, Incomplete, NotFound
from qualitycycle.model import Actor, Cycle, CycleState, Meeting, MeetingState, Part, Person, Role, School
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# Six blocks, fifteen minutes; a school may rename, reorder and retime them.
USUAL = {
    Part.CHECK_IN: 2,
    Part.SUCCESSES: 2,
    Part.FIGURES: 3,
    Part.ACTIONS: 4,
    Part.NEW: 3,
    Part.CLOSE: 1,
}
MOST_MINUTES = 60
ROLES = ("leader", "notes", "time")
N_LEVELS = 3
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Block:
    """A part of the meeting; `title` is the school's own name for it, empty is ours."""

    part: Part
    minutes: int
    title: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"part": str(self.part), "minutes": self.minutes, "title": self.title}


# --- the school's own way --------------------------------------------------------------------------------


def blocks_of(stored: Sequence[Mapping[str, Any]]) -> tuple[Block, ...]:
    """Blocks as they are stored; the usual ones where the school has none of its own."""
    if not stored:
        return tuple(Block(part, minutes) for part, minutes in USUAL.items())
    return tuple(Block(Part(one["part"]), int(one["minutes"]), str(one.get("title", ""))) for one in stored)


def usual_blocks(store: Store) -> tuple[Block, ...]:
    """The blocks a new meeting of this school gets."""
    return blocks_of(school.staff(store).school.meeting_blocks)


def arrange(store: Store, actor: Actor, blocks: Sequence[Block]) -> School:
    """Keep the school's own blocks: every part once, in this order, from one minute to an hour each."""
    require(actor, Right.EDIT_THREAD)
    if sorted(block.part for block in blocks) != sorted(Part):
        raise Incomplete("meeting", "blocks")
    if any(not 1 <= block.minutes <= MOST_MINUTES for block in blocks):
        raise Incomplete("meeting", "blocks", "outside_scale")
    own = school.staff(store).school
    stored = tuple(block.as_json() for block in blocks)
    return store.write(
        lambda tx: tx.change(School, own.school_id, None, meeting_blocks=stored),
        actor=actor,
        verb="arrange_meeting",
    )


# --- looking ---------------------------------------------------------------------------------------------


def running(store: Store, actor: Actor, team_id: str | None = None) -> Meeting | None:
    """The meeting of a team, or of the whole school, that is being held now."""
    require(actor, Right.EDIT_OWN_ACTION)
    return next((one for one in all_running(store, actor) if one.team_id == team_id), None)


def all_running(store: Store, actor: Actor) -> list[Meeting]:
    """The meetings that are being held now, of any team."""
    require(actor, Right.EDIT_OWN_ACTION)
    with store.cursor() as con:
        return records.find(
            con,
            Meeting,
            where="state = 'running' AND cycle_id IN (SELECT cycle_id FROM cycle WHERE state = 'running')",
            order="held_on, meeting_id",
        )


def held(store: Store, actor: Actor, cycle_id: str | None = None) -> list[Meeting]:
    """Meetings that were held, latest first; a reader sees those of closed cycles."""
    equal: dict[str, Any] = {"cycle_id": cycle_id} if cycle_id else {}
    found = plan.find(store, actor, Meeting, state=MeetingState.CLOSED, **equal)
    return sorted(found, key=lambda one: (one.held_on, one.meeting_id), reverse=True)


def streak(store: Store, actor: Actor, team_id: str | None = None) -> int:
    """In how many weeks with lessons in a row a meeting was held. This week counts once it was."""
    days = [one.held_on for one in held(store, actor) if one.team_id == team_id]
    return weeks_in_a_row(days, school_mondays(store), config.today())


def weeks_in_a_row(days: Sequence[date], mondays: Sequence[date], today: date) -> int:
    """Weeks with lessons in a row, back from this one, with a meeting; holidays are no weeks with lessons."""
    met = {calendar.monday_of(day) for day in days}
    this_monday = calendar.monday_of(today)
    past = [monday for monday in mondays if monday < this_monday]
    n = int(this_monday in met)
    for monday in reversed(past):
        if monday not in met:
            break
        n += 1
    return n


def next_day(held_on: date, mondays: Sequence[date]) -> date | None:
    """The same weekday in the next week with lessons; None where the calendar does not reach."""
    this_monday = calendar.monday_of(held_on)
    later = [monday for monday in mondays if monday > this_monday]
    return later[0] + timedelta(days=held_on.weekday()) if later else None


# --- roles -----------------------------------------------------------------------------------------------


def draw_roles(
    present_ids: Sequence[str], before: Sequence[Mapping[str, str]], chance: random.Random
) -> dict[str, str]:
    """Who leads, takes notes and keeps time: of those present who did it longest ago, never before first.

    `before` are the roles of earlier meetings, latest first. Nobody gets two roles while there are others.
    """
    drawn: dict[str, str] = {}
    for role in ROLES:
        free = [one for one in present_ids if one not in drawn.values()] or list(present_ids)
        if not free:
            return {}
        turns = {one: _last_turn(one, role, before) for one in free}
        longest = max(turns.values())
        drawn[role] = chance.choice([one for one in free if turns[one] == longest])
    return drawn


def _last_turn(person_id: str, role: str, before: Sequence[Mapping[str, str]]) -> int:
    """How many meetings ago somebody had a role; further than all of them when never."""
    return next((ago for ago, roles in enumerate(before) if roles.get(role) == person_id), len(before))


def suggested_roles(
    store: Store, actor: Actor, present_ids: Sequence[str], team_id: str | None = None
) -> dict[str, str]:
    """Roles for a new meeting, drawn from who is present."""
    before = [one.roles for one in held(store, actor) if one.team_id == team_id]
    return draw_roles(present_ids, before, random.SystemRandom())


def expected(store: Store, team_id: str | None = None) -> list[Person]:
    """Who may be there: the people of a team, or everybody; a reader holds no meeting."""
    people = school.staff(store, archived=False).people
    return [
        one
        for one in people
        if one.role is not Role.READER and (team_id is None or team_id in one.team_ids or not one.team_ids)
    ]


# --- starting and going on -------------------------------------------------------------------------------


def start(
    store: Store,
    actor: Actor,
    present_ids: Sequence[str],
    roles: Mapping[str, str],
    *,
    team_id: str | None = None,
) -> Meeting:
    """Begin a meeting of today with the agenda that follows from the data.

    Raises `Incomplete` when one is running already, when nobody is there, or when a role goes to who is not there;
    and `NotFound` when no cycle runs.
    """
    require(actor, Right.EDIT_THREAD)
    cycle = plan.running_cycle(store)
    if cycle is None:
        raise NotFound("cycle", "")
    if not present_ids:
        raise Incomplete("meeting", "present_ids")
    if not set(roles.values()) <= set(present_ids):
        raise Incomplete("meeting", "role", "not_present")
    agenda = meeting_agenda.gather(store, actor, cycle.cycle_id, team_id)
    blocks = usual_blocks(store)
    meeting = Meeting(
        meeting_id=new_id(),
        cycle_id=cycle.cycle_id,
        team_id=team_id,
        held_on=config.today(),
        present_ids=tuple(present_ids),
        roles=dict(roles),
        blocks=tuple(block.as_json() for block in blocks),
        agenda=agenda.as_json(),
    )

    def use_case(tx: Transaction) -> Meeting:
        plan.refuse_closed(tx, meeting)
        same = "state = 'running' AND cycle_id = $cycle AND team_id IS NOT DISTINCT FROM $team"
        if tx.find(Meeting, where=same, cycle=cycle.cycle_id, team=team_id):
            raise Incomplete("meeting", "meeting", "meeting_running")
        meeting_clock.begin(tx, meeting.meeting_id, len(blocks))
        return tx.insert(meeting)

    return store.write(use_case, actor=actor, verb="start_meeting")


def change_present(
    store: Store, actor: Actor, meeting_id: str, present_ids: Sequence[str], roles: Mapping[str, str]
) -> Meeting:
    """Say who is there after all, and who does what."""
    require(actor, Right.EDIT_THREAD)
    if not present_ids:
        raise Incomplete("meeting", "present_ids")
    # Who left takes no role along.
    kept = {role: person for role, person in roles.items() if person in present_ids}

    def use_case(tx: Transaction) -> Meeting:
        open_one(tx, meeting_id)
        return tx.change(Meeting, meeting_id, None, present_ids=tuple(present_ids), roles=kept)

    return store.write(use_case, actor=actor, verb="change_meeting")


def write_notes(store: Store, actor: Actor, meeting_id: str, notes: str) -> Meeting:
    """Keep a few free lines for the minutes."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Meeting:
        open_one(tx, meeting_id)
        return tx.change(Meeting, meeting_id, None, notes=notes.strip())

    return store.write(use_case, actor=actor, verb="change_meeting")


def feel(store: Store, actor: Actor, meeting_id: str, what: str, counts: Sequence[int]) -> Meeting:
    """Keep the check-in or the rating (`what`): three counts of hands, best first.

    Only what the gate lets out is ever stored: of a few people that it was asked, and nothing else.
    """
    require(actor, Right.EDIT_THREAD)
    if what not in ("check_in", "rating"):
        raise ValueError(what)
    if len(counts) != N_LEVELS or any(n < 0 for n in counts):
        raise Incomplete("meeting", what, "outside_scale")

    def use_case(tx: Transaction) -> Meeting:
        meeting = open_one(tx, meeting_id)
        if sum(counts) > len(meeting.present_ids):
            raise Incomplete("meeting", what, "more_than_present")
        changes: dict[str, Any] = {what: felt(counts)}
        entry = {"noun": "meeting", "id": meeting_id, "did": what}
        kept = tuple(one for one in meeting.entries if one.get("did") != what)
        return tx.change(Meeting, meeting_id, None, entries=(*kept, entry), **changes)

    return store.write(use_case, actor=actor, verb="change_meeting")


def felt(counts: Sequence[int]) -> dict[str, Any]:
    """What may be kept of a show of hands: the counts from ten hands on, below that only that it was asked."""
    n = sum(counts)
    if gate.is_enough(n) and disclosure.may_show_distribution(n):
        return {"asked": True, "counts": list(counts)}
    return {"asked": True}


def open_one(tx: Transaction, meeting_id: str) -> Meeting:
    """A meeting that can be written in; raises `Incomplete` when it is closed, and `CycleClosed`."""
    meeting = tx.get(Meeting, meeting_id)
    plan.refuse_closed(tx, meeting)
    if meeting.state is MeetingState.CLOSED or meeting.archived:
        raise Incomplete("meeting", "meeting", "meeting_closed")
    return meeting


# --- ending ----------------------------------------------------------------------------------------------


def close(store: Store, actor: Actor, meeting_id: str) -> Meeting:
    """End a meeting: its minutes stand, and the next one begins with what was agreed here."""
    require(actor, Right.EDIT_THREAD)
    before = plan.get(store, actor, Meeting, meeting_id)
    if plan.get(store, actor, Cycle, before.cycle_id).state is CycleState.CLOSED:
        raise CycleClosed(before.cycle_id, "")
    coming = next_day(before.held_on, school_mondays(store))
    focus = meeting_agenda.next_focus(store, actor, before)
    after = {"on": coming.isoformat() if coming else None, "focus": focus}

    def use_case(tx: Transaction) -> Meeting:
        meeting = open_one(tx, meeting_id)
        clock = meeting_clock.advance(meeting_clock.read(tx, meeting_id), config.now())
        blocks = tuple(
            {**block, "seconds": seconds}
            for block, seconds in zip(meeting.blocks, clock.seconds, strict=True)
        )
        tx.execute("DELETE FROM meeting_clock WHERE meeting_id = $meeting", meeting=meeting_id)
        return tx.change(Meeting, meeting_id, None, state=MeetingState.CLOSED, blocks=blocks, after=after)

    return store.write(use_case, actor=actor, verb="close_meeting")


def cancel(store: Store, actor: Actor, meeting_id: str) -> Meeting:
    """Put aside a meeting that was started by mistake; refused once something was put down in it."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Meeting:
        meeting = open_one(tx, meeting_id)
        if meeting.entries:
            raise Incomplete("meeting", "meeting", "meeting_has_entries")
        tx.execute("DELETE FROM meeting_clock WHERE meeting_id = $meeting", meeting=meeting_id)
        return tx.archive(Meeting, meeting_id)

    return store.write(use_case, actor=actor, verb="cancel_meeting")


def may_hold(actor: Actor) -> bool:
    """Whether this role leads meetings; a member looks on and adds a success."""
    return access.may(actor, Right.EDIT_THREAD)
