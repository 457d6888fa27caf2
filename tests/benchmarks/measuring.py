"""What every benchmark shares: a row of the table, and measuring two things in turns."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

N_TURNS = 15
# One turn lasts about this long, so that the clock and a passing hiccup weigh little.
SECONDS_PER_TURN = 0.05


@dataclass(frozen=True)
class Row:
    """One line of the table. `value` None: not measured, and `note` says what to do about that.

    `ratio` is this figure divided by what `beside` names, measured in the same run; `aim` is in words.
    """

    what: str
    value: float | None
    unit: str = "ms"
    ratio: float | None = None
    beside: str = ""
    aim: str = ""
    note: str = ""


def in_turns(*calls: Callable[[], object], turns: int = N_TURNS) -> list[float]:
    """Median milliseconds of each call, taken in turns, so that a slow moment of the computer hits all of them."""
    repeats = [_repeats(call) for call in calls]
    taken: list[list[float]] = [[] for _ in calls]
    for _ in range(turns):
        for place, (call, n) in enumerate(zip(calls, repeats, strict=True)):
            taken[place].append(_timed(call, n))
    return [1000 * statistics.median(one) for one in taken]


def _repeats(call: Callable[[], object]) -> int:
    """How often in one turn; the first call, which also loads and fills caches, does not count."""
    call()
    return max(1, round(SECONDS_PER_TURN / _timed(call, 1)))


def _timed(call: Callable[[], object], n: int) -> float:
    gc.collect()
    start = time.perf_counter()
    for _ in range(n):
        call()
    return (time.perf_counter() - start) / n
