"""Study: reached reference levels over three years beside the threshold, as the Inspectie counts them.

Every pupil counts for three levels: reading, language conventions and maths. A school with fewer than fifteen pupils in
three years is looked at over five. What is set beside the school's own figure has a name each: the school's ambition,
the Inspectie's threshold for its school weighting, the national mean and the mean of schools with such a weighting.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from qualitycycle.cycle import gate, series
from qualitycycle.cycle.series import PUBLISHED, Point, Selection
from qualitycycle.imports.inspectie import Indicator, Verdict, three_year_share, verdict_of
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

N_YEARS, N_YEARS_SMALL = 3, 5
# Fewer pupils than this in three years make a small school.
SMALL = 15
SUBJECT = "language_and_maths"
# The level each of the three has to reach, by indicator.
_COUNTED = {
    Indicator.FUNDAMENTAL: {"maths": "1F", "reading": "1F", "language_conventions": "1F"},
    Indicator.TARGET: {"maths": "1S", "reading": "2F", "language_conventions": "2F"},
}
# Of the reference levels the higher ones hold the lower; 2F and 1S are the highest of their own subject.
_ORDER = ("<1F", "1F", "1S", "2F", "3F")
SIDE_NAMES = ("threshold", "national", "similar")


@dataclass(frozen=True)
class Beside:
    """What stands beside the school's figure: `name` is one of `SIDE_NAMES`, the years are those it is about."""

    name: str
    value: float
    first_year: str
    last_year: str


@dataclass(frozen=True)
class ReachedLevels:
    """The share of reached levels over `n_years`; None where `verdict` says why.

    `verdict` None: nothing is known to hold it against. `years` are all there are, the counted ones last.
    """

    level: str
    years: tuple[Point, ...]
    n_years: int
    share: float | None
    n: int | None
    verdict: Verdict | None
    beside: tuple[Beside, ...] = ()
    ambition: float | None = None
    school_weighting: float | None = None


# --- which lines -----------------------------------------------------------------------------------------


def is_reached_levels(selection: Selection) -> bool:
    """Whether a line is a share of reached levels of the whole school."""
    return (
        not selection.pupils
        and selection.subject == SUBJECT
        and selection.score_kind == "percentage"
        and selection.level in list(Indicator)
    )


def of_counts(selection: Selection) -> tuple[Selection, ...]:
    """The shares of reached levels that numbers per reference level add up to; none for another line."""
    counted = selection.score_kind == "count" and not selection.pupils and selection.scale == PUBLISHED
    if not counted or selection.subject not in _COUNTED[Indicator.FUNDAMENTAL]:
        return ()
    return tuple(
        Selection(
            SUBJECT,
            "percentage",
            pupils=False,
            test=str(level),
            scale=PUBLISHED,
            year_group=selection.year_group,
            level=str(level),
        )
        for level in Indicator
    )


def counted(selection: Selection) -> list[Selection]:
    """The numbers per reference level behind a share of reached levels."""
    return [
        Selection(
            subject,
            "count",
            pupils=False,
            test=level,
            scale=PUBLISHED,
            year_group=selection.year_group,
            level=level,
        )
        for subject in _COUNTED[Indicator.FUNDAMENTAL]
        for level in _ORDER
    ]


# --- the figure ------------------------------------------------------------------------------------------


def reached_levels(store: Store, selection: Selection, ambition: float | None = None) -> ReachedLevels | None:
    """The share of a school over its last years and what stands beside it; None where there is no year at all."""
    found = _judged(store, selection)
    return None if found is None else replace(found, ambition=ambition)


def moving(store: Store, selection: Selection) -> tuple[Point, ...]:
    """The figure at the end of each year that has one: what an indicator follows."""
    years = _years(store, selection)
    found = [(years[:end], _over(years[:end])) for end in range(N_YEARS, len(years) + 1)]
    return tuple(
        Point(until[-1].on, until[-1].label, share, n)
        for until, (_n_years, share, n) in found
        if share is not None
    )


def _judge(store: Store, selection: Selection) -> ReachedLevels | None:
    years = _years(store, selection)
    if not years:
        return None
    level = str(selection.level)
    last = years[-1].label[:9]
    n_years, share, n = _over(years)
    beside = tuple(beside_of(store, level, last))
    threshold = next((one.value for one in beside if one.name == "threshold"), None)
    found = ReachedLevels(
        level, years, n_years, share, n, None, beside, school_weighting=weighting_of(store, last)
    )
    published = _published(store, level, last)
    if published is not None and share is None and not _leaves_few(published[1], years):
        return replace(found, share=published[0], n=published[1], verdict=published[2])
    if share is None:
        small = n_years == N_YEARS_SMALL
        return replace(found, verdict=Verdict.SMALL_SCHOOL if small else Verdict.TOO_LITTLE_DATA)
    return found if threshold is None else replace(found, verdict=verdict_of(round(share, 2), threshold))


_judged = PerImport(_judge)


def _over(years: Sequence[Point]) -> tuple[int, float | None, int | None]:
    """Over how many years, the share, and of how many pupils; no share where a year of those is not known."""
    n_years = N_YEARS
    known = _known(years[-N_YEARS:])
    if len(known) == N_YEARS and sum(n for _share, n in known) < SMALL:
        n_years = N_YEARS_SMALL
        known = _known(years[-N_YEARS_SMALL:])
    n = sum(n for _share, n in known)
    if len(known) < n_years or not gate.is_enough(n) or not _follow(years[-n_years:]):
        return n_years, None, None
    shares = [share for share, _n in known]
    return n_years, float(three_year_share(shares, [n for _share, n in known])), n


def _leaves_few(n: int, years: Sequence[Point]) -> bool:
    """Whether a year that is hidden would follow: all years together less those that are shown."""
    from_year = int(years[-1].label[:4]) - N_YEARS + 1
    shown = sum(count for _share, count in _known(one for one in years if int(one.label[:4]) >= from_year))
    return shown > 0 and n > shown and not gate.is_enough(n - shown)


def _known(years: Iterable[Point]) -> list[tuple[float, int]]:
    return [(one.value, one.n) for one in years if one.value is not None and one.n]


def _follow(years: Sequence[Point]) -> bool:
    first = int(years[0].label[:4])
    return [int(one.label[:4]) for one in years] == list(range(first, first + len(years)))


def _years(store: Store, selection: Selection) -> tuple[Point, ...]:
    """The yearly shares, from the published line, else from the numbers per level."""
    own = series.whole(store, selection).points
    return own or tuple(_from_counts(store, selection))


def _from_counts(store: Store, selection: Selection) -> Iterable[Point]:
    """Per moment the reached levels of all that could be reached; hidden where one of the numbers is."""
    told: dict[str, dict[tuple[str, str], Point]] = {}
    for line in counted(selection):
        for point in series.whole(store, line).points:
            told.setdefault(point.label, {})[(line.subject, str(line.level))] = point
    for label, numbers in sorted(told.items()):
        yield _year_of_counts(label, numbers, Indicator(str(selection.level)))


def _year_of_counts(label: str, numbers: dict[tuple[str, str], Point], indicator: Indicator) -> Point:
    first = next(iter(numbers.values()))
    subjects = {subject for subject, _level in numbers}
    pupils = {point.n for point in numbers.values()}
    if any(point.value is None for point in numbers.values()):
        return Point(first.on, label, None, None, reason="masked")
    if len(subjects) < len(_COUNTED[indicator]) or None in pupils:
        return Point(first.on, label, None, None, reason="empty")
    reached = sum(
        point.value or 0
        for (subject, level), point in numbers.items()
        if _ORDER.index(level) >= _ORDER.index(_COUNTED[indicator][subject])
    )
    taken = sum(
        max(point.n or 0 for (of, _level), point in numbers.items() if of == subject) for subject in subjects
    )
    n = round(taken / len(subjects))
    return Point(first.on, label, 100 * reached / taken, n) if taken else Point(first.on, label, None, None)


# --- what stands beside it -------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Band:
    first_year: str
    last_year: str
    weighting_from: float
    weighting_until: float
    level: str
    threshold: float
    mean: float
    n_schools: int


@cache
def _bands() -> tuple[_Band, ...]:
    """Thresholds and means per school weighting, with the school years of the results they are about."""
    with resources.files("qualitycycle.cycle").joinpath("thresholds_po.csv").open(encoding="utf-8") as file:
        return tuple(
            _Band(
                row["first_year"],
                row["last_year"],
                float(row["weighting_from"]),
                float(row["weighting_until"]),
                row["level"],
                float(row["threshold"]),
                float(row["mean"]),
                int(row["n_schools"]),
            )
            for row in csv.DictReader(file)
        )


def weighting_of(store: Store, school_year: str) -> float | None:
    """The school weighting that was read in for a school year, else the newest of the years before."""
    rows = store.rows(
        """
        SELECT r.value FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.name = 'school_weighting' AND r.school_year <= $year
        ORDER BY r.school_year DESC, b.data_version DESC LIMIT 1
        """,
        year=school_year,
    )
    return float(rows[0]["value"]) if rows else None


def beside_of(store: Store, level: str, school_year: str) -> list[Beside]:
    """Threshold, national mean and similar schools for the results of a school year.

    What came with the school's own figures goes first; the rest is looked up by its school weighting.
    """
    found = {one.name: one for one in _looked_up(store, level, school_year)}
    found |= {one.name: one for one in _read_in(store, level, school_year)}
    return [found[name] for name in SIDE_NAMES if name in found]


def _looked_up(store: Store, level: str, school_year: str) -> Iterable[Beside]:
    # A table is about its own years and holds until there is a newer one, never for earlier results.
    tables = [one for one in _bands() if one.level == level and one.first_year <= school_year]
    newest = max((one.last_year for one in tables), default="")
    bands = [one for one in tables if one.last_year == newest]
    if not bands:
        return
    years = bands[0].first_year, newest
    n_schools = sum(one.n_schools for one in bands)
    yield Beside("national", round(sum(one.mean * one.n_schools for one in bands) / n_schools, 1), *years)
    weighting = weighting_of(store, school_year)
    for band in bands:
        if weighting is not None and band.weighting_from <= weighting < band.weighting_until:
            yield Beside("threshold", band.threshold, *years)
            yield Beside("similar", band.mean, *years)


def _read_in(store: Store, level: str, school_year: str) -> Iterable[Beside]:
    rows = store.rows(
        """
        SELECT r.name, arg_max(r.value, r.school_year) AS value, max(r.school_year) AS school_year
        FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.subject = $subject AND r.label = $level AND r.value IS NOT NULL
          AND r.school_year <= $year AND list_contains($names, r.name)
        GROUP BY r.name
        """,
        subject=SUBJECT,
        level=level,
        year=school_year,
        names=list(SIDE_NAMES),
    )
    for row in rows:
        yield Beside(row["name"], float(row["value"]), row["school_year"], row["school_year"])


def _published(store: Store, level: str, school_year: str) -> tuple[float, int, Verdict] | None:
    """The figure over three years as it was published, for who may not see the years themselves."""
    rows = store.rows(
        """
        SELECT r.name, r.value FROM reference_value r JOIN batch b USING (batch_id)
        WHERE b.state = 'current' AND r.subject = $subject AND r.label = $level AND r.school_year = $year
          AND starts_with(r.name, 'published_') AND r.value IS NOT NULL
        """,
        subject=SUBJECT,
        level=level,
        year=school_year,
    )
    told = {row["name"].removeprefix("published_"): float(row["value"]) for row in rows}
    n = int(told.pop("n", 0))
    verdict = next((one for one in Verdict if one in told), None)
    return (told[verdict], n, verdict) if verdict is not None and gate.is_enough(n) else None
