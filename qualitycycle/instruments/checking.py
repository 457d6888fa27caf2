"""Everything that is wrong with a questionnaire's data file, each fault with its place, all of them at once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Any, TypeGuard

KEY = re.compile(r"[a-z][a-z0-9_]*")
LANGUAGES = ("nl", "en")
TOTALS = ("mean_of_subscales", "mean_of_items")

NEEDED = (
    "key", "version", "validated", "licence", "minimum", "maximum", "min_answered", "total",
    "title", "intro", "source", "no_answer", "labels", "scales", "items",
)  # fmt: skip
OPTIONAL = ("groups", "permission")
ROWS = {
    "groups": ("key", "title"),
    "scales": ("key", "title", "group"),
    "items": ("key", "scale", "text", "reversed"),
}
NOT_NEEDED = ("group", "reversed")

LARGEST = 200_000
LONGEST_KEY = 40
# A phone shows a title on two lines, a statement on a few and an introduction as one paragraph.
LONGEST = {"title": 120, "intro": 1000, "source": 1000, "no_answer": 60, "labels": 60, "text": 400}
LONGEST_WORDS = {"licence": 200, "permission": 600}
MOST_ITEMS, MOST_SCALES = 100, 20
# 0 is how the forms say "no answer"; more than eleven choices fit on no phone.
LOWEST, HIGHEST = 1, 11
LINE = re.compile(r"\(at line (\d+), column \d+\)")


class Wrong(StrEnum):
    """What is wrong at a place. The screen has two sentences for each: what it is, and what to do."""

    NOT_UTF8 = "not_utf8"
    TOO_LARGE = "too_large"
    NOT_TOML = "not_toml"
    MISSING = "missing"
    UNKNOWN_NAME = "unknown_name"
    WRONG_FORM = "wrong_form"
    NOT_A_KEY = "not_a_key"
    RESERVED = "reserved"
    DOUBLED = "doubled"
    SAME_TEXT = "same_text"
    NOT_A_LANGUAGE = "not_a_language"
    NO_TEXT = "no_text"
    TOO_LONG = "too_long"
    HIDDEN_SIGN = "hidden_sign"
    NOT_WHOLE = "not_whole"
    NOT_YES_OR_NO = "not_yes_or_no"
    RANGE = "range"
    NO_LABEL = "no_label"
    LABEL_TOO_MANY = "label_too_many"
    NOT_A_SHARE = "not_a_share"
    NOT_A_TOTAL = "not_a_total"
    TOO_MANY = "too_many"
    NOTHING_IN_IT = "nothing_in_it"
    UNKNOWN_SCALE = "unknown_scale"
    UNKNOWN_GROUP = "unknown_group"


@dataclass(frozen=True)
class Fault:
    """One fault: `place` as the file names it (items 3 text.en), `detail` what stands there or was expected."""

    place: str
    wrong: Wrong
    detail: str = ""


def parse(content: str | bytes) -> tuple[dict[str, Any], list[Fault]]:
    """The file as plain data; or nothing, and why it cannot be read at all."""
    if len(content) > LARGEST:
        return {}, [Fault("", Wrong.TOO_LARGE, str(LARGEST // 1000))]
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [Fault("", Wrong.NOT_UTF8)]
    try:
        return tomllib.loads(text.replace("\r\n", "\n")), []
    except tomllib.TOMLDecodeError as error:
        at = LINE.search(str(error))
        return {}, [Fault("", Wrong.NOT_TOML, at.group(1) if at else "")]
    except RecursionError:
        return {}, [Fault("", Wrong.NOT_TOML)]


def faults(data: Mapping[str, Any], *, reserved: Sequence[str] = (), own: bool = False) -> list[Fault]:
    """All faults in the order of the file's parts. `own`: a school's file, which also says who permits its use."""
    needed = (*NEEDED, "permission") if own else NEEDED
    return [
        *_names("", data, needed, (*NEEDED, *OPTIONAL)),
        *_head(data, reserved),
        *_range(data),
        *_texts_of_the_whole(data),
        *_labels(data),
        *_scales(data),
        *_items(data),
    ]


def _names(
    place: str, data: Mapping[str, Any], needed: Sequence[str], known: Sequence[str]
) -> Iterator[Fault]:
    for name in needed:
        if name not in data:
            yield Fault(_under(place, name), Wrong.MISSING)
    for name in data:
        # A name that we would pass over in silence may have been meant: `reverse` would turn nothing.
        if name not in known:
            yield Fault(_under(place, name), Wrong.UNKNOWN_NAME, ", ".join(known))


def _under(place: str, name: str) -> str:
    return f"{place} {name}".strip()


# --- the whole -------------------------------------------------------------------------------------------


def _head(data: Mapping[str, Any], reserved: Sequence[str]) -> Iterator[Fault]:
    if "key" in data:
        yield from _key("key", data["key"])
        if data["key"] in reserved:
            yield Fault("key", Wrong.RESERVED, data["key"])
    if "version" in data and not (_is_whole(data["version"]) and data["version"] > 0):
        yield Fault("version", Wrong.NOT_WHOLE, _shown(data["version"]))
    if "validated" in data and not isinstance(data["validated"], bool):
        yield Fault("validated", Wrong.NOT_YES_OR_NO, _shown(data["validated"]))
    if "min_answered" in data and not _is_share(data["min_answered"]):
        yield Fault("min_answered", Wrong.NOT_A_SHARE, _shown(data["min_answered"]))
    if "total" in data and data["total"] not in TOTALS:
        yield Fault("total", Wrong.NOT_A_TOTAL, ", ".join(TOTALS))
    for name, longest in LONGEST_WORDS.items():
        if name in data:
            yield from _words(name, data[name], longest)


def _range(data: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("minimum", "maximum"):
        if name in data and not _is_whole(data[name]):
            yield Fault(name, Wrong.NOT_WHOLE, _shown(data[name]))
    ends = _ends(data)
    if ends and not LOWEST <= ends[0] < ends[1] <= HIGHEST:
        yield Fault("minimum, maximum", Wrong.RANGE, f"{ends[0]}–{ends[1]}")


def _ends(data: Mapping[str, Any]) -> tuple[int, int] | None:
    low, high = data.get("minimum"), data.get("maximum")
    return (low, high) if _is_whole(low) and _is_whole(high) else None


def _texts_of_the_whole(data: Mapping[str, Any]) -> Iterator[Fault]:
    for name in ("title", "intro", "source", "no_answer"):
        if name in data:
            yield from _texts(name, data[name], _languages(data), LONGEST[name])


def _labels(data: Mapping[str, Any]) -> Iterator[Fault]:
    labels, ends = data.get("labels"), _ends(data)
    if labels is None:
        return
    if not isinstance(labels, dict):
        yield Fault("labels", Wrong.WRONG_FORM, _shown(labels))
        return
    for value, label in labels.items():
        yield from _texts(f"labels {value}", label, _languages(data), LONGEST["labels"])
    if ends and LOWEST <= ends[0] < ends[1] <= HIGHEST:
        wanted = [str(value) for value in range(ends[0], ends[1] + 1)]
        for value in wanted:
            if value not in labels:
                yield Fault(f"labels {value}", Wrong.NO_LABEL, value)
        for value in labels:
            if value not in wanted:
                yield Fault(f"labels {value}", Wrong.LABEL_TOO_MANY, f"{ends[0]}–{ends[1]}")
    yield from _same("labels", [*labels.values(), data.get("no_answer")])


# --- scales and statements -------------------------------------------------------------------------------


def _scales(data: Mapping[str, Any]) -> Iterator[Fault]:
    languages = _languages(data)
    groups, scales = _rows(data, "groups"), _rows(data, "scales")
    yield from _list(data, "groups", MOST_SCALES, languages)
    yield from _list(data, "scales", MOST_SCALES, languages)
    own_groups = [row.get("key") for row in groups]
    for n, row in enumerate(scales, 1):
        if row.get("group", "") not in ("", *own_groups):
            yield Fault(f"{_row('scales', n, row)} group", Wrong.UNKNOWN_GROUP, _shown(row["group"]))
    used = [row.get("scale") for row in _rows(data, "items")]
    for n, row in enumerate(scales, 1):
        if "key" in row and row["key"] not in used:
            yield Fault(_row("scales", n, row), Wrong.NOTHING_IN_IT, "items")
    for n, row in enumerate(groups, 1):
        if "key" in row and row["key"] not in [scale.get("group") for scale in scales]:
            yield Fault(_row("groups", n, row), Wrong.NOTHING_IN_IT, "scales")


def _items(data: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _list(data, "items", MOST_ITEMS, _languages(data))
    scales = [row.get("key") for row in _rows(data, "scales")]
    for n, row in enumerate(_rows(data, "items"), 1):
        place = _row("items", n, row)
        if "scale" in row and row["scale"] not in scales:
            yield Fault(f"{place} scale", Wrong.UNKNOWN_SCALE, ", ".join(str(key) for key in scales if key))
        if "reversed" in row and not isinstance(row["reversed"], bool):
            yield Fault(f"{place} reversed", Wrong.NOT_YES_OR_NO, _shown(row["reversed"]))
    yield from _same("items", [row.get("text") for row in _rows(data, "items")])


def _list(data: Mapping[str, Any], name: str, most: int, languages: Sequence[str]) -> Iterator[Fault]:
    """What holds for groups, scales and items alike."""
    if name not in data:
        return
    found = data[name]
    if not isinstance(found, list) or not all(isinstance(row, dict) for row in found):
        yield Fault(name, Wrong.WRONG_FORM, _shown(found))
        return
    if not found and name in NEEDED:
        yield Fault(name, Wrong.NOTHING_IN_IT, name)
    if len(found) > most:
        yield Fault(name, Wrong.TOO_MANY, str(most))
    for n, row in enumerate(found, 1):
        place = _row(name, n, row)
        yield from _names(place, row, [part for part in ROWS[name] if part not in NOT_NEEDED], ROWS[name])
        if "key" in row:
            yield from _key(f"{place} key", row["key"])
        words = "text" if name == "items" else "title"
        if words in row:
            yield from _texts(f"{place} {words}", row[words], languages, LONGEST[words])
    keys = Counter(row["key"] for row in found if isinstance(row.get("key"), str))
    for key, times in keys.items():
        if times > 1:
            yield Fault(f"{name} {key}", Wrong.DOUBLED, key)


def _rows(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    found = data.get(name, [])
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _row(name: str, n: int, row: Mapping[str, Any]) -> str:
    key = row.get("key")
    return f"{name} {n} ({key})" if isinstance(key, str) and key else f"{name} {n}"


# --- keys, texts and numbers -----------------------------------------------------------------------------


def _key(place: str, value: Any) -> Iterator[Fault]:
    if not isinstance(value, str) or not KEY.fullmatch(value) or len(value) > LONGEST_KEY:
        yield Fault(place, Wrong.NOT_A_KEY, _shown(value))


def _languages(data: Mapping[str, Any]) -> Sequence[str]:
    """The languages of the title are those of the whole."""
    title = data.get("title")
    found = [language for language in LANGUAGES if isinstance(title, dict) and language in title]
    return found or LANGUAGES[:1]


def _texts(place: str, value: Any, languages: Sequence[str], longest: int) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield Fault(place, Wrong.NOT_A_LANGUAGE, ", ".join(languages))
        return
    for language in languages:
        if language not in value:
            yield Fault(f"{place}.{language}", Wrong.NO_TEXT, language)
    for language, text in value.items():
        if language not in languages:
            yield Fault(f"{place}.{language}", Wrong.NOT_A_LANGUAGE, ", ".join(languages))
        else:
            yield from _words(f"{place}.{language}", text, longest)


def _words(place: str, text: Any, longest: int) -> Iterator[Fault]:
    if not isinstance(text, str) or not text.strip():
        yield Fault(place, Wrong.NO_TEXT)
        return
    if len(text) > longest:
        yield Fault(place, Wrong.TOO_LONG, str(longest))
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") for sign in text.strip()):
        yield Fault(place, Wrong.HIDDEN_SIGN)


def _same(place: str, texts: Sequence[Any]) -> Iterator[Fault]:
    """Two statements or two answers in the same words cannot be told apart."""
    for language in LANGUAGES:
        said = [text.get(language) for text in texts if isinstance(text, dict)]
        counted = Counter(" ".join(text.casefold().split()) for text in said if isinstance(text, str))
        for text, times in counted.items():
            if times > 1 and text:
                yield Fault(f"{place} .{language}", Wrong.SAME_TEXT, _shown(text))


def _is_whole(value: Any) -> TypeGuard[int]:
    # To Python a yes is a number as well.
    return isinstance(value, int) and not isinstance(value, bool)


def _is_share(value: Any) -> bool:
    try:
        return isinstance(value, str) and 0 < Fraction(value) <= 1
    except (ValueError, ZeroDivisionError):
        return False


def _shown(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:59]}…"
