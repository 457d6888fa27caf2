"""Our way of working: written, discussed beforehand, agreed in a meeting, and never changed after that."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import meetings, plan, way_of_working
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NotAllowed
from qualitycycle.model import WayState, WayVersion
from tests.cycle.conftest import TODAY

DAY = timedelta(days=1)


def begin(world, text="Zo werken wij", changed=""):
    return way_of_working.write(world.store, world.coach, text=text, changed=changed)


def discussed(world, since=TODAY - DAY, **fields):
    with config.as_of(since):
        return way_of_working.put_up(world.store, world.coach, begin(world, **fields).way_version_id)


def meet(world, on=TODAY):
    with config.as_of(on):
        held = meetings.start(world.store, world.leader, [world.leader.person_id], {})
        return meetings.close(world.store, world.leader, held.meeting_id).meeting_id


def agree(world, **fields):
    version = discussed(world, **fields)
    return way_of_working.sign_off(world.store, world.leader, version.way_version_id, meet(world))


def test_a_version_goes_from_draft_over_discussion_to_agreed_in_a_meeting(north_school):
    assert way_of_working.look(north_school.store, north_school.member).empty
    draft = begin(north_school)
    assert draft.state is WayState.DRAFT

    agreed = agree_on(north_school, draft)

    assert (agreed.state, agreed.number, agreed.agreed_on) == (WayState.AGREED, 1, TODAY)


def agree_on(world, draft):
    with config.as_of(TODAY - DAY):
        way_of_working.put_up(world.store, world.coach, draft.way_version_id)
    return way_of_working.sign_off(world.store, world.leader, draft.way_version_id, meet(world))


@pytest.mark.parametrize("since", [None, TODAY])
def test_what_was_not_put_up_the_day_before_is_not_agreed(north_school, since):
    version = begin(north_school)
    if since:
        way_of_working.put_up(north_school.store, north_school.coach, version.way_version_id)

    with pytest.raises(Incomplete) as error:
        way_of_working.sign_off(
            north_school.store, north_school.leader, version.way_version_id, meet(north_school)
        )

    assert error.value.reason == "discuss_first"
    assert way_of_working.look(north_school.store, north_school.leader).agreed is None


def test_an_agreed_version_is_never_changed_and_the_next_says_what_changed(north_school):
    world = north_school
    agreed = agree(world)
    for verb in (
        lambda: way_of_working.rewrite(world.store, world.leader, agreed.way_version_id, None, text="Anders"),
        lambda: way_of_working.put_aside(world.store, world.leader, agreed.way_version_id),
        lambda: way_of_working.take_back(world.store, world.leader, agreed.way_version_id),
        lambda: begin(world, text="Anders"),
    ):
        with pytest.raises(Incomplete):
            verb()

    with config.as_of(TODAY + 14 * DAY):
        version = discussed(world, since=TODAY + 8 * DAY, text="Anders", changed="Korter")
        way_of_working.sign_off(
            world.store, world.leader, version.way_version_id, meet(world, TODAY + 14 * DAY)
        )
    way = way_of_working.look(world.store, world.reader)

    assert (way.agreed.number, way.agreed.text) == (2, "Anders")
    assert [(one.number, one.text) for one in way.earlier] == [(1, "Zo werken wij")]


def test_one_version_is_on_its_way_at_a_time(north_school):
    version = begin(north_school)
    with pytest.raises(Incomplete) as error:
        begin(north_school, changed="x")
    assert error.value.reason == "version_under_way"

    way_of_working.put_aside(north_school.store, north_school.coach, version.way_version_id)

    assert begin(north_school).number == 1


def test_colleagues_say_something_beforehand_under_their_own_name(north_school):
    world = north_school
    draft = begin(world)
    with pytest.raises(Incomplete):
        way_of_working.remark(world.store, world.member, draft.way_version_id, "Te vroeg")
    way_of_working.put_up(world.store, world.coach, draft.way_version_id)

    way_of_working.remark(world.store, world.member, draft.way_version_id, "Graag vier weken")

    way = way_of_working.look(world.store, world.leader)
    assert [(one.title, one.person_id) for one in way.remarks] == [
        ("Graag vier weken", world.member.person_id)
    ]
    assert way_of_working.look(world.store, world.reader).remarks == ()


def test_a_draft_is_for_who_writes_it_and_a_discussion_for_the_staff(north_school):
    world = north_school
    draft = begin(world)
    assert way_of_working.look(world.store, world.coach).coming == draft
    assert way_of_working.look(world.store, world.member).coming is None

    way_of_working.put_up(world.store, world.coach, draft.way_version_id)

    assert way_of_working.look(world.store, world.member).coming.way_version_id == draft.way_version_id
    assert way_of_working.look(world.store, world.reader).coming is None
    assert plan.find(world.store, world.reader, WayVersion) == []


def test_two_who_write_at_once_do_not_overwrite_each_other(north_school):
    world = north_school
    draft = begin(world)
    way_of_working.rewrite(world.store, world.leader, draft.way_version_id, 1, text="Van Leida")

    with pytest.raises(ChangedMeanwhile):
        way_of_working.rewrite(world.store, world.coach, draft.way_version_id, 1, text="Van Ibo")

    assert way_of_working.look(world.store, world.coach).coming.text == "Van Leida"


def test_a_member_and_a_reader_write_no_version(north_school):
    world = north_school
    version = discussed(world)
    meeting = meet(world)
    for who in (world.member, world.reader):
        for verb in (
            lambda who=who: way_of_working.write(world.store, who, text="x"),
            lambda who=who: way_of_working.put_up(world.store, who, version.way_version_id),
            lambda who=who: way_of_working.sign_off(world.store, who, version.way_version_id, meeting),
        ):
            with pytest.raises(NotAllowed):
                verb()
    with pytest.raises(NotAllowed):
        way_of_working.remark(world.store, world.reader, version.way_version_id, "x")
