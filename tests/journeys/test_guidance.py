"""Guiding colleagues: a question from a goal, a log only its owner reads, an offer that is asked for, and a gap."""

from __future__ import annotations

import zipfile
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from qualitycycle import config, i18n
from qualitycycle.cycle import calendar, coaching_log, plan, sign_in
from qualitycycle.cycle.coaching_totals import month_of
from qualitycycle.i18n import _
from qualitycycle.model import Action, Goal, Person, Role, SupportArea, SupportTask
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser
from tests.journeys.driver import Driver
from tests.pages.every import LEADER, new_school

pytestmark = pytest.mark.browser

GOAL = "In juni leest 80% op niveau"
ACTION = "Elke week voorlezen met vragen"
QUESTION = "Hoe stel ik vragen bij het voorlezen?"
OFFER, TO_LEARN = "Voorlezen met prentenboeken", "Rekenen met geld"
GAP = "Hulp van buiten aanvragen"
COACH, COLLEAGUE = "Ilse", "Mees"
PASSPHRASE = "vier paarse wolken zingen"
# What is typed into the log, and may stand nowhere else.
WORDS = ("zwartekraaien", "regenboogvraag", "dauwdruppelstap")
HOURS = "6,5"
# A day and a Monday in the month before this one, which is over.
DAY = config.today().replace(day=1) - timedelta(days=10)
MONDAY = calendar.monday_of(DAY)


@pytest.fixture
def people(serve, chromium, tmp_path):
    """A school with a goal and an action, served; its leader, its coach and a colleague, each signed in."""
    folder = tmp_path / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    cycle = plan.running_cycle(store)
    coach, colleague = (
        plan.record(store, LEADER, Person(person_id=new_id(), name=name, title="", role=role)).id
        for name, role in ((COACH, Role.COACH), (COLLEAGUE, Role.MEMBER))
    )
    goal = plan.record(
        store, LEADER, Goal(goal_id=new_id(), cycle_id=cycle.id, title=GOAL, phase=cycle.phase)
    ).id
    action = plan.record(
        store,
        LEADER,
        Action(action_id=new_id(), cycle_id=cycle.id, goal_id=goal, title=ACTION, owner_id=coach),
    ).id
    plan.record(store, LEADER, SupportTask(task_id=new_id(), area=SupportArea.ACCESS, title=GAP))
    leader = browser.let_in(store)
    word = sign_in.hand_out(store, LEADER, coach)
    tokens = {
        "leader": leader,
        "coach": sign_in.choose(store, COACH, word, PASSPHRASE, PASSPHRASE),
        "colleague": sign_in.begin(store, colleague),
    }
    store.close()
    url = serve(folder=folder).url
    with i18n.speaking("nl"):
        yield (
            {
                name: Driver(
                    browser.carry(chromium.context(accept_downloads=True), url, token).new_page(), url, "nl"
                )
                for name, token in tokens.items()
            },
            goal,
            action,
        )


def test_a_coach_guides_and_the_team_helps_itself(people, tmp_path):
    drivers, goal, action = people
    coach, leader = drivers["coach"], drivers["leader"]

    guide(coach, goal)
    write_log(coach)
    share(coach)
    look_as_leader(leader, tmp_path)
    match(drivers["colleague"], coach, action)
    give_the_gap(leader)


def guide(driver, goal):
    """From a goal to a colleague's learning question."""
    driver.go("goal", goal=goal)
    driver.follow(_("Guide a colleague towards this goal"))
    driver.wait_for("new_guidance.question")
    driver.choose("new_guidance.colleague_id", COLLEAGUE)
    driver.fill("new_guidance.question", QUESTION)
    driver.click("new_guidance.send")
    driver.page.get_by_text(QUESTION).first.click()
    driver.settle()
    assert GOAL in driver.text()


def write_log(driver):
    """The door, then three conversations of a month that is over, and where the hours of one week went."""
    driver.pick("guidance.part", _("My log"))
    driver.fill("log.make.words", PASSPHRASE)
    driver.click("log.make.send")
    driver.wait_for("log.recovery.done")
    driver.click("log.recovery.done")
    for n, field in enumerate(("theme", "question", "next_step")):
        driver.date("sealed.new.held_on", DAY.strftime("%d%m%Y"))
        driver.fill(f"sealed.new.{field}", WORDS[n])
        driver.click("sealed.new.send")
    driver.sees(f"{i18n.short_day(DAY)} · {coaching_log.kind_title('question')} · {WORDS[0]} · 30 min")
    driver.pick("guidance.part", _("My time"))
    driver.choose("sealed.time.monday", f"({i18n.short_day(MONDAY)})")
    driver.fill(f"sealed.time.{MONDAY}.real.guiding", HOURS)
    driver.click(f"sealed.time.{MONDAY}.send")


def share(driver):
    driver.pick("guidance.part", _("Shared totals"))
    driver.click(f"guidance.share.{month_of(DAY)}")
    driver.wait_for(f"guidance.take_back.{month_of(DAY)}")


def look_as_leader(driver, tmp_path):
    """She sees the hours and not the three conversations, which are too few; and no file she has tells a word."""
    driver.go("guidance")
    driver.pick("guidance.part", _("Shared totals"))
    driver.sees(_("{real} hours, {planned} planned").format(real=HOURS, planned="0"))
    assert _("{n} min").format(n=90) not in driver.text()
    driver.go("safekeeping")
    driver.click("safekeeping.back_up")
    assert list(tmp_path.glob("school/backups/*.duckdb"))
    driver.click("safekeeping.export_make")
    driver.download("safekeeping.export_save").save_as(tmp_path / "export.zip")
    with zipfile.ZipFile(tmp_path / "export.zip") as packed:
        packed.extractall(tmp_path / "exported")
    in_hand = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(GOAL.encode() in content for content in in_hand) > 2
    assert [word for word in (*WORDS, PASSPHRASE) for content in in_hand if word.encode() in content] == []


def match(colleague, coach, action):
    """She says what she offers and wants to learn; it fits an action, whose owner asks her, and she says yes."""
    colleague.go("expertise")
    colleague.fill("expertise.new.title", OFFER)
    colleague.click("expertise.new.send")
    colleague.open("expertise.add")
    colleague.choose("expertise.new.kind", _("I want to learn this"))
    colleague.fill("expertise.new.title", TO_LEARN)
    colleague.click("expertise.new.send")
    colleague.sees(TO_LEARN)
    coach.go("action", action=action)
    coach.sees(OFFER)
    coach.click(f"ask.*.{action}")
    colleague.go("todo")
    colleague.click("answer.*.True")
    coach.go("action", action=action)
    coach.sees(_("agreed"))


def give_the_gap(driver):
    """Nobody does one of the support team's tasks: the meeting sees it, gives it to somebody, and it is gone."""
    driver.go("meeting")
    driver.wait_for("meeting.start")
    driver.click("meeting.start")
    heading = driver.page.locator(".qc-block-head h2")
    driver.wait_for("meeting.next.*")
    while (block := heading.inner_text()) != _("New"):
        driver.click("meeting.next.*")
        expect(heading).not_to_have_text(block, timeout=20_000)
    driver.sees(GAP)
    driver.open("point.name.*")
    driver.choose("point.who.*", COLLEAGUE)
    expect(driver.page.locator("[class*='st-key-point-name-']")).to_have_count(0, timeout=20_000)
    driver.go("support_team")
    driver.sees(_("Every task has one person who is responsible, and somebody who does it."))
