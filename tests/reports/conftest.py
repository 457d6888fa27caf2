"""Schools to report on, and each report built once: drawing is what the tests differ in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import pytest

from qualitycycle import config
from qualitycycle.cycle import plan, reports
from qualitycycle.cycle.reports import Kind
from qualitycycle.errors import NotFound
from qualitycycle.model import Actor, Role
from qualitycycle.reports import kinds, making
from qualitycycle.reports.kinds import Format
from qualitycycle.reports.making import Wanted
from qualitycycle.store.connect import Store, open_store
from tests.cycle.conftest import set_up

LEADER = Actor(Role.LEADER)
TODAY = date(2026, 11, 22)


@dataclass
class Desk:
    """A school and its reports, built once each."""

    store: Store
    built: dict = field(default_factory=dict)
    drawn: dict = field(default_factory=dict)

    def report(self, kind, language, *, closed=False):
        """A report of the running cycle, or of the last closed one; None for minutes of a school that never met."""
        key = (kind, language, closed)
        if key not in self.built:
            with config.as_of(TODAY):
                self.built[key] = self._build(kind, language, closed)
        return self.built[key]

    def _build(self, kind, language, closed):
        cycle = plan.all_cycles(self.store)[1 if closed else 0]
        goals = reports.goals_of(self.store, LEADER, cycle.cycle_id)
        goal = goals[0].goal_id if goals and kind is Kind.GOAL else None
        try:
            return making.content(self.store, LEADER, Wanted(kind, language, cycle.cycle_id, goal))
        except NotFound:
            assert kind is Kind.MINUTES
            return None

    def file(self, kind, language, drawn, *, closed=False):
        """A report as a file. All its kinds of file are made at once: they share the pictures, which cost most."""
        key = (kind, language, closed)
        if key not in self.drawn:
            report = self.report(kind, language, closed=closed)
            self.drawn[key] = {one: kinds.render(report, one) for one in Format}
        return self.drawn[key][drawn]


@pytest.fixture(scope="session")
def example_desk(example):
    """The example school."""
    return Desk(example)


@pytest.fixture(scope="session")
def empty_desk(tmp_path_factory):
    """A school that was set up and did nothing yet."""
    store = open_store(tmp_path_factory.mktemp("empty"))
    with config.as_of(date(2026, 8, 31)):
        set_up(store, "Zuiderschool", {"Team": 4}, "2026-2027", date(2026, 8, 31), date(2027, 7, 16))
    yield Desk(store)
    store.close()


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch):
    monkeypatch.setenv("QUALITYCYCLE_TODAY", TODAY.isoformat())
