"""Study: reached reference levels over three years beside the threshold, as the Inspectie counts them.

Every pupil counts for three levels: reading, language conventions and maths. A school with fewer than fifteen pupils in
three years is looked at over five. What is set beside the school's own figure has a name each: the school's ambition,
the Inspectie's threshold for its school weighting, the national mean and the mean of schools with such a weighting.

A figure rests on one source: on figures about a year that others published or the school typed, or on the school's own
rows, pupil by pupil. The two are never added up: exempted pupils and late arrivals make them different pupils.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from qualitycycle.cycle import gate, level_gate, level_rows, level_sides, series
from qualitycycle.cycle.access import Right, require, year_groups_seen
from qualitycycle.cycle.level_gate import N_YEARS, N_YEARS_SMALL, SMALL, LetOut, OwnYear
from qualitycycle.cycle.level_rows import MOMENT, SUBJECTS, YEAR_GROUP
from qualitycycle.cycle.level_rows import WHOLE as SUBJECT
from qualitycycle.cycle.level_sides import Beside
from qualitycycle.cycle.series import PUBLISHED, Point, Selection
from qualitycycle.imports.inspectie import Indicator, Verdict, three_year_share, verdict_of
from qualitycycle.model import Actor
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

# Of the reference levels the higher ones hold the lower; 2F and 1S are the highest of their own subject.
_ORDER = ("<1F", "1F", "1S", "2F", "3F")


class Source(StrEnum):
    """What a figure rests on: figures about a year as they were read in, or the school's own rows by pupil."""

    GIVEN = "given"
    OWN = "own"


@dataclass(frozen=True)
class SubjectYear:
    """How many pupils reached the level in one subject in one year, of the school's own rows; None: hidden."""

    year: str
    subject: str
    n: int | None = None
    reached: int | None = None


@dataclass(frozen=True)
class ReachedLevels:
    """The share of reached levels over `n_years`; None where `verdict` and `reason` say why.

    `verdict` None: nothing is known to hold it against. `years` are all there are, the counted ones last; `missing`
    those that would count and are not here.
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
    source: Source = Source.GIVEN
    reason: str | None = None
    missing: tuple[str, ...] = ()
    subjects: tuple[SubjectYear, ...] = ()


# --- which lines -----------------------------------------------------------------------------------------


def is_reached_levels(selection: Selection) -> bool:
    """Whether a line is a share of reached levels of the whole school."""
    return (
        selection.subject == SUBJECT
        and selection.score_kind == "percentage"
        and selection.level in list(Indicator)
    )


def of_line(store: Store, selection: Selection) -> tuple[Selection, ...]:
    """The shares of reached levels that a line is part of: numbers per level, or own rows of the last year."""
    if selection.year_group != YEAR_GROUP or selection.score_kind not in ("level", "count"):
        return ()
    own = level_gate.let_out(store).own_lines if selection.pupils else ()
    line = (selection.subject, selection.test_maker, selection.test, selection.edition, selection.scale)
    if selection.pupils:
        return tuple(_share(level, Source.OWN) for level in Indicator) if line in own else ()
    counted = selection.subject in SUBJECTS and selection.scale == PUBLISHED
    return tuple(_share(level, Source.GIVEN) for level in Indicator) if counted else ()


def source_of(selection: Selection) -> Source:
    """What a share of reached levels rests on."""
    return Source.OWN if selection.pupils else Source.GIVEN


def other_source(store: Store, actor: Actor, selection: Selection) -> Selection | None:
    """The same share from the other source; None where nothing was read in for that, or not for who asks."""
    require(actor, Right.SEE_OUTCOMES)
    other = Source.GIVEN if source_of(selection) is Source.OWN else Source.OWN
    line = _share(Indicator(str(selection.level)), other)
    seen = series.may_see(line, year_groups_seen(store, actor))
    return line if seen and _points(store, line) else None


def files_of(store: Store, selection: Selection) -> frozenset[str]:
    """The imports with own rows behind a share of reached levels."""
    own = source_of(selection) is Source.OWN
    return level_gate.let_out(store).own_files if own else frozenset()


def _share(level: Indicator, source: Source) -> Selection:
    return Selection(
        SUBJECT,
        "percentage",
        pupils=source is Source.OWN,
        test=str(level),
        scale=PUBLISHED,
        year_group=YEAR_GROUP,
        level=str(level),
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
        for subject in SUBJECTS
        for level in _ORDER
    ]


# --- the figure ------------------------------------------------------------------------------------------


def reached_levels(store: Store, selection: Selection, ambition: float | None = None) -> ReachedLevels | None:
    """The share of a school over its last years and what stands beside it; None where there is no year at all."""
    found = _judged(store, selection)
    return None if found is None else replace(found, ambition=ambition)


def moving(store: Store, selection: Selection) -> tuple[Point, ...]:
    """The figure at the end of each year that has one: what an indicator follows."""
    years = _points(store, selection)
    ends = [(years[place], _together(store, selection, years[: place + 1])) for place in range(len(years))]
    return tuple(
        Point(last.on, last.label, found.share, found.n) for last, found in ends if found.share is not None
    )


@dataclass(frozen=True)
class _Together:
    """Years together: how many, their share, of how many pupils; or why not, and which years lack."""

    n_years: int
    share: float | None = None
    n: int | None = None
    reason: str | None = None
    missing: tuple[str, ...] = ()


def _judge(store: Store, selection: Selection) -> ReachedLevels | None:
    years = _points(store, selection)
    if not years:
        return None
    level = str(selection.level)
    last = years[-1].label[:9]
    told = _together(store, selection, years)
    found = ReachedLevels(
        level,
        years,
        told.n_years,
        told.share,
        told.n,
        None,
        tuple(level_sides.beside_of(store, level, last)),
        school_weighting=level_sides.weighting_of(store, last),
        source=source_of(selection),
        reason=told.reason,
        missing=told.missing,
        subjects=tuple(_subject_years(store, selection, told.n_years)),
    )
    published = level_sides.published(store, level, last) if found.source is Source.GIVEN else None
    if published is not None and told.share is None:
        share, n, verdict = published
        return replace(found, n_years=N_YEARS, share=share, n=n, verdict=verdict, reason=None, missing=())
    if told.share is None:
        small = told.n_years == N_YEARS_SMALL
        return replace(found, verdict=Verdict.SMALL_SCHOOL if small else Verdict.TOO_LITTLE_DATA)
    threshold = next((one.value for one in found.beside if one.name == "threshold"), None)
    if threshold is None:
        return found
    return replace(found, verdict=verdict_of(round(told.share, 2), threshold))


_judged = PerImport(_judge)


def _points(store: Store, selection: Selection) -> tuple[Point, ...]:
    """The yearly shares: of own rows, or from the published line, else from the numbers per level."""
    if source_of(selection) is Source.OWN:
        return tuple(_own_points(level_gate.let_out(store), Indicator(str(selection.level))))
    return series.whole(store, selection).points or tuple(_from_counts(store, selection))


def _together(store: Store, selection: Selection, years: Sequence[Point]) -> _Together:
    let_out = level_gate.let_out(store)
    last = years[-1].label[:9]
    if source_of(selection) is Source.OWN:
        return _own_together(let_out, Indicator(str(selection.level)), last)
    given = {year: one for (level, year), one in let_out.given.items() if level == selection.level}
    if last not in given:
        return _over(years)
    counts = {year: n for year, (n, _share_) in given.items()}
    counting = level_gate.together(counts, last)
    if counting and (str(selection.level), last) in let_out.given_together:
        told = [given[one] for one in counting]
        share = three_year_share([one for _n, one in told], [n for n, _one in told])
        return _Together(len(counting), float(share), sum(n for n, _one in told))
    held = any((year, SUBJECT, counts[year]) in let_out.held_given for year in counting or ())
    return _why_not(counts, last, [*years], "beside_own" if held else None)


def _why_not(
    counts: Mapping[str, int], last: str, years: Iterable[Point], held: str | None = None, floor: int = 5
) -> _Together:
    """Why there is no figure at the end of a year, and which years lack."""
    three = level_gate.until(last, N_YEARS)
    small = all(one in counts for one in three) and sum(counts[one] for one in three) < SMALL
    needed = level_gate.until(last, N_YEARS_SMALL) if small else three
    missing = tuple(one for one in needed if one not in counts)
    told = {point.label[:9]: point.reason for point in years}
    n_years = len(needed)
    if missing:
        why = {told.get(one) for one in missing}
        masked = "years_masked" if why & {"masked", "lt5"} else "years_missing"
        reason = "subjects_missing" if "subjects_missing" in why else masked
        return _Together(n_years, reason=reason, missing=missing)
    few = not gate.is_enough(sum(counts[one] for one in needed), floor=floor)
    return _Together(n_years, reason=held or ("too_few" if few else "would_follow"))


# --- own rows --------------------------------------------------------------------------------------------


def _own_points(let_out: LetOut, level: Indicator) -> Iterable[Point]:
    for year in sorted({year for year, _subject in {*let_out.own, *let_out.held_own}}):
        on, label = series.day_of(year, MOMENT, None), f"{year} {MOMENT}"
        own = {subject: let_out.own.get((year, subject)) for subject in SUBJECTS}
        told = [(subject, one) for subject, one in own.items() if one is not None]
        if any((year, subject) in let_out.held_own for subject in SUBJECTS):
            yield Point(on, label, None, None, reason="beside_given")
        elif len(told) < len(own):
            yield Point(on, label, None, None, reason="subjects_missing")
        elif not all(one.shown for _subject, one in told):
            yield Point(on, label, None, None, reason="too_few")
        else:
            share, n = _share_of(told, level)
            yield Point(on, label, share, n)


def _share_of(told: Iterable[tuple[str, OwnYear]], level: Indicator) -> tuple[float, int]:
    """Reached levels of all levels, and of how many pupils these are."""
    counts = [(_n_reached(own, level, subject), len(own.levels)) for subject, own in told]
    taken = sum(n for _reached, n in counts)
    return 100 * sum(n for n, _all in counts) / taken, level_gate.pupils_of(taken)


def _n_reached(own: OwnYear, level: Indicator, subject: str) -> int:
    high_enough = level_rows.reached(level, subject)
    return sum(one in high_enough for one in own.levels.values())


def _own_together(let_out: LetOut, level: Indicator, last: str) -> _Together:
    counts = level_gate.own_counts(let_out.own)
    years = level_gate.together(counts, last)
    if years and last in let_out.own_together:
        told = [(subject, let_out.own[year, subject]) for year in years for subject in SUBJECTS]
        return _Together(len(years), *_share_of(told, level))
    held = any(one in level_gate.until(last, N_YEARS) for one, _subject in let_out.held_own)
    if held:
        return _Together(N_YEARS, reason="beside_given")
    return _why_not(counts, last, _own_points(let_out, level), floor=level_gate.FLOOR)


def _subject_years(store: Store, selection: Selection, n_years: int) -> Iterable[SubjectYear]:
    """The last years of own rows, subject by subject."""
    if source_of(selection) is not Source.OWN:
        return
    let_out = level_gate.let_out(store)
    level = Indicator(str(selection.level))
    for year in sorted({year for year, _subject in let_out.own}, reverse=True)[:n_years]:
        for subject in SUBJECTS:
            own = let_out.own.get((year, subject))
            if own is not None and own.shown:
                yield SubjectYear(year, subject, len(own.levels), _n_reached(own, level, subject))
            else:
                yield SubjectYear(year, subject)


# --- figures of others -----------------------------------------------------------------------------------


def _over(years: Sequence[Point]) -> _Together:
    """Of years that are all shown: no share where one of those is not known."""
    n_years = N_YEARS
    known = _known(years[-N_YEARS:])
    if len(known) == N_YEARS and sum(n for _share_, n in known) < SMALL:
        n_years = N_YEARS_SMALL
        known = _known(years[-N_YEARS_SMALL:])
    n = sum(n for _share_, n in known)
    if len(known) < n_years or not gate.is_enough(n) or not _follow(years[-n_years:]):
        counts = {one.label[:9]: one.n for one in years if one.value is not None and one.n}
        return replace(_why_not(counts, years[-1].label[:9], years), n_years=n_years)
    shares = [share for share, _n in known]
    return _Together(n_years, float(three_year_share(shares, [n for _share_, n in known])), n)


def _known(years: Iterable[Point]) -> list[tuple[float, int]]:
    return [(one.value, one.n) for one in years if one.value is not None and one.n]


def _follow(years: Sequence[Point]) -> bool:
    first = int(years[0].label[:4])
    return [int(one.label[:4]) for one in years] == list(range(first, first + len(years)))


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
    if len(subjects) < len(SUBJECTS) or None in pupils:
        return Point(first.on, label, None, None, reason="empty")
    reached = sum(
        point.value or 0
        for (subject, level), point in numbers.items()
        if level in level_rows.reached(indicator, subject)
    )
    taken = sum(
        max(point.n or 0 for (of, _level), point in numbers.items() if of == subject) for subject in subjects
    )
    n = round(taken / len(subjects))
    return Point(first.on, label, 100 * reached / taken, n) if taken else Point(first.on, label, None, None)
