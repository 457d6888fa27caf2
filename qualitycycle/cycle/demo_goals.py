"""The goals of the example school and their indicators, from making to judging."""

from __future__ import annotations

from datetime import date
from functools import partial

from qualitycycle import config
from qualitycycle.cycle import act, indicators, plan, series
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle.demo_actions import add_action
from qualitycycle.cycle.demo_rounds import hold_vote
from qualitycycle.cycle.demo_telling import PHASES, Story, Telling
from qualitycycle.cycle.demo_texts import GoalText, IndicatorText
from qualitycycle.model import Goal, Indicator, Judgement, NextStep, PhaseMove
from qualitycycle.store.records import Transaction, new_id

# At which shares of the time told a goal is made and closed, and reaches each later phase.
GOAL_MADE, GOAL_CLOSED = 0.05, 0.95
GOAL_MOVES = (0.08, 0.1, 0.16, 0.86)


def plan_goal(told: Telling, text: GoalText) -> None:
    told.at(told.day(GOAL_MADE), lambda: _make_goal(told, text))
    if not told.running:
        told.at(told.day(GOAL_CLOSED), lambda: _close_goal(told, text))


def _make_goal(told: Telling, text: GoalText) -> None:
    story = told.story
    goal = _carried(told, text) if text.carried else _new_goal(told, text)
    told.goals[text.title] = goal
    moves = GOAL_MOVES[: text.phase] if told.running else GOAL_MOVES
    told.at(told.day(moves[-1]), lambda: _move_goal(told, goal, [told.day(share) for share in moves]))
    kept = {one.title: one for one in plan.find(story.store, story.leader, Indicator, goal_id=goal.goal_id)}
    for indicator in text.indicators:
        _make_indicator(told, goal, indicator, kept.get(indicator.title))
    for action in text.actions:
        add_action(told, action, goal)
    for place, vote in enumerate(text.votes):
        told.at(told.day(vote.at), partial(hold_vote, told, goal, vote, place))


def _move_goal(told: Telling, goal: Goal, days: list[date]) -> None:
    """All moves of a goal in one transaction: what `plan.move_phase` does, day by day."""
    moves = [
        PhaseMove(phase_move_id=new_id(), noun="goal", noun_id=goal.goal_id, phase=phase, moved_on=day)
        for phase, day in zip(PHASES[1:], days, strict=False)
    ]

    def use_case(tx: Transaction) -> None:
        for move in moves:
            with config.as_of(move.moved_on):
                tx.insert(move)
        tx.change(Goal, goal.goal_id, None, phase=moves[-1].phase)

    told.story.store.write(use_case, actor=told.story.leader, verb="move_phase_goal")


def _new_goal(told: Telling, text: GoalText) -> Goal:
    story = told.story
    new = Goal(
        goal_id=new_id(),
        cycle_id=told.cycle.cycle_id,
        ambition_id=story.ambitions[text.ambition].ambition_id,
        team_id=story.teams.get(text.team),
        owner_id=story.person_id(text.owner),
        title=text.title,
        text=text.text,
        due_on=told.cycle.last_on,
        standards=text.standards,
        predicted=text.predicted,
    )
    return plan.record(story.store, story.leader, new)


def _carried(told: Telling, text: GoalText) -> Goal:
    story = told.story
    goals = plan.find(story.store, story.leader, Goal, cycle_id=told.cycle.cycle_id)
    goal = next(goal for goal in goals if goal.carried_from and goal.title == text.title)
    return plan.change(
        story.store,
        story.leader,
        Goal,
        goal.goal_id,
        goal.revision,
        text=text.text,
        due_on=told.cycle.last_on,
        predicted=text.predicted,
    )


def _make_indicator(told: Telling, goal: Goal, text: IndicatorText, kept: Indicator | None) -> None:
    story = told.story
    baseline, target, baseline_on = text.baseline, text.target, told.cycle.first_on
    if text.line:
        last = _last_point(story, text.line)
        baseline, baseline_on = round(last.value or 0), last.on
        target = baseline + text.gain
    if kept is not None:
        plan.change(
            story.store,
            story.leader,
            Indicator,
            kept.indicator_id,
            kept.revision,
            baseline=baseline,
            baseline_on=baseline_on,
            target=target,
            due_on=told.cycle.last_on,
        )
        return
    new = Indicator(
        indicator_id=new_id(),
        goal_id=goal.goal_id,
        title=text.title,
        kind=text.kind,
        unit=text.unit,
        direction=text.direction,
        baseline=baseline,
        baseline_on=baseline_on,
        target=target,
        due_on=told.cycle.last_on,
        levels=text.levels,
        series=texts.LINES[text.line].as_json() if text.line else {},
    )
    plan.record(story.store, story.leader, new)


def _last_point(story: Story, line: str) -> series.Point:
    points = series.series(story.store, story.leader, texts.LINES[line]).points
    return next(point for point in reversed(points) if point.value is not None)


def _close_goal(told: Telling, text: GoalText) -> None:
    story = told.story
    goal = told.goals[text.title]
    judgement, happened = text.judgement, text.happened
    if judgement is None:
        judgement, figures = _judge(story, goal)
        happened = f"{happened} {figures}"
    told.judgements[text.title] = judgement
    closing = act.GoalClosing(happened, judgement, text.learned, text.next_step, text.predicted)
    act.close_goal(story.store, story.leader, goal.goal_id, None, closing)
    if text.next_step is NextStep.ADAPT and any(goal.title == later.title for later in _next_goals(story)):
        story.carried_goals = [goal.goal_id]


def _next_goals(story: Story) -> list[GoalText]:
    number = 0 if story.last_cycle is None else 1
    return [goal for goal in texts.CYCLES[number + 1].goals if goal.carried]


def _judge(story: Story, goal: Goal) -> tuple[Judgement, str]:
    """What the figures allow to say, so that text and figures agree under every seed."""
    indicator = plan.find(story.store, story.leader, Indicator, goal_id=goal.goal_id)[0]
    points = indicators.points_of(story.store, story.leader, indicator)
    value = next(point.value for point in reversed(points) if point.value is not None)
    baseline, target = indicator.baseline or 0, indicator.target or 0
    figures = f"Het ging van {baseline:.0f}% naar {value:.0f}%; wij wilden {target:.0f}%."
    if value >= target:
        return Judgement.REACHED, figures
    return (Judgement.PARTLY if value > baseline else Judgement.NOT_REACHED), figures
