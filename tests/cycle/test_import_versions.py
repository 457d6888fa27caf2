"""A newer version of a file takes the place of the older one; each of them can be taken back and put back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from qualitycycle import i18n, sentences
from qualitycycle.cycle import import_batches, import_preview, import_storing, import_versions, series
from qualitycycle.errors import ImportRejected, NotAllowed, TooManyRefused
from qualitycycle.imports import rows
from qualitycycle.model import BatchState
from qualitycycle.store.connect import open_store
from tests.cycle.conftest import RESPONDENT
from tests.planted import line

HEADER = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Toets;Vaardigheidsscore"


def file(scores, year_group=5, moment="M5"):
    """A file in which pupil n has the n-th score."""
    lines = (
        f"{1000 + n};2025-2026;{year_group};begrijpend lezen;{moment};BL;{score}"
        for n, score in enumerate(scores)
    )
    return "\n".join([HEADER, *lines])


def look_at(world, content, name="toetsen.csv"):
    prepared = import_preview.read_file(world.store, world.leader, content.encode(), name)
    mapping, _profile = import_preview.mapping_for(world.store, prepared.tables[0])
    return (
        prepared,
        import_preview.preview(world.store, world.leader, prepared.tables[0], mapping),
        mapping,
    )


def older(world, content):
    _prepared, result, mapping = look_at(world, content)
    return import_versions.older_version(world.store, world.leader, result, mapping)


def read_in(world, content, **how):
    prepared, result, mapping = look_at(world, content)
    return import_storing.import_table(world.store, world.leader, prepared, result, mapping, **how)


def counting(world):
    return {batch.batch_id for batch in import_batches.batches(world.store, world.leader)}


def shown(world):
    selection = line("5", test_maker=None, edition=None, scale="vaardigheidsscore")
    return [(point.value, point.n) for point in series.series(world.store, world.leader, selection).points]


@pytest.fixture
def first(north_school):
    return read_in(north_school, file(range(100, 120)))


def test_a_corrected_file_is_recognised_as_a_newer_version(north_school, first):
    assert older(north_school, file([*range(100, 119), 150])) == first


def test_a_longer_export_of_the_same_source_is_a_newer_version(north_school, first):
    assert older(north_school, file(range(100, 130))) == first


@pytest.mark.parametrize(
    "content",
    [
        file(range(100, 120), year_group=6, moment="M6"),
        file(range(100, 120), moment="E5"),
        file(range(100, 105)),
        file(range(100, 120)).replace("Jaargroep", "Leerjaar"),
    ],
    ids=["other group", "other moment", "a small part", "other columns"],
)
def test_another_file_is_no_newer_version(north_school, first, content):
    assert older(north_school, content) is None


def test_a_newer_version_takes_the_place_of_the_older_one(north_school, first):
    newer = read_in(north_school, file([*range(100, 119), 150]), replaces=first.batch_id)

    assert counting(north_school) == {newer.batch_id}
    [replaced] = import_batches.undone_batches(north_school.store, north_school.leader)
    assert (replaced.batch_id, replaced.replaced_by) == (first.batch_id, newer.batch_id)
    assert shown(north_school) == [(pytest.approx((sum(range(100, 119)) + 150) / 20, abs=0.01), 20)]


def test_what_was_replaced_can_be_put_back_and_replaced_again(north_school, first):
    world = north_school
    newer = read_in(world, file([*range(100, 119), 150]), replaces=first.batch_id)

    import_batches.redo(world.store, world.leader, first.batch_id)
    assert counting(world) == {first.batch_id}
    import_batches.redo(world.store, world.leader, newer.batch_id)

    assert counting(world) == {newer.batch_id}


def test_of_three_versions_only_one_counts_whichever_is_put_back(north_school, first):
    world = north_school
    second = read_in(world, file([*range(100, 119), 150]), replaces=first.batch_id)
    third = read_in(world, file([*range(100, 119), 160]), replaces=second.batch_id)

    for one in (first, second, third, first):
        import_batches.redo(world.store, world.leader, one.batch_id)
        assert counting(world) == {one.batch_id}


def test_a_newer_version_that_was_taken_back_does_not_count_beside_the_older_one(north_school, first):
    world = north_school
    newer = read_in(world, file([*range(100, 119), 150]), replaces=first.batch_id)
    import_batches.undo(world.store, world.leader, newer.batch_id)
    import_batches.redo(world.store, world.leader, first.batch_id)

    import_batches.redo(world.store, world.leader, newer.batch_id)

    assert counting(world) == {newer.batch_id}


def test_evidence_and_history_keep_the_version_that_was_replaced(north_school, first):
    world = north_school
    read_in(world, file([*range(100, 119), 150]), replaces=first.batch_id)

    kept = world.store.rows("SELECT count(*) AS n FROM outcome WHERE batch_id = $id", id=first.batch_id)

    assert kept == [{"n": 20}]
    states = world.store.rows(
        "SELECT json_extract_string(after, '$.state') AS state FROM audit WHERE noun_id = $id ORDER BY data_version",
        id=first.batch_id,
    )
    assert [row["state"] for row in states] == [BatchState.CURRENT, BatchState.UNDONE]


def test_only_who_may_import_is_told_what_a_file_looks_like(north_school, first):
    _prepared, result, mapping = look_at(north_school, file(range(100, 120)))

    for who in (RESPONDENT, north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            import_versions.older_version(north_school.store, who, result, mapping)


def test_the_store_still_opens_with_what_was_replaced(north_school, first, tmp_path):
    read_in(north_school, file(range(100, 121)), replaces=first.batch_id)
    north_school.store.close()

    again = open_store(north_school.store.path.parent)

    assert len(again.rows("SELECT 1 AS one FROM batch WHERE replaced_by IS NOT NULL")) == 1
    again.close()


def test_nothing_is_stored_of_a_file_of_which_nearly_every_row_is_wrong(north_school, first, monkeypatch):
    monkeypatch.setattr(rows, "MOST_REFUSED", 3)
    wrong = file(["veel"] * 5 + [101])

    with pytest.raises(TooManyRefused) as refused:
        read_in(north_school, wrong)

    with i18n.speaking("nl"):
        told = sentences.of(refused.value)
    assert told.startswith(
        "5 rijen van toetsen.csv zijn niet te lezen, allemaal door de kolom “Vaardigheidsscore”: Dit is geen getal."
    )
    assert counting(north_school) == {first.batch_id}


def test_the_same_file_of_two_people_at_once_counts_one_time(north_school):
    prepared, result, mapping = look_at(north_school, file(range(100, 120)))

    def store_it(_person):
        try:
            return import_storing.import_table(
                north_school.store, north_school.leader, prepared, result, mapping
            )
        except ImportRejected as refused:
            return refused.reason

    with ThreadPoolExecutor(4) as people:
        told = list(people.map(store_it, range(4)))

    assert told.count("already_read") == 3
    assert len(counting(north_school)) == 1
