"""What was said in the weekly meetings of the example school, in Dutch: short lines, as they are typed in a meeting."""

from __future__ import annotations

from dataclasses import dataclass

from qualitycycle.cycle.demo_texts import FEEDBACK, FLUENCY, PARENTS, READING, TAKING_PART, WEEKLY
from qualitycycle.model import Course, ObstacleKind, Turn, TurnReason


@dataclass(frozen=True)
class PromiseText:
    """An agreement, and what the next meeting did with it; None: that meeting is still to come."""

    title: str
    owner: str
    goal: str
    then: Turn | None = Turn.KEPT
    why: TurnReason | None = None


@dataclass(frozen=True)
class DecisionText:
    title: str
    reason: str
    goal: str = ""


@dataclass(frozen=True)
class ObstacleText:
    """`solved_after`: how many meetings later it was out of the way; None: it is still there."""

    title: str
    kind: ObstacleKind
    owner: str
    goal: str = ""
    solved_after: int | None = None


@dataclass(frozen=True)
class MeetingText:
    """One meeting: who had a role, who was not there, hands at check-in and close, seconds per block."""

    leader: str
    notes_by: str
    time_keeper: str
    focus: str
    absent: tuple[str, ...] = ()
    check_in: tuple[int, int, int] = (14, 5, 1)
    rating: tuple[int, int, int] = (15, 4, 1)
    seconds: tuple[int, ...] = (110, 130, 190, 230, 170, 55)
    said: tuple[tuple[str, Course], ...] = ()
    successes: tuple[tuple[str, str], ...] = ()
    promises: tuple[PromiseText, ...] = ()
    decisions: tuple[DecisionText, ...] = ()
    obstacles: tuple[ObstacleText, ...] = ()
    parked: tuple[str, ...] = ()
    notes: str = ""


# The last meetings of the cycle before.
SECOND = (
    MeetingText(
        "Ingrid",
        "Marjan",
        "Olaf",
        WEEKLY,
        said=((WEEKLY, Course.ON_COURSE), (TAKING_PART, Course.ATTENTION)),
        successes=(("In elke bouw lag er drie weken op rij iets op tafel", WEEKLY),),
        promises=(PromiseText("Wisbordjes bestellen voor de middenbouw", "Ilse", TAKING_PART),),
        decisions=(
            DecisionText("Wij houden het weekoverleg staand", "Zittend duurde het twee keer zo lang", WEEKLY),
        ),
    ),
    MeetingText(
        "Farid",
        "Karin",
        "Samira",
        TAKING_PART,
        absent=("Theo",),
        said=((TAKING_PART, Course.ON_COURSE), (READING, Course.ATTENTION)),
        successes=(
            ("Met wisbordjes doet de hele klas mee, ook bij de instructie", TAKING_PART),
            ("Ouders lazen voor in de onderbouw", ""),
        ),
        promises=(PromiseText("Filmpje maken van een les met wisbordjes", "Rianne", TAKING_PART),),
        obstacles=(
            ObstacleText("Twee digiborden zijn stuk", ObstacleKind.OUTSIDE, "Ingrid", "", solved_after=1),
        ),
        notes="Volgende keer weer op tijd beginnen.",
    ),
)

RUNNING = (
    MeetingText(
        "Ingrid",
        "Hicham",
        "Carla",
        READING,
        said=((READING, Course.ON_COURSE), (FLUENCY, Course.ON_COURSE)),
        successes=(("De leeshoeken in groep 5 zijn klaar", READING),),
        promises=(
            PromiseText("Boekenlijst met korte teksten delen", "Joris", READING),
            PromiseText(
                "Rooster maken voor de lesbezoeken", "Marjan", FEEDBACK, Turn.CARRIED, TurnReason.WAITING
            ),
        ),
        decisions=(
            DecisionText("Vrij lezen begint meteen na het speelkwartier", "Dan is de rust er al", READING),
        ),
    ),
    MeetingText(
        "Marjan",
        "Noor",
        "Daan",
        FLUENCY,
        absent=("Frank", "Theo"),
        said=((FLUENCY, Course.ON_COURSE), (PARENTS, Course.STUCK)),
        successes=(("Groep 4 vraagt zelf om de tien minuten", FLUENCY),),
        promises=(
            PromiseText("Drie ouders vragen wat zij thuis nodig hebben", "Anouk", PARENTS),
            PromiseText("Startsommen op kaartjes zetten", "Hicham", FLUENCY),
        ),
        obstacles=(
            ObstacleText(
                "Invallers kennen de tien minuten niet",
                ObstacleKind.CLARITY,
                "Gerda",
                FLUENCY,
                solved_after=2,
            ),
        ),
        parked=("Hoe vieren wij de honderdste leesdag?",),
    ),
    MeetingText(
        "Farid",
        "Petra",
        "Bilal",
        FEEDBACK,
        said=((FEEDBACK, Course.ATTENTION), (READING, Course.ON_COURSE)),
        successes=(
            ("De kijkwijzer past op één kaartje", FEEDBACK),
            ("Twee collega’s keken bij elkaar zonder dat iemand het regelde", ""),
        ),
        promises=(
            PromiseText("Kijkwijzer uitproberen in groep 3", "Carla", FEEDBACK),
            PromiseText(
                "Spreekuur voor ouders aankondigen", "Elif", PARENTS, Turn.DROPPED, TurnReason.PRIORITY
            ),
        ),
        decisions=(
            DecisionText(
                "Lesbezoeken duren een kwartier, met één vraag",
                "Langer lukt niet in het rooster",
                FEEDBACK,
            ),
        ),
        obstacles=(
            ObstacleText("Geen vervanging tijdens de lesbezoeken", ObstacleKind.TIME, "Ingrid", FEEDBACK),
        ),
    ),
    MeetingText(
        "Gerda",
        "Lotte",
        "Mehmet",
        PARENTS,
        absent=("Frank",),
        check_in=(12, 7, 2),
        said=((PARENTS, Course.ATTENTION), (FLUENCY, Course.ATTENTION)),
        successes=(("Ouders van de kleuters namen tien voorleestassen mee", PARENTS),),
        promises=(
            PromiseText("Nagaan waarom groep 4 deze week minder oefende", "Gerda", FLUENCY),
            PromiseText("Voorbeeldfilmpje van een leesgesprek opnemen", "Lotte", READING),
        ),
        parked=("Andere indeling van de mediatheek",),
        notes="Besluit over de lesbezoeken ook in de nieuwsbrief zetten.",
    ),
    MeetingText(
        "Karin",
        "Joris",
        "Elif",
        READING,
        said=((READING, Course.ATTENTION), (FEEDBACK, Course.ON_COURSE)),
        successes=(
            ("In groep 5 praten leerlingen na het lezen vanzelf door", READING),
            ("Alle bouwen zijn een keer bij elkaar geweest", FEEDBACK),
        ),
        promises=(
            PromiseText("Leesgesprekjes inplannen voor na de toets", "Lotte", READING, None),
            PromiseText("Twee lessen bekijken met de kijkwijzer", "Rianne", FEEDBACK, None),
            PromiseText("Rekenspelletjes klaarzetten voor de ouderavond", "Karin", FLUENCY, None),
        ),
        decisions=(
            DecisionText(
                "Wij bespreken het leescijfer van januari eerst per bouw",
                "In de grote groep komt niet iedereen aan het woord",
                READING,
            ),
        ),
    ),
)

# By the place of the cycle. In the first the school did not meet with this program yet.
OF_CYCLES: tuple[tuple[MeetingText, ...], ...] = ((), SECOND, RUNNING)
