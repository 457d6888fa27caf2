"""Evidence, what it says, and what it weighs."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record


class EvidenceKind(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    OUTCOME = "outcome"
    OBSERVATION = "observation"
    PRODUCT = "product"
    CONVERSATION = "conversation"
    RESEARCH = "research"


class Says(StrEnum):
    """What a piece of evidence says about the goal or action it is linked to."""

    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    NOTHING_YET = "nothing_yet"


class GroundKind(StrEnum):
    """What an action rests on from outside the school, the weakest first."""

    NONE = "none"
    REASONING = "reasoning"
    CORRELATIONAL = "correlational"
    COMPARISON = "comparison"
    TRIAL = "trial"


class Compared(StrEnum):
    """What the values of an action were set against."""

    NOBODY = "nobody"
    EXPECTED_GROWTH = "expected_growth"
    GROUP = "group"
    STAGGERED = "staggered"


class MeasureKind(StrEnum):
    STANDARD_TEST = "standard_test"
    RUBRIC = "rubric"
    OWN = "own"


class Verdict(StrEnum):
    """What the evidence allows to say of an action, the least first. None of these is about a cause."""

    CONTRADICTED = "contradicted"
    NOT_TESTED = "not_tested"
    ORDINARY = "ordinary"
    INDICATION = "indication"
    SUPPORTED = "supported"
    STRONG = "strong"


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """One piece of evidence; `figure` is a snapshot at `data_version` that later imports do not change."""

    TABLE = "evidence"
    evidence_id: str
    cycle_id: str
    kind: EvidenceKind
    title: str
    text: str = ""
    source: str = ""
    evidence_on: date
    added_on: date
    owner_id: str | None = None
    n: int | None = None
    valid_until: date | None = None
    reviewed_on: date | None = None
    data_version: int | None = None
    data_ref: dict[str, Any] = field(default_factory=dict)
    figure: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Link(Record):
    """Evidence tied to a goal or an action (`noun`), and what it says about it."""

    TABLE = "link"
    link_id: str
    evidence_id: str
    noun: str
    noun_id: str
    says: Says
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file with evidence. It lies beside the database under its hash; an erased one leaves this row as proof."""

    TABLE = "attachment"
    attachment_id: str
    evidence_id: str
    title: str
    file_kind: str
    n_bytes: int
    content_hash: str
    added_on: date
    person_id: str | None = None
    erased_on: date | None = None
    erased_why: str = ""


@dataclass(frozen=True, kw_only=True)
class Weighing(Record):
    """What is known about the evidence for an action and cannot be read from it; one per action. None: not known.

    `n_missing` are pupils without a second measurement; `chosen_low`: they were chosen because they scored low.
    """

    TABLE = "weighing"
    weighing_id: str
    action_id: str
    ground_kind: GroundKind = GroundKind.NONE
    ground_source: str = ""
    ground_read_on: date | None = None
    ground_population: str = ""
    compared: Compared = Compared.NOBODY
    similar_start: bool | None = None
    repeated_in: str = ""
    measure_kind: MeasureKind | None = None
    reliability: float | None = None
    n_measured: int | None = None
    n_missing: int | None = None
    same_pupils: bool | None = None
    by_others: bool | None = None
    blind: bool | None = None
    chosen_low: bool | None = None


@dataclass(frozen=True, kw_only=True)
class Overruling(Record):
    """A verdict by people, with its note, instead of `derived`, what the rules said that day."""

    TABLE = "overruling"
    overruling_id: str
    action_id: str
    derived: Verdict
    verdict: Verdict
    note: str
    said_on: date
    person_id: str | None = None
