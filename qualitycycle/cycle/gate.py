"""The disclosure gate as the verbs use it: which groups are let out, with how many decimals, and after which import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

from qualitycycle.analysis import disclosure
from qualitycycle.analysis.disclosure import Group

T = TypeVar("T", bound=Hashable)
# One person with her result: the same person with another result is another cell.
Results = Mapping[str, T]


def _itself(one: T) -> Hashable:
    return one


def let_out(
    cells: Mapping[str, int],
    groups: Sequence[Group],
    *,
    floor: int = disclosure.FLOOR,
    already: Sequence[Group] = (),
) -> list[Group]:
    """The groups that may be shown by themselves, in the order given; pooled ones are not among them."""
    verdicts = disclosure.decide(cells, groups, floor=floor, already=already)
    return [group for group in groups if verdicts[group.name].state is disclosure.Shown.SHOWN]


def is_enough(n: int, *, floor: int = disclosure.FLOOR) -> bool:
    """Whether a figure that stands by itself may be shown."""
    return bool(let_out({"all": n}, [Group("all", frozenset({"all"}))], floor=floor))


def rounded(value: float | None, n: int) -> float | None:
    """A figure with as many decimals as may leave: many decimals give the answers of a few people away."""
    return None if value is None else round(value, disclosure.decimals_for(n))


def latest(
    states: Sequence[Results[T]],
    *,
    floor: int = disclosure.FLOOR,
    told: Callable[[T], Hashable] = _itself,
    elsewhere: Sequence[tuple[int, frozenset[Hashable]]] = (),
) -> Results[T]:
    """The results that may be shown now, given everything that counted before; empty when there are none.

    `states` are the results that counted after every change, in time; the last counts now. Anybody may have looked
    in between, so each state that could be shown was published, and the next one may not differ from them by so few
    people that their results follow. What waits for that stays out of the figure: the latest published state of
    which everything still counts is shown.

    `told` is what the figure tells of a result: the same score on another date is no other one. `elsewhere` are
    figures over such results that were shown under another name, each with the place of the first state after it.
    """
    held: list[frozenset[Hashable]] = []
    own: dict[int, Results[T]] = {}
    for place, state in enumerate(states):
        held += [people for first, people in elsewhere if first == place]
        own[len(held)] = state
        held.append(frozenset((who, told(one)) for who, one in state.items()))
    shown = published(held, floor=floor)
    counting = (place for place in reversed(shown) if place in own and held[place] <= held[-1])
    return next((own[place] for place in counting), {})


def published(held: Sequence[frozenset[Hashable]], *, floor: int = disclosure.FLOOR) -> list[int]:
    """The places of the states that could be shown, each given all that could be before; see `latest`."""
    cells, groups = _cells(held)
    found: list[int] = []
    for place, group in enumerate(groups):
        already = [groups[earlier] for earlier in found]
        if let_out(cells, [group], floor=floor, already=already):
            found.append(place)
    return found


def may_join(
    already: Sequence[frozenset[Hashable]], people: frozenset[Hashable], *, floor: int = disclosure.FLOOR
) -> bool:
    """Whether a figure about some people may be shown beside the figures that were: then no few follow from all."""
    if people in already:
        return True
    tied = _tied(already, people)
    if not tied or len(people) < floor:
        return is_enough(len(people), floor=floor)
    cells, groups = _cells([*tied, people])
    return bool(let_out(cells, groups[-1:], floor=floor, already=groups[:-1]))


def _tied(already: Sequence[frozenset[Hashable]], people: frozenset[Hashable]) -> list[frozenset[Hashable]]:
    """The figures that share people with this one, or with one that does: the others tell nothing about it."""
    reach, found, rest = people, [], list(already)
    while near := [one for one in rest if not one.isdisjoint(reach)]:
        found += near
        reach = reach.union(*near)
        rest = [one for one in rest if one not in near]
    return found


def _cells(held: Sequence[frozenset[Hashable]]) -> tuple[dict[str, int], list[Group]]:
    """Results that counted in the same states cannot be told apart: they are one cell."""
    seen: dict[Hashable, int] = {}
    for place, state in enumerate(held):
        for one in state:
            seen[one] = seen.get(one, 0) | 1 << place
    members: dict[str, set[str]] = {str(place): set() for place in range(len(held))}
    cells: dict[str, int] = {}
    for places, n in Counter(seen.values()).items():
        inside = [str(place) for place in range(len(held)) if places >> place & 1]
        cell = " ".join(inside)
        cells[cell] = n
        for name in inside:
            members[name].add(cell)
    return cells, [Group(name, frozenset(own)) for name, own in members.items()]
