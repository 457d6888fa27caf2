"""How evenly contributions are spread over a team, told so coarsely that nobody's own number follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import numpy as np

from qualitycycle.analysis import disclosure

# With fewer contributions than this the few who made them are all there is to see.
FEWEST = disclosure.FLOOR_DISTRIBUTION
# The people who did most are a quarter of the team, and never fewer than the floor.
TOP_PART = 4
# Where the classes end, on the way from as even as can be to all by the few. Narrower ones would tell too much.
EDGES = (0.0, 0.5, 0.75, 1.0)
# Who did more than such a part knows too much about what is left for the others.
LARGEST_PART = 4
N_DRAWS, SEED = 4000, 20261122


class Spread(StrEnum):
    """How far the few who did most are on the way from as even as can be to all of it."""

    MANY = "many"
    BETWEEN = "between"
    FEW = "few"


@dataclass(frozen=True)
class Evenness:
    """What may be told: of `n` contributions by `n_people` the `n_top` who did most did `low` to `high`.

    `even` is their share had it been divided as evenly as it can be, `lot` what a lottery would have given on average.
    These follow from the three numbers alone. `spread` None: nothing is told, and `n` and the shares are None.
    """

    n: int | None
    n_people: int
    n_top: int
    spread: Spread | None = None
    low: float | None = None
    high: float | None = None
    even: float | None = None
    lot: float | None = None


def top_size(n_people: int, *, floor: int = disclosure.FLOOR) -> int:
    """How many people the ones who did most are."""
    return max(floor, n_people // TOP_PART)


def evenness(counts: Sequence[int], *, floor: int = disclosure.FLOOR) -> Evenness:
    """The spread of contributions over people, as one of three classes.

    Parameters
    ----------
    counts : one whole number per person of the team, in any order; 0 for who contributed nothing.
    floor : the smallest group about which anything is told.

    Returns
    -------
    Evenness; `spread` is None when the rest of the team would be fewer than `floor`, when fewer than `floor` people
    contributed, with fewer than `FEWEST` contributions, and when one person did more than a quarter: which of these it
    is, is not told.

    Notes
    -----
    top = the sum of the `n_top` largest counts, even_top = that sum when each contribution goes to whoever has fewest
    so far. way = (top − even_top) / (n − even_top): below a half many carry it, from three quarters a few do. low and
    high are the ends of that class as shares of n. `top` itself never leaves this function: with n known and everybody
    equal, the exact share would tell what each person did. With these classes and without a dominating person both
    nothing and something remain possible for every colleague, also to one who knows her own number:
    `tests/analysis/test_evenness.py` tries every division of small teams, and finds what narrower classes give away.
    lot = the mean of top / n over 4000 draws in which each contribution falls to a person by chance, with a fixed seed.
    """
    n, n_people = sum(counts), len(counts)
    n_top = top_size(n_people, floor=floor)
    n_contributed = sum(count > 0 for count in counts)
    too_few = n < FEWEST or n_contributed < floor or n_people - n_top < floor
    if too_few or LARGEST_PART * max(counts) > n:
        return Evenness(None, n_people, n_top)
    top = sum(sorted(counts, reverse=True)[:n_top])
    even_top = _even_top(n, n_people, n_top)
    excess, way = top - even_top, n - even_top
    place = (2 * excess >= way) + (4 * excess >= 3 * way)
    low, high = ((even_top + way * edge) / n for edge in EDGES[place : place + 2])
    return Evenness(
        n,
        n_people,
        n_top,
        list(Spread)[place],
        low,
        high,
        even_top / n,
        by_lot(n, n_people, n_top),
    )


def _even_top(n: int, n_people: int, n_top: int) -> int:
    each, left = divmod(n, n_people)
    return n_top * each + min(n_top, left)


@cache
def by_lot(n: int, n_people: int, n_top: int) -> float:
    """The share of the `n_top` who did most when each of `n` contributions falls to a person by chance."""
    drawn = np.random.default_rng(SEED).multinomial(n, [1 / n_people] * n_people, size=N_DRAWS)
    largest = np.sort(drawn, axis=1)[:, -n_top:]
    return float(largest.sum(axis=1).mean() / n)
