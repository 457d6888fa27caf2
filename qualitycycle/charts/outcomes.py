"""A line of outcomes: one part per moment of the year, with what others publish beside it.

Each moment is read like the line of a goal: its number of values decides whether there is a line, a median, limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n, readings
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.spc import ChartKind
from qualitycycle.charts import names
from qualitycycle.charts.figure import (
    COLOURS,
    DAY_LABEL,
    Figure,
    data_row,
    finished,
    interval_text,
    reason_text,
    reference_name,
)
from qualitycycle.charts.goals import LineLook, level_layers, level_rows, levels_text, method
from qualitycycle.cycle import baselines
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.series import Measure, Point, Selection, Series
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Action, Indicator

# When in the year a test was taken, by the letter that test makers use.
MOMENTS = {
    "B": N_("start of the year (B)"),
    "M": N_("halfway the year (M)"),
    "E": N_("end of the year (E)"),
    "DT": N_("transition test (DT)"),
}


COLUMNS = [
    "kind", "on", "until", "value", "low", "high", "words", "label", "part", "joined", "moment",
]  # fmt: skip


def outcome_line(
    found: Series, title: str, *, theme: str, target: float | None = None, actions: Sequence[Action] = ()
) -> Figure:
    """One line of outcomes, one part per moment of the year; target and published references named apart."""
    lines = _lines(found, title, target)
    told = _told(lines)
    rows = [*_outcome_rows(found, lines), *_side_rows(found, target), *_action_rows(actions), *_room(found)]
    data = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "low": float, "high": float})
    reading = [line.last.reading for line in lines.values()]
    look = LineLook(
        percent=is_percent(found.selection),
        median=any(one.run for one in reading),
        limits=any(one.individuals for one in reading),
        counts=is_count(found.selection),
    )
    return Figure(
        spec=_outcome_spec(i18n.language(), theme, look),
        data=data,
        table=_outcome_table(found, lines),
        alt=_outcome_alt(found, title, target),
        how=_outcome_how(found, lines, told),
        notes=_outcome_said(lines, told, actions),
    )


def _lines(found: Series, title: str, target: float | None) -> dict[str, LineReading]:
    """Each moment of the year as a line of its own: pupils are expected to grow in between."""
    line = Indicator(
        indicator_id="",
        goal_id="",
        title=title,
        unit="%" if is_percent(found.selection) else "",
        target=target,
    )
    return {
        moment: baselines.read(line, [point for point in found.points if moment_of(point) == moment])
        for moment in sorted({moment_of(point) for point in found.points})
    }


def _told(lines: dict[str, LineReading]) -> str:
    """The moment that the sentences are about: the one with the most values, of those the latest."""
    shown = {
        moment: [point.on for point in line.points if point.value is not None]
        for moment, line in lines.items()
    }
    return max(
        shown,
        key=lambda moment: (len(shown[moment]), max(shown[moment], default=None) or date.min),
        default="",
    )


def _outcome_said(lines: dict[str, LineReading], told: str, actions: Sequence[Action]) -> tuple[str, ...]:
    if told not in lines:
        return ()
    verdict, beside, why = readings.sentences(lines[told], actions)
    return (f"{_of_moment(told)}{verdict}" if len(lines) > 1 else verdict, beside, why)


def _of_moment(moment: str) -> str:
    """Before a sentence about one moment of several."""
    name = _(MOMENTS[moment]) if moment in MOMENTS else moment
    return f"{name[:1].upper()}{name[1:]}: " if name else ""


def is_percent(selection: Selection) -> bool:
    """Whether the values of a line are percentages."""
    return selection.measure is Measure.SHARE or selection.score_kind == "percentage"


def is_count(selection: Selection) -> bool:
    """Whether the values of a line are numbers of pupils."""
    return selection.score_kind == "count"


def begins_at_zero(selection: Selection) -> bool:
    """Whether the axis of a line begins at zero: shares and numbers of pupils have one, scores have not."""
    return is_percent(selection) or is_count(selection)


def outcome_text(selection: Selection, value: float | None) -> str:
    """A value of a line of outcomes: 45% or 352,7."""
    if value is None:
        return "–"
    decimals = {Measure.SHARE: 0, Measure.MEAN: 1, Measure.GIVEN: None}[selection.measure]
    return i18n.number(value, decimals) + ("%" if is_percent(selection) else "")


def outcome_interval(selection: Selection, low: float | None, high: float | None) -> str:
    """The interval of a value of a line of outcomes: 35% to 73%, or 120,4 to 131,2; empty where it has none."""
    if low is None or high is None:
        return ""
    if selection.measure is not Measure.SHARE:
        return interval_text(low, high)
    return _("{low} to {high}").format(low=outcome_text(selection, low), high=outcome_text(selection, high))


def moment_of(point: Point) -> str:
    """The letter of the moment in the year, empty when there is none."""
    return point.label.partition(" ")[2]


def point_label(point: Point) -> str:
    """2025-2026, halfway the year (M)."""
    return moment_label(point.label) or i18n.short_day(point.on)


def moment_label(label: str) -> str:
    """A moment as points name it, in words."""
    year, _space, moment = label.partition(" ")
    return f"{year}, {_(MOMENTS[moment])}" if moment in MOMENTS else label


def _outcome_rows(found: Series, lines: dict[str, LineReading]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    sides = _name_sides(lines)
    for moment, line in lines.items():
        own = _moment_rows(found, moment, line)
        if own and len(lines) > 1:
            own.append({**own[-1], "kind": "name", "words": moment, "label": sides[moment]})
        rows += [*level_rows(line, line.last), *own]
    return rows


def _name_sides(lines: dict[str, LineReading]) -> dict[str, str]:
    """The name of the line that ends highest stands above its end, of the lowest below it: so they never touch."""
    ends = {
        moment: [point.value for point in line.points if point.value is not None][-1:]
        for moment, line in lines.items()
    }
    order = sorted((end[0], moment) for moment, end in ends.items() if end)
    sides = {moment: "beside" for moment in lines}
    if len(order) > 1:
        sides |= {order[0][1]: "below", order[-1][1]: "above"}
    return sides


HALF_A_YEAR = timedelta(days=182)
NAME_DY = {"above": -9, "beside": 0, "below": 9}


def _moment_rows(found: Series, moment: str, line: LineReading) -> list[dict[str, Any]]:
    """The values of one moment of the year; a year that is missing or hidden breaks the line."""
    reading = line.last.reading
    joined, judged = reading.choice.kind is not ChartKind.VALUES, reading.run is not None
    rows: list[dict[str, Any]] = []
    part = 0
    for idx, point in enumerate(line.last.rows, start=1):
        if point is None or point.value is None:
            part += 1
            continue
        n = f" (n = {point.n})" if point.n else ""
        words = f"{point_label(point)}: {outcome_text(found.selection, point.value)}{n}"
        low, high = (None, None) if judged else (point.low, point.high)
        row = data_row("value", point.on, point.value, words, low, high)
        if idx in reading.sigma_signal_idx:
            remark = f"{words} · {_('outside the limits')}"
            rows.append({**row, "kind": "outside", "words": remark})
        rows.append(row | {"part": f"{moment}{part}", "joined": joined, "moment": moment})
    return rows


def _side_rows(found: Series, target: float | None) -> list[dict[str, Any]]:
    rows = _side_lines(found, target)
    shown = [(point.on.toordinal(), point.value) for point in found.points if point.value is not None]
    first, last = (min(shown)[0], max(shown)[0]) if shown else (0, 0)
    values = [((on - first) / ((last - first) or 1), value) for on, value in shown]
    heights = [value for _on, value in values] + [row["value"] for row in rows]
    bounds = (
        (0.0, 100.0) if is_percent(found.selection) else (min(heights, default=0), max(heights, default=1))
    )
    where = names.places([(row["words"], row["value"]) for row in rows], values, bounds)
    return [{**row, "part": one.end, "joined": one.above} for row, one in zip(rows, where, strict=True)]


def _side_lines(found: Series, target: float | None) -> list[dict[str, Any]]:
    rows = [
        data_row("reference", None, value, f"{reference_name(name)}: {outcome_text(found.selection, value)}")
        for name, value in found.references
    ]
    if target is not None:
        words = _("Target: {value}").format(value=outcome_text(found.selection, target))
        rows.append(data_row("target", None, target, words))
    return rows


def _action_rows(actions: Sequence[Action]) -> list[dict[str, Any]]:
    starts = [
        data_row("action", action.start_on, None, _("Start: {title}").format(title=action.title))
        for action in actions
        if action.start_on
    ]
    stops = [
        data_row("stop", action.stopped_on, None, _("Stop: {title}").format(title=action.title))
        for action in actions
        if action.stopped_on
    ]
    return [*starts, *stops]


def _room(found: Series) -> list[dict[str, Any]]:
    """Nothing to see around a value that stands alone: of one day and one height an axis has no numbers to tell."""
    shown = [point for point in found.points if point.value is not None]
    if len({point.on for point in shown}) != 1:
        return []
    only = shown[0]
    value = only.value or 0.0
    height = 0.0 if begins_at_zero(found.selection) else max(1.0, abs(value) / 20)
    return [data_row("room", only.on + side * HALF_A_YEAR, value + side * height, "") for side in (-1, 1)]


@cache
def _outcome_spec(language: str, theme: str, look: LineLook) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis, scale = _value_axis(look)
    x = alt.X(
        "on:T",
        axis=alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6, labelExpr=DAY_LABEL),
        scale=alt.Scale(padding=24),
    )
    y = alt.Y("value:Q", axis=axis, scale=scale)
    low = alt.Y("low:Q", axis=axis, scale=scale)
    tip = alt.Tooltip("words:N", title=" ")

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(alt.datum.kind == kind)

    def rule(kind: str, shade: str, dash: list[int]) -> Any:
        return only(kind).mark_rule(color=shade, strokeDash=dash, size=1.5).encode(y=y, tooltip=tip)

    def name(kind: str, shade: str, **halo: Any) -> Any:
        marked = only(kind).mark_text(
            align=alt.ExprRef("datum.part"),
            baseline=alt.ExprRef("datum.joined ? 'bottom' : 'top'"),
            dy=alt.ExprRef("datum.joined ? -3 : 4"),
            color=shade,
            fontSize=12,
            **halo,
        )
        return marked.encode(
            x=alt.value(alt.ExprRef("datum.part == 'left' ? 6 : width - 6")), y=y, text="words:N"
        )

    value = only("value")
    layers: list[Any] = [
        only("room").mark_point(opacity=0).encode(x=x, y=y),
        rule("reference", colour["quiet"], [2, 3]),
        rule("target", colour["target"], [5, 4]),
        # The band behind a name hides grid and rules; the values are drawn over it.
        name("reference", colour["paper"], stroke=colour["paper"], strokeWidth=5),
        name("target", colour["paper"], stroke=colour["paper"], strokeWidth=5),
        name("reference", colour["quiet"]),
        name("target", colour["target"]),
        only("action").mark_rule(color=colour["action"], size=1.5).encode(x=x, tooltip=tip),
        only("stop").mark_rule(color=colour["action"], size=1.5, strokeDash=[3, 3]).encode(x=x, tooltip=tip),
        *(level_layers(only, x, y, tip, colour, look) if look.median else ()),
        value.mark_rule(color=colour["line"], opacity=0.45, size=3).encode(x=x, y=low, y2="high:Q"),
        value.transform_filter(alt.datum.joined)
        .mark_line(color=colour["line"], size=2)
        .encode(x=x, y=y, detail="part:N", strokeDash=_moment_dash()),
        value.mark_point(color=colour["line"], filled=True, size=80, opacity=1).encode(
            x=x, y=y, shape=_moment_shape(), tooltip=tip
        ),
        only("outside")
        .mark_point(color=colour["late"], size=260, filled=False, strokeWidth=2)
        .encode(x=x, y=y, tooltip=tip),
        *(
            only("name")
            .transform_filter(alt.datum.label == side)
            .mark_text(align="left", dx=7, dy=dy, color=colour["text"], fontSize=13, fontWeight="bold")
            .encode(x=x, y=y, text="words:N")
            for side, dy in NAME_DY.items()
        ),
    ]
    return finished(alt.layer(*layers).properties(height=300), language, theme)


def _value_axis(look: LineLook) -> tuple[alt.Axis, alt.Scale]:
    """Shares from 0 to 100%, numbers of pupils whole and from zero, scores where they lie."""
    if look.counts:
        # On an axis from twenty to twenty-three, three pupils are a landslide.
        return alt.Axis(title=None, tickCount=5, tickMinStep=1, format="d"), alt.Scale(zero=True, nice=True)
    if look.percent:
        return (
            alt.Axis(title=None, tickCount=5, labelExpr="datum.label + '%'"),
            alt.Scale(domain=[0, 100]),
        )
    return alt.Axis(title=None, tickCount=5, labelExpr="datum.label"), alt.Scale(zero=False, nice=True)


# Moments of the year, told apart without colour: by the form of a point and by the stroke of its line.
MOMENT_SHAPES = {"": "circle", "B": "triangle-up", "M": "circle", "E": "square", "DT": "diamond"}
MOMENT_STROKES = {"": [1, 0], "B": [2, 2], "M": [1, 0], "E": [6, 3], "DT": [1, 0]}


def _moment_shape() -> alt.Shape:
    return alt.Shape("moment:N", legend=None, scale=_by_moment(MOMENT_SHAPES))


def _moment_dash() -> alt.StrokeDash:
    return alt.StrokeDash("moment:N", legend=None, scale=_by_moment(MOMENT_STROKES))


def _by_moment(looks: Mapping[str, Any]) -> alt.Scale:
    return alt.Scale(domain=list(looks), range=list(looks.values()))


def _outcome_table(found: Series, lines: dict[str, LineReading]) -> pd.DataFrame:
    decimals = 0 if found.selection.measure is Measure.SHARE else 1
    outside = {
        (point.label, point.on)
        for line in lines.values()
        for idx, point in enumerate(line.last.rows, start=1)
        if point is not None and idx in line.last.reading.sigma_signal_idx
    }
    rows = [
        (
            point_label(point),
            reason_text(point.reason) if point.value is None else outcome_text(found.selection, point.value),
            interval_text(point.low, point.high, decimals),
            str(point.n) if point.n else "–",
            _("outside the limits") if (point.label, point.on) in outside else "",
        )
        for point in found.points
    ]
    table = pd.DataFrame(rows, columns=[_("When"), _("Value"), _("Interval (95%)"), "n", _("Note")])
    return table if outside else table.drop(columns=_("Note"))


def _outcome_alt(found: Series, title: str, target: float | None) -> str:
    shown = [point for point in found.points if point.value is not None]
    if not shown:
        return _("{title}: no values yet.").format(title=title)
    last = shown[-1]
    interval = outcome_interval(found.selection, last.low, last.high)
    beside = [
        point_label(last),
        f"n = {last.n}" if last.n else "",
        _("95% interval {interval}").format(interval=interval) if interval else "",
    ]
    said = ngettext(
        "{title}: {n} value, {value} ({beside}).",
        "{title}: {n} values, the last {value} ({beside}).",
        len(shown),
    ).format(
        title=title,
        n=len(shown),
        value=outcome_text(found.selection, last.value),
        beside=", ".join(one for one in beside if one),
    )
    if target is None:
        return said
    return f"{said} {_('Target: {value}').format(value=outcome_text(found.selection, target))}."


def _outcome_how(found: Series, lines: dict[str, LineReading], told: str) -> tuple[tuple[str, str], ...]:
    methods = {
        Measure.MEAN: _("The mean score of the pupils, with its 95% interval (Student's t)."),
        Measure.SHARE: _(
            "The share of pupils at level {level} or higher, with its 95% interval (Wilson)."
        ).format(level=found.selection.level or "–"),
        Measure.GIVEN: _(
            "The figure as it was published. Nobody can work out an interval from a published figure alone."
        ),
    }
    n_values = sum(point.value is not None for point in found.points)
    return (
        (_("Why this chart:"), _why(lines)),
        (_("Method:"), " ".join([methods[found.selection.measure], *_judging(lines, told)])),
        (
            _("Data:"),
            ngettext(
                "Imported results: {n} moment, {shown} can be shown.",
                "Imported results: {n} moments, {shown} can be shown.",
                len(found.points),
            ).format(n=len(found.points), shown=n_values),
        ),
        (
            _("Hidden:"),
            _hidden(found.selection),
        ),
        (
            _("Limits:"),
            _(
                "Every year these are other pupils. A difference between two years can be the group, chance, or "
                "the teaching; this figure does not tell which. Moments within a year are drawn apart, because "
                "pupils are expected to grow in between."
            ),
        ),
    )


def _hidden(selection: Selection) -> str:
    """What is left out of a line, always the same: it says nothing about whether something is."""
    if selection.measure is Measure.GIVEN:
        return _(
            "Figures about fewer than {floor} pupils, figures from which those could be worked out, and what the "
            "publisher left out."
        ).format(floor=disclosure.FLOOR)
    share = selection.measure is Measure.SHARE
    return _(
        "Moments with fewer than {floor} pupils. Every pupil counts once, with the latest result. Results that are "
        "read in later count once they are about at least {floor} pupils together."
    ).format(floor=disclosure.FLOOR_DISTRIBUTION if share else disclosure.FLOOR)


def _why(lines: dict[str, LineReading]) -> str:
    """Which chart it is, for every moment of the year by itself."""
    return " ".join(
        f"{_of_moment(moment) if len(lines) > 1 else ''}{readings.why_this_chart(line)}"
        for moment, line in lines.items()
    )


def _judging(lines: dict[str, LineReading], told: str) -> list[str]:
    """How the told moment was judged, once it has values enough for that."""
    line = lines.get(told)
    if line is None or line.last.reading.run is None:
        return []
    said = [method(line.last.reading), levels_text(line), readings.false_alarms(line.last.reading)]
    return [text for text in said if text]
