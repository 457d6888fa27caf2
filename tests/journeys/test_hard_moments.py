"""What goes wrong in a school goes well on screen: a sentence in the user's language, and nothing typed is lost."""

import sys

import pytest

from qualitycycle import errors, i18n, sentences
from qualitycycle.cycle import plan
from qualitycycle.model import Goal, Vision
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser
from tests.journeys.driver import Driver
from tests.pages.every import LEADER, new_school

pytestmark = pytest.mark.browser

MEGABYTE = b"een lange regel zonder scheidingsteken; en dan nog wat\n" * 19066


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A small school with a vision and a goal, and the program running on it."""
    folder = tmp_path_factory.mktemp("hard") / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    cycle = plan.running_cycle(store)
    plan.record(store, LEADER, Vision(vision_id=new_id(), title="Ieder kind groeit"))
    goal = plan.record(
        store, LEADER, Goal(goal_id=new_id(), cycle_id=cycle.id, title="Beter lezen", phase=cycle.phase)
    )
    token = browser.let_in(store)
    store.close()
    with browser.serve(folder) as served:
        yield served, goal.id, token


@pytest.fixture
def driver(request, school, chromium):
    """Somebody who is signed in, in Dutch unless a test asks for another language."""
    served, _goal, token = school
    language = getattr(request, "param", "nl")
    page = browser.carry(chromium.context(locale=f"{language}-NL"), served.url, token).new_page()
    with i18n.speaking(language):
        yield Driver(page, served.url, language)


IN_BOTH = pytest.mark.parametrize("driver", ["nl", "en"], indirect=True)


def second_tab(driver):
    return Driver(driver.page.context.new_page(), driver.url, driver.language)


def test_a_second_tab_on_the_same_goal_overwrites_nothing(driver, school):
    here, there = driver, second_tab(driver)
    for tab in (here, there):
        tab.go("goal", goal=school[1])
        tab.open("change_goal")

    here.fill("goal.*.text", "Uit het eerste tabblad")
    here.click("goal.*.send")
    there.fill("goal.*.text", "Uit het tweede tabblad")
    there.click("goal.*.send")

    there.sees("Uit het eerste tabblad")
    there.sees("Uit het tweede tabblad")
    there.click("goal.*.mine")
    there.go("goal", goal=school[1])
    there.sees("Uit het tweede tabblad")


@IN_BOTH
def test_switching_the_language_keeps_what_was_typed(driver):
    driver.go("vision")
    driver.fill("new_vision.title", "Nog niet bewaard")

    driver.pick("language_choice", "EN" if driver.language == "nl" else "NL")

    assert driver.part("new_vision.title").locator("input").input_value() == "Nog niet bewaard"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("leeg.csv", b""),
        ("foto.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40),
        ("pagina.xlsx", b"<!doctype html><html><body>Niet ingelogd</body></html>"),
        ("kapot.xlsx", b"PK\x03\x04" + b"\0" * 3000),
        ("groot.csv", MEGABYTE * 100),
    ],
    ids=["empty", "picture", "web page", "broken", "100 MB"],
)
def test_a_wrong_file_gets_a_sentence(driver, tmp_path, name, content):
    file = tmp_path / name
    file.write_bytes(content)
    driver.go("imports")

    driver.upload("imports.upload.*", file)

    alert = driver.page.locator("[data-testid=stAlert], [class*='st-key-empty']").first
    alert.wait_for(timeout=90_000)
    assert len(alert.inner_text().split()) > 4


@IN_BOTH
@pytest.mark.skipif(
    sys.platform != "linux", reason="a full disk is simulated with a Linux limit on file size"
)
def test_a_full_disk_gets_a_sentence_and_the_text_stays(driver, school):
    import resource

    served = school[0]
    driver.go("vision")
    driver.fill("new_vision.title", "Past niet meer op de schijf")
    before = resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE)

    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, (0, before[1]))
    driver.click("new_vision.send")
    resource.prlimit(served.process.pid, resource.RLIMIT_FSIZE, before)

    driver.sees(
        i18n._(sentences.happened.SENTENCES[errors.DiskFull]).split("{path}")[1].split(".")[0].strip()
    )
    assert driver.part("new_vision.title").locator("input").input_value() == "Past niet meer op de schijf"
    driver.click("new_vision.send")
    driver.go("vision")
    driver.sees("Past niet meer op de schijf")


def test_a_click_too_many_stores_one_thing(driver):
    driver.go("vision")
    title = "Twee keer geklikt"
    driver.fill("new_vision.title", title)

    driver.part("new_vision.send").locator("button").dblclick()
    driver.settle()

    driver.go("goals")
    driver.go("vision")
    assert driver.page.locator("h3", has_text=title).count() == 1
