"""The example school's support team, policies and way of working: a gap, a double, something due, something agreed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from qualitycycle.cycle import plan
from qualitycycle.model import (
    Actor,
    Cycle,
    Evidence,
    Meeting,
    MeetingState,
    Policy,
    PolicyEvidence,
    PolicyVersion,
    Says,
    SupportAgreement,
    SupportArea,
    SupportLevel,
    SupportMember,
    SupportTask,
    TaskDone,
    TaskPart,
    TaskRole,
    TeamReason,
    TeamReasonKind,
    WayRemark,
    WayState,
    WayVersion,
)
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

R, D, ASKED, TOLD = TaskPart.RESPONSIBLE, TaskPart.DOES, TaskPart.ASKED, TaskPart.TOLD
DAY = timedelta(days=1)
# Area, title, who has which part, others who are told, and how long ago it was done.
TASKS: tuple[tuple[SupportArea, str, dict[TaskPart, tuple[str, ...]], str, int | None], ...] = (
    (
        SupportArea.POLICY,
        "Beleid voor ondersteuning actueel houden",
        {R: ("Marjan", "Farid"), D: ("Marjan",), ASKED: ("Ingrid",)},
        "",
        None,
    ),
    (SupportArea.POLICY, "Ons ondersteuningsaanbod beschrijven", {R: ("Ingrid",), D: ("Marjan",)}, "MR", 40),
    (
        SupportArea.COACHING,
        "Collega's begeleiden bij hun leervraag",
        {R: ("Farid",), D: ("Farid", "Marjan")},
        "",
        None,
    ),
    (SupportArea.COACHING, "Groepsbesprekingen leiden", {R: ("Marjan",), D: ("Marjan", "Farid")}, "", 30),
    (SupportArea.COACHING, "Nieuwe collega's op weg helpen", {R: ("Farid",), D: ("Karin",)}, "", 61),
    (
        SupportArea.ACCESS,
        "Eerste aanspreekpunt bij een hulpvraag zijn",
        {R: ("Marjan",), D: ("Marjan",), TOLD: ("Ingrid",)},
        "",
        None,
    ),
    (SupportArea.ACCESS, "Materialen en hulpmiddelen beheren", {}, "", None),
    (
        SupportArea.ACCESS,
        "Contact houden met het samenwerkingsverband",
        {R: ("Marjan",), D: ("Marjan",), ASKED: ("Farid",)},
        "bestuur",
        12,
    ),
    (SupportArea.CULTURE, "Het weekoverleg voorbereiden", {R: ("Ingrid",), D: ("Ingrid", "Farid")}, "", None),
    (
        SupportArea.CULTURE,
        "Samen met het team naar resultaten kijken",
        {R: ("Farid",), D: ("Farid", "Karin")},
        "",
        20,
    ),
)
MEMBERS = (
    ("Ingrid", "", "Schoolleider, zit voor"),
    ("Marjan", "", "IB'er onderbouw"),
    ("Farid", "", "IB'er bovenbouw en expert-leraar lezen"),
    ("", "Orthopedagoog van het samenwerkingsverband", "Denkt mee, één dagdeel per maand"),
)
REASONS = (
    (TeamReasonKind.SIZE, "Twee IB'ers, omdat onder- en bovenbouw in twee gebouwen zitten."),
    (TeamReasonKind.POPULATION, "Veel kinderen leren thuis een andere taal: daarom zit lezen in het team."),
    (TeamReasonKind.AIM, "Begrijpend lezen staat drie jaar voorop. Daarna kijken we opnieuw wie erin zit."),
)
# Level, title, text, owner, and in how many days it is looked at again.
AGREEMENTS = (
    (
        SupportLevel.BASIC,
        "Verlengde instructie in elke groep",
        "Drie keer per week een kwartier in een kleine groep. De rest weet wat er na de taak komt.",
        "Karin",
        200,
    ),
    (
        SupportLevel.EXTRA,
        "Van hulpvraag naar hulp in drie weken",
        "Week 1: samen kijken in de les. Week 2: een plan op één kantje. Week 3: beginnen, met een datum om te kijken.",
        "Marjan",
        6,
    ),
)
ACCELERATE = (
    "Een kind dat meer aankan, krijgt eerst verrijking in de eigen groep. Versnellen bespreken we als ouders, "
    "leerkracht en IB'er het alle drie zien."
)
RETAIN = (
    "Doubleren is bij ons een uitzondering. We doen het alleen als er een plan ligt voor wat er in het tweede jaar "
    "anders gaat."
)
READING = (
    "Elke groep begint de dag met twintig minuten lezen. De leerkracht leest zelf mee of leest voor. Dit moment "
    "vervalt niet voor iets anders."
)
# Title, who writes, who decides, in how many days it is looked at again, and its texts: days ago, text, what changed.
POLICIES: tuple[tuple[str, str, str, int, tuple[tuple[int, str, str], ...]], ...] = (
    ("Versnellen", "Marjan", "Schoolleider, na advies van de MR", 150, ((420, ACCELERATE, ""),)),
    (
        "Doubleren",
        "Farid",
        "Schoolleider, met het team",
        -9,
        (
            (760, "Een kind kan in overleg met ouders een jaar overdoen.", ""),
            (
                395,
                RETAIN,
                "Alleen nog met een plan: uit onze eigen cijfers bleek niet dat een jaar extra hielp.",
            ),
        ),
    ),
    ("Elke dag een leesmoment", "Farid", "Het team", 220, ((60, READING, ""),)),
)
# Which evidence a policy rests on, or what speaks against it: titles of this year's evidence.
GROUNDS = {
    "Elke dag een leesmoment": {
        "Leesmoment in vier groepen bekeken": Says.SUPPORTS,
        "Gesprek met de leerlingenraad over lezen": Says.CONTRADICTS,
    }
}
WAY_ONE = """Een begeleidingsvraag komt van de collega zelf.
De IB'er kijkt mee in de les en zegt vooraf waarnaar.
Wat we bespreken blijft tussen ons tweeën; wat het team ervan kan leren, vertelt de collega zelf.
Na zes weken kijken we samen terug."""
WAY_TWO = f"""{WAY_ONE}
Begeleiden gaat voor invallen: een afspraak zeggen we alleen af als we meteen een nieuwe maken."""
REMARKS = (
    ("Anouk", "Fijn dat erin staat wat er gebeurt als het niet doorgaat."),
    ("Hicham", "Kunnen we zes weken ook vier laten zijn bij een kleine vraag?"),
)


def fill(store: Store, *, today: date, leader: Actor, people: Mapping[str, str]) -> None:
    """Tell it in one transaction; `people` are ids by name."""
    cycle = plan.running_cycle(store)
    if cycle is None:
        return
    pieces = plan.find(store, leader, Evidence)
    held = plan.find(store, leader, Meeting, state=MeetingState.CLOSED)

    def tell(tx: Transaction) -> None:
        _tasks(tx, today, people, cycle)
        _team(tx, today, people)
        _policies(tx, today, people, pieces)
        _way(tx, today, people, held)

    store.write(tell, actor=leader, verb="start_tasks")


def _tasks(tx: Transaction, today: date, people: Mapping[str, str], cycle: Cycle) -> None:
    made = [
        SupportTask(task_id=new_id(), area=area, title=title, outside=outside, position=place)
        for place, (area, title, _parts, outside, _ago) in enumerate(TASKS)
    ]
    tx.insert_all(made)
    tx.insert_all(
        [
            TaskRole(task_role_id=new_id(), task_id=task.task_id, person_id=people[name], part=part)
            for task, (_area, _title, parts, _outside, _ago) in zip(made, TASKS, strict=True)
            for part, names in parts.items()
            for name in names
        ]
    )
    tx.insert_all(
        [
            TaskDone(task_done_id=new_id(), task_id=task.task_id, cycle_id=cycle.cycle_id, done_on=done)
            for task, (_area, _title, _parts, _outside, ago) in zip(made, TASKS, strict=True)
            if ago is not None and (done := today - ago * DAY) >= cycle.first_on
        ]
    )


def _team(tx: Transaction, today: date, people: Mapping[str, str]) -> None:
    tx.insert_all(
        [
            SupportMember(
                support_member_id=new_id(),
                person_id=people[name] if name else None,
                name=outsider,
                role=role,
                position=place,
            )
            for place, (name, outsider, role) in enumerate(MEMBERS)
        ]
    )
    tx.insert_all(
        [
            TeamReason(team_reason_id=new_id(), kind=kind, title=title, noted_on=today - 70 * DAY)
            for kind, title in REASONS
        ]
    )
    tx.insert_all(
        [
            SupportAgreement(
                support_agreement_id=new_id(),
                level=level,
                title=title,
                text=text,
                owner_id=people[name],
                review_on=today + days * DAY,
                position=place,
            )
            for place, (level, title, text, name, days) in enumerate(AGREEMENTS)
        ]
    )


def _policies(tx: Transaction, today: date, people: Mapping[str, str], pieces: list[Evidence]) -> None:
    for title, writer, decides, days, texts in POLICIES:
        policy = tx.insert(
            Policy(
                policy_id=new_id(),
                title=title,
                writer_id=people[writer],
                decides=decides,
                review_on=today + days * DAY,
            )
        )
        tx.insert_all(
            [
                PolicyVersion(
                    policy_version_id=new_id(),
                    policy_id=policy.policy_id,
                    number=number,
                    text=text,
                    changed=changed,
                    applies_on=today - ago * DAY,
                )
                for number, (ago, text, changed) in enumerate(texts, start=1)
            ]
        )
        tx.insert_all(
            [
                PolicyEvidence(
                    policy_evidence_id=new_id(),
                    policy_id=policy.policy_id,
                    evidence_id=piece.evidence_id,
                    says=says,
                )
                for piece in pieces
                if (says := GROUNDS.get(title, {}).get(piece.title)) is not None
            ]
        )


def _way(tx: Transaction, today: date, people: Mapping[str, str], held: list[Meeting]) -> None:
    """Agreed in a meeting of half a year ago or before; the next version is up for discussion."""
    days = sorted((one for one in held if one.held_on < today - 120 * DAY), key=lambda one: one.held_on)
    if not days:
        return
    tx.insert(
        WayVersion(
            way_version_id=new_id(),
            number=1,
            text=WAY_ONE,
            state=WayState.AGREED,
            written_on=days[-1].held_on - 14 * DAY,
            discussed_since=days[-1].held_on - 7 * DAY,
            agreed_on=days[-1].held_on,
            meeting_id=days[-1].meeting_id,
        )
    )
    coming = tx.insert(
        WayVersion(
            way_version_id=new_id(),
            number=2,
            text=WAY_TWO,
            changed="Begeleiden gaat voor invallen.",
            state=WayState.DISCUSSED,
            written_on=today - 12 * DAY,
            discussed_since=today - 6 * DAY,
        )
    )
    tx.insert_all(
        [
            WayRemark(
                way_remark_id=new_id(),
                way_version_id=coming.way_version_id,
                person_id=people[name],
                title=said,
                said_on=today - 3 * DAY,
            )
            for name, said in REMARKS
        ]
    )
