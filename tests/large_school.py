"""The example school with ten school years and two million rows of outcomes, made inside DuckDB within seconds.

Its thread, rounds and people are those of the example school; so are the subjects, tests, year groups, moments and
scales of its outcomes. There are only far more pupils, five years more, and one year of which the file was corrected:
the first import was taken back and its rows are still there. Every figure follows from one seed.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from qualitycycle import config
from qualitycycle.cycle import demo
from qualitycycle.cycle.demo_outcomes import LEVEL_BOUNDS, LEVELS, MOMENT_DAYS, NORMS, moment_day
from qualitycycle.cycle.demo_texts import MAKER, TESTS
from qualitycycle.model import Actor, Batch, BatchState, Role
from qualitycycle.store.connect import Store, open_store
from qualitycycle.store.records import Transaction, new_id

LEADER = Actor(Role.LEADER)
N_ROWS, N_YEARS = 2_000_000, 10
# Six year groups, two moments, three subjects, a score and a level each; group 8 has no test at the end of the year,
# and reading begins at the end of group 3.
N_PER_PLACE = (6 * 2 - 1) * 2 * len(NORMS) - 2


def fill(folder: Path, *, today: date, n_rows: int = N_ROWS, seed: int = 2026) -> None:
    """Make the school in an empty folder."""
    store = open_store(folder)
    try:
        demo.fill(store, today=today)
        n_pupils = n_rows // ((N_YEARS + 1) * N_PER_PLACE) + 1
        store.write(lambda tx: _forget_pupils(tx), actor=LEADER, verb="test")
        last = max(_first_year(row["school_year"]) for row in _years(store))
        for first_year in range(last - N_YEARS + 1, last):
            _import(store, first_year, n_pupils, seed, today)
        wrong = _import(store, last, n_pupils, seed + 1, today)
        store.write(
            lambda tx: tx.change(Batch, wrong.batch_id, None, state=BatchState.UNDONE),
            actor=LEADER,
            verb="undo_import",
        )
        _import(store, last, n_pupils, seed, today)
        store.checkpoint()
    finally:
        store.close()


def n_rows_in(store: Store) -> int:
    return int(store.rows("SELECT count(*) AS n FROM outcome")[0]["n"])


def _years(store: Store) -> list[dict[str, str]]:
    return store.rows("SELECT DISTINCT school_year FROM outcome")


def _first_year(school_year: str) -> int:
    return int(school_year.partition("-")[0])


def _forget_pupils(tx: Transaction) -> None:
    tx.execute("DELETE FROM outcome WHERE pupil IS NOT NULL")


def _import(store: Store, first_year: int, n_pupils: int, seed: int, today: date) -> Batch:
    """One school year in one file, pupil by pupil, as the export of a pupil tracking system is."""

    def use_case(tx: Transaction) -> Batch:
        batch = tx.insert(
            Batch(
                batch_id=new_id(),
                kind="table",
                file_name=f"resultaten {first_year}-{first_year + 1}.csv",
                content_hash=new_id(),
                mapping={},
                imported_at=config.now(),
                data_version=tx.data_version,
                n_accepted=0,
                n_refused=0,
            )
        )
        _insert(tx, batch, first_year, n_pupils, seed, today)
        ((n,),) = tx.execute("SELECT count(*) FROM outcome WHERE batch_id = $id", id=batch.batch_id)
        return tx.change(Batch, batch.batch_id, None, n_accepted=n)

    return store.write(use_case, actor=LEADER, verb="import_outcomes")


def _insert(tx: Transaction, batch: Batch, first_year: int, n_pupils: int, seed: int, today: date) -> None:
    tx.execute(
        """
        WITH subject(place, subject, test, edition, scale, base, growth, slowing, sd, first_step) AS (
          SELECT unnest($subjects, recursive := true)
        ),
        sitting(moment, on_day, step) AS (SELECT unnest($sittings, recursive := true)),
        -- Two chances from one hash each; together they make a z-value that follows from the seed.
        pupil AS (
          SELECT
            g AS year_group, n, $year - g AS cohort, s.*, m.*,
            (hash(cohort, n, place, step, $seed) % 1000003 + 1) / 1000005.0 AS one,
            (hash(n, cohort, step, place, $seed) % 1000003 + 1) / 1000005.0 AS other,
            (hash(place, step, n, cohort, $seed) % 1000) / 1000.0 AS fate
          FROM range(3, 9) groups(g), range($n_pupils) pupils(n), subject s, sitting m
          WHERE m.on_day <= $today AND NOT (g = 8 AND m.moment = 'E') AND 2 * (g - 3) + step >= first_step
        ),
        scored AS (
          SELECT
            *, 2 * (year_group - 3) + step AS steps, sqrt(-2 * ln(one)) * cos(2 * pi() * other) AS z,
            CASE WHEN fate < 0.02 THEN 'not_taken' WHEN fate < 0.03 THEN 'empty' ELSE 'value' END AS status
          FROM pupil
        )
        INSERT INTO outcome
          (batch_id, line, pupil, school_year, moment, measured_on, year_group, group_name, subject,
           test_maker, test, edition, scale, score_kind, value, level_name, status)
        SELECT
          $batch, 2 + 12 * ((year_group - 3) * $n_pupils + n) + 6 * step + 2 * place + kind_place,
          substr(md5(concat_ws(' ', cohort, n)), 1, 16), $school_year, moment, on_day, CAST(year_group AS VARCHAR),
          concat('Groep ', year_group, chr(CAST(97 + n % 26 AS INTEGER))), subject, $maker, test, edition, scale, kind,
          CASE WHEN kind = 'score' AND status = 'value'
            THEN round(base + growth * steps - slowing * steps ** 2 + sd * z) END,
          CASE WHEN kind = 'level' AND status = 'value'
            THEN $levels[CAST(1 + CAST(z < $high AS INTEGER) + CAST(z < $above AS INTEGER)
              + CAST(z < $below AS INTEGER) + CAST(z < $low AS INTEGER) AS INTEGER)] END,
          status
        FROM scored, (VALUES ('score', 0), ('level', 1)) AS kinds(kind, kind_place)
        ORDER BY 2
        """,
        batch=batch.batch_id,
        year=first_year,
        school_year=f"{first_year}-{first_year + 1}",
        today=today,
        n_pupils=n_pupils,
        seed=seed,
        maker=MAKER,
        levels=list(LEVELS),
        **dict(zip(("high", "above", "below", "low"), LEVEL_BOUNDS, strict=True)),
        subjects=[
            {
                "place": place,
                "subject": subject,
                **dict(zip(("test", "edition", "scale"), TESTS[subject], strict=True)),
                **{name: getattr(norm, name) for name in ("base", "growth", "slowing", "sd", "first_step")},
            }
            for place, (subject, norm) in enumerate(NORMS.items())
        ],
        sittings=[
            {"moment": moment, "on_day": moment_day(first_year, moment), "step": step}
            for step, moment in enumerate(MOMENT_DAYS)
        ],
    )
