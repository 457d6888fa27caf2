"""What every figure shares: its shape, colours, fonts, numbers per language, and words for what is not there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import spc
from qualitycycle.i18n import _

# Colours per theme: the line, the target, action marks, text, grid, and what stays quiet.
COLOURS = {
    "light": {
        "line": "#1f5f5b", "target": "#b0631b", "action": "#4a6ca3", "text": "#1e2a2a", "quiet": "#545c5a",
        "grid": "#e3ded2", "soft": "#cfe0dc", "late": "#9a3b12", "paper": "#ffffff", "box": "#efece4",
    },
    "dark": {
        "line": "#7cc4bd", "target": "#e0a05c", "action": "#9db6e0", "text": "#eef1ef", "quiet": "#b8c0bd",
        "grid": "#3a4442", "soft": "#23403d", "late": "#f0a07c", "paper": "#1b2121", "box": "#2a302f",
    },
}  # fmt: skip
NUMBER_LOCALES = {
    "nl": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
# Fewer values than this are shown as values.
N_FOR_A_LINE = spc.N_FOR_A_LINE

# Vega writes "sep 06" by itself; here the day comes before the month, and the first of January is its year.
DAY_LABEL = (
    "date(datum.value) != 1 ? timeFormat(datum.value, '%-d %b')"
    " : month(datum.value) ? timeFormat(datum.value, '%b') : timeFormat(datum.value, '%Y')"
)


@dataclass(frozen=True)
class Figure:
    """A chart, the table behind it, how its numbers came about (label, sentence), and what stands under it."""

    spec: dict[str, Any]
    data: pd.DataFrame
    table: pd.DataFrame
    alt: str
    how: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    clickable: bool = False


def data_row(
    kind: str,
    on: date | None,
    value: float | None,
    words: str,
    low: float | None = None,
    high: float | None = None,
    *,
    piece: str = "",
) -> dict[str, Any]:
    return {
        "kind": kind,
        "on": on.isoformat() if on else None,
        "until": None,
        "value": value,
        "low": low,
        "high": high,
        "words": words,
        "label": "",
        "piece": piece,
    }


def reference_name(name: str) -> str:
    """The screen's name of a line that others publish."""
    names = {
        "threshold": _("Inspectorate's threshold"),
        "national": _("National mean"),
        "similar": _("Similar schools"),
    }
    return names.get(name, name)


def interval_text(low: float | None, high: float | None, decimals: int = 1) -> str:
    if low is None or high is None:
        return "–"
    return _("{low} to {high}").format(low=i18n.number(low, decimals), high=i18n.number(high, decimals))


def signed(value: float | None, decimals: int = 1) -> str:
    """A difference with its sign; what is written as zero has none."""
    text = i18n.number(value, decimals)
    return f"+{text}" if value is not None and value > 0 and text.strip("0.,") else text


def with_interval(figure: str, low: float | None, high: float | None, decimals: int = 1) -> str:
    """A figure and its interval in one text; the figure alone where it has none."""
    if low is None or high is None:
        return figure
    interval = interval_text(low, high, decimals)
    return _("{figure} (95% interval {interval})").format(figure=figure, interval=interval)


def reason_text(reason: str | None) -> str:
    """Why there is no figure; hidden and empty read the same."""
    texts = {
        "masked": _("not published"),
        "lt5": _("fewer than 5, not published"),
        "empty": _("not filled in"),
        "not_taken": _("not taken"),
        "beside_given": _("hidden beside a figure of others"),
        "beside_own": _("hidden beside your own rows"),
        "subjects_missing": _("not all three subjects are here"),
    }
    return texts.get(reason or "", _("too few to show"))


def finished(chart: Any, language: str, theme: str) -> dict[str, Any]:
    """The specification without its data, with our fonts, colours and the language's numbers."""
    colour = COLOURS[theme]
    axis = alt.AxisConfig(
        labelColor=colour["quiet"],
        gridColor=colour["grid"],
        labelFontSize=12,
        domainColor=colour["grid"],
        tickColor=colour["grid"],
    )
    styled = chart.configure(
        background="transparent",
        font="Source Sans, sans-serif",
        view=alt.ViewConfig(strokeOpacity=0),
        axis=axis,
    )
    spec: dict[str, Any] = styled.to_dict()
    # Without this Streamlit leaves twenty pixels of nothing below every chart.
    spec["padding"] = {"left": 2, "right": 6, "top": 4, "bottom": 2}
    spec.pop("datasets", None)
    _drop_data(spec)
    # The picture has one description and a table; its hundreds of marks are no news to a screen reader.
    spec["config"]["aria"] = False
    spec["config"]["mark"] = {**spec["config"].get("mark", {}), "aria": False}
    spec["config"]["locale"] = {"number": NUMBER_LOCALES[language], "time": _time_locale(language)}
    return spec


def _drop_data(part: Any) -> None:
    if isinstance(part, dict):
        part.pop("data", None)
        for inner in part.get("layer", []):
            _drop_data(inner)


@cache
def _time_locale(language: str) -> dict[str, Any]:
    from babel import Locale

    locale = Locale.parse(i18n.LOCALES[language])
    months, days = locale.months["format"], locale.days["format"]
    order = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%a %e %B %Y %X",
        "date": "%d-%m-%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][n] for n in order],
        "shortDays": [days["abbreviated"][n].rstrip(".") for n in order],
        "months": [months["wide"][n] for n in range(1, 13)],
        "shortMonths": [months["abbreviated"][n].rstrip(".") for n in range(1, 13)],
    }
