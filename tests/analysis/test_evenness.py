"""How contributions are spread: the classes, the lottery, and a colleague who knows her own number."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest

from qualitycycle.analysis import evenness
from qualitycycle.analysis.evenness import Spread, by_lot


def _team(*counts, n_people=14):
    return [*counts, *[0] * (n_people - len(counts))]


@pytest.mark.parametrize(
    ("counts", "spread"),
    [
        ([1] * 14, Spread.MANY),
        ([2] * 7 + [1] * 7, Spread.MANY),
        (_team(5, 5, 4, 2, 2, 1, 1, 1, 1, 1), Spread.BETWEEN),
        (_team(5, 5, 4, 4, 4, 1), Spread.FEW),
    ],
)
def test_the_class_says_whether_many_or_a_few_carry_it(counts, spread):
    found = evenness.evenness(counts)

    assert (found.spread, found.n_people, found.n_top) == (spread, 14, 5)
    assert found.low <= sum(sorted(counts)[-5:]) / sum(counts) <= found.high


def test_classes_lie_between_as_even_as_can_be_and_all_by_the_few():
    # 14 people, 20 contributions: as even as can be the five who did most did 2 each.
    even, few = evenness.evenness([2] * 6 + [1] * 8), evenness.evenness(_team(5, 5, 4, 3, 2, 1))

    assert (even.even, even.low, even.high) == pytest.approx((0.5, 0.5, 0.75))
    assert (few.low, few.high) == pytest.approx((7 / 8, 1.0))


def test_the_lottery_agrees_with_counting_every_outcome():
    every = [
        np.sort(np.bincount(one, minlength=4))[-2:].sum() / 6 for one in itertools.product(range(4), repeat=6)
    ]

    assert by_lot(6, 4, 2) == pytest.approx(np.mean(every), abs=0.005)


@pytest.mark.parametrize(
    "counts",
    [
        [3] * 9,
        _team(20, 20, 20, 20),
        _team(6, 4, 3, 2, 2, 1, 1, 1),
        _team(1, 1, 1, 1, 1, 1, 1, 1, 1),
        [],
        [0] * 14,
    ],
    ids=["nine people", "four contributed", "one did most", "nine contributions", "nobody", "nothing"],
)
def test_of_too_few_nothing_is_told(counts):
    found = evenness.evenness(counts)

    assert (found.spread, found.n, found.low, found.high, found.even, found.lot) == (None,) * 6


def test_a_raised_floor_makes_the_few_more():
    assert evenness.evenness([2] * 14, floor=8).spread is None
    assert evenness.evenness([2] * 16, floor=8).n_top == 8
    assert evenness.evenness([2] * 60).n_top == 15


# --- somebody who knows her own number -------------------------------------------------------------------


def _divisions(n, places, most):
    """Every way to divide n over places, largest first."""
    if places == 0:
        yield from [()] if n == 0 else []
        return
    for first in range(min(n, most), -1, -1):
        for rest in _divisions(n - first, places - 1, first):
            yield (first, *rest)


def _possible(n, n_people, told):
    """For each thing told, silence too, and each own number: what one other person may have contributed.

    Colleagues cannot be told apart, so another person may have any number that stands in the rest of a division.
    """
    possible = defaultdict(set)
    for division in _divisions(n, n_people, n):
        for own in set(division):
            others = list(division)
            others.remove(own)
            possible[told(division), own].update(others)
    return {(said, own): others for (said, own), others in possible.items() if own < n}


def _published(division):
    found = evenness.evenness(division)
    return None if found.spread is None else (found.n, found.n_people, found.n_top, found.low, found.high)


@pytest.mark.parametrize(
    ("n", "n_people"), [(10, 10), (12, 10), (18, 10), (20, 10), (13, 11), (22, 11), (15, 14), (17, 23)]
)
def test_of_nobody_else_it_follows_that_she_did_something_or_nothing(n, n_people):
    found = _possible(n, n_people, _published)

    assert found
    assert [others for others in found.values() if 0 not in others or max(others) == 0] == []


def test_the_attack_succeeds_on_the_exact_share():
    found = _possible(20, 10, lambda division: sum(division[:5]))

    # Everybody did exactly two.
    assert found[10, 2] == {2}


def test_the_attack_succeeds_on_classes_of_a_third():
    def thirds(division):
        even = 10
        is_out = sum(one > 0 for one in division) >= 5 and 4 * division[0] <= 20
        return None if not is_out else 3 * (sum(division[:5]) - even) // (20 - even)

    found = _possible(20, 10, thirds)

    # Who did nothing would know that everybody else did something.
    assert 0 not in found[0, 0]


def test_the_attack_succeeds_when_one_person_did_most(monkeypatch):
    monkeypatch.setattr(evenness, "LARGEST_PART", 1)

    found = _possible(18, 10, _published)

    # Nine of the eighteen are her own.
    assert {1} in [others for (_said, own), others in found.items() if own == 9]


def test_the_attack_succeeds_when_who_contributed_is_counted():
    found = _possible(12, 10, lambda division: sum(one > 0 for one in division))

    assert 0 not in found[10, 1]
