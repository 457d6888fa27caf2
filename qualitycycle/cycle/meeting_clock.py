"""How far a running meeting is: the block it is in and the seconds each block took.

The clock ticks while somebody looks. After a crash it goes on where it was: time in which nobody looked is not counted.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from qualitycycle import config
from qualitycycle.cycle.access import Right, require
from qualitycycle.errors import NotFound
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

# How often a screen says that it is there. A browser that hides a page does so once a minute.
BEAT_EVERY = 10
# A silence longer than this is a computer that was off.
PATIENCE = timedelta(seconds=90)


@dataclass(frozen=True)
class Clock:
    """`place` is the block that is on; `seconds` what each block took up to `beat_at` (UTC)."""

    place: int
    seconds: tuple[int, ...]
    beat_at: datetime

    @property
    def total(self) -> int:
        return sum(self.seconds)

    @property
    def in_block(self) -> int:
        return self.seconds[self.place]


def advance(clock: Clock, now: datetime) -> Clock:
    """The clock at a later moment; a silence that is too long for somebody who looks does not count."""
    silence = now - clock.beat_at
    passed = int(silence.total_seconds()) if timedelta(0) < silence <= PATIENCE else 0
    seconds = tuple(
        value + (passed if place == clock.place else 0) for place, value in enumerate(clock.seconds)
    )
    return replace(clock, seconds=seconds, beat_at=max(now, clock.beat_at))


def go_to(clock: Clock, place: int, now: datetime) -> Clock:
    """Another block goes on; the first and last stay where they are."""
    return replace(advance(clock, now), place=min(max(place, 0), len(clock.seconds) - 1))


# --- in the file -----------------------------------------------------------------------------------------


def begin(tx: Transaction, meeting_id: str, n_blocks: int) -> None:
    write(tx, meeting_id, Clock(0, (0,) * n_blocks, config.now()))


def write(tx: Transaction, meeting_id: str, clock: Clock) -> None:
    tx.execute(
        """
        INSERT INTO meeting_clock (meeting_id, place, seconds, beat_at)
        VALUES ($meeting, $place, $seconds, $at)
        ON CONFLICT (meeting_id) DO UPDATE
        SET place = excluded.place, seconds = excluded.seconds, beat_at = excluded.beat_at
        """,
        meeting=meeting_id,
        place=clock.place,
        seconds=json.dumps(list(clock.seconds)),
        at=clock.beat_at,
    )


def read(tx: Transaction, meeting_id: str) -> Clock:
    rows = tx.execute(
        "SELECT place, seconds, beat_at FROM meeting_clock WHERE meeting_id = $meeting", meeting=meeting_id
    )
    return _clock(rows, meeting_id)


def _clock(rows: Sequence[Sequence[object]], meeting_id: str) -> Clock:
    if not rows:
        raise NotFound("meeting", meeting_id)
    place, seconds, beat_at = rows[0]
    return Clock(int(str(place)), tuple(json.loads(str(seconds))), beat_at)  # type: ignore[arg-type]


def look(store: Store, actor: Actor, meeting_id: str) -> Clock:
    """Where the meeting is now, without saying that anybody is there."""
    require(actor, Right.EDIT_OWN_ACTION)
    rows = store.rows(
        "SELECT place, seconds, beat_at FROM meeting_clock WHERE meeting_id = $meeting", meeting=meeting_id
    )
    return advance(_clock([tuple(row.values()) for row in rows], meeting_id), config.now())


def beat(store: Store, actor: Actor, meeting_id: str, place: int | None = None) -> Clock:
    """Say that the meeting goes on, in another block when `place` says so."""
    require(actor, Right.EDIT_THREAD)

    def use_case(tx: Transaction) -> Clock:
        before = read(tx, meeting_id)
        now = config.now()
        after = advance(before, now) if place is None else go_to(before, place, now)
        write(tx, meeting_id, after)
        return after

    return store.write_together(use_case, actor=actor, verb="meeting_clock", counts=False)
