"""The weekly meeting: started, resumed, written in, taken back, closed; and the next one begins with the last."""

from __future__ import annotations

import itertools
import json
import random
from datetime import date, datetime, timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import (
    evidence,
    meeting_agenda,
    meeting_clock,
    meeting_entries,
    meetings,
    minutes,
    plan,
    upkeep,
)
from qualitycycle.cycle.agenda import Why
from qualitycycle.cycle.meeting_clock import Clock
from qualitycycle.cycle.meetings import Block
from qualitycycle.errors import CycleClosed, Incomplete, NotAllowed
from qualitycycle.model import (
    Action,
    ActionState,
    Course,
    Decision,
    GoalCheck,
    Meeting,
    MeetingState,
    Obstacle,
    ObstacleKind,
    Part,
    Person,
    Role,
    Says,
    Success,
    Turn,
    TurnReason,
)
from qualitycycle.store.records import new_id
from tests.cycle.conftest import TODAY

MOMENT = datetime.fromisoformat("2026-11-23 14:00")
DAY = timedelta(days=1)


@pytest.fixture
def room(north_school):
    """A running meeting of leader, coach and member about one goal."""
    north_school.goal("Lezen", owner_id=north_school.leader.person_id)
    return north_school, started(north_school)


def started(world, **more):
    present = [world.leader.person_id, world.coach.person_id, world.member.person_id]
    roles = {"leader": present[0], "notes": present[1], "time": present[2]}
    return meetings.start(world.store, world.leader, present, roles, **more)


def goal_of(world):
    return next(one for one in plan.find(world.store, world.leader, plan.Goal, cycle_id=world.running))


def now(world, meeting):
    return plan.get(world.store, world.leader, Meeting, meeting.meeting_id)


# --- the clock -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("silence", "counted"), [(0, 0), (10, 10), (90, 90), (91, 0), (86_400, 0), (-5, 0)])
def test_the_clock_counts_while_somebody_looks_and_not_while_the_computer_was_off(silence, counted):
    clock = Clock(1, (60, 30), MOMENT)

    later = meeting_clock.advance(clock, MOMENT + timedelta(seconds=silence))

    assert (later.seconds, later.place) == ((60, 30 + counted), 1)


def test_another_block_goes_on_and_the_first_and_last_stay():
    clock = Clock(0, (60, 0), MOMENT)

    assert meeting_clock.go_to(clock, 1, MOMENT + 5 * timedelta(seconds=1)) == Clock(
        1, (65, 0), MOMENT + timedelta(seconds=5)
    )
    assert meeting_clock.go_to(clock, 7, MOMENT).place == 1
    assert meeting_clock.go_to(clock, -1, MOMENT).place == 0


def test_a_meeting_resumes_after_a_crash_where_it_was(room, monkeypatch):
    world, meeting = room
    start = world.store.rows("SELECT beat_at FROM meeting_clock")[0]["beat_at"]
    times = iter(start + timedelta(seconds=second) for second in (40, 100, 130, 130 + 7200, 7340))
    monkeypatch.setattr(config, "now", lambda: next(times))
    meeting_clock.beat(world.store, world.leader, meeting.meeting_id)
    meeting_clock.beat(world.store, world.leader, meeting.meeting_id, 2)
    meeting_clock.beat(world.store, world.leader, meeting.meeting_id)

    # Two hours later somebody opens the page again.
    resumed = meeting_clock.look(world.store, world.leader, meeting.meeting_id)
    later = meeting_clock.beat(world.store, world.leader, meeting.meeting_id)

    assert (resumed.place, resumed.seconds[:3], resumed.in_block) == (2, (100, 0, 30), 30)
    assert later.total >= 130
    assert meetings.running(world.store, world.leader).meeting_id == meeting.meeting_id


def test_a_beat_is_no_change_of_the_schools_data(room):
    world, meeting = room
    version, n_audit = world.store.data_version, world.store.rows("SELECT count(*) AS n FROM audit")

    meeting_clock.beat(world.store, world.leader, meeting.meeting_id, 1)

    assert world.store.data_version == version
    assert world.store.rows("SELECT count(*) AS n FROM audit") == n_audit


# --- starting --------------------------------------------------------------------------------------------


def test_a_school_holds_one_meeting_at_a_time_and_a_team_its_own(room):
    world, _meeting = room

    with pytest.raises(Incomplete) as refused:
        started(world)
    own = started(world, team_id=world.teams["Onderbouw"])

    assert refused.value.reason == "meeting_running"
    assert len(meetings.all_running(world.store, world.leader)) == 2
    assert meetings.running(world.store, world.leader, own.team_id) == own


def test_a_role_goes_to_who_is_there(north_school):
    with pytest.raises(Incomplete) as refused:
        meetings.start(
            north_school.store,
            north_school.leader,
            [north_school.leader.person_id],
            {"leader": north_school.coach.person_id},
        )

    assert refused.value.reason == "not_present"


def test_a_meeting_started_by_mistake_is_put_aside_unless_something_stands_in_it(room):
    world, meeting = room
    meeting_entries.park(world.store, world.leader, meeting.meeting_id, "De gang")

    with pytest.raises(Incomplete):
        meetings.cancel(world.store, world.leader, meeting.meeting_id)
    meeting_entries.undo(world.store, world.leader, meeting.meeting_id)
    meetings.cancel(world.store, world.leader, meeting.meeting_id)

    assert meetings.running(world.store, world.leader) is None
    assert meetings.held(world.store, world.leader) == []


@pytest.mark.parametrize("verb", ["start", "decide", "agree", "close", "feel", "arrange", "undo", "say"])
def test_a_member_and_a_reader_look_on(room, verb):
    world, meeting = room
    own = meeting.meeting_id
    calls = {
        "start": lambda who: meetings.start(world.store, who, ["p"], {}),
        "decide": lambda who: meeting_entries.decide(world.store, who, own, "x", "y"),
        "agree": lambda who: meeting_entries.agree(
            world.store, who, own, "x", owner_id=who.person_id, due_on=TODAY
        ),
        "close": lambda who: meetings.close(world.store, who, own),
        "feel": lambda who: meetings.feel(world.store, who, own, "check_in", (1, 1, 1)),
        "arrange": lambda who: meetings.arrange(world.store, who, meetings.usual_blocks(world.store)),
        "undo": lambda who: meeting_entries.undo(world.store, who, own),
        "say": lambda who: meeting_entries.say(world.store, who, own, "g", Course.STUCK),
    }

    for who in (world.member, world.reader):
        with pytest.raises(NotAllowed):
            calls[verb](who)


def test_a_member_adds_a_success_and_ticks_off_her_own_promise(room):
    world, meeting = room
    own = world.action(owner_id=world.member.person_id)
    other = world.action("Van een ander", owner_id=world.coach.person_id)

    meeting_entries.success(world.store, world.member, meeting.meeting_id, "Het lukte")
    meeting_entries.keep(world.store, world.member, meeting.meeting_id, own.action_id)
    with pytest.raises(NotAllowed):
        meeting_entries.keep(world.store, world.member, meeting.meeting_id, other.action_id)

    assert plan.get(world.store, world.leader, Action, own.action_id).state is ActionState.DONE


def test_a_reader_sees_minutes_of_closed_cycles_only(room):
    world, meeting = room
    meetings.close(world.store, world.leader, meeting.meeting_id)

    with pytest.raises(NotAllowed):
        minutes.minutes(world.store, world.reader, meeting.meeting_id)

    assert meetings.held(world.store, world.reader) == []
    assert len(meetings.held(world.store, world.member)) == 1


# --- the school's own blocks -----------------------------------------------------------------------------


def test_a_school_renames_reorders_and_retimes_its_blocks(north_school):
    usual = meetings.usual_blocks(north_school.store)
    own = [
        Block(Part.SUCCESSES, 5, "Waar zijn we trots op?"),
        *[b for b in usual if b.part is not Part.SUCCESSES],
    ]

    meetings.arrange(north_school.store, north_school.coach, own)
    meeting = started(north_school)

    assert sum(block.minutes for block in usual) == 15
    assert meetings.blocks_of(meeting.blocks)[0] == own[0]
    assert minutes.minutes(north_school.store, north_school.leader, meeting.meeting_id).planned_minutes == 18


@pytest.mark.parametrize("wrong", [(), (Block(Part.CLOSE, 1),), tuple(Block(part, 0) for part in Part)])
def test_no_block_is_lost_and_none_takes_no_time(north_school, wrong):
    with pytest.raises(Incomplete):
        meetings.arrange(north_school.store, north_school.leader, wrong)


# --- roles, weeks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_roles_go_round(seed):
    before: list[dict[str, str]] = []
    for _week in range(12):
        before.insert(0, meetings.draw_roles(["a", "b", "c", "d"], before, random.Random(seed)))

    for role in meetings.ROLES:
        in_turn = [roles[role] for roles in before]
        assert set(in_turn) == {"a", "b", "c", "d"}
        assert all(one != other for one, other in itertools.pairwise(in_turn))
    assert all(len(set(roles.values())) == 3 for roles in before)


def test_one_person_alone_has_all_roles():
    assert set(meetings.draw_roles(["a"], [], random.Random(1)).values()) == {"a"}
    assert meetings.draw_roles([], [], random.Random(1)) == {}


MONDAYS = [date(2026, 10, 5), date(2026, 10, 12), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]


@pytest.mark.parametrize(
    ("days", "today", "weeks"),
    [
        ([], date(2026, 11, 10), 0),
        # The autumn holiday of 19 October is no gap.
        (
            [date(2026, 10, 8), date(2026, 10, 15), date(2026, 10, 28), date(2026, 11, 4)],
            date(2026, 11, 4),
            4,
        ),
        # This week's meeting may still come.
        ([date(2026, 10, 28), date(2026, 11, 4)], date(2026, 11, 10), 2),
        ([date(2026, 10, 28), date(2026, 11, 4), date(2026, 11, 9)], date(2026, 11, 10), 3),
        ([date(2026, 10, 8), date(2026, 10, 28)], date(2026, 11, 4), 1),
        ([date(2026, 10, 8)], date(2026, 11, 10), 0),
        # Twice in a week is once.
        ([date(2026, 11, 2), date(2026, 11, 4)], date(2026, 11, 4), 1),
    ],
)
def test_meetings_in_a_row_are_counted_over_weeks_with_lessons(days, today, weeks):
    assert meetings.weeks_in_a_row(days, MONDAYS, today) == weeks


def test_the_next_meeting_is_on_the_same_weekday_of_the_next_week_with_lessons():
    assert meetings.next_day(date(2026, 10, 14), MONDAYS) == date(2026, 10, 28)
    assert meetings.next_day(date(2026, 11, 11), MONDAYS) is None


# --- a show of hands -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "kept"),
    [
        ((0, 0, 0), {"asked": True}),
        ((4, 0, 0), {"asked": True}),
        ((3, 2, 0), {"asked": True}),
        ((8, 0, 1), {"asked": True}),
        ((7, 2, 1), {"asked": True, "counts": [7, 2, 1]}),
    ],
)
def test_below_ten_hands_nothing_is_kept_but_that_it_was_asked(counts, kept):
    assert meetings.felt(counts) == kept


def test_hands_of_a_few_are_nowhere_in_the_file(room):
    world, meeting = room

    meetings.feel(world.store, world.leader, meeting.meeting_id, "check_in", (2, 0, 1))

    assert now(world, meeting).check_in == {"asked": True}
    audit = world.store.rows("SELECT after FROM audit WHERE noun = 'meeting'")
    assert not any("[2, 0, 1]" in row["after"] or "counts" in row["after"] for row in audit)


def test_there_are_no_more_hands_than_people(room):
    world, meeting = room

    with pytest.raises(Incomplete):
        meetings.feel(world.store, world.leader, meeting.meeting_id, "rating", (4, 0, 0))


# --- putting down and taking back ------------------------------------------------------------------------


def put_down(world, meeting, action):
    """One of everything, each with what it leaves when it is taken back."""
    store, leader, own = world.store, world.leader, meeting.meeting_id
    goal = goal_of(world)
    return {
        "success": lambda: meeting_entries.success(store, leader, own, "Rust", goal),
        "decision": lambda: meeting_entries.decide(store, leader, own, "Elke dag", "Het werkt", goal.goal_id),
        "obstacle": lambda: meeting_entries.hinder(
            store, leader, own, "Geen tijd", ObstacleKind.TIME, leader.person_id, goal.goal_id
        ),
        "parked": lambda: meeting_entries.park(store, leader, own, "De gang"),
        "check": lambda: meeting_entries.say(store, leader, own, goal.goal_id, Course.ATTENTION),
        "made": lambda: meeting_entries.agree(
            store,
            leader,
            own,
            "Nieuw",
            owner_id=leader.person_id,
            due_on=TODAY + 7 * DAY,
            goal_id=goal.goal_id,
        ),
        "kept": lambda: meeting_entries.keep(store, leader, own, action.action_id),
        "carried": lambda: meeting_entries.carry_over(
            store, leader, own, action.action_id, TurnReason.NO_TIME, TODAY + 7 * DAY
        ),
        "dropped": lambda: meeting_entries.drop(store, leader, own, action.action_id, TurnReason.NOT_NEEDED),
    }


def content(world):
    """Everything that is there, but for counters and what was put aside."""
    nouns = (Action, Success, Decision, Obstacle, GoalCheck, plan.Parked, plan.MeetingAction)
    found = [one for noun in nouns for one in plan.find(world.store, world.leader, noun)]
    return [{**vars(one), "revision": 0} for one in found]


@pytest.mark.parametrize(
    "what", ["success", "decision", "obstacle", "parked", "check", "made", "kept", "carried", "dropped"]
)
def test_whatever_was_put_down_last_can_be_taken_back(room, what):
    world, meeting = room
    action = world.action(owner_id=world.member.person_id, due_on=TODAY - DAY, state=ActionState.RUNNING)
    before = content(world)

    put_down(world, meeting, action)[what]()
    assert content(world) != before
    meeting_entries.undo(world.store, world.leader, meeting.meeting_id)

    assert content(world) == before
    assert now(world, meeting).entries == ()
    assert meeting_entries.undo(world.store, world.leader, meeting.meeting_id) is None


def test_undo_goes_back_one_by_one(room):
    world, meeting = room
    for title in ("Een", "Twee"):
        meeting_entries.park(world.store, world.leader, meeting.meeting_id, title)
    meetings.feel(world.store, world.leader, meeting.meeting_id, "rating", (1, 1, 1))

    back = [meeting_entries.undo(world.store, world.leader, meeting.meeting_id)["noun"] for _ in range(3)]

    assert back == ["meeting", "parked", "parked"]
    assert now(world, meeting).rating == {}


def test_at_most_three_new_actions_per_goal_each_with_a_name_and_a_date(room):
    world, meeting = room
    goal = goal_of(world)

    def agree(goal_id=goal.goal_id, owner_id=world.coach.person_id, due_on=TODAY):
        return meeting_entries.agree(
            world.store,
            world.leader,
            meeting.meeting_id,
            "Iets",
            owner_id=owner_id,
            due_on=due_on,
            goal_id=goal_id,
        )

    for _n in range(3):
        agree()
    for wrong in ({}, {"owner_id": None}, {"due_on": None}, {"due_on": TODAY - DAY}):
        with pytest.raises(Incomplete):
            agree(**wrong)
    agree(goal_id=None)

    found = plan.find(world.store, world.leader, Action, cycle_id=world.running)
    assert meeting_agenda.load(found) == {world.coach.person_id: 4}


@pytest.mark.parametrize(
    ("turn", "reason"), [("carry_over", TurnReason.NOT_NEEDED), ("drop", TurnReason.NO_TIME), ("drop", None)]
)
def test_carrying_over_and_dropping_take_a_reason_of_their_own_list(room, turn, reason):
    world, meeting = room
    action = world.action(owner_id=world.coach.person_id)
    more = (TODAY,) if turn == "carry_over" else ()

    with pytest.raises(Incomplete):
        getattr(meeting_entries, turn)(
            world.store, world.leader, meeting.meeting_id, action.action_id, reason, *more
        )


def test_a_prediction_is_locked_once_it_is_made(room):
    world, meeting = room
    indicator = world.indicator(goal_of(world))

    meeting_entries.predict(world.store, world.leader, meeting.meeting_id, indicator.indicator_id, 55.0)

    with pytest.raises(Incomplete) as refused:
        meeting_entries.predict(world.store, world.leader, meeting.meeting_id, indicator.indicator_id, 60.0)
    assert refused.value.reason == "predicted_already"
    assert meeting_entries.undo(world.store, world.leader, meeting.meeting_id) is None


def test_a_closed_meeting_takes_nothing_more(room):
    world, meeting = room
    meetings.close(world.store, world.leader, meeting.meeting_id)

    for put in put_down(world, meeting, world.action(owner_id=world.coach.person_id)).values():
        with pytest.raises(Incomplete) as refused:
            put()
        assert refused.value.reason == "meeting_closed"


# --- from one meeting to the next ------------------------------------------------------------------------


def test_the_next_agenda_follows_from_the_last_meeting(north_school):
    world = north_school
    first, second = world.goal("Lezen"), world.goal("Rekenen")
    indicator = world.indicator(first)
    world.measure(indicator, date(2026, 11, 2), 45)
    with config.as_of(date(2026, 11, 2)):
        meeting = started(world)
        promise = meeting_entries.agree(
            world.store,
            world.leader,
            meeting.meeting_id,
            "Samen voorbereiden",
            owner_id=world.coach.person_id,
            due_on=date(2027, 3, 1),
            goal_id=first.goal_id,
        )
        meeting_entries.hinder(
            world.store,
            world.leader,
            meeting.meeting_id,
            "Geen lokaal",
            ObstacleKind.DEPENDS,
            world.coach.person_id,
        )
        for goal in (first, second):
            meeting_entries.say(world.store, world.leader, meeting.meeting_id, goal.goal_id, Course.ON_COURSE)
        closed = meetings.close(world.store, world.leader, meeting.meeting_id)
    world.measure(indicator, date(2026, 11, 13), 50)
    piece = world.piece()
    evidence.link(world.store, world.leader, piece.evidence_id, second, Says.CONTRADICTS)

    with config.as_of(date(2026, 11, 23)):
        found = meeting_agenda.gather(world.store, world.leader, world.running).agenda

    why = {one.goal_id: one.why for one in found.talk}
    assert found.promises == (promise.action_id,)
    assert why == {
        second.goal_id: (Why.CONTRADICTION, Why.NO_MEASURE, Why.EVIDENCE),
        first.goal_id: (Why.NEW_FIGURE,),
    }
    assert len(found.obstacles) == 1
    assert found.focus == closed.after["focus"] == second.goal_id
    assert closed.after["on"] == "2026-11-09"


def test_minutes_say_what_was_done_and_do_not_change_when_the_school_goes_on(room):
    world, meeting = room
    action = world.action(
        "Afgesproken", owner_id=world.member.person_id, due_on=TODAY - DAY, goal_id=goal_of(world).goal_id
    )
    for name in ("success", "decision", "obstacle", "parked", "check", "made", "carried"):
        put_down(world, meeting, action)[name]()
    meetings.write_notes(world.store, world.leader, meeting.meeting_id, "Korter volgende keer")
    meetings.close(world.store, world.leader, meeting.meeting_id)

    made = minutes.minutes(world.store, world.leader, meeting.meeting_id)
    with config.as_of(TODAY + 30 * DAY):
        world.action("Later")
        later = minutes.minutes(world.store, world.leader, meeting.meeting_id)

    assert (made.leader, made.notes_by, made.time_keeper) == ("Leida", "Ibo", "Mara")
    assert [one.title for one in made.successes] == ["Rust"]
    assert made.successes[0].about == made.decisions[0].goal == "Lezen"
    assert made.decisions[0].present == made.present == ("Ibo", "Leida", "Mara")
    assert [(one.title, one.turn, one.reason) for one in made.promises] == [
        ("Afgesproken", Turn.CARRIED, TurnReason.NO_TIME)
    ]
    assert [one.title for one in made.made] == ["Nieuw"]
    assert [one.title for one in made.next.promises] == ["Nieuw", "Afgesproken"]
    assert made.goals[0].said is Course.ATTENTION
    assert (made.parked, made.notes) == (("De gang",), "Korter volgende keer")
    assert {**vars(later), "data_version": 0} == {**vars(made), "data_version": 0}


def test_a_closed_cycle_lets_no_meeting_go_on(room):
    world, meeting = room
    world.store.write(
        lambda tx: tx.change(plan.Cycle, world.running, None, state="closed"), actor=world.leader, verb="test"
    )

    with pytest.raises(CycleClosed):
        meeting_entries.park(world.store, world.leader, meeting.meeting_id, "x")

    assert meetings.running(world.store, world.leader) is None


def test_doctor_and_export_know_meetings(room, tmp_path):
    world, meeting = room
    for put in put_down(world, meeting, world.action(owner_id=world.coach.person_id)).values():
        if put is not None:
            try:
                put()
            except Incomplete:
                continue
    meetings.close(world.store, world.leader, meeting.meeting_id)

    assert upkeep.doctor(world.store) == []
    exported = upkeep.export(world.store, world.leader, tmp_path)
    tables = json.loads((exported.path / "export.json").read_text(encoding="utf-8"))["tables"]
    assert len(tables["meeting"]) == 1
    assert tables["meeting"][0]["blocks"][0]["part"] == "check_in"
    assert len(tables["meeting_action"]) == 2


def test_everybody_but_a_reader_is_expected(north_school):
    store = north_school.store
    plan.record(
        store,
        north_school.leader,
        Person(
            person_id=new_id(),
            name="Uit boven",
            role=Role.MEMBER,
            team_ids=(north_school.teams["Bovenbouw"],),
        ),
    )

    everybody = {one.name for one in meetings.expected(store)}
    lower = {one.name for one in meetings.expected(store, north_school.teams["Onderbouw"])}

    assert everybody == {"Leida", "Ibo", "Mara", "Uit boven"}
    assert lower == {"Leida", "Ibo", "Mara"}
    assert MeetingState.RUNNING == "running"
