"""Questionnaire rounds: open, hand out codes, watch, type in paper, close."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import codes, elsewhere, paper, projector, rounds
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(_("Questionnaire rounds"), needs=Right.SEE_RESULTS)

# Codes are shown alone on the page, so that printing it prints them and nothing else.
if codes.to_hand_out():
    codes.show(page)
    st.stop()

asked = rounds.asked_for(page, "projector")
if asked:
    projector.show(page, asked)
    st.stop()

asked = rounds.asked_for(page, "paper")
if asked:
    paper.show(page, asked)
    st.stop()

cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to look at yet."), page="cycles", label=_("Quality cycles"))
    st.stop()
if elsewhere.asked_for(page):
    elsewhere.show(page, cycle)
    st.stop()
rounds.show(page, cycle)
elsewhere.offer(page, cycle)
