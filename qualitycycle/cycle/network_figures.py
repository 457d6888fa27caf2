"""The figures that a school brings to the network: about one closed half-year, let out once, and hard to correct.

Periods never overlap, and one request or one asker lies in one period only, so figures of two periods have nothing to
subtract. Within a period a newer version could be laid beside an older one. Therefore a figure that left stays what it
was until at least as many cases changed as the gate asks for, both among those that went and among those that came;
and all versions together pass the gate, which searches everything that could be added and subtracted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from typing import Any

from qualitycycle.analysis.disclosure import FLOOR, FLOOR_DISTRIBUTION, TOO_FEW, Group
from qualitycycle.cycle import gate
from qualitycycle.cycle.network_words import HOURS, KINDS, THEMES

ALL = "all"
NOT_SHARED, LEFT_OUT = "not_shared", "left_out"
# A number leaves as the step it lies in.
CLASSES = {"5-9": (5, 9), "10-19": (10, 19), "20-39": (20, 39), "40+": (40, None)}
# Weeks of waiting are rounded up: to two weeks below ten cases, for a median of five is the figure of one of them.
COARSE_WEEKS, FINE_WEEKS = 2.0, 1.0
HALF_HOUR = 0.5


class Measure(StrEnum):
    LEARNING = "learning"
    HELP = "help"
    WAITING = "waiting"
    TIME = "time"


KEYS: dict[Measure, tuple[str, ...]] = {
    Measure.LEARNING: (ALL, *THEMES),
    Measure.HELP: (ALL, *THEMES),
    Measure.WAITING: (ALL, *KINDS),
    Measure.TIME: tuple(HOURS),
}


@dataclass(frozen=True)
class Figure:
    """One figure as it leaves. `n` is a step of `CLASSES`, None when hidden; `version` is the one it came with.

    `value` is rounded to `rounding`: weeks within which half had help, or hours. In the weeks None beside an `n` means
    that more than half still waited when the period ended.
    """

    measure: Measure
    key: str
    n: str | None = None
    value: float | None = None
    rounding: float | None = None
    hidden_because: str | None = TOO_FEW
    version: int = 1

    @property
    def shown(self) -> bool:
        return self.n is not None

    @property
    def name(self) -> str:
        return f"{self.measure}:{self.key}"


# What a figure is about: each case by a sign of its own, with how many it stands for.
Cases = Mapping[str, int]


@dataclass(frozen=True)
class Candidate:
    """A figure that could leave: the cases behind it and its value before rounding."""

    cases: Cases
    value: float | None = None
    hidden_because: str = TOO_FEW


@dataclass(frozen=True)
class Version:
    """The figures of a period as they were put down, and the cases behind those that are shown, by name."""

    number: int
    figures: tuple[Figure, ...]
    cases: Mapping[str, Cases]

    def as_json(self) -> dict[str, Any]:
        return {
            "figures": [asdict(one) for one in self.figures],
            "cases": {name: dict(own) for name, own in self.cases.items()},
        }


def from_json(number: int, data: Mapping[str, Any]) -> Version:
    figures = tuple(Figure(**{**one, "measure": Measure(one["measure"])}) for one in data["figures"])
    return Version(number, figures, data["cases"])


def class_of(n: int) -> str:
    return next(name for name, (low, high) in CLASSES.items() if low <= n and (high is None or n <= high))


# --- putting down ----------------------------------------------------------------------------------------


def put_down(
    found: Mapping[str, Candidate], earlier: Sequence[Version] = (), *, floor: int = FLOOR
) -> Version:
    """The figures of a period, given what left of it before; `found` by the names of the figures."""
    number = len(earlier) + 1
    wanted = [
        name
        for name in (one.name for one in blank())
        if name in found and _may_change(name, found, earlier, floor)
    ]
    wanted = [name for measure in Measure for name in _margins(measure, wanted, found, earlier, floor)]
    shown = _with_its_total(set(_together(wanted, found, earlier, floor)), found, earlier)
    figures: list[Figure] = []
    cases: dict[str, Cases] = {}
    for bare in blank():
        name = bare.name
        before = next((one for one in reversed(earlier) if name in one.cases), None)
        if before and (name not in shown or dict(found[name].cases) == dict(before.cases[name])):
            figures.append(next(one for one in before.figures if one.name == name))
            cases[name] = before.cases[name]
        elif name in shown:
            figures.append(_filled(replace(bare, version=number), found[name]))
            cases[name] = found[name].cases
        else:
            figures.append(
                replace(bare, hidden_because=found[name].hidden_because if name in found else TOO_FEW)
            )
    return Version(number, tuple(figures), cases)


def blank() -> list[Figure]:
    """Every figure there can be, in its place, hidden."""
    return [Figure(measure, key) for measure in Measure for key in KEYS[measure]]


def _filled(bare: Figure, one: Candidate) -> Figure:
    n = sum(one.cases.values())
    bare = replace(bare, n=class_of(n), hidden_because=None)
    if bare.measure is Measure.WAITING:
        step = FINE_WEEKS if n >= FLOOR_DISTRIBUTION else COARSE_WEEKS
        value = None if one.value is None else max(step, step * math.ceil(one.value / step))
        return replace(bare, value=value, rounding=step)
    if bare.measure is Measure.TIME and one.value is not None:
        return replace(bare, value=HALF_HOUR * round(one.value / HALF_HOUR), rounding=HALF_HOUR)
    return bare


def _may_change(name: str, found: Mapping[str, Candidate], earlier: Sequence[Version], floor: int) -> bool:
    """Whether as many went and came since each version as the gate asks for, or nobody at all."""
    own = found[name].cases
    for before in (one.cases[name] for one in earlier if name in one.cases):
        for these, those in ((own, before), (before, own)):
            n = sum(weight for case, weight in these.items() if case not in those)
            if 0 < n < floor:
                return False
    return True


def _with_its_total(shown: set[str], found: Mapping[str, Candidate], earlier: Sequence[Version]) -> set[str]:
    """What may change: nothing beside a total that stays what it was, from which an empty theme could follow."""
    kept = set(shown)
    for measure in Measure:
        total = f"{measure}:{ALL}"
        left = [one.cases[total] for one in earlier if total in one.cases]
        if left and total not in shown and dict(found[total].cases) != dict(left[-1]):
            kept -= {name for name in shown if name.startswith(f"{measure}:")}
    return kept


def _margins(
    measure: Measure,
    wanted: Iterable[str],
    found: Mapping[str, Candidate],
    earlier: Sequence[Version],
    floor: int,
) -> list[str]:
    """Those of one measure that may stand beside each other, empty themes and kinds included.

    That a theme is empty must not follow either, so each empty one is a cell here. Crossed with the kinds they would
    be too many to search, and nothing more follows of them there: sums of rows and columns give unions of rows, or
    unions of columns.
    """
    names = [name for name in (f"{measure}:{key}" for key in KEYS[measure]) if name in found]
    own = [name for name in wanted if name in names]
    inside = {name: set(found[name].cases) for name in names}
    cells, groups = _cells({name: found[name].cases for name in names})
    total = f"{measure}:{ALL}"
    for name in names:
        if not inside[name]:
            cells[name] = 0
            for group in {name, total} & set(groups):
                groups[group] = Group(group, groups[group].cells | {name})
    before = [
        groups[name]
        for name in names
        if any(name in one.cases and dict(one.cases[name]) == dict(found[name].cases) for one in earlier)
    ]
    let = gate.let_out(cells, [groups[name] for name in own], floor=floor, already=before)
    return [group.name for group in let]


def _together(
    wanted: Sequence[str], found: Mapping[str, Candidate], earlier: Sequence[Version], floor: int
) -> list[str]:
    """Those that may leave given every figure of every version: nothing small follows from all of them together."""
    left = {f"{one.number} {name}": cases for one in earlier for name, cases in one.cases.items()}
    cells, groups = _cells({**left, **{name: found[name].cases for name in wanted}})
    let = gate.let_out(
        cells,
        [groups[name] for name in wanted],
        floor=floor,
        already=[groups[name] for name in left],
    )
    return [group.name for group in let]


def _cells(sets: Mapping[str, Cases]) -> tuple[dict[str, int], dict[str, Group]]:
    """Cases that are in the same sets cannot be told apart: they are one cell."""
    places = {name: place for place, name in enumerate(sets)}
    seen: dict[str, int] = {}
    weights: dict[str, int] = {}
    for name, cases in sets.items():
        for case, weight in cases.items():
            seen[case] = seen.get(case, 0) | 1 << places[name]
            weights[case] = weight
    cells: dict[str, int] = {}
    for case, where in seen.items():
        cells[f"cell {where}"] = cells.get(f"cell {where}", 0) + weights[case]
    groups = {
        name: Group(name, frozenset(f"cell {where}" for where in set(seen.values()) if where >> place & 1))
        for name, place in places.items()
    }
    return cells, groups


# --- waiting ---------------------------------------------------------------------------------------------


def half_had_help(waits: Sequence[tuple[float, bool]]) -> float | None:
    """The weeks within which half had help; None when more than half still waited.

    Parameters
    ----------
    waits : weeks from asking until help came (True), or until the period ended or the request was withdrawn (False).

    Notes
    -----
    The median of Kaplan and Meier (1958): who still waits counts as long as she waited. Leaving those out would make
    waiting look shorter the longer it is. Equal times: those who got help come before those who still wait.
    """
    left, remaining = 1.0, len(waits)
    for weeks, came in sorted(waits, key=lambda one: (one[0], not one[1])):
        if came:
            left *= 1 - 1 / remaining
        remaining -= 1
        # Half of an even number is reached exactly; rounding of the product must not hide that.
        if left <= 0.5 + 1e-9:
            return weeks
    return None
