"""Any picture of outcomes on screen: its title in words, its chart, and a small version for the data wall."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from qualitycycle import charts, i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts import Figure
from qualitycycle.cycle import counts, views
from qualitycycle.cycle.counts import Counts
from qualitycycle.cycle.gains import CohortLine, Gain
from qualitycycle.cycle.level_shares import FunnelLine, Levels
from qualitycycle.cycle.reached_levels import ReachedLevels
from qualitycycle.cycle.series import Measure, Series
from qualitycycle.cycle.share_change import ShareChange
from qualitycycle.cycle.views import Figures, Result, View, ViewKind
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
    ViewKind.THREE_YEARS: N_("{line}: years together"),
}


# Their title says itself what the picture shows of the line.
WITHOUT_KIND = (ViewKind.LEVELS, ViewKind.COUNTS)


def title(view: View) -> str:
    """A picture in words."""
    if view.kind in (ViewKind.CHANGE, ViewKind.GAIN) and (view.end is None or view.start in (None, view.end)):
        return outcomes.label(view.selection)
    # Numbers stand there with all that is counted beside them.
    own = counts.all_of(view.selection) if view.kind is ViewKind.COUNTS else view.selection
    line = outcomes.label(own, with_kind=view.kind not in WITHOUT_KIND)
    return _(TITLES[view.kind]).format(line=line, start=view.start or "–", end=view.end or "–")


def short_title(view: View) -> str:
    """What fits above a small picture: the subject and the group, and what kind of picture it is."""
    line = outcomes.short_label(view.selection, with_kind=view.kind is ViewKind.LINE)
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
        case ReachedLevels() as found:
            return charts.three_years(found, named, theme=theme, target=target)


def draw(result: Result, *, key: str, theme: str) -> None:
    """The chart with what it says, its table and how it was calculated; or that nothing can be shown."""
    drawn = figure(result, theme=theme)
    if drawn is None:
        nothing(result.view)
    else:
        figures.chart(drawn, key=key)


def nothing(view: View) -> None:
    """Why nothing of a picture is shown, from how many pupils on it is, and what to do next."""
    if not view.selection.pupils:
        said = _("These figures were not published, or they are about too few pupils.")
    elif view.selection.measure is Measure.SHARE:
        said = _("Levels and shares are shown from {n} pupils on, so that nobody can be recognised.")
    else:
        said = _("Scores are shown from {n} pupils on, so that nobody can be recognised.")
    told = [said.format(n=smallest(view))]
    if view.kind in (ViewKind.GAIN, ViewKind.COHORT):
        told.append(_("Together with other pictures too much would follow of some pupils as well."))
    told.append(_("Choose another moment, or a larger group."))
    parts.verdict(_("Too few pupils to show"), " ".join(told))


def smallest(view: View) -> int:
    """How many pupils a figure of a picture is about at least."""
    share = view.selection.measure is Measure.SHARE
    return disclosure.FLOOR_DISTRIBUTION if share else disclosure.FLOOR


# --- small, and to be read from the back of the room -----------------------------------------------------

# So many bars of levels still stand apart.
N_ROWS = 2
LARGER = 1.2
_SIZES = ("fontSize", "labelFontSize", "titleFontSize")


def for_the_room(result: Result, *, theme: str, height: int) -> Figure | None:
    """The chart in so many pixels with larger type: the newest of it, without the lines that others publish."""
    drawn = figure(replace(result, figures=_newest(result.figures)), theme=theme)
    if drawn is None:
        return None
    if isinstance(result.figures, ReachedLevels):
        # Up to five rows, with air enough for the larger type.
        height = drawn.spec["height"]
    elif _in_rows(result.figures):
        height = round(LARGER * drawn.spec["height"])
    if isinstance(result.figures, FunnelLine):
        drawn = replace(drawn, data=_named_outside(drawn.data))
    return replace(drawn, spec=_larger({**drawn.spec, "height": height}), notes=drawn.notes[:1])


def _in_rows(found: Figures | None) -> bool:
    """Whether a picture is rows of words: squeezed they run into each other, stretched they fall apart."""
    few_groups = isinstance(found, FunnelLine) and not found.enough
    return few_groups or isinstance(found, Levels | Gain | ShareChange | Counts)


def _named_outside(data: pd.DataFrame) -> pd.DataFrame:
    """Of the groups in a funnel only the names outside the limits: all of them do not fit here."""
    if "side" not in data:
        return data
    inside = data["where"] == "inside"
    return data.assign(side=data["side"].mask(inside, ""))[data["kind"] != "name"]


def _newest(found: Figures | None) -> Figures | None:
    match found:
        case Levels():
            everybody = [row for row in found.rows if row.group is None and row.counts]
            return replace(found, rows=tuple(everybody[-N_ROWS:]))
        case Series():
            # Their names do not fit beside each other here; `beside` says them in words.
            return replace(found, references=())
        case Counts():
            # Only a label with a number has anything to say here.
            told = [row.label for row in found.rows if row.count is not None]
            return replace(found, rows=tuple(row for row in found.rows if row.label == told[-1]))
        case ReachedLevels():
            # The years together; each year stands in the picture itself.
            return replace(found, years=())
    return found


def beside(result: Result) -> str:
    """What others publish beside a line, in words."""
    if not isinstance(result.figures, Series):
        return ""
    named = [
        f"{charts.reference_name(name)}: {charts.outcome_text(result.view.selection, value)}"
        for name, value in result.figures.references
    ]
    return " · ".join(named)


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
        return charts.signed(value)
    if view.kind is ViewKind.THREE_YEARS and value is not None:
        return f"{i18n.number(value, 1)}%"
    return charts.outcome_text(view.selection, value)


def address(view: View) -> dict[str, str]:
    """What the page of outcomes is asked to open this picture."""
    return {"view": json.dumps(views.as_json(view), ensure_ascii=False, separators=(",", ":"))}
