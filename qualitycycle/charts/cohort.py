"""A cohort over its moments on one scale: the pupils of the first moment, as far as they are still there."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import (
    COLOURS,
    N_FOR_A_LINE,
    Figure,
    data_row,
    finished,
    interval_text,
    reason_text,
    with_interval,
)
from qualitycycle.charts.gain import left_out
from qualitycycle.charts.outcomes import moment_label
from qualitycycle.cycle.gains import CohortLine, Followed
from qualitycycle.i18n import _, ngettext

COLUMNS = ["kind", "on", "value", "low", "high", "words", "label", "joined"]


def cohort(found: CohortLine, title: str, *, theme: str) -> Figure:
    """One line with its intervals; the number of pupils stands where it changes."""
    shown = [point for point in found.points if point.mean is not None]
    joined = len(shown) >= N_FOR_A_LINE
    rows = [
        _row(point, before) | {"joined": joined} for point, before in zip(shown, [None, *shown], strict=False)
    ]
    data = pd.DataFrame(rows, columns=COLUMNS).astype({"value": float, "low": float, "high": float})
    return Figure(
        spec=_spec(i18n.language(), theme),
        data=data,
        table=_table(found),
        alt=f"{title}: " + "; ".join(str(row["words"]) for row in rows),
        how=_how(shown),
        notes=_said(shown),
    )


def _row(point: Followed, before: Followed | None) -> dict[str, Any]:
    n = f"n = {point.n}"
    # Ten moments of the same pupils would write the same over each other.
    label = "" if before is not None and before.n == point.n else n
    mean = with_interval(i18n.number(point.mean, 1), point.low, point.high)
    words = f"{moment_label(point.label)}: {mean}, {n}"
    return data_row("value", point.on, point.mean, words, point.low, point.high) | {"label": label}


@cache
def _spec(language: str, theme: str) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    x = alt.X(
        "on:T", axis=alt.Axis(title=None, grid=False, labelAngle=0, tickCount=6), scale=alt.Scale(padding=44)
    )
    scale = alt.Scale(zero=False, nice=True)
    axis = alt.Axis(title=None, tickCount=5)
    value, low = (alt.Y(f"{name}:Q", axis=axis, scale=scale) for name in ("value", "low"))
    layers: list[Any] = [
        base.mark_rule(color=colour["line"], opacity=0.45, size=3).encode(x=x, y=low, y2="high:Q"),
        base.transform_filter(alt.datum.joined).mark_line(color=colour["line"], size=2).encode(x=x, y=value),
        base.mark_point(color=colour["line"], filled=True, size=90, opacity=1).encode(
            x=x, y=value, tooltip=alt.Tooltip("words:N", title=" ")
        ),
        base.mark_text(align="left", dx=9, dy=10, color=colour["quiet"], fontSize=12).encode(
            x=x, y=value, text="label:N"
        ),
    ]
    return finished(alt.layer(*layers).properties(height=300), language, theme)


def _said(shown: list[Followed]) -> tuple[str, ...]:
    if not shown:
        return ()
    last = shown[-1]
    said = [
        _(
            "{when}: {mean} on average (95% interval {interval}), {n} pupils who were there from the start."
        ).format(
            when=moment_label(last.label),
            mean=i18n.number(last.mean, 1),
            interval=interval_text(last.low, last.high),
            n=last.n,
        )
    ]
    if last.n_left is not None:
        said.append(_("{n} pupils of the first moment are not there any more.").format(n=last.n_left))
    if last.n_came is not None:
        said.append(_("{n} pupils came later and are not in this line.").format(n=last.n_came))
    said.append(
        _("All pupils grow over the years. Whether this is much can be seen beside a norm: choose a gain.")
    )
    return tuple(said)


def _table(found: CohortLine) -> pd.DataFrame:
    rows = [
        (
            moment_label(point.label),
            reason_text(point.reason) if point.mean is None else i18n.number(point.mean, 1),
            interval_text(point.low, point.high),
            *(str(n) if n is not None else "–" for n in (point.n, point.n_all)),
            *(_few(point, n) if place else "–" for n in (point.n_left, point.n_came)),
        )
        for place, point in enumerate(found.points)
    ]
    columns = [_("When"), _("Mean"), _("Interval (95%)"), "n", _("All pupils then"), _("Left"), _("Came")]
    return pd.DataFrame(rows, columns=columns)


def _few(point: Followed, n: int | None) -> str:
    if point.mean is None:
        return "–"
    return _("fewer than 5") if n is None else str(n)


def _how(shown: list[Followed]) -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Method:"),
            _(
                "At every moment the mean score of the pupils of the first moment who have a score now, with its 95% "
                "interval (Student's t). The same test, edition and scale throughout."
            ),
        ),
        (
            _("Data:"),
            ngettext(
                "Imported results of {n} moment.", "Imported results of {n} moments.", len(shown)
            ).format(n=len(shown)),
        ),
        (_("Hidden:"), left_out()),
        (
            _("Limits:"),
            _(
                "Who left may have scored otherwise than who stayed, so part of a change can be who is still there. "
                "Between two moments the numbers of pupils differ: for their gain choose the gain of the same pupils."
            ),
        ),
    )
