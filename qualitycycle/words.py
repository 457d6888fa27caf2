"""The program's words for the keys of the model, the same on a screen and on paper."""

from __future__ import annotations

from qualitycycle.cycle.thread import GapKind, Status
from qualitycycle.i18n import N_, _
from qualitycycle.model import (
    ActionState,
    DoneAsPlanned,
    EvidenceKind,
    IndicatorKind,
    Judgement,
    NextStep,
    Phase,
    Says,
    School,
)

PHASES = {
    Phase.OBSERVE: N_("Observe"),
    Phase.UNDERSTAND: N_("Understand"),
    Phase.PLAN: N_("Plan"),
    Phase.DO: N_("Carry out"),
    Phase.EVALUATE: N_("Evaluate"),
}
ACTION_STATES = {
    ActionState.PLANNED: N_("Planned"),
    ActionState.RUNNING: N_("Running"),
    ActionState.DONE: N_("Done"),
    ActionState.STOPPED: N_("Stopped"),
}
INDICATOR_KINDS = {
    IndicatorKind.OUTCOME: N_("Outcome: what pupils learn"),
    IndicatorKind.PROCESS: N_("Process: what we do"),
    IndicatorKind.BALANCING: N_("Balancing: what should not suffer"),
}
EVIDENCE_KINDS = {
    EvidenceKind.QUESTIONNAIRE: N_("Questionnaire"),
    EvidenceKind.OUTCOME: N_("Pupil outcome"),
    EvidenceKind.OBSERVATION: N_("Observation"),
    EvidenceKind.PRODUCT: N_("Product"),
    EvidenceKind.CONVERSATION: N_("Conversation"),
    EvidenceKind.RESEARCH: N_("Outside research"),
}
SAYS = {
    Says.CONTRADICTS: N_("Contradicts"),
    Says.SUPPORTS: N_("Supports"),
    Says.NOTHING_YET: N_("Says nothing yet"),
}
JUDGEMENTS = {
    Judgement.REACHED: N_("Reached"),
    Judgement.PARTLY: N_("Partly reached"),
    Judgement.NOT_REACHED: N_("Not reached"),
    Judgement.CANNOT_TELL: N_("Cannot tell yet"),
}
NEXT_STEPS = {
    NextStep.ADOPT: N_("Keep doing it"),
    NextStep.ADAPT: N_("Adapt it"),
    NextStep.ABANDON: N_("Stop it"),
}
AS_PLANNED = {
    DoneAsPlanned.YES: N_("Yes, as planned"),
    DoneAsPlanned.PARTLY: N_("Partly"),
    DoneAsPlanned.NO: N_("No"),
}
STATUSES = {
    Status.CONTRADICTED: N_("Evidence contradicts this"),
    Status.OVERDUE: N_("Past its date, not closed"),
    Status.NO_CHECK: N_("Not talked about for weeks"),
    Status.STALE: N_("No new value for half a year"),
    Status.NO_MEASURE: N_("No value yet"),
    Status.AT_TARGET: N_("At the target"),
    Status.CANNOT_TELL: N_("Running, cannot tell yet"),
    Status.CLOSED: N_("Closed"),
}
SUBJECTS = {
    "reading_comprehension": N_("Reading comprehension"),
    "technical_reading": N_("Technical reading"),
    "reading": N_("Reading"),
    "listening": N_("Listening"),
    "spelling": N_("Spelling"),
    "language_conventions": N_("Language conventions"),
    "vocabulary": N_("Vocabulary"),
    "language": N_("Language"),
    "writing": N_("Writing"),
    "maths": N_("Maths"),
    "maths_fluency": N_("Maths fluency"),
    "study_skills": N_("Study skills"),
    "early_literacy": N_("Early literacy"),
    "early_numeracy": N_("Early numeracy"),
    "english": N_("English as a subject"),
    "world_orientation": N_("World orientation"),
    "citizenship": N_("Citizenship"),
    "language_and_maths": N_("Language and maths together"),
    "geography": N_("Geography"),
    "history": N_("History"),
    "german": N_("German"),
    "french": N_("French"),
    "spanish": N_("Spanish"),
    "classics": N_("Latin and Greek"),
    "frisian": N_("Frisian"),
    "other_language": N_("Another language"),
    "physics": N_("Physics"),
    "chemistry": N_("Chemistry"),
    "biology": N_("Biology"),
    "economics": N_("Economics"),
    "business": N_("Business economics"),
    "social_studies": N_("Social studies"),
    "philosophy": N_("Philosophy"),
    "arts": N_("Arts"),
    "computing": N_("Computing"),
    "final_exam": N_("Final exam"),
    "destination": N_("Destination of leavers"),
}
GAPS = {
    GapKind.NO_VISION: N_("No vision written down yet"),
    GapKind.NO_AMBITION: N_("No ambition yet"),
    GapKind.NO_GOAL: N_("No goal in this cycle yet"),
    GapKind.AMBITION_WITHOUT_VISION: N_("Ambition without vision"),
    GapKind.GOAL_WITHOUT_AMBITION: N_("Goal without ambition"),
    GapKind.GOAL_WITHOUT_OWNER: N_("Goal without owner"),
    GapKind.GOAL_WITHOUT_INDICATOR: N_("Goal without indicator"),
    GapKind.INDICATOR_INCOMPLETE: N_("Indicator without baseline or target"),
    GapKind.GOAL_WITHOUT_ACTION: N_("Goal without action"),
    GapKind.ACTION_WITHOUT_GOAL: N_("Action without goal"),
    GapKind.ACTION_WITHOUT_OWNER: N_("Action without owner"),
    GapKind.ACTION_WITHOUT_GROUNDS: N_("Action without grounds"),
    GapKind.PREDICTION_NOT_LOCKED: N_("Running, prediction not locked"),
    GapKind.ACTION_WITHOUT_PREDICTION: N_("Action without prediction"),
    GapKind.ACTION_NOT_EVALUATED: N_("Action ended, not evaluated"),
    GapKind.EVIDENCE_NOT_REVIEWED: N_("Evidence nobody looked at"),
    GapKind.EVIDENCE_NOT_LINKED: N_("Evidence that hangs on nothing"),
    GapKind.EVIDENCE_EXPIRED: N_("Evidence past its date"),
    GapKind.CLAIM_WITHOUT_EVIDENCE: N_("Claim without evidence"),
}


def phase(key: Phase, school: School) -> str:
    """A phase by the school's own name for it, or ours."""
    return school.phase_labels.get(key, "") or _(PHASES[key])


# Schools without year groups have one letter in the lists of EDEXML.
SPECIAL_SCHOOLS = {"S": N_("special education"), "V": N_("secondary special education")}


def year_group(code: str) -> str:
    """A year group as a school says it: 4 is group 4; 11 to 16 are the first to the sixth year of vo."""
    if code.isdigit() and int(code) > 10:
        return _("year {n} (vo)").format(n=int(code) - 10)
    if code in SPECIAL_SCHOOLS:
        return _(SPECIAL_SCHOOLS[code])
    return _("group {n}").format(n=code)
