"""Groups of a school year: stored without anybody in them, shown through the gate, and used."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import import_batches, import_files, import_preview, import_rosters, rosters, upkeep
from qualitycycle.cycle.rosters import GroupHeld
from qualitycycle.errors import ImportRejected, NotAllowed
from tests.imports.conftest import SAMPLES

EDEXML = SAMPLES / "edexml_groepen.xml"
# One group under a name that says nothing, of one year group; the combination group has two.
ONE = EDEXML.read_text(encoding="utf-8").replace("5/6 Otters", "Otters")
RESULTS = (
    "Leerlingnummer;Schooljaar;Groep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
    + "".join(f"{1101 + i};2025-2026;Otters;rekenen;M;{200 + i}\n" for i in range(6))
    + "".join(f"{1201 + i};2025-2026;Reigers;rekenen;M;{200 + i}\n" for i in range(6))
)


def read_in(world, path, **more):
    return import_files.import_file(world.store, world.leader, path, **more)


def prepared(world, path=EDEXML):
    return import_preview.read_file(world.store, world.leader, path, path.name)


def roster_of(tmp_path, places, year="2025-2026"):
    """A folder of OneRoster with so many pupils per group and year group."""
    lines = [
        (f"l{n}-{i}", group, code) for n, (group, code, count) in enumerate(places) for i in range(count)
    ]
    groups = list(dict.fromkeys(group for group, _code, _n in places))
    files = {
        "manifest.csv": "propertyName,value\noneroster.version,1.2\n",
        "classes.csv": "sourcedId,status,title\n" + "".join(f"k-{one},active,{one}\n" for one in groups),
        "users.csv": "sourcedId,grades\n" + "".join(f"{pupil},{code}\n" for pupil, _, code in lines),
        "enrollments.csv": "sourcedId,classSourcedId,userSourcedId,role\n"
        + "".join(f"e-{pupil},k-{group},{pupil},student\n" for pupil, group, _ in lines),
        "academicSessions.csv": f"sourcedId,type,startDate\nj,schoolYear,{year[:4]}-08-01\n" if year else "",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_groups_are_stored_and_small_ones_not_counted_out(north_school):
    done = read_in(north_school, EDEXML)

    assert (done.kind, done.accepted, done.refused) == ("edexml", 4, 0)
    assert "bsn" in done.dropped_columns
    held = rosters.held(north_school.store, north_school.leader)
    assert held.groups == (
        GroupHeld("1", "Nieuw", None),
        GroupHeld("5", "5/6 Otters", 5),
        GroupHeld("6", "5/6 Otters", None),
        GroupHeld("7", "", None),
    )


def test_a_dry_run_stores_nothing_and_the_same_file_is_recognised(north_school):
    read_in(north_school, EDEXML, dry_run=True)
    assert rosters.held(north_school.store, north_school.leader) is None

    read_in(north_school, EDEXML)
    assert prepared(north_school).already is not None


def test_a_later_file_of_the_same_year_replaces_and_can_be_taken_back(north_school, tmp_path):
    world = north_school
    first = read_in(world, EDEXML).batch
    year = rosters.held(world.store, world.leader).school_year
    second = read_in(world, roster_of(tmp_path, [("Otters", "5", 8)], year)).batch

    assert rosters.held(world.store, world.leader).groups == (GroupHeld("5", "Otters", 8),)
    assert [one.batch_id for one in import_batches.undone_batches(world.store, world.leader)] == [
        first.batch_id
    ]
    import_batches.undo(world.store, world.leader, second.batch_id)
    assert rosters.held(world.store, world.leader) is None


def test_a_file_without_a_year_asks_for_it(north_school, tmp_path):
    world = north_school
    found = prepared(world, roster_of(tmp_path, [("Otters", "5", 8)], ""))

    with pytest.raises(ImportRejected) as caught:
        import_rosters.import_roster(world.store, world.leader, found)
    assert caught.value.reason == "roster_year"

    import_rosters.import_roster(world.store, world.leader, found, school_year="2025-2026")
    assert rosters.held(world.store, world.leader).school_year == "2025-2026"


def test_only_who_may_import_stores_groups(north_school):
    found = prepared(north_school)

    for actor in (north_school.member, north_school.reader):
        with pytest.raises(NotAllowed):
            import_rosters.import_roster(north_school.store, actor, found)


def test_results_get_the_year_group_of_their_group(north_school, tmp_path):
    world, file = north_school, tmp_path / "toetsen.csv"
    file.write_text(RESULTS, encoding="utf-8")
    (tmp_path / "rooster").mkdir()
    places = [("Otters", "5", 9), ("Reigers", "6", 4), ("Reigers", "7", 5)]

    before = read_in(world, file, dry_run=True)
    read_in(world, roster_of(tmp_path / "rooster", places))
    after = read_in(world, file)

    assert (before.accepted, before.reasons) == (0, {"year_group_missing": 12})
    # Of a combination group nobody knows it: the reason stays.
    assert (after.accepted, after.reasons) == (6, {"year_group_missing": 6})
    assert world.store.rows("SELECT DISTINCT year_group, group_name FROM outcome") == [
        {"year_group": "5", "group_name": "Otters"}
    ]


def test_groups_of_another_school_year_say_nothing(north_school, tmp_path):
    world, file = north_school, tmp_path / "toetsen.csv"
    file.write_text(RESULTS, encoding="utf-8")
    (tmp_path / "rooster").mkdir()

    read_in(world, roster_of(tmp_path / "rooster", [("Otters", "4", 9)], "2024-2025"))

    assert read_in(world, file, dry_run=True).accepted == 0


def test_the_export_and_the_check_up_know_groups(north_school, tmp_path):
    read_in(north_school, EDEXML)

    done = upkeep.export(north_school.store, north_school.leader, tmp_path)
    lines = (done.path / "roster_group.csv").read_text(encoding="utf-8-sig").splitlines()

    assert [line.rpartition(";" if ";" in line else ",")[2] for line in lines[1:]] == ["", "5", "", ""]
    assert [one.code for one in upkeep.doctor(north_school.store)] == []
