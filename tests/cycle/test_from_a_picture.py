"""From a picture of outcomes to evidence and to an indicator: the one stays as it was, the other moves."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import evidence, evidence_sources, import_batches, indicators, plan
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.views import View, view_from
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import Batch, Direction, Evidence, Indicator
from tests import planted

SCORES = [90.0 + n for n in range(20)]
LINE = View(ViewKind.LINE, planted.line("5"))
LEVELS = View(ViewKind.LEVELS, planted.line("5", score_kind="level"))


def _made_both(world, view=LINE):
    store, leader = world.store, world.leader
    piece = evidence.from_view(store, leader, view, world.running, "Lezen groep 5")
    indicator = indicators.make(
        store,
        leader,
        view,
        goal_id=world.goal().goal_id,
        title="Lezen groep 5",
        unit="punten",
        direction=Direction.INCREASE,
        target=110.0,
    )
    return piece, indicator


def _evidence(world, piece):
    kept = plan.get(world.store, world.leader, Evidence, piece.evidence_id)
    return [point.value for point in evidence.points_in(kept)]


def _indicator(world, indicator):
    kept = plan.get(world.store, world.leader, Indicator, indicator.indicator_id)
    return [point.value for point in indicators.points_of(world.store, world.leader, kept)]


def _sources(world, piece):
    return evidence_sources.sources(world.store, world.leader, piece)


def test_a_later_import_moves_the_indicator_and_not_the_evidence(north_school):
    north_school.import_scores({"2024-2025": SCORES})
    piece, indicator = _made_both(north_school)

    north_school.import_scores({"2025-2026": SCORES[:10]})

    assert _evidence(north_school, piece) == [99.5]
    assert _indicator(north_school, indicator) == [99.5, 94.5]
    assert view_from(piece.data_ref["view"]) == LINE


def test_evidence_says_when_there_are_newer_figures(north_school):
    north_school.import_scores({"2024-2025": SCORES})
    piece, _indicator = _made_both(north_school)
    before = _sources(north_school, piece)

    north_school.import_scores({"2025-2026": SCORES[:10]})

    assert before == evidence_sources.Sources()
    assert [point.value for point in _sources(north_school, piece).now.points] == [99.5, 94.5]
    assert evidence_sources.sources(north_school.store, north_school.reader, piece).now is None


def test_evidence_of_a_file_that_was_taken_back_stays_and_says_so(north_school):
    world = north_school
    world.import_scores({"2023-2024": SCORES})
    second = world.import_scores({"2024-2025": SCORES[:10]})
    piece, indicator = _made_both(world)

    import_batches.undo(world.store, world.leader, second.batch_id)

    assert _evidence(world, piece) == [99.5, 94.5]
    assert _indicator(world, indicator) == [99.5]
    assert (_sources(world, piece).n_taken_back, _sources(world, piece).n_replaced) == (1, 0)


def test_a_file_that_counts_again_or_came_later_was_not_taken_back(north_school):
    world = north_school
    first = world.import_scores({"2023-2024": SCORES})
    piece, _indicator = _made_both(world)
    later = world.import_scores({"2024-2025": SCORES[:10]})

    for one in (later, first):
        import_batches.undo(world.store, world.leader, one.batch_id)
    import_batches.redo(world.store, world.leader, first.batch_id)

    assert _sources(world, piece).n_taken_back == 0


def test_a_file_that_was_replaced_is_told_apart(north_school):
    world = north_school
    first = world.import_scores({"2023-2024": SCORES})
    piece, _indicator = _made_both(world)
    import_batches.undo(world.store, world.leader, first.batch_id)

    world.store.write(
        lambda tx: tx.change(Batch, first.batch_id, None, replaced_by="newer"),
        actor=world.leader,
        verb="test",
    )

    assert (_sources(world, piece).n_taken_back, _sources(world, piece).n_replaced) == (0, 1)


def test_a_new_indicator_starts_where_the_picture_stands(north_school):
    north_school.import_scores({"2024-2025": SCORES, "2025-2026": SCORES[:10]})

    _piece, indicator = _made_both(north_school)

    assert (indicator.baseline, indicator.target, indicator.unit) == (94.5, 110.0, "punten")
    assert (
        indicator.baseline_on
        == indicators.points_of(north_school.store, north_school.leader, indicator)[-1].on
    )


def test_levels_become_a_share_at_a_level(north_school):
    north_school.import_levels("I I I II II III III III IV V")
    piece = evidence.from_view(
        north_school.store, north_school.leader, LEVELS, north_school.running, "Niveaus"
    )

    view = indicators.followed(LEVELS, "II")
    _piece, indicator = _made_both(north_school, view)

    assert evidence.shown_by(piece).figures.rows[0].counts == (3, 2, 3, 1, 1)
    assert (indicator.unit, _indicator(north_school, indicator)) == ("%", [50.0])


def test_a_gain_feeds_an_indicator_as_the_picture_it_is(north_school):
    north_school.import_scores({"2024-2025": SCORES}, year_group="4")
    north_school.import_scores({"2025-2026": [one + 8 for one in SCORES]})
    view = View(ViewKind.GAIN, planted.line("5"), start="2024-2025 M", end="2025-2026 M")

    piece, indicator = _made_both(north_school, view)

    assert _evidence(north_school, piece) == _indicator(north_school, indicator) == [8.0]
    assert indicators.view_of(indicator.series) == view


def test_an_indicator_in_points_takes_no_percentages(north_school):
    north_school.import_levels("I I I II II III III III IV V")
    indicator = north_school.indicator(north_school.goal(), unit="punten")

    with pytest.raises(Incomplete):
        indicators.feed(
            north_school.store,
            north_school.leader,
            indicator.indicator_id,
            indicator.revision,
            indicators.followed(LEVELS, "II"),
        )


def test_nothing_is_made_of_a_picture_of_too_few(north_school):
    north_school.import_scores({"2024-2025": SCORES[:4]})

    with pytest.raises(Incomplete):
        evidence.from_view(north_school.store, north_school.leader, LINE, north_school.running, "x")
    with pytest.raises(Incomplete):
        _made_both(north_school)


@pytest.mark.parametrize("who", ["member", "reader"])
def test_only_leader_and_coach_make_something_of_a_picture(north_school, who):
    north_school.import_scores({"2024-2025": SCORES})
    actor = getattr(north_school, who)

    with pytest.raises(NotAllowed):
        evidence.from_view(north_school.store, actor, LINE, north_school.running, "x")
    with pytest.raises(NotAllowed):
        indicators.make(
            north_school.store,
            actor,
            LINE,
            goal_id=north_school.goal().goal_id,
            title="x",
            unit="punten",
            direction=Direction.INCREASE,
            target=1.0,
        )
