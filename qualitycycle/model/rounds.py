"""Rounds of a questionnaire, and votes of confidence."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class VoteState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, kw_only=True)
class Round(Record):
    """One administration of an instrument in a cycle. `result` is empty until it is closed, then frozen."""

    TABLE = "round"
    round_id: str
    cycle_id: str
    instrument_key: str
    instrument_version: int
    title: str
    opened_on: date
    closes_on: date | None = None
    state: RoundState = RoundState.OPEN
    floor: int = 5
    promise: dict[str, Any] = field(default_factory=dict)
    closed_on: date | None = None
    result: dict[str, Any] = field(default_factory=dict)
    result_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class InstrumentFile(Record):
    """One version of a questionnaire that the school added itself; `text` is the data file as it was given."""

    TABLE = "instrument"
    instrument_id: str
    key: str
    version: int
    title: str
    text: str
    added_on: date


@dataclass(frozen=True, kw_only=True)
class ConfidenceVote(Record):
    """How sure is the team that it reaches a goal, 0 to 100. `result` holds only what the gate let out."""

    TABLE = "confidence_vote"
    confidence_vote_id: str
    goal_id: str
    asked_on: date
    state: VoteState = VoteState.OPEN
    floor: int = 5
    n_present: int = 0
    closed_on: date | None = None
    result: dict[str, Any] = field(default_factory=dict)
