"""The groups and year groups of a school year, without anybody in them, as they may be looked at and used.

They fill in the year group of results of which only the group is known, and a team can take them over.
"""

from __future__ import annotations

from dataclasses import dataclass

from qualitycycle.analysis import disclosure
from qualitycycle.cycle import gate
from qualitycycle.cycle.access import Right, require
from qualitycycle.imports.fields import YEAR_GROUPS, plain
from qualitycycle.imports.rosters import Roster, RosterGroup
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store


@dataclass(frozen=True)
class GroupHeld:
    """A year group in a group; `n` None: none, or too few pupils to say."""

    year_group: str
    group_name: str
    n: int | None


@dataclass(frozen=True)
class Held:
    """The groups of the last school year that is known, as they may be looked at."""

    school_year: str
    groups: tuple[GroupHeld, ...]


def groups_of(roster: Roster) -> list[GroupHeld]:
    """The groups of a file that holds nothing else, as they may be looked at."""
    cells = {str(place): group.n_pupils for place, group in enumerate(roster.groups)}
    plan = [disclosure.Group(place, frozenset({place})) for place in cells]
    shown = {group.name for group in gate.let_out(cells, plan)}
    return [
        GroupHeld(one.year_group, one.group_name, one.n_pupils if str(place) in shown else None)
        for place, one in enumerate(roster.groups)
    ]


def held(store: Store, actor: Actor) -> Held | None:
    """The groups of the last school year of which any are known; None before the first file with groups."""
    require(actor, Right.SEE_OUTCOMES)
    kept = _kept(store)
    if not kept:
        return None
    year = max(kept)
    return Held(year, tuple(groups_of(Roster(year, tuple(kept[year])))))


def to_export(store: Store) -> list[dict[str, object]]:
    """Every school year's groups as rows, each with its number of pupils where that may leave."""
    return [
        {"school_year": year, "year_group": one.year_group, "group_name": one.group_name, "n_pupils": one.n}
        for year, groups in sorted(_kept(store).items())
        for one in groups_of(Roster(year, tuple(groups)))
    ]


def year_groups(store: Store) -> dict[tuple[str, str], str]:
    """Per school year and group (its name as `fields.plain` compares it) the year group all of its pupils are in.

    A combination group is not there: what year group a pupil of it is in, only the pupil's own row can say.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for year, groups in _kept(store).items():
        for one in groups:
            found.setdefault((year, plain(one.group_name)), set()).add(one.year_group)
    return {
        place: next(iter(codes))
        for place, codes in found.items()
        # "N" is a newcomer's place and "0", "B" and "D" come before groep 1: a result is about none of them.
        if place[1] and len(codes) == 1 and codes <= set(YEAR_GROUPS)
    }


def _kept(store: Store) -> dict[str, list[RosterGroup]]:
    rows = store.rows(
        """
        SELECT school_year, year_group, group_name, n_pupils
        FROM roster_group
        JOIN batch USING (batch_id)
        WHERE state = 'current'
        ORDER BY school_year, batch_id, place
        """
    )
    kept: dict[str, list[RosterGroup]] = {}
    for row in rows:
        group = RosterGroup(str(row["year_group"]), str(row["group_name"]), int(row["n_pupils"]))
        kept.setdefault(str(row["school_year"]), []).append(group)
    return kept
