"""The page of policy and of our way of working: its parts."""

from __future__ import annotations

import streamlit as st

from qualitycycle.i18n import N_, _
from qualitycycle.ui import address, policies, way_of_working
from qualitycycle.ui.page import Page

PARTS = {"policy": N_("Policy"), "way": N_("Our way of working")}


def show(page: Page) -> None:
    """One part of the page; the address can ask for either."""
    wanted = "way" if st.query_params.get("way") else "policy"
    if wanted == "way":
        address.keep()
    chosen = st.segmented_control(
        _("Part"),
        list(PARTS),
        format_func=lambda part: _(PARTS[part]),
        default=wanted,
        required=True,
        key="agreements.part",
        label_visibility="collapsed",
    )
    if (chosen or wanted) == "way":
        way_of_working.show(page)
    else:
        policies.show(page)
