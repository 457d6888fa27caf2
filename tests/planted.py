"""A school with small groups whose figures are unmistakable, to look for in everything that leaves the program.

Pupils of whom nothing may leave have scores in the seven thousands, all others around a hundred. Of the teams, the
small one answers 1, 1 and 2 to everything, the others 4 to 6.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from qualitycycle import config, instruments
from qualitycycle.cycle import (
    answering,
    evidence,
    import_batches,
    import_preview,
    import_rosters,
    import_storing,
    rounds,
    series,
)
from qualitycycle.imports.rosters import Roster, RosterGroup
from qualitycycle.model import Says
from qualitycycle.store.connect import Store
from tests.cycle.conftest import RESPONDENT, World, set_up

TEAMS = {"Grote ploeg": 12, "Middenploeg": 7, "Kleine ploeg": 3, "Stille ploeg": 4}
SILENT = "Stille ploeg"
SMALL = "Kleine ploeg"
# In thousands, halves and quarters, with a point or a comma: what no pupil line that may be shown comes near.
HIDDEN_SCORE = re.compile(r"(?<![\w.,])7[.,]?\d{3}(?:[.,]\d+)?(?!\w)")
# The mean of the small team, with as many decimals as you like.
SMALL_MEAN = re.compile(r"(?<![\w.,])1[.,]3{1,}(?!\d)")


@dataclass(frozen=True)
class Planted:
    world: World
    indicator_id: str
    batch_id: str
    round_ids: tuple[str, ...]


def school(store: Store) -> Planted:
    """Everything there can be of small groups, told through the verbs."""
    with config.as_of(date(2026, 9, 1)):
        world = set_up(store, "Plantschool", TEAMS, "2026-2027", date(2026, 8, 31), date(2027, 7, 16))
    goal = world.goal("Lezen met begrip", team_id=world.teams[SMALL])
    action = world.action("Samen lezen", goal_id=goal.goal_id)
    typed = world.indicator(goal, title="Gemeten in de klas")
    world.measure(typed, date(2026, 10, 1), 7123.25, n=3)
    world.measure(typed, date(2026, 10, 8), 101.5, n=14)
    fed = world.indicator(goal, title="Gevoed", unit="punten", series=line("5").as_json())
    _read_pupils(world)
    batch_id = _read_file(world)
    _read_groups(world)
    ids = tuple(_round(world, title) for title in ("Eerste afname", "Tweede afname"))
    pieces = [
        evidence.from_series(store, world.leader, line("5"), world.running, "Lezen groep 5"),
        *(evidence.from_round(store, world.leader, one, world.running) for one in ids),
    ]
    for piece in pieces:
        evidence.link(store, world.leader, piece.evidence_id, action, Says.SUPPORTS)
    # After the snapshot two pupils come late, and one moment is corrected by an import that is taken back.
    world.import_scores({"2025-2026": [7900.5, 7950.5]}, pupil="late")
    wrong = world.import_scores({"2025-2026": [7800.5] * 3}, pupil="wrong")
    import_batches.undo(store, world.leader, wrong.batch_id)
    return Planted(world, fed.indicator_id, batch_id, ids)


def line(year_group: str, **more: object) -> series.Selection:
    return series.Selection(
        **{
            "subject": "reading_comprehension",
            "score_kind": "score",
            "pupils": True,
            "test_maker": "cito",
            "test": "BL",
            "edition": "3.0",
            "scale": "BL 3.0",
            "year_group": year_group,
            **more,
        }
    )


def _read_pupils(world: World) -> None:
    scores = [90.0 + n for n in range(20)]
    world.import_scores({"2024-2025": scores, "2025-2026": scores})
    # Four pupils, and the same four once more.
    four = [7777.75, 7654.25, 7543.5, 7432.25]
    world.import_scores({"2025-2026": four}, year_group="7", pupil="seventh")
    world.import_scores({"2025-2026": [7000.25, *four[1:]]}, year_group="7", pupil="seventh")
    # One pupil of nine reaches level I: nine are too few for a distribution.
    world.import_levels("I III III III III III III III III", year_group="6", value=7100.5)
    # A total of 17 with one of its groups: the other group has three pupils.
    for name, n, value in ((None, 17, 101.0), ("5a", 14, 100.0), ("5b", 3, 7050.5)):
        world.import_scores({"2023-2024": [value]}, pupil=None, n_pupils=n, group_name=name, year_group="4")


FILE = (
    "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
    + "".join(f"{n};2025-2026;3;rekenen;M3;{90 + n}\n" for n in range(12))
    + "".join(f"{100 + n};2025-2026;4;rekenen;M4;{90 + n}\n" for n in range(13))
    + "901;2025-2026;8;rekenen;M8;7234,25\n"
    + "902;2025-2026;8;rekenen;M8;7234,75\n"
    + "903;2025-2026;3;rekenen;M3;7345,5x\n"
    + "904;2025-2026;3;rekenuh;M3;7399,5\n"
)


def _read_file(world: World) -> str:
    store, who = world.store, world.leader
    prepared = import_preview.read_file(store, who, FILE.encode(), "toetsen.csv")
    mapping, _profile = import_preview.mapping_for(store, prepared.tables[0])
    result = import_preview.preview(store, who, prepared.tables[0], mapping)
    return import_storing.import_table(store, who, prepared, result, mapping).batch_id


def _read_groups(world: World) -> None:
    """A small group beside a large one; how many pupils they have is tested where rosters are."""
    sizes = (RosterGroup("5", "Otters", 14), RosterGroup("7", "Otters", 3))
    prepared = import_preview.Prepared("groepen.xml", "groups", "edexml", roster=Roster("2026-2027", sizes))
    import_rosters.import_roster(world.store, world.leader, prepared)


def _round(world: World, title: str) -> str:
    opened = world.open_round(TEAMS, title=title)
    items = instruments.instrument(opened.round.instrument_key).items
    for team, n in TEAMS.items():
        for person, code in enumerate(opened.codes[world.teams[team]][: 0 if team == SILENT else n]):
            own = (1, 1, 2)[person] if team == SMALL else 4 + person % 3
            answers = {item.key: 7 - own if item.reversed else own for item in items}
            answering.answer(world.store, RESPONDENT, code, answers)
    rounds.close_round(world.store, world.leader, opened.round.round_id)
    return opened.round.round_id
