"""Which words two texts have in common, whatever their endings: simple enough to be explained on the page.

A word is cut back to its stem by a few rules for Dutch and English endings. Words that stand in every line of a school
say nothing about what a line is about and are left out. A longer word shares its first part: leesles and leesboek.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

_WORD = re.compile(r"[^\W\d_]+")
# Shorter words are seldom about something, and the first part of a longer word has to be this long to count.
SHORTEST, FIRST_PART = 3, 4
# Longest first: of each word one ending goes, and three letters stay.
_ENDINGS = ("ingen", "heden", "tjes", "ing", "heid", "jes", "tje", "ers", "er", "en", "je", "es", "s", "e")
_DOUBLED = re.compile(r"([aeou])\1")
_LONG_BEFORE_F_OR_S = re.compile(r"(?:(?:aa|ee|oo|uu|oe|eu|ij|ei|ui|ou)[fs]|ief)$")
# What looks like an ending and is none.
_WHOLE = frozenset({"reken", "teken", "oefen", "open", "eigen", "leren", "thuis", "proces"})


def words_of(*texts: str) -> dict[str, str]:
    """The words that say something, by their stem; of each stem the word as it stands first."""
    found: dict[str, str] = {}
    for word in (match.group() for text in texts for match in _WORD.finditer(text)):
        if len(word) >= SHORTEST and word.casefold() not in common_words():
            found.setdefault(stem(word), word.casefold())
    return found


def shared(one: Mapping[str, str], other: Mapping[str, str]) -> tuple[str, ...]:
    """The words of `other` that `one` has too, in their order."""
    return tuple(word for root, word in other.items() if any(_same(root, own) for own in one))


def _same(root: str, other: str) -> bool:
    short, long = sorted((root, other), key=len)
    return root == other or (len(short) >= FIRST_PART and long.startswith(short))


@cache
def stem(word: str) -> str:
    """A word without its ending, such that lees, lezen and lezer meet in one form."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign))
    if plain in _WHOLE:
        return plain
    if _LONG_BEFORE_F_OR_S.search(plain):
        # lees and lezen, schrijf and schrijven, brief and brieven.
        plain = plain[:-1] + {"f": "v", "s": "z"}[plain[-1]]
    for ending in _ENDINGS:
        if plain.endswith(ending) and len(plain) - len(ending) >= SHORTEST:
            plain = plain[: -len(ending)]
            break
    plain = _DOUBLED.sub(r"\1", plain)
    return plain[:-1] if len(plain) > SHORTEST and plain[-1] == plain[-2] else plain


@cache
def common_words() -> frozenset[str]:
    """Words that stand everywhere, in small letters."""
    text = resources.files("qualitycycle.cycle").joinpath("common_words.txt").read_text(encoding="utf-8")
    return frozenset(_listed(text.splitlines()))


def _listed(lines: Iterable[str]) -> Iterable[str]:
    yield from (word.casefold() for line in lines if line[:1] != "#" for word in line.split())
