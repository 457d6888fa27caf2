"""When a goal was last talked about, what the team said of it, and since when its owner owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from qualitycycle import config
from qualitycycle.cycle import calendar, school
from qualitycycle.model import Course, Goal
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class Said:
    """What the team last said of a goal, and when."""

    says: Course
    on: date


@dataclass(frozen=True)
class Talks:
    """Of a cycle: what was said per goal, since when its owner owns it, and whether meetings are held at all."""

    any_meeting: bool = False
    said: Mapping[str, Said] = field(default_factory=dict)
    owned_since: Mapping[str, date] = field(default_factory=dict)
    mondays: tuple[date, ...] = ()

    def weeks_silent(self, goal: Goal, today: date) -> int:
        """Weeks with lessons since a goal came by; a school without meetings in this program talks elsewhere."""
        if not self.any_meeting:
            return 0
        said = self.said.get(goal.goal_id)
        since = [self.owned_since.get(goal.goal_id), said.on if said else None]
        known = [day for day in since if day is not None]
        return weeks_between(max(known), today, self.mondays) if known else 0


def weeks_between(since: date, today: date, mondays: Sequence[date]) -> int:
    """How many weeks with lessons began after the week of `since`, up to this one."""
    first, last = calendar.monday_of(since), calendar.monday_of(today)
    return sum(first < monday <= last for monday in mondays)


def talks(store: Store, cycle_id: str) -> Talks:
    """What is known of all goals of a cycle."""
    said = store.rows(
        """
        SELECT goal_id, arg_max(says, said_on) AS says, max(said_on) AS said_on
        FROM goal_check
        JOIN meeting USING (meeting_id)
        WHERE cycle_id = $cycle AND goal_check.archived_at IS NULL AND meeting.archived_at IS NULL
        GROUP BY goal_id
        """,
        cycle=cycle_id,
    )
    held = store.rows(
        "SELECT 1 FROM meeting WHERE cycle_id = $cycle AND archived_at IS NULL LIMIT 1", cycle=cycle_id
    )
    return Talks(
        any_meeting=bool(held),
        said={row["goal_id"]: Said(Course(row["says"]), row["said_on"]) for row in said},
        owned_since=owned_since(store, "goal") if held else {},
        mondays=school_mondays(store),
    )


def owned_since(store: Store, noun: str) -> dict[str, date]:
    """Since when each goal, action or obstacle has the owner it has; of one without owner, since when it is there."""
    rows = store.rows(
        """
        SELECT noun_id, max(changed_at) AS since
        FROM audit
        WHERE noun = $noun AND json_exists(after, '$.owner_id')
        GROUP BY noun_id
        """,
        noun=noun,
    )
    return {row["noun_id"]: config.local_time(row["since"]).date() for row in rows}


def school_mondays(store: Store) -> tuple[date, ...]:
    """The Mondays of all weeks with lessons of all years, in order."""
    staff = school.staff(store)
    return tuple(
        sorted({monday for year in staff.years for monday in calendar.school_weeks(year, staff.holidays)})
    )
