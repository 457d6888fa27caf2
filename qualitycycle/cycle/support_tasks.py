"""The support team's four tasks: sub-tasks of the school's own, who has which part in them, and what of it lacks.

Gaps and doubles are about tasks, never about people: nobody is counted, and nothing is said of how somebody did it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle import config
from qualitycycle.cycle import plan, school
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.support_words import USUAL_TASKS
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _
from qualitycycle.model import Actor, Cycle, SupportArea, SupportTask, TaskDone, TaskPart, TaskRole
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id
from qualitycycle.store.remembered import PerVersion


class Lack(StrEnum):
    """What is not in order about a task, most urgent first."""

    NOBODY = "nobody"
    NOBODY_RESPONSIBLE = "nobody_responsible"
    NOBODY_DOES = "nobody_does"
    TWO_RESPONSIBLE = "two_responsible"


GAPS = (Lack.NOBODY, Lack.NOBODY_RESPONSIBLE, Lack.NOBODY_DOES)


@dataclass(frozen=True)
class TaskLine:
    """A task with who has which part, whether it was done in this period, and what lacks; None: nothing does."""

    task: SupportTask
    people: Mapping[TaskPart, tuple[str, ...]]
    done_on: date | None = None
    lack: Lack | None = None

    def of(self, part: TaskPart) -> tuple[str, ...]:
        return self.people.get(part, ())


@dataclass(frozen=True)
class SupportTasks:
    """All tasks in their order; `cycle` is the period that `done_on` is about, None when no cycle runs."""

    lines: tuple[TaskLine, ...]
    archived: tuple[SupportTask, ...]
    cycle: Cycle | None

    @property
    def lacking(self) -> tuple[TaskLine, ...]:
        """Gaps first, then doubles."""
        order = list(Lack)
        found = [one for one in self.lines if one.lack is not None]
        return tuple(sorted(found, key=lambda one: order.index(one.lack or Lack.NOBODY)))

    def of(self, area: SupportArea) -> list[TaskLine]:
        return [one for one in self.lines if one.task.area is area]


# --- rules -----------------------------------------------------------------------------------------------


def lack_of(responsible: Sequence[str], doing: Sequence[str]) -> Lack | None:
    """One person is responsible and somebody does it; anything else is a gap or a double."""
    if not responsible:
        return Lack.NOBODY_RESPONSIBLE if doing else Lack.NOBODY
    if len(responsible) > 1:
        return Lack.TWO_RESPONSIBLE
    return None if doing else Lack.NOBODY_DOES


# --- reading ---------------------------------------------------------------------------------------------


def look(store: Store, actor: Actor) -> SupportTasks:
    """The tasks as they are divided today, people by name; who left the school no longer has a part."""
    require(actor, Right.EDIT_OWN_ACTION)
    cycle = plan.running_cycle(store)
    place = {one.person_id: n for n, one in enumerate(school.staff(store, archived=False).people)}
    tasks, roles, done = _kept(store)
    present = sorted((one for one in roles if one.person_id in place), key=lambda one: place[one.person_id])
    when = {one.task_id: one.done_on for one in done if cycle and one.cycle_id == cycle.cycle_id}
    lines = [_line(one, present, when.get(one.task_id)) for one in tasks if not one.archived]
    return SupportTasks(tuple(lines), tuple(one for one in tasks if one.archived), cycle)


def _read(store: Store) -> tuple[list[SupportTask], list[TaskRole], list[TaskDone]]:
    with store.cursor() as con:
        return (
            records.find(con, SupportTask, archived=True),
            records.find(con, TaskRole),
            records.find(con, TaskDone),
        )


# The agenda, To do now and the page ask for the same.
_kept = PerVersion(_read)


def _line(task: SupportTask, roles: Sequence[TaskRole], done_on: date | None) -> TaskLine:
    people = {
        part: tuple(one.person_id for one in roles if one.task_id == task.task_id and one.part is part)
        for part in TaskPart
    }
    lack = lack_of(people[TaskPart.RESPONSIBLE], people[TaskPart.DOES])
    return TaskLine(task, people, done_on, lack)


# --- the list --------------------------------------------------------------------------------------------


def start(store: Store, actor: Actor) -> int:
    """Begin with the usual tasks, in the words of the language on screen; each can be changed or archived.

    Raises `Incomplete` where there is a list already. Returns how many were made.
    """
    require(actor, Right.EDIT_THREAD)
    titles = [(area, _(title)) for area, titles in USUAL_TASKS.items() for title in titles]
    made = [
        SupportTask(task_id=new_id(), area=area, title=title, position=place)
        for place, (area, title) in enumerate(titles)
    ]

    def use_case(tx: Transaction) -> int:
        if tx.find(SupportTask, archived=True):
            raise Incomplete("task", "title", "started_already")
        tx.insert_all(made)
        return len(made)

    return store.write(use_case, actor=actor, verb="start_tasks")


def add(
    store: Store, actor: Actor, *, area: SupportArea, title: str, note: str = "", outside: str = ""
) -> SupportTask:
    require(actor, Right.EDIT_THREAD)
    if not title.strip():
        raise Incomplete("task", "title")

    def use_case(tx: Transaction) -> SupportTask:
        return tx.insert(
            SupportTask(
                task_id=new_id(),
                area=area,
                title=title.strip(),
                note=note.strip(),
                outside=outside.strip(),
                position=tx.next_position(SupportTask),
            )
        )

    return store.write(use_case, actor=actor, verb="add_task")


def change(
    store: Store,
    actor: Actor,
    task_id: str,
    seen: int | None,
    *,
    area: SupportArea,
    title: str,
    note: str,
    outside: str,
    people: Mapping[TaskPart, Sequence[str]],
) -> SupportTask:
    """Word a task anew, and say exactly who has each part named in `people`; other parts stay as they are."""
    require(actor, Right.EDIT_THREAD)
    if not title.strip():
        raise Incomplete("task", "title")

    def use_case(tx: Transaction) -> SupportTask:
        saved = tx.change(
            SupportTask,
            task_id,
            seen,
            area=area,
            title=title.strip(),
            note=note.strip(),
            outside=outside.strip(),
        )
        for part, ids in people.items():
            give(tx, task_id, part, ids)
        return saved

    return store.write(use_case, actor=actor, verb="change_task")


def divide(store: Store, actor: Actor, task_id: str, people: Mapping[TaskPart, Sequence[str]]) -> None:
    """Say who has which of the named parts; parts that are not named stay as they are."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> None:
        for part, ids in people.items():
            give(tx, task_id, part, ids)

    store.write(use_case, actor=actor, verb="divide_task")


def give(tx: Transaction, task_id: str, part: TaskPart, person_ids: Sequence[str]) -> None:
    """Exactly these people have this part from now on."""
    tx.get(SupportTask, task_id)
    held = tx.find(TaskRole, where="task_id = $task AND part = $part", task=task_id, part=str(part))
    for one in held:
        if one.person_id not in person_ids:
            tx.archive(TaskRole, one.task_role_id)
    there = {one.person_id for one in held}
    for person_id in dict.fromkeys(person_ids):
        if person_id not in there:
            tx.insert(TaskRole(task_role_id=new_id(), task_id=task_id, person_id=person_id, part=part))


def answer(
    lack: Lack, people: Mapping[TaskPart, Sequence[str]], person_id: str
) -> dict[TaskPart, tuple[str, ...]]:
    """How a task is divided once one person is named for what lacks.

    Where nobody had it she is responsible and does it. Of two who were responsible the other goes on doing it.
    """
    doing = tuple(people.get(TaskPart.DOES, ()))
    if lack is Lack.NOBODY_DOES:
        return {TaskPart.DOES: (person_id,)}
    if lack is Lack.NOBODY_RESPONSIBLE:
        return {TaskPart.RESPONSIBLE: (person_id,)}
    if lack is Lack.NOBODY:
        return {TaskPart.RESPONSIBLE: (person_id,), TaskPart.DOES: (person_id,)}
    others = tuple(one for one in people.get(TaskPart.RESPONSIBLE, ()) if one != person_id)
    return {
        TaskPart.RESPONSIBLE: (person_id,),
        TaskPart.DOES: tuple(dict.fromkeys((*doing, *others))),
    }


# --- done in this period ---------------------------------------------------------------------------------


def mark_done(store: Store, actor: Actor, task_id: str, done_on: date | None) -> None:
    """Put down that a task was done in the running period, and when; None: it was not after all."""
    require(actor, Right.EDIT_THREAD)
    cycle = plan.running_cycle(store)
    if cycle is None:
        raise Incomplete("task_done", "cycle")
    if done_on is not None and not cycle.first_on <= done_on <= config.today():
        raise Incomplete("task_done", "done_on", "outside_period")

    def use_case(tx: Transaction) -> None:
        tx.get(SupportTask, task_id)
        for one in tx.find(
            TaskDone, where="task_id = $task AND cycle_id = $cycle", task=task_id, cycle=cycle.cycle_id
        ):
            tx.archive(TaskDone, one.task_done_id)
        if done_on is not None:
            tx.insert(
                TaskDone(task_done_id=new_id(), task_id=task_id, cycle_id=cycle.cycle_id, done_on=done_on)
            )

    store.write(use_case, actor=actor, verb="mark_task")
