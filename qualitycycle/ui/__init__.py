"""Navigation and widgets; with `pages/` the only place for Streamlit widgets."""

from qualitycycle.ui.failure import attempt
from qualitycycle.ui.figures import chart
from qualitycycle.ui.page import Page, open_page
from qualitycycle.ui.parts import badge, card, empty, heading, lines, note
from qualitycycle.ui.text import plain

__all__ = [
    "Page",
    "attempt",
    "badge",
    "card",
    "chart",
    "empty",
    "heading",
    "lines",
    "note",
    "open_page",
    "plain",
]
