"""The support team: its tasks and what lacks, who is in it and why, and the agreements on support."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import support

page = ui.open_page(_("Support team"), needs=Right.EDIT_OWN_ACTION)
support.show(page)
