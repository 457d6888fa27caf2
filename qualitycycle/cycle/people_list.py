"""A typed or pasted list of colleagues: one a line, with title, access and teams in any order after the name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from qualitycycle.cycle.school import NewPerson
from qualitycycle.model import Role

# What schools call those who lead, guide and read along, in both languages. It sets the access that is
# proposed; the title stays as it was typed.
ROLE_WORDS = {
    Role.LEADER: "leader, school leader, principal, schoolleider, directeur, directrice, rector",
    Role.COACH: (
        "coach, internal coach, ib, ib'er, iber, intern begeleider, kc, kc'er, "
        "kwaliteitscoördinator, kwaliteitscoordinator"
    ),
    Role.READER: "reader, lezer, mr, mr-lid, bestuur, bestuurder, board, board member",
    Role.MEMBER: "member, team member, teamlid",
}
ROLES = {word.strip(): role for role, words in ROLE_WORDS.items() for word in words.split(",")}


def people_of(text: str, teams: Sequence[str]) -> list[NewPerson]:
    """The colleagues in a list. Without a leader in it the first person is one; one team is everybody's team."""
    people = [_person(line, teams) for line in text.splitlines() if line.strip(" \t,;")]
    if people and not any(person.role is Role.LEADER for person in people):
        people[0] = replace(people[0], role=Role.LEADER)
    return people


def teams_of(text: str) -> list[str]:
    """Team names, one a line or with commas between them."""
    return [name.strip() for line in text.splitlines() for name in line.split(",") if name.strip()]


def _person(line: str, teams: Sequence[str]) -> NewPerson:
    name, *parts = [part.strip() for part in line.strip().split(_separator(line))]
    by_name = {team.casefold(): team for team in teams}
    own = tuple(dict.fromkeys(by_name[part.casefold()] for part in parts if part.casefold() in by_name))
    rest = [part for part in parts if part and part.casefold() not in by_name]
    roles = [role for part in rest if (role := ROLES.get(_word(part)))]
    # A part that only names the access is no title, unless it is the only one.
    titles = [part for n, part in enumerate(rest) if n == 0 or _word(part) not in ROLES]
    role = roles[-1] if roles else Role.MEMBER
    if not own and len(teams) == 1 and role is not Role.READER:
        own = (teams[0],)
    return NewPerson(name=name, title=", ".join(titles), role=role, teams=own)


def _separator(line: str) -> str:
    # Cells pasted from a spreadsheet come with tabs; a list with semicolons may have commas inside a cell.
    return next((sign for sign in ("\t", ";") if sign in line), ",")


def _word(part: str) -> str:
    return part.casefold().replace("’", "'")
