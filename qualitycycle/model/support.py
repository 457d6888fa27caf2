"""The support team: its tasks, its people, what it agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle.model.record import Record


class SupportArea(StrEnum):
    """The four tasks of a support team."""

    POLICY = "policy"
    COACHING = "coaching"
    ACCESS = "access"
    CULTURE = "culture"


class TaskPart(StrEnum):
    """Which part somebody has in a task of the support team."""

    RESPONSIBLE = "responsible"
    DOES = "does"
    ASKED = "asked"
    TOLD = "told"


class TeamReasonKind(StrEnum):
    """Why the support team is composed as it is."""

    BUDGET = "budget"
    SIZE = "size"
    POPULATION = "population"
    AIM = "aim"
    OTHER = "other"


class SupportLevel(StrEnum):
    BASIC = "basic"
    EXTRA = "extra"


@dataclass(frozen=True, kw_only=True)
class SupportTask(Record):
    """A task of the support team; `outside` names whom it is asked or told to beyond the staff."""

    TABLE = "task"
    task_id: str
    area: SupportArea
    title: str
    note: str = ""
    outside: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class TaskRole(Record):
    TABLE = "task_role"
    task_role_id: str
    task_id: str
    person_id: str
    part: TaskPart


@dataclass(frozen=True, kw_only=True)
class TaskDone(Record):
    """A task that was done in a period."""

    TABLE = "task_done"
    task_done_id: str
    task_id: str
    cycle_id: str
    done_on: date


@dataclass(frozen=True, kw_only=True)
class SupportMember(Record):
    """Who is in the support team: a colleague, or by `name` somebody from outside the school."""

    TABLE = "support_member"
    support_member_id: str
    person_id: str | None = None
    name: str = ""
    role: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class TeamReason(Record):
    TABLE = "team_reason"
    team_reason_id: str
    kind: TeamReasonKind
    title: str
    noted_on: date


@dataclass(frozen=True, kw_only=True)
class SupportAgreement(Record):
    """An agreement or process of basic or extra support."""

    TABLE = "support_agreement"
    support_agreement_id: str
    level: SupportLevel
    title: str
    text: str = ""
    owner_id: str | None = None
    review_on: date | None = None
    reviewed_on: date | None = None
    position: int = 0
