"""The program's words for the weight of evidence, the same on a screen and on paper."""

from __future__ import annotations

from qualitycycle.cycle.weight import Design, Rule
from qualitycycle.i18n import N_, _
from qualitycycle.model import Compared, GroundKind, MeasureKind, Verdict

VERDICTS = {
    Verdict.CONTRADICTED: N_("Contradicted"),
    Verdict.NOT_TESTED: N_("Not tested"),
    Verdict.ORDINARY: N_("Not to be told from ordinary variation"),
    Verdict.INDICATION: N_("An indication"),
    Verdict.SUPPORTED: N_("Supported"),
    Verdict.STRONG: N_("Strongly supported"),
}
GROUNDS = {
    GroundKind.NONE: N_("None"),
    GroundKind.REASONING: N_("A plausible line of reasoning"),
    GroundKind.CORRELATIONAL: N_("Research that shows things go together"),
    GroundKind.COMPARISON: N_("Research with a comparison group"),
    GroundKind.TRIAL: N_("A trial by lot, or a review of many studies"),
}
COMPARED = {
    Compared.NOBODY: N_("With nothing but before"),
    Compared.EXPECTED_GROWTH: N_("With the growth to be expected (a norm)"),
    Compared.GROUP: N_("With a group that did not do it"),
    Compared.STAGGERED: N_("Class by class: the one started later than the other"),
}
MEASURES = {
    MeasureKind.STANDARD_TEST: N_("A standardised test"),
    MeasureKind.RUBRIC: N_("A rubric we agreed on"),
    MeasureKind.OWN: N_("A measure of our own"),
}
DESIGNS = {
    Design.OPINION: N_("A: an opinion or impression"),
    Design.ONE_MEASUREMENT: N_("B: one measurement, not before and after"),
    Design.BEFORE_AFTER: N_("C: before and after, without a comparison"),
    Design.AGAINST_EXPECTED: N_("D: before and after against expected growth, or a signal in a long line"),
    Design.COMPARISON: N_("E: with a comparison group or class by class, alike at the start"),
    Design.REPEATED: N_("F: as E, and repeated in another team or year"),
}
RULES = {
    Rule.CONTRADICTING_EVIDENCE: N_(
        "There is evidence that contradicts it. That comes first, whatever else there is."
    ),
    Rule.LINE_WENT_WRONG: N_("The line of the goal gave a signal the wrong way after the start."),
    Rule.NO_OWN_EVIDENCE: N_(
        "No evidence of our own that is still valid supports it. Research from elsewhere tells what may be expected, "
        "not what happened here."
    ),
    Rule.DONE_UNKNOWN: N_("It is not known how much of what was planned was done."),
    Rule.HARDLY_DONE: N_(
        "Less than half of what was planned was done. Then nothing was tested; it does not mean that it does not work."
    ),
    Rule.ONLY_OPINION: N_("There are only opinions and impressions, and these test nothing."),
    Rule.ONE_MEASUREMENT: N_("Nothing was measured both before and after the start."),
    Rule.NO_SIGNAL: N_(
        "A line of ten values or more, with its start period frozen before the start, shows no signal after it."
    ),
    Rule.BEFORE_AFTER: N_(
        "Before and after without a comparison is an indication at most: something else may explain it."
    ),
    Rule.DONE_PARTLY: N_("Less than four fifths of what was planned was done."),
    Rule.NOT_SAID_BEFORE: N_("What we expected was not locked before the first result was there."),
    Rule.MEASURE_UNKNOWN: N_("It was not measured with a standardised test or a rubric agreed on."),
    Rule.FEW_PUPILS: N_("Fewer than ten pupils were measured, or nobody wrote down how many."),
    Rule.MANY_MISSING: N_("More than a fifth of the pupils is missing, or nobody wrote down how many."),
    Rule.OTHER_PUPILS: N_("It is not known that the same pupils were measured before and after."),
    Rule.CHOSEN_LOW: N_(
        "These pupils were chosen because they scored low. Such a group scores higher the next time by itself."
    ),
    Rule.REPEATED_WELL: N_(
        "A comparison that was repeated, with a steady measure, measured by somebody else or scored blind."
    ),
    Rule.COMPARED: N_(
        "Set against expected growth, a frozen start period or a comparison group, and nothing holds it back."
    ),
}
# What the team wrote down before the start, in the order in which it is asked.
BEFORE_START = {
    "led_by": N_("The data that led to it"),
    "grounds": N_("Why it should work"),
    "for_whom": N_("For whom"),
    "prediction": N_("What we expect"),
    "expected_on": N_("By when"),
    "signal": N_("How we will see it"),
    "change_mind": N_("What would change our mind"),
}


def yes_no(value: bool | None) -> str:
    """Yes, no, or that it is not known: never a guess."""
    if value is None:
        return _("not known")
    return _("yes") if value else _("no")
