"""Numbers of pupils as bars, with the number they are of."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import COLOURS, Figure, finished, reason_text
from qualitycycle.charts.outcomes import moment_label
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle.counts import CountRow, Counts
from qualitycycle.i18n import _

ROW, BAR, HEADING = 48, 20, 32
COLUMNS = ["kind", "y", "y_end", "count", "all", "title", "figure", "words"]


def count_bars(found: Counts, title: str, *, theme: str) -> Figure:
    """Per moment one bar for each thing that is counted; behind it, paler, of how many."""
    rows, height = _rows(found)
    data = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(("y", "y_end", "count", "all"), float))
    return Figure(
        spec=_spec(i18n.language(), theme, height),
        data=data,
        table=_table(found),
        alt=f"{title}: " + "; ".join(str(row["words"]) for row in rows if row["kind"] == "bar"),
        how=_how(),
        notes=_said(found),
    )


def _said(found: Counts) -> tuple[str, ...]:
    """The newest numbers in one sentence, and what they are not."""
    told = [row for row in found.rows if row.count is not None]
    if not told:
        return ()
    newest = [row for row in told if row.label == told[-1].label]
    said = f"{moment_label(newest[0].label)}: " + ", ".join(f"{row.name} {_figure(row)}" for row in newest)
    return f"{said}.", _(
        "Every year these are other pupils, and with small numbers one pupil makes a difference."
    )


def _rows(found: Counts) -> tuple[list[dict[str, Any]], int]:
    rows: list[dict[str, Any]] = []
    y = 0
    for label in dict.fromkeys(row.label for row in found.rows):
        rows.append({"kind": "heading", "y": y + 18, "title": moment_label(label)})
        y += HEADING
        for row in (one for one in found.rows if one.label == label):
            rows.append(_row(row, y))
            y += ROW
    return rows, y


def _row(row: CountRow, y: int) -> dict[str, Any]:
    told = {"y": y + 22, "y_end": y + 22 + BAR, "title": row.name, "figure": _figure(row)}
    words = f"{moment_label(row.label)}, {row.name}: {_figure(row)}"
    if row.count is None:
        return told | {"kind": "hidden", "words": words}
    return told | {"kind": "bar", "count": row.count, "all": row.n, "words": words}


def _figure(row: CountRow) -> str:
    if row.count is None:
        return reason_text(row.reason)
    count = i18n.number(row.count)
    return _("{count} of {n}").format(count=count, n=row.n) if row.n else count


@cache
def _spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(title=None, tickCount=5, domain=False, tickMinStep=1, format="d")
    scale = alt.Scale(zero=True, nice=True)
    y = row_place(height)
    count, all_ = (
        alt.X(f"{name}:Q", axis=axis, scale=scale, title=None, stack=None) for name in ("count", "all")
    )
    bar = base.transform_filter(alt.datum.kind == "bar")
    named = base.transform_filter("datum.kind != 'heading'")
    zero = alt.X2Datum(0)
    layers: list[Any] = [
        bar.mark_bar(color=colour["soft"]).encode(x=all_, x2=zero, y=y, y2="y_end:Q"),
        bar.mark_bar(color=colour["line"]).encode(
            x=count, x2=zero, y=y, y2="y_end:Q", tooltip=alt.Tooltip("words:N", title=" ")
        ),
        named.mark_text(align="left", dy=-10, fontSize=13, color=colour["text"]).encode(
            x=alt.value(2), y=y, text="title:N"
        ),
        named.mark_text(align="right", dy=-10, fontSize=13, fontWeight=600, color=colour["text"]).encode(
            x=alt.value("width"), y=y, text="figure:N"
        ),
        base.transform_filter(alt.datum.kind == "heading")
        .mark_text(align="left", fontSize=14, fontWeight="bold", color=colour["text"])
        .encode(x=alt.value(2), y=y, text="title:N"),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(found: Counts) -> pd.DataFrame:
    rows = [
        (
            moment_label(row.label),
            row.name,
            reason_text(row.reason) if row.count is None else i18n.number(row.count),
            str(row.n) if row.n else "–",
        )
        for row in found.rows
    ]
    return pd.DataFrame(rows, columns=[_("When"), _("What"), _("Number"), "n"])


def _how() -> tuple[tuple[str, str], ...]:
    return (
        (_("Why this chart:"), _("These are numbers of pupils. They are counted and not averaged.")),
        (
            _("Method:"),
            _("The number as it was read in, and of how many pupils. The pale bar is all of them."),
        ),
        (
            _("Hidden:"),
            _(
                "Numbers about fewer than 5 pupils, those from which they follow, and what the publisher left out."
            ),
        ),
        (
            _("Limits:"),
            _("Every year these are other pupils, and with small numbers one pupil makes a difference."),
        ),
    )
