"""Read once per version of the file or of its imports, and again only after something was written there."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from qualitycycle.store.connect import Store

T = TypeVar("T")


class PerVersion(Generic[T]):
    """What `read` finds in a store, kept until the store's version changes. Nothing is kept by time."""

    def __init__(self, read: Callable[[Store], T]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Store, tuple[int, T]] = WeakKeyDictionary()

    def __call__(self, store: Store) -> T:
        kept = self._kept.get(store)
        if kept is not None and kept[0] == store.version:
            return kept[1]
        # Sixty phones that ask at once wait for one reading instead of doing sixty.
        with self._lock:
            kept = self._kept.get(store)
            # Asked before reading: what is written meanwhile makes this reading old, never too new.
            version = store.version
            if kept is None or kept[0] != version:
                kept = self._kept[store] = (version, self._read(store))
            return kept[1]


# What stands in the imports changes only with a batch that is new, taken back or counting again; rows of outcomes
# only come with a batch, and leave by a retention rule.
Imports = tuple[int | str, ...]


def _imports(store: Store) -> Imports:
    (row,) = store.rows(
        """
        SELECT
          count(*) AS n, coalesce(sum(revision), 0) AS revisions, coalesce(max(data_version), 0) AS latest,
          (SELECT count(*) FROM outcome) AS n_outcomes, (SELECT count(*) FROM reference_value) AS n_references
        FROM batch
        """
    )
    return tuple(int(value) for value in row.values())


imports_of = PerVersion(_imports)


class PerImport(Generic[T]):
    """What `read` finds in the imported outcomes for some question, kept until something is imported or taken back.

    With `about` that must be about the subject of the question: another subject leaves the answer as it is. At most
    `most` answers per store are kept, those asked for last.
    """

    def __init__(
        self, read: Callable[..., T], *, most: int = 256, about: Callable[..., str] | None = None
    ) -> None:
        self._read = read
        self._most = most
        self._about = about
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Store, OrderedDict[Hashable, tuple[Imports, T]]] = WeakKeyDictionary()

    def __call__(self, store: Store, *asked: Hashable) -> T:
        # Asked before reading, as above.
        imports = imports_of(store) if self._about is None else _about(store, self._about(*asked))
        with self._lock:
            answers = self._kept.setdefault(store, OrderedDict())
            kept = answers.get(asked)
            if kept is not None and kept[0] == imports:
                answers.move_to_end(asked)
                return kept[1]
        found = self._read(store, *asked)
        with self._lock:
            answers[asked] = (imports, found)
            answers.move_to_end(asked)
            while len(answers) > self._most:
                answers.popitem(last=False)
        return found


def _by_subject(store: Store) -> Mapping[str, Imports]:
    """Per subject the imports that hold something of it, with how often each changed and how much there is."""
    rows = store.rows(
        """
        SELECT subject, batch_id, b.revision, sum(n) AS n
        FROM (
          SELECT subject, batch_id, count(*) AS n FROM outcome GROUP BY ALL
          UNION ALL
          SELECT subject, batch_id, count(*) AS n FROM reference_value GROUP BY ALL
        )
        JOIN batch b USING (batch_id)
        GROUP BY ALL
        ORDER BY ALL
        """
    )
    found: dict[str, Imports] = {}
    for row in rows:
        told = (row["batch_id"], int(row["revision"]), int(row["n"]))
        found[row["subject"]] = (*found.get(row["subject"], ()), *told)
    return found


_subjects = PerImport(_by_subject)


def _about(store: Store, subject: str) -> Imports:
    return _subjects(store).get(subject, ())


class PerBatch(Generic[T]):
    """What `read` finds in the rows of each import, by import, read again only for imports whose rows changed.

    Rows of an import never change, they only leave: it is the same as long as it has as many.
    """

    def __init__(self, read: Callable[[Store, list[str]], Mapping[str, T]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Store, dict[str, tuple[int, T]]] = WeakKeyDictionary()

    def __call__(self, store: Store) -> Mapping[str, T]:
        with self._lock:
            # Counted before reading, as above.
            rows = store.rows("SELECT batch_id, count(*) AS n FROM outcome GROUP BY batch_id")
            kept = self._kept.get(store, {})
            same = {row["batch_id"]: row["n"] for row in rows}
            found = {one: told for one, told in kept.items() if same.get(one) == told[0]}
            new = [one for one in same if one not in found]
            if new:
                read = self._read(store, new)
                found |= {one: (same[one], read[one]) for one in new if one in read}
            self._kept[store] = found
            return {one: told for one, (_n, told) in found.items()}
