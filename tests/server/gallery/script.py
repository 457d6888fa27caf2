"""Every widget whose built-in English somebody may read, and a chart with a calculation."""

import datetime

import altair as alt
import pandas as pd
import streamlit as st

st.set_page_config(page_title="gallery")
language = st.segmented_control("Taal", ["nl", "en"], default=st.query_params.get("lang", "nl"))
st.container(key=f"lang-{language}").html("<span hidden></span>")
st.file_uploader("Bestand", type=["csv", "xlsx"])
st.multiselect("Veel", ["a", "b"])
st.selectbox("Een", ["a", "b"], index=None)
st.text_input("Wachtzin", type="password")
st.date_input("Datum", datetime.date(2026, 11, 22), format="DD-MM-YYYY")
with st.form("form"):
    st.text_input("Naam")
    st.form_submit_button("Bewaren", type="primary")
st.markdown("Upload")
frame = pd.DataFrame({"x": [1, 2, 3], "y": [4, 5, 6]})
st.dataframe(frame)
chart = alt.Chart(frame).mark_point().encode(x="x:Q", y="z:Q").transform_calculate(z="datum.x * 2")
st.altair_chart(chart)
