"""The page on which results are read in: what there is to choose, and a known source in one click."""

from __future__ import annotations

import pytest

from qualitycycle.cycle import (
    import_batches,
    import_preview,
    import_profiles,
    import_storing,
    import_words,
    office,
)
from qualitycycle.cycle import refused_rows as refused
from qualitycycle.imports.fields import Reason
from qualitycycle.reports import refused_list
from tests.imports.conftest import SAMPLES
from tests.pages import every
from tests.pages.every import LEADER
from tests.pages.test_manage import manage, own_key

HEADER = "Leerlingnummer;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
GOOD = "".join(f"{4100 + n};2025-2026;4;rekenen;M4;{100 + n}\n" for n in range(12))
BAD = "4150;2025-2026;4;rekenen;M4;veel\n"


@pytest.fixture
def store(tmp_path):
    """A school in which the first file of a source was read in, its columns remembered."""
    opened = office.open_school(tmp_path)
    every.new_school(opened)
    prepared = import_preview.read_file(opened, LEADER, (HEADER + GOOD + BAD).encode(), "eerste.csv")
    mapping, _profile = import_preview.mapping_for(opened, prepared.tables[0])
    result = import_preview.preview(opened, LEADER, prepared.tables[0], mapping)
    import_storing.import_table(opened, LEADER, prepared, result, mapping, remember_as="Ons LVS")
    yield opened
    office.close()


def choose(content, name="tweede.csv"):
    at = manage("imports")
    at.file_uploader[0].upload(name, content if isinstance(content, bytes) else content.encode(), "text/csv")
    return at.run()


def radio(at, name):
    return next(one for one in at.radio if one.key.endswith(f".{name}"))


def test_a_corrected_file_of_a_known_source_takes_one_click(store):
    at = choose(HEADER + GOOD.replace(";100", ";140"))

    at.button(key=own_key(at, "store")).click().run()

    [counting] = import_batches.batches(store, LEADER)
    [older] = import_batches.undone_batches(store, LEADER)
    assert (counting.file_name, older.replaced_by) == ("tweede.csv", counting.batch_id)


def test_both_versions_count_when_somebody_says_so(store):
    at = choose(HEADER + GOOD.replace(";100", ";140"))

    radio(at, "replaces").set_value("both").run()
    at.button(key=own_key(at, "store")).click().run()

    assert len(import_batches.batches(store, LEADER)) == 2


def test_nothing_is_read_in_as_long_as_a_row_is_wrong_when_that_was_chosen(store):
    at = choose(HEADER + GOOD.replace("2025-2026", "2024-2025") + BAD)

    radio(at, "refused").set_value("nothing").run()

    assert at.button(key=own_key(at, "store")).disabled
    assert len(import_batches.batches(store, LEADER)) == 1


def test_a_dossier_with_rows_that_cannot_become_right_says_so_and_offers_no_waiting(store):
    at = choose((SAMPLES / "oso_dossier.xml").read_bytes(), "dossier.xml")

    notes = [note.value.replace("\\", "") for note in at.caption]
    told = next(note for note in notes if import_words.reason(Reason.SCORE_KIND_UNKNOWN) in note)
    assert import_words.reason(Reason.INTELLIGENCE_TEST) in told and "2" in told
    assert not [one for one in at.radio if one.key.endswith(".refused")]
    at.button(key=own_key(at, "store")).click().run()
    assert len(import_batches.batches(store, LEADER)) == 2


def test_the_very_same_file_offers_no_button(store):
    at = choose(HEADER + GOOD + BAD, "anders.csv")

    assert at.warning
    assert not [one for one in at.button if one.key and one.key.endswith(".store")]


def test_refused_rows_come_back_on_the_same_page(store):
    [batch] = import_batches.batches(store, LEADER)
    rows = refused.refused_rows(store, LEADER, batch.batch_id)
    sheet = import_preview.read_tables(refused_list.render(rows), "apart.xlsx")[0].frame.astype("str")
    mark, corrected = sheet.columns[-1], sheet.columns[3]
    at = choose(f"Kolom;{corrected};{mark}\nVaardigheidsscore;120;{sheet[mark].iloc[0]}\n", "verbeterd.csv")

    at.button(key=own_key(at, "store")).click().run()

    assert refused.n_refused(store, LEADER, batch.batch_id) == 0
    assert len(import_batches.batches(store, LEADER)) == 2


def test_remembered_columns_are_renamed_and_forgotten(store):
    [profile] = import_profiles.profiles(store)
    at = manage("imports")

    at.text_input(key=f"imports.name.{profile.profile_id}").set_value("Leerling in beeld")
    at.button(key=f"imports.renamed.{profile.profile_id}").click().run()
    assert [one.name for one in import_profiles.profiles(store)] == ["Leerling in beeld"]
    at.button(key=f"imports.forget.{profile.profile_id}").click().run()

    assert import_profiles.profiles(store) == []
    at.button(key=f"imports.remember.{profile.profile_id}").click().run()
    assert len(import_profiles.profiles(store)) == 1


@pytest.mark.parametrize(("name", "stays_open"), [("Leerling in beeld", False), ("  ", True)])
def test_the_little_window_closes_when_the_name_was_saved(store, name, stays_open):
    [profile] = import_profiles.profiles(store)
    at = manage("imports")
    at.session_state[f"imports.rename.{profile.profile_id}"] = True
    at.run()

    at.text_input(key=f"imports.name.{profile.profile_id}").set_value(name)
    at.button(key=f"imports.renamed.{profile.profile_id}").click().run()

    assert at.session_state[f"imports.rename.{profile.profile_id}"] is stays_open
