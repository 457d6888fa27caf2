"""Study: numbers of pupils that were read in as counts, such as where pupils went after the last year, as bars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from qualitycycle.cycle import series
from qualitycycle.cycle.series import Selection
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class CountRow:
    """How many of `n` pupils at one moment; `count` None: hidden or not published, `reason` says which."""

    label: str
    on: date
    name: str
    count: float | None = None
    n: int | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Counts:
    """The kinds that are counted side by side, such as reference levels, and their rows in time."""

    names: tuple[str, ...]
    rows: tuple[CountRow, ...]


def counts(store: Store, actor: Actor, selection: Selection) -> Counts | None:
    """The counts of a line, beside those that differ in what is counted alone; None where nothing may be shown."""
    rows = []
    names = []
    for what, one in lines(store, actor, selection).items():
        names.append(what)
        found = series.series(store, actor, one)
        rows += [
            CountRow(point.label, point.on, what, point.value, point.n, point.reason)
            for point in found.points
        ]
    rows.sort(key=lambda row: (row.on, row.label, names.index(row.name)))
    return Counts(tuple(names), tuple(rows)) if any(row.count is not None for row in rows) else None


def lines(store: Store, actor: Actor, selection: Selection) -> dict[str, Selection]:
    """What is counted side by side with a line, each by its name."""
    beside = [one for one in series.selections(store, actor) if all_of(one) == all_of(selection)]
    return {name(one): one for one in beside or [selection]}


def name(selection: Selection) -> str:
    """What is counted in a line."""
    return selection.level or selection.test or ""


def all_of(selection: Selection) -> Selection:
    """A line without what is counted in it alone."""
    named_after_level = selection.level is not None and selection.test == selection.level
    is_counted = named_after_level or selection.subject == "destination"
    return replace(selection, level=None, test=None if is_counted else selection.test)
