"""What was said before the start stays as it was; small tests build on each other; a verdict can be overruled."""

from __future__ import annotations

from datetime import date

import pytest

from qualitycycle import config
from qualitycycle.cycle import (
    act,
    before_start,
    evidence,
    plan,
    small_tests,
    success_wall,
    thread,
    weighing,
)
from qualitycycle.cycle.success_wall import Mastery, Term, term_of
from qualitycycle.cycle.thread import GapKind
from qualitycycle.cycle.weight import Design, Rule
from qualitycycle.errors import CycleClosed, Incomplete, NotAllowed
from qualitycycle.model import (
    Action,
    ActionState,
    Compared,
    DoneAsPlanned,
    EvidenceKind,
    MeasureKind,
    NextStep,
    Overruling,
    Says,
    Verdict,
)
from tests.cycle.conftest import TODAY

START = date(2026, 10, 1)


def start(world, action, actor=None, **changes):
    return plan.change(
        world.store,
        actor or world.leader,
        Action,
        action.action_id,
        None,
        state=ActionState.RUNNING,
        **changes,
    )


def found(world):
    return thread.thread(world.store, world.leader, world.running)


def weigh(world, action):
    now = plan.get(world.store, world.leader, Action, action.action_id)
    return weighing.weigh(world.store, world.leader, now, found(world))


# --- locked ----------------------------------------------------------------------------------------------


def test_starting_an_action_locks_what_was_expected(north_school):
    started = start(north_school, north_school.action(prediction="Acht punten"))

    assert started.locked_on == TODAY


@pytest.mark.parametrize("name", before_start.FIELDS)
def test_nothing_of_it_changes_afterwards(north_school, name):
    action = start(north_school, north_school.action())
    later = TODAY if name == "expected_on" else "Achteraf bedacht"

    with pytest.raises(Incomplete) as refused:
        plan.change(north_school.store, north_school.leader, Action, action.action_id, None, **{name: later})

    assert refused.value.reason == "locked"


def test_the_lock_itself_does_not_open(north_school):
    action = start(north_school, north_school.action())

    with pytest.raises(Incomplete):
        plan.change(north_school.store, north_school.leader, Action, action.action_id, None, locked_on=None)


def test_an_action_that_ended_unlocked_takes_no_prediction_any_more(north_school):
    action = north_school.action(state=ActionState.DONE)

    with pytest.raises(Incomplete):
        plan.change(north_school.store, north_school.leader, Action, action.action_id, None, prediction="Ja")


def test_what_is_the_same_may_be_saved_along(north_school):
    action = start(north_school, north_school.action(prediction="Meer"))

    saved = plan.change(
        north_school.store, north_school.leader, Action, action.action_id, None, prediction="Meer", text="x"
    )

    assert saved.text == "x"


def test_the_owner_locks_by_hand_once(north_school):
    action = north_school.action(owner_id=north_school.member.person_id)

    locked = small_tests.lock(north_school.store, north_school.member, action.action_id)

    assert locked.locked_on == TODAY and locked.state is ActionState.PLANNED
    with pytest.raises(Incomplete):
        small_tests.lock(north_school.store, north_school.member, action.action_id)


def test_a_later_thought_stands_beside_it_with_its_date(north_school):
    action = start(north_school, north_school.action())

    small_tests.note_later(north_school.store, north_school.leader, action.action_id, "Toch anders")

    (note,) = small_tests.notes_of(north_school.store, north_school.reader, action.action_id) or [None]
    assert note is None or note.text  # a reader sees nothing of a running cycle
    (note,) = small_tests.notes_of(north_school.store, north_school.leader, action.action_id)
    assert (note.text, note.noted_on, note.person_id) == (
        "Toch anders",
        TODAY,
        north_school.leader.person_id,
    )


def test_planned_sessions_do_not_shrink_after_the_start(north_school):
    action = start(north_school, north_school.action(sessions_planned=10))

    with pytest.raises(Incomplete):
        plan.change(
            north_school.store, north_school.leader, Action, action.action_id, None, sessions_planned=4
        )


def test_an_action_that_is_carried_over_starts_unlocked(north_school):
    assert plan.get(north_school.store, north_school.leader, Action, north_school.old_action).action_id
    carried = [one for one in found(north_school).actions if one.carried_from]

    assert all(one.locked_on is None and one.sessions_held is None for one in carried)


def test_what_is_missing_is_marked_and_nobody_is_refused(north_school):
    action = start(north_school, north_school.action(prediction="Meer", grounds=" "))

    assert set(before_start.missing(action)) == set(before_start.FIELDS) - {"prediction"}
    gaps = {gap.kind for gap in thread.gaps(found(north_school)) if gap.noun_id == action.action_id}
    assert GapKind.ACTION_WITHOUT_GROUNDS in gaps and GapKind.ACTION_WITHOUT_PREDICTION not in gaps


def test_evidence_past_its_date_is_a_gap(north_school):
    action = north_school.action()
    piece = north_school.piece(valid_until=date(2026, 11, 3))
    evidence.link(north_school.store, north_school.leader, piece.evidence_id, action, Says.SUPPORTS)

    gaps = [gap.kind for gap in thread.gaps(found(north_school)) if gap.noun_id == piece.evidence_id]

    assert GapKind.EVIDENCE_EXPIRED in gaps


# --- a row of small tests --------------------------------------------------------------------------------


def test_the_next_test_begins_with_what_was_learned(north_school):
    first = north_school.action(for_whom="Groep 5", prediction="Meer")
    done = act.evaluate_action(
        north_school.store,
        north_school.leader,
        first.action_id,
        None,
        done_as_planned=DoneAsPlanned.YES,
        learned="Korter werkt beter",
        next_step=NextStep.ADAPT,
    )

    second = small_tests.follow_up(north_school.store, north_school.leader, done.action_id, "Korter lezen")
    third = small_tests.follow_up(north_school.store, north_school.leader, second.action_id, "Met twee")

    assert (second.led_by, second.for_whom, second.prediction) == ("Korter werkt beter", "Groep 5", "")
    assert second.state is ActionState.PLANNED and not before_start.is_locked(second)
    row = small_tests.ramp(second, found(north_school).actions)
    assert [one.action_id for one in row] == [first.action_id, second.action_id, third.action_id]


def test_a_row_that_bites_its_tail_ends(north_school):
    first = north_school.action()
    second = small_tests.follow_up(north_school.store, north_school.leader, first.action_id, "Tweede")
    plan.change(
        north_school.store,
        north_school.leader,
        Action,
        first.action_id,
        None,
        follows_action_id=second.action_id,
    )

    assert len(small_tests.ramp(second, found(north_school).actions)) == 2


def test_a_member_plans_no_new_test(north_school):
    with pytest.raises(NotAllowed):
        small_tests.follow_up(
            north_school.store, north_school.member, north_school.action().action_id, "Nog een"
        )


# --- weighed ---------------------------------------------------------------------------------------------


def counted(world, **fields):
    """An action of which turns were counted before and after, in a class that began later than another."""
    with config.as_of(START):
        action = start(world, world.action(prediction="Iedereen", start_on=START, sessions_planned=10))
    plan.change(world.store, world.leader, Action, action.action_id, None, sessions_held=9)
    for on in (date(2026, 9, 20), date(2026, 11, 2)):
        piece = world.piece(evidence_on=on, source="Turflijst", n=24)
        evidence.link(world.store, world.leader, piece.evidence_id, action, Says.SUPPORTS)
    known = {
        "compared": Compared.STAGGERED,
        "similar_start": True,
        "measure_kind": MeasureKind.RUBRIC,
        "n_measured": 24,
        "n_missing": 1,
        "same_pupils": True,
    }
    weighing.know(world.store, world.leader, action.action_id, **{**known, **fields})
    return action


def test_what_was_recorded_is_weighed(north_school):
    weighed = weigh(north_school, counted(north_school))

    assert (weighed.verdict, weighed.weight.design) == (Verdict.SUPPORTED, Design.COMPARISON)


def test_a_file_with_evidence_changes_nothing(north_school):
    from qualitycycle.cycle import attachments

    action = counted(north_school, compared=Compared.NOBODY)
    before = weigh(north_school, action)
    for n, link in enumerate(found(north_school).links_to(action.action_id)):
        attachments.attach(
            north_school.store,
            north_school.leader,
            link.evidence_id,
            "les.pdf",
            b"%PDF-1.7 " + bytes([65 + n]),
        )

    after = weigh(north_school, action)

    assert after.weight == before.weight
    assert after.verdict is Verdict.INDICATION


def test_one_piece_that_contradicts_comes_first(north_school):
    action = counted(north_school)
    piece = north_school.piece(kind=EvidenceKind.CONVERSATION)

    evidence.link(north_school.store, north_school.leader, piece.evidence_id, action, Says.CONTRADICTS)

    assert weigh(north_school, action).weight.rules == (Rule.CONTRADICTING_EVIDENCE,)


def test_a_verdict_of_people_stands_beside_that_of_the_rules(north_school):
    action = counted(north_school, compared=Compared.NOBODY)

    weighing.overrule(
        north_school.store,
        north_school.coach,
        action.action_id,
        Verdict.INDICATION,
        Verdict.SUPPORTED,
        "Ook in groep 6 gezien",
    )

    weighed = weigh(north_school, action)
    assert (weighed.verdict, weighed.weight.verdict) == (Verdict.SUPPORTED, Verdict.INDICATION)
    assert weighed.overruled.person_id == north_school.coach.person_id
    assert weighed.overruled.said_on == TODAY
    weighing.take_back(north_school.store, north_school.leader, weighed.overruled.overruling_id)
    assert weigh(north_school, action).verdict is Verdict.INDICATION
    assert plan.find(north_school.store, north_school.leader, Overruling, archived=True)


@pytest.mark.parametrize(("verdict", "note"), [(Verdict.SUPPORTED, " "), (Verdict.INDICATION, "Hetzelfde")])
def test_saying_otherwise_needs_a_reason_and_another_verdict(north_school, verdict, note):
    action = north_school.action()

    with pytest.raises(Incomplete):
        weighing.overrule(
            north_school.store, north_school.leader, action.action_id, Verdict.INDICATION, verdict, note
        )


@pytest.mark.parametrize(
    "wrong",
    [
        {"reliability": 1.2},
        {"reliability": "veel"},
        {"n_missing": -1},
        {"ground_read_on": date(2027, 1, 1)},
    ],
)
def test_what_cannot_be_is_not_kept(north_school, wrong):
    with pytest.raises(Incomplete):
        weighing.know(north_school.store, north_school.leader, north_school.action().action_id, **wrong)


def test_a_member_weighs_nothing(north_school):
    action = north_school.action(owner_id=north_school.member.person_id)

    with pytest.raises(NotAllowed):
        weighing.know(north_school.store, north_school.member, action.action_id, blind=True)
    with pytest.raises(NotAllowed):
        weighing.overrule(
            north_school.store,
            north_school.member,
            action.action_id,
            Verdict.NOT_TESTED,
            Verdict.STRONG,
            "Ik vind het",
        )


def test_a_closed_cycle_is_not_weighed_anew(north_school):
    with pytest.raises(CycleClosed):
        weighing.know(north_school.store, north_school.leader, north_school.old_action, blind=True)


# --- the wall --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 8, 1), Term("2026-2027", 1)),
        (date(2027, 1, 31), Term("2026-2027", 1)),
        (date(2027, 2, 1), Term("2026-2027", 2)),
        (date(2027, 7, 31), Term("2026-2027", 2)),
    ],
)
def test_a_school_year_has_two_halves(day, term):
    assert term_of(day) == term


def test_the_wall_shows_what_was_reached_and_supported(north_school):
    goal = north_school.goal()
    reached, short = north_school.indicator(goal), north_school.indicator(goal, title="Nog niet")
    north_school.measure(reached, date(2026, 11, 10), 75.0)
    north_school.measure(short, date(2026, 11, 10), 60.0)
    action = counted(north_school)

    cards = success_wall.wall(north_school.store, north_school.leader)

    own = [card for card in cards if card.term == Term("2026-2027", 1)]
    assert {(card.mastery, card.title) for card in own} == {
        (Mastery.TARGET, reached.title),
        (Mastery.ACTION, action.title),
    }


def test_a_target_reached_by_too_few_people_does_not_hang_there(north_school):
    goal = north_school.goal()
    north_school.measure(north_school.indicator(goal), date(2026, 11, 10), 75.0, n=3)

    assert all(card.goal != goal for card in success_wall.wall(north_school.store, north_school.leader))


def test_who_reads_along_sees_the_wall_of_closed_cycles(north_school):
    counted(north_school)

    cards = success_wall.wall(north_school.store, north_school.reader)

    assert all(card.mastery is not Mastery.ACTION for card in cards)
