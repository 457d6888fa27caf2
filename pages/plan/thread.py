"""The thread as a picture: from vision to evidence, gaps named, a click opens the thing."""

import streamlit as st

from qualitycycle import charts, ui
from qualitycycle.cycle import thread
from qualitycycle.i18n import _
from qualitycycle.ui import picture, week
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(
    _("The thread"), sub=_("From vision to evidence. Click a box to open it; an open box is a gap.")
)
cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to show yet."), page="cycles", label=_("Quality cycles"))
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
gaps = thread.gaps(found)
nodes = picture.nodes(found, gaps)
if nodes:
    with st.container(key="thread_picture"):
        clicked = ui.chart(
            charts.thread_tree(nodes, theme=page.theme, headings=picture.headings()), key="thread"
        )
    picture.open_clicked(clicked)
    with st.container(key="thread_list"):
        st.html(picture.as_list(nodes))
ui.heading(_("Gaps in the thread"))
if not gaps:
    ui.note(_("No gaps: everything hangs together."))
for gap in gaps:
    week.mend_link(gap)
