"""The picture of everyone's part as a plain function: bands, words, a table, and no more than was let out."""

from __future__ import annotations

import json
from datetime import date

import pytest

from qualitycycle import charts
from qualitycycle.analysis.evenness import Evenness, evenness
from qualitycycle.cycle.everyones_part import Contribution, Picture, Shape
from qualitycycle.model import Cycle, CycleState

MANY = evenness([2] * 7 + [1] * 7)
HIDDEN = Evenness(None, 14, 5)


def _picture(title, *found):
    cycle = Cycle(
        cycle_id=title,
        title=title,
        first_on=date(2025, 9, 1),
        last_on=date(2026, 7, 17),
        state=CycleState.CLOSED,
    )
    shapes = tuple(Shape(kind, one) for kind, one in zip(Contribution, found, strict=True))
    return Picture(cycle, date(2026, 11, 22), shapes)


@pytest.fixture
def figure():
    pictures = [_picture("2025-2026", MANY, HIDDEN, HIDDEN, HIDDEN), _picture("2024-2025", *[HIDDEN] * 4)]
    return charts.everyones_part(pictures, theme="light")


def test_each_kind_has_a_row_of_each_cycle_and_only_what_was_let_out_has_a_band(figure):
    kinds = figure.data["kind"].value_counts().to_dict()

    assert kinds == {"hidden": 7, "heading": 4, "band": 1}
    (band,) = figure.data[figure.data["kind"] == "band"].to_dict("records")
    assert (band["low"], band["high"]) == (MANY.low, MANY.high)
    assert len(figure.table) == 8


def test_the_words_tell_the_band_beside_the_lottery(figure):
    said = " ".join(figure.notes)

    assert "21 bijdragen" in said
    assert "48% tot 74%" in said
    assert "Bij loting was het ongeveer" in said
    assert "Bewijs toegevoegd: nog niet te zeggen" in said


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_specification_holds_no_data(theme):
    spec = json.dumps(charts.everyones_part([_picture("2025-2026", *[MANY] * 4)], theme=theme).spec)

    assert "2025" not in spec
    assert "velen" not in spec


def test_how_it_was_calculated_says_what_stands_by_name_already_and_what_it_may_not_be_used_for(figure):
    how = " ".join(text for _label, text in figure.how)

    assert "staat er gewoon bij" in how
    assert "niet worden gebruikt om iemand te beoordelen" in how
