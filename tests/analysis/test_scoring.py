from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis import scoring
from qualitycycle.analysis.scoring import ScoringRules, TotalRule
from tests.analysis.strategies import KEYS, ONE_SCALE, RULES, forms, quick

NAN = float("nan")


def test_a_reverse_item_is_turned_before_the_scale_mean():
    answers = [[6, 6, 1, 6, 6, 1]]

    score = scoring.score(answers, RULES)

    assert score.total.respondent_scores == (6.0,)


def test_a_missing_reverse_answer_stays_missing():
    turned = scoring.turned([[6, 6, NAN, 6, 6, 1]], RULES)

    assert np.isnan(turned[0, 2])


def test_two_thirds_of_three_items_is_two_answers():
    assert scoring.n_required(Fraction(2, 3), 3) == 2


def test_seven_percent_of_a_hundred_items_is_seven_answers():
    assert scoring.n_required(Fraction(7, 100), 100) == 7


def test_the_mean_is_over_the_answered_items_only():
    score = scoring.score([[5, 5, NAN, 4, 4, 3]], RULES)

    assert score.subscales["goals"].respondent_scores == (5.0,)


def test_one_answer_of_three_is_too_little_for_a_subscale():
    score = scoring.score([[5, NAN, NAN, 4, 4, 3]], RULES)

    assert score.subscales["goals"].respondent_scores == (None,)


def test_there_is_no_total_when_a_subscale_has_no_score():
    score = scoring.score([[5, NAN, NAN, 4, 4, 3]], RULES)

    assert (score.total.respondent_scores, score.total.n_valid) == ((None,), 0)


def test_the_total_weighs_subscales_and_not_items():
    rules = ScoringRules(KEYS, 1, 6, subscales={"long": KEYS[:5], "short": KEYS[5:]})

    score = scoring.score([[2, 2, 2, 2, 2, 6]], rules)

    assert score.total.respondent_scores == (4.0,)


def test_the_total_of_the_other_rule_weighs_items():
    rules = ScoringRules(
        KEYS, 1, 6, subscales={"long": KEYS[:5], "short": KEYS[5:]}, total_rule=TotalRule.MEAN_OF_ITEMS
    )

    score = scoring.score([[2, 2, 2, 2, 2, 5]], rules)

    assert score.total.respondent_scores == (2.5,)


def test_a_score_over_a_gap_is_counted_as_prorated():
    score = scoring.score([[5, 5, NAN, 4, 4, 3], [5, 5, 2, 4, 4, 3]], RULES)

    assert (score.total.n_prorated, score.subscales["evidence"].n_prorated) == (1, 0)


def test_nobody_at_all_gives_no_scores():
    score = scoring.score(np.empty((0, 6)), RULES)

    assert (score.n, score.total.respondent_scores, score.total.n_valid) == (0, (), 0)


def test_an_answer_outside_the_range_is_refused():
    with pytest.raises(ValueError, match="outside the range"):
        scoring.score([[7, 1, 1, 1, 1, 1]], RULES)


def test_a_form_with_another_number_of_items_is_refused():
    with pytest.raises(ValueError, match="expected 6 columns"):
        scoring.score([[1, 1, 1]], RULES)


def test_a_subscale_over_an_unknown_item_is_refused():
    with pytest.raises(ValueError, match="ce_99"):
        ScoringRules(KEYS, 1, 6, subscales={"goals": ("ce_99",)})


@pytest.mark.parametrize("fraction", [Fraction(0), Fraction(3, 2)])
def test_a_fraction_outside_zero_to_one_is_refused(fraction):
    with pytest.raises(ValueError, match="min_answered_fraction"):
        ScoringRules(KEYS, 1, 6, min_answered_fraction=fraction)


def test_a_frame_gives_the_answers_in_the_order_of_the_items():
    frame = pd.DataFrame({key: [number] for number, key in enumerate(reversed(KEYS), 1)})

    answers = scoring.answers_from_frame(frame, RULES)

    assert answers.tolist() == [[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]]


def test_an_empty_cell_of_a_whole_number_frame_is_a_missing_answer():
    frame = pd.DataFrame({key: pd.array([None, 3], dtype="Int64") for key in KEYS})

    answers = scoring.answers_from_frame(frame, RULES)

    assert np.isnan(answers[0]).all()


def test_a_frame_without_an_item_is_refused():
    with pytest.raises(ValueError, match="ce_06"):
        scoring.answers_from_frame(pd.DataFrame({key: [1] for key in KEYS[:5]}), RULES)


@quick
@given(forms)
def test_turning_twice_gives_the_answers_back(answers):
    twice = scoring.turned(scoring.turned(answers, RULES), RULES)

    assert np.array_equal(twice, answers, equal_nan=True)


@quick
@given(forms, st.randoms())
def test_the_order_of_respondents_only_orders_the_scores(answers, random):
    order = list(range(len(answers)))
    random.shuffle(order)

    shuffled = scoring.score(answers[order], RULES).total.respondent_scores

    scores = scoring.score(answers, RULES).total.respondent_scores
    assert shuffled == tuple(scores[row] for row in order)


@quick
@given(forms)
def test_a_score_lies_within_the_answer_range(answers):
    scores = scoring.score(answers, RULES).total.respondent_scores

    assert all(score is None or 1 <= score <= 6 for score in scores)


@quick
@given(forms)
def test_reversing_every_item_mirrors_the_scores(answers):
    mirrored = ScoringRules(KEYS, 1, 6, frozenset(KEYS), total_rule=TotalRule.MEAN_OF_ITEMS)

    plain = scoring.score(answers, ONE_SCALE).total.respondent_scores
    turned = scoring.score(answers, mirrored).total.respondent_scores

    assert turned == pytest.approx([None if score is None else 7 - score for score in plain])
