"""How the people of a group answered each statement of a scale."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, Figure, finished
from qualitycycle.charts.scales import data_words, row_place
from qualitycycle.cycle.frozen import ItemResult, RoundResult, ScaleResult
from qualitycycle.i18n import _
from qualitycycle.model import Instrument, Item

# A line of a statement as wide as a phone; heights in pixels of a line, of the highest column, and around them.
LETTERS, LINE, HIGH, AROUND = 52, 17, 46, 38
COLUMNS = ["kind", "y", "base", "answer", "left", "right", "text"]


def statements(result: RoundResult, scale: ScaleResult, instrument: Instrument, *, theme: str) -> Figure:
    """Per statement a column for each answer with the number of people above it: two camps are two hills."""
    asked = [item for item in instrument.items if item.scale == scale.key]
    found = {item.key: item for item in scale.items}
    rows, height = _rows(asked, found, instrument)
    return Figure(
        spec=_spec(i18n.language(), theme, instrument.minimum, instrument.maximum, height),
        data=pd.DataFrame(rows, columns=COLUMNS).astype({"answer": float, "base": float}),
        table=_table(asked, found, instrument),
        alt="; ".join(_words(item, found[item.key], instrument) for item in asked if item.key in found),
        how=_how(result, instrument),
    )


def _rows(
    asked: Sequence[Item], found: dict[str, ItemResult], instrument: Instrument
) -> tuple[list[dict[str, Any]], int]:
    most = max((max(item.counts) for item in found.values()), default=1)
    rows: list[dict[str, Any]] = []
    y = 0
    for item in asked:
        lines = textwrap.wrap(_title(item), LETTERS)
        rows.append({"kind": "title", "y": y, "text": "\n".join(lines)})
        y += LINE * len(lines)
        one = found.get(item.key)
        if one is None:
            rows.append({"kind": "hidden", "y": y + 12, "text": _("protected, or too few answers")})
            y += AROUND
            continue
        if one.polarised:
            rows.append({"kind": "camps", "y": y, "text": _("◆ two camps: talk about it")})
            y += LINE
        y += 22 + HIGH
        rows += _columns(one, y, most, instrument)
        y += AROUND - 16
    return rows, y


def _columns(one: ItemResult, base: int, most: int, instrument: Instrument) -> list[dict[str, Any]]:
    answers = range(instrument.minimum, instrument.maximum + 1)
    return [
        {
            "kind": "column",
            "y": base - HIGH * count / most,
            "base": base,
            "answer": answer,
            "left": answer - 0.44,
            "right": answer + 0.44,
            "text": str(count) if count else "",
        }
        for answer, count in zip(answers, one.counts, strict=True)
    ]


def _title(item: Item) -> str:
    text = item.text[i18n.language()]
    return _("{statement} (counts the other way round)").format(statement=text) if item.reversed else text


def _words(item: Item, one: ItemResult, instrument: Instrument) -> str:
    answers = range(instrument.minimum, instrument.maximum + 1)
    given = [f"{answer}: {count}×" for answer, count in zip(answers, one.counts, strict=True) if count]
    return f"{item.text[i18n.language()]} {', '.join(given)} (n = {one.n})"


@cache
def _spec(language: str, theme: str, minimum: int, maximum: int, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(
        title=None,
        values=list(range(minimum, maximum + 1)),
        format="d",
        grid=False,
        domain=False,
        ticks=False,
    )
    x_scale = alt.Scale(domain=[minimum - 0.5, maximum + 0.5], nice=False, zero=False)
    y = row_place(height)
    left, answer = (alt.X(f"{name}:Q", axis=axis, scale=x_scale, title=None) for name in ("left", "answer"))
    columns = base.transform_filter(alt.datum.kind == "column")
    text: Any = {"align": "left", "baseline": "top", "fontSize": 13, "lineBreak": "\n", "lineHeight": LINE}

    def only(kind: str) -> alt.Chart:
        return base.transform_filter(alt.datum.kind == kind)

    layers: list[Any] = [
        columns.mark_rect(color=colour["line"], opacity=0.75).encode(x=left, x2="right:Q", y=y, y2="base:Q"),
        columns.mark_rule(color=colour["quiet"], size=1).encode(
            x=left, x2="right:Q", y=row_place(height, "base")
        ),
        columns.mark_text(dy=-4, baseline="bottom", fontSize=12, fontWeight=600, color=colour["text"]).encode(
            x=answer, y=y, text="text:N"
        ),
        only("title").mark_text(**text, color=colour["text"]).encode(x=alt.value(0), y=y, text="text:N"),
        only("camps").mark_text(**text, color=colour["late"]).encode(x=alt.value(0), y=y, text="text:N"),
        only("hidden").mark_text(**text, color=colour["quiet"]).encode(x=alt.value(0), y=y, text="text:N"),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(asked: Sequence[Item], found: dict[str, ItemResult], instrument: Instrument) -> pd.DataFrame:
    answers = [str(answer) for answer in range(instrument.minimum, instrument.maximum + 1)]
    columns = [_("Statement"), *answers, "n", _("Mean"), _("Standard deviation")]
    return pd.DataFrame([_cells(item, found.get(item.key), len(answers)) for item in asked], columns=columns)


def _cells(item: Item, one: ItemResult | None, n_answers: int) -> tuple[str, ...]:
    if one is None:
        return _title(item), *["–"] * n_answers, "–", _("too few to show"), "–"
    decimals = disclosure.decimals_for(one.n)
    figures = (str(one.n), i18n.number(one.mean, decimals), i18n.number(one.sd, decimals))
    return _title(item), *map(str, one.counts), *figures


def _how(result: RoundResult, instrument: Instrument) -> tuple[tuple[str, str], ...]:
    floor = max(result.floor, disclosure.FLOOR_DISTRIBUTION)
    return (
        (
            _("Method:"),
            _(
                "How many people chose each answer, as they gave it: statements that count the other way round are "
                "not turned here. Two camps: the answers lie further apart than when everybody had ticked at random."
            ),
        ),
        (_("Data:"), data_words(result, instrument)),
        (
            _("Hidden:"),
            _(
                "Statements that fewer than {floor} people of a group answered, and those from which the answers of a "
                "few could be worked out, such as when some left a statement open."
            ).format(floor=floor),
        ),
        (_("Limits:"), instrument.source[i18n.language()]),
        (
            _("Source:"),
            _("James, Demaree and Wolf (1984): a spread wider than that of evenly spread answers."),
        ),
    )
