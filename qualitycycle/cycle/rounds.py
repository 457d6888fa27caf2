"""Do: a questionnaire round is opened with its promise, filled in by code, and closed; then its results are frozen."""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from qualitycycle import config
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import frozen, plan, promise, questionnaires
from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.answering import (
    ALPHABET,
    CODE_LENGTH,
    add,
    answer,
    check_answers,
    hash_code,
    look_up,
    store_responses,
    take_all,
)
from qualitycycle.cycle.frozen import RoundResult
from qualitycycle.errors import (
    Incomplete,
    RoundClosed,
    RoundNotClosed,
    TooManyCodes,
    TooMuchPaper,
)
from qualitycycle.model import Actor, Round, RoundState, Team
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

__all__ = ["ALPHABET", "CODE_LENGTH", "add", "answer", "hash_code", "look_up", "store_responses"]


@dataclass(frozen=True)
class Opened:
    """A round just opened, with its codes per team: they are shown now and never again."""

    round: Round
    codes: dict[str, list[str]]


@dataclass(frozen=True)
class Progress:
    """How many of the invited have answered; nothing about who, or from which team."""

    n_answered: int
    n_invited: int


# --- opening ---------------------------------------------------------------------------------------------


def open_round(
    store: Store,
    actor: Actor,
    *,
    cycle_id: str,
    instrument_key: str,
    title: str,
    invited: Mapping[str, int],
    closes_on: date | None = None,
    floor: int = disclosure.FLOOR,
    languages: Sequence[str] | None = None,
) -> Opened:
    """Open a round for teams (`invited`: team id to number of people) and make one code per person.

    `languages` are those a respondent may choose from; all that the questionnaire has when None.
    """
    require(actor, Right.OPEN_ROUND)
    check_round(title, invited, closes_on, floor)
    instrument = questionnaires.to_open(store, instrument_key)
    offered = tuple(instrument.languages if languages is None else languages)
    if not offered or not set(offered) <= set(instrument.languages):
        raise Incomplete("round", "languages")

    def use_case(tx: Transaction) -> Opened:
        new = Round(
            round_id=new_id(),
            cycle_id=cycle_id,
            instrument_key=instrument.key,
            instrument_version=instrument.version,
            title=title.strip(),
            opened_on=config.today(),
            closes_on=closes_on,
            floor=floor,
            promise=promise.make(floor, invited, offered),
        )
        return begin(tx, store.secret, new, invited)

    return store.write(use_case, actor=actor, verb="open_round")


def begin(tx: Transaction, secret: bytes, new: Round, invited: Mapping[str, int]) -> Opened:
    """Store a new round with its teams and codes, inside a use case."""
    plan.check(tx, new)
    tx.insert(new)
    return Opened(new, {team_id: _invite(tx, secret, new, team_id, n) for team_id, n in invited.items()})


def check_round(title: str, invited: Mapping[str, int], closes_on: date | None, floor: int) -> None:
    if not title.strip():
        raise Incomplete("round", "title")
    if not invited:
        raise Incomplete("round", "teams")
    if any(n < 1 for n in invited.values()):
        raise Incomplete("round", "n_invited", "outside_scale")
    if floor < disclosure.FLOOR:
        raise Incomplete("round", "floor", "below_floor")
    if closes_on is not None and closes_on < config.today():
        raise Incomplete("round", "closes_on", "in_past")


def _invite(tx: Transaction, secret: bytes, one: Round, team_id: str, n: int) -> list[str]:
    team = tx.get(Team, team_id)
    tx.execute(
        "INSERT INTO round_team (round_id, team_id, n_invited) VALUES ($round, $team, $n)",
        round=one.round_id,
        team=team.team_id,
        n=n,
    )
    return _new_codes(tx, secret, one.round_id, team_id, n)


def more_codes(store: Store, actor: Actor, round_id: str, team_id: str, n: int) -> list[str]:
    """Further codes for a team of an open round: for a slip that got lost, or a colleague who was forgotten.

    Each counts as one more invited. Raises `TooManyCodes` beyond what the round promises.
    """
    require(actor, Right.OPEN_ROUND)
    if n < 1:
        raise Incomplete("round", "n_invited", "outside_scale")

    def use_case(tx: Transaction) -> list[str]:
        one = _open_one(tx, round_id)
        _check_promised(one, team_id, n, already=_n_invited(tx, round_id, team_id))
        tx.execute(
            "UPDATE round_team SET n_invited = n_invited + $n WHERE round_id = $round AND team_id = $team",
            round=round_id,
            team=team_id,
            n=n,
        )
        return _new_codes(tx, store.secret, round_id, team_id, n)

    return store.write(use_case, actor=actor, verb="more_codes")


def _n_invited(tx: Transaction, round_id: str, team_id: str) -> int:
    rows = tx.execute(
        "SELECT n_invited FROM round_team WHERE round_id = $round AND team_id = $team",
        round=round_id,
        team=team_id,
    )
    if not rows:
        raise Incomplete("round", "teams", "not_invited")
    return int(rows[0][0])


def _check_promised(one: Round, team_id: str, n: int, *, already: int) -> None:
    most = promise.most_invited(one.promise, team_id)
    if most is not None and already + n > most:
        raise TooManyCodes(n_asked=n, n_left=max(0, most - already))


def extend(store: Store, actor: Actor, round_id: str, closes_on: date, seen: int | None = None) -> Round:
    """Give an open round a later closing date, or a first one; a closed round stays closed."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> Round:
        one = _open_one(tx, round_id)
        plan.refuse_closed(tx, one)
        if closes_on < config.today():
            raise Incomplete("round", "closes_on", "in_past")
        if one.closes_on is not None and closes_on <= one.closes_on:
            raise Incomplete("round", "closes_on", "not_later")
        return tx.change(Round, round_id, seen, closes_on=closes_on)

    return store.write(use_case, actor=actor, verb="extend_round")


def _new_codes(tx: Transaction, secret: bytes, round_id: str, team_id: str, n: int) -> list[str]:
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)) for _ in range(n)]
    tx.execute(
        "INSERT INTO invite (code_hash, round_id, team_id) SELECT unnest($hashes), $round, $team",
        hashes=[hash_code(secret, code) for code in codes],
        round=round_id,
        team=team_id,
    )
    return codes


# --- on paper --------------------------------------------------------------------------------------------


def enter_paper(
    store: Store, actor: Actor, round_id: str, team_id: str, forms: Sequence[Mapping[str, int]]
) -> None:
    """Store what was filled in on paper, all forms or none.

    Each form uses up a code of its team that nobody has used yet, drawn at random. All answers of the round are
    shuffled, so that the pile of paper is no key to them. Raises `AnswersRefused` and `TooMuchPaper`.
    """
    require(actor, Right.OPEN_ROUND)
    if not forms:
        raise Incomplete("round", "forms")

    def use_case(tx: Transaction) -> None:
        take_forms(tx, round_id, [(team_id, answers) for answers in forms])

    store.write(use_case, actor=actor, verb="enter_paper")


def take_forms(tx: Transaction, round_id: str, given: Sequence[tuple[str, Mapping[str, int]]]) -> None:
    """Store forms that came without a code, each with its team, among those of an open round; inside a use case."""
    one = _open_one(tx, round_id)
    instrument = questionnaires.within(tx, one.instrument_key, one.instrument_version)
    for _team, answers in given:
        check_answers(instrument, answers)
    for team_id, n in Counter(team_id for team_id, _answers in given).items():
        _spend_any(tx, round_id, team_id, n)
    add(tx, round_id, given)


def _spend_any(tx: Transaction, round_id: str, team_id: str, n: int) -> None:
    free = tx.execute(
        "SELECT code_hash FROM invite WHERE round_id = $round AND team_id = $team AND NOT spent",
        round=round_id,
        team=team_id,
    )
    if n > len(free):
        raise TooMuchPaper(n_forms=n)
    drawn = random.SystemRandom().sample([row[0] for row in free], n)
    tx.execute("UPDATE invite SET spent = true WHERE code_hash IN (SELECT unnest($drawn))", drawn=drawn)


# --- while it is open ------------------------------------------------------------------------------------


def progress(store: Store, actor: Actor, round_id: str) -> Progress:
    """How many have answered so far; all a leader gets to see before closing."""
    require(actor, Right.SEE_RESULTS)
    rows = store.rows(
        """
        SELECT
          (SELECT count(*) FROM invite WHERE round_id = $round AND spent) AS answered,
          (SELECT coalesce(sum(n_invited), 0) FROM round_team WHERE round_id = $round) AS invited
        """,
        round=round_id,
    )
    return Progress(int(rows[0]["answered"]), int(rows[0]["invited"]))


def rounds_of(store: Store, actor: Actor, cycle_id: str) -> list[Round]:
    """The rounds of a cycle, latest first."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        return records.find(
            con, Round, where="cycle_id = $cycle", order="opened_on DESC, round_id", cycle=cycle_id
        )


def last_closed(store: Store, actor: Actor, instrument_key: str) -> Round | None:
    """The latest closed round of a questionnaire, in any cycle."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        found = records.find(
            con,
            Round,
            where="instrument_key = $key AND state = 'closed'",
            order="closed_on DESC, round_id",
            key=instrument_key,
        )
    return found[0] if found else None


def invited_teams(store: Store, round_id: str) -> dict[str, int]:
    """Team id to number of people invited."""
    rows = store.rows("SELECT team_id, n_invited FROM round_team WHERE round_id = $round", round=round_id)
    return {row["team_id"]: row["n_invited"] for row in rows}


# --- closing ---------------------------------------------------------------------------------------------


def close_round(store: Store, actor: Actor, round_id: str, seen: int | None = None) -> Round:
    """Close a round: no more answers, stored answers shuffled, results computed once and frozen."""
    require(actor, Right.OPEN_ROUND)

    def use_case(tx: Transaction) -> Round:
        return finish(tx, round_id, config.today(), seen)

    closed = store.write(use_case, actor=actor, verb="close_round")
    store.checkpoint()
    return closed


def finish(tx: Transaction, round_id: str, on: date, seen: int | None = None) -> Round:
    """Close an open round inside a use case: shuffle, compute, freeze."""
    one = _open_one(tx, round_id)
    plan.refuse_closed(tx, one)
    _as_rows(tx, round_id)
    result = frozen.compute(tx, one)
    return tx.change(
        Round,
        round_id,
        seen,
        state=RoundState.CLOSED,
        closed_on=on,
        result=frozen.as_json(result),
        result_version=tx.data_version,
    )


def _open_one(tx: Transaction, round_id: str) -> Round:
    one = tx.get(Round, round_id)
    if one.state is not RoundState.OPEN:
        raise RoundClosed(round_id)
    return one


def _as_rows(tx: Transaction, round_id: str) -> None:
    """The sealed answers become rows, all at once and in random order: the order they came in is gone."""
    given = take_all(tx, round_id)
    store_responses(tx, round_id, random.SystemRandom().sample(given, len(given)))
    tx.end_sealed(round_id)


# --- results ---------------------------------------------------------------------------------------------


def result(store: Store, actor: Actor, round_id: str) -> RoundResult:
    """The frozen result of a closed round, as the gate let it out; raises `RoundNotClosed`."""
    require(actor, Right.SEE_RESULTS)
    with store.cursor() as con:
        one = records.get(con, Round, round_id)
    if one.state is not RoundState.CLOSED:
        raise RoundNotClosed(round_id)
    return frozen.published(frozen.from_json({**one.result, "data_version": one.result_version}))
