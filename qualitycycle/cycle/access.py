"""Who may do what: one table, asked by every page and every verb."""

from __future__ import annotations

from enum import StrEnum

from qualitycycle.errors import NotAllowed
from qualitycycle.model import Action, Actor, Person, Role, Team
from qualitycycle.store import records
from qualitycycle.store.connect import Store


class Right(StrEnum):
    SEE_THREAD = "see_thread"
    EDIT_THREAD = "edit_thread"
    EDIT_OWN_ACTION = "edit_own_action"
    OPEN_ROUND = "open_round"
    FILL_IN = "fill_in"
    SEE_RESULTS = "see_results"
    SEE_OUTCOMES = "see_outcomes"
    IMPORT = "import"
    MANAGE = "manage"
    GUIDE = "guide"


_STAFF = frozenset({Role.LEADER, Role.COACH, Role.MEMBER})
_GUIDES = frozenset({Role.LEADER, Role.COACH})

# The table "who may see what" of the design.
MAY: dict[Right, frozenset[Role]] = {
    Right.SEE_THREAD: _STAFF | {Role.READER},
    Right.EDIT_THREAD: _GUIDES,
    Right.EDIT_OWN_ACTION: _STAFF,
    Right.OPEN_ROUND: _GUIDES,
    Right.FILL_IN: frozenset(Role),
    Right.SEE_RESULTS: _STAFF | {Role.READER},
    Right.SEE_OUTCOMES: _STAFF | {Role.READER},
    Right.IMPORT: _GUIDES,
    Right.MANAGE: frozenset({Role.LEADER}),
    Right.GUIDE: _GUIDES,
}


def may(actor: Actor, right: Right) -> bool:
    return actor.role in MAY[right]


def require(actor: Actor, right: Right) -> None:
    """Raise `NotAllowed` unless this role has the right."""
    if not may(actor, right):
        raise NotAllowed(str(actor.role), str(right))


def may_edit_action(actor: Actor, action: Action) -> bool:
    """Leader and IB'er edit every action; a member the ones she owns or helps with."""
    if may(actor, Right.EDIT_THREAD):
        return True
    involved = {action.owner_id, *action.helper_ids}
    return may(actor, Right.EDIT_OWN_ACTION) and actor.person_id is not None and actor.person_id in involved


def require_action(actor: Actor, action: Action) -> None:
    if not may_edit_action(actor, action):
        raise NotAllowed(str(actor.role), str(Right.EDIT_OWN_ACTION))


def year_groups_seen(store: Store, actor: Actor) -> frozenset[str] | None:
    """The year groups whose pupil outcomes an actor sees beside the school's; None is all of them.

    A member sees those of her own teams, a reader none.
    """
    if may(actor, Right.EDIT_THREAD):
        return None
    if not may(actor, Right.EDIT_OWN_ACTION) or actor.person_id is None:
        return frozenset()
    with store.cursor() as con:
        own = records.find(con, Person, where="person_id = $id", id=actor.person_id)
        teams = {team_id for person in own for team_id in person.team_ids}
        return frozenset(
            group for team in records.find(con, Team) if team.team_id in teams for group in team.year_groups
        )
