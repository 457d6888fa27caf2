"""Do: a corrected or longer export of the same source is recognised as a newer version of what was read in before."""

from __future__ import annotations

from qualitycycle.cycle.access import Right, require
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.model import Actor, Batch
from qualitycycle.store import records
from qualitycycle.store.connect import Store

# Of so much of an import a newer version holds the same pupils or groups, tests and moments.
ENOUGH = 0.5
# What a result is about, whatever the result is.
_KEY = ("pupil", "school_year", "moment", "year_group", "subject", "test", "score_kind")
# A figure over many is about its group as well; a pupil may have changed groups in a corrected file.
_GROUP_KEY = (*_KEY, "group_name", "level")


def older_version(store: Store, actor: Actor, result: ImportResult, mapping: Mapping) -> Batch | None:
    """The import that counts now and of which this file looks like a newer version, or None.

    It came from a file with the same headers, and at least half of what it is about is in the new file as well.
    """
    require(actor, Right.IMPORT)
    with store.cursor() as con:
        counting = records.find(con, Batch, where="state = 'current' AND corrects IS NULL")
        same = {
            batch.batch_id: batch
            for batch in counting
            if tuple(batch.mapping.get("headers", ())) == mapping.headers and batch.kind == str(result.kind)
        }
        if not same or not mapping.headers:
            return None
        con.register("new_rows", result.accepted[list(_GROUP_KEY)])
        try:
            rows = con.execute(_SHARED, {"ids": sorted(same), "enough": ENOUGH}).fetchall()
        finally:
            con.unregister("new_rows")
    return same[rows[0][0]] if rows else None


def _key(alias: str, level: str) -> str:
    # A category of a frame has another hash than the same text in a table.
    told = ", ".join(f"CAST({alias}.{name} AS VARCHAR)" for name in _KEY)
    group = f"CASE WHEN {alias}.pupil IS NULL THEN concat_ws('|', {alias}.group_name, {alias}.{level}) END"
    return f"({told}, {group})"


# Names of our own columns only.
_SHARED = f"""
WITH told AS (SELECT DISTINCT hash{_key("n", "level")} AS key FROM new_rows n),
older AS (
  SELECT DISTINCT o.batch_id, hash{_key("o", "level_name")} AS key
  FROM outcome o
  WHERE list_contains($ids::VARCHAR[], o.batch_id)
)
SELECT o.batch_id, count(t.key) / count(*) AS share
FROM older o
LEFT JOIN told t USING (key)
GROUP BY o.batch_id
HAVING share >= $enough
ORDER BY share DESC, o.batch_id
LIMIT 1
"""  # noqa: S608
