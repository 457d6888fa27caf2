"""Spreadsheets as rows of text, after a look inside that keeps a small hostile file from taking the server down."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar
from xml.parsers import expat

from python_calamine import CalamineWorkbook, SheetVisibleEnum

T = TypeVar("T")

MAX_UNPACKED = 300 * 1024**2
# The reader lays a sheet out as one full rectangle of 24 bytes a cell: a workbook of 5 kB with one cell in
# XFD1048576 asks for 400 GB and the process is aborted, not given an error. So we measure first.
MAX_CELLS = 10_000_000
# One long text that a million cells point to is a bomb as well: texts are copied per cell.
MAX_TEXT_COPIES = 2 * 1024**3

OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_MAGIC = b"PK\x03\x04"
_BLOCK = 1024**2
_HEADER_WITHIN = 30
_ADDRESS = re.compile(rb"""\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_THREE_DECIMALS = re.compile(r"-?[1-9]\d{0,2}\.\d{3}")


class Refusal(Exception):
    """A workbook that is not opened, with the reason's code; `files` adds the file's name."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Sheet:
    """One visible sheet: every cell as text, the first row is line 1."""

    name: str
    rows: list[list[str]]


def read_sheets(stream: BinaryIO) -> list[Sheet]:
    """All visible sheets of an xlsx, ods or xls.

    Raises
    ------
    Refusal : encrypted, damaged, too large unpacked, or an archive that is no workbook.
    """
    check_container(stream)
    stream.seek(0)
    return _carefully(lambda: list(_sheets(stream)))


def find_rows(stream: BinaryIO, is_header: Callable[[list[str]], bool]) -> tuple[int, list[list[Any]]] | None:
    """The rows from the first header that fits, in any visible sheet, as the file types them, with its row number."""
    check_container(stream)
    stream.seek(0)

    def read() -> tuple[int, list[list[Any]]] | None:
        workbook = CalamineWorkbook.from_filelike(stream)
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for at, row in enumerate(rows[:_HEADER_WITHIN]):
                if is_header([cell_text(cell) for cell in row]):
                    return at + 1, rows[at:]
        return None

    return _carefully(read)


def _sheets(stream: BinaryIO) -> Iterator[Sheet]:
    workbook = CalamineWorkbook.from_filelike(stream)
    for about in workbook.sheets_metadata:
        if about.visible != SheetVisibleEnum.Visible:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.total_height * sheet.total_width > MAX_CELLS:
            raise Refusal("workbook_too_large", about.name)
        rows = sheet.to_python(skip_empty_area=False)
        yield Sheet(about.name, [[cell_text(cell) for cell in row] for row in rows])


def _carefully(read: Callable[[], T]) -> T:
    try:
        return read()
    except Refusal:
        raise
    except BaseException as error:
        # A panic inside the reader arrives as a BaseException of its own; everything else of that rank is not ours.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        encrypted = type(error).__name__ == "PasswordError"
        raise Refusal(
            "encrypted_workbook" if encrypted else "damaged_workbook", type(error).__name__
        ) from error


def cell_text(cell: object) -> str:
    """A cell as text: text as it stands, figures without float noise (38.7), dates as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return _number_text(cell)
    if isinstance(cell, dt.datetime):
        return (
            cell.date().isoformat()
            if cell.time() == dt.time()
            else cell.isoformat(sep=" ", timespec="seconds")
        )
    return "" if cell is None else str(cell)


def _number_text(number: float | int) -> str:
    # Excel itself keeps fifteen digits. A figure with exactly three decimals gets a fourth: as text "1.234" is a
    # thousand in Dutch, and a real number of a workbook never is.
    text = f"{number:.15g}"
    return f"{text}0" if _THREE_DECIMALS.fullmatch(text) else text


# --- a look inside ------------------------------------------------------------------------------------------


def check_container(stream: BinaryIO) -> None:
    """Refuse what must not be handed to the reader: bombs, far cells, encrypted and foreign archives."""
    if stream.seek(0, io.SEEK_END) > MAX_UNPACKED:
        raise Refusal("workbook_too_large", "packed")
    stream.seek(0)
    head = stream.read(8)
    if head == OLE_MAGIC:
        # An encrypted xlsx is wrapped in the old container under this name.
        stream.seek(0)
        if "EncryptedPackage".encode("utf-16-le") in stream.read():
            raise Refusal("encrypted_workbook")
        return
    stream.seek(0)
    try:
        with zipfile.ZipFile(stream) as archive:
            _check_archive(archive, stream)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise Refusal("damaged_workbook", type(error).__name__) from error


def _check_archive(archive: zipfile.ZipFile, stream: BinaryIO) -> None:
    members = archive.infolist()
    names = {member.filename for member in members}
    if any(member.flag_bits & 1 for member in members):
        raise Refusal("encrypted_workbook")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise Refusal("workbook_too_large", "unpacked")
    is_excel = "xl/workbook.xml" in names
    if not is_excel and "content.xml" not in names:
        # A letter and a presentation are packed in the same way, and nobody knows that they are.
        raise Refusal("not_text" if "[Content_Types].xml" in names else "unknown_archive")
    if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise Refusal("encrypted_workbook")
    left = MAX_UNPACKED
    texts = _Texts()
    for member in members:
        extent: _Extent | _OdsExtent = _OdsExtent() if member.filename == "content.xml" else _Extent()
        for block in _inflate(stream, member):
            left -= len(block)
            if left < 0:
                raise Refusal("workbook_too_large", "unpacked")
            extent.add(block)
            texts.add(block)
        extent.end()
        if extent.n_cells > MAX_CELLS:
            raise Refusal("workbook_too_large", "cells")
        n_copies = extent.n_cells if isinstance(extent, _OdsExtent) else texts.n_shared
        if n_copies * texts.longest > MAX_TEXT_COPIES:
            raise Refusal("workbook_too_large", "texts")


def _inflate(stream: BinaryIO, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The member's real bytes, block by block: the sizes in the directory are only what the sender claims."""
    stream.seek(member.header_offset)
    header = stream.read(30)
    if len(header) < 30 or header[:4] != ZIP_MAGIC:
        raise zipfile.BadZipFile
    stream.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), 1)
    packed = stream.read(member.compress_size)
    if member.compress_type == zipfile.ZIP_STORED:
        yield packed
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    unpack = zlib.decompressobj(-zlib.MAX_WBITS)
    while packed and not unpack.eof:
        block = unpack.decompress(packed, _BLOCK)
        packed = unpack.unconsumed_tail
        yield block
    yield unpack.flush()


class _Extent:
    """Rows times columns that a worksheet's cell addresses span."""

    def __init__(self) -> None:
        self.n_rows = self.n_columns = 0
        self._tail = b""

    @property
    def n_cells(self) -> int:
        return self.n_rows * self.n_columns

    def add(self, block: bytes) -> None:
        found = _ADDRESS.findall(self._tail + block)
        self._tail = block[-20:]
        if found:
            self.n_rows = max(self.n_rows, max(int(row) for _, row in found))
            self.n_columns = max(self.n_columns, max(map(_column_number, {letters for letters, _ in found})))

    def end(self) -> None:
        """Nothing: what is cut off the reader tells by itself."""


class _Texts:
    """The longest text in a workbook and the number of cells that point to a shared text."""

    def __init__(self) -> None:
        self.longest = self.n_shared = self._run = 0

    def add(self, block: bytes) -> None:
        self.n_shared += block.count(b't="s"') + block.count(b"t='s'")
        first, *others = block.split(b"<")
        self._run += len(first)
        self.longest = max(self.longest, self._run, max(map(len, others), default=0))
        if others:
            self._run = len(others[-1])


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


class _OdsExtent:
    """Rows times columns of the largest sheet of an ods, with its "repeated" counts; empty ends do not count."""

    def __init__(self) -> None:
        self.n_cells = 0
        self._row = self._last_row = self._column = self._last_column = self._width = self._repeat = 0
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.EntityDeclHandler = self._refuse

    def add(self, block: bytes) -> None:
        self._parse(block)

    def end(self) -> None:
        """Refuse a sheet that is cut off: the reader would look for the rest for ever."""
        self._parse(b"", is_last=True)

    def _parse(self, block: bytes, *, is_last: bool = False) -> None:
        try:
            self._parser.Parse(block, is_last)
        # An encoding that nobody knows, or of several bytes a sign, is no error of the parser to the parser.
        except (expat.ExpatError, LookupError, ValueError) as error:
            raise Refusal("damaged_workbook", "content.xml") from error

    def _refuse(self, *_: object) -> None:
        raise Refusal("damaged_workbook", "entity")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table:table-cell" or name == "table:covered-table-cell":
            repeat = _count(attributes.get("table:number-columns-repeated"))
            self._column += repeat
            if "office:value-type" in attributes:
                self._last_column = self._column
        elif name == "text:p":
            self._last_column = self._column
        elif name == "table:table-row":
            self._repeat = _count(attributes.get("table:number-rows-repeated"))
            self._column = self._last_column = 0
        elif name == "table:table":
            self._row = self._last_row = self._width = 0

    def _end(self, name: str) -> None:
        if name != "table:table-row":
            return
        self._row += self._repeat
        if self._last_column:
            self._last_row = self._row
            self._width = max(self._width, self._last_column)
            self.n_cells = max(self.n_cells, self._last_row * self._width)


def _count(text: str | None) -> int:
    return (
        int(text)
        if text and text.isascii() and text.isdigit() and len(text) < 9
        else 1
        if text is None
        else MAX_CELLS
    )
