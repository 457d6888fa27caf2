"""Pupil outcomes: one line of imported results with its uncertainty, and what it is used for."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle import series, views
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.i18n import _
from qualitycycle.ui import outcomes, use_picture

page = ui.open_page(_("Pupil outcomes"), needs=Right.SEE_OUTCOMES)
selection = outcomes.pick_line(page)

if selection is None:
    outcomes.nothing_yet(page)
    st.stop()
if selection.measure is series.Measure.SHARE and not selection.level:
    ui.empty(_("These results have levels without a known order, so no share can be worked out."))
    st.stop()

found = series.series(page.store, page.actor, selection)
outcomes.show(page, found, outcomes.fed_by(page, selection))
use_picture.offer(page, views.result(page.store, page.actor, View(ViewKind.LINE, selection)))
