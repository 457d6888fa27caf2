"""The words of the support team, and a list of tasks to begin with."""

from __future__ import annotations

from qualitycycle.i18n import N_
from qualitycycle.model import SupportArea, SupportLevel, TaskPart, TeamReasonKind

AREAS = {
    SupportArea.POLICY: N_("Policy"),
    SupportArea.COACHING: N_("Coaching"),
    SupportArea.ACCESS: N_("Access to help and means"),
    SupportArea.CULTURE: N_("A culture of quality through the cycle"),
}
PARTS = {
    TaskPart.RESPONSIBLE: N_("Responsible"),
    TaskPart.DOES: N_("Does it"),
    TaskPart.ASKED: N_("Is asked"),
    TaskPart.TOLD: N_("Is told"),
}
REASONS = {
    TeamReasonKind.BUDGET: N_("Budget"),
    TeamReasonKind.SIZE: N_("Size of the school"),
    TeamReasonKind.POPULATION: N_("Our pupils"),
    TeamReasonKind.AIM: N_("A specific aim"),
    TeamReasonKind.OTHER: N_("Other"),
}
LEVELS = {SupportLevel.BASIC: N_("Basic support"), SupportLevel.EXTRA: N_("Extra support")}
# To begin with, in our own words; a school makes it its own.
USUAL_TASKS = {
    SupportArea.POLICY: (
        N_("Keep the policy on support up to date"),
        N_("Describe what support the school offers"),
        N_("Prepare decisions on moving up faster or staying down"),
    ),
    SupportArea.COACHING: (
        N_("Guide colleagues with their learning questions"),
        N_("Visit lessons and talk about them afterwards"),
        N_("Lead group reviews"),
        N_("Guide new colleagues"),
    ),
    SupportArea.ACCESS: (
        N_("Be the first to come to with a question for help"),
        N_("Request help from outside the school"),
        N_("Manage materials and aids"),
        N_("Keep contact with the regional partnership"),
    ),
    SupportArea.CULTURE: (
        N_("Prepare the weekly meeting"),
        N_("Look at results together with the team"),
        N_("Watch over goals, evidence and evaluation"),
        N_("Share what works"),
    ),
}
