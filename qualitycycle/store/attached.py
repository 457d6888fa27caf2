"""Files with evidence, beside the database: each under the hash of its content, so that none is ever overwritten."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from collections.abc import Iterable
from pathlib import Path

from qualitycycle.errors import DiskFull, NotFound

FOLDER = "attachments"


def folder_of(database: Path) -> Path:
    """Where the files of a school lie."""
    return database.parent / FOLDER


def hash_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(folder: Path, content: bytes) -> str:
    """Keep a file and give its hash; a crash leaves it whole or not there. Raises `DiskFull`."""
    own_hash = hash_of(content)
    target = folder / own_hash
    if target.exists():
        return own_hash
    half = folder / f".{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with half.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)
    except OSError as error:
        half.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise DiskFull(str(folder)) from error
        raise
    return own_hash


def read(folder: Path, own_hash: str) -> bytes:
    """The content of a file; raises `NotFound` when it is gone or is no longer what it was."""
    try:
        content = (folder / own_hash).read_bytes()
    except OSError as error:
        raise NotFound("attachment", own_hash) from error
    if hash_of(content) != own_hash:
        raise NotFound("attachment", own_hash)
    return content


def remove(folder: Path, own_hash: str) -> None:
    (folder / own_hash).unlink(missing_ok=True)


def copy(source: Path, target: Path, hashes: Iterable[str] | None = None) -> int:
    """Copy files that are not there yet, all of them unless told which; give their number."""
    if not source.is_dir():
        return 0
    wanted = None if hashes is None else set(hashes)
    n = 0
    for path in sorted(source.iterdir()):
        there = target / path.name
        if path.name.startswith(".") or there.exists() or (wanted is not None and path.name not in wanted):
            continue
        target.mkdir(parents=True, exist_ok=True)
        half = target / f".{path.name}"
        shutil.copyfile(path, half)
        half.replace(there)
        n += 1
    return n


def faults(folder: Path, hashes: Iterable[str]) -> list[str]:
    """Files that should be there and are not, or that are not what they were."""
    return [own_hash for own_hash in sorted(set(hashes)) if not _is_whole(folder / own_hash, own_hash)]


def _is_whole(path: Path, own_hash: str) -> bool:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == own_hash
    except OSError:
        return False
