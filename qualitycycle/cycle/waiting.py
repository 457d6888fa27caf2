"""What of the support team, policy, the way of working and the calendar waits for the team: rules, then the reading.

It comes by in the weekly meeting and stands in To do now. A learning question is never in it: who looks at the screen
of a meeting is everybody (see `to_do` for who it does reach).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import calendar, group_reviews, policies, support_tasks, support_team, way_of_working
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.support_tasks import Lack
from qualitycycle.model import Actor, TaskPart, WayState
from qualitycycle.store.connect import Store


class Wait(StrEnum):
    """Why something waits, most urgent first."""

    NOBODY = "nobody"
    NOBODY_RESPONSIBLE = "nobody_responsible"
    NOBODY_DOES = "nobody_does"
    TWO_RESPONSIBLE = "two_responsible"
    WAY_TO_AGREE = "way_to_agree"
    POLICY_DUE = "policy_due"
    AGREEMENT_DUE = "agreement_due"
    REVIEW_DUE = "review_due"


# A name is what it lacks; the others lack a day.
LACKS_A_NAME = {Wait(str(lack)): lack for lack in Lack}


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: `noun_id` of its record, whose it is now, and the day it was for.

    `team_id` is whose meeting it belongs in; None is the whole school's.
    """

    why: Wait
    noun: str
    noun_id: str
    title: str
    person_ids: tuple[str, ...] = ()
    due_on: date | None = None
    team_id: str | None = None
    people: Mapping[TaskPart, tuple[str, ...]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return f"{self.noun}.{self.noun_id}"


def in_order(found: Sequence[Waiting]) -> list[Waiting]:
    """Most urgent first, then by day."""
    order = list(Wait)
    return sorted(found, key=lambda one: (order.index(one.why), one.due_on or date.max, one.title, one.key))


def everything(store: Store, actor: Actor) -> list[Waiting]:
    """All that waits, for the whole school and for each team."""
    require(actor, Right.EDIT_OWN_ACTION)
    return in_order(
        [
            *_tasks(store, actor),
            *_way(store, actor),
            *_policies(store, actor),
            *_agreements(store, actor),
            *_reviews(store, actor),
        ]
    )


def for_meeting(store: Store, actor: Actor, team_id: str | None) -> list[Waiting]:
    """What comes by in a meeting: of the whole school all of it, of one team what is its own."""
    found = everything(store, actor)
    return found if team_id is None else [one for one in found if one.team_id == team_id]


def _tasks(store: Store, actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            Wait(str(line.lack)),
            "task",
            line.task.task_id,
            line.task.title,
            line.of(TaskPart.RESPONSIBLE),
            people=line.people,
        )
        for line in support_tasks.look(store, actor).lacking
    ]


def _way(store: Store, actor: Actor) -> list[Waiting]:
    coming = way_of_working.look(store, actor).coming
    if coming is None or coming.state is not WayState.DISCUSSED:
        return []
    return [
        Waiting(
            Wait.WAY_TO_AGREE,
            "way_version",
            coming.way_version_id,
            str(coming.number),
            due_on=coming.discussed_since,
        )
    ]


def _policies(store: Store, actor: Actor) -> list[Waiting]:
    return [
        Waiting(
            Wait.POLICY_DUE,
            "policy",
            one.policy_id,
            one.title,
            (one.writer_id,) if one.writer_id else (),
            one.review_on,
        )
        for one in policies.due(store, actor)
    ]


def _agreements(store: Store, actor: Actor) -> list[Waiting]:
    today = config.today()
    return [
        Waiting(
            Wait.AGREEMENT_DUE,
            "support_agreement",
            one.support_agreement_id,
            one.title,
            (one.owner_id,) if one.owner_id else (),
            one.review_on,
        )
        for one in support_team.look(store, actor).agreements
        if support_team.is_due(one.review_on, today)
    ]


def _reviews(store: Store, actor: Actor) -> list[Waiting]:
    year = group_reviews.year(store, actor, calendar.school_year_of(config.today()))
    return [
        Waiting(
            Wait.REVIEW_DUE,
            "group_review",
            one.group_review_id,
            one.title,
            due_on=one.planned_on,
            team_id=one.team_id,
        )
        for one in year.due
    ]
