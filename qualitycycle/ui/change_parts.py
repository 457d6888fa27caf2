"""What changed between two rounds, drawn with what could not have been seen, and in sentences that are true."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import charts
from qualitycycle.cycle.frozen import RoundResult
from qualitycycle.cycle.results import ScaleChange
from qualitycycle.i18n import _
from qualitycycle.model import Instrument
from qualitycycle.ui import figures, parts
from qualitycycle.ui.page import Page


def show(
    page: Page,
    found: Sequence[ScaleChange],
    result: RoundResult,
    instrument: Instrument,
    *,
    key: str,
    team: bool = False,
) -> None:
    """The differences of one group; without any figure the reason, as a verdict of its own."""
    said = charts.change_sentences(found, instrument, team=team)
    if not any(one.diff is not None for one in found):
        unknown(said[0])
        return
    picture = charts.scale_changes(found, result, instrument, theme=page.theme, compact=team)
    if not team:
        figures.chart(picture, key=f"change_{key}")
    parts.sentences(said)
    if team:
        with st.expander(_("Show the differences"), key=f"changes_{key}"):
            figures.chart(picture, key=f"change_{key}", compact=True)


def unknown(why: str) -> None:
    """Not yet to be said: a verdict, drawn as one, and why."""
    parts.verdict(_("Not yet to be said"), why)
