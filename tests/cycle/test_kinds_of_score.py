"""Marks, percentages, DLE and destinations: shown by the picture that fits, and why not by another."""

import pytest

from qualitycycle.cycle import comparing, import_files, series, views
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import ViewRefused
from tests.imports.conftest import SAMPLES


def read_in(world, name):
    done = import_files.import_file(world.store, world.leader, SAMPLES / name)
    assert done.refused == 0, done.reasons
    return series.selections(world.store, world.leader)


def answered(world, view):
    return views.result(world.store, world.leader, view)


@pytest.mark.parametrize(
    ("name", "kind", "mean", "why_no_gain"),
    [("cijfers_vo.csv", "mark", 6.93, "mark"), ("percentages.csv", "percentage", 62.5, "percentage")],
)
def test_marks_and_percentages_have_a_mean_and_no_gain(north_school, name, kind, mean, why_no_gain):
    (line,) = read_in(north_school, name)

    shown = answered(north_school, View(ViewKind.LINE, line)).figures

    assert line.score_kind == kind
    assert shown.points[0].value == pytest.approx(mean, abs=0.05)
    assert comparing.fitting(line)[ViewKind.GAIN] == why_no_gain
    with pytest.raises(ViewRefused, match=why_no_gain):
        answered(north_school, View(ViewKind.COHORT, line, start=shown.points[0].label))


def test_a_dle_is_a_scale_on_which_pupils_gain(north_school):
    lines = read_in(north_school, "dle.csv")
    line = next(one for one in lines if one.year_group == "6")

    found = answered(north_school, View(ViewKind.GAIN, line, start="2024-2025 M", end="2025-2026 M")).figures

    assert (line.score_kind, line.scale) == ("score", "dle")
    assert (found.n_pairs, found.gain) == (20, pytest.approx(10.0))
    assert comparing.fitting(line)[ViewKind.LEVELS] == "no_levels"


def test_destinations_of_leavers_are_counted(north_school):
    lines = read_in(north_school, "uitstroom_vso.csv")

    found = answered(north_school, View(ViewKind.COUNTS, lines[0])).figures

    assert {one.subject for one in lines} == {"destination"}
    told = {(row.label, row.name): (row.count, row.n) for row in found.rows}
    assert told[("2024-2025", "Arbeidsmarkt")] == (15.0, 34)
    assert told[("2023-2024", "Dagbesteding")] == (8.0, 30)
    assert len(told) == 6
    assert comparing.fitting(lines[0])[ViewKind.GAIN] == "not_pupils"
