"""A round on screen: opened, codes once, filled in by code, closed."""

import pytest
from streamlit.testing.v1 import AppTest

from qualitycycle import config, i18n, instruments
from qualitycycle.cycle import office, plan, rounds, school
from qualitycycle.model import Person, Role, RoundState
from qualitycycle.store.records import new_id
from tests.pages import every
from tests.pages.every import LEADER

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
    i18n.use(language)
    at = every.app(role, language)
    for name, value in query.items():
        at.query_params[name] = value
    at.switch_page(str(config.app_folder() / "pages" / "do" / f"{page}.py"))
    return at.run()


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
    assert store.rows("SELECT count(*) AS n FROM answer")[0]["n"] == 0


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
