"""First start, the school and its people, reading in results, safekeeping and the record of changes."""

import json
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import get_args, get_type_hints

import pytest
from streamlit.testing.v1 import AppTest

from qualitycycle import config, i18n
from qualitycycle.cycle import (
    calendar,
    history,
    import_batches,
    office,
    people_list,
    plan,
    refused_rows,
    school,
    sign_in,
    upkeep,
)
from qualitycycle.errors import Incomplete, NotAllowed
from qualitycycle.model import Actor, Holiday, Person, Record, Role, School, Team
from qualitycycle.store.records import new_id
from qualitycycle.ui import changes, navigation, session
from tests.pages import every
from tests.pages.every import LEADER

PEOPLE = "Eerste, directeur\nTweede, IB'er, Onderbouw\nDerde, leerkracht groep 8, Bovenbouw\nVierde, MR"
RESULTS = (
    "Leerlingnummer;Achternaam;Schooljaar;Jaargroep;Vakgebied;Afnamemoment;Vaardigheidsscore\n"
    "4101;Vries;2025-2026;4;rekenen;M4;158,2\n"
    "4102;Bakker;2025-2026;4;rekenuh;M4;150,1\n"
    "4103;Smit;2025-2026;4;rekenen;M4;veel\n"
)


@pytest.fixture
def empty(tmp_path):
    """A file in which no school has been set up yet."""
    yield office.open_school(tmp_path)
    office.close()


@pytest.fixture
def store(empty):
    """A school with two teams and one person, its leader."""
    every.new_school(empty)
    return empty


def first_start(language="nl"):
    i18n.use(language)
    at = AppTest.from_file(str(every.SCRIPT), default_timeout=60)
    at.session_state["language"] = language
    return at.run()


def fill_in(at, *, name="De Proef"):
    at.text_input(key="start.name").set_value(name)
    at.text_area(key="start.teams").set_value("Onderbouw\nBovenbouw")
    at.text_area(key="start.people").set_value(PEOPLE)
    return at


def manage(page, role=Role.LEADER, language="nl"):
    return every.typed(page, role, language)


def people_by_name():
    return {person.name: person for person in school.staff(office.own()).people}


# --- the first start -------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_first_start_makes_the_school_in_the_language_of_the_screen(empty, language):
    at = fill_in(first_start(language))

    at.button(key="start.save").click().run()

    made = school.find_school(empty)
    assert (made.name, made.language) == ("De Proef", language)
    assert plan.running_cycle(empty) is not None


def test_after_the_first_start_nothing_is_shown_before_somebody_signs_in(empty):
    at = fill_in(first_start())

    at.button(key="start.save").click().run()

    assert not at.text_input
    assert not at.title


def test_whoever_signs_in_after_the_first_start_finds_this_week(empty, monkeypatch):
    at = fill_in(first_start())
    at.button(key="start.save").click().run()
    leader = people_by_name()["Eerste"]
    who = sign_in.SignedIn(leader.person_id, leader.name, leader.role, config.now())

    monkeypatch.setattr(session, "signed_in", lambda: who)
    at.run()

    assert "this_week" in at.session_state["_pages"]


def test_the_first_start_gives_each_person_the_access_that_was_shown(empty):
    fill_in(first_start()).button(key="start.save").click().run()

    roles = {name: person.role for name, person in people_by_name().items()}

    assert roles == {
        "Eerste": Role.LEADER,
        "Tweede": Role.COACH,
        "Derde": Role.MEMBER,
        "Vierde": Role.READER,
    }


def test_without_a_name_the_first_start_says_so_and_keeps_what_was_typed(empty):
    at = fill_in(first_start(), name="")

    at.button(key="start.save").click().run()

    assert len(at.error) == 1
    assert at.text_area(key="start.people").value == PEOPLE
    assert school.find_school(empty) is None


def test_a_brin_that_cannot_be_one_is_refused_with_a_sentence(empty):
    at = fill_in(first_start())

    at.text_input(key="start.brin").set_value("99")
    at.button(key="start.save").click().run()

    assert "BRIN" in at.error[0].value
    assert school.find_school(empty) is None


def test_the_first_start_shows_the_holidays_of_the_region_before_it_saves(empty):
    at = first_start()
    year = at.selectbox(key="start.year").value

    at.selectbox(key="start.region").set_value("zuid").run()

    planned = calendar.holidays_of(year, "zuid")
    shown = [at.date_input(key=f"start.holiday.{year}.zuid.{one.name}").value for one in planned]
    assert shown == [(one.first_on, one.last_on) for one in planned]


def test_a_corrected_holiday_is_what_is_saved(empty):
    at = fill_in(first_start())
    year = at.selectbox(key="start.year").value
    autumn = at.date_input(key=f"start.holiday.{year}.noord.autumn")
    first = autumn.value[0]

    autumn.set_value((first, first))
    at.button(key="start.save").click().run()

    assert first in {one.last_on for one in plan.find(empty, LEADER, Holiday)}


def test_the_language_can_be_switched_half_way_without_losing_what_was_typed(empty):
    at = fill_in(first_start("en")).run()

    at.segmented_control(key="language_choice").set_value("nl").run()
    i18n.use("nl")

    assert at.session_state["language"] == "nl"
    assert at.text_input(key="start.name").value == "De Proef"


def test_a_school_is_set_up_once(store):
    with pytest.raises(Incomplete):
        every.new_school(store)


# --- a list of colleagues --------------------------------------------------------------------------------


def test_the_first_person_leads_when_nobody_else_does():
    people = people_list.people_of("Eerste, leerkracht\nTweede, leerkracht", ["Team"])

    assert [person.role for person in people] == [Role.LEADER, Role.MEMBER]


def test_cells_pasted_from_a_spreadsheet_are_read():
    [person] = people_list.people_of("Eerste\tleerkracht, groep 3\tbovenbouw", ["Onderbouw", "Bovenbouw"])

    assert (person.name, person.title, person.teams) == ("Eerste", "leerkracht, groep 3", ("Bovenbouw",))


def test_one_team_is_everybodys_team_but_not_a_readers():
    people = people_list.people_of("Eerste\nTweede, MR", ["Team"])

    assert [person.teams for person in people] == [("Team",), ()]


# --- who may manage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
@pytest.mark.parametrize("page", ["school", "imports", "safekeeping", "changes"])
def test_a_member_and_a_reader_have_no_page_to_manage(store, role, page):
    at = every.app(role)
    with pytest.raises(ValueError, match="Could not find"):
        at.switch_page(str(config.app_folder() / "pages" / "manage" / f"{page}.py"))


def test_an_internal_coach_reads_in_results_and_does_not_manage_people(store):
    names = {entry.name for entry in navigation.ENTRIES if entry in every.pages_for(Role.COACH)}

    assert "imports" in names
    assert not names & {"school", "safekeeping", "changes"}


@pytest.mark.parametrize("role", [Role.COACH, Role.MEMBER, Role.READER])
def test_the_record_of_changes_is_the_leaders(store, role):
    with pytest.raises(NotAllowed):
        history.changes(store, Actor(role))


# --- the school, its teams and its people ----------------------------------------------------------------


def test_a_person_is_added_with_title_and_access(store):
    at = manage("school")

    at.text_input(key="new.person.name").set_value("Nieuwe")
    at.text_input(key="new.person.title").set_value("vakdocent gym")
    at.selectbox(key="new.person.role").set_value(Role.COACH)
    at.button(key="new.person.send").click().run()

    assert (people_by_name()["Nieuwe"].title, people_by_name()["Nieuwe"].role) == (
        "vakdocent gym",
        Role.COACH,
    )


def test_a_name_that_is_there_already_is_refused_and_stays_typed(store):
    at = manage("school")

    at.text_input(key="new.person.name").set_value("Noor")
    at.button(key="new.person.send").click().run()

    assert len(at.error) == 1
    assert at.text_input(key="new.person.name").value == "Noor"


def test_the_last_leader_cannot_lose_that_access(store):
    noor = people_by_name()["Noor"]

    with pytest.raises(Incomplete):
        plan.change(store, LEADER, Person, noor.id, noor.revision, role=Role.MEMBER)
    with pytest.raises(Incomplete):
        plan.archive(store, LEADER, Person, noor.id)


def test_an_archived_person_can_be_brought_back(store):
    extra = plan.record(store, LEADER, Person(person_id=new_id(), name="Extra", role=Role.MEMBER))
    at = manage("school")

    at.button(key=f"archive.{extra.id}").click().run()
    gone = people_by_name()["Extra"].archived
    at.button(key=f"restore.{extra.id}").click().run()

    assert (gone, people_by_name()["Extra"].archived) == (True, False)


def test_a_team_gets_another_name(store):
    team = school.staff(store).teams[0]
    at = manage("school")

    at.segmented_control(key="school.part").set_value("teams").run()
    at.button(key=f"change.{team.id}").click().run()
    at.text_input(key=f"edit.{team.id}.name").set_value("Kleuters")
    at.button(key=f"edit.{team.id}.send").click().run()

    assert "Kleuters" in [one.name for one in plan.find(store, LEADER, Team)]


def test_an_empty_school_name_is_refused_with_a_sentence(store):
    at = manage("school")

    at.segmented_control(key="school.part").set_value("school").run()
    at.text_input(key="edit.school.name").set_value("")
    at.button(key="edit.school.send").click().run()

    assert len(at.error) == 1
    assert school.find_school(store).name == "De Nieuwe School"


def test_the_school_gives_a_phase_its_own_name(store):
    at = manage("school")

    at.segmented_control(key="school.part").set_value("phases").run()
    at.text_input(key="edit.phases.observe").set_value("Signaleren")
    at.button(key="edit.phases.send").click().run()

    assert school.find_school(store).phase_labels == {"observe": "Signaleren"}


def test_a_day_off_needs_one_date(store):
    at = manage("school")

    at.segmented_control(key="school.part").set_value("years").run()
    at.text_input(key="new.holiday.name").set_value("Studiedag")
    at.date_input(key="new.holiday.first_on").set_value(date(2026, 11, 25))
    at.button(key="new.holiday.send").click().run()

    added = [one for one in plan.find(store, LEADER, Holiday) if one.name == "Studiedag"]
    assert [one.last_on for one in added] == [date(2026, 11, 25)]


def test_a_next_school_year_comes_with_its_holidays(store):
    at = manage("school")
    at.segmented_control(key="school.part").set_value("years").run()
    year = at.selectbox(key="add.school_year.which").value

    at.button(key="add.school_year.send").click().run()

    assert year in {one.id for one in school.staff(store).years}


# --- reading in results ----------------------------------------------------------------------------------


def with_file(content=RESULTS, name="toetsen.csv", role=Role.LEADER):
    at = manage("imports", role)
    at.file_uploader[0].upload(name, content.encode(), "text/csv")
    return at.run()


def test_good_rows_are_read_in_and_the_others_kept_aside(store):
    at = with_file()

    at.button(key=own_key(at, "store")).click().run()

    [batch] = import_batches.batches(store, LEADER)
    kept = refused_rows.refused_rows(store, LEADER, batch.batch_id)
    assert (batch.n_accepted, [row.line for row in kept]) == (1, [3, 4])


def own_key(at, name):
    return next(button.key for button in at.button if button.key and button.key.endswith(f".{name}"))


def test_a_word_of_the_schools_own_can_be_explained(store):
    at = with_file()
    word = next(one for one in at.selectbox if ".word." in one.key)

    word.set_value("rekenen").run()
    at.button(key=own_key(at, "store")).click().run()

    [batch] = import_batches.batches(store, LEADER)
    assert (batch.n_accepted, batch.n_refused) == (2, 1)


def test_names_of_pupils_are_not_shown_and_not_stored(store):
    at = with_file()

    at.button(key=own_key(at, "store")).click().run()

    shown = " ".join(every.texts(at))
    kept = store.rows("SELECT cells FROM refused_row")
    assert not [name for name in ("Vries", "Bakker", "Smit") if name in shown + json.dumps(kept)]


def test_remembered_columns_come_back_with_the_next_file(store):
    at = with_file()
    next(one for one in at.text_input if one.key.endswith(".profile")).set_value("LVS")
    at.button(key=own_key(at, "store")).click().run()

    again = with_file(RESULTS.replace("158,2", "159,2"))

    assert any("LVS" in text for text in every.texts(again))


def test_an_import_is_taken_back_and_counts_again(store):
    at = with_file()
    at.button(key=own_key(at, "store")).click().run()
    [batch] = import_batches.batches(store, LEADER)

    at.button(key=f"imports.undo.{batch.batch_id}").click().run()
    without = import_batches.batches(store, LEADER)
    at.button(key=f"imports.redo.{batch.batch_id}").click().run()

    assert (without, len(import_batches.batches(store, LEADER))) == ([], 1)


DOSSIER = Path(__file__).parents[1] / "data" / "imports" / "oso_dossier.xml"


def test_a_dossier_asks_for_no_columns_and_shows_no_figure_of_its_pupil(store):
    at = with_file(DOSSIER.read_text(encoding="utf-8"), "dossier.xml")
    shown = " ".join(every.texts(at))
    chosen = [one for one in at.selectbox if ".field." in one.key]

    at.button(key=own_key(at, "store")).click().run()

    [batch] = import_batches.batches(store, LEADER)
    assert (batch.kind, batch.n_accepted, batch.n_refused) == ("oso", 6, 2)
    assert (chosen, "101.5" in shown, "101,5" in shown) == ([], False, False)


def test_groups_are_read_in_and_a_team_takes_them_over(store):
    at = with_file(DOSSIER.with_name("edexml_groepen.xml").read_text(encoding="utf-8"), "groepen.xml")
    shown = " ".join(every.texts(at))

    at.button(key=own_key(at, "store")).click().run()
    teams = manage("school")
    teams.segmented_control(key="school.part").set_value("teams").run()
    form = [one for one in teams.multiselect if not one.key]
    form[0].set_value([1, 2])
    next(one for one in teams.text_input if not one.key).set_value("Ottersteam")
    next(one for one in teams.button if one.label == "Team maken van deze groepen").click().run()

    assert "5/6 Otters" in shown and "eheim" not in shown
    assert [one.kind for one in import_batches.batches(store, LEADER)] == ["edexml_groups"]
    assert not teams.exception
    assert {one.name: one.year_groups for one in school.staff(store).teams}["Ottersteam"] == ("5", "6")


def test_the_own_exams_of_duo_are_shown_with_what_is_hidden(store):
    at = with_file(DOSSIER.with_name("duo_examens_vijf_jaar.csv").read_text(encoding="utf-8"), "duo.csv")
    next(one for one in at.text_input if one.key.endswith(".search")).set_value("lyceum").run()
    shown = " ".join(every.texts(at))

    at.button(key=own_key(at, "store")).click().run()

    [batch] = import_batches.batches(store, LEADER)
    assert (batch.kind, batch.n_accepted) == ("duo_exams_five_years", 6)
    assert not at.exception
    assert "85,0%" in shown and "minder dan 5" in shown


def test_the_own_line_of_duo_is_read_in_with_one_click(store):
    at = with_file(DOSSIER.with_name("duo_referentieniveaus.csv").read_text(encoding="utf-8"), "duo.csv")
    next(one for one in at.text_input if one.key.endswith(".search")).set_value("zuid").run()

    at.button(key=own_key(at, "store")).click().run()

    [batch] = import_batches.batches(store, LEADER)
    assert (batch.kind, batch.n_accepted) == ("duo_reference_levels", 10)
    assert not at.exception


@pytest.mark.parametrize("content", ["", "geen tabel", "<dossier/>", "<html><body>inloggen</body></html>"])
def test_a_file_that_is_no_table_gets_a_sentence(store, content):
    at = with_file(content)

    assert len(at.error) == 1
    assert not at.exception


# --- safekeeping -----------------------------------------------------------------------------------------


def test_a_backup_is_made_and_listed(store):
    at = manage("safekeeping")

    at.button(key="safekeeping.back_up").click().run()

    [made] = upkeep.backups(store, LEADER)
    assert any(made.path.name in text for text in every.texts(at))


def test_the_check_up_says_that_all_is_well(store):
    at = manage("safekeeping")

    at.button(key="safekeeping.doctor").click().run()

    assert len(at.success) == 1


def test_an_export_is_ready_to_be_saved(store):
    at = manage("safekeeping")

    at.button(key="safekeeping.export_make").click().run()

    name, content, _n_tables, _n_rows = at.session_state["safekeeping.export"]
    assert (name[-4:], content[:2]) == (".zip", b"PK")


# --- the record of changes -------------------------------------------------------------------------------


def test_a_change_shows_who_when_and_what_was_there_before(store):
    own = school.find_school(store)
    noor = Actor(Role.LEADER, people_by_name()["Noor"].id)
    plan.change(store, noor, School, own.id, own.revision, name="De Andere School")

    [change] = history.changes(store, LEADER, noun="school", limit=1)

    assert [(one.name, one.before, one.after) for one in change.fields] == [
        ("name", "De Nieuwe School", "De Andere School")
    ]
    assert change.person_id == noor.person_id


def test_the_page_of_changes_shows_no_internal_id(store):
    at = manage("changes")

    shown = " ".join(every.texts(at))

    assert not [one.id for one in plan.find(store, LEADER, Team) if one.id in shown]


def test_whatever_is_one_of_a_few_is_told_in_words():
    bare = [
        (noun.TABLE, name, str(value))
        for noun in _nouns()
        for name, kind in get_type_hints(noun).items()
        for values in (kind, *get_args(kind))
        if name in changes.FIELDS and isinstance(values, type) and issubclass(values, StrEnum)
        for value in values
        if value not in changes.VALUES.get(name, {}) and value is not Role.RESPONDENT
    ]

    assert bare == []


def _nouns(base=Record):
    return [noun for own in base.__subclasses__() for noun in (own, *_nouns(own))]


def test_changes_of_one_kind_are_shown_alone(store):
    at = manage("changes")

    at.selectbox(key="changes.noun").set_value("team").run()

    assert history.n_changes(store, LEADER, noun="team") == 2
    assert not at.exception
