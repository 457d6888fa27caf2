"""What evidence lets a report say: the only place where a report judges, by fixed rules that it shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from qualitycycle.i18n import N_, _
from qualitycycle.model import Evidence, EvidenceKind, Link, Says

Pairs = Sequence[tuple[Link, Evidence]]


class Weight(StrEnum):
    """What can be said at most. None of these is about a cause."""

    CONTRADICTED = "contradicted"
    INDICATION = "indication"
    ELSEWHERE = "elsewhere"
    NOT_YET = "not_yet"
    NONE = "none"


@dataclass(frozen=True)
class Said:
    """A verdict in words, and the rule that gave it."""

    verdict: str
    why: str


WORDS = {
    Weight.CONTRADICTED: Said(
        N_("Contradicted"), N_("There is evidence that contradicts this. That comes first.")
    ),
    Weight.INDICATION: Said(
        N_("An indication"),
        N_(
            "Evidence of our own supports this, without a comparison with others. Something else may explain it, so it "
            "is an indication and no more."
        ),
    ),
    Weight.ELSEWHERE: Said(
        N_("Cannot tell yet"),
        N_("Research from elsewhere supports this; evidence of our own is not there yet."),
    ),
    Weight.NOT_YET: Said(
        N_("Cannot tell yet"), N_("There is evidence, but nothing in it supports or contradicts this.")
    ),
    Weight.NONE: Said(N_("Cannot tell yet"), N_("No evidence is tied to this.")),
}


def weigh(pairs: Pairs, on: date) -> Weight:
    """The weight of evidence on a day: what contradicts goes first, and what is out of date supports nothing."""
    if any(link.says is Says.CONTRADICTS for link, _piece in pairs):
        return Weight.CONTRADICTED
    supporting = [
        piece
        for link, piece in pairs
        if link.says is Says.SUPPORTS and (piece.valid_until is None or piece.valid_until >= on)
    ]
    if any(piece.kind is not EvidenceKind.RESEARCH for piece in supporting):
        return Weight.INDICATION
    if supporting:
        return Weight.ELSEWHERE
    return Weight.NOT_YET if pairs else Weight.NONE


def said(pairs: Pairs, on: date) -> Said:
    """The verdict and its rule in the language of now."""
    words = WORDS[weigh(pairs, on)]
    return Said(_(words.verdict), _(words.why))
