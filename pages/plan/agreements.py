"""Policy and our way of working: what was agreed, when it is looked at again, and what changed."""

from qualitycycle import ui
from qualitycycle.i18n import _
from qualitycycle.ui import agreements

page = ui.open_page(_("Policy and way of working"))
agreements.show(page)
