"""The page of the support team: its parts."""

from __future__ import annotations

import streamlit as st

from qualitycycle.i18n import N_, _
from qualitycycle.ui import address, support_agreements, support_members, support_tasks
from qualitycycle.ui.page import Page

PARTS = {
    "tasks": N_("Tasks"),
    "team": N_("Who and why"),
    "agreements": N_("Basic and extra support"),
}
# What the address asks for, and the part it is in.
ASKED = {"task": "tasks", "agreement": "agreements"}


def show(page: Page) -> None:
    """One part of the page."""
    wanted = next((part for name, part in ASKED.items() if st.query_params.get(name)), "tasks")
    if wanted != "tasks":
        address.keep()
    chosen = st.segmented_control(
        _("Part"),
        list(PARTS),
        format_func=lambda part: _(PARTS[part]),
        default=wanted,
        required=True,
        key="support.part",
        label_visibility="collapsed",
    )
    _SHOWN[chosen or wanted](page)


_SHOWN = {
    "tasks": support_tasks.show,
    "team": support_members.show,
    "agreements": support_agreements.show,
}
