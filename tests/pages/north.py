"""North school: two teams and a small one, a goal with an action, a closed round, and a line of outcomes."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from streamlit.testing.v1 import AppTest

from qualitycycle import config, i18n, instruments
from qualitycycle.cycle import office, plan, rounds
from qualitycycle.model import (
    Action,
    ActionState,
    Actor,
    Batch,
    Cycle,
    Goal,
    Indicator,
    Person,
    Role,
    Round,
    Team,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import new_id
from tests.pages import every

LEADER = Actor(Role.LEADER)
ANYBODY = Actor(Role.RESPONDENT)
QUESTIONNAIRE = "collectief_vakmanschap"


@dataclass(frozen=True)
class North:
    store: Store
    cycle: Cycle
    teams: list[Team]
    goal: Goal
    action: Action
    indicator: Indicator
    member: Person


def built(folder: Path) -> North:
    """Open an own store in `folder` with north school's beginning, which is told once and copied."""
    source, told = _told(config.today(), i18n.language())
    shutil.copytree(source.name, folder, dirs_exist_ok=True)
    return replace(told, store=office.open_school(folder))


@cache
def _told(today: date, language: str) -> tuple[TemporaryDirectory, North]:
    source = TemporaryDirectory(prefix="north")
    told = _tell(Path(source.name))
    told.store.checkpoint()
    office.close()
    return source, told


def _tell(folder: Path) -> North:
    store = office.open_school(folder)
    every.new_school(store)
    small = plan.record(store, LEADER, Team(team_id=new_id(), name="Klein team"))
    member = Person(person_id=new_id(), name="Sem", role=Role.MEMBER)
    plan.record(store, LEADER, member)
    cycle = plan.running_cycle(store)
    goal = Goal(goal_id=new_id(), cycle_id=cycle.cycle_id, title="Meer leesplezier", standards=("OP2",))
    plan.record(store, LEADER, goal)
    indicator = Indicator(
        indicator_id=new_id(),
        goal_id=goal.goal_id,
        title="Aandeel III of hoger",
        unit="%",
        baseline=50,
        target=60,
    )
    plan.record(store, LEADER, indicator)
    action = Action(
        action_id=new_id(),
        cycle_id=cycle.cycle_id,
        goal_id=goal.goal_id,
        owner_id=member.person_id,
        title="Elke dag lezen",
        prediction="Meer kinderen lezen thuis",
        state=ActionState.RUNNING,
    )
    plan.record(store, LEADER, action)
    teams = [
        *plan.find(store, LEADER, Team, name="Onderbouw"),
        *plan.find(store, LEADER, Team, name="Bovenbouw"),
    ]
    return North(store, cycle, [*teams, small], goal, action, indicator, member)


def close_a_round(
    north: North, sizes: tuple[int, ...] = (6, 7), title: str = "Najaar", value: int = 4
) -> Round:
    """A closed round in which so many people of each team answered; statements and people differ a little."""
    invited = {team.team_id: max(n, 1) for team, n in zip(north.teams, sizes, strict=False)}
    opened = rounds.open_round(
        north.store,
        LEADER,
        cycle_id=north.cycle.cycle_id,
        instrument_key=QUESTIONNAIRE,
        title=title,
        invited=invited,
    )
    items = instruments.instrument(QUESTIONNAIRE).items
    for team, n in zip(north.teams, sizes, strict=False):
        for person, code in enumerate(opened.codes[team.team_id][:n]):
            answers = {item.key: value + (person + place) % 2 for place, item in enumerate(items)}
            rounds.answer(north.store, ANYBODY, code, answers)
    return rounds.close_round(north.store, LEADER, opened.round.round_id)


def earlier(north: North, one: Round) -> None:
    """Say that a round was closed a month before."""
    month_ago = "UPDATE round SET closed_on = closed_on - 30 WHERE round_id = $round"
    north.store.write(lambda tx: tx.execute(month_ago, round=one.round_id), actor=LEADER, verb="test")


def read_in(
    north: North, levels: str = "I II III IV V II I II III IV V II", years: int = 3, n_small: int = 0
) -> None:
    """One line of pupils' levels, a moment per school year; in the first year only `n_small` pupils when given."""
    rows = [
        (f"pupil-{year}-{n}", f"{year}-{year + 1}", level)
        for year in range(2026 - years, 2026)
        for n, level in enumerate(levels.split())
    ]
    if n_small:
        first = rows[0][1]
        rows = [row for n, row in enumerate(rows) if row[1] != first or n < n_small]

    def use_case(tx):
        batch = tx.insert(
            Batch(
                batch_id=new_id(),
                kind="csv",
                file_name="toetsen.csv",
                content_hash=new_id(),
                imported_at=config.now(),
                data_version=tx.data_version,
                n_accepted=len(rows),
                n_refused=0,
            )
        )
        for line, (pupil, year, level) in enumerate(rows):
            tx.execute(
                """
                INSERT INTO outcome
                  (batch_id, line, pupil, school_year, moment, year_group, subject, test_maker, test, scale,
                   score_kind, level_name, status)
                VALUES
                  ($batch, $line, $pupil, $year, 'M', '4', 'maths', 'cito', 'Rekenen', 'RW', 'level', $level, 'value')
                """,
                batch=batch.batch_id,
                line=line,
                pupil=pupil,
                year=year,
                level=level,
            )

    north.store.write(use_case, actor=LEADER, verb="read_in")


def page(file: str, *, role: Role = Role.LEADER, language: str = "en", **query: str) -> AppTest:
    """A page as a session of this role sees it."""
    return every.typed(file, role, language, **query)


def go(at: AppTest, file: str, **query: str) -> AppTest:
    at.query_params.clear()
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(str(config.app_folder() / "pages" / file))
    return at.run()


def words(at: AppTest) -> str:
    """Everything that is written on the page, in one text."""
    return "\n".join(sorted(every.texts(at)))


def press(at: AppTest, key: str) -> AppTest:
    """Click a button by its key."""
    return at.button(key=key).click().run()


def choose(at: AppTest, key: str, value: object) -> None:
    at.selectbox(key=key).set_value(value)
