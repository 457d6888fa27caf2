"""Results in, figures out: an Altair specification without data, the data, a table, and how it was calculated.

A specification depends on language, theme and size only, so each is built once; the data goes beside it.
"""

from qualitycycle.charts.beside import confidence_beside
from qualitycycle.charts.change import change_sentences, scale_changes
from qualitycycle.charts.cohort import cohort
from qualitycycle.charts.counts import count_bars
from qualitycycle.charts.everyones_part import everyones_part
from qualitycycle.charts.figure import (
    N_FOR_A_LINE,
    Figure,
    interval_text,
    reason_text,
    reference_name,
    signed,
)
from qualitycycle.charts.funnel import funnel
from qualitycycle.charts.gain import by_themselves, gain
from qualitycycle.charts.goals import MARKS, goal_line, value_text
from qualitycycle.charts.levels import level_shares
from qualitycycle.charts.network import (
    network_key,
    network_strips,
    network_themes,
    network_value,
    school_names,
    step_words,
)
from qualitycycle.charts.outcomes import (
    MOMENTS,
    begins_at_zero,
    is_percent,
    moment_label,
    moment_of,
    outcome_interval,
    outcome_line,
    outcome_text,
    point_label,
)
from qualitycycle.charts.rounds import scale_over_rounds
from qualitycycle.charts.scales import agreement_words, scale_results
from qualitycycle.charts.share_change import share_change
from qualitycycle.charts.statements import statements
from qualitycycle.charts.thread import TreeNode, thread_tree
from qualitycycle.charts.three_years import SOURCES, reached_verdict, three_years
from qualitycycle.charts.time_spent import time_spent

__all__ = [
    "MARKS",
    "MOMENTS",
    "N_FOR_A_LINE",
    "SOURCES",
    "Figure",
    "TreeNode",
    "agreement_words",
    "begins_at_zero",
    "by_themselves",
    "change_sentences",
    "cohort",
    "confidence_beside",
    "count_bars",
    "everyones_part",
    "funnel",
    "gain",
    "goal_line",
    "interval_text",
    "is_percent",
    "level_shares",
    "moment_label",
    "moment_of",
    "network_key",
    "network_strips",
    "network_themes",
    "network_value",
    "outcome_interval",
    "outcome_line",
    "outcome_text",
    "point_label",
    "reached_verdict",
    "reason_text",
    "reference_name",
    "scale_changes",
    "scale_over_rounds",
    "scale_results",
    "school_names",
    "share_change",
    "signed",
    "statements",
    "step_words",
    "thread_tree",
    "three_years",
    "time_spent",
    "value_text",
]
