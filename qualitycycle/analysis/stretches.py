"""Stretches of a chart over time: where it was re-based, which points set its lines, which are counted.

Point numbers count from 1. `part` holds the last point before each re-base, `freeze` the number of first
points that set the centre line and the limits, `exclude` the points left out of every calculation (but
still judged against limits). A person decides about all three, with a date and a reason; nothing here
re-bases by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy.typing as npt

Values = npt.ArrayLike | Iterable[float | None]


@dataclass(frozen=True)
class Span:
    """A stretch from point `first` to `last`; rows that set the line (`base`) and rows that are counted, from 0."""

    part: int
    first: int
    last: int
    base: list[int]
    counted: list[int]


def spans_of(n: int, part: Sequence[int], freeze: int | None, exclude: Sequence[int]) -> list[Span]:
    """The stretches of a chart of `n` points; ValueError when these choices do not fit it."""
    if part and freeze is not None:
        raise ValueError("a chart is either re-based or frozen, not both")
    if freeze is not None and not 1 <= freeze <= n:
        raise ValueError("freeze must be a number of points of the chart")
    if any(not 1 <= point <= n for point in exclude):
        raise ValueError("exclude names a point that is not there")
    ends = [*sorted(set(part)), n]
    if any(not 1 <= end < n for end in ends[:-1]):
        raise ValueError("part must name points before the last one")
    starts = [0, *ends[:-1]]
    spans = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), 1):
        counted = [row for row in range(start, end) if row + 1 not in exclude]
        base = [row for row in counted if freeze is None or row < freeze]
        spans.append(Span(number, start + 1, end, base, counted))
    return spans
