"""The page of the support team: its parts."""

from __future__ import annotations

import streamlit as st

from qualitycycle.i18n import N_
from qualitycycle.ui import address, parts, support_agreements, support_members, support_tasks
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
    chosen = parts.pick_part(PARTS, key="support.part", start=wanted)
    _SHOWN[chosen](page)


_SHOWN = {
    "tasks": support_tasks.show,
    "team": support_members.show,
    "agreements": support_agreements.show,
}
