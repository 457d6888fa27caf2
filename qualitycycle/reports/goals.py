"""Goals in a report: how they stand, their lines, their actions and their evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from qualitycycle import charts, i18n, readings, weighing_words, words
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.evidence import ORDER
from qualitycycle.cycle.reports import GoalReview, Review
from qualitycycle.cycle.series import Point
from qualitycycle.cycle.thread import is_late
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, ActionState, GoalState, Indicator, Link, Says
from qualitycycle.reports import pictures, weighing
from qualitycycle.reports.content import (
    Block,
    Callout,
    Cell,
    Column,
    Facts,
    Picture,
    Table,
    Value,
    without_empty,
)
from qualitycycle.reports.weighing import Pairs

# Paper is white, whatever the screen is.
THEME = "light"
# So many values on one page beside everything else.
N_LAST = 6
# In pixels: a line over time, and one that shares a page with everything else about its goal.
HEIGHT, LOW = 190, 105


# --- figures ---------------------------------------------------------------------------------------------


def value(indicator: Indicator, figure: float | None, n: int | None = None) -> Value:
    return Value(charts.value_text(indicator, figure, n), figure)


def last_shown(line: LineReading) -> Point | None:
    return next((point for point in reversed(line.points) if point.value is not None), None)


def count(n: int | None) -> Value:
    return Value("–", None) if n is None else Value(i18n.number(n), n)


def leading(goal: GoalReview) -> LineReading | None:
    """The line that a goal is followed by."""
    return goal.lines[0] if goal.lines else None


def stands(goal: GoalReview) -> str:
    """How a goal stands: the team's judgement when it is closed, else what can honestly be said."""
    if goal.goal.state is GoalState.CLOSED and goal.goal.judgement:
        return _(words.JUDGEMENTS[goal.goal.judgement])
    return _(words.STATUSES[goal.status])


def progress(review: Review, goals: Sequence[GoalReview]) -> Table:
    """Every goal with every indicator: where it began, where it is, where it should be."""
    columns = (
        Column(_("Goal"), 2.5),
        Column(_("Indicator"), 2.5),
        Column(_("Baseline"), 1.85, figures=True),
        Column(_("Last value"), 1.4, figures=True),
        Column("n", 0.7, figures=True),
        Column(_("When"), 1.75),
        Column(_("Target"), 1.9, figures=True),
        Column(_("How it stands"), 1.8),
    )
    rows = [row for goal in goals for row in _progress_rows(goal)]
    return Table(_("Goals and indicators"), columns, tuple(rows), (_n_words(),), sheet=_("Goals"))


def _progress_rows(goal: GoalReview) -> Iterable[tuple[Cell, ...]]:
    if not goal.lines:
        yield (goal.goal.title, _("no indicator"), "–", "–", "–", "–", "–", stands(goal))
    for place, line in enumerate(goal.lines):
        one, last = line.indicator, last_shown(line)
        yield (
            goal.goal.title if place == 0 else "",
            one.title,
            short(one, one.baseline),
            short(one, last.value, last.n) if last else Value(_("none yet")),
            count(last.n if last else None),
            Value(i18n.short_day(last.on), last.on) if last else "–",
            short(one, one.target),
            stands(goal) if place == 0 else "",
        )


def short(indicator: Indicator, figure: float | None, n: int | None = None) -> Value:
    """A figure for a narrow column: a level by its number."""
    return Value(charts.value_text(indicator, figure, n, short=True), figure)


def _n_words() -> str:
    return _(
        "n: on how many pupils, people or lessons a value rests; – means not written down, or too few to tell."
    )


def values_table(line: LineReading, title: str) -> Table:
    """Every value of a line in time, also the ones that are not shown."""
    one, points = line.indicator, line.points
    has_interval = any(point.low is not None for point in points)
    columns = [
        Column(_("When"), 1.6),
        Column(_("Value"), 1.6, figures=True),
        *([Column(_("Interval (95%)"), 2.0, figures=True)] if has_interval else []),
        Column("n", 0.8, figures=True),
    ]
    rows = [_value_row(one, point, has_interval) for point in points]
    return Table(title, tuple(columns), tuple(rows), sheet=title, narrow=True)


def last_values(line: LineReading) -> Table:
    """The last values of a line beside each other, which takes little room."""
    points = line.points[-N_LAST:]
    columns = (
        Column(_("The last values"), 1.4),
        *(Column(i18n.short_day(point.on), 1, figures=True) for point in points),
    )
    cells = [_value_row(line.indicator, point, True) for point in points]
    names = (_("Value"), _("Interval (95%)"), "n")
    rows = [(name, *(row[place] for row in cells)) for place, name in enumerate(names, start=1)]
    if all(point.low is None for point in points):
        del rows[1]
    return Table("", columns, tuple(rows), sheet=_("The last values"))


def _value_row(one: Indicator, point: Point, has_interval: bool) -> tuple[Cell, ...]:
    shown = (
        Value(charts.reason_text(point.reason)) if point.value is None else short(one, point.value, point.n)
    )
    return (
        Value(i18n.short_day(point.on), point.on),
        shown,
        *([charts.interval_text(point.low, point.high)] if has_interval else []),
        count(point.n),
    )


def line_picture(goal: GoalReview, line: LineReading) -> Picture:
    """A goal's line with its actions, and in words what the screen would say at a click."""
    one = line.indicator
    references = goal.references[goal.lines.index(line)]
    figure = charts.goal_line(line, goal.actions, theme=THEME, references=references)
    told = readings.sentences(line, goal.actions)
    marks = figure.notes[-1] if len(figure.notes) > len(told) else ""
    return Picture(
        title=one.title,
        figure=figure,
        said=tuple(text for text in told if text),
        legend=" · ".join(filter(None, (_legend(line, references), marks, _axis(one, figure)))),
        n=_rests_on(line),
        table=values_table(line, one.title),
        height=HEIGHT,
    )


def _axis(one: Indicator, figure: charts.Figure) -> str:
    # Levels have words of their own, and no zero.
    return "" if one.levels else pictures.axis_words(figure)


def _legend(line: LineReading, references: Sequence[tuple[str, float]]) -> str:
    """The signs of the picture, which on paper have no tooltip."""
    one = line.indicator
    target, baseline = one.target is not None, one.baseline is not None and one.baseline_on is not None
    parts = [
        _("dashed line: target {value}").format(value=short(one, one.target).shown) if target else "",
        _("open diamond: baseline {value}").format(value=short(one, one.baseline).shown) if baseline else "",
        *(f"{charts.reference_name(name)}: {charts.value_text(one, figure)}" for name, figure in references),
    ]
    return " · ".join(part for part in parts if part)


def _rests_on(line: LineReading) -> str:
    shown = [point for point in line.points if point.value is not None]
    known = [point.n for point in shown if point.n is not None]
    source = _("Imported results") if line.indicator.series else _("Values typed in by the school")
    if not known:
        return f"{source}; " + _("n was not written down.")
    if min(known) == max(known):
        return f"{source}; n = {known[0]}."
    return f"{source}; " + _("n from {low} to {high} per value.").format(low=min(known), high=max(known))


def is_worth_a_picture(line: LineReading) -> bool:
    """Fewer values than make a line are told in a table."""
    return sum(point.value is not None for point in line.points) >= charts.N_FOR_A_LINE


# --- one goal --------------------------------------------------------------------------------------------


def facts(review: Review, goal: GoalReview) -> Facts:
    """What a goal is: whose, by when, part of what."""
    one = goal.goal
    ambition = next((a.title for a in review.ambitions if a.ambition_id == one.ambition_id), "")
    return without_empty(
        [
            (_("Ambition"), ambition),
            (_("For whom"), goal.team or _("the whole school")),
            (_("Owner"), goal.owner),
            (_("By"), i18n.day(one.due_on) if one.due_on else ""),
            (_("Inspection standards"), ", ".join(one.standards)),
            (_("How it stands"), stands(goal)),
        ]
    )


def outcome(goal: GoalReview) -> Facts:
    """What a closed goal came to, in the team's own words."""
    one = goal.goal
    return without_empty(
        [
            (_("What we predicted"), one.predicted),
            (_("What happened"), one.happened),
            (_("Judgement of the team"), _(words.JUDGEMENTS[one.judgement]) if one.judgement else ""),
            (_("What we learned"), one.learned),
            (_("What follows"), _(words.NEXT_STEPS[one.next_step]) if one.next_step else ""),
        ]
    )


def verdict(review: Review, goal: GoalReview) -> Callout:
    """What the evidence lets us say of a goal."""
    said = weighing.said(goal.evidence, review.last_on)
    return Callout(_("What the evidence says: {verdict}").format(verdict=said.verdict.lower()), said.why)


def lines(goal: GoalReview, *, all_of_them: bool = True) -> list[Block]:
    """The lines of a goal: as pictures where there are values enough, else as tables."""
    chosen = goal.lines if all_of_them else goal.lines[:1]
    found: list[Block] = []
    for line in chosen:
        if is_worth_a_picture(line):
            found.append(line_picture(goal, line))
        elif line.points:
            found.append(values_table(line, line.indicator.title))
    return found


# --- actions ---------------------------------------------------------------------------------------------


def period_of(action: Action) -> str:
    """From when to when; what has no date says so."""
    if action.start_on is None and action.due_on is None:
        return _("no date yet")
    ended = action.stopped_on if action.state in (ActionState.DONE, ActionState.STOPPED) else action.due_on
    if action.start_on and ended and action.start_on <= ended:
        return i18n.short_period(action.start_on, ended)
    return f"{i18n.short_day(action.start_on)} – {i18n.short_day(ended)}"


def came_of(review: Review, action: Action) -> str:
    """Its state and, once it was evaluated, whether it went as planned and what follows."""
    late = f" ({_('late')})" if is_late(action, review.last_on) else ""
    said = [_(words.ACTION_STATES[action.state]) + late]
    if action.done_as_planned:
        said.append(
            _("as planned: {answer}").format(answer=_(words.AS_PLANNED[action.done_as_planned]).lower())
        )
    if action.next_step:
        said.append(_(words.NEXT_STEPS[action.next_step]))
    return "; ".join(said)


def actions(
    review: Review, goal: GoalReview | None, chosen: Sequence[Action], *, learned: bool = True
) -> Table:
    """Actions of one goal with who, when, how it went, what was learned, and what their evidence allows."""
    about = {action.action_id: goal for action in chosen} if goal else {}
    return actions_of_several(review, about, chosen, learned=learned)


def actions_of_several(
    review: Review, about: Mapping[str, GoalReview], chosen: Sequence[Action], *, learned: bool = True
) -> Table:
    """The same for actions of several goals; `about` is action id to its goal."""
    named = bool(review.people)
    columns = [
        Column(_("Action"), 2.8),
        *([Column(_("Owner"), 1.3)] if named else []),
        Column(_("Period"), 2.3),
        Column(_("How it went"), 2.0),
        *([Column(_("Learned"), 2.4)] if learned else []),
        Column(_("What the evidence says"), 1.8),
    ]
    rows = [
        (
            action.title,
            *([review.name(action.owner_id) or "–"] if named else []),
            period_of(action),
            came_of(review, action),
            *([action.learned or "–"] if learned else []),
            _weighed(review, about.get(action.action_id), action),
        )
        for action in chosen
    ]
    return Table(_("Actions"), tuple(columns), tuple(rows), sheet=_("Actions"))


def _weighed(review: Review, goal: GoalReview | None, action: Action) -> str:
    if goal and action.action_id in goal.verdicts:
        return _(weighing_words.VERDICTS[goal.verdicts[action.action_id]])
    pairs = goal.about(action.action_id) if goal else []
    return weighing.said(pairs, review.last_on).verdict


def planned_actions(review: Review, chosen: Sequence[Action]) -> Table:
    """Actions as they were agreed: who, when, why it should work and what we expect."""
    named = bool(review.people)
    columns = [
        Column(_("Action"), 2.6),
        *([Column(_("Owner"), 1.3)] if named else []),
        Column(_("Period"), 2.1),
        Column(_("Why it should work"), 2.4),
        Column(_("What we expect"), 2.4),
    ]
    rows = [
        (
            action.title,
            *([review.name(action.owner_id) or "–"] if named else []),
            period_of(action),
            action.grounds or "–",
            action.prediction or "–",
        )
        for action in chosen
    ]
    return Table(_("Actions"), tuple(columns), tuple(rows), sheet=_("Actions"))


# --- evidence --------------------------------------------------------------------------------------------


def evidence(pairs: Pairs, targets: Mapping[str, str], *, short: bool = False) -> Table:
    """Evidence with what it says, contradicting first; in `short` without what its own page tells."""
    columns = (
        Column(_("Says"), 1.65),
        Column(_("Evidence"), 2.8),
        *([] if short else [Column(_("Kind"), 1.4)]),
        Column(_("Date"), 1.5),
        Column("n", 0.6, figures=True),
        *([] if short else [Column(_("Source"), 1.7)]),
        Column(_("About"), 2.2),
    )
    rows: list[tuple[Cell, ...]] = [
        (
            _(words.SAYS[link.says]),
            f"{piece.title}\n{link.note}" if link.note else piece.title,
            *([] if short else [_(words.EVIDENCE_KINDS[piece.kind])]),
            Value(i18n.short_day(piece.evidence_on), piece.evidence_on),
            count(piece.n),
            *([] if short else [piece.source or "–"]),
            targets.get(link.noun_id, "–"),
        )
        for link, piece in pairs
    ]
    return Table(_("Evidence, contradicting first"), columns, tuple(rows), (_n_words(),), sheet=_("Evidence"))


def targets(goals: Sequence[GoalReview]) -> dict[str, str]:
    """What evidence can be about, by id."""
    own = {goal.goal.goal_id: _("Goal: {title}").format(title=goal.goal.title) for goal in goals}
    acted = {
        action.action_id: _("Action: {title}").format(title=action.title)
        for goal in goals
        for action in goal.actions
    }
    return own | acted


def says_order(link: Link) -> int:
    """Contradicting first, everywhere."""
    return ORDER.index(link.says)


def n_contradicting(goals: Sequence[GoalReview]) -> int:
    return sum(link.says is Says.CONTRADICTS for goal in goals for link, _piece in goal.evidence)


def counted(goals: Sequence[GoalReview]) -> str:
    """How many goals and actions there are."""
    n_actions = sum(len(goal.actions) for goal in goals)
    return i18n.join(
        [
            ngettext("{n} goal", "{n} goals", len(goals)).format(n=len(goals)),
            ngettext("{n} action", "{n} actions", n_actions).format(n=n_actions),
        ]
    )
