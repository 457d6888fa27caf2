"""An internal coach's own log: conversations, what her weeks went to, and her notes with a learning question.

All of it is one sealed piece that is written anew at each change, and its length is rounded up: the file tells neither
how many conversations there were nor when. No change of it stands in the record of changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from cryptography.exceptions import InvalidTag

from qualitycycle.cycle import coaching_key
from qualitycycle.cycle.coaching_access import data_key, owner
from qualitycycle.errors import Incomplete, LogRefused, NotFound
from qualitycycle.i18n import N_, _
from qualitycycle.model import Actor, Phase
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

# The usual kinds of conversation; every coach makes her own list of them.
KINDS = {
    "question": N_("Talk about a learning question"),
    "visit": N_("Lesson visit and talk afterwards"),
    "group_review": N_("Group review"),
    "pupil_review": N_("Talk about pupils, without names"),
    "design": N_("Designing a lesson together"),
    "co_teaching": N_("Showing how, or teaching together"),
    "video": N_("Coaching with video"),
    "peers": N_("Peer consultation"),
    "looking_back": N_("Looking back on a learning question"),
}
# Where the hours of a week go.
AREAS = {
    "guiding": N_("Coaching and guiding"),
    "analysing": N_("Analysing results"),
    "policy": N_("Policy"),
    "access": N_("Access to help and means"),
    "administration": N_("Administration"),
    "standing_in": N_("Standing in for a colleague"),
    "leading": N_("Helping to lead the school"),
}
MOST_MINUTES, MOST_HOURS = 600, 60
# The length of what is sealed is a whole number of these: a few conversations more or less do not show.
BLOCK = 32 * 1024

Hours = dict[str, float]


@dataclass(frozen=True)
class Conversation:
    """One conversation: when, what kind, how long, and what it was about; never about a pupil by name."""

    conversation_id: str
    held_on: date
    kind: str
    minutes: int
    theme: str = ""
    question: str = ""
    next_step: str = ""


@dataclass(frozen=True)
class Week:
    """Hours per area of the week from this Monday on, as planned and as they were."""

    monday: date
    planned: Hours
    real: Hours


@dataclass(frozen=True)
class Log:
    """Everything in one log. `released` are the totals that were shared, which never change afterwards."""

    kinds: tuple[str, ...] = tuple(KINDS)
    conversations: tuple[Conversation, ...] = ()
    plan: Hours = field(default_factory=dict)
    weeks: tuple[Week, ...] = ()
    reflection: str = ""
    notes: dict[str, dict[str, str]] = field(default_factory=dict)
    released: dict[str, Any] = field(default_factory=dict)


def kind_title(kind: str) -> str:
    """A usual kind in the language of the screen; one of her own as she wrote it."""
    return _(KINDS.get(kind, kind))


# --- reading and writing ---------------------------------------------------------------------------------


def read(store: Store, actor: Actor, session: str | None) -> Log:
    """The log of this person; raises `LogClosed` when it is not open in this session."""
    key = data_key(store, actor, session)
    rows = store.rows("SELECT sealed FROM coaching_log WHERE owner_id = $owner", owner=owner(actor))
    return _opened(key, owner(actor), bytes(rows[0]["sealed"])) if rows else Log()


def change(store: Store, actor: Actor, session: str | None, how: Callable[[Log], Log]) -> Log:
    """Replace the log by what `how` makes of it, as it is at that moment."""
    key, owner_id = data_key(store, actor, session), owner(actor)

    def use_case(tx: Transaction) -> Log:
        rows = tx.execute("SELECT sealed FROM coaching_log WHERE owner_id = $owner", owner=owner_id)
        before = _opened(key, owner_id, bytes(rows[0][0])) if rows else Log()
        after = how(before)
        tx.execute("DELETE FROM coaching_log WHERE owner_id = $owner", owner=owner_id)
        tx.execute(
            "INSERT INTO coaching_log VALUES ($owner, $sealed)",
            owner=owner_id,
            sealed=_sealed(key, owner_id, after),
        )
        return after

    # Not counted and not in the record: when she writes in her log is nobody's business.
    return store.write_together(use_case, actor=actor, verb="write_log", counts=False)


def _sealed(key: bytes, owner_id: str, log: Log) -> bytes:
    plain = json.dumps(asdict(log), default=date.isoformat, separators=(",", ":")).encode()
    # JSON may end in spaces.
    whole = plain.ljust(-(-len(plain) // BLOCK) * BLOCK)
    return coaching_key.encrypt(key, f"log of {owner_id}", whole)


def _opened(key: bytes, owner_id: str, sealed: bytes) -> Log:
    try:
        data = json.loads(coaching_key.decrypt(key, f"log of {owner_id}", sealed))
    except InvalidTag:
        # A log from another backup than its key.
        raise LogRefused("wrong") from None
    return Log(
        **{
            **data,
            "kinds": tuple(data["kinds"]),
            "conversations": tuple(_conversation(one) for one in data["conversations"]),
            "weeks": tuple(
                Week(date.fromisoformat(one["monday"]), one["planned"], one["real"]) for one in data["weeks"]
            ),
        }
    )


def _conversation(data: Mapping[str, Any]) -> Conversation:
    return Conversation(**{**data, "held_on": date.fromisoformat(data["held_on"])})


# --- conversations ---------------------------------------------------------------------------------------


def save_conversation(
    store: Store,
    actor: Actor,
    session: str | None,
    *,
    held_on: date | None,
    kind: str | None,
    minutes: int | None,
    theme: str = "",
    question: str = "",
    next_step: str = "",
    conversation_id: str | None = None,
) -> Conversation:
    """Put down a conversation, or change one. Raises `Incomplete`, and `NotFound` for one that is gone."""
    if held_on is None:
        raise Incomplete("coaching_conversation", "held_on")
    if not kind:
        raise Incomplete("coaching_conversation", "kind")
    if minutes is None or not 0 < minutes <= MOST_MINUTES:
        raise Incomplete("coaching_conversation", "minutes")
    saved = Conversation(
        conversation_id or new_id(),
        held_on,
        kind,
        minutes,
        theme.strip(),
        question.strip(),
        next_step.strip(),
    )

    def how(log: Log) -> Log:
        others = [one for one in log.conversations if one.conversation_id != conversation_id]
        if conversation_id is not None and len(others) == len(log.conversations):
            raise NotFound("coaching_conversation", conversation_id)
        latest_first = sorted([saved, *others], key=lambda one: one.held_on, reverse=True)
        return replace(log, conversations=tuple(latest_first))

    change(store, actor, session, how)
    return saved


def remove_conversation(store: Store, actor: Actor, session: str | None, conversation_id: str) -> None:
    """Take a conversation out. It is her own log: nothing of it is kept elsewhere."""
    change(
        store,
        actor,
        session,
        lambda log: replace(
            log,
            conversations=tuple(one for one in log.conversations if one.conversation_id != conversation_id),
        ),
    )


def set_kinds(store: Store, actor: Actor, session: str | None, titles: Sequence[str]) -> None:
    """Her own list of kinds, as it reads on the screen. Conversations keep the kind they were put down with."""
    usual = {kind_title(kind): kind for kind in KINDS}
    kinds = tuple(dict.fromkeys(usual.get(title.strip(), title.strip()) for title in titles if title.strip()))
    if not kinds:
        raise Incomplete("coaching_conversation", "kind")
    change(store, actor, session, lambda log: replace(log, kinds=kinds))


# --- weeks -----------------------------------------------------------------------------------------------


def save_week(
    store: Store,
    actor: Actor,
    session: str | None,
    monday: date,
    *,
    planned: Mapping[str, float | str | None],
    real: Mapping[str, float | str | None],
) -> None:
    """What a week went to, beside what was planned; what was planned is where the next week starts from."""
    week = Week(monday, _hours(planned), _hours(real))

    def how(log: Log) -> Log:
        weeks = sorted(
            [week, *(one for one in log.weeks if one.monday != monday)], key=lambda one: one.monday
        )
        latest = weeks[-1].planned
        return replace(log, weeks=tuple(weeks), plan=latest)

    change(store, actor, session, how)


def remove_week(store: Store, actor: Actor, session: str | None, monday: date) -> None:
    change(
        store,
        actor,
        session,
        lambda log: replace(log, weeks=tuple(one for one in log.weeks if one.monday != monday)),
    )


def set_reflection(store: Store, actor: Actor, session: str | None, text: str) -> None:
    """What she makes of the choice between guiding and helping to lead: her own words, for nobody else."""
    change(store, actor, session, lambda log: replace(log, reflection=text.strip()))


def _hours(typed: Mapping[str, float | str | None]) -> Hours:
    try:
        hours = {area: round(float(typed.get(area) or 0), 2) for area in AREAS}
    except ValueError:
        # Words in a field for a number.
        raise Incomplete("coaching_conversation", "hours") from None
    if any(not 0 <= value <= MOST_HOURS for value in hours.values()):
        raise Incomplete("coaching_conversation", "hours")
    return {area: value for area, value in hours.items() if value}


# --- her own notes with a learning question --------------------------------------------------------------


def set_note(
    store: Store, actor: Actor, session: str | None, trajectory_id: str, phase: Phase, text: str
) -> None:
    """Her own note with one phase of a learning question; an empty one goes."""

    def how(log: Log) -> Log:
        own = {**log.notes.get(trajectory_id, {}), str(phase): text.strip()}
        kept = {name: words for name, words in own.items() if words}
        return replace(log, notes={**log.notes, trajectory_id: kept})

    change(store, actor, session, how)
