"""Pictures of outcomes: what is drawn, the table behind it, and what is said, in both languages."""

from dataclasses import replace
from datetime import date

import pytest

from qualitycycle import charts, i18n
from qualitycycle.charts.levels import _fill, _ink
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.counts import CountRow, Counts
from qualitycycle.cycle.gains import CohortLine, Followed, Gain, Norm
from qualitycycle.cycle.level_shares import FunnelGroup, FunnelLine, LevelRow, Levels
from qualitycycle.cycle.series import Point, Selection, Series
from qualitycycle.cycle.share_change import ShareChange
from qualitycycle.cycle.views import View
from qualitycycle.ui import outcomes, pictures

FIRST, LAST = date(2025, 1, 27), date(2026, 1, 27)
LEVELS = Levels(
    ("A", "B", "C", "D", "E"),
    (
        LevelRow("2024-2025 M", FIRST, None, 20, (5, 5, 4, 3, 3)),
        LevelRow("2025-2026 M", LAST, None, 24, (6, 6, 6, 4, 2)),
        LevelRow("2025-2026 M", LAST, "Groep 5a", reason="too_few"),
    ),
)
GAIN = Gain(
    "2024-2025 M", "2025-2026 M", FIRST, LAST, ("4", "5"), 24, 23, 18, n_lost=6, mean_start=90.0, mean_end=98.0,
    gain=8.0, low=5.0, high=11.0, d=0.5, d_low=0.2, d_high=0.8,
)  # fmt: skip
EXPECTED = replace(
    GAIN, norm=Norm(4.0, "Norm 2024", 10.0, 105.0, 0.8), excess=4.0, excess_low=1.0, excess_high=7.0,
    standard_excess=0.4, standard_low=0.1, standard_high=0.7, regression=3.0,
)  # fmt: skip
COHORT = CohortLine(
    2020,
    (
        Followed("2023-2024 M", date(2024, 1, 27), "4", 22, 80.0, 75.0, 85.0, 22),
        Followed("2024-2025 M", FIRST, "5", 17, 90.0, 84.0, 96.0, 22, None, 5),
        Followed("2025-2026 M", LAST, "6", reason="too_few"),
    ),
)
CHANGE = ShareChange(
    Point(FIRST, "2024-2025 M", 60.0, 25, 40.0, 77.0), Point(LAST, "2025-2026 M", 80.0, 25, 61.0, 91.0), 15, 20, 20.0,
    -5.0, 42.0, False,
)  # fmt: skip
GROUPS = tuple(FunnelGroup(f"Groep {n}", 20 + n, 10, 30.0, 70.0, 20.0, 80.0) for n in range(3, 8))
FUNNEL = FunnelLine("2025-2026 M", LAST, "II", 125, 45.0, GROUPS, True)
COUNTS = Counts(
    ("vmbo", "havo"),
    (
        CountRow("2025-2026", LAST, "vmbo", 12.0, 30),
        CountRow("2025-2026", LAST, "havo", reason="lt5"),
    ),
)
DRAWN = {
    "levels": lambda theme: charts.level_shares(LEVELS, "Lezen", theme=theme),
    "gain": lambda theme: charts.gain(GAIN, "Lezen", theme=theme),
    "expected": lambda theme: charts.gain(EXPECTED, "Lezen", theme=theme),
    "cohort": lambda theme: charts.cohort(COHORT, "Lezen", theme=theme),
    "change": lambda theme: charts.share_change(CHANGE, "Lezen", theme=theme),
    "funnel": lambda theme: charts.funnel(FUNNEL, "Lezen", theme=theme),
    "few groups": lambda theme: charts.funnel(replace(FUNNEL, enough=False), "Lezen", theme=theme),
    "counts": lambda theme: charts.count_bars(COUNTS, "Lezen", theme=theme),
}


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_has_a_table_words_and_a_method(name, theme, language):
    with i18n.speaking(language):
        figure = DRAWN[name](theme)

    assert figure.spec["layer"]
    assert len(figure.table)
    assert figure.alt.startswith("Lezen: ")
    assert figure.how
    assert not any("{" in text for _label, text in figure.how)
    assert not any("{" in text for text in (*figure.notes, figure.alt))


def _said(name):
    with i18n.speaking("en"):
        return " ".join(DRAWN[name]("light").notes)


def test_levels_say_that_c_lies_below_the_mean():
    assert "C lies below the national mean" in _said("levels")


def test_a_hidden_group_has_a_row_without_a_bar():
    with i18n.speaking("en"):
        figure = DRAWN["levels"]("light")

    hidden = figure.data[figure.data["figure"] == "too few to show"]
    assert len(hidden) == 1
    assert set(figure.table["A"]) == {"5 (25%)", "6 (25%)", "too few to show"}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_letters_on_a_level_stand_out(theme):
    for place in range(6):
        fill = _fill(theme, place, 6)

        assert _contrast(fill, _ink(fill)) >= 4.5


def _contrast(one, other):
    light = []
    for colour in (one, other):
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        light.append(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)
    return max(light) / min(light)


def test_a_gain_without_a_norm_says_that_pupils_grow_anyway():
    assert "Pupils grow in this time anyway" in _said("gain")
    assert "6 pupils have no second score" in _said("gain")


@pytest.mark.parametrize(("n_pairs", "told"), [(18, False), (12, True)])
def test_a_gain_says_where_pupils_with_two_scores_are_left_out(n_pairs, told):
    with i18n.speaking("en"):
        said = " ".join(charts.gain(replace(GAIN, n_pairs=n_pairs), "x", theme="light").notes)

    assert ("left out so that nobody can be recognised" in said) is told


def test_what_a_norm_expects_is_about_other_pupils():
    with i18n.speaking("en"):
        table = DRAWN["expected"]("light").table

    n = dict(zip(table.iloc[:, 0], table["n"], strict=True))
    assert (n["Expected gain (Norm 2024)"], n["Gain above the expected"]) == ("–", "18")


def test_spreads_of_a_few_pupils_have_one_decimal():
    few = replace(EXPECTED, n_pairs=9)

    with i18n.speaking("en"):
        figure = charts.gain(few, "Lezen", theme="light")

    assert list(figure.table.iloc[-1]) == ["Gain in spreads (d)", "0.5", "0.2 to 0.8", "9"]
    assert "In spreads of the norm: 0.4 (95% interval 0.1 to 0.7)" in " ".join(figure.notes)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("gain", "Lezen: n = 18; Gain of the same pupils: +8.0 (95% interval 5.0 to 11.0)"),
        ("cohort", "2024-2025, halfway the year (M): 90.0 (95% interval 84.0 to 96.0), n = 17"),
        ("change", "80% (20 of 25) (95% interval 61 to 91); Difference: +20 (95% interval -5 to 42)"),
        ("funnel", "45% of all 125 pupils reach level II or higher. Groep 3: 43% (10 of 23)"),
    ],
)
def test_who_hears_a_picture_hears_its_intervals_and_of_how_many_it_is(name, told):
    with i18n.speaking("en"):
        assert told in DRAWN[name]("light").alt


def test_a_gain_that_rounds_to_nothing_has_no_sign():
    with i18n.speaking("nl"):
        figure = charts.gain(replace(GAIN, gain=0.04, low=-2.0, high=-0.02), "Lezen", theme="light")

    assert list(figure.table.iloc[2])[1:3] == ["0,0", "-2,0 tot 0,0"]


def test_a_gain_beside_a_norm_says_what_low_scorers_gain_by_themselves():
    said = _said("expected")

    assert "more than the norm expects" in said
    assert "gains 3.0 points without any action" in said
    assert "about average" in said


def test_no_gain_by_itself_for_a_group_that_was_not_low():
    with i18n.speaking("en"):
        said = " ".join(charts.gain(replace(EXPECTED, regression=-1.0), "x", theme="light").notes)

    assert "nothing has to be subtracted" in said
    assert "without any action" not in said


def test_a_change_that_chance_can_make_says_so():
    assert "cannot be told apart from chance" in _said("change")


def test_a_funnel_names_who_is_outside_and_ranks_nobody():
    outside = replace(FUNNEL, groups=(*GROUPS, FunnelGroup("Groep 8", 40, 38, 30.0, 70.0, 20.0, 80.0)))
    with i18n.speaking("en"):
        figure = charts.funnel(outside, "x", theme="light")

    assert "Groep 8. That is a question to ask" in " ".join(figure.notes)
    assert list(figure.table["n"]) == sorted(figure.table["n"])


def test_few_who_left_are_not_counted():
    with i18n.speaking("en"):
        table = DRAWN["cohort"]("light").table

    assert list(table["Left"]) == ["–", "fewer than 5", "–"]
    assert list(table["Came"]) == ["–", "5", "–"]


# --- marks, percentages, exams and destinations ----------------------------------------------------------

MARK = Selection("maths", "mark", False, test="wiskunde B: schoolexamen", year_group="16")
EXAM = Selection("final_exam", "percentage", False, test="HAVO - E&M", scale="passed", year_group="15")
BLOCK = Selection("maths", "percentage", True, "method", "Methodetoets blok 4", year_group="6")
LEFT = Selection("destination", "count", False, test="Arbeidsmarkt", year_group="V")


@pytest.mark.parametrize(
    ("selection", "words"),
    [
        (EXAM, "Eindexamen, leerjaar 5 (vo), percentage geslaagd, HAVO - E&M"),
        (BLOCK, "Rekenen-wiskunde, groep 6, gemiddeld percentage goed, Methodetoets blok 4"),
        (LEFT, "Uitstroom van schoolverlaters, vso, aantal, Arbeidsmarkt"),
    ],
)
def test_a_line_is_called_what_a_school_calls_it(selection, words):
    with i18n.speaking("nl"):
        assert outcomes.label(selection) == words


def test_numbers_beside_each_other_are_called_after_none_of_them():
    with i18n.speaking("nl"):
        title = pictures.title(View(ViewKind.COUNTS, LEFT))

    assert title == "Uitstroom van schoolverlaters, vso: aantallen"


def test_a_value_that_stands_alone_has_room_on_both_axes():
    point = Point(date(2025, 7, 1), "2024-2025", 6.2, 22)

    drawn = charts.outcome_line(Series(MARK, (point,), data_version=1), "x", theme="light").data

    room = drawn[drawn["kind"] == "room"]
    assert (room["value"].min(), room["value"].max()) == (5.2, 7.2)
    assert room["on"].tolist() == ["2024-12-31", "2025-12-30"]
