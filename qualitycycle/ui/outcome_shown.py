"""One picture of outcomes on the page: its chart, what it feeds, or why it is not there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from qualitycycle import charts, sentences
from qualitycycle.cycle import indicators, plan, thread, views
from qualitycycle.cycle.series import Measure, Series
from qualitycycle.cycle.views import Result, View, ViewKind
from qualitycycle.errors import ViewRefused
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, Goal, Indicator
from qualitycycle.ui import figures, navigation, parts, pictures
from qualitycycle.ui.page import Page


@dataclass(frozen=True)
class Fed:
    """An indicator of the running cycle that takes its values from the picture on screen."""

    goal: Goal
    indicator: Indicator
    actions: list[Action]


def show(page: Page, view: View) -> Result | None:
    """The picture with the goals it belongs to; None, and why, where these outcomes do not allow it."""
    line = view.selection
    if view.kind is ViewKind.LINE and line.measure is Measure.SHARE and not line.level:
        parts.empty(_("These results have levels without a known order, so no share can be worked out."))
        return None
    try:
        result = views.result(page.store, page.actor, view)
    except ViewRefused as refused:
        with parts.card("outcome_line"):
            parts.heading(pictures.title(view))
            parts.verdict(_("This cannot be worked out"), sentences.of(refused))
        return None
    fed = _fed_by(page, view)
    with parts.card("outcome_line"):
        parts.heading(pictures.title(view))
        _draw(page, result, fed)
    for one in fed:
        text = _("Feeds the indicator “{indicator}” of the goal “{goal}”")
        navigation.link(
            "goal",
            text.format(indicator=one.indicator.title, goal=one.goal.title),
            query={"goal": one.goal.goal_id},
        )
    return result


def _draw(page: Page, result: Result, fed: Sequence[Fed]) -> None:
    first = fed[0] if fed else None
    figure = pictures.figure(
        result,
        theme=page.theme,
        target=first.indicator.target if first else None,
        actions=first.actions if first else (),
    )
    if figure is None:
        pictures.nothing(result.view)
        return
    if isinstance(result.figures, Series):
        _last(result.figures)
    # Another kind of picture is another chart, not the same one with other data.
    figures.chart(figure, key=f"outcome_{result.view.kind}")
    if isinstance(result.figures, Series):
        _few(result.figures)


def _fed_by(page: Page, view: View) -> list[Fed]:
    """The indicators of open goals in the running cycle that follow exactly this picture."""
    cycle = plan.running_cycle(page.store) if page.may_see_running else None
    if cycle is None:
        return []
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    return [
        Fed(goal, indicator, found.actions_of(goal.goal_id))
        for goal in found.goals
        for indicator in found.indicators.get(goal.goal_id, [])
        if indicators.view_of(indicator.series) == replace(view, ambition=None)
    ]


def _last(found: Series) -> None:
    shown = [point for point in found.points if point.value is not None]
    last = max(shown, key=lambda point: point.on)
    text = _("Last value: {value}, {when}").format(
        value=charts.outcome_text(found.selection, last.value), when=charts.point_label(last)
    )
    n = ngettext("{n} pupil", "{n} pupils", last.n).format(n=last.n) if last.n else ""
    interval = charts.outcome_interval(found.selection, last.low, last.high)
    between = _("95% interval {interval}").format(interval=interval) if interval else ""
    parts.note(" · ".join(one for one in (text, n, between) if one))


def _few(found: Series) -> None:
    hidden = sum(point.value is None for point in found.points)
    if hidden:
        text = ngettext(
            "{n} moment is not shown; the table says why.",
            "{n} moments are not shown; the table says why.",
            hidden,
        )
        parts.note(text.format(n=hidden))
