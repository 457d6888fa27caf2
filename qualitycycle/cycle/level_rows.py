"""What has been read in of reference levels at the end of primary school: pupil by pupil, and as figures of others.

Own rows are about one pupil and one subject. Given figures are about a school year; those of the Inspectie also about
three years together, where the years themselves may be hidden.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from qualitycycle.cycle import import_states
from qualitycycle.imports.inspectie import Indicator
from qualitycycle.store.connect import Store

# The three of which every pupil has a level, and the name of all three together.
SUBJECTS = ("reading", "language_conventions", "maths")
WHOLE = "language_and_maths"
YEAR_GROUP, MOMENT = "8", "DT"
# Some tests call it reading comprehension.
SAME = {"reading_comprehension": "reading"}
_TARGET = {"maths": ("1S", "1S/2F", "2F", "3F")}
_LANGUAGE = ("2F", "1S/2F", "3F")
LEVELS = ("<1F", "1F", "1S", "2F", "1S/2F", "3F")
# Published by others for everybody to read, whether or not it is read in here.
_OFFICIAL = ("inspectie_ods", "duo_reference_levels")

Line = tuple[str | None, ...]


@dataclass(frozen=True)
class OwnRow:
    """The level of one pupil in one subject, from one import; `line` is its test."""

    batch_id: str
    year: str
    subject: str
    line: Line
    pupil: str
    value: float | None
    level: str
    measured_on: date | None


@dataclass(frozen=True)
class GivenYear:
    """A figure about one school year: a share, or a number of pupils at a level. `n` None: not published."""

    batch_id: str
    official: bool
    year: str
    subject: str
    level: str
    n: int | None
    value: float | None
    is_share: bool


@dataclass(frozen=True)
class GivenWhole:
    """A published figure about the three years that end with `last_year`."""

    batch_id: str
    official: bool
    last_year: str
    n: int


@dataclass(frozen=True)
class LevelRows:
    """Everything that was ever read in, and which imports counted at which time."""

    own: tuple[OwnRow, ...]
    years: tuple[GivenYear, ...]
    wholes: tuple[GivenWhole, ...]
    states: tuple[frozenset[str], ...]


def reached(indicator: Indicator, subject: str) -> frozenset[str]:
    """The levels that count as reached: the higher ones hold the lower."""
    if indicator is Indicator.FUNDAMENTAL:
        return frozenset(LEVELS) - {"<1F"}
    return frozenset(_TARGET.get(subject, _LANGUAGE))


def read(store: Store) -> LevelRows:
    """Rows of group 8 at the test that ends primary school, of every import there ever was."""
    own, years, wholes = tuple(_own(store)), tuple(_years(store)), tuple(_wholes(store))
    batch_ids = {one.batch_id for rows in (own, years, wholes) for one in rows}
    states = import_states.counted(store, batch_ids).values() if batch_ids else ()
    return LevelRows(own, years, wholes, tuple(states))


def _own(store: Store) -> Iterable[OwnRow]:
    rows = store.rows(
        """
        SELECT
          o.batch_id, o.school_year, o.subject, o.test_maker, o.test, o.edition, o.scale,
          o.pupil, o.value, o.level_name, o.measured_on
        FROM outcome o
        JOIN batch b USING (batch_id)
        WHERE o.pupil IS NOT NULL AND o.status = 'value' AND o.year_group = $group AND o.moment = $moment
          AND list_contains($levels, o.level_name) AND list_contains($subjects, o.subject)
        ORDER BY o.measured_on NULLS FIRST, b.data_version, o.batch_id, o.line
        """,
        group=YEAR_GROUP,
        moment=MOMENT,
        levels=list(LEVELS),
        subjects=[*SUBJECTS, *SAME],
    )
    named = {(row["school_year"], row["subject"]) for row in rows}
    for row in rows:
        if (row["school_year"], SAME.get(row["subject"])) in named:
            continue
        yield OwnRow(
            row["batch_id"],
            row["school_year"],
            SAME.get(row["subject"], row["subject"]),
            (row["subject"], row["test_maker"], row["test"], row["edition"], row["scale"]),
            row["pupil"],
            row["value"],
            row["level_name"],
            row["measured_on"],
        )


def _years(store: Store) -> Iterable[GivenYear]:
    rows = store.rows(
        """
        SELECT DISTINCT
          o.batch_id, b.kind, o.school_year, o.subject, coalesce(o.level_name, o.test, '') AS level,
          o.n_pupils, o.value, o.score_kind
        FROM outcome o
        JOIN batch b USING (batch_id)
        WHERE o.pupil IS NULL AND o.group_name IS NULL AND o.year_group = $group
          AND o.status = 'value' AND o.score_kind IN ('percentage', 'count')
          AND list_contains($levels, coalesce(o.level_name, o.test)) AND list_contains($subjects, o.subject)
        ORDER BY ALL
        """,
        group=YEAR_GROUP,
        levels=list(LEVELS),
        subjects=[WHOLE, *SUBJECTS],
    )
    for row in rows:
        yield GivenYear(
            row["batch_id"],
            row["kind"].startswith(_OFFICIAL),
            row["school_year"],
            row["subject"],
            row["level"],
            row["n_pupils"],
            row["value"],
            row["score_kind"] == "percentage",
        )


def _wholes(store: Store) -> Iterable[GivenWhole]:
    rows = store.rows(
        """
        SELECT DISTINCT r.batch_id, b.kind, r.school_year, r.value
        FROM reference_value r
        JOIN batch b USING (batch_id)
        WHERE r.subject = $subject AND r.name = 'published_n' AND r.value IS NOT NULL
        ORDER BY ALL
        """,
        subject=WHOLE,
    )
    for row in rows:
        official = row["kind"].startswith(_OFFICIAL)
        yield GivenWhole(row["batch_id"], official, row["school_year"], int(row["value"]))
