"""The first cycle of a school, from an empty store to the start of the next cycle, in both languages."""

import re

import pytest

from qualitycycle import i18n
from tests.browser import ROOT
from tests.journeys.driver import Driver

pytestmark = pytest.mark.browser

OPEN_DATA = (
    ROOT.parent / "shared" / "reference" / "imports" / "open_data_po" / "leerresultaten_po_2023_2025.ods"
)
# A school of the open data: figures that the Inspectie published.
OVT, FIRST_SHARE, LAST_SHARE = "00AP|C1", 55.56, 47.22
PEOPLE = "\n".join(
    ["Noor, schoolleider", *(f"Collega {n}, leerkracht, Team {1 + n % 2}" for n in range(1, 9))]
)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_school_goes_from_an_empty_store_to_its_next_cycle(serve, chromium, language):
    if not OPEN_DATA.exists():
        pytest.skip("the Inspectie's open data is not beside this checkout (../shared/reference/imports)")
    served = serve()
    driver = Driver(chromium.context(locale=f"{language}-NL").new_page(), served.url, language)

    with i18n.speaking(language):
        set_up(driver)
        write_vision(driver)
        read_open_data(driver)
        make_goal(driver)
        make_action(driver)
        run_round(driver)
        tie_evidence(driver)
        judge(driver)
        close_and_go_on(driver)

    driver.go()
    driver.sees("Meer leerlingen halen het streefniveau")


def set_up(driver):
    driver.go()
    driver.fill("start.name", "De Proefschool")
    driver.fill("start.brin", OVT[:4])
    driver.fill("start.teams", "Team 1\nTeam 2")
    driver.fill("start.people", PEOPLE)
    driver.click("start.save")


def write_vision(driver):
    driver.go("vision")
    driver.fill("new_vision.title", "Ieder kind groeit")
    driver.click("new_vision.send")
    driver.fill("new_ambition.title", "Taal en rekenen op orde")
    driver.click("new_ambition.send")
    driver.sees("Taal en rekenen op orde")


def read_open_data(driver):
    driver.go("imports")
    driver.upload("imports.file", OPEN_DATA)
    driver.click("imports.inspectie.read")


def make_goal(driver):
    driver.go("goals")
    driver.fill("new_goal.title", "Meer leerlingen halen het streefniveau")
    driver.choose("new_goal.owner_id", "Noor")
    driver.click("new_goal.send")
    driver.fill("new_indicator.title", "Aandeel behaalde niveaus 1S/2F")
    driver.fill("new_indicator.baseline", i18n.number(FIRST_SHARE, 2))
    driver.fill("new_indicator.target", "60")
    driver.click("new_indicator.send")
    driver.sees("Aandeel behaalde niveaus 1S/2F")


def make_action(driver):
    driver.open("add_action")
    driver.fill("new_action.title", "Elke week een les over strategieën")
    driver.choose("new_action.owner_id", "Noor")
    driver.fill("new_action.prediction", "In juni ligt het aandeel boven de 58%.")
    driver.click("new_action.send")
    driver.sees("Elke week een les over strategieën")


def run_round(driver):
    driver.go("rounds")
    driver.click("rounds.open")
    driver.click("rounds.send")
    codes = re.findall(r"\b[A-Z0-9]{4}[- ]?[A-Z0-9]{4}\b", driver.text())
    driver.click("codes.done")
    assert len(codes) == 8
    for n, code in enumerate(codes):
        fill_in(driver, code, n)
    driver.go("rounds")
    driver.page.locator("[class*='st-key-rounds-close-'] button").click()
    driver.settle()
    driver.click("rounds.confirm")


def fill_in(driver, code, n):
    driver.go("answer", code=code)
    for group in driver.part("answer_sheet").get_by_role("radiogroup").all():
        group.locator("label").nth(3 + n % 3).click()
    driver.settle()
    driver.click("answer.send")
    driver.sees(i18n._("Thank you. Your answers are stored and your code is used up."))


def tie_evidence(driver):
    driver.go("results")


def judge(driver):
    driver.go("evaluate")


def close_and_go_on(driver):
    driver.go("cycles")
