"""What a closed round freezes and hands out: statements, patterns, decimals, and how it differs from the one before."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from qualitycycle import config, instruments
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.change import change
from qualitycycle.cycle import frozen, plan, results, rounds
from qualitycycle.cycle.results import Verdict
from qualitycycle.model import Round
from qualitycycle.store import records
from tests.cycle.conftest import QUESTIONNAIRE, RESPONDENT

ITEMS = instruments.instrument(QUESTIONNAIRE).items
LARGE = {"Onderbouw": 14, "Middenbouw": 13, "Bovenbouw": 12}


def fill_in(world, opened, team, values, leave_out=(), turn=True):
    """One form per value: every statement gets it (turned where it counts the other way round)."""
    codes = iter(opened.codes[world.teams[team]])
    for n, value in enumerate(values):
        answers = {
            item.key: 7 - value if item.reversed and turn else value
            for item in ITEMS
            if not (n < len(leave_out) and item.key in leave_out[n])
        }
        rounds.answer(world.store, RESPONDENT, next(codes), answers)


def closed(world, by_team, on=None, **more):
    """A closed round in which each team gave these values, one per person."""
    with config.as_of(on or date(2026, 11, 20)):
        opened = world.open_round({team: max(len(values), 1) for team, values in by_team.items()})
        for team, values in by_team.items():
            fill_in(world, opened, team, values, **more)
        rounds.close_round(world.store, world.leader, opened.round.round_id)
    return plan.get(world.store, world.leader, Round, opened.round.round_id)


def result_of(world, one):
    return rounds.result(world.store, world.leader, one.round_id)


def group_of(world, one, team=None):
    key = world.teams[team] if team else frozen.SCHOOL
    return next(group for group in result_of(world, one).groups if group.key == key)


def items_of(group):
    return {item.key: item for scale in group.scales for item in scale.items}


def spread(n):
    return [2 + place % 4 for place in range(n)]


# --- statements ------------------------------------------------------------------------------------------


def test_a_statement_has_its_answers_as_they_were_given(north_school):
    one = closed(north_school, {"Onderbouw": [5] * 7 + [2] * 4})

    items = items_of(group_of(north_school, one))

    assert items["cv_01"].counts == (0, 4, 0, 0, 7, 0)
    # The fourth statement counts the other way round, and is shown as people read it.
    assert items["cv_04"].counts == (0, 7, 0, 0, 4, 0)
    assert (items["cv_01"].n, items["cv_01"].mean) == (11, 3.91)


@pytest.mark.parametrize(("n", "shown"), [(9, False), (10, True)])
def test_answers_to_a_statement_are_shown_from_ten(north_school, n, shown):
    one = closed(north_school, {"Onderbouw": spread(n)})

    assert bool(items_of(group_of(north_school, one))) is shown


def test_a_statement_one_of_ten_skipped_is_hidden_by_itself(north_school):
    one = closed(north_school, {"Onderbouw": spread(10)}, leave_out=[("cv_01",)])

    items = items_of(group_of(north_school, one))

    assert "cv_01" not in items
    assert "cv_02" in items


def test_the_small_team_is_not_what_remains_of_the_statements_of_the_others(north_school):
    counts = {"Onderbouw": 14, "Middenbouw": 13, "Bovenbouw": 8}
    one = closed(north_school, {team: spread(n) for team, n in counts.items()})

    has = [name for name in (None, *counts) if items_of(group_of(north_school, one, name))]

    published = [disclosure.Group(name or "school", frozenset([name] if name else counts)) for name in has]
    assert None in has
    assert len(has) == 2
    assert disclosure.violations(counts, published, k_min=10) == ()


def test_every_team_large_enough_has_its_own_statements(north_school):
    one = closed(north_school, {team: spread(n) for team, n in LARGE.items()})

    assert all(len(items_of(group_of(north_school, one, team))) == 16 for team in (None, *LARGE))


def test_a_raised_floor_also_raises_that_of_statements(north_school):
    opened = north_school.open_round({"Onderbouw": 14}, floor=15)
    fill_in(north_school, opened, "Onderbouw", spread(14))

    assert not items_of(north_school.close(opened).school)


def test_two_camps_are_flagged_and_like_minds_are_not(north_school):
    camps = closed(north_school, {"Onderbouw": [1] * 6 + [6] * 6})
    alike = closed(north_school, {"Onderbouw": [4] * 6 + [5] * 6})

    flags = [
        {item.polarised for item in items_of(group_of(north_school, one)).values()} for one in (camps, alike)
    ]

    assert flags == [{True}, {False}]


# --- the same answer everywhere --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("n_same", "said"),
    [(0, ("few", None)), (4, ("few", None)), (5, ("some", 5)), (8, ("nearly_all", None))],
)
def test_the_same_answer_everywhere_is_counted_from_five(north_school, n_same, said):
    opened = north_school.open_round({"Onderbouw": 12})
    fill_in(north_school, opened, "Onderbouw", [4] * n_same, turn=False)
    opened.codes[north_school.teams["Onderbouw"]][:n_same] = []
    fill_in(north_school, opened, "Onderbouw", [2] * (12 - n_same))

    school = north_school.close(opened).school

    assert (school.patterns, school.n_patterns) == said


def test_below_ten_nothing_is_said_about_the_same_answer_everywhere(north_school):
    opened = north_school.open_round({"Onderbouw": 9})
    fill_in(north_school, opened, "Onderbouw", [4] * 9, turn=False)

    assert north_school.close(opened).school.patterns is None


def test_nothing_is_said_about_the_same_answer_in_a_team(north_school):
    one = closed(north_school, {team: [4] * n for team, n in LARGE.items()}, turn=False)

    assert {group_of(north_school, one, team).patterns for team in LARGE} == {None}


# --- what leaves -----------------------------------------------------------------------------------------


def _numbers(part):
    return [value for one in fields(part) if isinstance(value := getattr(part, one.name), float)]


@pytest.mark.parametrize(("n", "decimals"), [(7, 1), (13, 2)])
def test_no_figure_leaves_with_more_decimals_than_its_number_allows(north_school, n, decimals):
    one = closed(north_school, {"Onderbouw": spread(n)}, leave_out=[("cv_01",), ("cv_05",)])

    scales = group_of(north_school, one).scales

    found = [value for scale in scales for part in (scale, *scale.items) for value in _numbers(part)]
    assert len(found) >= 20
    assert all(round(value, decimals) == value for value in found)


def test_the_file_keeps_the_exact_figure(north_school):
    one = closed(north_school, {"Onderbouw": [4, 4, 4, 5, 5, 5, 5]})

    exact = frozen.from_json(one.result).school.scales[0].mean

    assert exact == pytest.approx(32 / 7)
    assert group_of(north_school, one).scales[0].mean == 4.6


def test_alpha_and_its_kin_are_about_the_school_alone(north_school):
    one = closed(north_school, {team: spread(n) for team, n in LARGE.items()})

    school, team = group_of(north_school, one).scales[0], group_of(north_school, one, "Onderbouw").scales[0]

    assert (school.n_complete, school.alpha, school.rwgj is not None) == (39, 1.0, True)
    assert (team.n_complete, team.alpha, team.rwgj) == (None, None, None)


def test_with_fewer_than_ten_complete_forms_there_is_no_alpha(north_school):
    one = closed(north_school, {"Onderbouw": spread(11)}, leave_out=[("cv_01",), ("cv_02",)])

    scale = group_of(north_school, one).scales[0]

    assert (scale.n, scale.alpha, scale.n_complete) == (11, None, None)


# What a round looked like in the file before change and statements were frozen with it.
NEW_FIELDS = {"sd", "items", "rwgj", "n_complete", "alpha", "alpha_low", "alpha_high", "omega"}


def as_before(one):
    """The frozen result of a round as an older version of the program wrote it."""
    groups = [
        {name: value for name, value in group.items() if name not in ("patterns", "n_patterns")}
        | {
            "scales": [
                {name: value for name, value in scale.items() if name not in NEW_FIELDS}
                for scale in group["scales"]
            ]
        }
        for group in one.result["groups"]
    ]
    return replace(
        one, result={**{k: v for k, v in one.result.items() if k != "data_version"}, "groups": groups}
    )


def test_a_round_frozen_by_an_older_version_still_opens(north_school):
    one = closed(north_school, {"Onderbouw": spread(13)})

    read = frozen.published(frozen.from_json(as_before(one).result))

    now = result_of(north_school, one)
    assert read.school.scales[0].mean == now.school.scales[0].mean
    assert (read.school.scales[0].items, read.school.patterns) == ((), None)


def test_a_round_frozen_by_an_older_version_can_be_compared(north_school):
    before = closed(north_school, {"Onderbouw": spread(8)}, on=date(2026, 10, 1))
    now = closed(north_school, {"Onderbouw": [value + 1 for value in spread(8)]})

    new = results.changes(north_school.store, north_school.leader, now, [now, before])
    old = results.changes(north_school.store, north_school.leader, now, [now, as_before(before)])

    assert old == new
    assert new["school"][0].detectable is not None


# --- change ----------------------------------------------------------------------------------------------


def changed(world, now, *before, group="school"):
    found = results.changes(world.store, world.leader, now, [now, *before])
    return {one.scale: one for one in found[world.teams.get(group, group)]}


EARLIER = date(2026, 10, 1)


def test_the_difference_is_welchs_with_the_decimals_of_the_smaller_round(north_school):
    first, second = [2, 3, 3, 4, 4, 5, 5], [4, 5, 5, 5, 6, 6, 6, 6, 5, 4, 5]
    before = closed(north_school, {"Onderbouw": first}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": second})

    found = changed(north_school, now, before)["goals"]

    wanted = change(first, second)
    assert (found.verdict, found.n_before, found.n) == (Verdict.HIGHER, 7, 11)
    figures = (wanted.diff, wanted.welch_low, wanted.welch_high, wanted.mdc95_mean_welch)
    assert (found.diff, found.low, found.high, found.detectable) == tuple(round(one, 1) for one in figures)


def test_a_fall_is_called_lower(north_school):
    before = closed(north_school, {"Onderbouw": [5, 5, 6, 6, 5, 6]}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": [2, 2, 3, 3, 2, 3]})

    assert {one.verdict for one in changed(north_school, now, before).values()} == {Verdict.LOWER}


def test_a_small_difference_is_not_visible_and_says_from_when_it_would_be(north_school):
    before = closed(north_school, {"Onderbouw": [2, 3, 4, 5, 6]}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": [3, 3, 4, 6, 6]})

    found = changed(north_school, now, before)["goals"]

    assert found.verdict is Verdict.NOT_VISIBLE
    assert abs(found.diff) < found.detectable
    assert found.low < 0 < found.high


def test_without_an_earlier_round_there_is_no_difference(north_school):
    now = closed(north_school, {"Onderbouw": spread(6)})

    assert {one.verdict for one in changed(north_school, now).values()} == {Verdict.FIRST}


def test_a_team_hidden_now_has_no_difference(north_school):
    before = closed(north_school, {"Onderbouw": spread(7), "Bovenbouw": spread(7)}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": spread(7), "Bovenbouw": spread(4)})

    assert changed(north_school, now, before, group="Bovenbouw") == {}


@pytest.mark.parametrize("n_before", [0, 4])
def test_a_team_that_was_hidden_or_silent_before_has_the_same_empty_difference(north_school, n_before):
    before = closed(north_school, {"Onderbouw": spread(7), "Bovenbouw": spread(n_before)}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": spread(7), "Bovenbouw": spread(7)})

    found = changed(north_school, now, before, group="Bovenbouw")

    assert set(found.values()) == {results.ScaleChange(key, Verdict.TOO_FEW) for key in found}
    assert len(found) == 5


def test_a_hidden_round_in_between_is_passed_over(north_school):
    first = closed(north_school, {"Onderbouw": [2] * 3 + [3] * 3}, on=EARLIER - timedelta(days=9))
    hidden = closed(north_school, {"Onderbouw": spread(4)}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": [5] * 3 + [6] * 3})

    found = changed(north_school, now, first, hidden)["goals"]

    assert (found.verdict, found.n_before) == (Verdict.HIGHER, 6)


def test_another_version_of_the_questionnaire_gives_no_difference(north_school):
    before = closed(north_school, {"Onderbouw": spread(7)}, on=EARLIER)
    now = replace(closed(north_school, {"Onderbouw": spread(7)}), instrument_version=2)

    found = changed(north_school, now, before)

    assert {(one.verdict, one.diff) for one in found.values()} == {(Verdict.NEW_VERSION, None)}


def test_a_school_of_other_teams_is_not_compared(north_school):
    before = closed(north_school, {"Onderbouw": spread(7), "Bovenbouw": spread(7)}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": spread(7), "Middenbouw": spread(7)})

    assert {one.verdict for one in changed(north_school, now, before).values()} == {Verdict.OTHER_TEAMS}
    team = changed(north_school, now, before, group="Onderbouw")
    assert {one.verdict for one in team.values()} == {Verdict.NOT_VISIBLE}


def test_a_later_round_is_no_earlier_one(north_school):
    now = closed(north_school, {"Onderbouw": spread(7)}, on=EARLIER)
    later = closed(north_school, {"Onderbouw": spread(7)})

    assert {one.verdict for one in changed(north_school, now, later).values()} == {Verdict.FIRST}


def test_everybody_the_same_in_both_rounds_says_that_there_is_no_spread(north_school):
    before = closed(north_school, {"Onderbouw": [4] * 6}, on=EARLIER)
    now = closed(north_school, {"Onderbouw": [5] * 6})

    found = changed(north_school, now, before)["goals"]

    assert (found.verdict, found.diff) == (Verdict.NO_SPREAD, None)


def test_the_data_version_is_frozen_with_the_result(north_school):
    one = closed(north_school, {"Onderbouw": spread(6)})

    with north_school.store.cursor() as con:
        assert (
            frozen.from_json(records.get(con, Round, one.round_id).result).data_version == one.result_version
        )
