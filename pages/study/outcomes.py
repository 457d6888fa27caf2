"""Pupil outcomes: a picture of imported results with its uncertainty, and what it is used for."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import outcome_choice, outcome_shown, outcomes, use_picture

page = ui.open_page(_("Pupil outcomes"), needs=Right.SEE_OUTCOMES)
view = outcome_choice.pick(page)

if view is None:
    outcomes.nothing_yet(page)
    st.stop()

outcome_choice.remember(view)
result = outcome_shown.show(page, view)
if result is not None:
    use_picture.offer(page, result)
