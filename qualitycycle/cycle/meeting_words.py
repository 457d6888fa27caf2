"""The words for what a meeting holds, for every room that writes about one."""

from __future__ import annotations

from qualitycycle.cycle.agenda import Standing, Why
from qualitycycle.i18n import N_
from qualitycycle.model import Course, ObstacleKind, Part, Turn, TurnReason

PARTS = {
    Part.CHECK_IN: N_("Check-in"),
    Part.SUCCESSES: N_("Successes"),
    Part.FIGURES: N_("Figures"),
    Part.ACTIONS: N_("Agreements"),
    Part.NEW: N_("New"),
    Part.CLOSE: N_("Close"),
}
ROLES = {"leader": N_("Leads"), "notes": N_("Takes notes"), "time": N_("Keeps time")}
TURNS = {
    Turn.MADE: N_("Agreed"),
    Turn.KEPT: N_("Done"),
    Turn.CARRIED: N_("Carried over"),
    Turn.DROPPED: N_("Dropped"),
}
REASONS = {
    TurnReason.NO_TIME: N_("no time"),
    TurnReason.WAITING: N_("waiting for somebody"),
    TurnReason.UNCLEAR: N_("unclear what was meant"),
    TurnReason.MORE_WORK: N_("more work than thought"),
    TurnReason.NOT_NEEDED: N_("no longer needed"),
    TurnReason.NOT_WORKING: N_("does not work"),
    TurnReason.PRIORITY: N_("something else goes first"),
}
OBSTACLES = {
    ObstacleKind.TIME: N_("Time"),
    ObstacleKind.CLARITY: N_("Clarity"),
    ObstacleKind.DEPENDS: N_("Depends on"),
    ObstacleKind.PRIORITY: N_("Priority"),
    ObstacleKind.OUTSIDE: N_("Outside us"),
}
COURSES = {
    Course.ON_COURSE: N_("On course"),
    Course.ATTENTION: N_("Needs attention"),
    Course.STUCK: N_("Stuck"),
}
CHECK_IN = (N_("At ease"), N_("So-so"), N_("Full head"))
RATING = (N_("Worth the time"), N_("Partly"), N_("Not really"))
WHYS = {
    Why.CONTRADICTION: N_("Evidence contradicts this"),
    Why.SIGNAL: N_("Signal in the figures"),
    Why.OVERDUE: N_("Past its date"),
    Why.DUE_SOON: N_("Ends within two weeks"),
    Why.NO_CHECK: N_("Not talked about for weeks"),
    Why.STUCK: N_("Stuck, the team said"),
    Why.LOW_CONFIDENCE: N_("The team is not sure"),
    Why.STALE: N_("No new value for half a year"),
    Why.NO_MEASURE: N_("No value yet"),
    Why.EVIDENCE: N_("Evidence nobody looked at"),
    Why.NEW_FIGURE: N_("New figure"),
}
STANDINGS = {
    Standing.CLOSED: N_("Closed"),
    Standing.CONTRADICTED: N_("Evidence contradicts this"),
    Standing.OVERDUE: N_("Past its date, not closed"),
    Standing.NO_CHECK: N_("Not talked about for weeks"),
    Standing.STALE: N_("No new value for half a year"),
    Standing.NO_MEASURE: N_("No value yet"),
    Standing.STUCK: N_("Stuck, the team says"),
    Standing.ATTENTION: N_("Needs attention, the team says"),
    Standing.AT_TARGET: N_("At the target"),
    Standing.ON_COURSE: N_("On course, the team says"),
    Standing.CANNOT_TELL: N_("Running, cannot tell yet"),
}
# Only figures make a goal green, and only while it is talked about.
GOOD = frozenset({Standing.AT_TARGET})
