"""How the example school is told: what there is so far, and one cycle day by day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from qualitycycle import config
from qualitycycle.cycle import calendar, rounds
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.model import Action, Actor, Ambition, Cycle, Goal, Judgement, Person, Phase, Region, Role
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

T = TypeVar("T")
REGION = Region.MIDDEN
DAY = timedelta(days=1)
PHASES = (Phase.OBSERVE, Phase.UNDERSTAND, Phase.PLAN, Phase.DO, Phase.EVALUATE)
LEADER = Actor(Role.LEADER)


class OneGo(Store):
    """A store inside one transaction, so that a school is there whole or not at all, and sooner.

    The verbs do not notice: what they write and read goes through the one cursor of the transaction.
    """

    def __init__(self, store: Store, tx: Transaction) -> None:
        self.path = store.path
        self.secret = store.secret
        self.version = self.data_version = tx.data_version
        self.seals = store.seals
        self._tx = tx

    @contextmanager
    def cursor(self) -> Iterator[records.Connection]:
        yield self._tx.con

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        # The audit is written when the transaction ends, unless a verb looks into it before.
        if "audit" in sql:
            self._tx.write_audit()
        return super().rows(sql, **parameters)

    def write(self, use_case: Callable[[Transaction], T], *, actor: Actor, verb: str) -> T:
        try:
            return use_case(replace(self._tx, actor=actor, verb=verb))
        finally:
            # What is read once per version is read again after each verb.
            self.version += 1

    def write_together(
        self, use_case: Callable[[Transaction], T], *, actor: Actor, verb: str, counts: bool = True
    ) -> T:
        return self.write(use_case, actor=actor, verb=verb)

    def checkpoint(self) -> bool:
        return False


@dataclass(frozen=True)
class YearPlan:
    """A school year with its lessons and holidays; fixed typical dates where the table does not reach."""

    name: str
    first_on: date
    last_on: date
    holidays: tuple[tuple[str, date, date], ...]
    is_typical: bool


def year_plan(first_year: int) -> YearPlan:
    name = f"{first_year}-{first_year + 1}"
    first_on, last_on = calendar.lesson_bounds(name, REGION)
    if first_on == calendar.year_bounds(name)[0]:
        first_on = calendar.monday_of(date(first_year, 8, 31))
    if last_on == calendar.year_bounds(name)[1]:
        last_on = calendar.monday_of(date(first_year + 1, 7, 14)) + 4 * DAY
    known = [(row.name, row.first_on, row.last_on) for row in calendar.holidays_of(name, REGION)]
    typical = [
        (key, _in_year(first_year, first), _in_year(first_year, last))
        for key, first, last in texts.TYPICAL_HOLIDAYS
    ]
    holidays = [(calendar.holiday_title(key), first, last) for key, first, last in known or typical]
    return YearPlan(name, first_on, last_on, tuple(holidays), is_typical=not known)


def _in_year(first_year: int, month_day: tuple[int, int]) -> date:
    return date(first_year + (month_day[0] < 8), *month_day)


@dataclass
class Story:
    """What has been told so far: records by the names the texts use."""

    store: Store
    today: date
    factor: int
    seed: int
    years: list[YearPlan]
    people: dict[str, Person] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    ambitions: list[Ambition] = field(default_factory=list)
    n_rounds: int = 0
    imported: set[int] = field(default_factory=set)
    carried_goals: list[str] = field(default_factory=list)
    carried_actions: list[str] = field(default_factory=list)
    last_cycle: Cycle | None = None

    def actor(self, name: str) -> Actor:
        person = self.people[name]
        return Actor(person.role, person.person_id)

    @property
    def leader(self) -> Actor:
        return self.actor(texts.PEOPLE[0].name)

    def person_id(self, name: str) -> str | None:
        return self.people[name].person_id if name else None


def workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - DAY * max(0, day.weekday() - 4)


@dataclass
class Telling:
    """One cycle while it is told: what happens on which day, done in the order of the days."""

    story: Story
    cycle: Cycle
    until: date
    running: bool
    events: list[tuple[date, int, Callable[[], object]]] = field(default_factory=list)
    goals: dict[str, Goal] = field(default_factory=dict)
    actions: dict[str, Action] = field(default_factory=dict)
    judgements: dict[str, Judgement] = field(default_factory=dict)
    rounds: dict[int, rounds.Opened] = field(default_factory=dict)

    def day(self, share: float) -> date:
        """A working day at a share of the time told, never before the cycle's first day."""
        day = self.cycle.first_on + timedelta(days=round(share * (self.until - self.cycle.first_on).days))
        return max(min(workday(day), self.until), self.cycle.first_on)

    def at(self, day: date, event: Callable[[], object]) -> None:
        day = max(min(day, self.until), self.cycle.first_on)
        self.events.append((day, len(self.events), event))

    def tell(self) -> None:
        # A list that grows while it is told: an event may bring later ones.
        while self.events:
            self.events.sort(key=lambda entry: entry[:2])
            day, _place, event = self.events.pop(0)
            with config.as_of(day):
                event()
