"""Patience with wrong passphrases: after a few, each next one has to wait longer. Kept in memory only."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from dataclasses import dataclass

# Somebody who mistypes a few times notices nothing.
N_FREE, N_FREE_ALL = 4, 40
LONGEST_WAIT = 900
FORGOTTEN_AFTER = 3600
# As many names as are remembered: who makes names up must not fill the memory.
N_REMEMBERED = 1000
EVERYBODY = ""


@dataclass(frozen=True)
class _Wrong:
    n: int
    last: float


class Patience:
    """Counts wrong attempts per name and of everybody together. Not thread-safe: the caller takes turns."""

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, _Wrong] = OrderedDict()

    def seconds_to_wait(self, key: str) -> int:
        """How long until this name may be tried again; 0 is now."""
        return max(self._wait(key, N_FREE), self._wait(EVERYBODY, N_FREE_ALL))

    def count(self, key: str) -> None:
        """One more wrong attempt."""
        for one in {key, EVERYBODY}:
            self._wrong[one] = _Wrong(self._n(one) + 1, now())
            self._wrong.move_to_end(one)
        while len(self._wrong) > N_REMEMBERED:
            self._wrong.pop(next(each for each in self._wrong if each != EVERYBODY))

    def forget(self, key: str) -> None:
        """The right passphrase: this name starts anew, everybody together does not."""
        if key != EVERYBODY:
            self._wrong.pop(key, None)

    def _n(self, key: str) -> int:
        wrong = self._wrong.get(key)
        return wrong.n if wrong and now() - wrong.last < FORGOTTEN_AFTER else 0

    def _wait(self, key: str, n_free: int) -> int:
        too_many = self._n(key) - n_free
        if too_many < 0:
            return 0
        waited = now() - self._wrong[key].last
        return max(0, math.ceil(min(2.0 ** min(too_many, 20), LONGEST_WAIT) - waited))


def now() -> float:
    return time.monotonic()
