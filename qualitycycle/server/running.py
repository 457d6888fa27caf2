"""The note beside the school's file that says where the program runs, so that a second start finds it."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "running.json"


@dataclass(frozen=True)
class Running:
    """Where the program answers for this folder, and the word that proves you may read this folder."""

    port: int
    token: str
    encrypted: bool = False

    @property
    def address(self) -> str:
        return f"{'https' if self.encrypted else 'http'}://127.0.0.1:{self.port}"


def announce(folder: Path, port: int, *, encrypted: bool = False) -> Running:
    """Write the note, readable by its owner only."""
    running = Running(port, secrets.token_urlsafe(32), encrypted)
    draft = folder / f"{NAME}.new"
    draft.unlink(missing_ok=True)
    # The mode is given at creation: there is no moment at which others can read the token.
    with os.fdopen(
        os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(asdict(running), file)
    draft.replace(folder / NAME)
    return running


def find(folder: Path) -> Running | None:
    """The note of this folder, or None. It may be stale: a computer that lost power leaves it behind."""
    try:
        fields = json.loads((folder / NAME).read_text(encoding="utf-8"))
        return Running(int(fields["port"]), str(fields["token"]), fields.get("encrypted") is True)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def withdraw(folder: Path, running: Running) -> None:
    """Take our own note away; one that a later start wrote stays."""
    if find(folder) == running:
        (folder / NAME).unlink(missing_ok=True)
