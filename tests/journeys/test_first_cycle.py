"""The first cycle of a school, from an empty store to the start of the next cycle: half in Dutch, half in English."""

import re

import pytest

from qualitycycle import i18n
from qualitycycle.cycle.answering import ALPHABET
from qualitycycle.model import DoneAsPlanned, Judgement, NextStep, Says
from qualitycycle.ui import words
from tests import phones
from tests.browser import PASSPHRASE, ROOT
from tests.journeys.driver import Driver

pytestmark = pytest.mark.browser

OPEN_DATA = (
    ROOT.parent / "shared" / "reference" / "imports" / "open_data_po" / "leerresultaten_po_2023_2025.ods"
)
# A school of the open data: figures that the Inspectie published.
OVT, FIRST_SHARE, LAST_SHARE = "00AP|C1", 55.56, 47.22
GOAL = "Meer leerlingen halen het streefniveau"
INDICATOR = "Aandeel behaalde niveaus 1S/2F"
ACTION = "Elke week een les over strategieën"
CODE = re.compile(rf"\b([{ALPHABET}]{{4}})[- ]?([{ALPHABET}]{{4}})\b")
N_PEOPLE = 8
PEOPLE = "\n".join(
    ["Noor, schoolleider", *(f"Collega {n}, leerkracht, Team {1 + n % 2}" for n in range(1, N_PEOPLE + 1))]
)


def test_a_school_goes_from_an_empty_store_to_its_next_cycle(serve, chromium):
    if not OPEN_DATA.exists():
        pytest.skip("the Inspectie's open data is not beside this checkout (../shared/reference/imports)")
    driver = Driver(chromium.context().new_page(), serve().url, "nl")

    with i18n.speaking("nl"):
        set_up(driver)
        write_vision(driver)
        read_open_data(driver)
        make_goal(driver)
        make_action(driver)
        run_round(driver)
    driver.language = "en"
    with i18n.speaking("en"):
        tie_evidence(driver)
        judge(driver)
        close_and_go_on(driver)

    driver.go()
    driver.sees(GOAL)


def set_up(driver):
    driver.go()
    driver.fill("start.name", "De Proefschool")
    driver.fill("start.brin", OVT[:4])
    driver.fill("start.teams", "Team 1\nTeam 2")
    driver.fill("start.people", PEOPLE)
    driver.part("start.save").locator("button").click()
    choose_passphrase(driver)


def choose_passphrase(driver):
    """What the door asks after the first start, on a plain page."""
    driver.page.fill("#passphrase", PASSPHRASE)
    driver.page.fill("#again", PASSPHRASE)
    driver.page.click("button.send")
    driver.settle()


def write_vision(driver):
    driver.go("vision")
    driver.fill("new_vision.title", "Ieder kind groeit")
    driver.click("new_vision.send")
    driver.fill("new_ambition.title", "Taal en rekenen op orde")
    driver.click("new_ambition.send")
    driver.sees("Taal en rekenen op orde")


def read_open_data(driver):
    driver.go("imports")
    driver.upload("imports.upload.*", OPEN_DATA)
    driver.sees(i18n.number(FIRST_SHARE, 1))
    driver.click("imports.file.*.store")
    driver.go("outcomes")
    driver.choose("outcome_line.*", "1S/2F")
    driver.sees(i18n.number(LAST_SHARE, 1))


def make_goal(driver):
    driver.go("goals")
    driver.fill("new_goal.title", GOAL)
    driver.choose("new_goal.owner_id", "Noor")
    driver.click("new_goal.send")
    driver.fill("new_indicator.title", INDICATOR)
    driver.fill("new_indicator.baseline", i18n.number(FIRST_SHARE, 2))
    driver.fill("new_indicator.target", "60")
    driver.click("new_indicator.send")
    driver.sees(INDICATOR)


def make_action(driver):
    driver.open("add_action")
    driver.fill("new_action.title", ACTION)
    driver.choose("new_action.owner_id", "Noor")
    driver.fill("new_action.prediction", "In juni ligt het aandeel boven de 58%.")
    driver.click("new_action.send")
    driver.sees(ACTION)


def run_round(driver):
    driver.go("rounds")
    driver.click("rounds.open")
    driver.click("rounds.send")
    driver.wait_for("codes.done")
    codes = [first + last for first, last in CODE.findall(driver.text())]
    driver.click("codes.done")
    assert len(codes) == N_PEOPLE
    fill_in(driver, codes[0])
    # The others have a phone.
    for n, code in enumerate(codes[1:], 1):
        assert phones.now(phones.submit(driver.port, code, phones.answers(n))).is_thanks
    driver.go("rounds")
    driver.page.locator("[class*='st-key-rounds-close-'] button").click()
    driver.settle()
    driver.click("rounds.confirm")


def fill_in(driver, code):
    """On the page for the school's own computer."""
    driver.go("answer", code=code)
    for group in driver.part("answer_sheet").get_by_role("radiogroup").all():
        group.locator("label").nth(3).click()
    driver.settle()
    driver.click("answer.send")
    driver.sees(i18n._("Thank you. Your answers are stored and your code is used up."))


def tie_evidence(driver):
    """The round's result and the published outcome become evidence, two clicks each."""
    driver.go("results")
    driver.sees(f"n = {N_PEOPLE}")
    tie(driver, Says.SUPPORTS)
    driver.go("outcomes")
    driver.choose("outcome_line.*", "1S/2F")
    driver.open("feed_indicator")
    driver.pick("indicator_way", i18n._("An indicator that is there already"))
    driver.choose("feed.indicator", INDICATOR)
    driver.click("feed.send")
    tie(driver, Says.CONTRADICTS)
    driver.go("matrix")
    driver.sees(i18n._(words.SAYS[Says.CONTRADICTS]))
    driver.sees(i18n._(words.SAYS[Says.SUPPORTS]))


def tie(driver, says):
    driver.open("make.*")
    driver.choose("tie.*.target", GOAL)
    driver.choose("tie.*.says", i18n._(words.SAYS[says]))
    driver.click("tie.*.send")
    driver.sees(i18n._("This figure is evidence in the running cycle."))


def judge(driver):
    driver.go("actions")
    driver.follow(ACTION)
    driver.click("step_running")
    driver.click("step_done")
    driver.follow(i18n._("Evaluate this action"))
    driver.choose("evaluate.*.done_as_planned", i18n._(words.AS_PLANNED[DoneAsPlanned.YES]))
    driver.fill("evaluate.*.learned", "Elke week is vol te houden.")
    driver.choose("evaluate.*.next_step", i18n._(words.NEXT_STEPS[NextStep.ADOPT]))
    driver.click("evaluate.*.send")
    driver.follow(i18n._("Close this goal"))
    driver.sees(i18n.number(LAST_SHARE, 1))
    driver.fill("close.*.happened", "Het aandeel daalde.")
    driver.choose("close.*.judgement", i18n._(words.JUDGEMENTS[Judgement.CANNOT_TELL]))
    driver.fill("close.*.learned", "Twaalf leerlingen zijn te weinig om iets te zeggen.")
    driver.choose("close.*.next_step", i18n._(words.NEXT_STEPS[NextStep.ADAPT]))
    driver.click("close.*.send")
    driver.sees(i18n._(words.JUDGEMENTS[Judgement.CANNOT_TELL]))


def close_and_go_on(driver):
    driver.go("cycles")
    driver.open("closing")
    driver.fill("close_cycle.learned", "Eerder meten.")
    driver.click("close_cycle.send")
    driver.click("confirm_closing")
    driver.choose("start_cycle.goals", GOAL)
    driver.click("start_cycle.send")
