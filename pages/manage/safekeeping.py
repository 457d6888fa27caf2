"""Backup, check-up and export, and where the data is."""

import streamlit as st

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import safekeeping

page = ui.open_page(_("Backup and export"), needs=Right.MANAGE)
left, right = st.columns(2, gap="large")
with left:
    safekeeping.backups(page)
    safekeeping.export(page)
with right:
    safekeeping.where(page)
    safekeeping.check_up(page)
