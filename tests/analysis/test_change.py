import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from qualitycycle.analysis.change import Sample, change, change_of
from qualitycycle.analysis.effects import exact_j, hedges_j, noncentral_t_cdf, noncentral_t_limits
from qualitycycle.analysis.reasons import Reason
from tests.analysis.strategies import quick, scores


def test_the_raw_difference_is_second_minus_first():
    assert change([3.0, 4.0], [5.0, 6.0]).diff == 2.0


def test_the_smallest_detectable_change_is_half_of_welchs_interval():
    result = change([3.0, 4.0, 4.5], [5.0, 6.0, 4.0, 5.5])

    assert result.mdc95_mean_welch == pytest.approx((result.welch_high - result.welch_low) / 2)


def test_welchs_interval_agrees_with_scipy():
    first, second = [3.0, 4.0, 4.5, 2.0], [5.0, 6.0, 4.0, 5.5, 5.0]

    result = change(first, second)

    interval = stats.ttest_ind(second, first, equal_var=False).confidence_interval()
    assert (result.welch_low, result.welch_high) == pytest.approx((interval.low, interval.high))


def test_one_score_gives_a_difference_without_an_interval():
    result = change([3.0], [5.0, 6.0])

    assert (result.diff, result.welch_low, result.reasons["welch_low"]) == (2.5, None, Reason.N_TOO_SMALL)


def test_no_spread_at_all_gives_no_interval():
    result = change([3.0, 3.0], [5.0, 5.0])

    assert (result.distinguishable, result.reasons["g"]) == (None, Reason.NO_VARIANCE)


def test_no_spread_in_the_reference_leaves_only_glass_undefined():
    result = change([3.0, 3.0, 3.0], [5.0, 6.0, 4.0])

    assert (result.glass_delta_sd1, result.g is not None) == (None, True)


def test_an_empty_round_gives_no_difference():
    result = change([], [5.0, 6.0])

    assert (result.n1, result.mean2, result.diff, result.reasons["diff"]) == (0, 5.5, None, Reason.NO_ANSWERS)


def test_every_second_score_above_every_first_is_a_cliff_delta_of_one():
    assert change([1.0, 2.0], [3.0, 4.0]).cliff_delta == 1.0


def test_the_small_sample_factor_of_ten_degrees_of_freedom_is_known():
    # Hedges (1981), table 1: .9228 at 10 degrees of freedom.
    assert exact_j(10) == pytest.approx(0.9228, abs=1e-4)


def test_the_small_sample_factor_does_not_exist_at_one_degree_of_freedom():
    assert hedges_j(1) is None


@pytest.mark.parametrize("t", [-4.0, -0.3, 0.0, 0.8, 2.5, 9.0, 40.0])
@pytest.mark.parametrize("df", [1, 2, 7, 40])
def test_the_noncentral_t_agrees_with_scipy(t, df):
    shifts = [-1.5, 0.0, 0.7, 4.0]

    ours = [noncentral_t_cdf(t, df, shift) for shift in shifts]

    assert ours == pytest.approx([stats.nct.cdf(t, df, shift) for shift in shifts], abs=1e-10)


def test_the_limits_of_a_huge_t_are_found():
    low, high = noncentral_t_limits(1e4, 3)

    assert [noncentral_t_cdf(1e4, 3, low), noncentral_t_cdf(1e4, 3, high)] == pytest.approx([0.975, 0.025])


@quick
@given(scores, scores)
def test_swapping_the_rounds_turns_the_signs(first, second):
    there, back = change(first, second), change(second, first)

    assert (back.diff, back.cliff_delta) == pytest.approx((-there.diff, -there.cliff_delta))
    assert back.g is None or (back.g, back.g_ci_low) == pytest.approx((-there.g, -there.g_ci_high), abs=1e-8)


@quick
@given(scores, scores, st.integers(-20, 20), st.integers(1, 9))
def test_standardised_change_does_not_depend_on_the_unit_or_the_origin(first, second, shift, factor):
    one = change(first, second)
    other = change(np.array(first) * factor + shift, np.array(second) * factor + shift)

    assert other.g == pytest.approx(one.g, abs=1e-8)


# --- from what a round keeps -----------------------------------------------------------------------------

CASES = sorted((Path(__file__).parents[1] / "data/reference/psychometrics").glob("D3?_change_*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_size_mean_and_spread_of_two_rounds_give_the_figures_of_the_reference_case(path):
    content = json.loads(path.read_text())
    expected = content["expected"]
    rounds = [Sample(expected[f"n{n}"], expected[f"mean{n}"], expected[f"sd{n}"]) for n in (1, 2)]

    found = change_of(*rounds)

    for key in set(expected) & set(vars(found)) - {"cliff_delta", "reasons"}:
        wanted = expected[key] if expected[key] is None else pytest.approx(expected[key], abs=1e-6)
        assert getattr(found, key) == wanted, key


@quick
@given(scores, scores)
def test_comparing_what_two_rounds_keep_is_comparing_their_scores(first, second):
    whole = change(first, second)

    kept = change_of(Sample(whole.n1, whole.mean1, whole.sd1), Sample(whole.n2, whole.mean2, whole.sd2))

    assert (kept.diff, kept.welch_low, kept.g) == (whole.diff, whole.welch_low, whole.g)
    assert (kept.cliff_delta, kept.reasons["cliff_delta"]) == (None, Reason.NOT_GIVEN)


@pytest.mark.parametrize("sample", [Sample(0, 4.0, None), Sample(6, 4.0, None)])
def test_a_sample_without_its_spread_is_a_wrong_call(sample):
    with pytest.raises(ValueError, match="standard deviation"):
        change_of(Sample(6, 4.0, 1.0), sample)


@quick
@given(scores)
def test_a_round_does_not_differ_from_itself(values):
    assert change(values, values).distinguishable in (False, None)
