"""Now to do: a table of cases for its rules, and whose list a thing stands on."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import meeting_entries, meetings, plan, rounds, thread, to_do
from qualitycycle.cycle.thread import Status
from qualitycycle.cycle.to_do import Task
from qualitycycle.model import Action, ActionState, Course, Goal, ObstacleKind
from tests.cycle.conftest import TODAY

DAY = timedelta(days=1)
OLD = TODAY - 100 * DAY


def action(**fields):
    start = {"action_id": "a", "cycle_id": "c", "title": "Iets", "state": ActionState.RUNNING}
    return Action(**{**start, **fields})


@pytest.mark.parametrize(
    ("fields", "owned_since", "asked"),
    [
        ({}, OLD, None),
        ({"due_on": TODAY - DAY}, OLD, (Task.ACTION_LATE, TODAY - DAY)),
        ({"due_on": TODAY}, OLD, (Task.ACTION_DUE, TODAY)),
        ({"due_on": TODAY + 14 * DAY}, OLD, (Task.ACTION_DUE, TODAY + 14 * DAY)),
        ({"due_on": TODAY + 15 * DAY}, OLD, None),
        # A new owner starts clean: what was due before counts from two weeks after.
        ({"due_on": TODAY - 30 * DAY}, TODAY, (Task.ACTION_DUE, TODAY + 14 * DAY)),
        ({"due_on": TODAY - 30 * DAY}, TODAY - 14 * DAY, (Task.ACTION_DUE, TODAY)),
        ({"due_on": TODAY - 30 * DAY}, TODAY - 15 * DAY, (Task.ACTION_LATE, TODAY - DAY)),
        ({"due_on": TODAY - DAY}, TODAY - 5 * DAY, (Task.ACTION_LATE, TODAY - DAY)),
        ({"due_on": TODAY - DAY}, None, (Task.ACTION_LATE, TODAY - DAY)),
        (
            {"state": ActionState.DONE, "stopped_on": TODAY - DAY},
            OLD,
            (Task.ACTION_TO_EVALUATE, TODAY - DAY),
        ),
        ({"state": ActionState.DONE, "evaluated_on": TODAY}, OLD, None),
    ],
)
def test_what_an_action_asks_of_its_owner(fields, owned_since, asked):
    assert to_do.action_task(action(**fields), owned_since, TODAY) == asked


@pytest.mark.parametrize(
    ("raised", "owned_since", "task"),
    [
        (TODAY - 14 * DAY, None, Task.OBSTACLE),
        (TODAY - 15 * DAY, None, Task.OBSTACLE_LONG),
        (TODAY - 60 * DAY, TODAY - 3 * DAY, Task.OBSTACLE),
    ],
)
def test_an_obstacle_goes_to_the_leader_after_two_weeks(raised, owned_since, task):
    assert to_do.obstacle_task(raised, owned_since, TODAY) is task


def held(world, day, *goals):
    with config.as_of(day):
        meeting = meetings.start(world.store, world.leader, [world.leader.person_id], {})
        for goal in goals:
            meeting_entries.say(world.store, world.leader, meeting.meeting_id, goal.goal_id, Course.ON_COURSE)
        meeting_entries.hinder(
            world.store,
            world.leader,
            meeting.meeting_id,
            "Geen lokaal",
            ObstacleKind.DEPENDS,
            world.coach.person_id,
        )
        meetings.close(world.store, world.leader, meeting.meeting_id)


def tasks(world, actor):
    return [one.task for one in to_do.mine(world.store, actor)]


def test_everybody_gets_the_own_things_and_what_the_role_may_take(north_school):
    world = north_school
    held(world, date(2026, 11, 2))
    with config.as_of(date(2026, 11, 2)):
        world.action("Te laat", owner_id=world.member.person_id, due_on=TODAY - DAY)
    world.piece()
    opened = world.open_round({"Onderbouw": 7}, closes_on=TODAY + DAY)
    before = tasks(world, world.coach)
    with config.as_of(TODAY + DAY):
        after = tasks(world, world.coach)

    assert tasks(world, world.member) == [Task.ACTION_LATE]
    assert tasks(world, world.leader) == [Task.OBSTACLE_LONG, Task.EVIDENCE_TO_LOOK_AT]
    assert before == [Task.OBSTACLE_LONG, Task.EVIDENCE_TO_LOOK_AT]
    assert after == [Task.OBSTACLE_LONG, Task.ROUND_TO_CLOSE, Task.EVIDENCE_TO_LOOK_AT]
    assert rounds.progress(world.store, world.leader, opened.round.round_id).n_answered == 0


def test_a_missed_check_in_outranks_what_was_reported_and_what_the_figures_say(north_school):
    world = north_school
    with config.as_of(date(2026, 9, 7)):
        goal = world.goal("Lezen", owner_id=world.member.person_id)
        indicator = world.indicator(goal)
        world.measure(indicator, date(2026, 9, 7), 80)
    held(world, date(2026, 9, 8), goal)

    def status(day):
        with config.as_of(day):
            line = thread.this_week(world.store, world.leader).goals[0]
            return line.status, Task.GOAL_NOT_CHECKED in tasks(world, world.member)

    # Four school weeks, then five; the autumn holiday would not count.
    assert status(date(2026, 10, 6)) == (Status.AT_TARGET, False)
    assert status(date(2026, 10, 13)) == (Status.NO_CHECK, True)


def test_who_takes_a_goal_over_starts_clean(north_school):
    world = north_school
    with config.as_of(date(2026, 9, 7)):
        goal = world.goal("Lezen", owner_id=world.member.person_id)
    held(world, date(2026, 9, 8), goal)
    with config.as_of(date(2026, 11, 16)):
        plan.change(world.store, world.leader, Goal, goal.goal_id, None, owner_id=world.coach.person_id)

    assert Task.GOAL_NOT_CHECKED not in tasks(world, world.coach)
