"""Collective efficacy: what closed questionnaire rounds say, for the school, per team and over time."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import results, statements

page = ui.open_page(_("Collective efficacy"), needs=Right.SEE_RESULTS)
picked = results.pick_round(page)

if picked is None:
    ui.empty(
        _("No questionnaire round has been closed yet. Results appear here when one is."),
        page="rounds",
        label=_("Questionnaire rounds"),
    )
    st.stop()

one, same = picked
result, instrument = results.result_of(page, one), results.instrument_of(page, one)
results.response(result, instrument)
ui.heading(_("The whole school"))
results.school(page, one, result, instrument, same)
results.make_evidence(page, one, result)
ui.heading(_("Per team"))
results.teams(page, one, result, instrument, same)
ui.heading(_("One scale up close"))
statements.show(page, result, instrument, same)
ui.heading(_("How to read this"))
results.limits()
