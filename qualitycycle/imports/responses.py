"""A form that people filled in elsewhere: one row per person, of which only the answers come further than the door.

A column is kept because it fits a statement or names a team. Everything else, known or not, is left behind in the
reading: times, mail addresses, names, addresses of computers, numbers, scores, remarks.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise

from qualitycycle.imports import privacy
from qualitycycle.imports.fields import clean, plain
from qualitycycle.imports.files import Content, RawTable, read_tables
from qualitycycle.model import Instrument

# How alike a heading and a statement must be; what stays open is filled in by number, then by order.
ALIKE = 0.8
# So many statements in a row of column names are no chance.
N_STATEMENTS = 2
# A person's own words stand in a file once; a choice of the form that we do not know stands there more often.
TIMES_SEEN = 2
LONGEST_CHOICE = 60
MOST_TEAMS = 30
NO_ANSWER = 0
# Stands in the place of what was left behind; no file can contain it.
UNREADABLE = "\0"
_NUMBERED = re.compile(r"(?:v|q|vraag|question|stelling|statement|item|nr)? ?0*(\d{1,3})", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\[(.+)\]\s*$")
_VALUE_AND_WORDS = re.compile(r"(\d{1,2})(?:[.,]0)?\s*(?:[-–:=.)]\s*(.+))?")
_TIME = re.compile(r"\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|\d{1,2}[-/]\d{1,2}[-/]\d{2,4}")
_ADDRESS = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){3,}[0-9a-f]{0,4}", re.IGNORECASE)


class Gone(StrEnum):
    """What a column was that stayed behind."""

    TIME = "time"
    MAIL = "mail"
    NAME = "name"
    COMPUTER = "computer"
    NUMBER = "number"
    SCORE = "score"
    PERSONAL = "personal"
    OTHER = "other"


class Aside(StrEnum):
    """Why a row is put aside."""

    ANSWER = "answer"
    TEAM = "team"


@dataclass(frozen=True)
class Left:
    """A column that was not read."""

    heading: str
    why: Gone


@dataclass(frozen=True, eq=False)
class Forms:
    """What came through the door: answers by heading, rows in random order, each with its line in the file.

    `suggested` maps statements to headings; `teams` are headings of columns that may name a team.
    """

    answers: dict[str, list[str]]
    teams: dict[str, list[str]]
    lines: list[int]
    left: tuple[Left, ...]
    n_empty: int
    suggested: dict[str, str]

    @property
    def n(self) -> int:
        return len(self.lines)


@dataclass(frozen=True)
class FormMapping:
    """Statement to heading, the form's own words to values, and which team a row belongs to.

    Without a `team_column` all rows belong to `team`; else `teams` maps what stands there to teams.
    """

    columns: dict[str, str]
    words: dict[str, int] = field(default_factory=dict)
    team: str = ""
    team_column: str = ""
    teams: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PutAside:
    """A row that cannot be read: where it stands, never what stands there."""

    line: int
    column: str
    why: Aside


@dataclass(frozen=True, eq=False)
class FormsRead:
    """The rows that can be stored, as team and answers, in random order; and those that cannot."""

    given: list[tuple[str, dict[str, int]]] = field(repr=False)
    aside: list[PutAside]
    n_blank: int

    @property
    def n_by_team(self) -> dict[str, int]:
        return dict(Counter(team for team, _answers in self.given))


# --- the door --------------------------------------------------------------------------------------------

_BY_HEADING: tuple[tuple[Gone, str], ...] = (
    (
        Gone.TIME,
        r"begintijd|starttijd|start time|eindtijd|end time|tijdstempel|timestamp|tijdstip|datum\w*|date|time|"
        r"tijd van \w+( \w+)?|completion time|last modified time|tijd|duration|duur|ingevuld op|verzonden op|"
        r"submitted( at)?|grade posted time|tijd waarop .*",
    ),
    (Gone.MAIL, r"e ?mail\w*( ?adres)?|mailadres|email address|gebruikersnaam|username|user name|account"),
    (Gone.COMPUTER, r"ip( ?adres| address)?|netwerk ?id|browser|apparaat|device|user agent"),
    (Gone.NUMBER, r"id|nr|nummer|no|respondent ?id|response ?id|antwoord ?id|inzending\w*|#|"),
    (
        Gone.SCORE,
        r"score|totaal ?score|total ?(score|points)|totaal ?(aantal )?punten|punten( .*)?|points( .*)?|"
        r"feedback( .*)?|quiz ?feedback|toets ?feedback|cijfer|grade",
    ),
)
_GONE = tuple((why, re.compile(words)) for why, words in _BY_HEADING)
_TEAM_WORDS = re.compile(
    r"\b(team|teams|bouw|onderbouw|middenbouw|bovenbouw|afdeling|sectie|unit|locatieteam|leerjaarteam|department)\b"
)


def read_forms(content: Content, filename: str, instrument: Instrument, team_names: Sequence[str]) -> Forms:
    """Read an export of one row per person and keep the answers and the team.

    Raises `ImportRejected` when nothing in the file can be read as a table.
    """
    table = max(read_tables(content, filename), key=lambda found: len(found.frame) * len(found.columns))
    columns = {heading: _cells(table, heading) for heading in table.columns}
    statements = set(_by_text(columns, instrument).values())
    gone = {
        heading: _gone(heading, cells, asks=heading in statements or _in_words(cells, instrument))
        for heading, cells in columns.items()
    }
    open_ = {heading: cells for heading, cells in columns.items() if gone[heading] is None}
    suggested = suggest(open_, instrument)
    answers = {
        heading: cells
        for heading, cells in open_.items()
        if heading in suggested.values() or _is_answered(cells, instrument)
    }
    teams = {
        heading: cells
        for heading, cells in open_.items()
        if heading not in answers and _names_teams(heading, cells, team_names)
    }
    left = tuple(
        Left(heading, gone[heading] or Gone.OTHER)
        for heading in table.columns
        if heading not in answers and heading not in teams
    )
    known = choices(instrument)
    answers = _only_choices(answers, lambda cell: value_of(cell, known) is not None)
    names = {name.casefold() for name in team_names}
    teams = _only_choices(teams, lambda cell: cell.casefold() in names)
    return _shuffled(answers, teams, [int(line) for line in table.frame.index], left, suggested)


def _cells(table: RawTable, heading: str) -> list[str]:
    return [
        clean(text) if isinstance(text, str) else "" for text in table.frame[heading].astype(object).tolist()
    ]


def _gone(heading: str, cells: Sequence[str], *, asks: bool) -> Gone | None:
    """What gives a column away, by its heading or by what stands in it; None for one that may be looked at.

    One that `asks` is known as a question: “we talk with parents” is no column about parents.
    """
    name = plain(re.sub(r"#\d+'*$", "", heading))
    for why, words in _GONE:
        if words.fullmatch(name):
            return why
    filled = [cell for cell in cells if cell]
    dropped = None if asks else privacy.by_name(heading)
    dropped = dropped or privacy.by_values(heading, sorted(set(filled)))
    if dropped is not None:
        return {
            privacy.Drop.NAME: Gone.NAME,
            privacy.Drop.STAFF_NAME: Gone.NAME,
            privacy.Drop.EMAIL: Gone.MAIL,
        }.get(dropped, Gone.PERSONAL)
    for why, looks in ((Gone.TIME, _TIME), (Gone.COMPUTER, _ADDRESS)):
        if filled and sum(bool(looks.search(cell)) for cell in filled) > len(filled) / 2:
            return why
    # 1, 2, 3, …: the order in which the forms came in.
    counted = [cell for cell in filled if cell.isdigit()]
    if len(counted) > 2 and len(counted) == len(filled) and _counts_up([int(cell) for cell in counted]):
        return Gone.NUMBER
    return None


def _counts_up(numbers: Sequence[int]) -> bool:
    return all(later - earlier == 1 for earlier, later in pairwise(numbers))


def _in_words(cells: Sequence[str], instrument: Instrument) -> bool:
    """Whether most of a column are choices in words; figures alone may be anything."""
    filled = [cell for cell in cells if cell]
    known = choices(instrument)
    said = sum(any(sign.isalpha() for sign in cell) and value_of(cell, known) is not None for cell in filled)
    return bool(filled) and said >= len(filled) / 2


def _is_answered(cells: Sequence[str], instrument: Instrument) -> bool:
    filled = [cell for cell in cells if cell]
    known = choices(instrument)
    return bool(filled) and sum(value_of(cell, known) is not None for cell in filled) >= len(filled) / 2


def _names_teams(heading: str, cells: Sequence[str], team_names: Sequence[str]) -> bool:
    found = {cell.casefold() for cell in cells if cell}
    if not 0 < len(found) <= MOST_TEAMS:
        return False
    known = {name.casefold() for name in team_names}
    return bool(found & known) or (
        bool(_TEAM_WORDS.search(plain(heading))) and not privacy.holds_names([*found])
    )


def _only_choices(columns: Mapping[str, list[str]], is_known: Callable[[str], bool]) -> dict[str, list[str]]:
    """Without what a single person typed: it says nothing to us and may say who she is."""
    seen = Counter(normal(cell) for cells in columns.values() for cell in cells)
    return {
        heading: [
            cell if not cell or is_known(cell) or _may_be_a_choice(cell, seen[normal(cell)]) else UNREADABLE
            for cell in cells
        ]
        for heading, cells in columns.items()
    }


def _may_be_a_choice(cell: str, times: int) -> bool:
    return times >= TIMES_SEEN and len(cell) <= LONGEST_CHOICE and not privacy.is_personal(cell)


def _shuffled(
    answers: Mapping[str, list[str]],
    teams: Mapping[str, list[str]],
    lines: Sequence[int],
    left: tuple[Left, ...],
    suggested: dict[str, str],
) -> Forms:
    """In random order, without the rows in which nobody answered anything."""
    rows = [n for n in range(len(lines)) if any(cells[n] for cells in answers.values())]
    n_empty = len(lines) - len(rows)
    random.SystemRandom().shuffle(rows)
    return Forms(
        answers={heading: [cells[n] for n in rows] for heading, cells in answers.items()},
        teams={heading: [cells[n] for n in rows] for heading, cells in teams.items()},
        lines=[lines[n] for n in rows],
        left=left,
        n_empty=n_empty,
        suggested=suggested,
    )


def are_answers(headings: Iterable[str], instruments: Iterable[Instrument]) -> bool:
    """Whether columns are statements of one of the questionnaires, word for word."""
    said = {_said(heading) for heading in headings}
    return any(
        sum(any(_said(text) in said for text in item.text.values()) for item in one.items) >= N_STATEMENTS
        for one in instruments
    )


# --- which column is which statement ---------------------------------------------------------------------


def suggest(columns: Mapping[str, Sequence[str]], instrument: Instrument) -> dict[str, str]:
    """Statement to heading: by its text, then by its number or key, then, when as many are left, by order."""
    keys = [key for scale in instrument.scales for key in scale.items]
    found = _by_text(columns, instrument)
    for heading in columns:
        key = _by_number(heading, keys, instrument)
        if key is not None and key not in found and heading not in found.values():
            found[key] = heading
    open_keys = [key for key in keys if key not in found]
    answered = [
        heading
        for heading, cells in columns.items()
        if heading not in found.values() and _is_answered(cells, instrument)
    ]
    if len(open_keys) == len(answered):
        found |= dict(zip(open_keys, answered, strict=True))
    return {key: found[key] for key in keys if key in found}


def _by_text(columns: Iterable[str], instrument: Instrument) -> dict[str, str]:
    pairs = []
    for heading in columns:
        said = _said(heading)
        for item in instrument.items:
            likeness = max(_likeness(said, _said(text)) for text in item.text.values())
            if likeness >= ALIKE:
                pairs.append((likeness, item.key, heading))
    found: dict[str, str] = {}
    for _how_alike, key, heading in sorted(pairs, key=lambda pair: -pair[0]):
        if key not in found and heading not in found.values():
            found[key] = heading
    return found


def asked(heading: str) -> str:
    """What a heading asks; of a grid (“how far do you agree … [statement]”) only the statement."""
    inner = _IN_BRACKETS.search(heading)
    return inner.group(1) if inner else heading


def _said(heading: str) -> str:
    words = plain(asked(heading))
    return re.sub(r"^(?:v|q|vraag|question|stelling|statement)? ?\d{1,3} ", "", words)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.ratio() if matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE else 0.0


def _by_number(heading: str, keys: Sequence[str], instrument: Instrument) -> str | None:
    name = heading.strip().casefold()
    if name in keys:
        return name
    match = _NUMBERED.fullmatch(plain(heading))
    if match is None or not 1 <= int(match.group(1)) <= len(keys):
        return None
    return keys[int(match.group(1)) - 1]


# --- from words to values --------------------------------------------------------------------------------


def normal(text: str) -> str:
    """A choice as it is compared: small letters, single spaces, nothing at its ends."""
    return " ".join(text.casefold().split()).strip(" .!;,")


def choices(instrument: Instrument) -> dict[str, int]:
    """The words and numbers of an instrument's answers, in every language, with their values."""
    known = {str(value): value for value in instrument.labels}
    for value, label in instrument.labels.items():
        known |= {normal(text): value for text in label.values()}
    return known | {normal(text): NO_ANSWER for text in instrument.no_answer.values()}


def value_of(cell: str, known: Mapping[str, int]) -> int | None:
    """The value that a cell names, 0 for no answer; None when it names none. “4 - agree” must agree with itself."""
    text = normal(cell)
    if not text:
        return NO_ANSWER
    if text in known:
        return known[text]
    match = _VALUE_AND_WORDS.fullmatch(text)
    if match is None:
        return None
    value = known.get(str(int(match.group(1))))
    words = match.group(2)
    return value if words is None or known.get(normal(words)) == value else None


def unknown_words(forms: Forms, mapping: FormMapping, instrument: Instrument) -> list[str]:
    """Choices of the form that we do not know, most frequent first."""
    known = choices(instrument) | mapping.words
    seen: Counter[str] = Counter()
    for heading in set(mapping.columns.values()):
        for cell in forms.answers.get(heading, ()):
            if value_of(cell, known) is None and any(sign.isalpha() for sign in cell):
                seen[normal(cell)] += 1
    return [word for word, _times in seen.most_common()]


def team_words(forms: Forms, column: str) -> list[str]:
    """What stands in a team's column, most frequent first."""
    return [
        word for word, _times in Counter(cell for cell in forms.teams.get(column, ()) if cell).most_common()
    ]


def read_rows(forms: Forms, mapping: FormMapping, instrument: Instrument) -> FormsRead:
    """Every row as its team and its answers, or put aside with the place of what cannot be read."""
    known = choices(instrument) | mapping.words
    given: list[tuple[str, dict[str, int]]] = []
    aside: list[PutAside] = []
    n_blank = 0
    for n, line in enumerate(forms.lines):
        values = {key: value_of(forms.answers[column][n], known) for key, column in mapping.columns.items()}
        wrong = [mapping.columns[key] for key, value in values.items() if value is None]
        answers = {key: value for key, value in values.items() if value}
        team = _team(forms, mapping, n)
        if wrong:
            aside += [PutAside(line, column, Aside.ANSWER) for column in wrong]
        elif not answers:
            n_blank += 1
        elif team is None:
            aside.append(PutAside(line, mapping.team_column, Aside.TEAM))
        else:
            given.append((team, answers))
    return FormsRead(given, sorted(aside, key=lambda one: (one.line, one.column)), n_blank)


def _team(forms: Forms, mapping: FormMapping, n: int) -> str | None:
    if not mapping.team_column:
        return mapping.team or None
    return mapping.teams.get(forms.teams[mapping.team_column][n])
