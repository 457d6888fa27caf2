"""Questionnaire rounds: open, hand out codes, watch, close."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import rounds
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(_("Questionnaire rounds"), needs=Right.SEE_RESULTS)

# Codes are shown alone on the page, so that printing it prints them and nothing else.
if rounds.codes_to_hand_out():
    rounds.show_codes(page)
    st.stop()

cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to look at yet."), page="cycles", label=_("Quality cycles"))
    st.stop()
rounds.show(page, cycle)
