"""Any picture of outcomes on screen: its title in words, its chart, and a small version for the data wall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from qualitycycle import charts, i18n
from qualitycycle.charts import Figure
from qualitycycle.cycle import views
from qualitycycle.cycle.counts import Counts
from qualitycycle.cycle.gains import CohortLine, Gain
from qualitycycle.cycle.level_shares import FunnelLine, Levels
from qualitycycle.cycle.series import Series
from qualitycycle.cycle.share_change import ShareChange
from qualitycycle.cycle.views import Result, View, ViewKind
from qualitycycle.i18n import N_, _
from qualitycycle.model import Action
from qualitycycle.ui import figures, outcomes, parts

# After the words for its line. A moment is named as the picture names it.
TITLES = {
    ViewKind.LINE: "{line}",
    ViewKind.LEVELS: N_("{line}: all levels"),
    ViewKind.COHORT: N_("{line}: the same pupils followed from {start}"),
    ViewKind.GAIN: N_("{line}: gain from {start} to {end}"),
    ViewKind.CHANGE: N_("{line}: {start} beside {end}"),
    ViewKind.FUNNEL: N_("{line}: groups at {end}"),
    ViewKind.COUNTS: N_("{line}: numbers"),
}


def title(view: View) -> str:
    """A picture in words."""
    line = outcomes.label(view.selection)
    return _(TITLES[view.kind]).format(line=line, start=view.start or "–", end=view.end or "–")


def short_title(view: View) -> str:
    """What fits above a small picture: the subject and the group, and what kind of picture it is."""
    line = outcomes.short_label(view.selection)
    return _(TITLES[view.kind]).format(line=line, start=view.start or "–", end=view.end or "–")


def figure(
    result: Result, *, theme: str, target: float | None = None, actions: Sequence[Action] = ()
) -> Figure | None:
    """The chart of a picture; None where nothing may be shown."""
    named = title(result.view)
    match result.figures:
        case None:
            return None
        case Series() as found:
            return charts.outcome_line(found, named, theme=theme, target=target, actions=actions)
        case Levels() as found:
            return charts.level_shares(found, named, theme=theme)
        case CohortLine() as found:
            return charts.cohort(found, named, theme=theme)
        case Gain() as found:
            return charts.gain(found, named, theme=theme)
        case ShareChange() as found:
            return charts.share_change(found, named, theme=theme)
        case FunnelLine() as found:
            return charts.funnel(found, named, theme=theme)
        case Counts() as found:
            return charts.count_bars(found, named, theme=theme)


def draw(result: Result, *, key: str, theme: str) -> None:
    """The chart with what it says, its table and how it was calculated; or that nothing can be shown."""
    drawn = figure(result, theme=theme)
    if drawn is None:
        parts.note(_("Nothing of this can be shown: too few pupils, or not published."))
    else:
        figures.chart(drawn, key=key)


# --- small, and to be read from the back of the room -----------------------------------------------------

# Above this height the marks of one row of levels or groups still stand apart.
LARGER = 1.3
_SIZES = ("fontSize", "labelFontSize", "titleFontSize")


def for_the_room(drawn: Figure, height: int) -> Figure:
    """The same chart in so many pixels with larger type, and of what it says only the first sentence."""
    spec = _larger({**drawn.spec, "height": height})
    return replace(drawn, spec=spec, notes=drawn.notes[:1])


def _larger(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {
            name: round(value * LARGER)
            if name in _SIZES and isinstance(value, int | float)
            else _larger(value)
            for name, value in part.items()
        }
    return [_larger(one) for one in part] if isinstance(part, list) else part


def value_text(view: View, value: float | None) -> str:
    """A value of a picture: 45% or 352,7; of a change with its sign."""
    if view.kind in (ViewKind.GAIN, ViewKind.CHANGE) and value is not None:
        sign = "+" if value > 0 else ""
        return sign + i18n.number(value, 1)
    return charts.outcome_text(view.selection, value)


def address(view: View) -> dict[str, str]:
    """What the page of outcomes is asked to open this picture."""
    return {"view": json.dumps(views.as_json(view), ensure_ascii=False, separators=(",", ":"))}
