"""One goal: its indicators with their line, its actions, its evidence, its phase, and its history."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.config import today
from qualitycycle.cycle import plan, thread
from qualitycycle.errors import NotAllowed, NotFound
from qualitycycle.i18n import _
from qualitycycle.model import Cycle
from qualitycycle.ui import goal_parts, navigation, tie, vote

wanted = st.query_params.get("goal", "")
try:
    goal = goal_parts.find_goal(wanted)
except (NotFound, NotAllowed):
    page = ui.open_page(_("Goal"))
    ui.empty(_("This goal is not there (any more)."), page="goals", label=_("Goals"))
    st.stop()

page = ui.open_page(goal.title)
asked = vote.asked_for(page, goal)
if asked:
    vote.on_projector(page, goal, asked)
    st.stop()

cycle = plan.get(page.store, page.actor, Cycle, goal.cycle_id)
found = thread.thread(page.store, page.actor, cycle.cycle_id)
editable = page.may_edit and cycle.state == "running" and not goal.archived
navigation.link("goals", _("Goals"))
goal_parts.phase_steps(page, goal, editable)
left, right = st.columns([1.5, 1], gap="medium")
with left:
    goal_parts.indicators(page, goal, found, editable)
    goal_parts.beside(page, goal, found)
    ui.heading(_("Actions"))
    goal_parts.actions(page, goal, found, editable)
with right:
    goal_parts.facts(page, goal, found, thread.goal_line(page.store, page.actor, found, goal, today()))
    if editable and goal.state == "open":
        vote.offer(page, goal)
    if cycle.state == "running" and goal.state == "open":
        goal_parts.guide(page, goal)
    ui.heading(_("Evidence"))
    tie.said_about(page, goal)
    if editable:
        goal_parts.edit(page, goal, found)
