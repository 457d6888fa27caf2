"""The data wall: five pictures at most, in an order of their own, with what is known now."""

from __future__ import annotations

from dataclasses import replace

import pytest

from qualitycycle.cycle import plan, wall
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.views import View
from qualitycycle.errors import NotAllowed, WallFull
from qualitycycle.model import Person, Team, WallPicture
from tests import planted

SCORES = [90.0 + n for n in range(20)]
GROUPS = ("3", "4", "5", "6", "7")


def _view(year_group):
    return View(ViewKind.LINE, planted.line(year_group))


def _hung(world, groups=GROUPS):
    return [wall.hang(world.store, world.leader, _view(group)).id for group in groups]


def _order(world, actor=None):
    seen = wall.look(world.store, actor or world.leader)
    return [one.view.selection.year_group for one in seen.pictures]


def test_pictures_hang_in_the_order_they_came_and_each_once(north_school):
    _hung(north_school, ("5", "3", "5"))

    assert _order(north_school) == ["5", "3"]


def test_a_sixth_picture_asks_which_one_it_replaces(north_school):
    ids = _hung(north_school)

    with pytest.raises(WallFull):
        wall.hang(north_school.store, north_school.leader, _view("8"))
    wall.hang(north_school.store, north_school.leader, _view("8"), in_place_of=ids[1])

    assert _order(north_school) == ["3", "8", "5", "6", "7"]


def test_the_order_can_be_changed(north_school):
    ids = _hung(north_school, ("3", "4", "5"))

    wall.move(north_school.store, north_school.leader, ids[2], -1)
    wall.move(north_school.store, north_school.leader, ids[0], -1)

    assert _order(north_school) == ["3", "5", "4"]


def test_what_is_taken_down_is_kept_and_can_hang_there_again(north_school):
    first, second = _hung(north_school, ("3", "4"))

    wall.take_down(north_school.store, north_school.leader, first)

    assert [one.id for one in wall.taken_down(north_school.store, north_school.leader)] == [first]
    assert wall.hang(north_school.store, north_school.leader, _view("3")).id == first
    assert _order(north_school) == ["4", "3"]
    assert wall.taken_down(north_school.store, north_school.leader) == []
    assert second == wall.on_wall(north_school.store, _view("4")).id


def test_the_wall_shows_what_was_read_in_later(north_school):
    north_school.import_scores({"2024-2025": SCORES})
    _hung(north_school, ("5",))

    north_school.import_scores({"2025-2026": SCORES[:10]})

    (one,) = wall.look(north_school.store, north_school.leader).pictures
    assert [point.label for point in one.result.points] == ["2024-2025 M", "2025-2026 M"]


def test_everybody_sees_of_it_what_she_may_see_elsewhere(north_school):
    world = north_school
    team = plan.get(world.store, world.leader, Person, world.member.person_id).team_ids[0]
    plan.change(world.store, world.leader, Team, team, None, year_groups=("4",))
    _hung(world, ("3", "4", "5"))

    assert _order(world, world.coach) == ["3", "4", "5"]
    assert _order(world, world.member) == ["4"]
    assert wall.look(world.store, world.member).n_not_shown == 2
    assert wall.look(world.store, world.reader) == wall.Wall((), 3)


@pytest.mark.parametrize("who", ["member", "reader"])
def test_only_leader_and_coach_hang_move_and_take_down(north_school, who):
    world = north_school
    actor = getattr(world, who)
    (hung,) = _hung(world, ("3",))

    for attempt in (
        lambda: wall.hang(world.store, actor, _view("4")),
        lambda: wall.move(world.store, actor, hung, 1),
        lambda: wall.take_down(world.store, actor, hung),
        lambda: wall.taken_down(world.store, actor),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert _order(world) == ["3"]


def test_a_picture_that_is_not_possible_any_more_keeps_its_place(north_school):
    view = View(
        ViewKind.GAIN, replace(planted.line("5"), score_kind="mark"), start="2024-2025 M", end="2025-2026 M"
    )

    wall.hang(north_school.store, north_school.leader, view)

    (one,) = wall.look(north_school.store, north_school.leader).pictures
    assert one.result is None
    assert isinstance(one.picture, WallPicture)
