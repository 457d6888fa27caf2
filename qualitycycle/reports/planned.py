"""The plan of a year, and the look back at half of it, drawn from the same records."""

from __future__ import annotations

from collections.abc import Sequence

from qualitycycle import i18n, words
from qualitycycle.cycle import meeting_words
from qualitycycle.cycle.reports import GoalReview, Review
from qualitycycle.cycle.thread import is_late
from qualitycycle.i18n import _
from qualitycycle.model import Action, ActionState, Ambition, GoalState, Round, RoundState
from qualitycycle.reports import goals, school
from qualitycycle.reports.content import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Heading,
    Paragraph,
    Table,
    Value,
    without_empty,
)

# --- the plan --------------------------------------------------------------------------------------------


def year_plan(review: Review) -> list[Block]:
    """From vision to action: what, who, when, and how it will be seen."""
    if not (review.goals or review.visions or review.ambitions):
        return [school.nothing_yet(review)]
    return [
        *vision(review),
        *(block for ambition in review.ambitions for block in _ambition(review, ambition)),
        *_without_ambition(review),
        *_measuring(review),
        *still_missing(review),
    ]


def vision(review: Review) -> list[Block]:
    """What the school stands for."""
    found: list[Block] = []
    for one in review.visions:
        found += [Heading(one.title, 3), *([Paragraph(one.text)] if one.text else [])]
    return [Heading(_("Vision")), *found] if found else []


def _ambition(review: Review, ambition: Ambition) -> list[Block]:
    own = [goal for goal in review.goals if goal.goal.ambition_id == ambition.ambition_id]
    return [
        Heading(_("Ambition: {title}").format(title=ambition.title)),
        *([Paragraph(ambition.text)] if ambition.text else []),
        *(block for goal in own for block in _planned_goal(review, goal)),
        *([] if own else [Paragraph(_("In this cycle no goal belongs to this ambition."), quiet=True)]),
    ]


def _without_ambition(review: Review) -> list[Block]:
    known = {ambition.ambition_id for ambition in review.ambitions}
    loose = [goal for goal in review.goals if goal.goal.ambition_id not in known]
    found: list[Block] = [block for goal in loose for block in _planned_goal(review, goal)]
    if found:
        found.insert(0, Heading(_("Goals without an ambition")))
    if review.loose_actions:
        found += [
            Heading(_("Actions without a goal")),
            goals.planned_actions(review, review.loose_actions),
        ]
    return found


def _planned_goal(review: Review, goal: GoalReview) -> list[Block]:
    one = goal.goal
    measured = [
        (
            line.indicator.title,
            goals.short(line.indicator, line.indicator.baseline),
            goals.short(line.indicator, line.indicator.target),
            Value(i18n.short_day(line.indicator.due_on or one.due_on), line.indicator.due_on or one.due_on),
            _(words.INDICATOR_KINDS[line.indicator.kind]),
        )
        for line in goal.lines
    ]
    columns = (
        Column(_("Indicator"), 3.4),
        Column(_("Baseline"), 1.3, figures=True),
        Column(_("Target"), 1.3, figures=True),
        Column(_("By"), 1.4),
        Column(_("Kind"), 2.4),
    )
    return [
        Heading(one.title, 3),
        *([Paragraph(one.text)] if one.text else []),
        without_empty(
            [
                (_("For whom"), goal.team or _("the whole school")),
                (_("Owner"), goal.owner),
                (_("By"), i18n.day(one.due_on) if one.due_on else ""),
                (_("Inspection standards"), ", ".join(one.standards)),
            ]
        ),
        Table(_("How we see it"), columns, tuple(measured), sheet=_("Indicators"))
        if measured
        else Callout(_("No indicator yet."), _("Agree how you will see that this goal comes closer.")),
        *([goals.planned_actions(review, goal.actions)] if goal.actions else []),
    ]


def _measuring(review: Review) -> list[Block]:
    """The rounds of questionnaires in this cycle."""
    everything = [*(one.round for one in review.rounds), *review.open_rounds]
    if not everything:
        return []
    return [Heading(_("What we ask the team")), _round_table(everything)]


def _round_table(rounds: Sequence[Round]) -> Table:
    columns = (Column(_("Questionnaire round"), 3), Column(_("Opened"), 1.3), Column(_("Closed"), 1.3))
    rows: list[tuple[Cell, ...]] = [
        (
            one.title,
            Value(i18n.short_day(one.opened_on), one.opened_on),
            Value(i18n.short_day(one.closed_on), one.closed_on)
            if one.state is RoundState.CLOSED
            else _("still open"),
        )
        for one in rounds
    ]
    return Table(_("Questionnaire rounds"), columns, tuple(rows), sheet=_("Rounds"))


def still_missing(review: Review) -> list[Block]:
    """Where the thread is broken: what a plan still needs."""
    if not review.gaps:
        return []
    items = [
        f"{_(words.GAPS[gap.kind])}: {gap.title}" if gap.title else _(words.GAPS[gap.kind])
        for gap in review.gaps
    ]
    return [
        Heading(_("What is still missing")),
        Paragraph(_("No reproach: this is where the plan can become stronger."), quiet=True),
        Bullets(tuple(items)),
    ]


# --- looking back ----------------------------------------------------------------------------------------


def half_year(review: Review) -> list[Block]:
    """What was planned for these months, what came of it, and what that means for the next."""
    if review.empty:
        return [school.nothing_yet(review)]
    return [
        Paragraph(_("What we planned for these months, what came of it, and what we do next.")),
        *_contradicted(review),
        Heading(_("Goals and progress")),
        *(
            [goals.progress(review, review.goals)]
            if review.goals
            else [Paragraph(_("There are no goals in this cycle."))]
        ),
        *_actions_then(review),
        *(block for goal in review.goals for block in _half_goal(review, goal)),
        *school.successes(review),
        *_team_then(review),
        *_ahead(review),
    ]


def _contradicted(review: Review) -> list[Block]:
    pairs = [pair for goal in review.goals for pair in goal.evidence if goals.says_order(pair[0]) == 0]
    if not pairs:
        return []
    return [
        Heading(_("First what contradicts us")),
        goals.evidence(pairs, goals.targets(review.goals)),
    ]


def _actions_then(review: Review) -> list[Block]:
    """The actions that these months were about: begun, ended, or due in them."""
    everything = [*(a for goal in review.goals for a in goal.actions), *review.loose_actions]
    chosen = [one for one in everything if _was_then(review, one)]
    if not chosen:
        return [Heading(_("Actions")), Paragraph(_("No action began, ended or was due in these months."))]
    about = {action.action_id: goal for goal in review.goals for action in goal.actions}
    return [Heading(_("Actions")), goals.actions_of_several(review, about, chosen)]


def _was_then(review: Review, one: Action) -> bool:
    return any(review.happened(day) for day in (one.start_on, one.stopped_on, one.due_on, one.evaluated_on))


def _half_goal(review: Review, goal: GoalReview) -> list[Block]:
    pictures = goals.lines(goal, all_of_them=False)
    told = goals.outcome(goal)
    if not (pictures or goal.evidence or told.rows):
        return []
    return [
        Heading(goal.goal.title, 3),
        goals.verdict(review, goal),
        *([told] if told.rows else []),
        *pictures,
    ]


def _team_then(review: Review) -> list[Block]:
    then = [one for one in review.rounds if review.happened(one.round.closed_on)]
    if not then:
        return []
    found: list[Block] = [block for one in then for block in school.round_blocks(one)]
    return [Heading(_("What the team thinks")), *found, school.team_caution()]


def _ahead(review: Review) -> list[Block]:
    """What is open: the next months begin with it."""
    going = [
        action
        for goal in review.goals
        for action in goal.actions
        if action.state in (ActionState.PLANNED, ActionState.RUNNING)
    ]
    still = [goal.goal.title for goal in review.goals if goal.goal.state is GoalState.OPEN]
    items = [
        f"{action.title} ({goals.period_of(action)}{', ' + _('late') if is_late(action, review.last_on) else ''})"
        for action in going
    ]
    if not items and not still:
        return []
    return [
        Heading(_("What is still open")),
        without_empty([(_("Goals"), "\n".join(still)), (_("Actions"), "\n".join(items))]),
        *_in_the_way(review),
        *still_missing(review),
    ]


def _in_the_way(review: Review) -> list[Block]:
    """The obstacles that nobody has solved yet."""
    items = [f"{one.title} ({_(meeting_words.OBSTACLES[one.kind]).lower()})" for one in review.obstacles]
    return [Heading(_("What stands in the way"), 3), Bullets(tuple(items))] if items else []
