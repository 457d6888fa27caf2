"""The inspection standards per sector: codes and names of the framework of 2021 with the changes of August 2023."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from qualitycycle import i18n
from qualitycycle.model import Sector


@dataclass(frozen=True)
class Standard:
    sector: str
    code: str
    name_nl: str
    name_en: str

    @property
    def name(self) -> str:
        return self.name_nl if i18n.language() == "nl" else self.name_en


@cache
def _table() -> tuple[Standard, ...]:
    with (
        resources.files("qualitycycle.cycle")
        .joinpath("inspection_standards.csv")
        .open(encoding="utf-8") as file
    ):
        return tuple(Standard(**row) for row in csv.DictReader(file))


def standards(sector: Sector) -> list[Standard]:
    """The standards a school of this sector can point a goal at."""
    return [row for row in _table() if row.sector == sector]
