"""The success wall: targets met, actions that evidence supports and successes by name, for the whole team to see."""

from qualitycycle import ui
from qualitycycle.cycle import success_wall as walls
from qualitycycle.i18n import _
from qualitycycle.ui import success_wall

page = ui.open_page(
    _("Success wall"), sub=_("What we can see that we can do: met targets, supported actions and successes.")
)
cards = walls.wall(page.store, page.actor)
if not cards:
    ui.empty(
        _("Nothing hangs here yet. Add a success this week, or weigh the evidence of an action."),
        page="this_week",
        label=_("This week"),
    )
else:
    found = success_wall.chosen(cards)
    if not found:
        ui.note(_("Nothing of this goal in this half year yet."))
    success_wall.show(found)
    success_wall.open_card(found)
    ui.note(
        _(
            "A met target does not say what caused it. What an action did stands with its evidence. Print this page to "
            "hang it in the team room."
        )
    )
