"""Questionnaires as data files, and the one loader that checks and reads them."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from qualitycycle.errors import InstrumentInvalid
from qualitycycle.instruments.checking import Fault, faults, parse
from qualitycycle.model import Instrument, Item, Scale, Texts

__all__ = ["Fault", "all_instruments", "check", "example", "instrument", "read"]


@cache
def all_instruments() -> tuple[Instrument, ...]:
    """Every questionnaire in this package; of each key the newest version last."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    found = [
        read(file.read_text(encoding="utf-8"), file.name) for file in files if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.key, one.version)))


def instrument(key: str, version: int | None = None) -> Instrument:
    """A questionnaire of this package by key; the newest version unless one is named."""
    same = [one for one in all_instruments() if one.key == key and version in (None, one.version)]
    if not same:
        raise InstrumentInvalid(key, "version", str(version))
    return same[-1]


def example() -> str:
    """A data file of our own, to begin one's own from."""
    return resources.files(__name__).joinpath("weekpeiling.toml").read_text(encoding="utf-8")


def read(text: str, file: str) -> Instrument:
    """Read and check one data file; raises `InstrumentInvalid` with the first fault and its place."""
    data, wrong = parse(text)
    wrong = wrong or faults(data)
    if wrong:
        raise InstrumentInvalid(file, wrong[0].place, str(wrong[0].wrong))
    return _build(data)


def check(content: str | bytes) -> tuple[Instrument | None, list[Fault]]:
    """A school's own data file: the questionnaire, or None and every fault in it."""
    data, wrong = parse(content)
    wrong = wrong or faults(data, reserved=[one.key for one in all_instruments()], own=True)
    return (None, wrong) if wrong else (_build(data), [])


def _build(data: dict[str, Any]) -> Instrument:
    items = tuple(
        Item(row["key"], row["scale"], Texts(row["text"]), row.get("reversed", False))
        for row in data["items"]
    )
    scales = tuple(
        Scale(
            row["key"],
            Texts(row["title"]),
            tuple(item.key for item in items if item.scale == row["key"]),
            row.get("group", ""),
        )
        for row in data["scales"]
    )
    return Instrument(
        key=data["key"],
        version=data["version"],
        title=Texts(data["title"]),
        intro=Texts(data["intro"]),
        validated=data["validated"],
        source=Texts(data["source"]),
        licence=data["licence"],
        minimum=data["minimum"],
        maximum=data["maximum"],
        labels={int(value): Texts(label) for value, label in sorted(data["labels"].items(), key=_by_value)},
        no_answer=Texts(data["no_answer"]),
        min_answered=data["min_answered"],
        total=data["total"],
        scales=scales,
        items=items,
        groups={row["key"]: Texts(row["title"]) for row in data.get("groups", ())},
        permission=data.get("permission", ""),
    )


def _by_value(label: tuple[str, Any]) -> int:
    return int(label[0])
