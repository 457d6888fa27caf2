"""The example school: believable, complete, and the same every time."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date

import pytest

from qualitycycle import config
from qualitycycle.cycle import (
    attachments,
    calendar,
    confidence,
    demo,
    plan,
    results,
    rounds,
    school,
    series,
    thread,
    upkeep,
    wall,
)
from qualitycycle.cycle.results import Verdict
from qualitycycle.cycle.thread import GapKind, Status
from qualitycycle.model import Action, ActionState, Actor, Cycle, CycleState, Evidence, Goal, Judgement, Role
from qualitycycle.store.connect import Store, open_store
from tests.cycle.conftest import TODAY

LEADER = Actor(Role.LEADER)


def cycles(store) -> list[Cycle]:
    return list(reversed(plan.all_cycles(store)))


def test_an_empty_store_is_not_filled(tmp_path):
    store = open_store(tmp_path)

    assert not demo.is_filled(store)
    store.close()


def test_it_is_marked_as_an_example(example):
    assert demo.is_filled(example)
    assert school.find_school(example).is_demo


def test_nothing_in_it_is_broken(example):
    assert upkeep.doctor(example) == []


def test_it_has_a_leader_two_coaches_twenty_members_and_a_reader(example):
    roles = Counter(person.role for person in school.staff(example).people)

    assert roles == {Role.LEADER: 1, Role.COACH: 2, Role.MEMBER: 20, Role.READER: 1}


def test_two_cycles_are_closed_and_today_lies_in_the_running_one(example):
    found = cycles(example)

    assert [cycle.state for cycle in found] == [CycleState.CLOSED, CycleState.CLOSED, CycleState.RUNNING]
    assert found[2].first_on <= TODAY <= found[2].last_on
    assert [cycle.follows_cycle_id for cycle in found] == [None, found[0].cycle_id, found[1].cycle_id]


def test_on_the_first_day_of_a_school_year_the_cycle_runs_already(tmp_path):
    today = date(2026, 8, 1)
    store = open_store(tmp_path)

    demo.fill(store, today=today)

    check_day(store, today)
    store.close()


def check_day(store, today):
    running = plan.running_cycle(store)
    assert running.first_on <= today <= running.last_on
    assert upkeep.doctor(store) == []
    with config.as_of(today):
        now = thread.this_week(store, LEADER)
    assert (len(now.late), now.n_contradictions, len(now.open_rounds)) == (1, 1, 1)


def test_the_gaps_are_the_ones_that_were_meant(example):
    found = [thread.gaps(thread.thread(example, LEADER, cycle.cycle_id)) for cycle in cycles(example)]

    assert found[:2] == [[], []]
    assert Counter(gap.kind for gap in found[2]) == {
        GapKind.GOAL_WITHOUT_INDICATOR: 1,
        GapKind.ACTION_WITHOUT_GOAL: 1,
        GapKind.ACTION_NOT_EVALUATED: 1,
        GapKind.EVIDENCE_NOT_REVIEWED: 2,
    }


def test_goals_stand_at_different_points(example):
    with config.as_of(TODAY):
        statuses = {line.status for line in thread.this_week(example, LEADER).goals}

    assert statuses == {Status.CONTRADICTED, Status.CANNOT_TELL, Status.AT_TARGET, Status.NO_MEASURE}


def test_actions_are_in_every_state(example):
    running = plan.find(example, LEADER, Action, cycle_id=cycles(example)[2].cycle_id)

    assert {action.state for action in running} == set(ActionState)


def test_closed_goals_have_a_judgement_and_one_cannot_be_told(example):
    goals = [goal for goal in plan.find(example, LEADER, Goal) if goal.judgement]

    assert len(goals) == 8
    assert {goal.judgement for goal in goals} >= {
        Judgement.REACHED,
        Judgement.CANNOT_TELL,
        Judgement.NOT_REACHED,
    }


def test_a_goal_was_carried_over_twice(example):
    carried = {
        goal.goal_id: goal.carried_from for goal in plan.find(example, LEADER, Goal) if goal.carried_from
    }

    assert len(carried) == 2
    assert set(carried) & set(carried.values())


def test_exactly_one_piece_of_evidence_contradicts(example):
    says = Counter(row["says"] for row in example.rows("SELECT says FROM link"))

    assert says["contradicts"] == 1
    assert set(says) == {"contradicts", "supports", "nothing_yet"}


def test_there_is_evidence_of_every_kind(example):
    kinds = {row["kind"] for row in example.rows("SELECT kind FROM evidence")}

    assert kinds == {"questionnaire", "outcome", "observation", "product", "conversation", "research"}


def test_rounds_are_closed_but_for_the_weekly_pulse(example):
    found = [
        [
            (one.instrument_key, str(one.state))
            for one in reversed(rounds.rounds_of(example, LEADER, cycle.cycle_id))
        ]
        for cycle in cycles(example)
    ]

    assert found[0] == found[1] == [("collectief_vakmanschap", "closed")] * 2
    assert found[2] == [("collectief_vakmanschap", "closed"), ("weekpeiling", "open")]


def test_two_goals_have_confidence_votes_of_which_some_stay_hidden(example):
    goals = plan.find(example, LEADER, Goal)
    votes = {goal.goal_id: confidence.votes_about(example, LEADER, goal.goal_id) for goal in goals}

    shown = [[point.result.shown for point in found] for found in votes.values() if found]
    assert len(shown) == 2
    assert all(any(one) and not all(one) for one in shown)
    assert any(point.result.counts for found in votes.values() for point in found)


def test_evidence_is_the_lowest_scale_in_every_round(example):
    closed = [
        one
        for cycle in cycles(example)
        for one in rounds.rounds_of(example, LEADER, cycle.cycle_id)
        if one.closed_on
    ]

    for one in closed:
        means = {
            scale.key: scale.mean for scale in rounds.result(example, LEADER, one.round_id).school.scales
        }
        assert min(means, key=means.get) == "evidence"
        assert all(3 < mean < 5.6 for mean in means.values())


def test_somewhere_a_team_is_hidden(example):
    results = [
        rounds.result(example, LEADER, one.round_id)
        for cycle in cycles(example)
        for one in rounds.rounds_of(example, LEADER, cycle.cycle_id)
        if one.closed_on
    ]

    hidden = [[group for group in result.groups if not group.shown] for result in results]
    assert sorted(len(groups) for groups in hidden) == [0, 0, 0, 0, 2]


def test_the_latest_round_shows_a_difference_and_some_that_cannot_be_seen(example):
    closed = results.closed_rounds(example, LEADER)

    found = results.changes(example, LEADER, closed[0], closed)

    assert {one.verdict for one in found["school"]} == {Verdict.HIGHER, Verdict.NOT_VISIBLE}
    assert all({Verdict.NOT_VISIBLE} <= {one.verdict for one in changes} for changes in found.values())


def test_the_school_has_statements_to_show_and_its_small_teams_have_not(example):
    latest = results.closed_rounds(example, LEADER)[0]

    school, *teams = rounds.result(example, LEADER, latest.round_id).groups

    assert all(scale.items for scale in school.scales)
    assert all(team.n < 10 and not scale.items for team in teams for scale in team.scales)


def test_outcomes_reach_over_five_school_years(example):
    years = {row["school_year"] for row in example.rows("SELECT DISTINCT school_year FROM outcome")}

    assert sorted(years) == [f"{year}-{year + 1}" for year in range(2021, 2026)]


def test_scores_grow_from_moment_to_moment(example):
    rows = example.rows(
        """
        SELECT subject, year_group, moment, avg(value) AS mean, count(*) AS n
        FROM outcome WHERE pupil IS NOT NULL AND score_kind = 'score' AND status = 'value'
        GROUP BY ALL ORDER BY subject, year_group, moment DESC
        """
    )

    for subject in ("reading_comprehension", "maths", "spelling"):
        means = [row["mean"] for row in rows if row["subject"] == subject]
        assert means == sorted(means)
        assert len(means) >= 10


def test_the_same_pupil_comes_back_and_does_about_as_well(example):
    (row,) = example.rows(
        """
        SELECT count(*) AS n, corr(a.value, b.value) AS r
        FROM outcome a JOIN outcome b USING (pupil, subject, school_year, score_kind)
        WHERE a.moment = 'M' AND b.moment = 'E' AND score_kind = 'score' AND a.year_group = '5'
          AND subject = 'maths' AND a.status = 'value' AND b.status = 'value'
        """
    )

    assert row["n"] > 90
    assert 0.75 < row["r"] < 0.97


def test_some_tests_were_not_taken_and_some_cells_are_empty(example):
    statuses = Counter(
        row["status"] for row in example.rows("SELECT status FROM outcome WHERE pupil IS NOT NULL")
    )

    assert statuses["not_taken"] > 0 < statuses["empty"]
    assert statuses["value"] > 0.9 * statuses.total()


def test_levels_follow_from_scores(example):
    rows = example.rows(
        """
        SELECT l.level_name AS level, min(s.value) AS low, max(s.value) AS high
        FROM outcome s JOIN outcome l USING (pupil, subject, school_year, moment)
        WHERE s.score_kind = 'score' AND l.score_kind = 'level' AND subject = 'maths'
          AND s.year_group = '5' AND moment = 'E' AND s.status = 'value'
        GROUP BY level ORDER BY low
        """
    )

    assert [row["level"] for row in rows] == ["V", "IV", "III", "II", "I"]
    assert all(one["high"] < two["low"] for one, two in itertools.pairwise(rows))


def test_reference_levels_come_per_year_with_threshold_and_national_mean(example):
    published = [one for one in series.selections(example, LEADER) if not one.pupils]
    lines = [one for one in published if one.score_kind == "percentage"]

    assert [line.level for line in lines] == ["1F", "1S/2F"]
    assert [line.level for line in published if line not in lines] == ["1F", "1S"]
    for line in lines:
        found = series.series(example, LEADER, line)
        assert len(found.points) == 5
        assert {name for name, _value in found.references} == {"threshold", "national"}


def test_figures_of_a_line_can_be_shown(example):
    for line in series.selections(example, LEADER):
        points = series.series(example, LEADER, line).points
        assert all(point.n >= 15 for point in points if point.n is not None)
        assert points


def test_dates_lie_in_their_cycle_and_not_in_the_future(example):
    for cycle in cycles(example):
        end = min(TODAY, cycle.last_on)
        found = thread.thread(example, LEADER, cycle.cycle_id)
        days = [piece.added_on for piece in found.evidence] + [
            a.stopped_on for a in found.actions if a.stopped_on
        ]
        assert all(cycle.first_on <= day <= end for day in days)


def test_the_record_of_changes_runs_with_the_story(example):
    (row,) = example.rows(
        "SELECT min(changed_at) AS first, max(changed_at) AS last, count(DISTINCT changed_at::DATE) AS n FROM audit"
    )

    assert row["first"].date() == date(2024, 8, 26)
    assert row["last"].date() <= TODAY
    assert row["n"] > 60


def test_weekly_values_were_typed_on_fridays_of_school_weeks(example):
    staff = school.staff(example)
    days = {row["day"] for row in example.rows("SELECT DISTINCT measured_on AS day FROM measurement")}

    assert {day.weekday() for day in days} == {4}
    assert all(calendar.school_week(day, staff.years, staff.holidays).number for day in days)


def told(store) -> list:
    """Everything but ids, codes and pseudonyms."""
    queries = (
        "SELECT title, text, due_on, state, judgement, happened FROM goal ORDER BY ALL",
        "SELECT title, state, start_on, due_on, stopped_on FROM action ORDER BY ALL",
        "SELECT title, baseline, target FROM indicator ORDER BY ALL",
        "SELECT measured_on, value, n FROM measurement ORDER BY ALL",
        "SELECT school_year, moment, year_group, group_name, subject, value, level_name FROM outcome ORDER BY ALL",
        "SELECT item_key, value, count(*) FROM answer GROUP BY ALL ORDER BY ALL",
        "SELECT title, evidence_on, n FROM evidence ORDER BY ALL",
        "SELECT changed_at::DATE, verb, noun, count(*) FROM audit GROUP BY ALL ORDER BY ALL",
    )
    return [store.rows(query) for query in queries]


@pytest.fixture(scope="module")
def again(tmp_path_factory) -> Store:
    store = open_store(tmp_path_factory.mktemp("again"))
    demo.fill(store, today=TODAY)
    yield store
    store.close()


def test_the_same_seed_and_day_tell_the_same_story(example, again):
    assert told(again) == told(example)


def test_two_examples_share_no_id(example, again):
    ids = [{row["goal_id"] for row in store.rows("SELECT goal_id FROM goal")} for store in (example, again)]

    assert not ids[0] & ids[1]


FAR_AWAY = date(2031, 1, 5)


@pytest.fixture(scope="module")
def larger(tmp_path_factory) -> Store:
    """Twice the size, another seed, and a day beyond the holiday table."""
    store = open_store(tmp_path_factory.mktemp("larger"))
    demo.fill(store, today=FAR_AWAY, factor=2, seed=7)
    yield store
    store.close()


def test_a_year_beyond_the_holiday_table_has_typical_dates(larger):
    check_day(larger, FAR_AWAY)
    free = [holiday for holiday in school.staff(larger).holidays if holiday.first_on >= date(2030, 8, 1)]
    assert len(free) == 4


def test_another_seed_gives_other_figures_in_the_same_story(example, larger):
    titles = [
        [row["title"] for row in store.rows("SELECT title FROM goal ORDER BY title")]
        for store in (example, larger)
    ]

    assert titles[0] == titles[1]
    assert told(larger)[2] != told(example)[2]


def test_a_factor_multiplies_members_and_pupils(larger):
    people = school.staff(larger).people

    (pupils,) = larger.rows(
        "SELECT count(DISTINCT pupil) AS n FROM outcome WHERE school_year = '2029-2030' AND moment = 'M'"
    )

    assert sum(person.role is Role.MEMBER for person in people) == 40
    assert len({person.name for person in people}) == len(people)
    assert 240 < pupils["n"] <= 280


def test_a_story_that_breaks_off_leaves_an_empty_store(tmp_path, monkeypatch):
    store = open_store(tmp_path)
    monkeypatch.setattr(demo, "_tell_cycle", lambda *_: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        demo.fill(store, today=TODAY)

    assert not demo.is_filled(store)
    assert store.version == 0
    store.close()


def test_evidence_of_the_example_school_has_files_and_they_can_be_opened(example):
    leader = Actor(Role.LEADER)
    pieces = plan.find(example, leader, Evidence)

    kept = [one for piece in pieces for one in attachments.of_evidence(example, leader, piece.evidence_id)]

    assert {one.file_kind for one in kept} == {"text", "png"}
    assert all(len(attachments.content_of(example, leader, one.attachment_id)) == one.n_bytes for one in kept)
    assert not [one.title for one in kept if attachments.suspects(one.title)]


def test_five_pictures_of_five_kinds_hang_on_the_data_wall_and_all_show_something(example):
    seen = wall.look(example, LEADER)

    assert len({one.view.kind for one in seen.pictures}) == len(seen.pictures) == wall.MOST_PICTURES
    assert all(one.result is not None and one.result.figures is not None for one in seen.pictures)
    assert all(wall.on_wall(example, one.view) == one.picture for one in seen.pictures)
