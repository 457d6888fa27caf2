"""The one gate: which figures about groups of people may be published, so that no small group can be
worked out.

What is protected
-----------------
Respondents are counted in *cells*: sets of people that do not overlap and are never cut in two (a team; a
team by role; the early and the late answers of one team). A *group* is a union of cells about which one
figure is published together with its n. Whoever sees all published groups can add and subtract them with
any weights. `decide` publishes such that no non-empty set of cells with fewer than `floor` respondents can
be found that way: its 0/1 indicator never lies in the row space (over the rational numbers) of the
incidence matrix of what was published before and what is shown now.

Cells without respondents are treated strictly, in two ways. They count as known: a set may not become
small by leaving them out of the sums. And they are protected: that a cell is empty cannot be derived
either, so that *hidden and empty look the same*. Leave out of `cells` what cannot exist (a role that a
team does not have); keep what merely stayed silent.

What is not protected
---------------------
* Weighted sums that are not the sum of a set of people (such as twice one person plus another).
* What follows from the values: a mean at the end of the range tells that everybody chose it; a mean and a
standard
  deviation with many decimals fix the answers of five people. `decimals_for` and `may_show_item_spread`
  are for that.
* Differences between figures about the same group with another n (an item that two people skipped). Give
such figures
  the n of the group, or split the cell and plan both groups.
* What people know from elsewhere: a respondent knows the own answer, so five is four unknowns for her; who
was ill is
  known in the staff room. The same people in two rounds are different cells here: nobody can tell who came
  back.
* Groups that were published without being handed over in `already`, and cells that overlap.

Arithmetic is exact (integers); there is no tolerance anywhere.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

FLOOR = 5
FLOOR_DISTRIBUTION = 10
TOO_FEW = "too_few"

# Above this many partial sums we do not search on but hide: the gate fails closed.
_MOST_SUMS = 50_000
# Above this many tried choices the best choice is replaced by a good one.
_MOST_TRIES = 150


@dataclass(frozen=True)
class Group:
    """One set of respondents whose figure is (to be) published, as a union of cells."""

    name: str
    cells: frozenset[str]


class Shown(StrEnum):
    """What happens with the figure of a group."""

    SHOWN = "shown"
    POOLED = "pooled"
    HIDDEN = "hidden"


@dataclass(frozen=True)
class Verdict:
    """What a screen may know about a group.

    `n` is the number of respondents behind the published figure (of the whole pool when pooled) and `None`
    when hidden. A hidden group says `too_few` whether it is small, empty, or hidden to protect another: a
    screen cannot tell which.
    """

    group: Group
    state: Shown
    n: int | None
    reason: str | None
    pooled_with: tuple[str, ...] = ()


@dataclass(frozen=True)
class DerivableSet:
    """A set of cells whose sum follows from what is published, with its number of respondents."""

    cells: tuple[str, ...]
    n: int


# --- what the pages ask ----------------------------------------------------------------------------------


def decimals_for(n: int) -> int:
    """Number of decimals of a mean over `n` respondents: one below ten, else two."""
    return 1 if n < FLOOR_DISTRIBUTION else 2


def may_show_item_spread(n: int) -> bool:
    """Whether a standard deviation, minimum or maximum of one item may be shown: from ten respondents."""
    return n >= FLOOR_DISTRIBUTION


def may_show_distribution(n: int) -> bool:
    """Whether a distribution of answers or free text may be shown: from ten respondents."""
    return n >= FLOOR_DISTRIBUTION


def decide(
    cells: Mapping[str, int],
    plan: Sequence[Group],
    *,
    floor: int = FLOOR,
    already: Sequence[Group] = (),
) -> dict[str, Verdict]:
    """Which groups of a plan are shown, pooled or hidden.

    Parameters
    ----------
    cells : number of respondents per cell; 0 for a cell that could have answered and did not.
    plan : the groups to publish, over all pages, exports and rounds together, the most important first
        (school total, then one breakdown after another).
    floor : smallest number of respondents that may be derivable; the school may raise it above `FLOOR`.
    already : what was published before and cannot be taken back.

    Returns
    -------
    A verdict per group name, in the order of the plan; the same input always gives the same verdicts,
    whatever the order of `cells`.

    Raises
    ------
    ValueError : a floor below `FLOOR`, a negative count, a cell without a count, two groups with one name.

    Notes
    -----
    1. A group with fewer than `floor` respondents is hidden.
    2. Of the others as few as possible are hidden such that nothing small can be derived (see the module):
    first as few
       groups that cover everything (the school total), then as few groups, then as few respondents, then
       the ones latest in the plan. Above a fixed amount of work a maximal instead of a best choice is
       made, never an unsafe one.
    3. Hidden groups that follow each other in the plan without overlap are pooled when their sum can be
    derived anyway
       (school minus the teams that are shown) and reaches the floor: saying it aloud then adds nothing.
    4. A higher floor is applied on top of the lower ones, so raising the floor never shows more.
    5. Where `already` itself is unsafe (published under a lower floor), only what adds no information is
    shown. Checked against the 19 publication plans of the reference set (which sets are derivable, which
    plans are safe). Complementary suppression as in Hundepool et al., Statistical Disclosure Control,
    chapter 4.
    """
    _refuse_bad_input(cells, [*plan, *already], floor)
    if len({group.name for group in plan}) != len(plan):
        raise ValueError("two groups in the plan have the same name")
    fixed = [group.cells for group in already]
    kept = {group.cells for group in plan}
    for level in range(FLOOR, floor + 1):
        kept = _keep(cells, [g.cells for g in plan if g.cells in kept], fixed, level)
    verdicts = {group.name: _verdict(cells, group, group.cells in kept) for group in plan}
    for pool in _pools(cells, plan, kept, fixed, floor):
        verdicts |= _pooled(cells, pool)
    return verdicts


def derivable_sets(cells: Mapping[str, int], published: Sequence[Group]) -> tuple[DerivableSet, ...]:
    """Every non-empty set of cells whose sum follows from the published groups, small sets of cells first.

    Exhaustive over all sets of cells that occur in a group: for explaining and for tests, up to about
    twenty cells.
    """
    _refuse_bad_input(cells, published, FLOOR)
    return _derivable(cells, published, sum(cells.values()) + 1)


def violations(
    cells: Mapping[str, int], published: Sequence[Group], *, k_min: int
) -> tuple[DerivableSet, ...]:
    """The derivable sets with fewer than `k_min` respondents, small sets of cells first; empty means safe."""
    _refuse_bad_input(cells, published, FLOOR)
    return _derivable(cells, published, k_min)


def _refuse_bad_input(cells: Mapping[str, int], groups: Sequence[Group], floor: int) -> None:
    if floor < FLOOR:
        raise ValueError(f"the floor can be raised, never lowered below {FLOOR}")
    if any(n < 0 for n in cells.values()):
        raise ValueError("a cell has a negative number of respondents")
    if unknown := sorted(set().union(*(group.cells for group in groups)) - set(cells)):
        raise ValueError(f"cells without a count: {', '.join(unknown)}")


def _size(cells: Mapping[str, int], chosen: Iterable[str]) -> int:
    return sum(cells[cell] for cell in chosen)


# --- verdicts --------------------------------------------------------------------------------------------


def _verdict(cells: Mapping[str, int], group: Group, shown: bool) -> Verdict:
    if shown:
        return Verdict(group, Shown.SHOWN, _size(cells, group.cells), None)
    return Verdict(group, Shown.HIDDEN, None, TOO_FEW)


def _pooled(cells: Mapping[str, int], pool: Sequence[Group]) -> dict[str, Verdict]:
    n = sum(_size(cells, group.cells) for group in pool)
    names = [group.name for group in pool]
    return {
        group.name: Verdict(
            group, Shown.POOLED, n, TOO_FEW, tuple(name for name in names if name != group.name)
        )
        for group in pool
    }


def _pools(
    cells: Mapping[str, int],
    plan: Sequence[Group],
    kept: set[frozenset[str]],
    fixed: list[frozenset[str]],
    floor: int,
) -> Iterator[list[Group]]:
    published = [*fixed, *(group.cells for group in plan if group.cells in kept)]
    for breakdown in _breakdowns(plan):
        pool = [group for group in breakdown if group.cells not in kept and group.cells]
        union = frozenset().union(*(group.cells for group in pool))
        if len(pool) > 1 and _size(cells, union) >= floor and _follows(union, published, sorted(cells)):
            yield pool


def _breakdowns(plan: Sequence[Group]) -> Iterator[list[Group]]:
    """Runs of groups in the plan that do not overlap: the teams, then the roles, and so on."""
    run: list[Group] = []
    for group in plan:
        if any(group.cells & other.cells for other in run):
            yield run
            run = []
        run.append(group)
    yield run


# --- the choice ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Candidate:
    """A set of cells that may be shown, with what hiding it costs: (is a total, one, its size, its place)."""

    cells: frozenset[str]
    cost: tuple[int, int, int, int]


def _keep(
    cells: Mapping[str, int], wanted: list[frozenset[str]], fixed: list[frozenset[str]], floor: int
) -> set[frozenset[str]]:
    large = list(dict.fromkeys(group for group in wanted if _size(cells, group) >= floor))
    kept: set[frozenset[str]] = set()
    for part in _components([*fixed, *large]):
        inside = {cell: cells[cell] for cell in sorted(part)}
        already = [group for group in fixed if group & part]
        candidates = _candidates(inside, [group for group in large if group & part])
        kept |= {candidate.cells for candidate in _choose(inside, candidates, already, floor)}
    return kept


def _components(groups: Iterable[frozenset[str]]) -> list[frozenset[str]]:
    """Sets of cells that groups tie together; what is published about one tells nothing about another."""
    parts: list[frozenset[str]] = []
    for group in groups:
        touched = [part for part in parts if part & group]
        parts = [part for part in parts if not part & group] + [group.union(*touched)]
    return [part for part in parts if part]


def _candidates(cells: Mapping[str, int], groups: list[frozenset[str]]) -> list[_Candidate]:
    # A place earlier in the plan outweighs all later ones together, which makes the choice unique.
    return [
        _Candidate(group, (int(len(group) == len(cells)), 1, _size(cells, group), 1 << (len(groups) - place)))
        for place, group in enumerate(groups)
    ]


def _choose(
    cells: Mapping[str, int], candidates: list[_Candidate], already: list[frozenset[str]], floor: int
) -> list[_Candidate]:
    if not candidates:
        return []
    if _leak(cells, already, floor) is not None:
        return [candidate for candidate in candidates if _follows(candidate.cells, already, list(cells))]
    best = _cheapest(cells, candidates, already, floor)
    return _one_by_one(cells, candidates, already, floor) if best is None else best


def _cheapest(
    cells: Mapping[str, int], candidates: list[_Candidate], already: list[frozenset[str]], floor: int
) -> list[_Candidate] | None:
    """Search from "hide nothing" in order of cost; `None` when that takes too many tries.

    A leak rests on a few groups, and one of them has to go: only those are tried, which keeps the search
    small and exact.
    """
    heap: list[tuple[tuple[int, ...], tuple[int, ...]]] = [((0, 0, 0, 0), ())]
    seen: set[tuple[int, ...]] = set()
    for _ in range(_MOST_TRIES):
        cost, hidden = heapq.heappop(heap)
        shown = [candidate for i, candidate in enumerate(candidates) if i not in hidden]
        culprits = _culprits(cells, shown, already, floor)
        if culprits is None:
            return shown
        for culprit in culprits:
            more = tuple(sorted((*hidden, candidates.index(culprit))))
            if more not in seen:
                seen.add(more)
                heapq.heappush(heap, (tuple(a + b for a, b in zip(cost, culprit.cost, strict=True)), more))
    return None


def _culprits(
    cells: Mapping[str, int], shown: list[_Candidate], already: list[frozenset[str]], floor: int
) -> list[_Candidate] | None:
    """The shown groups of which one has to be hidden, or `None` when nothing small can be derived."""
    groups = [*already, *(candidate.cells for candidate in shown)]
    leak = _leak(cells, groups, floor)
    if leak is None:
        return None
    used = {place - len(already) for place in _support(leak, groups)} if leak.target else set()
    return [shown[place] for place in sorted(used) if place >= 0] or [min(shown, key=lambda c: c.cost)]


def _one_by_one(
    cells: Mapping[str, int], candidates: list[_Candidate], already: list[frozenset[str]], floor: int
) -> list[_Candidate]:
    kept: list[_Candidate] = []
    for candidate in sorted(candidates, key=lambda c: c.cost, reverse=True):
        groups = [*already, *(other.cells for other in kept), candidate.cells]
        if _leak(cells, groups, floor) is None:
            kept.append(candidate)
    return kept


# --- what can be derived ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Leak:
    """A small derivable set (`target`) as seen over `columns`; an empty target: too much to search."""

    target: frozenset[str]
    columns: tuple[str, ...]


class _TooWide(Exception):
    """More partial sums than we want to hold."""


def _leak(cells: Mapping[str, int], groups: Sequence[frozenset[str]], floor: int) -> _Leak | None:
    """A set of fewer than `floor` respondents, or of empty cells, that follows from the groups."""
    peopled = tuple(cell for cell in cells if cells[cell] > 0)
    try:
        # Empty cells add nothing to any sum, so whoever knows them can leave them out of every group.
        if target := _small_set(cells, peopled, groups, floor):
            return _Leak(target, peopled)
        if len(peopled) < len(cells) and (target := _small_set(cells, tuple(cells), groups, 1)):
            return _Leak(target, tuple(cells))
    except _TooWide:
        return _Leak(frozenset(), tuple(cells))
    return None


def _small_set(
    cells: Mapping[str, int], columns: tuple[str, ...], groups: Sequence[frozenset[str]], below: int
) -> frozenset[str]:
    """A derivable set of `columns` with fewer than `below` respondents; empty when there is none."""
    atoms = _atoms(columns, groups)
    weights = _weights([[int(place in inside) for inside in atoms] for place in range(len(groups))])
    sized = [(_size(cells, atom), weight, atom) for atom, weight in zip(atoms.values(), weights, strict=True)]
    small = [(n, weight, atom) for n, weight, atom in sized if n < below]
    for chosen in _zero_sets([(weight, n) for n, weight, _ in small], below):
        return frozenset(cell for place in chosen for cell in small[place][2])
    return frozenset()


def _atoms(columns: Sequence[str], groups: Sequence[frozenset[str]]) -> dict[frozenset[int], list[str]]:
    """Cells by the groups they are in: those in the same groups cannot be told apart; none: dropped."""
    atoms: dict[frozenset[int], list[str]] = {}
    for cell in columns:
        inside = frozenset(place for place, group in enumerate(groups) if cell in group)
        if inside:
            atoms.setdefault(inside, []).append(cell)
    return atoms


def _derivable(cells: Mapping[str, int], published: Sequence[Group], below: int) -> tuple[DerivableSet, ...]:
    names = [cell for cell in cells if any(cell in group.cells for group in published)]
    weights = _weights([[int(cell in group.cells) for cell in names] for group in published])
    items = [(weight, cells[cell]) for weight, cell in zip(weights, names, strict=True)]
    found = sorted(_zero_sets(items, below, most=None), key=lambda places: (len(places), places))
    sets = (tuple(names[place] for place in places) for places in found)
    return tuple(DerivableSet(chosen, _size(cells, chosen)) for chosen in sets)


def _zero_sets(
    items: Sequence[tuple[int, int]], below: int, most: int | None = _MOST_SUMS
) -> Iterator[tuple[int, ...]]:
    """Every non-empty choice of (weight, n) pairs whose weights add up to 0 and whose n to less than `below`.

    Meets in the middle: all sums of one half, looked up among all sums of the other half.
    """
    half = len(items) // 2
    right: dict[int, list[tuple[int, tuple[int, ...]]]] = {}
    for weight, n, chosen in _sums(items[half:], half, below, most):
        right.setdefault(weight, []).append((n, chosen))
    for weight, n, chosen in _sums(items[:half], 0, below, most):
        for other_n, other in right.get(-weight, ()):
            if n + other_n < below and (chosen or other):
                yield chosen + other


def _sums(
    items: Sequence[tuple[int, int]], start: int, below: int, most: int | None
) -> list[tuple[int, int, tuple[int, ...]]]:
    sums: list[tuple[int, int, tuple[int, ...]]] = [(0, 0, ())]
    for place, (weight, n) in enumerate(items, start):
        sums += [(w + weight, m + n, (*chosen, place)) for w, m, chosen in sums if m + n < below]
        if most is not None and len(sums) > most:
            raise _TooWide
    return sums


# --- exact linear algebra --------------------------------------------------------------------------------


def _weights(rows: list[list[int]]) -> list[int]:
    """One integer per column such that a set of columns is derivable from the rows exactly when its
    weights add up to 0.

    A 0/1 vector lies in the row space when it is orthogonal to the null space. The entries of all null
    space vectors at one column are packed into one number, in a base so large that sums of entries cannot
    run into each other.
    """
    if not rows or not rows[0]:
        return []
    null_space = _null_space(rows)
    base = 2 * max((sum(map(abs, vector)) for vector in null_space), default=0) + 1
    return [sum(vector[j] * base**i for i, vector in enumerate(null_space)) for j in range(len(rows[0]))]


def _null_space(rows: list[list[int]]) -> list[list[int]]:
    reduced, pivots = _reduced(rows)
    n_columns = len(rows[0])
    scale = math.lcm(*(row[pivot] for row, pivot in zip(reduced, pivots, strict=True)))
    vectors = []
    for free in sorted(set(range(n_columns)) - set(pivots)):
        vector = [0] * n_columns
        vector[free] = scale
        for row, pivot in zip(reduced, pivots, strict=True):
            vector[pivot] = -row[free] * scale // row[pivot]
        vectors.append(vector)
    return vectors


def _reduced(rows: list[list[int]]) -> tuple[list[list[int]], list[int]]:
    """Rows brought to reduced echelon form in whole numbers, and the column of each row's pivot."""
    pivots: list[int] = []
    for column in range(len(rows[0])):
        top = len(pivots)
        found = next((i for i in range(top, len(rows)) if rows[i][column]), None)
        if found is None:
            continue
        pivot = rows[found]
        rest = [row for i, row in enumerate(rows) if i != found]
        rows = [_cleared(row, pivot, column) for row in rest]
        rows.insert(top, pivot)
        pivots.append(column)
    return rows[: len(pivots)], pivots


def _cleared(row: list[int], pivot: list[int], column: int) -> list[int]:
    if not row[column]:
        return row
    cleared = [pivot[column] * a - row[column] * b for a, b in zip(row, pivot, strict=True)]
    divisor = math.gcd(*cleared)
    return [value // divisor for value in cleared] if divisor > 1 else cleared


def _support(leak: _Leak, groups: Sequence[frozenset[str]]) -> list[int]:
    """Places of the groups whose weighted sum is the leaked set."""
    rows = [[*(int(cell in group) for group in groups), int(cell in leak.target)] for cell in leak.columns]
    reduced, pivots = _reduced(rows)
    return [pivot for row, pivot in zip(reduced, pivots, strict=True) if row[-1]]


def _follows(target: frozenset[str], groups: Sequence[frozenset[str]], columns: Sequence[str]) -> bool:
    """Whether the sum over `target` is a weighted sum of the groups."""
    rows = [[*(int(cell in group) for group in groups), int(cell in target)] for cell in columns]
    return bool(groups) and len(groups) not in _reduced(rows)[1]
