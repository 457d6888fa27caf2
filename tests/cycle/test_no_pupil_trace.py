"""Nothing about a pupil is in database, log of the database, backup, export or log, whatever sample was read in."""

from __future__ import annotations

import logging
import shutil
import zipfile
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from qualitycycle.cycle import import_files, import_preview, upkeep
from qualitycycle.errors import ImportRejected
from qualitycycle.imports import edexml, oneroster, oso
from qualitycycle.store.connect import open_store
from tests.cycle import forbidden
from tests.cycle.conftest import set_up
from tests.imports.conftest import SAMPLES, SHARED

ROOT = SAMPLES.parents[2]
OWN = (
    SAMPLES / "oso_dossier.xml",
    SAMPLES / "edexml_groepen.xml",
    SAMPLES / "oneroster",
    SAMPLES / "titels_cp1252.csv",
    ROOT / "data" / "voorbeeld_lvs.csv",
)
OFFICIAL = (
    *sorted((SHARED / "oso2019").glob("*.xml")),
    SHARED / "edexml21" / "EDEXML.Voorbeeld.2.1.xml",
    SHARED / "edexml20_lvs" / "EDEXML.Voorbeeld.LVS_toevoeging.xml",
    SHARED / "oneroster11",
)


def read_in(world, samples, folder):
    """Every sample in a zip and as it is, the dossiers in a zip of their own; the ones that are refused too."""
    zips = [
        packed(folder / "tables.zip", [file for file in samples if file.suffix == ".csv"]),
        packed(folder / "dossiers.zip", [file for file in samples if file.suffix == ".xml"]),
    ]
    stored = 0
    for file in (*zips, *zips, *samples):
        try:
            stored += import_files.import_file(world.store, world.leader, file).accepted
        except ImportRejected as rejected:
            logging.getLogger("qualitycycle").warning("%s", rejected.reason)
    for file in zips:
        file.unlink()
    return stored


def packed(path, files):
    with zipfile.ZipFile(path, "w") as archive:
        for n, file in enumerate(files):
            archive.writestr(f"{n}{file.suffix}", file.read_bytes())
    return path


def copies(world, folder, log):
    """The school's folder with the database's log, and after a checkpoint; a backup, an export, the program's log."""
    shutil.copytree(world.store.path.parent, folder / "open")
    world.store.rows("CHECKPOINT")
    shutil.copytree(world.store.path.parent, folder / "after")
    upkeep.export(world.store, world.leader, folder / "export")
    upkeep.back_up(world.store, world.leader, folder / "backup")
    (folder / "qualitycycle.log").write_text(log, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory):
    """A school before any sample is read in, closed, and who its leader is."""
    folder = tmp_path_factory.mktemp("before")
    with closing(open_store(folder)) as store:
        world = set_up(store, "Zoekschool", {"Team": 5}, "2025-2026", date(2025, 8, 18), date(2026, 7, 3))
        store.rows("CHECKPOINT")
    return folder, world


@pytest.fixture
def search(before, tmp_path, caplog):
    return partial(_search, before, tmp_path, caplog)


def _search(before, folder, caplog, samples):
    """What must not be kept of the samples, and what of it is found."""
    caplog.set_level(logging.DEBUG)
    start, world = before
    shutil.copytree(start, folder / "school")
    (folder / "later").mkdir()
    with closing(open_store(folder / "school")) as store:
        here = replace(world, store=store)
        assert read_in(here, samples, folder)
        copies(here, folder / "later", caplog.text)
    parts = [forbidden.of_sample(file) for file in samples]
    kept = set().union(*(own for _, own in parts))
    # What was left out is named, by what a format calls it.
    kept |= {name for one in (oso, edexml, oneroster) for name, _drop in one.LEFT_OUT}
    never = {text for text in set().union(*(own for own, _ in parts)) if not any(text in one for one in kept)}
    # What stood there before any sample was read came from elsewhere.
    never -= forbidden.anywhere(never, start)
    return never, forbidden.anywhere(never, folder / "later")


def test_nothing_forbidden_of_any_own_sample_is_kept(search):
    never, found = search(OWN)

    # The search knows what it looks for: numbers, names, dates, homes and pupils' own keys.
    for text in (
        "111222333",
        "Geheimachternaam",
        "2014-02-03",
        "Geheimdiagnose",
        "4711",
        "4101",
        "geheim0@school.nl",
    ):
        assert text in never
    assert found == set()


def test_nothing_forbidden_of_any_official_example_is_kept(search):
    if not all(file.exists() for file in OFFICIAL) or len(OFFICIAL) < 6:
        pytest.skip("the official examples are not part of this repository: see shared/reference/imports")

    never, found = search(OFFICIAL)

    for text in ("269326728", "Björn", "2003-03-17", "Hoofdstraat", "ADHD/ADD met medicijnen", "padurariu"):
        assert text in never
    assert found == set()


# --- a search that finds nothing must be able to find something -----------------------------------------------


def _keeps_numbers(monkeypatch):
    monkeypatch.setattr(import_preview, "pseudonym", lambda secret, pupil: pupil)


def _keeps_names(monkeypatch):
    read = oso.read

    def naive(stream, filename):
        table = read(stream, filename)
        return replace(table, frame=table.frame.assign(groepsnaam="Geheimachternaam"))

    monkeypatch.setattr(oso, "read", naive)


def _logs_what_it_reads(monkeypatch):
    read = import_preview.read_tables

    def naive(*arguments):
        tables = read(*arguments)
        logging.getLogger("qualitycycle").debug("%s", tables[0].frame.to_csv())
        return tables

    monkeypatch.setattr(import_preview, "read_tables", naive)


@pytest.mark.parametrize(
    ("plant", "expected"),
    [
        (_keeps_numbers, {"4711", "4101"}),
        (_keeps_names, {"Geheimachternaam"}),
        (_logs_what_it_reads, {"1-2-2015"}),
    ],
)
def test_a_reader_that_keeps_something_is_found_out(search, monkeypatch, plant, expected):
    plant(monkeypatch)

    _never, found = search(OWN)

    assert found >= expected
