"""The program with one page of every widget in place of its own pages."""

from pathlib import Path

import streamlit as st

from qualitycycle.server import web

app = st.App(
    Path(__file__).with_name("script.py"),
    routes=web.ROUTES,
    middleware=web.MIDDLEWARE,
    lifespan=web.lifespan,
)
