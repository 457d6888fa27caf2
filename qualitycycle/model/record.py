"""What every stored noun has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every stored noun has: its table, its id column, and its place in history."""

    TABLE: ClassVar[str] = ""

    revision: int = 1
    archived_at: datetime | None = None

    @property
    def id(self) -> str:
        return str(getattr(self, f"{self.TABLE}_id"))

    @property
    def archived(self) -> bool:
        return self.archived_at is not None
