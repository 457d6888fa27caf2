"""Somebody who looks at every figure of reference levels after every import, own rows and figures of others together.

All years are of the same pupils in the same order: a figure about five of them is about the first five. There is one
subject: three that are told by themselves tell more than their sum does.
"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group, violations
from qualitycycle.cycle import gate, level_gate
from qualitycycle.cycle.level_rows import WHOLE, GivenWhole, GivenYear, LevelRows, OwnRow

FLOOR = disclosure.FLOOR
SUBJECTS = ("maths",)
YEARS = [f"{first}-{first + 1}" for first in range(2019, 2025)]
sizes = st.one_of(st.integers(1, 12), st.integers(9, 26))
steps = st.lists(
    st.one_of(
        st.tuples(st.just("own"), st.sampled_from(YEARS), sizes),
        st.tuples(st.just("own"), st.sampled_from(YEARS), sizes),
        st.tuples(st.just("given"), st.sampled_from(YEARS), sizes),
        st.tuples(st.just("undo"), st.integers(0, 7), st.none()),
        st.tuples(
            st.just("whole"), st.sampled_from(YEARS[2:]), st.tuples(st.integers(0, 2), st.integers(-3, 3))
        ),
    ),
    min_size=2,
    max_size=6,
)
# A school of which every year is read in, and then something happens.
schools = st.tuples(st.lists(sizes, min_size=6, max_size=6), steps).map(
    lambda told: [*(("own", year, n) for year, n in zip(YEARS, told[0], strict=True)), *told[1]]
)
own_after_others = st.tuples(st.lists(sizes, min_size=6, max_size=6), steps).map(
    lambda told: [*(("given", year, n) for year, n in zip(YEARS, told[0], strict=True)), *told[1]]
)


class Told:
    """What was read in so far, and every figure that was shown after each import."""

    def __init__(self):
        self.rows, self.states, self.now = LevelRows((), (), (), ()), [], {}
        self.figures = {}

    def step(self, what, where, n):
        batch = f"b{len(self.states)}"
        if what == "undo":
            undone = sorted(self.now)[where % len(self.now)] if self.now else None
            self.now.pop(undone, None)
        else:
            self.now = {one: key for one, key in self.now.items() if key != (what, where)}
            self._add(batch, what, where, n)
            self.now[batch] = (what, where)
        self.states.append(frozenset(self.now))
        self._look()

    def _add(self, batch, what, year, n):
        own, years, wholes = self.rows.own, self.rows.years, self.rows.wholes
        if what == "own":
            own += tuple(_own_row(batch, year, subject, one) for subject in SUBJECTS for one in range(n))
        if what == "given":
            years += (GivenYear(batch, False, year, WHOLE, "1F", n, 50.0, True),)
        if what == "whole":
            self.figures[batch] = self._in_whole(year, *n)
            wholes += (GivenWhole(batch, False, year, sum(self.figures[batch].values())),)
        self.rows = LevelRows(own, years, wholes, ())

    def _in_whole(self, last, place, more):
        """The pupils of three years as far as anything is known of them, in one of them a few more or fewer."""
        years = level_gate.until(last, 3)
        given = {one.year: one.n for one in self.rows.years}
        known = {
            one: len({row.pupil for row in self.rows.own if row.year == one}) or given.get(one, 6)
            for one in years
        }
        return {one: max(0, n + (more if one == years[place] else 0)) for one, n in known.items()}

    def _look(self):
        self.seen = getattr(self, "seen", set())
        rows = LevelRows(self.rows.own, self.rows.years, self.rows.wholes, tuple(self.states))
        out = level_gate._Telling(rows).tell()
        for (year, subject), own in out.own.items():
            if own.shown and subject == SUBJECTS[0]:
                self.seen.add(((year, len(own.levels)),))
        counts = level_gate.own_counts(out.own)
        for last in out.own_together:
            self.seen.add(tuple((year, counts[year]) for year in level_gate.together(counts, last)))
        for (level, year), (n, _share) in out.given.items():
            if n >= FLOOR and (year, WHOLE, n) not in out.held_given:
                self.seen.add(((year, n),))
            if (level, year) in out.given_together:
                shares = {own: n for (_level, own), (n, _share) in out.given.items()}
                self.seen.add(tuple((one, shares[one]) for one in level_gate.together(shares, year)))
        for whole in self.rows.wholes:
            if whole.batch_id in self.now and whole.last_year not in out.held_wholes and whole.n >= FLOOR:
                self.seen.add(tuple(self.figures[whole.batch_id].items()))

    def leaks(self):
        """Sets of fewer than five pupils that follow from everything that was ever shown."""
        cells, groups = {}, []
        ends = {
            year: sorted({0, *(n for told in self.seen for one, n in told if one == year)}) for year in YEARS
        }
        for year, bounds in ends.items():
            cells |= {f"{year} {end}": end - start for start, end in pairwise(bounds)}
        for place, told in enumerate(sorted(self.seen)):
            inside = {f"{year} {end}" for year, n in told for end in ends[year] if 0 < end <= n}
            groups.append(Group(str(place), frozenset(inside)))
        return violations(cells, groups, k_min=FLOOR)


def _own_row(batch, year, subject, place):
    level = ("<1F", "1F", "1S" if subject == "maths" else "2F")[place % 3]
    return OwnRow(batch, year, subject, ("T",), f"p{place:02}", None, level, None)


def told(steps):
    found = Told()
    for step in steps:
        found.step(*step)
    return found


@pytest.fixture(scope="module", autouse=True)
def one_subject():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(level_gate, "SUBJECTS", SUBJECTS)
        yield


@pytest.mark.parametrize(
    "school", [schools, own_after_others], ids=["own rows first", "figures of others first"]
)
def test_no_few_follow_from_own_rows_figures_of_others_and_years_together(school):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
    @given(school)
    def attacked(steps):
        assert told(steps).leaks() == ()

    attacked()


OWN = [("own", year, n) for year, n in zip(YEARS, (8, 8, 8, 12, 22, 22), strict=True)]


@pytest.mark.parametrize(
    "steps",
    [
        # A year of three between two that are shown; one exempted pupil; one pupil who came late.
        [("own", YEARS[3], 12), ("own", YEARS[4], 11), ("own", YEARS[5], 3)],
        [*OWN, ("given", YEARS[5], 21)],
        [("given", YEARS[5], 21), *OWN],
        [*OWN[:3], ("own", YEARS[1], 9)],
        # Hidden years of others, one corrected later; three years published of which two are shown.
        [*(("given", year, 4) for year in YEARS), ("given", YEARS[5], 5)],
        [("own", YEARS[0], 12), ("own", YEARS[1], 11), ("own", YEARS[2], 3), ("whole", YEARS[2], (0, 0))],
        # Three years published anew with one pupil more; five hidden years of which three were published.
        [("whole", YEARS[2], (0, 0)), ("whole", YEARS[2], (0, 1))],
        [
            *(("given", year, n) for year, n in zip(YEARS, (1, 1, 1, 1, 1, 3), strict=True)),
            ("whole", YEARS[5], (0, 0)),
        ],
    ],
)
def test_the_attack_succeeds_without_the_gate(monkeypatch, steps):
    assert told(steps).leaks() == ()

    monkeypatch.setattr(gate, "may_join", lambda already, people, **more: True)
    monkeypatch.setattr(level_gate, "near", lambda n, others: False)
    monkeypatch.setattr(level_gate._Telling, "_is_settled", lambda *told: True)

    assert told(steps).leaks()


def test_with_the_gate_there_is_still_something_to_see():
    seen = told([*OWN, ("given", YEARS[5], 22), ("whole", YEARS[5], (0, 0))]).seen

    assert ((YEARS[0], 8), (YEARS[1], 8), (YEARS[2], 8)) in seen
    assert ((YEARS[3], 12), (YEARS[4], 22), (YEARS[5], 22)) in seen
    assert {((YEARS[3], 12),), ((YEARS[4], 22),), ((YEARS[5], 22),)} <= seen


def test_three_published_years_that_may_be_about_other_pupils_are_not_told_beside_our_own():
    seen = told([*OWN[:3], ("whole", YEARS[2], (1, -1))]).seen

    assert ((YEARS[0], 8), (YEARS[1], 7), (YEARS[2], 8)) not in seen
    assert ((YEARS[0], 8), (YEARS[1], 8), (YEARS[2], 8)) in seen
