"""Read in results: recognise, name the columns, look, store; and take back what should not count."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import import_batches, import_file, import_profiles, imports

page = ui.open_page(_("Read in results"), needs=Right.IMPORT)
prepared = import_file.upload(page)
if prepared is not None:
    imports.show(page, prepared)
import_batches.batches(page)
import_profiles.show(page)
