"""What is fuzzed: each reader with its samples, how they are spoiled, and the whole way a file takes through it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from qualitycycle.errors import ImportRejected
from qualitycycle.imports import Kind, edexml, inspectie, locations, oneroster, oso, recognise, zips
from qualitycycle.imports.files import FileReason, RawTable, read_tables
from qualitycycle.imports.mapping import suggest_mapping
from qualitycycle.imports.outcomes import read_outcomes
from qualitycycle.imports.rosters import Roster
from tests.fuzz import mutations
from tests.fuzz.mutations import Mutate
from tests.imports.conftest import SAMPLES, SHARED
from tests.imports.made import workbook

ROOT = SAMPLES.parents[2]


@dataclass(frozen=True)
class Reader:
    """Samples by the thunks that make them, and how each is spoiled."""

    samples: tuple[Callable[[], bytes], ...]
    spoil: tuple[Mutate, ...]


def run(content: bytes) -> None:
    """Read a file as the program does, from its first bytes to canonical rows; what it cannot read it must refuse."""
    try:
        _read(content)
    except ImportRejected as rejected:
        assert rejected.reason in set(FileReason), rejected.reason


def _read(content: bytes) -> None:
    kind = recognise(content, "bestand")
    if kind is Kind.OSO:
        _rows(oso.read(io.BytesIO(content), "bestand"), told=True)
    elif kind is Kind.OSO_FILES:
        _rows(oso.read_all(content, "bestand"), told=True)
    elif kind is Kind.EDEXML:
        _groups(edexml.read(io.BytesIO(content), "bestand"))
    elif kind is Kind.ONEROSTER:
        found = oneroster.read(content, "bestand")
        _groups(found) if isinstance(found, Roster) else _rows(found, told=True, mapping=oneroster.MAPPING)
    elif kind is Kind.INSPECTIE:
        data = inspectie.read_open_data(content, "bestand")
        for school in inspectie.list_schools(data)[:5]:
            own = inspectie.read_school(data, school.ovt)
            if not isinstance(own, list):
                own.to_outcomes()
    elif kind in (Kind.LEVELS, Kind.EXAMS, Kind.WEIGHTING):
        _locations(content)
    elif kind is Kind.ZIP:
        _zip(content)
    else:
        for table in read_tables(content, "bestand"):
            _rows(table, told=False)


def _zip(content: bytes) -> None:
    only = zips.only_file(content, "bestand")
    if only is not None:
        _read(only[0])
        return
    found = zips.read(content, "bestand")
    assert {one.reason for one in found.unread} <= set(FileReason)
    assert len({table.sheet for table in found.tables}) == len(found.tables)
    for table in found.tables:
        _rows(table, told=False)


def _locations(content: bytes) -> None:
    data = locations.read(content, "bestand-2024-2025.csv")
    for school in locations.schools(data)[:5]:
        try:
            own = locations.own(data, school.ovt)
        except ImportRejected as rejected:
            # One location's own line, and no other's.
            assert rejected.reason == FileReason.FIGURE_UNREADABLE
            continue
        if not isinstance(own, list) and (own.levels or own.exams):
            locations.to_outcomes(own)


def _groups(found: Roster) -> None:
    assert found.groups
    assert all(group.n_pupils >= 0 for group in found.groups)


def _rows(table: RawTable, *, told: bool, mapping=oso.MAPPING) -> None:
    mapping = mapping if told else suggest_mapping(table)
    result = read_outcomes(table, mapping, pseudonym=lambda key: f"p-{key}")
    counts = result.counts
    # Every row is stored, refused or empty: nothing is lost.
    assert counts.rows == counts.accepted + counts.refused + counts.blank
    assert (len(result.accepted), len(result.refused)) == (counts.accepted, counts.refused)


# --- samples ---------------------------------------------------------------------------------------------


def _file(path: Path) -> Callable[[], bytes]:
    return path.read_bytes


def _files(*paths: Path) -> tuple[Callable[[], bytes], ...]:
    return tuple(_file(path) for path in paths if path.exists())


def _zipped(files: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, held in files.items():
            archive.writestr(name, held)
    return made.getvalue()


@cache
def _dossiers() -> bytes:
    one = (SAMPLES / "oso_dossier.xml").read_bytes()
    return _zipped({"1.xml": one, "2.xml": one.replace(b"4711", b"4712")})


@cache
def _one_roster() -> bytes:
    return _zipped({file.name: file.read_bytes() for file in (SAMPLES / "oneroster").iterdir()})


@cache
def _groups_only() -> bytes:
    files = {file.name: file.read_bytes() for file in (SAMPLES / "oneroster").iterdir()}
    return _zipped(
        {name: held for name, held in files.items() if name not in ("lineItems.csv", "results.csv")}
    )


@cache
def _excel() -> bytes:
    lines = (ROOT / "data" / "voorbeeld_lvs.csv").read_text(encoding="utf-8-sig").splitlines()[:40]
    rows = [line.split(";") for line in lines]
    numbers = [
        [float(cell.replace(",", ".")) if cell.count(",") == 1 else cell for cell in row] for row in rows
    ]
    return workbook({"Toetsen": numbers, "Leeg": [], "Toelichting": [["Gemaakt voor dit project"]]})


_CONTENT = """<?xml version="1.0" encoding="{encoding}"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2">
<office:body><office:spreadsheet>{sheets}</office:spreadsheet></office:body></office:document-content>"""
_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
<manifest:file-entry manifest:full-path="/"
 manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>"""


def ods(sheets: dict[str, list[list[str]]], *, encoding: str = "UTF-8") -> bytes:
    """A small ods, with an empty end as an office writes it."""
    told = "".join(
        f'<table:table table:name="{name}">'
        + "".join(f"<table:table-row>{''.join(map(_cell, row))}</table:table-row>" for row in rows)
        + '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
        ' table:number-columns-repeated="1000"/></table:table-row></table:table>'
        for name, rows in sheets.items()
    )
    return _zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": _CONTENT.format(sheets=told, encoding=encoding).encode(),
            "META-INF/manifest.xml": _MANIFEST.encode(),
        }
    )


def _cell(text: str) -> str:
    number = text.replace(",", ".")
    if number.replace(".", "", 1).isdigit():
        return (
            f'<table:table-cell office:value-type="float" office:value="{number}"><text:p>{text}</text:p>'
            "</table:table-cell>"
        )
    return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


@cache
def _office() -> bytes:
    lines = (ROOT / "data" / "voorbeeld_lvs.csv").read_text(encoding="utf-8-sig").splitlines()[:40]
    return ods({"Toetsen": [line.split(";") for line in lines]})


@cache
def _files_in_one() -> bytes:
    table = (ROOT / "data" / "voorbeeld_lvs.csv").read_bytes().splitlines(keepends=True)
    titles = (SAMPLES / "titels_cp1252.csv").read_bytes()
    return _zipped(
        {
            "map/toetsen.csv": b"".join(table[:40]),
            "titels.csv": titles,
            "w.xlsx": _excel(),
            "b.pdf": b"%PDF-1.7 x",
        }
    )


@cache
def _weightings() -> bytes:
    header = ["OVT", "Naam", "Plaats", "Schoolweging", "Spreiding"]
    row = ["99ZZ|C1", "Noord", "Ergens", "31,47", "6,2"]
    return ods({"Toelichting": [["Schoolweging"]], "2023-2024": [header, row], "2024-2025": [header, row]})


_XML = (mutations.of_bytes, mutations.of_lines)
_TEXT = (mutations.of_bytes, mutations.of_lines, mutations.of_lines)
READERS: dict[str, Reader] = {
    "oso": Reader(
        _files(SAMPLES / "oso_dossier.xml", *sorted((SHARED / "oso2019").glob("*_full.xml"))), _XML
    ),
    "oso_zip": Reader((_dossiers,), (mutations.of_zip(mutations.of_bytes),)),
    "edexml": Reader(
        _files(SAMPLES / "edexml_groepen.xml", SHARED / "edexml21" / "EDEXML.Voorbeeld.2.1.xml"), _XML
    ),
    "oneroster": Reader((_one_roster, _groups_only), (mutations.of_zip(mutations.of_lines),)),
    "xlsx": Reader((_excel,), (mutations.of_zip(mutations.of_bytes),)),
    "ods": Reader((_office,), (mutations.of_zip(mutations.of_bytes),)),
    "zip": Reader(
        (_files_in_one,), (mutations.of_zip(mutations.of_bytes), mutations.of_zip(mutations.of_lines))
    ),
    "weighting": Reader((_weightings,), (mutations.of_zip(mutations.of_bytes),)),
    "csv": Reader(
        _files(
            ROOT / "data" / "voorbeeld_lvs.csv",
            SAMPLES / "titels_cp1252.csv",
            SAMPLES / "groepsgemiddelden.csv",
        ),
        _TEXT,
    ),
    "open_data": Reader(
        _files(
            *(
                SAMPLES / f"duo_{name}.csv"
                for name in (
                    "referentieniveaus",
                    "examens_vijf_jaar",
                    "examens_2024-2025",
                    "examencijfers_vwo",
                )
            )
        ),
        _TEXT,
    ),
}


def read_as_they_are(name: str) -> None:
    """Read every sample of a reader unspoiled: a sample that is refused as it is would test nothing."""
    for sample in READERS[name].samples:
        _read(sample())
