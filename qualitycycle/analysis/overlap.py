"""Overlapping sets of the same pupils: the strict rule under which figures about them may be published.

What is protected
-----------------
A pupil has another value at every moment, and one moment knows many sets: everybody who was there, those who were there
half a year ago as well, those who were there from the start. Two means and a gain over nearly the same pupils give the
few in between away. Choosing the best of all such sets, as `disclosure.decide` does, is too costly for a year group of
hundreds over ten years. So the pupils of a moment are cut in *blocks*, and every published set is a union of whole
blocks of at least `floor` pupils, at each of its moments. Any weighted sum of published sums that is the sum of a set
of pupils is then a union of blocks too, and no smaller than the floor.

Where a set would leave fewer than `floor` pupils of a block outside, some more are left out *by lot*, the same ones
always; so the number left out says nothing about the few. Where fewer than `floor` would remain inside, none do.
Published sets are never taken back: a later set only cuts the blocks further, which is why the order of asking counts
and must be the order of publishing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Pupils = frozenset[str]


def admitted(
    wanted: Pupils, sides: Sequence[Sequence[Pupils]], *, floor: int, lot: Callable[[str], object]
) -> Pupils:
    """The largest part of `wanted` that this rule finds to be a union of future blocks at all its moments.

    Parameters
    ----------
    wanted : the pupils a figure would be about.
    sides : per moment of the figure its blocks so far, which do not overlap.
    floor : smallest number of pupils of a block.
    lot : the order in which pupils are left out, highest first; never made of their results.

    Returns
    -------
    A subset of `wanted`, empty when no figure is possible. It holds no pupil outside the blocks of any side.

    Notes
    -----
    Repeats over all blocks until nothing changes: pupils are only ever left out, so it ends.
    """
    kept = wanted
    while True:
        before = kept
        for blocks in sides:
            kept = frozenset().union(*(_inside(block, kept, floor, lot) for block in blocks))
        if kept == before:
            return kept


def cut(blocks: Sequence[Pupils], published: Pupils) -> list[Pupils]:
    """The blocks after a set of them has been published: what is inside and what is outside of it."""
    parts = [part for block in blocks for part in (block & published, block - published)]
    return [part for part in parts if part]


def _inside(block: Pupils, kept: Pupils, floor: int, lot: Callable[[str], object]) -> Pupils:
    inside = block & kept
    n_outside = len(block) - len(inside)
    if 0 < n_outside < floor:
        drawn = sorted(inside, key=lambda pupil: (lot(pupil), pupil), reverse=True)
        inside -= frozenset(drawn[: floor - n_outside])
    return inside if len(inside) >= floor else frozenset()
