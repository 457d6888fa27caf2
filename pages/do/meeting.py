"""The weekly meeting: fifteen minutes on the projector."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import meeting

page = ui.open_page(_("Weekly meeting"), needs=Right.EDIT_OWN_ACTION)
meeting.show(page)
