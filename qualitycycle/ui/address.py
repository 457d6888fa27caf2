"""The address in the browser: what a page shows must survive a reload and the back button."""

from __future__ import annotations

import streamlit as st


def keep() -> None:
    """Tell the browser what this page was asked for.

    A link to the page one is on already changes the page but not the address: without this a reload shows the
    wrong record.
    """
    st.query_params.from_dict(st.query_params.to_dict())
