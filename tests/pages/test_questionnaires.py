"""The page of questionnaires, and a form from elsewhere on the page of rounds."""

from pathlib import Path

import pytest

from qualitycycle.cycle import office, questionnaires, rounds
from qualitycycle.model import Role
from qualitycycle.ui import elsewhere
from tests.instruments.test_checking import GOOD
from tests.pages import every, north
from tests.pages.every import LEADER

PAGE, ROUNDS = "manage/questionnaires.py", "do/rounds.py"
DATA = Path(__file__).parent.parent / "data" / "imports"
CHANGED = GOOD.replace("Wij doen het samen.", "Wij doen het echt samen.")
BOTH = GOOD.replace('"Het is rustig."', '"<b>Het</b> is *rustig* :rainbow[nu]."')


@pytest.fixture
def school(tmp_path):
    yield north.built(tmp_path)
    office.close()


def uploaded(text, language="en", role=Role.COACH):
    at = north.page(PAGE, role=role, language=language)
    at.file_uploader[0].upload("vragenlijst.toml", text.encode(), "application/toml")
    return at.run()


def titles(store):
    return [(one.key, one.version) for one in questionnaires.own_files(store)]


def test_a_coach_sees_the_questionnaires_of_the_program(school):
    at = north.page(PAGE, role=Role.COACH, language="nl")

    assert {"Vragenlijsten", "Van dit programma"} <= every.texts(at)
    assert "16 stellingen" in north.words(at)


def test_every_fault_stands_in_one_table_and_nothing_is_stored(school):
    bad = GOOD.replace("reversed = true", "reverse = true").replace("minimum = 1", "minimum = 0")

    at = uploaded(bad)

    places = [place.replace("\\", "") for place in at.table[0].value["Place"]]
    assert places == ["minimum, maximum", "labels 0", "items 2 (rk_2) reverse"] or places[-1].endswith(
        "reverse"
    )
    assert "have to be put right. Nothing was stored." in at.error[0].value.replace("\\", "")
    assert "questionnaires.store" not in [button.key for button in at.button]
    assert titles(school.store) == []


def test_a_good_file_is_shown_as_it_will_be_asked_and_scored(school):
    at = uploaded(GOOD)

    assert [radio.label.replace("\\", "") for radio in at.radio] == [
        "1. Het is rustig.",
        "2. Het is onrustig.",
        "3. Wij doen het samen.",
    ]
    said = north.words(at)
    assert "turned around: “eens” counts as 1" in said
    assert "This questionnaire is in Dutch only." in said
    assert titles(school.store) == []


def test_what_is_saved_can_be_chosen_for_a_round(school):
    north.press(uploaded(GOOD), "questionnaires.store")

    assert titles(school.store) == [("rust_in_de_klas", 1)]
    at = north.press(north.page(ROUNDS, role=Role.COACH), "rounds.open")
    assert "Rust in de klas" in at.selectbox(key="rounds.instrument").options


def test_a_changed_file_shows_what_changed_and_becomes_the_next_version(school):
    questionnaires.add(school.store, LEADER, GOOD.encode())

    at = uploaded(CHANGED)

    assert "This becomes version 2" in at.warning[0].value.replace("\\", "")
    assert '+text = { nl = "Wij doen het echt samen." }' in at.code[0].value
    north.press(at, "questionnaires.store")
    assert titles(school.store) == [("rust_in_de_klas", 1), ("rust_in_de_klas", 2)]


def test_the_same_file_says_so_and_offers_nothing_to_save(school):
    questionnaires.add(school.store, LEADER, GOOD.encode())

    at = uploaded(GOOD)

    assert "says the same as version 1" in at.info[0].value.replace("\\", "")
    assert "questionnaires.store" not in [button.key for button in at.button]


def test_a_text_in_the_file_stays_text(school):
    at = uploaded(BOTH)

    assert at.radio[0].label.replace("\\", "") == "1. <b>Het</b> is *rustig* :rainbow[nu]."


def test_an_archived_one_says_so_and_comes_back(school):
    questionnaires.add(school.store, LEADER, GOOD.encode())
    at = north.page(PAGE, role=Role.LEADER)

    at = north.press(at, "questionnaires.archive.rust_in_de_klas")
    assert "Archived" in north.words(at)
    north.press(at, "questionnaires.restore.rust_in_de_klas")

    assert "rust_in_de_klas" in [one.key for one in questionnaires.offered(school.store)]


# --- a form from elsewhere -------------------------------------------------------------------------------


def form(name="microsoft_forms_nl.csv", language="en"):
    at = north.page(ROUNDS, role=Role.COACH, language=language, elsewhere="1")
    at.selectbox(key="elsewhere.instrument").set_value(f"{north.QUESTIONNAIRE} 1").run()
    at.file_uploader[0].upload(name, (DATA / name).read_bytes(), "text/csv")
    return at.run()


def test_the_way_in_stands_under_the_rounds(school):
    at = north.press(north.page(ROUNDS, role=Role.COACH), "elsewhere.begin")

    assert at.file_uploader


def test_a_member_is_not_offered_it(school):
    at = north.page(ROUNDS, role=Role.MEMBER, elsewhere="1")

    assert not at.file_uploader
    assert "elsewhere.begin" not in [button.key for button in at.button]


def test_what_was_left_behind_is_named_and_no_answer_is_shown(school):
    at = form()

    said = north.words(at)
    assert "Begintijd (time)" in said
    assert "E-mail (mail address or account)" in said
    assert "12 forms" in said
    assert "iemand" not in said
    assert not at.file_uploader


def test_a_form_becomes_a_round_of_its_own(school):
    at = form()
    at.text_area(key="elsewhere.file.promised").set_value("Alleen samen bekeken.").run()

    north.press(at, "elsewhere.store")

    (one,) = rounds.rounds_of(school.store, LEADER, school.cycle.cycle_id)
    assert one.promise["elsewhere"] == "Alleen samen bekeken."
    assert rounds.result(school.store, LEADER, one.round_id).n_answered == 12


def test_without_the_promise_it_says_what_is_missing_and_keeps_the_file(school):
    at = north.press(form(language="nl"), "elsewhere.store")

    assert "belofte" in at.error[0].value
    assert at.button(key="elsewhere.store")
    assert rounds.rounds_of(school.store, LEADER, school.cycle.cycle_id) == []


def test_nothing_of_the_file_stays_in_the_session_after_leaving(school):
    at = north.press(form(), "elsewhere.cancel")

    assert elsewhere.RECEIVED not in at.session_state
    assert not any(one.key and one.key.startswith(elsewhere.FILE) for one in at.selectbox)
