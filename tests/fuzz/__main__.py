"""Spoil files and read them: `python -m tests.fuzz [READER ...] [--seconds N] [--seed N] [--keep FOLDER]`.

Every file must be read or refused with a sentence, within a time and a memory. The seed of each run is printed; the
first file that does something else is kept, and the run ends with 1.
"""

from __future__ import annotations

import argparse
import resource
import secrets
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.fuzz import running
from tests.fuzz.readers import READERS

MEMORY = 3 * 1024**3


def main(arguments: list[str]) -> int:
    """Fuzz the readers asked for, one after another."""
    asked = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__.splitlines()[0])
    asked.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    asked.add_argument("--seconds", type=float, default=60.0, help="for each reader")
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--keep", type=Path, default=Path(tempfile.gettempdir()))
    told = asked.parse_args(arguments)
    unknown = [name for name in told.readers if name not in READERS]
    if unknown:
        asked.error(f"no such reader: {', '.join(unknown)}")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    failed = 0
    for name in told.readers or READERS:
        seed = secrets.randbits(32) if told.seed is None else told.seed
        print(f"{name}: seed {seed}, {told.seconds:g} s", flush=True)
        failed += _one(name, seed, told.seconds, told.keep)
    return 1 if failed else 0


def _one(name: str, seed: int, seconds: float, folder: Path) -> int:
    began = time.monotonic()
    found = running.fuzz(name, seed, seconds)
    if found.failure is None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(
            f"{name}: {found.n} files in {time.monotonic() - began:.0f} s, none in the wrong way; "
            f"slowest {found.slowest:.2f} s, memory so far {peak} MB",
            flush=True,
        )
        return 0
    kept = folder / f"fuzz-{name}-{seed}-{found.n}"
    kept.write_bytes(found.failure.content)
    print(f"{name}: file {found.n} of seed {seed} went wrong; kept as {kept}", flush=True)
    traceback.print_exception(found.failure.error)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
