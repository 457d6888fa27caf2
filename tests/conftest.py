"""Fixtures that more than one room needs. What one room needs stands in its own conftest."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path

import pytest

from qualitycycle.store.connect import Store, open_store
from tests import browser

# What takes longest starts first, so that no core idles at the end of a run that shares files out over cores.
LONGEST_FIRST = ("journeys", "pages", "server")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_place)


def pytest_make_parametrize_id(val: object) -> str | None:
    """A file is named by its size: a packed one holds the second it was made, and two processes name it twice."""
    return f"{len(val)}-bytes" if isinstance(val, bytes) else None


def _place(item: pytest.Item) -> int:
    rooms = [room for room in LONGEST_FIRST if room in item.path.parent.parts]
    return LONGEST_FIRST.index(rooms[0]) if rooms else len(LONGEST_FIRST)


@pytest.fixture(autouse=True, scope="module")
def dutch_again() -> Iterator[None]:
    """Whatever language the tests of a file spoke, those of the next begin in Dutch."""
    from qualitycycle import i18n

    yield
    i18n.use(i18n.DEFAULT)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., browser.Served]]:
    """Start the real program: `serve()`, `serve(env={"QUALITYCYCLE_DEMO": "1"})`, `serve("qualitycycle", "run")`."""
    with ExitStack() as running:

        def start(
            *arguments: str, folder: Path | None = None, env: dict[str, str] | None = None
        ) -> browser.Served:
            return running.enter_context(browser.serve(folder or tmp_path / "school", *arguments, env=env))

        yield start


@pytest.fixture(scope="session")
def one_chromium() -> Iterator[browser.Chromium]:
    """One browser process per test run; tests take `chromium`."""
    if browser.chromium_path() is None:
        missing = "no Chromium on this computer: looked for " + ", ".join(browser.CHROMIUM_NAMES)
        # On CI a browser is part of the promise; elsewhere the other tests still say something.
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    with browser.open_chromium() as opened:
        yield opened


@pytest.fixture
def chromium(one_chromium: browser.Chromium) -> Iterator[browser.Chromium]:
    """A browser with fresh profiles. The test fails when a page asks for anything outside this computer."""
    one_chromium.left.clear()
    one_chromium.said.clear()
    # A profile that tests of one file share was there before.
    shared = list(one_chromium.browser.contexts)
    yield one_chromium
    for context in one_chromium.browser.contexts:
        if context not in shared:
            context.close()
    refused = [line for line in one_chromium.said if "Content Security Policy" in line]
    assert one_chromium.left == [], "a page reached outside this computer"
    assert refused == [], "the browser refused something our own headers forbid"


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file of today's schema in which nothing stands yet: to copy it takes a tenth of making one."""
    store = open_store(tmp_path_factory.mktemp("empty_file"))
    store.checkpoint()
    store.close()
    return store.path


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """The example school as of 22 November 2026; only for looking at."""
    from qualitycycle.cycle import demo

    store = open_store(tmp_path_factory.mktemp("example"))
    demo.fill(store, today=date(2026, 11, 22))
    yield store
    store.close()


@pytest.fixture
def example_folder(example: Store, tmp_path: Path) -> Path:
    """A copy of the example school's folder, for a program to run on."""
    return copy_school(example, tmp_path / "example")


def copy_school(store: Store, folder: Path) -> Path:
    """Copy an open school, for a program to run on."""
    with store.cursor() as con:
        con.execute("CHECKPOINT")
    folder.mkdir()
    for name in (store.path.name, store.path.with_suffix(".key").name):
        shutil.copy(store.path.parent / name, folder / name)
    return folder
