"""Actions and evidence: which evidence says what about which action of a cycle."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import thread
from qualitycycle.i18n import _
from qualitycycle.ui import matrix
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(_("Actions and evidence"))
choices = st.container(horizontal=True, key="choices")
with choices:
    cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to show yet."), page="cycles", label=_("Quality cycles"))
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
if not found.actions and not found.goals:
    ui.empty(_("This cycle has no goals and actions yet."), page="goals", label=_("Goals"))
    st.stop()
with choices:
    chosen = matrix.filtered(page, cycle, found)
matrix.table(chosen, cycle, found)
matrix.tie_form(page, cycle, found)
ui.heading(_("Work on it"))
matrix.work(page, cycle, chosen, found)
