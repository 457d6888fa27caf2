"""A folder or a zip of tables as a few contents by name, within bounds that a zip bomb cannot pass."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from qualitycycle.errors import ImportRejected
from qualitycycle.imports.files import Content, FileReason, opened

MAX_MEMBERS = 1_000
# Its tables are held as rows: a school with three thousand pupils needs a tenth of it.
MAX_UNPACKED = 64 * 1024**2
_BLOCK = 1024**2


def names_in(stream: BinaryIO) -> frozenset[str]:
    """The names of the files in a zip, without folders and in lower case; nothing when it cannot be opened."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return frozenset(_bare(member.filename) for member in archive.infolist()[:MAX_MEMBERS])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return frozenset()


def read_members(content: Content, filename: str, wanted: frozenset[str]) -> dict[str, bytes]:
    """The contents of the wanted files of a folder or a zip, by bare name; the first of two with one name.

    Raises
    ------
    ImportRejected : with a password, damaged, or unpacked larger than one table may be.
    """
    if isinstance(content, Path) and content.is_dir():
        return _of_folder(content, filename, wanted)
    with opened(content) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                return _of_zip(archive, filename, wanted)
        except RuntimeError as error:
            # The only RuntimeError of this library: a member with a password.
            raise ImportRejected(filename, FileReason.ENCRYPTED_WORKBOOK) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
            raise ImportRejected(filename, FileReason.DAMAGED_WORKBOOK, type(error).__name__) from error


def _of_folder(folder: Path, filename: str, wanted: frozenset[str]) -> dict[str, bytes]:
    files = {file.name.casefold(): file for file in sorted(folder.iterdir()) if file.is_file()}
    chosen = {name: file for name, file in files.items() if name in wanted}
    size = sum(file.stat().st_size for file in chosen.values())
    if size > MAX_UNPACKED:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(size))
    return {name: file.read_bytes() for name, file in chosen.items()}


def _of_zip(archive: zipfile.ZipFile, filename: str, wanted: frozenset[str]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for member in archive.infolist()[:MAX_MEMBERS]:
        name = _bare(member.filename)
        if name not in wanted or name in found or member.is_dir():
            continue
        pieces = []
        with archive.open(member) as packed:
            # What is really unpacked counts: the size in the directory is only what the sender claims.
            while block := packed.read(_BLOCK):
                left -= len(block)
                if left < 0:
                    raise ImportRejected(filename, FileReason.TOO_LARGE, name)
                pieces.append(block)
        found[name] = b"".join(pieces)
    return found


def _bare(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.casefold()
