"""The change of a share between two years of other pupils."""

from __future__ import annotations

import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import Figure, interval_text, signed, with_interval
from qualitycycle.charts.intervals import IntervalRow, interval_rows
from qualitycycle.charts.outcomes import point_label
from qualitycycle.cycle.series import Point
from qualitycycle.cycle.share_change import ShareChange
from qualitycycle.i18n import _


def share_change(found: ShareChange, title: str, *, theme: str) -> Figure:
    """Both shares with their intervals; the difference is said in words, with its own interval."""
    rows = [_row(found.first, found.reached_first), _row(found.last, found.reached_last)]
    spec, data = interval_rows(rows, theme=theme, percent=True)
    return Figure(
        spec=spec,
        data=data,
        table=_table(found, rows),
        alt=f"{title}: " + "; ".join([*(row.words(0) for row in rows), _difference(found)]),
        how=_how(),
        notes=_said(found),
    )


def _row(point: Point, reached: int) -> IntervalRow:
    figure = _("{share}% ({reached} of {n})").format(
        share=i18n.number(point.value, 0), reached=reached, n=point.n
    )
    return IntervalRow(point_label(point), figure, point.value or 0.0, point.low, point.high)


def _said(found: ShareChange) -> tuple[str, ...]:
    change = _(
        "From {first} of {n_first} pupils to {last} of {n_last}: {difference} percentage points."
    ).format(
        first=found.reached_first,
        n_first=found.first.n,
        last=found.reached_last,
        n_last=found.last.n,
        difference=signed(found.difference, 0),
    )
    interval = interval_text(found.low, found.high, 0)
    if found.distinguishable:
        verdict = _("The 95% interval of the difference ({interval}) leaves 0 out.").format(interval=interval)
    else:
        verdict = _("That cannot be told apart from chance: the 95% interval ({interval}) holds 0.").format(
            interval=interval
        )
    return (
        change,
        verdict,
        _("These are other pupils each year, so this is a difference between groups, no growth."),
    )


def _difference(found: ShareChange) -> str:
    """The difference with its interval, for who does not see the picture."""
    told = with_interval(signed(found.difference, 0), found.low, found.high, 0)
    return f"{_('Difference')}: {told}"


def _table(found: ShareChange, rows: list[IntervalRow]) -> pd.DataFrame:
    told = [
        (row.title, row.figure, interval_text(row.low, row.high, 0), str(point.n))
        for row, point in zip(rows, (found.first, found.last), strict=True)
    ]
    told.append((_("Difference"), signed(found.difference, 0), interval_text(found.low, found.high, 0), "–"))
    return pd.DataFrame(told, columns=[_("When"), _("Value"), _("Interval (95%)"), "n"])


def _how() -> tuple[tuple[str, str], ...]:
    return (
        (
            _("Method:"),
            _(
                "Shares with Wilson's 95% interval (1927); their difference with Newcombe's (1998, method 10)."
            ),
        ),
        (
            _("Limits:"),
            _(
                "Every year these are other pupils. A difference can be the group, chance, or the teaching; this "
                "figure does not tell which."
            ),
        ),
    )
