"""Every kind of picture as evidence and as an indicator: what is read in later moves the one and never the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from qualitycycle.cycle import evidence, import_batches, indicators, plan, views
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import View
from qualitycycle.errors import Incomplete
from qualitycycle.model import Direction, Evidence, Indicator
from tests import planted
from tests.cycle.conftest import TODAY

SCORES = [90.0 + n for n in range(20)]
HIGHER = [one + 8 for one in SCORES]
LEVELS = planted.line("5", score_kind="level")
COUNTED = Selection("maths", "count", False, "cito", "BL", "3.0", "BL 3.0", "5")
REACHED = Selection(
    "language_and_maths", "percentage", False, test="1F", scale="reference", year_group="8", level="1F"
)


@dataclass(frozen=True)
class Told:
    """A picture, what it is made of, what comes in later, and the values it gives before and after that."""

    view: View
    first: Callable
    later: Callable
    values: tuple[list[float], list[float]]


def _scores_of_both_years(world):
    world.import_scores({"2024-2025": SCORES}, year_group="4")
    return world.import_scores({"2025-2026": HIGHER})


def _better_scores_after_all(world, last):
    import_batches.undo(world.store, world.leader, last.batch_id)
    world.import_scores({"2025-2026": [one + 20 for one in SCORES]})


def _levels_of_both_years(world):
    world.import_levels("I " * 30 + "V " * 30, school_year="2024-2025")
    return world.import_levels("I " * 36 + "V " * 24)


def _better_levels_after_all(world, last):
    import_batches.undo(world.store, world.leader, last.batch_id)
    world.import_levels("I " * 48 + "V " * 12)


def _groups(world):
    for year_group in ("3", "4", "5", "6", "7"):
        last = world.import_levels(
            "I " * 6 + "V " * 6,
            pupil=f"{year_group}.",
            year_group=year_group,
            group_name=f"Groep {year_group}",
        )
    return last


def _a_group_less(world, last):
    import_batches.undo(world.store, world.leader, last.batch_id)


def _count(world, year, value):
    world.import_scores({year: [value]}, pupil=None, score_kind="count", subject="maths", n_pupils=22)


def _reached(world, shares):
    for year, share in shares.items():
        world.import_scores(
            {year: [share]}, pupil=None, n_pupils=20, subject="language_and_maths", score_kind="percentage",
            year_group="8", group_name=None, test_maker=None, test="1F", edition=None, scale="reference",
            level_name="1F", moment="DT",
        )  # fmt: skip


PICTURES = {
    ViewKind.LINE: Told(
        View(ViewKind.LINE, planted.line("5")),
        lambda world: world.import_scores({"2024-2025": SCORES}),
        lambda world, _last: world.import_scores({"2025-2026": HIGHER}),
        ([99.5], [99.5, 107.5]),
    ),
    ViewKind.LEVELS: Told(
        View(ViewKind.LEVELS, LEVELS, end="M"),
        lambda world: world.import_levels("I " * 30 + "V " * 30, school_year="2024-2025"),
        lambda world, _last: world.import_levels("I " * 36 + "V " * 24),
        ([50.0], [50.0, 60.0]),
    ),
    ViewKind.COHORT: Told(
        View(ViewKind.COHORT, planted.line("4"), start="2024-2025 M"),
        _scores_of_both_years,
        lambda world, _last: world.import_scores({"2026-2027": [one + 20 for one in SCORES]}, year_group="6"),
        ([99.5, 107.5], [99.5, 107.5, 119.5]),
    ),
    ViewKind.GAIN: Told(
        View(ViewKind.GAIN, planted.line("5"), start="2024-2025 M", end="2025-2026 M"),
        _scores_of_both_years,
        _better_scores_after_all,
        ([8.0], [20.0]),
    ),
    ViewKind.CHANGE: Told(
        View(ViewKind.CHANGE, replace(LEVELS, level="I"), start="2024-2025 M", end="2025-2026 M"),
        _levels_of_both_years,
        _better_levels_after_all,
        ([10.0], [30.0]),
    ),
    ViewKind.FUNNEL: Told(
        View(ViewKind.FUNNEL, replace(LEVELS, level="I", year_group=None), end="2025-2026 M"),
        _groups,
        _a_group_less,
        ([], []),
    ),
    ViewKind.COUNTS: Told(
        View(ViewKind.COUNTS, COUNTED),
        lambda world: _count(world, "2024-2025", 12.0),
        lambda world, _last: _count(world, "2025-2026", 15.0),
        ([12.0], [12.0, 15.0]),
    ),
    ViewKind.THREE_YEARS: Told(
        View(ViewKind.THREE_YEARS, REACHED),
        lambda world: _reached(world, {"2022-2023": 90.0, "2023-2024": 93.0, "2024-2025": 96.0}),
        lambda world, _last: _reached(world, {"2025-2026": 99.0}),
        ([93.0], [93.0, 96.0]),
    ),
}


@pytest.mark.parametrize("kind", ViewKind)
def test_what_is_read_in_later_leaves_evidence_of_every_kind_alone(north_school, kind):
    world, told = north_school, PICTURES[kind]
    last = told.first(world)
    then = _shows(views.result(world.store, world.leader, told.view))
    piece = evidence.from_view(world.store, world.leader, told.view, world.running, "Een beeld")

    told.later(world, last)

    kept = plan.get(world.store, world.leader, Evidence, piece.evidence_id)
    assert _shows(evidence.shown_by(kept)) == then
    assert _shows(views.result(world.store, world.leader, told.view)) != then


@pytest.mark.parametrize("kind", [kind for kind in ViewKind if kind is not ViewKind.FUNNEL])
def test_what_is_read_in_later_moves_an_indicator_of_every_kind_but_groups(north_school, kind):
    world, told = north_school, PICTURES[kind]
    last = told.first(world)
    view = indicators.followed(told.view, "I")
    indicator = indicators.make(
        world.store, world.leader, view, goal_id=world.goal().goal_id, title="Een beeld", unit="punten",
        direction=Direction.INCREASE, target=110.0,
    )  # fmt: skip
    before = _values(world, indicator)

    told.later(world, last)

    assert (before, _values(world, indicator)) == tuple(map(pytest.approx, told.values))


@pytest.mark.parametrize("kind", ViewKind)
def test_evidence_of_every_kind_is_of_the_day_of_its_last_figure(north_school, kind):
    world, told = north_school, PICTURES[kind]
    told.first(world)

    piece = evidence.from_view(world.store, world.leader, told.view, world.running, "Een beeld")

    assert piece.evidence_on == views.result(world.store, world.leader, told.view).last_on < TODAY


def test_groups_beside_each_other_have_no_value_for_an_indicator(north_school):
    told = PICTURES[ViewKind.FUNNEL]
    told.first(north_school)

    with pytest.raises(Incomplete):
        indicators.make(
            north_school.store, north_school.leader, indicators.followed(told.view),
            goal_id=north_school.goal().goal_id, title="Groepen", unit="%", direction=Direction.INCREASE, target=70.0,
        )  # fmt: skip


def _values(world, indicator):
    kept = plan.get(world.store, world.leader, Indicator, indicator.indicator_id)
    return [point.value for point in indicators.points_of(world.store, world.leader, kept)]


def _shows(result):
    """What a picture shows, whichever version of the data it was read from."""
    kept = views.result_as_json(result)
    return kept.get("n"), {name: told for name, told in kept["figures"].items() if name != "data_version"}
