"""The frozen result of a round of 60 people, through the exit that the school leader uses, beside its figures alone."""

from __future__ import annotations

import random
import tempfile
from datetime import date
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np

from qualitycycle import instruments
from qualitycycle.analysis.scale_report import scale_report
from qualitycycle.cycle import frozen, plan, rounds, school
from qualitycycle.model import Actor, Instrument, Region, Role, Sector
from qualitycycle.store.connect import Store, open_store
from tests.benchmarks.measuring import Row

LEADER = Actor(Role.LEADER)
KEY = "collectief_vakmanschap"
TEAMS = ("Onderbouw", "Middenbouw", "Bovenbouw")
N_PER_TEAM, N_TURNS = 20, 11


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        try:
            _found_school(store)
            taken = [_closed(store, seed) for seed in range(N_TURNS)]
        finally:
            store.close()
    closing, alone = median(one[0] for one in taken), median(one[1] for one in taken)
    n = N_PER_TEAM * len(TEAMS)
    return [
        Row(
            f"close a round of {n} people in {len(TEAMS)} teams: shuffle, gate, freeze, save",
            1000 * closing,
            ratio=closing / alone,
            beside=f"the scale report of the school alone ({1000 * alone:.3g} ms)",
        )
    ]


def _found_school(store: Store) -> None:
    new = school.NewSchool(
        name="Meetschool",
        sector=Sector.PO,
        region=Region.MIDDEN,
        teams=TEAMS,
        people=[school.NewPerson("Leida", role=Role.LEADER)],
        school_year="2026-2027",
        first_on=date(2026, 8, 31),
        last_on=date(2027, 7, 16),
    )
    school.set_up(store, LEADER, new)


def _closed(store: Store, seed: int) -> tuple[float, float]:
    """Seconds to close a filled round, and right after it to work out the school's figures once."""
    instrument = instruments.instrument(KEY)
    opened = _filled(store, instrument, seed)
    table = np.random.default_rng(seed).integers(2, 6, (60, len(instrument.items))).astype(float)
    start = perf_counter()
    rounds.close_round(store, LEADER, opened)
    half = perf_counter()
    scale_report(table, frozen.scoring_rules(instrument))
    return half - start, perf_counter() - half


def _filled(store: Store, instrument: Instrument, seed: int) -> str:
    cycle = plan.running_cycle(store)
    assert cycle is not None
    teams = {team.team_id: N_PER_TEAM for team in school.staff(store).teams}
    opened = rounds.open_round(
        store, LEADER, cycle_id=cycle.cycle_id, instrument_key=KEY, title=f"Ronde {seed}", invited=teams
    )
    chance = random.Random(seed)
    given = [
        (team_id, {item.key: chance.randint(2, 6) for item in instrument.items})
        for team_id, n in teams.items()
        for _ in range(n)
    ]
    store.write(
        lambda tx: rounds.store_responses(tx, opened.round.round_id, given), actor=LEADER, verb="answer"
    )
    return opened.round.round_id
