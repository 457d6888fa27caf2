"""A form filled in elsewhere comes in by the same rules, gives the same result, and leaves no trace of anybody."""

import csv
import io
import logging
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from qualitycycle import config, instruments
from qualitycycle.cycle import elsewhere, promise, rounds, upkeep
from qualitycycle.cycle.elsewhere import NewRound
from qualitycycle.errors import Incomplete, NotAllowed, RoundClosed, TooMuchPaper
from qualitycycle.imports.responses import FormMapping, FormsRead

DATA = Path(__file__).parent.parent / "data" / "imports"
ONE = instruments.instrument("collectief_vakmanschap")
EXPORTS = ("microsoft_forms_nl.csv", "google_forms_en.csv")
PROMISED = "Alleen de directeur ziet de uitkomsten, vanaf tien mensen."
FILLED_IN_ON = date(2026, 11, 16)


def given(person, place):
    """The answer of a person in both samples: 1 to 6, one of them left open."""
    return None if (person, place) == (3, 4) else 1 + (person * 5 + place * 3 + person * place) % 6


def received(world, name="microsoft_forms_nl.csv", content=None):
    content = content or (DATA / name).read_bytes()
    return elsewhere.receive(world.store, world.leader, content, name, ONE)


def ready(world, found):
    (column,) = found.forms.teams
    mapping = FormMapping(found.forms.suggested, team_column=column, teams=world.teams)
    return elsewhere.read(found, mapping)


def new_round(world, **changes):
    start = NewRound(
        cycle_id=world.running,
        title="Uit een formulier",
        filled_in_on=FILLED_IN_ON,
        invited={world.teams["Onderbouw"]: 7, world.teams["Bovenbouw"]: 8},
        promised=PROMISED,
        floor=5,
    )
    return replace(start, **changes)


def by_code(world):
    """The same answers, given one by one with codes."""
    opened = world.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    for person in range(12):
        team = world.teams["Onderbouw" if person < 6 else "Bovenbouw"]
        answers = {item.key: given(person, place) for place, item in enumerate(ONE.items)}
        rounds.answer(
            world.store,
            world.member,
            opened.codes[team][person % 6],
            {key: value for key, value in answers.items() if value},
        )
    return world.close(opened)


def as_workbook(name):
    """The lines of a sample as a workbook, with its moments as moments."""
    text = (DATA / name).read_text(encoding="utf-8-sig")
    made = io.BytesIO()
    with xlsxwriter.Workbook(made) as book:
        sheet = book.add_worksheet("Form Responses 1")
        rows = csv.reader(io.StringIO(text), delimiter=";" if name.startswith("microsoft") else ",")
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, row)
    return made.getvalue()


# --- the result ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("make", [None, as_workbook], ids=["csv", "xlsx"])
def test_an_export_gives_the_result_of_the_same_answers_by_code(north_school, name, make):
    found = received(north_school, name, make(name) if make else None)

    closed = elsewhere.as_round(
        north_school.store, north_school.leader, new_round(north_school), found, ready(north_school, found)
    )

    result = rounds.result(north_school.store, north_school.leader, closed.round_id)
    assert replace(result, data_version=None) == replace(by_code(north_school), data_version=None)
    assert result.school.n == 12


def test_an_open_round_takes_the_forms_among_its_own_answers(north_school):
    opened = north_school.open_round({"Onderbouw": 8, "Bovenbouw": 8})
    north_school.answer(opened, "Onderbouw", 2)
    found = received(north_school)

    elsewhere.into_round(
        north_school.store, north_school.coach, opened.round.round_id, found, ready(north_school, found)
    )

    now = rounds.progress(north_school.store, north_school.leader, opened.round.round_id)
    assert (now.n_answered, now.n_invited) == (14, 16)
    assert north_school.close(opened).school.n == 14


def test_more_forms_than_people_who_have_not_answered_are_refused(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 5})
    found = received(north_school)

    with pytest.raises(TooMuchPaper):
        elsewhere.into_round(
            north_school.store, north_school.leader, opened.round.round_id, found, ready(north_school, found)
        )

    now = rounds.progress(north_school.store, north_school.leader, opened.round.round_id)
    assert now.n_answered == 0


@pytest.mark.parametrize("first", ["into", "as"])
def test_the_same_file_is_counted_once(north_school, first):
    opened = north_school.open_round({"Onderbouw": 20, "Bovenbouw": 20})
    found = received(north_school)
    rows = ready(north_school, found)
    store, leader = north_school.store, north_school.leader
    if first == "into":
        elsewhere.into_round(store, leader, opened.round.round_id, found, rows)
    else:
        elsewhere.as_round(store, leader, new_round(north_school), found, rows)

    with pytest.raises(Incomplete) as refused:
        elsewhere.into_round(store, leader, opened.round.round_id, received(north_school), rows)

    assert refused.value.reason == "read_before"
    assert received(north_school).read_before in ("Najaar", "Uit een formulier")


def test_a_small_team_is_hidden_by_the_gate(north_school):
    found = received(north_school)
    rows = ready(north_school, found)
    bovenbouw = [one for one in rows.given if one[0] == north_school.teams["Bovenbouw"]]
    few = FormsRead([one for one in rows.given if one not in bovenbouw][:6] + bovenbouw[:3], [], 0)

    closed = elsewhere.as_round(north_school.store, north_school.leader, new_round(north_school), found, few)

    result = rounds.result(north_school.store, north_school.leader, closed.round_id)
    assert north_school.shown(result) == {"school"}


# --- what is refused -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "name", "reason"),
    [
        ({"promised": " "}, "promise", "missing"),
        ({"title": ""}, "title", "missing"),
        ({"floor": 4}, "floor", "below_floor"),
        ({"filled_in_on": date(2027, 1, 1)}, "filled_in_on", "in_future"),
    ],
)
def test_what_a_round_needs_is_asked(north_school, change, name, reason):
    found = received(north_school)

    with pytest.raises(Incomplete) as refused:
        elsewhere.as_round(
            north_school.store,
            north_school.leader,
            new_round(north_school, **change),
            found,
            ready(north_school, found),
        )

    assert (refused.value.name, refused.value.reason) == (name, reason)


def test_fewer_asked_than_answered_cannot_be(north_school):
    found = received(north_school)
    few = {north_school.teams["Onderbouw"]: 5, north_school.teams["Bovenbouw"]: 8}

    with pytest.raises(Incomplete) as refused:
        elsewhere.as_round(
            north_school.store,
            north_school.leader,
            new_round(north_school, invited=few),
            found,
            ready(north_school, found),
        )

    assert (refused.value.reason, refused.value.detail) == ("fewer_than_forms", "6")


def test_a_member_and_a_reader_may_not(north_school):
    for actor in (north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            elsewhere.receive(north_school.store, actor, b"x", "x.csv", ONE)


def test_a_closed_round_takes_nothing(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    north_school.close(opened)
    found = received(north_school)

    with pytest.raises(RoundClosed):
        elsewhere.into_round(
            north_school.store, north_school.leader, opened.round.round_id, found, ready(north_school, found)
        )


def test_no_rows_are_no_round(north_school):
    found = received(north_school)

    with pytest.raises(Incomplete) as refused:
        elsewhere.as_round(
            north_school.store, north_school.leader, new_round(north_school), found, FormsRead([], [], 0)
        )

    assert refused.value.name == "rows"


# --- what stays behind -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXPORTS)
def test_nobody_and_no_moment_of_the_file_is_in_the_file_its_log_or_the_logs(north_school, name, caplog):
    caplog.set_level(logging.DEBUG)
    found = received(north_school, name)
    rows = ready(north_school, found)
    opened = north_school.open_round({"Onderbouw": 8, "Bovenbouw": 8})

    elsewhere.into_round(north_school.store, north_school.leader, opened.round.round_id, found, rows)
    before = stored_bytes(north_school)
    rounds.close_round(north_school.store, north_school.leader, opened.round.round_id)
    upkeep.back_up(north_school.store, north_school.leader)

    secret = [
        cell
        for line in (DATA / name).read_text(encoding="utf-8-sig").splitlines()[1:]
        for cell in line.replace(";", ",").split(",")
        if "iemand" in cell or ":" in cell or "school.example" in cell
    ]
    assert len(secret) > 20
    everywhere = before + stored_bytes(north_school) + caplog.text.encode() + repr(vars(found.forms)).encode()
    assert [cell for cell in secret if cell.encode() in everywhere] == []


def stored_bytes(world):
    folder = world.store.path.parent
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_the_rows_are_stored_in_no_order(north_school):
    orders = set()
    for _n in range(4):
        orders.add(tuple(stored_order(north_school)))

    assert len(orders) > 1


def stored_order(world):
    """The answers to one statement as they lie in the file, after the very same form with another remark."""
    content = (DATA / EXPORTS[0]).read_bytes() + b"\r\n" * (
        1 + len(world.store.rows("FROM filled_in_elsewhere"))
    )
    opened = world.open_round({"Onderbouw": 8, "Bovenbouw": 8})
    found = received(world, content=content)
    elsewhere.into_round(world.store, world.leader, opened.round.round_id, found, ready(world, found))
    world.close(opened)
    rows = world.store.rows(
        "SELECT a.value FROM response r JOIN answer a USING (response_id)"
        " WHERE r.round_id = $round AND a.item_key = 'cv_01' ORDER BY r.rowid",
        round=opened.round.round_id,
    )
    return [row["value"] for row in rows]


def test_the_doctor_and_the_export_are_content(north_school, tmp_path):
    found = received(north_school)
    elsewhere.as_round(
        north_school.store, north_school.leader, new_round(north_school), found, ready(north_school, found)
    )

    path = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    assert upkeep.doctor(north_school.store) == []
    assert not (path / "filled_in_elsewhere.csv").exists()
    assert found.file_hash not in (path / "export.json").read_text(encoding="utf-8")


def test_the_promise_says_that_it_was_given_elsewhere(north_school):
    found = received(north_school)

    closed = elsewhere.as_round(
        north_school.store, north_school.leader, new_round(north_school), found, ready(north_school, found)
    )

    said = promise.sentences(closed.promise)
    assert PROMISED in said[0]
    assert (closed.opened_on, closed.closed_on) == (FILLED_IN_ON, FILLED_IN_ON)
    assert config.today() > FILLED_IN_ON
