import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis import proportions
from qualitycycle.analysis.reasons import Reason
from tests.analysis.strategies import quick

counts = st.integers(1, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_twenty_one_of_twenty_five_lies_between_sixty_five_and_ninety_four_percent():
    share = proportions.share(21, 25)

    assert (round(share.wilson_lo, 2), round(share.wilson_hi, 2)) == (0.65, 0.94)


def test_everybody_of_twelve_does_not_mean_a_hundred_percent_for_sure():
    share = proportions.share(12, 12)

    assert (round(share.wilson_lo, 2), share.wilson_hi) == (0.76, 1.0)


# Newcombe (1998), Statistics in Medicine 17: 857-872, table I, method 3, and 873-890, table II, method 10.
@pytest.mark.parametrize(
    ("x", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_a_share_has_the_interval_that_newcombe_published_for_wilson(x, n, low, high):
    share = proportions.share(x, n)

    assert (share.wilson_lo, share.wilson_hi) == pytest.approx((low, high), abs=0.00005)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((5, 56), (0, 29), -0.0381, 0.1926),
    ],
)
def test_a_difference_of_shares_has_the_interval_that_newcombe_published(one, other, low, high):
    found = proportions.share_difference(*other, *one)

    assert (found.newcombe_lo, found.newcombe_hi) == pytest.approx((low, high), abs=0.00005)


def test_no_pupils_is_not_zero_percent():
    share = proportions.share(0, 0)

    assert (share.p, share.reasons["p"]) == (None, Reason.NO_ANSWERS)


def test_more_hits_than_pupils_is_refused():
    with pytest.raises(ValueError, match="0 <= x <= n"):
        proportions.share(5, 4)


def test_three_years_together_weigh_pupils_and_not_years():
    assert proportions.pooled_share([(1, 10), (20, 20), (0, 10)]).p == 21 / 40


def test_a_rise_of_twenty_two_points_in_small_groups_is_not_distinguishable():
    assert proportions.share_difference(15, 24, 22, 26).distinguishable is False


def test_a_rise_of_nineteen_points_in_larger_groups_is_distinguishable():
    assert proportions.share_difference(40, 60, 52, 61).distinguishable is True


def test_a_cohort_without_pupils_gives_no_difference():
    assert proportions.share_difference(0, 0, 5, 9).distinguishable is None


def test_eighty_four_percent_is_not_to_be_told_from_a_norm_of_eighty_five():
    assert proportions.norm_chance(21, 25, 0.85).at_most == pytest.approx(0.53, abs=0.005)


def test_four_groups_are_too_few_for_a_funnel():
    funnel = proportions.funnel([("a", 3, 4), ("b", 5, 9), ("c", 7, 8), ("d", 2, 6)])

    assert (funnel.enough_groups, funnel.reasons["points"]) == (False, Reason.TOO_FEW_GROUPS)


def test_a_funnel_around_a_norm_uses_the_norm():
    assert proportions.funnel([("a", 3, 4)], target=0.85).target == 0.85


def test_a_group_without_pupils_has_no_place_in_the_funnel():
    assert proportions.funnel([("a", 3, 4), ("b", 0, 0)]).points[1].exact_ll95 is None


def test_a_funnel_without_any_pupil_has_no_centre():
    funnel = proportions.funnel([("a", 0, 0)])

    assert (funnel.target, funnel.reasons["target"]) == (None, Reason.NO_ANSWERS)


@quick
@given(counts)
def test_the_share_lies_in_its_intervals_and_those_between_zero_and_one(count):
    share = proportions.share(*count)

    assert 0 <= share.wilson_lo <= share.p <= share.wilson_hi <= 1
    assert 0 <= share.exact_lo <= share.p <= share.exact_hi <= 1


@quick
@given(counts)
def test_counting_who_does_not_reach_it_mirrors_the_interval(count):
    x, n = count

    there, back = proportions.share(x, n), proportions.share(n - x, n)

    assert (back.wilson_lo, back.exact_hi) == pytest.approx((1 - there.wilson_hi, 1 - there.exact_lo))


@quick
@given(counts, counts)
def test_swapping_the_cohorts_turns_the_difference(one, other):
    there, back = proportions.share_difference(*one, *other), proportions.share_difference(*other, *one)

    assert (back.diff, back.newcombe_lo) == pytest.approx((-there.diff, -there.newcombe_hi))


@quick
@given(st.integers(1, 80), st.floats(0.02, 0.98))
def test_the_wide_funnel_contains_the_narrow_one(n, target):
    narrow = proportions.funnel_limits(n, target, proportions.FUNNEL_95)
    wide = proportions.funnel_limits(n, target, proportions.FUNNEL_998)

    assert wide[0] <= narrow[0] <= narrow[1] <= wide[1]
