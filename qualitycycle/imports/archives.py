"""A folder or a zip of files as contents by name, within bounds that a zip bomb cannot pass."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import xml
from qualitycycle.imports.files import MAX_TEXT_BYTES, Content, FileReason, opened

MAX_MEMBERS = 1_000
# Its tables are held as rows: a school with three thousand pupils needs a tenth of it.
MAX_UNPACKED = 64 * 1024**2
# Files that are read one after another: dossiers with whole documents in them, of a school at once.
MAX_FILES = 5_000
MAX_FILE = 64 * 1024**2
MAX_FILES_UNPACKED = 1024**3
_BLOCK = 1024**2
_HEAD = 64 * 1024
# What only a document or a workbook has at its top: they are zips as well.
_OF_OFFICES = frozenset({"[Content_Types].xml", "content.xml", "mimetype"})


@dataclass(frozen=True)
class Bounds:
    """How many files of a zip are read, and how large one and all of them may be unpacked."""

    files: int
    one: int
    together: int


# What the library raises on bytes that are no zip, or no whole one.
_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, IndexError,
    struct.error,
)  # fmt: skip


def packed(files: Mapping[str, bytes], filename: str) -> bytes:
    """Files that were chosen together as one zip; the same files give the same bytes, in whatever order they came.

    Raises
    ------
    ImportRejected : together larger than one file may be.
    """
    size = sum(map(len, files.values()))
    if size > MAX_TEXT_BYTES:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(size))
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name])
    return content.getvalue()


def names_in(stream: BinaryIO) -> frozenset[str]:
    """The names of the files in a zip, without folders and in lower case; nothing when it cannot be opened."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return frozenset(_bare(member.filename) for member in archive.infolist()[:MAX_MEMBERS])
    except _BROKEN:
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
        except _BROKEN as error:
            raise ImportRejected(filename, _why(error), type(error).__name__) from error


def heads(stream: BinaryIO, suffix: str) -> Iterator[bytes]:
    """How each file with this suffix in a zip begins; a file that cannot be unpacked begins with nothing."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            for member in _files(archive, suffix)[:MAX_MEMBERS]:
                try:
                    with archive.open(member) as packed:
                        yield packed.read(_HEAD)
                except _BROKEN:
                    yield b""
    except _BROKEN:
        return


def is_packed(stream: BinaryIO) -> bool:
    """Whether this is a zip of files that somebody packed; a document or a workbook is a zip as well."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return not _OF_OFFICES.intersection(archive.namelist())
    except _BROKEN:
        return False


def said_size(stream: BinaryIO) -> int:
    """How large a zip says that it is unpacked; 0 for anything else."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            return sum(member.file_size for member in archive.infolist())
    except _BROKEN:
        return 0


def holds_tables(stream: BinaryIO) -> bool:
    """Whether a zip is one file packed, or among several there is one that is not XML; no document or workbook."""
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            n = len(_files(archive, ""))
    except _BROKEN:
        return False
    if not n or not is_packed(stream):
        return False
    return n == 1 or any(head and not xml.is_markup(io.BytesIO(head)) for head in heads(stream, ""))


def paths_in(content: Content, filename: str) -> list[str]:
    """Where the files that somebody packed lie in a zip, in its order.

    Raises
    ------
    ImportRejected : it cannot be opened.
    """
    with opened(content) as stream:
        try:
            with zipfile.ZipFile(stream) as archive:
                return [member.filename for member in _files(archive, "")]
        except _BROKEN as error:
            raise ImportRejected(filename, FileReason.DAMAGED_WORKBOOK, type(error).__name__) from error


def read_each(
    content: Content, filename: str, suffix: str = "", bounds: Bounds | None = None
) -> Iterator[tuple[str, bytes | FileReason]]:
    """The files with this suffix in a zip by their name in it, one at a time; the reason where one cannot be unpacked.

    Raises
    ------
    ImportRejected : damaged as a whole, or past the `bounds`: else those of a school's dossiers.
    """
    most = bounds or Bounds(MAX_FILES, MAX_FILE, MAX_FILES_UNPACKED)
    with opened(content) as stream:
        try:
            archive = zipfile.ZipFile(stream)
        except _BROKEN as error:
            raise ImportRejected(filename, FileReason.DAMAGED_WORKBOOK, type(error).__name__) from error
        with archive:
            members = _files(archive, suffix)
            if len(members) > most.files:
                raise ImportRejected(filename, FileReason.TOO_LARGE, str(len(members)))
            left = most.together
            for member in members:
                found = _unpacked(archive, member, min(left, most.one))
                left -= len(found) if isinstance(found, bytes) else 0
                # What one file may not be is its own fault, what all may not be is the archive's.
                if found is FileReason.TOO_LARGE:
                    left -= most.one
                if left < 0:
                    raise ImportRejected(filename, FileReason.TOO_LARGE, member.filename[-120:])
                yield member.filename[-120:], found


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int) -> bytes | FileReason:
    pieces, n = [], 0
    try:
        with archive.open(member) as packed:
            while block := packed.read(_BLOCK):
                n += len(block)
                if n > most:
                    return FileReason.TOO_LARGE
                pieces.append(block)
    except _BROKEN as error:
        return _why(error)
    return b"".join(pieces)


def _why(error: Exception) -> FileReason:
    # A member with a password raises a bare RuntimeError; a method that nobody can unpack one that is more precise.
    return FileReason.ENCRYPTED_WORKBOOK if type(error) is RuntimeError else FileReason.DAMAGED_WORKBOOK


def _files(archive: zipfile.ZipFile, suffix: str) -> list[zipfile.ZipInfo]:
    """What a person put in: a Mac and Windows pack hidden files of their own beside it."""
    return [
        member
        for member in archive.infolist()
        if member.filename.casefold().endswith(suffix) and not member.is_dir() and not _is_hidden(member)
    ]


def _is_hidden(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename.replace("\\", "/").casefold()).parts
    return (
        not parts
        or parts[-1] in ("thumbs.db", "desktop.ini")
        or any(part == "__macosx" or (part.startswith(".") and part != "..") for part in parts)
    )


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
