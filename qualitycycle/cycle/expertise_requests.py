"""An offer of a colleague asked for, or held out to an action, a goal or a colleague's question: a person says yes.

Who has the offer decides when somebody asks for it; when she holds it out herself, the owner of the action, goal or
question decides. An open request and a no are seen by those two only: they are in no record of changes and leave with
no export. What was agreed stands with the action or the goal for everybody who works here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import access, plan, school
from qualitycycle.cycle.access import Right, may, require
from qualitycycle.cycle.expertise import colleague
from qualitycycle.errors import Incomplete, NotFound, NotYours
from qualitycycle.model import Action, ActionState, Actor, Expertise, ExpertiseKind, Goal, GoalState
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

NOUN = "expertise_request"
LONGEST = 400
NOUNS: dict[str, type[Action] | type[Goal] | type[Expertise]] = {
    "action": Action,
    "goal": Goal,
    "expertise": Expertise,
}


class RequestState(StrEnum):
    OPEN = "open"
    AGREED = "agreed"
    DECLINED = "declined"
    ENDED = "ended"


@dataclass(frozen=True)
class Request:
    """One offer (`expertise_id`) and what it is for. `decider_id` None: whoever may edit the thread decides."""

    expertise_request_id: str
    expertise_id: str
    noun: str
    noun_id: str
    asker_id: str
    decider_id: str | None
    message: str
    state: RequestState
    asked_on: date
    answered_on: date | None
    offered_by: str
    offer: str
    about: str

    @property
    def id(self) -> str:
        return self.expertise_request_id

    @property
    def is_held_out(self) -> bool:
        """Whether she whose offer it is holds it out herself."""
        return self.asker_id == self.offered_by


# --- reading ---------------------------------------------------------------------------------------------


def waiting(store: Store, actor: Actor) -> list[Request]:
    """What waits for the yes of this person, the longest first."""
    require(actor, Right.EDIT_OWN_ACTION)
    return [one for one in _all(store) if one.state is RequestState.OPEN and _decides(actor, one)]


def concerning(store: Store, actor: Actor) -> list[Request]:
    """What this person asked, was asked or brings in, and is not over: open, agreed, and answered with a no."""
    person_id = colleague(actor)
    return [
        one
        for one in _all(store)
        if person_id in (one.asker_id, one.decider_id, one.offered_by) and one.state is not RequestState.ENDED
    ]


def agreed(store: Store, actor: Actor) -> list[Request]:
    """What colleagues said yes to; everybody who works here sees it with the action or goal."""
    require(actor, Right.EDIT_OWN_ACTION)
    return [one for one in _all(store) if one.state is RequestState.AGREED]


def about(store: Store, actor: Actor, noun: str, noun_id: str) -> list[Request]:
    """What was agreed about one thing, and what this person asked or has to answer about it."""
    require(actor, Right.EDIT_OWN_ACTION)
    return [
        one
        for one in _all(store)
        if (one.noun, one.noun_id) == (noun, noun_id)
        and (
            one.state is RequestState.AGREED
            or (one.state is RequestState.OPEN and (_decides(actor, one) or one.asker_id == actor.person_id))
        )
    ]


def _decides(actor: Actor, one: Request) -> bool:
    if one.decider_id is None:
        return may(actor, Right.EDIT_THREAD)
    return actor.person_id == one.decider_id


_READ = """
    SELECT r.expertise_request_id, r.expertise_id, r.noun, r.noun_id, r.asker_id, r.decider_id, r.message, r.state,
      r.asked_on, r.answered_on, o.person_id AS offered_by, o.title AS offer,
      coalesce(a.title, g.title, q.title) AS about
    FROM expertise_request r
    JOIN expertise o ON o.expertise_id = r.expertise_id AND o.archived_at IS NULL
    LEFT JOIN action a ON r.noun = 'action' AND a.action_id = r.noun_id AND a.archived_at IS NULL
    LEFT JOIN goal g ON r.noun = 'goal' AND g.goal_id = r.noun_id AND g.archived_at IS NULL
    LEFT JOIN expertise q ON r.noun = 'expertise' AND q.expertise_id = r.noun_id AND q.archived_at IS NULL
    WHERE coalesce(a.title, g.title, q.title) IS NOT NULL
    ORDER BY r.asked_on, r.expertise_request_id
"""


def _all(store: Store) -> list[Request]:
    return [Request(**{**row, "state": RequestState(row["state"])}) for row in store.rows(_READ)]


# --- asking and answering --------------------------------------------------------------------------------


def ask(
    store: Store, actor: Actor, offer_id: str, noun: str, noun_id: str, *, message: str = ""
) -> RequestState:
    """Ask for an offer, or hold out one's own; an own offer for an own thing needs nobody's yes.

    Raises `NotYours` for who has nothing to do with the action, goal or question, `CycleClosed`, and `Incomplete` when
    it was asked already.
    """
    asker_id = colleague(actor)
    if len(message.strip()) > LONGEST:
        raise Incomplete(NOUN, "message", "too_long", str(LONGEST))
    here = {person.person_id for person in school.staff(store, archived=False).people}

    def use_case(tx: Transaction) -> RequestState:
        offer = tx.get(Expertise, offer_id)
        if offer.archived or offer.kind is not ExpertiseKind.OFFER or offer.person_id not in here:
            raise NotFound("expertise", offer_id)
        thing = tx.get(NOUNS[noun], noun_id)
        _check_open(tx, thing)
        decider_id = _decider(actor, offer, thing)
        if _is_asked_of(tx, asker_id, offer_id, noun, noun_id):
            return RequestState.AGREED
        state = RequestState.AGREED if decider_id == asker_id else RequestState.OPEN
        new = new_id()
        tx.execute(
            _INSERT,
            expertise_request_id=new,
            expertise_id=offer_id,
            noun=noun,
            noun_id=noun_id,
            asker_id=asker_id,
            decider_id=decider_id,
            message=message.strip(),
            state=str(state),
            asked_on=config.today(),
        )
        tx.note(NOUN, new, is_new=True)
        return state

    return store.write(use_case, actor=actor, verb="ask_expertise")


_INSERT = """
    INSERT INTO expertise_request
      (expertise_request_id, expertise_id, noun, noun_id, asker_id, decider_id, message, state, asked_on)
    VALUES
      ($expertise_request_id, $expertise_id, $noun, $noun_id, $asker_id, $decider_id, $message, $state, $asked_on)
"""


def may_ask_for(actor: Actor, thing: Action | Goal | Expertise) -> bool:
    """Whether this person may ask a colleague's offer for it: who carries it, and for goals and actions who guides."""
    if actor.person_id is None:
        return False
    if isinstance(thing, Action):
        return access.may_edit_action(actor, thing)
    if isinstance(thing, Goal):
        return may(actor, Right.EDIT_THREAD) or thing.owner_id == actor.person_id
    return thing.person_id == actor.person_id


def _decider(actor: Actor, offer: Expertise, thing: Action | Goal | Expertise) -> str | None:
    if offer.person_id == actor.person_id:
        return thing.person_id if isinstance(thing, Expertise) else thing.owner_id
    if not may_ask_for(actor, thing):
        raise NotYours(thing.TABLE)
    return offer.person_id


def _check_open(tx: Transaction, thing: Action | Goal | Expertise) -> None:
    plan.refuse_closed(tx, thing)
    over = (
        thing.archived
        or (isinstance(thing, Action) and thing.state in (ActionState.DONE, ActionState.STOPPED))
        or (isinstance(thing, Goal) and thing.state is GoalState.CLOSED)
        or (isinstance(thing, Expertise) and thing.kind is not ExpertiseKind.QUESTION)
    )
    if over:
        raise NotFound(thing.TABLE, thing.id)


def _is_asked_of(tx: Transaction, person_id: str, offer_id: str, noun: str, noun_id: str) -> bool:
    """Whether the other of the two asked this already, which is then agreed; raises `Incomplete` when it was before.

    That a third person waits for the same is nobody's business.
    """
    there = tx.execute(
        """
        SELECT expertise_request_id, asker_id, decider_id, state FROM expertise_request
        WHERE expertise_id = $offer AND noun = $noun AND noun_id = $noun_id AND state IN ('open', 'agreed')
        ORDER BY expertise_request_id
        """,
        offer=offer_id,
        noun=noun,
        noun_id=noun_id,
    )
    if any(state == RequestState.AGREED or asker == person_id for _id, asker, _decider_id, state in there):
        raise Incomplete(NOUN, "expertise_id", "asked_already")
    waiting_for_her = [request_id for request_id, _asker, decider, _state in there if decider == person_id]
    if waiting_for_her:
        _agree(tx, waiting_for_her[0])
    return bool(waiting_for_her)


def _agree(tx: Transaction, request_id: str) -> None:
    """Agreed; others who asked the same offer for the same thing have their answer as well."""
    _set(tx, request_id, RequestState.AGREED)
    tx.execute(
        """
        UPDATE expertise_request SET state = 'ended'
        WHERE state = 'open' AND (expertise_id, noun, noun_id) = (
          SELECT (expertise_id, noun, noun_id) FROM expertise_request WHERE expertise_request_id = $id
        )
        """,
        id=request_id,
    )


def answer(store: Store, actor: Actor, request_id: str, *, yes: bool) -> None:
    """Say yes or no. A no needs no reason. Raises `NotYours` for who it was not asked."""

    def use_case(tx: Transaction) -> None:
        one = _open(tx, request_id, RequestState.OPEN)
        decider = one[1]
        mine = decider == actor.person_id if decider else may(actor, Right.EDIT_THREAD)
        if not mine:
            raise NotYours(NOUN)
        if yes:
            _agree(tx, request_id)
        else:
            _set(tx, request_id, RequestState.DECLINED)

    colleague(actor)
    store.write(use_case, actor=actor, verb="answer_expertise")


def end(store: Store, actor: Actor, request_id: str) -> None:
    """Take back what was asked, or end what was agreed. Either of the two may, and nobody else."""
    person_id = colleague(actor)

    def use_case(tx: Transaction) -> None:
        asker, decider, offered_by = _open(
            tx, request_id, RequestState.OPEN, RequestState.AGREED, RequestState.DECLINED
        )
        if person_id not in (asker, decider, offered_by):
            raise NotYours(NOUN)
        _set(tx, request_id, RequestState.ENDED)

    store.write(use_case, actor=actor, verb="end_expertise")


def _open(tx: Transaction, request_id: str, *states: RequestState) -> tuple[str, str | None, str]:
    """Asker, decider and whose offer it is of a request in one of these states; raises `NotFound`."""
    rows = tx.execute(
        """
        SELECT r.asker_id, r.decider_id, o.person_id, r.state
        FROM expertise_request r JOIN expertise o USING (expertise_id)
        WHERE r.expertise_request_id = $id
        """,
        id=request_id,
    )
    if not rows or rows[0][3] not in states:
        raise NotFound(NOUN, request_id)
    asker, decider, offered_by, _state = rows[0]
    return asker, decider, offered_by


def _set(tx: Transaction, request_id: str, state: RequestState) -> None:
    tx.execute(
        "UPDATE expertise_request SET state = $state, answered_on = $on WHERE expertise_request_id = $id",
        state=str(state),
        on=config.today(),
        id=request_id,
    )
    tx.note(NOUN, request_id, is_new=False)
