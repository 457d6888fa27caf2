from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualitycycle.analysis import pupils
from qualitycycle.analysis.reasons import Reason
from tests.analysis.strategies import quick

NAN = float("nan")
pairs = st.lists(st.tuples(st.integers(60, 140), st.integers(60, 140)), min_size=3, max_size=20)


def test_only_pupils_with_both_scores_count_as_pairs():
    gain = pupils.paired_gain([90, NAN, 100], [95, 80, NAN])

    assert (gain.n_pre, gain.n_post, gain.n_pairs, gain.mean_diff) == (2, 2, 1, 5.0)


def test_one_pair_has_a_gain_without_an_interval():
    gain = pupils.paired_gain([90], [95])

    assert (gain.diff_low, gain.reasons["diff_low"]) == (None, Reason.N_TOO_SMALL)


def test_gains_that_differ_by_rounding_only_count_as_equal():
    gain = pupils.paired_gain([15.1, 14.1, 12.7], [18.3, 17.3, 15.9])

    assert (gain.sd_diff, gain.t, gain.reasons["t"]) == (0.0, None, Reason.NO_VARIANCE)


def test_two_pairs_have_no_g():
    gain = pupils.paired_gain([90, 100], [95, 111])

    assert (gain.g_z, gain.reasons["g_z"]) == (None, Reason.N_TOO_SMALL)


def test_no_spread_before_leaves_the_pre_sd_standardiser_undefined():
    gain = pupils.paired_gain([90, 90, 90], [95, 97, 91])

    assert (gain.d_pre_sd, gain.d_av_rms is not None) == (None, True)


def test_nobody_with_both_scores_is_reported_as_no_answers():
    gain = pupils.paired_gain([90, NAN], [NAN, 80])

    assert (gain.n_pairs, gain.reasons["mean_diff"]) == (0, Reason.NO_ANSWERS)


def test_every_undefined_figure_of_two_pairs_has_a_reason():
    gain = pupils.paired_gain([90, 100], [95, 105])

    assert all(name in gain.reasons for name, value in vars(gain).items() if value is None)


def test_growth_equal_to_the_norm_is_no_excess():
    assert pupils.growth([90, 100, 95], [100, 110, 105], 10.0).excess.mean == 0.0


def test_growth_takes_a_norm_per_pupil_and_skips_who_has_none():
    growth = pupils.growth([90, 100, 95], [100, 110, 105], [8.0, 6.0, NAN])

    assert (growth.n_pairs, growth.mean_expected, growth.excess.mean) == (2, 7.0, 3.0)


def test_growth_of_nobody_has_no_figures():
    growth = pupils.growth([NAN], [100], 10.0)

    assert (growth.mean_gain, growth.reasons["mean_gain"]) == (None, Reason.NO_ANSWERS)


@pytest.mark.parametrize(("reliability", "gain"), [(0.7, 0.38), (0.8, 0.25), (0.9, 0.13)])
def test_the_lowest_quarter_gains_without_any_action(reliability, gain):
    assert pupils.regression_of_lowest(0.25, reliability) == pytest.approx(gain, abs=0.005)


def test_a_selected_group_goes_back_by_what_the_test_cannot_measure():
    result = pupils.regression_to_mean([80.0, 84.0], population_mean=100.0, reliability=0.8)

    assert (result.n, result.expected_gain) == (2, pytest.approx(3.6))


def test_low_scorers_that_are_tested_again_gain_what_was_foretold():
    rng = np.random.default_rng(20261122)
    ability = rng.normal(200, np.sqrt(0.8), 100_000)
    first, second = (ability + rng.normal(0, np.sqrt(0.2), 100_000) for _ in range(2))
    chosen = first < np.quantile(first, 0.25)

    foretold = pupils.regression_to_mean(first[chosen], 200.0, 0.8).expected_gain

    assert foretold == pytest.approx((second - first)[chosen].mean(), abs=0.02)
    assert foretold == pytest.approx(0.25, abs=0.01)


def test_a_gain_has_the_interval_that_scipy_gives_it():
    before, after = [90, 101, 96, 110, 88, 104, 99], [97, 108, 99, 118, 90, 115, 101]
    scipy = stats.ttest_rel(after, before).confidence_interval(0.95)

    gain = pupils.paired_gain(before, after)

    assert (gain.diff_low, gain.diff_high) == pytest.approx((scipy.low, scipy.high))


def test_a_perfect_test_has_no_regression():
    assert pupils.regression_to_mean([80.0], 100.0, 1.0).expected_gain == 0.0


def test_a_reliability_above_one_is_refused():
    with pytest.raises(ValueError, match="reliability"):
        pupils.regression_to_mean([80.0], 100.0, 1.2)


def test_equal_gains_in_both_groups_leave_no_difference():
    result = pupils.gain_difference([90, 100, 95], [95, 105, 100], [80, 85, 99], [85, 90, 104])

    assert (result.gains.diff, result.d_ppc2) == (0.0, 0.0)


def test_a_comparison_group_of_one_gives_no_standardised_difference():
    result = pupils.gain_difference([90, 100, 95], [95, 105, 101], [80], [85])

    assert result.reasons["d_ppc2"] is Reason.N_TOO_SMALL


def test_the_exact_bootstrap_equals_visiting_every_resample():
    values = [3.0, 4.5, 4.5, 6.0, 1.25]

    result = pupils.bootstrap_mean(values)

    means = np.sort([np.mean(draw) for draw in product(values, repeat=5)])
    limits = means[int(np.ceil(0.025 * 5**5)) - 1], means[int(np.ceil(0.975 * 5**5)) - 1]
    assert (result.boot_percentile_low_exact, result.boot_percentile_high_exact) == pytest.approx(limits)


def test_eleven_values_are_too_many_to_visit():
    result = pupils.bootstrap_mean(range(11))

    assert result.reasons["boot_percentile_low_exact"] is Reason.N_TOO_LARGE


@quick
@given(pairs, st.integers(-30, 30))
def test_an_equal_shift_of_all_scores_changes_no_gain(rows, shift):
    before, after = np.array(rows, dtype=float).T

    one, other = pupils.paired_gain(before, after), pupils.paired_gain(before + shift, after + shift)

    assert (other.mean_diff, other.d_av_rms) == pytest.approx((one.mean_diff, one.d_av_rms))


@quick
@given(pairs)
def test_going_back_in_time_turns_the_sign_of_the_gain(rows):
    before, after = np.array(rows, dtype=float).T

    there, back = pupils.paired_gain(before, after), pupils.paired_gain(after, before)

    assert (back.mean_diff, back.diff_low) == pytest.approx((-there.mean_diff, -there.diff_high))
