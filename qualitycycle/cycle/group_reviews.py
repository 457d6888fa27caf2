"""The calendar of HGW rounds and group reviews of a school year, and what of it is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    shown = _titled(store, found)
    until = config.today() + SOON
    due = tuple(one for one in shown if one.done_on is None and one.planned_on <= until)
    return Year(name, shown, due)


def _titled(store: Store, reviews: Sequence[GroupReview]) -> tuple[GroupReview, ...]:
    """With titles in the language of who looks, where the program made them."""
    staff = school.staff(store)
    return tuple(
        replace(one, title=_made_title(one.kind, one.place, staff.team_name(one.team_id)))
        if one.place is not None
        else one
        for one in reviews
    )


def _made_title(kind: ReviewKind, place: int, team: str | None) -> str:
    if kind is ReviewKind.ROUND:
        return _("HGW round {n}").format(n=place)
    return _("Group review {n}: {team}").format(n=place, team=team or "")


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
    opening = _made(ReviewKind.ROUND, place + 1, begins, None)
    return [
        opening,
        *(
            _made(ReviewKind.REVIEW, place + 1, closes + timedelta(days=min(day, 4)), team)
            for day, team in enumerate(teams, start=1)
        ),
    ]


def _made(kind: ReviewKind, place: int, planned_on: date, team: Team | None) -> GroupReview:
    return GroupReview(
        group_review_id=new_id(),
        kind=kind,
        title=_made_title(kind, place, team.name if team else None),
        team_id=team.team_id if team else None,
        planned_on=planned_on,
        place=place,
    )


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

    def use_case(tx: Transaction) -> GroupReview:
        before = tx.get(GroupReview, review_id)
        (shown,) = _titled(store, [before])
        # A title that was left as it stood goes on following the language.
        words = {} if shown.title == title.strip() else {"title": title.strip(), "place": None}
        return tx.change(GroupReview, review_id, seen, planned_on=planned_on, done_on=done_on, **words)

    return store.write(use_case, actor=actor, verb="change_review")


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
        found = records.find(con, GroupReview, where="archived_at IS NOT NULL", archived=True)
    return list(_titled(store, found))
