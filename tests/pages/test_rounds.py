"""A round on screen: opened, codes once, filled in by code, closed."""

import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from qualitycycle import config, i18n, instruments
from qualitycycle.cycle import office, plan, promise, rounds, school
from qualitycycle.model import Person, Role, RoundState
from qualitycycle.store.records import new_id
from qualitycycle.ui import codes, paper
from tests.pages import every
from tests.pages.every import LEADER
from tests.reports.test_slips import read_by_camera, words_of

INSTRUMENT = instruments.instrument("weekpeiling")


@pytest.fixture
def store(tmp_path):
    """A school whose first team has six people."""
    store = office.open_school(tmp_path)
    every.new_school(store)
    team = school.staff(store).teams[0]
    for n in range(6):
        plan.record(
            store,
            LEADER,
            Person(person_id=new_id(), name=f"Collega {n}", role=Role.MEMBER, team_ids=(team.id,)),
        )
    yield store
    office.close()


@pytest.fixture
def opened(store):
    """A round of the weekly questions for six people."""
    return rounds.open_round(
        store,
        LEADER,
        cycle_id=plan.running_cycle(store).id,
        instrument_key=INSTRUMENT.key,
        title="Weekpeiling november",
        invited={school.staff(store).teams[0].id: 6},
    )


def go(page, role=Role.LEADER, language="nl", **query):
    return every.typed(page, role, language, **query)


def codes_of(opened):
    [codes] = opened.codes.values()
    return codes


def begin(code, language="nl"):
    at = go("answer", language=language)
    at.text_input(key="answer.typed").set_value(code)
    at.button(key="answer.begin").click()
    return at.run()


def choose(at, value=4, *, skip=0):
    for item in INSTRUMENT.items[skip:]:
        at.radio(key=f"answer.item.{item.key}").set_value(value)
    return at


def fill_in(code, value=4):
    at = choose(begin(code), value)
    return at.button(key="answer.send").click().run()


def answered(store, round_id):
    return rounds.progress(store, LEADER, round_id).n_answered


# --- opening ---------------------------------------------------------------------------------------------


def test_a_round_opens_with_the_number_of_people_in_each_team(store):
    at = go("rounds")

    at.button(key="rounds.open").click().run()
    at.button(key="rounds.send").click().run()

    [one] = rounds.rounds_of(store, LEADER, plan.running_cycle(store).id)
    assert list(rounds.invited_teams(store, one.round_id).values()) == [6]


def test_the_codes_are_shown_until_they_are_dismissed_and_then_never_again(store):
    at = go("rounds")
    at.button(key="rounds.open").click().run()
    at.button(key="rounds.send").click().run()
    code = rounds_code(at.session_state["rounds.codes"].codes)

    shown = any(code in text for text in every.texts(at))
    at.button(key="codes.done").click().run()

    assert (shown, any(code in text for text in every.texts(at))) == (True, False)
    assert "rounds.codes" not in at.session_state


def rounds_code(codes):
    first = next(iter(codes.values()))[0]
    return f"{first[:4]} {first[4:]}"


def test_a_round_without_a_title_gets_a_sentence_and_keeps_the_rest(store):
    at = go("rounds")
    at.button(key="rounds.open").click().run()
    at.number_input(key="rounds.floor").set_value(7)
    title = next(one for one in at.text_input if one.key.startswith("rounds.title."))

    title.set_value("")
    at.button(key="rounds.send").click().run()

    assert len(at.error) == 1
    assert at.number_input(key="rounds.floor").value == 7


def test_the_promise_names_the_smallest_group_that_was_chosen(store):
    at = go("rounds", language="en")
    at.button(key="rounds.open").click().run()

    at.number_input(key="rounds.floor").set_value(8).run()

    assert any("at least 8 people" in text for text in every.texts(at))


def test_a_questionnaire_that_is_not_validated_says_so(store):
    at = go("rounds", language="en")

    at.button(key="rounds.open").click().run()

    assert any("Not validated" in text for text in every.texts(at))


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
def test_a_member_and_a_reader_cannot_open_or_close_a_round(store, opened, role):
    at = go("rounds", role)

    keys = {button.key for button in at.button}

    assert "rounds.open" not in keys
    assert f"rounds.close.{opened.round.id}" not in keys


def test_a_forgotten_colleague_gets_a_code(store, opened):
    at = go("rounds")

    at.button(key=f"rounds.more.send.{opened.round.id}").click().run()

    assert rounds.progress(store, LEADER, opened.round.id).n_invited == 7
    assert "rounds.codes" in at.session_state


def test_a_round_opens_in_the_languages_and_until_the_day_that_were_chosen(store):
    at = go("rounds")
    at.button(key="rounds.open").click().run()
    instrument = at.selectbox(key="rounds.instrument").value
    at.button_group(key=f"rounds.languages.{instrument}").set_value(["nl"])
    at.date_input(key="rounds.closes_on").set_value(config.today() + timedelta(days=9))

    at.button(key="rounds.send").click().run()

    [one] = rounds.rounds_of(store, LEADER, plan.running_cycle(store).id)
    assert one.promise["languages"] == ["nl"]
    assert one.closes_on == config.today() + timedelta(days=9)


def test_a_round_in_no_language_is_refused_with_a_sentence(store):
    at = go("rounds")
    at.button(key="rounds.open").click().run()
    instrument = at.selectbox(key="rounds.instrument").value
    at.button_group(key=f"rounds.languages.{instrument}").set_value([])

    at.button(key="rounds.send").click().run()

    assert len(at.error) == 1
    assert rounds.rounds_of(store, LEADER, plan.running_cycle(store).id) == []


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_whole_promise_stands_beside_the_button_that_opens(store, language):
    at = go("rounds", language=language)

    at.button(key="rounds.open").click().run()

    shown = " ".join(every.texts(at))
    instrument = instruments.instrument(at.selectbox(key="rounds.instrument").value)
    team = school.staff(store).teams[0].id
    for sentence in promise.sentences(promise.make(5, {team: 6}, instrument.languages)):
        assert sentence in shown


def test_a_second_click_does_not_open_a_second_round(store, monkeypatch):
    at = go("rounds")
    at.button(key="rounds.open").click().run()
    ends_here = codes.hand_out
    # A second click ends the run of the first one, here before it has shown anything of what it did.
    monkeypatch.setattr(codes, "hand_out", lambda *_: st.stop())
    at.button(key="rounds.send").click().run()
    monkeypatch.setattr(codes, "hand_out", ends_here)

    at.button(key="rounds.send").click().run()

    [one] = rounds.rounds_of(store, LEADER, plan.running_cycle(store).id)
    waiting = at.session_state["rounds.codes"]
    assert waiting.round == one
    assert rounds.look_up(store, next(iter(waiting.codes.values()))[0]) == one


def test_a_next_round_after_the_codes_were_put_away_is_a_new_one(store):
    at = go("rounds")
    for _n in range(2):
        at.button(key="rounds.open").click().run()
        at.button(key="rounds.send").click().run()
        at.button(key="codes.done").click().run()

    assert len(rounds.rounds_of(store, LEADER, plan.running_cycle(store).id)) == 2


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_slips_hold_the_codes_on_screen_in_the_language_asked_for(store, opened, language):
    waiting = codes.Waiting(opened.round, {"Onderbouw": codes_of(opened)})
    page = SimpleNamespace(staff=school.staff(store))

    made = codes.slips_pdf(page, waiting, language, "http://10.0.0.5:8501/v")

    read = read_by_camera(made)
    assert sorted(read) == sorted(f"http://10.0.0.5:8501/v/{code}" for code in codes_of(opened))
    assert {"nl": "Scan dit", "en": "Scan this"}[language] in words_of(made)[0]


def test_codes_that_wait_are_marked_until_they_are_saved(store, opened):
    at = go("rounds")
    at.button(key=f"rounds.more.send.{opened.round.id}").click().run()
    before = at.session_state["rounds.codes"].saved

    at.download_button(key="codes.save").click().run()

    assert (before, at.session_state["rounds.codes"].saved) == (False, True)


def test_more_codes_than_the_promise_allows_get_a_sentence(store, opened):
    at = go("rounds", language="en")

    at.number_input(key=f"rounds.more.n.{opened.round.id}").set_value(6)
    at.button(key=f"rounds.more.send.{opened.round.id}").click().run()

    assert "5 can still be made" in at.error[0].value.replace("\\", "")
    assert rounds.progress(store, LEADER, opened.round.id).n_invited == 6


def test_a_reminder_explains_that_nobody_knows_who_has_answered(store, opened):
    at = go("rounds", language="en")

    assert any("Nobody knows who has answered" in text for text in every.texts(at))


def test_a_round_is_extended_on_screen(store, opened):
    at = go("rounds")
    day = config.today() + timedelta(days=20)

    at.date_input(key=f"rounds.until.day.{opened.round.id}.1").set_value(day)
    at.button(key=f"rounds.until.send.{opened.round.id}").click().run()

    [one] = rounds.rounds_of(store, LEADER, opened.round.cycle_id)
    assert (one.closes_on, one.state) == (day, RoundState.OPEN)


# --- on the projector ------------------------------------------------------------------------------------


def test_the_room_sees_the_address_and_how_many_but_no_names_and_no_results(store, opened):
    fill_in(codes_of(opened)[0])

    at = go("rounds", language="en", projector=opened.round.id)

    shown = " ".join(every.texts(at))
    assert "1 of 6 filled in" in shown
    assert "/v" in shown
    assert not [person.name for person in school.staff(store).people if person.name in shown]
    assert not any(code in shown.replace(" ", "") for code in codes_of(opened))
    assert not at.dataframe


def test_a_round_is_closed_from_the_projector_after_a_second_click(store, opened):
    at = go("rounds", projector=opened.round.id)

    at.button(key=f"rounds.close.{opened.round.id}").click().run()
    before = rounds.rounds_of(store, LEADER, opened.round.cycle_id)[0].state
    at.button(key="rounds.confirm").click().run()

    [after] = rounds.rounds_of(store, LEADER, opened.round.cycle_id)
    assert (before, after.state) == (RoundState.OPEN, RoundState.CLOSED)
    assert f"rounds.close.{opened.round.id}" not in {button.key for button in at.button}


@pytest.mark.parametrize("view", ["projector", "paper"])
@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER])
def test_only_who_opens_rounds_gets_its_projector_and_its_paper(store, opened, role, view):
    at = go("rounds", role, **{view: opened.round.id})

    keys = {button.key for button in at.button}
    assert not {"projector.back", "paper.back", "paper.send", f"rounds.close.{opened.round.id}"} & keys


@pytest.mark.parametrize("view", ["projector", "paper"])
def test_an_address_of_a_round_that_is_not_there_gets_a_sentence(store, view):
    at = go("rounds", **{view: "nothing"})

    assert len(at.error) == 1
    assert not at.exception


# --- on paper --------------------------------------------------------------------------------------------


def type_in(opened, *lines, language="nl"):
    at = go("rounds", language=language, paper=opened.round.id)
    for n, line in enumerate(lines, 1):
        paper_line(at, n).set_value(line)
    return at


def sheets(store, opened):
    """What was answered so far in an open round."""
    with store.cursor() as con:
        return [answers for _team, answers in store.seals.read(con, opened.round.id)]


def paper_line(at, n):
    return next(one for one in at.text_input if re.fullmatch(rf"paper\.line\..*\.{n}", one.key))


def test_paper_forms_are_typed_in_line_by_line_and_stored_together(store, opened):
    at = type_in(opened, "44444", "1 2 3 4 5", "6-666").run()

    at.button(key="paper.send").click().run()

    assert answered(store, opened.round.id) == 3
    assert len(at.success) == 1
    assert [one.value for one in at.text_input] == [""] * len(at.text_input)
    rounds.close_round(store, LEADER, opened.round.id)
    values = Counter(row["value"] for row in store.rows("SELECT value FROM answer"))
    assert values == {1: 1, 2: 1, 3: 1, 4: 6, 5: 1, 6: 4}


def test_what_was_typed_on_paper_does_not_stay_in_the_session(store, opened):
    at = type_in(opened, "64646").run()

    at.button(key="paper.send").click().run()

    assert "64646" not in str(at.session_state._state._state.filtered_state)


@pytest.mark.parametrize("wrong", ["4449", "44449", "444444", "4444", "abcde", "44 440", "💥💥💥💥💥"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_wrong_line_is_named_and_no_line_is_lost(store, opened, wrong, language):
    at = type_in(opened, "44444", wrong, language=language).run()

    at.button(key="paper.send").click().run()

    assert answered(store, opened.round.id) == 0
    assert len(at.error) == 1
    assert "2" in at.error[0].value
    assert [paper_line(at, n).value for n in (1, 2)] == ["44444", wrong]


def test_more_paper_than_people_gets_a_sentence_and_keeps_the_lines(store, opened):
    for code in codes_of(opened)[:5]:
        rounds.answer(store, LEADER, code, {})
    at = type_in(opened, "44444", "55555").run()

    at.button(key="paper.send").click().run()

    assert len(at.error) == 1
    assert answered(store, opened.round.id) == 5
    assert [paper_line(at, n).value for n in (1, 2)] == ["44444", "55555"]


def test_half_typed_paper_survives_another_language(store, opened):
    at = type_in(opened, "44").run()

    at.segmented_control(key="language_choice").set_value("en").run()

    assert paper_line(at, 1).value == "44"
    assert any("2 of 5" in text for text in every.texts(at))


def test_a_second_click_on_store_does_not_store_twice(store, opened, monkeypatch):
    at = type_in(opened, "44444").run()
    forget = paper.forms.forget
    # A second click ends the run of the first one, here as soon as the forms are stored.
    monkeypatch.setattr(paper.forms, "forget", lambda _key: st.stop())
    at.button(key="paper.send").click().run()
    monkeypatch.setattr(paper.forms, "forget", forget)

    at.button(key="paper.send").click().run()

    assert answered(store, opened.round.id) == 1


def test_more_lines_come_with_a_click_and_keep_what_stands(store, opened):
    at = type_in(opened, "44444").run()
    before = len(at.text_input)

    at.button(key="paper.more").click().run()

    assert len(at.text_input) == 2 * before
    assert paper_line(at, 1).value == "44444"


def test_values_of_two_digits_are_typed_with_spaces():
    to_ten = replace(INSTRUMENT, maximum=10, labels={n: {"nl": str(n)} for n in range(11)})

    line = paper.read("10 0 - 7 10", to_ten)

    assert list(line.answers.values()) == [10, 0, 7, 10]
    assert paper.read("100-710", to_ten).answers is None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_paper_form_can_be_printed_in_every_language_of_the_round(store, opened, language):
    page = SimpleNamespace(staff=school.staff(store))

    made = paper.form_pdf(page, opened.round, INSTRUMENT, ["Onderbouw"], language)

    assert INSTRUMENT.items[0].text[language] in words_of(made)[0]


# --- filling in ------------------------------------------------------------------------------------------


def test_answers_given_with_a_code_are_stored(store, opened):
    at = fill_in(codes_of(opened)[0])

    assert len(at.success) == 1
    assert answered(store, opened.round.id) == 1


def test_nothing_of_the_answers_stays_in_the_session(store, opened):
    at = fill_in(codes_of(opened)[0])

    kept = at.session_state._state._state.filtered_state
    left = {key for key in kept if str(key).startswith("answer.")}

    assert left <= {"answer.sent", "answer.again"}


def test_no_answer_is_a_choice_that_stores_nothing_for_that_statement(store, opened):
    fill_in(codes_of(opened)[0], value=0)

    assert answered(store, opened.round.id) == 1
    assert sheets(store, opened) == [{}]


def test_skipped_statements_are_named_before_they_are_left_open(store, opened):
    at = choose(begin(codes_of(opened)[0], "en"), skip=2)

    at.button(key="answer.send").click().run()
    first = [warning.value for warning in at.warning]
    at.button(key="answer.send").click().run()

    assert "1 and 2" in first[0]
    assert answered(store, opened.round.id) == 1


def test_sending_nothing_at_all_keeps_the_code(store, opened):
    at = begin(codes_of(opened)[0])

    at.button(key="answer.send").click().run()

    assert len(at.warning) == 1
    assert answered(store, opened.round.id) == 0


def test_a_code_in_the_address_begins_at_once(store, opened):
    at = AppTest.from_file(str(every.SCRIPT), default_timeout=60).run()
    at.query_params["code"] = codes_of(opened)[0].lower()

    at.switch_page(str(config.app_folder() / "pages" / "do" / "answer.py")).run()

    assert len(at.radio) == len(INSTRUMENT.items)


def test_a_wrong_code_gets_a_sentence_and_stays_typed(store, opened):
    at = begin("AAAA AAAA")

    assert len(at.error) == 1
    assert at.text_input(key="answer.typed").value == "AAAA AAAA"


def test_a_spent_code_is_told_kindly(store, opened):
    code = codes_of(opened)[0]
    fill_in(code)

    at = begin(code)

    assert len(at.error) == 1
    assert answered(store, opened.round.id) == 1


def test_a_round_that_closes_half_way_is_told_and_takes_no_answers(store, opened):
    at = choose(begin(codes_of(opened)[0]))

    rounds.close_round(store, LEADER, opened.round.id)
    at.button(key="answer.send").click().run()

    assert len(at.error) == 1
    assert answered(store, opened.round.id) == 0


def test_the_language_is_switched_half_way_without_losing_a_choice(store, opened):
    at = choose(begin(codes_of(opened)[0])).run()

    at.segmented_control(key="language_choice").set_value("en").run()
    i18n.use("en")

    item = INSTRUMENT.items[0]
    assert at.radio(key=f"answer.item.{item.key}").value == 4
    assert item.text["en"] in at.radio(key=f"answer.item.{item.key}").label.replace("\\", "")


# --- closing ---------------------------------------------------------------------------------------------


def test_a_round_closes_only_after_a_second_click(store, opened):
    for code in codes_of(opened)[:5]:
        rounds.answer(store, LEADER, code, {item.key: 4 for item in INSTRUMENT.items})
    at = go("rounds")

    at.button(key=f"rounds.close.{opened.round.id}").click().run()
    before = rounds.rounds_of(store, LEADER, opened.round.cycle_id)[0].state
    at.button(key="rounds.confirm").click().run()

    after = rounds.rounds_of(store, LEADER, opened.round.cycle_id)[0]
    assert (before, after.state) == (RoundState.OPEN, RoundState.CLOSED)
    assert rounds.result(store, LEADER, after.round_id).school.shown


def test_progress_is_a_number_without_names(store, opened):
    fill_in(codes_of(opened)[0])

    at = go("rounds", language="en")

    assert [bar.proto.text for bar in at.get("progress")] == ["1 of 6 filled in"]
    assert "Collega" not in " ".join(every.texts(at))
