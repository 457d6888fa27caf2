"""The nouns of the program: one frozen dataclass per thing, its fields the columns of its table.

Ids are random and opaque. `revision` counts the saved versions of a record: whoever saves names the
revision they started from, so that two people editing the same goal cannot overwrite each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, ClassVar


class Sector(StrEnum):
    PO = "po"
    VO = "vo"
    SO = "so"


class Region(StrEnum):
    NOORD = "noord"
    MIDDEN = "midden"
    ZUID = "zuid"
    OWN = "own"


class Role(StrEnum):
    """Access roles; titles are free text and carry no rights."""

    LEADER = "leader"
    COACH = "coach"
    MEMBER = "member"
    RESPONDENT = "respondent"
    READER = "reader"


class Phase(StrEnum):
    """HGW: five fixed keys; a school may change the labels."""

    OBSERVE = "observe"
    UNDERSTAND = "understand"
    PLAN = "plan"
    DO = "do"
    EVALUATE = "evaluate"


class CycleState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class GoalState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class IndicatorKind(StrEnum):
    OUTCOME = "outcome"
    PROCESS = "process"
    BALANCING = "balancing"


class Direction(StrEnum):
    INCREASE = "increase"
    DECREASE = "decrease"


class ActionState(StrEnum):
    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"


class DoneAsPlanned(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"


class NextStep(StrEnum):
    """What follows an evaluated action or goal."""

    ADOPT = "adopt"
    ADAPT = "adapt"
    ABANDON = "abandon"


class Judgement(StrEnum):
    """What a team says of a closed goal. 'Cannot tell' is a real judgement."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not_reached"
    CANNOT_TELL = "cannot_tell"


class BaselineKind(StrEnum):
    """What a person decides about the reckoning of an indicator's line."""

    FREEZE = "freeze"
    REBASE = "rebase"


class EvidenceKind(StrEnum):
    QUESTIONNAIRE = "questionnaire"
    OUTCOME = "outcome"
    OBSERVATION = "observation"
    PRODUCT = "product"
    CONVERSATION = "conversation"
    RESEARCH = "research"


class Says(StrEnum):
    """What a piece of evidence says about the goal or action it is linked to."""

    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    NOTHING_YET = "nothing_yet"


class GroundKind(StrEnum):
    """What an action rests on from outside the school, the weakest first."""

    NONE = "none"
    REASONING = "reasoning"
    CORRELATIONAL = "correlational"
    COMPARISON = "comparison"
    TRIAL = "trial"


class Compared(StrEnum):
    """What the values of an action were set against."""

    NOBODY = "nobody"
    EXPECTED_GROWTH = "expected_growth"
    GROUP = "group"
    STAGGERED = "staggered"


class MeasureKind(StrEnum):
    STANDARD_TEST = "standard_test"
    RUBRIC = "rubric"
    OWN = "own"


class Verdict(StrEnum):
    """What the evidence allows to say of an action, the least first. None of these is about a cause."""

    CONTRADICTED = "contradicted"
    NOT_TESTED = "not_tested"
    ORDINARY = "ordinary"
    INDICATION = "indication"
    SUPPORTED = "supported"
    STRONG = "strong"


class RoundState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class VoteState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class MeetingState(StrEnum):
    RUNNING = "running"
    CLOSED = "closed"


class Part(StrEnum):
    """The parts of a weekly meeting; a school may rename, reorder and retime them."""

    CHECK_IN = "check_in"
    SUCCESSES = "successes"
    FIGURES = "figures"
    ACTIONS = "actions"
    NEW = "new"
    CLOSE = "close"


class Turn(StrEnum):
    """What a meeting did with an action."""

    MADE = "made"
    KEPT = "kept"
    CARRIED = "carried"
    DROPPED = "dropped"


class TurnReason(StrEnum):
    """Why an action was carried over or dropped: a short list, so that it takes one click."""

    NO_TIME = "no_time"
    WAITING = "waiting"
    UNCLEAR = "unclear"
    MORE_WORK = "more_work"
    NOT_NEEDED = "not_needed"
    NOT_WORKING = "not_working"
    PRIORITY = "priority"


class ObstacleKind(StrEnum):
    TIME = "time"
    CLARITY = "clarity"
    DEPENDS = "depends"
    PRIORITY = "priority"
    OUTSIDE = "outside"


class Course(StrEnum):
    """What the team says of a goal in a meeting. It is a word, not a figure, and never green by itself."""

    ON_COURSE = "on_course"
    ATTENTION = "attention"
    STUCK = "stuck"


class BatchState(StrEnum):
    CURRENT = "current"
    UNDONE = "undone"


@dataclass(frozen=True, kw_only=True)
class Record:
    """What every stored noun has: its table, its id column, and its place in history."""

    TABLE: ClassVar[str] = ""

    revision: int = 1
    archived_at: datetime | None = None

    @property
    def id(self) -> str:
        return str(getattr(self, f"{self.TABLE}_id"))

    @property
    def archived(self) -> bool:
        return self.archived_at is not None


@dataclass(frozen=True, kw_only=True)
class School(Record):
    TABLE = "school"
    school_id: str
    name: str
    sector: Sector
    brin: str = ""
    region: Region
    language: str = "nl"
    phase_labels: dict[str, str] = field(default_factory=dict)
    is_demo: bool = False
    meeting_blocks: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Team(Record):
    TABLE = "team"
    team_id: str
    name: str
    year_groups: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Person(Record):
    TABLE = "person"
    person_id: str
    name: str
    title: str = ""
    role: Role
    team_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SchoolYear(Record):
    """`school_year` is its own name, as in 2026-2027."""

    TABLE = "school_year"
    school_year_id: str
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class Holiday(Record):
    TABLE = "holiday"
    holiday_id: str
    name: str
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class Cycle(Record):
    TABLE = "cycle"
    cycle_id: str
    title: str
    first_on: date
    last_on: date
    state: CycleState = CycleState.RUNNING
    phase: Phase = Phase.OBSERVE
    follows_cycle_id: str | None = None
    closed_on: date | None = None
    went_well: str = ""
    learned: str = ""


@dataclass(frozen=True, kw_only=True)
class Vision(Record):
    TABLE = "vision"
    vision_id: str
    title: str
    text: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Ambition(Record):
    TABLE = "ambition"
    ambition_id: str
    vision_id: str | None = None
    title: str
    text: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Goal(Record):
    """`team_id` None is a goal of the whole school; `ambition_id` None is a gap in the thread."""

    TABLE = "goal"
    goal_id: str
    cycle_id: str
    ambition_id: str | None = None
    team_id: str | None = None
    owner_id: str | None = None
    title: str
    text: str = ""
    due_on: date | None = None
    phase: Phase = Phase.OBSERVE
    state: GoalState = GoalState.OPEN
    standards: tuple[str, ...] = ()
    over_limit_reason: str = ""
    carried_from: str | None = None
    position: int = 0
    closed_on: date | None = None
    predicted: str = ""
    happened: str = ""
    judgement: Judgement | None = None
    learned: str = ""
    next_step: NextStep | None = None


@dataclass(frozen=True, kw_only=True)
class Indicator(Record):
    """A number with unit, direction, baseline and target, or an ordinal with described `levels`.

    `series` names the imported outcomes that feed it (see `cycle.outcomes.Selection`); empty means
    that its values are typed in.
    """

    TABLE = "indicator"
    indicator_id: str
    goal_id: str
    title: str
    kind: IndicatorKind = IndicatorKind.OUTCOME
    unit: str = ""
    direction: Direction = Direction.INCREASE
    baseline: float | None = None
    baseline_on: date | None = None
    target: float | None = None
    due_on: date | None = None
    levels: tuple[str, ...] = ()
    series: dict[str, Any] = field(default_factory=dict)
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Measurement(Record):
    """One typed value of an indicator; `n` is the number of pupils or people behind it."""

    TABLE = "measurement"
    measurement_id: str
    indicator_id: str
    measured_on: date
    value: float
    n: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Baseline(Record):
    """A person's decision about the line of an indicator, with a reason.

    FREEZE: centre and limits rest on the points up to and including `applies_on`. REBASE: a new part starts
    on `applies_on`, and the count of points with it.
    """

    TABLE = "baseline"
    baseline_id: str
    indicator_id: str
    kind: BaselineKind
    applies_on: date
    reason: str


@dataclass(frozen=True, kw_only=True)
class PhaseMove(Record):
    """A dated move of a goal or cycle (`noun`) to a phase."""

    TABLE = "phase_move"
    phase_move_id: str
    noun: str
    noun_id: str
    phase: Phase
    moved_on: date


@dataclass(frozen=True, kw_only=True)
class Action(Record):
    """One owner; `grounds` why it should work, `prediction` what we expect, `signal` how we will see it.

    `led_by` is the data that led to it, `expected_on` by when, `change_mind` what would change our mind; from
    `locked_on` none of these changes any more. `follows_action_id` is the small test it builds on.
    """

    TABLE = "action"
    action_id: str
    cycle_id: str
    goal_id: str | None = None
    owner_id: str | None = None
    helper_ids: tuple[str, ...] = ()
    title: str
    text: str = ""
    start_on: date | None = None
    due_on: date | None = None
    state: ActionState = ActionState.PLANNED
    grounds: str = ""
    prediction: str = ""
    signal: str = ""
    stopped_on: date | None = None
    done_as_planned: DoneAsPlanned | None = None
    learned: str = ""
    next_step: NextStep | None = None
    evaluated_on: date | None = None
    carried_from: str | None = None
    position: int = 0
    led_by: str = ""
    for_whom: str = ""
    expected_on: date | None = None
    change_mind: str = ""
    locked_on: date | None = None
    sessions_planned: int | None = None
    sessions_held: int | None = None
    follows_action_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Weighing(Record):
    """What is known about the evidence for an action and cannot be read from it; one per action. None: not known.

    `n_missing` are pupils without a second measurement; `chosen_low`: they were chosen because they scored low.
    """

    TABLE = "weighing"
    weighing_id: str
    action_id: str
    ground_kind: GroundKind = GroundKind.NONE
    ground_source: str = ""
    ground_read_on: date | None = None
    ground_population: str = ""
    compared: Compared = Compared.NOBODY
    similar_start: bool | None = None
    repeated_in: str = ""
    measure_kind: MeasureKind | None = None
    reliability: float | None = None
    n_measured: int | None = None
    n_missing: int | None = None
    same_pupils: bool | None = None
    by_others: bool | None = None
    blind: bool | None = None
    chosen_low: bool | None = None


@dataclass(frozen=True, kw_only=True)
class LaterNote(Record):
    """A dated thought beside what was locked before an action started."""

    TABLE = "later_note"
    later_note_id: str
    action_id: str
    text: str
    noted_on: date
    person_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Overruling(Record):
    """A verdict by people, with its note, instead of `derived`, what the rules said that day."""

    TABLE = "overruling"
    overruling_id: str
    action_id: str
    derived: Verdict
    verdict: Verdict
    note: str
    said_on: date
    person_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Round(Record):
    """One administration of an instrument in a cycle. `result` is empty until it is closed, then frozen."""

    TABLE = "round"
    round_id: str
    cycle_id: str
    instrument_key: str
    instrument_version: int
    title: str
    opened_on: date
    closes_on: date | None = None
    state: RoundState = RoundState.OPEN
    floor: int = 5
    promise: dict[str, Any] = field(default_factory=dict)
    closed_on: date | None = None
    result: dict[str, Any] = field(default_factory=dict)
    result_version: int | None = None


@dataclass(frozen=True, kw_only=True)
class InstrumentFile(Record):
    """One version of a questionnaire that the school added itself; `text` is the data file as it was given."""

    TABLE = "instrument"
    instrument_id: str
    key: str
    version: int
    title: str
    text: str
    added_on: date


@dataclass(frozen=True, kw_only=True)
class ConfidenceVote(Record):
    """How sure is the team that it reaches a goal, 0 to 100. `result` holds only what the gate let out."""

    TABLE = "confidence_vote"
    confidence_vote_id: str
    goal_id: str
    asked_on: date
    state: VoteState = VoteState.OPEN
    floor: int = 5
    n_present: int = 0
    closed_on: date | None = None
    result: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Profile(Record):
    """A remembered column mapping of one source."""

    TABLE = "profile"
    profile_id: str
    name: str
    kind: str
    mapping: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Batch(Record):
    """One import: what was read, by whom, and at which data version it became visible.

    `mapping` says how its columns were read, `replaced_by` which import took its place, and `corrects` of which
    import it brings refused rows back, corrected.
    """

    TABLE = "batch"
    batch_id: str
    kind: str
    file_name: str
    content_hash: str
    imported_at: datetime
    data_version: int
    n_accepted: int
    n_refused: int
    dropped_columns: tuple[str, ...] = ()
    state: BatchState = BatchState.CURRENT
    mapping: dict[str, Any] = field(default_factory=dict)
    replaced_by: str | None = None
    corrects: str | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence(Record):
    """One piece of evidence; `figure` is a snapshot at `data_version` that later imports do not change."""

    TABLE = "evidence"
    evidence_id: str
    cycle_id: str
    kind: EvidenceKind
    title: str
    text: str = ""
    source: str = ""
    evidence_on: date
    added_on: date
    owner_id: str | None = None
    n: int | None = None
    valid_until: date | None = None
    reviewed_on: date | None = None
    data_version: int | None = None
    data_ref: dict[str, Any] = field(default_factory=dict)
    figure: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Link(Record):
    """Evidence tied to a goal or an action (`noun`), and what it says about it."""

    TABLE = "link"
    link_id: str
    evidence_id: str
    noun: str
    noun_id: str
    says: Says
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Attachment(Record):
    """A file with evidence. It lies beside the database under its hash; an erased one leaves this row as proof."""

    TABLE = "attachment"
    attachment_id: str
    evidence_id: str
    title: str
    file_kind: str
    n_bytes: int
    content_hash: str
    added_on: date
    person_id: str | None = None
    erased_on: date | None = None
    erased_why: str = ""


@dataclass(frozen=True, kw_only=True)
class Meeting(Record):
    """A weekly meeting; `team_id` None is one of the whole school.

    `blocks` are its parts with what was planned and what it took; `agenda` is what it began with, so that its minutes
    stay as they were; `entries` what was put down in it, in order, so that the last can be undone; `check_in` and
    `rating` hold only what the gate let out; `after` what the next one begins with.
    """

    TABLE = "meeting"
    meeting_id: str
    cycle_id: str
    team_id: str | None = None
    held_on: date
    state: MeetingState = MeetingState.RUNNING
    present_ids: tuple[str, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    blocks: tuple[dict[str, Any], ...] = ()
    agenda: dict[str, Any] = field(default_factory=dict)
    entries: tuple[dict[str, str], ...] = ()
    check_in: dict[str, Any] = field(default_factory=dict)
    rating: dict[str, Any] = field(default_factory=dict)
    after: dict[str, Any] = field(default_factory=dict)
    notes: str = ""


@dataclass(frozen=True, kw_only=True)
class Decision(Record):
    """What a meeting decided, why, about which goal, and with whom present."""

    TABLE = "decision"
    decision_id: str
    meeting_id: str
    goal_id: str | None = None
    title: str
    reason: str = ""
    present_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Success(Record):
    """One line, tied to a goal or an action (`noun`); `meeting_id` None: added outside a meeting."""

    TABLE = "success"
    success_id: str
    cycle_id: str
    noun: str | None = None
    noun_id: str | None = None
    meeting_id: str | None = None
    title: str
    happened_on: date


@dataclass(frozen=True, kw_only=True)
class Obstacle(Record):
    TABLE = "obstacle"
    obstacle_id: str
    cycle_id: str
    goal_id: str | None = None
    owner_id: str | None = None
    meeting_id: str | None = None
    kind: ObstacleKind
    title: str
    raised_on: date
    solved_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Parked(Record):
    """What was set aside in a meeting for another moment."""

    TABLE = "parked"
    parked_id: str
    cycle_id: str
    meeting_id: str
    title: str
    settled_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class MeetingAction(Record):
    """What a meeting did with an action; `was_due_on` and `was_state` are from before."""

    TABLE = "meeting_action"
    meeting_action_id: str
    meeting_id: str
    action_id: str
    turn: Turn
    reason: TurnReason | None = None
    due_on: date | None = None
    was_due_on: date | None = None
    was_state: ActionState


@dataclass(frozen=True, kw_only=True)
class GoalCheck(Record):
    """What the team says of a goal in a meeting."""

    TABLE = "goal_check"
    goal_check_id: str
    goal_id: str
    meeting_id: str
    says: Course
    said_on: date


@dataclass(frozen=True, kw_only=True)
class FigurePrediction(Record):
    """What the room expected before it saw a new figure. Never changed."""

    TABLE = "figure_prediction"
    figure_prediction_id: str
    meeting_id: str
    indicator_id: str
    value: float | None = None
    made_on: date


@dataclass(frozen=True, kw_only=True)
class WallPicture(Record):
    """A picture of outcomes on the data wall: the question it asks (see `cycle.views.View`)."""

    TABLE = "wall_picture"
    wall_picture_id: str
    view: dict[str, Any]
    position: int = 0
    added_on: date


class ReviewKind(StrEnum):
    """What stands in the calendar of a school year."""

    ROUND = "round"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True)
class GroupReview(Record):
    """A round of HGW, or a group review (groepsbespreking) of a team; `team_id` None is of the whole school.

    `place` says which round of its year it is, when its title was made by laying out the year.
    """

    TABLE = "group_review"
    group_review_id: str
    kind: ReviewKind
    title: str
    team_id: str | None = None
    planned_on: date
    done_on: date | None = None
    place: int | None = None


class SupportArea(StrEnum):
    """The four tasks of a support team."""

    POLICY = "policy"
    COACHING = "coaching"
    ACCESS = "access"
    CULTURE = "culture"


class TaskPart(StrEnum):
    """Which part somebody has in a task of the support team."""

    RESPONSIBLE = "responsible"
    DOES = "does"
    ASKED = "asked"
    TOLD = "told"


class TeamReasonKind(StrEnum):
    """Why the support team is composed as it is."""

    BUDGET = "budget"
    SIZE = "size"
    POPULATION = "population"
    AIM = "aim"
    OTHER = "other"


class SupportLevel(StrEnum):
    BASIC = "basic"
    EXTRA = "extra"


class WayState(StrEnum):
    """A version of how we work: being written, up for discussion, agreed in a meeting."""

    DRAFT = "draft"
    DISCUSSED = "discussed"
    AGREED = "agreed"


class PointTurn(StrEnum):
    """What a meeting did with what was waiting: a name, a new date, agreed, or held."""

    NAMED = "named"
    DATED = "dated"
    AGREED = "agreed"
    HELD = "held"


@dataclass(frozen=True, kw_only=True)
class SupportTask(Record):
    """A task of the support team; `outside` names whom it is asked or told to beyond the staff."""

    TABLE = "task"
    task_id: str
    area: SupportArea
    title: str
    note: str = ""
    outside: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class TaskRole(Record):
    TABLE = "task_role"
    task_role_id: str
    task_id: str
    person_id: str
    part: TaskPart


@dataclass(frozen=True, kw_only=True)
class TaskDone(Record):
    """A task that was done in a period."""

    TABLE = "task_done"
    task_done_id: str
    task_id: str
    cycle_id: str
    done_on: date


@dataclass(frozen=True, kw_only=True)
class SupportMember(Record):
    """Who is in the support team: a colleague, or by `name` somebody from outside the school."""

    TABLE = "support_member"
    support_member_id: str
    person_id: str | None = None
    name: str = ""
    role: str = ""
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class TeamReason(Record):
    TABLE = "team_reason"
    team_reason_id: str
    kind: TeamReasonKind
    title: str
    noted_on: date


@dataclass(frozen=True, kw_only=True)
class SupportAgreement(Record):
    """An agreement or process of basic or extra support."""

    TABLE = "support_agreement"
    support_agreement_id: str
    level: SupportLevel
    title: str
    text: str = ""
    owner_id: str | None = None
    review_on: date | None = None
    reviewed_on: date | None = None
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Policy(Record):
    """A subject of school policy: who writes it, who decides on it, and when it is looked at again."""

    TABLE = "policy"
    policy_id: str
    title: str
    writer_id: str | None = None
    decides: str = ""
    review_on: date | None = None
    reviewed_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class PolicyVersion(Record):
    """The text of a policy from a day on, and what changed in it. Never changed itself."""

    TABLE = "policy_version"
    policy_version_id: str
    policy_id: str
    number: int
    text: str
    changed: str = ""
    applies_on: date


@dataclass(frozen=True, kw_only=True)
class PolicyEvidence(Record):
    """Evidence that a policy rests on, or that speaks against it."""

    TABLE = "policy_evidence"
    policy_evidence_id: str
    policy_id: str
    evidence_id: str
    says: Says


@dataclass(frozen=True, kw_only=True)
class WayVersion(Record):
    """A version of the team's agreement on how guidance works here; an agreed one is never changed."""

    TABLE = "way_version"
    way_version_id: str
    number: int
    text: str
    changed: str = ""
    state: WayState = WayState.DRAFT
    written_on: date
    discussed_since: date | None = None
    agreed_on: date | None = None
    meeting_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class WayRemark(Record):
    """What a colleague says of a version that is up for discussion."""

    TABLE = "way_remark"
    way_remark_id: str
    way_version_id: str
    person_id: str
    title: str
    said_on: date


@dataclass(frozen=True, kw_only=True)
class MeetingPoint(Record):
    """What a meeting did with what waited of the support team, policy, or the calendar.

    `title` is what it was called that day, so that minutes stay as they were; `before` is how it was.
    """

    TABLE = "meeting_point"
    meeting_point_id: str
    meeting_id: str
    about: str
    about_id: str
    title: str = ""
    did: PointTurn
    person_id: str | None = None
    due_on: date | None = None
    before: dict[str, Any] = field(default_factory=dict)


class ExpertiseKind(StrEnum):
    """What somebody puts on the board of the team."""

    OFFER = "offer"
    QUESTION = "question"


@dataclass(frozen=True, kw_only=True)
class ExpertiseTheme(Record):
    """A theme of the school's own list; by `words` it is found in goals and actions."""

    TABLE = "expertise_theme"
    expertise_theme_id: str
    title: str
    words: tuple[str, ...] = ()
    position: int = 0


@dataclass(frozen=True, kw_only=True)
class Expertise(Record):
    """What a colleague offers or wants to learn, in her own words; only she writes it."""

    TABLE = "expertise"
    expertise_id: str
    person_id: str
    kind: ExpertiseKind
    title: str
    note: str = ""
    theme_id: str | None = None
    added_on: date


NOUNS: tuple[type[Record], ...] = (
    School, Team, Person, SchoolYear, Holiday, Cycle, Vision, Ambition, Goal, Indicator, Measurement,
    Baseline, PhaseMove, Action, Round, InstrumentFile, ConfidenceVote, Profile, Batch, Evidence, Link,
    Meeting, Decision, Success, Obstacle, Parked, MeetingAction, GoalCheck, FigurePrediction,
    WallPicture, Weighing, LaterNote, Overruling, Attachment, GroupReview,
    SupportTask, TaskRole, TaskDone, SupportMember, TeamReason, SupportAgreement, Policy, PolicyVersion,
    PolicyEvidence, WayVersion, WayRemark, MeetingPoint,
    ExpertiseTheme, Expertise,
)  # fmt: skip


@dataclass(frozen=True)
class Actor:
    """Who does something: a person of the school (None before sign-in) in an access role."""

    role: Role
    person_id: str | None = None


# --- instruments: what a data file says ------------------------------------------------------------------


class Texts(dict[str, str]):
    """A text by language. Asked in a language it does not have, it gives the one there is."""

    def __missing__(self, language: str) -> str:
        return next(iter(self.values()))


@dataclass(frozen=True)
class Item:
    key: str
    scale: str
    text: dict[str, str]
    reversed: bool = False


@dataclass(frozen=True)
class Scale:
    """`group` is what it is shown with; empty stands by itself."""

    key: str
    title: dict[str, str]
    items: tuple[str, ...]
    group: str = ""


@dataclass(frozen=True)
class Instrument:
    """A versioned questionnaire. `min_answered` is the share of a scale's items needed for a score."""

    key: str
    version: int
    title: dict[str, str]
    intro: dict[str, str]
    validated: bool
    source: dict[str, str]
    licence: str
    minimum: int
    maximum: int
    labels: dict[int, dict[str, str]]
    no_answer: dict[str, str]
    min_answered: str
    total: str
    scales: tuple[Scale, ...]
    items: tuple[Item, ...]
    groups: dict[str, dict[str, str]] = field(default_factory=dict)
    permission: str = ""

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(self.title)

    def spoken(self, language: str) -> str:
        """The language its texts are in when this one is asked."""
        return language if language in self.title else self.languages[0]

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.key == key)
