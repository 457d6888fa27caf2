"""Files of fixed formats: recognised, read and stored as on the page, and nothing about a person kept."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import outcomes, upkeep
from qualitycycle.errors import ImportRejected
from tests.imports.conftest import SAMPLES
from tests.imports.test_oso import FORBIDDEN, OFFICIAL


def read_in(world, path, **more):
    return outcomes.import_file(world.store, world.leader, path, **more)


def test_a_dossier_is_read_in_from_the_terminal(north_school):
    done = read_in(north_school, SAMPLES / "oso_dossier.xml")

    assert (done.kind, done.accepted, done.refused) == ("oso", 6, 2)
    assert done.reasons == {"intelligence_test": 1, "score_kind_unknown": 1}
    assert "bsn" in done.dropped_columns


def test_the_very_same_dossier_is_recognised(north_school):
    read_in(north_school, SAMPLES / "oso_dossier.xml")

    again = outcomes.read_file(
        north_school.store, north_school.leader, SAMPLES / "oso_dossier.xml", "anders.xml"
    )

    assert again.already is not None


def test_another_kind_than_asked_is_refused(north_school):
    with pytest.raises(ImportRejected) as caught:
        read_in(north_school, SAMPLES / "oso_dossier.xml", kind="inspectie_ods")

    assert (caught.value.reason, caught.value.detail) == ("other_kind", "oso")


@pytest.mark.parametrize(
    "file", [SAMPLES / "oso_dossier.xml", OFFICIAL / "Voorbeelddossier_OV_POVO_full.xml"]
)
def test_nothing_about_the_person_is_in_the_store_or_its_export(north_school, tmp_path, file):
    if not file.exists():
        pytest.skip("the official OSO examples are not part of this repository: see shared/reference/imports")
    read_in(north_school, file)
    north_school.store.rows("CHECKPOINT")
    upkeep.export(north_school.store, north_school.leader, tmp_path / "export")
    upkeep.back_up(north_school.store, north_school.leader, tmp_path / "backup")

    folders = (north_school.store.path.parent, tmp_path)
    files = [one for folder in folders for one in folder.rglob("*") if one.is_file()]
    held = b"\n".join(one.read_bytes() for one in files)

    # Short figures are in every file; they are looked for in the reader's own test.
    words = [word for word in FORBIDDEN if len(word) > 4]
    assert len(files) > 3 and words
    assert [word for word in words if word.encode() in held] == []
    assert b"LN094837" not in held and b'"4711"' not in held
