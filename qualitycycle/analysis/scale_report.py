"""Everything about one scale in one round: scores, interval, agreement, reliability, warnings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from qualitycycle.analysis import agreement as _agreement
from qualitycycle.analysis import reliability as _reliability
from qualitycycle.analysis import scoring
from qualitycycle.analysis.agreement import Agreement
from qualitycycle.analysis.reasons import Reason
from qualitycycle.analysis.reliability import Reliability
from qualitycycle.analysis.scoring import PersonScores, ScoringRules
from qualitycycle.analysis.summary import Array, MeanSummary, summarise

# Three equal answers in a row are common; four and more over a whole form are worth a count.
PATTERN_MIN_ITEMS = 4

_Result = TypeVar("_Result", MeanSummary, Agreement, Reliability)


@dataclass(frozen=True)
class ScalePart:
    """One (sub)scale of a report: item keys, scores, and the statistics over the valid respondents."""

    items: tuple[str, ...]
    respondent_scores: tuple[float | None, ...]
    answered: tuple[int, ...]
    min_answered: int
    n_valid: int
    n_prorated: int
    scale: MeanSummary
    agreement: Agreement
    reliability: Reliability


@dataclass(frozen=True)
class ScaleReport:
    """The report of one instrument for one group of respondents; see `scale_report`."""

    n_respondents: int
    n_valid: int
    n_prorated: int
    n_invited: int | None
    response_rate: float | None
    n_pattern_answers: int | None
    polarised: bool | None
    respondent_scores: tuple[float | None, ...]
    answered: tuple[int, ...]
    min_answered: int
    scale: MeanSummary
    agreement: Agreement
    reliability: Reliability
    subscales: Mapping[str, ScalePart]
    reasons: Mapping[str, Reason] = field(default_factory=dict)


def scale_report(
    answers: npt.ArrayLike,
    rules: ScoringRules,
    *,
    n_invited: int | None = None,
    confidence: float = 0.95,
) -> ScaleReport:
    """Score a round and report the scale and its subscales.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), raw answers in the order of `rules.items`; NaN is not
        answered. One row for everybody who handed in a form, also when too little was answered for a score.
    n_invited : number of people asked; gives the response rate and the finite-population standard error.
    confidence : share between 0 and 1 for the intervals of the mean and of alpha.

    Returns
    -------
    ScaleReport on the answer scale. Agreement and reliability use the respondents with a score, the
    reliability only those without a missing answer (`n_complete`). Each subscale has its own valid
    respondents and its own n: different n's of one group are a way to find people by subtraction, so what
    is shown still passes the disclosure gate.

    Notes
    -----
    response_rate = forms handed in / people asked, a share.
    n_pattern_answers = respondents who gave one and the same raw answer to every item they answered, at
    least four: a count, never a person. It hints at ticking without reading, the more so when some items
    are reversed. polarised = some item has a variance above the uniform null: two camps, the start of a
    conversation, not an error. The parts: `scoring.score`, `summary.summarise`, `agreement.agreement`,
    `reliability.reliability`.
    """
    raw = scoring.checked_answers(answers, rules)
    turned = scoring.turned(raw, rules)
    scores = scoring.score(raw, rules)
    total = _part(turned, rules, rules.items, scores.total, n_invited, confidence)
    flags = [flag for flag in total.agreement.item_polarised if flag is not None]
    patterns = pattern_answers(raw)
    return ScaleReport(
        n_respondents=len(raw), n_valid=total.n_valid, n_prorated=total.n_prorated,
        n_invited=n_invited, response_rate=len(raw) / n_invited if n_invited else None,
        n_pattern_answers=patterns, polarised=any(flags) if flags else None,
        respondent_scores=total.respondent_scores, answered=total.answered, min_answered=total.min_answered,
        scale=total.scale, agreement=total.agreement, reliability=total.reliability,
        subscales={
            name: _part(turned, rules, rules.subscales[name], part, n_invited, confidence)
            for name, part in scores.subscales.items()
        },
        reasons=_reasons(n_invited, patterns, flags),
    )  # fmt: skip


def pattern_answers(raw: npt.ArrayLike) -> int | None:
    """Number of respondents whose raw answers are all the same; `None` for fewer than four items.

    raw : shape (n_respondents, n_items), before turning; NaN is not answered. Below four answers nobody is
        counted.
    """
    array = np.asarray(raw, dtype=np.float64)
    if array.shape[1] < PATTERN_MIN_ITEMS:
        return None
    given = ~np.isnan(array)
    low = np.where(given, array, np.inf).min(axis=1)
    high = np.where(given, array, -np.inf).max(axis=1)
    return int(((low == high) & (given.sum(axis=1) >= PATTERN_MIN_ITEMS)).sum())


def _part(
    turned: Array,
    rules: ScoringRules,
    items: tuple[str, ...],
    scores: PersonScores,
    n_invited: int | None,
    confidence: float,
) -> ScalePart:
    values = np.array(scores.respondent_scores, dtype=np.float64)
    valid = turned[~np.isnan(values)][:, rules.columns(items)]
    all_refused = len(values) > 0 and scores.n_valid == 0
    return ScalePart(
        items, scores.respondent_scores, scores.answered, scores.min_answered, scores.n_valid, scores.n_prorated,
        _blame_gaps(summarise(values, confidence=confidence, population_size=n_invited), all_refused),
        _blame_gaps(_agreement.agreement(valid, rules.n_options), all_refused),
        _blame_gaps(_reliability.reliability(valid, confidence=confidence), all_refused),
    )  # fmt: skip


def _blame_gaps(result: _Result, all_refused: bool) -> _Result:
    """Say "too many missing" instead of "no answers" when forms came in but none had enough answers for a score."""
    if not all_refused:
        return result
    return replace(result, reasons=dict.fromkeys(result.reasons, Reason.TOO_MANY_MISSING))


def _reasons(n_invited: int | None, patterns: int | None, flags: list[bool]) -> dict[str, Reason]:
    reasons: dict[str, Reason] = {}
    if not n_invited:
        reasons["response_rate"] = Reason.NOT_GIVEN
    if patterns is None:
        reasons["n_pattern_answers"] = Reason.TOO_FEW_ITEMS
    if not flags:
        reasons["polarised"] = Reason.N_TOO_SMALL
    return reasons
