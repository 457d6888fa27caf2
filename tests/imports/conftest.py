"""A small world for imports: a pseudonym that shows what it got, a table from a few lines, the Inspectie's file."""

from __future__ import annotations

from pathlib import Path

import pytest

from qualitycycle.imports import inspectie

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "tests" / "data" / "imports"
SHARED = ROOT.parent / "shared" / "reference" / "imports"
INSPECTIE_FILE = SHARED / "open_data_po" / "leerresultaten_po_2023_2025.ods"


@pytest.fixture(scope="session")
def open_data():
    if not INSPECTIE_FILE.exists():
        pytest.skip("the Inspectie's file is not part of this repository: see shared/reference/imports")
    return inspectie.read_open_data(INSPECTIE_FILE)
