"""Every page in a real browser: no serious accessibility violation, light on a laptop and dark on a phone."""

import json
from importlib import resources

import pytest
from playwright.sync_api import expect

from qualitycycle.ui import navigation
from tests import browser, screens
from tests.conftest import copy_school

pytestmark = pytest.mark.browser

AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
SERIOUS = ("serious", "critical")
PHONE = screens.SIZES["phone"]
RUN = """() => axe.run(document, {resultTypes: ['violations']}).then(found => JSON.stringify(
  found.violations.map(v => [v.impact, v.id, v.nodes.map(n => n.target.join(' ')).slice(0, 4)])))"""


@pytest.fixture(scope="module")
def demo(tmp_path_factory, example):
    folder = copy_school(example, tmp_path_factory.mktemp("demo") / "school")
    env = {"QUALITYCYCLE_DEMO": "1", "QUALITYCYCLE_TODAY": "2026-11-22"}
    with browser.serve(folder, env=env) as served:
        yield served


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    with browser.serve(tmp_path_factory.mktemp("empty") / "school") as served:
        yield served


@pytest.fixture(scope="module")
def looks(one_chromium, demo):
    """The example school twice: light on a laptop, dark on a phone. Tests go from page to page in both."""
    laptop = one_chromium.context(bypass_csp=True)
    phone = one_chromium.context(viewport=PHONE, dark=True, bypass_csp=True)
    pages = {"laptop, light": laptop.new_page(), "phone, dark": phone.new_page()}
    for page in pages.values():
        page.goto(screens.address(demo.url, "", "nl"))
        browser.settle(page)
    yield pages
    for context in (laptop, phone):
        context.close()


def serious(page):
    """What axe finds, most of it told by element; run apart from our own content rules."""
    browser.settle(page)
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE)
    found = json.loads(page.evaluate(RUN))
    return [(rule, places) for impact, rule, places in found if impact in SERIOUS]


@pytest.mark.parametrize("entry", navigation.ENTRIES, ids=lambda entry: entry.name)
def test_a_page_has_no_serious_violation_light_on_a_laptop_or_dark_on_a_phone(chromium, demo, looks, entry):
    found = {}
    for look, page in looks.items():
        open_entry(page, demo.url, entry)
        found[look] = serious(page)

    assert found == {"laptop, light": [], "phone, dark": []}


@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_this_week_fits_a_laptop_without_scrolling(chromium, demo, language):
    page = chromium.page(screens.address(demo.url, "", language))

    hidden = page.locator("[data-testid=stMain]").evaluate("main => main.scrollHeight - main.clientHeight")

    assert hidden <= 0


def test_the_first_start_has_no_serious_violation(chromium, empty):
    page = chromium.page(empty.url, bypass_csp=True)

    assert serious(page) == []


def open_entry(page, url, entry):
    name = "" if entry.file == navigation.START else entry.name
    address = screens.first_address(page, url, "nl", entry.name) if entry.hidden else None
    browser.turn_to(page, address or screens.address(url, name, "nl"))
    # An empty page would have no violation either.
    expect(page.locator(".stMain h1")).to_be_visible()
