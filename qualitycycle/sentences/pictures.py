"""Why a picture of outcomes cannot be drawn."""

from __future__ import annotations

from qualitycycle import errors
from qualitycycle.i18n import N_

REASONS: dict[tuple[type[errors.QualityCycleError], str], str] = {
    (errors.ViewRefused, "other_subject"): N_(
        "These are two subjects. A difference between them says nothing: choose twice the same subject."
    ),
    (errors.ViewRefused, "other_test_maker"): N_(
        "These are tests of two makers, each with its own scale. Points of the one are no points of the other, so they "
        "are not averaged or subtracted. Levels can be put side by side, reference levels best."
    ),
    (errors.ViewRefused, "other_test"): N_(
        "These are two tests. Nobody knows how points on the one compare with points on the other, so they are not "
        "averaged or subtracted."
    ),
    (errors.ViewRefused, "other_edition"): N_(
        "These are two editions of the test, each with its own scale. Points of the old one are no points of the new "
        "one, so they are not averaged or subtracted. Start a new line with the new edition."
    ),
    (errors.ViewRefused, "other_scale"): N_(
        "These scores are on two scales, so they are not averaged or subtracted. Choose two moments on one scale."
    ),
    (errors.ViewRefused, "other_score_kind"): N_(
        "These are two kinds of score, such as points and a percentage. They are not averaged or subtracted."
    ),
    (errors.ViewRefused, "not_pupils"): N_(
        "This figure was read in as it is, about many pupils at once. Which pupils are behind it is not known here, so "
        "only the figure itself can be shown over time."
    ),
    (errors.ViewRefused, "no_levels"): N_(
        "There are no levels with these results, and a share needs a level. Read in the column with levels as well."
    ),
    (errors.ViewRefused, "no_order"): N_(
        "These levels have no known order, so no share at a level or higher can be worked out."
    ),
    (errors.ViewRefused, "levels_not_points"): N_(
        "Levels are steps of unequal size, so they have no mean and no gain. Choose the scores of this test."
    ),
    (errors.ViewRefused, "mark"): N_(
        "A mark is about one test of that moment, not a place on one scale. That it was higher later does not say that "
        "pupils grew."
    ),
    (errors.ViewRefused, "percentage"): N_(
        "A percentage right depends on how hard that test was. A difference between two tests does not say how much "
        "pupils grew."
    ),
    (errors.ViewRefused, "count"): N_(
        "A number right depends on how many questions that test had. A difference between two tests does not say how "
        "much pupils grew."
    ),
    (errors.ViewRefused, "scale_unknown"): N_(
        "Neither the test nor the scale of these scores is known, so it is not known either whether two moments are on "
        "one scale. Read them in again with the name of the test."
    ),
    (errors.ViewRefused, "year_group_unknown"): N_(
        "With these results the year group is missing or does not follow on another one, so pupils cannot be followed."
    ),
    (errors.ViewRefused, "other_pupils"): N_(
        "These moments are of other pupils. A gain is about the same ones: choose two moments of one group."
    ),
    (errors.ViewRefused, "same_pupils"): N_(
        "These two moments are of the same pupils, and this comparison is for different ones. Choose the gain of the "
        "same pupils, or the same moment in two school years."
    ),
    (errors.ViewRefused, "same_moment"): N_("Choose two different moments, the earlier one first."),
    (errors.ViewRefused, "moment_unknown"): N_(
        "At this moment there are no results of this line. Choose another one."
    ),
    (errors.ViewRefused, "pair_not_offered"): N_(
        "Gains are shown from one moment to the next, over one year, and from the first moment on. Of other pairs the "
        "pupils who are not in it would follow too easily."
    ),
    (errors.ViewRefused, "one_moment"): N_(
        "For this picture at least two moments are needed that may be shown: each with enough pupils."
    ),
    (errors.ViewRefused, "not_counts"): N_(
        "Bars with numbers of pupils are for counts; these are no counts."
    ),
    (errors.ViewRefused, "not_reached_levels"): N_(
        "Years together are for the share of reached reference levels of the whole school. Read in the open data "
        "of the Inspectorate or of DUO, or your own shares with their numbers of pupils."
    ),
    (errors.ViewRefused, "no_reliability"): N_(
        "The reliability of a test is a number between 0 and 1. Look it up in the manual of the test."
    ),
}
