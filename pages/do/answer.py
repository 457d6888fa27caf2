"""Fill in a questionnaire with a code."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import answer

page = ui.open_page(_("Fill in a questionnaire"), needs=Right.FILL_IN)
answer.show(page)
