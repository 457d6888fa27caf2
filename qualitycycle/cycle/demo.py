"""The example school: three cycles told day by day through the verbs, and five school years of outcomes.

One seed gives one school, apart from its random ids and codes. `demo`, the tests and the benchmarks use it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any, TypeVar

import numpy as np

from qualitycycle import config, i18n, instruments
from qualitycycle.cycle import (
    act,
    baselines,
    calendar,
    confidence,
    demo_expertise,
    demo_files,
    demo_guidance,
    demo_meetings,
    demo_network,
    demo_support,
    demo_weight,
    everyones_part,
    evidence,
    indicators,
    meeting_entries,
    plan,
    rounds,
    school,
    series,
)
from qualitycycle.cycle import demo_meeting_texts as meeting_texts
from qualitycycle.cycle import demo_outcomes as outcomes
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle.demo_texts import (
    ActionText,
    CycleText,
    EvidenceText,
    GoalText,
    IndicatorText,
    PersonText,
    RoundText,
    VoteText,
)
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Ambition,
    BaselineKind,
    Cycle,
    DoneAsPlanned,
    Evidence,
    Goal,
    Holiday,
    Indicator,
    Instrument,
    Judgement,
    Measurement,
    NextStep,
    Person,
    Phase,
    PhaseMove,
    Region,
    Role,
    Says,
    School,
    SchoolYear,
    Sector,
    Team,
    Vision,
)
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

T = TypeVar("T")
REGION = Region.MIDDEN
LEADER = Actor(Role.LEADER)
DAY = timedelta(days=1)
PHASES = (Phase.OBSERVE, Phase.UNDERSTAND, Phase.PLAN, Phase.DO, Phase.EVALUATE)
# When a goal was made and reached each later phase, and when it and its cycle were closed.
GOAL_MADE, GOAL_CLOSED, CYCLE_CLOSED = 0.05, 0.95, 0.98
GOAL_MOVES = (0.08, 0.1, 0.16, 0.86)
# How a team answers: a mean per scale, growth per round, and the spread of persons, statements and moments.
AGREEMENT, GROWTH = 4.35, 0.12
SCALE_SHIFT = {"goals": 0.35, "action": 0.0, "evidence": -0.7, "culture": 0.3, "roles": 0.1, "trust": 0.2}
# In the third year the tasks are divided anew, and that shows in the round after it.
CLEARER_ROLES, CLEARER_FROM = 0.7, 4
PERSON_SD, ITEM_SD, ANSWER_SD, EVIDENCE_SD = 0.55, 0.25, 0.65, 1.05
SHARE_SKIPPED = 0.025


def is_filled(store: Store) -> bool:
    """Whether this file holds a school already."""
    return school.find_school(store) is not None


def fill(store: Store, *, today: date, factor: int = 1, seed: int = 2026) -> None:
    """Tell the example school's story up to `today` into an empty store; `factor` multiplies staff and pupils."""
    first_year = calendar.year_bounds(calendar.school_year_of(today))[0].year

    def tell(tx: Transaction) -> None:
        years = [year_plan(first_year - n) for n in (2, 1, 0)]
        story = _Story(_OneGo(store, tx), today, factor, seed, years)
        _found_school(story)
        for number, text in enumerate(texts.CYCLES):
            _tell_cycle(story, number, text)
        _tell_guidance(story)
        _tell_support(story)
        _tell_expertise(story)
        demo_network.fill(story.store, today=story.today, coach=story.actor(demo_guidance.COACH))

    with i18n.speaking("nl"):
        store.write(tell, actor=LEADER, verb="fill")
    store.checkpoint()


class _OneGo(Store):
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


# --- the years -------------------------------------------------------------------------------------------


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


# --- the story -------------------------------------------------------------------------------------------


@dataclass
class _Story:
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


def _workday(day: date) -> date:
    """The day itself, or the Friday before a weekend."""
    return day - DAY * max(0, day.weekday() - 4)


@dataclass
class _Telling:
    """One cycle while it is told: what happens on which day, done in the order of the days."""

    story: _Story
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
        return max(min(_workday(day), self.until), self.cycle.first_on)

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


def _found_school(story: _Story) -> None:
    first = story.years[0]
    with config.as_of(first.first_on):
        school.set_up(
            story.store,
            LEADER,
            school.NewSchool(
                name=texts.SCHOOL,
                brin=texts.BRIN,
                sector=Sector.PO,
                region=REGION,
                teams=texts.TEAMS,
                people=[_new_person(one) for one in _all_people(story.factor)],
                school_year=first.name,
                first_on=first.first_on,
                last_on=first.last_on,
                holidays=first.holidays,
            ),
        )
        staff = school.staff(story.store)
        story.people = {person.name: person for person in staff.people}
        story.teams = {team.name: team.team_id for team in staff.teams}
        for name, groups in texts.YEAR_GROUPS.items():
            plan.change(story.store, story.leader, Team, story.teams[name], None, year_groups=groups)
        plan.change(story.store, story.leader, School, staff.school.id, None, is_demo=True)
        visions = [
            plan.record(story.store, story.leader, Vision(vision_id=new_id(), title=title, text=text))
            for title, text in texts.VISIONS
        ]
        story.ambitions = [
            plan.record(
                story.store,
                story.leader,
                Ambition(ambition_id=new_id(), vision_id=visions[above].vision_id, title=title, text=text),
            )
            for title, text, above in texts.AMBITIONS
        ]


def _all_people(factor: int) -> list[PersonText]:
    """Of a bigger school the members come again under a further letter; leader and IB'ers stay as they are."""
    more = [
        replace(one, name=f"{one.name} {chr(ord('A') + n)}.")
        for n in range(factor - 1)
        for one in texts.PEOPLE
        if one.role is Role.MEMBER
    ]
    return [*texts.PEOPLE, *more]


def _new_person(one: PersonText) -> school.NewPerson:
    return school.NewPerson(one.name, one.title, one.role, (one.team,) if one.team else ())


# --- one cycle -------------------------------------------------------------------------------------------


def _tell_cycle(story: _Story, number: int, text: CycleText) -> None:
    year = story.years[number]
    running = number == len(story.years) - 1
    cycle = _start(story, year, running)
    told = _Telling(story, cycle, story.today if running else cycle.last_on, running)
    for phase, share in zip(PHASES[1:], text.phases, strict=False):
        told.at(told.day(share), partial(_move_cycle, told, phase))
    for goal in text.goals:
        _plan_goal(told, goal)
    for action in text.loose_actions:
        told.at(told.day(GOAL_MADE), partial(_add_action, told, action, None))
    for share, title, line in texts.SUCCESSES[number]:
        told.at(told.day(share), partial(_name_success, told, title, line))
    for place, one in enumerate(text.rounds):
        _plan_round(told, place, one)
    for piece in text.evidence:
        told.at(told.day(piece.at), partial(_add_evidence, told, piece))
    _plan_imports(told)
    _plan_meetings(told, number)
    told.tell()
    _type_values(told, text, year)
    story.last_cycle = cycle
    if not running:
        with config.as_of(told.day(CYCLE_CLOSED)):
            act.close_cycle(
                story.store,
                story.leader,
                cycle.cycle_id,
                None,
                went_well=text.went_well,
                learned=text.learned,
            )


def _plan_meetings(told: _Telling, number: int) -> None:
    """The last weekly meetings of a cycle, as many as fit between its goals and its end."""
    story, own = told.story, meeting_texts.OF_CYCLES[number]
    if not own:
        return
    end = story.today - DAY if told.running else told.day(GOAL_CLOSED)
    found = demo_meetings.days(story.store, told.day(GOAL_MADE), end, len(own))
    row = demo_meetings.Row(story.store, story.leader, told.cycle, told.goals, story.today)
    fitting = own[len(own) - len(found) :]
    for place, (day, text) in enumerate(zip(found, fitting, strict=True)):
        coming = fitting[place + 1] if place + 1 < len(fitting) else None
        told.at(day, partial(demo_meetings.hold, row, text, coming))


def _tell_guidance(story: _Story) -> None:
    """Learning questions and the log hang on the goals of the running cycle."""
    cycle = plan.running_cycle(story.store)
    goals = plan.find(story.store, story.leader, Goal, cycle_id=cycle.cycle_id) if cycle else []
    demo_guidance.fill(
        story.store,
        today=story.today,
        people={name: story.actor(name) for name in story.people},
        teams=story.teams,
        goal_ids=[goal.goal_id for goal in goals],
    )


def _tell_support(story: _Story) -> None:
    """The support team, policies, and the way of working that the team agreed on in a meeting."""
    people = {name: person.person_id for name, person in story.people.items()}
    demo_support.fill(story.store, today=story.today, leader=story.leader, people=people)


def _name_success(told: _Telling, title: str, line: str) -> None:
    action = told.actions[title]
    owner = next(one for one in told.story.people.values() if one.person_id == action.owner_id)
    meeting_entries.add_success(
        told.story.store, told.story.actor(owner.name), told.cycle.cycle_id, line, action
    )


def _tell_expertise(story: _Story) -> None:
    """What colleagues offer and ask in the running cycle, and everyone's part of the closed ones."""
    people = {name: story.actor(name) for name in story.people}
    demo_expertise.fill(story.store, today=story.today, people=people)
    with config.as_of(story.today):
        for cycle in everyones_part.to_draw(story.store, story.leader):
            everyones_part.draw(story.store, story.leader, cycle.cycle_id)


def _move_cycle(told: _Telling, phase: Phase) -> None:
    story = told.story
    plan.move_phase(story.store, story.leader, Cycle, told.cycle.cycle_id, phase, config.today())


def _start(story: _Story, year: YearPlan, running: bool) -> Cycle:
    if story.last_cycle is None:
        cycle = plan.running_cycle(story.store)
        assert cycle is not None  # setting up made it
        return cycle
    # Before the first lesson of August the new cycle has started all the same: today lies in it.
    first_on = min(year.first_on, story.today) if running else year.first_on
    with config.as_of(first_on):
        school.add_school_year(story.store, story.leader, year.name, year.first_on, year.last_on)
        if year.is_typical:
            for name, first, last in year.holidays:
                free = Holiday(holiday_id=new_id(), name=name, first_on=first, last_on=last)
                plan.record(story.store, story.leader, free)
        return act.start_next(
            story.store,
            story.leader,
            story.last_cycle.cycle_id,
            act.NextCycle(
                year.name,
                first_on,
                max(year.last_on, story.today) if running else year.last_on,
                story.carried_goals,
                story.carried_actions,
            ),
        )


def _plan_imports(told: _Telling) -> None:
    story = told.story
    for first_year in outcomes.years_with_outcomes(story.today):
        known = outcomes.known_on(first_year, story.today)
        if first_year not in story.imported and (known <= told.until or told.running):
            story.imported.add(first_year)
            # What was known before the cycle is there on its first day, before anything else happens.
            told.events.append((max(known, told.cycle.first_on), -1, partial(_import, story, first_year)))


def _import(story: _Story, first_year: int) -> None:
    story.store.write(
        lambda tx: outcomes.import_year(story.store, tx, first_year, story.today, story.factor, story.seed),
        actor=story.leader,
        verb="import_outcomes",
    )


# --- goals -----------------------------------------------------------------------------------------------


def _plan_goal(told: _Telling, text: GoalText) -> None:
    told.at(told.day(GOAL_MADE), lambda: _make_goal(told, text))
    if not told.running:
        told.at(told.day(GOAL_CLOSED), lambda: _close_goal(told, text))


def _make_goal(told: _Telling, text: GoalText) -> None:
    story = told.story
    goal = _carried(told, text) if text.carried else _new_goal(told, text)
    told.goals[text.title] = goal
    moves = GOAL_MOVES[: text.phase] if told.running else GOAL_MOVES
    told.at(told.day(moves[-1]), lambda: _move_goal(told, goal, [told.day(share) for share in moves]))
    kept = {one.title: one for one in plan.find(story.store, story.leader, Indicator, goal_id=goal.goal_id)}
    for indicator in text.indicators:
        _make_indicator(told, goal, indicator, kept.get(indicator.title))
    for action in text.actions:
        _add_action(told, action, goal)
    for place, vote in enumerate(text.votes):
        told.at(told.day(vote.at), partial(_vote, told, goal, vote, place))


def _move_goal(told: _Telling, goal: Goal, days: list[date]) -> None:
    """All moves of a goal in one transaction: what `plan.move_phase` does, day by day."""
    moves = [
        PhaseMove(phase_move_id=new_id(), noun="goal", noun_id=goal.goal_id, phase=phase, moved_on=day)
        for phase, day in zip(PHASES[1:], days, strict=False)
    ]

    def use_case(tx: Transaction) -> None:
        for move in moves:
            with config.as_of(move.moved_on):
                tx.insert(move)
        tx.change(Goal, goal.goal_id, None, phase=moves[-1].phase)

    told.story.store.write(use_case, actor=told.story.leader, verb="move_phase_goal")


def _new_goal(told: _Telling, text: GoalText) -> Goal:
    story = told.story
    new = Goal(
        goal_id=new_id(),
        cycle_id=told.cycle.cycle_id,
        ambition_id=story.ambitions[text.ambition].ambition_id,
        team_id=story.teams.get(text.team),
        owner_id=story.person_id(text.owner),
        title=text.title,
        text=text.text,
        due_on=told.cycle.last_on,
        standards=text.standards,
        predicted=text.predicted,
    )
    return plan.record(story.store, story.leader, new)


def _carried(told: _Telling, text: GoalText) -> Goal:
    story = told.story
    goals = plan.find(story.store, story.leader, Goal, cycle_id=told.cycle.cycle_id)
    goal = next(goal for goal in goals if goal.carried_from and goal.title == text.title)
    return plan.change(
        story.store,
        story.leader,
        Goal,
        goal.goal_id,
        goal.revision,
        text=text.text,
        due_on=told.cycle.last_on,
        predicted=text.predicted,
    )


def _make_indicator(told: _Telling, goal: Goal, text: IndicatorText, kept: Indicator | None) -> None:
    story = told.story
    baseline, target, baseline_on = text.baseline, text.target, told.cycle.first_on
    if text.line:
        last = _last_point(story, text.line)
        baseline, baseline_on = round(last.value or 0), last.on
        target = baseline + text.gain
    if kept is not None:
        plan.change(
            story.store,
            story.leader,
            Indicator,
            kept.indicator_id,
            kept.revision,
            baseline=baseline,
            baseline_on=baseline_on,
            target=target,
            due_on=told.cycle.last_on,
        )
        return
    new = Indicator(
        indicator_id=new_id(),
        goal_id=goal.goal_id,
        title=text.title,
        kind=text.kind,
        unit=text.unit,
        direction=text.direction,
        baseline=baseline,
        baseline_on=baseline_on,
        target=target,
        due_on=told.cycle.last_on,
        levels=text.levels,
        series=texts.LINES[text.line].as_json() if text.line else {},
    )
    plan.record(story.store, story.leader, new)


def _last_point(story: _Story, line: str) -> series.Point:
    points = series.series(story.store, story.leader, texts.LINES[line]).points
    return next(point for point in reversed(points) if point.value is not None)


def _close_goal(told: _Telling, text: GoalText) -> None:
    story = told.story
    goal = told.goals[text.title]
    judgement, happened = text.judgement, text.happened
    if judgement is None:
        judgement, figures = _judge(story, goal)
        happened = f"{happened} {figures}"
    told.judgements[text.title] = judgement
    closing = act.GoalClosing(happened, judgement, text.learned, text.next_step, text.predicted)
    act.close_goal(story.store, story.leader, goal.goal_id, None, closing)
    if text.next_step is NextStep.ADAPT and any(goal.title == later.title for later in _next_goals(story)):
        story.carried_goals = [goal.goal_id]


def _next_goals(story: _Story) -> list[GoalText]:
    number = 0 if story.last_cycle is None else 1
    return [goal for goal in texts.CYCLES[number + 1].goals if goal.carried]


def _judge(story: _Story, goal: Goal) -> tuple[Judgement, str]:
    """What the figures allow to say, so that text and figures agree under every seed."""
    indicator = plan.find(story.store, story.leader, Indicator, goal_id=goal.goal_id)[0]
    points = indicators.points_of(story.store, story.leader, indicator)
    value = next(point.value for point in reversed(points) if point.value is not None)
    baseline, target = indicator.baseline or 0, indicator.target or 0
    figures = f"Het ging van {baseline:.0f}% naar {value:.0f}%; wij wilden {target:.0f}%."
    if value >= target:
        return Judgement.REACHED, figures
    return (Judgement.PARTLY if value > baseline else Judgement.NOT_REACHED), figures


# --- actions ---------------------------------------------------------------------------------------------


def _add_action(told: _Telling, text: ActionText, goal: Goal | None) -> None:
    story = told.story
    start_on = told.day(text.start)
    due_on = _workday((told.until if told.running else start_on) + timedelta(days=text.due_days))
    due_on = due_on if told.running else min(due_on, told.until)
    # Early in the year a thing that is late now was begun before the cycle was.
    start_on = min(start_on, due_on - 14 * DAY)
    agreed: dict[str, Any] = {
        "goal_id": goal.goal_id if goal else None,
        "owner_id": story.person_id(text.owner),
        "helper_ids": tuple(story.people[name].person_id for name in text.helpers),
        "text": text.text,
        "start_on": start_on,
        "due_on": due_on,
        "grounds": text.grounds,
        "prediction": text.prediction,
        "signal": text.signal,
        **demo_weight.before_start(text.title, start_on, told.actions),
    }
    known = plan.find(story.store, story.leader, Action, cycle_id=told.cycle.cycle_id, title=text.title)
    if known:
        # It came along from the cycle before and gets its new agreements here.
        action = plan.change(story.store, story.leader, Action, known[0].action_id, None, **agreed)
    else:
        new = Action(action_id=new_id(), cycle_id=told.cycle.cycle_id, title=text.title, **agreed)
        action = plan.record(story.store, story.leader, new)
    told.actions[text.title] = action
    if text.state != "planned":
        told.at(max(start_on, config.today()), lambda: _set_state(told, action, ActionState.RUNNING))
    if text.state == "running" and told.running:
        told.at(told.until, lambda: demo_weight.weigh(story.store, story.leader, action))
    if text.state in ("done", "stopped"):
        told.at(max(due_on, config.today()), lambda: _end(told, action, text))


def _set_state(told: _Telling, action: Action, state: ActionState, stopped_on: date | None = None) -> None:
    plan.change(
        told.story.store,
        _owner(told, action),
        Action,
        action.action_id,
        None,
        state=state,
        stopped_on=stopped_on,
    )


def _owner(told: _Telling, action: Action) -> Actor:
    owner = next(person for person in told.story.people.values() if person.person_id == action.owner_id)
    return Actor(owner.role, owner.person_id)


def _end(told: _Telling, action: Action, text: ActionText) -> None:
    """Done or stopped; evaluated too, unless the text leaves that open."""
    if text.next_step is None:
        _set_state(told, action, ActionState.DONE, config.today())
        return
    act.evaluate_action(
        told.story.store,
        _owner(told, action),
        action.action_id,
        None,
        done_as_planned=text.done_as_planned or DoneAsPlanned.PARTLY,
        learned=text.learned,
        next_step=text.next_step,
    )
    demo_weight.weigh(told.story.store, told.story.leader, action)
    later = [title for cycle in texts.CYCLES[:-1] for title in cycle.carry_actions]
    if text.title in later:
        told.story.carried_actions = [action.action_id]


# --- values typed in -------------------------------------------------------------------------------------


def _type_values(told: _Telling, text: CycleText, year: YearPlan) -> None:
    """Weekly values of the indicators that no import feeds, on the Fridays of school weeks."""
    story = told.story
    staff = school.staff(story.store)
    own = SchoolYear(school_year_id=year.name, first_on=year.first_on, last_on=year.last_on)
    earlier = [
        friday for one in staff.years if one.first_on < own.first_on for friday in _fridays(one, staff)
    ]
    fridays = [friday for friday in _fridays(own, staff) if friday <= told.until]
    rows = [
        measurement
        for goal in text.goals
        for indicator in goal.indicators
        if not indicator.line
        for measurement in _values(told, told.goals[goal.title], indicator, earlier, fridays)
    ]

    def use_case(tx: Transaction) -> None:
        # Somebody types them in once a month.
        for _month, those in groupby(sorted(rows, key=_when), key=lambda row: row.measured_on.month):
            month = list(those)
            with config.as_of(max(month[-1].measured_on, told.day(GOAL_MADE))):
                tx.insert_all(month)

    story.store.write(use_case, actor=story.leader, verb="add_measurement")
    _freeze_starts(told, text)


def _fridays(year: SchoolYear, staff: school.Staff) -> list[date]:
    return [monday + 4 * DAY for monday in calendar.school_weeks(year, staff.holidays)]


def _freeze_starts(told: _Telling, text: CycleText) -> None:
    story = told.story
    for goal in text.goals:
        for indicator in goal.indicators:
            if indicator.freeze:
                with config.as_of(told.day(GOAL_MADE)):
                    baselines.decide(
                        story.store,
                        story.leader,
                        _indicator(told, told.goals[goal.title], indicator),
                        BaselineKind.FREEZE,
                        told.cycle.first_on - DAY,
                        indicator.freeze,
                    )


def _indicator(told: _Telling, goal: Goal, text: IndicatorText) -> Indicator:
    store, leader = told.story.store, told.story.leader
    return plan.find(store, leader, Indicator, goal_id=goal.goal_id, title=text.title)[0]


def _when(one: Measurement) -> date:
    return one.measured_on


def _values(
    told: _Telling, goal: Goal, text: IndicatorText, earlier: list[date], fridays: list[date]
) -> list[Measurement]:
    story = told.story
    indicator = _indicator(told, goal, text)
    before = earlier[-text.before :: text.every] if text.before else []
    days = [*before, *fridays[1 :: text.every]]
    rng = np.random.default_rng([story.seed, 4, *map(ord, text.title)])
    # Most of the change comes in the first half; then it levels off.
    path = 1 - np.exp(-3.0 * np.linspace(0, 1, max(len(days) - len(before), 2)))
    start, end = float(text.baseline or 0), text.end
    level = np.append(np.full(len(before), start), start + (end - start) * path / path[-1])
    values = level + rng.normal(0, text.noise, len(level))
    told_all = list(zip(days, values, strict=False))
    return [
        Measurement(
            measurement_id=new_id(),
            indicator_id=indicator.indicator_id,
            measured_on=day,
            value=_fitting(float(value), indicator),
            n=text.n * story.factor if text.n else None,
        )
        for day, value in told_all[-text.last :]
    ]


def _fitting(value: float, indicator: Indicator) -> float:
    if indicator.levels:
        return float(min(max(round(value), 1), len(indicator.levels)))
    return float(min(max(round(value), 0), 100)) if indicator.unit == "%" else round(max(value, 0), 1)


# --- rounds ----------------------------------------------------------------------------------------------


def _plan_round(told: _Telling, place: int, text: RoundText) -> None:
    told.at(told.day(text.opened), lambda: _open_round(told, place, text))
    if text.closed is not None:
        told.at(told.day(text.closed), lambda: _close_round(told, place))


def _open_round(told: _Telling, place: int, text: RoundText) -> None:
    story = told.story
    invited = {
        team_id: sum(team_id in person.team_ids for person in story.people.values())
        for team_id in story.teams.values()
    }
    opened = rounds.open_round(
        story.store,
        story.leader,
        cycle_id=told.cycle.cycle_id,
        instrument_key=text.instrument,
        title=text.title,
        invited=invited,
        closes_on=config.today() + 10 * DAY,
    )
    told.rounds[place] = opened
    _fill_in(story, opened, text)
    story.n_rounds += 1


def _close_round(told: _Telling, place: int) -> None:
    rounds.close_round(told.story.store, told.story.leader, told.rounds[place].round.round_id)


def _fill_in(story: _Story, opened: rounds.Opened, text: RoundText) -> None:
    """Fill in for part of each team: what `rounds.answer` does, for all of them in one transaction."""
    instrument = instruments.instrument(opened.round.instrument_key, opened.round.instrument_version)
    hashes: list[str] = []
    responses: list[tuple[str, dict[str, int]]] = []
    for (team_id, codes), share, place in zip(opened.codes.items(), text.answered, (0, 1, 2), strict=True):
        given = _answers(story, instrument, place, len(codes), round(share * len(codes)))
        hashes += [rounds.hash_code(story.store.secret, code) for code in codes[: len(given)]]
        responses += [(team_id, one) for one in given]

    def use_case(tx: Transaction) -> None:
        tx.execute(
            "UPDATE invite SET spent = true WHERE code_hash IN (SELECT unnest($hashes))", hashes=hashes
        )
        rounds.add(tx, opened.round.round_id, responses)

    story.store.write(use_case, actor=Actor(Role.RESPONDENT), verb="answer")


def _answers(
    story: _Story, instrument: Instrument, team: int, n_people: int, n_answered: int
) -> list[dict[str, int]]:
    """Answers with a person, a statement and a team effect; the same person answers alike in each round."""
    items = instrument.items
    persons = np.random.default_rng([story.seed, 5, team]).normal(0, PERSON_SD, n_people)
    statements = np.random.default_rng([story.seed, 6, len(items)]).normal(0, ITEM_SD, len(items))
    rng = np.random.default_rng([story.seed, 7, story.n_rounds, team])
    who = rng.permutation(n_people)[:n_answered]
    shift = np.array([SCALE_SHIFT[item.scale] for item in items])
    spread = np.array([EVIDENCE_SD if item.scale == "evidence" else ANSWER_SD for item in items])
    team_effect = (0.1, -0.05, -0.1)[team]
    if story.n_rounds >= CLEARER_FROM:
        shift += [CLEARER_ROLES * (item.scale == "roles") for item in items]
    centre = AGREEMENT + shift + statements + GROWTH * story.n_rounds + team_effect
    felt = centre + persons[who][:, None] + rng.normal(0, 1, (len(who), len(items))) * spread
    values = np.clip(np.round(felt), instrument.minimum, instrument.maximum).astype(int)
    skipped = rng.random(values.shape) < SHARE_SKIPPED
    # Now and then somebody leaves a whole scale open.
    if team == 1 and story.n_rounds % 2 == 0:
        skipped[0] |= [item.scale == "evidence" for item in items]
    return [
        {
            item.key: int(instrument.minimum + instrument.maximum - value if item.reversed else value)
            for item, value, gone in zip(items, row, left, strict=True)
            if not gone
        }
        for row, left in zip(values, skipped, strict=True)
    ]


def _vote(told: _Telling, goal: Goal, text: VoteText, place: int) -> None:
    """A confidence vote from opening to closing: the answers of all in one transaction."""
    story = told.story
    n_present, n_answered = text.n_present * story.factor, text.n_answered * story.factor
    opened = confidence.open_vote(story.store, story.leader, goal.goal_id, n_present)
    rng = np.random.default_rng([story.seed, 8, place, *map(ord, goal.title)])
    felt = np.clip(rng.normal(text.level, text.spread, n_answered), confidence.LOWEST, confidence.HIGHEST)
    # On a phone most people stop at a round number.
    values = [int(5 * round(value / 5)) for value in felt]
    vote_id = opened.vote.confidence_vote_id
    story.store.write(
        lambda tx: confidence.store_shuffled(tx, vote_id, values),
        actor=Actor(Role.RESPONDENT),
        verb="answer",
    )
    confidence.close_vote(story.store, story.leader, vote_id)


# --- evidence --------------------------------------------------------------------------------------------


def _add_evidence(told: _Telling, text: EvidenceText) -> None:
    story = told.story
    piece = _piece(told, text)
    demo_files.attach(story.store, story.leader, piece)
    for title, says, note in text.links:
        target = told.goals.get(title) or told.actions[title]
        # A line of outcomes supports a claim only where the figures do.
        claimed = says is Says.SUPPORTS and bool(text.line)
        goes_up = not claimed or _last_points_rise(piece)
        evidence.link(
            story.store, story.leader, piece.evidence_id, target, says if goes_up else Says.NOTHING_YET, note
        )
    if text.reviewed:
        evidence.review(story.store, story.leader, piece.evidence_id)


def _piece(told: _Telling, text: EvidenceText) -> Evidence:
    story, cycle_id = told.story, told.cycle.cycle_id
    if text.line:
        return evidence.from_series(story.store, story.leader, texts.LINES[text.line], cycle_id, text.title)
    if text.round is not None:
        round_id = told.rounds[text.round].round.round_id
        return evidence.from_round(story.store, story.leader, round_id, cycle_id)
    return evidence.add(
        story.store,
        story.leader,
        cycle_id=cycle_id,
        kind=text.kind,
        title=text.title,
        evidence_on=config.today(),
        text=text.text,
        source=text.source,
        n=text.n,
    )


def _last_points_rise(piece: Evidence) -> bool:
    values = [point.value for point in evidence.points_in(piece) if point.value is not None]
    return len(values) < 2 or values[-1] > values[-3 if len(values) > 2 else 0]
