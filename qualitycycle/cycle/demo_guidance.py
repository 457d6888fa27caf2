"""The example school's guidance: learning questions, a calendar, and a log that a visitor can open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from qualitycycle import config
from qualitycycle.cycle import (
    calendar,
    coaching_access,
    coaching_log,
    coaching_totals,
    group_reviews,
    guidance,
    school,
)
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.model import Actor, Phase
from qualitycycle.store.connect import Store

# Shown on the page of the example school: there is nothing in this log that is about anybody.
PASSPHRASE = "groene potloden dromen zacht"
# While the school is told nobody is signed in.
SESSION = "example"
COACH = "Farid"
# Whose question it is (a colleague or a team), the question, the place of its goal, and what was said by phase.
QUESTIONS: tuple[tuple[str, str, int | None, str, dict[Phase, str]], ...] = (
    (
        "Anouk",
        "Hoe laat ik in de leesles vaker leerlingen zelf vragen stellen?",
        0,
        "",
        {
            Phase.OBSERVE: "In twee lessen stelde vooral de leerkracht de vragen; in tweetallen praatten ze meer.",
            Phase.UNDERSTAND: "De vragen staan in de handleiding, en er is weinig tijd om op een antwoord te wachten.",
            Phase.PLAN: "Vier weken lang begint elke les met twee vragen van leerlingen. Daarna kijken we samen.",
        },
    ),
    (
        "Hicham",
        "Hoe geef ik uitleg aan een kleine groep zonder de rest kwijt te raken?",
        None,
        "Als dit lukt, kunnen we het in de hele middenbouw zo doen.",
        {Phase.OBSERVE: "De rest werkt rustig zolang op het bord staat wat er na de taak komt."},
    ),
    (
        "Onderbouw",
        "Hoe bespreken we samen wat we bij het voorlezen zien?",
        1,
        "",
        {
            Phase.OBSERVE: "Iedereen leest voor, en ieder let op iets anders.",
            Phase.UNDERSTAND: "We hebben nog geen gezamenlijke kijkpunten.",
            Phase.PLAN: "Drie kijkpunten, zes weken lang, bij elkaar in de klas.",
            Phase.DO: "Vijf keer bij elkaar gekeken; twee keer ging het niet door.",
            Phase.EVALUATE: "Met kijkpunten praten we over kinderen die luisteren, niet over onze stijl.",
        },
    ),
)
# Whose group, its name, the question, the place of its goal, with whom it is shared, and what was said by phase.
GROUPS: tuple[tuple[str, str, str, int, str, dict[Phase, str]], ...] = (
    (
        "Anouk",
        "groep 5",
        "Wat doen zij als een tekst moeilijk wordt en ik niet help?",
        0,
        COACH,
        {
            Phase.OBSERVE: "Velen slaan het moeilijke woord over en lezen door; een paar vragen het elkaar.",
            Phase.UNDERSTAND: "Ze kennen de stappen wel, maar weten niet wanneer ze die kunnen gebruiken.",
        },
    ),
    (
        "Hicham",
        "groep 4",
        "Waar lopen zij vast bij sommen met een tussenstap?",
        1,
        "",
        {Phase.OBSERVE: "Op kladpapier staat vaak alleen het antwoord."},
    ),
)
# From one phase to the next.
STEP = timedelta(days=14)
# Kind, minutes, theme, learning question, next step; they come round.
CONVERSATIONS = (
    (
        "visit",
        60,
        "Vragen van leerlingen",
        "Hoe wacht ik langer op een antwoord?",
        "Over twee weken weer kijken",
    ),
    (
        "question",
        30,
        "Instructie in een kleine groep",
        "Wat doet de rest?",
        "Voorbeeld van het bord meenemen",
    ),
    ("visit", 50, "Voorlezen", "Waar kijken we naar?", "Kijkpunten uittypen"),
    ("design", 45, "Leesles ontwerpen", "Welke tekst daagt uit?", "Samen de eerste les geven"),
)
PLANNED = {
    "guiding": 8.0, "analysing": 3.0, "policy": 2.0, "access": 4.0, "administration": 3.0, "leading": 4.0,
}  # fmt: skip
# How far a week was from what was planned, week by week; they come round.
DIFFERENCES: tuple[dict[str, float], ...] = (
    {"guiding": -3.5, "standing_in": 3.0, "administration": 1.0},
    {"guiding": -1.0, "access": 2.0},
    {"guiding": -5.0, "standing_in": 4.5, "leading": 1.5},
    {"analysing": 2.0, "policy": -1.0},
)


def fill(
    store: Store, *, today: date, people: Mapping[str, Actor], teams: Mapping[str, str], goal_ids: list[str]
) -> None:
    """Tell the guidance of the running school year."""
    coach = people[COACH]
    name = calendar.school_year_of(today)
    year = next((one for one in group_reviews.years(store) if one.school_year_id == name), None)
    if year is None:
        return
    mondays = [one for one in calendar.school_weeks(year, school.staff(store).holidays) if one <= today]
    with config.as_of(max(year.first_on, min(today, year.first_on + timedelta(days=14)))):
        begun = _begun(store, coach, people, teams, goal_ids)
        group_reviews.lay_out(store, coach, name, 4)
    _told(store, begun, today)
    for one in group_reviews.year(store, coach, name).reviews:
        if one.planned_on < today - timedelta(days=7):
            with config.as_of(one.planned_on):
                group_reviews.hold(store, coach, one.id)
    _log(store, coach, mondays, today)


def _begun(
    store: Store, coach: Actor, people: Mapping[str, Actor], teams: Mapping[str, str], goal_ids: list[str]
) -> list[tuple[Actor, Trajectory, dict[Phase, str]]]:
    """The questions, each with who moves it and what is to be said of its phases."""

    def goal_id(place: int | None) -> str | None:
        return goal_ids[place] if place is not None and place < len(goal_ids) else None

    guided = [
        (
            coach,
            guidance.begin(
                store,
                coach,
                question=question,
                colleague_id=people[whose].person_id if whose in people else None,
                team_id=teams.get(whose) if whose not in people else None,
                goal_id=goal_id(goal),
                serves=serves or ("" if goal_id(goal) else "Samen leren van elkaars lessen."),
            ),
            said,
        )
        for whose, question, goal, serves, said in QUESTIONS
    ]
    own = [
        (
            people[whose],
            guidance.begin_with_group(
                store,
                people[whose],
                group_name=group,
                question=question,
                goal_id=goal_id(goal),
                colleague_id=people[shared].person_id if shared else None,
            ),
            said,
        )
        for whose, group, question, goal, shared, said in GROUPS
    ]
    return guided + own


def _told(store: Store, begun: list[tuple[Actor, Trajectory, dict[Phase, str]]], today: date) -> None:
    """Each phase some days after the one before, as far as the year has come."""
    for who, one, said in begun:
        for n, (phase, words) in enumerate(said.items()):
            with config.as_of(min(today, one.started_on + n * STEP)):
                if phase is not Phase.OBSERVE:
                    guidance.move(store, who, one.id, phase)
                guidance.write_together(store, who, one.id, None, phase, words)


def _log(store: Store, coach: Actor, mondays: list[date], today: date) -> None:
    coaching_access.make(store, coach, SESSION, PASSPHRASE, PASSPHRASE)
    weeks = [
        coaching_log.Week(
            monday,
            PLANNED,
            {
                area: max(0.0, PLANNED.get(area, 0.0) + DIFFERENCES[n % len(DIFFERENCES)].get(area, 0.0))
                for area in coaching_log.AREAS
            },
        )
        for n, monday in enumerate(mondays)
    ]
    talks = [
        coaching_log.Conversation(
            f"example{n}", mondays[n // 2] + timedelta(days=1 + n % 2), *CONVERSATIONS[n % len(CONVERSATIONS)]
        )
        for n in range(2 * len(mondays))
        if mondays[n // 2] + timedelta(days=1 + n % 2) <= today
    ]
    coaching_log.change(
        store,
        coach,
        SESSION,
        lambda log: replace(
            log, conversations=tuple(reversed(talks)), weeks=tuple(weeks), plan=dict(PLANNED)
        ),
    )
    written = coaching_log.read(store, coach, SESSION)
    with config.as_of(today):
        for month in coaching_totals.months_over(written)[:2]:
            if coaching_totals.would_leave(written, month):
                coaching_totals.share(store, coach, SESSION, month)
    coaching_access.close(store, SESSION)
