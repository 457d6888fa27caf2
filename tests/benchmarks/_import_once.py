"""One import in a process of its own, so that what it takes of memory is its own: `ours` or `bare`, FILE, FOLDER."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import duckdb


def ours(file: Path, folder: Path) -> dict[str, Any]:
    from qualitycycle.cycle import import_files
    from qualitycycle.model import Actor, Role
    from qualitycycle.store.connect import open_store

    store = open_store(folder)
    start = time.perf_counter()
    import_files.import_file(store, Actor(Role.LEADER), file)
    seconds = time.perf_counter() - start
    memory = _most_memory()
    rows = store.rows("SELECT line, reason FROM refused_row")
    n = store.rows("SELECT count(*) AS n FROM outcome")[0]["n"]
    store.close()
    return {
        "seconds": seconds,
        "memory": memory,
        "n": n,
        "refused": {row["line"]: row["reason"] for row in rows},
    }


def bare(file: Path, folder: Path) -> dict[str, Any]:
    con = duckdb.connect(str(folder / "bare.duckdb"))
    start = time.perf_counter()
    con.execute("CREATE TABLE outcome AS SELECT * FROM read_csv(?, all_varchar = true)", [str(file)])
    seconds = time.perf_counter() - start
    memory = _most_memory()
    (n,) = con.execute("SELECT count(*) FROM outcome").fetchone()
    con.close()
    return {"seconds": seconds, "memory": memory, "n": n}


def _most_memory() -> float:
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    # Kilobytes, but bytes on a Mac.
    return most / (1e6 if sys.platform == "darwin" else 1e3)


if __name__ == "__main__":
    side, file, folder = sys.argv[1:]
    print(json.dumps({"ours": ours, "bare": bare}[side](Path(file), Path(folder))))
