"""Do and study: how sure are we, as a team, that we reach this goal? Asked with one code, counted, never traced.

The code is the room's, not a person's. Each form carries a ticket of its own that works once, so that a second
click changes nothing; what is kept of it is a hash that nothing joins to an answer.
"""

from __future__ import annotations

import hashlib
import hmac
import random
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import numpy as np

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.analysis.summary import summarise
from qualitycycle.cycle import calendar, frozen, gate, plan, results, rounds, school
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.baselines import LineReading
from qualitycycle.cycle.results import RoundPoint
from qualitycycle.errors import CodeRefused, CycleClosed, Incomplete, VoteNotClosed, VoteNotOpen
from qualitycycle.model import Action, Actor, ConfidenceVote, Cycle, Goal, Holiday, VoteState
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

LOWEST, HIGHEST = 0, 100
# Ten bands of ten points; a hundred counts with the nineties.
N_BANDS = 10
# Over how many rounds of the weekly pulse its rolling mean runs: about a month of school weeks.
ROLLING = 4
# The questionnaire of the weekly pulse, and its statement about trust in the goals.
PULSE, PULSE_SCALE = "weekpeiling", "trust"


@dataclass(frozen=True)
class OpenedVote:
    """A vote just opened, with the code for the room: it is shown now and never again."""

    vote: ConfidenceVote
    code: str


@dataclass(frozen=True)
class Asked:
    """What somebody who types the code is asked about."""

    vote: ConfidenceVote
    goal_title: str


@dataclass(frozen=True)
class Turnout:
    """How many of the people present have answered; all there is to see while a vote is open."""

    n_answered: int
    n_present: int


@dataclass(frozen=True)
class VoteResult:
    """What the gate let out of a closed vote, in points of 0 to 100. Hidden and empty: every figure is None.

    `spread` is the mean distance of an answer to the team's mean. `median`, `low`, `high` (95%, Student's t) and
    `counts` (ten bands of ten points, lowest first) are there from ten answers on.
    """

    n: int | None = None
    mean: float | None = None
    median: float | None = None
    spread: float | None = None
    low: float | None = None
    high: float | None = None
    counts: tuple[int, ...] = ()

    @property
    def shown(self) -> bool:
        return self.mean is not None


@dataclass(frozen=True)
class VotePoint:
    """A closed vote about a goal: its day and what may be seen of it."""

    on: date
    result: VoteResult


# --- opening ---------------------------------------------------------------------------------------------


def open_vote(
    store: Store, actor: Actor, goal_id: str, n_present: int, *, floor: int = disclosure.FLOOR
) -> OpenedVote:
    """Ask the `n_present` people of a meeting about a goal; raises `Incomplete` when a vote about it is open."""
    require(actor, Right.OPEN_ROUND)
    _check_present(n_present)
    if floor < disclosure.FLOOR:
        raise Incomplete("confidence_vote", "floor", "below_floor")

    def use_case(tx: Transaction) -> OpenedVote:
        plan.refuse_closed(tx, tx.get(Goal, goal_id))
        if tx.find(ConfidenceVote, where="goal_id = $goal AND state = 'open'", goal=goal_id):
            raise Incomplete("confidence_vote", "goal", "vote_open")
        vote = ConfidenceVote(
            confidence_vote_id=new_id(),
            goal_id=goal_id,
            asked_on=config.today(),
            floor=floor,
            n_present=n_present,
        )
        return OpenedVote(tx.insert(vote), _new_code(tx, store.secret, vote))

    return store.write(use_case, actor=actor, verb="open_vote")


def _check_present(n_present: int) -> None:
    if n_present < 1:
        raise Incomplete("confidence_vote", "n_present", "outside_scale")


def _new_code(tx: Transaction, secret: bytes, vote: ConfidenceVote) -> str:
    code = _free_code(tx, secret)
    tx.execute(
        "INSERT INTO confidence_code (code_hash, confidence_vote_id) VALUES ($hash, $vote)",
        hash=rounds.hash_code(secret, code),
        vote=vote.confidence_vote_id,
    )
    return code


def _free_code(tx: Transaction, secret: bytes) -> str:
    """A code that opens no other vote and no questionnaire: both are typed in the same place."""
    while True:
        code = "".join(secrets.choice(rounds.ALPHABET) for _ in range(rounds.CODE_LENGTH))
        taken = tx.execute(
            """
            SELECT code_hash FROM invite WHERE code_hash = $hash
            UNION ALL
            SELECT code_hash FROM confidence_code WHERE code_hash = $hash
            """,
            hash=rounds.hash_code(secret, code),
        )
        if not taken:
            return code


def new_code(store: Store, actor: Actor, vote_id: str) -> OpenedVote:
    """Another code for an open vote, such as after the page was closed; the old one stops working."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> OpenedVote:
        vote = _open_one(tx, vote_id)
        tx.execute("DELETE FROM confidence_code WHERE confidence_vote_id = $vote", vote=vote_id)
        return OpenedVote(vote, _new_code(tx, store.secret, vote))

    return store.write(use_case, actor=actor, verb="new_vote_code")


def change_present(store: Store, actor: Actor, vote_id: str, n_present: int) -> ConfidenceVote:
    """Say how many are there after all, such as when a colleague comes in late."""
    require(actor, Right.OPEN_ROUND)
    _check_present(n_present)

    def use_case(tx: Transaction) -> ConfidenceVote:
        _open_one(tx, vote_id)
        if n_present < _n_answered(tx.con, vote_id):
            raise Incomplete("confidence_vote", "n_present", "outside_scale")
        return tx.change(ConfidenceVote, vote_id, None, n_present=n_present)

    return store.write(use_case, actor=actor, verb="change_present")


def _open_one(tx: Transaction, vote_id: str) -> ConfidenceVote:
    vote = tx.get(ConfidenceVote, vote_id)
    if vote.state is not VoteState.OPEN:
        raise VoteNotOpen(vote_id)
    return vote


# --- answering -------------------------------------------------------------------------------------------


def look_up(store: Store, code: str) -> Asked:
    """The open vote a code belongs to; raises `CodeRefused`."""
    with store.cursor() as con:
        vote = _vote_of(con, store.secret, code)
        return Asked(vote, records.get(con, Goal, vote.goal_id).title)


def _vote_of(con: records.Connection, secret: bytes, code: str) -> ConfidenceVote:
    found = con.execute(
        "SELECT confidence_vote_id FROM confidence_code WHERE code_hash = $hash",
        {"hash": rounds.hash_code(secret, code)},
    ).fetchone()
    if found is None:
        raise CodeRefused("unknown")
    vote = records.get(con, ConfidenceVote, found[0])
    if vote.state is not VoteState.OPEN:
        raise CodeRefused("vote_closed")
    return vote


def ticket(store: Store, code: str) -> str:
    """What makes one form count once. Nothing is stored until it is handed in; raises `CodeRefused`."""
    vote_id = look_up(store, code).vote.confidence_vote_id
    nonce = secrets.token_hex(12)
    return nonce + _signature(store.secret, vote_id, nonce)


def _signature(secret: bytes, vote_id: str, nonce: str) -> str:
    return hmac.new(secret, f"ticket {vote_id} {nonce}".encode(), hashlib.sha256).hexdigest()[:32]


def answer(store: Store, actor: Actor, code: str, own_ticket: str, value: int) -> None:
    """Spend the ticket and store the value, both or neither, with nothing that joins them.

    Raises `Incomplete` for a value outside 0 to 100, and `CodeRefused`: for the code, for a ticket that is spent
    or not ours, and when as many have answered as there are people.
    """
    require(actor, Right.FILL_IN)
    if isinstance(value, bool) or not isinstance(value, int) or not LOWEST <= value <= HIGHEST:
        raise Incomplete("confidence_vote", "value", "not_0_to_100")

    def use_case(tx: Transaction) -> None:
        vote = _vote_of(tx.con, store.secret, code)
        try:
            plan.refuse_closed(tx, tx.get(Goal, vote.goal_id))
        except CycleClosed:
            raise CodeRefused("vote_closed") from None
        _spend(tx, store.secret, vote, own_ticket)
        # With the ticket that was just spent.
        if _n_answered(tx.con, vote.confidence_vote_id) > vote.n_present:
            raise CodeRefused("vote_full")
        tx.add_sealed(vote.confidence_vote_id, [value], first=lambda: _take_rows(tx, vote.confidence_vote_id))

    store.write_together(use_case, actor=actor, verb="answer", counts=False)


def _spend(tx: Transaction, secret: bytes, vote: ConfidenceVote, own_ticket: str) -> None:
    nonce, signature = own_ticket[:24], own_ticket[24:]
    expected = _signature(secret, vote.confidence_vote_id, nonce)
    if not hmac.compare_digest(expected.encode(), signature.encode()):
        raise CodeRefused("unknown")
    own_hash = hmac.new(secret, own_ticket.encode(), hashlib.sha256).hexdigest()
    spent = tx.execute(
        """
        INSERT INTO confidence_ticket (ticket_hash, confidence_vote_id) VALUES ($hash, $vote)
        ON CONFLICT DO NOTHING
        RETURNING ticket_hash
        """,
        hash=own_hash,
        vote=vote.confidence_vote_id,
    )
    if not spent:
        raise CodeRefused("spent")


def store_shuffled(tx: Transaction, vote_id: str, values: Sequence[int]) -> None:
    """Store answers as rows, all at once and in random order."""
    shuffled = random.SystemRandom().sample(values, len(values))
    tx.execute(
        """
        INSERT INTO confidence_answer (confidence_vote_id, answer_id, value)
        SELECT $vote, unnest($ids), unnest($values)
        """,
        vote=vote_id,
        ids=[new_id() for _ in shuffled],
        values=shuffled,
    )


def _take_values(tx: Transaction, vote_id: str) -> list[int]:
    """All answers of an open vote, in no order, for who writes them again in this transaction."""
    return [*_take_rows(tx, vote_id), *tx.sealed(vote_id)]


def _take_rows(tx: Transaction, vote_id: str) -> list[int]:
    """Answers that an earlier version of the program stored as rows while the vote was open."""
    rows = tx.execute(
        "DELETE FROM confidence_answer WHERE confidence_vote_id = $vote RETURNING value", vote=vote_id
    )
    return [int(row[0]) for row in rows]


# --- while it is open ------------------------------------------------------------------------------------


def progress(store: Store, actor: Actor, vote_id: str) -> Turnout:
    """How many have answered so far. Raises `VoteNotOpen`: of a closed vote a small number tells too much."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        vote = records.get(con, ConfidenceVote, vote_id)
        if vote.state is not VoteState.OPEN:
            raise VoteNotOpen(vote_id)
        return Turnout(_n_answered(con, vote_id), vote.n_present)


def _n_answered(con: records.Connection, vote_id: str) -> int:
    row = con.execute(
        "SELECT count(*) FROM confidence_ticket WHERE confidence_vote_id = $vote", {"vote": vote_id}
    ).fetchone()
    return int(row[0]) if row else 0


def open_vote_of(store: Store, actor: Actor, goal_id: str) -> ConfidenceVote | None:
    """The vote about a goal that is open now, if any."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        found = records.find(con, ConfidenceVote, where="goal_id = $goal AND state = 'open'", goal=goal_id)
    return found[0] if found else None


# --- ending ----------------------------------------------------------------------------------------------


def close_vote(store: Store, actor: Actor, vote_id: str) -> VoteResult:
    """Close a vote: no more answers, and what the gate lets out of it is frozen."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> VoteResult:
        vote = _open_one(tx, vote_id)
        plan.refuse_closed(tx, tx.get(Goal, vote.goal_id))
        values = _take_values(tx, vote_id)
        if values:
            store_shuffled(tx, vote_id, values)
        result = result_of(values, vote.floor)
        _end(tx, vote_id, state=VoteState.CLOSED, result=asdict(result))
        return result

    closed = store.write(use_case, actor=actor, verb="close_vote")
    store.checkpoint()
    return closed


def cancel_vote(store: Store, actor: Actor, vote_id: str) -> None:
    """End a vote without a result. Answers that nobody will use are not kept."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> None:
        _open_one(tx, vote_id)
        tx.execute("DELETE FROM confidence_answer WHERE confidence_vote_id = $vote", vote=vote_id)
        _end(tx, vote_id, state=VoteState.CANCELLED)

    store.write(use_case, actor=actor, verb="cancel_vote")
    store.checkpoint()


def _end(tx: Transaction, vote_id: str, **changes: Any) -> None:
    # The code stays, so that a phone that comes late is told that the vote is over.
    tx.execute("DELETE FROM confidence_ticket WHERE confidence_vote_id = $vote", vote=vote_id)
    tx.end_sealed(vote_id)
    tx.change(ConfidenceVote, vote_id, None, closed_on=config.today(), **changes)


def result_of(values: Sequence[int], floor: int = disclosure.FLOOR) -> VoteResult:
    """The figures of a vote as far as they may be seen. Too few and none at all give the same."""
    n = len(values)
    if not gate.is_enough(n, floor=floor):
        return VoteResult()
    mean = summarise(values)
    assert mean.mean is not None and mean.median is not None  # there are at least as many as the floor
    array = np.asarray(values, dtype=np.float64)
    found = VoteResult(
        n=n,
        mean=_rounded(mean.mean, n),
        spread=_rounded(float(np.abs(array - mean.mean).mean()), n),
    )
    if not disclosure.may_show_distribution(n) or n < floor:
        return found
    counts = np.bincount(np.minimum(array // N_BANDS, N_BANDS - 1).astype(int), minlength=N_BANDS)
    return VoteResult(
        **{
            **asdict(found),
            # The middle one of a few answers is somebody's answer.
            "median": _rounded(mean.median, n),
            "low": _on_scale(_rounded(mean.t_ci_low, n)),
            "high": _on_scale(_rounded(mean.t_ci_high, n)),
            "counts": tuple(counts.tolist()),
        }
    )


def _rounded(value: float | None, n: int) -> float:
    # A decimal on a scale of a hundred points says ten times as much as one on a scale of one to six.
    assert value is not None
    return round(value, disclosure.decimals_for(n) - 1)


def _on_scale(value: float) -> float:
    return min(max(value, float(LOWEST)), float(HIGHEST))


# --- results ---------------------------------------------------------------------------------------------


def votes_about(store: Store, actor: Actor, goal_id: str) -> list[VotePoint]:
    """The closed votes about a goal, oldest first; cancelled ones are not among them."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        found = records.find(
            con,
            ConfidenceVote,
            where="goal_id = $goal AND state = 'closed'",
            order="asked_on, confidence_vote_id",
            goal=goal_id,
        )
    return [VotePoint(one.asked_on, _from_json(one.result)) for one in found]


def result(store: Store, actor: Actor, vote_id: str) -> VotePoint:
    """What the gate let out of one closed vote; raises `VoteNotClosed` before."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        one = records.get(con, ConfidenceVote, vote_id)
    if one.state is not VoteState.CLOSED:
        raise VoteNotClosed(vote_id)
    return VotePoint(one.asked_on, _from_json(one.result))


def _from_json(data: dict[str, Any]) -> VoteResult:
    return VoteResult(**{**data, "counts": tuple(data.get("counts", ()))})


@dataclass(frozen=True)
class RollingPoint:
    """The mean of the weekly pulse over the latest rounds up to a day, on the questionnaire's own scale."""

    on: date
    mean: float
    n_rounds: int


def rolling(points: Sequence[RoundPoint], span: int = ROLLING) -> list[RollingPoint]:
    """At each round that may be shown: the mean of it and of the shown rounds among the `span` − 1 before it.

    Each round weighs the same, so that a busy week does not count for less. A hidden round is passed over, and
    a changed questionnaire starts again.
    """
    found = []
    for place, point in enumerate(points):
        if point.scale is None:
            continue
        window = points[max(0, place + 1 - span) : place + 1]
        means = [
            one.scale.mean
            for one in window
            if one.scale is not None and one.scale.mean is not None and one.version == point.version
        ]
        if means:
            found.append(RollingPoint(point.on, float(np.mean(means)), len(means)))
    return found


# --- beside progress -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Week:
    """A week with lessons, by its Monday and its number within the school year."""

    monday: date
    number: int


@dataclass(frozen=True)
class Beside:
    """What happened around a goal over the weeks of its cycle, side by side. Nothing here says why."""

    goal: Goal
    first_on: date
    last_on: date
    weeks: tuple[Week, ...]
    holidays: tuple[Holiday, ...]
    votes: tuple[VotePoint, ...]
    lines: tuple[LineReading, ...]
    actions: tuple[Action, ...]
    meetings: tuple[date, ...]
    pulse: tuple[RollingPoint, ...] = ()


def beside(
    store: Store,
    actor: Actor,
    goal: Goal,
    lines: Sequence[LineReading],
    actions: Sequence[Action],
) -> Beside:
    """The team's confidence, the goal's lines and its actions over the weeks of the goal's cycle."""
    cycle = plan.get(store, actor, Cycle, goal.cycle_id)
    first, last = cycle.first_on, max(cycle.first_on, min(cycle.last_on, config.today()))
    staff = school.staff(store)
    weeks = [
        Week(monday, number)
        for year in staff.years
        for number, monday in enumerate(calendar.school_weeks(year, staff.holidays), start=1)
        if calendar.monday_of(first) <= monday <= last
    ]
    return Beside(
        goal=goal,
        first_on=first,
        last_on=last,
        weeks=tuple(weeks),
        holidays=tuple(one for one in staff.holidays if one.first_on <= last and one.last_on >= first),
        votes=tuple(votes_about(store, actor, goal.goal_id)),
        lines=tuple(lines),
        actions=tuple(actions),
        meetings=tuple(_meetings(store, cycle.cycle_id)),
        pulse=tuple(_pulse(store, actor)),
    )


def _pulse(store: Store, actor: Actor) -> list[RollingPoint]:
    closed = [one for one in results.closed_rounds(store, actor) if one.instrument_key == PULSE]
    return rolling(results.over_rounds(store, actor, closed, frozen.SCHOOL, PULSE_SCALE))


def _meetings(store: Store, cycle_id: str) -> list[date]:
    rows = store.rows(
        """
        SELECT held_on
        FROM meeting
        WHERE cycle_id = $cycle AND archived_at IS NULL
        ORDER BY held_on
        """,
        cycle=cycle_id,
    )
    return [row["held_on"] for row in rows]
