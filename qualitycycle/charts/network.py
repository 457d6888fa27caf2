"""Schools of a network beside each other: the own one first, the others by name, in one colour, gaps where hidden.

Nothing here ranks: no order by size, no best or worst, no sum over schools from which a hidden figure would follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, Figure, finished
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle import network_figures
from qualitycycle.cycle.network_figures import ALL, CLASSES, LEFT_OUT, NOT_SHARED, Measure
from qualitycycle.cycle.network_file import NetworkFile
from qualitycycle.cycle.network_words import HOURS, KINDS, THEMES
from qualitycycle.i18n import N_, _

# One row per theme; dots grow with the step, so that a glance shows where much is asked.
THEME_ROW, SCHOOLS_ROW = 32, 104
# With more schools the words beside the dots would run into the next one on a phone.
MOST_STEPS = 5
SIZES = dict(zip(CLASSES, (50, 130, 260, 430), strict=True))
THEME_COLUMNS = ["school", "theme", "size", "step", "words"]
# One strip per kind of help: its title, then a row per school, whose names stand at the left.
TITLE, ROW, SPACE, NAMES = 26, 22, 10, 138
STRIP_COLUMNS = ["kind", "x", "y", "x_end", "words", "label"]
TITLES = {
    Measure.LEARNING: N_("Colleagues and teams with a learning question"),
    Measure.HELP: N_("Requests for help"),
    Measure.WAITING: N_("Weeks within which half had help"),
    Measure.TIME: N_("Hours of the internal coach"),
}
ALL_TITLES = {
    Measure.LEARNING: N_("All learning questions"),
    Measure.HELP: N_("All requests"),
    Measure.WAITING: N_("All help together"),
}


def network_key(measure: Measure, key: str) -> str:
    """A theme, a kind of help or a line of hours as a screen says it."""
    if key == ALL:
        return _(ALL_TITLES[measure])
    named = {Measure.WAITING: KINDS, Measure.TIME: HOURS}.get(measure, THEMES)
    return _(named[key])


def step_words(n: str) -> str:
    """The step of a number as it is read: 5–9."""
    low, high = CLASSES[n]
    if high is None:
        return _("{low} or more").format(low=low)
    return f"{low}–{high}"


def network_value(one: network_figures.Figure) -> str:
    """A figure in words; hidden and none read the same."""
    if one.n is None:
        why = {LEFT_OUT: _("left out"), NOT_SHARED: _("not shared")}
        return why.get(one.hidden_because or "", _("too few to show"))
    if one.measure in (Measure.LEARNING, Measure.HELP):
        return step_words(one.n)
    if one.measure is Measure.TIME:
        return _("{n} hours").format(n=i18n.number(one.value))
    if one.value is None:
        return _("more than half still waited (n {step})").format(step=step_words(one.n))
    return _("within {n} weeks (n {step})").format(n=i18n.number(one.value), step=step_words(one.n))


# --- themes ----------------------------------------------------------------------------------------------


def network_themes(files: Sequence[NetworkFile], measure: Measure, *, theme: str) -> Figure:
    """Themes down, schools across: a dot where a school tells of at least five."""
    names = school_names(files)
    told = [
        key for key in network_figures.KEYS[measure] if any(file.figure(measure, key).shown for file in files)
    ]
    rows: list[dict[str, Any]] = [
        {
            "school": name,
            "theme": network_key(measure, key),
            "size": SIZES.get(one.n or ""),
            "step": step_words(one.n) if one.n and len(files) <= MOST_STEPS else "",
            "words": f"{name}, {network_key(measure, key)}: {network_value(one)}",
        }
        for name, file in zip(names, files, strict=True)
        for key in told
        for one in (file.figure(measure, key),)
    ]
    data = pd.DataFrame(rows, columns=THEME_COLUMNS).astype({"size": float})
    return Figure(
        spec=_themes_spec(i18n.language(), theme, SCHOOLS_ROW + THEME_ROW * len(told)),
        data=data,
        table=_table(files, names, measure),
        alt=f"{_(TITLES[measure])}. " + "; ".join(row["words"] for row in rows if row["size"]),
        how=_how(measure),
        notes=(
            _said(files, measure),
            _(
                "● 5–9, and larger for 10–19, 20–39, 40 or more. No dot: too few. Themes of which no school tells are "
                "only in the table."
            ),
        ),
    )


@cache
def _themes_spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in THEME_COLUMNS}))
    x = alt.X(
        "school:N",
        sort=None,
        title=None,
        axis=alt.Axis(orient="top", labelAngle=-35, labelLimit=140, ticks=False, domain=False),
    )
    y = alt.Y(
        "theme:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelLimit=170, grid=True, ticks=False, domain=False),
    )
    size = alt.Size("size:Q", scale=None)
    tip = alt.Tooltip("words:N", title=" ")
    told = base.transform_filter("isValid(datum.size)")
    layers: list[Any] = [
        # Every school and theme keeps its place, whether there is a figure or not.
        base.mark_point(opacity=0).encode(x=x, y=y),
        told.mark_circle(color=colour["line"], opacity=1).encode(x=x, y=y, size=size, tooltip=tip),
        told.mark_text(align="left", dx=13, dy=-9, fontSize=11, color=colour["quiet"]).encode(
            x=x, y=y, text="step:N"
        ),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


# --- strips: weeks and hours -----------------------------------------------------------------------------


@dataclass(frozen=True)
class _Strip:
    """One kind of help or one line of hours: a value per school, None where there is none to show."""

    title: str
    values: tuple[network_figures.Figure, ...]


def network_strips(files: Sequence[NetworkFile], measure: Measure, *, theme: str) -> Figure:
    """Waiting per kind of help, or hours: a strip each, with the schools in the same order in all of them."""
    names = school_names(files)
    all_ = [
        _Strip(network_key(measure, key), tuple(file.figure(measure, key) for file in files))
        for key in network_figures.KEYS[measure]
    ]
    strips = [strip for strip in all_ if any(one.shown for one in strip.values)]
    rows, height = _strip_rows(strips, names)
    data = pd.DataFrame(rows, columns=STRIP_COLUMNS).astype({"x": float, "y": float, "x_end": float})
    told = [row["words"] for row in rows if row["kind"] in ("dot", "waits")]
    return Figure(
        spec=_strips_spec(i18n.language(), theme, height),
        data=data,
        table=_table(files, names, measure),
        alt=f"{_(TITLES[measure])}. " + "; ".join(told),
        how=_how(measure),
        notes=(_said(files, measure), _strip_legend(measure)),
    )


def _labelled(one: network_figures.Figure) -> str:
    """No value without its n."""
    return f"{i18n.number(one.value)}  (n {step_words(one.n or '')})"


def _strip_rows(strips: Sequence[_Strip], names: Sequence[str]) -> tuple[list[dict[str, Any]], int]:
    most = max((one.value or 0 for strip in strips for one in strip.values), default=0)
    # Room at the right for the words beside the longest line.
    rows: list[dict[str, Any]] = [{"kind": "edge", "x": 1.5 * most or 1}]
    top = 4
    for strip in strips:
        rows.append({"kind": "title", "y": top + TITLE / 2, "label": strip.title})
        top += TITLE
        for name, one in zip(names, strip.values, strict=True):
            middle = top + ROW / 2
            words = f"{name}, {strip.title}: {network_value(one)}"
            rows.append({"kind": "name", "y": middle, "label": name})
            told = {"y": middle, "words": words}
            if one.value is not None:
                rows.append({"kind": "line", "x": 0, "x_end": one.value, "y": middle})
                rows.append({**told, "kind": "dot", "x": one.value, "label": _labelled(one)})
            else:
                still = _("more than half still waited")
                kind, label = ("waits", still) if one.shown else ("none", network_value(one))
                rows.append({**told, "kind": kind, "x": 0, "label": label})
            top += ROW
        top += SPACE
    return rows, max(top, 40)


@cache
def _strips_spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in STRIP_COLUMNS}))
    x = alt.X(
        "x:Q",
        title=None,
        axis=alt.Axis(tickCount=6, grid=True, domain=False, ticks=False),
        scale=alt.Scale(zero=True, nice=True, rangeMin=NAMES),
    )
    y = row_place(height)
    tip = alt.Tooltip("words:N", title=" ")

    def only(*kinds: str) -> alt.Chart:
        return base.transform_filter(alt.FieldOneOfPredicate(field="kind", oneOf=list(kinds)))

    layers: list[Any] = [
        only("edge").mark_point(opacity=0).encode(x=x),
        only("line").mark_rule(color=colour["soft"], size=3).encode(x=x, x2="x_end:Q", y=y),
        only("dot").mark_circle(color=colour["line"], size=120, opacity=1).encode(x=x, y=y, tooltip=tip),
        only("dot")
        .mark_text(align="left", dx=10, fontSize=12, color=colour["text"])
        .encode(x=x, y=y, text="label:N"),
        only("waits", "none")
        .mark_text(align="left", dx=4, fontSize=12, fontStyle="italic", color=colour["quiet"])
        .encode(x=x, y=y, text="label:N", tooltip=tip),
        only("title")
        .mark_text(align="left", fontSize=13, fontWeight="bold", color=colour["text"], limit=320)
        .encode(x=alt.value(2), y=y, text="label:N"),
        only("name")
        .mark_text(align="left", fontSize=12, color=colour["quiet"], limit=NAMES - 12)
        .encode(x=alt.value(2), y=y, text="label:N"),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


# --- in words --------------------------------------------------------------------------------------------


def school_names(files: Sequence[NetworkFile]) -> list[str]:
    """The names of the schools as they stand in a picture; one that is there twice gets a number."""
    names: list[str] = []
    for file in files:
        n, name = 1, file.label
        # In the table it stands beside the first column.
        while name in (*names, _("What")):
            n += 1
            name = f"{file.label} ({n})"
        names.append(name)
    return names


def _table(files: Sequence[NetworkFile], names: Sequence[str], measure: Measure) -> pd.DataFrame:
    rows = [
        (network_key(measure, key), *(network_value(file.figure(measure, key)) for file in files))
        for key in network_figures.KEYS[measure]
    ]
    return pd.DataFrame(rows, columns=[_("What"), *names])


def _said(files: Sequence[NetworkFile], measure: Measure) -> str:
    """How many schools tell something; never which has most."""
    n = sum(any(one.measure is measure and one.shown for one in file.figures) for file in files)
    return _("{n} of {all} schools tell something here.").format(n=n, all=len(files))


def _strip_legend(measure: Measure) -> str:
    if measure is Measure.WAITING:
        return _(
            "● half of those who asked had help within so many weeks. Without a dot there is nothing to show."
        )
    return _("● hours, rounded to half an hour, as the internal coach shared them.")


def _how(measure: Measure) -> tuple[tuple[str, str], ...]:
    methods = {
        Measure.LEARNING: _(
            "Each colleague or team who began a learning question in this half-year counts once, on each of its themes."
        ),
        Measure.HELP: _("Requests for help from outside that were asked in this half-year, on their theme."),
        Measure.WAITING: _(
            "Requests asked in this half-year. Who still waited on its last day, or withdrew, counts as long as she "
            "waited (Kaplan and Meier). Rounded up to whole weeks, below ten requests to two."
        ),
        Measure.TIME: _(
            "Minutes of conversations and hours per week as the internal coach shares them of her own log, rounded to "
            "half an hour. n is the number of conversations or weeks."
        ),
    }
    return (
        (_("Method:"), methods[measure]),
        (_("Data:"), _("One file per school about the same half-year, put down when it was over.")),
        (
            _("Hidden:"),
            _(
                "Fewer than {floor}, and whatever such a number would follow from. Hidden and none look the same. A "
                "figure that was given once changes only when at least {floor} cases did."
            ).format(floor=disclosure.FLOOR),
        ),
        (
            _("Limits:"),
            _(
                "Schools differ in size, in pupils, and in what they put down. This order is no ranking, and a larger "
                "dot says nothing about how well a school does."
            ),
        ),
    )
