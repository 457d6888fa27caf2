"""Now to do: one list per person and per role, from all parts of the program. Rules first, then the reading.

Who takes something over starts clean: what was due before she became its owner is not counted against her.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import (
    access,
    expertise_requests,
    goal_talks,
    guidance,
    plan,
    rounds,
    school,
    thread,
    waiting,
)
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.agenda import CHECK_EVERY, LONG_OPEN, SOON
from qualitycycle.cycle.thread import Thread
from qualitycycle.cycle.waiting import Wait, Waiting
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Batch,
    BatchState,
    GoalState,
    Obstacle,
    Role,
    Round,
    RoundState,
)
from qualitycycle.store.connect import Store

# How long a new owner has for what was due before it was hers.
SETTLING_IN = timedelta(days=14)
GUIDES = frozenset({Role.LEADER, Role.COACH})
STAFF = GUIDES | {Role.MEMBER}
# A learning question in which nothing moved for so long waits for who guides it.
STILL_AFTER = timedelta(days=42)


class Task(StrEnum):
    """What there is to do, most urgent first."""

    ACTION_LATE = "action_late"
    OBSTACLE_LONG = "obstacle_long"
    GOAL_NOT_CHECKED = "goal_not_checked"
    EXPERTISE_ASKED = "expertise_asked"
    ACTION_DUE = "action_due"
    ROUND_TO_CLOSE = "round_to_close"
    EVIDENCE_TO_LOOK_AT = "evidence_to_look_at"
    ACTION_TO_EVALUATE = "action_to_evaluate"
    OBSTACLE = "obstacle"
    TASK_NOBODY = "task_nobody"
    TASK_TWO = "task_two"
    WAY_TO_READ = "way_to_read"
    POLICY_REVIEW = "policy_review"
    AGREEMENT_REVIEW = "agreement_review"
    GROUP_REVIEW = "group_review"
    QUESTION_STILL = "question_still"
    ROWS_REFUSED = "rows_refused"


# What is somebody's own to look at again.
REVIEWS = frozenset({Wait.POLICY_DUE, Wait.AGREEMENT_DUE})
# What waits of support, policy and the calendar, as something to do.
WAITS = {
    Wait.NOBODY: Task.TASK_NOBODY,
    Wait.NOBODY_RESPONSIBLE: Task.TASK_NOBODY,
    Wait.NOBODY_DOES: Task.TASK_NOBODY,
    Wait.TWO_RESPONSIBLE: Task.TASK_TWO,
    Wait.WAY_TO_AGREE: Task.WAY_TO_READ,
    Wait.POLICY_DUE: Task.POLICY_REVIEW,
    Wait.AGREEMENT_DUE: Task.AGREEMENT_REVIEW,
    Wait.REVIEW_DUE: Task.GROUP_REVIEW,
}


@dataclass(frozen=True)
class ToDo:
    """One thing to do: `person_id` whose it is, or `roles` who may take it when it is nobody's alone.

    `due_on` is the day it is counted by; `n` how many rows or weeks it is about.
    """

    task: Task
    noun: str
    noun_id: str
    title: str
    person_id: str | None = None
    roles: frozenset[Role] = frozenset()
    due_on: date | None = None
    n: int = 0

    def is_for(self, actor: Actor) -> bool:
        """Whether it stands on this person's own list."""
        mine = self.person_id is not None and self.person_id == actor.person_id
        return mine or actor.role in self.roles


# --- rules -----------------------------------------------------------------------------------------------


def counted_by(due_on: date, owned_since: date | None) -> date:
    """The day an owner is held to: what was due before it was hers, she has two weeks for."""
    if owned_since is None or due_on >= owned_since:
        return due_on
    return owned_since + SETTLING_IN


def action_task(action: Action, owned_since: date | None, today: date) -> tuple[Task, date] | None:
    """What an action asks of its owner, and by when; None when nothing does now."""
    if action.state in (ActionState.DONE, ActionState.STOPPED):
        ended = action.stopped_on or today
        return (Task.ACTION_TO_EVALUATE, ended) if action.evaluated_on is None else None
    if action.due_on is None:
        return None
    due = counted_by(action.due_on, owned_since)
    if due < today:
        return Task.ACTION_LATE, due
    return (Task.ACTION_DUE, due) if due <= today + SOON else None


def obstacle_task(raised_on: date, owned_since: date | None, today: date) -> Task:
    """Open for longer than two weeks, counted from when it got the owner it has, it is the school leader's as well."""
    since = max(raised_on, owned_since) if owned_since else raised_on
    return Task.OBSTACLE_LONG if today - since > LONG_OPEN else Task.OBSTACLE


def in_order(found: Sequence[ToDo]) -> list[ToDo]:
    """Most urgent first, then by day."""
    order = list(Task)
    return sorted(
        found, key=lambda one: (order.index(one.task), one.due_on or date.max, one.title, one.noun_id)
    )


# --- reading ---------------------------------------------------------------------------------------------


def everything(store: Store, actor: Actor) -> list[ToDo]:
    """All there is to do in the running cycle, for everybody."""
    require(actor, Right.EDIT_OWN_ACTION)
    cycle = plan.running_cycle(store)
    if cycle is None:
        return []
    found = thread.thread(store, actor, cycle.cycle_id)
    return in_order(
        [
            *_actions(store, found),
            *_goals(store, found),
            *_evidence(found),
            *_rounds(store, actor, cycle.cycle_id),
            *_obstacles(store, actor, cycle.cycle_id),
            *_waiting(store, actor),
            *_questions(store, actor),
            *_refused(store, actor),
            *_asked(store, actor),
        ]
    )


def mine(store: Store, actor: Actor) -> list[ToDo]:
    """What stands on the list of who asks: the own things, and what her role may take."""
    return [one for one in everything(store, actor) if one.is_for(actor)]


def _actions(store: Store, found: Thread) -> list[ToDo]:
    since, today = goal_talks.owned_since(store, "action"), config.today()
    made = []
    for one in found.actions:
        asked = action_task(one, since.get(one.action_id), today)
        if asked and asked[0] is Task.ACTION_TO_EVALUATE and thread.is_errand(found, one):
            continue
        if asked is not None:
            task, due = asked
            made.append(
                ToDo(
                    task,
                    "action",
                    one.action_id,
                    one.title,
                    one.owner_id,
                    frozenset() if one.owner_id else GUIDES,
                    due,
                )
            )
    return made


def _goals(store: Store, found: Thread) -> list[ToDo]:
    """Goals nobody talked about for longer than a month of school weeks."""
    talks, today = goal_talks.talks(store, found.cycle.cycle_id), config.today()
    silent = [(one, talks.weeks_silent(one, today)) for one in found.goals if one.state is GoalState.OPEN]
    return [
        ToDo(
            Task.GOAL_NOT_CHECKED,
            "goal",
            one.goal_id,
            one.title,
            one.owner_id,
            frozenset() if one.owner_id else GUIDES,
            n=weeks,
        )
        for one, weeks in silent
        if weeks > CHECK_EVERY
    ]


def _evidence(found: Thread) -> list[ToDo]:
    return [
        ToDo(
            Task.EVIDENCE_TO_LOOK_AT,
            "evidence",
            one.evidence_id,
            one.title,
            roles=GUIDES,
            due_on=one.added_on,
        )
        for one in found.evidence
        if one.reviewed_on is None
    ]


def _rounds(store: Store, actor: Actor, cycle_id: str) -> list[ToDo]:
    """Open rounds of which the last day has come, or in which everybody filled in."""
    made = []
    for one in plan.find(store, actor, Round, cycle_id=cycle_id, state=RoundState.OPEN):
        done = rounds.progress(store, actor, one.round_id)
        is_over = one.closes_on is not None and one.closes_on <= config.today()
        if is_over or 0 < done.n_invited <= done.n_answered:
            made.append(
                ToDo(
                    Task.ROUND_TO_CLOSE, "round", one.round_id, one.title, roles=GUIDES, due_on=one.closes_on
                )
            )
    return made


def _obstacles(store: Store, actor: Actor, cycle_id: str) -> list[ToDo]:
    since, today = goal_talks.owned_since(store, "obstacle"), config.today()
    made = []
    for one in plan.find(store, actor, Obstacle, cycle_id=cycle_id):
        if one.solved_on is not None:
            continue
        task = obstacle_task(one.raised_on, since.get(one.obstacle_id), today)
        escalated = task is Task.OBSTACLE_LONG or one.owner_id is None
        made.append(
            ToDo(
                task,
                "obstacle",
                one.obstacle_id,
                one.title,
                one.owner_id,
                frozenset({Role.LEADER}) if escalated else frozenset(),
                one.raised_on,
            )
        )
    return made


def _waiting(store: Store, actor: Actor) -> list[ToDo]:
    """A gap or a double is for who guides; what has to be looked at again is its writer's or owner's."""
    return [
        ToDo(
            WAITS[one.why],
            one.noun,
            one.noun_id,
            one.title,
            _whose(one),
            _takes(one),
            one.due_on,
        )
        for one in waiting.everything(store, actor)
    ]


def _whose(one: Waiting) -> str | None:
    return one.person_ids[0] if one.why in REVIEWS and one.person_ids else None


def _takes(one: Waiting) -> frozenset[Role]:
    if one.why is Wait.WAY_TO_AGREE:
        return STAFF
    return frozenset() if _whose(one) else GUIDES


def _questions(store: Store, actor: Actor) -> list[ToDo]:
    """Learning questions in which nothing moved for weeks. Only who may see one ever has it on her screen."""
    found = []
    for one in guidance.trajectories(store, actor):
        moved = max((date.fromisoformat(day) for day in one.moves.values()), default=one.started_on)
        if one.closed_on is None and moved + STILL_AFTER < config.today():
            found.append(
                ToDo(
                    Task.QUESTION_STILL,
                    guidance.NOUN,
                    one.id,
                    one.question,
                    one.owner_id,
                    due_on=moved,
                )
            )
    return found


def _refused(store: Store, actor: Actor) -> list[ToDo]:
    """Imports with rows that were kept aside and wait for somebody."""
    if not access.may(actor, Right.IMPORT):
        return []
    rows = store.rows(
        """
        SELECT batch_id, count(*) AS n FROM refused_row WHERE NOT dealt_with GROUP BY batch_id
        """
    )
    waiting = {row["batch_id"]: int(row["n"]) for row in rows}
    return [
        ToDo(Task.ROWS_REFUSED, "batch", one.batch_id, one.file_name, roles=GUIDES, n=waiting[one.batch_id])
        for one in plan.find(store, actor, Batch)
        if one.batch_id in waiting and one.state is BatchState.CURRENT
    ]


def _asked(store: Store, actor: Actor) -> list[ToDo]:
    """Requests for expertise that wait for the yes of who looks; those of another are between the two."""
    return [
        ToDo(
            Task.EXPERTISE_ASKED,
            "expertise",
            one.id,
            f"{one.offer} · {one.about}",
            one.decider_id,
            frozenset() if one.decider_id else GUIDES,
            one.asked_on,
        )
        for one in expertise_requests.waiting(store, actor)
    ]


def people_with_work(store: Store, found: Sequence[ToDo]) -> list[tuple[str, str, list[ToDo]]]:
    """Per person with something to do: id, name and list; by name."""
    staff = school.staff(store)
    own: dict[str, list[ToDo]] = {}
    for one in found:
        if one.person_id:
            own.setdefault(one.person_id, []).append(one)
    named = [(key, staff.person_name(key) or "–", things) for key, things in own.items()]
    return sorted(named, key=lambda entry: entry[1])
