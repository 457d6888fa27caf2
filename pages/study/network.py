"""The network of internal coaches: help that was asked, the school's own file, other schools, and a joint signal."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import network

page = ui.open_page(_("IB network"), needs=Right.GUIDE)
network.show(page)
