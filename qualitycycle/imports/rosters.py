"""Who sits where, without anybody in it: the groups and year groups that an administration writes out.

Pupils are only counted. Their numbers, names and everything else never leave the readers of these files.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class RosterGroup:
    """The pupils of one year group in one group; a combination group is there once per year group."""

    year_group: str
    group_name: str
    n_pupils: int


@dataclass(frozen=True)
class Roster:
    """A school year's groups; `n_unplaced` pupils have no year group that is certain.

    `left_out` names what such a file holds about persons and what was never read, each with the reason.
    """

    school_year: str
    groups: tuple[RosterGroup, ...]
    n_unplaced: int = 0
    left_out: tuple[tuple[str, str], ...] = ()


def roster(
    school_year: str, places: Counter[tuple[str, str]], groups: list[tuple[str, str]], n_unplaced: int
) -> Roster:
    """The groups of `places` (year group and group name, with pupils), and those of `groups` that nobody is in."""
    known = {**dict.fromkeys(groups, 0), **places}
    filled = {name for (_year_group, name), n in known.items() if n}
    # A combination group is announced under one code, and its pupils say the year groups.
    kept = {place: n for place, n in known.items() if n or place[1] not in filled}
    ordered = sorted(kept, key=lambda place: (len(place[0]), place))
    return Roster(school_year, tuple(RosterGroup(*place, kept[place]) for place in ordered), n_unplaced)
