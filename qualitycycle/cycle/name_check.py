"""Does a line hold what may be the name or number of a pupil? A warning, never a refusal: nobody can be sure.

Names of colleagues are no pupils' names, and neither are words that the school itself uses with a capital.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import cache
from importlib import resources

from qualitycycle.cycle import school
from qualitycycle.imports import privacy
from qualitycycle.store.connect import Store

# A word of letters, an apostrophe or hyphen inside it included.
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
# Before these a sentence starts anew, and a capital says nothing.
_STARTS = frozenset('.!?:;“”"«»(–—/•')
# Five digits in a row are more often a number of somebody than a score or a year.
_NUMBER = re.compile(r"(?<!\d)\d{5,}(?!\d)")
# A letter and a point before a name, or a particle: J. de Wit.
_INITIAL = re.compile(r"\b(?:[A-Z]\.){1,3}\s*(?:van |de |der |den |el |ten |ter )*[A-Z]\w+")


@cache
def given_names() -> frozenset[str]:
    """Frequent given names of children in the Netherlands, in small letters."""
    return _listed("given_names.txt")


@cache
def usual_capitals() -> frozenset[str]:
    """Words that schools write with a capital and that are nobody."""
    return _listed("usual_capitals.txt")


def _listed(name: str) -> frozenset[str]:
    text = resources.files("qualitycycle.cycle").joinpath(name).read_text(encoding="utf-8")
    return frozenset(
        word.casefold() for line in text.splitlines() if line[:1] != "#" for word in line.split()
    )


def suspects(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The words or numbers in a line that may point to a pupil, each once; `known` are words that may stand."""
    usual = usual_capitals() | {word.casefold() for line in known for word in _WORD.findall(line)}
    initials = _INITIAL.findall(text)
    names = [one for one in _names(text, usual) if not any(one in whole for whole in initials)]
    return tuple(dict.fromkeys([*_numbers(text), *initials, *names]))


def _numbers(text: str) -> Iterable[str]:
    yield from _NUMBER.findall(text)
    yield from (word for word in text.split() if privacy.is_personal(word.strip(".,;:()")))


def _names(text: str, usual: Collection[str]) -> Iterable[str]:
    for match in _WORD.finditer(text):
        word = match.group()
        small = word.casefold()
        # Jayden's, and Cito-toets: what counts is the first part.
        own = re.split(r"['’-]", small)[0]
        # Abbreviations: MR, IB'er, OP2.
        if small in usual or own in usual or sum(sign.isupper() for sign in word) > 1 or len(word) < 3:
            continue
        is_name = small in given_names() or own in given_names()
        if word[0].isupper() and (is_name or not _begins(text, match.start())):
            yield word


def _begins(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    return not before or before[-1] in _STARTS


def known_words(store: Store, *more: str) -> tuple[str, ...]:
    """Words of the school that may stand: names of its people and teams, and its own."""
    staff = school.staff(store)
    return (
        staff.school.name,
        *(one.name for one in staff.people),
        *(one.title for one in staff.people),
        *(one.name for one in staff.teams),
        *more,
    )
