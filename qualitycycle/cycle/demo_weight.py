"""What the example school wrote down before its actions started, and what it knows of their evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import evidence, plan, small_tests, weighing
from qualitycycle.model import (
    Action,
    Actor,
    Compared,
    EvidenceKind,
    GroundKind,
    MeasureKind,
    Says,
    Verdict,
)
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class BeforeText:
    """`expected`: days after the start by which it should show; `sessions`: planned in all."""

    led_by: str
    for_whom: str
    change_mind: str
    expected: int = 60
    sessions: int | None = None


# By the title of the action; those that are not here show what it looks like when parts are missing.
BEFORE = {
    "Rijke teksten bij wereldoriëntatie kiezen": BeforeText(
        "Op de M-toets haalde minder dan de helft niveau III. In lessen lazen leerlingen korte, losse teksten.",
        "Alle leerlingen van groep 5 en 6.",
        "Leerlingen vertellen na zes weken niets terug over de tekst.",
        sessions=24,
    ),
    "Elke maand een leesles samen voorbereiden": BeforeText(
        "Vorig jaar gaven de lessen die samen waren gekozen het meeste gesprek.",
        "De leerkrachten van groep 5 tot en met 8.",
        "Na drie keer verandert er niets aan de les die je daarna geeft.",
        expected=180,
        sessions=8,
    ),
    "Vier keer per week een kort dictee": BeforeText(
        "Werkwoorden gingen in eigen teksten vaker fout dan in het werkboek.",
        "Groep 6, ook de leerlingen die al goed spellen.",
        "De fouten in eigen teksten blijven na twee maanden gelijk.",
        expected=150,
        sessions=96,
    ),
    "Werken met beurtstokjes en wisbordjes": BeforeText(
        "In de lessen die wij bekeken, kwamen steeds dezelfde leerlingen aan de beurt.",
        "De bovenbouw, daarna de andere bouwen.",
        "Stille leerlingen doen na een maand nog niet mee.",
        expected=90,
        sessions=40,
    ),
    "Elke dag twintig minuten lezen in een boek naar keuze": BeforeText(
        "Leerlingen zeiden in gesprekjes dat ze thuis bijna nooit lezen.",
        "Groep 5.",
        "Na de herfst kiest minder dan de helft zelf een boek.",
        expected=120,
        sessions=80,
    ),
    "Elke dag tien minuten automatiseren": BeforeText(
        "De M-toets van groep 4 ging omlaag; leerlingen tellen nog op hun vingers.",
        "Groep 4.",
        "De tempotoets van januari laat geen verschil zien.",
        expected=120,
        sessions=70,
    ),
}
# How many of the planned sessions were held, by the title of the action.
HELD = {
    "Rijke teksten bij wereldoriëntatie kiezen": 21,
    "Elke maand een leesles samen voorbereiden": 8,
    "Vier keer per week een kort dictee": 88,
    "Werken met beurtstokjes en wisbordjes": 36,
    "Elke dag twintig minuten lezen in een boek naar keuze": 28,
}
KNOWN: dict[str, dict[str, Any]] = {
    "Vier keer per week een kort dictee": {
        "ground_kind": GroundKind.TRIAL,
        "ground_source": "Overzichtsstudie over verspreid oefenen",
        "ground_population": "Leerlingen van basisschool tot universiteit, vooral in de Verenigde Staten",
        "measure_kind": MeasureKind.STANDARD_TEST,
        "reliability": 0.86,
        "same_pupils": False,
    },
    "Werken met beurtstokjes en wisbordjes": {
        "ground_kind": GroundKind.REASONING,
        "compared": Compared.STAGGERED,
        "similar_start": True,
        "measure_kind": MeasureKind.RUBRIC,
        "reliability": 0.8,
        "n_measured": 46,
        "n_missing": 3,
        "same_pupils": True,
        "by_others": True,
    },
    "Rijke teksten bij wereldoriëntatie kiezen": {
        "ground_kind": GroundKind.COMPARISON,
        "ground_source": "Leidraad begrijpend lezen",
        "ground_population": "Basisscholen in Nederland en Vlaanderen",
        "measure_kind": MeasureKind.STANDARD_TEST,
        "reliability": 0.88,
    },
}
# A thought of afterwards, beside what was locked.
LATER = {
    "Werken met beurtstokjes en wisbordjes": "Met kleuters werkt een beurtstokje beter dan een wisbordje.",
}
# Evidence from before the action with the same way of looking, so that there is a before and an after.
EARLIER = {
    "Werken met beurtstokjes en wisbordjes": (
        "Beurten geteld in zes lessen, vooraf",
        "Dit is waar wij van kwamen.",
    ),
}
# Which small test builds on which.
FOLLOWS = {
    "In elke bouw twee lessen bekijken": "Kijkwijzer met drie vragen maken",
}
OVERRULED = {
    "Vaste agenda voor het weekoverleg": (
        Verdict.INDICATION,
        "De vragenlijst is één moment, maar het jaar ervoor lag er bijna nooit bewijs op tafel. Dat weet iedereen.",
    ),
}


def before_start(title: str, start_on: date, known: Mapping[str, Action]) -> dict[str, Any]:
    """What was written down before an action starts, and the small test it builds on."""
    changes: dict[str, Any] = {}
    earlier = known.get(FOLLOWS.get(title, ""))
    if earlier is not None:
        changes["follows_action_id"] = earlier.action_id
    text = BEFORE.get(title)
    if text is not None:
        changes |= {
            "led_by": text.led_by,
            "for_whom": text.for_whom,
            "change_mind": text.change_mind,
            "expected_on": start_on + timedelta(days=text.expected),
            "sessions_planned": text.sessions,
        }
    return changes


def weigh(store: Store, actor: Actor, action: Action) -> None:
    """Count the sessions, and write down what is known and thought of an action."""
    if action.title in HELD and action.sessions_planned:
        plan.change(store, actor, Action, action.action_id, None, sessions_held=HELD[action.title])
    if action.title in KNOWN:
        known = dict(KNOWN[action.title])
        if "ground_source" in known:
            known["ground_read_on"] = (action.start_on or config.today()) - timedelta(days=20)
        weighing.know(store, actor, action.action_id, **known)
    if action.title in LATER:
        small_tests.note_later(store, actor, action.action_id, LATER[action.title])
    if action.title in OVERRULED:
        verdict, why = OVERRULED[action.title]
        weighing.overrule(store, actor, action.action_id, Verdict.NOT_TESTED, verdict, why)
    if action.title in EARLIER:
        _tie_earlier(store, actor, action)


def _tie_earlier(store: Store, actor: Actor, action: Action) -> None:
    title, why = EARLIER[action.title]
    piece = evidence.add(
        store,
        actor,
        cycle_id=action.cycle_id,
        kind=EvidenceKind.OBSERVATION,
        title=title,
        evidence_on=(action.start_on or config.today()) - timedelta(days=12),
        source="Turflijst beurten",
        n=6,
    )
    evidence.link(store, actor, piece.evidence_id, action, Says.SUPPORTS, why)
    evidence.review(store, actor, piece.evidence_id)
