"""Phones: at which address they find the questionnaire, and whether one gets through."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import phones

page = ui.open_page(
    _("Phones"),
    needs=Right.OPEN_ROUND,
    sub=_("Colleagues fill in the questionnaire on their own phones, over the school's Wi-Fi."),
)
phones.show(page)
