"""Quality cycles: the one that runs, closing it, starting the next, and the closed ones to read."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import plan
from qualitycycle.i18n import _
from qualitycycle.ui import address, cycles, navigation
from qualitycycle.ui.page import cycle_title

address.keep()
page = ui.open_page(_("Quality cycles"))
closed, wanted = cycles.closed_cycles(page), st.query_params.get("cycle")
chosen = next((cycle for cycle in closed if cycle.cycle_id == wanted), None)
if chosen:
    navigation.link("cycles", _("All quality cycles"))
    ui.heading(cycle_title(chosen))
    cycles.read(page, chosen)
    st.stop()

running = plan.running_cycle(page.store)
if running and page.may_see_running:
    cycles.running(page, running)
    cycles.calendar_gap(page, running)
elif running is None and page.may_edit:
    cycles.start(page, closed)
elif running is None and page.may_see_running:
    ui.empty(_("No quality cycle is running. The school leader or internal coach can start one."))
ui.heading(_("Closed cycles"))
cycles.closed_list(page, closed)
