"""What an internal coach brings to the network of the support partnership, and what other schools bring.

She puts the figures of a half-year down when it is over, decides which of them go in, and gives the file to whom she
likes. Whatever anybody sees of them, on screen too, is what was put down: there is no figure that moves with each new
request. A school leader sees what the coach lets in, and changes nothing of it where there is a coach.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import (
    calendar,
    guidance,
    name_check,
    network_cases,
    network_figures,
    network_file,
    school,
)
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.guidance import Trajectory
from qualitycycle.cycle.network_figures import (
    LEFT_OUT,
    Measure,
    Version,
)
from qualitycycle.cycle.network_file import LONGEST_ASK, LONGEST_LABEL, MOST_ASKS, NetworkFile, Period
from qualitycycle.cycle.network_words import PARTS, PUPILS, THEMES
from qualitycycle.errors import Incomplete, NotAllowed, NotFound
from qualitycycle.model import Actor, Role
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

NOUN = "network_file"
# So many half-years back figures can still be put down.
N_PERIODS = 4


@dataclass(frozen=True)
class Given:
    """What goes to the network of the figures that were put down, under which name, and what is asked there."""

    label: str
    pupils: str | None = None
    parts: tuple[str, ...] = tuple(PARTS)
    asks: tuple[str, ...] = ()


# --- periods and roles -----------------------------------------------------------------------------------


def periods() -> list[Period]:
    """The half-years that are over, latest first, as far back as figures can be put down."""
    year = calendar.school_year_of(config.today())
    found: list[Period] = []
    while len(found) < N_PERIODS:
        found += [one for one in (Period(year, 2), Period(year, 1)) if one.last_on < config.today()]
        year = f"{int(year[:4]) - 1}-{year[:4]}"
    return found[:N_PERIODS]


def decides(store: Store, actor: Actor) -> bool:
    """Whether this person decides what goes in: an internal coach, or the leader of a school that has none."""
    if actor.role is Role.COACH:
        return True
    coaches = [one for one in school.staff(store).people if one.role is Role.COACH and not one.archived]
    return actor.role is Role.LEADER and not coaches


def _require_decides(store: Store, actor: Actor) -> None:
    require(actor, Right.GUIDE)
    if not decides(store, actor):
        raise NotAllowed(str(actor.role), str(Right.GUIDE))


# --- themes of learning questions ------------------------------------------------------------------------


def questions(store: Store, actor: Actor) -> list[tuple[Trajectory, str | None]]:
    """The learning questions this person guides, each with its theme."""
    require(actor, Right.GUIDE)
    themes = _themes(store)
    own = [one for one in guidance.trajectories(store, actor) if guidance.is_coach(actor, one)]
    return [(one, themes.get(one.id)) for one in own]


def set_themes(store: Store, actor: Actor, themes: Mapping[str, str | None]) -> None:
    """Give learning questions a theme, or none: those count nowhere. Only who guides one does."""
    require(actor, Right.GUIDE)
    own = {one.id for one, _theme in questions(store, actor)}
    if missing := [one for one in themes if one not in own]:
        raise NotFound(guidance.NOUN, missing[0])
    if [theme for theme in themes.values() if theme is not None and theme not in THEMES]:
        raise Incomplete(guidance.NOUN, "theme")

    def use_case(tx: Transaction) -> None:
        for trajectory_id, theme in themes.items():
            tx.execute("DELETE FROM learning_theme WHERE guidance_trajectory_id = $id", id=trajectory_id)
            if theme is not None:
                tx.execute("INSERT INTO learning_theme VALUES ($id, $theme)", id=trajectory_id, theme=theme)
            tx.note(guidance.NOUN, trajectory_id, is_new=False)

    store.write(use_case, actor=actor, verb="set_theme")


def _themes(store: Store) -> dict[str, str]:
    rows = store.rows("SELECT guidance_trajectory_id AS id, theme FROM learning_theme")
    return {row["id"]: row["theme"] for row in rows}


# --- putting down and giving -----------------------------------------------------------------------------


def put_down(store: Store, actor: Actor, period: Period, given: Given, *, sure: bool = False) -> NetworkFile:
    """Put the figures of a period that is over down, or put them down anew after corrections.

    Raises `Incomplete`: the period is not over, or too little changed for a newer version. `sure`: words of what is
    asked that may be names are none.
    """
    _require_decides(store, actor)
    if period not in periods():
        raise Incomplete(NOUN, "period", "period_not_over")
    fitting = _fitting(store, given, sure)
    earlier = _versions(store, period)
    new = network_figures.put_down(network_cases.found(store, actor, period), earlier)
    if earlier and new.figures == earlier[-1].figures:
        raise Incomplete(NOUN, "period", "too_little_changed")

    def use_case(tx: Transaction) -> None:
        tx.execute(
            "INSERT INTO network_version VALUES ($year, $half, $number, $made_on, $content)",
            year=period.school_year,
            half=period.half,
            number=new.number,
            made_on=config.today(),
            content=json.dumps(new.as_json()),
        )
        _give(tx, period, fitting)
        tx.note(NOUN, f"{period.school_year} {period.half}", is_new=not earlier)

    store.write(use_case, actor=actor, verb="put_network_figures_down")
    return _own(store, period)


def give(store: Store, actor: Actor, period: Period, given: Given, *, sure: bool = False) -> NetworkFile:
    """Let other parts of the same figures in, under another name, or with something else asked."""
    _require_decides(store, actor)
    fitting = _fitting(store, given, sure)
    if not _versions(store, period):
        raise NotFound(NOUN, period.school_year)

    def use_case(tx: Transaction) -> None:
        _give(tx, period, fitting)
        tx.note(NOUN, f"{period.school_year} {period.half}", is_new=False)

    store.write(use_case, actor=actor, verb="give_network_figures")
    return _own(store, period)


def given(store: Store, actor: Actor, period: Period) -> Given | None:
    """What goes in of this period; None when its figures were not put down."""
    require(actor, Right.GUIDE)
    return _given(store, period)


def own(store: Store, actor: Actor, period: Period) -> NetworkFile | None:
    """The own file of this period as others get it; None when its figures were not put down."""
    require(actor, Right.GUIDE)
    return _own(store, period) if _versions(store, period) else None


def content(store: Store, actor: Actor, period: Period) -> bytes:
    """The own file, to give to another school; raises `NotFound`."""
    found = own(store, actor, period)
    if found is None:
        raise NotFound(NOUN, period.school_year)
    return network_file.write(found)


def doubtful(store: Store, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a text for the network that are names or numbers of people, and those that may be.

    Colleagues' names may stand in a text that stays here; this one leaves.
    """
    staff = school.staff(store)
    people = {word for one in staff.people for word in _words(one.name.casefold()) if len(word) > 2}
    known = people | name_check.given_names()
    noticed = name_check.suspects(text, (staff.school.name,))
    colleagues = [word for word in _words(text) if word.casefold() in people]
    every = dict.fromkeys([*noticed, *colleagues])
    # Initials before a name have a space; a small letter may be a word that is a name as well.
    sure = [one for one in every if not one.islower() and (one.casefold() in known or " " in one)]
    sure += [one for one in every if any(sign.isdigit() for sign in one)]
    return tuple(sure), tuple(one for one in every if one not in sure)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", text)


def _fitting(store: Store, given: Given, sure: bool) -> Given:
    label = " ".join(given.label.split())
    if not label or not network_file.is_one_line(label):
        raise Incomplete(NOUN, "label")
    if len(label) > LONGEST_LABEL:
        raise Incomplete(NOUN, "label", "too_long", str(LONGEST_LABEL))
    if (given.pupils is not None and given.pupils not in PUPILS) or not set(given.parts) <= set(PARTS):
        raise Incomplete(NOUN, "parts")
    asks = tuple(line for line in (" ".join(one.split()) for one in given.asks) if line)
    if len(asks) > MOST_ASKS:
        raise Incomplete(NOUN, "asks", "too_many_lines", str(MOST_ASKS))
    if any(len(one) > LONGEST_ASK for one in asks):
        raise Incomplete(NOUN, "asks", "too_long", str(LONGEST_ASK))
    if not all(network_file.is_one_line(one) for one in asks):
        raise Incomplete(NOUN, "asks")
    for one in asks:
        names, maybe = doubtful(store, one)
        if names:
            raise Incomplete(NOUN, "asks", "names", ", ".join(names))
        if maybe and not sure:
            raise Incomplete(NOUN, "asks", "maybe_names", ", ".join(maybe))
    return replace(given, label=label, parts=tuple(part for part in PARTS if part in given.parts), asks=asks)


def _give(tx: Transaction, period: Period, given: Given) -> None:
    place = {"year": period.school_year, "half": period.half}
    tx.execute("DELETE FROM network_given WHERE school_year = $year AND half = $half", **place)
    tx.execute(
        "INSERT INTO network_given VALUES ($year, $half, $label, $pupils, $parts, $asks)",
        **place,
        label=given.label,
        pupils=given.pupils,
        parts=json.dumps(given.parts),
        asks=json.dumps(given.asks, ensure_ascii=False),
    )


def _given(store: Store, period: Period) -> Given | None:
    rows = store.rows(
        "SELECT label, pupils, parts, asks FROM network_given WHERE school_year = $year AND half = $half",
        year=period.school_year,
        half=period.half,
    )
    return next(
        (
            Given(
                row["label"], row["pupils"], tuple(json.loads(row["parts"])), tuple(json.loads(row["asks"]))
            )
            for row in rows
        ),
        None,
    )


def _versions(store: Store, period: Period) -> list[Version]:
    return [
        network_figures.from_json(row["number"], json.loads(row["content"]))
        for row in _version_rows(store, period)
    ]


def _version_rows(store: Store, period: Period) -> list[dict[str, Any]]:
    return store.rows(
        """
        SELECT number, made_on, content
        FROM network_version
        WHERE school_year = $year AND half = $half
        ORDER BY number
        """,
        year=period.school_year,
        half=period.half,
    )


def _own(store: Store, period: Period) -> NetworkFile:
    last = _version_rows(store, period)[-1]
    what = _given(store, period)
    assert what is not None  # written with the first version
    figures = network_figures.from_json(last["number"], json.loads(last["content"])).figures
    shown = {Measure(part) for part in what.parts}
    return NetworkFile(
        what.label,
        school.staff(store).school.sector,
        what.pupils,
        period,
        last["number"],
        last["made_on"],
        tuple(
            one
            if one.measure in shown
            else network_figures.Figure(one.measure, one.key, hidden_because=LEFT_OUT)
            for one in figures
        ),
        what.asks,
    )
