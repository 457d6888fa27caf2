"""A goal's line: an indicator over time, as its number of values allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n, readings
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.spc import ChartKind, ChartReading
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
from qualitycycle.cycle.baselines import LineReading, Stretch
from qualitycycle.cycle.series import Point
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Action, ActionState, BaselineKind, Indicator


def goal_line(
    line: LineReading,
    actions: Sequence[Action],
    *,
    theme: str,
    references: Sequence[tuple[str, float]] = (),
    compact: bool = False,
) -> Figure:
    """An indicator over time, as its number of values allows, with marks where something began or stopped."""
    indicator = line.indicator
    marks = _marks(line, actions)
    said = readings.sentences(line, actions)
    data = _line_data(line, marks, references)
    look = LineLook(
        percent=_unit_is_percent(indicator),
        levels=bool(indicator.levels),
        connected=any(_is_connected(stretch) for stretch in line.stretches),
        interval=bool(data["low"].notna().any()),
        median=not compact and any(stretch.reading.run for stretch in line.stretches),
        limits=not compact and any(stretch.reading.individuals for stretch in line.stretches),
    )
    return Figure(
        spec=_line_spec(i18n.language(), theme, compact, look),
        data=data,
        table=_line_table(line, marks),
        alt=_line_alt(line),
        how=_line_how(line, said),
        notes=() if compact else (*said, _legend(line, marks)),
    )


@dataclass(frozen=True)
class LineLook:
    """Which parts a goal's chart has."""

    percent: bool = False
    levels: bool = False
    connected: bool = True
    interval: bool = False
    median: bool = False
    limits: bool = False
    counts: bool = False


# What is marked on the time axis: its shape at the top, the same sign in words, and how its line is drawn.
MARKS: dict[str, tuple[str, str, list[int], str]] = {
    "action": ("triangle-right", "\N{BLACK RIGHT-POINTING TRIANGLE}", [1, 0], N_("Action starts: {title}")),
    "stop": ("square", "\N{BLACK SQUARE}", [3, 3], N_("Action stops: {title}")),
    "freeze": ("diamond", "\N{BLACK DIAMOND}", [8, 3, 2, 3], N_("Start period ends: {title}")),
    "rebase": ("cross", "\N{HEAVY GREEK CROSS}", [1, 3], N_("Counting starts again: {title}")),
}
LEGEND = {
    "action": N_("action starts"),
    "stop": N_("action stops"),
    "freeze": N_("end of the start period"),
    "rebase": N_("counting starts again"),
}


def _marks(line: LineReading, actions: Sequence[Action]) -> list[tuple[str, date, str]]:
    """What is marked: kind, day and words, in time. An action that is only planned has not started."""
    begun = [action for action in actions if action.state is not ActionState.PLANNED]
    found = [("action", one.start_on, one.title) for one in begun if one.start_on]
    found += [("stop", one.stopped_on, one.title) for one in begun if one.stopped_on]
    kinds = {BaselineKind.FREEZE: "freeze", BaselineKind.REBASE: "rebase"}
    found += [(kinds[one.kind], one.applies_on, one.reason) for one in line.baselines]
    return [
        (kind, day, _(MARKS[kind][3]).format(title=title)) for kind, day, title in sorted(found, key=_day_of)
    ]


def _day_of(mark: tuple[str, date, str]) -> date:
    return mark[1]


def _legend(line: LineReading, marks: Sequence[tuple[str, date, str]]) -> str:
    there = {kind for kind, _day, _words in marks}
    said = [f"{MARKS[kind][1]} {_(LEGEND[kind])}" for kind in MARKS if kind in there]
    if len(_together(line, marks)) < len(marks):
        said.append(_("signs that lie close together are one sign"))
    return " \N{MIDDLE DOT} ".join(said)


def _is_connected(stretch: Stretch) -> bool:
    return stretch.reading.choice.kind is not ChartKind.VALUES


def _line_data(
    line: LineReading,
    marks: Sequence[tuple[str, date, str]],
    references: Sequence[tuple[str, float]],
) -> pd.DataFrame:
    indicator = line.indicator
    rows = [row for place, one in enumerate(line.stretches) for row in _stretch_rows(line, one, place)]
    if indicator.baseline is not None and indicator.baseline_on is not None:
        words = _("Baseline: {value}").format(value=value_text(indicator, indicator.baseline))
        rows.append(data_row("baseline", indicator.baseline_on, indicator.baseline, words))
    if indicator.target is not None:
        words = _("Target: {value}").format(value=value_text(indicator, indicator.target))
        rows.append(data_row("target", indicator.due_on, indicator.target, words))
    rows += [
        data_row("reference", None, value, f"{reference_name(name)}: {i18n.number(value)}")
        for name, value in references
    ]
    rows += [data_row(kind, day, None, " · ".join(words)) for kind, day, words in _together(line, marks)]
    frame = pd.DataFrame(rows, columns=LINE_COLUMNS)
    return frame.astype({"value": float, "low": float, "high": float})


# Of the width of a picture: signs of one kind that lie nearer than this would hide each other.
N_SIGNS = 40


def _together(line: LineReading, marks: Sequence[tuple[str, date, str]]) -> list[tuple[str, date, list[str]]]:
    """The marks as they are drawn: those of one kind that lie on top of each other are one sign with several words."""
    days = [*(point.on for point in line.points), *(day for _kind, day, _words in marks)]
    near = (max(days) - min(days)) / N_SIGNS if days else timedelta()
    drawn: list[tuple[str, date, list[str]]] = []
    for kind, day, words in marks:
        said = f"{i18n.short_day(day)}: {words}"
        beside = next((one for one in reversed(drawn) if one[0] == kind), None)
        if beside and day - beside[1] < near:
            beside[2].append(said)
        else:
            drawn.append((kind, day, [said]))
    return drawn


LINE_COLUMNS = ["kind", "on", "until", "value", "low", "high", "words", "label", "piece"]


def _stretch_rows(line: LineReading, stretch: Stretch, place: int) -> list[dict[str, Any]]:
    """A part's values, its median and limits, and a ring around what lies outside them."""
    indicator, reading = line.indicator, stretch.reading
    connected, judged = _is_connected(stretch), reading.run is not None
    rows: list[dict[str, Any]] = []
    piece = 0
    for idx, point in enumerate(stretch.rows, start=1):
        # A missed moment, or a value that is not shown, breaks the line.
        piece += point is None or point.value is None or not connected
        if point is None or point.value is None:
            continue
        outside = idx in reading.sigma_signal_idx
        remark = _("outside the limits") if outside else ""
        words = " · ".join(filter(None, [_point_words(indicator, point), remark]))
        low, high = (None, None) if judged else (point.low, point.high)
        rows.append(data_row("value", point.on, point.value, words, low, high, piece=f"{place}.{piece}"))
        if outside:
            rows.append(data_row("outside", point.on, point.value, words))
    return [*level_rows(line, stretch), *rows]


def level_rows(line: LineReading, stretch: Stretch) -> list[dict[str, Any]]:
    points = stretch.points
    return [
        {
            **data_row(kind, points[0].on, shown, f"{label}: {_limit_text(line.indicator, value)}"),
            "until": points[-1].on.isoformat(),
            # Only the part that is judged says what its lines are; more words would run into each other.
            "label": label if stretch is line.last else "",
        }
        for kind, label, value, shown in _levels_of(line.indicator, stretch)
    ]


def _levels_of(indicator: Indicator, stretch: Stretch) -> list[tuple[str, str, float, float]]:
    """Median and limits that a part has: kind, name, value, and the value as it is drawn."""
    reading = stretch.reading
    median = reading.run.parts[-1].cl if reading.run else None
    found = [("median", _("median"), median)]
    if reading.individuals:
        part = reading.individuals.parts[-1]
        firm = reading.choice.kind is ChartKind.LIMITS_FIRM
        kind = "limit" if firm else "provisional"
        names = (
            (_("lower limit"), _("upper limit"))
            if firm
            else (_("provisional lower limit"), _("provisional upper limit"))
        )
        found += [(kind, names[0], part.lcl), (kind, names[1], part.ucl)]
    return [
        (kind, name, value, _on_scale(indicator, value)) for kind, name, value in found if value is not None
    ]


def _on_scale(indicator: Indicator, value: float) -> float:
    """A limit as it is drawn: below 0% or above 100% there is nothing. The rules use the limit itself."""
    return min(max(value, 0.0), 100.0) if _unit_is_percent(indicator) else value


def _limit_text(indicator: Indicator, value: float) -> str:
    if indicator.levels:
        return i18n.number(value, 1).removesuffix(i18n.number(0.0, 1)[1:])
    return value_text(indicator, _on_scale(indicator, value), DECIMAL_N)


# As a figure about fewer than ten: one decimal, which is more than a limit can promise.
DECIMAL_N = 9


@cache
def _line_spec(language: str, theme: str, compact: bool, look: LineLook) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in LINE_COLUMNS}))
    x, y, tip = _line_axes(compact, look)

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(alt.datum.kind == kind)

    layers: list[Any] = [
        only("target")
        .mark_rule(color=colour["target"], strokeDash=[5, 4], size=1.5)
        .encode(y=y, tooltip=tip),
        only("reference").mark_rule(color=colour["quiet"], strokeDash=[2, 3]).encode(y=y, tooltip=tip),
        *_mark_layers(only, x, tip, colour, compact),
        *(level_layers(only, x, y, tip, colour, look) if look.median else ()),
        only("baseline")
        .mark_point(color=colour["line"], shape="diamond", size=60, filled=False)
        .encode(x=x, y=y, tooltip=tip),
    ]
    values = only("value")
    if look.interval:
        layers.append(
            values.mark_rule(color=colour["line"], opacity=0.45, size=3).encode(
                x=x, y=_side("low:Q", compact, look), y2="high:Q"
            )
        )
    if look.connected:
        layers.append(values.mark_line(color=colour["line"], size=2).encode(x=x, y=y, detail="piece:N"))
    layers.append(values.mark_circle(color=colour["line"], size=70, opacity=1).encode(x=x, y=y, tooltip=tip))
    if look.limits:
        layers.append(
            only("outside")
            .mark_point(color=colour["late"], size=260, filled=False, strokeWidth=2)
            .encode(x=x, y=y, tooltip=tip)
        )
    chart = alt.layer(*layers).properties(height=66 if compact else 280)
    return finished(chart, language, theme)


def _line_axes(compact: bool, look: LineLook) -> tuple[alt.X, alt.Y, alt.Tooltip]:
    axis = None
    if not compact:
        axis = alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6, labelExpr=DAY_LABEL)
    return alt.X("on:T", axis=axis), _side("value:Q", compact, look), alt.Tooltip("words:N", title=" ")


def _side(field: str, compact: bool, look: LineLook) -> alt.Y:
    axis: alt.Axis | None = alt.Axis(title=None, tickCount=5, format=",.0f" if look.percent else "~r")
    if look.levels:
        # Between two levels there is none: a mark at two and a half would be called three.
        whole = "datum.value == round(datum.value) ? datum.label : ''"
        axis = alt.Axis(title=None, tickCount=5, format="d", tickMinStep=1, labelExpr=whole)
    return alt.Y(field, axis=None if compact else axis, scale=alt.Scale(zero=False, nice=True, padding=8))


def _mark_layers(only: Any, x: alt.X, tip: alt.Tooltip, colour: dict[str, str], compact: bool) -> list[Any]:
    """Upright lines that differ in their dashes, each with its own shape at the top to point at."""
    layers: list[Any] = []
    for kind, (shape, _sign, dash, _text) in MARKS.items():
        ink = colour["action"] if kind in ("action", "stop") else colour["text"]
        layers.append(only(kind).mark_rule(color=ink, size=1.5, strokeDash=dash).encode(x=x, tooltip=tip))
        if not compact:
            layers.append(
                only(kind)
                .mark_point(color=ink, shape=shape, size=90, filled=True, opacity=1)
                .encode(x=x, y=alt.value(2), tooltip=tip)
            )
    return layers


def level_layers(
    only: Any, x: alt.X, y: alt.Y, tip: alt.Tooltip, colour: dict[str, str], look: LineLook
) -> list[Any]:
    """The median, and the limits: dashed long when firm, dotted while they are provisional."""
    kinds = {"median": [1, 0], "limit": [10, 3], "provisional": [2, 4]} if look.limits else {"median": [1, 0]}
    layers: list[Any] = []
    for kind, dash in kinds.items():
        layers.append(
            only(kind)
            .mark_rule(color=colour["quiet"], size=1.2, strokeDash=dash)
            .encode(x=x, x2="until:T", y=y, tooltip=tip)
        )
        name = only(kind).encode(x=x, y=y, text="label:N")
        place = {"align": "left", "dx": 10, "dy": -7, "fontSize": 11}
        # A rim in the colour of the paper keeps the name readable where the line runs through it.
        layers.append(name.mark_text(color=colour["paper"], stroke=colour["paper"], strokeWidth=4, **place))
        layers.append(name.mark_text(color=colour["quiet"], **place))
    return layers


def _unit_is_percent(indicator: Indicator) -> bool:
    return indicator.unit.strip() in ("%", "procent", "percent")


def value_text(
    indicator: Indicator, value: float | None, n: int | None = None, *, short: bool = False
) -> str:
    """A value with its unit, or its level: 57,5%, 'most lessons', or in `short` 'level 2 of 4'."""
    if value is None:
        return "–"
    if indicator.levels and 1 <= round(value) <= len(indicator.levels):
        of = _("level {n} of {all}").format(n=round(value), all=len(indicator.levels))
        return of if short else indicator.levels[round(value) - 1]
    decimals = disclosure.decimals_for(n) if n is not None else None
    number = i18n.number(value, min(decimals, 1) if decimals else None)
    unit = indicator.unit.strip()
    return f"{number}{unit}" if unit == "%" else f"{number} {unit}".strip()


def _point_words(indicator: Indicator, point: Point) -> str:
    n = f" (n = {point.n})" if point.n else ""
    value = value_text(indicator, point.value, point.n)
    return " · ".join(filter(None, [f"{_when(indicator, point)}: {value}{n}", _note(indicator, point)]))


def _when(indicator: Indicator, point: Point) -> str:
    return (point.label if indicator.series else "") or i18n.short_day(point.on)


def _note(indicator: Indicator, point: Point) -> str:
    # The label of a typed value is what somebody noted beside it.
    return "" if indicator.series else point.label


def _line_table(line: LineReading, marks: Sequence[tuple[str, date, str]]) -> pd.DataFrame:
    """Every value and every mark in time, so that nothing stands in the picture alone."""
    rows = [
        (point.on, _when(line.indicator, point), *_value_cells(line.indicator, point), remark)
        for point, remark in _with_remarks(line)
    ]
    rows += [(day, i18n.short_day(day), "", "", "", words) for _kind, day, words in marks]
    rows.sort(key=lambda row: row[0])
    columns = [_("When"), _("Value"), _("Interval (95%)"), "n", _("Note")]
    table = pd.DataFrame([row[1:] for row in rows], columns=columns)
    # Typed values have no interval: nobody told how they were counted.
    has_intervals = any(point.low is not None for point in line.points)
    return table if has_intervals else table.drop(columns=_("Interval (95%)"))


def _value_cells(indicator: Indicator, point: Point) -> tuple[str, str, str]:
    hidden = point.value is None
    value = reason_text(point.reason) if hidden else value_text(indicator, point.value, point.n)
    return value, interval_text(point.low, point.high), str(point.n) if point.n else "–"


def _with_remarks(line: LineReading) -> list[tuple[Point, str]]:
    return [
        (row, _remark(line.indicator, row, idx in stretch.reading.sigma_signal_idx))
        for stretch in line.stretches
        for idx, row in enumerate(stretch.rows, start=1)
        if row is not None
    ]


def _remark(indicator: Indicator, point: Point, outside: bool) -> str:
    return " · ".join(filter(None, [_("outside the limits") if outside else "", _note(indicator, point)]))


def _line_alt(line: LineReading) -> str:
    indicator = line.indicator
    shown = [point for point in line.points if point.value is not None]
    if not shown:
        return _("{title}: no values yet.").format(title=indicator.title)
    said = _("{title}: {n} values, the last {value}, target {target}.").format(
        title=indicator.title,
        n=len(shown),
        value=value_text(indicator, shown[-1].value, shown[-1].n),
        target=value_text(indicator, indicator.target),
    )
    return f"{said} {readings.sentences(line)[0]}"


def _line_how(line: LineReading, said: Sequence[str]) -> tuple[tuple[str, str], ...]:
    reading = line.last.reading
    n = sum(point.value is not None for point in line.points)
    source = _("Imported results.") if line.indicator.series else _("Values typed in by the school.")
    intervals = any(point.low is not None for point in line.points)
    rows = [
        (_("What it says:"), " ".join(said[:-1])),
        (_("Why this chart:"), said[-1]),
        (_("Method:"), method(reading)),
        (_("Data:"), f"{source} " + ngettext("{n} value.", "{n} values.", n).format(n=n)),
        (_("Median and limits:"), levels_text(line)),
        (_("Chance of a false alarm:"), readings.false_alarms(reading)),
        (_("Interval:"), _(INTERVALS) if intervals else ""),
        (_("Source:"), _(SOURCES) if reading.run else ""),
        (
            _("Limits of this chart:"),
            _("That two things happen at the same time does not prove that one causes the other."),
        ),
    ]
    return tuple(row for row in rows if row[1])


INTERVALS = N_(
    "95%: Wilson for a share of pupils, Student's t for a mean; another group would differ by so much."
)
SOURCES = N_(
    "Anhøj and Olesen (2014) for runs and crossings; Montgomery for the limits, with unusually large steps left "
    "out once. Checked against R qicharts2."
)


def method(reading: ChartReading) -> str:
    """How the judged part was drawn and judged."""
    said = [_("Each point is one measurement; a missed moment leaves a gap. The dashed line is the target.")]
    if reading.run:
        run = reading.run.parts[-1]
        said.append(
            _(
                "A shift is a run of more than {longest} values on one side of the median, or fewer than {crossings} "
                "crossings of it. Here: {run} and {n_crossings}, over {n} values that do not lie on the median."
            ).format(
                longest=run.longest_run_max,
                crossings=run.n_crossings_min,
                run=run.longest_run,
                n_crossings=run.n_crossings,
                n=run.n_useful,
            )
            if run.n_useful
            else _("All values lie on the median, so there is no run to judge.")
        )
    if reading.individuals:
        said.append(
            _(
                "Limits: the mean ± 3 sigma; sigma is the usual step between two values in a row, divided by 1.128. "
                "No other rules are used."
            )
        )
    return " ".join(said)


def levels_text(line: LineReading) -> str:
    """Median, mean and limits of the judged part in figures."""
    last = line.last
    said = [
        f"{name} {_limit_text(line.indicator, value)}"
        for _kind, name, value, _shown in _levels_of(line.indicator, last)
    ]
    part = last.reading.individuals.parts[-1] if last.reading.individuals else None
    if part and part.cl is not None:
        said.append(_("mean {value}").format(value=_limit_text(line.indicator, part.cl)))
    text = f"{', '.join(said)}." if said else ""
    cut = [level for level in _levels_of(line.indicator, last) if level[2] != level[3]]
    return (
        " ".join([text, _("The picture stops at 0% and 100%; the rules use the limits as calculated.")])
        if cut
        else text
    )
