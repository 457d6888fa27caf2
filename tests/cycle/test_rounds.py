"""A round: codes, answers without a trace, and results that give nobody away."""

from __future__ import annotations

import inspect
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import duckdb
import pytest

from qualitycycle import i18n, instruments, sentences
from qualitycycle.analysis import disclosure
from qualitycycle.cycle import act, frozen, plan, promise, rounds
from qualitycycle.errors import (
    AnswersRefused,
    CodeRefused,
    CycleClosed,
    Incomplete,
    NotAllowed,
    RoundClosed,
    RoundNotClosed,
    TooManyCodes,
    TooMuchPaper,
)
from qualitycycle.model import Actor, Role, Round
from tests.cycle.conftest import QUESTIONNAIRE, RESPONDENT

ALL = {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 8}


def codes_of(world, opened, team="Onderbouw"):
    return opened.codes[world.teams[team]]


def full(value=4):
    return {item.key: value for item in instruments.instrument(QUESTIONNAIRE).items}


# --- codes -----------------------------------------------------------------------------------------------


def test_everybody_gets_a_code_of_her_own(north_school):
    opened = north_school.open_round(ALL)

    codes = [code for team in opened.codes.values() for code in team]
    assert [len(team) for team in opened.codes.values()] == [7, 8, 8]
    assert len(set(codes)) == 23


def test_a_code_has_no_sign_that_can_be_misread(north_school):
    opened = north_school.open_round(ALL)

    signs = set("".join(code for team in opened.codes.values() for code in team))
    assert signs <= set(rounds.ALPHABET)
    assert not signs & set("0O1IL5S8B2Z")


def test_the_file_does_not_hold_a_code(north_school):
    opened = north_school.open_round(ALL)

    stored = {row["code_hash"] for row in north_school.store.rows("SELECT code_hash FROM invite")}
    audited = " ".join(row["after"] or "" for row in north_school.store.rows("SELECT after FROM audit"))
    for code in codes_of(north_school, opened):
        assert code not in stored
        assert code not in audited


@pytest.mark.parametrize(
    "typed", [str.lower, lambda code: f" {code[:4]} {code[4:]} ", lambda code: f"{code[:4]}-{code[4:]}"]
)
def test_a_code_may_be_typed_in_small_letters_with_spaces_or_a_hyphen(north_school, typed):
    opened = north_school.open_round(ALL)

    assert rounds.look_up(north_school.store, typed(codes_of(north_school, opened)[0])) == opened.round


@pytest.mark.parametrize("code", ["", "        ", "AAAAAAAA", "'; DROP TABLE invite; --", "💥", "A" * 5000])
def test_an_unknown_code_is_refused(north_school, code):
    north_school.open_round(ALL)

    for use in (
        lambda: rounds.look_up(north_school.store, code),
        lambda: rounds.answer(north_school.store, RESPONDENT, code, full()),
    ):
        with pytest.raises(CodeRefused) as refused:
            use()
        assert refused.value.reason == "unknown"


def test_a_code_works_once(north_school):
    opened = north_school.open_round(ALL)
    code = codes_of(north_school, opened)[0]
    rounds.answer(north_school.store, RESPONDENT, code, full())

    for use in (
        lambda: rounds.look_up(north_school.store, code),
        lambda: rounds.answer(north_school.store, RESPONDENT, code, full(1)),
    ):
        with pytest.raises(CodeRefused) as refused:
            use()
        assert refused.value.reason == "spent"
    north_school.close(opened)
    assert {row["value"] for row in _answers(north_school, opened)} == {4}


def test_a_code_of_another_school_does_not_work(north_school, south_school):
    opened = south_school.open_round({"Team": 4})

    with pytest.raises(CodeRefused):
        rounds.look_up(north_school.store, opened.codes[south_school.teams["Team"]][0])


def test_further_codes_count_as_invited(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    more = rounds.more_codes(
        north_school.store, north_school.leader, opened.round.round_id, north_school.teams["Onderbouw"], 2
    )

    assert len(more) == 2
    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id).n_invited == 9
    rounds.answer(north_school.store, RESPONDENT, more[0], full())


def test_a_closed_round_takes_no_code_and_gives_none(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    rounds.close_round(north_school.store, north_school.leader, opened.round.round_id)

    with pytest.raises(CodeRefused) as refused:
        rounds.answer(north_school.store, RESPONDENT, codes_of(north_school, opened)[0], full())
    with pytest.raises(RoundClosed):
        rounds.more_codes(
            north_school.store, north_school.leader, opened.round.round_id, north_school.teams["Onderbouw"], 1
        )
    assert refused.value.reason == "closed"


def test_sixty_people_with_one_code_store_one_response(north_school):
    opened = north_school.open_round({"Onderbouw": 60})
    code = codes_of(north_school, opened)[0]
    together = threading.Barrier(60)

    def send(_n):
        together.wait()
        try:
            rounds.answer(north_school.store, RESPONDENT, code, full())
        except CodeRefused as refused:
            return refused.reason
        return "stored"

    with ThreadPoolExecutor(60) as pool:
        said = Counter(pool.map(send, range(60)))

    assert said == {"stored": 1, "spent": 59}
    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id).n_answered == 1


def test_sixty_people_with_sixty_codes_store_sixty_responses(north_school):
    opened = north_school.open_round({"Onderbouw": 60})
    together = threading.Barrier(60)

    def send(code):
        together.wait()
        rounds.answer(north_school.store, RESPONDENT, code, full())

    with ThreadPoolExecutor(60) as pool:
        list(pool.map(send, codes_of(north_school, opened)))

    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id).n_answered == 60
    north_school.close(opened)
    assert len(_answers(north_school, opened)) == 60 * 16


# --- answers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"cv_01": 0}, {"cv_01": 7}, {"cv_99": 3}, {"cv_01": 3.5}, {"cv_01": "4"}, {"cv_01": None}, {"": 1}],
)
def test_an_answer_outside_the_questionnaire_is_refused_and_the_code_stays_good(north_school, wrong):
    opened = north_school.open_round({"Onderbouw": 7})
    code = codes_of(north_school, opened)[0]

    with pytest.raises(AnswersRefused) as refused:
        rounds.answer(north_school.store, RESPONDENT, code, {**full(), **wrong})

    assert refused.value.items == tuple(wrong)
    assert rounds.look_up(north_school.store, code) == opened.round
    assert _answers(north_school, opened) == []


def test_an_empty_form_counts_as_a_response(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    rounds.answer(north_school.store, RESPONDENT, codes_of(north_school, opened)[0], {})

    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id).n_answered == 1


def test_filling_in_leaves_no_trace_in_the_record_of_changes(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    before = north_school.store.rows("SELECT count(*) AS n FROM audit")

    north_school.answer(opened, "Onderbouw", 3)

    assert north_school.store.rows("SELECT count(*) AS n FROM audit") == before


def test_a_response_has_no_column_that_could_name_somebody(north_school):
    rows = north_school.store.rows(
        """
        SELECT table_name, list(column_name ORDER BY column_index) AS columns FROM duckdb_columns()
        WHERE table_name IN ('response', 'answer', 'invite') GROUP BY table_name
        """
    )
    columns = {row["table_name"]: row["columns"] for row in rows}

    assert columns == {
        "response": ["response_id", "round_id", "team_id"],
        "answer": ["response_id", "item_key", "value"],
        "invite": ["code_hash", "round_id", "team_id", "spent"],
    }


def test_while_a_round_is_open_its_answers_are_no_rows(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 7)

    assert _as_they_lie(north_school, opened) == []
    assert _answers(north_school, opened) == []


def test_closing_makes_rows_of_the_answers_in_an_order_of_its_own(north_school):
    opened = north_school.open_round({"Onderbouw": 60})
    given = [(1 + n % 6, 1 + n // 6 % 6) for n in range(60)]
    for code, (first, second) in zip(codes_of(north_school, opened), given, strict=True):
        rounds.answer(north_school.store, RESPONDENT, code, {**full(), "cv_01": first, "cv_02": second})
    round_id = opened.round.round_id
    with north_school.store.cursor() as con:
        sealed = [(one["cv_01"], one["cv_02"]) for _team, one in north_school.store.seals.read(con, round_id)]

    rounds.close_round(north_school.store, north_school.leader, round_id)

    rows = _as_they_lie(north_school, opened)
    assert Counter(rows) == Counter(sealed) == Counter(given)
    # By chance two of the three would be alike once in more than 10 to the 60th times.
    assert len({tuple(rows), tuple(sealed), tuple(given)}) == 3


def test_closing_takes_the_key_of_the_answers_away(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 5)
    keys = list(north_school.store.seals.folder.iterdir())

    rounds.close_round(north_school.store, north_school.leader, opened.round.round_id)

    assert [file.stem for file in keys] == [opened.round.round_id]
    assert not any(file.exists() for file in keys)
    assert north_school.store.rows("FROM open_answers") == []


def test_answers_that_are_rows_already_go_with_the_others(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    round_id, team_id = opened.round.round_id, north_school.teams["Onderbouw"]
    north_school.store.write(
        lambda tx: rounds.store_responses(tx, round_id, [(team_id, full())]),
        actor=north_school.leader,
        verb="test",
    )

    north_school.answer(opened, "Onderbouw", 6)

    assert _as_they_lie(north_school, opened) == []
    assert north_school.close(opened).n_answered == 7


def _as_they_lie(world, opened):
    """The answers to two statements as the rows lie in the file."""
    rows = world.store.rows(
        """
        SELECT a.value AS first, b.value AS second
        FROM response r
        JOIN answer a ON a.response_id = r.response_id AND a.item_key = 'cv_01'
        JOIN answer b ON b.response_id = r.response_id AND b.item_key = 'cv_02'
        WHERE r.round_id = $round ORDER BY r.rowid
        """,
        round=opened.round.round_id,
    )
    return [(row["first"], row["second"]) for row in rows]


def _answers(world, opened):
    return world.store.rows(
        "SELECT item_key, value FROM answer JOIN response USING (response_id) WHERE round_id = $round",
        round=opened.round.round_id,
    )


# --- the promise -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("floor", [-1, 0, 1, 4])
def test_the_floor_cannot_go_below_five(north_school, floor):
    with pytest.raises(Incomplete) as refused:
        north_school.open_round(ALL, floor=floor)

    assert refused.value.reason == "below_floor"


def test_not_even_the_file_takes_a_lower_floor(north_school):
    opened = north_school.open_round(ALL)

    with north_school.store.cursor() as con, pytest.raises(duckdb.ConstraintException):
        con.execute("UPDATE round SET floor = 4 WHERE round_id = $id", {"id": opened.round.round_id})


def test_the_promise_is_stored_with_the_round(north_school):
    opened = north_school.open_round(ALL, floor=7)

    stored = plan.get(north_school.store, north_school.leader, Round, opened.round.round_id)
    invited = {north_school.teams[name]: n for name, n in ALL.items()}
    assert stored.promise == promise.make(7, invited, ("nl", "en"))
    assert stored.promise["floor"] == stored.floor == 7
    assert stored.promise["single_answers"] == "nobody"


@pytest.mark.parametrize("field", ["promise", "floor", "result", "instrument_key"])
def test_nobody_changes_a_round_afterwards(north_school, field):
    opened = north_school.open_round(ALL)

    with pytest.raises((NotAllowed, KeyError)):
        plan.change(
            north_school.store, north_school.leader, Round, opened.round.round_id, None, **{field: "x"}
        )

    assert plan.get(north_school.store, north_school.leader, Round, opened.round.round_id) == opened.round


def test_no_verb_changes_what_was_promised(north_school):
    store, leader = north_school.store, north_school.leader
    opened = north_school.open_round(ALL, floor=6, closes_on=date(2026, 12, 1))
    one, team = opened.round.round_id, north_school.teams["Onderbouw"]
    written = _as_it_lies_in_the_file(north_school, one)

    rounds.more_codes(store, leader, one, team, 2)
    rounds.extend(store, leader, one, date(2026, 12, 8))
    rounds.enter_paper(store, leader, one, team, [full()])
    north_school.answer(opened, "Middenbouw", 6)
    rounds.close_round(store, leader, one)

    assert _as_it_lies_in_the_file(north_school, one) == written


def _as_it_lies_in_the_file(world, round_id):
    sql = "SELECT promise::VARCHAR AS promise, floor FROM round WHERE round_id = $id"
    return world.store.rows(sql, id=round_id)


def test_no_verb_takes_a_promise_for_a_round_that_is_there():
    of_a_round = [
        verb
        for verb in vars(rounds).values()
        if inspect.isfunction(verb) and "round_id" in inspect.signature(verb).parameters
    ]

    assert {"more_codes", "extend", "enter_paper", "close_round"} <= {verb.__name__ for verb in of_a_round}
    for verb in of_a_round:
        assert not {"promise", "floor", "languages"} & set(inspect.signature(verb).parameters)


# What a round of the first version of the program has in the file.
FIRST_VERSION = {
    "version": 1,
    "floor": 6,
    "floor_distribution": 10,
    "single_answers": "nobody",
    "results_when": "closed",
    "results_who": ["leader", "coach", "member", "reader"],
}


def test_a_promise_of_the_first_version_still_reads_and_holds(north_school):
    store, leader = north_school.store, north_school.leader
    opened = north_school.open_round(ALL, floor=6)
    store.write(
        lambda tx: tx.change(Round, opened.round.round_id, None, promise=FIRST_VERSION),
        actor=leader,
        verb="test",
    )

    one = plan.get(store, leader, Round, opened.round.round_id)
    more = rounds.more_codes(store, leader, one.round_id, north_school.teams["Onderbouw"], 30)

    with i18n.speaking("en"):
        said = " ".join(promise.sentences(one.promise))
    assert "at least 6 people" in said
    assert "more can be made" not in said
    assert promise.languages(one.promise, instruments.instrument(QUESTIONNAIRE)) == ("nl", "en")
    assert len(more) == 30


def test_the_promise_says_in_both_languages_how_many_codes_there_may_be():
    made = promise.make(5, {"a": 40}, ("nl",))

    for language, words in {"nl": ["5", "20%"], "en": ["5", "20%"]}.items():
        with i18n.speaking(language):
            last = promise.sentences(made)[-1]
        assert all(word in last for word in words)
        assert ("hoogstens" in last) == (language == "nl")


@pytest.mark.parametrize(
    ("n_people", "n_most"), [(1, 6), (7, 12), (25, 30), (26, 31), (29, 34), (30, 36), (60, 72)]
)
def test_a_team_gets_five_more_codes_and_a_large_one_a_fifth(n_people, n_most):
    assert promise.most_invited(promise.make(5, {"team": n_people}, ("nl",)), "team") == n_most


def test_more_codes_than_promised_are_refused_and_the_rest_can_still_be_made(north_school):
    store, leader, team = north_school.store, north_school.leader, north_school.teams["Onderbouw"]
    opened = north_school.open_round(ALL)
    rounds.more_codes(store, leader, opened.round.round_id, team, 3)

    with pytest.raises(TooManyCodes) as refused:
        rounds.more_codes(store, leader, opened.round.round_id, team, 3)

    assert refused.value.n_left == 2
    assert "2" in sentences.of(refused.value)
    assert len(rounds.more_codes(store, leader, opened.round.round_id, team, 2)) == 2
    assert rounds.invited_teams(store, opened.round.round_id)[team] == 12


def test_a_team_that_was_not_invited_gets_no_codes(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    with pytest.raises(Incomplete) as refused:
        rounds.more_codes(
            north_school.store,
            north_school.leader,
            opened.round.round_id,
            north_school.teams["Bovenbouw"],
            1,
        )

    assert (refused.value.name, refused.value.reason) == ("teams", "not_invited")


@pytest.mark.parametrize("offered", [(), ("fr",), ("nl", "fr")])
def test_a_round_is_offered_in_languages_of_its_questionnaire(north_school, offered):
    with pytest.raises(Incomplete) as refused:
        north_school.open_round(ALL, languages=offered)

    assert refused.value.name == "languages"


def test_the_languages_offered_are_kept_with_the_round(north_school):
    opened = north_school.open_round(ALL, languages=("nl",))

    stored = plan.get(north_school.store, north_school.leader, Round, opened.round.round_id)
    assert promise.languages(stored.promise, instruments.instrument(QUESTIONNAIRE)) == ("nl",)


# --- the closing date ------------------------------------------------------------------------------------


def test_a_round_is_extended_and_stays_open(north_school):
    opened = north_school.open_round(ALL, closes_on=date(2026, 11, 25))

    longer = rounds.extend(north_school.store, north_school.leader, opened.round.round_id, date(2026, 12, 2))

    assert longer.closes_on == date(2026, 12, 2)
    assert rounds.look_up(north_school.store, codes_of(north_school, opened)[0]) == longer


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        (date(2026, 11, 21), "in_past"),
        (date(2026, 11, 24), "not_later"),
        (date(2026, 11, 25), "not_later"),
    ],
)
def test_a_round_is_not_cut_short(north_school, day, reason):
    opened = north_school.open_round(ALL, closes_on=date(2026, 11, 25))

    with pytest.raises(Incomplete) as refused:
        rounds.extend(north_school.store, north_school.leader, opened.round.round_id, day)

    assert (refused.value.name, refused.value.reason) == ("closes_on", reason)


def test_a_round_without_a_closing_date_gets_one(north_school):
    opened = north_school.open_round(ALL)

    longer = rounds.extend(north_school.store, north_school.leader, opened.round.round_id, date(2026, 11, 22))

    assert longer.closes_on == date(2026, 11, 22)


def test_a_closed_round_is_not_extended_and_so_not_opened_again(north_school):
    opened = north_school.open_round(ALL)
    north_school.close(opened)

    with pytest.raises(RoundClosed):
        rounds.extend(north_school.store, north_school.leader, opened.round.round_id, date(2026, 12, 2))


def test_a_round_does_not_open_with_a_closing_date_in_the_past(north_school):
    with pytest.raises(Incomplete) as refused:
        north_school.open_round(ALL, closes_on=date(2026, 11, 21))

    assert refused.value.reason == "in_past"


# --- paper -----------------------------------------------------------------------------------------------


def test_paper_forms_count_as_answers_of_their_team(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 8})

    _enter(north_school, opened, "Onderbouw", [full(5), full(2), {"cv_01": 3}])

    now = rounds.progress(north_school.store, north_school.leader, opened.round.round_id)
    assert (now.n_answered, now.n_invited) == (3, 15)
    assert _spent(north_school) == {north_school.teams["Onderbouw"]: 3}
    north_school.close(opened)
    assert Counter(row["value"] for row in _answers(north_school, opened)) == {5: 16, 2: 16, 3: 1}


def test_more_paper_than_people_who_have_not_answered_is_refused_whole(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    north_school.answer(opened, "Onderbouw", 5)

    with pytest.raises(TooMuchPaper):
        _enter(north_school, opened, "Onderbouw", [full(), full(), full()])

    assert _spent(north_school) == {north_school.teams["Onderbouw"]: 5}
    _enter(north_school, opened, "Onderbouw", [full(), full()])
    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id).n_answered == 7


def test_one_wrong_form_in_a_pile_stores_none_of_it(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    with pytest.raises(AnswersRefused):
        _enter(north_school, opened, "Onderbouw", [full(), {"cv_01": 9}])

    assert _answers(north_school, opened) == []
    assert _spent(north_school) == {}


def test_the_code_that_a_paper_form_uses_up_is_drawn_at_random(north_school):
    opened = north_school.open_round({"Onderbouw": 60})
    codes = codes_of(north_school, opened)

    _enter(north_school, opened, "Onderbouw", [full()] * 30)

    used = [_is_spent(north_school, code) for code in codes]
    # Thirty of sixty in a row by chance: once in 10 to the 17th.
    assert used not in ([True] * 30 + [False] * 30, [False] * 30 + [True] * 30)
    assert sum(used) == 30


def test_a_pile_of_paper_does_not_lie_in_the_file_as_it_was_typed(north_school):
    opened = north_school.open_round({"Onderbouw": 60})
    for code in codes_of(north_school, opened)[:20]:
        rounds.answer(north_school.store, RESPONDENT, code, {**full(), "cv_01": 1, "cv_02": 1})
    pile = [{**full(), "cv_01": 2, "cv_02": 1 + n // 6} for n in range(36)]

    _enter(north_school, opened, "Onderbouw", pile)
    north_school.close(opened)

    order = _as_they_lie(north_school, opened)
    typed = [(2, 1 + n // 6) for n in range(36)]
    assert order != [(1, 1)] * 20 + typed
    assert [answers for answers in order if answers[0] == 2] != typed
    assert Counter(order) == Counter([(1, 1)] * 20 + typed)


def test_paper_leaves_no_trace_in_the_record_of_changes(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    before = north_school.store.rows("SELECT count(*) AS n FROM audit")

    _enter(north_school, opened, "Onderbouw", [full()])

    assert north_school.store.rows("SELECT count(*) AS n FROM audit") == before


def test_a_round_filled_in_on_phones_and_on_paper_closes_as_one(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Middenbouw": 8})
    north_school.answer(opened, "Onderbouw", 4, value=6)
    _enter(north_school, opened, "Onderbouw", [full(6), full(6)])
    _enter(north_school, opened, "Middenbouw", [full(6)] * 7)

    result = north_school.close(opened)

    assert (result.n_answered, result.n_invited) == (13, 15)
    assert north_school.shown(result) == {"school", "Onderbouw", "Middenbouw"}
    assert {scale.key: scale.mean for scale in result.school.scales}["evidence"] == 6
    with pytest.raises(RoundClosed):
        _enter(north_school, opened, "Onderbouw", [full()])


def test_a_closed_round_leaves_nothing_waiting_outside_the_file(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    _enter(north_school, opened, "Onderbouw", [full()] * 5)

    north_school.close(opened)

    # The order in which answers came in may still stand in the log of writes until it is folded into the file.
    log = north_school.store.path.with_name(north_school.store.path.name + ".wal")
    assert not log.exists() or log.stat().st_size == 0


def test_a_member_enters_no_paper_and_does_not_extend(north_school):
    opened = north_school.open_round({"Onderbouw": 7})

    with pytest.raises(NotAllowed):
        rounds.enter_paper(
            north_school.store,
            north_school.member,
            opened.round.round_id,
            north_school.teams["Onderbouw"],
            [full()],
        )
    with pytest.raises(NotAllowed):
        rounds.extend(north_school.store, north_school.member, opened.round.round_id, date(2026, 12, 2))


def _enter(world, opened, team, forms):
    rounds.enter_paper(world.store, world.leader, opened.round.round_id, world.teams[team], forms)


def _spent(world):
    rows = world.store.rows(
        "SELECT team_id, count(*) AS n FROM invite JOIN round USING (round_id)"
        " WHERE spent AND state = 'open' GROUP BY team_id"
    )
    return {row["team_id"]: row["n"] for row in rows}


def _is_spent(world, code):
    sql = "SELECT spent FROM invite WHERE code_hash = $hash"
    return world.store.rows(sql, hash=rounds.hash_code(world.store.secret, code))[0]["spent"]


# --- what a round needs ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("invited", "name"), [({}, "teams"), ({"Onderbouw": 0}, "n_invited"), ({"Onderbouw": -2}, "n_invited")]
)
def test_a_round_needs_a_team_with_people(north_school, invited, name):
    with pytest.raises(Incomplete) as refused:
        north_school.open_round(invited)

    assert refused.value.name == name


# --- results ---------------------------------------------------------------------------------------------


def test_there_are_no_results_before_closing(north_school):
    opened = north_school.open_round(ALL)
    north_school.answer(opened, "Onderbouw", 7)

    with pytest.raises(RoundNotClosed):
        rounds.result(north_school.store, north_school.leader, opened.round.round_id)


def test_while_it_is_open_only_the_total_is_told(north_school):
    opened = north_school.open_round(ALL)
    north_school.answer(opened, "Onderbouw", 3)

    assert rounds.progress(north_school.store, north_school.leader, opened.round.round_id) == rounds.Progress(
        3, 23
    )


def test_a_result_is_frozen_with_its_version(north_school):
    opened = north_school.open_round(ALL)
    for team in ALL:
        north_school.answer(opened, team, 6)
    first = north_school.close(opened)

    with north_school.store.cursor() as con:
        con.execute("DELETE FROM answer")
    again = rounds.result(north_school.store, north_school.leader, opened.round.round_id)

    assert again == first
    closed = plan.get(north_school.store, north_school.leader, Round, opened.round.round_id)
    assert closed.result_version == north_school.store.data_version


def test_a_result_shows_means_with_the_reverse_items_turned(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 7, value=6)

    scales = {scale.key: scale.mean for scale in north_school.close(opened).school.scales}

    # Statements 4, 7 and 16 are turned: 6 becomes 1. Seven people, so one decimal: 19/4 and 13/3.
    assert scales == {"goals": 4.8, "action": 4.3, "evidence": 6, "culture": 6, "roles": 4.3}


def test_teams_that_are_large_enough_are_all_shown(north_school):
    opened = north_school.open_round(ALL)
    for team, n in {"Onderbouw": 6, "Middenbouw": 5, "Bovenbouw": 8}.items():
        north_school.answer(opened, team, n)

    result = north_school.close(opened)

    assert north_school.shown(result) == {"school", *ALL}
    assert result.school.n == 19


def test_a_small_team_is_hidden_without_its_number(north_school):
    opened = north_school.open_round(ALL)
    for team, n in {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 4}.items():
        north_school.answer(opened, team, n)

    result = north_school.close(opened)

    small = next(group for group in result.groups if group.key == north_school.teams["Bovenbouw"])
    assert (small.shown, small.n, small.scales, small.reason) == (False, None, (), "too_few")


def test_a_small_team_is_not_what_remains_of_the_school(north_school):
    opened = north_school.open_round(ALL)
    for team, n in {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 4}.items():
        north_school.answer(opened, team, n)

    shown = north_school.shown(north_school.close(opened))

    # With the school and two teams known the third is known: one more has to go.
    assert "school" in shown
    assert len(shown - {"school"}) == 1
    assert "Bovenbouw" not in shown


def test_with_two_teams_the_small_one_cannot_be_subtracted(north_school):
    opened = north_school.open_round({"Onderbouw": 7, "Bovenbouw": 8})
    north_school.answer(opened, "Onderbouw", 7)
    north_school.answer(opened, "Bovenbouw", 3, value=1)

    assert north_school.shown(north_school.close(opened)) == {"school"}


def test_two_small_teams_that_are_large_together_may_remain(north_school):
    opened = north_school.open_round(ALL)
    for team, n in {"Onderbouw": 7, "Middenbouw": 3, "Bovenbouw": 4}.items():
        north_school.answer(opened, team, n)

    assert north_school.shown(north_school.close(opened)) == {"school", "Onderbouw"}


def test_a_team_that_said_nothing_looks_like_a_small_one(north_school):
    answers = [{"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": n} for n in (0, 4)]
    looks = []

    for counts in answers:
        opened = north_school.open_round(ALL)
        for team, n in counts.items():
            north_school.answer(opened, team, n)
        result = north_school.close(opened)
        looks.append([(group.key, group.shown, group.reason) for group in result.groups])

    assert looks[0] == looks[1]


def test_a_skipped_scale_of_a_small_rest_is_hidden_though_the_team_is_shown(north_school):
    opened = north_school.open_round(ALL)
    north_school.answer(opened, "Onderbouw", 7)
    north_school.answer(opened, "Middenbouw", 8)
    north_school.answer(opened, "Bovenbouw", 4)
    north_school.answer(opened, "Bovenbouw", 2, leave_out="evidence")

    result = north_school.close(opened)

    assert north_school.shown(result) == {"school", *ALL}
    upper = next(group for group in result.groups if group.key == north_school.teams["Bovenbouw"])
    by_scale = {scale.key: scale for scale in upper.scales}
    assert by_scale["evidence"].mean is None
    assert by_scale["evidence"].n is None
    assert by_scale["evidence"].reason == "too_few"
    assert by_scale["goals"].n == 6


def test_the_rest_of_a_skipped_scale_cannot_be_subtracted(north_school):
    opened = north_school.open_round(ALL)
    north_school.answer(opened, "Onderbouw", 7)
    north_school.answer(opened, "Middenbouw", 8)
    north_school.answer(opened, "Bovenbouw", 4)
    north_school.answer(opened, "Bovenbouw", 2, leave_out="evidence")

    result = north_school.close(opened)

    counts = {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 4}
    names = {team_id: name for name, team_id in north_school.teams.items()}
    published = [
        disclosure.Group(
            group.key, frozenset([names[group.key]]) if group.key in names else frozenset(counts)
        )
        for group in result.groups
        for scale in group.scales
        if scale.key == "evidence" and scale.mean is not None
    ]
    assert disclosure.violations(counts, published, k_min=5) == ()
    assert "school" in {group.name for group in published}


@pytest.mark.parametrize(
    "counts",
    [(7, 8, 4), (4, 4, 4), (7, 1, 8), (5, 5, 5), (0, 8, 8), (7, 2, 2), (1, 1, 1), (0, 0, 5), (4, 8, 8)],
)
def test_nothing_small_can_be_derived_from_what_a_round_publishes(north_school, counts):
    by_team = dict(zip(ALL, counts, strict=True))
    opened = north_school.open_round(ALL)
    for team, n in by_team.items():
        north_school.answer(opened, team, n)

    shown = north_school.shown(north_school.close(opened))

    published = [
        disclosure.Group(name, frozenset(by_team) if name == "school" else frozenset({name}))
        for name in shown
    ]
    assert disclosure.violations(by_team, published, k_min=5) == ()


def test_a_raised_floor_holds(north_school):
    opened = north_school.open_round(ALL, floor=7)
    for team, n in {"Onderbouw": 7, "Middenbouw": 8, "Bovenbouw": 6}.items():
        north_school.answer(opened, team, n)

    shown = north_school.shown(north_school.close(opened))

    assert "Bovenbouw" not in shown
    assert len(shown) == 2


def test_a_school_that_is_too_small_sees_no_figure_at_all(south_school):
    opened = south_school.open_round({"Team": 4})
    south_school.answer(opened, "Team", 4)

    result = south_school.close(opened)

    assert south_school.shown(result) == set()
    assert [(group.n, group.scales) for group in result.groups] == [(None, ())]


def test_one_team_is_the_school_and_is_published_once(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 6)

    result = north_school.close(opened)

    assert [group.key for group in result.groups] == ["school"]


def test_a_round_nobody_answered_closes(north_school):
    opened = north_school.open_round(ALL)

    result = north_school.close(opened)

    assert (result.n_answered, result.n_invited) == (0, 23)
    assert north_school.shown(result) == set()


def test_people_who_left_everything_open_give_no_figures(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    for code in codes_of(north_school, opened):
        rounds.answer(north_school.store, RESPONDENT, code, {})

    result = north_school.close(opened)

    assert all(scale.mean is None for scale in result.school.scales)


def test_a_scale_with_figures_has_no_reason_for_missing_ones(north_school):
    opened = north_school.open_round({"Onderbouw": 7})
    north_school.answer(opened, "Onderbouw", 6)

    assert {scale.reason for scale in north_school.close(opened).school.scales} == {None}


def test_a_round_is_closed_once(north_school):
    opened = north_school.open_round(ALL)
    north_school.close(opened)

    with pytest.raises(RoundClosed):
        rounds.close_round(north_school.store, north_school.leader, opened.round.round_id)


def test_a_result_comes_back_from_the_file_as_it_went_in(north_school):
    result = rounds.result(north_school.store, north_school.reader, north_school.old_round)

    assert frozen.from_json(frozen.as_json(result)) == result
    assert result.school.n == 13


# --- the cycle around it ---------------------------------------------------------------------------------


def test_a_cycle_with_an_open_round_is_not_closed(north_school):
    north_school.open_round(ALL)

    with pytest.raises(Exception, match="rounds"):
        act.close_cycle(
            north_school.store, north_school.leader, north_school.running, None, went_well="", learned="x"
        )


def test_no_round_is_opened_in_a_closed_cycle(north_school):
    with pytest.raises(CycleClosed):
        north_school.open_round(ALL, cycle_id=north_school.closed)


def test_a_member_may_not_open_or_close_a_round(north_school):
    opened = north_school.open_round(ALL)

    with pytest.raises(NotAllowed):
        rounds.close_round(north_school.store, north_school.member, opened.round.round_id)
    with pytest.raises(NotAllowed):
        rounds.open_round(
            north_school.store,
            Actor(Role.MEMBER),
            cycle_id=north_school.running,
            instrument_key="weekpeiling",
            title="x",
            invited={north_school.teams["Onderbouw"]: 7},
        )


def test_rounds_are_listed_latest_first(north_school):
    first = north_school.open_round(ALL, title="Een")
    second = north_school.open_round({"Onderbouw": 7}, title="Twee", closes_on=date(2026, 12, 1))

    found = rounds.rounds_of(north_school.store, north_school.leader, north_school.running)

    assert {one.round_id for one in found} == {first.round.round_id, second.round.round_id}
    assert (
        rounds.last_closed(north_school.store, north_school.leader, QUESTIONNAIRE).round_id
        == north_school.old_round
    )
