"""Files of others in: a clean frame and the refused rows, each with its reason. Nothing here writes."""

from __future__ import annotations

import csv
import io
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import (
    archives,
    edexml,
    inspectie,
    locations,
    oneroster,
    open_lines,
    oso,
    workbooks,
    xml,
)
from qualitycycle.imports.files import SEPARATORS, Container, Content, FileReason, container, opened

__all__ = ["Kind", "recognise"]

_HEADER_BYTES = 64 * 1024


class Kind(StrEnum):
    """What a file is, so that the screen knows which way in it takes."""

    TABLE = "table"
    INSPECTIE = "inspectie_ods"
    OSO = "oso"
    OSO_FILES = "oso_files"
    EDEXML = "edexml"
    ONEROSTER = "oneroster"
    LEVELS = "duo_reference_levels"
    EXAMS = "duo_exams"
    WEIGHTING = "school_weighting"
    ZIP = "zip"


def recognise(content: Content, filename: str) -> Kind:
    """What the content is, whatever the file is called; a `table` may still turn out to have none.

    Raises
    ------
    ImportRejected : the content is empty, binary, a workbook that cannot be opened, or XML that nobody here reads.
    """
    if isinstance(content, Path) and content.is_dir():
        if oneroster.is_one_roster(file.name.casefold() for file in content.iterdir()):
            return Kind.ONEROSTER
        raise ImportRejected(filename, FileReason.UNKNOWN_FOLDER)
    with opened(content) as stream:
        if open_lines.is_parquet(stream):
            # Which open data it is not, its reader says.
            return Kind(locations.holds(open_lines.parquet_names(stream, filename)) or Kind.LEVELS)
        if container(stream, filename) is Container.TEXT:
            return _of_text(stream, filename)
        if oneroster.is_one_roster(archives.names_in(stream)):
            return Kind.ONEROSTER
        if oso.is_in(stream):
            return Kind.OSO_FILES
        if archives.holds_tables(stream):
            return Kind.ZIP
        try:
            found = workbooks.find_rows(stream, lambda cells: _of_header(cells) is not None)
        except workbooks.Refusal as refusal:
            raise ImportRejected(filename, FileReason(refusal.reason), refusal.detail) from refusal
        header = None if found is None else _of_header([workbooks.cell_text(cell) for cell in found[1][0]])
        return header or Kind.TABLE


def _of_header(cells: list[str]) -> Kind | None:
    if inspectie.is_header(cells):
        return Kind.INSPECTIE
    holds = locations.holds(cells)
    return None if holds is None else Kind(holds)


def _of_text(stream: BinaryIO, filename: str) -> Kind:
    if xml.is_markup(stream):
        return _of_xml(stream, filename)
    stream.seek(0)
    head = stream.read(_HEADER_BYTES).decode("utf-8", errors="replace")
    first = _first_row(head)
    if oneroster.is_one_of(first):
        raise ImportRejected(filename, oneroster.ONE_OF_SEVERAL)
    holds = locations.holds(first)
    return Kind.TABLE if holds is None else Kind(holds)


def _first_row(head: str) -> list[str]:
    """The cells of the first row, with a line break inside a name or not."""
    separator = max(SEPARATORS, key=head.partition("\n")[0].count)
    try:
        return next(csv.reader(io.StringIO(head.lstrip("\ufeff")), delimiter=separator), [])
    except csv.Error:
        return []


def _of_xml(stream: BinaryIO, filename: str) -> Kind:
    root = xml.root_of(stream, filename)
    if oso.is_root(root):
        return Kind.OSO
    if root.name == edexml.ROOT:
        return Kind.EDEXML
    raise ImportRejected(filename, FileReason.UNKNOWN_XML, root.name[:80])
