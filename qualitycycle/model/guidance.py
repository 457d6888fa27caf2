"""How the school guides: its calendar, policy, way of working, and who is good at what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle.model.evidence import Says
from qualitycycle.model.record import Record


class ReviewKind(StrEnum):
    """What stands in the calendar of a school year."""

    ROUND = "round"
    REVIEW = "review"


class WayState(StrEnum):
    """A version of how we work: being written, up for discussion, agreed in a meeting."""

    DRAFT = "draft"
    DISCUSSED = "discussed"
    AGREED = "agreed"


class ExpertiseKind(StrEnum):
    """What somebody puts on the board of the team."""

    OFFER = "offer"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True)
class GroupReview(Record):
    """A round of HGW, or a group review (groepsbespreking) of a team; `team_id` None is of the whole school.

    `place` says which round of its year it is, when its title was made by laying out the year.
    """

    TABLE = "group_review"
    group_review_id: str
    kind: ReviewKind
    title: str
    team_id: str | None = None
    planned_on: date
    done_on: date | None = None
    place: int | None = None


@dataclass(frozen=True, kw_only=True)
class Policy(Record):
    """A subject of school policy: who writes it, who decides on it, and when it is looked at again."""

    TABLE = "policy"
    policy_id: str
    title: str
    writer_id: str | None = None
    decides: str = ""
    review_on: date | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PolicyVersion(Record):
    """The text of a policy from a day on, and what changed in it. Never changed itself."""

    TABLE = "policy_version"
    policy_version_id: str
    policy_id: str
    number: int
    text: str
    changed: str = ""
    applies_on: date


@dataclass(frozen=True, kw_only=True)
class PolicyEvidence(Record):
    """Evidence that a policy rests on, or that speaks against it."""

    TABLE = "policy_evidence"
    policy_evidence_id: str
    policy_id: str
    evidence_id: str
    says: Says


@dataclass(frozen=True, kw_only=True)
class WayVersion(Record):
    """A version of the team's agreement on how guidance works here; an agreed one is never changed."""

    TABLE = "way_version"
    way_version_id: str
    number: int
    text: str
    changed: str = ""
    state: WayState = WayState.DRAFT
    written_on: date
    discussed_since: date | None = None
    agreed_on: date | None = None
    meeting_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class WayRemark(Record):
    """What a colleague says of a version that is up for discussion."""

    TABLE = "way_remark"
    way_remark_id: str
    way_version_id: str
    person_id: str
    title: str
    said_on: date


@dataclass(frozen=True, kw_only=True)
class ExpertiseTheme(Record):
    """A theme of the school's own list; by `words` it is found in goals and actions."""

    TABLE = "expertise_theme"
    expertise_theme_id: str
    title: str
    words: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Expertise(Record):
    """What a colleague offers or wants to learn, in her own words; only she writes it."""

    TABLE = "expertise"
    expertise_id: str
    person_id: str
    kind: ExpertiseKind
    title: str
    note: str = ""
    theme_id: str | None = None
    added_on: date
