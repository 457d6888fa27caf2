"""Which sentence belongs to which reading of a line."""

from datetime import date, timedelta

import pytest

from qualitycycle import i18n, readings
from qualitycycle.analysis import spc
from qualitycycle.analysis.spc import Direction
from qualitycycle.cycle import baselines
from qualitycycle.cycle.series import Point
from qualitycycle.model import Action, ActionState, Indicator
from qualitycycle.readings import Verdict

UP, DOWN, NEITHER = Direction.INCREASE, Direction.DECREASE, Direction.NEUTRAL
NOISE = [71, 74, 70, 75, 72, 69, 73, 76, 70, 74, 71, 75, 72, 70, 74, 73, 69, 75, 71, 73]
STEP_UP = [70, 72, 71, 73, 70, 72, 88, 91, 89, 90, 92, 89]
BULGE = [70, 72, 71, 73, 88, 91, 89, 90, 92, 91, 90, 89, 70, 72, 71, 73]
FIRST = date(2026, 1, 5)
WEEK = timedelta(weeks=1)

CASES = [
    ([], None, UP, Verdict.NO_VALUES),
    ([70, 90], None, UP, Verdict.TOO_FEW),
    (STEP_UP[:9], None, UP, Verdict.CANNOT_TELL),
    (NOISE[:12], None, UP, Verdict.NO_SIGNAL),
    (NOISE, None, UP, Verdict.NO_SIGNAL),
    ([70] * 12, None, UP, Verdict.ALL_EQUAL),
    ([70, 70, 70, 70, 71, 69, 70, 70, 71, 69], None, UP, Verdict.TOO_MANY_TIED),
    (STEP_UP, None, UP, Verdict.SHIFT_WANTED),
    (STEP_UP, None, DOWN, Verdict.SHIFT_UNWANTED),
    (STEP_UP, None, NEITHER, Verdict.SHIFT),
    (BULGE, None, UP, Verdict.SHIFT),
    ([*NOISE[:-1], 120], None, UP, Verdict.OUTSIDE_WANTED),
    ([*NOISE[:-1], 120], None, DOWN, Verdict.OUTSIDE_UNWANTED),
    ([*NOISE[:-1], 120], None, NEITHER, Verdict.OUTSIDE),
    ([20, *NOISE[1:-1], 120], None, UP, Verdict.OUTSIDE),
    ([*NOISE, *[90] * 8], 20, UP, Verdict.SHIFT_WANTED),
    ([*STEP_UP, *NOISE[:8]], 12, UP, Verdict.START_UNSTABLE),
]


def line(values, **fields):
    indicator = Indicator(indicator_id="i", goal_id="g", title="Lessen", unit="%", **fields)
    points = [Point(FIRST + n * WEEK, "", float(value), None) for n, value in enumerate(values)]
    return baselines.read(indicator, points)


def said(values, actions=(), **fields):
    with i18n.speaking("en"):
        return readings.sentences(line(values, **fields), actions)


@pytest.mark.parametrize(("values", "freeze", "better", "wanted"), CASES)
def test_a_reading_has_one_verdict(values, freeze, better, wanted):
    assert readings.verdict(spc.read_chart(values, freeze=freeze), better) is wanted


def test_every_verdict_has_a_sentence():
    assert set(readings.VERDICTS) == set(Verdict)


def test_only_a_shift_on_the_wanted_side_is_called_an_improvement():
    named = {verdict for verdict, text in readings.VERDICTS.items() if "improvement" in text}

    assert named == {Verdict.SHIFT_WANTED}


@pytest.mark.parametrize("word", ["because", "caused", "thanks to", "led to", "effect"])
def test_no_sentence_names_a_cause(word):
    texts = [*readings.VERDICTS.values(), *readings.TARGETS.values(), *readings.NO_LIMITS.values()]

    assert not [text for text in texts if word in text]


@pytest.mark.parametrize(
    ("n", "words"),
    [
        (2, "a line would look like a trend"),
        (9, "a line without a verdict"),
        (11, "a run chart around the median"),
        (19, "provisional limits"),
        (20, "firm limits"),
    ],
)
def test_why_this_chart_follows_from_the_number_of_values(n, words):
    why = said(NOISE[:n])[-1]

    assert words in why


def test_the_target_is_judged_when_nothing_moves():
    assert "no value will meet the target" in said(NOISE, target=95)[1]


def test_the_target_is_left_alone_after_a_signal():
    assert "target" not in said([*NOISE, *[90] * 12], target=95)[1]


@pytest.mark.parametrize(
    ("state", "there"), [(ActionState.RUNNING, True), (ActionState.DONE, True), (ActionState.PLANNED, False)]
)
def test_an_action_that_began_in_the_same_period_is_no_proof(state, there):
    action = Action(action_id="a", cycle_id="c", title="Samen", state=state, start_on=FIRST + 6 * WEEK)

    beside = said(STEP_UP, [action])[1]

    assert ("“Samen” started. That is no proof" in beside) is there


def test_levels_in_words_get_no_limits():
    values = [1, 2, 1, 2, 3, 2, 1, 3, 2, 3, 1, 3, 2, 1]

    why = said(values, levels=("laag", "midden", "hoog"))[-1]

    assert "no equal steps" in why


def test_collapsed_limits_say_what_to_do():
    assert "Measure more finely" in said([70] * 6 + [90] + [70] * 6)[1]


def test_a_frozen_start_period_has_its_own_chance_of_a_false_alarm():
    reading = spc.read_chart([*NOISE, *NOISE[:4]], freeze=8)

    with i18n.speaking("en"):
        assert "about 17%" in readings.false_alarms(reading)
