"""What every test of a page needs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from qualitycycle import i18n


@pytest.fixture(autouse=True)
def dutch() -> Iterator[None]:
    """Speak Dutch again afterwards: AppTest asks widgets for their labels outside the script, so tests speak too."""
    yield
    i18n.use(i18n.DEFAULT)
