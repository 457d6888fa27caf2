"""Schools of an invented network: the example school's requests for help, and small schools with files of their own."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from datetime import date, timedelta

from qualitycycle import config
from qualitycycle.cycle import (
    calendar,
    guidance,
    help_requests,
    network,
    network_cases,
    network_figures,
    network_file,
    network_received,
    school,
)
from qualitycycle.cycle.demo_guidance import QUESTIONS
from qualitycycle.cycle.help_requests import HelpRequest
from qualitycycle.cycle.network import Given
from qualitycycle.cycle.network_file import NetworkFile, Period
from qualitycycle.cycle.network_words import KINDS, PUPILS, THEMES
from qualitycycle.model import Actor, Region, Role, Sector
from qualitycycle.store.connect import Store
from qualitycycle.store.records import new_id

# The other schools of the network, and what they ask of the partnership.
SCHOOLS = (
    ("De Kade", "Een vast spreekuur van een orthopedagoog, elke twee weken."),
    ("Het Kompas", "Weten bij wie we terechtkunnen als het wachten langer dan zes weken duurt."),
    ("De Molenhof", "Samen een studiemiddag over gedrag in de klas."),
    ("Op de Dijk", ""),
    ("De Zandloper", "Een plek voor kinderen die een paar weken rust nodig hebben."),
)
OWN_LABEL = "De Lindeboom"
OWN_ASK = "Korter wachten op een orthopedagoog: nu is het half schooljaar om voor we samen kijken."
ABOUT = (
    "Meekijken in de klas bij gedrag",
    "Vraag over rekenen in de middenbouw",
    "Vraag over lezen na een half jaar extra oefenen",
    "Gesprek met ouders en school samen",
    "Advies over een rustige werkplek",
    "Taal voor wie net in Nederland is",
    "Wat helpt bij vaak te laat komen",
)
# The themes of the example school's learning questions, in their order.
QUESTION_THEMES = ("language", "teaching", "language")
# What is asked most, so that something can be told of it.
USUAL_KINDS = (
    "specialist",
    "specialist",
    "specialist",
    "partnership",
    "partnership",
    "social_work",
    "youth_care",
)
USUAL_THEMES = (
    "behaviour",
    "behaviour",
    "behaviour",
    "language",
    "language",
    "wellbeing",
    "maths",
    "newcomers",
)
# Weeks until help comes, by kind, give or take a third; what is not named takes a month.
WEEKS = {"specialist": 13, "partnership": 5, "social_work": 4, "youth_care": 24}
SHARE_WITHDRAWN = 0.06
N_ASKED = 26


def fill(store: Store, *, today: date, coach: Actor) -> None:
    """The example school's requests, the themes of its learning questions, its own file and those of two others."""
    rng = random.Random(7)
    with config.as_of(today):
        closed, *_earlier = network.periods()
        running = [one for one in asked(rng, _after(closed), N_ASKED, today) if one.asked_on <= today]
        help_requests.ask_all(store, coach, [*asked(rng, closed, N_ASKED, today), *running])
        named = {
            question: theme
            for (_who, question, *_rest), theme in zip(QUESTIONS, QUESTION_THEMES, strict=True)
        }
        begun = [one for one, _theme in network.questions(store, coach) if one.question in named]
        network.set_themes(store, coach, {one.id: named[one.question] for one in begun})
        network.put_down(store, coach, closed, Given(OWN_LABEL, pupils="200-399", asks=(OWN_ASK,)), sure=True)
        for n, (label, ask) in enumerate(SCHOOLS[:2]):
            other = invented(label, ask, closed, seed=n, made_on=today)
            network_received.receive(store, coach, network_file.write(other), label)


def asked(rng: random.Random, period: Period, n: int, today: date) -> list[HelpRequest]:
    """Requests of one period, in the order of their days."""
    return sorted((_request(rng, period, today) for _n in range(n)), key=lambda one: one.asked_on)


def _request(rng: random.Random, period: Period, today: date) -> HelpRequest:
    kind = rng.choice(USUAL_KINDS) if rng.random() < 0.9 else rng.choice(list(KINDS))
    theme = rng.choice(USUAL_THEMES) if rng.random() < 0.9 else rng.choice(list(THEMES))
    asked_on = period.first_on + timedelta(days=rng.randrange((period.last_on - period.first_on).days))
    ended_on = asked_on + timedelta(days=round(7 * WEEKS.get(kind, 4) * rng.uniform(0.65, 1.35)))
    known = ended_on if ended_on <= today else None
    is_withdrawn = rng.random() < SHARE_WITHDRAWN
    return HelpRequest(
        new_id(),
        rng.choice(ABOUT),
        kind,
        theme,
        asked_on,
        came_on=None if is_withdrawn else known,
        withdrawn_on=known if is_withdrawn else None,
    )


def _after(period: Period) -> Period:
    if period.half == 1:
        return Period(period.school_year, 2)
    return Period(calendar.next_year(period.school_year), 1)


# --- other schools ---------------------------------------------------------------------------------------


def invented(label: str, ask: str, period: Period, *, seed: int, made_on: date) -> NetworkFile:
    """The file of a school that is nowhere else; its figures go through the gate like those of any other."""
    rng = random.Random(f"{label} {seed}")

    def sign(text: str) -> str:
        return hashlib.blake2b(f"{seed} {text}".encode(), digest_size=8).hexdigest()

    found = network_cases.of_help(asked(rng, period, rng.randrange(14, 40), made_on), period, sign)
    found |= network_cases.of_learning(_askers(rng), sign)
    found |= _hours(rng)
    figures = network_figures.put_down(found).figures
    pupils = rng.choice(list(PUPILS))
    return NetworkFile(label, Sector.PO, pupils, period, 1, made_on, figures, (ask,) if ask else ())


def _askers(rng: random.Random) -> dict[str, set[str]]:
    usual = ("teaching", "language", "behaviour")
    return {str(n): {rng.choice(usual)} for n in range(rng.randrange(8, 20))}


def _hours(rng: random.Random) -> Mapping[str, network_figures.Candidate]:
    months = {f"month {n}": rng.randrange(5, 12) for n in range(5)}
    hours = {"conversations": rng.uniform(4, 11), "guiding": rng.uniform(3, 8), "planned": 8.0}
    return {f"time:{key}": network_figures.Candidate(months, hours[key]) for key in hours}


def small_school(store: Store, name: str, *, seed: int, today: date) -> bytes:
    """Tell a small school into an empty store through the verbs; returns its file for the network."""
    rng = random.Random(f"{name} {seed}")
    year = calendar.school_year_of(today)
    first_on, last_on = calendar.year_bounds(year)
    people = [
        school.NewPerson("Leiding", role=Role.LEADER),
        school.NewPerson("Begeleiding", "IB'er", Role.COACH),
        *(school.NewPerson(f"Collega {n}", role=Role.MEMBER) for n in range(1, 9)),
    ]
    new = school.NewSchool(name, Sector.PO, Region.MIDDEN, ["Team"], people, year, first_on, last_on)
    with config.as_of(today):
        closed = network.periods()[0]
        school.set_up(store, Actor(Role.LEADER), new)
    staff = school.staff(store).people
    coach = next(Actor(one.role, one.person_id) for one in staff if one.role is Role.COACH)
    colleagues = [one.person_id for one in staff if one.role is Role.MEMBER]
    with config.as_of(closed.first_on + timedelta(days=30)):
        begun = [
            guidance.begin(
                store, coach, question="Hoe pak ik dit aan?", colleague_id=one, serves="Samen leren"
            )
            for one in rng.sample(colleagues, rng.randrange(4, 8))
        ]
    with config.as_of(today):
        network.set_themes(store, coach, {one.id: rng.choice(("teaching", "language")) for one in begun})
        help_requests.ask_all(store, coach, asked(rng, closed, rng.randrange(3, 30), today))
        network.put_down(store, coach, closed, Given(name))
        return network.content(store, coach, closed)
