"""Questionnaires as data files, and the one loader that checks and reads them."""

from __future__ import annotations

import re
import tomllib
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Any

from qualitycycle.errors import InstrumentInvalid
from qualitycycle.model import Instrument, Item, Scale

KEY = re.compile(r"^[a-z][a-z0-9_]*$")
NEEDED = (
    "key", "version", "validated", "licence", "minimum", "maximum", "min_answered", "total",
    "title", "intro", "source", "no_answer", "labels", "scales", "items",
)  # fmt: skip
TOTALS = ("mean_of_subscales", "mean_of_items")


@cache
def all_instruments() -> tuple[Instrument, ...]:
    """Every questionnaire in this package; of each key the newest version last."""
    files = sorted(resources.files(__name__).iterdir(), key=lambda file: file.name)
    found = [
        read(file.read_text(encoding="utf-8"), file.name) for file in files if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda one: (one.key, one.version)))


def instrument(key: str, version: int | None = None) -> Instrument:
    """A questionnaire by key; the newest version unless one is named."""
    same = [one for one in all_instruments() if one.key == key and version in (None, one.version)]
    if not same:
        raise InstrumentInvalid(key, "version", str(version))
    return same[-1]


def read(text: str, file: str) -> Instrument:
    """Read and check one data file; raises `InstrumentInvalid` with the place and what is wrong there."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InstrumentInvalid(file, "file", str(error)) from error
    for name in NEEDED:
        if name not in data:
            raise InstrumentInvalid(file, name, "missing")
    built = _build(data, file)
    _check(built, file)
    return built


def _build(data: dict[str, Any], file: str) -> Instrument:
    try:
        items = tuple(
            Item(row["key"], row["scale"], dict(row["text"]), bool(row.get("reversed", False)))
            for row in data["items"]
        )
        scales = tuple(
            Scale(
                row["key"],
                dict(row["title"]),
                tuple(item.key for item in items if item.scale == row["key"]),
                row.get("group", ""),
            )
            for row in data["scales"]
        )
        return Instrument(
            key=data["key"],
            version=int(data["version"]),
            title=dict(data["title"]),
            intro=dict(data["intro"]),
            validated=bool(data["validated"]),
            source=dict(data["source"]),
            licence=data["licence"],
            minimum=int(data["minimum"]),
            maximum=int(data["maximum"]),
            labels={int(value): dict(label) for value, label in data["labels"].items()},
            no_answer=dict(data["no_answer"]),
            min_answered=data["min_answered"],
            total=data["total"],
            scales=scales,
            items=items,
            groups={row["key"]: dict(row["title"]) for row in data.get("groups", ())},
        )
    except (KeyError, TypeError, ValueError) as error:
        raise InstrumentInvalid(file, "items", str(error)) from error


def _check(one: Instrument, file: str) -> None:
    keys = [item.key for item in one.items]
    faults = [
        ("key", not KEY.match(one.key)),
        ("items", len(set(keys)) < len(keys) or not all(KEY.match(key) for key in keys)),
        ("range", one.minimum >= one.maximum),
        ("labels", set(one.labels) != set(range(one.minimum, one.maximum + 1))),
        ("scales", any(not scale.items for scale in one.scales)),
        ("scales", {item.scale for item in one.items} - {scale.key for scale in one.scales} != set()),
        ("groups", {scale.group for scale in one.scales} - {"", *one.groups} != set()),
        ("min_answered", not _is_share(one.min_answered)),
        ("total", one.total not in TOTALS),
        ("languages", any(set(texts) != set(one.title) for texts in _texts(one))),
    ]
    for where, wrong in faults:
        if wrong:
            raise InstrumentInvalid(file, where, "does_not_fit")


def _is_share(text: str) -> bool:
    try:
        return 0 < Fraction(text) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _texts(one: Instrument) -> list[dict[str, str]]:
    return [
        one.intro,
        one.source,
        one.no_answer,
        *one.labels.values(),
        *one.groups.values(),
        *(scale.title for scale in one.scales),
        *(item.text for item in one.items),
    ]
