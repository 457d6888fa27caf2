"""Where the name of a level line goes: beside it, where no value and no other name is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise, product

# Of a picture as it stands on paper: how much of its width a letter takes, and of its height a line of words.
LETTER, LINE_OF_WORDS = 0.011, 0.085
# There is a little room above a picture, and none below it.
ABOVE = 1.06


@dataclass(frozen=True)
class Place:
    """At which end of its line a name stands, and above it or below."""

    end: str
    above: bool


@dataclass(frozen=True)
class _Box:
    left: float
    right: float
    low: float
    high: float

    def overlap(self, other: _Box) -> float:
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.high, other.high) - max(self.low, other.low)
        return wide * tall if wide > 0 and tall > 0 else 0.0


def places(
    names: Sequence[tuple[str, float]], values: Sequence[tuple[float, float]], bounds: tuple[float, float]
) -> list[Place]:
    """A place for each name with its level.

    `values` are what is drawn, from left (0) to right (1); `bounds` the lowest and highest of the axis.
    """
    low, high = bounds
    tall = (high - low) or 1.0
    drawn = [(x, (y - low) / tall) for x, y in values]
    levels = [(level - low) / tall for _name, level in names]
    taken: list[_Box] = []
    found: list[Place] = []
    for (name, _level), level in zip(names, levels, strict=True):
        others = [one for one in levels if one != level]
        choices = {
            Place(end, above): _box(name, level, end, above)
            for end, above in product(("left", "right"), (True, False))
        }
        best = min(choices, key=lambda one: _in_the_way(choices[one], drawn, others, taken))
        taken.append(choices[best])
        found.append(best)
    return found


def _box(name: str, level: float, end: str, above: bool) -> _Box:
    wide = len(name) * LETTER
    left = 0.01 if end == "left" else 0.99 - wide
    low = level if above else level - LINE_OF_WORDS
    return _Box(left, left + wide, low, low + LINE_OF_WORDS)


def _in_the_way(
    box: _Box, drawn: Sequence[tuple[float, float]], levels: Sequence[float], taken: Sequence[_Box]
) -> float:
    """How much lies under a name: the line and its values, other lines, other names, and the edge of the picture."""
    outside = max(0.0, box.high - ABOVE) + max(0.0, -box.low)
    crossed = sum(_crosses(box, *pair) for pair in pairwise(drawn))
    values = sum(box.left <= x <= box.right and box.low <= y <= box.high for x, y in drawn)
    lines = sum(box.low < level < box.high for level in levels)
    return 100 * outside + 2 * crossed + values + lines + 50 * sum(box.overlap(one) > 0 for one in taken)


def _crosses(box: _Box, first: tuple[float, float], last: tuple[float, float]) -> float:
    """How much of the name's width a piece of the line runs through."""
    (x0, y0), (x1, y1) = first, last
    steps = [(x0 + (x1 - x0) * n / 20, y0 + (y1 - y0) * n / 20) for n in range(21)]
    inside = sum(box.left <= x <= box.right and box.low <= y <= box.high for x, y in steps)
    return inside / 20 * (x1 - x0) / (box.right - box.left)
