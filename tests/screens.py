"""Screenshots of every page at both sizes in both languages: `python -m tests.screens [FOLDER]`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

from qualitycycle.ui import navigation
from tests import browser

ROOT = Path(__file__).parent.parent
FOLDER = Path(__file__).parent / "screens"
SIZES = {"laptop": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}
LANGUAGES = ("nl", "en")
# What the README shows; the other pictures are for looking at and stay out of git.
IN_README = (
    "this_week-nl-laptop",
    "meeting-nl-laptop",
    "goal-nl-laptop",
    "thread-nl-laptop",
    "results-nl-laptop",
    "matrix-en-laptop",
    "answer-nl-phone",
)


def take(folder: Path) -> list[Path]:
    """Start the example school, walk through every page and save a picture of each."""
    folder.mkdir(parents=True, exist_ok=True)
    made: list[Path] = []
    with tempfile.TemporaryDirectory() as data:
        demo = browser.serve(Path(data) / "school", env={"QUALITYCYCLE_DEMO": "1"})
        with demo as served, browser.open_chromium() as chromium:
            for language in LANGUAGES:
                for size, viewport in SIZES.items():
                    page = chromium.page(served.url, viewport=viewport, locale=f"{language}-NL")
                    for name in walk(page, served.url, language):
                        stem = f"{name}-{language}-{size}"
                        path = folder / f"{'readme-' if stem in IN_README else ''}{stem}.png"
                        page.screenshot(path=path)
                        made.append(path)
                    page.context.close()
    return made


def walk(page: Page, url: str, language: str) -> Iterator[str]:
    """Open every page in turn and yield its name; a page about one thing shows the first there is."""
    for entry in navigation.ENTRIES:
        if entry.hidden:
            found = first_address(page, url, language, entry.name)
            if found is None:
                continue
            page.goto(found)
        else:
            page.goto(address(url, "" if entry.file == navigation.START else entry.name, language))
        browser.settle(page)
        page.wait_for_timeout(500)
        yield entry.name


def address(url: str, name: str, language: str) -> str:
    return f"{url}/{name}?lang={language}"


def first_address(page: Page, url: str, language: str, name: str) -> str | None:
    """The address of the first goal or action that the program itself links to."""
    browser.turn_to(page, address(url, f"{name}s", language))
    links = page.locator(f'a[href*="{name}?{name}="]')
    href = links.first.get_attribute("href") if links.count() else None
    return f"{url}/{href.lstrip('/')}&lang={language}" if href else None


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else FOLDER
    for path in take(folder):
        print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
