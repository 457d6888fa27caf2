"""Reached reference levels over three years, with the four lines beside them: each has its own name and its own row."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import COLOURS, Figure, finished, reason_text, reference_name
from qualitycycle.charts.outcomes import point_label
from qualitycycle.charts.scales import row_place
from qualitycycle.cycle.level_gate import N_YEARS, SMALL
from qualitycycle.cycle.reached_levels import ReachedLevels, Source, SubjectYear
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.imports.inspectie import Verdict
from qualitycycle.words import SUBJECTS

ROW = 42
# So wide is a percentage.
FIGURE = 48
COLUMNS = ["kind", "y", "top", "value", "title", "figure", "words", "name"]
# In this order on the chart; the school's own ambition is not the Inspectie's threshold.
LINES = ("ambition", "threshold", "national", "similar")
WITHOUT_FIGURE = {
    Verdict.SMALL_SCHOOL: N_(
        "Fewer than {small} pupils in three years: the Inspectorate looks at five years then, and those are not all "
        "here, so there is no verdict. Read in your own rows of five years."
    ),
    Verdict.TOO_LITTLE_DATA: N_("Not all of these three years are known, so there is no verdict."),
}
SOURCES = {
    Source.GIVEN: N_("Figures of others, as they were read in"),
    Source.OWN: N_("Our own rows, pupil by pupil"),
}
# Why there is no figure and what to do, in one sentence.
REASONS = {
    "years_missing": N_(
        "No figure over {n} years: nothing is here yet of {years}; read in the results of the transition test."
    ),
    "subjects_missing": N_(
        "No figure over {n} years: of {years} there are no levels of all three, reading, language conventions and "
        "maths; read in what is missing."
    ),
    "years_masked": N_(
        "No figure over {n} years: the file itself hides {years}; read in your own rows of the transition test, which "
        "are counted apart."
    ),
    "too_few": N_(
        "No figure over {n} years: together these are too few pupils; it can be shown when another year is read in."
    ),
    "would_follow": N_(
        "No figure over {n} years: together with what is shown already it would tell about a few pupils; look again "
        "when the next year is in."
    ),
    "beside_given": N_(
        "No figure over {n} years: your own rows are about a few pupils more or fewer than the figures of others, and "
        "those few would follow; leave exempted pupils out of your file, as the Inspectorate does, or look at the "
        "figures of others."
    ),
    "beside_own": N_(
        "No figure over {n} years: it is about a few pupils more or fewer than your own rows, and those few would "
        "follow; look at your own rows instead."
    ),
}


@dataclass(frozen=True)
class _Side:
    name: str
    title: str
    value: float


def three_years(found: ReachedLevels, title: str, *, theme: str, target: float | None = None) -> Figure:
    """The figure over three years above its yearly shares, then one row per line beside it."""
    sides = _sides(found, found.ambition if found.ambition is not None else target)
    rows = _rows(found, sides)
    data = pd.DataFrame(rows, columns=COLUMNS).astype(dict.fromkeys(("y", "top", "value"), float))
    told = [f"{row['title']}: {row['figure']}" for row in rows if row["kind"] != "rule"]
    return Figure(
        spec=_spec(i18n.language(), theme, len(told) * ROW + 8),
        data=data,
        table=_table(found, sides),
        alt=f"{title}: " + "; ".join(told),
        how=_how(found),
        notes=_said(found, sides),
    )


def _sides(found: ReachedLevels, ambition: float | None) -> list[_Side]:
    own = [] if ambition is None else [_Side("ambition", _("Our ambition"), ambition)]
    named = {
        one.name: _Side(
            one.name, f"{reference_name(one.name)}, {_years(one.first_year, one.last_year)}", one.value
        )
        for one in found.beside
    }
    return own + [named[name] for name in LINES if name in named]


def _years(first: str, last: str) -> str:
    if first == last:
        return last
    return _("{first} to {last}").format(first=first, last=last)


def _rows(found: ReachedLevels, sides: list[_Side]) -> list[dict[str, Any]]:
    counted = found.years[-found.n_years :]
    told: list[dict[str, Any]] = [
        {
            "kind": "whole",
            "title": _whole(found),
            "figure": _figure(found.share, found.n),
            "value": found.share,
        }
    ]
    told += [
        {
            "kind": "year", "title": point_label(one), "value": one.value,
            "figure": _figure(one.value, one.n) if one.value is not None else reason_text(one.reason),
        }
        for one in reversed(counted)
    ]  # fmt: skip
    told += [
        {
            "kind": "side",
            "title": side.title,
            "figure": _percent(side.value),
            "value": side.value,
            "name": side.name,
        }
        for side in sides
    ]
    placed = [
        {**row, "y": place * ROW + 32.0, "words": f"{row['title']}: {row['figure']}"}
        for place, row in enumerate(told)
    ]
    # From its own row each line goes up along the school's figures.
    rules = [{**row, "kind": "rule", "top": 26.0} for row in placed if row["kind"] == "side"]
    return [*rules, *placed]


def _whole(found: ReachedLevels) -> str:
    text = ngettext("{n} year together", "{n} years together", found.n_years)
    return text.format(n=found.n_years)


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{i18n.number(value, 1)}%"


def _figure(share: float | None, n: int | None) -> str:
    if share is None:
        return "–"
    return f"{_percent(share)} (n = {n})" if n else _percent(share)


@cache
def _spec(language: str, theme: str, height: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    axis = alt.Axis(title=None, tickCount=5, domain=False, labelExpr="datum.label + '%'")
    x = alt.X("value:Q", axis=axis, scale=alt.Scale(zero=False, nice=True, padding=14), title=None)
    y = row_place(height)
    shades = [colour["target"], colour["late"], colour["quiet"], colour["action"]]
    shade = alt.Color("name:N", legend=None, scale=alt.Scale(domain=list(LINES), range=shades))
    dash = alt.StrokeDash(
        "name:N",
        legend=None,
        scale=alt.Scale(domain=list(LINES), range=[[6, 4], [1, 0], [2, 3], [8, 3, 2, 3]]),
    )
    tip = alt.Tooltip("words:N", title=" ")
    named = base.transform_filter("datum.kind != 'rule'")
    halo: dict[str, Any] = {"color": colour["paper"], "stroke": colour["paper"], "strokeWidth": 5}
    size = alt.condition("datum.kind == 'whole'", alt.value(230), alt.value(90))

    def texts(**look: Any) -> list[Any]:
        # In large type on a small chart a name ends before its figure begins.
        beside = alt.ExprRef(f"width - {FIGURE}")
        return [
            named.mark_text(align="left", dy=-15, fontSize=13, limit=beside, **look).encode(
                x=alt.value(0), y=y, text="title:N"
            ),
            named.mark_text(align="right", dy=-15, fontSize=13, **look).encode(
                x=alt.value("width"), y=y, text="figure:N"
            ),
        ]

    layers: list[Any] = [
        base.transform_filter(alt.datum.kind == "rule")
        .mark_rule(size=1.5)
        .encode(x=x, y=y, y2=alt.Y2("top:Q"), color=shade, strokeDash=dash, tooltip=tip),
        base.transform_filter("datum.kind == 'whole' || datum.kind == 'year'")
        .mark_point(color=colour["line"], filled=True, opacity=1)
        .encode(x=x, y=y, size=size, tooltip=tip),
        base.transform_filter(alt.datum.kind == "side")
        .mark_point(filled=True, shape="diamond", size=110, opacity=1)
        .encode(x=x, y=y, color=shade, tooltip=tip),
        *texts(**halo),
        *texts(color=colour["text"]),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _said(found: ReachedLevels, sides: list[_Side]) -> tuple[str, ...]:
    others = [f"{side.title}: {_percent(side.value)}" for side in sides if side.name != "threshold"]
    about = _(
        "The threshold is about the school as a whole over three years: it is no norm for a group or a teacher."
    )
    said = (
        reached_verdict(found),
        _five(found),
        _hidden_years(found),
        " · ".join(others),
        _last_year(found),
        _source(found),
        _one_pupil(found),
        about,
    )
    return (said[0], *(one for one in said[1:] if one))


def _five(found: ReachedLevels) -> str:
    if found.share is None or found.n_years == N_YEARS:
        return ""
    text = _(
        "Fewer than {small} pupils in three years: as the Inspectorate does, these are {n} years together."
    )
    return text.format(small=SMALL, n=found.n_years)


def _hidden_years(found: ReachedLevels) -> str:
    hidden = any(one.reason == "too_few" for one in found.years[-found.n_years :])
    if found.share is None or not hidden:
        return ""
    return _("A year that is too small to show by itself does count in the years together.")


def _last_year(found: ReachedLevels) -> str:
    """The subjects of the last year, each with its pupils."""
    last = [one for one in found.subjects if one.year == found.subjects[0].year]
    told = [f"{_(SUBJECTS[one.subject])} {_reached(one)}" for one in last if one.n]
    return f"{last[0].year}: {' · '.join(told)}" if told else ""


def _reached(one: SubjectYear) -> str:
    return _("{n} of {all}").format(n=one.reached, all=one.n)


def _source(found: ReachedLevels) -> str:
    """What the figure rests on, and that it is never added up with the other source."""
    if found.source is Source.OWN:
        return _(
            "Counted from your own rows, pupil by pupil; figures of others are not in it. The Inspectorate does not "
            "count exempted pupils: where those are in your file, its figure differs."
        )
    return _("Figures of others, as they were read in; your own rows of pupils are not in it.")


def _one_pupil(found: ReachedLevels) -> str:
    """How much one pupil weighs: the levels of one pupil go together, so there is no simple interval."""
    if not found.n:
        return ""
    return _("One pupil of these {n} is {points} percentage points of this figure.").format(
        n=found.n, points=i18n.number(100 / found.n, 1)
    )


def reached_verdict(found: ReachedLevels) -> str:
    """Above or below the threshold over these years, or why that cannot be said, in one sentence."""
    if found.share is None and found.reason in REASONS:
        years = ", ".join(found.missing)
        return _(REASONS[found.reason]).format(n=found.n_years, years=years)
    if found.verdict in WITHOUT_FIGURE:
        return _(WITHOUT_FIGURE[found.verdict]).format(small=SMALL)
    threshold = next((one for one in found.beside if one.name == "threshold"), None)
    if threshold is None or found.verdict is None:
        return _(
            "No threshold is known for these years, so there is no verdict. Read in your school weighting."
        )
    texts = {
        Verdict.ABOVE: _(
            "{share} of level {level} reached: above the Inspectorate's threshold of {threshold}."
        ),
        Verdict.BELOW: _(
            "{share} of level {level} reached: below the Inspectorate's threshold of {threshold}."
        ),
    }
    said = texts[found.verdict].format(
        share=_percent(found.share), level=found.level, threshold=_percent(threshold.value)
    )
    if found.share is not None and round(found.share, 2) == threshold.value:
        said = _(
            "{share} of level {level} reached: exactly the Inspectorate's threshold, and that counts as above."
        )
        return said.format(share=_percent(found.share), level=found.level)
    return said


def _table(found: ReachedLevels, sides: list[_Side]) -> pd.DataFrame:
    rows = [(_whole(found), _percent(found.share), str(found.n) if found.n else "–")]
    rows += [
        (
            point_label(one),
            _percent(one.value) if one.value is not None else reason_text(one.reason),
            str(one.n) if one.n else "–",
        )
        for one in reversed(found.years)
    ]
    rows += [_subject_row(one) for one in found.subjects]
    rows += [(side.title, _percent(side.value), "–") for side in sides]
    return pd.DataFrame(rows, columns=[_("What"), _("Value"), "n"])


def _subject_row(one: SubjectYear) -> tuple[str, str, str]:
    what = f"{one.year}, {_(SUBJECTS[one.subject])}"
    if one.reached is None or not one.n:
        return what, reason_text("too_few"), "–"
    return what, f"{_percent(100 * one.reached / one.n)} ({_reached(one)})", str(one.n)


def _how(found: ReachedLevels) -> tuple[tuple[str, str], ...]:
    looked_up = (
        _("The school weighting of your school is {weighting}.").format(
            weighting=i18n.number(found.school_weighting, 2)
        )
        if found.school_weighting is not None
        else _(
            "Threshold and similar schools depend on the school weighting; they came with the figures or are not here."
        )
    )
    return (
        (
            _("Method:"),
            _(
                "As the Inspectorate counts: every pupil counts for three levels (reading, language conventions, "
                "maths). The share of those reached at {level}, over three years weighted by the number of pupils; "
                "over five years with fewer than {small} pupils in three. Exactly the threshold counts as above."
            ).format(level=found.level, small=SMALL),
        ),
        (_("Data:"), f"{_(SOURCES[found.source])}. {looked_up}"),
        (
            _("Beside it:"),
            _(
                "Our ambition is what the school itself wants. The threshold is the Inspectorate's for this school "
                "weighting. National mean and similar schools are means of the figures that were published; "
                "similar schools have the same school weighting within one point."
            ),
        ),
        (
            _("Limits:"),
            _(
                "Every year these are other pupils. There is no interval: the three levels of one pupil go together, "
                "and these figures do not tell how much. The Inspectorate looks at more than this figure before it "
                "judges a school."
            ),
        ),
    )
