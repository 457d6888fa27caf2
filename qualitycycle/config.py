"""Settings from the environment, read once and loud on bad values; and today's date in the Netherlands."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from platformdirs import user_data_path

from qualitycycle.errors import BadSetting

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DATABASE = "school.duckdb"
DEMO_FOLDER = "demo"
DEFAULT_PORT = 8501
# After school: what is told about a past day gets this moment (UTC).
AFTER_SCHOOL = time(14, 0)

_as_of: ContextVar[date | None] = ContextVar("as_of", default=None)


@dataclass(frozen=True)
class Settings:
    """Where the data is, which port, whether a browser opens, and whether this run shows the demo school.

    `language` is the terminal's; None leaves it to the school and the computer.
    """

    folder: Path
    port: int
    open_browser: bool
    demo: bool
    language: str | None


def settings() -> Settings:
    """Read QUALITYCYCLE_DATA, _PORT, _BROWSER, _DEMO and _LANG; raise `BadSetting` on a bad value."""
    return Settings(
        folder=data_folder(os.environ.get("QUALITYCYCLE_DATA")),
        port=_port(os.environ.get("QUALITYCYCLE_PORT", str(DEFAULT_PORT))),
        open_browser=_yes("QUALITYCYCLE_BROWSER", default=True),
        demo=_yes("QUALITYCYCLE_DEMO", default=False),
        language=_language(os.environ.get("QUALITYCYCLE_LANG") or None),
    )


def data_folder(value: str | None) -> Path:
    """The folder that holds the school's file; the user's own data folder unless told otherwise."""
    if value:
        return Path(value).expanduser().resolve()
    return user_data_path("qualitycycle", appauthor=False)


def app_folder() -> Path:
    """Where app.py, pages/ and data/ are: inside an installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "_app"
    return installed if installed.is_dir() else Path(__file__).parent.parent


def today() -> date:
    """Today in the Netherlands; `as_of` and QUALITYCYCLE_TODAY override it for demonstrations and tests."""
    told = _as_of.get()
    if told is not None:
        return told
    fixed = os.environ.get("QUALITYCYCLE_TODAY")
    if not fixed:
        return datetime.now(AMSTERDAM).date()
    try:
        return date.fromisoformat(fixed)
    except ValueError:
        raise BadSetting("QUALITYCYCLE_TODAY", fixed, "2026-11-22") from None


def now() -> datetime:
    """This moment in UTC without zone, as the store keeps it."""
    moment = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    told = _as_of.get()
    return moment if told is None else min(moment, datetime.combine(told, AFTER_SCHOOL))


@contextmanager
def as_of(day: date) -> Iterator[None]:
    """Do as if it were this day for the length of a block, so that a told history has plausible dates."""
    token = _as_of.set(day)
    try:
        yield
    finally:
        _as_of.reset(token)


def local_time(moment: datetime) -> datetime:
    """A stored UTC moment as the clock in the Netherlands shows it."""
    return moment.replace(tzinfo=UTC).astimezone(AMSTERDAM)


def _port(value: str) -> int:
    if not value.isdigit() or not 1 <= int(value) <= 65535:
        raise BadSetting("QUALITYCYCLE_PORT", value, "1-65535")
    return int(value)


def _language(value: str | None) -> str | None:
    if value not in (None, "nl", "en"):
        raise BadSetting("QUALITYCYCLE_LANG", str(value), "nl / en")
    return value


def _yes(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if value in ("", "1", "0", "yes", "no"):
        return default if value == "" else value in ("1", "yes")
    raise BadSetting(name, value, "1 / 0")
