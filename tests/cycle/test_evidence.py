"""Evidence in two clicks keeps what it showed; contradicting evidence comes first."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle.cycle import evidence, frozen, indicators, plan, series, views
from qualitycycle.errors import Incomplete, RoundNotClosed
from qualitycycle.model import BatchState, Evidence, EvidenceKind, Link, Says
from tests.cycle.conftest import TODAY

READING = series.Selection(
    "reading_comprehension", "score", True, "cito", "BL", "3.0", "BL 3.0", year_group="5"
)


def from_reading(world, title="Lezen"):
    return evidence.from_series(world.store, world.leader, READING, world.running, title)


# --- lines of outcomes -----------------------------------------------------------------------------------


def test_a_line_is_a_mean_per_moment_with_its_n_and_interval(north_school):
    north_school.import_scores({"2024-2025": [100, 110, 120, 130, 140, 150], "2025-2026": [120] * 5})

    points = series.series(north_school.store, north_school.leader, READING).points

    assert [(point.label, point.value, point.n) for point in points] == [
        ("2024-2025 M", 125, 6),
        ("2025-2026 M", 120, 5),
    ]
    # t(5) · sd / √6 with sd 18,708.
    assert points[0].high - 125 == pytest.approx(19.6)
    assert points[0].on == date(2025, 1, 31)


@pytest.mark.parametrize("n", [1, 4])
def test_a_moment_of_fewer_than_five_pupils_is_hidden(north_school, n):
    north_school.import_scores({"2024-2025": [100.0] * n, "2025-2026": [120.0] * 6})

    hidden, shown = series.series(north_school.store, north_school.leader, READING).points

    assert (hidden.value, hidden.n, hidden.low, hidden.reason) == (None, None, None, "too_few")
    assert shown.n == 6


def test_other_years_groups_subjects_and_scales_are_other_lines(north_school):
    scores = {"2025-2026": [100.0] * 6}
    north_school.import_scores(scores)
    for other in (
        {"year_group": "6"},
        {"subject": "maths"},
        {"scale": "BL 4.0"},
        {"edition": "4.0"},
        {"test_maker": "iep"},
    ):
        north_school.import_scores(scores, **other)

    found = series.selections(north_school.store, north_school.leader)

    assert len(found) == 6
    assert [series.series(north_school.store, north_school.leader, one).points[0].n for one in found] == [
        6
    ] * 6


def test_what_was_not_taken_is_no_score(north_school):
    north_school.import_scores({"2025-2026": [100.0] * 6})
    north_school.import_scores({"2025-2026": [0.0] * 3}, status="not_taken", value=None, pupil="another")

    (point,) = series.series(north_school.store, north_school.leader, READING).points

    assert (point.value, point.n) == (100, 6)


def test_an_import_that_was_taken_back_does_not_count(north_school):
    batch = north_school.import_scores({"2025-2026": [100.0] * 6})

    north_school.store.write(
        lambda tx: tx.change(type(batch), batch.batch_id, None, state=BatchState.UNDONE),
        actor=north_school.leader,
        verb="undo_import",
    )

    assert series.selections(north_school.store, north_school.leader) == []
    assert series.series(north_school.store, north_school.leader, READING).points == ()


def test_a_share_counts_the_levels_from_the_one_asked_for(north_school):
    north_school.import_levels("I II III III IV V V I I II III V")
    at_least_three = series.selection_from({**READING.as_json(), "score_kind": "level", "level": "III"})

    (point,) = series.series(north_school.store, north_school.leader, at_least_three).points

    assert (point.value, point.n) == (66.67, 12)
    assert point.low < 66.67 < point.high


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("III", {"I+", "I", "II", "III"}),
        ("A", {"A"}),
        ("C", {"A", "B", "C"}),
        ("1F", {"3F", "1S/2F", "2F", "1S", "1F"}),
        (None, set()),
        ("Z", set()),
    ],
)
def test_at_least_a_level_stays_within_its_own_system(level, expected):
    assert series.at_least(level) == expected


# --- two clicks ------------------------------------------------------------------------------------------


def test_outcome_evidence_keeps_its_points_and_its_version_after_a_later_import(north_school):
    north_school.import_scores({"2024-2025": [100.0] * 6})
    piece = from_reading(north_school)
    version = piece.data_version

    north_school.import_scores({"2025-2026": [140.0] * 6})

    kept = plan.get(north_school.store, north_school.leader, Evidence, piece.evidence_id)
    assert kept.data_version == version < north_school.store.version
    assert [(point.label, point.value) for point in evidence.points_in(kept)] == [("2024-2025 M", 100)]
    assert len(series.series(north_school.store, north_school.leader, READING).points) == 2


def test_outcome_evidence_says_what_it_was_made_of(north_school):
    north_school.import_scores({"2024-2025": [100.0] * 6})

    piece = from_reading(north_school, "Lezen groep 5")

    assert (piece.kind, piece.title, piece.n) == (EvidenceKind.OUTCOME, "Lezen groep 5", 6)
    assert piece.evidence_on == date(2025, 1, 31)
    assert views.view_from(piece.data_ref["view"]).selection == READING


def test_a_snapshot_holds_no_figure_the_gate_kept_back(north_school):
    north_school.import_scores({"2024-2025": [117.0] * 3, "2025-2026": [140.0] * 6})

    piece = from_reading(north_school)

    assert [point.value for point in evidence.points_in(piece)] == [None, 140]
    assert "117" not in str(piece.figure)


def test_a_line_without_any_figure_that_may_be_shown_is_no_evidence(north_school):
    north_school.import_scores({"2024-2025": [100.0] * 3})

    with pytest.raises(Incomplete):
        from_reading(north_school)


def test_a_round_becomes_evidence_with_the_version_it_was_computed_at(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 6)
    result = north_school.close(opened)
    version = north_school.store.data_version
    north_school.goal()

    piece = evidence.from_round(
        north_school.store, north_school.leader, opened.round.round_id, north_school.running
    )

    assert (piece.kind, piece.n, piece.data_version) == (EvidenceKind.QUESTIONNAIRE, 6, version)
    assert frozen.from_json(piece.figure) == result


def test_an_open_round_is_no_evidence(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    with pytest.raises(RoundNotClosed):
        evidence.from_round(
            north_school.store, north_school.leader, opened.round.round_id, north_school.running
        )


# --- links -----------------------------------------------------------------------------------------------


def test_tying_again_changes_what_it_says_and_makes_no_second_link(north_school):
    goal, piece = north_school.goal(), north_school.piece()
    first = evidence.link(north_school.store, north_school.leader, piece.evidence_id, goal, Says.SUPPORTS)

    second = evidence.link(
        north_school.store, north_school.leader, piece.evidence_id, goal, Says.CONTRADICTS, "Toch niet"
    )

    assert second.link_id == first.link_id
    assert (second.says, second.note) == (Says.CONTRADICTS, "Toch niet")
    assert len(evidence.links_of(north_school.store, north_school.leader, goal)) == 1


def test_one_piece_can_be_tied_to_many_goals_and_actions(north_school):
    piece = north_school.piece()
    targets = [north_school.goal("A"), north_school.goal("B"), north_school.action()]

    for target in targets:
        evidence.link(north_school.store, north_school.leader, piece.evidence_id, target, Says.NOTHING_YET)

    matrix = evidence.matrix(north_school.store, north_school.leader, north_school.running)
    assert set(matrix.cells) == {(piece.evidence_id, target.id) for target in targets}


def test_contradicting_evidence_comes_first(north_school):
    goal = north_school.goal()
    for says in (Says.NOTHING_YET, Says.SUPPORTS, Says.CONTRADICTS):
        evidence.link(
            north_school.store, north_school.leader, north_school.piece(says).evidence_id, goal, says
        )

    found = [link.says for link, _piece in evidence.links_of(north_school.store, north_school.leader, goal)]

    assert found == [Says.CONTRADICTS, Says.SUPPORTS, Says.NOTHING_YET]


def test_a_link_taken_away_can_be_tied_again(north_school):
    goal, piece = north_school.goal(), north_school.piece()
    link = evidence.link(north_school.store, north_school.leader, piece.evidence_id, goal, Says.SUPPORTS)
    evidence.unlink(north_school.store, north_school.leader, link.link_id)
    assert evidence.links_of(north_school.store, north_school.leader, goal) == []

    again = evidence.link(north_school.store, north_school.leader, piece.evidence_id, goal, Says.CONTRADICTS)

    assert again.link_id == link.link_id
    assert not plan.get(north_school.store, north_school.leader, Link, link.link_id).archived


def test_evidence_put_aside_no_longer_speaks(north_school):
    goal, piece = north_school.goal(), north_school.piece()
    evidence.link(north_school.store, north_school.leader, piece.evidence_id, goal, Says.SUPPORTS)

    plan.archive(north_school.store, north_school.leader, Evidence, piece.evidence_id)

    assert evidence.links_of(north_school.store, north_school.leader, goal) == []


def test_looking_at_evidence_is_dated(north_school):
    piece = north_school.piece()

    seen = evidence.review(north_school.store, north_school.leader, piece.evidence_id)

    assert (piece.reviewed_on, seen.reviewed_on) == (None, TODAY)


@pytest.mark.parametrize("by", ["goal", "team", "standard"])
def test_the_matrix_is_filtered_by_goal_team_or_standard(north_school, by):
    team = north_school.teams["Onderbouw"]
    wanted = north_school.goal("Ja", team_id=team, standards=("OP2",))
    other = north_school.goal("Nee", team_id=north_school.teams["Bovenbouw"], standards=("SKA1",))
    own = north_school.action(goal_id=wanted.goal_id)
    north_school.action("Los")
    piece, elsewhere = north_school.piece("Hier"), north_school.piece("Daar")
    evidence.link(north_school.store, north_school.leader, piece.evidence_id, wanted, Says.SUPPORTS)
    evidence.link(north_school.store, north_school.leader, elsewhere.evidence_id, other, Says.SUPPORTS)

    chosen = {
        "goal": {"goal_id": wanted.goal_id},
        "team": {"team_id": team},
        "standard": {"standard": "OP2"},
    }[by]
    matrix = evidence.matrix(north_school.store, north_school.leader, north_school.running, **chosen)

    assert [goal.title for goal in matrix.goals] == ["Ja"]
    assert [action.action_id for action in matrix.actions] == [own.action_id]
    assert [one.title for one in matrix.evidence] == ["Hier"]


# --- typed values ----------------------------------------------------------------------------------------


def test_a_typed_value_about_fewer_than_five_people_is_hidden(north_school):
    indicator = north_school.indicator(north_school.goal())
    north_school.measure(indicator, date(2026, 10, 1), 33, n=4)
    north_school.measure(indicator, date(2026, 10, 8), 66, n=5)
    north_school.measure(indicator, date(2026, 10, 15), 50)

    points = indicators.points_of(north_school.store, north_school.leader, indicator)

    assert [(point.value, point.n, point.reason) for point in points] == [
        (None, None, "too_few"),
        (66, 5, None),
        (50, None, None),
    ]


def test_an_indicator_can_be_fed_by_a_line_and_by_hand(north_school):
    north_school.import_scores({"2025-2026": [100.0] * 6})
    indicator = north_school.indicator(
        north_school.goal(), series=READING.as_json(), baseline=None, target=None
    )
    north_school.measure(indicator, date(2026, 10, 1), 104)

    points = indicators.points_of(north_school.store, north_school.leader, indicator)

    assert [(point.on, point.value) for point in points] == [
        (date(2026, 1, 31), 100),
        (date(2026, 10, 1), 104),
    ]
