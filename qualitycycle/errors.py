"""Every error a user can meet. Each carries fields; the screen makes the sentence (see `sentences.of`)."""

from __future__ import annotations

from dataclasses import dataclass, field


class QualityCycleError(Exception):
    """Root of what a user can act on."""

    def __str__(self) -> str:
        # For logs and tests only; a screen asks `sentences.of(error)`.
        fields = ", ".join(f"{name}={value!r}" for name, value in vars(self).items())
        return f"{type(self).__name__}({fields})"


# --- the store -------------------------------------------------------------------------------------------


@dataclass(eq=False)
class StoreBusy(QualityCycleError):
    """Another process holds the database file, or a write kept colliding."""

    path: str
    port: int | None = None


@dataclass(eq=False)
class StoreTooNew(QualityCycleError):
    """The file was written by a newer program."""

    path: str
    found: int
    known: int


@dataclass(eq=False)
class StoreDamaged(QualityCycleError):
    """The file is no readable store."""

    path: str
    detail: str


@dataclass(eq=False)
class DiskFull(QualityCycleError):
    """A write could not reach the disk; nothing of it was kept."""

    path: str


@dataclass(eq=False)
class BackupInvalid(QualityCycleError):
    """A backup file that cannot be restored, with what is wrong."""

    path: str
    detail: str


# --- settings --------------------------------------------------------------------------------------------


@dataclass(eq=False)
class BadSetting(QualityCycleError):
    """A setting from the environment or the command line has a value we cannot use."""

    name: str
    value: str
    expected: str


# --- access and versions ---------------------------------------------------------------------------------


@dataclass(eq=False)
class NotAllowed(QualityCycleError):
    """This role may not do this."""

    role: str
    right: str


@dataclass(eq=False)
class NotYours(QualityCycleError):
    """Only the person whose it is may do this, whatever the role of who asks."""

    noun: str


@dataclass(eq=False)
class NotFound(QualityCycleError):
    """No such thing in this store."""

    noun: str
    id: str


@dataclass(eq=False)
class ChangedMeanwhile(QualityCycleError):
    """Somebody else saved this record after you opened it. Nothing was overwritten."""

    noun: str
    id: str
    seen: int
    current: int
    theirs: dict[str, object] = field(default_factory=dict)


@dataclass(eq=False)
class CycleClosed(QualityCycleError):
    """A closed cycle cannot be changed."""

    cycle_id: str
    title: str


@dataclass(eq=False)
class Incomplete(QualityCycleError):
    """A field that is needed is empty or does not fit. `reason` is a code that the catalogue knows."""

    noun: str
    name: str
    reason: str = "missing"
    detail: str = ""


@dataclass(eq=False)
class TooManyGoals(QualityCycleError):
    """The team already has this many open goals; a reason is needed to go on."""

    team: str
    n_open: int
    limit: int


@dataclass(eq=False)
class StillOpen(QualityCycleError):
    """Something must be finished first: `what` is goals, rounds or actions."""

    what: str
    n: int


@dataclass(eq=False)
class SignInRefused(QualityCycleError):
    """Not let in: `reason` is wrong, word, present, account, or wait (for so many seconds)."""

    reason: str
    seconds: int = 0


@dataclass(eq=False)
class LogRefused(QualityCycleError):
    """The log of a coach does not open: `reason` is wrong, sign_in, there, or wait (for so many seconds)."""

    reason: str
    seconds: int = 0


@dataclass(eq=False)
class LogClosed(QualityCycleError):
    """The log of a coach is not open in this session."""


# --- rounds ----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class CodeRefused(QualityCycleError):
    """A code that cannot be used: `reason` is unknown, spent, not_open, closed, vote_closed or vote_full."""

    reason: str


@dataclass(eq=False)
class RoundClosed(QualityCycleError):
    """The round is closed: no answers, no changes."""

    round_id: str


@dataclass(eq=False)
class RoundNotClosed(QualityCycleError):
    """Results appear only after closing."""

    round_id: str


@dataclass(eq=False)
class VoteNotOpen(QualityCycleError):
    """The confidence vote has ended: no answers, no count."""

    vote_id: str


@dataclass(eq=False)
class VoteNotClosed(QualityCycleError):
    """A confidence vote tells nothing before it is closed, and nothing when it was cancelled."""

    vote_id: str


@dataclass(eq=False)
class AnswersUnreadable(QualityCycleError):
    """The key to what was answered so far is not in its folder, or is another one."""

    path: str


@dataclass(eq=False)
class TooFewResponses(QualityCycleError):
    """Fewer answers than the round's promise asks for."""

    n_floor: int


@dataclass(eq=False)
class AnswersRefused(QualityCycleError):
    """Answers outside the instrument: the items they belong to."""

    items: tuple[str, ...]


@dataclass(eq=False)
class TooManyCodes(QualityCycleError):
    """More further codes than the round promised; `n_left` may still be made for this team."""

    n_asked: int
    n_left: int


@dataclass(eq=False)
class TooMuchPaper(QualityCycleError):
    """More paper forms than people of this team who have not answered yet."""

    n_forms: int


@dataclass(eq=False)
class InstrumentInvalid(QualityCycleError):
    """An instrument file that cannot be used: where, and what is wrong with it."""

    file: str
    where: str
    detail: str


# --- imports ---------------------------------------------------------------------------------------------


@dataclass(eq=False)
class ImportRejected(QualityCycleError):
    """A file that cannot be read at all. `reason` is a code that the catalogue knows."""

    file: str
    reason: str
    detail: str = ""


@dataclass(eq=False)
class TooManyRefused(QualityCycleError):
    """More rows of a file are refused than anybody could correct by hand, so nothing of it is read in.

    `cause` is the most frequent reason as a text of the catalogue, with its column where it is about one.
    """

    file: str
    n: int
    n_cause: int
    cause: str
    column: str = ""

    @property
    def reason(self) -> str:
        where = "in_a_column" if self.column else "anywhere"
        return f"all_{where}" if self.n == self.n_cause else where


# --- evidence --------------------------------------------------------------------------------------------


@dataclass(eq=False)
class AttachmentRefused(QualityCycleError):
    """A file that is not kept with evidence. `reason` is a code that the catalogue knows."""

    file: str
    reason: str
    detail: str = ""


# --- outcomes --------------------------------------------------------------------------------------------


@dataclass(eq=False)
class WallFull(QualityCycleError):
    """As many pictures as may hang on the data wall hang there."""

    n: int


@dataclass(eq=False)
class ViewRefused(QualityCycleError):
    """A picture that these outcomes do not allow, such as a gain over two scales: `reason` says why."""

    kind: str
    reason: str


# --- the network -----------------------------------------------------------------------------------------


@dataclass(eq=False)
class NetworkFileRefused(QualityCycleError):
    """A file of another school that is not kept. `reason` is a code that the catalogue knows."""

    file: str
    reason: str
    detail: str = ""
