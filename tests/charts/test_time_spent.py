"""What the weeks of a coach went to, beside what she planned."""

from __future__ import annotations

from datetime import date

from qualitycycle import charts, i18n
from qualitycycle.cycle.coaching_log import Week

WEEKS = (
    Week(date(2026, 10, 12), {"guiding": 8.0}, {"guiding": 4.5}),
    Week(date(2026, 10, 19), {"guiding": 8.0}, {"standing_in": 2.0}),
)


def _figure():
    with i18n.speaking("nl"):
        return charts.time_spent(
            WEEKS, lambda one: f"week van {one.monday:%d-%m}", lambda one: f"{one.monday:%d}", "light"
        )


def test_a_bar_is_what_it_was_and_a_line_what_was_planned():
    data = _figure().data

    bars, lines = data[data.kind == "real"], data[data.kind == "planned"]

    assert list(bars.week) == ["12", "19", "12", "19"]
    assert list(lines.week) == ["12", "19"]
    heights = (bars.y_end - bars.y).tolist()
    planned = (lines.y_end - lines.y).tolist()
    assert heights[0] / planned[0] == 4.5 / 8
    assert heights[1:3] == [0, 0]


def test_the_table_has_every_hour_and_the_latest_week_first():
    table = _figure().table

    assert table.iloc[0].tolist() == ["week van 19-10", "Coachen en begeleiden", "8", "0"]
    assert table.iloc[2].tolist() == ["week van 12-10", "Coachen en begeleiden", "8", "4,5"]


def test_areas_without_an_hour_are_left_out_and_sums_are_told():
    figure = _figure()

    assert set(figure.data[figure.data.kind == "title"].title) == {
        "Coachen en begeleiden",
        "Invallen voor een collega",
    }
    assert "4,5 uur, 16 gepland" in figure.alt
