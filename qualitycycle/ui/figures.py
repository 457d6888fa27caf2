"""Every chart with the table behind it and its "zo berekend"."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.charts import Figure
from qualitycycle.cycle.thread import GoalLine
from qualitycycle.i18n import _
from qualitycycle.ui import parts
from qualitycycle.ui.text import plain, safe


def chart(figure: Figure, *, key: str, compact: bool = False) -> str | None:
    """Draw a figure; return the id of what was clicked, where the figure has something to click."""
    # `theme=None`: our own colours, the same on screen and on the projector.
    event = st.vega_lite_chart(
        figure.data,
        figure.spec,
        theme=None,
        key=f"chart_{key}",
        alt=figure.alt,
        on_select="rerun" if figure.clickable else "ignore",
        selection_mode="picked" if figure.clickable else None,
        width="stretch",
    )
    if figure.notes:
        _say(figure.notes)
    with st.popover(
        _("How calculated") if compact else _("Table and how calculated"), key=f"how_{key}", type="tertiary"
    ):
        _explain(figure)
    return _clicked(event) if figure.clickable else None


def value_to_target(line: GoalLine) -> str:
    """The last value with its n, the target, and by when, as HTML; empty without an indicator."""
    if line.indicator is None:
        return ""
    last = charts.value_text(line.indicator, line.last.value, line.last.n, short=True) if line.last else "–"
    target = charts.value_text(line.indicator, line.indicator.target, short=True)
    due = line.indicator.due_on or line.goal.due_on
    before = " " + _("before {day}").format(day=i18n.day(due, year=False)) if due else ""
    n = f' <span class="qc-quiet">(n = {line.last.n})</span>' if line.last and line.last.n else ""
    return f'<span class="qc-figure">{safe(last)}</span>{n} → {safe(target)}{safe(before)}'


def _say(notes: Sequence[str]) -> None:
    """What the chart says, and in smaller words why it is this chart."""
    said, *quiet = notes
    rest = "<br>".join(safe(text) for text in quiet if text)
    st.html(f'<p class="qc-said">{safe(said)}</p><p class="qc-said-why">{rest}</p>')


def _explain(figure: Figure) -> None:
    parts.table(figure.table)
    for label, text in figure.how:
        st.markdown(f"**{plain(label)}** {plain(text)}")


def _clicked(event: object) -> str | None:
    selection = getattr(event, "selection", {})
    picked = selection.get("picked") or []
    return str(picked[0]["id"]) if picked else None
