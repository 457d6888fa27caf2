"""What the example school types in every week."""

from __future__ import annotations

from datetime import date
from itertools import groupby

import numpy as np

from qualitycycle import config
from qualitycycle.cycle import baselines, calendar, plan, school
from qualitycycle.cycle.demo_goals import GOAL_MADE
from qualitycycle.cycle.demo_telling import DAY, Telling, YearPlan
from qualitycycle.cycle.demo_texts import CycleText, IndicatorText
from qualitycycle.model import BaselineKind, Goal, Indicator, Measurement, SchoolYear
from qualitycycle.store.records import Transaction, new_id


def type_values(told: Telling, text: CycleText, year: YearPlan) -> None:
    """Weekly values of the indicators that no import feeds, on the Fridays of school weeks."""
    story = told.story
    staff = school.staff(story.store)
    own = SchoolYear(school_year_id=year.name, first_on=year.first_on, last_on=year.last_on)
    earlier = [
        friday for one in staff.years if one.first_on < own.first_on for friday in _fridays(one, staff)
    ]
    fridays = [friday for friday in _fridays(own, staff) if friday <= told.until]
    rows = [
        measurement
        for goal in text.goals
        for indicator in goal.indicators
        if not indicator.line
        for measurement in _values(told, told.goals[goal.title], indicator, earlier, fridays)
    ]

    def use_case(tx: Transaction) -> None:
        # Somebody types them in once a month.
        for _month, those in groupby(sorted(rows, key=_when), key=lambda row: row.measured_on.month):
            month = list(those)
            with config.as_of(max(month[-1].measured_on, told.day(GOAL_MADE))):
                tx.insert_all(month)

    story.store.write(use_case, actor=story.leader, verb="add_measurement")
    _freeze_starts(told, text)


def _fridays(year: SchoolYear, staff: school.Staff) -> list[date]:
    return [monday + 4 * DAY for monday in calendar.school_weeks(year, staff.holidays)]


def _freeze_starts(told: Telling, text: CycleText) -> None:
    story = told.story
    for goal in text.goals:
        for indicator in goal.indicators:
            if indicator.freeze:
                with config.as_of(told.day(GOAL_MADE)):
                    baselines.decide(
                        story.store,
                        story.leader,
                        _indicator(told, told.goals[goal.title], indicator),
                        BaselineKind.FREEZE,
                        told.cycle.first_on - DAY,
                        indicator.freeze,
                    )


def _indicator(told: Telling, goal: Goal, text: IndicatorText) -> Indicator:
    store, leader = told.story.store, told.story.leader
    return plan.find(store, leader, Indicator, goal_id=goal.goal_id, title=text.title)[0]


def _when(one: Measurement) -> date:
    return one.measured_on


def _values(
    told: Telling, goal: Goal, text: IndicatorText, earlier: list[date], fridays: list[date]
) -> list[Measurement]:
    story = told.story
    indicator = _indicator(told, goal, text)
    before = earlier[-text.before :: text.every] if text.before else []
    days = [*before, *fridays[1 :: text.every]]
    rng = np.random.default_rng([story.seed, 4, *map(ord, text.title)])
    # Most of the change comes in the first half; then it levels off.
    path = 1 - np.exp(-3.0 * np.linspace(0, 1, max(len(days) - len(before), 2)))
    start, end = float(text.baseline or 0), text.end
    level = np.append(np.full(len(before), start), start + (end - start) * path / path[-1])
    values = level + rng.normal(0, text.noise, len(level))
    told_all = list(zip(days, values, strict=False))
    return [
        Measurement(
            measurement_id=new_id(),
            indicator_id=indicator.indicator_id,
            measured_on=day,
            value=_fitting(float(value), indicator),
            n=text.n * story.factor if text.n else None,
        )
        for day, value in told_all[-text.last :]
    ]


def _fitting(value: float, indicator: Indicator) -> float:
    if indicator.levels:
        return float(min(max(round(value), 1), len(indicator.levels)))
    return float(min(max(round(value), 0), 100)) if indicator.unit == "%" else round(max(value, 0), 1)
