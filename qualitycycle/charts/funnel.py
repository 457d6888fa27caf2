"""Groups at one moment in a funnel: how far from the whole chance alone brings groups of their size. No ranking."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure, proportions
from qualitycycle.charts.figure import COLOURS, Figure, finished, interval_text
from qualitycycle.charts.intervals import IntervalRow, interval_rows
from qualitycycle.charts.outcomes import moment_label
from qualitycycle.cycle.level_shares import FunnelGroup, FunnelLine
from qualitycycle.i18n import _

COLUMNS = ["kind", "n", "value", "low", "high", "wide_low", "wide_high", "words", "label", "where", "side"]
INSIDE, OUTSIDE, FAR = "inside", "outside", "far"
# A name stands on the first side of its group where it hides nothing, on the width of a phone; in pixels.
SIDES = {"right": (9, 0), "left": (-9, 0), "above": (0, -13), "below": (0, 14)}
ALIGN: dict[str, Literal["left", "center", "right"]] = {
    "right": "left",
    "left": "right",
    "above": "center",
    "below": "center",
}
WIDTH, HEIGHT, LETTER, LINE_HEIGHT, DOT = 270, 300, 6.4, 14, 7
# Of more groups than this only those outside the limits are named; the table names all.
MOST_NAMES = 30


def funnel(found: FunnelLine, title: str, *, theme: str) -> Figure:
    """Groups by their number of pupils around the share of all; below five groups their intervals, by size as well."""
    spec, data = _drawn(found, theme) if found.enough else _as_intervals(found, theme)
    return Figure(
        spec=spec,
        data=data,
        table=_table(found),
        alt=f"{title}: {_whole(found)} " + "; ".join(_words(group) for group in found.groups),
        how=_how(found),
        notes=_said(found),
    )


def _share(group: FunnelGroup) -> float:
    return 100 * group.reached / group.n


def _words(group: FunnelGroup) -> str:
    return _("{group}: {share}% ({reached} of {n})").format(
        group=group.name, share=i18n.number(_share(group), 0), reached=group.reached, n=group.n
    )


def _where(group: FunnelGroup) -> str:
    if not group.low_wide <= _share(group) <= group.high_wide:
        return FAR
    return INSIDE if group.low <= _share(group) <= group.high else OUTSIDE


def _drawn(found: FunnelLine, theme: str) -> tuple[dict[str, Any], pd.DataFrame]:
    target = found.share / 100
    sizes = [group.n for group in found.groups]
    first, last = max(1, min(sizes) - 3), max(sizes) + 4
    step = max(1, (last - first) // 60)
    rows: list[dict[str, Any]] = []
    for n in range(first, last + 1, step):
        narrow = proportions.funnel_limits(n, target, proportions.FUNNEL_95)
        wide = proportions.funnel_limits(n, target, proportions.FUNNEL_998)
        rows.append(
            {
                "kind": "limit", "n": n, "value": found.share, "low": 100 * narrow[0], "high": 100 * narrow[1],
                "wide_low": 100 * wide[0], "wide_high": 100 * wide[1],
            }
        )  # fmt: skip
    # What the bands and the dashed line are, where the funnel begins.
    edge = rows[0]
    whole = _("everybody: {share}%").format(share=i18n.number(found.share, 0))
    rows += [
        {"kind": "name", "n": first, "value": value, "label": words}
        for value, words in (
            (edge["low"], "95%"), (edge["wide_low"], f"{i18n.number(99.8)}%"), (found.share, whole),
        )
    ]  # fmt: skip
    sides = _sides(found, first, last)
    rows += [
        {
            "kind": "group", "n": group.n, "value": _share(group), "words": _words(group), "label": group.name,
            "where": _where(group), "side": sides[group.name],
        }
        for group in found.groups
    ]  # fmt: skip
    numbers = dict.fromkeys(("n", "value", "low", "high", "wide_low", "wide_high"), float)
    return _spec(i18n.language(), theme), pd.DataFrame(rows, columns=COLUMNS).astype(numbers)


_Box = tuple[float, float, float, float]


def _sides(found: FunnelLine, first: int, last: int) -> dict[str, str]:
    """On which side of each group its name has room; empty where it has none."""
    at = {
        group.name: (WIDTH * (group.n - first) / (last - first), HEIGHT * (1 - _share(group) / 100))
        for group in found.groups
    }
    line = HEIGHT * (1 - found.share / 100)
    taken: list[_Box] = [(x - DOT, y - DOT, x + DOT, y + DOT) for x, y in at.values()]
    taken.append((0, line - LINE_HEIGHT, 100, line))
    found_sides = dict.fromkeys(at, "")
    # Those that are a question come first.
    named = sorted(found.groups, key=lambda one: _where(one) == INSIDE)
    if len(named) > MOST_NAMES:
        named = [group for group in named if _where(group) != INSIDE]
    for group in named:
        boxes = {side: _box(group.name, *at[group.name], side) for side in SIDES}
        free = {side: box for side, box in boxes.items() if _fits(box, taken)}
        # A name across the dashed line is read less well than one beside it.
        side = next((one for one, box in free.items() if not box[1] < line < box[3]), next(iter(free), ""))
        found_sides[group.name] = side
        if side:
            taken.append(boxes[side])
    return found_sides


def _box(name: str, x: float, y: float, side: str) -> _Box:
    dx, dy = SIDES[side]
    width = LETTER * len(name)
    left = {"left": x + dx - width, "right": x + dx}.get(side, x - width / 2)
    return left, y + dy - LINE_HEIGHT / 2, left + width, y + dy + LINE_HEIGHT / 2


def _fits(box: _Box, taken: list[_Box]) -> bool:
    left, top, right, bottom = box
    inside = left >= 0 and right <= WIDTH and top >= 0 and bottom <= HEIGHT
    return inside and not any(
        left < other[2] and other[0] < right and top < other[3] and other[1] < bottom for other in taken
    )


@cache
def _spec(language: str, theme: str) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    limit = base.transform_filter(alt.datum.kind == "limit")
    group = base.transform_filter(alt.datum.kind == "group")
    x = alt.X(
        "n:Q",
        axis=alt.Axis(
            title=_("Number of pupils"), titleColor=colour["quiet"], grid=False, tickMinStep=1, format="d"
        ),
        scale=alt.Scale(zero=False, nice=False),
    )
    scale = alt.Scale(domain=[0, 100])
    axis = alt.Axis(title=None, tickCount=5, labelExpr="datum.label + '%'")

    def y(name: str) -> alt.Y:
        return alt.Y(f"{name}:Q", axis=axis, scale=scale, title=None)

    def names(side: str, **look: Any) -> alt.Chart:
        dx, dy = SIDES[side]
        beside = group.transform_filter(alt.datum.side == side)
        marked = beside.mark_text(align=ALIGN[side], dx=dx, dy=dy, fontSize=12, **look)
        named: alt.Chart = marked.encode(x=x, y=y("value"), text="label:N")
        return named

    where = alt.Shape(
        "where:N",
        legend=None,
        scale=alt.Scale(domain=[INSIDE, OUTSIDE, FAR], range=["circle", "diamond", "triangle-up"]),
    )
    halo: dict[str, Any] = {"color": colour["paper"], "stroke": colour["paper"], "strokeWidth": 4}
    layers: list[Any] = [
        limit.mark_area(color=colour["soft"], opacity=0.35).encode(x=x, y=y("wide_low"), y2="wide_high:Q"),
        limit.mark_area(color=colour["soft"], opacity=0.75).encode(x=x, y=y("low"), y2="high:Q"),
        limit.mark_line(color=colour["target"], strokeDash=[5, 4], size=1.5).encode(x=x, y=y("value")),
        base.transform_filter(alt.datum.kind == "name")
        .mark_text(align="left", baseline="bottom", dx=4, dy=-2, fontSize=12, color=colour["text"])
        .encode(x=x, y=y("value"), text="label:N"),
        *(names(side, **halo, opacity=0.7) for side in SIDES),
        group.mark_point(color=colour["line"], filled=True, size=110, opacity=1).encode(
            x=x, y=y("value"), shape=where, tooltip=alt.Tooltip("words:N", title=" ")
        ),
        *(names(side, color=colour["text"]) for side in SIDES),
    ]
    return finished(alt.layer(*layers).properties(height=340), language, theme)


def _as_intervals(found: FunnelLine, theme: str) -> tuple[dict[str, Any], pd.DataFrame]:
    rows = [
        IntervalRow(
            f"{group.name} (n = {group.n})",
            f"{i18n.number(_share(group), 0)}%",
            _share(group),
            group.low,
            group.high,
        )
        for group in found.groups
    ]
    return interval_rows(rows, theme=theme, percent=True, rule=found.share)


def _whole(found: FunnelLine) -> str:
    return _("{when}: {share}% of all {n} pupils reach level {level} or higher.").format(
        when=moment_label(found.label), share=i18n.number(found.share, 0), n=found.n_all, level=found.level
    )


def _said(found: FunnelLine) -> tuple[str, ...]:
    whole = _whole(found)
    if not found.enough:
        return whole, _(
            "With fewer than five groups their intervals say more than a funnel. The dashed line is all pupils."
        )
    outside = [group.name for group in found.groups if _where(group) != INSIDE]
    if not outside:
        said = _("All groups lie within what chance alone makes of groups of their size.")
    else:
        said = _(
            "Outside what chance alone usually makes of groups of their size: {groups}. That is a question to ask."
        ).format(groups=i18n.join(outside))
    return (
        whole,
        said,
        _("Groups differ in who is in them. This is no ranking, and no judgement of a teacher."),
    )


def _table(found: FunnelLine) -> pd.DataFrame:
    limits = _("Limits (95%)") if found.enough else _("Interval (95%)")
    places = {INSIDE: _("within"), OUTSIDE: _("outside 95%"), FAR: _("outside 99.8%")}
    rows = [
        (
            group.name,
            f"{i18n.number(_share(group), 0)}%",
            interval_text(group.low, group.high, 0),
            str(group.n),
            places[_where(group)] if found.enough else "",
        )
        for group in found.groups
    ]
    table = pd.DataFrame(rows, columns=[_("Group"), _("Value"), limits, "n", _("Note")])
    return table if found.enough else table.drop(columns=_("Note"))


def _how(found: FunnelLine) -> tuple[tuple[str, str], ...]:
    method = (
        _(
            "Exact binomial limits of 95% (dark) and 99.8% (light) around the share of all pupils together, per number "
            "of pupils (Spiegelhalter 2005). About one group in twenty lies outside the dark band by chance."
        )
        if found.enough
        else _("The share per group with its 95% interval (Wilson).")
    )
    return (
        (_("Method:"), method),
        (_("Order:"), _("From few pupils to many; never by what they reach.")),
        (
            _("Hidden:"),
            _(
                "Groups with fewer than {floor} pupils, and as many others that those cannot be worked out. Pupils of "
                "a year group with fewer than {floor} are not among all pupils here."
            ).format(floor=disclosure.FLOOR_DISTRIBUTION),
        ),
        (
            _("Limits:"),
            _(
                "One moment says little about a group. Who is in it, how it was put together and chance weigh more "
                "than can be seen here."
            ),
        ),
    )
