"""Who is in the support team, in roles of the school's own words, and why it is composed as it is.

Beside it the agreements and processes of basic and extra support, each with an owner and a day to look at it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qualitycycle import config
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete
from qualitycycle.model import (
    Actor,
    Person,
    SupportAgreement,
    SupportLevel,
    SupportMember,
    TeamReason,
    TeamReasonKind,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion

# What has to be looked at again within two weeks is due.
SOON = timedelta(days=14)


@dataclass(frozen=True)
class SupportTeam:
    """The team as it is now, the reasons for it, and the agreements; those put aside apart."""

    members: tuple[SupportMember, ...]
    reasons: tuple[TeamReason, ...]
    agreements: tuple[SupportAgreement, ...]
    left: tuple[SupportMember, ...] = ()
    former_reasons: tuple[TeamReason, ...] = ()
    former_agreements: tuple[SupportAgreement, ...] = ()


def look(store: Store, actor: Actor) -> SupportTeam:
    require(actor, Right.EDIT_OWN_ACTION)
    return _kept(store)


def _read(store: Store) -> SupportTeam:
    with store.cursor() as con:
        members = records.find(con, SupportMember, archived=True)
        reasons = records.find(con, TeamReason, archived=True, order="noted_on, team_reason_id")
        agreed = records.find(con, SupportAgreement, archived=True)
    return SupportTeam(
        members=tuple(one for one in members if not one.archived),
        reasons=tuple(one for one in reasons if not one.archived),
        agreements=tuple(one for one in agreed if not one.archived),
        left=tuple(one for one in members if one.archived),
        former_reasons=tuple(one for one in reasons if one.archived),
        former_agreements=tuple(one for one in agreed if one.archived),
    )


_kept = PerVersion(_read)


# --- who is in it ----------------------------------------------------------------------------------------


def join(
    store: Store, actor: Actor, *, person_id: str | None = None, name: str = "", role: str = ""
) -> SupportMember:
    """A colleague, or by name somebody from outside the school, joins the team. Raises `Incomplete`."""
    require(actor, Right.EDIT_THREAD)
    if (person_id is None) == (not name.strip()):
        raise Incomplete("support_member", "person_id", "colleague_or_name")

    def use_case(tx: Transaction) -> SupportMember:
        if person_id is not None:
            tx.get(Person, person_id)
        return tx.insert(
            SupportMember(
                support_member_id=new_id(),
                person_id=person_id,
                name=name.strip(),
                role=role.strip(),
                position=tx.next_position(SupportMember),
            )
        )

    return store.write(use_case, actor=actor, verb="join_support_team")


def change_role(store: Store, actor: Actor, member_id: str, seen: int | None, role: str) -> SupportMember:
    """Another role, in the school's own words; empty is none."""
    require(actor, Right.EDIT_THREAD)
    return store.write(
        lambda tx: tx.change(SupportMember, member_id, seen, role=role.strip()),
        actor=actor,
        verb="change_support_member",
    )


# --- why this composition --------------------------------------------------------------------------------


def give_reason(store: Store, actor: Actor, *, kind: TeamReasonKind, title: str) -> TeamReason:
    require(actor, Right.EDIT_THREAD)
    if not title.strip():
        raise Incomplete("team_reason", "title")
    new = TeamReason(team_reason_id=new_id(), kind=kind, title=title.strip(), noted_on=config.today())
    return store.write(lambda tx: tx.insert(new), actor=actor, verb="give_team_reason")


# --- agreements of basic and extra support ---------------------------------------------------------------


def is_due(review_on: date | None, today: date) -> bool:
    """Whether something has to be looked at again, now or within two weeks."""
    return review_on is not None and review_on <= today + SOON


def agree(
    store: Store,
    actor: Actor,
    *,
    level: SupportLevel,
    title: str,
    text: str = "",
    owner_id: str | None = None,
    review_on: date | None = None,
) -> SupportAgreement:
    """A new agreement or process. It asks for an owner and a day to look at it again."""
    require(actor, Right.EDIT_THREAD)
    _check(title, owner_id, review_on)

    def use_case(tx: Transaction) -> SupportAgreement:
        return tx.insert(
            SupportAgreement(
                support_agreement_id=new_id(),
                level=level,
                title=title.strip(),
                text=text.strip(),
                owner_id=owner_id,
                review_on=review_on,
                position=tx.next_position(SupportAgreement),
            )
        )

    return store.write(use_case, actor=actor, verb="add_support_agreement")


def change_agreement(
    store: Store, actor: Actor, agreement_id: str, seen: int | None, **changes: Any
) -> SupportAgreement:
    """Word it anew, or give it another owner or day; raises as `agree`."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> SupportAgreement:
        before = tx.get(SupportAgreement, agreement_id)
        after = {**vars(before), **changes}
        _check(after["title"], after["owner_id"], after["review_on"])
        return tx.change(SupportAgreement, agreement_id, seen, **changes)

    return store.write(use_case, actor=actor, verb="change_support_agreement")


def look_again(store: Store, actor: Actor, agreement_id: str, next_on: date | None) -> SupportAgreement:
    """It was looked at today and still holds; the next time is on another day."""
    require(actor, Right.EDIT_THREAD)
    if next_on is None:
        raise Incomplete("support_agreement", "review_on")
    if next_on <= config.today():
        raise Incomplete("support_agreement", "review_on", "in_future_only")
    return store.write(
        lambda tx: tx.change(
            SupportAgreement, agreement_id, None, review_on=next_on, reviewed_on=config.today()
        ),
        actor=actor,
        verb="review_support_agreement",
    )


def _check(title: str, owner_id: str | None, review_on: date | None) -> None:
    if not title.strip():
        raise Incomplete("support_agreement", "title")
    if owner_id is None:
        raise Incomplete("support_agreement", "owner_id")
    if review_on is None:
        raise Incomplete("support_agreement", "review_on")
