"""The data wall of the example school: five pictures around its goal of this year, each of another kind."""

from __future__ import annotations

from dataclasses import replace

from qualitycycle import config
from qualitycycle.cycle import demo_outcomes as outcomes
from qualitycycle.cycle import demo_texts as texts
from qualitycycle.cycle import wall
from qualitycycle.cycle.demo_telling import DAY, Story
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import View, ViewKind

# The pupils who are in group 6 now, from their first test on.
FIRST_GROUP, GROUP_NOW = 3, 6
HIGHER_LEVEL = "1S/2F"


def hang(story: Story) -> None:
    """Hang the pictures, a week before today."""
    with config.as_of(story.today - 7 * DAY):
        for view in _views(outcomes.years_with_outcomes(story.today)[-1]):
            wall.hang(story.store, story.leader, view)


def _views(last_year: int) -> list[View]:
    line = texts.LINES["maths_4"]
    levels = replace(line, level=None)
    began = last_year - (GROUP_NOW - FIRST_GROUP)
    pupils = replace(levels, score_kind="score", year_group=str(FIRST_GROUP))
    return [
        View(ViewKind.LINE, line),
        View(ViewKind.LEVELS, levels, end="M"),
        View(ViewKind.COHORT, pupils, start=f"{began}-{began + 1} M"),
        View(ViewKind.FUNNEL, replace(line, year_group=None), end=f"{last_year}-{last_year + 1} M"),
        View(ViewKind.THREE_YEARS, _reached_levels()),
    ]


def _reached_levels() -> Selection:
    """The shares of the school as the Inspectie counts them."""
    return Selection(
        "language_and_maths",
        "percentage",
        pupils=False,
        test=HIGHER_LEVEL,
        scale="reference",
        year_group="8",
        level=HIGHER_LEVEL,
    )
