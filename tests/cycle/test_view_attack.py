"""Somebody who looks at every picture of the same pupils after every import, and can add and subtract.

Means over nearly the same pupils, at two moments, with their gain, would give the few in between away. Each pupil has a
score of her own at each moment, so that n times a published mean names the pupils it is about.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle import config
from qualitycycle.analysis import disclosure, overlap
from qualitycycle.analysis.disclosure import Group, violations
from qualitycycle.cycle import gate, import_batches, level_shares, views
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.errors import ViewRefused
from qualitycycle.store.connect import open_store
from tests import planted
from tests.cycle.conftest import set_up

FLOOR = disclosure.FLOOR
UNIT = 1000.0
N_PUPILS = 16
# The moments of one cohort, and its year group there.
MOMENTS = (("2022-2023", "M", "4"), ("2022-2023", "E", "4"), ("2023-2024", "M", "5"), ("2023-2024", "E", "5"))
LABELS = [f"{year} {moment}" for year, moment, _group in MOMENTS]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUALITYCYCLE_TODAY", "2026-11-22")
        store = open_store(tmp_path_factory.mktemp("viewed"))
        with config.as_of(date(2026, 9, 1)):
            made = set_up(
                store, "Kijkschool", {"Team": 12}, "2026-2027", date(2026, 8, 31), date(2027, 7, 16)
            )
        yield made
        store.close()


@pytest.fixture
def no_gate(monkeypatch):
    monkeypatch.setattr(overlap, "admitted", lambda wanted, sides, *, floor, lot: wanted)


_tests = iter(range(100_000))


# --- the same pupils twice -------------------------------------------------------------------------------

present = st.sets(st.integers(0, N_PUPILS - 1), min_size=5)
steps = st.lists(
    st.one_of(
        st.tuples(st.integers(0, len(MOMENTS) - 1), present),
        st.tuples(st.just("turn"), st.integers(0, 7)),
    ),
    min_size=2,
    max_size=7,
)


def _line(test, year_group):
    return replace(planted.line(year_group), test=test)


def _import(world, test, moment, who):
    year, letter, year_group = MOMENTS[moment]
    frame = {"school_year": year, "moment": letter, "year_group": year_group, "test": test, "status": "value"}
    # Nobody has the very same score twice, and every test has pupils of its own.
    rows = [
        {"line": n, "pupil": f"{test} p{n}", "value": UNIT * 2.0**n + moment, **frame} for n in sorted(who)
    ]
    about = {
        "subject": "reading_comprehension",
        "test_maker": "cito",
        "edition": "3.0",
        "scale": "BL 3.0",
        "score_kind": "score",
    }
    return world.import_frame(pd.DataFrame([{**row, **about} for row in rows]))


def _who(mean, n):
    total = round(mean * n / UNIT)
    who = frozenset(f"p{one}" for one in range(N_PUPILS) if total >> one & 1)
    assert len(who) == n
    return who


def _looked(world, test):
    """Every figure that any picture of this test shows now, as (moment, the pupils it is about)."""
    for year_group in ("4", "5"):
        for point in _asked(world, View(ViewKind.LINE, _line(test, year_group))).points:
            if point.value is not None:
                yield point.label, _who(point.value, point.n)
    followed = _asked(world, View(ViewKind.COHORT, _line(test, "4"), start=LABELS[0]))
    for point in followed.points if followed else ():
        if point.value is not None:
            yield point.label, _who(point.value, point.n)
    for start in LABELS:
        for end in LABELS:
            found = _asked(
                world, View(ViewKind.GAIN, _line(test, "5" if end > "2023-2024" else "4"), None, start, end)
            )
            if found and found.figures:
                yield start, _who(found.figures.mean_start, found.figures.n_pairs)
                yield end, _who(found.figures.mean_end, found.figures.n_pairs)


def _asked(world, view):
    with suppress(ViewRefused):
        return views.result(world.store, world.leader, view)


def _attacked(world, told):
    """Play the steps, look after each, and gather per moment what was published."""
    test = f"t{next(_tests)}"
    batches, seen = [], {label: [] for label in LABELS}
    for what, how in told:
        if what != "turn":
            batches.append([_import(world, test, what, how), True])
        elif batches:
            one = batches[how % len(batches)]
            turn = import_batches.undo if one[1] else import_batches.redo
            turn(world.store, world.leader, one[0].batch_id)
            one[1] = not one[1]
        for label, who in _looked(world, test):
            seen[label].append(who)
    return {
        label: [Group(str(n), who) for n, who in enumerate(dict.fromkeys(found))]
        for label, found in seen.items()
    }


def _leaks(published):
    everybody = {f"p{n}": 1 for n in range(N_PUPILS)}
    return {
        label: found for label, own in published.items() if (found := violations(everybody, own, k_min=FLOOR))
    }


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_no_few_follow_from_means_gains_and_cohorts(world, told):
    assert _leaks(_attacked(world, told)) == {}


def test_the_attack_on_gains_succeeds_without_the_gate(world, no_gate):
    told = [(0, set(range(12))), (1, set(range(1, 12))), (2, set(range(2, 14)))]

    assert set(_leaks(_attacked(world, told))) == set(LABELS[:3])


def test_what_was_told_before_two_imports_overlapped_still_counts(world):
    told = [(0, set(range(6))), (1, set(range(11))), (0, set(range(5))), (2, set(range(5)))]

    assert _leaks(_attacked(world, told)) == {}


def test_with_the_gate_there_is_still_something_to_see(world):
    told = [(0, set(range(16))), (1, set(range(1, 16))), (2, set(range(2, 16)))]

    published = _attacked(world, told)

    assert _leaks(published) == {}
    assert [len({one.cells for one in published[label]}) for label in LABELS[:3]] >= [2, 2, 2]


def test_the_number_of_lost_pupils_says_nothing_about_one(world):
    test = f"t{next(_tests)}"
    _import(world, test, 0, range(16))
    _import(world, test, 1, range(1, 16))

    found = _asked(world, View(ViewKind.GAIN, _line(test, "4"), None, LABELS[0], LABELS[1])).figures

    assert (found.n_start, found.n_end, found.n_lost) == (16, 15, None)
    assert found.n_start - found.n_pairs >= FLOOR


# --- groups ----------------------------------------------------------------------------------------------

sizes = st.dictionaries(
    st.tuples(st.sampled_from(["5", "6", "7"]), st.sampled_from(["a", "b", "c", None])),
    st.integers(1, 24),
    min_size=2,
    max_size=8,
)
DISTRIBUTION = disclosure.FLOOR_DISTRIBUTION


def _groups(cells, shown, classes):
    years = {year for year, _name in cells}
    totals = [
        Group(f"year {year}", frozenset(str(cell) for cell in cells if cell[0] == year)) for year in years
    ]
    told = [
        group
        for group in totals
        if sum(n for cell, n in cells.items() if str(cell) in group.cells) >= DISTRIBUTION
    ]
    told += [Group(f"cell {cell}", frozenset({str(cell)})) for cell in shown]
    told += [
        Group(f"class {name}", frozenset(str(cell) for cell in cells if cell[1] == name)) for name in classes
    ]
    return told


@pytest.mark.parametrize("most", [24, 0], ids=["best choice", "plain rule"])
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(cells=sizes)
def test_no_few_follow_from_groups_and_groups_over_year_groups(most, cells):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(level_shares, "MOST_CELLS", most)
        shown, classes = level_shares._let_out(cells)

    told = _groups(cells, shown, classes)
    assert violations({str(cell): n for cell, n in cells.items()}, told, k_min=DISTRIBUTION) == ()


def test_the_attack_on_groups_succeeds_without_the_gate(monkeypatch):
    cells = {("5", "a"): 14, ("5", "b"): 3}
    monkeypatch.setattr(gate, "let_out", lambda cells, plan, **more: list(plan))

    told = _groups(cells, *level_shares._let_out(cells))

    assert violations({str(cell): n for cell, n in cells.items()}, told, k_min=DISTRIBUTION)


def _levels_of(world, test, groups, letter="M"):
    rows = [
        {
            "line": n,
            "pupil": f"{test} {name}{n}",
            "school_year": "2025-2026",
            "moment": letter,
            "year_group": "5",
            "group_name": name,
            "subject": "maths",
            "test": test,
            "score_kind": "level",
            "level_name": "I" if n % 3 else "V",
            "status": "value",
        }
        for name, n_pupils in groups.items()
        for n in range(n_pupils)
    ]
    return world.import_frame(pd.DataFrame(rows))


def _stacked(world, test):
    line = Selection("maths", "level", True, test=test, year_group="5")
    return views.result(world.store, world.leader, View(ViewKind.LEVELS, line)).figures


def test_a_small_group_takes_another_one_along(world):
    test = f"t{next(_tests)}"
    _levels_of(world, test, {"a": 14, "b": 12, "c": 4})

    shown = {row.group: row.n for row in _stacked(world, test).rows}

    assert shown == {None: 30, "a": 14, "b": None, "c": None}


def test_groups_that_were_read_in_apart_are_not_cut_up(world):
    test = f"t{next(_tests)}"
    _levels_of(world, test, {"a": 14, "b": 12})
    _levels_of(world, test, {"late a": 10, "late b": 10})

    assert [(row.group, row.n) for row in _stacked(world, test).rows] == [(None, 46)]


def test_the_same_file_corrected_keeps_its_groups(world):
    test = f"t{next(_tests)}"
    first = _levels_of(world, test, {"a": 14, "b": 12})
    import_batches.undo(world.store, world.leader, first.batch_id)
    _levels_of(world, test, {"a": 14, "b": 12})

    assert [(row.group, row.n) for row in _stacked(world, test).rows] == [(None, 26), ("a", 14), ("b", 12)]


# --- reached levels over three years ---------------------------------------------------------------------

LEVEL = Selection(
    "language_and_maths", "percentage", False, test="1F", scale="reference", year_group="8", level="1F"
)
FIRST_YEAR = 2019
# Pupils per year, and whether the figure over the last three was published beside them.
yearly = st.tuples(st.lists(st.integers(1, 20), min_size=3, max_size=6), st.booleans())


def _school_year(place):
    return f"{FIRST_YEAR + place}-{FIRST_YEAR + place + 1}"


def _read_years(world, counts, published):
    """The school's own shares with their numbers; earlier ones are forgotten."""
    for forget in ("DELETE FROM outcome", "DELETE FROM reference_value"):
        world.store.write(lambda tx, forget=forget: tx.execute(forget), actor=world.leader, verb="test")
    rows = [
        {
            "line": place,
            "school_year": _school_year(place),
            "moment": "DT",
            "year_group": "8",
            "subject": LEVEL.subject,
            "test": "1F",
            "scale": "reference",
            "score_kind": "percentage",
            "value": 50.0 + place,
            "level_name": "1F",
            "n_pupils": n,
            "status": "value",
        }
        for place, n in enumerate(counts)
    ]
    batch = world.import_frame(pd.DataFrame(rows))
    for name, value in (("published_above", 90.0), ("published_n", sum(counts[-3:]))) if published else ():
        world.store.write(
            lambda tx, name=name, value=value: tx.execute(
                """
                INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
                VALUES ($batch, $year, $subject, $name, $value, '1F')
                """,
                batch=batch.batch_id,
                year=_school_year(len(counts) - 1),
                subject=LEVEL.subject,
                name=name,
                value=value,
            ),
            actor=world.leader,
            verb="test",
        )


def _told_of_years(world, counts):
    """Which years each figure with its number is about: the line, the picture, and what an indicator follows."""
    cells = {_school_year(place): n for place, n in enumerate(counts)}
    years = list(cells)
    line = views.result(world.store, world.leader, View(ViewKind.LINE, LEVEL))
    three = views.result(world.store, world.leader, View(ViewKind.THREE_YEARS, LEVEL))
    points = [*(line.figures.points if line.figures else ()), *(three.figures.years if three.figures else ())]
    told = [frozenset({one.label[:9]}) for one in points if one.n is not None]
    whole = (years[-1], three.n) if three.n is not None else None
    for last, n in [*((one.label[:9], one.n) for one in three.points), *([whole] if whole else [])]:
        window = next(
            years[years.index(last) - size + 1 : years.index(last) + 1]
            for size in (3, 5)
            if sum(cells[one] for one in years[years.index(last) - size + 1 : years.index(last) + 1]) == n
        )
        told.append(frozenset(window))
    groups = [Group(f"figure {place}", one) for place, one in enumerate(dict.fromkeys(told))]
    return violations(cells, groups, k_min=FLOOR)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(told=yearly)
def test_no_few_follow_from_three_years_and_the_years_in_them(world, told):
    counts, published = told
    _read_years(world, counts, published)

    assert _told_of_years(world, counts) == ()


def test_the_attack_on_three_years_succeeds_when_the_published_figure_is_always_told(world, monkeypatch):
    monkeypatch.setattr(gate, "may_join", lambda already, people, **more: True)
    _read_years(world, [12, 11, 3], True)

    assert _told_of_years(world, [12, 11, 3])


def test_a_published_figure_is_told_where_no_year_follows_from_it(world):
    _read_years(world, [4, 4, 4, 3], True)
    picture = views.result(world.store, world.leader, View(ViewKind.THREE_YEARS, LEVEL))

    assert (picture.figures.share, picture.n) == (90.0, 11)
