"""The file that travels between schools: JSON with a fixed shape, `network.schema.json`, and a sum that tells damage.

The sum is no signature: whoever writes a file can write its sum. It tells a file that was cut off or changed on the
way. What is read is checked for shape as strictly as it is written, for it comes from outside.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any, NoReturn

from qualitycycle.analysis.disclosure import TOO_FEW
from qualitycycle.cycle import calendar
from qualitycycle.cycle.network_figures import (
    CLASSES,
    COARSE_WEEKS,
    FINE_WEEKS,
    HALF_HOUR,
    LEFT_OUT,
    NOT_SHARED,
    Figure,
    Measure,
    blank,
)
from qualitycycle.cycle.network_words import PUPILS
from qualitycycle.errors import NetworkFileRefused
from qualitycycle.model import Sector

FORMAT, FORMAT_VERSION = "qualitycycle-network", 1
SCHEMA_FILE = "network.schema.json"
# A file of ours takes a sixth of this.
MOST_BYTES = 64_000
LONGEST_LABEL, LONGEST_ASK, MOST_ASKS = 60, 280, 3
MOST_VERSIONS, MOST_WEEKS, MOST_HOURS = 99, 60, 200
_YEAR = re.compile(r"(20\d\d)-(20\d\d)")
_SUM = re.compile(r"[0-9a-f]{64}")
_FIELDS = (
    "format", "format_version", "school", "sector", "pupils", "period", "version", "made_on", "figures", "asks",
    "checksum",
)  # fmt: skip
_PERIOD = ("school_year", "half", "first_on", "last_on")
_FIGURE = ("measure", "key", "n", "value", "rounding", "hidden_because", "version")


@dataclass(frozen=True, order=True)
class Period:
    """Half a school year; periods never overlap. The second half begins on 1 February."""

    school_year: str
    half: int

    @property
    def first_on(self) -> date:
        first, last = calendar.year_bounds(self.school_year)
        return first if self.half == 1 else date(last.year, 2, 1)

    @property
    def last_on(self) -> date:
        last = calendar.year_bounds(self.school_year)[1]
        return last if self.half == 2 else date(last.year, 1, 31)


@dataclass(frozen=True)
class NetworkFile:
    """What one school brings to the network about one period."""

    label: str
    sector: Sector
    pupils: str | None
    period: Period
    version: int
    made_on: date
    figures: tuple[Figure, ...]
    asks: tuple[str, ...] = ()

    def figure(self, measure: Measure, key: str) -> Figure:
        return next(one for one in self.figures if (one.measure, one.key) == (measure, key))


# --- writing ---------------------------------------------------------------------------------------------


def write(one: NetworkFile) -> bytes:
    """The same figures give the same bytes."""
    body = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "school": one.label,
        "sector": str(one.sector),
        "pupils": one.pupils,
        "period": {
            "school_year": one.period.school_year,
            "half": one.period.half,
            "first_on": one.period.first_on.isoformat(),
            "last_on": one.period.last_on.isoformat(),
        },
        "version": one.version,
        "made_on": one.made_on.isoformat(),
        "figures": [
            {name: str(value) if name == "measure" else value for name, value in vars(figure).items()}
            for figure in one.figures
        ],
        "asks": list(one.asks),
    }
    return (json.dumps({**body, "checksum": _sum(body)}, ensure_ascii=False, indent=1) + "\n").encode()


def _sum(body: Mapping[str, Any]) -> str:
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def schema_text() -> str:
    """The JSON Schema of the file, for whoever writes a program that reads it."""
    return resources.files("qualitycycle.cycle").joinpath(SCHEMA_FILE).read_text(encoding="utf-8")


# --- reading ---------------------------------------------------------------------------------------------


class _Wrong(Exception):
    """Where the shape is not as it has to be."""


def read(content: bytes, name: str) -> NetworkFile:
    """What a file says; raises `NetworkFileRefused` with what is wrong with it."""
    if len(content) > MOST_BYTES:
        raise NetworkFileRefused(name, "too_large")
    data = _parsed(content, name)
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise NetworkFileRefused(name, "other_file")
    version = data.get("format_version")
    if type(version) is int and version > FORMAT_VERSION:
        raise NetworkFileRefused(name, "newer")
    if data.get("checksum") != _sum({field: value for field, value in data.items() if field != "checksum"}):
        raise NetworkFileRefused(name, "damaged")
    try:
        return _file(data)
    except _Wrong as wrong:
        raise NetworkFileRefused(name, "shape", str(wrong)) from wrong


def _parsed(content: bytes, name: str) -> Any:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        # Cut off, or never a file of this kind: the first signs tell which.
        reason = "damaged" if FORMAT.encode() in content[:200] else "other_file"
        raise NetworkFileRefused(name, reason) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name that is there twice")
    return found


def _no_number(text: str) -> NoReturn:
    raise ValueError(text)


def _file(data: dict[str, Any]) -> NetworkFile:
    _need(tuple(data) == _FIELDS or set(data) == set(_FIELDS), "fields")
    _need(data["format_version"] == FORMAT_VERSION and type(data["format_version"]) is int, "format_version")
    _need(data["sector"] in [str(one) for one in Sector], "sector")
    _need(data["pupils"] is None or data["pupils"] in list(PUPILS), "pupils")
    period = _period(data["period"])
    version, made_on = _whole(data["version"], 1, MOST_VERSIONS, "version"), _day(data["made_on"], "made_on")
    _need(made_on > period.last_on, "made_on")
    asks = data["asks"]
    _need(isinstance(asks, list) and len(asks) <= MOST_ASKS, "asks")
    _need(isinstance(data["checksum"], str) and _SUM.fullmatch(data["checksum"]) is not None, "checksum")
    return NetworkFile(
        _line(data["school"], LONGEST_LABEL, "school"),
        Sector(data["sector"]),
        data["pupils"],
        period,
        version,
        made_on,
        _figures(data["figures"], version),
        tuple(_line(one, LONGEST_ASK, "asks") for one in asks),
    )


def _period(data: Any) -> Period:
    _need(isinstance(data, dict) and set(data) == set(_PERIOD), "period")
    match = _YEAR.fullmatch(data["school_year"]) if isinstance(data["school_year"], str) else None
    _need(match is not None and int(match[1]) + 1 == int(match[2]), "period")
    period = Period(data["school_year"], _whole(data["half"], 1, 2, "period"))
    ends = (period.first_on.isoformat(), period.last_on.isoformat())
    _need((data["first_on"], data["last_on"]) == ends, "period")
    return period


def _figures(data: Any, version: int) -> tuple[Figure, ...]:
    wanted = blank()
    _need(isinstance(data, list) and len(data) == len(wanted), "figures")
    return tuple(_figure(one, bare, version) for one, bare in zip(data, wanted, strict=True))


def _figure(data: Any, bare: Figure, version: int) -> Figure:
    _need(isinstance(data, dict) and set(data) == set(_FIGURE), "figures")
    where = bare.name
    _need((data["measure"], data["key"]) == (str(bare.measure), bare.key), where)
    n, value, rounding, why = (data[name] for name in ("n", "value", "rounding", "hidden_because"))
    came_with = _whole(data["version"], 1, version, where)
    if n is None:
        _need(value is None and rounding is None, where)
        _need(why in (TOO_FEW, LEFT_OUT) or (why == NOT_SHARED and bare.measure is Measure.TIME), where)
        return Figure(bare.measure, bare.key, hidden_because=why, version=came_with)
    _need(isinstance(n, str) and n in CLASSES and why is None, where)
    if bare.measure in (Measure.LEARNING, Measure.HELP):
        _need(value is None and rounding is None, where)
    elif bare.measure is Measure.WAITING:
        _need(type(rounding) is not bool and rounding == (COARSE_WEEKS if n == "5-9" else FINE_WEEKS), where)
        _need(value is None or _in_steps(value, rounding, rounding, MOST_WEEKS), where)
    else:
        _need(rounding == HALF_HOUR and _in_steps(value, HALF_HOUR, 0, MOST_HOURS), where)
    return Figure(bare.measure, bare.key, n, value, rounding, None, came_with)


def _in_steps(value: Any, step: float, low: float, high: float) -> bool:
    return type(value) in (int, float) and low <= value <= high and (value / step).is_integer()


def _whole(value: Any, low: int, high: int, where: str) -> int:
    _need(type(value) is int and low <= value <= high, where)
    return int(value)


def _day(value: Any, where: str) -> date:
    try:
        _need(isinstance(value, str), where)
        found = date.fromisoformat(value)
        _need(found.isoformat() == value, where)
    except ValueError as error:
        raise _Wrong(where) from error
    return found


def _line(value: Any, longest: int, where: str) -> str:
    _need(isinstance(value, str) and value == " ".join(value.split()) and 0 < len(value) <= longest, where)
    _need(is_one_line(value), where)
    return str(value)


def is_one_line(text: str) -> bool:
    """Without signs that turn, hide or break a line: what is shown is what was written."""
    return not any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for sign in text)


def _need(holds: bool, where: str) -> None:
    if not holds:
        raise _Wrong(where)
