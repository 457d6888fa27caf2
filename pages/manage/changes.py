"""The record of changes: who, when, what, before and after."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import changes

page = ui.open_page(
    _("Changes"),
    needs=Right.MANAGE,
    sub=_("Everything that was added or changed, and by whom. Answers to questionnaires are never in here."),
)
changes.show(page)
