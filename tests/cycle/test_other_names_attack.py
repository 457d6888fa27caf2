"""Somebody who keeps every figure about the same results, under whatever name they were read in, and subtracts.

A file comes in with the wrong test, moment, year group or school year, or without its dates; it is taken back and comes
again, with a pupil more or fewer. Each pupil has one score of her own, so that n times a mean names the pupils.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group, violations
from qualitycycle.cycle import import_batches, series, views
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import View, ViewKind
from tests import planted
from tests.cycle.test_view_attack import world  # noqa: F401

UNIT = 1000.0
N_PUPILS = 16
RIGHT: dict[str, object] = {}
WRONG = (
    {"test": "BL oud"},
    {"scale": "BL 2"},
    {"year_group": "6"},
    {"moment": "E"},
    {"school_year": "2024-2025"},
    {"measured_on": "2026-01-20"},
    {"level_name": "III"},
)


def _read_in(world, name, who, subject):  # noqa: F811
    rows = [
        {
            "line": n, "pupil": f"p{n}", "school_year": "2025-2026", "moment": "M", "year_group": "5",
            "subject": subject, "test_maker": "cito", "test": "BL", "edition": "3.0", "scale": "BL 3.0",
            "score_kind": "score", "value": UNIT * 2.0**n, "status": "value", **name,
        }
        for n in sorted(who)
    ]  # fmt: skip
    return world.import_frame(pd.DataFrame(rows))


def _line(name, subject):
    told = {field: value for field, value in name.items() if field in ("test", "scale", "year_group")}
    return replace(planted.line("5"), subject=subject, **told)


def _looked(world, subject):  # noqa: F811
    """The pupils of every mean that is shown now, under every name."""
    lines = {_line(name, subject) for name in (RIGHT, *WRONG)}
    for line in sorted(lines, key=repr):
        for point in views.result(world.store, world.leader, View(ViewKind.LINE, line)).points:
            if point.value is not None:
                total = round(point.value * point.n / UNIT)
                yield frozenset(f"p{one}" for one in range(N_PUPILS) if total >> one & 1)


def _leaks(seen):
    groups = [Group(str(n), who) for n, who in enumerate(dict.fromkeys(seen))]
    return violations({f"p{n}": 1 for n in range(N_PUPILS)}, groups, k_min=disclosure.FLOOR)


def _attacked(world, told, subject):  # noqa: F811
    """Look after every step: what counts is taken back before a file comes in, or before an earlier one comes again."""
    seen, batches, counting = [], [], None
    for what, how in told:
        if counting is not None:
            import_batches.undo(world.store, world.leader, counting)
            counting = None
            seen += _looked(world, subject)
        if what != "again":
            counting = _read_in(world, what, how, subject).batch_id
            batches.append(counting)
        elif batches:
            counting = batches[how % len(batches)]
            import_batches.redo(world.store, world.leader, counting)
        seen += _looked(world, subject)
    return seen


names = st.sampled_from([RIGHT, *WRONG])
some = st.sets(st.integers(0, N_PUPILS - 1), min_size=5)
nearly_all = st.sets(st.integers(0, N_PUPILS - 1), max_size=4).map(lambda out: set(range(N_PUPILS)) - out)
steps = st.lists(
    st.one_of(
        st.tuples(names, nearly_all),
        st.tuples(names, some),
        st.tuples(st.just("again"), st.integers(0, 5)),
    ),
    min_size=2,
    max_size=5,
)
_subjects = iter(f"subject {n}" for n in range(100_000))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_no_few_follow_from_results_under_another_name(world, told):  # noqa: F811
    assert _leaks(_attacked(world, told, next(_subjects))) == ()


@pytest.mark.parametrize("name", WRONG, ids=lambda name: next(iter(name)))
def test_a_file_that_comes_again_under_the_right_name_gives_nobody_away(world, name):  # noqa: F811
    told = [(name, range(12)), (RIGHT, range(11))]

    seen = _attacked(world, told, next(_subjects))

    assert set(seen) == {frozenset(f"p{n}" for n in range(12))}


def test_a_class_that_is_cut_in_two_year_groups_gives_nobody_away(world):  # noqa: F811
    subject = next(_subjects)
    seen = _attacked(world, [(WRONG[0], range(16)), (RIGHT, range(8))], subject)
    _read_in(world, {"year_group": "6"}, range(8, 15), subject)

    assert _leaks([*seen, *_looked(world, subject)]) == ()


def test_the_same_pupils_under_the_right_name_are_shown(world):  # noqa: F811
    subject = next(_subjects)

    _attacked(world, [(WRONG[0], range(12)), (RIGHT, range(12))], subject)

    assert list(_looked(world, subject)) == [frozenset(f"p{n}" for n in range(12))]


def test_the_attack_succeeds_where_nobody_asks_about_other_names(world, monkeypatch):  # noqa: F811
    monkeypatch.setattr(series, "elsewhere", lambda store, selection, key: ())
    told = [(WRONG[0], range(12)), (RIGHT, range(11))]

    assert _leaks(_attacked(world, told, next(_subjects)))


def _levels(world, n, **name):  # noqa: F811
    rows = [
        {
            "line": place, "pupil": f"p{place}", "school_year": "2025-2026", "moment": "M", "year_group": "5",
            "subject": "maths", "score_kind": "level", "level_name": "I" if place % 3 else "V", "status": "value",
            "group_name": "5a" if place < 12 else "5b", **name,
        }
        for place in range(n)
    ]  # fmt: skip
    return world.import_frame(pd.DataFrame(rows))


def _stacked(world, **name):  # noqa: F811
    line = Selection(**{"subject": "maths", "score_kind": "level", "pupils": True, "year_group": "5", **name})
    found = views.result(world.store, world.leader, View(ViewKind.LEVELS, line)).figures
    return [(row.group, row.n) for row in found.rows] if found else []


def test_levels_under_another_name_give_nobody_away(world):  # noqa: F811
    wrong = _levels(world, 24, test="oud")
    before = _stacked(world, test="oud")
    import_batches.undo(world.store, world.leader, wrong.batch_id)
    _levels(world, 23, test="nieuw")

    assert (before, _stacked(world, test="nieuw")) == ([(None, 24), ("5a", 12), ("5b", 12)], [])


def test_the_same_levels_of_the_same_groups_under_the_right_name_are_shown(world):  # noqa: F811
    wrong = _levels(world, 24, test="fout", subject="language")
    import_batches.undo(world.store, world.leader, wrong.batch_id)
    _levels(world, 24, test="goed", subject="language")

    assert _stacked(world, test="goed", subject="language") == [(None, 24), ("5a", 12), ("5b", 12)]


def test_the_same_levels_at_another_moment_of_the_year_are_shown(world):  # noqa: F811
    _levels(world, 24, subject="spelling")
    _levels(world, 23, subject="spelling", moment="E")

    assert [(group, n) for group, n in _stacked(world, subject="spelling") if group is None] == [
        (None, 24),
        (None, 23),
    ]
