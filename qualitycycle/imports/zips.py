"""A zip of ordinary files, as an LVS or a mail gives them: each table in it is like a sheet of one workbook.

What a file in it is, its content says, as for a file that comes alone. A file that cannot be read is named with its
reason and holds up no other; a zip in the zip is named and not opened.
"""

from __future__ import annotations

import hashlib
import io
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, archives, recognise, workbooks
from qualitycycle.imports.files import (
    MAX_ROWS,
    MAX_TEXT_BYTES,
    Content,
    FileReason,
    Progress,
    RawTable,
    read_tables,
    refuse_many,
    sheet_hash,
    unique_names,
)
from qualitycycle.imports.wide import as_long

# Each file is read in by itself: a school with a file per group and test has a hundred.
BOUNDS = archives.Bounds(files=200, one=MAX_TEXT_BYTES, together=MAX_TEXT_BYTES)
# Twenty columns of as many rows as are read at once.
MAX_CELLS = 20 * MAX_ROWS
_MEANINGLESS = (FileReason.NOT_TEXT, FileReason.UNKNOWN_ARCHIVE, FileReason.EMPTY_FILE)


@dataclass(frozen=True, eq=False)
class Zipped:
    """The tables of a zip, each with a `sheet` of its own, and the files that cannot be read, with the reason."""

    tables: tuple[RawTable, ...]
    unread: tuple[ImportRejected, ...]


def only_file(content: Content, filename: str) -> tuple[bytes, str] | None:
    """The one file of a zip with its name, to be read as if it had come alone; None when there are several.

    Raises
    ------
    ImportRejected : it cannot be unpacked, is too large, or is a zip itself.
    """
    paths = archives.paths_in(content, filename)
    if len(paths) != 1:
        return None
    [(_path, found)] = archives.read_each(content, filename, bounds=BOUNDS)
    name = f"{filename} · {_bare(paths[0])}"
    return _unpacked(found, name), name


def read(content: Content, filename: str, on_progress: Progress = lambda share: None) -> Zipped:
    """Every table in every file, one file after another; the share that was read is told meanwhile.

    Raises
    ------
    ImportRejected : damaged as a whole, too large together, or without any table: then the likeliest file says why.
    """
    names = _names(archives.paths_in(content, filename))
    tables: list[RawTable] = []
    unread: list[ImportRejected] = []
    left = workbooks.MAX_UNPACKED
    for n, (name, (_path, found)) in enumerate(
        zip(names, archives.read_each(content, filename, bounds=BOUNDS), strict=True), start=1
    ):
        try:
            held = _unpacked(found, name)
            # Each is measured once more before it is read.
            left -= archives.said_size(io.BytesIO(held))
            if left < 0:
                raise ImportRejected(name, FileReason.WORKBOOK_TOO_LARGE, "unpacked")
            tables += _tables(held, name)
        except ImportRejected as rejected:
            unread.append(rejected)
        _refuse_much(tables, filename)
        on_progress(n / len(names))
    if not tables:
        raise likeliest(unread, filename)
    return Zipped(tuple(tables), tuple(unread))


def likeliest(unread: Sequence[ImportRejected], filename: str) -> ImportRejected:
    """Why a zip without a table is refused: a file that is nearly a table says more than a picture."""
    ordered = sorted(unread, key=lambda one: one.reason in _MEANINGLESS)
    if not ordered:
        return ImportRejected(filename, FileReason.EMPTY_FILE)
    return ImportRejected(f"{filename} · {ordered[0].file}", ordered[0].reason, ordered[0].detail)


def _unpacked(found: bytes | FileReason, name: str) -> bytes:
    if isinstance(found, FileReason):
        raise ImportRejected(name, found)
    if archives.is_packed(io.BytesIO(found)):
        raise ImportRejected(name, FileReason.UNKNOWN_ARCHIVE)
    return found


def _tables(held: bytes, name: str) -> list[RawTable]:
    if recognise(held, name) is not Kind.TABLE:
        raise ImportRejected(name, FileReason.BY_ITSELF)
    found = read_tables(held, name)
    content_hash = hashlib.sha256(held).hexdigest()
    return [_of_file(table, name, content_hash, is_only=len(found) == 1) for table in found]


def _of_file(table: RawTable, name: str, content_hash: str, *, is_only: bool) -> RawTable:
    long = as_long(table) or table
    if is_only:
        return replace(long, sheet=name, content_hash=content_hash)
    return replace(long, sheet=f"{name} · {table.sheet}", content_hash=sheet_hash(content_hash, table.sheet))


def _refuse_much(tables: Sequence[RawTable], filename: str) -> None:
    refuse_many(sum(len(table.frame) for table in tables), filename)
    if sum(table.frame.size for table in tables) > MAX_CELLS:
        raise ImportRejected(filename, FileReason.WORKBOOK_TOO_LARGE, "cells")


def _names(paths: Sequence[str]) -> list[str]:
    """The files by name; with their folders where two have the same one."""
    counted = Counter(_bare(path).casefold() for path in paths)
    return unique_names(path[-120:] if counted[_bare(path).casefold()] > 1 else _bare(path) for path in paths)


def _bare(path: str) -> str:
    return PurePosixPath(path.replace("\\", "/")).name[-120:]
