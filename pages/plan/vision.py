"""Vision and ambitions: what the school stands for, and what it wants in this schoolplan period."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import plan
from qualitycycle.i18n import _
from qualitycycle.model import Ambition, Vision
from qualitycycle.ui import forms, plan_forms

page = ui.open_page(
    _("Vision and ambitions"), sub=_("What we stand for (four years) and what we want to reach in that time.")
)
visions = plan.find(page.store, page.actor, Vision)
ambitions = plan.find(page.store, page.actor, Ambition)

if not visions and not page.may_edit:
    ui.empty(_("No vision has been written down yet."))
for vision in visions:
    own = [one for one in ambitions if one.vision_id == vision.vision_id]
    plan_forms.vision_card(page, vision, visions, own)
loose = [one for one in ambitions if one.vision_id not in {vision.vision_id for vision in visions}]
if loose:
    ui.heading(_("Ambitions without a vision"))
    for ambition in loose:
        plan_forms.ambition_row(page, ambition, loose)

if page.may_edit:
    left, right = st.columns(2, gap="medium")
    with left, ui.card("new_vision"):
        ui.heading(_("Add a vision"))
        plan_forms.add_vision(page)
    with right, ui.card("new_ambition"):
        ui.heading(_("Add an ambition"))
        plan_forms.add_ambition(page, visions)
    forms.archived(
        page,
        Vision,
        [one for one in plan.find(page.store, page.actor, Vision, archived=True) if one.archived],
    )
    forms.archived(
        page,
        Ambition,
        [one for one in plan.find(page.store, page.actor, Ambition, archived=True) if one.archived],
    )
