"""Bytes of a text file or workbook to raw tables: every cell text, exactly as found. What it is, the content says.

A text file is measured in one pass, its layout (encoding, separator, titles above, header) is judged on its first
256 kB, and the body is then read by Arrow (one row a line) or by the csv module in pieces (blank lines,
line breaks in cells, rows of unequal length), so that 100 MB stays within a few hundred MB of memory.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from pyarrow import csv as arrow_csv

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import workbooks
from qualitycycle.imports.fields import clean
from qualitycycle.imports.memory import give_back

Content = bytes | BinaryIO | Path
Progress = Callable[[float], None]

MAX_TEXT_BYTES = 200 * 1024**2
MAX_COLUMNS = 500
# Of a column's name; the questions of a form are shorter.
MAX_NAME = 1_000
# Measured: with so many rows of ten columns reading and storing stays under 500 MB. All results of ten years of a
# school with two thousand pupils are a quarter of it.
MAX_ROWS = 1_250_000
SEPARATORS = (";", "\t", ",", "|")
_SAMPLE = 256 * 1024
_BLOCK = 1024**2
_PIECE = 4 * 1024**2
# Larger pieces are slower: the collector walks every list that is alive.
_ROWS_AT_ONCE = 5_000
# A header stands within this many rows; what is above it are titles.
_TITLE_ROWS = 30
_END = "\0end"


class FileReason(StrEnum):
    """Why a file as a whole was refused. The screen has a sentence for each."""

    EMPTY_FILE = "empty_file"
    TOO_LARGE = "too_large"
    TOO_MANY_ROWS = "too_many_rows"
    NOT_TEXT = "not_text"
    UNKNOWN_ENCODING = "unknown_encoding"
    HTML_PAGE = "html_page"
    XML_FILE = "xml_file"
    NOT_A_TABLE = "not_a_table"
    NO_HEADER = "no_header"
    ONLY_HEADER = "only_header"
    OPEN_QUOTE = "open_quote"
    TOO_MANY_COLUMNS = "too_many_columns"
    ENCRYPTED_WORKBOOK = "encrypted_workbook"
    DAMAGED_WORKBOOK = "damaged_workbook"
    WORKBOOK_TOO_LARGE = "workbook_too_large"
    UNKNOWN_ARCHIVE = "unknown_archive"
    PUPIL_COLUMN_BSN = "pupil_column_bsn"
    PUPIL_COLUMN_PERSONAL = "pupil_column_personal"
    COLUMN_MISSING = "column_missing"
    INCOMPLETE_MAPPING = "incomplete_mapping"
    TOO_MANY_DIFFERENT = "too_many_different"
    NOT_INSPECTIE = "not_inspectie"
    BROKEN_XML = "broken_xml"
    XML_DOCTYPE = "xml_doctype"
    XML_TOO_COMPLEX = "xml_too_complex"
    UNKNOWN_XML = "unknown_xml"
    NO_RESULTS = "no_results"
    NO_GROUPS = "no_groups"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_FOLDER = "unknown_folder"
    UNKNOWN_OPEN_DATA = "unknown_open_data"
    YEAR_UNKNOWN = "year_unknown"
    FIGURE_UNREADABLE = "figure_unreadable"
    DAMAGED_PARQUET = "damaged_parquet"
    BY_ITSELF = "by_itself"


class Container(StrEnum):
    """What the first bytes say a file is."""

    TEXT = "text"
    WORKBOOK = "workbook"


@dataclass(frozen=True, eq=False)
class RawTable:
    """One table as found: `frame` holds text or missing, its index is the line (or sheet row) in the file.

    A column that repeats its texts is a category column of those texts, any other a str column; `distinct` reads both.
    `ragged` lists the lines of a text file with more cells than the header: their columns may have shifted. In a
    format that says itself what is what (`told`) nobody chooses columns; `left_out` names what it holds about persons
    and what was never read, each with the reason (`privacy.Drop`). Where several files were read as one, `parts` has
    the first line of each, lines being counted on, and `unread` the ones that could not be read with that line.
    Where each test was a column in the file, `wide` names the columns that hold the test and the score now. A table out
    of a zip has the `content_hash` that its own file would have.
    """

    sheet: str
    columns: tuple[str, ...]
    frame: pd.DataFrame
    header_line: int
    encoding: str | None = None
    separator: str | None = None
    preamble: tuple[str, ...] = ()
    ragged: tuple[int, ...] = field(default=(), repr=False)
    file: str = ""
    told: bool = False
    left_out: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[int, str], ...] = ()
    unread: tuple[tuple[int, ImportRejected], ...] = ()
    wide: tuple[str, str] | None = None
    content_hash: str = ""


def sheet_hash(content_hash: str, sheet: str) -> str:
    """What one sheet of a workbook with this content is known by."""
    return hashlib.sha256(f"{content_hash}:{sheet}".encode()).hexdigest()


def n_distinct(column: pd.Series[Any]) -> int:
    """How many different texts a column has."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return len(column.cat.categories)
    return int(column.nunique())


def distinct(column: pd.Series[Any]) -> tuple[npt.NDArray[np.signedinteger], list[str]]:
    """A column's different texts, with "" for missing as the last one, and per row which one it has."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        codes, texts = column.cat.codes.to_numpy(), column.cat.categories
    else:
        codes, texts = pd.factorize(column)
    known = [str(text) for text in texts]
    small = np.asarray(codes).astype(code_type(len(known)))
    return np.where(small == -1, small.dtype.type(len(known)), small), [*known, ""]


def code_type(n: int) -> type[np.signedinteger]:
    """The smallest type that can number `n` texts and -1: a million rows of ten columns are 20 MB, not 80."""
    return np.int16 if n < np.iinfo(np.int16).max else np.int32


def is_blank(column: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Which cells hold nothing but spaces."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        # Each text once as a Python object would take more than the file.
        return (column.fillna("").str.strip() == "").to_numpy(dtype=bool)
    codes, texts = distinct(column)
    blank: npt.NDArray[np.bool_] = np.array([not text.strip() for text in texts], dtype=bool)[codes]
    return blank


def read_tables(
    content: Content, filename: str, on_progress: Progress = lambda share: None
) -> list[RawTable]:
    """Every table in a CSV, TXT, XLSX, ODS or XLS; of a text file the share that was read is told meanwhile.

    Raises
    ------
    ImportRejected : nothing in the file can be read as a table; `reason` is a `FileReason`.
    """
    with opened(content) as stream:
        if container(stream, filename) is Container.TEXT:
            return [_text_table(stream, filename, on_progress)]
        return _workbook_tables(stream, filename)


@contextmanager
def opened(content: Content) -> Iterator[BinaryIO]:
    """The content as a binary stream at its start; a stream that was handed in stays open."""
    if isinstance(content, Path):
        with content.open("rb") as stream:
            yield stream
    elif isinstance(content, bytes | bytearray | memoryview):
        yield io.BytesIO(content)
    else:
        content.seek(0)
        yield content


_FOREIGN = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"Rar!",
    b"PAR1",
    b"BM\x00",
)


def container(stream: BinaryIO, filename: str) -> Container:
    """Whether the stream is text or a workbook; neither is refused."""
    stream.seek(0)
    head = stream.read(16)
    if not head:
        raise ImportRejected(filename, FileReason.EMPTY_FILE)
    if head.startswith((workbooks.ZIP_MAGIC, workbooks.OLE_MAGIC)):
        return Container.WORKBOOK
    if head.startswith(_FOREIGN) or head.startswith(b"PK\x05\x06"):
        raise ImportRejected(filename, FileReason.NOT_TEXT)
    return Container.TEXT


# --- workbooks ----------------------------------------------------------------------------------------------


def _workbook_tables(stream: BinaryIO, filename: str) -> list[RawTable]:
    try:
        sheets = workbooks.read_sheets(stream)
    except workbooks.Refusal as refusal:
        raise ImportRejected(filename, FileReason(refusal.reason), refusal.detail) from refusal
    tables, refused = [], []
    for sheet in sheets:
        try:
            tables.append(_sheet_table(sheet, filename))
        except ImportRejected as rejected:
            refused.append(rejected)
    if tables:
        return tables
    # A workbook is refused for its best sheet: one with only a header says more than one with only prose.
    order = (
        FileReason.ONLY_HEADER,
        FileReason.NO_HEADER,
        FileReason.TOO_MANY_COLUMNS,
        FileReason.NOT_A_TABLE,
    )
    found = {rejected.reason: rejected for rejected in refused}
    raise next((found[r] for r in order if r in found), ImportRejected(filename, FileReason.EMPTY_FILE))


def _sheet_table(sheet: workbooks.Sheet, filename: str) -> RawTable:
    rows = sheet.rows
    if not any(cell.strip() for row in rows for cell in row):
        raise ImportRejected(filename, FileReason.EMPTY_FILE, sheet.name)
    at = _header_row(rows[: _TITLE_ROWS + 50])
    if isinstance(at, FileReason):
        raise ImportRejected(filename, at, sheet.name)
    body = rows[at + 1 :]
    while body and not any(cell.strip() for cell in body[-1]):
        body.pop()
    if not body:
        raise ImportRejected(filename, FileReason.ONLY_HEADER, sheet.name)
    refuse_many(len(body), filename)
    names = unique_names(rows[at])
    frame = _frame([list(column) for column in zip(*body, strict=True)], first_line=at + 2)
    frame.columns = pd.Index(names)
    frame = _without_ghost_columns(_compact(frame), rows[at])
    _refuse_wide(frame, filename)
    titles = tuple(_title(row) for row in rows[:at] if any(cell.strip() for cell in row))
    return RawTable(sheet.name, tuple(frame.columns), frame, at + 1, preamble=titles, file=filename)


def _refuse_wide(frame: pd.DataFrame, filename: str) -> None:
    if len(frame.columns) > MAX_COLUMNS:
        raise ImportRejected(filename, FileReason.TOO_MANY_COLUMNS, str(len(frame.columns)))


def refuse_many(n_rows: int, filename: str) -> None:
    """Refuse a table with more rows than are read at once."""
    if n_rows > MAX_ROWS:
        raise ImportRejected(filename, FileReason.TOO_MANY_ROWS, str(n_rows))


# --- text: encoding and layout --------------------------------------------------------------------------------


@dataclass
class _Measured:
    """What one pass over the bytes tells."""

    is_utf8: bool = True
    n_nul: int = 0
    n_lines: int = 0


# The five bytes that Windows-1252 leaves undefined.
_NOT_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")


def _measure(stream: BinaryIO) -> _Measured:
    found = _Measured()
    decoder = codecs.getincrementaldecoder("utf-8")()
    stream.seek(0)
    last = b""
    while block := stream.read(_BLOCK):
        if found.is_utf8:
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                found.is_utf8 = False
        found.n_nul += block.count(0)
        found.n_lines += block.count(b"\n")
        last = block
    found.n_lines += not last.endswith(b"\n")
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        found.is_utf8 = False
    return found


def _refuse_undefined(stream: BinaryIO, filename: str) -> None:
    stream.seek(0)
    offset = 0
    while block := stream.read(_BLOCK):
        if bad := _NOT_CP1252.search(block):
            raise ImportRejected(filename, FileReason.UNKNOWN_ENCODING, f"byte {offset + bad.start()}")
        offset += len(block)


# A byte-order mark that was once read as Windows-1252 and written as UTF-8: seen in DUO's open data.
_MANGLED_BOM = codecs.BOM_UTF8.decode("cp1252").encode("utf-8")


def _encoding(head: bytes, measured: _Measured, filename: str) -> tuple[str, int]:
    """The encoding and the number of bytes to skip at the start."""
    for mark, name in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if head.startswith(mark):
            return name, len(mark)
    if measured.n_nul:
        # UTF-16 without its mark: Western text has a nul in every second byte.
        for start, name in ((1, "utf-16-le"), (0, "utf-16-be")):
            if head[start::2].count(0) > len(head) * 0.3 and head[1 - start :: 2].count(0) == 0:
                return name, 0
        raise ImportRejected(filename, FileReason.NOT_TEXT, "nul")
    if measured.is_utf8:
        skip = len(codecs.BOM_UTF8) if head.startswith(codecs.BOM_UTF8) else 0
        if head[skip:].startswith(_MANGLED_BOM):
            skip += len(_MANGLED_BOM)
        return "utf-8", skip
    return "cp1252", 0


@dataclass(frozen=True)
class _Layout:
    separator: str
    header: list[str]
    header_line: int
    body_line: int
    body_offset: int
    preamble: tuple[str, ...]


def _text_table(stream: BinaryIO, filename: str, tell: Progress) -> RawTable:
    size = stream.seek(0, io.SEEK_END)
    if size > MAX_TEXT_BYTES:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(size))
    measured = _measure(stream)
    stream.seek(0)
    head = stream.read(_SAMPLE)
    encoding, skip = _encoding(head, measured, filename)
    if encoding == "cp1252":
        _refuse_undefined(stream, filename)
    sample = _decode_sample(head[skip:], encoding, filename)
    _refuse_markup(sample, filename)
    layout = _layout(sample, encoding, skip, whole=len(head) == size, filename=filename)
    if layout.body_offset >= size:
        raise ImportRejected(filename, FileReason.ONLY_HEADER)
    refuse_many(measured.n_lines - layout.body_line + 1, filename)
    frame, ragged = _body(stream, layout, encoding, measured, filename, lambda n: tell(n / size))
    if all(is_blank(frame[name]).all() for name in frame.columns):
        raise ImportRejected(filename, FileReason.ONLY_HEADER)
    frame.columns = pd.Index(unique_names(layout.header))
    frame = _without_ghost_columns(frame, layout.header)
    return RawTable(
        sheet="",
        columns=tuple(frame.columns),
        frame=frame,
        header_line=layout.header_line,
        encoding=encoding,
        separator=layout.separator,
        preamble=layout.preamble,
        ragged=ragged,
        file=filename,
    )


def _decode_sample(head: bytes, encoding: str, filename: str) -> str:
    # The end of the sample may cut a character in two; the incremental decoder waits for the rest.
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError as error:
        raise ImportRejected(filename, FileReason.UNKNOWN_ENCODING, encoding) from error
    if "\0" in text:
        raise ImportRejected(filename, FileReason.NOT_TEXT, "nul")
    if not text.strip():
        raise ImportRejected(filename, FileReason.EMPTY_FILE)
    return text


def _refuse_markup(sample: str, filename: str) -> None:
    start = sample[:2000].lstrip().casefold()
    if re.match(r"<!doctype html|<html|<head|<body|<table|<\?xml[^>]*\?>\s*<(!doctype )?html", start):
        raise ImportRejected(filename, FileReason.HTML_PAGE)
    if re.match(r"<[?a-z!]", start):
        raise ImportRejected(filename, FileReason.XML_FILE)
    if re.match(r"[\[{]\s*[\"{\[]", start):
        raise ImportRejected(filename, FileReason.NOT_A_TABLE)


def _layout(sample: str, encoding: str, skip: int, *, whole: bool, filename: str) -> _Layout:
    lines = list(io.StringIO(sample, newline=""))
    if not whole and len(lines) > 1:
        lines.pop()
    # Excel's own first line "sep=;" is an instruction, no data.
    told = re.fullmatch(r'"?sep=(.)"?\s*', lines[0]) if lines else None
    start = 1 if told else 0
    best: tuple[tuple[float, int], _Layout] | None = None
    why = FileReason.NOT_A_TABLE
    for separator in told[1] if told else [each for each in SEPARATORS if each in sample]:
        rows, ends = _sample_rows(lines[start:], separator)
        at = _header_row(rows)
        if isinstance(at, FileReason):
            why = at if at is FileReason.NO_HEADER else why
            continue
        width = len(rows[at])
        later = [row for row in rows[at + 1 :] if row]
        fitting = 1 + sum(len(row) == width for row in later)
        if not told and fitting < 0.5 * (1 + len(later)):
            continue
        score = (float(fitting), width)
        if best is None or score > best[0]:
            read = lines[: start + ends[at]]
            layout = _Layout(
                separator=separator,
                header=rows[at],
                header_line=start + (ends[at - 1] if at else 0) + 1,
                body_line=len(read) + 1,
                body_offset=skip + len("".join(read).encode(encoding)),
                preamble=tuple(_title(row) for row in rows[:at] if any(cell.strip() for cell in row)),
            )
            best = (score, layout)
    if best is None:
        raise ImportRejected(filename, why)
    if len(best[1].header) > MAX_COLUMNS:
        raise ImportRejected(filename, FileReason.TOO_MANY_COLUMNS, str(len(best[1].header)))
    return best[1]


def _sample_rows(lines: list[str], separator: str) -> tuple[list[list[str]], list[int]]:
    """The sample's rows and, for each, the number of lines read when it ended."""
    reader = csv.reader(lines, delimiter=separator)
    rows: list[list[str]] = []
    ends: list[int] = []
    try:
        for row in reader:
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error:
        return [], []
    return rows, ends


_VALUE_LIKE = re.compile(r"[-+]?[\d.,/:\s%-]*\d[\d.,/:\s%-]*|\*+|<\s*\d+")


def _header_row(rows: list[list[str]]) -> int | FileReason:
    """Where the header stands: the first row as wide as the table. It has names, not figures."""
    filled = [sum(map(bool, map(str.strip, row))) for row in rows]
    widths = Counter(len(row) for row, n in zip(rows, filled, strict=True) if n >= 2)
    if not widths:
        return FileReason.NOT_A_TABLE
    if len({len(row) for row in rows}) == 1:
        # The rows of a sheet are padded to one width: what counts is how many cells are filled.
        widths = Counter(n for n in filled if n >= 2)
    usual = max(widths, key=lambda width: (widths[width], width))
    needed = usual if usual < 3 else math.ceil(0.6 * usual)
    for at, n in enumerate(filled[:_TITLE_ROWS]):
        if n < needed:
            continue
        names = [cell.strip()[:MAX_NAME] for cell in rows[at] if cell.strip()]
        n_values = sum(bool(_VALUE_LIKE.fullmatch(name)) for name in names)
        if n_values <= len(names) / 3:
            return at
        # "Schooljaar: | 2025-2026" above a narrow table is a title; a full row of figures is data without a header.
        if n == usual:
            return FileReason.NO_HEADER
    return FileReason.NOT_A_TABLE


def _title(row: list[str]) -> str:
    return " ".join(clean(cell) for cell in row if cell.strip())[:200]


def unique_names(header: Iterable[str]) -> list[str]:
    """Column names that are all different: a nameless one is "#3", a second "Score" in place 5 is "Score #5"."""
    names: list[str] = []
    for place, cell in enumerate(header, start=1):
        name = clean(cell)[:MAX_NAME]
        if not name or name in names:
            name = f"{name} #{place}".strip()
        while name in names:
            name += "'"
        names.append(name)
    return names


def _compact(frame: pd.DataFrame) -> pd.DataFrame:
    """Texts that repeat kept once: a column of a million rows and five levels takes 1 MB, not 14."""
    columns: dict[Any, Any] = {}
    for name in list(frame.columns):
        column = frame.pop(name)
        codes, texts = pd.factorize(column)
        repeats = _repeats(len(texts), len(column))
        columns[name] = pd.Categorical.from_codes(codes, categories=texts) if repeats else column.array
    return pd.DataFrame(columns, index=frame.index)


def _repeats(n_texts: int, n: int) -> bool:
    return 2 * n_texts <= n


def _without_ghost_columns(frame: pd.DataFrame, header: list[str]) -> pd.DataFrame:
    """Without the nameless and empty columns that separators at the end of a line leave behind."""
    nameless = [i for i, cell in enumerate(header) if not cell.strip()]
    ghosts = [i for i in nameless if is_blank(frame.iloc[:, i]).all()]
    return frame.iloc[:, [i for i in range(len(header)) if i not in ghosts]] if ghosts else frame


# --- text: the body -------------------------------------------------------------------------------------------


def _body(
    stream: BinaryIO,
    layout: _Layout,
    encoding: str,
    measured: _Measured,
    filename: str,
    tell: Callable[[int], None],
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    if encoding in ("utf-8", "cp1252"):
        try:
            frame = _plain_body(stream, layout, encoding, tell)
        except ValueError:
            # A blank line or rows of unequal length: the slower reader can say which.
            pass
        else:
            # One row a line: no line break inside a quote, no quote left open, no doubt about line numbers.
            if len(frame) == measured.n_lines - layout.body_line + 1:
                return frame, ()
            del frame
    return _careful_body(stream, layout, encoding, filename, tell)


def _plain_body(
    stream: BinaryIO, layout: _Layout, encoding: str, tell: Callable[[int], None]
) -> pd.DataFrame:
    stream.seek(layout.body_offset)
    pieces: list[pa.Table] = []
    while block := stream.read(_PIECE):
        block += stream.readline()
        # A quote that is open at the end of a piece holds a line break.
        if block.count(b'"') % 2:
            raise ValueError("a line break in a cell")
        pieces.append(_arrow(block, layout, encoding))
        tell(stream.tell())
    table = pa.concat_tables(pieces)
    lines = pd.RangeIndex(layout.body_line, layout.body_line + table.num_rows, name="line")
    columns = {name: _column(table[name]) for name in table.column_names}
    del pieces, table
    give_back(len(lines))
    return pd.DataFrame(columns, index=lines, copy=False)


# A column of texts as Arrow reads it: each different text once, and per row which one it is.
_TEXTS = pa.dictionary(pa.int32(), pa.string())


def _arrow(block: bytes, layout: _Layout, encoding: str) -> pa.Table:
    # Under names of our own Arrow takes our type and guesses nothing, so "007" stays "007".
    names = [f"f{i}" for i in range(len(layout.header))]
    return arrow_csv.read_csv(
        pa.BufferReader(block),
        read_options=arrow_csv.ReadOptions(column_names=names, block_size=_BLOCK, encoding=encoding),
        parse_options=arrow_csv.ParseOptions(delimiter=layout.separator, ignore_empty_lines=False),
        convert_options=arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, _TEXTS)),
    )


def _column(column: pa.ChunkedArray) -> Any:
    """Texts that repeat as categories of two bytes a row, others as texts."""
    chunks = column.unify_dictionaries().chunks
    texts = max((chunk.dictionary for chunk in chunks), key=len)
    codes = np.concatenate([chunk.indices.to_numpy().astype(code_type(len(texts))) for chunk in chunks])
    words = pd.Index(texts.to_pandas(), dtype="str")
    if _repeats(len(words), len(codes)):
        return pd.Categorical.from_codes(codes, categories=words)
    return words.array.take(codes)


def _careful_body(
    stream: BinaryIO, layout: _Layout, encoding: str, filename: str, tell: Callable[[int], None]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    stream.seek(layout.body_offset)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        return _csv_body(text, layout, filename, lambda: tell(stream.tell()))
    except UnicodeDecodeError as error:
        raise ImportRejected(filename, FileReason.UNKNOWN_ENCODING, encoding) from error
    finally:
        text.detach()


def _csv_body(
    text: io.TextIOWrapper, layout: _Layout, filename: str, tell: Callable[[], None]
) -> tuple[pd.DataFrame, tuple[int, ...]]:
    # A last line of our own shows whether a quote was left open: then it is swallowed by the row before it.
    reader = csv.reader(chain(text, [_END]), delimiter=layout.separator)
    width = len(layout.header)
    pieces: list[pd.DataFrame] = []
    ragged: list[int] = []
    before = layout.body_line
    last: list[str] = []
    try:
        while rows := list(_numbered(reader, _ROWS_AT_ONCE)):
            lines = [before, *(layout.body_line + end for end, _ in rows[:-1])]
            before = layout.body_line + rows[-1][0]
            cells = [row for _, row in rows]
            last = cells[-1]
            ragged += [
                line for line, row in zip(lines, cells, strict=True) if len(row) > width and any(row[width:])
            ]
            columns = list(islice(zip_longest(*cells), width))
            columns += [(None,) * len(cells)] * (width - len(columns))
            piece = _frame([list(column) for column in columns])
            piece.index = pd.Index(lines, name="line")
            pieces.append(piece)
            tell()
    except csv.Error as error:
        raise ImportRejected(filename, FileReason.OPEN_QUOTE, f"line {before}") from error
    if last != [_END]:
        raise ImportRejected(filename, FileReason.OPEN_QUOTE, f"line {int(pieces[-1].index[-1])}")
    return _compact(pd.concat(pieces).iloc[:-1]), tuple(ragged)


def _numbered(reader: Any, n: int) -> Iterator[tuple[int, list[str]]]:
    for row in islice(reader, n):
        yield reader.line_num, row


def _frame(columns: Sequence[Sequence[Any]], first_line: int = 0) -> pd.DataFrame:
    frame = pd.DataFrame({i: pd.Series(list(column), dtype="str") for i, column in enumerate(columns)})
    frame.index = pd.RangeIndex(first_line, first_line + len(frame), name="line")
    return frame
