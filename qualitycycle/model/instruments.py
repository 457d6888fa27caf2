"""What the data file of a questionnaire says."""

from __future__ import annotations

from dataclasses import dataclass, field


class Texts(dict[str, str]):
    """A text by language. Asked in a language it does not have, it gives the one there is."""

    def __missing__(self, language: str) -> str:
        return next(iter(self.values()))


@dataclass(frozen=True)
class Item:
    key: str
    scale: str
    text: dict[str, str]
    reversed: bool = False


@dataclass(frozen=True)
class Scale:
    """`group` is what it is shown with; empty stands by itself."""

    key: str
    title: dict[str, str]
    items: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True)
class Instrument:
    """A versioned questionnaire. `min_answered` is the share of a scale's items needed for a score."""

    key: str
    version: int
    title: dict[str, str]
    intro: dict[str, str]
    validated: bool
    source: dict[str, str]
    licence: str
    minimum: int
    maximum: int
    labels: dict[int, dict[str, str]]
    no_answer: dict[str, str]
    min_answered: str
    total: str
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    permission: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.title)

    def spoken(self, language: str) -> str:
        """The language its texts are in when this one is asked."""
        return language if language in self.title else self.languages[0]

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)
