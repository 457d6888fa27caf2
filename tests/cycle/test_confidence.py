"""A confidence vote: one code for the room, one answer per form, and nothing that leads back to anybody."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from qualitycycle import config
from qualitycycle.cycle import calendar, confidence, history, upkeep
from qualitycycle.cycle.frozen import ScaleResult
from qualitycycle.cycle.results import RoundPoint
from qualitycycle.errors import CodeRefused, CycleClosed, Incomplete, NotAllowed, VoteNotOpen
from qualitycycle.model import ConfidenceVote, VoteState
from qualitycycle.store import records
from tests.cycle.conftest import RESPONDENT


def opened(school, n_present=12, **fields):
    return confidence.open_vote(school.store, school.leader, school.goal().goal_id, n_present, **fields)


def give(school, one, *values):
    for value in values:
        own = confidence.ticket(school.store, one.code)
        confidence.answer(school.store, RESPONDENT, one.code, own, value)


def close(school, one):
    return confidence.close_vote(school.store, school.leader, one.vote.confidence_vote_id)


# --- the code --------------------------------------------------------------------------------------------


def test_a_code_leads_to_the_goal_that_is_asked_about(north_school):
    one = opened(north_school)

    asked = confidence.look_up(north_school.store, one.code.lower())

    assert (asked.vote, asked.goal_title) == (one.vote, "Lezen")


def test_the_code_looks_like_that_of_a_questionnaire_and_is_never_one(north_school, monkeypatch):
    round_codes = north_school.open_round({"Onderbouw": 1}).codes
    taken = next(iter(round_codes.values()))[0]
    signs = iter(taken + "ACDEFGHJ")
    monkeypatch.setattr(confidence.secrets, "choice", lambda alphabet: next(signs))

    one = opened(north_school)

    assert one.code == "ACDEFGHJ"


def test_the_file_and_the_record_of_changes_hold_no_code(north_school):
    one = opened(north_school)

    audit = north_school.store.rows("SELECT after FROM audit WHERE noun = 'confidence_vote'")
    kept = north_school.store.rows("SELECT code_hash FROM confidence_code")
    assert one.code not in json.dumps([audit, kept], default=str)
    assert "code" not in str(audit)


def test_a_wrong_code_and_one_of_a_vote_that_ended_are_told_apart(north_school):
    one = opened(north_school)
    close(north_school, one)

    with pytest.raises(CodeRefused) as late:
        confidence.look_up(north_school.store, one.code)
    with pytest.raises(CodeRefused) as wrong:
        confidence.look_up(north_school.store, "ACDEFGHJ")

    assert (late.value.reason, wrong.value.reason) == ("vote_closed", "unknown")


def test_a_new_code_takes_the_place_of_the_old_one(north_school):
    one = opened(north_school)

    other = confidence.new_code(north_school.store, north_school.leader, one.vote.confidence_vote_id)

    assert confidence.look_up(north_school.store, other.code).vote == one.vote
    with pytest.raises(CodeRefused):
        confidence.look_up(north_school.store, one.code)


# --- who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["member", "reader"])
def test_only_leader_and_internal_coach_open_and_end_a_vote(north_school, who):
    actor = getattr(north_school, who)
    one = opened(north_school)
    vote_id = one.vote.confidence_vote_id

    with pytest.raises(NotAllowed):
        confidence.open_vote(north_school.store, actor, one.vote.goal_id, 12)
    for verb in (confidence.close_vote, confidence.cancel_vote, confidence.new_code):
        with pytest.raises(NotAllowed):
            verb(north_school.store, actor, vote_id)


def test_a_respondent_sees_no_count_and_no_result(north_school):
    one = opened(north_school)

    with pytest.raises(NotAllowed):
        confidence.progress(north_school.store, RESPONDENT, one.vote.confidence_vote_id)
    with pytest.raises(NotAllowed):
        confidence.votes_about(north_school.store, RESPONDENT, one.vote.goal_id)


def test_one_vote_at_a_time_about_a_goal(north_school):
    one = opened(north_school)

    with pytest.raises(Incomplete) as refused:
        confidence.open_vote(north_school.store, north_school.coach, one.vote.goal_id, 12)

    assert refused.value.reason == "vote_open"


@pytest.mark.parametrize(("n_present", "floor"), [(0, 5), (12, 4)])
def test_a_vote_needs_people_and_a_floor_of_five(north_school, n_present, floor):
    with pytest.raises(Incomplete):
        opened(north_school, n_present, floor=floor)


def test_a_goal_of_a_closed_cycle_gets_no_vote(north_school):
    with pytest.raises(CycleClosed):
        confidence.open_vote(north_school.store, north_school.leader, north_school.old_goal, 12)


# --- answering -------------------------------------------------------------------------------------------


def test_sending_the_same_form_twice_counts_once(north_school):
    one = opened(north_school)
    own = confidence.ticket(north_school.store, one.code)
    confidence.answer(north_school.store, RESPONDENT, one.code, own, 60)

    with pytest.raises(CodeRefused) as refused:
        confidence.answer(north_school.store, RESPONDENT, one.code, own, 90)

    assert refused.value.reason == "spent"
    assert confidence.progress(
        north_school.store, north_school.leader, one.vote.confidence_vote_id
    ) == confidence.Turnout(1, 12)


def test_the_same_form_from_many_threads_counts_once(north_school):
    one = opened(north_school)
    own = confidence.ticket(north_school.store, one.code)

    def send(_n):
        try:
            confidence.answer(north_school.store, RESPONDENT, one.code, own, 60)
        except CodeRefused as refused:
            return refused.reason
        return "kept"

    with ThreadPoolExecutor(8) as pool:
        said = list(pool.map(send, range(16)))

    assert sorted(said) == ["kept", *["spent"] * 15]


def test_a_room_that_answers_at_once_loses_nothing(north_school):
    one = opened(north_school, 40)
    values = list(range(30, 70))

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda value: give(north_school, one, value), values))

    assert sorted(kept(north_school, one)) == values


def test_no_more_answers_than_people_and_a_latecomer_can_be_added(north_school):
    one = opened(north_school, 2)
    give(north_school, one, 40, 50)

    with pytest.raises(CodeRefused) as refused:
        give(north_school, one, 60)
    confidence.change_present(north_school.store, north_school.leader, one.vote.confidence_vote_id, 3)
    give(north_school, one, 60)

    assert refused.value.reason == "vote_full"
    turnout = confidence.progress(north_school.store, north_school.leader, one.vote.confidence_vote_id)
    assert turnout == confidence.Turnout(3, 3)


@pytest.mark.parametrize("value", [-1, 101, True, 50.0, "50", None])
def test_a_value_outside_the_scale_is_refused_and_spends_nothing(north_school, value):
    one = opened(north_school)
    own = confidence.ticket(north_school.store, one.code)

    with pytest.raises(Incomplete):
        confidence.answer(north_school.store, RESPONDENT, one.code, own, value)
    confidence.answer(north_school.store, RESPONDENT, one.code, own, 100)

    assert kept(north_school, one) == [100]


@pytest.mark.parametrize("ticket", ["", "x", "0" * 56, "é" * 56])
def test_a_made_up_ticket_is_refused(north_school, ticket):
    one = opened(north_school)

    with pytest.raises(CodeRefused):
        confidence.answer(north_school.store, RESPONDENT, one.code, ticket, 50)


def test_a_ticket_of_another_vote_is_refused(north_school):
    one, other = opened(north_school), opened(north_school)
    own = confidence.ticket(north_school.store, one.code)

    with pytest.raises(CodeRefused):
        confidence.answer(north_school.store, RESPONDENT, other.code, own, 50)


def kept(world, one):
    """The answers of an open vote as they lie sealed."""
    assert world.store.rows("FROM confidence_answer WHERE confidence_vote_id = $vote", vote=one.vote.id) == []
    with world.store.cursor() as con:
        return world.store.seals.read(con, one.vote.id)


# --- no trace --------------------------------------------------------------------------------------------


def test_answers_and_forms_share_no_column_but_the_vote(north_school):
    columns = {
        table: {
            row["name"]
            for row in north_school.store.rows(
                "SELECT column_name AS name FROM duckdb_columns() WHERE table_name = $table", table=table
            )
        }
        for table in ("confidence_answer", "confidence_ticket", "confidence_code")
    }

    assert columns["confidence_answer"] == {"confidence_vote_id", "answer_id", "value"}
    assert columns["confidence_answer"] & columns["confidence_ticket"] == {"confidence_vote_id"}


def test_the_order_of_the_rows_is_not_the_order_of_answering(north_school):
    one = opened(north_school, 40)
    values = list(range(40))

    give(north_school, one, *values)
    sealed = kept(north_school, one)
    confidence.close_vote(north_school.store, north_school.leader, one.vote.confidence_vote_id)

    rows = [
        row["value"] for row in north_school.store.rows("SELECT value FROM confidence_answer ORDER BY rowid")
    ]
    assert sorted(rows) == sorted(sealed) == values
    # By chance two of the three would be alike once in 40! times.
    assert len({tuple(rows), tuple(sealed), tuple(values)}) == 3


def test_answering_leaves_nothing_in_the_record_of_changes(north_school):
    one = opened(north_school)
    before = north_school.store.rows("SELECT count(*) AS n FROM audit")

    give(north_school, one, 50, 60)

    assert north_school.store.rows("SELECT count(*) AS n FROM audit") == before


@pytest.mark.parametrize("end", [confidence.close_vote, confidence.cancel_vote])
def test_nothing_of_the_forms_is_kept_when_a_vote_ends(north_school, end):
    one = opened(north_school)
    give(north_school, one, 50, 60)

    end(north_school.store, north_school.leader, one.vote.confidence_vote_id)

    assert north_school.store.rows("SELECT * FROM confidence_ticket") == []


def test_a_cancelled_vote_keeps_no_answers_and_is_no_result(north_school):
    one = opened(north_school)
    give(north_school, one, 10, 20, 30, 40, 50, 60)

    confidence.cancel_vote(north_school.store, north_school.leader, one.vote.confidence_vote_id)

    assert kept(north_school, one) == []
    assert confidence.votes_about(north_school.store, north_school.leader, one.vote.goal_id) == []
    with pytest.raises(CodeRefused):
        give(north_school, one, 50)


# --- the result ------------------------------------------------------------------------------------------


def test_before_closing_nobody_sees_more_than_a_count(north_school):
    one = opened(north_school)
    give(north_school, one, *range(0, 100, 10))

    assert confidence.votes_about(north_school.store, north_school.leader, one.vote.goal_id) == []
    with north_school.store.cursor() as con:
        assert records.get(con, ConfidenceVote, one.vote.confidence_vote_id).result == {}


def test_from_five_answers_on_there_is_a_mean_and_a_spread_and_nobodys_own_answer(north_school):
    one = opened(north_school)
    give(north_school, one, 40, 50, 60, 70, 90)

    result = close(north_school, one)

    assert result == confidence.VoteResult(n=5, mean=62, spread=14)


def test_from_ten_answers_on_there_is_a_distribution(north_school):
    one = opened(north_school)
    give(north_school, one, 0, 9, 10, 50, 55, 60, 60, 70, 99, 100)

    result = close(north_school, one)

    assert result.counts == (2, 1, 0, 0, 0, 2, 2, 1, 0, 2)
    assert sum(result.counts) == result.n == 10
    assert result.low < result.mean < result.high
    assert (result.mean, result.median) == (51.3, 57.5)


def test_an_interval_does_not_leave_the_scale():
    result = confidence.result_of([100] * 9 + [0])

    assert (result.mean, result.high) == (90, 100)


@pytest.mark.parametrize("values", [(), (50,), (20, 40, 60, 80)])
def test_too_few_and_none_at_all_are_the_same(north_school, values):
    one, empty = opened(north_school), opened(north_school)
    give(north_school, one, *values)

    close(north_school, one)
    close(north_school, empty)

    seen = [
        confidence.votes_about(north_school.store, north_school.leader, vote.vote.goal_id)
        for vote in (one, empty)
    ]
    assert seen[0] == seen[1] == [confidence.VotePoint(config.today(), confidence.VoteResult())]
    with pytest.raises(VoteNotOpen):
        confidence.progress(north_school.store, north_school.leader, one.vote.confidence_vote_id)


def test_a_school_can_ask_for_a_higher_floor(north_school):
    one = opened(north_school, floor=12)
    give(north_school, one, *range(0, 110, 10))

    assert not close(north_school, one).shown


def test_a_closed_vote_takes_no_answer_and_is_not_closed_again(north_school):
    one = opened(north_school)
    own = confidence.ticket(north_school.store, one.code)
    close(north_school, one)

    with pytest.raises(CodeRefused):
        confidence.answer(north_school.store, RESPONDENT, one.code, own, 50)
    with pytest.raises(VoteNotOpen):
        close(north_school, one)


def test_votes_follow_each_other_in_time(north_school):
    goal = north_school.goal()
    for day, value in ((date(2026, 10, 5), 40), (date(2026, 9, 7), 30), (date(2026, 11, 2), 60)):
        with config.as_of(day):
            one = confidence.open_vote(north_school.store, north_school.leader, goal.goal_id, 5)
            give(north_school, one, *[value] * 5)
            close(north_school, one)

    found = confidence.votes_about(north_school.store, north_school.reader, goal.goal_id)

    assert [point.result.mean for point in found] == [30, 40, 60]


# --- what leaves -----------------------------------------------------------------------------------------


def test_the_export_and_the_record_of_changes_say_no_more_of_a_hidden_vote(north_school, tmp_path):
    one = opened(north_school)
    give(north_school, one, 13, 37, 61, 83)
    close(north_school, one)

    folder = upkeep.export(north_school.store, north_school.leader, tmp_path).path
    told = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    changes = history.changes(north_school.store, north_school.leader)

    row = told["tables"]["confidence_vote"][0]
    assert row["state"] == VoteState.CLOSED
    assert {value for name, value in row["result"].items() if name != "counts"} == {None}
    assert "confidence_answer" not in told["tables"] and "confidence_code" not in told["tables"]
    # Without the moments: an hour or a day may look like an answer.
    told_of = [(change.verb, change.title, str(change.fields)) for change in changes]
    text = json.dumps([row, told_of], default=str)
    assert not [value for value in ("13", "37", "61", "83", "48.5", "23.5") if f" {value}" in text]


def test_the_record_of_changes_calls_a_vote_after_its_goal(north_school):
    one = opened(north_school)
    give(north_school, one, 50, 50, 50, 50, 50)
    close(north_school, one)

    changes = history.changes(north_school.store, north_school.leader, noun="confidence_vote")

    assert len(changes) >= 2 and {change.title for change in changes} == {"Lezen"}


def test_an_open_vote_leaves_no_count_in_the_export(north_school, tmp_path):
    one = opened(north_school)
    give(north_school, one, 50, 60)

    folder = upkeep.export(north_school.store, north_school.leader, tmp_path).path

    told = json.loads((folder / "export.json").read_text(encoding="utf-8"))
    assert told["tables"]["confidence_vote"][0]["result"] == {}


def test_the_check_up_finds_answers_and_codes_without_a_vote(north_school):
    assert upkeep.doctor(north_school.store) == []

    north_school.store.write(
        lambda tx: tx.execute("INSERT INTO confidence_code VALUES ('x', 'gone')"),
        actor=north_school.leader,
        verb="break",
    )

    assert [one.code for one in upkeep.doctor(north_school.store)] == ["confidence_without_vote"]


# --- the weekly pulse ------------------------------------------------------------------------------------


def pulse(mean, day, version=1):
    shown = ScaleResult("trust", 8, mean, None, None, None) if mean is not None else None
    return RoundPoint("Weekpeiling", date(2026, 9, day), version, shown)


def test_the_weekly_pulse_runs_over_the_latest_rounds():
    points = [pulse(value, day) for day, value in enumerate((3.0, 4.0, 5.0, 4.0, 6.0), start=1)]

    found = confidence.rolling(points, span=4)

    assert [(point.mean, point.n_rounds) for point in found] == [
        (3.0, 1), (3.5, 2), (4.0, 3), (4.0, 4), (4.75, 4),
    ]  # fmt: skip


def test_a_hidden_week_is_passed_over_and_a_new_version_starts_again():
    points = [pulse(3.0, 1), pulse(None, 2), pulse(5.0, 3), pulse(2.0, 4, version=2)]

    found = confidence.rolling(points, span=3)

    assert [(point.on.day, point.mean) for point in found] == [(1, 3.0), (3, 4.0), (4, 2.0)]


# --- beside progress -------------------------------------------------------------------------------------


def test_what_stands_beside_each_other_lies_in_the_weeks_of_the_cycle(north_school):
    goal = north_school.goal()
    action = north_school.action(goal_id=goal.goal_id)

    found = confidence.beside(north_school.store, north_school.member, goal, [], [action])

    assert found.last_on <= config.today()
    assert found.weeks[0].monday <= found.first_on <= found.weeks[0].monday + calendar.WEEK
    assert [week.number for week in found.weeks] == list(
        range(found.weeks[0].number, found.weeks[0].number + len(found.weeks))
    )
    assert found.actions == (action,)
