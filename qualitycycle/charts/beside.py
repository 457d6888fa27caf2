"""Confidence beside progress: what the team thinks, what the figures do and what was done, over one line of weeks.

Everything lies under each other on one time axis, in pixels from the top. Nothing in the picture points from one
part to another: that two things happen at the same time says nothing about a cause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd

from qualitycycle import i18n
from qualitycycle.analysis import disclosure
from qualitycycle.charts.beside_drawing import COLUMNS, spec
from qualitycycle.charts.figure import N_FOR_A_LINE, Figure
from qualitycycle.charts.goals import value_text
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.confidence import HIGHEST, LOWEST, Beside, RollingPoint, VotePoint
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, ActionState, BaselineKind

# Heights in pixels: the strip with weeks on top, a heading, a panel with values, one action.
STRIP, HEAD, PANEL, ACTION, SPACE = 34, 34, 84, 32, 14
EMPTY = 28
# About so many week numbers fit side by side on a phone.
N_WEEK_LABELS = 7
# The least and the most that the weekly pulse can say.
PULSE = (1, 6)


@dataclass(frozen=True)
class Value:
    """One value in a panel; the line breaks where `piece` changes."""

    on: date
    value: float
    words: str
    low: float | None = None
    high: float | None = None
    piece: int = 0


@dataclass(frozen=True)
class Panel:
    """One strip of values with a scale of its own; `unknown`: why there is nothing to see in it."""

    title: str
    lowest: float
    highest: float
    marks: tuple[tuple[float, str], ...]
    values: tuple[Value, ...] = ()
    hidden: tuple[tuple[date, str], ...] = ()
    target: tuple[float, str] | None = None
    rebases: tuple[tuple[date, str], ...] = ()
    unknown: str = ""

    @property
    def is_joined(self) -> bool:
        return len(self.values) >= N_FOR_A_LINE


@dataclass
class _Drawing:
    """Rows of the picture, and how far down it has come."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    top: float = 0

    def add(self, kind: str, **fields: Any) -> None:
        for name in ("on", "until"):
            if isinstance(fields.get(name), date):
                fields[name] = fields[name].isoformat()
        self.rows.append(
            {**dict.fromkeys(COLUMNS), "words": "", "label": "", "piece": "", "kind": kind, **fields}
        )


def confidence_beside(found: Beside, *, theme: str) -> Figure:
    """The team's confidence in a goal, its indicators and its actions over the weeks of the cycle."""
    panels = [_confidence(found), *_pulse(found), *(_progress(found, line) for line in found.lines)]
    drawing = _Drawing()
    _draw_weeks(drawing, found)
    for panel in panels:
        _draw_panel(drawing, panel)
    actions = _in_sight(found)
    _draw_actions(drawing, found, actions)
    height = int(drawing.top)
    for free in found.holidays:
        first, last = max(free.first_on, found.first_on), min(free.last_on, found.last_on)
        words = f"{free.name}: {i18n.short_day(free.first_on)} – {i18n.short_day(free.last_on)}"
        drawing.add("holiday", on=first, until=last, y=STRIP - 8, y2=height, words=words)
    data = pd.DataFrame(drawing.rows, columns=COLUMNS).astype({"y": float, "y2": float})
    said = _said(found)
    return Figure(
        spec=spec(i18n.language(), theme, height),
        data=data,
        table=_table(found, panels, actions),
        alt=" ".join([_("Confidence beside progress."), *said]),
        how=_how(found),
        notes=(*said, _legend(found)),
    )


# --- panels ----------------------------------------------------------------------------------------------


def _confidence(found: Beside) -> Panel:
    values, hidden, piece = [], [], 0
    for vote in found.votes:
        if not vote.result.shown:
            # The line never runs across a vote that is not shown.
            piece += 1
            hidden.append((vote.on, f"{i18n.short_day(vote.on)}: {_('too few to show')}"))
            continue
        mean, spread = vote.result.mean or 0, vote.result.spread or 0
        low, high = max(mean - spread, LOWEST), min(mean + spread, HIGHEST)
        values.append(
            Value(vote.on, mean, f"{i18n.short_day(vote.on)}: {vote_words(vote)}", low, high, piece)
        )
    return Panel(
        _("How sure is the team? (0–100)"),
        LOWEST,
        HIGHEST,
        tuple((value, i18n.number(value)) for value in (LOWEST, 50, HIGHEST)),
        tuple(values),
        tuple(hidden),
        unknown="" if values else _("No vote with enough answers yet."),
    )


def vote_words(vote: VotePoint) -> str:
    """A vote that may be seen, in one line."""
    one = vote.result
    decimals = disclosure.decimals_for(one.n or 0) - 1
    return _("{mean} of 100, spread {spread} (n = {n})").format(
        mean=i18n.number(one.mean, decimals), spread=i18n.number(one.spread, decimals), n=one.n
    )


def _pulse(found: Beside) -> Iterable[Panel]:
    """The weekly pulse about trust in the goals of the team, when its rounds are there."""
    within = [point for point in found.pulse if found.first_on <= point.on <= found.last_on]
    if within:
        yield Panel(
            _("Weekly pulse: trust in our goals (1–6)"),
            *PULSE,
            tuple((float(value), i18n.number(value)) for value in PULSE),
            tuple(Value(point.on, point.mean, _pulse_words(point)) for point in within),
        )


def _pulse_words(point: RollingPoint) -> str:
    text = ngettext("{day}: {mean}, {n} round", "{day}: {mean}, mean of {n} rounds", point.n_rounds)
    return text.format(day=i18n.short_day(point.on), mean=i18n.number(point.mean, 1), n=point.n_rounds)


def _progress(found: Beside, line: LineReading) -> Panel:
    indicator = line.indicator
    values, piece = [], 0
    for place, stretch in enumerate(line.stretches):
        for point in stretch.rows:
            if point is None or point.value is None:
                piece += 1
            elif found.first_on <= point.on <= found.last_on:
                words = f"{i18n.short_day(point.on)}: {value_text(indicator, point.value, point.n)}"
                n = f" (n = {point.n})" if point.n else ""
                values.append(Value(point.on, point.value, words + n, piece=1000 * place + piece))
    target = indicator.target
    known = [value.value for value in values] + ([] if target is None else [target])
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    low, high = (low - 1, high + 1) if low == high else (low, high)
    return Panel(
        indicator.title,
        low,
        high,
        tuple((value, _short(line, value)) for value in (low, high)) if values else (),
        tuple(values),
        target=None if target is None else (target, _target_words(line)),
        rebases=tuple(
            (one.applies_on, _("Counting starts again: {title}").format(title=one.reason))
            for one in line.baselines
            if one.kind is BaselineKind.REBASE and found.first_on <= one.applies_on <= found.last_on
        ),
        unknown="" if values else _("No values in these weeks yet."),
    )


def _short(line: LineReading, value: float) -> str:
    """A value beside the panel: levels are too long for there, their number is not."""
    if line.indicator.levels:
        return i18n.number(round(value))
    text = i18n.number(value, 0 if value == round(value) else 1)
    return f"{text}%" if line.indicator.unit.strip() == "%" else text


def _target_words(line: LineReading) -> str:
    return _("Target: {value}").format(value=value_text(line.indicator, line.indicator.target))


# --- drawing ---------------------------------------------------------------------------------------------


def _draw_weeks(drawing: _Drawing, found: Beside) -> None:
    # Both ends are there without a mark, so that everything has the same time axis.
    drawing.add("edge", on=found.first_on)
    drawing.add("edge", on=found.last_on)
    step = max(1, -(-len(found.weeks) // N_WEEK_LABELS))
    for week in found.weeks[::step]:
        label = _("wk {n}").format(n=week.number)
        drawing.add("week", on=max(week.monday, found.first_on), y=8, label=label)
    for day in found.meetings:
        if found.first_on <= day <= found.last_on:
            words = _("Weekly meeting, {day}").format(day=i18n.short_day(day))
            drawing.add("meeting", on=day, y=22, words=words)
    drawing.top = STRIP


def _draw_panel(drawing: _Drawing, panel: Panel) -> None:
    # The name of the highest value stands between the heading and its line.
    drawing.add("head", y=drawing.top + HEAD / 4, label=panel.title)
    top = drawing.top + HEAD
    bottom = top + (EMPTY if panel.unknown else PANEL)

    def at(value: float) -> float:
        return bottom - (value - panel.lowest) / (panel.highest - panel.lowest) * PANEL

    for value, label in () if panel.unknown else panel.marks:
        drawing.add("grid", y=at(value), label=label)
    if panel.target and not panel.unknown:
        drawing.add("target", y=at(panel.target[0]), words=panel.target[1])
    for day, words in panel.rebases:
        drawing.add("rebase", on=day, y=top, y2=bottom, words=words)
    for one in panel.values:
        if one.low is not None and one.high is not None:
            drawing.add("spread", on=one.on, y=at(one.low), y2=at(one.high), words=one.words)
        piece = f"{panel.title} {one.piece}"
        drawing.add("value", on=one.on, y=at(one.value), words=one.words, piece=piece)
        if panel.is_joined:
            drawing.add("joined", on=one.on, y=at(one.value), piece=piece)
    for day, words in panel.hidden:
        drawing.add("hidden", on=day, y=bottom - 6, words=words)
    if panel.unknown:
        drawing.add("unknown", y=top - 8, label=_("Cannot tell yet"))
        drawing.add("why", y=top + 10, label=panel.unknown)
    drawing.top = bottom + SPACE


def _draw_actions(drawing: _Drawing, found: Beside, actions: Sequence[Action]) -> None:
    drawing.add("head", y=drawing.top + HEAD / 4, label=_("Actions"))
    drawing.top += HEAD - 12
    if not actions:
        drawing.add("why", y=drawing.top + 8, label=_("No action has begun in these weeks."))
    for action in actions:
        first, last = _span(found, action)
        words = _action_words(action)
        drawing.add("name", y=drawing.top + 7, label=action.title, words=words)
        drawing.add("action", on=first, until=last, y=drawing.top + 21, words=words)
        drawing.add("stop" if _ended(action) else "goes_on", on=last, y=drawing.top + 21, words=words)
        drawing.top += ACTION
    drawing.top += SPACE if not actions else 2


def _in_sight(found: Beside) -> list[Action]:
    """Actions that were going on in these weeks, the first begun first. What is only planned has not begun."""
    begun = [
        action
        for action in found.actions
        if action.state is not ActionState.PLANNED
        and action.start_on is not None
        and action.start_on <= found.last_on
        and (_ended(action) or found.last_on) >= found.first_on
    ]
    return sorted(begun, key=lambda action: (action.start_on or found.first_on, action.action_id))


def _ended(action: Action) -> date | None:
    """When an action stopped; one that is done without a day of its own was so when it was due or evaluated."""
    if action.state is ActionState.RUNNING:
        return None
    return action.stopped_on or action.evaluated_on or action.due_on


def _span(found: Beside, action: Action) -> tuple[date, date]:
    first = max(action.start_on or found.first_on, found.first_on)
    return first, max(first, min(_ended(action) or found.last_on, found.last_on))


def _action_words(action: Action) -> str:
    ended = _ended(action)
    until = i18n.short_day(ended) if ended else _("still going on")
    return f"{action.title}: {i18n.short_day(action.start_on)} – {until}"


# --- in words --------------------------------------------------------------------------------------------


def _said(found: Beside) -> tuple[str, ...]:
    shown = [vote for vote in found.votes if vote.result.shown]
    no_cause = _(
        "That things happen at the same time does not make one the cause of another. This picture cannot say why."
    )
    if not shown:
        return _("Cannot tell yet how sure the team is: no vote has had enough answers."), no_cause
    last = _("Last vote, {day}: {words}.").format(
        day=i18n.short_day(shown[-1].on), words=vote_words(shown[-1])
    )
    few = _("From three votes on you can see a line.") if len(shown) < N_FOR_A_LINE else ""
    return last, " ".join(filter(None, [few, no_cause]))


def _legend(found: Beside) -> str:
    parts = [
        _("● mean, with the spread as a bar"),
        _("○ too few to show") if any(not vote.result.shown for vote in found.votes) else "",
        _("■ action stopped, ▶ still going on") if _in_sight(found) else "",
        _("dashed: target") if any(line.indicator.target is not None for line in found.lines) else "",
        _("grey band: holiday") if found.holidays else "",
        _("small dots on top: weekly meetings") if found.meetings else "",
    ]
    return " \N{MIDDLE DOT} ".join(filter(None, parts))


def _table(found: Beside, panels: Sequence[Panel], actions: Sequence[Action]) -> pd.DataFrame:
    """Everything in the picture in time, with the school week it fell in."""
    rows: list[tuple[date, str, str]] = [
        (one.on, panel.title, one.words.partition(": ")[2]) for panel in panels for one in panel.values
    ]
    rows += [(day, panel.title, _("too few to show")) for panel in panels for day, _words in panel.hidden]
    rows += [(day, panel.title, words) for panel in panels for day, words in panel.rebases]
    rows += [(day, _("Weekly meeting"), "") for day in found.meetings]
    for action in actions:
        if action.start_on:
            rows.append((action.start_on, action.title, _("begins")))
        if (ended := _ended(action)) is not None and ended <= found.last_on:
            rows.append((ended, action.title, _("stops")))
    rows.sort(key=lambda row: row[0])
    return pd.DataFrame(
        [(i18n.short_day(day), _week_of(found, day), what, value) for day, what, value in rows],
        columns=[_("When"), _("School week"), _("What"), _("Value")],
    )


def _week_of(found: Beside, day: date) -> str:
    number = next((week.number for week in reversed(found.weeks) if week.monday <= day), None)
    is_free = any(free.first_on <= day <= free.last_on for free in found.holidays)
    return "–" if number is None or is_free else str(number)


def _how(found: Beside) -> tuple[tuple[str, str], ...]:
    n = len(found.votes)
    return (
        (
            _("Method:"),
            _(
                "In a meeting everybody answers by phone how sure we are, from 0 to 100, that we reach this goal. "
                "The dot is the mean, the bar how far answers lie from it on average. With fewer than ten answers only "
                "whole points are shown."
            ),
        ),
        (_("Data:"), ngettext("{n} closed vote.", "{n} closed votes.", n).format(n=n)),
        (
            _("Hidden:"),
            _(
                "Votes with fewer than {floor} answers. They look the same as votes that nobody answered."
            ).format(floor=disclosure.FLOOR),
        ),
        (
            _("Limits:"),
            _(
                "Who was there differs from week to week, so a difference between two votes can be other people. "
                "Confidence and figures may move together because of something that is not in this picture."
            ),
        ),
    )
