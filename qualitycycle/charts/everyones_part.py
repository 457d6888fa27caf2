"""How contributions were spread over the school: per kind and cycle a band, beside an even division and a lottery."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis.evenness import Evenness, Spread
from qualitycycle.charts.figure import COLOURS, Figure, finished
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle.everyones_part import Contribution, Picture
from qualitycycle.i18n import N_, _

ROW, HIDDEN_ROW, BAR, HEADING = 50, 26, 16, 34
COLUMNS = ["kind", "y", "y_end", "low", "high", "even", "lot", "title", "figure", "words"]
NUMBERS = ("y", "y_end", "low", "high", "even", "lot")
KINDS = {
    Contribution.ACTIONS: N_("Actions carried"),
    Contribution.EVIDENCE: N_("Evidence added"),
    Contribution.SUCCESSES: N_("Successes"),
    Contribution.MEETINGS: N_("Meetings led"),
}
SPREADS = {
    Spread.MANY: N_("carried by many"),
    Spread.BETWEEN: N_("in between"),
    Spread.FEW: N_("carried by a few"),
}


def everyones_part(pictures: Sequence[Picture], *, theme: str) -> Figure:
    """Per kind one band for each cycle: what share of it the people who did most carried."""
    rows, height = _rows(pictures)
    data = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(NUMBERS, float))
    said = part_sentences(pictures[0])
    return Figure(
        spec=_spec(i18n.language(), theme, height),
        data=data,
        table=_table(pictures),
        alt=" ".join(said),
        how=_how(pictures[0]),
        notes=(said[0], *said[1:]),
    )


def part_sentences(picture: Picture) -> list[str]:
    """What the latest picture says, kind by kind; first of all which cycle it is about."""
    first = _("{cycle}: what the people who did most carried of it.").format(cycle=picture.cycle.title)
    legend = _(
        "Bar: somewhere in it lies their share. Line: divided as evenly as it can be. Diamond: divided by lot."
    )
    return [first, legend, *(_sentence(_(KINDS[one.kind]), one.found) for one in picture.shapes)]


def _sentence(name: str, found: Evenness) -> str:
    if found.spread is None:
        return _(
            "{kind}: not to be said yet: there are too few contributions, or it would give somebody away."
        ).format(kind=name)
    said = _(
        "{kind}: {spread}. Of {n} contributions the {n_top} who did most, of {n_people} people, carried {low} to "
        "{high}; divided by lot it would have been about {lot}."
    )
    return said.format(
        kind=name,
        spread=_(SPREADS[found.spread]),
        n=found.n,
        n_top=found.n_top,
        n_people=found.n_people,
        low=_percent(found.low),
        high=_percent(found.high),
        lot=_percent(found.lot),
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{i18n.number(round(100 * share))}%"


def _rows(pictures: Sequence[Picture]) -> tuple[list[dict[str, Any]], int]:
    rows: list[dict[str, Any]] = []
    y = 0
    for kind in Contribution:
        rows.append({"kind": "heading", "y": y + 20, "title": _(KINDS[kind])})
        y += HEADING
        for picture in pictures:
            found = next((one.found for one in picture.shapes if one.kind is kind), None)
            if found is not None:
                rows.append(_row(picture, kind, found, y))
                y += ROW if found.spread else HIDDEN_ROW
    return rows, y


def _row(picture: Picture, kind: Contribution, found: Evenness, y: int) -> dict[str, Any]:
    told = {
        "y": y + 20,
        "y_end": y + 20 + BAR,
        "title": picture.cycle.title,
        "words": f"{picture.cycle.title}. {_sentence(_(KINDS[kind]), found)}",
    }
    if found.spread is None:
        return told | {"kind": "hidden", "figure": _("not to be said yet")}
    return told | {
        "kind": "band",
        "low": found.low,
        "high": found.high,
        "even": found.even,
        "lot": found.lot,
        "figure": f"{_(SPREADS[found.spread])}: {_percent(found.low)} – {_percent(found.high)}",
    }


@cache
def _spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(title=None, format="%", values=[0, 0.25, 0.5, 0.75, 1], domain=False)
    scale = alt.Scale(domain=[0, 1])
    y = row_place(height)

    def place(name: str) -> alt.X:
        return alt.X(f"{name}:Q", axis=axis, scale=scale, title=None, stack=None)

    band = base.transform_filter(alt.datum.kind == "band")
    named = base.transform_filter("datum.kind != 'heading'")
    tooltip = alt.Tooltip("words:N", title=" ")
    layers: list[Any] = [
        # The whole of it, so that a band is seen as a part.
        band.mark_bar(color=colour["box"]).encode(
            x=alt.XDatum(0, scale=scale), x2=alt.X2Datum(1), y=y, y2="y_end:Q"
        ),
        band.mark_bar(color=colour["line"], cornerRadius=3).encode(
            x=place("low"), x2="high:Q", y=y, y2="y_end:Q", tooltip=tooltip
        ),
        band.mark_rule(color=colour["text"], strokeWidth=4).encode(
            x=place("even"), y=y, y2="y_end:Q", tooltip=tooltip
        ),
        band.mark_point(
            shape="diamond",
            size=110,
            filled=True,
            fill=colour["paper"],
            stroke=colour["text"],
            strokeWidth=2,
            opacity=1,
            yOffset=BAR / 2,
        ).encode(x=place("lot"), y=y, tooltip=tooltip),
        named.mark_text(align="left", dy=-9, fontSize=13, color=colour["text"]).encode(
            x=alt.value(2), y=y, text="title:N"
        ),
        named.mark_text(align="right", dy=-9, fontSize=13, fontWeight=600, color=colour["text"]).encode(
            x=alt.value("width"), y=y, text="figure:N"
        ),
        base.transform_filter(alt.datum.kind == "heading")
        .mark_text(align="left", fontSize=14, fontWeight="bold", color=colour["text"])
        .encode(x=alt.value(2), y=y, text="title:N"),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(pictures: Sequence[Picture]) -> pd.DataFrame:
    rows = [
        (
            _(KINDS[shape.kind]),
            picture.cycle.title,
            _(SPREADS[shape.found.spread]) if shape.found.spread else _("not to be said yet"),
            f"{_percent(shape.found.low)} – {_percent(shape.found.high)}" if shape.found.spread else "–",
            _percent(shape.found.even),
            _percent(shape.found.lot),
            str(shape.found.n or "–"),
            str(shape.found.n_people),
        )
        for picture in pictures
        for shape in picture.shapes
    ]
    names = [
        _("What"), _("Quality cycle"), _("Spread"), _("Share of who did most"), _("If divided evenly"),
        _("If divided by lot"), _("Contributions"), _("People"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


HOW = (
    (
        N_("What is counted:"),
        N_(
            "An action counts for its owner and each helper, evidence for who knows more about it, a success for "
            "those of the action or goal it hangs on, a meeting for who led it. Contributions that are nobody's "
            "are left out."
        ),
    ),
    (
        N_("Method:"),
        N_(
            "People are put in order of how much they did, without names. Of the {n_top} who did most (a quarter "
            "of the team, never fewer than 5) the share lies somewhere in the band. There are three bands, between "
            "as even as it can be (the line) and everything by these few; the exact share is kept nowhere."
        ),
    ),
    (
        N_("By lot:"),
        N_(
            "The diamond is what the ones who did most would have carried on average had every contribution been "
            "drawn by lot. With few contributions chance alone looks uneven: a band around the diamond says "
            "nothing."
        ),
    ),
    (
        N_("Hidden:"),
        N_(
            "A kind is shown from 10 contributions by at least 5 people, in a team of at least 10, and when no one "
            "person did more than a quarter. Which of these it is, is not told. Only closed cycles, drawn once: a "
            "picture that moved along would tell whose each new action was."
        ),
    ),
    (
        N_("What stands by name already:"),
        N_(
            "Who owns an action, helps, knows more about evidence or led a meeting stands with it, for whoever "
            "works here: people who work together need to know. This picture adds nothing to that, not even for "
            "who knows her own part: of nobody else it follows whether she contributed."
        ),
    ),
    (
        N_("Limits:"),
        N_(
            "What was not written down is not here: talks, help in passing, a group kept calm. Who works two days "
            "counts as one person, as does who works five. The picture says nothing about anybody, and may not be "
            "used to judge or to address anybody."
        ),
    ),
)


def _how(picture: Picture) -> tuple[tuple[str, str], ...]:
    n_top = picture.shapes[0].found.n_top
    return tuple((_(head), _(text).format(n_top=n_top)) for head, text in HOW)
