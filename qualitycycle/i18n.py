"""Texts in Dutch and English: gettext catalogues read by Babel, and numbers and dates as each language writes them.

The texts in the code are English; Dutch comes from `locale/nl`. The language is a context variable, so that
two sessions in two languages never meet.
"""

from __future__ import annotations

import decimal
import gettext
import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache, lru_cache
from importlib import resources

from babel import dates, numbers
from babel.messages import mofile, pofile

LANGUAGES = {"nl": "Nederlands", "en": "English"}
DEFAULT = "nl"
DOMAIN = "qualitycycle"
# A true minus sign and a thin look: what Babel writes for English is en_GB, dates day first as schools here read them.
LOCALES = {"nl": "nl_NL", "en": "en_GB"}

_language: ContextVar[str] = ContextVar("language", default=DEFAULT)


def use(language: str) -> None:
    """Speak this language from here on in this context; an unknown one becomes Dutch."""
    _language.set(language if language in LANGUAGES else DEFAULT)


def language() -> str:
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language for the length of a block."""
    token = _language.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _language.reset(token)


def _(text: str) -> str:
    """The text in the current language."""
    return catalogue(_language.get()).gettext(text) if text else ""


def ngettext(one: str, many: str, n: int) -> str:
    """`one` or `many` in the current language, by `n`; the caller fills in {n}."""
    return catalogue(_language.get()).ngettext(one, many, n)


def N_(text: str) -> str:
    """Mark a text for the catalogue without translating it yet."""
    return text


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The compiled catalogue of a language; English needs none."""
    source = resources.files("qualitycycle").joinpath("locale", language, "LC_MESSAGES", f"{DOMAIN}.po")
    if not source.is_file():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as file:
        mofile.write_mo(compiled, pofile.read_po(file, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


# --- numbers and dates -----------------------------------------------------------------------------------


def number(value: float | None, decimals: int | None = None) -> str:
    """A number with the language's decimal sign; None is a dash. Without `decimals`: as many as it has, up to two."""
    if value is None:
        return "–"
    pattern = "#,##0.##" if decimals is None else "#,##0" + ("." + "0" * decimals if decimals else "")
    # Multiplied by a hundred, 0.145 lies a hair below the half it stands for.
    return _written(round(value, 9) + 0, pattern, LOCALES[language()])


# A page writes the same few numbers hundreds of times, and Babel reads the pattern again for each.
@lru_cache(maxsize=4096)
def _written(value: float, pattern: str, locale: str) -> str:
    # Half goes up, as in a spreadsheet: to the even neighbour, 62.5 and 63.5 would lie two apart.
    with decimal.localcontext(rounding=decimal.ROUND_HALF_UP):
        text = numbers.format_decimal(value, format=pattern, locale=locale)
    # Zero has no sign, also what becomes zero here.
    return text if any(digit in text for digit in "123456789") else text.removeprefix("-")


def percent(share: float | None, decimals: int = 0) -> str:
    """A share between 0 and 1 as a percentage."""
    return "–" if share is None else f"{number(share * 100, decimals)}%"


def day(value: date | None, *, year: bool | None = None) -> str:
    """A date in words: 12 maart 2026; the year is left out when `year` is False."""
    if value is None:
        return "–"
    pattern = "d MMMM" if year is False else "d MMMM y"
    return dates.format_date(value, format=pattern, locale=LOCALES[language()])


def short_day(value: date | None) -> str:
    """A date in a table: 12 mrt 2026."""
    if value is None:
        return "–"
    return dates.format_date(value, format="d MMM y", locale=LOCALES[language()]).replace(".", "")


def short_period(first: date, last: date) -> str:
    """From day to day in a table, without saying a month or a year twice: 27 okt – 3 nov 2026."""
    said = dates.format_interval(first, last, skeleton="yMMMd", locale=LOCALES[language()])
    return said.replace(".", "").replace("\N{THIN SPACE}", " ")


def month(value: date) -> str:
    """A month and its year in words: november 2026."""
    return dates.format_date(value, format="LLLL y", locale=LOCALES[language()])


def weekday(value: date) -> str:
    """Which day of the week: maandag."""
    return dates.format_date(value, format="EEEE", locale=LOCALES[language()])


def moment(value: datetime) -> str:
    """A local moment: 12 mrt 2026 14:05."""
    return f"{short_day(value.date())} {value:%H:%M}"


def join(parts: list[str]) -> str:
    """Names in a row: Noor, Sem en Lotte."""
    if len(parts) < 2:
        return "".join(parts)
    # A text inside an f-string would never reach the catalogue.
    last = _("and")
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"
