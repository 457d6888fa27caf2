"""The open store: one connection per process, a fresh cursor per call, one path for every write."""

from __future__ import annotations

import random
import re
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb

from qualitycycle import config
from qualitycycle.errors import DiskFull, QualityCycleError, StoreBusy, StoreDamaged
from qualitycycle.model import Actor
from qualitycycle.store import migrate, statements
from qualitycycle.store.records import Transaction
from qualitycycle.store.sealed import Seals, keys_of

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")
N_ATTEMPTS = 6
# No extension is ever fetched: a typo must not wait for a network that is not there.
DUCKDB_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "autoinstall_known_extensions": False,
    # What is built into DuckDB must be found by name while it replays its log: without this a file whose last
    # run was killed after an ALTER of a table with a CHECK (trim …) would not open any more.
    "autoload_known_extensions": True,
    # Eighty tables and their keys each take whole blocks: those of a school are 34 MB of 256 kB and 9 MB of 64 kB.
    # Smaller ones would take more memory while a million rows are stored.
    "default_block_size": "65536",
}
NO_SPACE = re.compile(
    r"no space left|could not write|disk quota|file too large|not enough space", re.IGNORECASE
)
LOCKED = re.compile(
    r"could not set lock|conflicting lock|being used by another process|already open", re.IGNORECASE
)


@dataclass(eq=False)
class Waiting:
    """An item that waits to be written together with others, and then what came of it.

    `use_case` takes all waiting items of its kind at once and gives a result for each; a result that is a
    `QualityCycleError` refuses that item only.
    """

    use_case: Callable[[Transaction, list[Any]], Sequence[Any]]
    item: Any
    actor: Actor
    verb: str
    # Whether the write counts in the file: between two counted changes nobody sees how many answers came.
    counts: bool = True
    done: bool = False
    result: Any = None
    error: Exception | None = None

    def settle(self, result: Any) -> None:
        if isinstance(result, QualityCycleError):
            self.error = result
        self.result, self.done = result, True


class Store:
    """A school's file while it is open. Thread-safe: every call takes its own cursor.

    `version` is another number after every write, for what is remembered while the program runs; `data_version`
    is the number of changes that the file itself counts.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._waiting: deque[Waiting] = deque()
        self._closed = False
        self._con = connect(path)
        try:
            self.secret = _secret_beside(path)
            migrate.run(self._con, path)
            self.version = self.data_version = self._stored_version()
            self.seals = Seals(keys_of(path))
            self.seals.tidy(self._con)
        except BaseException:
            # A file that is refused is left alone, and others may open it.
            self._con.close()
            raise

    # --- reading -----------------------------------------------------------------------------------------

    def rows(self, sql: str, **parameters: Any) -> list[dict[str, Any]]:
        """All rows of a query as dictionaries."""
        with self.cursor() as con:
            return fetch(con, sql, parameters)

    def frame(self, sql: str, **parameters: Any) -> pd.DataFrame:
        """All rows of a query as a frame."""
        with self.cursor() as con:
            return statements.run(con, sql, parameters).df()

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of its own: one that threads share returns other people's rows."""
        source = self._con
        con = self._cursor_of(source)
        try:
            yield con
        except duckdb.FatalException:
            # DuckDB refuses all further work on this connection: the next call gets a new one.
            self._reopen(source)
            raise
        finally:
            con.close()

    def _cursor_of(self, source: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
        try:
            return source.cursor()
        except duckdb.ConnectionException:
            # Opening anew failed earlier, or another thread has done so in between.
            self._reopen(source)
            return self._con.cursor()

    # --- writing -----------------------------------------------------------------------------------------

    def write(self, use_case: Callable[[Transaction], T], *, actor: Actor, verb: str) -> T:
        """Run all statements of one use case in one transaction, with its audit rows and version.

        Retries on conflict. Raises `StoreBusy` when it keeps colliding and `DiskFull` when the disk
        refuses; in both cases nothing of the use case was kept.
        """
        result: T = self._with_patience(Waiting(_alone(use_case), None, actor, verb))
        return result

    def _with_patience(self, one: Waiting) -> Any:
        for attempt in range(N_ATTEMPTS):
            with self._lock:
                try:
                    ((_one, result),) = self._attempt_all([one])
                    return result
                except duckdb.TransactionException as error:
                    # A commit that fails on the disk also comes as a transaction error.
                    self._raise_if_disk(error)
                except duckdb.Error as error:
                    self._raise_if_disk(error)
                    raise
            # Outside the lock, so that the other writer can finish; jitter keeps two from meeting again.
            time.sleep(0.01 * 2**attempt * random.random())
        raise StoreBusy(str(self.path))

    def write_together(
        self, use_case: Callable[[Transaction], T], *, actor: Actor, verb: str, counts: bool = True
    ) -> T:
        """Like `write`, but use cases that wait for each other share one transaction, so one wait for the disk.

        Returns only after the commit. One that refuses takes nobody along: the others are written without it.
        One that does not count leaves the file's number of changes alone.
        """
        result: T = self._wait(Waiting(_alone(use_case), None, actor, verb, counts))
        return result

    def write_joined(
        self,
        use_case: Callable[[Transaction, list[T]], Sequence[QualityCycleError | None]],
        item: T,
        *,
        actor: Actor,
        verb: str,
        counts: bool = True,
    ) -> None:
        """Like `write_together`, for one of many items that one use case writes with the same few statements.

        `use_case` gets all items that wait by then and must give the same outcome in any company: None for an
        item that it wrote, or the error that refuses it, which is raised here.
        """
        self._wait(Waiting(use_case, item, actor, verb, counts))

    def _wait(self, mine: Waiting) -> Any:
        self._waiting.append(mine)
        with self._lock:
            # Whoever comes first writes for all that wait by then; the others find it done.
            if not mine.done:
                self._write_waiting()
        if mine.error is not None:
            raise mine.error
        if not mine.done:
            # The thread that wrote for us was interrupted: better an error than a word that was not kept.
            raise StoreBusy(str(self.path))
        return mine.result

    def _write_waiting(self) -> None:
        group = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            results = self._attempt_all(group)
        except Exception:
            # Nothing of the group was kept. On its own each one is kept or refused for its own reason only,
            # never because of something another one did that was taken back.
            for one in group:
                self._write_one(one)
        else:
            for one, result in results:
                one.settle(result)

    def _write_one(self, one: Waiting) -> None:
        try:
            one.settle(self._with_patience(one))
        except Exception as error:
            # Raised again in the thread that asked.
            one.error, one.done = error, True

    def _attempt_all(self, group: list[Waiting]) -> list[tuple[Waiting, Any]]:
        with self.cursor() as con:
            con.execute("BEGIN")
            try:
                version = self._next_version(con) if any(one.counts for one in group) else self.data_version
                results: list[tuple[Waiting, Any]] = []
                for alike in _alike(group):
                    first = alike[0]
                    tx = Transaction(con, first.actor, first.verb, version, self.seals)
                    given = first.use_case(tx, [one.item for one in alike])
                    tx.write_audit()
                    results += zip(alike, given, strict=True)
                con.execute("COMMIT")
            except BaseException:
                roll_back(con)
                self.seals.drop()
                raise
            self.seals.keep()
        self.data_version = version
        self.version += 1
        return results

    def _next_version(self, con: duckdb.DuckDBPyConnection) -> int:
        row = con.execute("UPDATE data_version SET version = version + 1 RETURNING version").fetchone()
        assert row is not None  # the table has one row from its migration on
        return int(row[0])

    def _stored_version(self) -> int:
        return int(self.rows("SELECT version FROM data_version")[0]["version"])

    def _raise_if_disk(self, error: duckdb.Error) -> None:
        if not NO_SPACE.search(str(error)):
            return
        # A commit that failed on the disk leaves the connection unusable, fatal or not.
        self._reopen(self._con)
        raise DiskFull(str(self.path.parent)) from error

    def _reopen(self, broken: duckdb.DuckDBPyConnection) -> None:
        """Put a new connection in the place of a broken one, unless another thread has done so already."""
        with self._lock:
            if self._closed or self._con is not broken:
                return
            broken.close()
            self._con = connect(self.path)
            self.data_version = self._stored_version()
            self.version += 1

    @contextmanager
    def still(self) -> Iterator[None]:
        """Nobody writes meanwhile: for reading what is in the file together with what lies beside it."""
        with self._lock:
            yield

    # --- life --------------------------------------------------------------------------------------------

    def checkpoint(self) -> bool:
        """Fold the write-ahead log into the file; False when that has to wait. What was saved is safe either way."""
        for attempt in range(N_ATTEMPTS):
            try:
                with self._lock, self.cursor() as con:
                    con.execute("CHECKPOINT")
                return True
            except duckdb.TransactionException:
                # Somebody is reading: DuckDB does not fold then.
                time.sleep(0.01 * 2**attempt)
            except duckdb.Error as error:
                if NO_SPACE.search(str(error)):
                    return False
                raise
        return False

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._con.close()


def _alone(use_case: Callable[[Transaction], T]) -> Callable[[Transaction, list[Any]], list[T]]:
    return lambda tx, _items: [use_case(tx)]


def _alike(group: list[Waiting]) -> list[list[Waiting]]:
    """Those of the same use case by the same actor together, otherwise in the order they came."""
    found: dict[Any, list[Waiting]] = {}
    for one in group:
        found.setdefault((one.use_case, one.actor, one.verb), []).append(one)
    return list(found.values())


def open_store(folder: Path) -> Store:
    """Open the school's file in `folder`, made if absent, migrated if old.

    Raises `StoreBusy`, `StoreTooNew`, `StoreDamaged` or `DiskFull`.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreDamaged(str(folder), str(error)) from error
    return Store(folder / config.DATABASE)


def connect(path: Path | str, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A raw connection, its errors in our words."""
    try:
        return duckdb.connect(str(path), read_only=read_only, config=DUCKDB_CONFIG)
    except duckdb.Error as error:
        if LOCKED.search(str(error)):
            raise StoreBusy(str(path)) from error
        if NO_SPACE.search(str(error)):
            raise DiskFull(str(Path(path).parent)) from error
        raise StoreDamaged(str(path), str(error).splitlines()[0]) from error


def fetch(con: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    """Run a query and return its rows as dictionaries."""
    cursor = statements.run(con, sql, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def roll_back(con: duckdb.DuckDBPyConnection) -> None:
    """Take back what a transaction did, if there still is one."""
    # A failed COMMIT has rolled back already; a dead connection cannot.
    try:
        con.execute("ROLLBACK")
    except duckdb.Error:
        return


def _secret_beside(path: Path) -> bytes:
    """The key for codes and pupil pseudonyms: beside the database, never in it."""
    key = path.with_suffix(".key")
    if not key.exists():
        key.touch(mode=0o600)
        key.write_text(secrets.token_hex(32), encoding="ascii")
    return bytes.fromhex(key.read_text(encoding="ascii"))
