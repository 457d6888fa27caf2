"""Goals: the concrete results of a cycle, under their ambitions."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.config import today
from qualitycycle.cycle import plan, thread
from qualitycycle.i18n import _
from qualitycycle.model import Goal
from qualitycycle.ui import forms, plan_forms
from qualitycycle.ui.page import pick_cycle

page = ui.open_page(_("Goals"))
cycle = pick_cycle(page)
if cycle is None:
    ui.empty(_("There is no quality cycle to show yet."), page="cycles", label=_("Quality cycles"))
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
for title, goals in plan_forms.by_ambition(found):
    ui.heading(title)
    for goal in goals:
        plan_forms.goal_row(page, thread.goal_line(page.store, page.actor, found, goal, today()), found.goals)
if not found.goals:
    ui.empty(
        _("No goals in this cycle yet. A goal says what will be different, how you will see it, and by when.")
    )

if page.may_edit and cycle.state == "running":
    with st.expander(_("Add a goal"), expanded=not found.goals, key="add_goal"):
        plan_forms.add_goal(page, cycle, found)
    forms.archived(
        page,
        Goal,
        [
            g
            for g in plan.find(page.store, page.actor, Goal, archived=True, cycle_id=cycle.cycle_id)
            if g.archived
        ],
    )
