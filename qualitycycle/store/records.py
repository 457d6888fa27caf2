"""Reading and writing records: one table per noun, its columns the fields of the dataclass."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import duckdb

from qualitycycle import config
from qualitycycle.errors import ChangedMeanwhile, NotFound
from qualitycycle.model import NOUNS, Actor, Record
from qualitycycle.store import statements
from qualitycycle.store.sealed import Seals

R = TypeVar("R", bound=Record)
# So that the rooms above can name what they hand on without knowing DuckDB.
Connection = duckdb.DuckDBPyConnection


def new_id() -> str:
    """A random id that carries neither order nor time."""
    return secrets.token_hex(8)


# --- between a row and a dataclass -----------------------------------------------------------------------


def _columns_of(noun: type[Record]) -> tuple[str, ...]:
    own = f"{noun.TABLE}_id"
    return (own, *[one.name for one in fields(noun) if one.name != own])


def _without_none(hint: Any) -> Any:
    if get_origin(hint) is UnionType:
        return next(part for part in get_args(hint) if part is not NoneType)
    return hint


def _loader(hint: Any) -> Callable[[Any], Any] | None:
    """How a stored value becomes what a field holds; None where it is that already."""
    if get_origin(hint) is tuple:
        return lambda value: tuple(json.loads(value))
    if get_origin(hint) is dict:
        return json.loads
    return hint if isinstance(hint, type) and issubclass(hint, StrEnum) else None


def _loaders_of(hints: dict[str, Any]) -> dict[str, Callable[[Any], Any]]:
    found = {name: _loader(hint) for name, hint in hints.items()}
    return {name: load for name, load in found.items() if load is not None}


COLUMNS = {noun.TABLE: _columns_of(noun) for noun in NOUNS}
HINTS = {
    noun.TABLE: {
        name: _without_none(hint)
        for name, hint in get_type_hints(noun).items()
        if name in COLUMNS[noun.TABLE]
    }
    for noun in NOUNS
}
LOADERS = {table: _loaders_of(hints) for table, hints in HINTS.items()}


def columns(noun: type[Record]) -> tuple[str, ...]:
    """The columns of a noun's table, id first."""
    return COLUMNS[noun.TABLE]


def from_row(noun: type[R], row: dict[str, Any]) -> R:
    """A row of the noun's table as its dataclass."""
    values = dict(row)
    for name, load in LOADERS[noun.TABLE].items():
        if values[name] is not None:
            values[name] = load(values[name])
    return noun(**values)


def _store_form(value: Any) -> Any:
    if isinstance(value, tuple | list | dict):
        return json.dumps(value, ensure_ascii=False, default=_plain)
    return str(value) if isinstance(value, StrEnum) else value


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"cannot store {type(value).__name__}")


def as_plain(record: Record) -> dict[str, Any]:
    """A record as plain JSON values, for the audit and the export."""
    return {name: _json_value(getattr(record, name)) for name in columns(type(record))}


def _json_value(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


# --- reading ---------------------------------------------------------------------------------------------


def get(con: duckdb.DuckDBPyConnection, noun: type[R], record_id: str) -> R:
    """One record by id; raises `NotFound`."""
    # Without ORDER BY: half the time of a `find`, and every verb begins with a few of these.
    sql = f"SELECT {', '.join(columns(noun))} FROM {noun.TABLE} WHERE {noun.TABLE}_id = $id"  # noqa: S608
    row = statements.run(con, sql, {"id": record_id}).fetchone()
    if row is None:
        raise NotFound(noun.TABLE, record_id)
    return from_row(noun, dict(zip(columns(noun), row, strict=True)))


def find(
    con: duckdb.DuckDBPyConnection,
    noun: type[R],
    /,
    *,
    where: str = "true",
    order: str | None = None,
    archived: bool = False,
    **parameters: Any,
) -> list[R]:
    """Records that meet `where` (our own SQL, values as parameters), archived ones only when asked."""
    # Names come from the dataclasses and from this package, never from a user.
    sql = (
        f"SELECT {', '.join(columns(noun))} FROM {noun.TABLE}"  # noqa: S608
        f" WHERE ({where}) {'' if archived else 'AND archived_at IS NULL'}"
        f" ORDER BY {order or default_order(noun)}"
    )
    found = statements.run(con, sql, parameters).fetchall()
    return [from_row(noun, dict(zip(columns(noun), row, strict=True))) for row in found]


def default_order(noun: type[Record]) -> str:
    """Position first where there is one, then the id, so that two reads never differ."""
    own = f"{noun.TABLE}_id"
    return f"position, {own}" if "position" in columns(noun) else own


# --- writing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Transaction:
    """One use case in the making: a cursor inside BEGIN … COMMIT and who is doing it."""

    con: duckdb.DuckDBPyConnection
    actor: Actor
    verb: str
    data_version: int
    seals: Seals
    # What was done so far and stands in the audit only when the use case ends: one statement, not one per change.
    done: list[dict[str, Any]] = field(default_factory=list)

    def get(self, noun: type[R], record_id: str) -> R:
        return get(self.con, noun, record_id)

    def find(self, noun: type[R], /, **kwargs: Any) -> list[R]:
        return find(self.con, noun, **kwargs)

    def next_position(self, noun: type[Record]) -> int:
        """The place after the last record of a noun, archived ones too."""
        return int(self.execute(f"SELECT coalesce(max(position), -1) + 1 FROM {noun.TABLE}")[0][0])  # noqa: S608

    def execute(self, sql: str, **parameters: Any) -> list[tuple[Any, ...]]:
        """A statement without audit: only for rows that must not be traced or that a batch accounts for."""
        return statements.run(self.con, sql, parameters).fetchall()

    def insert(self, record: R) -> R:
        """Store a new record."""
        statements.run(self.con, _insert_sql(type(record)), _store_row(record))
        self._put_down(self._audit_row(record, None, record))
        return record

    def insert_all(self, records: Sequence[R]) -> None:
        """Store many new records of one noun, each with its audit row, in a fraction of the time."""
        if records:
            _insert_rows(self.con, _insert_sql(type(records[0])), [_store_row(one) for one in records])
            self._put_down(*[self._audit_row(one, None, one) for one in records])

    def change(self, noun: type[R], record_id: str, seen: int | None, **changes: Any) -> R:
        """Save changes to a record that was at revision `seen`; None means whatever it is now.

        Raises `NotFound`, and `ChangedMeanwhile` when somebody saved it in between.
        """
        before = self.get(noun, record_id)
        if seen is not None and before.revision != seen:
            raise ChangedMeanwhile(noun.TABLE, record_id, seen, before.revision, as_plain(before))
        after = replace(before, revision=before.revision + 1, **changes)
        names = [*changes, "revision"]
        sql = (
            f"UPDATE {noun.TABLE} SET {', '.join(f'{name} = ${name}' for name in names)}"  # noqa: S608
            f" WHERE {noun.TABLE}_id = $own_id AND revision = $was"
        )
        values = {name: _store_form(getattr(after, name)) for name in names}
        statements.run(self.con, sql, {**values, "own_id": record_id, "was": before.revision})
        self._put_down(self._audit_row(after, before, after))
        return after

    def archive(self, noun: type[R], record_id: str, seen: int | None = None) -> R:
        """Put a record aside; it can be restored."""
        return self.change(noun, record_id, seen, archived_at=config.now())

    def restore(self, noun: type[R], record_id: str, seen: int | None = None) -> R:
        return self.change(noun, record_id, seen, archived_at=None)

    def sealed(self, asked_id: str) -> list[Any]:
        """What was answered so far in an open round or vote, in no order."""
        return self.seals.read(self.con, asked_id)

    def add_sealed(
        self, asked_id: str, answers: Sequence[Any], *, first: Callable[[], Sequence[Any]] = tuple
    ) -> None:
        """Keep answers with those so far of an open round or vote; `first` gives those from before any was sealed."""
        self.seals.add(self.con, asked_id, answers, first=first)

    def end_sealed(self, asked_id: str) -> None:
        """A round or vote is no longer open: the key to its answers goes with them."""
        self.seals.end(self.con, asked_id)

    def note(self, noun: str, noun_id: str, *, is_new: bool) -> None:
        """Put in the record that something was done to what is kept secret, without any of its contents."""
        row = {"noun": noun, "noun_id": noun_id, "before": None if is_new else "{}", "after": "{}"}
        self._put_down({**self._signature(), **row})

    def write_audit(self) -> None:
        """Put what was done so far into the audit; `Store.write` does so at the end."""
        _insert_rows(self.con, AUDIT, self.done)
        self.done.clear()

    def _put_down(self, *rows: dict[str, Any]) -> None:
        self.done.extend(rows)

    def _audit_row(self, record: Record, before: Record | None, after: Record) -> dict[str, Any]:
        old, new = _difference(before, after)
        return {
            **self._signature(),
            "noun": record.TABLE,
            "noun_id": record.id,
            "before": json.dumps(old, ensure_ascii=False) if old is not None else None,
            "after": json.dumps(new, ensure_ascii=False),
        }

    def _signature(self) -> dict[str, Any]:
        return {
            "audit_id": new_id(),
            "version": self.data_version,
            "at": config.now(),
            "person": self.actor.person_id,
            "role": str(self.actor.role),
            "verb": self.verb,
        }


AUDIT = """
    INSERT INTO audit
      (audit_id, data_version, changed_at, person_id, role, verb, noun, noun_id, before, after)
    VALUES ($audit_id, $version, $at, $person, $role, $verb, $noun, $noun_id, $before, $after)
"""


def _insert_rows(con: duckdb.DuckDBPyConnection, sql: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Many rows with the statement for one, its values as a list per column: the text is the same for any number."""
    if not rows:
        return
    names = re.findall(r"\$(\w+)", sql)
    lists = ", ".join(f"unnest(${name})" for name in names)
    columns_of_rows = {name: [row[name] for row in rows] for name in names}
    statements.run(con, f"{sql[: sql.rindex('VALUES')]}SELECT {lists}", columns_of_rows)


def _insert_sql(noun: type[Record]) -> str:
    names = columns(noun)
    values = ", ".join(f"${name}" for name in names)
    return f"INSERT INTO {noun.TABLE} ({', '.join(names)}) VALUES ({values})"  # noqa: S608


def _store_row(record: Record) -> dict[str, Any]:
    return {name: _store_form(getattr(record, name)) for name in columns(type(record))}


def _difference(before: Record | None, after: Record) -> tuple[dict[str, Any] | None, dict[str, Any]]:
    new = as_plain(after)
    if before is None:
        return None, new
    old = as_plain(before)
    changed = [name for name in new if new[name] != old[name]]
    return {name: old[name] for name in changed}, {name: new[name] for name in changed}
