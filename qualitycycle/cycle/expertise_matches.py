"""Which offers of expertise fit which question, action or goal, and why: by theme and by words in common.

A match is a proposal to look at, with its reasons beside it; a person decides (see `expertise_requests`). The fit is
of a text with a text: it is no figure about anybody, and offers that fit stand in the order of their words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from qualitycycle.cycle import expertise, expertise_requests, guidance, plan, shared_words, thread
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.expertise import Board
from qualitycycle.cycle.expertise_requests import Request
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.cycle.thread import Thread
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Expertise,
    ExpertiseKind,
    ExpertiseTheme,
    Goal,
    GoalState,
)
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class Fit:
    """One offer that fits: by the theme, when it is found there, and by these words of the text."""

    offer: Expertise
    theme: ExpertiseTheme | None
    words: tuple[str, ...]


@dataclass(frozen=True)
class GoalNeed:
    """An open goal with what was agreed about it or its actions, and the offers that fit."""

    goal: Goal
    agreed: tuple[Request, ...]
    fits: tuple[Fit, ...]


@dataclass(frozen=True)
class Whole:
    """Where the expertise of the team fits: what is lacking, and what nobody uses yet."""

    goals: tuple[GoalNeed, ...] = ()
    unused: tuple[Expertise, ...] = ()
    unanswered: tuple[Expertise, ...] = ()
    learning: tuple[tuple[Trajectory, tuple[Fit, ...]], ...] = field(default=())


# --- the match -------------------------------------------------------------------------------------------


def fits(board: Board, *texts: str, of: str | None = None, theme_id: str | None = None) -> tuple[Fit, ...]:
    """The offers that fit a text; `of` is whose text it is: her own offers are no answer to it."""
    said = shared_words.words_of(*texts)
    found = (_fit(board, offer, said, theme_id) for offer in board.offers if offer.person_id != of)
    there = [one for one in found if one is not None]
    return tuple(sorted(there, key=lambda one: (one.theme is None or not one.words, one.theme is None)))


def _fit(board: Board, offer: Expertise, said: dict[str, str], theme_id: str | None) -> Fit | None:
    theme = board.theme(offer)
    words = shared_words.shared(shared_words.words_of(offer.title, offer.note), said)
    if theme is not None and theme.id != theme_id:
        by_theme = shared_words.shared(shared_words.words_of(theme.title, *theme.words), said)
        words = tuple(dict.fromkeys((*words, *by_theme)))
        theme = theme if by_theme else None
    return Fit(offer, theme, words) if theme is not None or words else None


def for_question(board: Board, question: Expertise) -> tuple[Fit, ...]:
    """Offers for what a colleague wants to learn: a theme that both chose, or words in common."""
    theme = board.theme(question)
    return fits(
        board,
        question.title,
        question.note,
        of=question.person_id,
        theme_id=theme.id if theme is not None else None,
    )


def for_action(board: Board, action: Action, goal: Goal | None) -> tuple[Fit, ...]:
    """Offers for an action: found in its own words and in those of its goal."""
    return fits(board, action.title, action.text, action.for_whom, goal.title if goal else "")


def for_goal(board: Board, goal: Goal) -> tuple[Fit, ...]:
    return fits(board, goal.title, goal.text)


def for_trajectory(board: Board, one: Trajectory) -> tuple[Fit, ...]:
    """Offers for a learning question; whoever may not see it has no `Trajectory` to ask with."""
    return fits(board, one.question, one.serves, of=one.colleague_id)


# --- where an own offer fits -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Use:
    """Something an offer fits: an action, a goal or a colleague's question, with why."""

    thing: Action | Goal | Expertise
    fit: Fit


def uses(store: Store, actor: Actor, board: Board, offer: Expertise) -> list[Use]:
    """Where one's own offer could help: open actions, goals and questions of colleagues."""
    require(actor, Right.EDIT_OWN_ACTION)
    alone = Board(board.themes, (offer,), board.questions)
    found = _running(store, actor)
    tried: list[tuple[Action | Goal | Expertise, tuple[Fit, ...]]] = [
        (one, for_question(alone, one)) for one in board.questions
    ]
    if found is not None:
        goals = {goal.goal_id: goal for goal in found.goals}
        tried += [(one, for_goal(alone, one)) for one in open_goals(found)]
        tried += [(one, for_action(alone, one, goals.get(one.goal_id or ""))) for one in open_actions(found)]
    return [Use(thing, there[0]) for thing, there in tried if there]


# --- the whole -------------------------------------------------------------------------------------------


def whole(store: Store, actor: Actor, board: Board) -> Whole:
    """Where expertise is lacking in the running cycle, and what is offered and not used."""
    require(actor, Right.EDIT_OWN_ACTION)
    found = _running(store, actor)
    agreed = expertise_requests.agreed(store, actor)
    used = {one.expertise_id for one in agreed}
    answered = {one.noun_id for one in agreed if one.noun == "expertise"}
    learning = [one for one in guidance.trajectories(store, actor) if one.closed_on is None]
    return Whole(
        goals=_goal_needs(board, found, agreed) if found else (),
        unused=tuple(one for one in board.offers if one.expertise_id not in used),
        unanswered=tuple(
            one for one in board.questions if one.id not in answered and not for_question(board, one)
        ),
        learning=tuple((one, for_trajectory(board, one)) for one in learning),
    )


def _goal_needs(board: Board, found: Thread, agreed: Sequence[Request]) -> tuple[GoalNeed, ...]:
    needs = []
    for goal in open_goals(found):
        ids = {goal.goal_id, *(action.action_id for action in found.actions_of(goal.goal_id))}
        own = tuple(one for one in agreed if one.noun_id in ids)
        needs.append(GoalNeed(goal, own, for_goal(board, goal)))
    # What lacks expertise stands first.
    return tuple(sorted(needs, key=lambda one: (bool(one.agreed), bool(one.fits))))


def _running(store: Store, actor: Actor) -> Thread | None:
    cycle = plan.running_cycle(store)
    return thread.thread(store, actor, cycle.cycle_id) if cycle else None


def open_goals(found: Thread) -> list[Goal]:
    return [goal for goal in found.goals if goal.state is GoalState.OPEN]


def open_actions(found: Thread) -> list[Action]:
    return [one for one in found.actions if one.state in (ActionState.PLANNED, ActionState.RUNNING)]


def is_offer(one: Expertise) -> bool:
    return one.kind is ExpertiseKind.OFFER


# For the page of one action.
def of_action(store: Store, actor: Actor, action: Action, goal: Goal | None) -> tuple[Fit, ...]:
    """Offers that fit an action and are not linked with it yet."""
    board = expertise.board(store, actor)
    linked = {one.expertise_id for one in expertise_requests.about(store, actor, "action", action.action_id)}
    return tuple(one for one in for_action(board, action, goal) if one.offer.expertise_id not in linked)
