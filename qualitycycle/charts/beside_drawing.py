"""How confidence beside progress is drawn: every row of its data is a mark of some kind at a place of its own."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle.charts.figure import COLOURS, DAY_LABEL, finished

COLUMNS = ["kind", "on", "until", "y", "y2", "words", "label", "piece"]
# A text runs on as far as the picture is wide, whatever the screen.
WIDE = alt.ExprRef("width")


@cache
def spec(language: str, theme: str, height: int) -> dict[str, Any]:
    """The picture without its data, of so many pixels high."""
    colour = COLOURS[theme]
    pen = _Pen.for_height(height)
    layers = [*_ground(pen, colour), *_values(pen, colour), *_courses(pen, colour), *_texts(pen, colour)]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


@dataclass(frozen=True)
class _Pen:
    """Draws the rows of one kind; all kinds share the days and the height."""

    base: alt.Chart
    x: alt.X
    y: alt.Y
    tip: alt.Tooltip

    @classmethod
    def for_height(cls, height: int) -> _Pen:
        axis = alt.Axis(
            title=None, grid=False, labelAngle=0, tickCount=6, labelExpr=DAY_LABEL, labelOverlap=True
        )
        return cls(
            alt.Chart(pd.DataFrame({name: [] for name in COLUMNS})),
            # The labels of the scales stand in the free space at the left.
            alt.X("on:T", axis=axis, scale=alt.Scale(padding=34, nice=False)),
            alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[height, 0], nice=False, zero=False)),
            alt.Tooltip("words:N", title=" "),
        )

    def only(self, kind: str) -> alt.Chart:
        return self.base.transform_filter(alt.datum.kind == kind)

    def text(self, kind: str, ink: str, size: int = 12, **more: Any) -> Any:
        marked = self.only(kind).mark_text(align="left", baseline="middle", color=ink, fontSize=size, **more)
        return marked.encode(x=alt.value(0), y=self.y, text="label:N")

    def point(self, kind: str, shape: str, ink: str, size: int, *, filled: bool = True) -> Any:
        marked = self.only(kind).mark_point(shape=shape, color=ink, size=size, filled=filled, opacity=1)
        return marked.encode(x=self.x, y=self.y, tooltip=self.tip)


def _ground(pen: _Pen, colour: dict[str, str]) -> list[Any]:
    """What the values are read against: days, holidays, the scale, the target, a new start."""
    x, y, tip = pen.x, pen.y, pen.tip
    return [
        pen.only("edge").mark_point(opacity=0, size=0).encode(x=x),
        pen.only("holiday")
        .mark_rect(color=colour["box"])
        .encode(x=x, x2="until:T", y=y, y2="y2:Q", tooltip=tip),
        pen.only("grid").mark_rule(color=colour["grid"]).encode(y=y),
        pen.text("grid", colour["quiet"], 11, dy=-8),
        pen.only("target")
        .mark_rule(color=colour["target"], strokeDash=[5, 4], size=1.5)
        .encode(y=y, tooltip=tip),
        pen.only("rebase")
        .mark_rule(color=colour["text"], strokeDash=[1, 3], size=1.5)
        .encode(x=x, y=y, y2="y2:Q", tooltip=tip),
        pen.only("week")
        .mark_text(align="left", color=colour["quiet"], fontSize=11)
        .encode(x=x, y=y, text="label:N"),
    ]


def _values(pen: _Pen, colour: dict[str, str]) -> list[Any]:
    """Meetings, and the values with their spread."""
    x, y = pen.x, pen.y
    return [
        pen.point("meeting", "circle", colour["action"], 45),
        pen.only("spread")
        .mark_rule(color=colour["line"], opacity=0.4, size=5)
        .encode(x=x, y=y, y2="y2:Q", tooltip=pen.tip),
        pen.only("joined").mark_line(color=colour["line"], size=2).encode(x=x, y=y, detail="piece:N"),
        pen.point("value", "circle", colour["line"], 60),
        pen.point("hidden", "circle", colour["quiet"], 60, filled=False),
    ]


def _courses(pen: _Pen, colour: dict[str, str]) -> list[Any]:
    """Each action from its start until it stopped, or beyond."""
    running = pen.only("action").mark_rule(color=colour["action"], size=7, opacity=0.7)
    return [
        running.encode(x=pen.x, x2="until:T", y=pen.y, tooltip=pen.tip),
        pen.point("stop", "square", colour["action"], 80),
        pen.point("goes_on", "triangle-right", colour["action"], 110),
    ]


def _texts(pen: _Pen, colour: dict[str, str]) -> list[Any]:
    return [
        # A rim in the colour of the paper keeps words readable over holidays and rules.
        *(
            pen.text(kind, colour["paper"], stroke=colour["paper"], strokeWidth=4, limit=WIDE)
            for kind in ("name", "unknown", "why")
        ),
        pen.text("name", colour["text"], limit=WIDE),
        pen.text("head", colour["text"], 13, fontWeight="bold", limit=WIDE),
        pen.text("unknown", colour["text"], 13, fontWeight="bold"),
        pen.text("why", colour["quiet"], limit=WIDE),
    ]
