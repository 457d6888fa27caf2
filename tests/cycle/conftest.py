"""A small named world: `north_school` (full team, two cycles) and `south_school` (too small to report).

Each is built once per run through the verbs; a test gets its own copy of the file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from qualitycycle import config, instruments
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import act, evidence, frozen, plan, rounds, school
from qualitycycle.cycle.import_batches import put_aside
from qualitycycle.model import (
    Action,
    Actor,
    Ambition,
    Batch,
    Cycle,
    EvidenceKind,
    Goal,
    Indicator,
    IndicatorKind,
    Judgement,
    Measurement,
    NextStep,
    Region,
    Role,
    Says,
    Sector,
    Vision,
)
from qualitycycle.store.connect import Store, open_store
from qualitycycle.store.records import Transaction, new_id

TODAY = date(2026, 11, 22)
LAST_YEAR = date(2025, 10, 1)
QUESTIONNAIRE = "collectief_vakmanschap"
FOUNDER = Actor(Role.LEADER)
RESPONDENT = Actor(Role.RESPONDENT)


@dataclass(frozen=True)
class World:
    """An open school: who may do what in it, and the ids that tests name."""

    store: Store
    leader: Actor
    coach: Actor
    member: Actor
    reader: Actor
    teams: dict[str, str]
    closed: str = ""
    running: str = ""
    old_goal: str = ""
    old_action: str = ""
    old_indicator: str = ""
    old_measurement: str = ""
    old_evidence: str = ""
    old_link: str = ""
    old_round: str = ""

    def goal(self, title: str = "Lezen", **fields: object) -> Goal:
        new = Goal(**{"goal_id": new_id(), "cycle_id": self.running, "title": title, **fields})
        return plan.record(self.store, self.leader, new)

    def action(self, title: str = "Samen lezen", **fields: object) -> Action:
        new = Action(**{"action_id": new_id(), "cycle_id": self.running, "title": title, **fields})
        return plan.record(self.store, self.leader, new)

    def indicator(self, goal: Goal, **fields: object) -> Indicator:
        start = {
            "indicator_id": new_id(),
            "goal_id": goal.goal_id,
            "title": "Lessen",
            "baseline": 40.0,
            "target": 70.0,
        }
        return plan.record(self.store, self.leader, Indicator(**{**start, **fields}))

    def measure(self, indicator: Indicator, on: date, value: float, n: int | None = None) -> Measurement:
        new = Measurement(
            measurement_id=new_id(), indicator_id=indicator.indicator_id, measured_on=on, value=value, n=n
        )
        return plan.record(self.store, self.leader, new)

    def piece(self, title: str = "Lesbezoek", **fields: object):
        start = {"cycle_id": self.running, "kind": EvidenceKind.OBSERVATION, "evidence_on": date(2026, 11, 2)}
        return evidence.add(self.store, self.leader, title=title, **{**start, **fields})

    def open_round(self, invited: dict[str, int], **fields: object) -> rounds.Opened:
        """A round for teams by name."""
        start = {"cycle_id": self.running, "instrument_key": QUESTIONNAIRE, "title": "Najaar"}
        by_id = {self.teams[name]: n for name, n in invited.items()}
        return rounds.open_round(self.store, self.leader, invited=by_id, **{**start, **fields})

    def answer(self, opened: rounds.Opened, team: str, n: int, value: int = 4, leave_out: str = "") -> None:
        """`n` people of a team give every statement the same value, but for those of one scale."""
        items = [
            item
            for item in instruments.instrument(opened.round.instrument_key).items
            if item.scale != leave_out
        ]
        used = self.store.rows("SELECT code_hash FROM invite WHERE spent")
        spent = {row["code_hash"] for row in used}
        free = [
            code
            for code in opened.codes[self.teams[team]]
            if rounds.hash_code(self.store.secret, code) not in spent
        ]
        for code in free[:n]:
            rounds.answer(self.store, RESPONDENT, code, {item.key: value for item in items})

    def close(self, opened: rounds.Opened) -> frozen.RoundResult:
        rounds.close_round(self.store, self.leader, opened.round.round_id)
        return rounds.result(self.store, self.leader, opened.round.round_id)

    def shown(self, result: frozen.RoundResult) -> set[str]:
        """The groups whose figures are shown, teams by name."""
        names = {team_id: name for name, team_id in self.teams.items()}
        return {names.get(group.key, group.key) for group in result.groups if group.shown}

    def import_scores(self, scores: dict[str, list[float]], **fields: object) -> Batch:
        """Reading scores of group 5 at M, per school year one list, one pupil each; named `pupil` and a number."""
        name = fields.pop("pupil", "pupil")
        rows = [
            {
                "line": n,
                "pupil": name and f"{name}{n}",
                "school_year": year,
                "moment": "M",
                "year_group": "5",
                "group_name": "Groep 5",
                "subject": "reading_comprehension",
                "test_maker": "cito",
                "test": "BL",
                "edition": "3.0",
                "scale": "BL 3.0",
                "score_kind": "score",
                "value": value,
                "status": "value",
                **fields,
            }
            for year, values in scores.items()
            for n, value in enumerate(values)
        ]
        return self.import_frame(pd.DataFrame(rows))

    def import_levels(self, levels: str, **fields: object) -> Batch:
        """Reading levels of group 5 at M in 2025-2026, one pupil each; named `pupil` and a number."""
        name = fields.pop("pupil", "pupil")
        frame = pd.DataFrame(
            [
                {
                    "line": n,
                    "pupil": f"{name}{n}",
                    "school_year": "2025-2026",
                    "moment": "M",
                    "year_group": "5",
                    "subject": "reading_comprehension",
                    "test_maker": "cito",
                    "test": "BL",
                    "edition": "3.0",
                    "scale": "BL 3.0",
                    "score_kind": "level",
                    "level_name": level,
                    "status": "value",
                    **fields,
                }
                for n, level in enumerate(levels.split())
            ]
        )
        return self.import_frame(frame)

    def import_frame(
        self, frame: pd.DataFrame, *, replaces: str | None = None, corrects: str | None = None
    ) -> Batch:
        def use_case(tx: Transaction) -> Batch:
            batch = tx.insert(
                Batch(
                    batch_id=new_id(),
                    kind="test",
                    file_name="test.csv",
                    content_hash=new_id(),
                    imported_at=config.now(),
                    data_version=tx.data_version,
                    n_accepted=len(frame),
                    n_refused=0,
                    corrects=corrects,
                )
            )
            if replaces is not None:
                put_aside(tx, tx.get(Batch, replaces), replaced_by=batch.batch_id)
            tx.con.register("new_rows", frame.assign(batch_id=batch.batch_id))
            tx.con.execute("INSERT INTO outcome BY NAME SELECT * FROM new_rows")
            return batch

        return self.store.write(use_case, actor=self.leader, verb="import_outcomes")


# --- building --------------------------------------------------------------------------------------------


def set_up(store: Store, name: str, teams: dict[str, int], year: str, first_on: date, last_on: date) -> World:
    people = [
        school.NewPerson("Leida", role=Role.LEADER),
        school.NewPerson("Ibo", "IB'er", Role.COACH),
        school.NewPerson("Mara", role=Role.MEMBER, teams=(next(iter(teams)),)),
        school.NewPerson("Rens", "MR", Role.READER),
    ]
    school.set_up(
        store,
        FOUNDER,
        school.NewSchool(
            name=name,
            sector=Sector.PO,
            region=Region.MIDDEN,
            teams=tuple(teams),
            people=people,
            school_year=year,
            first_on=first_on,
            last_on=last_on,
        ),
    )
    staff = school.staff(store)
    actors = [
        next(Actor(person.role, person.person_id) for person in staff.people if person.name == one.name)
        for one in people
    ]
    cycle = plan.running_cycle(store)
    assert cycle is not None
    ids = {team.name: team.team_id for team in staff.teams}
    return World(store, *actors, teams=ids, running=cycle.cycle_id)


def _tell_first_cycle(world: World) -> World:
    """A closed cycle in which everything there can be is there once."""
    store, leader = world.store, world.leader
    vision = plan.record(store, leader, Vision(vision_id=new_id(), title="Ieder kind groeit"))
    ambition = plan.record(
        store, leader, Ambition(ambition_id=new_id(), vision_id=vision.vision_id, title="Lezen met begrip")
    )
    goal = world.goal(
        "Meer begrip", ambition_id=ambition.ambition_id, owner_id=leader.person_id, due_on=date(2026, 7, 1)
    )
    indicator = world.indicator(goal, kind=IndicatorKind.PROCESS)
    measurement = world.measure(indicator, LAST_YEAR, 44, n=12)
    action = world.action(
        "Samen voorbereiden", goal_id=goal.goal_id, owner_id=world.member.person_id, prediction="Meer"
    )
    opened = world.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    world.answer(opened, "Onderbouw", 6)
    world.answer(opened, "Bovenbouw", 7, value=5)
    rounds.close_round(store, leader, opened.round.round_id)
    piece = world.piece("Gekeken in de les", evidence_on=LAST_YEAR)
    link = evidence.link(store, leader, piece.evidence_id, goal, Says.SUPPORTS)
    act.close_goal(
        store,
        leader,
        goal.goal_id,
        None,
        act.GoalClosing("Het lukte", Judgement.REACHED, "Samen kan het", NextStep.ADAPT),
    )
    act.close_cycle(store, leader, world.running, None, went_well="Samen", learned="Minder doelen")
    return replace(
        world,
        closed=world.running,
        old_goal=goal.goal_id,
        old_action=action.action_id,
        old_indicator=indicator.indicator_id,
        old_measurement=measurement.measurement_id,
        old_evidence=piece.evidence_id,
        old_link=link.link_id,
        old_round=opened.round.round_id,
    )


def _build_north(store: Store) -> World:
    teams = {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 8}
    with config.as_of(LAST_YEAR):
        world = set_up(store, "Noorderschool", teams, "2025-2026", date(2025, 9, 1), date(2026, 7, 17))
        world = _tell_first_cycle(world)
    with config.as_of(date(2026, 8, 31)):
        school.add_school_year(store, world.leader, "2026-2027", date(2026, 8, 31), date(2027, 7, 16))
        new = act.NextCycle("2026-2027", date(2026, 8, 31), date(2027, 7, 16))
        cycle = act.start_next(store, world.leader, world.closed, new)
    return replace(world, running=cycle.cycle_id)


def _build_south(store: Store) -> World:
    with config.as_of(date(2026, 8, 31)):
        return set_up(store, "Zuiderschool", {"Team": 4}, "2026-2027", date(2026, 8, 31), date(2027, 7, 16))


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUALITYCYCLE_TODAY", TODAY.isoformat())


def _built(folder: Path, build: Callable[[Store], World]) -> tuple[Path, World]:
    store = open_store(folder)
    world = build(store)
    store.checkpoint()
    store.close()
    return folder, world


@pytest.fixture(scope="session")
def _north(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    return _built(tmp_path_factory.mktemp("north"), _build_north)


@pytest.fixture(scope="session")
def _south(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    return _built(tmp_path_factory.mktemp("south"), _build_south)


def _copied(built: tuple[Path, World], folder: Path) -> Iterator[World]:
    source, world = built
    shutil.copytree(source, folder)
    store = open_store(folder)
    yield replace(world, store=store)
    # Nobody reads the copy any more: it need not be made whole on the disk.
    with suppress(duckdb.Error), store.cursor() as con:
        con.execute("PRAGMA disable_checkpoint_on_shutdown")
    store.close()


@pytest.fixture
def north_school(_north: tuple[Path, World], tmp_path: Path) -> Iterator[World]:
    """A full school: three teams, one closed cycle with everything in it, one running cycle that is still empty."""
    yield from _copied(_north, tmp_path / "north")


@pytest.fixture
def south_school(_south: tuple[Path, World], tmp_path: Path) -> Iterator[World]:
    """Four colleagues in one team: too few for any figure."""
    yield from _copied(_south, tmp_path / "south")


@pytest.fixture
def running_cycle(north_school: World) -> Cycle:
    return plan.get(north_school.store, north_school.leader, Cycle, north_school.running)


@pytest.fixture
def no_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every group in which there is anybody is shown, so that an attack must succeed."""

    def whoever_there_is(cells, plan, *, floor=5, already=()):
        sizes = {group.name: sum(cells[cell] for cell in group.cells) for group in plan}
        shown = {True: disclosure.Shown.SHOWN, False: disclosure.Shown.HIDDEN}
        return {
            group.name: disclosure.Verdict(group, shown[sizes[group.name] > 0], sizes[group.name], None)
            for group in plan
        }

    monkeypatch.setattr(disclosure, "decide", whoever_there_is)
