"""The record of changes, to be read: who changed what and when, before and after."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from qualitycycle import config
from qualitycycle.cycle import gate
from qualitycycle.cycle.access import Right, require
from qualitycycle.model import NOUNS, Actor
from qualitycycle.store import records
from qualitycycle.store.connect import Store

# What the record may show. A new noun has to be thought about before its changes are read here:
# answers to questionnaires are not in the record at all, and a coaching log is its writer's own.
SHOWN = (
    "school", "team", "person", "school_year", "holiday", "cycle", "vision", "ambition", "goal", "indicator",
    "measurement", "baseline", "action", "evidence", "link", "round", "instrument", "confidence_vote", "batch",
    "profile", "phase_move", "sign_in", "school_account", "meeting", "decision", "success", "obstacle", "parked",
    "meeting_action", "goal_check", "figure_prediction", "wall_picture", "group_review",
    "weighing", "later_note", "overruling", "attachment",
    "task", "task_role", "task_done", "support_member", "team_reason", "support_agreement", "policy",
    "policy_version", "policy_evidence", "way_version", "way_remark", "meeting_point",
)  # fmt: skip
# Columns that name the program's own book-keeping, not something a person changed; and figures, which are read where
# the gate lets them out.
INNER = frozenset(
    {
        "revision",
        "data_version",
        "result_version",
        "content_hash",
        "result",
        "figure",
        "view",
        "entries",
        "agenda",
        "after",
        "before",
    }
)
# What a typed value about fewer people than the floor is known by.
TYPED = frozenset({"value", "n", "note"})


@dataclass(frozen=True)
class FieldChange:
    """One field: its name and its values as plain JSON; ids of other records have become their titles."""

    name: str
    before: Any
    after: Any


@dataclass(frozen=True)
class Change:
    """One record added or changed. `person_id` None: done before there was sign-in, or in the terminal."""

    changed_at: datetime
    person_id: str | None
    role: str
    verb: str
    noun: str
    title: str
    added: bool
    fields: tuple[FieldChange, ...]

    @property
    def archived(self) -> bool:
        return any(one.name == "archived_at" and one.after for one in self.fields)

    @property
    def brought_back(self) -> bool:
        return not self.added and any(one.name == "archived_at" and one.before for one in self.fields)


def changes(
    store: Store,
    actor: Actor,
    *,
    noun: str | None = None,
    person_id: str | None = None,
    limit: int = 50,
    offset: int = 0,
) -> list[Change]:
    """Changes, latest first; of one kind of record or by one person when asked. Times are local."""
    require(actor, Right.MANAGE)
    rows = store.rows(
        """
        SELECT changed_at, person_id, role, verb, noun, noun_id, before, after
        FROM audit
        WHERE list_contains($shown, noun)
          AND ($noun IS NULL OR noun = $noun)
          AND ($person IS NULL OR person_id = $person)
        ORDER BY data_version DESC, changed_at DESC, audit_id
        LIMIT $limit
        OFFSET $offset
        """,
        shown=list(SHOWN),
        noun=noun,
        person=person_id,
        limit=limit,
        offset=offset,
    )
    titles, few = _titles(store), _about_few(store)
    return [_change(row, titles, TYPED if row["noun_id"] in few else frozenset()) for row in rows]


def _about_few(store: Store) -> set[str]:
    """The typed values that are, or ever were, about fewer people than the floor."""
    rows = store.rows(
        """
        SELECT noun_id, CAST(json_extract_string(content, '$.n') AS INTEGER) AS n
        FROM (SELECT noun_id, unnest([before, after]) AS content FROM audit WHERE noun = 'measurement')
        WHERE json_extract_string(content, '$.n') IS NOT NULL
        """
    )
    return {row["noun_id"] for row in rows if not gate.is_enough(row["n"])}


def n_changes(store: Store, actor: Actor, *, noun: str | None = None, person_id: str | None = None) -> int:
    """How many changes there are to page through."""
    require(actor, Right.MANAGE)
    rows = store.rows(
        """
        SELECT count(*) AS n
        FROM audit
        WHERE list_contains($shown, noun)
          AND ($noun IS NULL OR noun = $noun)
          AND ($person IS NULL OR person_id = $person)
        """,
        shown=list(SHOWN),
        noun=noun,
        person=person_id,
    )
    return int(rows[0]["n"])


def _change(row: dict[str, Any], titles: dict[str, str], hidden: frozenset[str]) -> Change:
    before = json.loads(row["before"]) if row["before"] else {}
    after = json.loads(row["after"]) if row["after"] else {}
    own = f"{row['noun']}_id"
    names = [name for name in after if name != own and name not in INNER | hidden]
    return Change(
        changed_at=config.local_time(row["changed_at"]),
        person_id=row["person_id"],
        role=row["role"],
        verb=row["verb"],
        noun=row["noun"],
        title=_own_title(row, {**before, **after}, titles),
        added=row["before"] is None,
        fields=tuple(
            FieldChange(name, _named(before.get(name), titles), _named(after[name], titles)) for name in names
        ),
    )


def _own_title(row: dict[str, Any], values: dict[str, Any], titles: dict[str, str]) -> str:
    if row["noun_id"] in titles:
        return titles[row["noun_id"]]
    # What has no title of its own is called after what it belongs to.
    owners = [values.get(name) for name in ("noun_id", "indicator_id", "evidence_id", "action_id", "goal_id")]
    return next((titles[owner] for owner in owners if owner in titles), "")


def _named(value: Any, titles: dict[str, str]) -> Any:
    """An id of another record as its title; other values as they are."""
    if isinstance(value, list):
        return [_named(one, titles) for one in value]
    return titles.get(value, value) if isinstance(value, str) else value


def _titles(store: Store) -> dict[str, str]:
    """Id to title or name of every record that has one; a school year is its own name."""
    found: dict[str, str] = {}
    for noun in NOUNS:
        if noun.TABLE not in SHOWN:
            continue
        own = f"{noun.TABLE}_id"
        columns = records.columns(noun)
        named = next((name for name in ("name", "file_name", "title") if name in columns), own)
        if named == own and noun.TABLE != "school_year":
            continue
        # Table and column are names from the dataclass.
        rows = store.rows(f"SELECT {own} AS id, {named} AS title FROM {noun.TABLE}")  # noqa: S608
        found.update({row["id"]: row["title"] for row in rows})
    # A vote is called after the goal it is about, also where the change does not name that goal.
    votes = store.rows(
        "SELECT v.confidence_vote_id AS id, g.title FROM confidence_vote v JOIN goal g USING (goal_id)"
    )
    return found | {row["id"]: row["title"] for row in votes}
