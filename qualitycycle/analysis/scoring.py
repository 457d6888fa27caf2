"""From answers to scores: turn reversed items, average what was answered, refuse when too little was."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from qualitycycle.analysis.summary import Array, optional


class TotalRule(StrEnum):
    """How an instrument's total is made."""

    MEAN_OF_SUBSCALES = "mean_of_subscales"
    MEAN_OF_ITEMS = "mean_of_items"


@dataclass(frozen=True)
class ScoringRules:
    """What an instrument says about its own scoring.

    Attributes
    ----------
    items : item keys in the order of the answer columns.
    scale_min, scale_max : lowest and highest answer that can be given.
    reverse : keys of the items that are worded the other way round.
    subscales : name -> item keys; may be empty.
    min_answered_fraction : share of the items of a (sub)scale that a person must have answered. A
        `Fraction`, because 0.07 · 100 in floating point is a hair more than 7 and would ask for an eighth
        answer.
    total_rule : mean of the subscale scores (the house rule), or mean of all items.

    Raises
    ------
    ValueError : unknown item keys, an empty subscale, a range without width, a fraction outside (0, 1].
    """

    items: tuple[str, ...]
    scale_min: float
    scale_max: float
    reverse: frozenset[str] = frozenset()
    subscales: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    min_answered_fraction: Fraction = Fraction(2, 3)
    total_rule: TotalRule = TotalRule.MEAN_OF_SUBSCALES

    def __post_init__(self) -> None:
        if len(set(self.items)) != len(self.items) or not self.items:
            raise ValueError("items must be a non-empty list of different keys")
        if not self.scale_min < self.scale_max:
            raise ValueError("scale_min must lie below scale_max")
        if not 0 < self.min_answered_fraction <= 1:
            raise ValueError("min_answered_fraction must lie above 0 and at most at 1")
        self._refuse_unknown_keys()

    def _refuse_unknown_keys(self) -> None:
        used = set(self.reverse).union(*self.subscales.values())
        if unknown := sorted(used - set(self.items)):
            raise ValueError(f"unknown item keys: {', '.join(unknown)}")
        if empty := [name for name, keys in self.subscales.items() if not keys]:
            raise ValueError(f"subscales without items: {', '.join(empty)}")

    @property
    def n_options(self) -> int:
        """Number of answers to choose from, A = max - min + 1."""
        return round(self.scale_max - self.scale_min) + 1

    def columns(self, keys: Sequence[str]) -> list[int]:
        """Column numbers of the given item keys."""
        place = {key: i for i, key in enumerate(self.items)}
        return [place[key] for key in keys]


@dataclass(frozen=True)
class PersonScores:
    """One score per respondent, in the order of the rows; `None` where too little was answered.

    `n_valid` is the number of scores, `n_prorated` how many of them rest on fewer than all items,
    `min_answered` the number of answers a score needs (for a mean of subscales: the number of subscale
    scores).
    """

    respondent_scores: tuple[float | None, ...]
    answered: tuple[int, ...]
    min_answered: int
    n_valid: int
    n_prorated: int


@dataclass(frozen=True)
class Scores:
    """The total and every subscale of one instrument for the same respondents."""

    n: int
    total: PersonScores
    subscales: Mapping[str, PersonScores]


def answers_from_frame(frame: pd.DataFrame, rules: ScoringRules) -> Array:
    """Answers as an array, shape (n_respondents, n_items), in the order of `rules.items`; an empty answer
    is NaN.

    Raises `ValueError` when an item of the instrument has no column.
    """
    if missing := [key for key in rules.items if key not in frame.columns]:
        raise ValueError(f"no column for items: {', '.join(missing)}")
    return frame.loc[:, list(rules.items)].to_numpy(dtype=np.float64, na_value=np.nan)


def checked_answers(answers: npt.ArrayLike, rules: ScoringRules) -> Array:
    """The answers as floats of shape (n_respondents, n_items).

    Raises `ValueError` when the number of columns differs from the instrument or an answer lies outside
    its range.
    """
    array = np.asarray(answers, dtype=np.float64)
    if array.ndim != 2 or array.shape[1] != len(rules.items):
        raise ValueError(f"expected {len(rules.items)} columns of answers, got shape {array.shape}")
    if bool(((array < rules.scale_min) | (array > rules.scale_max)).any()):
        raise ValueError("an answer lies outside the range of the instrument")
    return array


def n_required(fraction: Fraction, n_items: int) -> int:
    """Number of answers a score over `n_items` items needs: ceil(fraction · n_items), exactly."""
    return -(-fraction.numerator * n_items // fraction.denominator)


def turned(answers: npt.ArrayLike, rules: ScoringRules) -> Array:
    """Answers with every reversed item turned, so that high always means the same.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), raw answers in the order of `rules.items`; NaN is not answered.

    Returns
    -------
    Array of the same shape; a missing answer stays missing.

    Notes
    -----
    x' = min + max - x. Never by multiplying with -1, which only works for ranges around zero. Turn once,
    before scoring: turning twice gives the raw answers back, and not turning at all shows as a negative
    alpha.
    """
    array = checked_answers(answers, rules).copy()
    columns = rules.columns(sorted(rules.reverse))
    array[:, columns] = rules.scale_min + rules.scale_max - array[:, columns]
    return array


def scale_scores(answers: Array, fraction: Fraction) -> PersonScores:
    """Mean of the answered items per person, if enough were answered.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), already turned, only the items of this (sub)scale; NaN is not
        answered.
    fraction : share of the items that must be answered.

    Returns
    -------
    PersonScores on the answer scale (not a sum), `None` for a person with too few answers.

    Notes
    -----
    score = Σ answered / number answered, if number answered >= ceil(fraction · k). This fills a gap with
    the person's own mean on the items that were answered, so the number of scores made that way is counted
    (`n_prorated`). Source: person-mean rule as in Mazza, Enders & Ruehlman (2015), who show its bias is
    small at modest missingness. Checked against R rowMeans with the same threshold.
    """
    given = ~np.isnan(answers)
    answered = given.sum(axis=1)
    need = n_required(fraction, answers.shape[1])
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.where(given, answers, 0.0).sum(axis=1) / answered
    scores = np.where(answered >= need, means, np.nan)
    return _person_scores(scores, answered, need, answered < answers.shape[1])


def _person_scores(
    scores: Array, answered: npt.NDArray[np.intp], need: int, gaps: npt.NDArray[np.bool_]
) -> PersonScores:
    valid = ~np.isnan(scores)
    return PersonScores(
        optional(scores), tuple(answered.tolist()), need, int(valid.sum()), int((valid & gaps).sum())
    )


def score(answers: npt.ArrayLike, rules: ScoringRules) -> Scores:
    """Every subscale score and the total of every respondent.

    Parameters
    ----------
    answers : shape (n_respondents, n_items), raw answers in the order of `rules.items`; NaN is not answered.

    Returns
    -------
    Scores, with the respondents in the order of the rows.

    Notes
    -----
    Total, by the instrument's rule: the mean of the subscale scores, each subscale weighing the same, and
    only for whoever has a score on every subscale; or the mean of all items under the same fraction. The
    two differ when subscales have different numbers of items. Checked against the reference case of the
    project's own 16 statements.
    """
    array = turned(answers, rules)
    subscales = {
        name: scale_scores(array[:, rules.columns(keys)], rules.min_answered_fraction)
        for name, keys in rules.subscales.items()
    }
    if rules.total_rule is TotalRule.MEAN_OF_ITEMS or not subscales:
        return Scores(len(array), scale_scores(array, rules.min_answered_fraction), subscales)
    return Scores(len(array), _mean_of_subscales(array, rules, subscales), subscales)


def _mean_of_subscales(
    array: Array, rules: ScoringRules, subscales: Mapping[str, PersonScores]
) -> PersonScores:
    columns = [np.array(scores.respondent_scores, dtype=np.float64) for scores in subscales.values()]
    used = rules.columns([key for keys in rules.subscales.values() for key in keys])
    answered = (~np.isnan(array[:, used])).sum(axis=1)
    # NaN in one subscale makes the mean NaN: no total without all its parts.
    totals = np.column_stack(columns).mean(axis=1)
    return _person_scores(totals, answered, len(columns), answered < len(used))
