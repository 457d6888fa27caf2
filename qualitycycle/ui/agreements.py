"""The page of policy and of our way of working: its parts."""

from __future__ import annotations

import streamlit as st

from qualitycycle.i18n import N_
from qualitycycle.ui import address, parts, policies, way_of_working
from qualitycycle.ui.page import Page

PARTS = {"policy": N_("Policy"), "way": N_("Our way of working")}


def show(page: Page) -> None:
    """One part of the page; the address can ask for either."""
    wanted = "way" if st.query_params.get("way") else "policy"
    if wanted == "way":
        address.keep()
    chosen = parts.pick_part(PARTS, key="agreements.part", start=wanted)
    if chosen == "way":
        way_of_working.show(page)
    else:
        policies.show(page)
