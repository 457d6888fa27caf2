"""Reports: choose one, and have it as a file."""

from qualitycycle import ui
from qualitycycle.i18n import _
from qualitycycle.ui import reports

page = ui.open_page(_("Reports"))
left, right = reports.columns()
with left:
    kind = reports.pick_kind(page)
with right:
    wanted = reports.pick_details(page, kind)
    if wanted is None:
        reports.nothing_to_tell(page, kind)
    else:
        reports.save(page, wanted)
        reports.look(page, wanted)
