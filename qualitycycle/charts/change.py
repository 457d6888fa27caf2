"""What changed in a group between two rounds of a questionnaire, and how small a change it could have shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.figure import COLOURS, Figure, finished, interval_text
from qualitycycle.charts.scales import COLUMNS, data_words, placed_scales, row_place, row_texts
from qualitycycle.cycle.frozen import RoundResult
from qualitycycle.cycle.results import ScaleChange, Verdict
from qualitycycle.i18n import N_, _
from qualitycycle.model import Instrument

SEEN = (Verdict.HIGHER, Verdict.LOWER)
# Why there is no figure, in a few words.
NOTHING = {
    Verdict.FIRST: N_("first round with this questionnaire"),
    Verdict.NEW_VERSION: N_("the questionnaire changed"),
    Verdict.OTHER_TEAMS: N_("other teams took part before"),
    Verdict.TOO_FEW: N_("too few answers to show"),
    Verdict.NO_SPREAD: N_("everybody gave the same answers"),
}


def scale_changes(
    changes: Sequence[ScaleChange],
    result: RoundResult,
    instrument: Instrument,
    *,
    theme: str,
    compact: bool = False,
) -> Figure:
    """Per scale the difference with the round before, its interval, and the band in which none can be seen."""
    rows, height = _rows(changes, instrument, compact)
    numbers = {name: float for name in ("mean", "low", "high", "start", "end")}
    return Figure(
        spec=_spec(i18n.language(), theme, compact, height, _reach(changes)),
        data=pd.DataFrame(rows, columns=COLUMNS).astype(numbers),
        table=_table(changes, instrument),
        alt="; ".join(str(row["words"]) for row in rows if row["kind"] in ("scale", "hidden")),
        how=_how(changes, result, instrument),
    )


def change_sentences(changes: Sequence[ScaleChange], instrument: Instrument, *, team: bool) -> list[str]:
    """What can be said about a group, one true sentence after another."""
    said = [text for verdict in SEEN if (text := _seen_sentence(changes, verdict, instrument))]
    unseen = [one.detectable for one in changes if one.verdict is Verdict.NOT_VISIBLE and one.detectable]
    if unseen:
        decimals = max(_decimals(one) for one in changes if one.verdict is Verdict.NOT_VISIBLE)
        least = i18n.number(min(unseen), decimals)
        said.append(_too_small(team, others=bool(said)).format(least=least))
        said.append(_("That is not the same as “nothing changed”."))
    return said or [_nothing_sentence(changes)]


def _too_small(team: bool, *, others: bool) -> str:
    if others and team:
        return _(
            "For the other scales this team is too small to see a difference of less than {least} point."
        )
    if others:
        return _(
            "For the other scales this group is too small to see a difference of less than {least} point."
        )
    if team:
        return _("This team is too small to see a difference of less than {least} point.")
    return _("This group is too small to see a difference of less than {least} point.")


def _seen_sentence(changes: Sequence[ScaleChange], verdict: Verdict, instrument: Instrument) -> str:
    found = [one for one in changes if one.verdict is verdict]
    if not found:
        return ""
    titles = _titles(instrument)
    names = i18n.join([f"{titles[one.scale]} ({_signed(one)})" for one in found])
    text = (
        _("Higher than in “{before}”: {scales}.")
        if verdict is Verdict.HIGHER
        else _("Lower than in “{before}”: {scales}.")
    )
    return text.format(before=found[0].before, scales=names)


def _nothing_sentence(changes: Sequence[ScaleChange]) -> str:
    verdict = changes[0].verdict if changes else Verdict.TOO_FEW
    before = changes[0].before if changes else ""
    texts = {
        Verdict.FIRST: _(
            "This is the first round with this questionnaire. The next one can be put beside it."
        ),
        Verdict.NEW_VERSION: _(
            "The questionnaire changed after “{before}”, so the figures cannot be put beside each other."
        ).format(before=before),
        Verdict.OTHER_TEAMS: _(
            "Other teams took part in the rounds before, so there is nothing to compare with."
        ),
        Verdict.NO_SPREAD: _("Everybody gave the same answers, so chance cannot be told from change."),
    }
    return texts.get(verdict, _("Too few answers, now or before, to show a difference."))


def _titles(instrument: Instrument) -> dict[str, str]:
    return {scale.key: scale.title[i18n.language()] for scale in instrument.scales}


def _decimals(one: ScaleChange) -> int:
    return disclosure.decimals_for(min(one.n or 0, one.n_before or 0))


def _signed(one: ScaleChange) -> str:
    text = i18n.number(abs(one.diff or 0.0), _decimals(one))
    return ("+" if (one.diff or 0.0) > 0 else "−" if (one.diff or 0.0) < 0 else "") + text


# --- the picture -----------------------------------------------------------------------------------------


def _rows(
    changes: Sequence[ScaleChange], instrument: Instrument, compact: bool
) -> tuple[list[dict[str, Any]], int]:
    found = {one.scale: one for one in changes}
    placed, height = placed_scales(
        [scale for scale in instrument.scales if scale.key in found], instrument, compact
    )
    reach = _reach(changes)
    rows = [
        place if scale is None else _row(scale.title[i18n.language()], found[scale.key], reach) | place
        for scale, place in placed
    ]
    zeros = [{"kind": "zero", "mean": 0.0, "y": row["y"]} for row in rows if row["kind"] == "scale"]
    return [*rows, *zeros], height


def _row(title: str, one: ScaleChange, reach: float) -> dict[str, Any]:
    if one.diff is None or one.detectable is None:
        why = _(NOTHING[one.verdict])
        return {
            "kind": "hidden", "title": title, "figure": "–", "below": why, "start": -reach, "end": reach,
            "words": f"{title}: {why}",
        }  # fmt: skip
    below = _below(one)
    return {
        "kind": "scale",
        "title": title,
        "figure": _signed(one),
        "below": below,
        "mean": one.diff,
        "low": one.low,
        "high": one.high,
        "start": -one.detectable,
        "end": one.detectable,
        "words": f"{title}: {_signed(one)}, {below}",
        "firm": one.verdict in SEEN,
    }


def _below(one: ScaleChange) -> str:
    texts = {
        Verdict.HIGHER: _("higher ({interval}; n = {before} and {n})"),
        Verdict.LOWER: _("lower ({interval}; n = {before} and {n})"),
    }
    text = texts.get(one.verdict, _("too small to see less than {least} point (n = {before} and {n})"))
    return text.format(
        interval=interval_text(one.low, one.high, _decimals(one)),
        least=i18n.number(one.detectable, _decimals(one)),
        before=one.n_before,
        n=one.n,
    )


def _reach(changes: Sequence[ScaleChange]) -> float:
    """How far the picture goes to both sides of no difference: at least a point, in steps of half a point."""
    ends = [
        abs(value) for one in changes for value in (one.low, one.high, one.detectable) if value is not None
    ]
    return math.ceil(max([1.0, *ends]) * 2) / 2


@cache
def _spec(language: str, theme: str, compact: bool, height: int, reach: float) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in COLUMNS}))
    # A plus at the right says what is up without looking at the figures.
    signed = "datum.value ? format(datum.value, '+.1~f') : '0'"
    axis = alt.Axis(title=None, labelExpr=signed, grid=False, domain=False, tickCount=5)
    x_scale = alt.Scale(domain=[-reach, reach], clamp=True, nice=False)
    y = row_place(height)
    shown = base.transform_filter(alt.datum.kind == "scale")
    hidden = base.transform_filter(alt.datum.kind == "hidden")
    start, low, mean = (alt.X(f"{name}:Q", axis=axis, scale=x_scale) for name in ("start", "low", "mean"))
    tip = alt.Tooltip("words:N", title=" ")
    zero: Any = {
        "color": colour["quiet"],
        "thickness": 1,
        "size": 16 if compact else 24,
        "orient": "vertical",
    }
    dot: Any = {"size": 60 if compact else 190, "opacity": 1, "stroke": colour["line"], "strokeWidth": 2}
    layers: list[Any] = [
        shown.mark_rule(color=colour["soft"], size=8 if compact else 16).encode(x=start, x2="end:Q", y=y),
        hidden.mark_rule(color=colour["quiet"], size=1.5, strokeDash=[4, 5]).encode(x=start, x2="end:Q", y=y),
        base.transform_filter(alt.datum.kind == "zero").mark_tick(**zero).encode(x=mean, y=y),
        shown.mark_rule(color=colour["line"], size=3).encode(x=low, x2="high:Q", y=y),
        shown.transform_filter("datum.firm")
        .mark_circle(color=colour["line"], **dot)
        .encode(x=mean, y=y, tooltip=tip),
        shown.transform_filter("!datum.firm")
        .mark_circle(color=colour["paper"], **dot)
        .encode(x=mean, y=y, tooltip=tip),
        *row_texts(base, y, colour, compact),
    ]
    return finished(alt.layer(*layers).properties(height=height), language, theme)


def _table(changes: Sequence[ScaleChange], instrument: Instrument) -> pd.DataFrame:
    titles = _titles(instrument)
    columns = [
        _("Scale"),
        _("Compared with"),
        _("Difference"),
        _("Interval (95%)"),
        _("Smallest visible difference"),
        "n",
    ]
    return pd.DataFrame([_cells(titles[one.scale], one) for one in changes], columns=columns)


def _cells(title: str, one: ScaleChange) -> tuple[str, ...]:
    if one.diff is None:
        return title, one.before or "–", _(NOTHING[one.verdict]), "–", "–", "–"
    decimals = _decimals(one)
    return (
        title,
        one.before,
        _signed(one),
        interval_text(one.low, one.high, decimals),
        i18n.number(one.detectable, decimals),
        _("{before} and {n}").format(before=one.n_before, n=one.n),
    )


def _how(
    changes: Sequence[ScaleChange], result: RoundResult, instrument: Instrument
) -> tuple[tuple[str, str], ...]:
    befores = list(dict.fromkeys(one.before for one in changes if one.diff is not None))
    compared = _("Compared with {rounds}.").format(rounds=i18n.join([f"“{title}”" for title in befores]))
    return (
        (
            _("Method:"),
            _(
                "This round's mean minus that of the round before, with its 95% interval (Welch). The band is the "
                "smallest difference that two groups of this size and spread can show. A filled dot: the interval "
                "leaves 0 out. An open dot: it does not, so nobody can say."
            ),
        ),
        (_("Data:"), " ".join([data_words(result, instrument), compared if befores else ""]).strip()),
        (
            _("Rounding:"),
            _(
                "Differences are worked out with the exact means and rounded afterwards, so they can be off by one "
                "in the last decimal from what you subtract yourself."
            ),
        ),
        (
            _("Limits:"),
            _(
                "Nobody knows whether the same people answered, so both rounds count as separate groups; that is "
                "cautious. A difference says nothing about its cause."
            )
            + " "
            + instrument.source[i18n.language()],
        ),
        (_("Source:"), _("Welch (1947). Checked against R (t.test).")),
    )
