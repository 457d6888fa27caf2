"""Study: the same pupils over the years, on one scale: who may be counted in a figure about two moments.

A cohort are the pupils who reach a year group in the same school year. Figures about two moments exist for every moment
with the one before it, with the same one a year earlier, and with the first one; those are published for everybody who
looks, so all of them are planned here, in the order in which the imports made them possible (`analysis.overlap`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import product
from typing import Any

from qualitycycle.analysis import disclosure, overlap
from qualitycycle.cycle import series
from qualitycycle.cycle.access import Right, require, year_groups_seen
from qualitycycle.cycle.series import Selection
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

Pupils = frozenset[str]


@dataclass(frozen=True)
class Source:
    """The pupils that one import, or imports of the same pupils, brought in at one moment; `version`: the first."""

    pupils: Pupils
    version: int


@dataclass(frozen=True)
class Sitting:
    """One moment of a cohort: the scores that the line shows there, and where they came from.

    `values` is empty where the moment is hidden. `mixed`: imports knew it that partly overlap, so nothing more is told
    of it; `sources` are those before that, of which figures were told already.
    """

    label: str
    on: date
    year_group: str
    values: Mapping[str, float]
    sources: tuple[Source, ...]
    mixed: bool = False


@dataclass(frozen=True)
class Cohort:
    """The moments of a cohort in time, and per pair of moments the pupils of whom figures may be published."""

    number: int
    sittings: tuple[Sitting, ...]
    pairs: Mapping[tuple[str, str], Pupils]

    def at(self, label: str) -> Sitting | None:
        return next((one for one in self.sittings if one.label == label), None)


def number(school_year: str, year_group: str | None) -> int | None:
    """Which cohort: the calendar year in which its pupils would have begun; None where year groups do not follow."""
    first = school_year[:4]
    if year_group is None or not (year_group.isdigit() and first.isdigit()):
        return None
    return int(first) - int(year_group)


def of(store: Store, selection: Selection, cohort: int) -> Cohort:
    """The cohort on the scale of a line, whatever the year group of the line."""
    return _cohorts(store, replace(selection, year_group=None, level=None), cohort)


def _of(store: Store, selection: Selection, cohort: int) -> Cohort:
    sittings = tuple(_sittings(store, selection, cohort))
    return Cohort(cohort, sittings, _pairs(sittings, store.secret))


_cohorts = PerImport(_of, most=12, about=series.subject_of)


@dataclass(frozen=True)
class Sat:
    """A moment at which a year group has results on a test, whether or not they may be shown."""

    label: str
    on: date
    year_group: str | None


def sat(store: Store, actor: Actor, selection: Selection) -> list[Sat]:
    """The moments and year groups of the test of a line, as far as the actor may see them, in time."""
    require(actor, Right.SEE_OUTCOMES)
    seen = year_groups_seen(store, actor)
    found = _sat(store, replace(selection, year_group=None, level=None))
    return [one for one in found if series.may_see(replace(selection, year_group=one.year_group), seen)]


def _sat_of(store: Store, selection: Selection) -> tuple[Sat, ...]:
    rows = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, max(o.measured_on) AS measured_on
        {series.OF_TEST} AND o.status = 'value' AND b.state = 'current'
        GROUP BY ALL
        """,
        **_test(selection),
    )
    found = [
        Sat(
            series.label_of(row["school_year"], row["moment"]),
            series.day_of(row["school_year"], row["moment"], row["measured_on"]),
            row["year_group"],
        )
        for row in rows
    ]
    return tuple(sorted(found, key=lambda one: (one.on, one.label, one.year_group or "")))


_sat = PerImport(_sat_of, about=series.subject_of)


def _test(selection: Selection) -> dict[str, Any]:
    return {name: one for name, one in series.parameters(selection).items() if name != "year_group"}


# --- its moments -----------------------------------------------------------------------------------------


def _sittings(store: Store, selection: Selection, cohort: int) -> Iterator[Sitting]:
    rows = store.rows(
        f"""
        SELECT o.school_year, o.moment, o.year_group, o.batch_id, b.state, b.data_version,
               max(o.measured_on) AS measured_on,
               list({{'pupil': o.pupil, 'value': o.value}} ORDER BY o.line) AS results
        {series.OF_TEST}
          AND o.status = 'value' AND o.value IS NOT NULL
          AND TRY_CAST(left(o.school_year, 4) AS INTEGER) - TRY_CAST(o.year_group AS INTEGER) = $cohort
        GROUP BY ALL
        ORDER BY o.school_year, o.moment, b.data_version, o.batch_id
        """,
        cohort=cohort,
        **_test(selection),
    )
    by_moment: dict[tuple[str, str | None], list[dict[str, Any]]] = {}
    for row in rows:
        by_moment.setdefault((row["school_year"], row["moment"]), []).append(row)
    found = [_sitting(store, selection, key, own) for key, own in by_moment.items()]
    yield from sorted(found, key=lambda one: (one.on, one.label))


def _sitting(
    store: Store, selection: Selection, key: tuple[str, str | None], rows: list[dict[str, Any]]
) -> Sitting:
    year_group = rows[0]["year_group"]
    days = [row["measured_on"] for row in rows if row["measured_on"]]
    sources, mixed = _sources(rows)
    return Sitting(
        label=series.label_of(*key),
        on=series.day_of(*key, max(days, default=None)),
        year_group=year_group,
        values=_values(store, replace(selection, year_group=year_group, level=None), key, rows),
        sources=sources,
        mixed=mixed,
    )


def _values(
    store: Store, selection: Selection, key: tuple[str, str | None], rows: list[dict[str, Any]]
) -> Mapping[str, float]:
    only = rows[0]["results"]
    plain = {one["pupil"]: one["value"] for one in only}
    if len(rows) > 1 or len(plain) < len(only) or series.elsewhere(store, selection, key):
        shown = series.after_imports(store, selection, key)
        return {pupil: one.value for pupil, one in shown.items() if one.value is not None}
    there = rows[0]["state"] == "current" and len(plain) >= disclosure.FLOOR
    return plain if there else {}


def _sources(rows: list[dict[str, Any]]) -> tuple[tuple[Source, ...], bool]:
    """The imports of a moment by the pupils they brought, and whether two of them share some pupils and not others.

    Then the pupils they do not share would follow from what was shown before and after.
    """
    found: dict[Pupils, int] = {}
    for row in rows:
        pupils = frozenset(one["pupil"] for one in row["results"])
        found[pupils] = min(row["data_version"], found.get(pupils, row["data_version"]))
    sources = [Source(pupils, version) for pupils, version in found.items()]
    apart: list[Source] = []
    for one in sorted(sources, key=lambda one: (one.version, sorted(one.pupils))):
        if not all(one.pupils.isdisjoint(other.pupils) for other in apart):
            return tuple(apart), True
        apart.append(one)
    return tuple(apart), False


# --- two of its moments ----------------------------------------------------------------------------------


def offered(labels: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs of moments about which there are figures, of moments in time: later ones later, near ones first."""
    found: dict[tuple[str, str], None] = {}
    for place, label in enumerate(labels):
        before = labels[:place]
        found |= dict.fromkeys((one, label) for one in (before[-1:]))
        found |= dict.fromkeys((one, label) for one in before if one == _year_before(label))
        found |= dict.fromkeys((one, label) for one in before[:1])
    return list(found)


def _year_before(label: str) -> str:
    year, space, moment = label.partition(" ")
    first, _dash, last = year.partition("-")
    years = f"{int(first) - 1}-{int(last) - 1}" if first.isdigit() and last.isdigit() else year
    return f"{years}{space}{moment}"


def _pairs(sittings: Sequence[Sitting], secret: bytes) -> dict[tuple[str, str], Pupils]:
    """Replay every import: what could be looked at then stays published, and what came later keeps clear of it."""
    by_label = {one.label: one for one in sittings}
    blocks = {one.label: [source.pupils for source in one.sources] for one in sittings}
    done: set[tuple[str, Source, str, Source]] = set()
    counted: dict[tuple[str, str], Pupils] = {}
    for version in sorted({source.version for one in sittings for source in one.sources}):
        known = {
            one.label: [source for source in one.sources if source.version <= version] for one in sittings
        }
        labels = [label for label, sources in known.items() if sources]
        missed = _missed([frozenset().union(*(one.pupils for one in known[label])) for label in labels])
        order = partial(_order, secret, missed)
        for start, end in offered(labels):
            for one, other in product(known[start], known[end]):
                if (start, one, end, other) in done:
                    continue
                done.add((start, one, end, other))
                both = one.pupils & other.pupils
                kept = overlap.admitted(both, [blocks[start], blocks[end]], floor=disclosure.FLOOR, lot=order)
                blocks |= {label: overlap.cut(blocks[label], kept) for label in (start, end)}
                if _shown(one, by_label[start]) and _shown(other, by_label[end]):
                    counted[start, end] = counted.get((start, end), frozenset()) | kept
    return counted


def _order(secret: bytes, missed: Mapping[str, int], pupil: str) -> tuple[int, bytes]:
    """Who is left out first: who was absent most, so that fewer others are; then by lot, always the same one."""
    return missed.get(pupil, 0), hashlib.blake2b(pupil.encode(), key=secret[:64], digest_size=16).digest()


def _shown(source: Source, sitting: Sitting) -> bool:
    return not sitting.mixed and source.pupils <= sitting.values.keys()


def _missed(present: Sequence[Pupils]) -> dict[str, int]:
    """How often each pupil was absent."""
    return {pupil: sum(pupil not in one for one in present) for pupil in frozenset().union(*present)}
