import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.team_report import icc, teams_report
from tests.analysis.strategies import RULES, quick

SHROUT_FLEISS = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]


def test_the_example_of_shrout_and_fleiss_gives_seventeen_hundredths():
    scores = [score for target in SHROUT_FLEISS for score in target]

    result = icc(scores, [str(number // 4) for number in range(24)])

    assert (round(result.icc1, 2), round(result.icc2, 2)) == (0.17, 0.44)


def test_one_team_has_no_icc():
    result = icc([4.0, 5.0, 3.0], ["north"] * 3)

    assert (result.icc1, result.reasons["icc1"]) == (None, Reason.ONE_TEAM)


def test_teams_of_one_have_no_icc():
    result = icc([4.0, 5.0, 3.0], ["a", "b", "c"])

    assert (result.icc1, result.reasons["icc1"]) == (None, Reason.N_TOO_SMALL)


def test_two_teams_are_too_few_for_a_sentence_about_teams():
    assert icc([4.0, 5.0, 3.0, 2.0], ["a", "a", "b", "b"]).enough_teams is False


def test_equal_team_means_leave_icc2_undefined_and_icc1_negative():
    result = icc([1.0, 3.0, 1.0, 3.0, 1.0, 3.0], ["a", "a", "b", "b", "c", "c"])

    assert (result.icc1, result.icc2, result.reasons["icc2"]) == (-1.0, None, Reason.NO_VARIANCE)


def test_a_team_without_scores_does_not_count_as_a_team():
    result = icc([4.0, 5.0, 3.0, 2.0, np.nan], ["a", "a", "b", "b", "c"])

    assert (result.n_teams, result.team_sizes) == (2, (2, 2))


def test_teams_keep_the_order_in_which_they_came():
    answers = np.full((4, 6), 4.0)

    report = teams_report(answers, ["zuid", "noord", "zuid", "noord"], RULES)

    assert list(report.teams) == ["zuid", "noord"]


def test_a_row_without_a_team_is_refused():
    with pytest.raises(ValueError, match="one team per row"):
        teams_report(np.full((4, 6), 4.0), ["a", "b"], RULES)


@quick
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(1, 6)), min_size=4, max_size=30))
def test_renaming_and_permuting_teams_changes_no_icc(rows):
    names = {"a": "d", "b": "a", "c": "b", "d": "c"}

    one = icc([float(score) for _, score in rows], [team for team, _ in rows])
    other = icc([float(score) for _, score in reversed(rows)], [names[team] for team, _ in reversed(rows)])

    assert (other.icc1, other.F) == pytest.approx((one.icc1, one.F))
