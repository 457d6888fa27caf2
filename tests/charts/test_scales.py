"""The figures of one round as plain functions: scales, what changed, and statements."""

import json
from dataclasses import replace

import pytest

from qualitycycle import charts, i18n, instruments
from qualitycycle.cycle.frozen import GroupResult, ItemResult, RoundResult, ScaleResult
from qualitycycle.cycle.results import ScaleChange, Verdict

INSTRUMENT = instruments.instrument("collectief_vakmanschap")
GOALS = "Shared goals and high expectations"


@pytest.fixture(autouse=True)
def _english():
    with i18n.speaking("en"):
        yield


def scale(key, mean=4.62, n=24, ad=0.7, **more):
    return ScaleResult(key, n, mean, mean - 0.4, mean + 0.4, ad, **more)


def hidden(key):
    return ScaleResult(key, None, None, None, None, None, reason="too_few")


def round_of(*scales):
    group = GroupResult("school", True, 24, scales)
    return RoundResult(24, 26, 5, (group,), data_version=31)


def picture(*scales, compact=False):
    result = round_of(*scales)
    return charts.scale_results(result, result.school, INSTRUMENT, theme="light", compact=compact)


def rows(figure, kind):
    return figure.data[figure.data["kind"] == kind]


ALL = tuple(scale(one.key) for one in INSTRUMENT.scales)

# --- where we stand --------------------------------------------------------------------------------------


def test_the_three_characteristics_stand_under_one_heading_and_the_rest_under_another():
    figure = picture(*ALL)

    order = figure.data.sort_values("y")["title"].tolist()

    assert order[0] == "Three characteristics of collective efficacy"
    assert order[4] == "Beside it: culture and roles"
    assert len(order) == 7


def test_a_scale_without_enough_answers_is_drawn_as_a_row_without_a_figure():
    figure = picture(scale("goals"), hidden("action"))

    row = rows(figure, "hidden").iloc[0]
    assert (row["below"], row["figure"]) == ("too few answers to show", "–")
    assert row[["mean", "low", "high"]].isna().all()


@pytest.mark.parametrize(
    ("ad", "words"), [(1.0, "close together (1.0 point)"), (1.1, "far apart (1.1 point)")]
)
def test_up_to_a_sixth_of_the_answers_apart_is_close_together(ad, words):
    assert rows(picture(scale("goals", ad=ad)), "scale")["below"].tolist() == [f"{words} · n = 24"]


def test_nothing_is_written_with_more_decimals_below_ten_people():
    figure = picture(scale("goals", mean=4.6, n=9))

    assert rows(figure, "scale")["figure"].tolist() == ["4.6"]
    assert "4.6" in figure.table.iloc[0].tolist()


def test_how_it_was_calculated_names_method_data_version_limits_and_source():
    detailed = scale("goals", rwgj=0.91, n_complete=22, alpha=0.8, alpha_low=0.65, alpha_high=0.9, omega=0.81)

    how = dict(picture(detailed).how)

    assert list(how) == ["Method:", "Data:", "In detail:", "Hidden:", "Limits:", "Source:"]
    assert "24 of 26 people" in how["Data:"] and "data version 31" in how["Data:"]
    assert how["In detail:"] == (
        f"{GOALS}: r_wg(j) 0.91, alpha 0.80 (0.65 to 0.90), omega 0.81, 22 complete forms."
    )


@pytest.mark.parametrize("compact", [False, True])
def test_the_specification_holds_no_data(compact):
    spec = json.dumps(picture(*ALL, compact=compact).spec)

    assert "4.62" not in spec and GOALS not in spec and "datasets" not in spec


# --- what changed ----------------------------------------------------------------------------------------

UP = ScaleChange("goals", Verdict.HIGHER, "Mei", 22, 24, 0.61, 0.2, 1.02, 0.41)
UNSEEN = ScaleChange("action", Verdict.NOT_VISIBLE, "Mei", 8, 24, 0.3, -0.6, 1.2, 0.9)
FEW = ScaleChange("evidence", Verdict.TOO_FEW)


def changes(*found, compact=False):
    return charts.scale_changes(found, round_of(*ALL), INSTRUMENT, theme="light", compact=compact)


def said(*found, team=True):
    return charts.change_sentences(found, INSTRUMENT, team=team)


def test_a_team_that_is_too_small_says_what_it_cannot_see():
    assert said(UNSEEN)[0] == "This team is too small to see a difference of less than 0.9 point."
    assert "not the same" in said(UNSEEN)[1]


def test_the_smallest_of_the_differences_that_cannot_be_seen_is_named():
    other = replace(UNSEEN, scale="roles", detectable=0.7)

    assert "less than 0.7 point" in said(UNSEEN, other)[0]


def test_what_can_be_seen_is_said_first_with_its_round():
    first, second, _last = said(UNSEEN, UP)

    assert first == f"Higher than in “Mei”: {GOALS} (+0.61)."
    assert second.startswith("For the other scales this team is too small")


def test_a_fall_has_a_minus():
    down = replace(UP, verdict=Verdict.LOWER, diff=-0.61, low=-1.02, high=-0.2)

    assert said(down) == [f"Lower than in “Mei”: {GOALS} (−0.61)."]


def test_dutch_says_it_with_a_comma():
    with i18n.speaking("nl"):
        assert said(UNSEEN)[0] == "Dit team is te klein om een verschil van minder dan 0,9 punt te zien."


@pytest.mark.parametrize("verdict", [one for one in Verdict if one not in (Verdict.HIGHER, Verdict.LOWER)])
def test_nobody_ever_says_that_nothing_changed(verdict):
    figures = UNSEEN if verdict is Verdict.NOT_VISIBLE else ScaleChange("action", verdict, "Mei")

    text = " ".join([*said(figures), str(changes(figures).table.values)]).replace("“nothing changed”", "")

    assert "no change" not in text and "nothing changed" not in text and "unchanged" not in text


def test_the_band_is_as_wide_as_what_could_not_be_seen():
    row = rows(changes(UP, UNSEEN), "scale").set_index("mean")

    assert row.loc[0.3, ["start", "end", "firm"]].tolist() == [-0.9, 0.9, False]
    assert row.loc[0.61, "firm"]


def test_a_scale_without_a_difference_has_no_figure_and_says_why():
    figure = changes(UP, FEW)

    row = rows(figure, "hidden").iloc[0]
    assert (row["figure"], row["below"]) == ("–", "too few answers to show")
    assert row[["mean", "low", "high"]].isna().all()
    assert figure.table.iloc[1].tolist()[1:] == ["–", "too few answers to show", "–", "–", "–"]


def test_the_picture_reaches_as_far_to_the_left_as_to_the_right():
    spec = json.dumps(changes(UP, UNSEEN).spec)

    assert '"domain": [-1.5, 1.5]' in spec


def test_a_difference_names_both_rounds_numbers_and_its_source():
    how = dict(changes(UP, UNSEEN).how)

    assert list(how) == ["Method:", "Data:", "Rounding:", "Limits:", "Source:"]
    assert "Compared with “Mei”." in how["Data:"] and "Welch" in how["Source:"]
    assert changes(UP).table.iloc[0].tolist()[-1] == "22 and 24"


# --- statements ------------------------------------------------------------------------------------------


def item(key, counts, polarised=False):
    return ItemResult(key, sum(counts), counts, 4.2, 1.1, polarised)


def patterns(*items):
    whole = scale("goals", items=items)
    return charts.statements(round_of(whole), whole, INSTRUMENT, theme="light")


def test_every_answer_has_its_number_above_its_column():
    figure = patterns(item("cv_01", (0, 1, 2, 3, 9, 5)))

    columns = rows(figure, "column")
    assert columns["text"].tolist() == ["", "1", "2", "3", "9", "5"]
    # The highest column belongs to the answer most people gave.
    assert (columns["base"] - columns["y"]).astype(float).idxmax() == columns.index[4]


def test_a_statement_that_may_not_be_shown_looks_like_one_without_answers():
    figure = patterns(item("cv_01", (0, 1, 2, 3, 9, 5)))

    assert rows(figure, "hidden")["text"].tolist() == ["protected, or too few answers"] * 3
    assert figure.table.iloc[1].tolist()[1:] == [*["–"] * 7, "too few to show", "–"]


def test_two_camps_are_said_in_words():
    with_camps = patterns(
        item("cv_01", (9, 1, 0, 0, 1, 9), polarised=True), item("cv_02", (0, 0, 5, 5, 5, 5))
    )

    assert rows(with_camps, "camps")["text"].tolist() == ["◆ two camps: talk about it"]


def test_a_statement_that_counts_the_other_way_round_says_so():
    titles = rows(patterns(), "title")["text"].str.replace("\n", " ").tolist()

    assert [title.endswith("(counts the other way round)") for title in titles] == [False, False, False, True]


def test_a_long_statement_fits_a_phone():
    with i18n.speaking("nl"):
        lines = [line for text in rows(patterns(), "title")["text"] for line in text.split("\n")]

    assert max(map(len, lines)) <= 52
