"""What the weeks of an internal coach went to: per area a bar for each week, and a line where it was planned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import COLOURS, Figure, finished
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle.coaching_log import AREAS, Week
from qualitycycle.i18n import _

# One area: its title above, its bars below.
ROW, TITLE, BAR = 62, 20, 34
N_WEEKS = 14
Named = Callable[[Week], str]
COLUMNS = ["kind", "week", "y", "y_end", "title", "figure", "words"]


def time_spent(weeks: Sequence[Week], name: Named, short: Named, theme: str) -> Figure:
    """The last weeks, oldest first; `name` gives the school week, `short` what of it fits under a bar."""
    shown = weeks[-N_WEEKS:]
    areas = [area for area in AREAS if any(area in one.real or area in one.planned for one in shown)]
    most = max(
        (hours for one in shown for each in (one.real, one.planned) for hours in each.values()), default=1
    )
    rows = [
        row
        for place, area in enumerate(areas)
        for row in _rows(shown, name, short, area, place * ROW, BAR / (most or 1))
    ]
    data = pd.DataFrame(rows, columns=COLUMNS).astype({"y": float, "y_end": float})
    return Figure(
        spec=_spec(i18n.language(), theme, ROW * len(areas) + 4),
        data=data,
        table=_table(shown, name, areas),
        alt=_("Hours per area and school week, with what was planned") + ": " + _said(shown, areas),
        how=_how(),
    )


def _rows(
    weeks: Sequence[Week], name: Named, short: Named, area: str, top: int, per_hour: float
) -> list[dict[str, Any]]:
    foot = top + TITLE + BAR
    title = _(AREAS[area])
    rows: list[dict[str, Any]] = [
        {"kind": "title", "y": top + 8, "title": title, "figure": _sums(weeks, area)}
    ]
    for one in weeks:
        real, planned = one.real.get(area, 0), one.planned.get(area, 0)
        words = _("{week}, {area}: {real} hours, {planned} planned").format(
            week=name(one), area=title, real=i18n.number(real), planned=i18n.number(planned)
        )
        told = {"week": short(one), "words": words}
        rows.append({**told, "kind": "real", "y": foot - real * per_hour, "y_end": foot})
        if planned:
            rows.append({**told, "kind": "planned", "y": foot - planned * per_hour, "y_end": foot})
    return rows


def _sums(weeks: Sequence[Week], area: str) -> str:
    real, planned = (sum(each.get(area, 0) for each in all_) for all_ in _both(weeks))
    return _("{real} hours, {planned} planned").format(real=i18n.number(real), planned=i18n.number(planned))


def _both(weeks: Sequence[Week]) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    return [one.real for one in weeks], [one.planned for one in weeks]


def _said(weeks: Sequence[Week], areas: Sequence[str]) -> str:
    return "; ".join(f"{_(AREAS[area])}: {_sums(weeks, area)}" for area in areas)


@cache
def _spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    x = alt.X(
        "week:O",
        sort=None,
        title=None,
        axis=alt.Axis(
            labelAngle=0, labelOverlap=True, domain=False, ticks=False, labelExpr="split(datum.value, '\\n')"
        ),
        scale=alt.Scale(paddingInner=0.35),
    )
    y = row_place(height)
    tip = alt.Tooltip("words:N", title=" ")
    real = base.transform_filter(alt.datum.kind == "real")
    planned = base.transform_filter(alt.datum.kind == "planned")
    named = base.transform_filter(alt.datum.kind == "title")
    layers: list[Any] = [
        real.mark_bar(color=colour["line"]).encode(x=x, y=y, y2="y_end:Q", tooltip=tip),
        planned.mark_tick(color=colour["target"], thickness=3, orient="horizontal", bandSize=26).encode(
            x=x, y=y, tooltip=tip
        ),
        named.mark_text(align="left", fontSize=13, color=colour["text"]).encode(
            x=alt.value(2), y=y, text="title:N"
        ),
        named.mark_text(align="right", fontSize=12, color=colour["quiet"]).encode(
            x=alt.value("width"), y=y, text="figure:N"
        ),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(weeks: Sequence[Week], name: Named, areas: Sequence[str]) -> pd.DataFrame:
    rows = [
        (name(one), _(AREAS[area]), i18n.number(one.planned.get(area, 0)), i18n.number(one.real.get(area, 0)))
        for one in reversed(weeks)
        for area in areas
    ]
    return pd.DataFrame(rows, columns=[_("Week"), _("What"), _("Planned"), _("Real")])


def _how() -> tuple[tuple[str, str], ...]:
    return (
        (_("Method:"), _("The hours as you entered them. A bar is what it was, the line what you planned.")),
        (_("Source:"), _("Your own log. Nobody else sees this chart.")),
        (_("Limits:"), _("There is no norm for how the hours should be divided, and this chart sets none.")),
    )
