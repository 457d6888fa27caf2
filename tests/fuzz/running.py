"""One run: spoiled files until the time is over or one of them goes wrong."""

from __future__ import annotations

import faulthandler
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random
from types import FrameType

from tests.fuzz import readers

# One small file. A slow computer that does three things at once is still within it.
SECONDS_PER_FILE = 20


class TooSlow(BaseException):
    """A file took longer than it may; no reader may take it for a damaged file."""


@dataclass(frozen=True)
class Failure:
    """A file that was neither read nor refused."""

    content: bytes
    error: BaseException


@dataclass(frozen=True)
class Ran:
    """How many files were tried, the slowest of them, and the first that went wrong."""

    n: int
    slowest: float
    failure: Failure | None = None


def fuzz(name: str, seed: int, seconds: float, *, most: int | None = None) -> Ran:
    """Spoiled files of one reader; the same seed gives the same files in the same order."""
    reader, random = readers.READERS[name], Random(seed)
    samples = [sample() for sample in reader.samples]
    until = time.monotonic() + seconds
    n, slowest = 0, 0.0
    while time.monotonic() < until and n != most:
        n += 1
        content = random.choice(reader.spoil)(random.choice(samples), random)
        began = time.monotonic()
        try:
            with _within(SECONDS_PER_FILE):
                readers.run(content)
        # A panic inside a reader is no Exception.
        except BaseException as error:
            if isinstance(error, KeyboardInterrupt):
                raise
            return Ran(n, slowest, Failure(content, error))
        slowest = max(slowest, time.monotonic() - began)
    return Ran(n, slowest)


@contextmanager
def _within(seconds: int) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TooSlow(f"{seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    # A reader outside Python hears no signal: then the run ends here, and its seed tells which file it was.
    faulthandler.dump_traceback_later(3 * seconds, exit=True)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
