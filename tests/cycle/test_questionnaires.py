"""A school's own questionnaires: added, versioned, put aside, asked, and never mixed with those of another school."""

import pytest

from qualitycycle import config
from qualitycycle.cycle import elsewhere, questionnaires, results, rounds, upkeep
from qualitycycle.errors import Incomplete, InstrumentInvalid, NotAllowed
from tests.instruments.test_checking import GOOD

KEY = "rust_in_de_klas"
CHANGED = GOOD.replace("Wij doen het samen.", "Wij doen het echt samen.")


def added(world, text=GOOD):
    return questionnaires.add(world.store, world.leader, text.encode())


def held(world, n=7, title="Rust"):
    """A closed round with the school's own questionnaire."""
    opened = world.open_round({"Onderbouw": n, "Bovenbouw": n}, instrument_key=KEY, title=title)
    one = questionnaires.get(world.store, KEY)
    for team in ("Onderbouw", "Bovenbouw"):
        for code in opened.codes[world.teams[team]]:
            rounds.answer(world.store, world.member, code, {item.key: 2 for item in one.items})
    return rounds.close_round(world.store, world.leader, opened.round.round_id)


def test_what_was_added_can_be_asked_and_gives_a_result(north_school):
    added(north_school)

    closed = held(north_school)

    result = rounds.result(north_school.store, north_school.leader, closed.round_id)
    assert [(scale.key, scale.n, scale.mean) for scale in result.school.scales] == [
        ("rust", 14, 2.0),
        ("samen", 14, 2.0),
    ]


def test_a_coach_may_add_and_a_member_may_not(north_school):
    questionnaires.add(north_school.store, north_school.coach, GOOD.encode())

    with pytest.raises(NotAllowed):
        questionnaires.add(north_school.store, north_school.member, CHANGED.encode())
    with pytest.raises(NotAllowed):
        questionnaires.check(north_school.store, north_school.reader, GOOD.encode())


def test_a_faulty_file_is_not_stored(north_school):
    with pytest.raises(InstrumentInvalid):
        added(north_school, GOOD.replace("minimum = 1", "minimum = 0"))

    assert questionnaires.own_files(north_school.store) == []


def test_the_same_file_brings_nothing_new(north_school):
    added(north_school)

    assert questionnaires.check(north_school.store, north_school.leader, GOOD.encode()).same
    with pytest.raises(Incomplete) as refused:
        added(north_school, GOOD.replace("\n", "\r\n") + "\n# een opmerking\n")
    assert refused.value.reason == "nothing_new"
    assert len(questionnaires.own_files(north_school.store)) == 1


def test_a_changed_file_becomes_the_next_version_and_shows_what_changed(north_school):
    added(north_school)
    checked = questionnaires.check(north_school.store, north_school.leader, CHANGED.encode())

    second = added(north_school, CHANGED)

    assert (checked.instrument.version, second.version) == (2, 2)
    assert [line for line in checked.changes if line.startswith(("-", "+"))] == [
        '-text = { nl = "Wij doen het samen." }',
        '+text = { nl = "Wij doen het echt samen." }',
    ]


def test_a_round_keeps_the_version_it_was_opened_with(north_school):
    added(north_school)
    first = held(north_school)
    added(north_school, CHANGED)
    second = held(north_school, title="Opnieuw")

    assert (first.instrument_version, second.instrument_version) == (1, 2)
    old = questionnaires.get(north_school.store, KEY, 1)
    assert old.item("rk_3").text["nl"] == "Wij doen het samen."


def test_a_line_over_rounds_knows_where_the_version_changed(north_school):
    added(north_school)
    closed = [held(north_school)]
    added(north_school, CHANGED)
    closed.append(held(north_school, title="Opnieuw"))

    points = results.over_rounds(north_school.store, north_school.leader, closed, "school", "rust")

    assert sorted(point.version for point in points) == [1, 2]


def test_an_archived_one_opens_no_round_and_its_rounds_stay_readable(north_school):
    added(north_school)
    closed = held(north_school)

    questionnaires.put_aside(north_school.store, north_school.leader, KEY)

    assert KEY not in [one.key for one in questionnaires.offered(north_school.store)]
    with pytest.raises(Incomplete) as refused:
        held(north_school, title="Opnieuw")
    assert refused.value.reason == "archived"
    assert rounds.result(north_school.store, north_school.leader, closed.round_id).school.shown
    assert questionnaires.get(north_school.store, KEY, 1).key == KEY


def test_what_is_brought_back_can_be_asked_again(north_school):
    added(north_school)
    questionnaires.put_aside(north_school.store, north_school.leader, KEY)

    questionnaires.bring_back(north_school.store, north_school.leader, KEY)

    assert held(north_school).instrument_key == KEY


def test_two_schools_with_the_same_key_each_have_their_own(north_school, south_school):
    added(north_school)
    added(south_school, CHANGED)

    said = [
        questionnaires.get(world.store, KEY).item("rk_3").text["nl"] for world in (north_school, south_school)
    ]

    assert said == ["Wij doen het samen.", "Wij doen het echt samen."]


def test_an_unknown_questionnaire_is_refused(north_school):
    with pytest.raises(InstrumentInvalid):
        questionnaires.get(north_school.store, KEY)


def test_adding_stands_in_the_record_of_changes(north_school):
    one = added(north_school)

    rows = north_school.store.rows("SELECT verb, noun_id FROM audit WHERE noun = 'instrument'")

    assert rows == [{"verb": "add_instrument", "noun_id": one.instrument_id}]
    assert one.added_on == config.today()


def test_the_file_leaves_with_the_export_and_the_doctor_is_content(north_school, tmp_path):
    added(north_school)
    held(north_school)

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    assert "Brief van de makers" in (path / "instrument.csv").read_text(encoding="utf-8-sig")
    assert upkeep.doctor(north_school.store) == []


def test_the_doctor_finds_a_round_whose_questionnaire_is_gone(north_school):
    added(north_school)
    held(north_school)
    with north_school.store.cursor() as con:
        con.execute("DELETE FROM instrument")

    assert [(one.code, one.detail) for one in upkeep.doctor(north_school.store)] == [
        ("instrument_missing", f"{KEY} 1")
    ]


def test_a_form_of_the_version_that_an_open_round_asks_can_come_in_beside_the_newest(north_school):
    added(north_school)
    north_school.open_round({"Onderbouw": 7}, instrument_key=KEY)
    added(north_school, CHANGED)

    found = elsewhere.fillable(north_school.store, north_school.leader)

    assert [one.version for one in found if one.key == KEY] == [1, 2]
    with pytest.raises(NotAllowed):
        elsewhere.fillable(north_school.store, north_school.member)
