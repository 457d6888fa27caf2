"""What may never be kept of a sample, taken from the sample itself, and where it can be looked for."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
from lxml import etree

from qualitycycle.imports import edexml, oso

# Shorter texts stand in any file by chance: they are looked for in cells, and the shortest nowhere.
MIN_BYTES = 6
MIN_CELL = 4
# Columns of a table about a person, whatever the readers think of them.
_PERSONAL = re.compile(
    r"leerlingnummer|achternaam|geboorte|opmerking|name|mail|sourcedid|userid|identifier|phone|sms|birth|sex|ext_"
    r"|address|metadata|comment",
    re.IGNORECASE,
)
_EMPTY = re.compile(rb"\0{16,}")
_KEYS = {f"dossier/huidigeschool/leerling/{name}" for name in ("leerlingid",)}


def of_xml(file: Path, paths: tuple[str, ...]) -> tuple[set[str], set[str]]:
    """The texts and attributes that stand outside the paths a reader asks for, and those that stand in them."""
    forbidden: set[str] = set()
    kept: set[str] = set()
    tree = etree.parse(str(file), etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in tree.getroot().iter(tag=etree.Element):
        names = [etree.QName(one).localname for one in (element, *element.iterancestors())]
        path = "/".join(reversed(names))
        text = " ".join((element.text or "").split())
        (kept if path in paths and path not in _KEYS else forbidden).add(text)
        if "leerling" in names or "leerkracht" in names:
            forbidden |= {str(value) for value in element.attrib.values()}
    return _told(forbidden - kept), _told(kept)


def of_table(text: str, separator: str) -> set[str]:
    """The cells of a table's columns about a person; its header is the first row with one of them."""
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator))
    at = next(
        (n for n, row in enumerate(rows) if sum(bool(_PERSONAL.search(cell)) for cell in row) > 0), None
    )
    if at is None:
        return set()
    places = [n for n, cell in enumerate(rows[at]) if _PERSONAL.search(cell)]
    # What a column is called may be said, so that a school sees that it was left out.
    called = set(rows[at])
    return _told(
        {row[place].strip() for row in rows[at + 1 :] for place in places if place < len(row)} - called
    )


def of_sample(file: Path) -> tuple[set[str], set[str]]:
    """What may never be kept of a sample, and what of it may."""
    if file.is_dir():
        # What is shown of a group is its class; the keys of classes mean nothing to anybody.
        tables = [
            one for one in sorted(file.iterdir()) if one.stem in ("users", "demographics", "enrollments")
        ]
        found = [of_table(one.read_text(encoding="utf-8-sig"), ",") for one in tables]
        return set().union(*found), set()
    if file.suffix == ".xml":
        is_oso = b"oso_gegevensset" in file.read_bytes()[:4096]
        return of_xml(file, oso.PATHS if is_oso else edexml.PATHS)
    encoding = "cp1252" if "cp1252" in file.name else "utf-8-sig"
    return of_table(file.read_text(encoding=encoding), ";"), set()


def _told(texts: set[str]) -> set[str]:
    # The first and the last day of a school year are nobody's.
    return {text for text in texts if len(text) >= MIN_CELL and not text.endswith(("-07-31", "-08-01"))}


# --- where to look ---------------------------------------------------------------------------------------


def anywhere(forbidden: set[str], folder: Path) -> set[str]:
    """The texts that are found in the files of a folder, as bytes or in a table."""
    return in_bytes(forbidden, folder) | in_cells(forbidden, folder)


def in_bytes(forbidden: set[str], folder: Path) -> set[str]:
    """The texts that stand in the bytes of any file, in one of the ways a program writes text."""
    # A database is mostly room that is not used.
    files = {_EMPTY.sub(b"\0", file.read_bytes()) for file in folder.rglob("*") if file.is_file()}
    return {
        text
        for text in forbidden
        if len(text) >= MIN_BYTES and any(way in held for way in _ways(text) for held in files)
    }


def _ways(text: str) -> set[bytes]:
    # A very long text, such as a document inside a dossier, is known by how it begins.
    return {text[:60].encode(encoding, errors="ignore") for encoding in ("utf-8", "cp1252", "utf-16-le")}


def in_cells(forbidden: set[str], folder: Path) -> set[str]:
    """The texts that are a cell of any table of any database; long ones also when they are a part of one.

    A database packs its texts, so that the bytes alone may not show them.
    """
    # One with a log beside it is read by its bytes alone: to open it would change it.
    files = [file for file in folder.rglob("*.duckdb") if not file.with_name(f"{file.name}.wal").exists()]
    cells = {text for file in files for text in _cells(file)}
    whole = "\n".join(cells)
    quoted = {text for text in forbidden if f'"{text}"' in whole}
    return quoted | {
        text for text in forbidden if text in cells or (len(text) >= MIN_BYTES and text in whole)
    }


def _cells(file: Path) -> Iterator[str]:
    with duckdb.connect(str(file), read_only=True) as con:
        columns = con.execute(
            "SELECT table_name, column_name FROM information_schema.columns WHERE data_type IN ('VARCHAR', 'JSON')"
        ).fetchall()
        for table, column in columns:
            # The names are the database's own.
            rows = con.execute(f'SELECT DISTINCT "{column}" FROM "{table}"').fetchall()  # noqa: S608
            yield from (str(row[0]) for row in rows if row[0] is not None)
