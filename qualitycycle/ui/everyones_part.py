"""The parts of the page about everyone's part: what it may be used for, what to talk about, and drawing it."""

from __future__ import annotations

import streamlit as st

from qualitycycle.cycle import everyones_part
from qualitycycle.i18n import _
from qualitycycle.ui import failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain


def what_it_is_for() -> None:
    """Said before anything is seen, and to everybody the same."""
    parts.verdict(
        _("About how we divide the work, not about anybody."),
        _(
            "It does not say who, not whether a division is good, and nothing about what was not written down. The "
            "school leader sees what you see, and may not use it to judge or address anybody."
        ),
    )


def to_talk_about() -> None:
    parts.heading(_("To talk about together"))
    parts.bullets(
        [
            _("Is this how we want it? What may rest on more shoulders, and what on fewer?"),
            _("What makes it hard to take something on: time, knowing what is asked, or being asked?"),
            _("What do we do that stands in no plan, and would we miss?"),
        ]
    )


def draw(page: Page, *, is_drawn: bool) -> None:
    """Draw a closed cycle, for who edits the thread: once, on purpose, and agreed upon."""
    if not page.may_edit:
        return
    cycles = everyones_part.to_draw(page.store, page.actor)
    if not cycles and is_drawn:
        parts.note(_("Every closed cycle has been drawn. The running one can be drawn when it is closed."))
    if not cycles:
        return
    with st.expander(_("Draw a closed cycle"), key="everyones_part.draw"):
        parts.note(
            _(
                "Talk about it first: the staff section of the MR has a say in anything fit to watch what staff do "
                "(WMS, article 12). A cycle is drawn once and the picture is fixed from then on."
            )
        )
        for cycle in cycles:
            label = plain(_("Draw {cycle}").format(cycle=cycle.title))
            if st.button(label, key=f"everyones_part.{cycle.id}") and failure.worked(
                lambda cycle=cycle: everyones_part.draw(page.store, page.actor, cycle.id),  # type: ignore[misc]
                done=_("Drawn."),
            ):
                st.rerun()
