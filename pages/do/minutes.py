"""Minutes: the meetings that were held, and one of them on a page to read back and print."""

from qualitycycle import ui
from qualitycycle.i18n import _
from qualitycycle.ui import minutes

page = ui.open_page(_("Minutes"))
minutes.show(page)
