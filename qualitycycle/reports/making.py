"""A report in one go, for a page and for the terminal: who asks, what is wanted, and a file to hand over."""

from __future__ import annotations

from dataclasses import dataclass

from qualitycycle import config, i18n
from qualitycycle.cycle import meetings, minutes, plan, reports, school
from qualitycycle.cycle.reports import Kind
from qualitycycle.errors import NotAllowed, NotFound
from qualitycycle.model import Actor, Meeting
from qualitycycle.reports import kinds
from qualitycycle.reports.content import Report
from qualitycycle.reports.content import file_name as file_name_of
from qualitycycle.reports.kinds import Format
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class Wanted:
    """What is asked for. Without a cycle: the latest; without a meeting: the last one that was held."""

    kind: Kind
    language: str
    cycle: str | None = None
    goal: str | None = None
    meeting: str | None = None
    asked: str = ""


@dataclass(frozen=True)
class Made:
    """A report as a file."""

    file_name: str
    mime: str
    content: bytes


def content(store: Store, actor: Actor, wanted: Wanted) -> Report:
    """What will stand in it, in the language asked for.

    Raises `NotAllowed` for a report that is not this role's, `NotFound` for a cycle, goal or meeting that is not there.
    """
    if not reports.may_make(actor, wanted.kind):
        raise NotAllowed(str(actor.role), str(wanted.kind))
    with i18n.speaking(wanted.language):
        if wanted.kind is Kind.MINUTES:
            return kinds.build_minutes(minutes.minutes(store, actor, _meeting_id(store, actor, wanted)))
        cycle = reports.cycle_for(store, actor, wanted.cycle)
        if cycle is None:
            raise NotFound("cycle", "")
        found = reports.review(
            store, actor, wanted.kind, cycle.cycle_id, goal_id=_goal_id(wanted), asked=wanted.asked
        )
        return kinds.build(found)


def make(store: Store, actor: Actor, wanted: Wanted, drawn: Format) -> Made:
    """The report as a file; raises as `content`."""
    report = content(store, actor, wanted)
    return Made(report.file_name(str(drawn)), kinds.MIME[drawn], kinds.render(report, drawn))


def file_name(store: Store, actor: Actor, wanted: Wanted, drawn: Format) -> str:
    """What the file will be called, known before it is made."""
    with i18n.speaking(wanted.language):
        about = _about(store, actor, wanted)
        return file_name_of(config.today(), kinds.name(wanted.kind, *about), str(drawn))


def _about(store: Store, actor: Actor, wanted: Wanted) -> tuple[str, ...]:
    if wanted.kind is Kind.MINUTES:
        one = plan.get(store, actor, Meeting, _meeting_id(store, actor, wanted))
        return (school.staff(store).team_name(one.team_id) or "", one.held_on.isoformat())
    cycle = reports.cycle_for(store, actor, wanted.cycle)
    if cycle is None:
        return ()
    goals = goals_to_choose(store, actor, wanted)
    goal = goals.get(wanted.goal or "", next(iter(goals.values()), ""))
    return (goal, cycle.title)


def goals_to_choose(store: Store, actor: Actor, wanted: Wanted) -> dict[str, str]:
    """The goals of the cycle that is meant, by id, where a report is about one of them."""
    if wanted.kind is not Kind.GOAL:
        return {}
    cycle = reports.cycle_for(store, actor, wanted.cycle)
    return {one.goal_id: one.title for one in reports.goals_of(store, actor, cycle.cycle_id)} if cycle else {}


def meetings_to_choose(store: Store, actor: Actor, cycle_id: str) -> list[Meeting]:
    """The meetings of a cycle that were held, latest first."""
    return meetings.held(store, actor, cycle_id)


def _goal_id(wanted: Wanted) -> str | None:
    return wanted.goal if wanted.kind is Kind.GOAL else None


def _meeting_id(store: Store, actor: Actor, wanted: Wanted) -> str:
    """The meeting asked for, by id or by day; the last one that was held."""
    if wanted.meeting:
        held = [one for one in meetings.held(store, actor) if wanted.meeting == one.held_on.isoformat()]
        return held[0].meeting_id if held else plan.get(store, actor, Meeting, wanted.meeting).meeting_id
    cycle = reports.cycle_for(store, actor, wanted.cycle)
    held = meetings.held(store, actor, cycle.cycle_id) if cycle else []
    if not held:
        raise NotFound("meeting", "")
    return held[0].meeting_id
