"""What stands beside the reached levels of a school: threshold, national mean, similar schools, and what was published.

Each has its own name and its own years. Thresholds and means per school weighting are data with the school years they
are about.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from qualitycycle.cycle import gate, level_gate
from qualitycycle.cycle.level_rows import WHOLE
from qualitycycle.imports.inspectie import Verdict
from qualitycycle.store.connect import Store

SIDE_NAMES = ("threshold", "national", "similar")


@dataclass(frozen=True)
class Beside:
    """What stands beside the school's figure: `name` is one of `SIDE_NAMES`, the years are those it is about."""

    name: str
    value: float
    first_year: str
    last_year: str


@dataclass(frozen=True)
class _Band:
    first_year: str
    last_year: str
    weighting_from: float
    weighting_until: float
    level: str
    threshold: float
    mean: float
    n_schools: int


@cache
def _bands() -> tuple[_Band, ...]:
    """Thresholds and means per school weighting, with the school years of the results they are about."""
    with resources.files("qualitycycle.cycle").joinpath("thresholds_po.csv").open(encoding="utf-8") as file:
        return tuple(
            _Band(
                row["first_year"],
                row["last_year"],
                float(row["weighting_from"]),
                float(row["weighting_until"]),
                row["level"],
                float(row["threshold"]),
                float(row["mean"]),
                int(row["n_schools"]),
            )
            for row in csv.DictReader(file)
        )


def weighting_of(store: Store, school_year: str) -> float | None:
    """The school weighting that was read in for a school year, else the newest of the years before."""
    rows = store.rows(
        """
        SELECT r.value FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.name = 'school_weighting' AND r.school_year <= $year
        ORDER BY r.school_year DESC, b.data_version DESC LIMIT 1
        """,
        year=school_year,
    )
    return float(rows[0]["value"]) if rows else None


def beside_of(store: Store, level: str, school_year: str) -> list[Beside]:
    """Threshold, national mean and similar schools for the results of a school year.

    What came with the school's own figures goes first; the rest is looked up by its school weighting.
    """
    found = {one.name: one for one in _looked_up(store, level, school_year)}
    found |= {one.name: one for one in _read_in(store, level, school_year)}
    return [found[name] for name in SIDE_NAMES if name in found]


def _looked_up(store: Store, level: str, school_year: str) -> Iterable[Beside]:
    # A table is about its own years and holds until there is a newer one, never for earlier results.
    tables = [one for one in _bands() if one.level == level and one.first_year <= school_year]
    newest = max((one.last_year for one in tables), default="")
    bands = [one for one in tables if one.last_year == newest]
    if not bands:
        return
    years = bands[0].first_year, newest
    n_schools = sum(one.n_schools for one in bands)
    yield Beside("national", round(sum(one.mean * one.n_schools for one in bands) / n_schools, 1), *years)
    weighting = weighting_of(store, school_year)
    for band in bands:
        if weighting is not None and band.weighting_from <= weighting < band.weighting_until:
            yield Beside("threshold", band.threshold, *years)
            yield Beside("similar", band.mean, *years)


def _read_in(store: Store, level: str, school_year: str) -> Iterable[Beside]:
    rows = store.rows(
        """
        SELECT r.name, arg_max(r.value, r.school_year) AS value, max(r.school_year) AS school_year
        FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.subject = $subject AND r.label = $level AND r.value IS NOT NULL
          AND r.school_year <= $year AND list_contains($names, r.name)
        GROUP BY r.name
        """,
        subject=WHOLE,
        level=level,
        year=school_year,
        names=list(SIDE_NAMES),
    )
    for row in rows:
        yield Beside(row["name"], float(row["value"]), row["school_year"], row["school_year"])


def published(store: Store, level: str, school_year: str) -> tuple[float, int, Verdict] | None:
    """The figure over three years as it was published, for who may not see the years themselves."""
    rows = store.rows(
        """
        SELECT r.name, r.value FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.subject = $subject AND r.label = $level AND r.school_year = $year
          AND starts_with(r.name, 'published_') AND r.value IS NOT NULL
        """,
        subject=WHOLE,
        level=level,
        year=school_year,
    )
    told = {row["name"].removeprefix("published_"): float(row["value"]) for row in rows}
    n = int(told.pop("n", 0))
    if school_year in level_gate.let_out(store).held_wholes:
        return None
    verdict = next((one for one in Verdict if one in told), None)
    return (told[verdict], n, verdict) if verdict is not None and gate.is_enough(n) else None
