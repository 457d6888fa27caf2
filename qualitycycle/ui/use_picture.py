"""What a picture of outcomes can be used for: evidence, an indicator of a goal, a place on the data wall."""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import Any

import streamlit as st

from qualitycycle import charts
from qualitycycle.cycle import counts, evidence, indicators, plan, series, thread, views, wall
from qualitycycle.cycle.series import Point
from qualitycycle.cycle.thread import Thread
from qualitycycle.cycle.views import Result, View, ViewKind
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import _
from qualitycycle.model import Direction, Evidence, GoalState, Indicator
from qualitycycle.ui import failure, forms, navigation, outcomes, parts, pictures, tie, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page


def offer(page: Page, result: Result) -> None:
    """Three ways on from a picture, for who may use it; nothing where nothing is shown."""
    if result.figures is None or not page.may_edit:
        return
    tie.make_evidence(
        page,
        "outcome",
        lambda cycle_id: evidence.from_view(
            page.store, page.actor, result.view, cycle_id, pictures.title(result.view)
        ),
        existing=_existing(page, result),
    )
    _make_indicator(page, result)
    _hang(page, result.view)


# --- evidence --------------------------------------------------------------------------------------------


def _existing(page: Page, result: Result) -> Evidence | None:
    """Evidence in the running cycle that shows exactly this: later figures are new evidence."""
    cycle = plan.running_cycle(page.store)
    if cycle is None:
        return None
    pieces = plan.find(page.store, page.actor, Evidence, cycle_id=cycle.cycle_id)
    return next((piece for piece in pieces if _shows(piece, result)), None)


def _shows(piece: Evidence, result: Result) -> bool:
    taken = evidence.shown_by(piece)
    if taken is None or taken.view != result.view:
        return False
    return taken.points == result.points if result.points else taken.figures == result.figures


# --- an indicator ----------------------------------------------------------------------------------------


def _make_indicator(page: Page, result: Result) -> None:
    cycle = plan.running_cycle(page.store)
    if cycle is None:
        return
    with st.expander(_("Make an indicator of this"), icon=":material/show_chart:", key="feed_indicator"):
        running = thread.thread(page.store, page.actor, cycle.cycle_id)
        goals = {one.goal_id: one.title for one in running.goals if one.state is GoalState.OPEN}
        if not goals:
            parts.note(_("An indicator belongs to a goal, and no goal is open in this cycle."))
            navigation.link("goals", _("Goals"))
            return
        view = _followed(page, result.view)
        if view is None:
            parts.note(
                _(
                    "Groups beside each other have no value together that an indicator can follow. Choose a year group "
                    "under “Over the years” and make the indicator there."
                )
            )
            return
        stands = _stands(page, result, view)
        if stands is None:
            parts.note(_("Of this nothing can be shown now, so an indicator has no value to follow."))
            return
        parts.note(_follows(view))
        existing = _options(running)
        ways = {"new": _("A new indicator"), "existing": _("An indicator that is there already")}
        way = "new"
        if existing:
            way = st.segmented_control(
                _("Which indicator"),
                list(ways),
                format_func=lambda one: ways.get(one, ""),
                default="new",
                required=True,
                key="indicator_way",
                label_visibility="collapsed",
            )
        if way == "existing":
            _feed(page, running, existing, view)
        else:
            _new(page, goals, result.view, view, stands)


def _follows(view: View) -> str:
    if view.kind in (ViewKind.GAIN, ViewKind.CHANGE):
        return _(
            "This picture is about two fixed moments, so the indicator has one value: only a corrected file changes "
            "it. Evidence stays as it is."
        )
    return _("An indicator follows its picture: what is read in later moves it. Evidence stays as it is.")


def _followed(page: Page, view: View) -> View | None:
    """The picture itself; of levels and groups the share at a level that is chosen here, None where there is none."""
    if view.kind is ViewKind.COUNTS:
        return _counted(page, view)
    if view.kind not in (ViewKind.LEVELS, ViewKind.FUNNEL):
        return view
    levels = [one for one in series.levels_of(page.store, view.selection) if series.at_least(one)]
    options = {one: _("share at level {level} or higher").format(level=one) for one in levels[:-1] or levels}
    if not options:
        return None
    wanted = view.selection.level if view.selection.level in options else list(options)[len(options) // 2]
    chosen = st.selectbox(
        _("What the indicator follows"),
        list(options),
        index=list(options).index(wanted),
        format_func=lambda one: options.get(one, ""),
        key=f"followed_level.{view.selection.subject}",
        width=320,
    )
    return indicators.followed(view, chosen if chosen in options else wanted)


def _counted(page: Page, view: View) -> View:
    """One of the things that are counted side by side."""
    lines = counts.lines(page.store, page.actor, view.selection)
    shown = next((name for name, line in lines.items() if line == view.selection), None)
    if len(lines) < 2 or shown is None:
        return view
    options = {name: _("number with {what}").format(what=name) for name in lines}
    chosen = st.selectbox(
        _("What the indicator follows"),
        list(options),
        index=list(options).index(shown),
        format_func=lambda one: options.get(one, ""),
        key=f"followed_count.{view.selection.subject}.{view.selection.year_group}",
        width=320,
    )
    return replace(view, selection=lines.get(chosen, view.selection))


def _stands(page: Page, shown: Result, view: View) -> Point | None:
    """Where the picture to follow stands now; None where it has no value to follow."""
    points = (shown if view == shown.view else views.result(page.store, page.actor, view)).points
    return max((one for one in points if one.value is not None), key=lambda one: one.on, default=None)


def _options(running: Thread) -> dict[str, str]:
    return {
        indicator.indicator_id: f"{goal.title}: {indicator.title}"
        for goal in running.goals
        if goal.state is GoalState.OPEN
        for indicator in running.indicators.get(goal.goal_id, [])
        if not indicator.levels
    }


def _feed(page: Page, running: Thread, options: dict[str, str], view: View) -> None:
    parts.note(_("From then on the indicator takes its values from here; typed values stay beside them."))
    fields = [Field("indicator", _("Indicator"), Kind.CHOICE, options)]
    values = forms.form("feed", fields, {}, submit=_("Use this picture"))
    if values and failure.worked(lambda: _fed(page, running, values["indicator"], view), done=_("Saved.")):
        forms.forget("feed")
        st.rerun()


def _fed(page: Page, running: Thread, indicator_id: str | None, view: View) -> Indicator:
    everything = [one for own in running.indicators.values() for one in own]
    indicator = next((one for one in everything if one.indicator_id == indicator_id), None)
    if indicator is None:
        raise Incomplete("indicator", "indicator")
    return indicators.feed(page.store, page.actor, indicator.indicator_id, indicator.revision, view)


def _new(page: Page, goals: dict[str, str], shown: View, view: View, stands: Point) -> None:
    percent = indicators.is_percent(view)
    unit = [] if percent else [Field("unit", _("Unit"), half=True)]
    fields = [
        Field("goal_id", _("Goal"), Kind.CHOICE, goals),
        Field("title", _("What do you measure?")),
        Field(
            "direction",
            _("Better is"),
            Kind.CHOICE,
            words.options(words.DIRECTIONS),
            optional=False,
            half=True,
        ),
        *unit,
        Field("target", _("Target (%)") if percent else _("Target"), Kind.NUMBER, half=True),
        Field("due_on", _("Reached before"), Kind.DATE, half=True),
    ]
    # One key per picture on screen: another level of it leaves what was filled in where it is.
    key = f"new_indicator.{zlib.crc32(repr(shown).encode())}"
    start: dict[str, Any] = {"title": _proposed(key, view), "direction": Direction.INCREASE}
    parts.note(
        _("Where the picture stands now becomes the baseline: {value}, {when}.").format(
            value=pictures.value_text(view, stands.value), when=charts.point_label(stands)
        )
    )
    values = forms.form(key, fields, start, submit=_("Make the indicator"))
    if values and failure.worked(lambda: _made(page, view, values), done=_("The goal has a new indicator.")):
        forms.forget(key)
        navigation.go("goal", goal=values["goal_id"])


def _proposed(key: str, view: View) -> str:
    """A title for the indicator; one that was proposed before and left as it is goes along with what is followed."""
    title = pictures.short_title(view)
    if view.kind is ViewKind.COUNTS:
        what = _("number with {what}").format(what=counts.name(view.selection))
        title = ", ".join([outcomes.short_label(view.selection, with_kind=False), what])
    before = st.session_state.get(f"{key}.proposed", title)
    if before != title and st.session_state.get(f"{key}.title") == before:
        st.session_state[f"{key}.title"] = title
    st.session_state[f"{key}.proposed"] = title
    return title


def _made(page: Page, view: View, values: dict[str, Any]) -> Indicator:
    if values["goal_id"] is None:
        raise Incomplete("indicator", "goal_id")
    if values["target"] is None:
        raise Incomplete("indicator", "target")
    return indicators.make(page.store, page.actor, view, **{"unit": "", **values})


# --- the data wall ---------------------------------------------------------------------------------------


def _hang(page: Page, view: View) -> None:
    with st.expander(_("On the data wall"), icon=":material/dashboard:", key="hang"):
        if wall.on_wall(page.store, view):
            parts.note(_("This picture hangs on the data wall."))
            navigation.link("wall", _("To the data wall"))
            return
        parts.note(
            _("The data wall shows at most five pictures in a meeting, always with the newest figures.")
        )
        hanging = wall.look(page.store, page.actor)
        full = len(hanging.pictures) + hanging.n_not_shown >= wall.MOST_PICTURES
        values: dict[str, Any] | None
        if full:
            options = {one.picture.id: pictures.title(one.view) for one in hanging.pictures}
            fields = [Field("replaced", _("Which picture does it replace?"), Kind.CHOICE, options)]
            values = forms.form("hang", fields, {}, submit=_("Replace it"))
        else:
            sent = st.button(_("Hang it on the data wall"), key="hang.send", type="primary")
            values = {"replaced": None} if sent else None
        if values is None:
            return
        replaced = values["replaced"]
        hung = failure.attempt(
            lambda: wall.hang(page.store, page.actor, view, in_place_of=replaced),
            done=_("It hangs on the data wall."),
        )
        if hung:
            forms.forget("hang")
            st.rerun()
