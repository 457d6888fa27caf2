"""Codes are shown once: a double click opens one round, and nobody loses unsaved codes by a slip of the hand."""

import pytest

from qualitycycle import i18n
from qualitycycle.store.connect import open_store
from tests import browser
from tests.journeys.driver import Driver
from tests.pages.every import new_school
from tests.reports.test_slips import read_by_camera

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """A small school with the program running on it."""
    folder = tmp_path_factory.mktemp("codes") / "school"
    store = open_store(folder)
    new_school(store)
    store.close()
    with browser.serve(folder) as running:
        yield running


@pytest.fixture
def driver(served, chromium):
    page = chromium.context(accept_downloads=True).new_page()
    with i18n.speaking("nl"):
        yield Driver(page, served.url, "nl")


def open_form(driver, *, people=6):
    driver.go("rounds")
    driver.click("rounds.open")
    driver.wait_for("rounds.send")
    driver.fill("rounds.invited.*", str(people))


def cards(driver):
    return driver.page.locator('[class*="st-key-card_round_"]')


def test_a_double_click_opens_one_round_whose_slips_a_camera_reads(driver, tmp_path):
    open_form(driver)
    driver.part("rounds.send").locator("button").dblclick()
    driver.wait_for("codes.done")

    driver.download("codes.slips").save_as(tmp_path / "slips.pdf")
    driver.settle()
    driver.click("codes.done")

    driver.wait_for("rounds.projector.*")
    assert cards(driver).count() == 1
    links = read_by_camera((tmp_path / "slips.pdf").read_bytes())
    assert len(links) == 6
    assert all(link.startswith(f"{driver.url}/v/") for link in links)


def test_the_browser_asks_before_unsaved_codes_are_left_and_not_after(driver):
    asked = []
    driver.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    open_form(driver)
    driver.click("rounds.send")
    driver.wait_for("codes.done")

    driver.page.reload()
    driver.settle()

    assert asked == ["beforeunload"]
    # Gone with the page they stood on; the round is there.
    assert driver.page.locator(".st-key-codes_waiting").count() == 0

    driver.click("rounds.more.*")
    driver.part("rounds.more.send.*").locator("button").click()
    driver.wait_for("codes.done")
    driver.download("codes.save")
    driver.wait_for("codes_saved")
    driver.page.reload()
    driver.settle()

    assert asked == ["beforeunload"]
