"""Freezing and starting again on the goal's page, as people see it."""

from datetime import timedelta

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import baselines, office, plan
from qualitycycle.model import Baseline, BaselineKind, Measurement, Role
from qualitycycle.store.records import new_id
from tests.pages import north as world
from tests.pages.north import LEADER, page, press, words

GOAL = "plan/goal.py"
WEEK = timedelta(weeks=1)


@pytest.fixture
def north(tmp_path):
    """North school with 24 weekly values, the last one of today."""
    with i18n.speaking("en"):
        made = world.built(tmp_path)
        for n in range(24):
            value = Measurement(
                measurement_id=new_id(),
                indicator_id=made.indicator.indicator_id,
                measured_on=day(n),
                value=50 + n * 7 % 5,
            )
            plan.record(made.store, LEADER, value)
        yield made
    office.close()


def day(n):
    return world.config.today() - (23 - n) * WEEK


def goal_page(north, role=Role.LEADER):
    return page(GOAL, role=role, goal=north.goal.goal_id)


def key(north, name):
    return f"baseline.{north.indicator.indicator_id}.{name}"


def fill(at, north, *, kind, on, reason):
    at.selectbox(key=key(north, "kind")).set_value(kind)
    at.date_input(key=key(north, "applies_on")).set_value(on)
    at.text_input(key=key(north, "reason")).set_value(reason)
    return press(at, key(north, "send"))


def kept(north, **more):
    return plan.find(north.store, LEADER, Baseline, **more)


def frozen(north):
    return baselines.decide(north.store, LEADER, north.indicator, BaselineKind.FREEZE, day(11), "Start")


def test_the_page_says_the_verdict_and_why_it_is_this_chart(north):
    text = words(goal_page(north))

    assert "24 values: a run chart with firm limits." in text
    assert "No signal: what you see fits ordinary ups and downs." in text


def test_a_start_period_is_frozen_with_a_reason(north):
    at = fill(goal_page(north), north, kind=BaselineKind.FREEZE, on=day(11), reason="Hierna begint het")

    [one] = kept(north)
    assert (one.kind, one.applies_on, one.reason) == (BaselineKind.FREEZE, day(11), "Hierna begint het")
    assert "Hierna begint het" in words(at)


def test_starting_again_brings_the_count_back(north):
    at = fill(goal_page(north), north, kind=BaselineKind.REBASE, on=day(20), reason="Andere kijkwijzer")

    assert "4 values: a line without a verdict" in words(at)


def test_without_a_reason_nothing_is_kept_and_the_page_says_so(north):
    at = fill(goal_page(north), north, kind=BaselineKind.FREEZE, on=day(11), reason="")

    assert kept(north) == []
    assert "reason: fill this in, then save again." in words(at)


def test_a_decision_is_taken_back_with_one_click(north):
    one = frozen(north)

    at = press(goal_page(north), f"undo.{one.baseline_id}")

    assert kept(north) == []
    assert "taken back" in words(at)


def test_a_decision_is_brought_back_with_one_click(north):
    one = frozen(north)
    baselines.take_back(north.store, LEADER, one.baseline_id)

    press(goal_page(north), f"undo.{one.baseline_id}")

    assert len(kept(north)) == 1


def test_a_member_reads_the_decision_and_cannot_change_it(north):
    one = frozen(north)

    at = goal_page(north, Role.MEMBER)

    assert "Start period frozen" in words(at)
    assert f"undo.{one.baseline_id}" not in [button.key for button in at.button]
