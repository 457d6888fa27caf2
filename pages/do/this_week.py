"""This week: where the school is, which goals run, what is due, and where the thread is broken."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import thread
from qualitycycle.i18n import _
from qualitycycle.ui import week

page = ui.open_page(week.title())
now = thread.this_week(page.store, page.actor) if page.may_see_running else None

if now is None or now.cycle is None:
    ui.empty(
        _("No quality cycle is running. Start one to see this week here."),
        page="cycles",
        label=_("Quality cycles"),
    )
    st.stop()

place, meeting = st.columns([2.1, 1], gap="medium", vertical_alignment="center")
with place:
    week.steps(page, now)
with meeting:
    week.meeting(page, now)
left, right = st.container(key="week").columns([2.1, 1], gap="medium")
with left:
    ui.heading(_("Goals of this cycle"))
    if not now.goals:
        ui.empty(_("There is no open goal in this cycle."), page="goals", label=_("Add a goal"))
    for line in now.goals:
        week.goal_card(page, line)
with right:
    ui.heading(_("To do now"))
    with ui.card("todo"):
        week.to_do(page, now)
    ui.heading(_("Gaps in the thread"))
    with ui.card("gaps"):
        week.gaps(now)
    ui.heading(_("Collective efficacy"))
    with ui.card("efficacy"):
        week.last_questionnaire(page, now)
