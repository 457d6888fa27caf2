"""Read once per version of the file, and again only after something was written."""

from __future__ import annotations

import threading
from collections.abc import Callable
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
