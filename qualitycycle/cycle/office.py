"""The stores this process has open: the school's own and, when asked for, the example school."""

from __future__ import annotations

import threading
from pathlib import Path

from qualitycycle import config
from qualitycycle.errors import NotFound
from qualitycycle.store.connect import Store, open_store

_open: dict[str, Store] = {}
_folder: list[Path] = []
_lock = threading.RLock()


def open_school(folder: Path, *, demo: bool = False) -> Store:
    """Open the school's file in `folder`; with `demo`, fill a new one with the example school."""
    with _lock:
        close()
        store = open_store(folder)
        if demo:
            _fill(store)
        _open["own"] = store
        _folder[:] = [folder]
        return store


def own() -> Store:
    """The school's own store; raises `NotFound` when none is open."""
    if "own" not in _open:
        raise NotFound("school", "own")
    return _open["own"]


def demo() -> Store:
    """The example school in its own file beside the school's, made on first use."""
    with _lock:
        if "demo" not in _open:
            store = open_store(_folder[0] / config.DEMO_FOLDER)
            _fill(store)
            _open["demo"] = store
        return _open["demo"]


def _fill(store: Store) -> None:
    """Tell the example school's story, unless it stands there already."""
    # Inside: it brings the whole program along, for which no phone of a real school should wait.
    from qualitycycle.cycle import demo as demo_school

    if not demo_school.is_filled(store):
        demo_school.fill(store, today=config.today())


def find(*, demo_wanted: bool) -> Store:
    return demo() if demo_wanted else own()


def close() -> None:
    """Close every open store."""
    with _lock:
        for store in _open.values():
            store.close()
        _open.clear()
