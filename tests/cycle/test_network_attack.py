"""Somebody who has every file that a school ever gave its network, of all periods and versions, and can subtract.

What is known of a figure is its name, its step and its value. No set of fewer than five requests or colleagues may
follow from all of them together, and no figure of one version may lie nearer to another than that.
"""

from __future__ import annotations

import itertools
from collections import Counter
from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group, violations
from qualitycycle.cycle import help_requests, network, network_figures, network_file
from qualitycycle.cycle.network import Given
from qualitycycle.cycle.network_figures import ALL, Measure, class_of
from qualitycycle.cycle.network_file import Period
from qualitycycle.cycle.network_words import KINDS, PARTS, THEMES
from qualitycycle.errors import Incomplete
from qualitycycle.store.connect import open_store
from qualitycycle.store.records import new_id
from tests.cycle.conftest import set_up

FLOOR = disclosure.FLOOR
HELPED = (Measure.HELP, Measure.WAITING)
# Few themes and kinds, so that groups meet.
SOME_THEMES, SOME_KINDS = list(THEMES)[:3], list(KINDS)[:3]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        store = open_store(tmp_path_factory.mktemp("network"))
        with config.as_of(date(2026, 9, 1)):
            made = set_up(
                store, "Netwerkschool", {"Team": 12}, "2026-2027", date(2026, 8, 31), date(2027, 7, 16)
            )
        yield made
        store.close()


@pytest.fixture
def no_gate(no_gate, monkeypatch):
    monkeypatch.setattr(network_figures, "_may_change", lambda *anything: True)
    monkeypatch.setattr(network_figures, "class_of", lambda n: "5-9" if n < FLOOR else class_of(n))


# Every test has a school year of its own, so that one store is enough.
_years = itertools.count(2001)


# --- what is told to the school --------------------------------------------------------------------------

request = st.tuples(
    st.sampled_from(SOME_THEMES),
    st.sampled_from(SOME_KINDS),
    st.integers(0, 360),
    st.none() | st.integers(0, 200),
)
question = st.tuples(st.integers(0, 8), st.sampled_from(SOME_THEMES), st.integers(0, 360))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("ask"), st.lists(request, min_size=1, max_size=14)),
        st.tuples(st.just("begin"), st.lists(question, min_size=1, max_size=10)),
        st.tuples(st.just("retheme"), st.lists(st.integers(0, 40), min_size=1, max_size=7)),
        st.tuples(st.just("archive"), st.lists(st.integers(0, 40), min_size=1, max_size=7)),
        st.tuples(st.just("put_down"), st.tuples(st.integers(1, 2), st.sets(st.sampled_from(list(PARTS))))),
    ),
    min_size=2,
    max_size=7,
)


def _told(world, told):
    """Play the steps; gather every file that can be had, and what really lay behind each version."""
    year = next(_years)
    halves = {half: Period(f"{year}-{year + 1}", half) for half in (1, 2)}
    first_on = halves[1].first_on
    files, truth, numbers = [], {}, Counter()
    with config.as_of(date(year + 1, 9, 1)):
        for what, how in [*told, ("put_down", (1, set(PARTS))), ("put_down", (2, set(PARTS)))]:
            if what == "ask":
                help_requests.ask_all(world.store, world.coach, [_request(first_on, *one) for one in how])
            elif what == "begin":
                _begin(world, first_on, how)
            elif what in ("retheme", "archive"):
                _change(world, halves, what, how)
            else:
                half, parts = halves[how[0]], how[1]
                now = _behind(world, half)
                with suppress(Incomplete):
                    network.put_down(world.store, world.coach, half, Given("School"))
                    numbers[half] += 1
                    truth[half, numbers[half]] = now
                if numbers[half]:
                    network.give(world.store, world.coach, half, Given("School", parts=tuple(parts)))
                    files.append(
                        network_file.read(network.content(world.store, world.leader, half), "school.json")
                    )
                    network.give(world.store, world.coach, half, Given("School"))
    return files, truth


def _request(first_on, theme, kind, day, waited):
    asked_on = first_on + timedelta(days=day)
    came_on = None if waited is None else min(asked_on + timedelta(days=waited), config.today())
    return help_requests.HelpRequest(new_id(), "x", kind, theme, asked_on, came_on)


def _begin(world, first_on, asked):
    rows = [(new_id(), f"asker {who}", first_on + timedelta(days=day), theme) for who, theme, day in asked]

    def use_case(tx):
        for trajectory_id, asker, day, _theme in rows:
            tx.execute(
                "INSERT INTO guidance_trajectory (guidance_trajectory_id, owner_id, colleague_id, question, phase,"
                " started_on) VALUES ($id, $owner, $asker, 'x', 'observe', $day)",
                id=trajectory_id,
                owner=world.coach.person_id,
                asker=asker,
                day=day,
            )

    world.store.write(use_case, actor=world.coach, verb="test")
    network.set_themes(world.store, world.coach, {row[0]: row[3] for row in rows})


def _change(world, halves, what, places):
    asked = [
        one
        for one in help_requests.requests(world.store, world.coach)
        if halves[1].first_on <= one.asked_on <= halves[2].last_on
    ]
    for one in {
        asked[place % len(asked)].id: asked[place % len(asked)] for place in places if asked
    }.values():
        if what == "archive":
            help_requests.archive(world.store, world.coach, one.id)
        else:
            theme = SOME_THEMES[(SOME_THEMES.index(one.theme) + 1) % len(SOME_THEMES)]
            kept = {name: getattr(one, name) for name in ("about", "kind", "asked_on", "came_on")}
            help_requests.change(world.store, world.coach, one.id, None, theme=theme, **kept)


def _behind(world, half):
    """Who and what lies behind each figure of a period now, worked out here once more; a changed case is another."""
    asked = [
        one
        for one in help_requests.requests(world.store, world.coach)
        if half.first_on <= one.asked_on <= half.last_on
    ]

    def case(one):
        came = one.came_on if one.came_on and one.came_on <= half.last_on else None
        return (one.id, one.theme, one.kind, one.asked_on, came)

    found = {
        (Measure.HELP, key): {case(one) for one in asked if key in (ALL, one.theme)} for key in (ALL, *THEMES)
    }
    found |= {
        (Measure.WAITING, key): {case(one) for one in asked if key in (ALL, one.kind)}
        for key in (ALL, *KINDS)
    }
    themes: dict[str, set[str]] = {}
    for row in world.store.rows(
        "SELECT colleague_id AS who, theme FROM guidance_trajectory JOIN learning_theme USING (guidance_trajectory_id)"
        " WHERE started_on BETWEEN $first AND $last",
        first=half.first_on,
        last=half.last_on,
    ):
        themes.setdefault(row["who"], set()).add(row["theme"])
    # One person in two half-years is two: nobody can tell who asked again.
    people = {(who, half, *sorted(own)): own for who, own in themes.items()}
    return found | {
        (Measure.LEARNING, key): {who for who, own in people.items() if key in (ALL, *own)}
        for key in (ALL, *THEMES)
    }


# --- the attack ------------------------------------------------------------------------------------------


def _published(files, truth):
    """Every figure of every file as the set it is about, with the step it says."""
    seen = {}
    for file in files:
        for one in file.figures:
            if one.shown and one.measure is not Measure.TIME:
                about = truth[file.period, one.version][one.measure, one.key]
                seen[file.period, one.measure, one.key, one.version] = (frozenset(about), one.n)
    return seen


def _leaks(sets):
    """What follows from sets of cases by adding and subtracting, exactly."""
    found = []
    for measures in (HELPED, (Measure.LEARNING,)):
        own = {name: about for name, about in sets.items() if name[1] in measures}
        where: dict[object, frozenset[object]] = {}
        for name, about in own.items():
            for case in about:
                where[case] = where.get(case, frozenset()) | {name}
        # Cases that are in the same figures cannot be told apart.
        cells = {str(sorted(map(str, names))): 0 for names in where.values()}
        for names in where.values():
            cells[str(sorted(map(str, names)))] += 1
        groups = [
            Group(
                str(name),
                frozenset(str(sorted(map(str, names))) for names in set(where.values()) if name in names),
            )
            for name in own
        ]
        found += violations(cells, groups, k_min=FLOOR)
    return found


def _empties(sets):
    """A total that is the sum of some of its themes or kinds: the others must have been empty."""
    return [
        (name, parts)
        for name, whole in sets.items()
        if name[1] in HELPED and name[2] == ALL
        for own in [[one for one in sets if one[:2] == name[:2] and one[2] != ALL]]
        for n in range(1, len(own) + 1)
        for parts in itertools.combinations(own, n)
        if sum(len(sets[one]) for one in parts) == len(whole)
        and frozenset().union(*(sets[one] for one in parts)) == whole
    ]


def _small_steps(sets):
    """Two versions of one figure that differ by fewer than the floor."""
    return [
        (one, other)
        for one, other in itertools.permutations(sets, 2)
        if one[:3] == other[:3] and 0 < len(sets[one] - sets[other]) < FLOOR
    ]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_nothing_small_follows_from_all_files_of_all_periods_and_versions(world, told):
    seen = _published(*_told(world, told))

    sets = {name: about for name, (about, _n) in seen.items()}
    # The step says that the sets are the right ones.
    assert [name for name, (about, n) in seen.items() if n != class_of(max(len(about), FLOOR))] == []
    assert [name for name, about in sets.items() if len(about) < FLOOR] == []
    assert _leaks(sets) == []
    assert _small_steps(sets) == []
    assert _empties(sets) == []


def _many(n, theme=0, kind=0, day=10, waited=30):
    return [(SOME_THEMES[theme], SOME_KINDS[kind], day, waited)] * n


def _sets(world, told):
    return {name: about for name, (about, _n) in _published(*_told(world, told)).items()}


CORRECTED = [("ask", _many(9)), ("put_down", (1, set(PARTS))), ("ask", _many(1))]


def test_without_the_gate_the_same_attack_succeeds(world, no_gate):
    sets = _sets(world, CORRECTED)

    assert [one.n for one in _leaks(sets)]
    assert _small_steps(sets)


def test_a_small_theme_beside_the_total_is_found_without_the_gate(world, no_gate):
    assert _leaks(_sets(world, [("ask", [*_many(9), *_many(2, theme=1)])]))


def test_one_who_comes_late_waits_until_there_are_five(world):
    one_more = _sets(world, CORRECTED)
    five_more = _sets(world, [*CORRECTED, ("put_down", (1, set(PARTS))), ("ask", _many(4))])

    sizes = {name[2:]: len(about) for name, about in five_more.items() if name[1] is Measure.HELP}
    assert {len(about) for about in one_more.values()} == {9}
    assert (sizes[ALL, 1], sizes[ALL, 2]) == (9, 14)


def test_a_late_request_of_another_theme_does_not_tell_that_there_was_none(world):
    late = [*CORRECTED[:2], ("ask", _many(1, theme=1, kind=1))]

    assert {name[2] for name in _sets(world, late)} == {ALL}


def test_without_the_gate_an_empty_theme_is_found(world, no_gate):
    assert _empties(_sets(world, CORRECTED[:2]))


def test_who_asks_five_times_is_still_one(world):
    alone = _sets(world, [("begin", [(1, SOME_THEMES[0], 20 + n) for n in range(6)])])
    five = _sets(world, [("begin", [(n, SOME_THEMES[0], 20) for n in range(5)])])

    assert alone == {}
    assert {len(about) for about in five.values()} == {5}


def test_there_is_something_to_see(world):
    asked = [*_many(12), *_many(8, theme=1, kind=1), *_many(3, theme=2, kind=2), *_many(4, theme=2, kind=1)]

    sets = _sets(world, [("ask", asked)])

    assert {name[1:3] for name in sets} >= {
        (Measure.HELP, ALL),
        (Measure.WAITING, ALL),
        (Measure.HELP, "language"),
    }
    assert len(sets) >= 5


# --- an exporter as one would write it at first ----------------------------------------------------------


def _naive_months(world, told):
    """What a school asked since August, told anew each month wherever there are five."""
    _files, truth = _told(world, told)
    ((_half, _number), behind), *_rest = truth.items()
    sets = {}
    for month in range(1, 7):
        for (measure, key), about in behind.items():
            if measure is Measure.HELP:
                until = {case for case in about if (case[3].month - 8) % 12 < month}
                if len(until) >= FLOOR:
                    sets["naive", measure, key, month] = frozenset(until)
    return sets


def test_the_attack_breaks_figures_that_run_on_from_month_to_month(world):
    told = [("ask", [*_many(7, day=10), *_many(1, day=45)])]

    assert _leaks(_naive_months(world, told))
    assert not _leaks(_sets(world, told))


def test_a_half_year_that_is_not_over_is_not_put_down(world):
    with pytest.raises(Incomplete):
        network.put_down(world.store, world.coach, Period("2026-2027", 1), Given("School"))
