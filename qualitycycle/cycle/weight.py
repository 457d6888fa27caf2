"""Study: how much the evidence for an action weighs. Four separate facts, never one score; a verdict by fixed rules.

Pure: facts in, verdict and reasons out. `RULES` is what the screen shows, in the order in which they are asked. The
first that decides gives the verdict; the ones that hold back let it go no further than an indication. How many pieces
or files there are never counts. The shares and numbers below are agreements of this program; no standard gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from qualitycycle.cycle import before_start
from qualitycycle.model import (
    Action,
    Compared,
    DoneAsPlanned,
    EvidenceKind,
    MeasureKind,
    Says,
    Verdict,
    Weighing,
)

# Of the planned sessions: from here on an action was done as planned, and below this it was hardly done.
AS_PLANNED_SHARE = 0.8
HARDLY_SHARE = 0.5
# Fewer pupils than this swing by chance alone.
FEWEST_PUPILS = 10
# With more missing than this share the rest may be other pupils than the whole.
MOST_MISSING_SHARE = 0.2
# From here on single scores are steady enough for a strong verdict.
GOOD_RELIABILITY = 0.8
# A line with this many values and a start period frozen before the action can tell a signal from ordinary variation.
FEWEST_POINTS = 10


class Design(StrEnum):
    """What our own evidence can carry, the least first."""

    OPINION = "A"
    ONE_MEASUREMENT = "B"
    BEFORE_AFTER = "C"
    AGAINST_EXPECTED = "D"
    COMPARISON = "E"
    REPEATED = "F"


class Rule(StrEnum):
    """The rules, in the order in which they are asked."""

    CONTRADICTING_EVIDENCE = "contradicting_evidence"
    LINE_WENT_WRONG = "line_went_wrong"
    NO_OWN_EVIDENCE = "no_own_evidence"
    DONE_UNKNOWN = "done_unknown"
    HARDLY_DONE = "hardly_done"
    ONLY_OPINION = "only_opinion"
    ONE_MEASUREMENT = "one_measurement"
    NO_SIGNAL = "no_signal"
    BEFORE_AFTER = "before_after"
    DONE_PARTLY = "done_partly"
    NOT_SAID_BEFORE = "not_said_before"
    MEASURE_UNKNOWN = "measure_unknown"
    FEW_PUPILS = "few_pupils"
    MANY_MISSING = "many_missing"
    OTHER_PUPILS = "other_pupils"
    CHOSEN_LOW = "chosen_low"
    REPEATED_WELL = "repeated_well"
    COMPARED = "compared"


# What a rule gives when it decides. The rules that hold back give an indication.
GIVES = {
    Rule.CONTRADICTING_EVIDENCE: Verdict.CONTRADICTED,
    Rule.LINE_WENT_WRONG: Verdict.CONTRADICTED,
    Rule.NO_OWN_EVIDENCE: Verdict.NOT_TESTED,
    Rule.DONE_UNKNOWN: Verdict.NOT_TESTED,
    Rule.HARDLY_DONE: Verdict.NOT_TESTED,
    Rule.ONLY_OPINION: Verdict.NOT_TESTED,
    Rule.ONE_MEASUREMENT: Verdict.NOT_TESTED,
    Rule.NO_SIGNAL: Verdict.ORDINARY,
    Rule.REPEATED_WELL: Verdict.STRONG,
    Rule.COMPARED: Verdict.SUPPORTED,
}
HOLDS_BACK = (
    Rule.BEFORE_AFTER,
    Rule.DONE_PARTLY,
    Rule.NOT_SAID_BEFORE,
    Rule.MEASURE_UNKNOWN,
    Rule.FEW_PUPILS,
    Rule.MANY_MISSING,
    Rule.OTHER_PUPILS,
    Rule.CHOSEN_LOW,
)


class Signal(StrEnum):
    """What a line with a frozen start period did after the start of the action."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "none"


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as the rules see it; `days` are the moments it has a value of, `line` what it measures."""

    kind: EvidenceKind
    says: Says
    days: tuple[date, ...]
    line: str
    n: int | None = None
    expired: bool = False

    @property
    def own(self) -> bool:
        return self.kind is not EvidenceKind.RESEARCH

    @property
    def measured(self) -> bool:
        """A figure, or something looked at in a counted number of pupils or lessons; the rest is an impression."""
        if self.kind in (EvidenceKind.OUTCOME, EvidenceKind.QUESTIONNAIRE):
            return True
        return self.kind in (EvidenceKind.OBSERVATION, EvidenceKind.PRODUCT) and self.n is not None


@dataclass(frozen=True)
class Line:
    """The line of an indicator of the goal; `signal` None: too early to say."""

    n_points: int
    frozen_before_start: bool
    signal: Signal | None

    @property
    def can_tell(self) -> bool:
        return self.n_points >= FEWEST_POINTS and self.frozen_before_start and self.signal is not None


@dataclass(frozen=True)
class Facts:
    """What is known about an action and its evidence."""

    action: Action
    weighing: Weighing
    pieces: tuple[Piece, ...] = ()
    lines: tuple[Line, ...] = ()

    @property
    def supporting(self) -> tuple[Piece, ...]:
        """Evidence of our own that supports and still counts."""
        return tuple(one for one in self.pieces if one.own and one.says is Says.SUPPORTS and not one.expired)

    @property
    def contradicting(self) -> tuple[Piece, ...]:
        """What contradicts counts also when it is old, until somebody looks at it again."""
        return tuple(one for one in self.pieces if one.says is Says.CONTRADICTS)


@dataclass(frozen=True)
class Weight:
    """The verdict, the design, and the rules that speak here: the deciding one first."""

    verdict: Verdict
    design: Design | None
    done_share: float | None
    rules: tuple[Rule, ...] = field(default_factory=tuple)

    @property
    def decided_by(self) -> Rule:
        return self.rules[0]


# --- the facts -------------------------------------------------------------------------------------------


def done_share(action: Action) -> float | None:
    """Share of the planned sessions that were held; without a count what the owner said; None: not known."""
    if action.sessions_planned and action.sessions_held is not None:
        return min(1.0, action.sessions_held / action.sessions_planned)
    said = {DoneAsPlanned.YES: 1.0, DoneAsPlanned.PARTLY: HARDLY_SHARE, DoneAsPlanned.NO: 0.0}
    return said[action.done_as_planned] if action.done_as_planned else None


def design_of(facts: Facts) -> Design | None:
    """The design of our own evidence; None without any. Derived from what was recorded, never chosen."""
    pieces = facts.supporting
    if not pieces:
        return None
    measured = [one for one in pieces if one.measured]
    if not measured:
        return Design.OPINION
    if not _has_before_and_after(measured, facts.action.start_on):
        return Design.ONE_MEASUREMENT
    compared, alike = facts.weighing.compared, facts.weighing.similar_start is True
    if compared in (Compared.GROUP, Compared.STAGGERED) and alike:
        return Design.REPEATED if facts.weighing.repeated_in.strip() else Design.COMPARISON
    if compared is Compared.EXPECTED_GROWTH or _signals(facts, Signal.BETTER):
        return Design.AGAINST_EXPECTED
    return Design.BEFORE_AFTER


def _has_before_and_after(pieces: Sequence[Piece], start_on: date | None) -> bool:
    """Whether one line has a value up to the start and one after it."""
    if start_on is None:
        return False
    days: dict[str, set[date]] = {}
    for piece in pieces:
        days.setdefault(piece.line, set()).update(piece.days)
    return any(min(of) <= start_on < max(of) for of in days.values() if of)


def _signals(facts: Facts, signal: Signal) -> bool:
    return any(line.can_tell and line.signal is signal for line in facts.lines)


def first_seen_on(facts: Facts) -> date | None:
    """The first day after the start of which there is a value to be seen."""
    start = facts.action.start_on
    return min((day for one in facts.pieces for day in one.days if start and day > start), default=None)


# --- the verdict -----------------------------------------------------------------------------------------


def weigh(facts: Facts) -> Weight:
    """What can be said of an action by the rules, and why."""
    design, share = design_of(facts), done_share(facts.action)
    deciding = next(_deciding(facts, design, share), None)
    if deciding is not None:
        return Weight(GIVES[deciding], design, share, (deciding,))
    held = tuple(_holding_back(facts, design, share))
    if held:
        return Weight(Verdict.INDICATION, design, share, held)
    rule = Rule.REPEATED_WELL if _is_strong(facts, design) else Rule.COMPARED
    return Weight(GIVES[rule], design, share, (rule,))


def _deciding(facts: Facts, design: Design | None, share: float | None) -> Iterator[Rule]:
    if facts.contradicting:
        yield Rule.CONTRADICTING_EVIDENCE
    if _signals(facts, Signal.WORSE):
        yield Rule.LINE_WENT_WRONG
    if design is None:
        yield Rule.NO_OWN_EVIDENCE
    if share is None:
        yield Rule.DONE_UNKNOWN
    elif share < HARDLY_SHARE:
        yield Rule.HARDLY_DONE
    if design is Design.OPINION:
        yield Rule.ONLY_OPINION
    if design is Design.ONE_MEASUREMENT:
        yield Rule.ONE_MEASUREMENT
    told = [line.signal for line in facts.lines if line.can_tell]
    if told and all(signal is Signal.NONE for signal in told) and design in _WITHOUT_GROUP:
        yield Rule.NO_SIGNAL


# What others did at the same time says more than our own line alone.
_WITHOUT_GROUP = (Design.BEFORE_AFTER, Design.AGAINST_EXPECTED)


def _holding_back(facts: Facts, design: Design | None, share: float | None) -> Iterator[Rule]:
    known = facts.weighing
    checks = {
        Rule.BEFORE_AFTER: design is Design.BEFORE_AFTER,
        Rule.DONE_PARTLY: share is not None and share < AS_PLANNED_SHARE,
        Rule.NOT_SAID_BEFORE: not before_start.was_said_before(facts.action, first_seen_on(facts)),
        Rule.MEASURE_UNKNOWN: known.measure_kind not in (MeasureKind.STANDARD_TEST, MeasureKind.RUBRIC),
        Rule.FEW_PUPILS: (known.n_measured or 0) < FEWEST_PUPILS,
        Rule.MANY_MISSING: _missing_share(known) is None or (_missing_share(known) or 0) > MOST_MISSING_SHARE,
        Rule.OTHER_PUPILS: known.same_pupils is not True,
        # A comparison group chosen in the same way gains as much by itself, so there it does not hold back.
        Rule.CHOSEN_LOW: known.chosen_low is True and design is Design.AGAINST_EXPECTED,
    }
    return (rule for rule in HOLDS_BACK if checks[rule])


def _missing_share(known: Weighing) -> float | None:
    if known.n_measured is None or known.n_missing is None:
        return None
    everybody = known.n_measured + known.n_missing
    return known.n_missing / everybody if everybody else None


def _is_strong(facts: Facts, design: Design | None) -> bool:
    known = facts.weighing
    steady = known.reliability is not None and known.reliability >= GOOD_RELIABILITY
    return design is Design.REPEATED and steady and (known.by_others is True or known.blind is True)


def says_nothing_of_action(weight: Weight) -> bool:
    """Whether the action was hardly done or not known to be: then what contradicts says little about the action."""
    return weight.done_share is None or weight.done_share < HARDLY_SHARE
