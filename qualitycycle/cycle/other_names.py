"""Study: the same results of the same pupils that were read in under another name as well.

A file that was read in with the wrong test, moment, year group or school year is taken back and comes again under the
right one. What was shown of it under the wrong name was seen, and maybe kept as evidence: beside the new figure it
tells of the few pupils who are in one of the two. So a line is asked about imports that were ever taken back as well,
whatever they called it. Lines that count side by side are what the school has read in so itself.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from qualitycycle.analysis import disclosure
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

# A school year and a moment.
Key = tuple[str, str | None]
# A pupil with what a figure tells of her.
Told = frozenset[Hashable]
# What tells one line at one moment from another.
_NAME = ("test_maker", "test", "edition", "scale", "year_group", "school_year", "moment")
# Constant text. That two moments give the same level says little: without a score it only counts at the same moment,
# or where the other file does not count.
_SAME = {
    "value": "o.score_kind = own.score_kind AND o.value = own.value",
    "level": """
        o.level_name = own.level_name AND o.value IS NOT DISTINCT FROM own.value
        AND (
          o.value IS NOT NULL OR b.state <> 'current'
          OR (o.school_year = own.school_year AND o.moment IS NOT DISTINCT FROM own.moment)
        )
    """,
}


@dataclass(frozen=True)
class Name:
    """One line at one moment, as a file names it."""

    test_maker: str | None
    test: str | None
    edition: str | None
    scale: str | None
    year_group: str | None
    school_year: str
    moment: str | None

    @property
    def key(self) -> Key:
        return self.school_year, self.moment


@dataclass(frozen=True)
class Shown:
    """What one import told under another name, the data version it came in, and which pupils in which groups."""

    version: int
    told: Told
    who: int


@dataclass(frozen=True)
class Elsewhere:
    """What each import told under another name."""

    name: Name
    shown: tuple[Shown, ...]


def elsewhere(
    store: Store, of_line: str, line: Mapping[str, Any], key: Key, *, levels: bool
) -> tuple[Shown, ...]:
    """What was told of nearly the same results of a moment under other names, and of nearly the same as those.

    In time. `of_line` is where the rows of the line are, with its parameters in
    `line`; `levels`: the line tells levels, not scores.
    """
    if not _taken_back(store):
        return ()
    waiting = [(dict(line), key)]
    seen = [(dict(line), key)]
    found: list[Shown] = []
    while waiting:
        own, moment = waiting.pop()
        for one in _by_moment(store, of_line, tuple(own.items()), levels).get(moment, ()):
            named = {part: value for part, value in asdict(one.name).items() if part in own}
            other = ({**own, **named}, one.name.key)
            if other not in seen:
                seen.append(other)
                waiting.append(other)
                found += one.shown
    return tuple(sorted(found, key=lambda one: one.version))


def _told_by_moment(
    store: Store, of_line: str, line: tuple[tuple[str, Any], ...], levels: bool
) -> dict[Key, tuple[Elsewhere, ...]]:
    """Per moment of a line the other names under which nearly the same results were read in and taken back."""
    asked = dict(line)
    found: dict[Key, list[Elsewhere]] = {}
    for row in _nearly_the_same(store, of_line, asked, levels):
        name = Name(*(row[one] for one in _NAME))
        shown = _shown(store, name, asked, levels)
        found.setdefault((row["own_year"], row["own_moment"]), []).append(Elsewhere(name, shown))
    return {key: tuple(own) for key, own in found.items()}


def _subject_of(_of_line: str, line: tuple[tuple[str, Any], ...], _levels: bool) -> str:
    return str(dict(line)["subject"])


_by_moment = PerImport(_told_by_moment, about=_subject_of)


def _read_taken_back(store: Store) -> frozenset[str]:
    # An import that never changed has counted ever since.
    rows = store.rows("SELECT batch_id FROM batch WHERE revision > 1")
    return frozenset(row["batch_id"] for row in rows)


_taken_back = PerImport(_read_taken_back)


def _nearly_the_same(
    store: Store, of_line: str, line: Mapping[str, Any], levels: bool
) -> list[dict[str, Any]]:
    """Moments elsewhere that hold all but a few of the results of a moment here, or the other way round.

    One of the two was ever taken back.
    """
    names, pairs = (", ".join(f"{table}.{name}" for name in _NAME) for table in ("o", "p"))
    same_name = " AND ".join(f"s.{name} IS NOT DISTINCT FROM p.{name}" for name in _NAME)
    told = _SAME["level" if levels else "value"]
    what = "o.level_name IS NOT NULL" if levels else "o.score_kind = $score_kind"
    return store.rows(
        f"""
        WITH own AS (
          SELECT o.batch_id, o.school_year, o.moment, o.year_group, o.test_maker, o.test, o.edition, o.scale,
                 o.pupil, o.score_kind, o.value, o.level_name, b.revision,
                 count(*) OVER (PARTITION BY o.batch_id, o.school_year, o.moment) AS n
          {of_line} AND o.status = 'value'
        ),
        pairs AS (
          SELECT own.school_year AS own_year, own.moment AS own_moment, own.batch_id AS own_batch,
                 any_value(own.n) AS own_n, o.batch_id, {names}, count(*) AS n_same
          FROM outcome o
          JOIN batch b ON b.batch_id = o.batch_id AND (b.revision > 1 OR $any_revision)
          JOIN own ON own.pupil = o.pupil AND own.batch_id <> o.batch_id AND {told}
          WHERE o.subject = $subject AND o.status = 'value' AND (b.revision > 1 OR own.revision > 1)
            AND ({names}) IS DISTINCT FROM (
              own.test_maker, own.test, own.edition, own.scale, own.year_group, own.school_year, own.moment
            )
          GROUP BY ALL
          HAVING count(*) >= $floor
        ),
        sizes AS (
          SELECT o.batch_id, {names}, count(*) AS n
          FROM outcome o
          WHERE o.subject = $subject AND o.pupil IS NOT NULL AND o.status = 'value' AND {what}
            AND o.batch_id IN (SELECT batch_id FROM pairs)
          GROUP BY ALL
        )
        SELECT DISTINCT p.own_year, p.own_moment, {pairs}
        FROM pairs p
        JOIN sizes s ON s.batch_id = p.batch_id AND {same_name}
        WHERE least(p.own_n, s.n) - p.n_same < $floor
        ORDER BY ALL
        """,  # noqa: S608
        floor=disclosure.FLOOR,
        any_revision=not _taken_back(store).isdisjoint(_batch_ids(store, of_line, line)),
        **line,
    )


def _batch_ids(store: Store, of_line: str, line: Mapping[str, Any]) -> frozenset[str]:
    rows = store.rows(f"SELECT DISTINCT o.batch_id {of_line}", **line)
    return frozenset(row["batch_id"] for row in rows)


def _shown(store: Store, name: Name, line: Mapping[str, Any], levels: bool) -> tuple[Shown, ...]:
    same = " AND ".join(f"o.{one} IS NOT DISTINCT FROM ${one}" for one in _NAME)
    rows = store.rows(
        f"""
        SELECT b.data_version, o.pupil, o.value, o.level_name, hash(o.pupil, o.group_name) AS who
        FROM outcome o
        JOIN batch b USING (batch_id)
        WHERE o.subject = $subject AND o.pupil IS NOT NULL AND o.status = 'value' AND {same}
          AND CASE WHEN $levels THEN o.level_name IS NOT NULL ELSE o.score_kind = $score_kind END
        ORDER BY b.data_version, o.measured_on NULLS FIRST, o.line
        """,  # noqa: S608
        subject=line["subject"],
        score_kind=line["score_kind"],
        levels=levels,
        **asdict(name),
    )
    # A pupil counts once, with the latest result.
    told: dict[int, dict[str, Hashable]] = {}
    who: dict[int, int] = {}
    for row in rows:
        version = row["data_version"]
        told.setdefault(version, {})[row["pupil"]] = row["level_name"] if levels else row["value"]
        who[version] = who.get(version, 0) ^ row["who"]
    return tuple(Shown(version, frozenset(own.items()), who[version]) for version, own in told.items())
