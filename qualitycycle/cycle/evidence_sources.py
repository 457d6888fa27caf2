"""Study: what became of the data behind evidence: later figures, and files that were taken back or replaced.

Evidence itself never changes; this says beside it what somebody who reads it ought to know.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from qualitycycle.cycle import evidence, reached_levels, series, views
from qualitycycle.cycle.comparing import ViewKind
from qualitycycle.cycle.series import Selection
from qualitycycle.cycle.views import Result, View
from qualitycycle.errors import NotAllowed, ViewRefused
from qualitycycle.model import Actor, Evidence
from qualitycycle.store.connect import Store
from qualitycycle.store.remembered import PerImport


@dataclass(frozen=True)
class Sources:
    """What became of the files behind a piece of evidence since it was made.

    `n_taken_back` no longer count, `n_replaced` were replaced by a newer file. `now` is what its question shows today
    where that is something else, None where it is the same or not for who asks.
    """

    n_taken_back: int = 0
    n_replaced: int = 0
    now: Result | None = None


def sources(store: Store, actor: Actor, piece: Evidence) -> Sources:
    """What became of the data behind a piece of evidence."""
    taken = evidence.shown_by(piece)
    if taken is None:
        return Sources()
    taken_back, replaced = _gone(store, taken.view, taken.data_version)
    return Sources(taken_back, replaced, _otherwise(store, actor, taken))


def _otherwise(store: Store, actor: Actor, taken: Result) -> Result | None:
    try:
        now = views.result(store, actor, taken.view)
    except (NotAllowed, ViewRefused):
        return None
    return None if _told(now) == _told(taken) else now


def _told(result: Result) -> object:
    """What a result shows, whichever version of the data it comes from."""
    kept = views.result_as_json(replace(result, data_version=0))
    figures = kept.get("figures") or {}
    # What others publish beside a line may be newer without the line being so.
    return {**kept, "figures": {name: figures[name] for name in figures if name not in _BESIDE}}


_BESIDE = ("data_version", "references", "beside", "school_weighting")


def _gone(store: Store, view: View, version: int) -> tuple[int, int]:
    """How many files that counted at a version do not count now: taken back, and replaced."""
    rows = store.rows(
        """
        WITH earlier AS (
          SELECT
            noun_id AS batch_id,
            arg_max(json_extract_string(after, '$.state'), (data_version, changed_at, audit_id)) AS state
          FROM audit
          WHERE noun = 'batch' AND data_version <= $version AND list_contains($ids::VARCHAR[], noun_id)
            AND json_extract_string(after, '$.state') IS NOT NULL
          GROUP BY ALL
        )
        SELECT count(*) FILTER (b.replaced_by IS NULL) AS taken_back, count(b.replaced_by) AS replaced
        FROM earlier e
        JOIN batch b USING (batch_id)
        WHERE e.state = 'current' AND b.state = 'undone'
        """,
        version=version,
        ids=sorted(_behind(store, view)),
    )
    return int(rows[0]["taken_back"]), int(rows[0]["replaced"])


def _files_of(store: Store, selection: Selection) -> frozenset[str]:
    rows = store.rows(
        f"SELECT DISTINCT o.batch_id {series.OF_LINE}",
        **series.parameters(selection),
    )
    return frozenset(row["batch_id"] for row in rows)


_files = PerImport(_files_of, about=series.subject_of)


def _behind(store: Store, view: View) -> set[str]:
    """Every file with rows of the lines a view is about."""
    lines = [view.selection, *([view.before] if view.before else [])]
    if view.kind in (ViewKind.COHORT, ViewKind.GAIN):
        # The same pupils sat in other year groups before.
        lines += [replace(view.selection, year_group=group) for group in series.all_year_groups(store)]
    if view.kind is ViewKind.THREE_YEARS:
        lines += reached_levels.counted(view.selection)
    found = {batch for line in lines for batch in _files(store, replace(line, level=None))}
    return (
        found | reached_levels.files_of(store, view.selection) if view.kind is ViewKind.THREE_YEARS else found
    )
