"""What users type is shown as they typed it: nothing in it comes alive."""

import pytest

from qualitycycle.cycle import plan
from qualitycycle.model import (
    Action,
    Ambition,
    Evidence,
    EvidenceKind,
    Goal,
    Indicator,
    Link,
    Person,
    Role,
    Says,
    Team,
    Vision,
)
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests import browser
from tests.journeys.driver import Driver
from tests.pages.every import LEADER, new_school

pytestmark = pytest.mark.browser

NASTY = "<img src=x onerror=\"document.title='alive'\"> **bold** _it_ $x^2$ :red[hi] =1+1 [link](http://a.example) #1"
ALIVE = ".stMain strong:has-text('bold'), .stMain em:has-text('it'), .stMain .katex, .stMain img[src='x'], a[href^='http://a']"


@pytest.fixture(scope="module")
def nasty_school(tmp_path_factory):
    """A school in which everything that can be typed is a trap."""
    folder = tmp_path_factory.mktemp("nasty") / "school"
    store = open_store(folder)
    new_school(store, roles=False)
    cycle = plan.running_cycle(store)

    def add(record):
        return plan.record(store, LEADER, record)

    add(Team(team_id=new_id(), name=NASTY))
    add(Person(person_id=new_id(), name=NASTY, title=NASTY, role=Role.MEMBER))
    vision = add(Vision(vision_id=new_id(), title=NASTY, text=NASTY))
    ambition = add(Ambition(ambition_id=new_id(), vision_id=vision.id, title=NASTY, text=NASTY))
    goal = add(
        Goal(
            goal_id=new_id(),
            cycle_id=cycle.id,
            ambition_id=ambition.id,
            title=NASTY,
            text=NASTY,
            phase=cycle.phase,
        )
    )
    add(Indicator(indicator_id=new_id(), goal_id=goal.id, title=NASTY, unit="%", baseline=10, target=20))
    action = add(
        Action(action_id=new_id(), cycle_id=cycle.id, goal_id=goal.id, title=NASTY, prediction=NASTY)
    )
    evidence = add(
        Evidence(
            evidence_id=new_id(),
            cycle_id=cycle.id,
            kind=EvidenceKind.OBSERVATION,
            title=NASTY,
            text=NASTY,
            source=NASTY,
            evidence_on=cycle.first_on,
            added_on=cycle.first_on,
        )
    )
    add(
        Link(
            link_id=new_id(),
            evidence_id=evidence.id,
            noun="goal",
            noun_id=goal.id,
            says=Says.SUPPORTS,
            note=NASTY,
        )
    )
    token = browser.let_in(store)
    store.close()
    return folder, token, {"goal": goal.id, "action": action.id, "evidence": evidence.id}


@pytest.fixture(scope="module")
def driver(nasty_school, one_chromium):
    """Somebody who is signed in and goes from page to page; to load each anew takes four times as long."""
    folder, token, _ids = nasty_school
    with browser.serve(folder) as served:
        context = browser.carry(one_chromium.context(), served.url, token)
        yield Driver(context.new_page(), served.url, "nl")
        context.close()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "vision",
        "goals",
        "goal",
        "thread",
        "actions",
        "action",
        "evidence",
        "matrix",
        "evaluate",
        "school",
        "changes",
    ],
)
def test_typed_text_stays_text(chromium, nasty_school, driver, name):
    ids, page = nasty_school[2], driver.page

    driver.go(name, **{name: ids[name]} if name in ids else {})

    text = driver.text()
    assert (page.locator(ALIVE).count(), page.title() == "alive", "**bold** _it_ $x^2$" in text) == (
        0,
        False,
        True,
    )
