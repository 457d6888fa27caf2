"""Figures of the study pages as plain functions: specification, data, table and words."""

import json
from datetime import date

import pytest

from qualitycycle import charts, i18n, instruments
from qualitycycle.cycle.frozen import ScaleResult
from qualitycycle.cycle.results import RoundPoint
from qualitycycle.cycle.series import Point, Selection, Series
from qualitycycle.model import Action

INSTRUMENT = instruments.instrument("collectief_vakmanschap")
LEVELS = Selection(subject="maths", score_kind="level", pupils=True, year_group="4", level="III")
PUBLISHED = Selection(subject="language", score_kind="percentage", pupils=False, level="1F")


def scale(mean):
    return ScaleResult("goals", 12, mean, mean - 0.4, mean + 0.4, 0.7)


def round_points(*values, versions=None):
    versions = versions or [1] * len(values)
    return [
        RoundPoint(f"Ronde {n}", date(2024, 1 + 2 * n, 1), version, None if value is None else scale(value))
        for n, (value, version) in enumerate(zip(values, versions, strict=True))
    ]


def over_rounds(points, theme="light"):
    return charts.scale_over_rounds(points, INSTRUMENT, "Doelen", theme=theme)


def line(points, selection=LEVELS, **more):
    references = more.pop("references", ())
    return charts.outcome_line(Series(selection, tuple(points), references), "Rekenen", theme="light", **more)


def year_points(*values, moment="M"):
    return [
        Point(
            date(2021 + n, 1, 31), f"{2020 + n}-{2021 + n} {moment}", value, 20 if value is not None else None
        )
        if value is None
        else Point(date(2021 + n, 1, 31), f"{2020 + n}-{2021 + n} {moment}", value, 20, value - 9, value + 9)
        for n, value in enumerate(values)
    ]


def rows(figure, kind):
    return figure.data[figure.data["kind"] == kind]


# --- a scale over rounds ---------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_specification_of_rounds_holds_no_data(theme):
    spec = json.dumps(over_rounds(round_points(4.137, 4.3, 4.6), theme).spec)

    assert "4.137" not in spec and "Ronde" not in spec and "datasets" not in spec


def test_every_round_is_in_the_table():
    figure = over_rounds(round_points(4.1, None, 4.6))

    assert len(figure.table) == 3


def test_a_hidden_round_says_so_and_gives_no_figure():
    with i18n.speaking("en"):
        figure = over_rounds(round_points(4.1, None, 4.6))

    hidden = figure.table.iloc[1].tolist()
    assert "too few to show" in hidden
    assert rows(figure, "hidden")["value"].isna().all()


def test_dutch_tables_write_a_comma():
    with i18n.speaking("nl"):
        figure = over_rounds(round_points(4.1))

    assert "4,10" in figure.table.iloc[0].tolist()


def test_two_rounds_are_not_joined_and_three_are():
    two, three = over_rounds(round_points(4.1, 4.2)), over_rounds(round_points(4.1, 4.2, 4.3))

    assert not rows(two, "value")["joined"].any()
    assert rows(three, "value")["joined"].all()


def test_a_new_version_of_the_questionnaire_breaks_the_line():
    figure = over_rounds(round_points(4.1, 4.2, 4.4, 4.5, versions=[1, 1, 2, 2]))

    parts = rows(figure, "value")["part"].tolist()
    assert len(rows(figure, "break")) == 1
    assert parts[0] == parts[1] != parts[2] == parts[3]


def test_a_hidden_round_breaks_the_line():
    parts = rows(over_rounds(round_points(4.1, 4.2, None, 4.5)), "value")["part"].tolist()

    assert parts[0] == parts[1] != parts[2]


def test_rounds_are_drawn_on_the_whole_range_of_answers():
    spec = over_rounds(round_points(4.1)).spec

    assert f'"domain": [{INSTRUMENT.minimum}, {INSTRUMENT.maximum}]' in json.dumps(spec)


def test_rounds_say_how_they_were_calculated():
    with i18n.speaking("en"):
        labels = [label for label, _text in over_rounds(round_points(4.1, 4.2, versions=[1, 2])).how]

    assert labels == ["Method:", "Data:", "Break:", "Limits:"]


# --- a line of outcomes ----------------------------------------------------------------------------------


def test_the_specification_of_a_line_holds_no_data():
    spec = json.dumps(line(year_points(41.37, 52, 63), references=(("threshold", 85.91),), target=70).spec)

    assert "41.37" not in spec and "85.91" not in spec and "datasets" not in spec


def test_every_moment_is_in_the_table_hidden_ones_with_their_reason():
    with i18n.speaking("en"):
        figure = line(
            [*year_points(41, 52), Point(date(2024, 1, 1), "2023-2024 M", None, None, reason="too_few")]
        )

    assert len(figure.table) == 3
    assert figure.table.iloc[2].tolist()[1] == "too few to show"


def test_a_published_share_keeps_its_decimal_comma_in_dutch():
    with i18n.speaking("nl"):
        figure = line([Point(date(2024, 2, 15), "2023-2024 DT", 92.4, 22)], PUBLISHED)

    assert figure.table.iloc[0].tolist()[1] == "92,4%"


def test_threshold_and_national_mean_are_separate_named_lines():
    with i18n.speaking("en"):
        figure = line(
            year_points(90, 92, 93), PUBLISHED, references=(("national", 96.0), ("threshold", 85.0))
        )

    assert rows(figure, "reference")["words"].tolist() == [
        "National mean: 96%",
        "Inspectorate's threshold: 85%",
    ]


def test_a_target_is_drawn_only_when_there_is_one():
    without, with_one = line(year_points(50, 60, 70)), line(year_points(50, 60, 70), target=65)

    assert (len(rows(without, "target")), len(rows(with_one, "target"))) == (0, 1)


def test_moments_within_a_year_are_separate_lines():
    points = [*year_points(50, 55, 60), *year_points(70, 71, 72, moment="E")]

    figure = line(points)

    assert set(rows(figure, "value")["part"]) == {"E0", "M0"}
    assert rows(figure, "name")["words"].tolist() == ["E", "M"]


def test_actions_are_marked_where_they_start_and_stop():
    action = Action(
        action_id="a", cycle_id="c", title="Lezen", start_on=date(2022, 9, 1), stopped_on=date(2023, 2, 1)
    )

    figure = line(year_points(50, 55, 60), actions=[action])

    assert (len(rows(figure, "action")), len(rows(figure, "stop"))) == (1, 1)


def test_no_line_of_outcomes_speaks_of_an_effect():
    with i18n.speaking("en"):
        text = " ".join(text for _label, text in line(year_points(50, 60, 70)).how)

    assert "does not tell which" in text
    assert "effect" not in text


def test_a_line_without_values_has_words_for_who_cannot_see_it():
    with i18n.speaking("en"):
        figure = line([Point(date(2024, 1, 1), "2023-2024 M", None, None, reason="too_few")])

    assert figure.alt == "Rekenen: no values yet."


# --- a line of outcomes chooses its chart ----------------------------------------------------------------

SCORES = [41, 44, 39, 43, 40, 45, 42, 38, 44, 41, 43, 40, 42, 45, 39, 41, 44, 40, 43, 42]


@pytest.mark.parametrize(
    ("n", "kinds", "said"),
    [
        (2, set(), "2 values: a line would look like a trend."),
        (9, set(), "9 values: a line without a verdict."),
        (10, {"median"}, "10 values: a run chart around the median."),
        (12, {"median", "provisional"}, "12 values: a run chart with provisional limits."),
        (20, {"median", "limit"}, "20 values: a run chart with firm limits."),
    ],
)
def test_outcomes_choose_their_chart_by_the_number_of_values_and_say_why(n, kinds, said):
    with i18n.speaking("en"):
        figure = line(year_points(*SCORES[:n]))

    assert set(figure.data["kind"]) & {"median", "provisional", "limit"} == kinds
    assert figure.notes[-1].startswith(said)
    assert rows(figure, "value")["joined"].all() == (n > 2)
    assert rows(figure, "value")["low"].notna().all() == (n < 10)


def test_moments_of_the_year_are_counted_apart():
    with i18n.speaking("en"):
        figure = line([*year_points(*SCORES[:10]), *year_points(*SCORES[:4], moment="E")])

    assert len(rows(figure, "median")) == 1
    assert figure.notes[0].startswith("Halfway the year (M): ")
    why = dict(figure.how)["Why this chart:"]
    assert "Halfway the year (M): 10 values" in why and "End of the year (E): 4 values" in why


def test_a_value_outside_the_limits_is_ringed_and_named_in_the_table():
    values = [*SCORES[:14], 78]
    with i18n.speaking("en"):
        figure = line(year_points(*values))

    assert rows(figure, "outside")["value"].tolist() == [78]
    assert figure.table["Note"].tolist()[-1] == "outside the limits"


def test_hidden_years_do_not_count_as_values():
    with i18n.speaking("en"):
        figure = line(year_points(*SCORES[:9], None))

    assert figure.notes[-1].startswith("9 values: a line without a verdict.")
