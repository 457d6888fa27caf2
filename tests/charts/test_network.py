"""Schools beside each other: one order for all, gaps where it is hidden, n with every value, and the table behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qualitycycle import charts, i18n
from qualitycycle.cycle import demo_network, network_figures
from qualitycycle.cycle.network_figures import KEYS, LEFT_OUT, Measure
from qualitycycle.cycle.network_file import Period

PERIOD = Period("2025-2026", 2)
THEMED = (Measure.LEARNING, Measure.HELP)


def _files(n=5):
    return [
        demo_network.invented(
            f"School {chr(ord('M') - place)}", "", PERIOD, seed=place, made_on=date(2026, 9, 1)
        )
        for place in range(n)
    ]


def _drawn(files, measure):
    draw = charts.network_themes if measure in THEMED else charts.network_strips
    with i18n.speaking("en"):
        return draw(files, measure, theme="light")


@pytest.mark.parametrize("measure", Measure)
@pytest.mark.parametrize("n", [1, 12])
def test_schools_keep_the_order_in_which_they_come(measure, n):
    files = _files(n)

    figure = _drawn(files, measure)

    names = [one.label for one in files]
    assert list(figure.table.columns)[1:] == names
    assert len(figure.table) == len(KEYS[measure])
    column = "school" if measure in THEMED else "label"
    seen = [one for one in figure.data[column] if one in names]
    assert list(dict.fromkeys(seen)) == names


@pytest.mark.parametrize("measure", THEMED)
def test_a_hidden_theme_has_no_dot_and_looks_like_none(measure):
    files = _files()

    figure = _drawn(files, measure)

    told = {(row.school, row.theme): row.size == row.size for row in figure.data.itertuples()}
    with i18n.speaking("en"):
        for file in files:
            for one in file.figures:
                if one.measure is measure:
                    place = (file.label, charts.network_key(measure, one.key))
                    assert told.get(place, False) == one.shown
        hidden = {charts.network_value(one) for file in files for one in file.figures if not one.shown}
    assert hidden == {"too few to show"}


def test_every_number_of_weeks_has_its_n():
    figure = _drawn(_files(), Measure.WAITING)

    dots = figure.data[figure.data["kind"] == "dot"]
    assert len(dots) >= 5
    assert all("(n " in label for label in dots["label"])


def test_what_a_school_left_out_is_said_and_no_sum_is_drawn():
    files = _files(2)
    bare = network_figures.Figure(Measure.TIME, "guiding", hidden_because=LEFT_OUT)
    files[0] = replace(
        files[0], figures=tuple(bare if one.name == bare.name else one for one in files[0].figures)
    )

    figure = _drawn(files, Measure.TIME)

    assert "left out" in figure.table.iloc[1].to_list()
    drawn = set(figure.data.loc[figure.data["kind"] == "dot", "x"])
    assert drawn == {
        one.value for file in files for one in file.figures if one.measure is Measure.TIME and one.shown
    }


def test_two_schools_of_one_name_are_told_apart():
    files = [replace(one, label="De Brug") for one in _files(3)]

    assert charts.school_names(files) == ["De Brug", "De Brug (2)", "De Brug (3)"]


def test_a_school_with_the_name_of_a_column_is_told_apart_too():
    files = [replace(one, label="What") for one in _files(1)]

    assert list(_drawn(files, Measure.HELP).table.columns) == ["What", "What (2)"]
