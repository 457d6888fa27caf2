"""From a picture of outcomes to the data wall and to an indicator, and evidence that says what came later."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import (
    evidence,
    import_batches,
    indicators,
    meetings,
    office,
    plan,
    series,
    views,
    wall,
)
from qualitycycle.cycle.counts import CountRow, Counts
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import Result, View, ViewKind
from qualitycycle.model import Indicator
from qualitycycle.ui import pictures
from tests.pages import north as world
from tests.pages.north import LEADER, choose, page, press, words

OUTCOMES, WALL, EVIDENCE = "study/outcomes.py", "study/wall.py", "study/evidence.py"
MEETING = "do/meeting.py"


@pytest.fixture
def north(tmp_path):
    with i18n.speaking("en"):
        made = world.built(tmp_path)
        world.read_in(made)
        yield made
    office.close()


def _picture(north):
    (line,) = [one for one in series.selections(north.store, LEADER) if one.score_kind == "level"]
    return View(ViewKind.LEVELS, line)


def test_a_picture_is_hung_on_the_wall_and_taken_down_there(north):
    at = page(OUTCOMES)
    press(at, "hang.send")
    (hung,) = wall.look(north.store, LEADER).pictures

    at = page(WALL)
    seen = words(at)
    press(at, f"wall.off.{hung.picture.id}")

    assert "Imported results: 3 moments" in seen
    assert wall.look(north.store, LEADER).pictures == ()
    assert "Nothing hangs on the data wall yet." in words(at)


def test_a_new_indicator_of_a_goal_follows_the_picture(north):
    at = page(OUTCOMES)
    key = next(one.key for one in at.button if str(one.key).startswith("new_indicator."))
    name = key.removesuffix(".send")
    choose(at, f"{name}.goal_id", north.goal.goal_id)
    at.text_input(key=f"{name}.target").set_value("70").run()

    press(at, key)

    made = plan.find(north.store, LEADER, Indicator, goal_id=north.goal.goal_id)[-1]
    points = indicators.points_of(north.store, LEADER, made)
    assert (made.target, made.unit, made.baseline) == (70.0, "%", points[-1].value)


def test_another_level_leaves_the_goal_of_a_new_indicator_where_it_is(north):
    at = page(OUTCOMES, **pictures.address(_picture(north)))
    key = next(one.key for one in at.button if str(one.key).startswith("new_indicator."))
    name = key.removesuffix(".send")
    level = next(one for one in at.selectbox if str(one.key).startswith("followed_level."))
    choose(at, f"{name}.goal_id", north.goal.goal_id)
    at.text_input(key=f"{name}.target").set_value("70").run()

    level.set_value("II").run()
    press(at, key)

    made = plan.find(north.store, LEADER, Indicator, goal_id=north.goal.goal_id)[-1]
    assert (made.target, indicators.view_of(made.series).selection.level) == (70.0, "II")
    assert made.title.endswith("share at level II or higher")


def test_the_wall_shows_numbers_of_the_newest_moment_alone():
    selection = Selection("destination", "count", False, test="Arbeid")
    rows = [CountRow(year, date(2025 + n, 7, 1), "Arbeid", 6.0 + n, 20) for n, year in enumerate(("A", "B"))]
    result = Result(View(ViewKind.COUNTS, selection), 1, 20, Counts(("Arbeid",), tuple(rows)))

    drawn = pictures.for_the_room(result, theme="light", height=124)

    assert list(drawn.data["count"].dropna()) == [7.0]


def test_evidence_says_that_its_file_was_taken_back_and_shows_newer_figures_on_request(north):
    shown = views.result(north.store, LEADER, _picture(north))
    piece = evidence.from_view(north.store, LEADER, shown.view, north.cycle.cycle_id, "Niveaus")
    before = words(page(EVIDENCE, evidence=piece.evidence_id))
    (batch, *_rest) = import_batches.batches(north.store, LEADER)
    world.read_in(north, "V " * 12)
    import_batches.undo(north.store, LEADER, batch.batch_id)

    text = words(page(EVIDENCE, evidence=piece.evidence_id))

    assert "taken back" not in before
    assert "The file behind this evidence was taken back since." in text


def test_the_wall_opens_in_the_figures_of_the_meeting_and_closes_again(north):
    wall.hang(north.store, LEADER, _picture(north))
    meetings.start(north.store, LEADER, [one.person_id for one in meetings.expected(north.store)], {})
    at = page(MEETING)
    place = 1
    while "meeting.to_wall" not in [button.key for button in at.button]:
        press(at, f"meeting.next.{place}")
        place += 1

    press(at, "meeting.to_wall")
    opened = words(at)
    press(at, "meeting.to_wall")

    assert "Imported results: 2 bars" in opened
    assert "Imported results: 2 bars" not in words(at)
