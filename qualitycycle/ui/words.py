"""The screen's words for the keys of the model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from qualitycycle.cycle.thread import Status
from qualitycycle.i18n import N_, _
from qualitycycle.model import (
    BaselineKind,
    Direction,
    Region,
    Sector,
)
from qualitycycle.words import (
    ACTION_STATES,
    AS_PLANNED,
    EVIDENCE_KINDS,
    GAPS,
    INDICATOR_KINDS,
    JUDGEMENTS,
    NEXT_STEPS,
    PHASES,
    SAYS,
    STATUSES,
    SUBJECTS,
    phase,
    year_group,
)

# Words that also stand on paper.
__all__ = [
    "ACTION_STATES",
    "AS_PLANNED",
    "EVIDENCE_KINDS",
    "GAPS",
    "INDICATOR_KINDS",
    "JUDGEMENTS",
    "NEXT_STEPS",
    "PHASES",
    "SAYS",
    "STATUSES",
    "SUBJECTS",
    "phase",
    "year_group",
]

Key = TypeVar("Key")

DIRECTIONS = {Direction.INCREASE: N_("Higher is better"), Direction.DECREASE: N_("Lower is better")}
BASELINE_KINDS = {
    BaselineKind.FREEZE: N_("Freeze the start period"),
    BaselineKind.REBASE: N_("Start counting again"),
}
SECTORS = {
    Sector.PO: N_("Primary education (po)"),
    Sector.VO: N_("Secondary education (vo)"),
    Sector.SO: N_("Special education (so)"),
}
REGIONS = {
    Region.NOORD: N_("North"),
    Region.MIDDEN: N_("Middle"),
    Region.ZUID: N_("South"),
    Region.OWN: N_("Our own dates"),
}
STATUS_TONES = {
    Status.CONTRADICTED: "late",
    Status.OVERDUE: "late",
    Status.NO_CHECK: "talk",
    Status.STALE: "talk",
    Status.NO_MEASURE: "talk",
    Status.AT_TARGET: "good",
}
SCORE_KINDS = {
    "score": N_("mean score"),
    "level": N_("share at a level"),
    "percentage": N_("published percentage"),
    "mark": N_("mean mark"),
    "count": N_("count"),
}
# Scales that the import names itself; another scale keeps the name it has in the file.
SCALES = {"reference": N_("reference levels"), "functional": N_("functioning level"), "dle": "DLE"}
# Names of makers are names; only the school's own tests have a word of ours.
TEST_MAKERS = {
    "cito": "Cito",
    "iep": "IEP",
    "dia": "Dia",
    "boom": "Boom",
    "route8": "Route 8",
    "amn": "AMN",
    "doe": "DOE",
    "method": N_("test of the method"),
}


def options(table: Mapping[Key, str]) -> dict[Key, str]:
    """A table of words as the choices of a form."""
    return {key: _(text) for key, text in table.items()}
