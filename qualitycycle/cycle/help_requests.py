"""Help that was asked from outside the school: which, on which theme, how long one waited. Never for whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from qualitycycle import config
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.network_words import KINDS, THEMES
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NotFound
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

NOUN = "help_request"
LONGEST = 120
DAYS_A_WEEK = 7


@dataclass(frozen=True)
class HelpRequest:
    """One request. `about` is a few words by which to know it again; it never leaves the school."""

    help_request_id: str
    about: str
    kind: str
    theme: str
    asked_on: date
    came_on: date | None = None
    withdrawn_on: date | None = None
    revision: int = 1
    archived_at: datetime | None = None

    @property
    def id(self) -> str:
        return self.help_request_id

    @property
    def waits(self) -> bool:
        return self.came_on is None and self.withdrawn_on is None

    def until(self, last_on: date) -> tuple[date, bool]:
        """The day until which it waited as far as known on a day, and whether help came then."""
        if self.came_on is not None and self.came_on <= last_on:
            return self.came_on, True
        if self.withdrawn_on is not None and self.withdrawn_on <= last_on:
            return self.withdrawn_on, False
        return last_on, False

    def weeks(self, last_on: date) -> float:
        return (self.until(last_on)[0] - self.asked_on).days / DAYS_A_WEEK


def requests(store: Store, actor: Actor) -> list[HelpRequest]:
    """Those that still wait first, the longest first; then the others, the latest first."""
    require(actor, Right.GUIDE)
    found = [one for one in of_everybody(store) if one.archived_at is None]
    waiting = sorted((one for one in found if one.waits), key=lambda one: (one.asked_on, one.id))
    ended = sorted((one for one in found if not one.waits), key=_ended, reverse=True)
    return [*waiting, *ended]


def _ended(one: HelpRequest) -> tuple[date, date, str]:
    return one.came_on or one.withdrawn_on or one.asked_on, one.asked_on, one.id


def put_aside(store: Store, actor: Actor) -> list[HelpRequest]:
    """What was put aside, to be brought back."""
    require(actor, Right.GUIDE)
    return [one for one in of_everybody(store) if one.archived_at is not None]


def ask(
    store: Store, actor: Actor, *, about: str, kind: str, theme: str, asked_on: date | None
) -> HelpRequest:
    """Put down that help was asked. Raises `Incomplete`."""
    return ask_all(store, actor, [_new(about, kind, theme, asked_on)])[0]


def ask_all(store: Store, actor: Actor, new: Sequence[HelpRequest]) -> list[HelpRequest]:
    """Put several down at once."""
    require(actor, Right.GUIDE)
    for one in new:
        _check(one)

    def use_case(tx: Transaction) -> list[HelpRequest]:
        for one in new:
            tx.execute(_INSERT, **asdict(one))
            tx.note(NOUN, one.id, is_new=True)
        return list(new)

    return store.write(use_case, actor=actor, verb="ask_help")


def _new(about: str, kind: str, theme: str, asked_on: date | None) -> HelpRequest:
    if asked_on is None:
        raise Incomplete(NOUN, "asked_on")
    return HelpRequest(new_id(), about.strip()[:LONGEST], kind, theme, asked_on)


def change(
    store: Store,
    actor: Actor,
    request_id: str,
    seen: int | None,
    *,
    about: str,
    kind: str,
    theme: str,
    asked_on: date | None,
    came_on: date | None = None,
    withdrawn_on: date | None = None,
) -> HelpRequest:
    """Other words, another day, or that it came or was withdrawn after all. Raises `Incomplete`."""
    if asked_on is None:
        raise Incomplete(NOUN, "asked_on")
    return _change(
        store,
        actor,
        request_id,
        seen,
        "change_help",
        about=about.strip()[:LONGEST],
        kind=kind,
        theme=theme,
        asked_on=asked_on,
        came_on=came_on,
        withdrawn_on=withdrawn_on,
    )


def come(store: Store, actor: Actor, request_id: str) -> HelpRequest:
    """The help is there, from today."""
    today = config.today()
    return _change(store, actor, request_id, None, "help_came", came_on=today, withdrawn_on=None)


def withdraw(store: Store, actor: Actor, request_id: str) -> HelpRequest:
    """It is not asked any more, from today."""
    today = config.today()
    return _change(store, actor, request_id, None, "withdraw_help", came_on=None, withdrawn_on=today)


def archive(store: Store, actor: Actor, request_id: str) -> HelpRequest:
    return _change(store, actor, request_id, None, "put_aside_help", archived_at=config.now())


def bring_back(store: Store, actor: Actor, request_id: str) -> HelpRequest:
    return _change(store, actor, request_id, None, "bring_back_help", archived_at=None)


def _change(
    store: Store, actor: Actor, request_id: str, seen: int | None, verb: str, **changes: Any
) -> HelpRequest:
    require(actor, Right.GUIDE)

    def use_case(tx: Transaction) -> HelpRequest:
        rows = tx.execute(f"{_SELECT} WHERE help_request_id = $id", id=request_id)
        if not rows:
            raise NotFound(NOUN, request_id)
        before = HelpRequest(*rows[0])
        if seen is not None and before.revision != seen:
            raise ChangedMeanwhile(NOUN, request_id, seen, before.revision)
        after = replace(before, revision=before.revision + 1, **changes)
        _check(after)
        tx.execute("DELETE FROM help_request WHERE help_request_id = $id", id=request_id)
        tx.execute(_INSERT, **asdict(after))
        tx.note(NOUN, request_id, is_new=False)
        return after

    return store.write(use_case, actor=actor, verb=verb)


def _check(one: HelpRequest) -> None:
    if not one.about:
        raise Incomplete(NOUN, "about_help")
    if one.kind not in KINDS:
        raise Incomplete(NOUN, "kind")
    if one.theme not in THEMES:
        raise Incomplete(NOUN, "theme")
    for name, day in (
        ("asked_on", one.asked_on),
        ("came_on", one.came_on),
        ("withdrawn_on", one.withdrawn_on),
    ):
        if day is not None and day > config.today():
            raise Incomplete(NOUN, name, "in_future")
        if day is not None and day < one.asked_on:
            raise Incomplete(NOUN, name, "before_first")
    if one.came_on is not None and one.withdrawn_on is not None:
        raise Incomplete(NOUN, "withdrawn_on", "ended_already")


def of_everybody(store: Store) -> list[HelpRequest]:
    """All of them whoever asks: only for figures that go through the gate."""
    return [_from_row(row) for row in store.rows(_SELECT)]


def _from_row(row: Mapping[str, Any]) -> HelpRequest:
    return HelpRequest(**row)


_SELECT = """
    SELECT help_request_id, about, kind, theme, asked_on, came_on, withdrawn_on, revision, archived_at
    FROM help_request
"""
_INSERT = """
    INSERT INTO help_request
      (help_request_id, about, kind, theme, asked_on, came_on, withdrawn_on, revision, archived_at)
    VALUES
      ($help_request_id, $about, $kind, $theme, $asked_on, $came_on, $withdrawn_on, $revision, $archived_at)
"""
