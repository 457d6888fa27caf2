"""What a questionnaire says in one round: the scales of a group."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, Figure, finished, interval_text
from qualitycycle.cycle.frozen import GroupResult, RoundResult, ScaleResult
from qualitycycle.i18n import _
from qualitycycle.model import Instrument, Scale

# Average deviation up to a sixth of the number of answers counts as agreement (Burke & Dunlap 2002).
AGREEMENT_SHARE = 6
# Heights in pixels of a scale with its words, of one in a small picture, and of a heading above some.
ROW, SMALL_ROW, HEADING = 66, 23, 26
COLUMNS = ["kind", "y", "title", "figure", "below", "mean", "low", "high", "start", "end", "words", "firm"]


def scale_results(
    result: RoundResult, group: GroupResult, instrument: Instrument, *, theme: str, compact: bool = False
) -> Figure:
    """Per scale the mean and its interval on the whole range of the answers, scales that belong together together."""
    rows, height = _scale_rows(group, instrument, compact)
    return Figure(
        spec=_scale_spec(i18n.language(), theme, compact, instrument.minimum, instrument.maximum, height),
        data=pd.DataFrame(rows, columns=COLUMNS).astype({"mean": float, "low": float, "high": float}),
        table=scale_table(group, instrument),
        alt="; ".join(str(row["words"]) for row in rows if row["kind"] == "scale"),
        how=scale_how(result, group, instrument),
    )


def _scale_rows(
    group: GroupResult, instrument: Instrument, compact: bool
) -> tuple[list[dict[str, Any]], int]:
    found = {scale.key: scale for scale in group.scales}
    scales = [scale for scale in instrument.scales if scale.key in found]
    placed, height = placed_scales(scales, instrument, compact)
    rows = [
        place if scale is None else _scale_row(scale, found[scale.key], instrument) | place
        for scale, place in placed
    ]
    return rows, height


def placed_scales(
    scales: Sequence[Scale], instrument: Instrument, compact: bool
) -> tuple[list[tuple[Scale | None, dict[str, Any]]], int]:
    """Rows from the top, in pixels: a heading (no scale) above the scales of one group; and the whole height."""
    order = ["", *instrument.groups]
    placed: list[tuple[Scale | None, dict[str, Any]]] = []
    y, under = 0, ""
    for scale in sorted(scales, key=lambda scale: order.index(scale.group)):
        if scale.group != under and not compact:
            title = instrument.groups[scale.group][i18n.language()]
            placed.append((None, {"kind": "heading", "y": y + HEADING / 2, "title": title}))
            y += HEADING
        under = scale.group
        placed.append((scale, {"y": y + (18 if compact else 31)}))
        y += SMALL_ROW if compact else ROW
    return placed, y + (1 if compact else 6)


def _scale_row(scale: Scale, found: ScaleResult, instrument: Instrument) -> dict[str, Any]:
    title = scale.title[i18n.language()]
    row = {"title": title, "start": instrument.minimum, "end": instrument.maximum}
    if found.mean is None:
        return row | {
            "kind": "hidden",
            "figure": "–",
            "below": _("too few answers to show"),
            "words": title,
        }
    mean = i18n.number(found.mean, disclosure.decimals_for(found.n or 0))
    said = agreement_words(found, instrument)
    return row | {
        "kind": "scale",
        "figure": mean,
        "below": f"{said} · n = {found.n}",
        "mean": found.mean,
        "low": found.low,
        "high": found.high,
        "words": f"{title}: {mean} (n = {found.n}), {said}",
        "firm": True,
    }


def agreement_words(scale: ScaleResult, instrument: Instrument) -> str:
    """Whether people answered alike, and how far from the mean they were on average."""
    if scale.ad is None:
        return _("spread unknown")
    close = scale.ad <= _close_up_to(instrument)
    words = _("close together ({ad} point)") if close else _("far apart ({ad} point)")
    return words.format(ad=i18n.number(scale.ad, 1))


def _close_up_to(instrument: Instrument) -> float:
    return (instrument.maximum - instrument.minimum + 1) / AGREEMENT_SHARE


@cache
def _scale_spec(
    language: str, theme: str, compact: bool, minimum: int, maximum: int, height: int
) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(
        title=None, values=list(range(minimum, maximum + 1)), format="d", grid=False, domain=False
    )
    x_scale = alt.Scale(domain=[minimum, maximum], clamp=True)
    y = row_place(height)
    low, mean, start = (
        alt.X(f"{name}:Q", axis=axis, scale=x_scale, title=None) for name in ("low", "mean", "start")
    )
    shown = base.transform_filter(alt.datum.kind == "scale")
    hidden = base.transform_filter(alt.datum.kind == "hidden")
    layers: list[Any] = [
        shown.mark_rule(color=colour["grid"], size=3).encode(x=start, x2="end:Q", y=y),
        hidden.mark_rule(color=colour["quiet"], size=1.5, strokeDash=[4, 5]).encode(x=start, x2="end:Q", y=y),
        shown.mark_rule(color=colour["line"], opacity=0.45, size=5 if compact else 9).encode(
            x=low, x2="high:Q", y=y
        ),
        shown.mark_circle(color=colour["line"], size=60 if compact else 190, opacity=1).encode(
            x=mean, y=y, tooltip=alt.Tooltip("words:N", title=" ")
        ),
        *row_texts(base, y, colour, compact),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def row_place(height: int, name: str = "y") -> alt.Y:
    """Where a row stands, in pixels from the top: texts stand above their line, so a phone has the whole width."""
    scale = alt.Scale(domain=[0, height], reverse=True, nice=False, zero=False)
    return alt.Y(f"{name}:Q", axis=None, scale=scale)


def row_texts(base: alt.Chart, y: alt.Y, colour: dict[str, str], compact: bool) -> list[Any]:
    """The words of a row: title and figure above its line, the rest below it; headings in between."""
    rows = base.transform_filter("datum.kind == 'scale' || datum.kind == 'hidden'")
    above: Any = {"dy": -9 if compact else -19, "fontSize": 12 if compact else 13, "color": colour["text"]}
    below: Any = {"dy": 18, "fontSize": 12, "color": colour["quiet"], "align": "left"}
    heading: Any = {"align": "left", "fontSize": 12, "fontWeight": 600, "color": colour["quiet"]}
    left, right = alt.value(0), alt.value("width")
    texts: list[Any] = [
        rows.mark_text(align="left", **above).encode(x=left, y=y, text="title:N"),
        rows.transform_filter("datum.firm")
        .mark_text(align="right", fontWeight=600, **above)
        .encode(x=right, y=y, text="figure:N"),
        rows.transform_filter("!datum.firm")
        .mark_text(align="right", **{**above, "color": colour["quiet"]})
        .encode(x=right, y=y, text="figure:N"),
    ]
    if compact:
        return texts
    headings = base.transform_filter(alt.datum.kind == "heading")
    return [
        *texts,
        rows.mark_text(**below).encode(x=left, y=y, text="below:N"),
        headings.mark_text(**heading).encode(x=left, y=y, text="title:N"),
    ]


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


def scale_how(result: RoundResult, group: GroupResult, instrument: Instrument) -> tuple[tuple[str, str], ...]:
    """How a scale's figures came about, in sentences."""
    return (
        (
            _("Method:"),
            _(
                "Reversed statements are turned; a person's score is the mean of the statements she answered, "
                "when she answered at least {share} of the scale. Shown: the mean of these scores with its 95% "
                "interval (Student's t). Spread: how far answers lie from the team's mean on average, in scale "
                "points; up to {limit} point counts as close together."
            ).format(share=instrument.min_answered, limit=i18n.number(_close_up_to(instrument), 1)),
        ),
        (_("Data:"), data_words(result, instrument)),
        *((_("In detail:"), text) for text in _details(group, instrument)),
        (
            _("Hidden:"),
            _(
                "Groups with fewer than {floor} answers, and groups from which such a group could be worked out. "
                "Below ten people figures have one decimal."
            ).format(floor=result.floor),
        ),
        (_("Limits:"), instrument.source[i18n.language()]),
        (
            _("Source:"),
            _(
                "Burke and Dunlap (2002) for the spread; James, Demaree and Wolf (1984) for r_wg(j); Feldt, Woodruff "
                "and Salih (1987) for the interval of alpha. Checked against R (psych, multilevel, lavaan)."
            ),
        ),
    )


def data_words(result: RoundResult, instrument: Instrument) -> str:
    """On how many answers a figure rests, of which questionnaire, and at which state of the data."""
    return _(
        "{n} of {invited} people answered; questionnaire version {version}; data version {data_version}. "
        "The figures were fixed when the round closed."
    ).format(
        n=result.n_answered,
        invited=result.n_invited,
        version=instrument.version,
        data_version="–" if result.data_version is None else result.data_version,
    )


def _details(group: GroupResult, instrument: Instrument) -> list[str]:
    """Agreement and reliability per scale, where they were frozen."""
    titles = {scale.key: scale.title[i18n.language()] for scale in instrument.scales}
    return [
        f"{titles[scale.key]}: {_detail(scale)}." for scale in group.scales if scale.n_complete is not None
    ]


def _detail(scale: ScaleResult) -> str:
    interval = interval_text(scale.alpha_low, scale.alpha_high, 2)
    found = [
        "" if scale.rwgj is None else f"r_wg(j) {i18n.number(scale.rwgj, 2)}",
        "" if scale.alpha is None else f"alpha {i18n.number(scale.alpha, 2)} ({interval})",
        "" if scale.omega is None else f"omega {i18n.number(scale.omega, 2)}",
        _("{n} complete forms").format(n=scale.n_complete),
    ]
    return ", ".join(text for text in found if text)
