"""Front door: `streamlit run app.py` and `qualitycycle run` both start what stands here."""

import streamlit as st

from qualitycycle.server import web

app = st.App(
    web.SCRIPT,
    routes=web.ROUTES,
    middleware=web.MIDDLEWARE,
    lifespan=web.lifespan,
    on_script_error=web.on_script_error,
)
