"""A meeting as it goes: a round on the projector, phones in the room, and how sure the team is at the end."""

from __future__ import annotations

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import expect

from qualitycycle import i18n, instruments
from qualitycycle.cycle import plan
from qualitycycle.model import Goal
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser, phones
from tests.journeys.driver import Driver
from tests.pages.every import LEADER, new_school
from tests.reports.test_slips import read_by_camera

pytestmark = pytest.mark.browser

N_INVITED = 8
N_STATEMENTS = len(instruments.instrument(phones.QUESTIONNAIRE).items)
# What the three phones in the room say in the vote, and those that are not drawn here.
VOTES_HERE, VOTES_THERE = (40, 55, 70), (60, 65, 80)
MEAN, SPREAD = "62", "10"


@pytest.fixture
def meeting(tmp_path):
    """A school with a goal, the program running on it, and who leads the meeting signed in."""
    folder = tmp_path / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    cycle = plan.running_cycle(store)
    goal = Goal(goal_id=new_id(), cycle_id=cycle.id, title="In juni leest 80% op niveau", phase=cycle.phase)
    plan.record(store, LEADER, goal)
    token = browser.let_in(store)
    store.close()
    with browser.serve(folder) as served:
        yield served, goal.id, token


@pytest.fixture
def leader(meeting, chromium):
    served, _goal, token = meeting
    page = browser.carry(chromium.context(accept_downloads=True), served.url, token).new_page()
    with i18n.speaking("nl"):
        yield Driver(page, served.url, "nl")


@pytest.fixture
def room(chromium):
    """Three phones: a Dutch one, an English one, and one without script."""
    return [
        chromium.context(viewport=browser.PHONE, locale=locale, java_script_enabled=script).new_page()
        for locale, script in (("nl-NL", True), ("en-GB", True), ("nl-NL", False))
    ]


def port_of(served):
    return int(served.url.rsplit(":", 1)[1])


def slips(driver, tmp_path):
    """The links on the slips of the codes that are shown now; then the codes are put away."""
    driver.wait_for("codes.done")
    driver.download("codes.slips").save_as(tmp_path / "slips.pdf")
    driver.settle()
    driver.click("codes.done")
    return read_by_camera((tmp_path / "slips.pdf").read_bytes())


def over_http(asking):
    """What a phone that is not drawn asks; the browser keeps this thread's own loop busy."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, asking).result()


def code_of(link):
    return link.rsplit("/", 1)[1].split("?")[0]


def choose(phone, values):
    for number, value in values.items():
        phone.locator(f"input[name='{number}'][value='{value}']").check()


def send(phone):
    phone.locator("button.send").click()


def everything(n):
    return phones.fields(phones.answers(n))


def sees_count(driver, text):
    # The projector asks anew every few seconds, by itself.
    expect(driver.page.locator(".qc-room-count")).to_have_text(text, timeout=20_000)


def test_a_meeting_fills_in_a_round_and_says_how_sure_it_is(meeting, leader, room, tmp_path):
    served, goal, _token = meeting
    dutch, english, plain = room

    # The leader opens a round and hands out slips.
    leader.go("rounds")
    leader.click("rounds.open")
    leader.wait_for("rounds.send")
    leader.fill("rounds.invited.*", str(N_INVITED))
    leader.click("rounds.send")
    links = slips(leader, tmp_path)
    leader.wait_for("rounds.projector.*")
    leader.click("rounds.projector.*")
    sees_count(leader, f"0 van de {N_INVITED} ingevuld")

    # One phone is half done, reloads, and finds what was chosen.
    dutch.goto(links[0])
    choose(dutch, dict(list(everything(0).items())[:5]))
    dutch.reload()
    assert dutch.locator("input[type=radio]:checked").count() == 5
    choose(dutch, everything(0))
    send(dutch)
    dutch.wait_for_url(re.compile("/v/sent"))
    # Going back and sending again stores nothing more.
    dutch.go_back()
    dutch.goto(links[0])
    expect(dutch.locator("h1")).to_have_text(i18n._("Your answers have been received"))

    # One reads English.
    english.goto(f"{links[1]}?lang=en")
    expect(english.locator("html")).to_have_attribute("lang", "en")
    choose(english, everything(1))
    send(english)
    english.wait_for_url(re.compile("/v/sent"))

    # One has no script at all.
    plain.goto(links[2])
    choose(plain, everything(2))
    send(plain)
    plain.wait_for_url(re.compile("/v/sent"))
    sees_count(leader, f"3 van de {N_INVITED} ingevuld")

    # The others, but for one who lost the slip.
    for n in range(3, N_INVITED - 1):
        assert over_http(phones.submit(port_of(served), code_of(links[n]), phones.answers(n))).is_thanks
    sees_count(leader, f"{N_INVITED - 1} van de {N_INVITED} ingevuld")
    second = Driver(leader.page.context.new_page(), leader.url, "nl")
    second.go("rounds")
    second.open("rounds.more.*")
    second.click("rounds.more.send.*")
    (new,) = slips(second, tmp_path)
    second.page.close()
    assert over_http(phones.submit(port_of(served), code_of(new), phones.answers(7))).is_thanks
    sees_count(leader, f"{N_INVITED} van de {N_INVITED + 1} ingevuld")

    # Closed in front of everybody, and then the results.
    leader.click("rounds.close.*")
    leader.wait_for("rounds.confirm")
    leader.click("rounds.confirm")
    leader.sees(i18n._("This round is closed. Thank you, everybody."))
    leader.page.get_by_role("link", name=i18n._("See the results")).first.click()
    leader.settle()
    leader.sees(f"n = {N_INVITED}")

    # How sure are we? One code for the room.
    leader.go("goal", goal=goal)
    leader.fill("vote.present", "6")
    leader.click("vote.start")
    sees_count(leader, "0 van de 6 hebben geantwoord")
    code = re.sub(r"[^A-Z0-9]", "", leader.page.locator(".qc-room-code").inner_text())
    for phone, value in zip(room, VOTES_HERE, strict=True):
        phone.goto(f"{served.url}/v/{code}")
        phone.locator("#value").fill(str(value))
        send(phone)
        phone.wait_for_url(re.compile("/v/voted"))
    # The page that says thanks has no figure, and neither has the projector.
    assert not re.search(r"\d", room[0].locator("main").inner_text())
    sees_count(leader, "3 van de 6 hebben geantwoord")
    for value in VOTES_THERE:
        over_http(vote(port_of(served), code, value))
    sees_count(leader, "6 van de 6 hebben geantwoord")
    assert leader.page.locator(".qc-room-scale").count() == 0

    leader.click("vote.close")
    sees_count(
        leader, i18n._("{mean} of 100, spread {spread} (n = {n})").format(mean=MEAN, spread=SPREAD, n=6)
    )
    # A distribution needs ten.
    assert leader.page.locator(".qc-room-dots").count() == 0
    leader.click("vote.back")
    leader.sees(i18n._("Confidence beside progress"))


async def vote(port, code, value):
    opened = await phones.ask(port, "GET", f"/v/{code}")
    form = {"lang": "nl", "ticket": phones.ticket(opened), "value": value, "send": 1}
    assert (await phones.ask(port, "POST", f"/v/{code}", form)).status == 303
