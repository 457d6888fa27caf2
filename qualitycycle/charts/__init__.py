"""Results in, figures out: an Altair specification without data, the data, a table, and how it was calculated.

A specification depends on language, theme and size only, so each is built once; the data goes beside it.
"""

from qualitycycle.charts.figure import N_FOR_A_LINE, Figure, interval_text, reason_text, reference_name
from qualitycycle.charts.goals import MARKS, goal_line, value_text
from qualitycycle.charts.outcomes import (
    MOMENTS,
    is_percent,
    moment_of,
    outcome_line,
    outcome_text,
    point_label,
)
from qualitycycle.charts.scales import scale_how, scale_over_rounds, scale_results, scale_table
from qualitycycle.charts.thread import TreeNode, thread_tree

__all__ = [
    "MARKS",
    "MOMENTS",
    "N_FOR_A_LINE",
    "Figure",
    "TreeNode",
    "goal_line",
    "interval_text",
    "is_percent",
    "moment_of",
    "outcome_line",
    "outcome_text",
    "point_label",
    "reason_text",
    "reference_name",
    "scale_how",
    "scale_over_rounds",
    "scale_results",
    "scale_table",
    "thread_tree",
    "value_text",
]
