"""Actions: everything that was agreed in a cycle, late ones first."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import plan, thread
from qualitycycle.i18n import _
from qualitycycle.model import Action
from qualitycycle.ui import action_parts, forms
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(_("Actions"))
choices = st.container(horizontal=True, vertical_alignment="bottom")
with choices:
    cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to show yet."), page="cycles", label=_("Quality cycles"))
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
with choices:
    chosen = action_parts.filters(page, found)
if not found.actions:
    ui.empty(_("No actions in this cycle yet."), page="goals", label=_("Goals"))
elif not chosen:
    ui.note(_("No action fits this choice."))
for action in chosen:
    action_parts.row(page, action, found)

if page.may_edit and cycle.state == "running":
    with st.expander(_("Add an action"), key="add_action"):
        action_parts.add(page, cycle, found.goals, goal_id=None, key="new_action")
    everything = plan.find(page.store, page.actor, Action, archived=True, cycle_id=cycle.cycle_id)
    forms.archived(page, Action, [one for one in everything if one.archived])
