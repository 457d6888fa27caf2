from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis import individuals, runs, share_chart, spc
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.spc import Assurance, ChartKind, ChartReason, Direction
from tests.analysis.strategies import quick

NAN = float("nan")
STEP = [71, 73, 70, 72, 74, 71, 88, 91, 89, 90, 92, 89]
NOISE = [71, 74, 70, 75, 72, 69, 73, 76, 70, 74, 71, 75, 72, 70, 74, 73, 69, 75, 71, 73]
series = st.lists(st.integers(0, 100).map(float), min_size=12, max_size=30)


@pytest.mark.parametrize(
    ("n", "kind"),
    [(0, "values"), (2, "values"), (3, "line"), (9, "line"), (10, "run"), (11, "run"),
     (12, "limits_provisional"), (19, "limits_provisional"), (20, "limits_firm")],
)  # fmt: skip
def test_the_number_of_points_decides_what_is_drawn(n, kind):
    assert spc.chart_kind(n).kind == ChartKind(kind)


def test_no_points_and_too_few_points_have_different_reasons():
    reasons = spc.chart_kind(0).reason, spc.chart_kind(2).reason

    assert reasons == (ChartReason.NO_POINTS, ChartReason.TOO_FEW_FOR_A_LINE)


def test_nine_points_never_signal_however_clean_the_step():
    reading = spc.read_chart([1, 1, 1, 1, 9, 9, 9, 9, 9])

    assert (reading.signal, reading.reasons["signal"]) == (None, Reason.TOO_FEW_POINTS)


def test_a_clean_step_in_ten_points_signals():
    assert spc.read_chart([1, 2, 1, 2, 1, 8, 9, 8, 9, 8]).signal is True


def test_ten_points_have_no_limits():
    assert spc.read_chart(STEP[:10]).individuals is None


def test_twelve_points_have_limits():
    assert spc.read_chart(STEP).individuals is not None


def test_noise_gives_no_signal():
    assert spc.read_chart(NOISE).signal is False


def test_one_point_far_outside_signals_without_a_run():
    reading = spc.read_chart([*NOISE[:-1], 120])

    assert (reading.runs_signal, reading.sigma_signal_idx, reading.signal) == (False, (20,), True)


def test_a_reading_carries_the_false_alarm_share_of_its_length():
    assert spc.read_chart(NOISE).false_alarm_share == 0.097


def test_a_missed_measurement_is_a_gap_and_not_a_point():
    reading = spc.read_chart([*NOISE[:11], None])

    assert (reading.n, reading.choice.kind) == (11, ChartKind.RUN)


def test_a_re_base_starts_the_count_of_points_again():
    reading = spc.read_chart(NOISE, part=[12])

    assert (reading.n, reading.signal) == (8, None)


def test_a_target_gets_a_verdict_from_twenty_points():
    reading = spc.read_chart(NOISE, target=95, direction=Direction.INCREASE)

    assert reading.target.assurance is Assurance.CONSISTENT_FAIL


def test_a_target_gets_no_verdict_at_nineteen_points():
    assert spc.read_chart(NOISE[:19], target=95, direction=Direction.INCREASE).target is None


def test_points_on_the_centre_line_neither_break_nor_lengthen_a_run():
    found = runs.anhoej([1, 0, 1, 0, 1, -1], 0)

    assert (found.n_useful, found.longest_run, found.n_crossings) == (4, 3, 1)


def test_all_points_equal_have_no_useful_point_and_no_signal():
    found = runs.run_chart([75.0] * 12).parts[0]

    assert (found.n_useful, found.longest_run, found.runs_signal) == (0, None, False)


def test_one_outlier_in_a_flat_series_gives_no_limits_instead_of_all_points_outside():
    part = individuals.individuals_chart([80.0] * 8 + [40.0] + [80.0] * 5).parts[0]

    assert (part.ucl, part.sigma_signal_idx, part.reasons["ucl"]) == (None, (), Reason.LIMITS_COLLAPSED)


def test_no_variation_gives_no_limits():
    assert individuals.individuals_chart([75.0] * 12).parts[0].reasons["ucl"] is Reason.NO_VARIANCE


def test_points_without_a_neighbour_give_no_limits():
    part = individuals.individuals_chart([1.0, NAN, 3.0, NAN]).parts[0]

    assert (part.cl, part.reasons["ucl"]) == (2.0, Reason.TOO_FEW_POINTS)


def test_a_series_without_measurements_has_no_centre_line():
    part = individuals.individuals_chart([NAN, None]).parts[0]

    assert (part.cl, part.reasons["cl"]) == (None, Reason.NO_ANSWERS)


def test_a_moving_range_does_not_cross_a_gap():
    part = individuals.individuals_chart([1.0, 2.0, NAN, 9.0, 10.0]).parts[0]

    assert part.ucl - part.cl == pytest.approx(3 * 1 / 1.128)


def test_an_excluded_point_is_left_out_of_the_limits_but_judged():
    chart = individuals.individuals_chart([*NOISE, 150], exclude=[21])

    assert (chart.parts[0].cl, chart.sigma_signal_idx) == (pytest.approx(np.mean(NOISE)), (21,))


def test_a_frozen_baseline_sets_the_line_for_later_points():
    assert runs.run_chart(STEP, freeze=6).parts[0].cl == np.median(STEP[:6])


def test_a_chart_cannot_be_frozen_and_re_based():
    with pytest.raises(ValueError, match="not both"):
        runs.run_chart(STEP, part=[6], freeze=6)


@pytest.mark.parametrize("wrong", [{"part": [12]}, {"freeze": 0}, {"exclude": [13]}])
def test_a_point_that_is_not_there_is_refused(wrong):
    with pytest.raises(ValueError, match="point"):
        runs.run_chart(STEP, **wrong)


@pytest.mark.parametrize(
    ("target", "direction", "expected"),
    [(95, "increase", "consistent_fail"), (50, "increase", "consistent_pass"), (71, "increase", "inconsistent"),
     (95, "decrease", "consistent_pass"), (50, "decrease", "consistent_fail")],
)  # fmt: skip
def test_a_target_outside_the_limits_is_always_or_never_met(target, direction, expected):
    assert spc.assurance(20, 60, 80, target, Direction(direction)).assurance == Assurance(expected)


def test_a_neutral_indicator_has_no_assurance():
    verdict = spc.assurance(20, 60, 80, 70, Direction.NEUTRAL)

    assert (verdict.assurance, verdict.reason) == (None, Reason.NO_DIRECTION)


def test_a_period_without_pupils_is_a_gap_in_the_p_chart():
    point = share_chart.p_chart([8, 0, 9], [10, 0, 10]).points[1]

    assert (point.y, point.ucl, point.sigma_signal) == (None, None, False)


def test_everybody_reaching_it_leaves_the_adjusted_chart_without_limits():
    chart = share_chart.p_chart([24] * 6, [24] * 6, adjusted=True)

    assert (chart.points[0].ucl, chart.reasons["ucl"]) == (None, Reason.NO_VARIANCE)


def test_a_p_chart_without_any_pupil_has_no_centre():
    assert share_chart.p_chart([0, None], [0, None]).reasons["ucl"] is Reason.NO_ANSWERS


@quick
@given(series, st.integers(-50, 50))
def test_adding_a_constant_moves_the_limits_and_no_verdict(values, constant):
    one = individuals.individuals_chart(values).parts[0]
    other = individuals.individuals_chart([value + constant for value in values]).parts[0]

    assert (other.sigma_signal_idx, other.runs_signal) == (one.sigma_signal_idx, one.runs_signal)


@quick
@given(series)
def test_mirroring_a_series_changes_no_verdict(values):
    one, other = spc.read_chart(values), spc.read_chart([100 - value for value in values])

    assert (other.signal, other.sigma_signal_idx) == (one.signal, one.sigma_signal_idx)


@quick
@given(series)
def test_re_basing_judges_each_stretch_as_if_it_stood_alone(values):
    last = individuals.individuals_chart(values, part=[6]).parts[1]

    alone = individuals.individuals_chart(values[6:]).parts[0]
    assert (last.cl, last.ucl, last.n_useful) == (alone.cl, alone.ucl, alone.n_useful)


# --- frozen, ordinal, and missed moments -----------------------------------------------------------------


def test_limits_frozen_on_fewer_than_twenty_points_stay_provisional():
    choice = spc.read_chart([*NOISE, *NOISE], freeze=12).choice

    assert (choice.kind, choice.reason) == (ChartKind.LIMITS_PROVISIONAL, ChartReason.FROZEN_ON_FEW)


def test_ranks_of_levels_have_no_limits():
    reading = spc.read_chart(NOISE, ordinal=True)

    assert (reading.choice.reason, reading.individuals) == (ChartReason.LEVELS_IN_WORDS, None)


@pytest.mark.parametrize(
    ("values", "freeze", "way"),
    [
        (STEP, None, Direction.INCREASE),
        (STEP[::-1], None, Direction.DECREASE),
        ([*STEP[:4], *STEP[6:], *STEP[6:8], *STEP[:4]], None, Direction.NEUTRAL),
        ([*NOISE, *[60.0] * 9], 20, Direction.DECREASE),
        (NOISE, None, None),
    ],
)
def test_a_shift_has_a_way_only_when_the_later_points_lie_on_one_side(values, freeze, way):
    assert spc.read_chart(values, freeze=freeze).shift is way


def test_a_start_period_that_signals_by_itself_is_no_yardstick():
    assert spc.read_chart([*STEP, *NOISE], freeze=12).base_signal is True


@pytest.mark.parametrize(
    ("waits", "missed"),
    [
        ([7, 7, 14, 7], [False, False, True, False]),
        ([14, 14, 21, 14], [False] * 4),
        ([120, 240, 120, 240], [False] * 4),
        ([365, 730, 365], [False, True, False]),
        ([7], [False]),
    ],
)
def test_a_wait_much_longer_than_usual_is_a_missed_moment(waits, missed):
    days = [date(2026, 1, 5) + timedelta(days=sum(waits[:n])) for n in range(len(waits) + 1)]

    assert spc.missed_before(days) == (False, *missed)


def test_no_days_have_no_missed_moments():
    assert spc.missed_before([]) == ()
