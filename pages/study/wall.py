"""The data wall: the pictures of outcomes that the meeting looks at together."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import wall

page = ui.open_page(_("Data wall"), needs=Right.SEE_OUTCOMES)
wall.show(page)
