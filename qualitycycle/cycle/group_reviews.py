"""The calendar of HGW rounds and group reviews of a school year, and what of it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from qualitycycle import config
from qualitycycle.cycle import calendar, school
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _
from qualitycycle.model import Actor, GroupReview, ReviewKind, SchoolYear, Team
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# What is planned within two weeks is due: a group review asks for looking at results beforehand.
SOON = timedelta(days=14)
MOST_ROUNDS = 6


@dataclass(frozen=True)
class Year:
    """One school year: what stands in its calendar by date, and what of it is due or late."""

    name: str
    reviews: tuple[GroupReview, ...]
    due: tuple[GroupReview, ...]


def year(store: Store, actor: Actor, name: str) -> Year:
    """The calendar of a school year; team members see it as well."""
    require(actor, Right.EDIT_OWN_ACTION)
    first, last = calendar.year_bounds(name)
    with store.cursor() as con:
        found = records.find(
            con,
            GroupReview,
            where="planned_on BETWEEN $first AND $last",
            order="planned_on, kind, title, group_review_id",
            first=first,
            last=last,
        )
    until = config.today() + SOON
    due = tuple(one for one in found if one.done_on is None and one.planned_on <= until)
    return Year(name, tuple(found), due)


def years(store: Store) -> list[SchoolYear]:
    """The school years there are, latest first."""
    return sorted(school.staff(store).years, key=lambda one: one.first_on, reverse=True)


def add(
    store: Store,
    actor: Actor,
    *,
    kind: ReviewKind,
    title: str,
    planned_on: date | None,
    team_id: str | None = None,
) -> GroupReview:
    require(actor, Right.GUIDE)
    if not title.strip():
        raise Incomplete("group_review", "title")
    if planned_on is None:
        raise Incomplete("group_review", "planned_on")
    new = GroupReview(
        group_review_id=new_id(), kind=kind, title=title.strip(), team_id=team_id, planned_on=planned_on
    )

    def use_case(tx: Transaction) -> GroupReview:
        if team_id is not None:
            tx.get(Team, team_id)
        return tx.insert(new)

    return store.write(use_case, actor=actor, verb="plan_review")


def lay_out(store: Store, actor: Actor, name: str, n_rounds: int) -> int:
    """So many rounds spread over the school weeks of a year, each closed by a group review of every team.

    A proposal: every date can be changed. Returns how many were made; raises `Incomplete` for a year that has a
    calendar already, or that is not known.
    """
    require(actor, Right.GUIDE)
    staff = school.staff(store)
    found = next((one for one in staff.years if one.school_year_id == name), None)
    if found is None or year(store, actor, name).reviews or not 1 <= n_rounds <= MOST_ROUNDS:
        raise Incomplete("group_review", "planned_on", "laid_out")
    mondays = calendar.school_weeks(found, staff.holidays)
    teams = [one for one in staff.teams if not one.archived]
    made = [one for place in range(n_rounds) for one in _round(mondays, place, n_rounds, teams)]
    store.write(lambda tx: tx.insert_all(made), actor=actor, verb="lay_out_reviews")
    return len(made)


def _round(mondays: Sequence[date], place: int, n_rounds: int, teams: Sequence[Team]) -> list[GroupReview]:
    """A round begins in the first of its weeks; its reviews lie in the last but one, so that there is room to move."""
    first = place * len(mondays) // n_rounds
    last = (place + 1) * len(mondays) // n_rounds - 1
    begins, closes = mondays[first], mondays[max(first, last - 1)]
    title = _("HGW round {n}").format(n=place + 1)
    opening = GroupReview(group_review_id=new_id(), kind=ReviewKind.ROUND, title=title, planned_on=begins)
    return [
        opening,
        *(
            GroupReview(
                group_review_id=new_id(),
                kind=ReviewKind.REVIEW,
                title=_("Group review {n}: {team}").format(n=place + 1, team=team.name),
                team_id=team.team_id,
                planned_on=closes + timedelta(days=min(day, 4)),
            )
            for day, team in enumerate(teams, start=1)
        ),
    ]


def change(
    store: Store,
    actor: Actor,
    review_id: str,
    seen: int | None,
    *,
    title: str,
    planned_on: date | None,
    done_on: date | None,
) -> GroupReview:
    """Another day, another title, or the day it was held. Raises `Incomplete`."""
    require(actor, Right.GUIDE)
    if not title.strip():
        raise Incomplete("group_review", "title")
    if planned_on is None:
        raise Incomplete("group_review", "planned_on")
    return store.write(
        lambda tx: tx.change(
            GroupReview, review_id, seen, title=title.strip(), planned_on=planned_on, done_on=done_on
        ),
        actor=actor,
        verb="change_review",
    )


def hold(store: Store, actor: Actor, review_id: str) -> GroupReview:
    """It was held today."""
    require(actor, Right.GUIDE)
    now = config.today()
    return store.write(
        lambda tx: tx.change(GroupReview, review_id, None, done_on=now), actor=actor, verb="hold_review"
    )


def archive(store: Store, actor: Actor, review_id: str) -> GroupReview:
    require(actor, Right.GUIDE)
    return store.write(lambda tx: tx.archive(GroupReview, review_id), actor=actor, verb="put_aside_review")


def bring_back(store: Store, actor: Actor, review_id: str) -> GroupReview:
    require(actor, Right.GUIDE)
    return store.write(lambda tx: tx.restore(GroupReview, review_id), actor=actor, verb="bring_back_review")


def put_aside(store: Store, actor: Actor) -> list[GroupReview]:
    """What was put aside, to be brought back."""
    require(actor, Right.GUIDE)
    with store.cursor() as con:
        return records.find(con, GroupReview, where="archived_at IS NOT NULL", archived=True)
