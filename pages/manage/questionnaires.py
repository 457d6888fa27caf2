"""The school's questionnaires: look at them, add one of one's own, put one aside."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import questionnaires

page = ui.open_page(_("Questionnaires"), needs=Right.OPEN_ROUND)
questionnaires.show_all(page)
checked = questionnaires.upload(page)
if checked is not None:
    questionnaires.show_checked(page, checked)
