"""The five phases, twice: a teacher who fathoms a group's learning, and a coach who guides a colleague's or a team's.

Never a pupil's file. A learning question is for the internal coach whose it is and for the colleague, or the colleagues
of the team, whose question it is: nobody else sees that it is there, a school leader neither. In it stands what the two
agree to write down; what the coach notes for herself lies in her sealed log (`coaching_log.set_note`). A teacher's way
with a group is hers, and is seen by those with whom she shares it. The contents of either are not in the record of
changes and leave with no export.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from qualitycycle import config
from qualitycycle.cycle.access import Right, may, require
from qualitycycle.cycle.coaching_access import owner
from qualitycycle.errors import ChangedMeanwhile, Incomplete, NotAllowed, NotFound
from qualitycycle.model import Actor, Goal, Person, Phase, Team
from qualitycycle.store import records
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction, new_id

NOUN = "guidance_trajectory"
N_LONGEST = 4000


@dataclass(frozen=True)
class Trajectory:
    """One way through the phases. `together` is what was seen, understood, agreed, done and learned, by phase.

    `moves` has the day on which each phase was reached. Guidance has an internal coach for its owner, and the question
    is of one colleague or one team. With a group (`group_name`) the owner is the teacher herself, and a colleague or a
    team is whom she shares it with; without either it is hers alone.
    """

    guidance_trajectory_id: str
    owner_id: str
    question: str
    colleague_id: str | None = None
    team_id: str | None = None
    goal_id: str | None = None
    serves: str = ""
    phase: Phase = Phase.OBSERVE
    moves: dict[str, str] = field(default_factory=dict)
    together: dict[str, str] = field(default_factory=dict)
    started_on: date = date.min
    closed_on: date | None = None
    revision: int = 1
    archived_at: datetime | None = None
    group_name: str | None = None

    @property
    def id(self) -> str:
        return self.guidance_trajectory_id

    @property
    def with_group(self) -> bool:
        return self.group_name is not None


# --- who sees it -----------------------------------------------------------------------------------------


def trajectories(store: Store, actor: Actor) -> list[Trajectory]:
    """Those which this person leads, or which are hers or her team's, or shared with either; open ones first."""
    require(actor, Right.EDIT_OWN_ACTION)
    teams = _teams_of(store, actor)
    return [one for one in _all(store) if _sees(actor, teams, one)]


def find(store: Store, actor: Actor, trajectory_id: str) -> Trajectory:
    """One of them; raises `NotFound`, also for one that is not for this person."""
    found = next((one for one in trajectories(store, actor) if one.id == trajectory_id), None)
    if found is None:
        raise NotFound(NOUN, trajectory_id)
    return found


def leads(actor: Actor, one: Trajectory) -> bool:
    """Whether this person moves, words and closes it: the coach, or with a group the teacher."""
    return (
        (one.with_group or may(actor, Right.GUIDE))
        and actor.person_id is not None
        and actor.person_id == one.owner_id
    )


def is_coach(actor: Actor, one: Trajectory) -> bool:
    """Whether this person guides it as a coach: then she keeps notes of her own with it."""
    return leads(actor, one) and not one.with_group


def _sees(actor: Actor, teams: frozenset[str], one: Trajectory) -> bool:
    if actor.person_id is None:
        return False
    return actor.person_id in (one.owner_id, one.colleague_id) or one.team_id in teams


def _teams_of(store: Store, actor: Actor) -> frozenset[str]:
    """The teams of which this person is a member. A leader is in none: a team's question is not for her either."""
    if actor.person_id is None or may(actor, Right.MANAGE):
        return frozenset()
    with store.cursor() as con:
        own = records.find(con, Person, where="person_id = $id", id=actor.person_id)
    return frozenset(team_id for person in own for team_id in person.team_ids)


def _all(store: Store) -> list[Trajectory]:
    rows = store.rows(
        """
        SELECT guidance_trajectory_id, owner_id, question, colleague_id, team_id, goal_id, serves, phase, moves,
          together, started_on, closed_on, revision, archived_at, group_name
        FROM guidance_trajectory
        WHERE archived_at IS NULL
        ORDER BY closed_on IS NOT NULL, started_on DESC, guidance_trajectory_id
        """
    )
    return [_from_row(row) for row in rows]


def _from_row(row: Mapping[str, Any]) -> Trajectory:
    return Trajectory(
        **{
            **row,
            "phase": Phase(row["phase"]),
            "moves": json.loads(row["moves"]),
            "together": json.loads(row["together"]),
        }
    )


# --- beginning and going on ------------------------------------------------------------------------------


def begin(
    store: Store,
    actor: Actor,
    *,
    question: str,
    colleague_id: str | None = None,
    team_id: str | None = None,
    goal_id: str | None = None,
    serves: str = "",
) -> Trajectory:
    """Begin with a learning question of one colleague or one team.

    Without a goal it has to say how this learning serves what the team wants. Raises `Incomplete`.
    """
    owner_id = owner(actor)
    if not question.strip():
        raise Incomplete(NOUN, "question")
    if (colleague_id is None) == (team_id is None) or colleague_id == owner_id:
        raise Incomplete(NOUN, "colleague_id", "one_of_two")
    if goal_id is None and not serves.strip():
        raise Incomplete(NOUN, "serves")
    return _begun(
        store,
        actor,
        Trajectory(
            guidance_trajectory_id=new_id(),
            owner_id=owner_id,
            question=question.strip(),
            colleague_id=colleague_id,
            team_id=team_id,
            goal_id=goal_id,
            serves=serves.strip(),
        ),
        verb="begin_guidance",
    )


def begin_with_group(
    store: Store,
    actor: Actor,
    *,
    group_name: str,
    question: str,
    goal_id: str | None = None,
    colleague_id: str | None = None,
    team_id: str | None = None,
) -> Trajectory:
    """Begin as a teacher, with a question about what a group learns; hers alone, or shared. Raises `Incomplete`."""
    require(actor, Right.EDIT_OWN_ACTION)
    if actor.person_id is None:
        raise NotAllowed(str(actor.role), str(Right.EDIT_OWN_ACTION))
    _check_group(actor, group_name, question, colleague_id, team_id)
    return _begun(
        store,
        actor,
        Trajectory(
            guidance_trajectory_id=new_id(),
            owner_id=actor.person_id,
            question=question.strip(),
            group_name=group_name.strip(),
            colleague_id=colleague_id,
            team_id=team_id,
            goal_id=goal_id,
        ),
        verb="begin_with_group",
    )


def _check_group(
    actor: Actor, group_name: str, question: str, colleague_id: str | None, team_id: str | None
) -> None:
    if not group_name.strip():
        raise Incomplete(NOUN, "group_name")
    if not question.strip():
        raise Incomplete(NOUN, "question")
    if (colleague_id is not None and team_id is not None) or colleague_id == actor.person_id:
        raise Incomplete(NOUN, "colleague_id", "one_of_two")


def _begun(store: Store, actor: Actor, made: Trajectory, *, verb: str) -> Trajectory:
    now = config.today()
    new = replace(made, moves={str(Phase.OBSERVE): now.isoformat()}, started_on=now)

    def use_case(tx: Transaction) -> Trajectory:
        for noun, record_id in ((Person, new.colleague_id), (Team, new.team_id), (Goal, new.goal_id)):
            if record_id is not None:
                tx.get(noun, record_id)
        tx.execute(_INSERT, **_row(new))
        tx.note(NOUN, new.id, is_new=True)
        return new

    return store.write(use_case, actor=actor, verb=verb)


def write_together(
    store: Store, actor: Actor, trajectory_id: str, seen: int | None, phase: Phase, text: str
) -> Trajectory:
    """What the coach and the colleague put down of a phase together; either of them may write it."""
    find(store, actor, trajectory_id)
    words = text.strip()[:N_LONGEST]

    def how(one: Trajectory) -> dict[str, Any]:
        together = {**one.together, str(phase): words}
        return {"together": {name: said for name, said in together.items() if said}}

    return _change(store, actor, trajectory_id, seen, how, verb="write_guidance")


def change(
    store: Store,
    actor: Actor,
    trajectory_id: str,
    seen: int | None,
    *,
    question: str,
    goal_id: str | None,
    serves: str,
) -> Trajectory:
    """Word the question anew, or hang it on another goal; only its coach does."""
    if _require_lead(store, actor, trajectory_id).with_group:
        raise Incomplete(NOUN, "group_name")
    if not question.strip():
        raise Incomplete(NOUN, "question")
    if goal_id is None and not serves.strip():
        raise Incomplete(NOUN, "serves")
    changes = {"question": question.strip(), "goal_id": goal_id, "serves": serves.strip()}
    return _change(store, actor, trajectory_id, seen, lambda one: changes, verb="change_guidance")


def change_with_group(
    store: Store,
    actor: Actor,
    trajectory_id: str,
    seen: int | None,
    *,
    group_name: str,
    question: str,
    goal_id: str | None,
    colleague_id: str | None,
    team_id: str | None,
) -> Trajectory:
    """Word it anew, hang it on another goal, share it with others or with nobody; only the teacher does."""
    if not _require_lead(store, actor, trajectory_id).with_group:
        raise Incomplete(NOUN, "group_name")
    _check_group(actor, group_name, question, colleague_id, team_id)
    changes = {
        "group_name": group_name.strip(),
        "question": question.strip(),
        "goal_id": goal_id,
        "colleague_id": colleague_id,
        "team_id": team_id,
    }
    return _change(store, actor, trajectory_id, seen, lambda one: changes, verb="change_with_group")


def move(store: Store, actor: Actor, trajectory_id: str, phase: Phase) -> Trajectory:
    """On to another phase, or back to one; the day it was reached last is kept."""
    _require_lead(store, actor, trajectory_id)
    now = config.today().isoformat()
    return _change(
        store,
        actor,
        trajectory_id,
        None,
        lambda one: {"phase": phase, "moves": {**one.moves, str(phase): now}},
        verb="move_guidance",
    )


def close(store: Store, actor: Actor, trajectory_id: str) -> Trajectory:
    """The question is answered, or put aside on purpose. What was learned has to be there."""
    if not _require_lead(store, actor, trajectory_id).together.get(str(Phase.EVALUATE)):
        raise Incomplete(NOUN, "learned")
    now = config.today()
    return _change(store, actor, trajectory_id, None, lambda one: {"closed_on": now}, verb="close_guidance")


def reopen(store: Store, actor: Actor, trajectory_id: str) -> Trajectory:
    _require_lead(store, actor, trajectory_id)
    return _change(store, actor, trajectory_id, None, lambda one: {"closed_on": None}, verb="reopen_guidance")


def _require_lead(store: Store, actor: Actor, trajectory_id: str) -> Trajectory:
    found = find(store, actor, trajectory_id)
    if not leads(actor, found):
        raise NotAllowed(str(actor.role), str(Right.GUIDE))
    return found


def _change(
    store: Store, actor: Actor, trajectory_id: str, seen: int | None, how: Any, *, verb: str
) -> Trajectory:
    def use_case(tx: Transaction) -> Trajectory:
        before = next(one for one in _inside(tx) if one.id == trajectory_id)
        if seen is not None and before.revision != seen:
            raise ChangedMeanwhile(NOUN, trajectory_id, seen, before.revision)
        after = Trajectory(**{**vars(before), **how(before), "revision": before.revision + 1})
        tx.execute("DELETE FROM guidance_trajectory WHERE guidance_trajectory_id = $id", id=trajectory_id)
        tx.execute(_INSERT, **_row(after))
        tx.note(NOUN, trajectory_id, is_new=False)
        return after

    return store.write(use_case, actor=actor, verb=verb)


def _inside(tx: Transaction) -> list[Trajectory]:
    rows = tx.execute(
        """
        SELECT guidance_trajectory_id, owner_id, question, colleague_id, team_id, goal_id, serves, phase, moves,
          together, started_on, closed_on, revision, archived_at, group_name
        FROM guidance_trajectory
        """
    )
    return [_from_row(dict(zip(Trajectory.__dataclass_fields__, row, strict=True))) for row in rows]


def _row(one: Trajectory) -> dict[str, Any]:
    return {
        **vars(one),
        "phase": str(one.phase),
        "moves": json.dumps(one.moves),
        "together": json.dumps(one.together, ensure_ascii=False),
    }


_INSERT = """
    INSERT INTO guidance_trajectory
      (guidance_trajectory_id, owner_id, question, colleague_id, team_id, goal_id, serves, phase, moves, together,
       started_on, closed_on, revision, archived_at, group_name)
    VALUES
      ($guidance_trajectory_id, $owner_id, $question, $colleague_id, $team_id, $goal_id, $serves, $phase, $moves,
       $together, $started_on, $closed_on, $revision, $archived_at, $group_name)
"""
