"""The promise of a round: stored with it, shown to every respondent, and never changed afterwards.

Its sentences are the same on screen, on paper and on a phone. Version 1 promised nothing about languages and
further codes; a round that was opened under it keeps it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.i18n import N_, _
from qualitycycle.model import Instrument

VERSION = 2
# A few slips get lost and a colleague is forgotten; more codes than this, and somebody could answer twice.
EXTRA_AT_LEAST = 5
EXTRA_SHARE = 0.2

READERS = {
    "leader": N_("the school leader"),
    "coach": N_("the internal coach"),
    "member": N_("the team itself"),
    "reader": N_("the MR and the board"),
}


def make(floor: int, invited: Mapping[str, int], languages: tuple[str, ...]) -> dict[str, Any]:
    """What a new round promises; `invited` is team id to number of people."""
    return {
        "version": VERSION,
        "floor": floor,
        "floor_distribution": disclosure.FLOOR_DISTRIBUTION,
        "single_answers": "nobody",
        "results_when": "closed",
        "results_who": ["leader", "coach", "member", "reader"],
        "languages": list(languages),
        "invited": dict(invited),
        "extra_codes": {"at_least": EXTRA_AT_LEAST, "share": EXTRA_SHARE},
    }


def made_elsewhere(
    promised: str, floor: int, invited: Mapping[str, int], languages: tuple[str, ...]
) -> dict[str, Any]:
    """The promise of a round that was filled in on another form, in the words it was given with there."""
    ours = make(floor, invited, languages)
    return {name: value for name, value in ours.items() if name != "extra_codes"} | {"elsewhere": promised}


def languages(promise: Mapping[str, Any], instrument: Instrument) -> tuple[str, ...]:
    """The languages a round is offered in; an old promise offers all that the questionnaire has."""
    offered = promise.get("languages", instrument.languages)
    return tuple(language for language in instrument.languages if language in offered)


def spoken(promise: Mapping[str, Any], instrument: Instrument, language: str) -> str:
    """The language the statements are in for somebody who reads in `language`."""
    offered = languages(promise, instrument) or instrument.languages
    return language if language in offered else offered[0]


def most_invited(promise: Mapping[str, Any], team_id: str) -> int | None:
    """How many codes a team may get in all; None when the promise sets no limit (version 1)."""
    extra = promise.get("extra_codes")
    if extra is None:
        return None
    first = int(promise["invited"].get(team_id, 0))
    # As a whole number of hundredths: 0.2 * 15 is a little over 3 to a computer.
    share = round(100 * float(extra["share"])) * first // 100
    return first + max(int(extra["at_least"]), share)


def sentences(promise: Mapping[str, Any]) -> list[str]:
    """What is stored, who sees what, from how many people, when, and how many further codes there may be."""
    readers = [_(READERS[key]) for key in promise["results_who"] if key in READERS]
    if "elsewhere" in promise:
        return _elsewhere(promise, readers)
    lines = [
        _("Nobody sees your own answers: not your school leader, not your colleagues."),
        _("Your answers are stored without name, code, device or time, and in no order."),
        _("Results are shown only for groups in which at least {n} people filled it in.").format(
            n=promise["floor"]
        ),
        _("Results appear after this round is closed. Then {readers} can see them.").format(
            readers=i18n.join(readers)
        ),
        _(
            "This is confidential. We do not call it anonymous: who hands out the codes may know that you "
            "got one, but not what you answered."
        ),
    ]
    return [*lines, *_extra(promise)]


def _elsewhere(promise: Mapping[str, Any], readers: list[str]) -> list[str]:
    return [
        _("This was filled in elsewhere, on another form. There was promised: “{text}”").format(
            text=promise["elsewhere"]
        ),
        _(
            "Names, mail addresses and times in that form were left out when it was read in; nobody can see them here."
        ),
        _("Results are shown only for groups in which at least {n} people filled it in.").format(
            n=promise["floor"]
        ),
        _("{readers} can see the results.").format(readers=i18n.join(readers)),
    ]


def _extra(promise: Mapping[str, Any]) -> list[str]:
    extra = promise.get("extra_codes")
    if extra is None:
        return []
    return [
        _(
            "Everybody gets one code. For lost slips and forgotten colleagues at most {n} more can be made "
            "per team; in a large team {share} more."
        ).format(n=extra["at_least"], share=i18n.percent(extra["share"]))
    ]


def in_short(promise: Mapping[str, Any]) -> str:
    """The promise in one line, for a slip of paper."""
    return _("Nobody sees your own answers. Results only after closing, for groups of {n} and more.").format(
        n=promise["floor"]
    )
