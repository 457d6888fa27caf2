"""The columns of open data with a line per school location: CSV, Excel or Parquet, in DUO's names of any year."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import fields
from qualitycycle.imports.files import FileReason, RawTable

PARQUET = b"PAR1"
MAX_BYTES = 200 * 1024**2
# All school locations of the country over forty years.
MAX_ROWS = 500_000


def bare(column: str) -> str:
    """A column's name as it is compared: capitals, single spaces, no marks around it, no point or underscore."""
    # DUO's own file has a byte-order mark inside the quotes of its first name; "GEM.", "GEM " and "_" come and go.
    text = re.sub(r"[._]", " ", column.replace("ï»¿", "").replace("\ufeff", ""))
    return re.sub(r"^\W+|\W+$", "", fields.clean(text)).upper()


def column(table: RawTable, *names: str) -> pd.Series[str]:
    """The cells under the first of these names that the table has; empty texts when it has none."""
    own = next((own for name in names for own in table.columns if bare(own) == name), None)
    if own is None:
        return pd.Series("", index=table.frame.index, dtype="str")
    return table.frame[own].astype(object).fillna("").map(fields.clean).astype("str")


def proper_names(table: RawTable, *columns: str) -> pd.Series[str]:
    """The names under the first of these columns, as they are really written."""
    return column(table, *columns).map(_unmangled).astype("str")


def _unmangled(text: str) -> str:
    # DUO's files hold names that were written as UTF-8 and read as Windows-1252: "HaÃ«" for "Haë".
    try:
        return text if text.isascii() else text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return text


def codes(table: RawTable) -> pd.Series[str]:
    """Per line the location: the school's four signs and the location's two digits, as in "00AP01"."""
    school = column(table, "INSTELLINGSCODE", "BRIN NUMMER").str.upper()
    location = column(table, "VESTIGINGSCODE", "BRINVESTIGINGSNUMMER", "VESTIGINGSNUMMER")
    return (school + location.str[-2:].str.zfill(2)).astype("str")


def is_parquet(stream: BinaryIO) -> bool:
    """Whether the content is Parquet."""
    stream.seek(0)
    return stream.read(4) == PARQUET


def parquet_names(stream: BinaryIO, filename: str) -> list[str]:
    """The names of the columns of a Parquet file.

    Raises
    ------
    ImportRejected : damaged.
    """
    stream.seek(0)
    try:
        names: list[str] = pq.read_schema(stream).names
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise ImportRejected(filename, FileReason.DAMAGED_PARQUET, type(error).__name__) from error
    return names


def parquet(stream: BinaryIO, filename: str, wanted: Callable[[str], bool]) -> RawTable:
    """The columns of a Parquet file of which the bare name is wanted, as texts.

    Raises
    ------
    ImportRejected : damaged or too large.
    """
    if stream.seek(0, 2) > MAX_BYTES:
        raise ImportRejected(filename, FileReason.TOO_LARGE, str(stream.tell()))
    names = [name for name in parquet_names(stream, filename) if wanted(bare(name))]
    stream.seek(0)
    try:
        # A text that is written once and pointed to a million times stays one text.
        file = pq.ParquetFile(stream, read_dictionary=names)
        if file.metadata.num_rows > MAX_ROWS:
            raise ImportRejected(filename, FileReason.TOO_LARGE, str(file.metadata.num_rows))
        table = file.read(columns=names)
        # Text that is none, and columns of lists or with one name, come out only here.
        frame = pd.DataFrame({bare(name): _texts(table.column(name)) for name in names})
    except (pa.ArrowException, OSError, ValueError, TypeError, KeyError, MemoryError) as error:
        raise ImportRejected(filename, FileReason.DAMAGED_PARQUET, type(error).__name__) from error
    # Counted as in the CSV of the same data: the header is line 1.
    frame.index = pd.RangeIndex(2, table.num_rows + 2)
    return RawTable("", tuple(frame.columns), frame, 1, file=filename)


def _texts(cells: pa.ChunkedArray) -> pd.Series[str]:
    places, known = pd.factorize(cells.to_pandas())
    short = [_text(one)[: fields.MAX_TEXT] for one in known]
    return pd.Series(np.array([*short, ""], dtype=object)[places], dtype="str")


def _text(cell: object) -> str:
    # Twelve candidates are 12.0 in a column of numbers in which another school's are hidden.
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
