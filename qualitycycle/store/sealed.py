"""Answers of what is still open: shuffled, sealed, and with a key that is replaced at each answer.

A database keeps history: its log holds every answer in the order it came, its free blocks hold rows that were
deleted, and two backups differ by what came in between. So while a round is open its answers are one sealed piece,
written anew at each answer. The key lies in a small file beside the database, is not part of a backup, and goes
forward only: each one is a hash of the one before. Earlier pieces, wherever they are left, cannot be opened with
it, and after closing no piece can: then the answers become rows, in random order and all at once.

What this does not stop: somebody who copies file and key after each answer, or changes the program.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import os
import random
import secrets
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import duckdb
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from qualitycycle.errors import AnswersUnreadable

N_KEY, N_MARK, N_NONCE = 32, 8, 12
# The file with the key may lag behind after a power cut: by so many answers it is sought further on.
LONGEST_WAY = 100_000
INSERT = "INSERT INTO open_answers (asked_id, sealed) VALUES ($asked, $sealed)"
UPDATE = "UPDATE open_answers SET sealed = $sealed WHERE asked_id = $asked"


def keys_of(path: Path) -> Path:
    """The folder with the keys of what is open in the database at `path`."""
    return path.with_suffix(".open")


class Seals:
    """The keys of one open store. Writing is for one at a time: the store's lock sees to that."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._written: dict[str, bytes | None] = {}

    def read(self, con: duckdb.DuckDBPyConnection, asked_id: str) -> list[Any]:
        """What was answered so far, in no order; raises `AnswersUnreadable` when its key is gone."""
        sealed = _stored(con, asked_id)
        return [] if sealed is None else [json.loads(one) for one in self._open(asked_id, sealed)[1]]

    def add(
        self,
        con: duckdb.DuckDBPyConnection,
        asked_id: str,
        answers: Sequence[Any],
        *,
        first: Callable[[], Sequence[Any]] = tuple,
    ) -> None:
        """Seal answers together with those so far, all shuffled, with the next key.

        `first` gives answers that were there before anything was sealed. Raises `AnswersUnreadable`.
        """
        sealed = _stored(con, asked_id)
        if sealed is None:
            key = self._written.get(asked_id) or self._first_key(asked_id)
            so_far: list[bytes] = []
            answers = [*first(), *answers]
        else:
            key, so_far = self._open(asked_id, sealed)
        key = next_key(key)
        # One line each, so that those so far need not be read to be written again.
        lines = [*so_far, *(json.dumps(one, separators=(",", ":")).encode() for one in answers)]
        # Seeded once by the system: asking it for each place costs more than the rest of this together.
        random.Random(secrets.token_bytes(32)).shuffle(lines)
        con.execute(
            INSERT if sealed is None else UPDATE, {"asked": asked_id, "sealed": seal(key, asked_id, lines)}
        )
        self._written[asked_id] = key

    def end(self, con: duckdb.DuckDBPyConnection, asked_id: str) -> None:
        """Nothing is open any more: the piece goes, and with the commit its key."""
        con.execute("DELETE FROM open_answers WHERE asked_id = $asked", {"asked": asked_id})
        self._written[asked_id] = None

    # --- keys --------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """The transaction was committed: put the new keys in the place of the old ones."""
        written, self._written = self._written, {}
        for asked_id, key in written.items():
            # A key that could not be replaced still leads to the next one; it is forgotten a little later.
            with contextlib.suppress(OSError):
                if key is None:
                    self._forget(asked_id)
                else:
                    self._overwrite(asked_id, key)

    def drop(self) -> None:
        """The transaction was taken back: the old keys stay."""
        self._written = {}

    def tidy(self, con: duckdb.DuckDBPyConnection) -> None:
        """Forget keys of what is no longer open, such as after a power cut between closing and forgetting."""
        there = {row[0] for row in con.execute("SELECT asked_id FROM open_answers").fetchall()}
        for file in self.folder.glob("*.key"):
            if file.stem not in there:
                with contextlib.suppress(OSError):
                    self._forget(file.stem)

    def _file(self, asked_id: str) -> Path:
        return self.folder / f"{asked_id}.key"

    def _open(self, asked_id: str, sealed: bytes) -> tuple[bytes, list[bytes]]:
        """The key of a sealed piece, and the answers in it."""
        start = self._written.get(asked_id)
        try:
            key = find_key(start or self._file(asked_id).read_bytes(), sealed)
            if key is not None:
                return key, unseal(key, asked_id, sealed)
        except (OSError, InvalidTag):
            pass
        raise AnswersUnreadable(str(self.folder))

    def _first_key(self, asked_id: str) -> bytes:
        """A new key, safe on the disk before the first answer is sealed with what follows from it."""
        self.folder.mkdir(mode=0o700, exist_ok=True)
        key = secrets.token_bytes(N_KEY)
        draft = self._file(asked_id).with_suffix(".new")
        draft.unlink(missing_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(self._file(asked_id))
        _sync_folder(self.folder)
        _sync_folder(self.folder.parent)
        return key

    def _overwrite(self, asked_id: str, key: bytes) -> None:
        # In place, so that the old key is gone from the disk too, and without waiting for the disk: after a power
        # cut an older key leads to this one.
        with self._file(asked_id).open("r+b") as file:
            file.write(key)

    def _forget(self, asked_id: str) -> None:
        with contextlib.suppress(FileNotFoundError):
            with self._file(asked_id).open("r+b") as file:
                file.write(bytes(N_KEY))
                file.flush()
                os.fsync(file.fileno())
            self._file(asked_id).unlink()


def next_key(key: bytes) -> bytes:
    """The key after this one; there is no way back."""
    return hmac.new(key, b"next", hashlib.sha256).digest()


def mark(key: bytes) -> bytes:
    """By which a sealed piece is known to belong to a key."""
    return hmac.new(key, b"mark", hashlib.sha256).digest()[:N_MARK]


def seal(key: bytes, asked_id: str, lines: Sequence[bytes]) -> bytes:
    """Lines as a sealed piece that opens with this key only."""
    nonce = secrets.token_bytes(N_NONCE)
    plain = zlib.compress(b"\n".join(lines), 1)
    return mark(key) + nonce + AESGCM(key).encrypt(nonce, plain, asked_id.encode())


def unseal(key: bytes, asked_id: str, sealed: bytes) -> list[bytes]:
    """The lines of a sealed piece."""
    nonce, body = sealed[N_MARK : N_MARK + N_NONCE], sealed[N_MARK + N_NONCE :]
    return zlib.decompress(AESGCM(key).decrypt(nonce, body, asked_id.encode())).split(b"\n")


def find_key(start: bytes, sealed: bytes) -> bytes | None:
    """The key of a sealed piece, from an earlier one on."""
    key = start
    for _step in range(LONGEST_WAY):
        if mark(key) == sealed[:N_MARK]:
            return key
        key = next_key(key)
    return None


# Per table how what came in is taken out of an attached database of ours, whose name goes in the braces.
LEFT_OUT = {
    "invite": """
        UPDATE "{0}".invite SET spent = false
        WHERE round_id IN (SELECT asked_id FROM "{0}".open_answers)
        """,
    "filled_in_elsewhere": """
        DELETE FROM "{0}".filled_in_elsewhere
        WHERE round_id IN (SELECT asked_id FROM "{0}".open_answers)
        """,
    "confidence_ticket": """
        DELETE FROM "{0}".confidence_ticket
        WHERE confidence_vote_id IN (SELECT asked_id FROM "{0}".open_answers)
        """,
    "open_answers": 'DELETE FROM "{0}".open_answers',
}


def leave_out(con: duckdb.DuckDBPyConnection, database: str) -> None:
    """Take what came in for open rounds and votes out of a database: its codes can be used once more.

    A round or vote whose answers are left out is as it was when it was opened.
    """
    found = con.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $name", {"name": database}
    )
    there = {row[0] for row in found.fetchall()}
    # An older file keeps the answers of what is open as rows, and they stay.
    if "open_answers" in there:
        for statement in (LEFT_OUT[table] for table in LEFT_OUT if table in there):
            con.execute(statement.format(database))


def _stored(con: duckdb.DuckDBPyConnection, asked_id: str) -> bytes | None:
    row = con.execute(
        "SELECT sealed FROM open_answers WHERE asked_id = $asked", {"asked": asked_id}
    ).fetchone()
    return None if row is None else bytes(row[0])


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable, where the system has a way to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
