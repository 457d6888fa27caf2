from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests import browser

pytestmark = pytest.mark.browser
GALLERY = Path(__file__).parent / "gallery" / "app.py"


@pytest.fixture(scope="module")
def gallery(tmp_path_factory):
    with browser.serve(tmp_path_factory.mktemp("gallery"), app=GALLERY) as program:
        yield program


@pytest.fixture(scope="module")
def left_open(one_chromium):
    context = one_chromium.context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(gallery, chromium, left_open):
    """The page as it opens, for tests that only read it."""
    if left_open.url == "about:blank":
        left_open.goto(gallery.url)
        browser.settle(left_open)
    return left_open


def test_texts_of_streamlit_appear_in_dutch(page):
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("Bestand kiezen")
    expect(page.get_by_test_id("stFileUploader")).to_contain_text("200MB per bestand")


def test_names_for_screen_readers_appear_in_dutch(page):
    expect(page.get_by_label("Wachtzin tonen")).to_be_visible()
    expect(page.get_by_label("Kies een datum")).to_be_visible()
    expect(page.get_by_label("dag, Datum")).to_be_visible()
    expect(page.get_by_test_id("stMultiSelect").get_by_placeholder("Kies")).to_be_visible()


def test_the_hint_of_a_form_appears_in_dutch(gallery, chromium):
    page = chromium.page(gallery.url)

    page.get_by_label("Naam").press_sequentially("Noor")

    expect(page.get_by_text("Druk op Enter om te versturen")).to_be_visible()


def test_what_the_school_wrote_itself_is_left_alone(page):
    expect(page.get_by_text("Upload", exact=True)).to_be_visible()


def test_english_comes_back_when_the_language_does(gallery, chromium):
    page = chromium.page(gallery.url)

    page.get_by_text("en", exact=True).click()

    expect(page.get_by_test_id("stFileUploader")).to_contain_text("200MB per file")
    expect(page.get_by_label("Show password")).to_be_visible()
    assert page.evaluate("document.documentElement.lang") == "en"


def test_the_browser_remembers_the_language(gallery, chromium):
    page = chromium.page(gallery.url)

    page.get_by_text("en", exact=True).click()
    expect(page.get_by_label("Show password")).to_be_visible()

    assert {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}["qc_lang"] == "en"


def test_the_date_picker_starts_on_monday_in_dutch_whatever_the_browser_speaks(gallery, chromium):
    page = chromium.page(gallery.url, locale="en-US")

    page.get_by_label("Kies een datum").click()

    second_week = page.get_by_role("gridcell").nth(7).get_by_role("button")
    expect(second_week).to_have_attribute("aria-label", "maandag 2 november 2026")


def test_a_connection_that_is_gone_is_said_in_dutch(tmp_path, chromium):
    with browser.serve(tmp_path, app=GALLERY) as program:
        page = chromium.page(program.url)
        program.stop()

        expect(page.get_by_text("Geen verbinding")).to_be_visible(timeout=60_000)


def test_charts_with_calculations_are_drawn_under_our_policy(gallery, chromium):
    page = chromium.page(gallery.url)

    marks = page.locator("[data-testid=stVegaLiteChart] [aria-roledescription='point']")

    expect(marks.first).to_be_attached()
    assert chromium.said == []


def test_a_typed_address_asks_for_nothing_that_is_not_there(gallery, chromium):
    context = chromium.context()
    missing = []
    context.on("response", lambda answer: missing.append(answer.url) if answer.status == 404 else None)

    page = context.new_page()
    page.goto(f"{gallery.url}/goals")
    browser.settle(page)

    assert missing == []
