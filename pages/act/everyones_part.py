"""Everyone's part: is the work of a closed cycle carried by many or by a few, as a shape of the whole school."""

from qualitycycle import charts, ui
from qualitycycle.cycle import everyones_part as parts_of
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import _
from qualitycycle.ui import everyones_part

page = ui.open_page(
    _("Everyone's part"),
    needs=Right.EDIT_OWN_ACTION,
    sub=_("Is the work carried by many or by a few? A shape of the whole school, without names."),
)
pictures = parts_of.pictures(page.store, page.actor)
everyones_part.what_it_is_for()
if pictures:
    ui.chart(charts.everyones_part(pictures, theme=page.theme), key="everyones_part")
    everyones_part.to_talk_about()
else:
    ui.empty(_("No picture has been drawn yet. It is drawn of a cycle that is closed."))
everyones_part.draw(page, is_drawn=bool(pictures))
