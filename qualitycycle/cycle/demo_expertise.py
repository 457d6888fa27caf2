"""The example school's expertise: what colleagues offer and want to learn, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from qualitycycle import config
from qualitycycle.cycle import expertise, expertise_requests, plan
from qualitycycle.model import Action, ActionState, Actor, Expertise, ExpertiseKind, ExpertiseTheme
from qualitycycle.store.connect import Store

OFFER, QUESTION = ExpertiseKind.OFFER, ExpertiseKind.QUESTION
# Whose, what kind, in which place of the list of themes (None: without), the title and the note.
ENTRIES: tuple[tuple[str, ExpertiseKind, int | None, str, str], ...] = (
    ("Anouk", OFFER, 0, "Voorlezen met prentenboeken", "Kom gerust kijken, elke ochtend om kwart voor negen."),
    ("Anouk", QUESTION, 2, "Rekenspelletjes voor kleuters", "Liefst iets zonder materiaal."),
    ("Farid", OFFER, 0, "Boeken kiezen bij een thema", "Ook voor wie nog niet graag leest."),
    ("Farid", QUESTION, 7, "Een grafiek van mijn groep uitleggen aan ouders", ""),
    ("Ingrid", OFFER, 8, "Een lastig gesprek met ouders voorbereiden", "Ik speel graag de ouder."),
    ("Marjan", OFFER, 7, "Cijfers van een toets lezen en duiden", "In een half uur, met jouw eigen groep."),
    ("Karin", OFFER, 2, "Automatiseren met spelletjes", "Een doos met twintig spelletjes staat klaar."),
    ("Gerda", QUESTION, 3, "Uitleg geven aan een kleine groep", "Terwijl de rest doorwerkt."),
    ("Noor", OFFER, 6, "Filmpjes maken van je eigen les", "Ik film, jij kiest wat je terugziet."),
    ("Theo", OFFER, None, "Een lied bij elke overgang", "Ook als je niet kunt zingen."),
    ("Samira", QUESTION, 4, "Rust bewaren bij een wisseling", ""),
    ("Rianne", OFFER, 1, "Een dictee dat twee minuten duurt", ""),
    ("Quinten", QUESTION, 9, "Leerlingen zelf laten programmeren", ""),
)  # fmt: skip
# Offers that were agreed upon, by their place above and the title of the action.
AGREED = ((6, "Elke dag tien minuten automatiseren"), (8, "Filmpjes van je eigen les bespreken"))
# Whose actions wait for an answer: an offer asked for by the owner of an action, and one held out by herself.
ASKED = (
    ("Elif", 0, "Voorleestips in de nieuwsbrief", "Mogen we jouw drie vaste tips overnemen?"),
    ("Noor", 8, "In elke bouw twee lessen bekijken", ""),
)


def fill(store: Store, *, today: date, people: Mapping[str, Actor]) -> None:
    """Tell it in the running cycle, in the last weeks before today."""
    with config.as_of(today):
        expertise.lay_out_themes(store, people["Ingrid"])
        themes = plan.find(store, people["Ingrid"], ExpertiseTheme)
        made = [_entry(store, people, themes, entry) for entry in ENTRIES]
        cycle = plan.running_cycle(store)
        found = plan.find(store, people["Ingrid"], Action, cycle_id=cycle.cycle_id) if cycle else []
        going = (ActionState.PLANNED, ActionState.RUNNING)
        actions = {action.title: action for action in found if action.state in going}
        for place, title in AGREED:
            if title in actions:
                _agree(store, people, made[place], actions[title])
        for who, place, title, words in ASKED:
            if title in actions:
                expertise_requests.ask(
                    store, people[who], made[place].id, "action", actions[title].action_id, message=words
                )


def _entry(
    store: Store,
    people: Mapping[str, Actor],
    themes: Sequence[ExpertiseTheme],
    entry: tuple[str, ExpertiseKind, int | None, str, str],
) -> Expertise:
    who, kind, theme, title, note = entry
    theme_id = themes[theme].id if theme is not None else None
    return expertise.add(store, people[who], kind=kind, title=title, theme_id=theme_id, note=note)


def _agree(store: Store, people: Mapping[str, Actor], offer: Expertise, action: Action) -> None:
    by_id = {actor.person_id: actor for actor in people.values()}
    asker, giver = by_id.get(action.owner_id, people["Ingrid"]), by_id[offer.person_id]
    state = expertise_requests.ask(store, asker, offer.id, "action", action.action_id)
    if state is not expertise_requests.RequestState.AGREED:
        (asked,) = [
            one
            for one in expertise_requests.waiting(store, giver)
            if one.noun_id == action.action_id and one.expertise_id == offer.id
        ]
        expertise_requests.answer(store, giver, asked.id, yes=True)
