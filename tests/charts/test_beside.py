"""Confidence beside progress: one time axis, nothing under the floor, and no word about a cause."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from qualitycycle import charts, i18n
from qualitycycle.cycle import baselines
from qualitycycle.cycle.confidence import Beside, RollingPoint, VotePoint, VoteResult, Week
from qualitycycle.cycle.series import Point
from qualitycycle.model import Action, ActionState, Baseline, BaselineKind, Goal, Holiday, Indicator

FIRST, LAST = date(2026, 8, 31), date(2026, 11, 22)
INDICATOR = Indicator(
    indicator_id="i", goal_id="g", title="Lessen met een doel", unit="%", target=80, due_on=date(2027, 7, 1)
)
ACTION = Action(
    action_id="a",
    cycle_id="c",
    title="Samen voorbereiden",
    start_on=date(2026, 9, 14),
    state=ActionState.RUNNING,
)


def vote(week, mean=None, n=8):
    on = FIRST + timedelta(weeks=week)
    return VotePoint(on, VoteResult(n, mean, mean, 12.0) if mean is not None else VoteResult())


def line(values=(), **fields):
    points = [Point(FIRST + timedelta(weeks=week), "", value, None) for week, value in values]
    return baselines.read(INDICATOR, points, **fields)


def world(votes=(), values=(), actions=(), **fields):
    start = Beside(
        goal=Goal(goal_id="g", cycle_id="c", title="Lezen"),
        first_on=FIRST,
        last_on=LAST,
        weeks=tuple(Week(FIRST + timedelta(weeks=n), n + 1) for n in range(12)),
        holidays=(),
        votes=tuple(votes),
        lines=(line(values),),
        actions=tuple(actions),
        meetings=(),
    )
    return replace(start, **fields)


def figure(*arguments, language="en", **fields):
    with i18n.speaking(language):
        return charts.confidence_beside(world(*arguments, **fields), theme="light")


def kinds(one):
    return one.data.kind.value_counts().to_dict()


FULL = ([vote(1, 40), vote(4, 50), vote(8, 60)], [(n, 60 + n) for n in range(11)], [ACTION])


def test_everything_lies_on_one_time_axis_from_the_first_day_to_the_last():
    data = figure(*FULL).data

    days = data.on.dropna()
    assert (days.min(), days.max()) == (FIRST.isoformat(), LAST.isoformat())


def test_what_lies_outside_the_weeks_of_the_cycle_is_not_in_the_picture():
    one = figure([vote(1, 40)], [(-20, 50), (3, 60)], [replace(ACTION, start_on=date(2025, 1, 6))])

    assert kinds(one)["value"] == 2
    assert one.data[one.data.kind == "action"].on.tolist() == [FIRST.isoformat()]


def test_a_hidden_vote_breaks_the_line_and_tells_nothing_else():
    one = figure([vote(1, 40), vote(2), vote(3, 50), vote(4, 50), vote(5, 55)])

    assert kinds(one)["hidden"] == 1
    assert one.data[one.data.kind == "joined"].piece.nunique() == 2
    hidden = one.data[one.data.kind == "hidden"].iloc[0]
    assert hidden.words.endswith("too few to show")
    assert one.table.query("Value == 'too few to show'").shape[0] == 1


@pytest.mark.parametrize(("n_votes", "joined"), [(1, 0), (2, 0), (3, 3)])
def test_fewer_than_three_votes_are_not_joined(n_votes, joined):
    one = figure([vote(week, 50) for week in range(n_votes)])

    assert kinds(one).get("joined", 0) == joined


@pytest.mark.parametrize("votes", [[], [vote(1), vote(2)]])
def test_that_nothing_can_be_said_yet_is_drawn(votes):
    one = figure(votes)

    said = one.data[one.data.kind == "unknown"].label.tolist()
    assert said == ["Cannot tell yet", "Cannot tell yet"]
    assert one.notes[0].startswith("Cannot tell yet")


@pytest.mark.parametrize("votes", [[], FULL[0]])
def test_the_picture_always_says_that_it_shows_no_cause(votes):
    one = figure(votes, *FULL[1:])

    assert "cannot say why" in one.notes[1]
    assert "cause" not in " ".join(one.data.words.dropna())


def test_a_running_action_goes_on_and_a_stopped_one_ends():
    stopped = replace(
        ACTION, action_id="b", title="Filmpjes", state=ActionState.STOPPED, stopped_on=date(2026, 10, 5)
    )
    planned = replace(ACTION, action_id="p", title="Later", state=ActionState.PLANNED)

    one = figure(actions=[ACTION, stopped, planned])

    assert kinds(one)["goes_on"] == kinds(one)["stop"] == 1
    assert one.data[one.data.kind == "stop"].on.tolist() == ["2026-10-05"]
    assert "Later" not in one.data.label.tolist()


def test_meetings_holidays_and_new_starts_are_marked():
    rebase = Baseline(
        baseline_id="r",
        indicator_id="i",
        kind=BaselineKind.REBASE,
        applies_on=date(2026, 10, 12),
        reason="Nieuwe kijkwijzer",
    )
    one = figure(
        FULL[0],
        lines=(line(FULL[1], baselines=[rebase]),),
        meetings=(date(2026, 9, 7), date(2026, 9, 14)),
        holidays=(
            Holiday(holiday_id="h", name="Herfst", first_on=date(2026, 10, 17), last_on=date(2026, 10, 25)),
        ),
    )

    assert [kinds(one)[kind] for kind in ("meeting", "rebase", "holiday")] == [2, 1, 1]
    assert any("Nieuwe kijkwijzer" in value for value in one.table["Value"])


def test_the_weekly_pulse_has_a_strip_of_its_own():
    one = figure(FULL[0], pulse=(RollingPoint(date(2026, 10, 1), 4.5, 3),))

    assert "Weekly pulse: trust in our goals (1–6)" in one.data.label.tolist()
    assert "4.5, mean of 3 rounds" in one.table["Value"].tolist()


def test_fewer_than_ten_answers_are_told_in_whole_points():
    few, many = figure([vote(1, 62, n=9)]), figure([vote(1, 62.5, n=10)])

    assert "62 of 100" in few.notes[0]
    assert "62.5 of 100" in many.notes[0]


def test_the_table_tells_in_which_school_week_something_fell():
    one = figure(*FULL)

    row = one.table[one.table["What"] == "Samen voorbereiden"].iloc[0]
    assert (row["School week"], row["Value"]) == ("3", "begins")


def test_the_specification_holds_no_data():
    text = json.dumps(figure(*FULL).spec)

    assert "Samen voorbereiden" not in text and "datasets" not in text


def test_it_speaks_dutch():
    one = figure(*FULL, language="nl")

    assert "Hoe zeker is het team? (0–100)" in one.data.label.tolist()
    assert one.notes[0].startswith("Laatste peiling, 26 okt 2026: 60 van de 100")
