"""Which imports counted at which time: after every import, taking back and counting again."""

from __future__ import annotations

from collections.abc import Iterable

from qualitycycle.store.connect import Store


def counted(store: Store, batch_ids: Iterable[str]) -> dict[int, frozenset[str]]:
    """Of these imports those that counted, by data version, in time.

    One state per change: while an import takes the place of another, nobody looks.
    """
    rows = store.rows(
        """
        SELECT noun_id, data_version, json_extract_string(after, '$.state') AS state
        FROM audit
        WHERE noun = 'batch' AND list_contains($ids::VARCHAR[], noun_id)
          AND json_extract_string(after, '$.state') IS NOT NULL
        ORDER BY data_version, changed_at, audit_id
        """,
        ids=sorted(batch_ids),
    )
    states: dict[int, frozenset[str]] = {}
    now: frozenset[str] = frozenset()
    for row in rows:
        now = now | {row["noun_id"]} if row["state"] == "current" else now - {row["noun_id"]}
        states[row["data_version"]] = now
    return states
