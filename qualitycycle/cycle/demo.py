"""The example school: three cycles told day by day through the verbs, and five school years of outcomes.

One seed gives one school, apart from its random ids and codes. `demo`, the tests and the benchmarks use it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from qualitycycle import config, i18n
from qualitycycle.cycle import (
    act,
    calendar,
    demo_expertise,
    demo_guidance,
    demo_meetings,
    demo_network,
    demo_support,
    demo_wall,
    everyones_part,
    meeting_entries,
    plan,
    school,
)
from qualitycycle.cycle import demo_meeting_texts as meeting_texts
from qualitycycle.cycle import demo_outcomes as outcomes
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle.demo_actions import add_action
from qualitycycle.cycle.demo_evidence import add_evidence
from qualitycycle.cycle.demo_goals import GOAL_CLOSED, GOAL_MADE, plan_goal
from qualitycycle.cycle.demo_rounds import plan_round
from qualitycycle.cycle.demo_telling import (
    DAY,
    LEADER,
    PHASES,
    REGION,
    OneGo,
    Story,
    Telling,
    YearPlan,
    year_plan,
)
from qualitycycle.cycle.demo_texts import CycleText, PersonText
from qualitycycle.cycle.demo_values import type_values
from qualitycycle.model import Ambition, Cycle, Goal, Holiday, Phase, Role, School, Sector, Team, Vision
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# The share of its time after which a cycle is closed.
CYCLE_CLOSED = 0.98


def is_filled(store: Store) -> bool:
    """Whether this file holds a school already."""
    return school.find_school(store) is not None


def fill(store: Store, *, today: date, factor: int = 1, seed: int = 2026) -> None:
    """Tell the example school's story up to `today` into an empty store; `factor` multiplies staff and pupils."""
    first_year = calendar.year_bounds(calendar.school_year_of(today))[0].year

    def tell(tx: Transaction) -> None:
        years = [year_plan(first_year - n) for n in (2, 1, 0)]
        story = Story(OneGo(store, tx), today, factor, seed, years)
        _found_school(story)
        for number, text in enumerate(texts.CYCLES):
            _tell_cycle(story, number, text)
        _tell_guidance(story)
        _tell_support(story)
        _tell_expertise(story)
        demo_wall.hang(story)
        demo_network.fill(story.store, today=story.today, coach=story.actor(demo_guidance.COACH))

    with i18n.speaking("nl"):
        store.write(tell, actor=LEADER, verb="fill")
    store.checkpoint()


def _found_school(story: Story) -> None:
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


def _tell_cycle(story: Story, number: int, text: CycleText) -> None:
    year = story.years[number]
    running = number == len(story.years) - 1
    cycle = _start(story, year, running)
    told = Telling(story, cycle, story.today if running else cycle.last_on, running)
    for phase, share in zip(PHASES[1:], text.phases, strict=False):
        told.at(told.day(share), partial(_move_cycle, told, phase))
    for goal in text.goals:
        plan_goal(told, goal)
    for action in text.loose_actions:
        told.at(told.day(GOAL_MADE), partial(add_action, told, action, None))
    for share, title, line in texts.SUCCESSES[number]:
        told.at(told.day(share), partial(_name_success, told, title, line))
    for place, one in enumerate(text.rounds):
        plan_round(told, place, one)
    for piece in text.evidence:
        told.at(told.day(piece.at), partial(add_evidence, told, piece))
    _plan_imports(told)
    _plan_meetings(told, number)
    told.tell()
    type_values(told, text, year)
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


def _plan_meetings(told: Telling, number: int) -> None:
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


def _tell_guidance(story: Story) -> None:
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


def _tell_support(story: Story) -> None:
    """The support team, policies, and the way of working that the team agreed on in a meeting."""
    people = {name: person.person_id for name, person in story.people.items()}
    demo_support.fill(story.store, today=story.today, leader=story.leader, people=people)


def _name_success(told: Telling, title: str, line: str) -> None:
    action = told.actions[title]
    owner = next(one for one in told.story.people.values() if one.person_id == action.owner_id)
    meeting_entries.add_success(
        told.story.store, told.story.actor(owner.name), told.cycle.cycle_id, line, action
    )


def _tell_expertise(story: Story) -> None:
    """What colleagues offer and ask in the running cycle, and everyone's part of the closed ones."""
    people = {name: story.actor(name) for name in story.people}
    demo_expertise.fill(story.store, today=story.today, people=people)
    with config.as_of(story.today):
        for cycle in everyones_part.to_draw(story.store, story.leader):
            everyones_part.draw(story.store, story.leader, cycle.cycle_id)


def _move_cycle(told: Telling, phase: Phase) -> None:
    story = told.story
    plan.move_phase(story.store, story.leader, Cycle, told.cycle.cycle_id, phase, config.today())


def _start(story: Story, year: YearPlan, running: bool) -> Cycle:
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


def _plan_imports(told: Telling) -> None:
    story = told.story
    for first_year in outcomes.years_with_outcomes(story.today):
        known = outcomes.known_on(first_year, story.today)
        if first_year not in story.imported and (known <= told.until or told.running):
            story.imported.add(first_year)
            # What was known before the cycle is there on its first day, before anything else happens.
            told.events.append((max(known, told.cycle.first_on), -1, partial(_import, story, first_year)))


def _import(story: Story, first_year: int) -> None:
    story.store.write(
        lambda tx: outcomes.import_year(story.store, tx, first_year, story.today, story.factor, story.seed),
        actor=story.leader,
        verb="import_outcomes",
    )
