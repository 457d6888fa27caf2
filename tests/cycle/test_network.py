"""What a school brings to its network: requests for help, putting figures down, giving them, and files of others."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import (
    coaching_totals,
    demo_network,
    guidance,
    help_requests,
    history,
    network,
    network_file,
    network_received,
    plan,
    upkeep,
)
from qualitycycle.cycle.network import Given
from qualitycycle.cycle.network_figures import CLASSES, LEFT_OUT, NOT_SHARED, Measure
from qualitycycle.cycle.network_file import Period
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NetworkFileRefused, NotAllowed, NotFound
from qualitycycle.model import Person, Role
from qualitycycle.store.connect import open_store
from tests.cycle.conftest import TODAY

CLOSED = Period("2025-2026", 2)
SAID = "zilverreigeroverleg"


def _ask(world, n=1, *, kind="specialist", theme="behaviour", day=date(2026, 3, 2), weeks=8):
    came_on = None if weeks is None else day + timedelta(weeks=weeks)
    new = [
        help_requests.HelpRequest(f"{kind}{theme}{day}{k}", SAID, kind, theme, day, came_on) for k in range(n)
    ]
    return help_requests.ask_all(world.store, world.coach, new)


def _put_down(world, **given):
    return network.put_down(world.store, world.coach, CLOSED, Given(**{"label": "De Kade", **given}))


def _shown(file):
    return {one.name: (one.n, one.value) for one in file.figures if one.shown}


# --- requests for help -----------------------------------------------------------------------------------


def test_a_request_is_asked_comes_and_goes_to_the_end_of_the_list(north_school):
    store, coach = north_school.store, north_school.coach
    first = help_requests.ask(
        store, coach, about="Meekijken", kind="specialist", theme="maths", asked_on=date(2026, 10, 5)
    )
    second = help_requests.ask(
        store, coach, about="Advies", kind="speech", theme="language", asked_on=date(2026, 11, 2)
    )

    came = help_requests.come(store, coach, first.id)
    withdrawn = help_requests.withdraw(store, coach, second.id)

    assert (came.came_on, came.weeks(TODAY)) == (TODAY, 48 / 7)
    assert withdrawn.until(TODAY) == (TODAY, False)
    assert [one.id for one in help_requests.requests(store, coach)] == [second.id, first.id]


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"about": " "}, "about_help"),
        ({"kind": "pupil"}, "kind"),
        ({"theme": "pupil"}, "theme"),
        ({"asked_on": None}, "asked_on"),
        ({"asked_on": TODAY + timedelta(days=1)}, "asked_on"),
        ({"came_on": date(2026, 3, 1)}, "came_on"),
        ({"came_on": date(2026, 4, 1), "withdrawn_on": date(2026, 4, 2)}, "withdrawn_on"),
    ],
)
def test_what_does_not_fit_is_refused(north_school, wrong, name):
    (one,) = _ask(north_school, weeks=None)
    typed = {
        field: getattr(one, field) for field in ("about", "kind", "theme", "asked_on", "came_on")
    } | wrong

    with pytest.raises(Incomplete) as refused:
        help_requests.change(north_school.store, north_school.coach, one.id, 1, **typed)

    assert refused.value.name == name


def test_two_who_change_one_request_do_not_overwrite_each_other(north_school):
    (one,) = _ask(north_school, weeks=None)
    help_requests.come(north_school.store, north_school.leader, one.id)

    with pytest.raises(ChangedMeanwhile):
        help_requests.change(
            north_school.store,
            north_school.coach,
            one.id,
            1,
            about="x",
            kind="speech",
            theme="maths",
            asked_on=TODAY,
        )


def test_a_request_put_aside_can_be_brought_back(north_school):
    store, coach = north_school.store, north_school.coach
    (one,) = _ask(north_school)

    help_requests.archive(store, coach, one.id)
    assert help_requests.requests(store, coach) == []
    assert [aside.id for aside in help_requests.put_aside(store, coach)] == [one.id]
    help_requests.bring_back(store, coach, one.id)

    assert [back.id for back in help_requests.requests(store, coach)] == [one.id]


def test_requests_leave_with_no_export_and_their_words_stand_in_no_record(north_school, tmp_path):
    _ask(north_school, 9)
    _put_down(north_school)

    folder = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    exported = "".join(path.read_text(encoding="utf-8-sig") for path in folder.iterdir())
    changes = repr(history.changes(north_school.store, north_school.leader, limit=10_000))
    assert SAID not in exported + changes
    assert north_school.store.rows("SELECT 1 FROM audit WHERE after LIKE '%zilver%'") == []
    assert SAID not in network.content(north_school.store, north_school.leader, CLOSED).decode()


# --- who may what ----------------------------------------------------------------------------------------

VERBS = {
    "requests": lambda store, who: help_requests.requests(store, who),
    "put_aside": lambda store, who: help_requests.put_aside(store, who),
    "ask": lambda store, who: help_requests.ask(
        store, who, about="x", kind="speech", theme="maths", asked_on=TODAY
    ),
    "questions": lambda store, who: network.questions(store, who),
    "set_themes": lambda store, who: network.set_themes(store, who, {}),
    "put_down": lambda store, who: network.put_down(store, who, CLOSED, Given("x")),
    "given": lambda store, who: network.given(store, who, CLOSED),
    "own": lambda store, who: network.own(store, who, CLOSED),
    "content": lambda store, who: network.content(store, who, CLOSED),
    "receive": lambda store, who: network_received.receive(store, who, b"{}", "x"),
    "received": lambda store, who: network_received.received(store, who),
    "remove": lambda store, who: network_received.remove(store, who, "x"),
    "beside": lambda store, who: network_received.beside(store, who, CLOSED),
    "told_periods": lambda store, who: network_received.told_periods(store, who),
}


@pytest.mark.parametrize("verb", VERBS)
def test_a_member_and_a_reader_have_no_part_in_it(north_school, verb):
    for who in (north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            VERBS[verb](north_school.store, who)


def test_the_coach_decides_and_the_leader_sees_what_she_lets_in(north_school):
    store, leader = north_school.store, north_school.leader
    _ask(north_school, 9)
    with pytest.raises(NotAllowed):
        network.put_down(store, leader, CLOSED, Given("x"))

    _put_down(north_school, parts=("waiting",))

    seen = network.own(store, leader, CLOSED)
    assert set(_shown(seen)) == {"waiting:all"}
    assert {one.hidden_because for one in seen.figures if one.measure is Measure.HELP} == {LEFT_OUT}
    with pytest.raises(NotAllowed):
        network.give(store, leader, CLOSED, Given("x"))
    # Another choice of parts shows other parts of the same figures.
    everything = _shown(network.give(store, north_school.coach, CLOSED, Given("x")))
    assert everything == {"help:all": ("5-9", None)} | _shown(seen)


def test_a_leader_decides_where_there_is_no_coach(north_school):
    store, leader, coach = north_school.store, north_school.leader, north_school.coach
    plan.change(store, leader, Person, coach.person_id, None, role=Role.MEMBER)

    assert network.put_down(store, leader, CLOSED, Given("x")).version == 1


# --- what is in it ---------------------------------------------------------------------------------------


def test_only_a_half_year_that_is_over_is_put_down(north_school):
    assert network.periods() == [
        Period("2025-2026", 2),
        Period("2025-2026", 1),
        Period("2024-2025", 2),
        Period("2024-2025", 1),
    ]
    with config.as_of(date(2027, 2, 1)):
        assert network.periods()[0] == Period("2026-2027", 1)
    with pytest.raises(Incomplete):
        network.put_down(north_school.store, north_school.coach, Period("2026-2027", 1), Given("x"))


def test_periods_follow_each_other_without_a_day_between():
    every = [Period(f"{year}-{year + 1}", half) for year in range(2024, 2030) for half in (1, 2)]

    assert [one.last_on + timedelta(days=1) for one in every[:-1]] == [one.first_on for one in every[1:]]


def test_a_request_of_another_half_year_does_not_count(north_school):
    _ask(north_school, 6)
    _ask(north_school, 9, day=CLOSED.first_on - timedelta(days=1))
    _ask(north_school, 9, day=CLOSED.last_on + timedelta(days=1), weeks=1)

    assert _shown(_put_down(north_school))["help:all"] == ("5-9", None)


def test_who_waits_when_the_half_year_ends_still_waits_in_its_figures(north_school):
    _ask(north_school, 6, day=date(2026, 7, 6), weeks=8)

    assert _shown(_put_down(north_school))["waiting:all"] == ("5-9", None)


def test_the_same_once_more_gives_the_same_file(north_school):
    _ask(north_school, 9)
    _put_down(north_school)
    first = network.content(north_school.store, north_school.coach, CLOSED)
    _ask(north_school, 1, kind="speech")

    with pytest.raises(Incomplete) as refused:
        _put_down(north_school)
    with config.as_of(TODAY + timedelta(days=40)):
        again = network.content(north_school.store, north_school.leader, CLOSED)

    assert refused.value.reason == "too_little_changed"
    assert again == first


def test_learning_questions_count_by_who_asks_and_only_with_a_theme(north_school):
    store, coach = north_school.store, north_school.coach
    people = [
        plan.record(store, north_school.leader, Person(person_id=f"p{n}", name=f"C{n}", role=Role.MEMBER))
        for n in range(7)
    ]
    with config.as_of(date(2026, 4, 1)):
        begun = [
            guidance.begin(store, coach, question="x", colleague_id=one.person_id, serves="x")
            for one in people
        ]
    network.set_themes(store, coach, {one.id: "language" for one in begun[:6]})
    network.set_themes(store, coach, {begun[0].id: None})

    assert _shown(_put_down(north_school)) == {"learning:all": ("5-9", None)}
    with pytest.raises(NotFound):
        network.set_themes(store, north_school.leader, {begun[0].id: "maths"})


def test_hours_go_in_only_as_the_coach_shared_them(north_school):
    first = _put_down(north_school)
    assert {one.hidden_because for one in first.figures if one.measure is Measure.TIME} == {NOT_SHARED}

    months = [(what, date(2026, month, 1), kind, 600, 480, 6)
              for month in (3, 4) for what, kind in (("conversations", "visit"), ("time", "guiding"))]  # fmt: skip
    north_school.store.write(
        lambda tx: [
            tx.execute(
                "INSERT INTO coaching_total (owner_id, what, month, kind, minutes, planned_minutes, n)"
                " VALUES ($owner, $what, $month, $kind, $minutes, $planned, $n)",
                owner=north_school.coach.person_id,
                **dict(zip(("what", "month", "kind", "minutes", "planned", "n"), row, strict=True)),
            )
            for row in months
        ],
        actor=north_school.coach,
        verb="test",
    )
    assert coaching_totals.shared(north_school.store, north_school.coach)

    assert _shown(_put_down(north_school)) == {
        "time:conversations": ("10-19", 10.0),
        "time:guiding": ("10-19", 1.5),
        "time:planned": ("10-19", 1.5),
    }


# --- own words -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "reason"),
    [
        ("Hulp voor Mara en haar klas", "names"),
        ("Wat doen we met mara?", "maybe_names"),
        ("Kijk mee bij Jayden", "names"),
        ("Bel ons op 0612345678", "names"),
        ("Een spreekuur in Wezelhoek", "maybe_names"),
        ("x" * 281, "too_long"),
        ("Twee\u202eregels", "missing"),
    ],
)
def test_names_do_not_go_to_the_network(north_school, ask, reason):
    with pytest.raises(Incomplete) as refused:
        _put_down(north_school, asks=(ask,))

    assert refused.value.reason == reason
    assert network.own(north_school.store, north_school.coach, CLOSED) is None


def test_what_may_be_a_name_goes_in_when_somebody_says_it_is_none(north_school):
    ask = "Een spreekuur in Wezelhoek"

    made = network.put_down(
        north_school.store, north_school.coach, CLOSED, Given("De Kade", asks=(ask,)), sure=True
    )

    assert made.asks == (ask,)
    with pytest.raises(Incomplete):
        network.give(
            north_school.store, north_school.coach, CLOSED, Given("De Kade", asks=("Met Mara",)), sure=True
        )


@pytest.mark.parametrize(
    "given", [{"label": "  "}, {"label": "x" * 61}, {"asks": ("x",) * 4}, {"pupils": "12"}]
)
def test_what_cannot_stand_in_a_file_is_refused_before_it_is_made(north_school, given):
    with pytest.raises(Incomplete):
        _put_down(north_school, **given)


# --- files of others -------------------------------------------------------------------------------------


def _other(label="Het Kompas", *, seed=3, version=1):
    made = demo_network.invented(label, "", CLOSED, seed=seed, made_on=date(2026, 9, 1))
    return replace(made, version=version)


def _receive(world, file):
    return network_received.receive(world.store, world.coach, network_file.write(file), "kompas.json")


def test_files_of_others_stand_beside_the_own_one_and_go_again(north_school):
    store, leader = north_school.store, north_school.leader
    _put_down(north_school, label="Zuid")
    for label in ("Het Kompas", "de Anker", "De Molen"):
        _receive(north_school, _other(label))

    assert [one.label for one in network_received.beside(store, leader, CLOSED)] == [
        "Zuid",
        "de Anker",
        "De Molen",
        "Het Kompas",
    ]
    network_received.remove(store, leader, network_received.received(store, leader)[0].id)

    assert [one.file.label for one in network_received.received(store, leader)] == ["De Molen", "Het Kompas"]
    assert network_received.told_periods(store, leader) == [CLOSED]


def test_a_newer_version_takes_the_place_of_the_older_and_never_the_other_way(north_school):
    _receive(north_school, _other())
    _receive(north_school, _other(seed=4, version=2))

    (kept,) = network_received.received(north_school.store, north_school.coach)
    assert kept.file.version == 2
    for file, reason in (
        (_other(), "older"),
        (_other(seed=4, version=2), "there_already"),
        (_other(seed=5, version=2), "other_school"),
    ):
        with pytest.raises(NetworkFileRefused) as refused:
            _receive(north_school, file)
        assert refused.value.reason == reason


def test_the_own_file_is_not_read_in_as_another_school(north_school):
    file = _put_down(north_school)

    with pytest.raises(NetworkFileRefused) as refused:
        _receive(north_school, file)

    assert refused.value.reason == "own_file"


def test_no_more_schools_are_kept_than_fit_beside_each_other(north_school):
    for n in range(network_received.MOST_SCHOOLS - 1):
        _receive(north_school, _other(f"School {n}"))

    with pytest.raises(NetworkFileRefused) as refused:
        _receive(north_school, _other("Nog een"))

    assert refused.value.reason == "too_many"


# --- five schools ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def five(tmp_path_factory):
    """The files of five schools that were told through the verbs, and how many lay behind each of their figures."""
    files, behind = {}, {}
    for seed, (name, _ask) in enumerate(demo_network.SCHOOLS):
        with closing(open_store(tmp_path_factory.mktemp("small"))) as store:
            files[name] = demo_network.small_school(store, name, seed=seed, today=TODAY)
            behind[name] = _counted(store)
    return files, behind


def _counted(store):
    """How many requests and askers there are by theme and kind, read without any verb of the network."""
    span = {"first": CLOSED.first_on, "last": CLOSED.last_on}
    asked = store.rows("SELECT theme, kind FROM help_request WHERE asked_on BETWEEN $first AND $last", **span)
    begun = store.rows(
        "SELECT DISTINCT colleague_id, theme FROM guidance_trajectory JOIN learning_theme"
        " USING (guidance_trajectory_id) WHERE started_on BETWEEN $first AND $last",
        **span,
    )
    counted = Counter(name for row in asked for name in (f"help:{row['theme']}", f"waiting:{row['kind']}"))
    counted |= Counter(f"learning:{row['theme']}" for row in begun)
    askers = len({row["colleague_id"] for row in begun})
    return {**counted, "help:all": len(asked), "waiting:all": len(asked), "learning:all": askers}


def test_five_schools_are_read_beside_each_other(five, north_school):
    files, _behind = five
    for name, content in files.items():
        network_received.receive(north_school.store, north_school.coach, content, f"{name}.json")

    beside = network_received.beside(north_school.store, north_school.leader, CLOSED)

    assert [one.label for one in beside] == sorted(files, key=str.casefold)
    assert sum(bool(_shown(one)) for one in beside) >= 3


def test_no_figure_of_five_schools_is_about_fewer_than_five(five):
    files, behind = five
    shown = 0
    for name, content in files.items():
        for figure in network_file.read(content, name).figures:
            if figure.shown:
                shown += 1
                n = behind[name][figure.name]
                low, high = CLASSES[figure.n]
                assert n >= disclosure.FLOOR
                assert low <= n <= (high or n)
    assert shown >= 10
    # There is something to hide: small themes are there, and none of them in a file.
    assert sum(0 < n < disclosure.FLOOR for own in behind.values() for n in own.values()) >= 10
