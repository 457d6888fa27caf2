"""Levels as shares of pupils in their order, stacked: everybody first, then group by group, moment under moment."""

from __future__ import annotations

from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, Figure, finished, reason_text
from qualitycycle.charts.outcomes import moment_label
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle.level_shares import LevelRow, Levels
from qualitycycle.i18n import _, ngettext

# Heights in pixels of a row with its words, of the bar in it, of a heading above some, and of a row without a bar.
ROW, BAR, HEADING, HIDDEN_ROW = 50, 22, 32, 26
# A part of the bar that is narrower than this has no room for its words; a narrow one for the level alone.
NO_ROOM, LITTLE_ROOM = 0.07, 0.16
COLUMNS = ["kind", "y", "y_end", "start", "end", "middle", "title", "figure", "words", "fill", "ink"]


def level_shares(found: Levels, title: str, *, theme: str) -> Figure:
    """One bar per moment and group; each part names its level, so that no colour has to be known."""
    rows, height = _rows(found, theme)
    numbers = dict.fromkeys(("y", "y_end", "start", "end", "middle"), float)
    return Figure(
        spec=_spec(i18n.language(), theme, height),
        data=pd.DataFrame(rows, columns=COLUMNS).astype(numbers),
        table=_table(found),
        alt=_alt(found, title),
        how=_how(found),
        notes=_said(found),
    )


def _rows(found: Levels, theme: str) -> tuple[list[dict[str, Any]], float]:
    rows: list[dict[str, Any]] = []
    y = 0.0
    for group in dict.fromkeys(row.group for row in found.rows):
        rows.append({"kind": "heading", "y": y + 20, "title": group or _("Everybody")})
        y += HEADING
        for row in (one for one in found.rows if one.group == group):
            rows += _row(found, row, y, theme)
            y += ROW if row.counts else HIDDEN_ROW
    return rows, y


def _row(found: Levels, row: LevelRow, y: float, theme: str) -> list[dict[str, Any]]:
    name = moment_label(row.label)
    if not row.counts or not row.n:
        return [
            {"kind": "title", "y": y + 12, "title": name, "figure": reason_text(row.reason)},
        ]
    n_words = ngettext("{n} pupil", "{n} pupils", row.n).format(n=row.n)
    parts: list[dict[str, Any]] = [{"kind": "title", "y": y + 12, "title": name, "figure": n_words}]
    start = 0.0
    for place, (level, count) in enumerate(zip(found.levels, row.counts, strict=True)):
        share = count / row.n
        if count:
            fill = _fill(theme, place, len(found.levels))
            words = f"{name}: {level} {i18n.percent(share)} ({count} / {row.n})"
            parts.append(
                {
                    "kind": "part", "y": y + 22, "y_end": y + 22 + BAR, "start": start, "end": start + share,
                    "middle": start + share / 2, "title": _in_part(level, share), "words": words, "fill": fill,
                    "ink": _ink(fill),
                }
            )  # fmt: skip
        start += share
    return parts


def _in_part(level: str, share: float) -> str:
    if share < NO_ROOM:
        return ""
    return level if share < LITTLE_ROOM else f"{level} {i18n.percent(share)}"


def _fill(theme: str, place: int, n_levels: int) -> str:
    """From the full to the soft colour: an order, and no judgement."""
    full, soft = COLOURS[theme]["line"], COLOURS[theme]["soft"]
    share = place / max(1, n_levels - 1)
    mixed = [round(a + (b - a) * share) for a, b in zip(_rgb(full), _rgb(soft), strict=True)]
    return "#" + "".join(f"{one:02x}" for one in mixed)


def _ink(fill: str) -> str:
    """Black or white, whichever stands out more against this colour (WCAG 2, relative luminance)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _rgb(fill))
    ]
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#111111"


def _rgb(colour: str) -> list[int]:
    return [int(colour[place : place + 2], 16) for place in (1, 3, 5)]


@cache
def _spec(language: str, theme: str, height: float) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    scale = alt.Scale(domain=[0, 1])
    axis = alt.Axis(title=None, format="%", tickCount=5, domain=False, grid=False)
    y = row_place(int(height))
    start, middle = (alt.X(f"{name}:Q", axis=axis, scale=scale, title=None) for name in ("start", "middle"))
    part = base.transform_filter(alt.datum.kind == "part")
    title = base.transform_filter(alt.datum.kind == "title")
    heading = base.transform_filter(alt.datum.kind == "heading")
    layers: list[Any] = [
        part.mark_bar(stroke=colour["paper"], strokeWidth=1.5).encode(
            x=start, x2="end:Q", y=y, y2="y_end:Q",
            color=alt.Color("fill:N", scale=None, legend=None), tooltip=alt.Tooltip("words:N", title=" "),
        ),
        part.mark_text(fontSize=12, fontWeight="bold", dy=BAR / 2).encode(
            x=middle, y=y, text="title:N", color=alt.Color("ink:N", scale=None, legend=None)
        ),
        title.mark_text(align="left", fontSize=13, color=colour["text"]).encode(
            x=alt.value(2), y=y, text="title:N"
        ),
        title.mark_text(align="right", fontSize=13, color=colour["quiet"]).encode(
            x=alt.value("width"), y=y, text="figure:N"
        ),
        heading.mark_text(align="left", fontSize=14, fontWeight="bold", color=colour["text"]).encode(
            x=alt.value(2), y=y, text="title:N"
        ),
    ]  # fmt: skip
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(found: Levels) -> pd.DataFrame:
    rows = [
        (
            moment_label(row.label),
            row.group or _("Everybody"),
            *(
                [f"{count} ({i18n.percent(count / row.n)})" for count in row.counts]
                if row.n and row.counts
                else [reason_text(row.reason)] * len(found.levels)
            ),
            str(row.n) if row.n else "–",
        )
        for row in found.rows
    ]
    return pd.DataFrame(rows, columns=[_("When"), _("Group"), *found.levels, "n"])


def _last(found: Levels) -> LevelRow | None:
    whole = [row for row in found.rows if row.group is None and row.counts]
    return max(whole, key=lambda row: row.on, default=None)


def _shares(found: Levels, row: LevelRow) -> str:
    return ", ".join(
        f"{level} {i18n.percent(count / (row.n or 1))}"
        for level, count in zip(found.levels, row.counts, strict=True)
    )


def _alt(found: Levels, title: str) -> str:
    last = _last(found)
    if last is None:
        return _("{title}: no values yet.").format(title=title)
    return _("{title}: levels as stacked shares. {when}: {shares} (n = {n}).").format(
        title=title, when=moment_label(last.label), shares=_shares(found, last), n=last.n
    )


def _said(found: Levels) -> tuple[str, ...]:
    last = _last(found)
    if last is None:
        return ()
    said = _("{when}: {shares}, of {n} pupils.").format(
        when=moment_label(last.label), shares=_shares(found, last), n=last.n
    )
    return (said, _meaning(found.levels))


def _meaning(levels: tuple[str, ...]) -> str:
    """What the levels of this system say, in one sentence."""
    if set(levels) & set("ABCDE"):
        return _(
            "A to E: A is the highest quarter of all pupils in the country, B and C the next two, D the 15% below, E "
            "the lowest 10%. A level is relative to other pupils and no pass mark; C lies below the national mean."
        )
    if set(levels) & {"I", "II", "III", "IV", "V"}:
        return _(
            "I to V: five equal parts of all pupils in the country, I the highest fifth. A level is relative to other "
            "pupils and no pass mark; III lies around the national mean."
        )
    if any(level.endswith(("F", "S")) for level in levels):
        return _(
            "Reference levels say what a pupil can do: 1F is for all pupils, 1S (maths) and 2F (language) is the aim "
            "for most. They can be compared between tests."
        )
    return _(
        "A functioning level is the moment at which the average pupil has this score: M5 is halfway year group 5, "
        "whatever year group the pupil is in."
    )


def _how(found: Levels) -> tuple[tuple[str, str], ...]:
    n_hidden = sum(not row.counts for row in found.rows)
    return (
        (
            _("Why this chart:"),
            _("Levels are steps in an order. Their shares can be counted; they have no mean."),
        ),
        (
            _("Method:"),
            _(
                "Of all pupils with a level at this moment the share that has each level. Every pupil counts once."
            ),
        ),
        (
            _("Data:"),
            ngettext(
                "Imported results: {n} bar.", "Imported results: {n} bars.", len(found.rows) - n_hidden
            ).format(n=len(found.rows) - n_hidden),
        ),
        (
            _("Hidden:"),
            _(
                "Groups and moments with fewer than {floor} pupils, and as many others that those cannot be worked "
                "out. Groups of a moment that was read in in parts are not shown apart."
            ).format(floor=disclosure.FLOOR_DISTRIBUTION),
        ),
        (
            _("Limits:"),
            _(
                "Every year these are other pupils, and in small groups one pupil is several percent. Groups differ in "
                "who is in them: this is no comparison of teaching, and no ranking."
            ),
        ),
    )
