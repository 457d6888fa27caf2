"""Guidance: learning questions, the calendar of group reviews, and an internal coach's own log and hours."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import guidance

page = ui.open_page(_("Guidance"), needs=Right.EDIT_OWN_ACTION)
guidance.show(page)
