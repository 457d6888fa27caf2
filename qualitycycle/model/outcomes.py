"""Imported outcomes and their pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from qualitycycle.model.record import Record


class BatchState(StrEnum):
    CURRENT = "current"
    UNDONE = "undone"


@dataclass(frozen=True, kw_only=True)
class Profile(Record):
    """A remembered column mapping of one source."""

    TABLE = "profile"
    profile_id: str
    name: str
    kind: str
    mapping: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Batch(Record):
    """One import: what was read, by whom, and at which data version it became visible.

    `mapping` says how its columns were read, `replaced_by` which import took its place, and `corrects` of which
    import it brings refused rows back, corrected.
    """

    TABLE = "batch"
    batch_id: str
    kind: str
    file_name: str
    content_hash: str
    imported_at: datetime
    data_version: int
    n_accepted: int
    n_refused: int
    dropped_columns: tuple[str, ...] = ()
    state: BatchState = BatchState.CURRENT
    mapping: dict[str, Any] = field(default_factory=dict)
    replaced_by: str | None = None
    corrects: str | None = None


@dataclass(frozen=True, kw_only=True)
class WallPicture(Record):
    """A picture of outcomes on the data wall: the question it asks (see `cycle.views.View`)."""

    TABLE = "wall_picture"
    wall_picture_id: str
    view: dict[str, Any]
    position: int = 0
    added_on: date
