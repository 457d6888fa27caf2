"""Expertise in the team: what colleagues offer and want to learn, and where it fits."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import expertise

page = ui.open_page(
    _("Expertise in the team"),
    needs=Right.EDIT_OWN_ACTION,
    sub=_("What colleagues offer and want to learn, and where it fits."),
)
expertise.show(page)
