import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group, Shown, decide, violations
from tests.analysis.strategies import plans, quick


def _school(**teams):
    """Cells of one school and the usual plan: the total, then every team."""
    return teams, [Group("school", frozenset(teams)), *(Group(team, frozenset({team})) for team in teams)]


def _shown(verdicts):
    return {name for name, verdict in verdicts.items() if verdict.state is Shown.SHOWN}


def _visible(verdicts):
    return {name for name, verdict in verdicts.items() if verdict.state is not Shown.HIDDEN}


def _published(verdicts):
    """What a reader sees: shown groups, and each pool as one group."""
    pools = {
        frozenset().union(
            *(verdicts[name].group.cells for name in (verdict.group.name, *verdict.pooled_with))
        )
        for verdict in verdicts.values()
        if verdict.state is Shown.POOLED
    }
    shown = [verdicts[name].group for name in sorted(_shown(verdicts))]
    return shown + [Group(f"pool {number}", pool) for number, pool in enumerate(sorted(pools, key=sorted))]


# --- one school ------------------------------------------------------------------------------------------


def test_teams_of_five_and_more_are_shown():
    verdicts = decide(*_school(A=12, B=5))

    assert _shown(verdicts) == {"school", "A", "B"}


def test_a_shown_group_carries_its_n():
    assert decide(*_school(A=12, B=5))["school"].n == 17


def test_a_small_team_takes_the_smallest_other_team_with_it():
    verdicts = decide(*_school(A=12, B=7, C=4, D=9))

    assert _shown(verdicts) == {"school", "A", "D"}


def test_the_school_total_is_kept_rather_than_a_team():
    verdicts = decide(*_school(A=12, C=4))

    assert _shown(verdicts) == {"school"}


def test_two_small_teams_that_reach_the_floor_together_hide_nobody_else():
    verdicts = decide(*_school(A=12, C=4, E=3))

    assert _shown(verdicts) == {"school", "A"}


def test_two_small_teams_that_do_not_reach_it_take_a_third():
    verdicts = decide(*_school(A=12, B=8, C=2, E=2))

    assert _shown(verdicts) == {"school", "A"}


def test_without_a_total_there_is_nothing_to_subtract_from():
    cells, plan = _school(A=12, B=7, C=4)

    assert _shown(decide(cells, plan[1:])) == {"A", "B"}


def test_hidden_teams_are_pooled_when_their_sum_follows_anyway():
    verdicts = decide(*_school(A=12, B=7, C=4, D=9))

    assert (verdicts["C"].state, verdicts["C"].n, verdicts["C"].pooled_with) == (Shown.POOLED, 11, ("B",))


def test_hidden_teams_are_not_pooled_when_that_would_add_something():
    cells, plan = _school(A=12, B=3, C=4)

    assert decide(cells, plan[1:])["C"].state is Shown.HIDDEN


def test_a_team_that_stayed_silent_looks_like_a_small_team():
    silent, small = decide(*_school(A=12, B=7, C=0)), decide(*_school(A=12, B=7, C=4))

    assert {name: verdict.state for name, verdict in silent.items()} == {
        name: verdict.state for name, verdict in small.items()
    }


def test_a_hidden_group_tells_neither_its_n_nor_why():
    cells, plan = _school(A=3, B=0)
    verdicts = decide(cells, plan)

    assert {(verdict.n, verdict.reason, verdict.pooled_with) for verdict in verdicts.values()} == {
        (None, "too_few", ())
    }


def test_knowing_that_a_cell_is_empty_gives_nothing_away():
    # C alone is X minus Y for whoever knows that nobody is in E.
    plan = [Group("X", frozenset({"A", "C"})), Group("Y", frozenset({"A", "E"}))]

    assert len(_shown(decide({"A": 12, "C": 4, "E": 0}, plan))) == 1


def test_crossed_breakdowns_that_are_safe_are_shown_completely():
    cells = {"A_teach": 8, "A_support": 2, "B_teach": 6, "B_support": 5}
    plan = [
        Group(name, frozenset(cell for cell in cells if name in cell))
        for name in ("A_", "B_", "teach", "support")
    ]

    assert len(_shown(decide(cells, plan))) == 4


def test_two_rounds_do_not_get_in_each_others_way():
    cells = {"one A": 12, "one B": 4, "two A": 12, "two B": 6}
    plan = [
        Group("round one", frozenset({"one A", "one B"})),
        Group("A in one", frozenset({"one A"})),
        Group("round two", frozenset({"two A", "two B"})),
        Group("A in two", frozenset({"two A"})),
    ]

    assert _shown(decide(cells, plan)) == {"round one", "round two", "A in two"}


def test_what_was_published_before_counts():
    before = [Group("Monday", frozenset({"first"}))]

    verdicts = decide(
        {"first": 9, "late": 1}, [Group("Tuesday", frozenset({"first", "late"}))], already=before
    )

    assert verdicts["Tuesday"].state is Shown.HIDDEN


def test_a_late_batch_of_five_may_be_added():
    before = [Group("Monday", frozenset({"first"}))]

    verdicts = decide(
        {"first": 9, "late": 5}, [Group("Friday", frozenset({"first", "late"}))], already=before
    )

    assert verdicts["Friday"].n == 14


def test_an_unsafe_past_is_not_made_worse():
    past = [Group("school", frozenset({"A", "B"})), Group("A", frozenset({"A"}))]

    verdicts = decide({"A": 12, "B": 6, "C": 9}, [Group("BC", frozenset({"B", "C"}))], floor=8, already=past)

    assert verdicts["BC"].state is Shown.HIDDEN


def test_an_unsafe_past_may_be_repeated_where_it_is_large_enough():
    past = [Group("school", frozenset({"A", "B"})), Group("A", frozenset({"A"}))]

    verdicts = decide({"A": 12, "B": 6}, [Group("again", frozenset({"A"}))], floor=8, already=past)

    assert verdicts["again"].state is Shown.SHOWN


# --- wrong calls -----------------------------------------------------------------------------------------


def test_a_floor_below_five_is_refused():
    with pytest.raises(ValueError, match="never lowered"):
        decide(*_school(A=12), floor=4)


def test_a_cell_without_a_count_is_refused():
    with pytest.raises(ValueError, match="cells without a count: B"):
        decide({"A": 12}, [Group("school", frozenset({"A", "B"}))])


def test_two_groups_with_one_name_are_refused():
    with pytest.raises(ValueError, match="same name"):
        decide({"A": 12}, [Group("A", frozenset({"A"})), Group("A", frozenset({"A"}))])


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="negative"):
        decide({"A": -1}, [])


def test_an_empty_plan_has_no_verdicts():
    assert decide({"A": 12}, []) == {}


# --- small rules -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "decimals"), [(5, 1), (9, 1), (10, 2), (60, 2)])
def test_small_groups_get_one_decimal(n, decimals):
    assert disclosure.decimals_for(n) == decimals


@pytest.mark.parametrize(("n", "allowed"), [(9, False), (10, True)])
def test_spread_and_distribution_start_at_ten(n, allowed):
    assert (disclosure.may_show_item_spread(n), disclosure.may_show_distribution(n)) == (allowed, allowed)


# --- always ----------------------------------------------------------------------------------------------


@quick
@given(plans(), st.sampled_from([5, 6, 8, 10]))
def test_nothing_small_is_ever_derivable(drawn, floor):
    cells, plan = drawn

    verdicts = decide(cells, plan, floor=floor)

    assert violations(cells, _published(verdicts), k_min=floor) == ()


@quick
@given(plans(), st.integers(5, 12))
def test_raising_the_floor_never_shows_more(drawn, floor):
    cells, plan = drawn

    low, high = decide(cells, plan, floor=floor), decide(cells, plan, floor=floor + 1)

    assert (_shown(high) <= _shown(low), _visible(high) <= _visible(low)) == (True, True)


@quick
@given(plans())
def test_what_was_shown_can_be_published_again(drawn):
    cells, plan = drawn
    shown = [verdict.group for verdict in decide(cells, plan).values() if verdict.state is Shown.SHOWN]

    again = decide(cells, plan, already=shown)

    assert {group.name for group in shown} <= _shown(again)


@quick
@given(plans(), plans())
def test_the_past_and_the_present_together_derive_nothing_new(drawn, more):
    cells, past = drawn
    plan = [Group(f"new {g.name}", g.cells & frozenset(cells)) for g in more[1]]

    verdicts = decide(cells, plan, already=past)

    before = set(violations(cells, past, k_min=5))
    assert set(violations(cells, [*past, *_published(verdicts)], k_min=5)) == before


@quick
@given(plans(), st.randoms())
def test_the_order_of_the_cells_does_not_matter(drawn, random):
    cells, plan = drawn
    shuffled = list(cells.items())
    random.shuffle(shuffled)

    assert decide(dict(shuffled), plan) == decide(cells, plan)


@quick
@given(plans())
def test_splitting_a_cell_that_no_group_cuts_changes_no_verdict(drawn):
    cells, plan = drawn
    first = next(iter(cells))
    halves = {f"{first} a": cells[first] // 2, f"{first} b": cells[first] - cells[first] // 2}
    split = {**halves, **{cell: n for cell, n in cells.items() if cell != first}}
    parted = [Group(g.name, (g.cells - {first}) | (set(halves) if first in g.cells else set())) for g in plan]

    one, other = decide(cells, plan), decide(split, parted)

    assert {name: verdict.state for name, verdict in other.items()} == {
        name: verdict.state for name, verdict in one.items()
    }


@quick
@given(plans())
def test_hiding_stops_as_soon_as_it_is_safe(drawn):
    cells, plan = drawn
    verdicts = decide(cells, plan)
    shown = [verdicts[name].group for name in sorted(_shown(verdicts))]

    for verdict in verdicts.values():
        n = sum(cells[cell] for cell in verdict.group.cells)
        if verdict.state is Shown.HIDDEN and n >= disclosure.FLOOR and all(cells.values()):
            assert violations(cells, [*shown, verdict.group], k_min=5) != ()


def test_thirty_teams_in_two_breakdowns_take_no_noticeable_time():
    cells = {f"t{team}r{role}": (team * 7 + role * 5) % 9 for team in range(15) for role in range(2)}
    plan = [Group("school", frozenset(cells))]
    plan += [
        Group(f"t{t}", frozenset(cell for cell in cells if cell.startswith(f"t{t}r"))) for t in range(15)
    ]
    plan += [Group(f"r{r}", frozenset(cell for cell in cells if cell.endswith(f"r{r}"))) for r in range(2)]

    started = time.perf_counter()
    decide(cells, plan, floor=10)

    # Milliseconds in practice; the bound only catches a search that explodes.
    assert time.perf_counter() - started < 5
