"""Results in, figures out: an Altair specification without data, the data, a table, and how it was calculated.

A specification depends on language, theme and size only, so each is built once; the data goes beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n, readings
from qualitycycle.analysis import disclosure, spc
from qualitycycle.analysis.spc import ChartKind, ChartReading
from qualitycycle.cycle.baselines import LineReading, Stretch
from qualitycycle.cycle.results import RoundPoint
from qualitycycle.cycle.rounds import GroupResult, RoundResult
from qualitycycle.cycle.series import Measure, Point, Selection, Series
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Action, ActionState, BaselineKind, Indicator, Instrument

# Colours per theme: the line, the target, action marks, text, grid, and what stays quiet.
COLOURS = {
    "light": {
        "line": "#1f5f5b", "target": "#b0631b", "action": "#4a6ca3", "text": "#1e2a2a", "quiet": "#545c5a",
        "grid": "#e3ded2", "soft": "#cfe0dc", "late": "#9a3b12", "paper": "#ffffff", "box": "#efece4",
    },
    "dark": {
        "line": "#7cc4bd", "target": "#e0a05c", "action": "#9db6e0", "text": "#eef1ef", "quiet": "#b8c0bd",
        "grid": "#3a4442", "soft": "#23403d", "late": "#f0a07c", "paper": "#1b2121", "box": "#2a302f",
    },
}  # fmt: skip
NUMBER_LOCALES = {
    "nl": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€ ", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["€", ""]},
}
# When in the year a test was taken, by the letter that test makers use.
MOMENTS = {
    "B": N_("start of the year (B)"),
    "M": N_("halfway the year (M)"),
    "E": N_("end of the year (E)"),
    "DT": N_("transition test (DT)"),
}
# Fewer values than this are shown as values.
N_FOR_A_LINE = spc.N_FOR_A_LINE
BOX = 40
COLUMN = 250
BOX_WIDTH = 214


@dataclass(frozen=True)
class Figure:
    """A chart, the table behind it, how its numbers came about (label, sentence), and what stands under it."""

    spec: dict[str, Any]
    data: pd.DataFrame
    table: pd.DataFrame
    alt: str
    how: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    clickable: bool = False


@dataclass(frozen=True)
class TreeNode:
    """One box of the thread's picture; `parent` None stands at the left."""

    id: str
    column: int
    title: str
    parent: str | None
    gap: bool = False
    quiet: bool = False


# --- a goal's line ---------------------------------------------------------------------------------------


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
        notes=() if compact else (*said, _legend(marks)),
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


def _legend(marks: Sequence[tuple[str, date, str]]) -> str:
    there = {kind for kind, _day, _words in marks}
    return " \N{MIDDLE DOT} ".join(f"{MARKS[kind][1]} {_(LEGEND[kind])}" for kind in MARKS if kind in there)


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
        rows.append(_row("baseline", indicator.baseline_on, indicator.baseline, words))
    if indicator.target is not None:
        words = _("Target: {value}").format(value=value_text(indicator, indicator.target))
        rows.append(_row("target", indicator.due_on, indicator.target, words))
    rows += [
        _row("reference", None, value, f"{reference_name(name)}: {i18n.number(value)}")
        for name, value in references
    ]
    rows += [_row(kind, day, None, f"{i18n.short_day(day)}: {words}") for kind, day, words in marks]
    frame = pd.DataFrame(rows, columns=LINE_COLUMNS)
    return frame.astype({"value": float, "low": float, "high": float})


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
        rows.append(_row("value", point.on, point.value, words, low, high, piece=f"{place}.{piece}"))
        if outside:
            rows.append(_row("outside", point.on, point.value, words))
    return [*_level_rows(line, stretch), *rows]


def _level_rows(line: LineReading, stretch: Stretch) -> list[dict[str, Any]]:
    points = stretch.points
    return [
        {
            **_row(kind, points[0].on, shown, f"{label}: {_limit_text(line.indicator, value)}"),
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


def _row(
    kind: str,
    on: date | None,
    value: float | None,
    words: str,
    low: float | None = None,
    high: float | None = None,
    *,
    piece: str = "",
) -> dict[str, Any]:
    return {
        "kind": kind,
        "on": on.isoformat() if on else None,
        "until": None,
        "value": value,
        "low": low,
        "high": high,
        "words": words,
        "label": "",
        "piece": piece,
    }


# Vega writes "sep 06" by itself; here the day comes before the month, and the first of January is its year.
DAY_LABEL = (
    "date(datum.value) != 1 ? timeFormat(datum.value, '%-d %b')"
    " : month(datum.value) ? timeFormat(datum.value, '%b') : timeFormat(datum.value, '%Y')"
)


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
        *(_level_layers(only, x, y, tip, colour, look) if look.median else ()),
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
    return _finished(chart, language, theme)


def _line_axes(compact: bool, look: LineLook) -> tuple[alt.X, alt.Y, alt.Tooltip]:
    axis = None
    if not compact:
        axis = alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6, labelExpr=DAY_LABEL)
    return alt.X("on:T", axis=axis), _side("value:Q", compact, look), alt.Tooltip("words:N", title=" ")


def _side(field: str, compact: bool, look: LineLook) -> alt.Y:
    axis: alt.Axis | None = alt.Axis(title=None, tickCount=5, format=",.0f" if look.percent else "~r")
    if look.levels:
        axis = alt.Axis(title=None, tickCount=5, format="d", tickMinStep=1)
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


def _level_layers(
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


def reference_name(name: str) -> str:
    """The screen's name of a line that others publish."""
    names = {
        "threshold": _("Inspectorate's threshold"),
        "national": _("National mean"),
        "similar": _("Similar schools"),
    }
    return names.get(name, name)


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
    columns = [_("When"), _("Value"), _("Interval (95%)"), "n", _("Remark")]
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


def interval_text(low: float | None, high: float | None, decimals: int = 1) -> str:
    if low is None or high is None:
        return "–"
    return _("{low} to {high}").format(low=i18n.number(low, decimals), high=i18n.number(high, decimals))


def reason_text(reason: str | None) -> str:
    """Why there is no figure; hidden and empty read the same."""
    texts = {
        "masked": _("not published"),
        "lt5": _("fewer than 5, not published"),
        "empty": _("not filled in"),
        "not_taken": _("not taken"),
    }
    return texts.get(reason or "", _("too few to show"))


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
        (_("Method:"), _method(reading)),
        (_("Data:"), f"{source} " + ngettext("{n} value.", "{n} values.", n).format(n=n)),
        (_("Median and limits:"), _levels_text(line)),
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


def _method(reading: ChartReading) -> str:
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


def _levels_text(line: LineReading) -> str:
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


# --- a questionnaire's result ----------------------------------------------------------------------------


def scale_results(
    result: RoundResult, group: GroupResult, instrument: Instrument, *, theme: str, compact: bool = False
) -> Figure:
    """Per scale the mean and its interval, on the whole range of the answers."""
    titles = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    rows = [
        {
            "scale": titles[scale.key],
            "mean": scale.mean,
            "low": scale.low,
            "high": scale.high,
            "words": f"{titles[scale.key]}: {i18n.number(scale.mean, 1)} (n = {scale.n})",
        }
        for scale in group.scales
        if scale.mean is not None
    ]
    data = pd.DataFrame(rows, columns=["scale", "mean", "low", "high", "words"])
    spec = _scale_spec(i18n.language(), theme, compact, instrument.minimum, instrument.maximum)
    return Figure(
        spec=spec,
        data=data,
        table=scale_table(group, instrument),
        alt="; ".join(str(row["words"]) for row in rows),
        how=scale_how(result, instrument),
    )


@cache
def _scale_spec(language: str, theme: str, compact: bool, minimum: int, maximum: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({"scale": [], "mean": [], "low": [], "high": [], "words": []}))
    axis = alt.Axis(title=None, values=list(range(minimum, maximum + 1)), format="d", grid=True, domain=False)
    scale = alt.Scale(domain=[minimum, maximum], clamp=True)
    y = alt.Y(
        "scale:N",
        sort=None,
        axis=alt.Axis(
            title=None, labelLimit=150 if compact else 260, ticks=False, domain=False, labelPadding=8
        ),
    )
    interval = base.mark_rule(color=colour["line"], opacity=0.45, size=5).encode(
        x=alt.X("low:Q", axis=axis, scale=scale), x2="high:Q", y=y
    )
    dots = base.mark_circle(color=colour["line"], size=90 if compact else 130, opacity=1).encode(
        x=alt.X("mean:Q", axis=axis, scale=scale), y=y, tooltip=alt.Tooltip("words:N", title=" ")
    )
    chart = alt.layer(interval, dots).properties(height=alt.Step(18 if compact else 34))
    return _finished(chart, language, theme)


def scale_table(group: GroupResult, instrument: Instrument) -> pd.DataFrame:
    """The figures of one group as words, ready for the screen."""
    titles = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    columns = [_("Scale"), _("Mean"), _("Interval (95%)"), _("Spread"), "n"]
    rows = []
    for scale in group.scales:
        decimals = disclosure.decimals_for(scale.n) if scale.n else 1
        hidden = scale.mean is None
        rows.append(
            (
                titles[scale.key],
                _("too few to show") if hidden else i18n.number(scale.mean, decimals),
                interval_text(scale.low, scale.high, decimals),
                i18n.number(scale.ad, decimals),
                "–" if hidden else str(scale.n),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def scale_how(result: RoundResult, instrument: Instrument) -> tuple[tuple[str, str], ...]:
    """How a scale's figures came about, in sentences."""
    return (
        (
            _("Method:"),
            _(
                "Reversed statements are turned; a person's score is the mean of the statements she answered, "
                "when she answered at least {share} of the scale. Shown: the mean of these scores with its 95% "
                "interval (Student's t). Spread: how far answers lie from the team's mean on average, in scale points."
            ).format(share=instrument.min_answered),
        ),
        (
            _("Data:"),
            _("{n} of {invited} people answered; questionnaire version {version}.").format(
                n=result.n_answered, invited=result.n_invited, version=instrument.version
            ),
        ),
        (
            _("Hidden:"),
            _(
                "Groups with fewer than {floor} answers, and groups from which such a group could be worked out."
            ).format(floor=result.floor),
        ),
        (_("Limits:"), instrument.source[i18n.language()]),
    )


# --- a scale over rounds ---------------------------------------------------------------------------------


def scale_over_rounds(
    points: Sequence[RoundPoint], instrument: Instrument, title: str, *, theme: str
) -> Figure:
    """One scale over the rounds of its questionnaire: means with intervals, a break at every new version."""
    shown = [point for point in points if point.scale is not None]
    data = pd.DataFrame(
        [*_round_rows(points), *_break_rows(points)],
        columns=["kind", "on", "value", "low", "high", "words", "part", "joined"],
    ).astype({"value": float, "low": float, "high": float})
    return Figure(
        spec=_rounds_spec(i18n.language(), theme, instrument.minimum, instrument.maximum),
        data=data,
        table=_rounds_table(points),
        alt=ngettext("{title}: {n} round.", "{title}: {n} rounds.", len(points)).format(
            title=title, n=len(points)
        )
        + " "
        + _round_words(shown),
        how=_rounds_how(points, instrument),
    )


def _round_rows(points: Sequence[RoundPoint]) -> list[dict[str, Any]]:
    enough = sum(point.scale is not None for point in points) >= N_FOR_A_LINE
    rows: list[dict[str, Any]] = []
    part, version = 0, None
    for point in points:
        # A line never runs across a hidden round or a changed questionnaire.
        if point.scale is None or point.version != version:
            part += 1
        version = point.version
        if point.scale is None:
            words = _("{title}: too few to show").format(title=point.title)
            rows.append(_row("hidden", point.on, None, words))
        else:
            scale = point.scale
            words = _round_words([point])
            rows.append(_row("value", point.on, scale.mean, words, scale.low, scale.high))
        rows[-1] |= {"part": str(part), "joined": enough}
    return rows


def _break_rows(points: Sequence[RoundPoint]) -> list[dict[str, Any]]:
    return [
        _row("break", before.on + (after.on - before.on) / 2, None, _("new version"))
        for before, after in pairwise(points)
        if before.version != after.version
    ]


def _round_words(points: Sequence[RoundPoint]) -> str:
    return "; ".join(
        f"{point.title}: {i18n.number(point.scale.mean, 1)} (n = {point.scale.n})"
        for point in points
        if point.scale is not None
    )


@cache
def _rounds_spec(language: str, theme: str, minimum: int, maximum: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    height = 240
    names = ("kind", "on", "value", "low", "high", "words", "part", "joined")
    base = alt.Chart(pd.DataFrame({name: [] for name in names}))
    x = alt.X(
        "on:T",
        axis=alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6, format="%b %Y"),
        scale=alt.Scale(padding=36),
    )
    axis = alt.Axis(title=None, values=list(range(minimum, maximum + 1)), format="d")
    scale = alt.Scale(domain=[minimum, maximum], clamp=True, nice=False, zero=False)
    y = alt.Y("value:Q", axis=axis, scale=scale)
    low = alt.Y("low:Q", axis=axis, scale=scale)
    tip = alt.Tooltip("words:N", title=" ")

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(alt.datum.kind == kind)

    value = only("value")
    quiet: Any = {"color": colour["quiet"], "fontSize": 12}
    layers: list[Any] = [
        only("break").mark_rule(color=colour["quiet"], strokeDash=[4, 4]).encode(x=x),
        only("break")
        .mark_text(align="left", dx=5, baseline="top", **quiet)
        .encode(x=x, y=alt.value(2), text="words:N"),
        value.mark_rule(color=colour["line"], opacity=0.45, size=4).encode(x=x, y=low, y2="high:Q"),
        value.transform_filter(alt.datum.joined)
        .mark_line(color=colour["line"], size=2)
        .encode(x=x, y=y, detail="part:N"),
        value.mark_circle(color=colour["line"], size=110, opacity=1).encode(x=x, y=y, tooltip=tip),
        only("hidden")
        .mark_text(baseline="bottom", text="○", **quiet)
        .encode(x=x, y=alt.value(height - 4), tooltip=tip),
    ]
    return _finished(alt.layer(*layers).properties(height=height), language, theme)


def _rounds_table(points: Sequence[RoundPoint]) -> pd.DataFrame:
    columns = [_("Round"), _("Closed on"), _("Mean"), _("Interval (95%)"), "n", _("Version")]
    rows = []
    for point in points:
        scale = point.scale
        decimals = disclosure.decimals_for(scale.n) if scale and scale.n else 1
        rows.append(
            (
                point.title,
                i18n.short_day(point.on),
                i18n.number(scale.mean, decimals) if scale else _("too few to show"),
                interval_text(scale.low, scale.high, decimals) if scale else "–",
                str(scale.n) if scale else "–",
                str(point.version),
            )
        )
    return pd.DataFrame(rows, columns=columns)


def _rounds_how(points: Sequence[RoundPoint], instrument: Instrument) -> tuple[tuple[str, str], ...]:
    rows = [
        (
            _("Method:"),
            _(
                "Each dot is the mean of people's scores in one round, with its 95% interval (Student's t). "
                "An open circle is a round with too few answers to show."
            ),
        ),
        (
            _("Data:"),
            ngettext(
                "{n} closed round. Its figures were fixed when it closed.",
                "{n} closed rounds. The figures of a round are fixed when it closes.",
                len(points),
            ).format(n=len(points)),
        ),
        (
            _("Limits:"),
            _(
                "Nobody knows whether the same people answered. Where two intervals overlap a good deal, "
                "you cannot tell a change from chance."
            )
            + " "
            + instrument.source[i18n.language()],
        ),
    ]
    if len({point.version for point in points}) > 1:
        text = _("The questionnaire changed at the dashed line. Values on both sides cannot be compared.")
        rows.insert(2, (_("Break:"), text))
    return tuple(rows)


# --- a line of outcomes ----------------------------------------------------------------------------------


def outcome_line(
    found: Series, title: str, *, theme: str, target: float | None = None, actions: Sequence[Action] = ()
) -> Figure:
    """One line of outcomes, one part per moment of the year; target and published references named apart."""
    percent = is_percent(found.selection)
    rows = [*_outcome_rows(found), *_side_rows(found, target), *_action_rows(actions)]
    columns = ["kind", "on", "value", "low", "high", "words", "part", "joined", "moment"]
    data = pd.DataFrame(rows, columns=columns).astype({"value": float, "low": float, "high": float})
    return Figure(
        spec=_outcome_spec(i18n.language(), theme, percent),
        data=data,
        table=_outcome_table(found),
        alt=_outcome_alt(found, title, target),
        how=_outcome_how(found),
    )


def is_percent(selection: Selection) -> bool:
    """Whether the values of a line are percentages."""
    return selection.measure is Measure.SHARE or selection.score_kind == "percentage"


def outcome_text(selection: Selection, value: float | None) -> str:
    """A value of a line of outcomes: 45% or 352,7."""
    if value is None:
        return "–"
    decimals = {Measure.SHARE: 0, Measure.MEAN: 1, Measure.GIVEN: None}[selection.measure]
    return i18n.number(value, decimals) + ("%" if is_percent(selection) else "")


def moment_of(point: Point) -> str:
    """The letter of the moment in the year, empty when there is none."""
    return point.label.partition(" ")[2]


def point_label(point: Point) -> str:
    """2025-2026, halfway the year (M)."""
    year, _space, moment = point.label.partition(" ")
    return f"{year}, {_(MOMENTS[moment])}" if moment in MOMENTS else point.label or i18n.short_day(point.on)


def _outcome_rows(found: Series) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    moments = sorted({moment_of(point) for point in found.points})
    for moment in moments:
        own = [point for point in found.points if moment_of(point) == moment]
        enough = sum(point.value is not None for point in own) >= N_FOR_A_LINE
        part = 0
        for point in own:
            if point.value is None:
                part += 1
                continue
            n = f" (n = {point.n})" if point.n else ""
            words = f"{point_label(point)}: {outcome_text(found.selection, point.value)}{n}"
            row = _row("value", point.on, point.value, words, point.low, point.high)
            rows.append(row | {"part": f"{moment}{part}", "joined": enough, "moment": moment})
        if rows and len(moments) > 1 and rows[-1]["moment"] == moment:
            rows.append({**rows[-1], "kind": "name", "words": moment})
    return rows


def _side_rows(found: Series, target: float | None) -> list[dict[str, Any]]:
    rows = [
        _row("reference", None, value, f"{reference_name(name)}: {outcome_text(found.selection, value)}")
        for name, value in found.references
    ]
    if target is not None:
        words = _("Target: {value}").format(value=outcome_text(found.selection, target))
        rows.append(_row("target", None, target, words))
    return rows


def _action_rows(actions: Sequence[Action]) -> list[dict[str, Any]]:
    starts = [
        _row("action", action.start_on, None, _("Start: {title}").format(title=action.title))
        for action in actions
        if action.start_on
    ]
    stops = [
        _row("stop", action.stopped_on, None, _("Stop: {title}").format(title=action.title))
        for action in actions
        if action.stopped_on
    ]
    return [*starts, *stops]


@cache
def _outcome_spec(language: str, theme: str, percent: bool) -> dict[str, Any]:
    colour = COLOURS[theme]
    names = ("kind", "on", "value", "low", "high", "words", "part", "joined", "moment")
    base = alt.Chart(pd.DataFrame({name: [] for name in names}))
    scale = alt.Scale(domain=[0, 100]) if percent else alt.Scale(zero=False, nice=True)
    axis = alt.Axis(title=None, tickCount=5, labelExpr="datum.label + '%'" if percent else "datum.label")
    x = alt.X(
        "on:T",
        axis=alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6),
        scale=alt.Scale(padding=24),
    )
    y = alt.Y("value:Q", axis=axis, scale=scale)
    low = alt.Y("low:Q", axis=axis, scale=scale)
    tip = alt.Tooltip("words:N", title=" ")
    shape = alt.Shape(
        "moment:N",
        legend=None,
        scale=alt.Scale(
            domain=["", "B", "M", "E", "DT"],
            range=["circle", "triangle-up", "circle", "square", "diamond"],
        ),
    )

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(alt.datum.kind == kind)

    def rule(kind: str, shade: str, dash: list[int]) -> Any:
        return only(kind).mark_rule(color=shade, strokeDash=dash, size=1.5).encode(y=y, tooltip=tip)

    def name(kind: str, shade: str, **halo: Any) -> Any:
        marked = only(kind).mark_text(
            align="left", baseline="bottom", dy=-3, color=shade, fontSize=12, **halo
        )
        return marked.encode(x=alt.value(6), y=y, text="words:N")

    value = only("value")
    layers = [
        rule("reference", colour["quiet"], [2, 3]),
        rule("target", colour["target"], [5, 4]),
        # The band behind a name hides grid and rules; the values are drawn over it.
        name("reference", colour["paper"], stroke=colour["paper"], strokeWidth=5),
        name("target", colour["paper"], stroke=colour["paper"], strokeWidth=5),
        name("reference", colour["quiet"]),
        name("target", colour["target"]),
        only("action").mark_rule(color=colour["action"], size=1.5).encode(x=x, tooltip=tip),
        only("stop").mark_rule(color=colour["action"], size=1.5, strokeDash=[3, 3]).encode(x=x, tooltip=tip),
        value.mark_rule(color=colour["line"], opacity=0.45, size=3).encode(x=x, y=low, y2="high:Q"),
        value.transform_filter(alt.datum.joined)
        .mark_line(color=colour["line"], size=2)
        .encode(x=x, y=y, detail="part:N", strokeDash=_moment_dash()),
        value.mark_point(color=colour["line"], filled=True, size=80, opacity=1).encode(
            x=x, y=y, shape=shape, tooltip=tip
        ),
        only("name")
        .mark_text(align="left", dx=9, color=colour["text"], fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text="words:N"),
    ]
    return _finished(alt.layer(*layers).properties(height=300), language, theme)


def _moment_dash() -> alt.StrokeDash:
    """Another moment has another stroke, so that its line is found without colour."""
    return alt.StrokeDash(
        "moment:N",
        legend=None,
        scale=alt.Scale(domain=["", "B", "M", "E", "DT"], range=[[1, 0], [2, 2], [1, 0], [6, 3], [1, 0]]),
    )


def _outcome_table(found: Series) -> pd.DataFrame:
    decimals = 0 if found.selection.measure is Measure.SHARE else 1
    rows = [
        (
            point_label(point),
            reason_text(point.reason) if point.value is None else outcome_text(found.selection, point.value),
            interval_text(point.low, point.high, decimals),
            str(point.n) if point.n else "–",
        )
        for point in found.points
    ]
    return pd.DataFrame(rows, columns=[_("When"), _("Value"), _("Interval (95%)"), "n"])


def _outcome_alt(found: Series, title: str, target: float | None) -> str:
    shown = [point for point in found.points if point.value is not None]
    if not shown:
        return _("{title}: no values yet.").format(title=title)
    return _("{title}: {n} values, the last {value}, target {target}.").format(
        title=title,
        n=len(shown),
        value=outcome_text(found.selection, shown[-1].value),
        target=outcome_text(found.selection, target),
    )


def _outcome_how(found: Series) -> tuple[tuple[str, str], ...]:
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
        (_("Method:"), methods[found.selection.measure]),
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
            _("Moments with fewer than {floor} pupils, and what the publisher left out.").format(
                floor=disclosure.FLOOR
            ),
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


# --- the thread as a picture -----------------------------------------------------------------------------


def thread_tree(nodes: Sequence[TreeNode], *, theme: str, headings: Sequence[str]) -> Figure:
    """From vision to evidence, left to right; a click on a box picks it."""
    placed = _placed(nodes)
    rows: list[dict[str, Any]] = [
        {"kind": "head", "id": "", "x": n * COLUMN, "y": -30, "words": text}
        for n, text in enumerate(headings)
    ]
    for node in nodes:
        x, y = node.column * COLUMN, placed[node.id]
        kind = "gap" if node.gap else "quiet" if node.quiet else "box"
        rows.append(
            {
                "kind": kind,
                "id": node.id,
                "x": x,
                "y": y,
                "x2": x + BOX_WIDTH,
                "y2": y + BOX - 10,
                "words": node.title,
            }
        )
        if node.parent in placed:
            parent = next(other for other in nodes if other.id == node.parent)
            rows.append(
                {
                    "kind": "edge",
                    "id": "",
                    "x": parent.column * COLUMN + BOX_WIDTH,
                    "y": placed[parent.id] + (BOX - 10) / 2,
                    "x2": x,
                    "y2": y + (BOX - 10) / 2,
                    "words": "",
                }
            )
    data = pd.DataFrame(rows, columns=["kind", "id", "x", "y", "x2", "y2", "words"])
    height = int(max([0.0, *placed.values()]) + BOX + 40)
    return Figure(
        spec=_tree_spec(i18n.language(), theme, height, len(headings)),
        data=data,
        table=_tree_table(nodes, headings),
        alt=_("The thread from vision to evidence: {n} parts.").format(n=len(nodes)),
        how=(
            (
                _("What you see:"),
                _("Lines show what hangs on what. An open box is a gap. Click a box to open it."),
            ),
        ),
        clickable=True,
    )


def _placed(nodes: Sequence[TreeNode]) -> dict[str, float]:
    """The height of every box: leaves below each other, a parent at the height of its first child."""
    children: dict[str | None, list[TreeNode]] = {}
    ids = {node.id for node in nodes}
    for node in nodes:
        children.setdefault(node.parent if node.parent in ids else None, []).append(node)
    heights: dict[str, float] = {}
    cursor = 0.0

    def place(node: TreeNode) -> float:
        nonlocal cursor
        below = children.get(node.id, [])
        if not below:
            heights[node.id] = cursor
            cursor += BOX
        else:
            heights[node.id] = min(place(child) for child in below)
        return heights[node.id]

    for root in children.get(None, []):
        place(root)
    return heights


@cache
def _tree_spec(language: str, theme: str, height: int, n_columns: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    columns = ["kind", "id", "x", "y", "x2", "y2", "words"]
    base = alt.Chart(pd.DataFrame({name: [] for name in columns}))
    x_scale = alt.Scale(domain=[-4, n_columns * COLUMN - (COLUMN - BOX_WIDTH) + 4], nice=False, zero=False)
    y_scale = alt.Scale(domain=[height, -40], nice=False, zero=False)
    x = alt.X("x:Q", axis=None, scale=x_scale)
    y = alt.Y("y:Q", axis=None, scale=y_scale)
    boxes = alt.FieldOneOfPredicate(field="kind", oneOf=["box", "gap", "quiet"])
    fill = alt.Color(
        "kind:N",
        legend=None,
        scale=alt.Scale(
            domain=["box", "gap", "quiet"], range=[colour["soft"], colour["paper"], colour["box"]]
        ),
    )
    picked = alt.selection_point(name="picked", fields=["id"], on="click", clear=False)
    rects = (
        base.transform_filter(boxes)
        .mark_rect(cornerRadius=5, stroke=colour["line"], strokeWidth=1, cursor="pointer")
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=fill, tooltip=alt.Tooltip("words:N", title=" "))
        .add_params(picked)
    )
    edges = (
        base.transform_filter(alt.datum.kind == "edge")
        .mark_rule(color=colour["quiet"], opacity=0.7)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    words = (
        base.transform_filter(boxes)
        .mark_text(
            align="left",
            baseline="middle",
            dx=8,
            dy=15,
            limit=BOX_WIDTH - 24,
            color=colour["text"],
            fontSize=12,
        )
        .encode(x=x, y=y, text="words:N")
    )
    heads = (
        base.transform_filter(alt.datum.kind == "head")
        .mark_text(align="left", baseline="middle", color=colour["quiet"], fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text="words:N")
    )
    chart = alt.layer(edges, rects, words, heads).properties(height=height, width=n_columns * COLUMN)
    return _finished(chart, language, theme)


def _tree_table(nodes: Sequence[TreeNode], headings: Sequence[str]) -> pd.DataFrame:
    titles = {node.id: node.title for node in nodes}
    return pd.DataFrame(
        [(headings[node.column], node.title, titles.get(node.parent or "", "–")) for node in nodes],
        columns=[_("Part"), _("Title"), _("Hangs on")],
    )


# --- shared ----------------------------------------------------------------------------------------------


def _finished(chart: Any, language: str, theme: str) -> dict[str, Any]:
    """The specification without its data, with our fonts, colours and the language's numbers."""
    colour = COLOURS[theme]
    axis = alt.AxisConfig(
        labelColor=colour["quiet"],
        gridColor=colour["grid"],
        labelFontSize=12,
        domainColor=colour["grid"],
        tickColor=colour["grid"],
    )
    styled = chart.configure(
        background="transparent",
        font="Source Sans, sans-serif",
        view=alt.ViewConfig(strokeOpacity=0),
        axis=axis,
    )
    spec: dict[str, Any] = styled.to_dict()
    # Without this Streamlit leaves twenty pixels of nothing below every chart.
    spec["padding"] = {"left": 2, "right": 6, "top": 4, "bottom": 2}
    spec.pop("datasets", None)
    _drop_data(spec)
    # The picture has one description and a table; its hundreds of marks are no news to a screen reader.
    spec["config"]["aria"] = False
    spec["config"]["mark"] = {**spec["config"].get("mark", {}), "aria": False}
    spec["config"]["locale"] = {"number": NUMBER_LOCALES[language], "time": _time_locale(language)}
    return spec


def _drop_data(part: Any) -> None:
    if isinstance(part, dict):
        part.pop("data", None)
        for inner in part.get("layer", []):
            _drop_data(inner)


@cache
def _time_locale(language: str) -> dict[str, Any]:
    from babel import Locale

    locale = Locale.parse(i18n.LOCALES[language])
    months, days = locale.months["format"], locale.days["format"]
    order = [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%a %e %B %Y %X",
        "date": "%d-%m-%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": [days["wide"][n] for n in order],
        "shortDays": [days["abbreviated"][n].rstrip(".") for n in order],
        "months": [months["wide"][n] for n in range(1, 13)],
        "shortMonths": [months["abbreviated"][n].rstrip(".") for n in range(1, 13)],
    }
