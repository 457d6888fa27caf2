"""The parts of the page about pupil outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import streamlit as st

from qualitycycle import charts
from qualitycycle.cycle import indicators, plan, series, thread
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.series import Measure, Selection, Series
from qualitycycle.cycle.views import View, ViewKind
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, Goal, Indicator
from qualitycycle.ui import figures, forms, navigation, parts, words
from qualitycycle.ui.page import Page

# The scale of 1F, 1S and 2F: every school knows those by the level alone.
REFERENCE_LEVELS = "reference"


@dataclass(frozen=True)
class Fed:
    """An indicator of the running cycle that takes its values from the line on screen."""

    goal: Goal
    indicator: Indicator
    actions: list[Action]


# --- words for a line ------------------------------------------------------------------------------------


def label(selection: Selection) -> str:
    """A line in words: Maths, group 4, share at level II or higher, Cito Rekenen-Wiskunde 3.0."""
    return ", ".join([subject(selection), *_details(selection)])


def short_label(selection: Selection) -> str:
    """A line in words without its test: Maths, group 4, share at level II or higher."""
    group = words.year_group(selection.year_group) if selection.year_group else ""
    return ", ".join(one for one in (subject(selection), group, kind(selection)) if one)


def subject(selection: Selection) -> str:
    return _(words.SUBJECTS.get(selection.subject, selection.subject))


def _details(selection: Selection) -> list[str]:
    found = [
        words.year_group(selection.year_group) if selection.year_group else "",
        kind(selection),
        _test(selection),
    ]
    return [one for one in found if one]


def kind(selection: Selection) -> str:
    """What its values are: a mean score, or the share at a level or higher."""
    if selection.level:
        return _("share at level {level} or higher").format(level=selection.level)
    return _(words.SCORE_KINDS.get(selection.score_kind, selection.score_kind))


def _test(selection: Selection) -> str:
    maker = words.TEST_MAKERS.get(selection.test_maker or "", selection.test_maker or "")
    # Where the test is named after the level, the level says it.
    test = None if selection.test == selection.level else selection.test
    named = " ".join(one for one in (_(maker), test, selection.edition) if one)
    if not selection.scale or selection.scale == REFERENCE_LEVELS:
        return named
    kept = words.SCALES.get(selection.scale)
    scale = _(kept) if kept else _("scale {name}").format(name=selection.scale)
    return f"{named} ({scale})" if named else scale


# --- choosing --------------------------------------------------------------------------------------------


def pick_line(page: Page) -> Selection | None:
    """One line: first the subject, then the group and test, then the level where it is about levels."""
    lines = series.selections(page.store, page.actor)
    if not lines:
        return None
    subjects = {one.subject: subject(one) for one in lines}
    with st.container(horizontal=True, key="pick_line"):
        chosen = _choose(_("Subject"), subjects, "outcome_subject", 260)
        own = [one for one in lines if one.subject == chosen]
        names = {str(n): ", ".join(_details(one)) for n, one in enumerate(own)}
        # One key per subject: the nth line of another subject is another line.
        line = own[int(_choose(_("Group, kind and test"), names, f"outcome_line.{chosen}", 520))]
        return _with_level(page, line)


def _with_level(page: Page, line: Selection) -> Selection:
    if line.measure is not Measure.SHARE:
        return line
    # A level outside the known orders has no "or higher".
    levels = [level for level in series.levels_of(page.store, line) if series.at_least(level)]
    if not levels:
        return line
    options = {level: _("{level} or higher").format(level=level) for level in levels}
    middle = len(levels) // 2
    return replace(line, level=_choose(_("Level"), options, "outcome_level", 170, middle))


def _choose(name: str, options: dict[str, str], key: str, width: int, index: int = 0) -> str:
    labels = forms.distinct(options)
    chosen = st.selectbox(
        name,
        list(labels),
        index=index,
        format_func=lambda one: labels.get(one, ""),
        key=key,
        width=width,
    )
    return str(chosen) if chosen in labels else next(iter(labels))


def nothing_yet(page: Page) -> None:
    if page.may(Right.IMPORT):
        parts.empty(
            _("No results have been read in yet. Bring an export of your pupil tracking system."),
            page="imports",
            label=_("Read in results"),
        )
    else:
        parts.empty(_("No results have been read in yet. The school leader or internal coach can do that."))


# --- the line on screen ----------------------------------------------------------------------------------


def fed_by(page: Page, selection: Selection) -> list[Fed]:
    """The indicators of open goals in the running cycle that use exactly this line."""
    cycle = plan.running_cycle(page.store) if page.may_see_running else None
    if cycle is None:
        return []
    found = thread.thread(page.store, page.actor, cycle.cycle_id)
    return [
        Fed(goal, indicator, found.actions_of(goal.goal_id))
        for goal in found.goals
        for indicator in found.indicators.get(goal.goal_id, [])
        if indicators.view_of(indicator.series) == View(ViewKind.LINE, selection)
    ]


def show(page: Page, found: Series, fed: Sequence[Fed]) -> None:
    """The chart with its target, references and the goals it belongs to; or why there is no chart."""
    with parts.card("outcome_line"):
        parts.heading(label(found.selection))
        if not any(point.value is not None for point in found.points):
            parts.note(_("No moment of this line can be shown: too few pupils, or not published."))
            return
        _last(found)
        first = fed[0] if fed else None
        figure = charts.outcome_line(
            found,
            label(found.selection),
            theme=page.theme,
            target=first.indicator.target if first else None,
            actions=first.actions if first else (),
        )
        figures.chart(figure, key="outcome_line")
        _few(found)
    for one in fed:
        text = _("Feeds the indicator “{indicator}” of the goal “{goal}”")
        navigation.link(
            "goal",
            text.format(indicator=one.indicator.title, goal=one.goal.title),
            query={"goal": one.goal.goal_id},
        )


def _last(found: Series) -> None:
    shown = [point for point in found.points if point.value is not None]
    last = max(shown, key=lambda point: point.on)
    text = _("Last value: {value}, {when}").format(
        value=charts.outcome_text(found.selection, last.value), when=charts.point_label(last)
    )
    n = ngettext("{n} pupil", "{n} pupils", last.n).format(n=last.n) if last.n else ""
    interval = charts.interval_text(last.low, last.high) if last.low is not None else ""
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
