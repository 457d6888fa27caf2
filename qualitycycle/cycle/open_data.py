"""Do: the school's own line of open data of others is read in: the Inspectie, DUO, the school weightings."""

from __future__ import annotations

from qualitycycle.cycle.access import Right, require
from qualitycycle.cycle.import_preview import INSPECTIE, Prepared
from qualitycycle.cycle.import_storing import insert_outcomes, new_batch
from qualitycycle.errors import ImportRejected
from qualitycycle.imports import inspectie, locations
from qualitycycle.imports.inspectie import OpenData, SchoolResults, ThreeYears
from qualitycycle.imports.locations import Locations, Own
from qualitycycle.model import Actor, Batch, BatchState
from qualitycycle.store.connect import Store
from qualitycycle.store.records import Transaction

# --- the Inspectie's own file ----------------------------------------------------------------------------


def inspectie_schools(prepared: Prepared, search: str) -> list[inspectie.School]:
    """The schools in the Inspectie's file whose code, name or place contains the search text."""
    return inspectie.list_schools(_open_data(prepared), search)


def inspectie_school(prepared: Prepared, code: str) -> SchoolResults:
    """What the file says about one school; raises `ImportRejected` when the code fits none or several."""
    found = inspectie.read_school(_open_data(prepared), code)
    if isinstance(found, SchoolResults):
        return found
    raise ImportRejected(prepared.file_name, "which_school" if found else "unknown_school", code)


def _open_data(prepared: Prepared) -> OpenData:
    if prepared.open_data is None:
        raise ImportRejected(prepared.file_name, "not_inspectie")
    return prepared.open_data


def import_inspectie(store: Store, actor: Actor, prepared: Prepared, found: SchoolResults) -> Batch:
    """Store one school's yearly shares and the thresholds that go with them; an earlier reading is replaced."""
    require(actor, Right.IMPORT)
    rows = found.to_outcomes()

    def use_case(tx: Transaction) -> Batch:
        for earlier in tx.find(Batch, where="kind = $kind AND state = 'current'", kind=INSPECTIE):
            tx.change(Batch, earlier.batch_id, None, state=BatchState.UNDONE)
        batch = tx.insert(new_batch(tx, prepared, INSPECTIE, len(rows), 0))
        insert_outcomes(tx, batch, rows)
        _insert_thresholds(tx, batch, found, str(rows["subject"].iloc[0]))
        return batch

    return store.write(use_case, actor=actor, verb="import_inspectie")


def _insert_thresholds(tx: Transaction, batch: Batch, found: SchoolResults, subject: str) -> None:
    last_year = max(figure.school_year for figure in found.years)
    for published in found.three_years:
        tx.execute(
            """
            INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
            VALUES ($batch, $year, $subject, 'threshold', $value, $level)
            """,
            batch=batch.batch_id,
            year=last_year,
            subject=subject,
            value=published.threshold,
            level=str(published.indicator),
        )
        _insert_published(tx, batch, last_year, subject, published, found.n_pupils)


def _insert_published(
    tx: Transaction, batch: Batch, school_year: str, subject: str, published: ThreeYears, n: int | None
) -> None:
    """The figure over three years as it stands in the file: where a year is hidden nobody can work it out."""
    if published.verdict is None:
        return
    for name, value in ((str(published.verdict), published.percentage), ("n", n)):
        tx.execute(
            """
            INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
            VALUES ($batch, $year, $subject, $name, $value, $level)
            """,
            batch=batch.batch_id,
            year=school_year,
            subject=subject,
            name=f"published_{name}",
            value=value,
            level=str(published.indicator),
        )


# --- other open data with a line per location ------------------------------------------------------------


def own_schools(prepared: Prepared, search: str) -> list[inspectie.School]:
    """The locations in a file of DUO or of school weightings of which code, name or place fits."""
    return locations.schools(_locations(prepared), search)


def own_lines(prepared: Prepared, code: str) -> Own:
    """What the file says about one location; raises `ImportRejected` when the code fits none or several."""
    found = locations.own(_locations(prepared), code)
    if isinstance(found, Own):
        return found
    raise ImportRejected(prepared.file_name, "which_school" if found else "unknown_school", code)


def _locations(prepared: Prepared) -> Locations:
    if prepared.locations is None:
        raise ImportRejected(prepared.file_name, "unknown_open_data")
    return prepared.locations


def import_own_lines(store: Store, actor: Actor, prepared: Prepared, found: Own) -> Batch:
    """Store what a file says about one location; an earlier reading about the same years and groups is replaced."""
    require(actor, Right.IMPORT)
    kind = f"{prepared.kind}_{found.part}" if found.part else prepared.kind

    def use_case(tx: Transaction) -> Batch:
        for earlier in tx.find(Batch, where="kind = $kind AND state = 'current'", kind=kind):
            if _covered(tx, earlier) <= found.covers:
                tx.change(Batch, earlier.batch_id, None, state=BatchState.UNDONE)
        batch = tx.insert(new_batch(tx, prepared, kind, found.n_rows, 0))
        if found.levels or found.exams:
            insert_outcomes(tx, batch, locations.to_outcomes(found))
        for one in found.weightings:
            _insert_weighting(tx, batch, one.school_year, one.value)
        return batch

    return store.write(use_case, actor=actor, verb="import_own_lines")


def _covered(tx: Transaction, batch: Batch) -> set[tuple[str, str]]:
    """The school years and year groups an import is about, as `Own.covers` says it of a file."""
    rows = tx.execute(
        """
        SELECT school_year, year_group FROM outcome WHERE batch_id = $batch
        UNION
        SELECT school_year, '' FROM reference_value WHERE batch_id = $batch
        """,
        batch=batch.batch_id,
    )
    return {(str(school_year), str(year_group)) for school_year, year_group in rows}


def _insert_weighting(tx: Transaction, batch: Batch, school_year: str, value: float) -> None:
    tx.execute(
        """
        INSERT INTO reference_value (batch_id, school_year, subject, name, value, label)
        VALUES ($batch, $year, 'language_and_maths', 'school_weighting', $value, '')
        """,
        batch=batch.batch_id,
        year=school_year,
        value=value,
    )
