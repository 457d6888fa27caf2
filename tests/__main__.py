"""Every check in one command: `python -m tests`. CI runs the same. Extra arguments go to pytest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
# import-linter has a command but no module to run.
ROOMS = "import sys; from importlinter.cli import lint_imports_command as lint; sys.exit(lint())"
CHECKS = {
    "format": ["-m", "ruff", "format", "--check", "."],
    "lint": ["-m", "ruff", "check", "."],
    "types": ["-m", "mypy"],
    "rooms": ["-c", ROOMS],
    "tests": ["-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"],
}


def main(arguments: list[str]) -> int:
    """Run every step, also after one that failed, and say at the end which did."""
    failed = [name for name, command in CHECKS.items() if not passes(name, command, arguments)]
    print(f"\n{'failed: ' + ', '.join(failed) if failed else 'all checks passed'}", flush=True)
    return 1 if failed else 0


def passes(name: str, command: list[str], arguments: list[str]) -> bool:
    print(f"\n=== {name}", flush=True)
    extra = arguments if name == "tests" else []
    start = time.monotonic()
    command = [sys.executable, *command, *extra]
    code = subprocess.run(command, cwd=ROOT, env=environment(), check=False).returncode
    print(f"=== {name}: {'ok' if code == 0 else 'FAILED'} in {time.monotonic() - start:.0f} s", flush=True)
    return code == 0


def environment() -> dict[str, str]:
    """This environment, in which Python may keep what it compiled: each program that a test starts reads it again."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
