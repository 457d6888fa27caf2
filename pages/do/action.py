"""One action: who, when, why it should work, what we predict, and what came of it."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import access, plan, thread, weighing
from qualitycycle.errors import NotAllowed, NotFound
from qualitycycle.i18n import _
from qualitycycle.model import Cycle
from qualitycycle.ui import action_parts, before_start, expertise_fits, navigation, small_tests, tie
from qualitycycle.ui import weighing as weights

try:
    action = action_parts.find_action(st.query_params.get("action", ""))
except (NotFound, NotAllowed):
    page = ui.open_page(_("Action"))
    ui.empty(_("This action is not there (any more)."), page="actions", label=_("Actions"))
    st.stop()

page = ui.open_page(action.title)
cycle = plan.get(page.store, page.actor, Cycle, action.cycle_id)
found = thread.thread(page.store, page.actor, cycle.cycle_id)
running = cycle.state == "running" and not action.archived
if action.goal_id:
    navigation.link("goal", _("The goal of this action"), query={"goal": action.goal_id})
small_tests.ramp(action, found)
own = running and access.may_edit_action(page.actor, action)
left, right = st.columns([1.5, 1], gap="medium")
with left:
    action_parts.facts(page, action, found)
    if own:
        action_parts.progress(page, action)
    ui.heading(_("Before the start"))
    before_start.show(page, action, editable=own)
    ui.heading(_("Sessions"))
    small_tests.sessions(page, action, editable=own)
with right:
    ui.heading(_("What can be said of it"))
    weighed = weighing.weigh(page.store, page.actor, action, found)
    weights.show(page, weighed, editable=running and page.may_edit)
    ui.heading(_("Evidence"))
    tie.said_about(page, action)
    goal = next((one for one in found.goals if one.goal_id == action.goal_id), None)
    expertise_fits.of_action(page, action, goal, editable=running)
    if running and page.may_edit:
        action_parts.edit(page, action, found.goals)
        small_tests.next_test(page, action)
