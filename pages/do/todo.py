"""To do now: per person and per role, from all parts of the program."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import to_do

page = ui.open_page(_("To do now"), needs=Right.EDIT_OWN_ACTION)
to_do.show(page)
