"""Evaluate: what waits for an evaluation, one action or goal at a time, and what was judged."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import access, plan, thread
from qualitycycle.i18n import _
from qualitycycle.ui import address, evaluate, navigation

address.keep()
page = ui.open_page(_("Evaluate"))
cycle = plan.running_cycle(page.store) if page.may_see_running else None
if cycle is None:
    ui.empty(
        _("No quality cycle is running that you can evaluate."), page="cycles", label=_("Quality cycles")
    )
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
action = next((one for one in found.actions if one.action_id == st.query_params.get("action")), None)
goal = next((one for one in evaluate.open_goals(found) if one.goal_id == st.query_params.get("goal")), None)

if action and access.may_edit_action(page.actor, action):
    navigation.link("evaluate", _("All that waits"))
    ui.heading(action.title)
    evaluate.action(page, action, found)
elif goal and page.may_edit:
    navigation.link("evaluate", _("All that waits"))
    ui.heading(goal.title)
    evaluate.goal(page, goal, found)
else:
    left, right = st.columns(2, gap="medium")
    with left:
        ui.heading(_("Actions to evaluate"))
        evaluate.actions(page, found)
    with right:
        if page.may_edit:
            ui.heading(_("Goals to close"))
            evaluate.goals(page, found)
        ui.heading(_("Closed goals"))
        evaluate.closed_goals(page, found, page.may_edit)
