"""Plan: what a team writes down before an action starts, and that it stays as it was once the action has started.

Nothing is refused for being empty: what is missing is marked. But what was not said before cannot be said afterwards,
other than as a dated note beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from qualitycycle import config
from qualitycycle.errors import Incomplete
from qualitycycle.model import Action, ActionState, Record

# The data that led to it, why it should work, for whom, what we expect by when, how we will see it, and what would
# change our mind. How it is measured belongs to it: a measure picked after the result proves nothing.
FIELDS = ("led_by", "grounds", "for_whom", "prediction", "expected_on", "signal", "change_mind")
ENDED = (ActionState.DONE, ActionState.STOPPED)


def is_locked(action: Action) -> bool:
    """Whether what was expected is fixed: it was locked, or the action has ended."""
    return action.locked_on is not None or action.state in ENDED or action.evaluated_on is not None


def missing(action: Action) -> tuple[str, ...]:
    """The parts that were not written down."""
    return tuple(name for name in FIELDS if not _text(getattr(action, name)))


def _text(value: object) -> str:
    return "" if value is None else str(value).strip()


def was_said_before(action: Action, first_seen_on: date | None) -> bool:
    """Whether a prediction was locked no later than the first value after the start was there to be seen."""
    if action.locked_on is None or not action.prediction.strip():
        return False
    return first_seen_on is None or action.locked_on <= first_seen_on


def locking(before: Record, changes: Mapping[str, Any]) -> dict[str, Any]:
    """What a change to an action changes besides: leaving the plan locks what was expected.

    Raises `Incomplete` for a change to what is locked. A number of sessions may be filled in once.
    """
    if not isinstance(before, Action):
        return {}
    if is_locked(before):
        _refuse(before, changes)
        return {}
    leaves = changes.get("state", ActionState.PLANNED) != ActionState.PLANNED
    return {"locked_on": config.today()} if leaves and before.state is ActionState.PLANNED else {}


def _refuse(before: Action, changes: Mapping[str, Any]) -> None:
    for name in (*FIELDS, "locked_on"):
        if name in changes and changes[name] != getattr(before, name):
            raise Incomplete("action", name, "locked")
    planned = before.sessions_planned
    if planned is not None and changes.get("sessions_planned", planned) != planned:
        raise Incomplete("action", "sessions_planned", "locked")
