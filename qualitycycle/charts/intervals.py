"""Figures with their intervals, one below the other on one axis: a gain, a change, the groups of a small school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import COLOURS, finished, with_interval
from qualitycycle.charts.scales import row_place

# Heights in pixels of a row, of the air above the first one, and of the words above its line.
ROW, AIR, WORDS = 58, 8, 36
COLUMNS = ["kind", "y", "value", "low", "high", "title", "figure", "words", "shape"]


@dataclass(frozen=True)
class IntervalRow:
    """A figure in words and on the axis; without `low` and `high` it is a fixed value, drawn as a diamond.

    `n` is of how many pupils it is, None where it is about others.
    """

    title: str
    figure: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None

    def words(self, decimals: int = 1) -> str:
        """What the row says, with its interval."""
        return f"{self.title}: {with_interval(self.figure, self.low, self.high, decimals)}"


def interval_rows(
    rows: Sequence[IntervalRow],
    *,
    theme: str,
    zero: bool = False,
    percent: bool = False,
    rule: float | None = None,
) -> tuple[dict[str, Any], pd.DataFrame]:
    """The specification and data of such a picture; `zero` draws the line of no difference, `rule` another one."""
    data = [
        {
            "kind": "row", "y": float(AIR + place * ROW + WORDS), "value": row.value, "low": row.low, "high": row.high,
            "title": row.title, "figure": row.figure, "words": row.words(0 if percent else 1),
            "shape": "measured" if row.low is not None else "fixed",
        }
        for place, row in enumerate(rows)
    ]  # fmt: skip
    for kind, value in (("zero", 0.0 if zero else None), ("rule", rule)):
        if value is not None:
            data.append({"kind": kind, "y": 0.0, "value": value})
    frame = pd.DataFrame(data, columns=COLUMNS).astype(dict.fromkeys(("y", "value", "low", "high"), float))
    return _spec(i18n.language(), theme, AIR + len(rows) * ROW + 8, percent), frame


@cache
def _spec(language: str, theme: str, height: int, percent: bool) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(
        title=None, tickCount=5, domain=False, labelExpr="datum.label + '%'" if percent else "datum.label"
    )
    scale = alt.Scale(zero=False, nice=True, padding=14)
    y = row_place(height)
    value, low = (alt.X(f"{name}:Q", axis=axis, scale=scale, title=None) for name in ("value", "low"))
    row = base.transform_filter(alt.datum.kind == "row")
    shape = alt.Shape(
        "shape:N", legend=None, scale=alt.Scale(domain=["measured", "fixed"], range=["circle", "diamond"])
    )
    layers: list[Any] = [
        base.transform_filter(alt.datum.kind == "zero")
        .mark_rule(color=colour["quiet"], size=1.5)
        .encode(x=value),
        base.transform_filter(alt.datum.kind == "rule")
        .mark_rule(color=colour["target"], strokeDash=[5, 4], size=1.5)
        .encode(x=value),
        row.transform_filter(alt.datum.low != None)  # noqa: E711
        .mark_rule(color=colour["line"], opacity=0.45, size=8)
        .encode(x=low, x2="high:Q", y=y),
        row.mark_point(color=colour["line"], filled=True, size=170, opacity=1).encode(
            x=value, y=y, shape=shape, tooltip=alt.Tooltip("words:N", title=" ")
        ),
        row.mark_text(
            align="left", dy=-20, fontSize=13, color=colour["paper"], stroke=colour["paper"], strokeWidth=5
        ).encode(x=alt.value(0), y=y, text="title:N"),
        row.mark_text(align="left", dy=-20, fontSize=13, color=colour["text"]).encode(
            x=alt.value(0), y=y, text="title:N"
        ),
        row.mark_text(align="right", dy=-20, fontSize=13, fontWeight=600, color=colour["text"]).encode(
            x=alt.value("width"), y=y, text="figure:N"
        ),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)
