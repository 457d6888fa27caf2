"""Names beside lines: never through a value, never over each other, as far as there is room."""

from __future__ import annotations

import pytest

from qualitycycle.charts.names import Place, places


@pytest.mark.parametrize(
    ("values", "place"),
    [
        ([(0.0, 54.0), (1.0, 54.0)], Place("left", False)),
        ([(0.0, 40.0), (1.0, 40.0)], Place("left", True)),
        ([(0.0, 46.0), (0.3, 54.0), (0.31, 46.0), (0.9, 20.0), (1.0, 20.0)], Place("right", True)),
    ],
)
def test_a_name_stands_where_the_line_does_not_run(values, place):
    assert places([("National mean: 50%", 50.0)], values, (0.0, 100.0)) == [place]


def test_two_names_do_not_stand_on_each_other():
    found = places([("National mean: 52%", 52.0), ("Threshold: 50%", 50.0)], [], (0.0, 100.0))

    assert len(set(found)) == 2


def test_a_name_stays_inside_the_picture():
    low, high = places([("None", 0.0), ("All", 100.0)], [(0.0, 50.0), (1.0, 50.0)], (0.0, 100.0))

    assert low.above and not high.above
