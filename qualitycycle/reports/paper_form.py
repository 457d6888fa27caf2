"""The questionnaire on paper, for whoever has no phone at hand: without a name, with the promise at the top."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from qualitycycle import i18n
from qualitycycle.cycle import promise
from qualitycycle.i18n import _
from qualitycycle.model import Instrument, Round
from qualitycycle.reports import typeset


def pdf(one: Round, instrument: Instrument, *, school: str, teams: Sequence[str]) -> bytes:
    """One form per team, to copy as often as needed; a single team is not named on it."""
    language = i18n.language()
    return typeset.pdf(
        "paper_form",
        {
            "document": f"{one.title} · {school}",
            "title": one.title,
            "school": school,
            "teams": list(teams) if len(teams) > 1 else [""],
            "intro": instrument.intro[language],
            "promised": _("What we promise you"),
            "promise": promise.sentences(one.promise),
            "how": _("Cross one box in each row. Do not write your name on this sheet."),
            "statement": _("Statement"),
            "choices": _choices(instrument, language),
            "parts": _parts(instrument, language),
            "done": _(
                "Done? Fold the sheet and put it with the others, in the envelope or box that was agreed. "
                "Somebody types it in; after that the sheet is destroyed."
            ),
        },
    )


def numbered(instrument: Instrument) -> dict[str, int]:
    """Statements have one number on paper, on a phone and where they are typed in: as they stand, part by part."""
    keys = [key for scale in instrument.scales for key in scale.items]
    return {key: number for number, key in enumerate(keys, 1)}


def _choices(instrument: Instrument, language: str) -> list[dict[str, str]]:
    """The columns of boxes; the last one, for no answer, has no number."""
    labels = [{"mark": str(value), "text": text[language]} for value, text in instrument.labels.items()]
    return [*labels, {"mark": "", "text": instrument.no_answer[language]}]


def _parts(instrument: Instrument, language: str) -> list[dict[str, Any]]:
    numbers = numbered(instrument)
    return [
        {
            "title": scale.title[language],
            "items": [
                {"number": numbers[key], "text": instrument.item(key).text[language]} for key in scale.items
            ],
        }
        for scale in instrument.scales
    ]
