"""Reports for others: the MR, the board, and the self-evaluation per inspection standard."""

from __future__ import annotations

from collections.abc import Sequence

from qualitycycle import charts, i18n, words
from qualitycycle.cycle.reports import GoalReview, Review
from qualitycycle.cycle.standards import Standard
from qualitycycle.cycle.thread import is_late
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Action, ActionState, GoalState, Judgement, ObstacleKind
from qualitycycle.reports import goals, school, weighing
from qualitycycle.reports.content import (
    Block,
    Bullets,
    Callout,
    Column,
    Heading,
    Paragraph,
    Table,
    without_empty,
)

# What a team says when a goal did not come out as it hoped, or when nobody can tell.
TO_TALK_ABOUT = (Judgement.NOT_REACHED, Judgement.CANNOT_TELL, Judgement.PARTLY)


# --- MR --------------------------------------------------------------------------------------------------


def mr(review: Review) -> list[Block]:
    """Plain language, no small groups, no names."""
    if review.empty:
        return [school.nothing_yet(review), *_asked(review)]
    return [
        Paragraph(_("This is what our school worked on, what came of it, and what we do not know yet.")),
        *_asked(review),
        *_vision(review),
        Heading(_("Our goals")),
        *(block for goal in review.goals for block in _plain_goal(review, goal)),
        *school.successes(review),
        *_learned(review),
        *_what_the_team_thinks(review),
        *_results_in_words(review),
    ]


def _vision(review: Review) -> list[Block]:
    if not review.visions:
        return []
    found: list[Block] = [Heading(_("What we stand for"))]
    for vision in review.visions:
        found.append(Paragraph(f"{vision.title}. {vision.text}".strip() if vision.text else vision.title))
    return found


def _plain_goal(review: Review, goal: GoalReview) -> list[Block]:
    done = [action for action in goal.actions if action.state is not ActionState.PLANNED]
    planned = [action for action in goal.actions if action.state is ActionState.PLANNED]
    one = goal.goal
    return [
        Heading(one.title, 3),
        without_empty(
            [
                (_("Where we stand"), _in_plain_words(goal)),
                (_("What happened"), one.happened),
                (_("How sure are we?"), _how_sure(review, goal)),
                (_("What we learned"), one.learned),
                (_("What we did"), _titles(done)),
                (_("What we still plan"), _titles(planned)),
            ]
        ),
    ]


def _titles(chosen: Sequence[Action]) -> str:
    return "\n".join(action.title for action in chosen)


def _in_plain_words(goal: GoalReview) -> str:
    """How a goal stands, with its leading figure where this report may tell it."""
    said = [goals.stands(goal) + "."]
    line = goals.leading(goal)
    last = goals.last_shown(line) if line else None
    if line is None:
        return said[0]
    one = line.indicator
    if last is None:
        said.append(_("{title}: no figure that can stand in this report.").format(title=one.title))
        return " ".join(said)
    text = _("{title}: {value} on {day} (n = {n}).") if last.n else _("{title}: {value} on {day}.")
    said.append(
        text.format(
            title=one.title,
            value=charts.value_text(one, last.value, last.n),
            day=i18n.day(last.on),
            n=last.n,
        )
    )
    if one.target is not None:
        said.append(_("We want {value}.").format(value=charts.value_text(one, one.target)))
    return " ".join(said)


def _how_sure(review: Review, goal: GoalReview) -> str:
    said = weighing.said(goal.evidence, review.last_on)
    return f"{said.verdict}. {said.why}"


def _learned(review: Review) -> list[Block]:
    cycle = review.cycle
    facts = without_empty([(_("What went well"), cycle.went_well), (_("What we learned"), cycle.learned)])
    return [Heading(_("Looking back")), facts] if facts.rows else []


def _what_the_team_thinks(review: Review) -> list[Block]:
    if not review.rounds:
        return []
    return [
        Heading(_("What the team thinks")),
        *school.round_blocks(review.rounds[-1]),
        school.team_caution(),
    ]


def _results_in_words(review: Review) -> list[Block]:
    if not review.outcomes:
        return []
    return [Heading(_("Results of the school")), school.against_threshold(review)]


# --- board -----------------------------------------------------------------------------------------------


def board(review: Review) -> list[Block]:
    """Goals, progress, results against ambition and threshold, and what is asked."""
    if review.empty and not review.outcomes:
        return [school.nothing_yet(review), *_asked(review)]
    return [
        *_in_short(review),
        *_requests(review),
        *_board_goals(review),
        *_board_results(review),
        *_what_the_team_thinks(review),
        *school.successes(review),
        *_learned(review),
    ]


def _in_short(review: Review) -> list[Block]:
    closed = [goal for goal in review.goals if goal.goal.state is GoalState.CLOSED]
    judged = [
        f"{_(words.JUDGEMENTS[key])}: {n}"
        for key in Judgement
        if (n := sum(goal.goal.judgement is key for goal in closed))
    ]
    n_late = sum(is_late(action, review.last_on) for goal in review.goals for action in goal.actions)
    n_against = goals.n_contradicting(review.goals)
    against = ngettext(
        "{n} piece of evidence contradicts a goal or action",
        "{n} pieces of evidence contradict a goal or action",
        n_against,
    )
    late = ngettext("{n} action is late", "{n} actions are late", n_late)
    return [
        Heading(_("In short")),
        without_empty(
            [
                (_("Contradicted"), against.format(n=n_against) if n_against else ""),
                (_("In this cycle"), goals.counted(review.goals)),
                (_("Judgement of the team"), " · ".join(judged)),
                (_("Behind schedule"), late.format(n=n_late) if n_late else ""),
            ]
        ),
    ]


def _asked(review: Review) -> list[Block]:
    return [Callout(_("What we ask of you"), review.asked)] if review.asked else []


def _requests(review: Review) -> list[Block]:
    """What the school asks in its own words, and what the figures give to talk about."""
    return [Heading(_("What we ask")), *_asked(review), *_to_talk_about(review)]


def _to_talk_about(review: Review) -> list[Block]:
    items = [text for goal in review.goals if (text := _why_talk(review, goal))]
    below = school.below_threshold(review)
    items += [
        _("Outside our own reach: {title}").format(title=one.title)
        for one in review.obstacles
        if one.kind is ObstacleKind.OUTSIDE
    ]
    if not items and not below:
        return [Paragraph(_("To take note of this report. Nothing in it asks for a decision."))]
    return [Paragraph(_("To talk about:")), Bullets((*below, *items))]


def _why_talk(review: Review, goal: GoalReview) -> str:
    if weighing.weigh(goal.evidence, review.last_on) is weighing.Weight.CONTRADICTED:
        return _("“{title}”: there is evidence that contradicts this.").format(title=goal.goal.title)
    if goal.goal.state is GoalState.CLOSED and goal.goal.judgement in TO_TALK_ABOUT:
        return f"“{goal.goal.title}”: {_(words.JUDGEMENTS[goal.goal.judgement]).lower()}."
    if goal.goal.over_limit_reason:
        return _("“{title}” comes on top of what a team can carry: {reason}").format(
            title=goal.goal.title, reason=goal.goal.over_limit_reason
        )
    return ""


def _board_goals(review: Review) -> list[Block]:
    if not review.goals:
        return []
    return [
        Heading(_("Goals and progress")),
        goals.progress(review, review.goals),
        *(block for goal in review.goals for block in _board_goal(review, goal)),
    ]


def _board_goal(review: Review, goal: GoalReview) -> list[Block]:
    told = goals.outcome(goal)
    return [
        Heading(goal.goal.title, 3),
        goals.verdict(review, goal),
        *([told] if told.rows else []),
        *goals.lines(goal, all_of_them=False),
        *([goals.actions(review, goal, goal.actions, learned=False)] if goal.actions else []),
    ]


def _board_results(review: Review) -> list[Block]:
    if not review.outcomes:
        return []
    return [
        Heading(_("Results against ambition and threshold")),
        school.against_threshold(review),
        *(school.outcome_picture(review, found) for found in review.outcomes),
    ]


# --- self-evaluation -------------------------------------------------------------------------------------


def standards(review: Review) -> list[Block]:
    """Evidence per inspection standard, with what it lets us say and what the team judged."""
    about = {one.code: _goals_about(review, one) for one in review.standards}
    told = [one for one in review.standards if about[one.code]]
    untold = [one for one in review.standards if not about[one.code]]
    return [
        Paragraph(
            _(
                "For each standard: the goals that point at it, what the team judged, and the evidence, contradicting "
                "first. What the evidence says follows fixed rules; the judgement is the school's own."
            )
        ),
        *(
            [school.nothing_yet(review)]
            if review.empty
            else [Heading(_("In one table")), _overview(review, told)]
        ),
        *(block for one in told for block in _standard(review, one, about[one.code])),
        *_untold(untold),
        *([Heading(_("Results of the school")), school.against_threshold(review)] if review.outcomes else []),
        *_what_the_team_thinks(review),
    ]


def _goals_about(review: Review, one: Standard) -> list[GoalReview]:
    return [goal for goal in review.goals if one.code in goal.goal.standards]


def _overview(review: Review, told: Sequence[Standard]) -> Table:
    columns = (
        Column(_("Standard"), 2.6),
        Column(_("Goals"), 0.9, figures=True),
        Column(_("Evidence"), 0.9, figures=True),
        Column(_("Contradicts"), 1.4, figures=True),
        Column(_("Judgement of the team"), 2.2),
        Column(_("What the evidence says"), 1.8),
    )
    rows = []
    for one in told:
        own = _goals_about(review, one)
        pairs = [pair for goal in own for pair in goal.evidence]
        rows.append(
            (
                f"{one.code} {one.name}",
                goals.count(len(own)),
                goals.count(len({piece.evidence_id for _link, piece in pairs})),
                goals.count(goals.n_contradicting(own)),
                _judged(own),
                weighing.said(pairs, review.last_on).verdict,
            )
        )
    return Table(_("Standards with goals"), columns, tuple(rows), sheet=_("Standards"))


def _judged(own: Sequence[GoalReview]) -> str:
    judged = [_(words.JUDGEMENTS[goal.goal.judgement]) for goal in own if goal.goal.judgement]
    counted = [f"{judged.count(text)} × {text.lower()}" for text in dict.fromkeys(judged)]
    return "\n".join(counted) or _("not judged yet")


def _standard(review: Review, one: Standard, own: Sequence[GoalReview]) -> list[Block]:
    pairs = sorted(
        (pair for goal in own for pair in goal.evidence),
        key=lambda pair: (goals.says_order(pair[0]), pair[1].evidence_on),
    )
    said = weighing.said(pairs, review.last_on)
    return [
        Heading(f"{one.code} {one.name}"),
        Callout(_("What the evidence says: {verdict}").format(verdict=said.verdict.lower()), said.why),
        goals.progress(review, own),
        *(block for goal in own for block in _judgement(goal)),
        *([goals.evidence(pairs, goals.targets(own))] if pairs else []),
    ]


def _judgement(goal: GoalReview) -> list[Block]:
    one = goal.goal
    facts = without_empty(
        [
            (_("Judgement of the team"), _(words.JUDGEMENTS[one.judgement]) if one.judgement else ""),
            (_("What happened"), one.happened),
            (_("What we learned"), one.learned),
        ]
    )
    return [Heading(one.title, 3), facts] if facts.rows else []


def _untold(untold: Sequence[Standard]) -> list[Block]:
    if not untold:
        return []
    return [
        Heading(_("Standards without a goal in this cycle")),
        Paragraph(_("That is no judgement: nobody needs a goal for every standard in every cycle.")),
        Bullets(tuple(f"{one.code} {one.name}" for one in untold)),
    ]
