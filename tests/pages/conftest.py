"""What every test of a page needs."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from streamlit.components.v2 import manifest_scanner

from qualitycycle import i18n


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Speak Dutch again afterwards: AppTest asks widgets for their labels outside the script, so tests speak too."""
    yield
    i18n.use(i18n.DEFAULT)


@pytest.fixture(autouse=True)
def made_before(tmp_path: Path, empty_file: Path) -> None:
    """A school of a test's own begins with a file that is there: making one takes longer than drawing most pages."""
    shutil.copy(empty_file, tmp_path)


@pytest.fixture(scope="session", autouse=True)
def _looked_through_once() -> Iterator[None]:
    """For each new AppTest Streamlit reads what is installed: always the same, and slower than drawing a page."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        yield
