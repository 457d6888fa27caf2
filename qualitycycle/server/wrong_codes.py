"""Slowing down whoever tries codes, without shutting out the school that shares an address with her."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

# A code is one of 25 ** 8. With 60 valid codes, five tries a second find one in some sixteen years.
FREE_TRIES = 30
SECONDS_KEPT = 300.0
SECONDS_BETWEEN = 0.2
LONGEST_WAIT = 10.0
MOST_ADDRESSES = 5000


@dataclass
class Tries:
    """The wrong codes from one address since `since`, and when its next try has its turn."""

    since: float
    n_wrong: int = 0
    turn: float = 0.0


class WrongCodes:
    """Counts wrong codes per address, in memory only and for five minutes.

    An address is needed to tell one who guesses from sixty who fill in; it is forgotten after five minutes, is
    never written or logged, and only stands here after a wrong code, so a right code leaves no trace. After thirty
    wrong ones the address is not refused but takes turns: right codes go on working for everyone behind it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._tries: dict[str, Tries] = {}

    def wait(self, address: str) -> float | None:
        """How many seconds this address waits for its turn; None when too many wait already."""
        self._forget()
        tries = self._tries.get(address)
        if tries is None or tries.n_wrong < FREE_TRIES:
            return 0.0
        now = self._clock()
        turn = max(now, tries.turn) + SECONDS_BETWEEN
        if turn - now > LONGEST_WAIT:
            return None
        tries.turn = turn
        return turn - now

    def count(self, address: str) -> None:
        """Remember one more wrong code."""
        if address not in self._tries and len(self._tries) >= MOST_ADDRESSES:
            del self._tries[next(iter(self._tries))]
        self._tries.setdefault(address, Tries(self._clock())).n_wrong += 1

    def __len__(self) -> int:
        self._forget()
        return len(self._tries)

    def _forget(self) -> None:
        # They stand in the order of their first wrong code, so the old ones are in front.
        oldest = self._clock() - SECONDS_KEPT
        while self._tries:
            address = next(iter(self._tries))
            if self._tries[address].since > oldest:
                return
            del self._tries[address]
