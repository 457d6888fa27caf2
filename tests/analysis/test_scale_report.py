import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis import agreement, reliability
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.scale_report import pattern_answers, scale_report
from qualitycycle.analysis.summary import summarise
from tests.analysis.strategies import ONE_SCALE, RULES, forms, full_forms, quick, scores

NAN = float("nan")


# --- the mean and its interval ---------------------------------------------------------------------------


def test_the_interval_of_five_scores_follows_the_t_table():
    summary = summarise([1.0, 2.0, 3.0, 4.0, 5.0])

    # t(.975; 4) = 2.776 in any table; sd = sqrt(2.5).
    assert summary.t_ci_high - summary.mean == pytest.approx(2.776 * 2.5**0.5 / 5**0.5, abs=5e-4)


def test_equal_scores_have_an_interval_without_width():
    summary = summarise([4.1, 4.1, 4.1])

    assert (summary.sd, summary.t_ci_low, summary.t_ci_high) == (0.0, summary.mean, summary.mean)


def test_one_score_has_a_mean_but_no_interval():
    summary = summarise([4.0])

    assert (summary.mean, summary.sd, summary.reasons["t_ci_low"]) == (4.0, None, Reason.N_TOO_SMALL)


def test_no_scores_have_no_mean():
    summary = summarise([None, NAN])

    assert (summary.n, summary.mean, summary.reasons["mean"]) == (0, None, Reason.NO_ANSWERS)


def test_full_response_leaves_no_finite_population_error():
    assert summarise([1.0, 2.0, 4.0], population_size=3).se_fpc == 0.0


@quick
@given(scores, st.integers(-50, 50))
def test_adding_a_constant_moves_the_mean_and_nothing_else(values, constant):
    before, after = summarise(values), summarise([value + constant for value in values])

    assert (after.mean, after.sd) == pytest.approx((before.mean + constant, before.sd), abs=1e-9)


# --- the report ------------------------------------------------------------------------------------------


def test_the_response_rate_is_forms_over_people_asked():
    assert scale_report(np.full((6, 6), 4.0), RULES, n_invited=8).response_rate == 0.75


def test_without_people_asked_there_is_no_response_rate():
    report = scale_report(np.full((6, 6), 4.0), RULES)

    assert (report.response_rate, report.reasons["response_rate"]) == (None, Reason.NOT_GIVEN)


def test_somebody_who_ticks_one_column_is_counted_and_not_named():
    answers = np.array([[4, 4, 4, 4, 4, 4], [5, 4, 2, 5, 5, 1]], dtype=float)

    assert scale_report(answers, RULES).n_pattern_answers == 1


def test_three_answers_are_too_few_to_be_a_pattern():
    assert pattern_answers([[4, 4, 4, NAN, NAN, NAN]]) == 0


def test_a_form_of_three_items_has_no_pattern_count():
    assert pattern_answers([[4, 4, 4]]) is None


def test_two_camps_raise_the_polarised_flag():
    answers = np.array([[1] * 6] * 4 + [[6] * 6] * 4, dtype=float)

    assert scale_report(answers, ONE_SCALE).polarised is True


def test_forms_with_too_few_answers_say_so():
    report = scale_report([[4, NAN, NAN, NAN, NAN, NAN]] * 6, RULES)

    assert report.scale.reasons["mean"] is Reason.TOO_MANY_MISSING


def test_a_round_without_any_form_is_reported_without_figures():
    report = scale_report(np.empty((0, 6)), RULES)

    assert (report.n_valid, report.scale.mean, report.agreement.ad_mean_j) == (0, None, None)


def test_every_undefined_figure_of_a_small_report_has_a_reason():
    report = scale_report([[4, 5, 3, 4, 4, 2]], RULES)

    for part in (report.scale, report.agreement, report.reliability):
        assert all(
            name in part.reasons for name, value in vars(part).items() if value is None and name[:4] != "popu"
        )


@quick
@given(forms, st.randoms())
def test_the_order_of_respondents_changes_no_figure(answers, random):
    order = list(range(len(answers)))
    random.shuffle(order)

    one, other = scale_report(answers, RULES), scale_report(answers[order], RULES)

    assert other.scale.mean == pytest.approx(one.scale.mean)
    assert other.agreement.ad_mean_j == pytest.approx(one.agreement.ad_mean_j)
    assert other.reliability.alpha == pytest.approx(one.reliability.alpha)


@quick
@given(full_forms)
def test_reversing_every_answer_changes_no_agreement(answers):
    one, other = scale_report(answers, ONE_SCALE), scale_report(7 - answers, ONE_SCALE)

    assert other.agreement.rwgj == pytest.approx(one.agreement.rwgj)


# --- agreement -------------------------------------------------------------------------------------------


def test_average_deviation_is_in_scale_points():
    result = agreement.agreement(np.array([[2.0], [4.0], [6.0]]), 6)

    assert result.ad_mean_j == pytest.approx(4 / 3)


def test_random_answers_have_an_agreement_of_zero():
    uniform = np.repeat(np.arange(1.0, 7.0), 2000)[:, None]

    assert agreement.agreement(uniform, 6).rwgj == pytest.approx(0, abs=1e-3)


def test_a_spread_wider_than_chance_is_cut_off_but_kept_raw():
    result = agreement.agreement(np.array([[1.0], [1.0], [6.0], [6.0]]), 6)

    assert (result.item_rwg[0], result.item_rwg_raw[0] < 0) == (0.0, True)


def test_twelve_items_need_little_agreement_for_a_high_rwgj():
    # Research note: a mean item agreement of .16 gives .70 with twelve items.
    assert agreement.rwg_j(0.84, 12, 1.0) == pytest.approx(0.70, abs=0.01)


def test_three_options_have_no_skewed_null():
    result = agreement.agreement(np.array([[1.0], [2.0], [3.0]]), 3)

    assert (result.rwgj_slight_skew, result.reasons["rwgj_slight_skew"]) == (
        None,
        Reason.SCALE_LENGTH_UNKNOWN,
    )


def test_an_unanswered_item_drops_out_of_the_scale():
    result = agreement.agreement(np.array([[2.0, NAN], [4.0, NAN]]), 6)

    assert (result.rwgj_items_used, result.item_mean) == (1, (3.0, None))


# --- reliability -----------------------------------------------------------------------------------------


def test_an_item_that_was_not_turned_shows_as_a_negative_alpha():
    answers = np.array([[1, 6], [2, 4], [4, 3], [6, 2.0]])

    assert reliability.reliability(answers).alpha < 0


def test_one_item_has_no_alpha():
    result = reliability.reliability(np.array([[1.0], [2.0]]))

    assert (result.alpha, result.reasons["alpha"]) == (None, Reason.ONE_ITEM)


def test_equal_sum_scores_have_no_alpha():
    result = reliability.reliability(np.array([[1.0, 2.0], [2.0, 1.0]]))

    assert result.reasons["alpha"] is Reason.NO_VARIANCE


def test_the_interval_of_alpha_uses_complete_forms_only():
    answers = np.array([[1, 2], [2, 2], [4, 3], [6, NAN], [5, 5.0]])

    result = reliability.reliability(answers)

    assert (result.n_complete, result.alpha_feldt_low) == (
        4,
        reliability.feldt_interval(result.alpha, 4, 2)[0],
    )


def test_alpha_without_an_item_is_the_alpha_of_the_other_items():
    answers = np.random.default_rng(7).integers(1, 7, (12, 4)).astype(float)

    result = reliability.reliability(answers)

    assert result.alpha_if_deleted[2] == pytest.approx(reliability.reliability(answers[:, [0, 1, 3]]).alpha)


def test_the_item_rest_correlation_leaves_the_item_itself_out():
    answers = np.random.default_rng(8).integers(1, 7, (12, 4)).astype(float)

    result = reliability.reliability(answers)

    rest = answers[:, [0, 2, 3]].sum(axis=1)
    assert result.item_rest_r[1] == pytest.approx(np.corrcoef(answers[:, 1], rest)[0, 1])


def test_nineteen_forms_are_too_few_for_omega():
    answers = np.random.default_rng(9).integers(1, 7, (19, 4)).astype(float)

    assert reliability.omega_total(answers).reason is Reason.N_TOO_SMALL


def test_two_items_that_are_the_same_make_omega_a_heywood_case_or_unsolvable():
    answers = np.random.default_rng(10).integers(1, 7, (30, 4)).astype(float)
    answers[:, 1] = answers[:, 0]

    assert reliability.omega_total(answers).reason in (Reason.HEYWOOD, Reason.NOT_CONVERGED)


def test_omega_recovers_equal_loadings():
    random = np.random.default_rng(11)
    answers = random.normal(size=(4000, 1)) + random.normal(size=(4000, 6))

    # Loadings 1, unique variances 1: omega = 36 / (36 + 6).
    assert reliability.omega_total(answers).omega_total == pytest.approx(36 / 42, abs=0.01)


@quick
@given(full_forms, st.integers(1, 9))
def test_alpha_does_not_depend_on_the_unit_or_the_origin(answers, factor):
    one, other = reliability.reliability(answers), reliability.reliability(answers * factor + 3)

    assert other.alpha == pytest.approx(one.alpha)
