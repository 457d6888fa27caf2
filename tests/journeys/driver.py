"""Using the program as a person does: fill, choose, click, go on. Parts are found by their key, in any language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Download, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser import settle, turn_to


@dataclass
class Driver:
    """One browser page on a running program."""

    page: Page
    url: str
    language: str

    @property
    def port(self) -> int:
        return int(self.url.rsplit(":", 1)[1])

    def part(self, key: str) -> Locator:
        """The element that a page gave this key; a * stands for an id that only the program knows."""
        pieces = [re.sub(r"[^a-zA-Z0-9_-]", "-", piece) for piece in key.split("*")]
        if len(pieces) == 1:
            return self.page.locator(f".st-key-{pieces[0]}").first
        wanted = "".join(f'[class*="{piece}"]' for piece in [f"st-key-{pieces[0]}", *pieces[1:]] if piece)
        return self.page.locator(wanted).first

    def go(self, name: str = "", **query: str) -> None:
        """Go to a page as its menu entry does; the first page of all, or another language, is typed as an address."""
        if self.page.url.startswith(self.url) and f"lang={self.language}" in self.page.url:
            turn_to(self.page, self._address(name, query))
        else:
            self.load(name, **query)

    def load(self, name: str = "", **query: str) -> None:
        """Type an address: a new session begins."""
        self.page.goto(self._address(name, query))
        self.settle()

    def _address(self, name: str, query: dict[str, str]) -> str:
        words = "&".join(f"{field}={value}" for field, value in {**query, "lang": self.language}.items())
        return f"{self.url}/{name}?{words}"

    def settle(self) -> None:
        settle(self.page)

    def fill(self, key: str, text: str) -> None:
        box = self.part(key).locator("input, textarea").first
        box.fill(text)
        # A value counts for Streamlit when the field is left; the run that follows must have ended.
        box.press("Tab")
        self.settle()

    def date(self, key: str, text: str) -> None:
        """A date as it is typed: day, month, year in one go, such as 01032026."""
        part = self.part(key)
        part.locator("[role=spinbutton], input").first.click()
        self.page.keyboard.type(text, delay=15)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("Tab")
        self.settle()

    def choose(self, key: str, text: str) -> None:
        """Open a list and choose; a list that a late drawing closed again is opened once more, as a person would."""
        box = self.part(key).locator("input").first
        option = self.page.get_by_role("option", name=text).first
        for _attempt in range(3):
            box.click()
            try:
                option.click(timeout=5000)
                break
            except PlaywrightTimeout:
                self.page.keyboard.press("Escape")
        else:
            raise AssertionError(f"{key} does not offer {text!r}")
        self.settle()

    def pick(self, key: str, text: str) -> None:
        """A choice of a radio group or a segmented control."""
        self.part(key).get_by_text(text, exact=True).first.click()
        self.settle()

    def click(self, key: str) -> None:
        self.part(key).locator("button").first.click()
        self.settle()

    def download(self, key: str) -> Download:
        """Click for a file that is made while the browser waits; once more when nothing comes, as a person would."""
        for _attempt in range(3):
            try:
                with self.page.expect_download(timeout=40_000) as made:
                    self.part(key).locator("button").first.click()
                return made.value
            except PlaywrightTimeout:
                self.settle()
        raise AssertionError(f"{key} gives no file")

    def open(self, key: str) -> None:
        """Open an expander or a popover."""
        part = self.part(key)
        opener = part.locator("summary, button").first
        opener.click()
        self.settle()

    def upload(self, key: str, path: Path) -> None:
        self.part(key).locator("input[type=file]").set_input_files(path)
        self.settle()

    def wait_for(self, key: str) -> None:
        """Wait until a part is there, on a slow computer too."""
        self.part(key).wait_for(timeout=30_000)
        self.settle()

    def follow(self, text: str) -> None:
        """Follow a link on the page by its words."""
        self.page.locator(".stMain").get_by_role("link", name=text).first.click()
        self.settle()

    def sees(self, text: str) -> None:
        expect(self.page.locator(".stApp")).to_contain_text(text, timeout=30_000)

    def text(self) -> str:
        return self.page.locator(".stMain").inner_text()
