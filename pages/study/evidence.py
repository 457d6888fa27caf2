"""Evidence: everything that says something about this cycle's goals and actions, and one piece in full."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import plan, thread
from qualitycycle.errors import NotFound
from qualitycycle.i18n import _
from qualitycycle.model import Evidence
from qualitycycle.ui import address, attachments, evidence_parts, forms, navigation
from qualitycycle.ui.page import pick_cycle

address.keep()
if wanted := st.query_params.get("evidence"):
    try:
        piece, cycle = evidence_parts.find_evidence(wanted)
    except NotFound:
        page = ui.open_page(_("Evidence"))
        ui.empty(_("This evidence is not there (any more)."), page="evidence", label=_("All evidence"))
        st.stop()
    page = ui.open_page(piece.title)
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    navigation.link("evidence", _("All evidence"))
    editable = page.may_edit and cycle.state == "running" and not piece.archived
    left, right = st.columns([1.5, 1], gap="medium")
    with left:
        if piece.archived:
            evidence_parts.put_aside(page, piece)
        evidence_parts.facts(page, piece)
        if editable:
            evidence_parts.review(page, piece)
        evidence_parts.figure(page, piece)
        attachments.show(page, piece, editable=editable)
    with right:
        ui.heading(_("What it says"))
        evidence_parts.links(page, piece, found, editable)
        if editable:
            evidence_parts.edit(page, piece)
    st.stop()

page = ui.open_page(_("Evidence"))
with st.container(horizontal=True, key="choices"):
    cycle = pick_cycle(page)
    kind = evidence_parts.pick_kind()
if cycle is None:
    ui.empty(_("There is no quality cycle to show yet."), page="cycles", label=_("Quality cycles"))
    st.stop()

found = thread.thread(page.store, page.actor, cycle.cycle_id)
if not found.evidence:
    ui.empty(_("No evidence in this cycle yet. What did you see, hear or measure?"))
fitting = evidence_parts.ordered(found, kind)
if found.evidence and not fitting:
    ui.note(_("No evidence of this kind in this cycle."))
for piece in fitting:
    evidence_parts.row(page, piece, found)

if page.may_edit and cycle.state == "running":
    with st.expander(_("Add evidence"), expanded=not found.evidence, key="add_evidence"):
        evidence_parts.add(page, cycle)
    everything = plan.find(page.store, page.actor, Evidence, archived=True, cycle_id=cycle.cycle_id)
    forms.archived(page, Evidence, [one for one in everything if one.archived])
