"""The texts of the example school, in Dutch: what a school of this size might really have written down.

Moments are shares of the time a cycle has been going: 0 its first day, 1 its end, or today while it runs.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from qualitycycle.cycle.series import Selection
from qualitycycle.model import (
    Direction,
    DoneAsPlanned,
    EvidenceKind,
    IndicatorKind,
    Judgement,
    NextStep,
    Role,
    Says,
)

SCHOOL = "Voorbeeldschool De Lindeboom"
BRIN = "99XX"
LOWER, MIDDLE, UPPER = "Onderbouw", "Middenbouw", "Bovenbouw"
TEAMS = (LOWER, MIDDLE, UPPER)
YEAR_GROUPS = {LOWER: ("1", "2"), MIDDLE: ("3", "4", "5"), UPPER: ("6", "7", "8")}


@dataclass(frozen=True)
class PersonText:
    name: str
    title: str
    team: str = ""
    role: Role = Role.MEMBER


# Titles are what people call themselves: the program forces none.
PEOPLE = (
    PersonText("Ingrid", "Schoolleider", role=Role.LEADER),
    PersonText("Marjan", "IB'er", LOWER, Role.COACH),
    PersonText("Farid", "Expert-leraar lezen en IB'er", UPPER, Role.COACH),
    PersonText("Anouk", "Leerkracht groep 1/2", LOWER),
    PersonText("Bilal", "Leerkracht groep 1/2", LOWER),
    PersonText("Carla", "Leerkracht groep 3", LOWER),
    PersonText("Daan", "Leerkracht groep 3", LOWER),
    PersonText("Elif", "Onderwijsassistent", LOWER),
    PersonText("Frank", "Vakleerkracht gym", LOWER),
    PersonText("Gerda", "Leerkracht groep 4", MIDDLE),
    PersonText("Hicham", "Leerkracht groep 4", MIDDLE),
    PersonText("Ilse", "Leerkracht groep 5/6", MIDDLE),
    PersonText("Joris", "Leerkracht groep 5/6", MIDDLE),
    PersonText("Karin", "Leerkracht groep 5/6 en rekencoördinator", MIDDLE),
    PersonText("Lotte", "Leerkracht groep 5", MIDDLE),
    PersonText("Mehmet", "Onderwijsassistent", MIDDLE),
    PersonText("Noor", "Leerkracht groep 7", UPPER),
    PersonText("Olaf", "Leerkracht groep 7", UPPER),
    PersonText("Petra", "Leerkracht groep 8", UPPER),
    PersonText("Quinten", "Leerkracht groep 8", UPPER),
    PersonText("Rianne", "Leerkracht groep 6/7", UPPER),
    PersonText("Samira", "Onderwijsassistent", UPPER),
    PersonText("Theo", "Vakleerkracht muziek", UPPER),
    PersonText("Wilma", "Lid van de MR", role=Role.READER),
)

VISIONS = (
    (
        "Ieder kind groeit, elke dag",
        "Wij geloven dat ieder kind kan leren als wij het samen goed doen. Wij leggen de lat hoog en helpen elk"
        " kind om eroverheen te komen.",
    ),
    (
        "Wij leren zelf ook",
        "Een goede school is een school waar ook de volwassenen leren. Wij kijken bij elkaar, delen wat werkt"
        " en zeggen het als iets niet werkt.",
    ),
)
# Title, text, place of its vision.
AMBITIONS = (
    ("Alle leerlingen lezen met begrip", "Lezen opent de deur naar alle andere vakken.", 0),
    ("Elke leerling heeft een stevige rekenbasis", "Wie vlot rekent, houdt tijd over om te denken.", 0),
    ("Iedereen doet mee", "Elke leerling denkt mee in de les, ook wie niet vanzelf de vinger opsteekt.", 0),
    ("Wij leren van elkaar", "Elke week praten wij over ons werk met voorbeelden en cijfers erbij.", 1),
)

# --- lines of outcomes that feed indicators --------------------------------------------------------------

MAKER = "cito"
# Subject: test, edition, scale. One of each: scores of two editions never meet in one line.
TESTS = {
    "reading_comprehension": ("Begrijpend lezen", "3.0", "BL 3.0"),
    "maths": ("Rekenen-Wiskunde", "3.0", "RW 3.0"),
    "spelling": ("Spelling", "3.0", "SP 3.0"),
}


def _pupils(subject: str, year_group: str) -> Selection:
    test, edition, scale = TESTS[subject]
    return Selection(
        subject, "level", True, MAKER, test, edition, scale, year_group=year_group, level="III"
    )  # fmt: skip


LINES = {
    "reading_5": _pupils("reading_comprehension", "5"),
    "maths_4": _pupils("maths", "4"),
    "spelling_6": _pupils("spelling", "6"),
}

# Per cycle successes of outside a meeting: when, the title of the action, and one line.
SUCCESSES: tuple[tuple[tuple[float, str, str], ...], ...] = (
    (),
    (
        (
            0.2,
            "Elke maand een leesles samen voorbereiden",
            "Drie leerkrachten gaven dezelfde les, en het werd steeds beter.",
        ),
        (0.3, "Vier keer per week een kort dictee", "Het dictee duurt nu echt twee minuten."),
        (
            0.35,
            "Werken met beurtstokjes en wisbordjes",
            "In groep 3 steekt niemand meer zijn vinger op, en iedereen denkt mee.",
        ),
        (0.5, "Vier keer per week een kort dictee", "De assistent neemt het dictee over als het moet."),
        (0.6, "Werken met beurtstokjes en wisbordjes", "De wisbordjes liggen klaar voor de les begint."),
        (0.7, "Bij elkaar kijken tijdens een leesles", "Het lukte om elkaars les te zien zonder invaller."),
    ),
    (),
)

# --- the thread of a cycle -------------------------------------------------------------------------------


@dataclass(frozen=True)
class IndicatorText:
    """Fed by `line` (baseline from the figures, target `gain` above it), or typed every `every` school weeks.

    `before`: school weeks that were counted already before the cycle; `last`: only so many last values are
    there; `freeze`: why the values before the cycle were frozen as its start period.
    """

    title: str
    kind: IndicatorKind = IndicatorKind.PROCESS
    unit: str = "%"
    direction: Direction = Direction.INCREASE
    line: str = ""
    gain: float = 0
    baseline: float | None = None
    target: float | None = None
    levels: tuple[str, ...] = ()
    end: float = 0
    noise: float = 4
    every: int = 1
    n: int | None = None
    before: int = 0
    last: int = 0
    freeze: str = ""


@dataclass(frozen=True)
class ActionText:
    """`due_days` counts from the start in a closed cycle, from today in the running one."""

    title: str
    owner: str = ""
    helpers: tuple[str, ...] = ()
    text: str = ""
    grounds: str = ""
    prediction: str = ""
    signal: str = ""
    start: float = 0.2
    due_days: int = 60
    state: str = "done"
    done_as_planned: DoneAsPlanned | None = None
    learned: str = ""
    next_step: NextStep | None = None


@dataclass(frozen=True)
class VoteText:
    """How sure a team is of a goal: who were there, how many answered, and around which value of 0 to 100."""

    at: float
    n_present: int
    n_answered: int
    level: float
    spread: float = 14


@dataclass(frozen=True)
class GoalText:
    """`judgement` None: follows from the figures. `carried`: the goal came along from the cycle before."""

    title: str
    text: str
    ambition: int
    owner: str
    team: str = ""
    standards: tuple[str, ...] = ()
    indicators: tuple[IndicatorText, ...] = ()
    actions: tuple[ActionText, ...] = ()
    predicted: str = ""
    happened: str = ""
    judgement: Judgement | None = None
    learned: str = ""
    next_step: NextStep = NextStep.ADAPT
    carried: bool = False
    phase: int = 3
    votes: tuple[VoteText, ...] = ()


@dataclass(frozen=True)
class EvidenceText:
    """`about`: a line of outcomes or the number of a round that becomes evidence; empty: typed in."""

    kind: EvidenceKind
    title: str
    at: float
    links: tuple[tuple[str, Says, str], ...] = ()
    text: str = ""
    source: str = ""
    n: int | None = None
    line: str = ""
    round: int | None = None
    reviewed: bool = True


@dataclass(frozen=True)
class RoundText:
    """`answered`: share of each team that fills in. `closed` None: it is still open."""

    instrument: str
    title: str
    opened: float
    closed: float | None
    answered: tuple[float, float, float]


@dataclass(frozen=True)
class CycleText:
    goals: tuple[GoalText, ...]
    rounds: tuple[RoundText, ...]
    evidence: tuple[EvidenceText, ...]
    loose_actions: tuple[ActionText, ...] = ()
    carry_actions: tuple[str, ...] = ()
    went_well: str = ""
    learned: str = ""
    phases: tuple[float, ...] = field(default=(0.05, 0.1, 0.2, 0.85))


READING = "Meer leerlingen in groep 5 begrijpen wat ze lezen"
READING_INDICATOR = IndicatorText(
    "Leerlingen in groep 5 met niveau III of hoger bij begrijpend lezen",
    IndicatorKind.OUTCOME,
    line="reading_5",
    gain=8,
)
RETRIEVAL = "Elke rekenles begint met ophalen wat je al weet"
LANGUAGE = "Kleuters horen en gebruiken elke dag rijke taal"
FEEDBACK = "Leerlingen weten wat hun volgende stap is"
FEEDBACK_LEVELS = (
    "Feedback is vooral een cijfer of een compliment.",
    "Feedback zegt wat goed en fout is.",
    "Feedback zegt wat de volgende stap is.",
    "Leerlingen gebruiken de feedback zelf om hun werk te verbeteren.",
)
SPELLING = "Leerlingen in groep 6 spellen zekerder"
WEEKLY = "Wij gebruiken elke week bewijs in ons overleg"
TAKING_PART = "Alle leerlingen denken mee in de les"
FLUENCY = "Leerlingen in groep 4 rekenen vlot tot 100"
PARENTS = "Ouders weten hoe ze thuis met lezen kunnen helpen"

FIRST = CycleText(
    goals=(
        GoalText(
            READING,
            "Te veel leerlingen lezen vlot maar kunnen niet navertellen waar het over ging.",
            0,
            "Farid",
            MIDDLE,
            ("OP2", "OR1"),
            (READING_INDICATOR,),
            (
                ActionText(
                    "Rijke teksten bij wereldoriëntatie kiezen",
                    "Ilse",
                    ("Joris",),
                    "Elke periode twee langere teksten over hetzelfde onderwerp.",
                    "Wie meer van een onderwerp weet, begrijpt een tekst erover beter.",
                    "Bij de toets van mei halen meer leerlingen niveau III.",
                    "Leerlingen gebruiken woorden uit de tekst in hun eigen verhaal.",
                    0.15,
                    120,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Twee teksten per periode is haalbaar als je ze samen uitkiest.",
                    next_step=NextStep.ADOPT,
                ),
                ActionText(
                    "Bij elkaar kijken tijdens een leesles",
                    "Farid",
                    ("Lotte", "Karin"),
                    grounds="Zien hoe een collega vragen stelt, helpt meer dan erover lezen.",
                    prediction="Iedereen stelt voor mei minstens één open vraag per tekst.",
                    signal="In het nagesprek noem je een vraag die werkte.",
                    start=0.3,
                    due_days=90,
                    done_as_planned=DoneAsPlanned.PARTLY,
                    learned="Kijken lukt alleen als het rooster het regelt.",
                    next_step=NextStep.ADAPT,
                ),
            ),
            predicted="Acht procentpunt meer leerlingen op niveau III of hoger.",
            happened="De teksten zijn gekozen en gebruikt. Bij elkaar kijken kwam later op gang dan gepland.",
            learned="Kennis van de wereld en lezen horen bij elkaar. Kijken bij elkaar moet in het rooster.",
        ),
        GoalText(
            RETRIEVAL,
            "Wij beginnen met vijf minuten ophalen: drie sommen van gisteren, vorige week en vorige maand.",
            1,
            "Karin",
            UPPER,
            ("OP3",),
            (
                IndicatorText(
                    "Rekenlessen die met ophalen beginnen", baseline=30, target=80, end=86, n=15, noise=5
                ),
            ),
            (
                ActionText(
                    "Kaartenbak met startsommen maken",
                    "Quinten",
                    ("Noor",),
                    grounds="Ophalen uit het geheugen helpt om te onthouden.",
                    prediction="Na de herfst begint de helft van de lessen zo.",
                    signal="De kaartenbak staat op tafel bij het begin van de les.",
                    start=0.1,
                    due_days=45,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Een kant-en-klare bak haalt de drempel weg.",
                    next_step=NextStep.ADOPT,
                ),
            ),
            predicted="Vier van de vijf lessen beginnen met ophalen.",
            happened="Vanaf januari beginnen de meeste lessen met ophalen.",
            judgement=Judgement.REACHED,
            learned="Klein beginnen en elke week tellen werkte.",
            next_step=NextStep.ADOPT,
        ),
        GoalText(
            LANGUAGE,
            "In de kring en in de hoeken praten kleuters in hele zinnen over wat ze doen.",
            0,
            "Marjan",
            LOWER,
            ("OP1", "OP3"),
            (
                IndicatorText(
                    "Speelmomenten waarin kleuters in hele zinnen praten",
                    baseline=35,
                    target=60,
                    end=44,
                    n=12,
                    noise=7,
                ),
            ),
            (
                ActionText(
                    "Meespelen in de hoeken met een praatplaat",
                    "Anouk",
                    ("Bilal", "Elif"),
                    grounds="Kleuters leren woorden als een volwassene meepraat.",
                    prediction="In mei praten kleuters bij zes van de tien speelmomenten in hele zinnen.",
                    signal="Je hoort kinderen 'omdat' en 'want' gebruiken.",
                    start=0.2,
                    due_days=150,
                    state="stopped",
                    done_as_planned=DoneAsPlanned.NO,
                    learned="Met één volwassene in de groep kwam meespelen er te weinig van.",
                    next_step=NextStep.ABANDON,
                ),
            ),
            predicted="Zes van de tien speelmomenten.",
            happened="Door ziekte stond er vaak één volwassene in de groep. Meespelen schoot erbij in.",
            judgement=Judgement.NOT_REACHED,
            learned="Begin niet aan een aanpak waar je twee volwassenen voor nodig hebt.",
            next_step=NextStep.ABANDON,
        ),
        GoalText(
            FEEDBACK,
            "Een leerling kan na de les vertellen wat de volgende stap is.",
            3,
            "Ingrid",
            "",
            ("OP2", "OP3"),
            (
                IndicatorText(
                    "Hoe wij feedback geven",
                    IndicatorKind.PROCESS,
                    "",
                    baseline=1,
                    target=3,
                    levels=FEEDBACK_LEVELS,
                    end=2,
                    noise=0.4,
                    every=9,
                ),
            ),
            (
                ActionText(
                    "Samen één les per bouw ontwerpen",
                    "Petra",
                    ("Hicham", "Carla"),
                    grounds="Samen ontwerpen dwingt je om te zeggen wat je verwacht.",
                    prediction="In mei zitten wij op niveau 3.",
                    signal="Leerlingen noemen zelf hun volgende stap.",
                    start=0.4,
                    due_days=100,
                    done_as_planned=DoneAsPlanned.PARTLY,
                    learned="Twee van de drie bouwen hebben een les gemaakt.",
                    next_step=NextStep.ADAPT,
                ),
            ),
            predicted="Wij komen van niveau 1 naar niveau 3.",
            happened="Wij hebben maar op een paar momenten gekeken, en niet steeds op dezelfde manier.",
            judgement=Judgement.CANNOT_TELL,
            learned="Spreek vooraf af wanneer en hoe je kijkt.",
            next_step=NextStep.ADAPT,
        ),
    ),
    rounds=(
        RoundText("collectief_vakmanschap", "Collectief vakmanschap, najaar", 0.22, 0.26, (0.86, 0.86, 0.88)),
        RoundText("collectief_vakmanschap", "Collectief vakmanschap, mei", 0.78, 0.82, (0.86, 0.86, 0.5)),
    ),
    evidence=(
        EvidenceText(
            EvidenceKind.OUTCOME,
            "Begrijpend lezen in groep 5",
            0.93,
            ((READING, Says.SUPPORTS, "Zie de lijn over de jaren."),),
            line="reading_5",
        ),
        EvidenceText(
            EvidenceKind.OBSERVATION,
            "Leeslessen in groep 5 bekeken",
            0.6,
            (
                (
                    "Bij elkaar kijken tijdens een leesles",
                    Says.SUPPORTS,
                    "Meer open vragen dan in het najaar.",
                ),
                ("Rijke teksten bij wereldoriëntatie kiezen", Says.SUPPORTS, "De teksten worden gebruikt."),
            ),
            "Zes lessen, steeds met dezelfde kijkvragen.",
            "Kijkwijzer lezen",
            6,
        ),
        EvidenceText(
            EvidenceKind.PRODUCT,
            "Kaartenbak met startsommen",
            0.3,
            (
                ("Kaartenbak met startsommen maken", Says.SUPPORTS, "Hij is af en staat in elke groep."),
                (RETRIEVAL, Says.SUPPORTS, "Elke groep heeft er een."),
            ),
            "Honderd kaarten per leerjaar.",
        ),
        EvidenceText(
            EvidenceKind.QUESTIONNAIRE,
            "Collectief vakmanschap, mei",
            0.84,
            ((FEEDBACK, Says.NOTHING_YET, "De vragenlijst gaat niet over feedback."),),
            round=1,
        ),
    ),
    carry_actions=("Bij elkaar kijken tijdens een leesles",),
    went_well="Elke week tellen hield ons bij de les. De kaartenbak kostte weinig en leverde veel op.",
    learned="Kies minder doelen en regel de tijd in het rooster voordat je begint.",
)

SECOND = CycleText(
    goals=(
        GoalText(
            READING,
            "Wij gaan door met rijke teksten en kijken elke maand bij elkaar.",
            0,
            "Farid",
            MIDDLE,
            ("OP2", "OR1"),
            (READING_INDICATOR,),
            (
                ActionText(
                    "Elke maand een leesles samen voorbereiden",
                    "Lotte",
                    ("Ilse", "Joris"),
                    grounds="Vorig jaar werkte samen kiezen goed.",
                    prediction="In mei halen meer leerlingen niveau III.",
                    signal="De voorbereiding hangt op het bord.",
                    start=0.15,
                    due_days=200,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Een half uur samen voorbereiden spaart later tijd.",
                    next_step=NextStep.ADOPT,
                ),
                # Came along from the first cycle, now with time in the timetable.
                ActionText(
                    "Bij elkaar kijken tijdens een leesles",
                    "Farid",
                    ("Karin",),
                    grounds="Vorig jaar werkte het zodra er tijd voor was.",
                    prediction="Elke leerkracht kijkt twee keer bij een collega.",
                    signal="De bezoeken staan in het rooster.",
                    start=0.2,
                    due_days=150,
                    done_as_planned=DoneAsPlanned.PARTLY,
                    learned="Eén bezoek per half jaar is voor ons haalbaar.",
                    next_step=NextStep.ADAPT,
                ),
            ),
            predicted="Opnieuw een stap omhoog.",
            happened="Wij hebben acht lessen samen voorbereid en gegeven.",
            learned="Het gesprek over de tekst doet meer dan het werkboek.",
            carried=True,
        ),
        GoalText(
            SPELLING,
            "De werkwoorden en de woorden met een open lettergreep gaan nog te vaak mis.",
            0,
            "Rianne",
            UPPER,
            ("OR1",),
            (
                IndicatorText(
                    "Leerlingen in groep 6 met niveau III of hoger bij spelling",
                    IndicatorKind.OUTCOME,
                    line="spelling_6",
                    gain=6,
                ),
                IndicatorText(
                    "Uren nakijkwerk per leerkracht per week",
                    IndicatorKind.BALANCING,
                    "uur",
                    Direction.DECREASE,
                    baseline=4,
                    target=4,
                    end=4.4,
                    noise=0.4,
                    every=3,
                    n=8,
                ),
            ),
            (
                ActionText(
                    "Vier keer per week een kort dictee",
                    "Rianne",
                    ("Olaf", "Samira"),
                    grounds="Vaak en kort oefenen werkt beter dan één lang dictee.",
                    prediction="Minder fouten bij werkwoorden in eigen teksten.",
                    signal="Leerlingen verbeteren hun eigen dictee.",
                    start=0.15,
                    due_days=180,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Leerlingen die zelf nakijken, leren er meer van.",
                    next_step=NextStep.ADOPT,
                ),
            ),
            predicted="Zes procentpunt erbij.",
            happened="De dictees zijn bijna elke week gegeven.",
            learned="Laat leerlingen zelf nakijken, anders kost het te veel tijd.",
        ),
        GoalText(
            WEEKLY,
            "In het weekoverleg ligt altijd iets op tafel: een cijfer, een schrift, een filmpje van je eigen les.",
            3,
            "Ingrid",
            "",
            ("SKA2", "SKA3"),
            (
                IndicatorText(
                    "Weekoverleggen met bewijs op tafel",
                    baseline=20,
                    target=75,
                    end=72,
                    noise=6,
                    every=4,
                    n=12,
                ),
            ),
            (
                ActionText(
                    "Vaste agenda voor het weekoverleg",
                    "Ingrid",
                    ("Marjan", "Farid"),
                    grounds="Wat op de agenda staat, gebeurt.",
                    prediction="In drie van de vier weken ligt er bewijs op tafel.",
                    signal="Iemand neemt iets mee zonder dat je erom vraagt.",
                    start=0.1,
                    due_days=60,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Een kwartier is genoeg als je met het bewijs begint.",
                    next_step=NextStep.ADOPT,
                ),
                ActionText(
                    "Korte cursus cijfers lezen voor het hele team",
                    "Marjan",
                    grounds="Wie een grafiek snapt, durft erover te praten.",
                    prediction="De schaal over bewijs gaat omhoog in mei.",
                    signal="Collega's stellen vragen bij een grafiek.",
                    start=0.35,
                    due_days=60,
                    done_as_planned=DoneAsPlanned.PARTLY,
                    learned="Oefen met je eigen groep, niet met voorbeelden van anderen.",
                    next_step=NextStep.ADAPT,
                ),
            ),
            predicted="Drie van de vier weken.",
            happened="In de meeste weken lag er iets op tafel, in de toetsweken juist niet.",
            judgement=Judgement.PARTLY,
            learned="Vraag één persoon per week om iets mee te nemen.",
        ),
        GoalText(
            TAKING_PART,
            "Je geeft beurten zo dat elk kind aan het denken gaat.",
            2,
            "Carla",
            LOWER,
            ("OP3", "VS2"),
            (
                IndicatorText(
                    "Leerlingen die in een les aan de beurt komen",
                    baseline=45,
                    target=80,
                    end=83,
                    noise=5,
                    n=20,
                ),
            ),
            (
                ActionText(
                    "Werken met beurtstokjes en wisbordjes",
                    "Daan",
                    ("Carla", "Elif"),
                    grounds="Als iedereen een antwoord opschrijft, denkt iedereen mee.",
                    prediction="In maart komen vier van de vijf leerlingen per les aan de beurt.",
                    signal="Ook stille leerlingen houden hun bordje omhoog.",
                    start=0.15,
                    due_days=120,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Wisbordjes werken vanaf groep 3, beurtstokjes ook bij kleuters.",
                    next_step=NextStep.ADOPT,
                ),
            ),
            predicted="Vier van de vijf leerlingen per les.",
            happened="In de lessen die wij bekeken, kwamen bijna alle leerlingen aan de beurt.",
            judgement=Judgement.REACHED,
            learned="Een vaste manier geeft rust. Dit houden we.",
            next_step=NextStep.ADOPT,
        ),
    ),
    rounds=(
        RoundText("collectief_vakmanschap", "Collectief vakmanschap, najaar", 0.22, 0.26, (0.86, 1, 0.88)),
        RoundText("collectief_vakmanschap", "Collectief vakmanschap, mei", 0.78, 0.82, (1, 0.86, 0.75)),
    ),
    evidence=(
        EvidenceText(
            EvidenceKind.OUTCOME,
            "Spelling in groep 6",
            0.93,
            (
                (SPELLING, Says.SUPPORTS, "De lijn over vijf jaar ligt erbij."),
                ("Vier keer per week een kort dictee", Says.NOTHING_YET, "Er gebeurde meer dan alleen dit."),
            ),
            line="spelling_6",
        ),
        EvidenceText(
            EvidenceKind.OUTCOME,
            "Begrijpend lezen in groep 5",
            0.93,
            (
                (READING, Says.SUPPORTS, "Bij dezelfde toets en dezelfde schaal."),
                ("Elke maand een leesles samen voorbereiden", Says.SUPPORTS, ""),
            ),
            line="reading_5",
        ),
        EvidenceText(
            EvidenceKind.OBSERVATION,
            "Beurten geteld in zes lessen",
            0.55,
            (
                (TAKING_PART, Says.SUPPORTS, "Vóór en na op dezelfde manier geteld."),
                ("Werken met beurtstokjes en wisbordjes", Says.SUPPORTS, "Elke les deed iedereen mee."),
            ),
            "Twee collega's telden los van elkaar.",
            "Turflijst beurten",
            6,
        ),
        EvidenceText(
            EvidenceKind.QUESTIONNAIRE,
            "Collectief vakmanschap, mei",
            0.84,
            (
                (WEEKLY, Says.SUPPORTS, "Het team gebruikt vaker bewijs dan in het najaar."),
                ("Vaste agenda voor het weekoverleg", Says.SUPPORTS, ""),
            ),
            round=1,
        ),
        EvidenceText(
            EvidenceKind.RESEARCH,
            "Overzicht van onderzoek naar spellingonderwijs",
            0.1,
            (
                (
                    "Vier keer per week een kort dictee",
                    Says.SUPPORTS,
                    "Kort en vaak oefenen komt er goed uit.",
                ),
            ),
            "Samenvatting voor scholen. Het onderzoek is vooral met oudere leerlingen gedaan.",
            "Leesgroep van het bestuur",
        ),
    ),
    carry_actions=("Korte cursus cijfers lezen voor het hele team",),
    went_well="Het weekoverleg is korter en gaat over de les. Wisbordjes gebruiken wij in de hele onderbouw.",
    learned="Kijk ook naar wat het kost. Het is vol te houden als leerlingen zelf nakijken.",
)

RUNNING = CycleText(
    goals=(
        GoalText(
            READING,
            "Dit is het derde jaar. Wij willen weten of de lijn doorzet, ook bij leerlingen die weinig lezen.",
            0,
            "Farid",
            MIDDLE,
            ("OP2", "OR1"),
            (
                READING_INDICATOR,
                IndicatorText(
                    "Leerlingen die in het leesmoment ook echt lezen",
                    baseline=62,
                    target=85,
                    end=68,
                    noise=6,
                    n=24,
                    before=14,
                    last=15,
                ),
            ),
            (
                ActionText(
                    "Elke dag twintig minuten lezen in een boek naar keuze",
                    "Joris",
                    ("Ilse", "Mehmet"),
                    "Na de kleine pauze. De juf of meester leest zelf ook.",
                    "Wie veel leest, leert veel woorden kennen.",
                    "In mei noemt elke leerling drie boeken die hij uit heeft.",
                    "Het is stil om half elf.",
                    0.3,
                    40,
                    "running",
                ),
                ActionText(
                    "Leesgesprekjes met leerlingen die weinig lezen",
                    "Lotte",
                    ("Farid",),
                    "Vijf minuten per leerling, elke twee weken.",
                    "Wie een boek kiest dat past, leest verder.",
                    "Na zes weken leest de helft thuis ook.",
                    "Je hoort waar het boek over gaat.",
                    0.5,
                    -9,
                    "running",
                ),
            ),
            carried=True,
            votes=(
                VoteText(0.1, 8, 7, 44),
                VoteText(0.3, 8, 8, 50),
                # Half of the team was on a course: too few to show.
                VoteText(0.5, 4, 4, 66),
                VoteText(0.7, 8, 7, 58),
                VoteText(0.92, 8, 8, 63),
            ),
        ),
        GoalText(
            FLUENCY,
            "Sommen tot 100 kosten veel leerlingen nog te veel tijd. Dan blijft er niets over om na te denken.",
            1,
            "Karin",
            MIDDLE,
            ("OP3", "OR1"),
            (
                IndicatorText(
                    "Leerlingen in groep 4 met niveau III of hoger bij rekenen",
                    IndicatorKind.OUTCOME,
                    line="maths_4",
                    gain=7,
                ),
                IndicatorText(
                    "Leerlingen die met plezier aan rekenen beginnen",
                    IndicatorKind.BALANCING,
                    baseline=78,
                    target=78,
                    end=76,
                    noise=4,
                    every=2,
                    n=22,
                    before=14,
                    last=7,
                ),
            ),
            (
                ActionText(
                    "Elke dag tien minuten automatiseren",
                    "Gerda",
                    ("Hicham", "Mehmet"),
                    grounds="Bij het ophalen in de bovenbouw werkte het om elke dag kort te oefenen.",
                    prediction="In januari maken acht van de tien leerlingen vijftig sommen in drie minuten.",
                    signal="Leerlingen willen hun eigen tijd verbeteren.",
                    start=0.25,
                    due_days=9,
                    state="running",
                ),
                ActionText(
                    "Ouderavond over rekenspelletjes",
                    "Karin",
                    grounds="Thuis spelen is ook oefenen.",
                    prediction="De helft van de ouders doet thuis een spel.",
                    signal="Leerlingen vertellen over het spel.",
                    start=0.5,
                    due_days=-20,
                    state="done",
                ),
            ),
        ),
        GoalText(
            FEEDBACK,
            "Wij pakken dit opnieuw op, nu met een vaste manier van kijken.",
            3,
            "Ingrid",
            "",
            ("OP2", "OP3"),
            (
                IndicatorText(
                    "Hoe wij feedback geven",
                    IndicatorKind.PROCESS,
                    "",
                    baseline=2,
                    target=3,
                    levels=FEEDBACK_LEVELS,
                    end=3,
                    noise=0.2,
                    every=4,
                ),
                IndicatorText(
                    "Lessen met een volgende stap voor de leerling",
                    baseline=40,
                    target=70,
                    end=58,
                    n=10,
                    before=20,
                    freeze="Dit jaar werken wij met de kijkwijzer. Wat nu komt, leggen wij naast vorig jaar.",
                ),
            ),
            (
                ActionText(
                    "Kijkwijzer met drie vragen maken",
                    "Petra",
                    ("Marjan",),
                    grounds="Vorige keer keek iedereen op een eigen manier.",
                    prediction="Iedereen kijkt naar hetzelfde.",
                    signal="Twee kijkers schrijven hetzelfde op.",
                    start=0.1,
                    due_days=-40,
                    done_as_planned=DoneAsPlanned.YES,
                    learned="Drie vragen zijn genoeg. Bij vier haak je af.",
                    next_step=NextStep.ADOPT,
                ),
                ActionText(
                    "Filmpjes van je eigen les bespreken",
                    "Noor",
                    grounds="Je ziet meer als je terugkijkt.",
                    prediction="Iedereen deelt één filmpje.",
                    signal="Je hoort collega's erover bij de koffie.",
                    start=0.3,
                    due_days=-15,
                    state="stopped",
                    done_as_planned=DoneAsPlanned.NO,
                    learned="Te spannend voor dit moment. Eerst bij elkaar kijken.",
                    next_step=NextStep.ABANDON,
                ),
                ActionText(
                    "In elke bouw twee lessen bekijken",
                    "Marjan",
                    ("Rianne", "Anouk"),
                    grounds="Met dezelfde kijkwijzer kun je vergelijken.",
                    prediction="In zeven van de tien lessen hoor je een volgende stap.",
                    signal="Leerlingen kunnen hun volgende stap noemen.",
                    start=0.8,
                    due_days=30,
                    state="planned",
                ),
                # Came along from the second cycle.
                ActionText(
                    "Korte cursus cijfers lezen voor het hele team",
                    "Marjan",
                    grounds="Wie een grafiek snapt, durft erover te praten.",
                    prediction="Iedereen legt één grafiek van de eigen groep uit.",
                    signal="Collega's stellen vragen bij een grafiek.",
                    start=0.9,
                    due_days=45,
                    state="planned",
                ),
            ),
            phase=3,
            votes=(
                VoteText(0.15, 23, 21, 62, 18),
                VoteText(0.35, 23, 3, 60),
                VoteText(0.55, 22, 19, 54, 22),
                VoteText(0.85, 23, 20, 57, 20),
            ),
        ),
        # No indicator: a gap that is there on purpose.
        GoalText(
            PARENTS,
            "Veel ouders willen wel helpen maar weten niet hoe.",
            0,
            "Anouk",
            LOWER,
            ("SKA3",),
            (),
            (
                ActionText(
                    "Voorleestips in de nieuwsbrief",
                    "Elif",
                    grounds="Korte tips worden gelezen.",
                    prediction="Ouders vragen naar boeken.",
                    signal="De boekenkast bij de ingang raakt leeg.",
                    start=0.6,
                    due_days=12,
                    state="running",
                ),
            ),
            phase=2,
        ),
    ),
    rounds=(
        RoundText("collectief_vakmanschap", "Collectief vakmanschap, najaar", 0.4, 0.55, (1, 0.86, 0.88)),
        RoundText("weekpeiling", "Weekpeiling", 0.95, None, (0.43, 0.43, 0.38)),
    ),
    evidence=(
        EvidenceText(
            EvidenceKind.OUTCOME,
            "Rekenen in groep 4",
            0.2,
            ((FLUENCY, Says.NOTHING_YET, "Dit is de stand aan het begin."),),
            line="maths_4",
        ),
        EvidenceText(
            EvidenceKind.OBSERVATION,
            "Leesmoment in vier groepen bekeken",
            0.7,
            (
                (
                    "Elke dag twintig minuten lezen in een boek naar keuze",
                    Says.CONTRADICTS,
                    "In twee van de vier groepen zit een deel van de leerlingen maar wat te bladeren.",
                ),
            ),
            "Steeds het hele leesmoment gekeken.",
            "Kijkwijzer lezen",
            4,
        ),
        EvidenceText(
            EvidenceKind.CONVERSATION,
            "Gesprek met de leerlingenraad over lezen",
            0.6,
            (
                (READING, Says.NOTHING_YET, "Leerlingen willen meer strips en informatieve boeken."),
                (
                    "Leesgesprekjes met leerlingen die weinig lezen",
                    Says.SUPPORTS,
                    "Een gesprekje helpt kiezen.",
                ),
            ),
            "Acht leerlingen uit groep 5 tot en met 8.",
            n=8,
        ),
        EvidenceText(
            EvidenceKind.PRODUCT,
            "Kijkwijzer feedback",
            0.4,
            (
                ("Kijkwijzer met drie vragen maken", Says.SUPPORTS, "Hij is af en getest door drie duo's."),
                (FEEDBACK, Says.SUPPORTS, "Wij kijken nu allemaal naar hetzelfde."),
            ),
        ),
        EvidenceText(
            EvidenceKind.QUESTIONNAIRE,
            "Collectief vakmanschap, najaar",
            0.6,
            ((FEEDBACK, Says.NOTHING_YET, "Wel meer vertrouwen, nog geen andere lessen."),),
            round=0,
            reviewed=False,
        ),
        EvidenceText(
            EvidenceKind.RESEARCH,
            "Artikel over vlot leren rekenen",
            0.15,
            (
                (
                    "Elke dag tien minuten automatiseren",
                    Says.SUPPORTS,
                    "Kort en elke dag. Wel bij andere scholen dan de onze.",
                ),
            ),
            "Gelezen in de leesgroep van de middenbouw.",
            "Vakblad voor rekenonderwijs",
        ),
        EvidenceText(
            EvidenceKind.OBSERVATION,
            "Tijd per som in groep 4 gemeten",
            0.85,
            ((FLUENCY, Says.NOTHING_YET, "Nog te kort bezig om iets te zeggen."),),
            "Een week lang bijgehouden.",
            n=21,
            reviewed=False,
        ),
    ),
    # Without a goal: a gap that is there on purpose.
    loose_actions=(
        ActionText(
            "Nieuwe boeken voor de schoolbibliotheek bestellen",
            "Theo",
            grounds="De strips zijn stukgelezen.",
            prediction="Voor de vakantie staan er honderd nieuwe boeken.",
            signal="De kast is vol.",
            start=0.5,
            due_days=21,
            state="planned",
        ),
    ),
    phases=(0.05, 0.12, 0.25),
)

CYCLES = (FIRST, SECOND, RUNNING)

# Fixed typical dates for years the holiday table does not reach: name, first and last (month, day).
TYPICAL_HOLIDAYS = (
    ("autumn", (10, 17), (10, 25)),
    ("christmas", (12, 19), (1, 3)),
    ("spring", (2, 20), (2, 28)),
    ("may", (4, 24), (5, 2)),
)
TYPICAL_SUMMER = ((7, 17), (8, 29))
