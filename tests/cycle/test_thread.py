"""What can honestly be said of a goal, and every break in the thread."""

# ruff: noqa: E501 - a case a line makes the two tables readable
from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from qualitycycle.cycle import act, plan, thread
from qualitycycle.cycle.series import Point
from qualitycycle.cycle.thread import GapKind, Status, Thread
from qualitycycle.model import (
    Action,
    ActionState,
    Ambition,
    Cycle,
    Direction,
    Evidence,
    EvidenceKind,
    Goal,
    GoalState,
    Indicator,
    Judgement,
    Link,
    NextStep,
    Says,
    Vision,
)
from tests.cycle.conftest import TODAY

GOAL = Goal(goal_id="g", cycle_id="c", title="Lezen", ambition_id="a", owner_id="p", due_on=date(2027, 7, 1))
INDICATOR = Indicator(indicator_id="i", goal_id="g", title="Lessen", baseline=40, target=70)
DOWN = replace(INDICATOR, baseline=30, target=10, direction=Direction.DECREASE)
LAST_WEEK = TODAY - timedelta(days=7)
LONG_AGO = TODAY - thread.STALE_AFTER - timedelta(days=1)


def point(value, on=LAST_WEEK):
    return Point(on, "", value, 20)


def link(says, target="g"):
    return Link(link_id=says, evidence_id="e", noun="goal", noun_id=target, says=says)


# Words, goal, indicator, points, links, status: the most urgent thing that can be said.
CASES = [
    ("a value at the target is at target", GOAL, INDICATOR, [point(70)], [], Status.AT_TARGET),
    ("a value beyond the target is at target", GOAL, INDICATOR, [point(71)], [], Status.AT_TARGET),
    ("a value below the target says nothing yet", GOAL, INDICATOR, [point(69.9)], [], Status.CANNOT_TELL),
    ("a rise alone says nothing yet", GOAL, INDICATOR, [point(40, date(2026, 9, 1)), point(60)], [], Status.CANNOT_TELL),
    ("a fall alone says nothing yet", GOAL, INDICATOR, [point(60, date(2026, 9, 1)), point(30)], [], Status.CANNOT_TELL),
    ("downwards: at the target", GOAL, DOWN, [point(10)], [], Status.AT_TARGET),
    ("downwards: beyond the target", GOAL, DOWN, [point(5)], [], Status.AT_TARGET),
    ("downwards: above the target", GOAL, DOWN, [point(11)], [], Status.CANNOT_TELL),
    ("only the newest value counts", GOAL, INDICATOR, [point(90, date(2026, 9, 1)), point(50)], [], Status.CANNOT_TELL),
    ("a hidden newest value is not the newest", GOAL, INDICATOR, [point(75, date(2026, 11, 1)), point(None)], [], Status.AT_TARGET),
    ("without a target nothing can be told", GOAL, replace(INDICATOR, target=None), [point(99)], [], Status.CANNOT_TELL),
    ("without an indicator there is no measure", GOAL, None, [], [], Status.NO_MEASURE),
    ("without a value there is no measure", GOAL, INDICATOR, [], [], Status.NO_MEASURE),
    ("with hidden values only there is no measure", GOAL, INDICATOR, [point(None)], [], Status.NO_MEASURE),
    ("an old value is stale, also at the target", GOAL, INDICATOR, [point(80, LONG_AGO)], [], Status.STALE),
    ("a value of exactly half a year is not stale", GOAL, INDICATOR, [point(80, TODAY - thread.STALE_AFTER)], [], Status.AT_TARGET),
    ("past its date it is overdue, also at the target", replace(GOAL, due_on=date(2026, 11, 21)), INDICATOR, [point(80)], [], Status.OVERDUE),
    ("due today is not overdue", replace(GOAL, due_on=TODAY), INDICATOR, [point(80)], [], Status.AT_TARGET),
    ("without a date it is never overdue", replace(GOAL, due_on=None), INDICATOR, [point(80)], [], Status.AT_TARGET),
    ("contradicted comes before all", replace(GOAL, due_on=date(2026, 1, 1)), INDICATOR, [point(80)], [link(Says.CONTRADICTS)], Status.CONTRADICTED),
    ("one contradiction outweighs support", GOAL, INDICATOR, [point(80)], [link(Says.SUPPORTS), link(Says.CONTRADICTS)], Status.CONTRADICTED),
    ("support makes nothing green", GOAL, INDICATOR, [point(50)], [link(Says.SUPPORTS)], Status.CANNOT_TELL),
    ("a closed goal is closed", replace(GOAL, state=GoalState.CLOSED), INDICATOR, [point(80)], [link(Says.CONTRADICTS)], Status.CLOSED),
]  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "indicator", "points", "links", "status"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_what_can_be_said_of_a_goal(goal, indicator, points, links, status):
    assert thread.goal_status(goal, indicator, points, links, TODAY) is status


def test_silence_is_never_at_target():
    for status in (Status.NO_MEASURE, Status.STALE):
        assert status is not Status.AT_TARGET
    assert thread.goal_status(GOAL, INDICATOR, [], [], TODAY) is Status.NO_MEASURE


@pytest.mark.parametrize(
    ("state", "due_on", "late"),
    [
        (ActionState.PLANNED, date(2026, 11, 21), True),
        (ActionState.RUNNING, date(2026, 11, 21), True),
        (ActionState.RUNNING, TODAY, False),
        (ActionState.RUNNING, None, False),
        (ActionState.DONE, date(2026, 1, 1), False),
        (ActionState.STOPPED, date(2026, 1, 1), False),
    ],
)
def test_only_unfinished_actions_are_late(state, due_on, late):
    action = Action(action_id="a", cycle_id="c", title="x", state=state, due_on=due_on)

    assert thread.is_late(action, TODAY) is late


# --- gaps ------------------------------------------------------------------------------------------------

VISION = Vision(vision_id="v", title="Samen")
AMBITION = Ambition(ambition_id="a", vision_id="v", title="Lezen met begrip")
ACTION = Action(
    action_id="x",
    cycle_id="c",
    goal_id="g",
    owner_id="p",
    title="Samen lezen",
    prediction="Meer",
    grounds="Vorig jaar gezien",
)
PIECE = Evidence(
    evidence_id="e",
    cycle_id="c",
    kind=EvidenceKind.OBSERVATION,
    title="Gezien",
    evidence_on=LAST_WEEK,
    added_on=LAST_WEEK,
    reviewed_on=TODAY,
)
# A thread in which nothing is missing.
WHOLE = Thread(
    cycle=Cycle(cycle_id="c", title="2026-2027", first_on=date(2026, 8, 31), last_on=date(2027, 7, 16)),
    visions=[VISION],
    ambitions=[AMBITION],
    goals=[GOAL],
    indicators={"g": [INDICATOR]},
    actions=[ACTION],
    evidence=[PIECE],
    links=[link(Says.SUPPORTS)],
)
DONE = replace(ACTION, state=ActionState.DONE, evaluated_on=TODAY)
REACHED = replace(GOAL, state=GoalState.CLOSED, judgement=Judgement.REACHED)

GAPS = {
    "no vision": ({"visions": []}, GapKind.NO_VISION),
    "no ambition": ({"ambitions": [], "goals": [], "actions": [], "indicators": {}, "links": [], "evidence": []}, GapKind.NO_AMBITION),
    "no goal": ({"goals": [], "actions": [], "indicators": {}, "links": [], "evidence": []}, GapKind.NO_GOAL),
    "ambition without vision": ({"ambitions": [replace(AMBITION, vision_id=None)]}, GapKind.AMBITION_WITHOUT_VISION),
    "ambition of a vision put aside": ({"ambitions": [replace(AMBITION, vision_id="gone")]}, GapKind.AMBITION_WITHOUT_VISION),
    "goal without ambition": ({"goals": [replace(GOAL, ambition_id=None)]}, GapKind.GOAL_WITHOUT_AMBITION),
    "goal of an ambition put aside": ({"goals": [replace(GOAL, ambition_id="gone")]}, GapKind.GOAL_WITHOUT_AMBITION),
    "goal without owner": ({"goals": [replace(GOAL, owner_id=None)]}, GapKind.GOAL_WITHOUT_OWNER),
    "goal without indicator": ({"indicators": {}}, GapKind.GOAL_WITHOUT_INDICATOR),
    "indicator without baseline": ({"indicators": {"g": [replace(INDICATOR, baseline=None)]}}, GapKind.INDICATOR_INCOMPLETE),
    "indicator without target": ({"indicators": {"g": [INDICATOR, replace(INDICATOR, target=None)]}}, GapKind.INDICATOR_INCOMPLETE),
    "goal without action": ({"actions": []}, GapKind.GOAL_WITHOUT_ACTION),
    "action without goal": ({"actions": [ACTION, replace(ACTION, goal_id=None)]}, GapKind.ACTION_WITHOUT_GOAL),
    "action of a goal put aside": ({"actions": [ACTION, replace(ACTION, goal_id="gone")]}, GapKind.ACTION_WITHOUT_GOAL),
    "action without owner": ({"actions": [replace(ACTION, owner_id=None)]}, GapKind.ACTION_WITHOUT_OWNER),
    "action without prediction": ({"actions": [replace(ACTION, prediction=" ")]}, GapKind.ACTION_WITHOUT_PREDICTION),
    "action without grounds": ({"actions": [replace(ACTION, grounds=" ")]}, GapKind.ACTION_WITHOUT_GROUNDS),
    "prediction that is not locked": ({"actions": [replace(ACTION, state=ActionState.RUNNING)]}, GapKind.PREDICTION_NOT_LOCKED),
    "action done but not evaluated": ({"actions": [replace(DONE, evaluated_on=None)]}, GapKind.ACTION_NOT_EVALUATED),
    "action stopped but not evaluated": ({"actions": [replace(DONE, state=ActionState.STOPPED, evaluated_on=None)]}, GapKind.ACTION_NOT_EVALUATED),
    "evidence nobody looked at": ({"evidence": [replace(PIECE, reviewed_on=None)]}, GapKind.EVIDENCE_NOT_REVIEWED),
    "evidence past its date": ({"evidence": [replace(PIECE, valid_until=date(2026, 11, 1))]}, GapKind.EVIDENCE_EXPIRED),
    "evidence tied to nothing": ({"links": []}, GapKind.EVIDENCE_NOT_LINKED),
    "goal reached without evidence": ({"goals": [REACHED], "links": [link(Says.NOTHING_YET)]}, GapKind.CLAIM_WITHOUT_EVIDENCE),
    "goal partly reached, only contradicted": ({"goals": [replace(REACHED, judgement=Judgement.PARTLY)], "links": [link(Says.CONTRADICTS)]}, GapKind.CLAIM_WITHOUT_EVIDENCE),
    "action adopted without evidence": ({"actions": [replace(DONE, next_step=NextStep.ADOPT)]}, GapKind.CLAIM_WITHOUT_EVIDENCE),
}  # fmt: skip


def test_a_whole_thread_has_no_gap():
    assert thread.gaps(WHOLE) == []


@pytest.mark.parametrize(("changes", "kind"), GAPS.values(), ids=GAPS)
def test_a_break_in_the_thread_is_named(changes, kind):
    assert {gap.kind for gap in thread.gaps(replace(WHOLE, **changes))} == {kind}


def test_every_kind_of_gap_is_in_the_table():
    assert {kind for _changes, kind in GAPS.values()} == set(GapKind)


def test_a_gap_says_where_to_mend_it():
    (gap,) = thread.gaps(replace(WHOLE, actions=[ACTION, replace(ACTION, action_id="y", goal_id=None)]))

    assert (gap.noun, gap.noun_id, gap.title) == ("action", "y", "Samen lezen")


def test_gaps_come_most_basic_first():
    found = thread.gaps(
        replace(
            WHOLE,
            goals=[replace(GOAL, owner_id=None)],
            indicators={},
            evidence=[replace(PIECE, reviewed_on=None)],
        )
    )

    order = [list(GapKind).index(gap.kind) for gap in found]
    assert len(found) == 3
    assert order == sorted(order)


def test_of_what_is_wholly_missing_only_the_first_is_asked_for():
    empty = replace(
        WHOLE, visions=[], ambitions=[], goals=[], indicators={}, actions=[], evidence=[], links=[]
    )

    assert [gap.kind for gap in thread.gaps(empty)] == [GapKind.NO_VISION]


@pytest.mark.parametrize("judgement", [Judgement.NOT_REACHED, Judgement.CANNOT_TELL])
def test_a_goal_that_claims_nothing_needs_no_evidence(judgement):
    found = thread.gaps(
        replace(WHOLE, goals=[replace(REACHED, judgement=judgement)], links=[link(Says.NOTHING_YET)])
    )

    assert found == []


def test_support_for_an_action_counts_for_the_claim_of_its_goal():
    found = thread.gaps(replace(WHOLE, goals=[REACHED], links=[link(Says.SUPPORTS, target="x")]))

    assert found == []


def test_a_closed_goal_is_not_asked_for_what_it_lacked():
    bare = replace(REACHED, owner_id=None, ambition_id=None)

    assert thread.gaps(replace(WHOLE, goals=[bare], indicators={})) == []


# --- this week -------------------------------------------------------------------------------------------


def test_this_week_shows_what_is_due_soon_and_what_is_late(north_school):
    north_school.action("Te laat", due_on=date(2026, 11, 20))
    north_school.action("Vandaag", due_on=TODAY)
    north_school.action("Over twee weken", due_on=TODAY + thread.SOON)
    north_school.action("Later", due_on=TODAY + thread.SOON + timedelta(days=1))
    north_school.action("Klaar", due_on=date(2026, 11, 20), state=ActionState.DONE)

    now = thread.this_week(north_school.store, north_school.leader)

    assert [action.title for action in now.late] == ["Te laat"]
    assert [action.title for action in now.due] == ["Vandaag", "Over twee weken"]


def test_this_week_knows_the_school_week(north_school):
    now = thread.this_week(north_school.store, north_school.leader)

    # Twelve Mondays from 31 August to 16 November, less one week of autumn holiday.
    assert (now.week.monday, now.week.number, now.week.school_year) == (date(2026, 11, 16), 11, "2026-2027")


def test_what_is_put_aside_leaves_the_thread(north_school):
    goal = north_school.goal()
    action = north_school.action(goal_id=goal.goal_id)

    plan.archive(north_school.store, north_school.leader, Goal, goal.goal_id)
    found = thread.thread(north_school.store, north_school.leader, north_school.running)

    assert found.goals == []
    assert [gap.noun_id for gap in thread.gaps(found) if gap.kind is GapKind.ACTION_WITHOUT_GOAL] == [
        action.action_id
    ]


def test_a_cycle_shows_its_own_things_only(north_school):
    north_school.goal("Nieuw")

    found = thread.thread(north_school.store, north_school.leader, north_school.closed)

    assert [goal.goal_id for goal in found.goals] == [north_school.old_goal]
    assert [one.link_id for one in found.links] == [north_school.old_link]


def test_a_school_with_everything_closed_has_no_cycle_this_week(south_school):
    act.close_cycle(
        south_school.store, south_school.leader, south_school.running, None, went_well="", learned="x"
    )

    now = thread.this_week(south_school.store, south_school.leader)

    assert (now.cycle, now.goals, now.gaps) == (None, [], [])
