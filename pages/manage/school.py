"""The school, its teams, its people and its calendar."""

from qualitycycle import ui
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import rosters, school

page = ui.open_page(_("School, teams and people"), needs=Right.MANAGE)
part = school.pick_part()
school.show(page, part)
if part == "teams":
    rosters.take_over(page)
