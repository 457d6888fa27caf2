"""Expertise in the team: what each colleague offers and wants to learn, in her own words.

Whoever works here reads it, under the name of whose it is. Everybody writes and changes her own only, the school
leader too. Nothing is counted per person, nobody is scored or ranked, and an appraisal may not rest on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from qualitycycle import config
from qualitycycle.cycle import school
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import Incomplete, NotYours
from qualitycycle.i18n import N_, _
from qualitycycle.model import Actor, Expertise, ExpertiseKind, ExpertiseTheme
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

NOUN = "expertise"
LONGEST_TITLE, LONGEST_NOTE = 120, 600
# To begin with: a title, and the words by which it is found. A school changes them as it likes.
FIRST_THEMES = (
    (N_("Reading"), N_("reading aloud, text, book, library, vocabulary")),
    (N_("Writing and spelling"), N_("writing, spelling, story")),
    (N_("Maths"), N_("calculating, sums, tables, arithmetic")),
    (N_("Direct instruction"), N_("instruction, explaining, example, questions, feedback")),
    (N_("Behaviour and wellbeing"), N_("behaviour, calm, rules, conflict, bullying, concentration")),
    (N_("Support needs"), N_("support, dyslexia, gifted, autism, newcomers")),
    (N_("Looking at each other's lessons"), N_("visit, look, co-teaching, lesson design, coaching")),
    (N_("Using results"), N_("results, data, analysis, test, line")),
    (N_("Working with parents"), N_("parents, talk, home")),
    (N_("Digital skills"), N_("computer, digital, programming, tablet")),
)


@dataclass(frozen=True)
class Board:
    """What stands on the board of the team; archived things and people who left are not on it."""

    themes: tuple[ExpertiseTheme, ...]
    offers: tuple[Expertise, ...]
    questions: tuple[Expertise, ...]

    def theme(self, one: Expertise) -> ExpertiseTheme | None:
        return next((theme for theme in self.themes if theme.id == one.theme_id), None)

    def about(self, theme_id: str | None) -> tuple[Expertise, ...]:
        """Offers and questions of one theme; None is those without."""
        known = {theme.id for theme in self.themes}
        return tuple(
            one
            for one in (*self.offers, *self.questions)
            if (one.theme_id if one.theme_id in known else None) == theme_id
        )


def colleague(actor: Actor) -> str:
    """Who asks, as a person of the school; raises `NotYours` for who is nobody in particular."""
    require(actor, Right.EDIT_OWN_ACTION)
    if actor.person_id is None:
        raise NotYours(NOUN)
    return actor.person_id


# --- reading ---------------------------------------------------------------------------------------------


def board(store: Store, actor: Actor) -> Board:
    """What everybody offers and asks, by its words and never by who has most."""
    require(actor, Right.EDIT_OWN_ACTION)
    here = {person.person_id for person in school.staff(store, archived=False).people}
    with store.cursor() as con:
        themes = tuple(records.find(con, ExpertiseTheme))
        found = [one for one in _in_order(records.find(con, Expertise)) if one.person_id in here]
    return Board(
        themes,
        tuple(one for one in found if one.kind is ExpertiseKind.OFFER),
        tuple(one for one in found if one.kind is ExpertiseKind.QUESTION),
    )


def own(store: Store, actor: Actor, *, archived: bool = False) -> list[Expertise]:
    """What this person wrote herself; with `archived` what she put aside."""
    person_id = colleague(actor)
    where = f"person_id = $own AND archived_at IS {'NOT NULL' if archived else 'NULL'}"
    with store.cursor() as con:
        return _in_order(records.find(con, Expertise, where=where, archived=True, own=person_id))


def _in_order(found: Iterable[Expertise]) -> list[Expertise]:
    return sorted(found, key=lambda one: (one.kind, one.title.casefold(), one.expertise_id))


# --- writing one's own -----------------------------------------------------------------------------------


def add(
    store: Store,
    actor: Actor,
    *,
    kind: ExpertiseKind,
    title: str,
    theme_id: str | None = None,
    note: str = "",
) -> Expertise:
    """Offer something, or ask to learn something; raises `Incomplete`."""
    person_id = colleague(actor)
    _check(title, note)
    new = Expertise(
        expertise_id=new_id(),
        person_id=person_id,
        kind=kind,
        title=title.strip(),
        note=note.strip(),
        theme_id=theme_id,
        added_on=config.today(),
    )

    def use_case(tx: Transaction) -> Expertise:
        if theme_id is not None:
            tx.get(ExpertiseTheme, theme_id)
        return tx.insert(new)

    return store.write(use_case, actor=actor, verb="add_expertise")


def change(
    store: Store,
    actor: Actor,
    expertise_id: str,
    seen: int | None,
    *,
    title: str,
    theme_id: str | None,
    note: str,
) -> Expertise:
    """Word one's own anew. Raises `NotYours` for anybody else, whatever her role."""
    _check(title, note)

    def use_case(tx: Transaction) -> Expertise:
        _own(tx, actor, expertise_id)
        if theme_id is not None:
            tx.get(ExpertiseTheme, theme_id)
        return tx.change(
            Expertise, expertise_id, seen, title=title.strip(), theme_id=theme_id, note=note.strip()
        )

    return store.write(use_case, actor=actor, verb="change_expertise")


def put_aside(store: Store, actor: Actor, expertise_id: str) -> Expertise:
    """Take one's own off the board; it can be brought back."""

    def use_case(tx: Transaction) -> Expertise:
        _own(tx, actor, expertise_id)
        # What still waits for an answer about it waits for nothing any more.
        tx.execute(
            "UPDATE expertise_request SET state = 'ended'"
            " WHERE state = 'open' AND (expertise_id = $id OR (noun = 'expertise' AND noun_id = $id))",
            id=expertise_id,
        )
        return tx.archive(Expertise, expertise_id)

    return store.write(use_case, actor=actor, verb="put_aside_expertise")


def bring_back(store: Store, actor: Actor, expertise_id: str) -> Expertise:
    def use_case(tx: Transaction) -> Expertise:
        _own(tx, actor, expertise_id)
        return tx.restore(Expertise, expertise_id)

    return store.write(use_case, actor=actor, verb="bring_back_expertise")


def _own(tx: Transaction, actor: Actor, expertise_id: str) -> Expertise:
    found = tx.get(Expertise, expertise_id)
    if found.person_id != colleague(actor):
        raise NotYours(NOUN)
    return found


def _check(title: str, note: str) -> None:
    if not title.strip():
        raise Incomplete(NOUN, "title")
    for name, text, most in (("title", title, LONGEST_TITLE), ("note", note, LONGEST_NOTE)):
        if len(text.strip()) > most:
            raise Incomplete(NOUN, name, "too_long", str(most))


# --- the list of themes ----------------------------------------------------------------------------------


def lay_out_themes(store: Store, actor: Actor) -> int:
    """A first list of themes in the language of the page, for a school that has none; they are changed as any record.

    Returns how many were made.
    """
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> int:
        if tx.find(ExpertiseTheme, archived=True):
            return 0
        themes = [
            ExpertiseTheme(
                expertise_theme_id=new_id(),
                title=_(title),
                words=tuple(word.strip() for word in _(words).split(",")),
                position=place,
            )
            for place, (title, words) in enumerate(FIRST_THEMES)
        ]
        tx.insert_all(themes)
        return len(themes)

    return store.write(use_case, actor=actor, verb="lay_out_themes")
