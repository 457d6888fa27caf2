"""One goal on one page, and everything of one cycle."""

from __future__ import annotations

from dataclasses import replace

from qualitycycle import i18n, words
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.confidence import VotePoint
from qualitycycle.cycle.reports import GoalReview, Review
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import ActionState, Phase
from qualitycycle.reports import goals, planned, school
from qualitycycle.reports.content import (
    Account,
    Block,
    Callout,
    Cell,
    Column,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Table,
    Value,
    shown,
    without_empty,
)

# On one page: so many actions, and so much evidence.
N_ACTIONS, N_EVIDENCE = 6, 5

# --- one goal --------------------------------------------------------------------------------------------


def one_goal(review: Review) -> list[Block]:
    """A goal on one page: what it is, how it stands, what is done, what the evidence says."""
    if not review.goals:
        return [school.nothing_yet(review)]
    goal = review.goals[0]
    return [
        *([Paragraph(goal.goal.text)] if goal.goal.text else []),
        _in_short(review, goal),
        goals.verdict(review, goal),
        *_outcome(goal),
        *_one_line(goal),
        *_first_actions(review, goal),
        *_first_evidence(review, goal),
        *_last_votes(goal),
    ]


def _in_short(review: Review, goal: GoalReview) -> Facts:
    """Whose it is and by when in one line, and how it stands."""
    whole = dict(goals.facts(review, goal).rows)
    rows = [(label, whole.get(label, "")) for label in (_("Ambition"), _("Inspection standards"))]
    whose = [whole.get(label, "") for label in (_("For whom"), _("Owner"), _("By"))]
    return without_empty(
        [
            (_("Whose, and by when"), " · ".join(text for text in whose if text)),
            *rows,
            (_("How it stands"), goals.stands(goal)),
        ]
    )


def _first_actions(review: Review, goal: GoalReview) -> list[Block]:
    """As many actions as fit beside everything else, those that are not finished first."""
    if not goal.actions:
        return [_no_actions()]
    ended = (ActionState.DONE, ActionState.STOPPED)
    chosen = sorted(goal.actions, key=lambda action: action.state in ended)[:N_ACTIONS]
    learned = any(action.learned for action in chosen)
    return [_with_rest(goals.actions(review, goal, chosen, learned=learned), len(goal.actions))]


def _first_evidence(review: Review, goal: GoalReview) -> list[Block]:
    if not goal.evidence:
        return []
    chosen = goal.evidence[:N_EVIDENCE]
    table = goals.evidence(chosen, goals.targets(review.goals), short=True)
    return [_with_rest(table, len(goal.evidence))]


def _with_rest(table: Table, n: int) -> Table:
    """A table that says how many rows do not stand on this page."""
    rest = n - len(table.rows)
    if rest <= 0:
        return table
    text = ngettext(
        "And {n} more: see the report of the whole cycle.",
        "And {n} more: see the report of the whole cycle.",
        rest,
    )
    return replace(table, notes=(*table.notes, text.format(n=rest)))


def _outcome(goal: GoalReview) -> list[Block]:
    told = goals.outcome(goal)
    return [told] if told.rows else []


def _no_actions() -> Callout:
    return Callout(_("No action yet."), _("Agree on one small first step, with one name and one date."))


def _one_line(goal: GoalReview) -> list[Block]:
    """The leading line as a picture, its last values, and the other lines in a row each."""
    found: list[Block] = []
    line = goals.leading(goal)
    if line is None:
        return [Callout(_("No indicator yet."), _("Agree how you will see that this goal comes closer."))]
    if goals.is_worth_a_picture(line):
        picture = goals.line_picture(goal, line)
        found.append(replace(picture, said=picture.said[:1], height=goals.LOW))
        found.append(goals.last_values(line))
    elif line.points:
        found.append(goals.values_table(line, line.indicator.title))
    others = [one for one in goal.lines if one is not line]
    if others:
        found.append(_others(others))
    return found


def _others(lines: list[LineReading]) -> Table:
    columns = (
        Column(_("Other indicators"), 3.4),
        Column(_("Baseline"), 1.2, figures=True),
        Column(_("Last value"), 1.2, figures=True),
        Column("n", 0.6, figures=True),
        Column(_("When"), 1.3),
        Column(_("Target"), 1.2, figures=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for line in lines:
        one, last = line.indicator, goals.last_shown(line)
        rows.append(
            (
                one.title,
                goals.short(one, one.baseline),
                goals.short(one, last.value, last.n) if last else Value(_("none yet")),
                goals.count(last.n if last else None),
                Value(i18n.short_day(last.on), last.on) if last else "–",
                goals.short(one, one.target),
            )
        )
    return Table("", columns, tuple(rows), sheet=_("Other indicators"))


def _votes(goal: GoalReview) -> list[Block]:
    shown = [vote for vote in goal.votes if vote.result.shown]
    if not goal.votes:
        return []
    if not shown:
        text = _("Cannot tell yet how sure the team is: no vote has had enough answers.")
        return [without_empty([(_("How sure is the team?"), text)])]
    return [_vote_table(goal.votes)]


def _last_votes(goal: GoalReview) -> list[Block]:
    """The last votes beside each other, where one page holds everything."""
    whole = _votes(goal)
    if not whole or not isinstance(whole[0], Table):
        return whole
    rows = whole[0].rows[-goals.N_LAST :]
    columns = (
        Column(_("How sure is the team? (0 to 100)"), 2),
        *(Column(shown(row[0]), 1, figures=True) for row in rows),
    )
    names = (_("Mean"), _("Spread"), "n")
    turned = tuple((name, *(row[place] for row in rows)) for place, name in enumerate(names, start=1))
    return [Table("", columns, turned, sheet=_("Confidence"))]


def _vote_table(votes: tuple[VotePoint, ...]) -> Table:
    columns = (
        Column(_("Vote on"), 2),
        Column(_("Mean (0 to 100)"), 1.5, figures=True),
        Column(_("Spread"), 1, figures=True),
        Column("n", 0.7, figures=True),
    )
    rows: list[tuple[Cell, ...]] = []
    for vote in votes:
        own = vote.result
        told: tuple[Cell, Cell] = (
            (Value(i18n.number(own.mean), own.mean), Value(i18n.number(own.spread), own.spread))
            if own.shown
            else (_("too few to show"), "–")
        )
        rows.append((Value(i18n.short_day(vote.on), vote.on), *told, goals.count(own.n)))
    note = _("Who was there differs from vote to vote, so a difference can be other people.")
    return Table(_("How sure is the team?"), columns, tuple(rows), (note,), sheet=_("Confidence"))


def short_account(own: Account) -> list[Block]:
    """The account of a report of one page, in as few words as it can be told."""
    return [
        Heading(_("About this report")),
        Facts(
            (
                (_("Period"), own.period),
                (_("Sources"), " ".join(own.sources)),
                (_("Left out"), " ".join(own.hidden)),
                (
                    _("Data version"),
                    _("{version}; made on {day}").format(
                        version=i18n.number(own.data_version), day=i18n.day(own.made_on)
                    ),
                ),
            )
        ),
    ]


# --- everything of a cycle -------------------------------------------------------------------------------


def cycle(review: Review) -> list[Block]:
    """Everything of one cycle, in the order of the thread."""
    return [
        _cycle_facts(review),
        *([school.nothing_yet(review)] if review.empty else []),
        *planned.vision(review),
        *_overview(review),
        *(block for goal in review.goals for block in _goal(review, goal)),
        *_loose(review),
        *_team(review),
        *_results(review),
        *school.successes(review),
        *planned.still_missing(review),
    ]


def _cycle_facts(review: Review) -> Facts:
    one = review.cycle
    moves = {move.phase: move.moved_on for move in review.moves}
    phases = [
        f"{words.phase(phase, review.school)} ({i18n.short_day(moves[phase])})"
        for phase in Phase
        if phase in moves
    ]
    return without_empty(
        [
            (_("Period"), school.period(review)),
            (_("Phases"), " · ".join(phases)),
            (_("Closed on"), i18n.day(one.closed_on) if one.closed_on else _("still running")),
            (_("What went well"), one.went_well),
            (_("What we learned"), one.learned),
        ]
    )


def _overview(review: Review) -> list[Block]:
    if not review.goals:
        return []
    return [Heading(_("Goals and progress")), goals.progress(review, review.goals)]


def _goal(review: Review, goal: GoalReview) -> list[Block]:
    return [
        Heading(goal.goal.title),
        *([Paragraph(goal.goal.text)] if goal.goal.text else []),
        goals.facts(review, goal),
        goals.verdict(review, goal),
        *_outcome(goal),
        *goals.lines(goal),
        *([goals.actions(review, goal, goal.actions)] if goal.actions else []),
        *([goals.evidence(goal.evidence, goals.targets(review.goals))] if goal.evidence else []),
        *_votes(goal),
    ]


def _loose(review: Review) -> list[Block]:
    found: list[Block] = []
    if review.loose_actions:
        found += [Heading(_("Actions without a goal")), goals.actions(review, None, review.loose_actions)]
    if review.loose_evidence:
        n = len(review.loose_evidence)
        found += [
            Heading(_("Evidence that hangs on nothing")),
            Paragraph(
                ngettext(
                    "{n} piece is not tied to a goal or action:",
                    "{n} pieces are not tied to a goal or action:",
                    n,
                ).format(n=n)
            ),
            _loose_evidence(review),
        ]
    return found


def _loose_evidence(review: Review) -> Table:
    columns = (
        Column(_("Evidence"), 3),
        Column(_("Kind"), 1.5),
        Column(_("Date"), 1.2),
        Column("n", 0.6, figures=True),
    )
    rows = tuple(
        (
            piece.title,
            _(words.EVIDENCE_KINDS[piece.kind]),
            Value(i18n.short_day(piece.evidence_on), piece.evidence_on),
            goals.count(piece.n),
        )
        for piece in review.loose_evidence
    )
    return Table("", columns, rows, sheet=_("Loose evidence"))


def _team(review: Review) -> list[Block]:
    if not review.rounds:
        return []
    found: list[Block] = [block for one in review.rounds for block in school.round_blocks(one)]
    return [Heading(_("What the team thinks")), *found, *_per_team(review), school.team_caution()]


def _per_team(review: Review) -> list[Block]:
    last = review.rounds[-1]
    tables = school.team_tables(last, dict(review.teams))
    if not tables:
        return []
    return [
        Heading(_("Per team"), 3),
        Paragraph(
            _(
                "In the school's own order. Teams differ in size and work: this is no ranking. Talk within the team."
            ),
            quiet=True,
        ),
        *tables,
    ]


def _results(review: Review) -> list[Block]:
    if not review.outcomes:
        return []
    pictures: list[Picture] = [school.outcome_picture(review, found) for found in review.outcomes]
    return [Heading(_("Results of the school")), school.against_threshold(review), *pictures]
