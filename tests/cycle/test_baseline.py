"""Freezing a start period and starting to count again: by a person, with a reason, and to be undone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from qualitycycle.analysis.spc import ChartKind, ChartReason
from qualitycycle.cycle import baselines, demo, history, plan, upkeep
from qualitycycle.errors import CycleClosed, Incomplete, NotAllowed
from qualitycycle.model import BaselineKind, Goal, Indicator
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests.cycle.conftest import FOUNDER, TODAY, World

FREEZE, REBASE = BaselineKind.FREEZE, BaselineKind.REBASE
FIRST = date(2026, 5, 1)
WEEK = timedelta(weeks=1)


def day(n: int) -> date:
    return FIRST + n * WEEK


@pytest.fixture
def lessons(north_school: World) -> Indicator:
    """An indicator with 24 weekly values."""
    indicator = north_school.indicator(north_school.goal(), unit="%")
    for n in range(24):
        north_school.measure(indicator, day(n), 40 + n * 7 % 5)
    return indicator


def decide(world: World, indicator: Indicator, kind=FREEZE, on=None, reason="Vóór de actie", who=None):
    return baselines.decide(world.store, who or world.leader, indicator, kind, on or day(11), reason)


def line(world: World, indicator: Indicator) -> baselines.LineReading:
    return baselines.line_of(world.store, world.leader, indicator)


def test_a_frozen_start_period_carries_the_limits(north_school, lessons):
    decide(north_school, lessons)

    last = line(north_school, lessons).last

    assert (last.reading.n, last.reading.n_base, last.frozen_on) == (24, 12, day(11))


def test_limits_on_a_short_start_period_stay_provisional(north_school, lessons):
    decide(north_school, lessons)

    choice = line(north_school, lessons).last.reading.choice

    assert (choice.kind, choice.reason) == (ChartKind.LIMITS_PROVISIONAL, ChartReason.FROZEN_ON_FEW)


def test_a_part_has_one_frozen_start_period(north_school, lessons):
    decide(north_school, lessons, on=day(14))

    with pytest.raises(Incomplete) as refused:
        decide(north_school, lessons, on=day(9))

    assert refused.value.reason == "frozen_already"


def test_a_start_period_taken_back_makes_room_for_another(north_school, lessons):
    first = decide(north_school, lessons, on=day(14))
    baselines.take_back(north_school.store, north_school.leader, first.baseline_id)

    decide(north_school, lessons, on=day(9))

    assert line(north_school, lessons).last.frozen_on == day(9)


def test_a_new_start_counts_from_its_day(north_school, lessons):
    decide(north_school, lessons, REBASE, day(20))

    found = line(north_school, lessons)

    assert [stretch.reading.n for stretch in found.stretches] == [20, 4]
    assert found.last.reading.choice.kind is ChartKind.LINE


def test_a_new_start_on_the_newest_day_leaves_nothing_to_judge_yet(north_school, lessons):
    decide(north_school, lessons, REBASE, TODAY)

    assert line(north_school, lessons).last.reading.choice.reason is ChartReason.NO_POINTS


def test_a_start_period_belongs_to_its_own_part(north_school, lessons):
    decide(north_school, lessons, FREEZE, day(8))
    decide(north_school, lessons, REBASE, day(12))

    assert [stretch.frozen_on for stretch in line(north_school, lessons).stretches] == [day(8), None]


@pytest.mark.parametrize("who", ["member", "reader"])
def test_only_who_edits_the_thread_may_decide(north_school, lessons, who):
    with pytest.raises(NotAllowed):
        decide(north_school, lessons, who=getattr(north_school, who))


@pytest.mark.parametrize(
    ("kind", "on", "reason", "why"),
    [
        (FREEZE, day(11), "  ", ("reason", "missing")),
        (FREEZE, TODAY + WEEK, "x", ("applies_on", "in_future")),
        (FREEZE, day(6), "x", ("applies_on", "too_few_points")),
        (REBASE, FIRST, "x", ("applies_on", "nothing_before")),
    ],
)
def test_what_makes_no_sense_is_refused(north_school, lessons, kind, on, reason, why):
    with pytest.raises(Incomplete) as refused:
        decide(north_school, lessons, kind, on, reason)

    assert (refused.value.name, refused.value.reason) == why


def test_an_emptied_date_is_refused(north_school, lessons):
    with pytest.raises(Incomplete) as refused:
        baselines.decide(north_school.store, north_school.leader, lessons, FREEZE, None, "x")

    assert refused.value.name == "applies_on"


def test_a_closed_cycle_takes_no_new_start(north_school):
    old = plan.get(north_school.store, north_school.leader, Indicator, north_school.old_indicator)

    with pytest.raises(CycleClosed):
        decide(north_school, old, REBASE, TODAY)


def test_a_decision_names_who_made_it_and_when(north_school, lessons):
    decide(north_school, lessons, who=north_school.coach)

    [made] = baselines.decisions(north_school.store, north_school.leader, lessons)

    assert made.person_id == north_school.coach.person_id
    assert made.baseline.reason == "Vóór de actie"


def test_a_decision_taken_back_no_longer_counts_and_stays_in_the_list(north_school, lessons):
    one = decide(north_school, lessons, REBASE, day(20))

    baselines.take_back(north_school.store, north_school.leader, one.baseline_id)

    assert len(line(north_school, lessons).stretches) == 1
    [made] = baselines.decisions(north_school.store, north_school.leader, lessons)
    assert made.baseline.archived


def test_a_decision_can_be_brought_back(north_school, lessons):
    one = decide(north_school, lessons, REBASE, day(20))
    baselines.take_back(north_school.store, north_school.leader, one.baseline_id)

    baselines.bring_back(north_school.store, north_school.leader, one.baseline_id)

    assert len(line(north_school, lessons).stretches) == 2


def test_a_decision_stands_in_the_record_of_changes(north_school, lessons):
    decide(north_school, lessons)

    [change] = history.changes(north_school.store, north_school.leader, noun="baseline")

    assert {field.name: field.after for field in change.fields}["reason"] == "Vóór de actie"


def test_doctor_names_a_decision_without_its_indicator(north_school, lessons):
    one = decide(north_school, lessons)
    lost = "UPDATE baseline SET indicator_id = $gone WHERE baseline_id = $id"
    north_school.store.write(
        lambda tx: tx.execute(lost, gone=new_id(), id=one.baseline_id), actor=north_school.leader, verb="test"
    )

    found = {finding.code: finding.detail for finding in upkeep.doctor(north_school.store)}

    assert found["baseline_without_indicator"] == one.baseline_id


def test_an_export_holds_the_decisions(north_school, lessons, tmp_path):
    decide(north_school, lessons)

    exported = upkeep.export(north_school.store, north_school.leader, tmp_path)

    assert "Vóór de actie" in (exported.path / "baseline.csv").read_text(encoding="utf-8-sig")


def test_a_holiday_leaves_a_row_without_a_value(north_school):
    indicator = north_school.indicator(north_school.goal())
    for n in (0, 1, 2, 4, 5):
        north_school.measure(indicator, day(n), 50)

    rows = line(north_school, indicator).last.rows

    assert [row is None for row in rows] == [False, False, False, True, False, False]


def test_the_example_school_has_a_line_of_every_length(tmp_path):
    store = open_store(tmp_path)
    demo.fill(store, today=TODAY)
    cycle = plan.running_cycle(store)
    goals = plan.find(store, FOUNDER, Goal, cycle_id=cycle.cycle_id)

    lines = [
        baselines.line_of(store, FOUNDER, indicator)
        for goal in goals
        for indicator in plan.find(store, FOUNDER, Indicator, goal_id=goal.goal_id)
    ]

    kinds = {found.last.reading.choice.kind for found in lines}
    assert kinds >= {ChartKind.LINE, ChartKind.RUN, ChartKind.LIMITS_PROVISIONAL, ChartKind.LIMITS_FIRM}
    assert any(found.last.frozen_on for found in lines)
    store.close()
