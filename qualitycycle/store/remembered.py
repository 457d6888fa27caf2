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
Imports = tuple[int, ...]


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

    At most `most` answers per store are kept, those asked for last.
    """

    def __init__(self, read: Callable[..., T], *, most: int = 256) -> None:
        self._read = read
        self._most = most
        self._lock = threading.Lock()
        self._kept: WeakKeyDictionary[Store, tuple[Imports, OrderedDict[Hashable, T]]] = WeakKeyDictionary()

    def __call__(self, store: Store, *asked: Hashable) -> T:
        # Asked before reading, as above.
        imports = imports_of(store)
        with self._lock:
            answers = self._answers(store, imports)
            if asked in answers:
                answers.move_to_end(asked)
                return answers[asked]
        found = self._read(store, *asked)
        with self._lock:
            answers[asked] = found
            while len(answers) > self._most:
                answers.popitem(last=False)
        return found

    def _answers(self, store: Store, imports: Imports) -> OrderedDict[Hashable, T]:
        kept = self._kept.get(store)
        if kept is None or kept[0] != imports:
            kept = self._kept[store] = (imports, OrderedDict())
        return kept[1]


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
