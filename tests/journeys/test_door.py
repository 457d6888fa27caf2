"""Coming in and going out in a real browser: the door, the own passphrase, access for a colleague, and phones."""

import json

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import phones, plan, sign_in
from qualitycycle.model import Person, Role
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser, screens
from tests.browser import PASSPHRASE
from tests.journeys.driver import Driver
from tests.journeys.test_accessible import AXE, RUN, SERIOUS
from tests.pages.every import LEADER, new_school
from tests.server.asking import ask

pytestmark = pytest.mark.browser

OTHER = "koffie bij de vijver"
WITH_PHONES = ("qualitycycle", "run", "--no-browser", "--lan")


@pytest.fixture
def school(tmp_path, serve):
    """A school with a leader who has a passphrase and a member who has none."""
    token = make_school(tmp_path / "school")
    return serve(*WITH_PHONES, folder=tmp_path / "school"), token


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """The same for tests that leave everything as it is: to start the program takes longer than they do."""
    folder = tmp_path_factory.mktemp("door") / "school"
    token = make_school(folder)
    with browser.serve(folder, *WITH_PHONES) as served:
        yield served, token


def make_school(folder):
    store = open_store(folder)
    new_school(store, roles=False)
    plan.record(store, LEADER, Person(person_id=new_id(), name="Sem", role=Role.MEMBER))
    token = browser.let_in(store)
    store.close()
    return token


def enter(page, name, passphrase):
    page.fill("#name", name)
    page.fill("#passphrase", passphrase)
    page.click("button.send")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_colleague_gets_access_and_comes_in(school, chromium, language):
    served, token = school
    leader = browser.carry(chromium.context(locale=f"{language}-NL"), served.url, token).new_page()
    member = chromium.context(locale=f"{language}-NL").new_page()
    with i18n.speaking(language):
        at_leader, at_member = (Driver(page, served.url, language) for page in (leader, member))
        at_leader.go("school")
        at_leader.page.locator("[class*='st-key-access-'] button").first.click()
        at_leader.page.locator("[class*='st-key-access-'][class*='-word'] button").click()
        word = at_leader.page.locator(".qc-word").inner_text()

        member.goto(f"{served.url}/goals?lang={language}")
        enter(member, "sem", word)
        member.fill("#passphrase", OTHER)
        member.fill("#again", OTHER)
        member.click("button.send")
        at_member.settle()

        assert "/goals" in member.url
        at_member.sees("Sem")
        at_leader.go("school")
        at_leader.sees(i18n._("has a passphrase"))
        assert at_leader.page.locator(".qc-word").count() == 0


def test_signing_out_in_one_tab_closes_the_other(school, chromium):
    served, token = school
    context = browser.carry(chromium.context(), served.url, token)
    here, there = (Driver(context.new_page(), served.url, "nl") for _tab in range(2))
    here.go("vision")
    there.go("goals")

    here.page.locator(".st-key-account button").first.click()
    here.page.locator(".st-key-account-out button").click()
    here.page.wait_for_url("**/sign-in**")
    there.part("language_choice").get_by_text("EN").first.click()

    there.page.wait_for_url("**/sign-in**")
    enter(there.page, "noor", PASSPHRASE)
    there.settle()
    assert "/goals" in there.page.url


def test_the_own_passphrase_is_changed(school, chromium):
    served, token = school
    context = browser.carry(chromium.context(), served.url, token)
    page = context.new_page()
    Driver(page, served.url, "nl").go()

    page.locator(".st-key-account button").first.click()
    page.locator("a[href='/sign-in/change']").click()
    page.fill("#present", PASSPHRASE)
    page.fill("#passphrase", OTHER)
    page.fill("#again", OTHER)
    page.click("button.send")
    browser.settle(page)

    new = next(one["value"] for one in context.cookies() if one["name"] == sign_in.COOKIE)
    assert new != token


def test_the_laptop_hears_of_a_phone_that_gets_through(school, chromium):
    if not phones.addresses():
        pytest.skip("this computer is on no network")
    served, token = school
    laptop = Driver(browser.carry(chromium.context(), served.url, token).new_page(), served.url, "nl")
    laptop.go("phones")
    address = laptop.page.locator(".qc-address").inner_text()
    laptop.sees("Er is nog geen telefoon langsgekomen")

    # Not by the browser of this test, which may ask this computer only.
    answer = ask(served.url, "/v/test", host=address.split("//")[1].split(":")[0])

    assert answer.status == 200
    laptop.sees("Er kwam een telefoon door")
    assert laptop.page.locator(".qc-qr").evaluate("picture => picture.naturalWidth > 0")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", screens.SIZES)
def test_the_door_has_no_violation(door, chromium, size, dark):
    served, token = door
    context = chromium.context(viewport=screens.SIZES[size], dark=dark, bypass_csp=True)
    page = context.new_page()
    found = {}

    def look(name):
        page.evaluate(AXE)
        found[name] = [one for one in json.loads(page.evaluate(RUN)) if one[0] in SERIOUS]

    page.goto(f"{served.url}/sign-in")
    look("sign in")
    enter(page, "noor", "verkeerd")
    page.wait_for_selector("[role=alert]")
    look("wrong")
    browser.carry(context, served.url, token)
    page.goto(f"{served.url}/sign-in/change")
    look("change")

    assert found == {"sign in": [], "wrong": [], "change": []}
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
