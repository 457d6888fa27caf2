"""One scale of a questionnaire over its rounds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, N_FOR_A_LINE, Figure, data_row, finished, interval_text
from qualitycycle.cycle.results import RoundPoint
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Instrument


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
            rows.append(data_row("hidden", point.on, None, words))
        else:
            scale = point.scale
            words = _round_words([point])
            rows.append(data_row("value", point.on, scale.mean, words, scale.low, scale.high))
        rows[-1] |= {"part": str(part), "joined": enough}
    return rows


def _break_rows(points: Sequence[RoundPoint]) -> list[dict[str, Any]]:
    return [
        data_row("break", before.on + (after.on - before.on) / 2, None, _("new version"))
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
    return finished(alt.layer(*layers).properties(height=height), language, theme)


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
