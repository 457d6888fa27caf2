"""The agenda and the standing of a goal: a table of cases for each rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qualitycycle.cycle import agenda
from qualitycycle.cycle.agenda import GoalFacts, ObstacleFacts, PromiseFacts, Standing, Why
from qualitycycle.cycle.meeting_words import GOOD
from qualitycycle.model import Course, ObstacleKind

TODAY = date(2026, 11, 23)
QUIET = GoalFacts("g", due_on=TODAY + timedelta(days=100))
DAY = timedelta(days=1)

# What is known of a goal, and why it is talked about.
REASONS = [
    ({}, ()),
    ({"n_contradictions": 1}, (Why.CONTRADICTION,)),
    ({"signal": True}, (Why.SIGNAL,)),
    ({"due_on": TODAY - DAY}, (Why.OVERDUE,)),
    ({"due_on": TODAY}, (Why.DUE_SOON,)),
    ({"due_on": TODAY + 14 * DAY}, (Why.DUE_SOON,)),
    ({"due_on": TODAY + 15 * DAY}, ()),
    ({"due_on": None}, ()),
    ({"weeks_silent": 4}, ()),
    ({"weeks_silent": 5}, (Why.NO_CHECK,)),
    ({"said": Course.STUCK}, (Why.STUCK,)),
    ({"said": Course.ATTENTION}, ()),
    ({"said": Course.ON_COURSE}, ()),
    ({"confidence": 49.0}, (Why.LOW_CONFIDENCE,)),
    ({"confidence": 50.0}, ()),
    ({"is_stale": True}, (Why.STALE,)),
    ({"has_value": False}, (Why.NO_MEASURE,)),
    ({"has_value": False, "is_stale": True}, (Why.NO_MEASURE,)),
    ({"n_unseen": 2}, (Why.EVIDENCE,)),
    ({"new_figure": True}, (Why.NEW_FIGURE,)),
    (
        {"n_unseen": 1, "signal": True, "n_contradictions": 2},
        (Why.CONTRADICTION, Why.SIGNAL, Why.EVIDENCE),
    ),
]


@pytest.mark.parametrize(("facts", "why"), REASONS)
def test_a_goal_needs_talk_for_these_reasons(facts, why):
    assert agenda.reasons(replace(QUIET, **facts), TODAY) == why


# What is known of a goal, and how it stands. Whatever is said or measured, silence comes first.
STANDINGS = [
    ({}, Standing.CANNOT_TELL),
    ({"at_target": True}, Standing.AT_TARGET),
    ({"said": Course.ON_COURSE}, Standing.ON_COURSE),
    ({"said": Course.ON_COURSE, "at_target": True}, Standing.AT_TARGET),
    ({"said": Course.ATTENTION, "at_target": True}, Standing.ATTENTION),
    ({"said": Course.STUCK, "at_target": True}, Standing.STUCK),
    ({"said": Course.ON_COURSE, "weeks_silent": 5}, Standing.NO_CHECK),
    ({"said": Course.STUCK, "weeks_silent": 5}, Standing.NO_CHECK),
    ({"at_target": True, "weeks_silent": 5}, Standing.NO_CHECK),
    ({"at_target": True, "weeks_silent": 4}, Standing.AT_TARGET),
    ({"at_target": True, "is_stale": True}, Standing.STALE),
    ({"said": Course.ON_COURSE, "has_value": False}, Standing.NO_MEASURE),
    ({"said": Course.ON_COURSE, "due_on": TODAY - DAY}, Standing.OVERDUE),
    ({"at_target": True, "due_on": TODAY - DAY, "weeks_silent": 9}, Standing.OVERDUE),
    ({"at_target": True, "n_contradictions": 1}, Standing.CONTRADICTED),
    ({"n_contradictions": 1, "is_open": False}, Standing.CLOSED),
]


@pytest.mark.parametrize(("facts", "standing"), STANDINGS)
def test_a_goal_stands_like_this(facts, standing):
    assert agenda.standing(replace(QUIET, **facts), TODAY) is standing


@pytest.mark.parametrize("said", [None, *Course])
@pytest.mark.parametrize("at_target", [False, True])
def test_silence_is_never_green(said, at_target):
    silent = replace(QUIET, said=said, at_target=at_target, weeks_silent=agenda.CHECK_EVERY + 1)

    assert agenda.standing(silent, TODAY) not in GOOD


@pytest.mark.parametrize("said", Course)
def test_a_word_alone_is_never_green(said):
    assert agenda.standing(replace(QUIET, said=said), TODAY) not in GOOD


def made(goals=(), promises=(), obstacles=(), rounds=(), last=TODAY - 7 * DAY):
    return agenda.agenda(goals, promises, obstacles, rounds, today=TODAY, last_meeting_on=last)


def test_what_was_promised_last_time_comes_first_and_what_is_far_away_not_at_all():
    promises = [
        PromiseFacts("late", from_last_meeting=False, due_on=TODAY - 30 * DAY),
        PromiseFacts("promised_later", from_last_meeting=True, due_on=TODAY + 40 * DAY),
        PromiseFacts("promised", from_last_meeting=True, due_on=TODAY),
        PromiseFacts("soon", from_last_meeting=False, due_on=TODAY + 14 * DAY),
        PromiseFacts("far", from_last_meeting=False, due_on=TODAY + 15 * DAY),
        PromiseFacts("undated", from_last_meeting=False),
    ]

    assert made(promises=promises).promises == ("promised", "promised_later", "late", "soon")


def test_goals_that_need_talk_come_by_urgency_and_the_rest_is_folded():
    goals = [
        replace(QUIET, goal_id="fine"),
        replace(QUIET, goal_id="unseen", n_unseen=1),
        replace(QUIET, goal_id="signal", signal=True),
        replace(QUIET, goal_id="both", signal=True, n_unseen=1),
        replace(QUIET, goal_id="closed", n_contradictions=1, is_open=False),
    ]

    found = made(goals)

    assert [one.goal_id for one in found.talk] == ["both", "signal", "unseen"]
    assert found.folded == ("fine",)


def test_an_obstacle_is_on_the_agenda_when_it_is_open_longer_than_two_weeks():
    obstacles = [
        ObstacleFacts("new", ObstacleKind.TIME, TODAY - 14 * DAY),
        ObstacleFacts("old", ObstacleKind.TIME, TODAY - 15 * DAY),
        ObstacleFacts("oldest", ObstacleKind.DEPENDS, TODAY - 40 * DAY),
    ]

    assert made(obstacles=obstacles).obstacles == ("oldest", "old")


def test_a_round_is_on_the_agenda_when_it_was_closed_since_the_last_meeting():
    rounds = [("before", TODAY - 8 * DAY), ("same_day", TODAY - 7 * DAY), ("after", TODAY)]

    assert made(rounds=rounds).rounds == ("same_day", "after")
    assert made(rounds=rounds, last=None).rounds == ("before", "same_day", "after")


# The day each goal was last in focus, and whose turn it is.
@pytest.mark.parametrize(
    ("focused", "turn"),
    [
        ({}, None),
        ({"a": None, "b": None}, "a"),
        ({"a": TODAY, "b": None}, "b"),
        ({"a": TODAY - 7 * DAY, "b": TODAY}, "a"),
        ({"a": TODAY, "b": TODAY - 7 * DAY, "c": TODAY - 14 * DAY}, "c"),
    ],
)
def test_one_goal_is_in_focus_by_turns(focused, turn):
    goals = [replace(QUIET, goal_id=key, focused_on=on) for key, on in focused.items()]

    assert agenda.in_focus(goals) == turn
