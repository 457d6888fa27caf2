"""The gate for reference levels: years, several years together, own rows and figures of others, in the order they came.

A figure about all three subjects is a sum, and a sum tells less than its three parts. So each subject is guarded by
itself, as if its part were told: what does not follow then does not follow from the sum. What is guarded is found by
telling everything again, import after import, whoever looked in between:

* Own rows of a year in a subject are shown as that line is, see `gate.latest`.
* A figure of others is taken to be about the school's own pupils as far as the numbers allow; fewer or more of them are
  others. What others published officially is public without us; beside own rows whoever came last gives way.
* Years together may hold years that are hidden by themselves, where nothing follows about these: first the last years,
  then the earlier ones.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from qualitycycle.analysis import disclosure
from qualitycycle.cycle import gate, level_rows
from qualitycycle.cycle.level_rows import SUBJECTS, WHOLE, GivenWhole, GivenYear, LevelRows, Line, OwnRow
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport

N_YEARS, N_YEARS_SMALL = 3, 5
# Fewer pupils than this in three years make a small school.
SMALL = 15

# Two shares of the same pupils are a distribution.
FLOOR = disclosure.FLOOR_DISTRIBUTION

# A school year and a subject.
Place = tuple[str, str]
People = frozenset[Hashable]
# Per pupil her level, with what tells it from another result of hers.
Results = Mapping[str, tuple[float | None, str, object]]


@dataclass(frozen=True)
class OwnYear:
    """The school's own rows of one year in one subject: by pupil her level; `shown`: also by themselves."""

    levels: Mapping[str, str]
    shown: bool


@dataclass(frozen=True)
class LetOut:
    """What may be shown now of reference levels.

    `own` are the years in a subject that count, `own_lines` the lines they come from. `held_own` are those that would
    tell about a few beside figures that were there before, `held_given` (year, subject, number of pupils) and
    `held_wholes` (last year) the other way round. Where own rows were ever held, only `n_shown` may be shown of them.
    `given` are the shares that count, by level and year, with their number of pupils. `own_together` and
    `given_together` hold the last year of years that may be shown together, the latter with its level.
    """

    own: Mapping[Place, OwnYear] = field(default_factory=dict)
    given: Mapping[tuple[str, str], tuple[int, float]] = field(default_factory=dict)
    own_files: frozenset[str] = frozenset()
    own_lines: frozenset[Line] = frozenset()
    n_shown: Mapping[Place, int | None] = field(default_factory=dict)
    held_own: frozenset[Place] = frozenset()
    held_given: frozenset[tuple[str, str, int]] = frozenset()
    held_wholes: frozenset[str] = frozenset()
    own_together: frozenset[str] = frozenset()
    given_together: frozenset[tuple[str, str]] = frozenset()


def together(counts: Mapping[str, int], last: str) -> tuple[str, ...] | None:
    """The years that count together at the end of a year: three, or five of a small school; None where one lacks."""
    years = until(last, N_YEARS)
    if not all(one in counts for one in years):
        return None
    if sum(counts[one] for one in years) >= SMALL:
        return years
    longer = until(last, N_YEARS_SMALL)
    return longer if all(one in counts for one in longer) else None


def until(last: str, n: int) -> tuple[str, ...]:
    first = int(last[:4])
    return tuple(f"{year}-{year + 1}" for year in range(first - n + 1, first + 1))


def pupils_of(levels: int) -> int:
    """Of how many pupils so many levels are: three each."""
    return round(levels / len(SUBJECTS))


def own_counts(own: Mapping[Place, OwnYear]) -> dict[str, int]:
    """Per year with all three subjects the number of pupils."""
    years = sorted({year for year, _subject in own})
    whole = [year for year in years if all((year, one) in own for one in SUBJECTS)]
    return {year: pupils_of(sum(len(own[year, one].levels) for one in SUBJECTS)) for year in whole}


def near(n: int, others: Iterable[int]) -> bool:
    """Whether a number of pupils differs from another by so few that these follow from the two."""
    return any(0 < abs(n - other) < disclosure.FLOOR for other in others)


# --- everything again, in time ---------------------------------------------------------------------------


@dataclass
class _Public:
    """About whom there are figures in one subject: of own rows, of others officially, and all of them."""

    own: list[People] = field(default_factory=list)
    official: list[People] = field(default_factory=list)
    every: list[People] = field(default_factory=list)


class _Telling:
    """All that was ever told, import after import."""

    def __init__(self, rows: LevelRows) -> None:
        self.rows = rows
        self.public = {subject: _Public() for subject in SUBJECTS}
        self.held_own: set[Place] = set()
        self.held_given: set[tuple[str, str, int]] = set()
        self.held_wholes: set[str] = set()
        # Figures over three years of which nobody knows yet which pupils they are about: their numbers, by last year.
        self.open: dict[str, set[int]] = {}
        # By year and subject the own pupils that some figure was about.
        self.told: dict[Place, set[People]] = {}
        self.ever_held: set[Place] = set()
        self.n_given: dict[Place, set[int]] = {}
        # Years of which figures of others were told that nobody published officially.
        self.told_given: set[str] = set()
        self.shown: dict[tuple[str, str, Line], list[Results]] = {}
        self.lines = [_lines(rows.own, counted) for counted in rows.states]
        self.people = _people(self.lines)

    def tell(self) -> LetOut:
        found = LetOut()
        for at, counted in enumerate(self.rows.states):
            self._own_lines(at)
            own = self._own_years(at)
            given = [one for one in self.rows.years if one.batch_id in counted]
            for year in given:
                self._given_year(year)
            for whole in self.rows.wholes:
                if whole.batch_id in counted:
                    self._given_whole(whole, given, own)
            found = LetOut(
                own,
                _shares(given),
                own_together=frozenset(self._own_together(own)),
                given_together=frozenset(self._given_together(given)),
            )
        return replace(
            found,
            own={place: one for place, one in found.own.items() if place not in self.held_own},
            own_files=frozenset(one.batch_id for one in self.rows.own),
            own_lines=frozenset(one.line for one in self.rows.own),
            n_shown={place: _n_shown(found.own.get(place)) for place in self.ever_held},
            held_own=frozenset(self.held_own),
            held_given=frozenset(self.held_given),
            held_wholes=frozenset(self.held_wholes),
        )

    # --- own rows ---

    def _own_lines(self, at: int) -> None:
        self.held_own = set()
        own = self._own_years(at)
        for key, results in self.lines[at].items():
            year, subject, _line = key
            before = self.shown.setdefault(key, [])
            told = [frozenset(one.items()) for one in before]
            if not gate.may_join(told, frozenset(results.items()), floor=FLOOR):
                continue
            people = _atoms(year, results)
            if self._line_may_join(year, subject, people, own):
                before.append(results)
                self._add(subject, people, own=True)
                self.told.setdefault((year, subject), set()).add(people)
            else:
                self.held_own.add((year, subject))
        self.ever_held |= self.held_own

    def _line_may_join(self, year: str, subject: str, people: People, own: Mapping[Place, OwnYear]) -> bool:
        return (
            not near(len(people), self.n_given.get((year, subject), ()))
            and self._is_settled([year], own)
            and gate.may_join(self.public[subject].every, people)
        )

    def _is_settled(self, years: Iterable[str], own: Mapping[Place, OwnYear]) -> bool:
        """Whether figures over three years about any of these years are known to be about our own pupils."""
        for last, inside in self._open_about(years):
            people = {subject: _of_years(own, inside, subject) for subject in SUBJECTS}
            if any(one is None or {len(one)} != self.open[last] for one in people.values()):
                return False
            del self.open[last]
            for subject, one in people.items():
                self._add(subject, one or frozenset())
        return True

    def _open_about(self, years: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
        """The open figures about any of these years: their last year, and all three."""
        inside = {last: until(last, N_YEARS) for last in self.open}
        return [(last, three) for last, three in inside.items() if set(three) & set(years)]

    def _own_years(self, at: int) -> dict[Place, OwnYear]:
        found: dict[Place, OwnYear] = {}
        for year, subject in sorted({(year, subject) for year, subject, _line in self.lines[at]}):
            lines = [key for key in self.lines[at] if key[:2] == (year, subject)]
            shown = self._shown(lines[0], at) if len(lines) == 1 else None
            results = shown or {p: one for key in lines for p, one in self.lines[at][key].items()}
            levels = {pupil: level for pupil, (_value, level, _day) in results.items()}
            found[year, subject] = OwnYear(levels, shown is not None)
        return found

    def _shown(self, key: tuple[str, str, Line], at: int) -> Results | None:
        """The latest published state of which everything still counts, as the line itself shows it."""
        now = self.lines[at][key].items()
        return next((one for one in reversed(self.shown.get(key, [])) if one.items() <= now), None)

    def _own_together(self, own: Mapping[Place, OwnYear]) -> Iterator[str]:
        counts = own_counts(own)
        for last in sorted(counts, reverse=True):
            years = together(counts, last)
            held = years and any((one, subject) in self.held_own for one in years for subject in SUBJECTS)
            if not years or held or not self._is_settled(years, own):
                continue
            people = {subject: _of_years(own, years, subject) or frozenset() for subject in SUBJECTS}
            if all(self._own_may_join(subject, one) for subject, one in people.items()):
                for subject, one in people.items():
                    self._add(subject, one, own=True)
                    for year in years:
                        self.told.setdefault((year, subject), set()).add(_of_year(own, year, subject))
                yield last

    def _own_may_join(self, subject: str, people: People) -> bool:
        public = self.public[subject]
        return gate.may_join(public.own, people, floor=FLOOR) and gate.may_join(public.every, people)

    # --- figures of others ---

    def _given_year(self, given: GivenYear) -> None:
        if given.n is None or not gate.is_enough(given.n):
            return
        key = (given.year, given.subject, given.n)
        if key in self.held_given:
            return
        people = {subject: self._taken(given.year, subject, given.n) for subject in _subjects(given)}
        own = [len(one) for subject in people for one in self.told.get((given.year, subject), ())]
        enough = given.official or not any(self._leaves_few(given, given.n, subject) for subject in people)
        if (
            enough
            and not near(given.n, own)
            and all(self._given_may_join(subject, one, given.official) for subject, one in people.items())
        ):
            for subject, one in people.items():
                self._add(subject, one, official=given.official)
                self.n_given.setdefault((given.year, subject), set()).add(given.n)
            self.told_given |= set() if given.official else {given.year}
        else:
            self.held_given.add(key)

    def _given_may_join(self, subject: str, people: People, official: bool) -> bool:
        public = self.public[subject]
        if gate.may_join(public.every, people):
            return True
        # What follows from public figures alone follows without us.
        return official and not gate.may_join(public.official, people)

    def _leaves_few(self, given: GivenYear, n: int, subject: str) -> bool:
        """Whether few are left of an open figure over three years beside this year and others that were told."""
        for last, inside in self._open_about([given.year]):
            sums = {n}
            for year in inside:
                if year != given.year:
                    sums |= {one + more for one in sums for more in self.n_given.get((year, subject), ())}
            if any(near(one, sums) for one in self.open[last]):
                return True
        return False

    def _given_whole(
        self, whole: GivenWhole, given: Sequence[GivenYear], own: Mapping[Place, OwnYear]
    ) -> None:
        if whole.last_year in self.held_wholes:
            return
        there = self.open.get(whole.last_year, set())
        people = self._in_whole(whole, given, own)
        if people is None and (whole.official or not near(whole.n, there)):
            self.open[whole.last_year] = there | {whole.n}
        elif people is not None and all(
            one and self._given_may_join(subject, one, whole.official) for subject, one in people.items()
        ):
            self.open.pop(whole.last_year, None)
            for subject, one in people.items():
                self._add(subject, one, official=whole.official)
        elif whole.n not in there:
            self.held_wholes.add(whole.last_year)

    def _in_whole(
        self, whole: GivenWhole, given: Sequence[GivenYear], own: Mapping[Place, OwnYear]
    ) -> Mapping[str, People] | None:
        """The pupils of three years by subject; nobody where that is not certain, None where nothing is known yet."""
        years = until(whole.last_year, N_YEARS)
        there = [one for one in given if one.n is not None]
        same = {one.year: one.n or 0 for one in there if one.batch_id == whole.batch_id}
        every = {one.year: one.n or 0 for one in there}
        fits = all(one in every for one in years) and sum(every[one] for one in years) == whole.n
        known = same if all(one in same for one in years) else every if fits else None
        if known is not None:
            return {subject: self._taken_of(years, subject, known) for subject in SUBJECTS}
        if any((one, subject) in self.told for one in years for subject in SUBJECTS):
            return {subject: self._told_of(years, own, subject, whole.n) for subject in SUBJECTS}
        return dict.fromkeys(SUBJECTS, frozenset[Hashable]()) if self.told_given & set(years) else None

    def _told_of(
        self, years: Sequence[str], own: Mapping[Place, OwnYear], subject: str, n: int
    ) -> frozenset[Hashable]:
        """Our own pupils of three years where a figure must be about them; nobody where that is not certain."""
        people = _of_years(own, years, subject)
        same = all(self.told.get((one, subject), set()) <= {_of_year(own, one, subject)} for one in years)
        return people if people is not None and same and len(people) == n else frozenset()

    def _given_together(self, given: Sequence[GivenYear]) -> Iterator[tuple[str, str]]:
        shares = _shares(given)
        for level in sorted({level for level, _year in shares}):
            counts = {year: n for (own, year), (n, _share) in shares.items() if own == level}
            for last in sorted(counts, reverse=True):
                if self._given_years(given, counts, together(counts, last)):
                    yield level, last

    def _given_years(
        self, given: Iterable[GivenYear], counts: Mapping[str, int], years: Sequence[str] | None
    ) -> bool:
        if years is None or any((one, WHOLE, counts[one]) in self.held_given for one in years):
            return False
        people = {subject: self._taken_of(years, subject, counts) for subject in SUBJECTS}
        if self._open_about(years) or not all(
            gate.may_join(self.public[subject].every, one) for subject, one in people.items()
        ):
            return False
        for subject, one in people.items():
            self._add(subject, one)
        self.told_given |= {one.year for one in given if not one.official} & set(years)
        return True

    def _taken_of(self, years: Iterable[str], subject: str, counts: Mapping[str, int]) -> People:
        return frozenset().union(*(self._taken(one, subject, counts[one]) for one in years))

    def _taken(self, year: str, subject: str, n: int) -> People:
        """So many pupils of a year: the school's own, and others where there are more."""
        states = self.people.get((year, subject), [()])
        own = next((one for one in reversed(states) if len(one) == n), states[-1])
        return frozenset([*own[:n], *((year, place) for place in range(n - len(own)))])

    def _add(self, subject: str, people: People, *, own: bool = False, official: bool = False) -> None:
        public = self.public[subject]
        for there in (public.every, *([public.own] if own else []), *([public.official] if official else [])):
            if people not in there:
                there.append(people)


def _shares(given: Iterable[GivenYear]) -> dict[tuple[str, str], tuple[int, float]]:
    """By level and year the shares of the whole school, with their number of pupils."""
    return {
        (one.level, one.year): (one.n, one.value)
        for one in given
        if one.subject == WHOLE and one.is_share and one.n and one.value is not None
    }


def _subjects(given: GivenYear) -> Iterable[str]:
    return SUBJECTS if given.subject == WHOLE else (given.subject,)


def _lines(rows: Sequence[OwnRow], counted: frozenset[str]) -> dict[tuple[str, str, Line], Results]:
    """Per year, subject and test the latest result of each pupil."""
    found: dict[tuple[str, str, Line], dict[str, tuple[float | None, str, object]]] = {}
    for row in rows:
        if row.batch_id in counted:
            own = found.setdefault((row.year, row.subject, row.line), {})
            own[row.pupil] = (row.value, row.level, row.measured_on)
    return dict(sorted(found.items(), key=lambda one: (one[0][:2], str(one[0][2]))))


def _atoms(year: str, results: Results) -> frozenset[Hashable]:
    return frozenset((year, pupil, level) for pupil, (_value, level, _day) in results.items())


def _n_shown(own: OwnYear | None) -> int | None:
    return len(own.levels) if own is not None and own.shown else None


def _of_year(own: Mapping[Place, OwnYear], year: str, subject: str) -> People:
    there = own.get((year, subject))
    return frozenset((year, *result) for result in there.levels.items()) if there else frozenset()


def _of_years(own: Mapping[Place, OwnYear], years: Sequence[str], subject: str) -> People | None:
    """The own pupils of some years in a subject; None where one of the years is not here."""
    people = [_of_year(own, year, subject) for year in years]
    return frozenset().union(*people) if all(people) else None


def _people(
    lines: Sequence[Mapping[tuple[str, str, Line], Results]],
) -> dict[Place, list[tuple[Hashable, ...]]]:
    """The pupils of a year in a subject after every import, in time."""
    found: dict[Place, list[tuple[Hashable, ...]]] = {}
    for state in lines:
        now: dict[Place, dict[str, Hashable]] = {}
        for (year, subject, _line), results in state.items():
            atoms = {pupil: (year, pupil, level) for pupil, (_value, level, _day) in results.items()}
            now.setdefault((year, subject), {}).update(atoms)
        for place, one in now.items():
            found.setdefault(place, []).append(tuple(one[pupil] for pupil in sorted(one)))
    return found


def _told(store: Store) -> LetOut:
    rows = level_rows.read(store)
    return _Telling(rows).tell() if rows.own or rows.years or rows.wholes else LetOut()


let_out = PerImport(_told)
