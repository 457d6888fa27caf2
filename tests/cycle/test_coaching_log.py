"""The log of an internal coach: hers alone, also for whoever holds the file, its log, backups, exports and records."""

from __future__ import annotations

import logging
import re
import shutil
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

import duckdb
import pytest
from argon2 import PasswordHasher

from qualitycycle.cycle import (
    coaching_access,
    coaching_key,
    coaching_log,
    coaching_totals,
    history,
    plan,
    sign_in,
    upkeep,
)
from qualitycycle.errors import (
    Incomplete,
    LogClosed,
    LogRefused,
    NotAllowed,
    QualityCycleError,
    SignInRefused,
)
from qualitycycle.model import NOUNS, Actor, Phase, Role
from qualitycycle.store import backup
from qualitycycle.store.connect import open_store

OWN = "vier paarse fietsen zingen"
OTHER = "drie natte olifanten lachen"
# What nobody else may read: words, and a day and a number that occur nowhere else.
WORDS = ("zwartekraaien", "regenboogvraag", "dauwdruppelstap", "maanlichtnotitie", "sterrenspiegel")
DAY, MINUTES, HOURS = date(2026, 10, 13), 487, 37.25
OCTOBER = date(2026, 10, 1)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """Less work per guess than in earnest: what is tested does not depend on it."""
    monkeypatch.setattr(coaching_key, "MEMORY_KIB", 64)
    monkeypatch.setattr(coaching_key, "TIME_COST", 1)
    monkeypatch.setattr(sign_in, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@pytest.fixture
def coach(north_school):
    """The school's internal coach, signed in with a passphrase, and her session."""
    store = north_school.store
    sign_in.claim(
        store, north_school.leader.person_id, "de klok slaat altijd zeven", "de klok slaat altijd zeven"
    )
    word = sign_in.hand_out(store, north_school.leader, north_school.coach.person_id)
    return sign_in.choose(store, "Ibo", word, OWN, OWN)


def _written(north_school, session):
    """A log with something of everything in it."""
    store, actor = north_school.store, north_school.coach
    recovery = coaching_access.make(store, actor, session, OWN)
    coaching_log.save_conversation(
        store,
        actor,
        session,
        held_on=DAY,
        kind="visit",
        minutes=MINUTES,
        theme=WORDS[0],
        question=WORDS[1],
        next_step=WORDS[2],
    )
    coaching_log.set_note(store, actor, session, "trajectory", Phase.OBSERVE, WORDS[3])
    coaching_log.set_reflection(store, actor, session, WORDS[4])
    coaching_log.save_week(
        store, actor, session, date(2026, 10, 12), planned={"guiding": 8}, real={"guiding": HOURS}
    )
    return recovery


def _several(north_school, session, n, *, kind="visit", minutes=30, day=DAY):
    for _one in range(n):
        coaching_log.save_conversation(
            north_school.store, north_school.coach, session, held_on=day, kind=kind, minutes=minutes
        )


# --- what others have in hand ----------------------------------------------------------------------------


def _in_hand(north_school, tmp_path):
    """Everything a leader can get hold of: the folder while the program runs and after, a backup and an export."""
    store = north_school.store
    shutil.copytree(store.path.parent, tmp_path / "running")
    backup.make(store, tmp_path / "kept")
    upkeep.export(store, north_school.leader, tmp_path / "exported")
    store.checkpoint()
    shutil.copytree(store.path.parent, tmp_path / "folded")
    return [path for path in tmp_path.rglob("*") if path.is_file() and "north" not in path.parts[-2:-1]]


def _words_in(files):
    """Which of the words stand in the bytes of these files, or in what a reader of the databases among them gets."""
    content = [path.read_bytes() for path in files]
    content += [_bytes_of(value) for value in _columns_in(files)]
    return {word for word in WORDS for text in content if word.encode() in text}


def _values_in(files):
    """Which of the day, the minutes and the hours stand in any column of the databases among these files."""
    wanted = (DAY, MINUTES, HOURS)
    return {one for value in _columns_in(files) for one in wanted if _says(value, one)}


def _columns_in(files):
    # In a file that was folded up a text may be compressed.
    for path in (one for one in files if one.suffix == ".duckdb" and "running" not in one.parts):
        with duckdb.connect(str(path), read_only=True) as con:
            for (table,) in con.execute("SELECT table_name FROM duckdb_tables()").fetchall():
                yield from (value for row in con.table(table).fetchall() for value in row)


def _bytes_of(value):
    return value if isinstance(value, bytes) else str(value).encode()


def _says(value, wanted):
    # In a text only as a number of its own: ids and hashes are full of digits.
    if isinstance(value, str):
        return re.search(rf"(?<![\w.]){re.escape(str(wanted))}(?!\w)", value) is not None
    return value == wanted


def _searched(north_school, coach, tmp_path):
    _written(north_school, coach)
    files = _in_hand(north_school, tmp_path)
    # There is something to find: a running program has a write-ahead log too.
    assert any(path.name.endswith(".wal") for path in files)
    assert any(path.name == "export.json" for path in files)
    return _words_in(files), _values_in(files)


def test_with_every_file_in_hand_nobody_reads_a_word_or_a_number(north_school, coach, tmp_path):
    assert _searched(north_school, coach, tmp_path) == (set(), set())


def test_without_sealing_all_of_it_would_be_found(north_school, coach, tmp_path, monkeypatch):
    monkeypatch.setattr(coaching_key, "encrypt", lambda key, purpose, plain: plain)
    monkeypatch.setattr(coaching_key, "decrypt", lambda key, purpose, sealed: sealed)

    words, _values = _searched(north_school, coach, tmp_path)

    assert words == set(WORDS)


def _lived(north_school, coach, tmp_path):
    """A log that was edited, archived, locked anew, recovered, shared, taken back, and put back from a backup."""
    store, actor = north_school.store, north_school.coach
    _written(north_school, coach)
    (one,) = coaching_log.read(store, actor, coach).conversations
    kept = upkeep.back_up(store, north_school.leader)
    coaching_log.save_conversation(
        store,
        actor,
        coach,
        held_on=DAY,
        kind=WORDS[0],
        minutes=MINUTES,
        theme=WORDS[1],
        conversation_id=one.conversation_id,
    )
    coaching_log.remove_conversation(store, actor, coach, one.conversation_id)
    coaching_log.set_kinds(store, actor, coach, [WORDS[0]])
    recovery = coaching_access.lock_anew(store, actor, coach, OWN)
    coaching_access.recover(store, actor, coach, recovery, OWN)
    coaching_totals.share(store, actor, coach, OCTOBER)
    coaching_totals.take_back(store, actor, OCTOBER)
    session = sign_in.change_own(store, actor, OWN, OTHER, OTHER)
    coaching_access.open_log(store, actor, session, OTHER)
    files = _in_hand(north_school, tmp_path / "before")
    store.close()
    backup.restore(kept.path, store.path.parent)
    with closing(open_store(store.path.parent)) as again:
        world = replace(north_school, store=again)
        session = sign_in.begin(again, actor.person_id)
        assert _opens(world, session)
        coaching_log.set_reflection(again, actor, session, WORDS[4])
        return [*files, *_in_hand(world, tmp_path / "after")]


def test_whatever_happens_to_a_log_its_files_tell_nothing(north_school, coach, tmp_path):
    files = _lived(north_school, coach, tmp_path)

    assert {"school-before-restore", "qualitycycle"} <= {path.stem.rstrip("-0123456789") for path in files}
    assert (_words_in(files), _values_in(files)) == (set(), set())


def test_without_sealing_a_log_that_lived_would_be_found_whole(north_school, coach, tmp_path, monkeypatch):
    monkeypatch.setattr(coaching_key, "encrypt", lambda key, purpose, plain: plain)
    monkeypatch.setattr(coaching_key, "decrypt", lambda key, purpose, sealed: sealed)

    files = _lived(north_school, coach, tmp_path)

    for moment in ("before", "after"):
        assert _words_in([path for path in files if moment in path.parts]) == set(WORDS)


def test_a_word_in_the_record_or_in_a_column_would_be_found_in_every_place(north_school, tmp_path):
    plan.record(
        north_school.store, north_school.leader, replace(north_school.goal(), goal_id="x", title=WORDS[0])
    )

    files = _in_hand(north_school, tmp_path)

    for place in ("running", "folded", "kept", "exported"):
        assert _words_in([path for path in files if place in path.parts]) == {WORDS[0]}


def test_a_number_in_a_column_would_be_found(north_school, coach, tmp_path):
    north_school.store.write(
        lambda tx: tx.execute(
            "INSERT INTO coaching_total VALUES ('x', 'conversations', $day, 'visit', 487, NULL, 1)", day=DAY
        ),
        actor=north_school.leader,
        verb="test",
    )

    made = backup.make(north_school.store, tmp_path / "kept")

    assert _values_in([made.path]) == {DAY, MINUTES}


def test_neither_its_length_nor_the_record_tells_how_much_is_in_it(north_school, coach):
    store = north_school.store
    _written(north_school, coach)

    def told():
        rows = store.rows("SELECT octet_length(sealed) AS n FROM coaching_log")
        audit = store.rows("SELECT count(*) AS n, max(changed_at) AS last FROM audit")
        return rows, audit, store.data_version

    before = told()
    _several(north_school, coach, 10)

    assert told() == before


def test_the_log_of_the_program_and_its_errors_hold_nothing_of_it(north_school, coach, caplog):
    caplog.set_level(logging.DEBUG)
    recovery = _written(north_school, coach)
    said = []
    for wrong in (lambda: coaching_access.open_log(north_school.store, north_school.coach, coach, OTHER),):
        with suppress(QualityCycleError):
            wrong()
        try:
            wrong()
        except QualityCycleError as error:
            said.append(str(error))

    assert said == ["LogRefused(reason='wrong', seconds=0)"]
    for hidden in (*WORDS, OWN, OTHER, recovery):
        assert hidden not in caplog.text


def test_the_page_with_changes_shows_nothing_of_it(north_school, coach):
    _written(north_school, coach)

    seen = history.changes(north_school.store, north_school.leader, limit=10_000)

    assert {one.noun for one in seen}.isdisjoint({"coaching_log", "coaching_key", "coaching_total"})


# --- who may ask -----------------------------------------------------------------------------------------


def test_no_other_verb_gives_it_to_a_leader(north_school, coach):
    _written(north_school, coach)
    store, leader = north_school.store, north_school.leader

    assert coaching_totals.shared(store, leader) == []
    assert "coaching_log" not in {noun.TABLE for noun in NOUNS}
    found = [one for noun in NOUNS for one in plan.find(store, leader, noun, archived=True)]
    assert not [word for word in WORDS if word in repr(found)]


def test_a_leader_has_a_log_of_her_own_and_not_the_coachs(north_school, coach):
    _written(north_school, coach)
    store, leader = north_school.store, north_school.leader
    session = sign_in.begin(store, leader.person_id)

    # Also when she has the coach's session in hand, as from the coach's browser.
    for token in (session, coach):
        with pytest.raises(LogClosed):
            coaching_log.read(store, leader, token)
    coaching_access.make(store, leader, session, "de klok slaat altijd zeven")

    assert coaching_log.read(store, leader, session) == coaching_log.Log()


@pytest.mark.parametrize("role", [Role.MEMBER, Role.READER, Role.RESPONDENT])
def test_others_keep_no_log(north_school, coach, role):
    actor = Actor(role, north_school.member.person_id)

    for verb in (
        lambda: coaching_access.make(north_school.store, actor, coach, OWN),
        lambda: coaching_log.read(north_school.store, actor, coach),
        lambda: coaching_totals.shared(north_school.store, actor),
        lambda: coaching_access.give_up(north_school.store, actor),
    ):
        with pytest.raises(NotAllowed):
            verb()


def test_another_session_of_hers_has_to_open_it_too(north_school, coach):
    _written(north_school, coach)
    second = sign_in.begin(north_school.store, north_school.coach.person_id)

    with pytest.raises(LogClosed):
        coaching_log.read(north_school.store, north_school.coach, second)


# --- the keys --------------------------------------------------------------------------------------------


def _opens(north_school, session, passphrase=OWN):
    coaching_access.open_log(north_school.store, north_school.coach, session, passphrase)
    return (
        coaching_log.read(north_school.store, north_school.coach, session).conversations[0].theme == WORDS[0]
    )


def test_signing_out_forgets_the_key(north_school, coach):
    _written(north_school, coach)

    sign_in.sign_out(north_school.store, coach)

    assert not [one for keys in coaching_key._open.values() for one in keys.values()]
    with pytest.raises(LogClosed):
        coaching_log.read(north_school.store, north_school.coach, coach)


def test_two_idle_hours_forget_the_key_also_when_nobody_asks(north_school, coach, monkeypatch):
    _written(north_school, coach)
    later = datetime.now(coaching_key.config.AMSTERDAM).replace(tzinfo=None) + timedelta(days=400)
    monkeypatch.setattr(coaching_key.config, "now", lambda: later)
    monkeypatch.setattr(coaching_key, "_look_again", lambda after: None)

    coaching_key._idle_passed()

    assert not [one for keys in coaching_key._open.values() for one in keys.values()]


def test_after_a_restart_it_opens_with_the_passphrase_only(north_school, coach):
    _written(north_school, coach)
    folder = north_school.store.path.parent
    north_school.store.close()
    again = open_store(folder)

    with pytest.raises(LogClosed):
        coaching_log.read(again, north_school.coach, coach)
    coaching_access.open_log(again, north_school.coach, coach, OWN)

    assert coaching_log.read(again, north_school.coach, coach).conversations[0].minutes == MINUTES
    again.close()


def test_a_wrong_passphrase_and_a_wrong_recovery_key_are_refused_alike(north_school, coach):
    recovery = _written(north_school, coach)
    store, actor = north_school.store, north_school.coach
    near = recovery[:-1] + ("A" if recovery[-1] != "A" else "C")

    refused = []
    for verb in (
        lambda: coaching_access.open_log(store, actor, coach, OTHER),
        lambda: coaching_access.recover(store, actor, coach, near, OWN),
        lambda: coaching_access.recover(store, actor, coach, "", OWN),
    ):
        with pytest.raises(LogRefused) as error:
            verb()
        refused.append(str(error.value))

    assert len(set(refused)) == 1


def test_after_a_few_wrong_ones_everybody_waits(north_school, coach):
    _written(north_school, coach)

    reasons = []
    for _attempt in range(7):
        with pytest.raises(LogRefused) as error:
            coaching_access.open_log(north_school.store, north_school.coach, coach, OTHER)
        reasons.append(error.value.reason)

    assert (reasons[0], reasons[-1]) == ("wrong", "wait")
    coaching_access._patience.forget(north_school.coach.person_id)


def test_changing_the_passphrase_takes_the_log_along(north_school, coach):
    _written(north_school, coach)

    session = sign_in.change_own(north_school.store, north_school.coach, OWN, OTHER, OTHER)

    assert _opens(north_school, session, OTHER)
    with pytest.raises(LogRefused):
        coaching_access.open_log(north_school.store, north_school.coach, session, OWN)
    coaching_access._patience.forget(north_school.coach.person_id)


def test_a_change_that_is_refused_changes_nothing(north_school, coach):
    _written(north_school, coach)

    with pytest.raises((Incomplete, SignInRefused)):
        sign_in.change_own(north_school.store, north_school.coach, OWN, "kort", "kort")

    assert _opens(north_school, coach)


def test_a_leader_who_resets_the_passphrase_does_not_get_in(north_school, coach):
    recovery = _written(north_school, coach)
    store, actor = north_school.store, north_school.coach
    word = sign_in.hand_out(store, north_school.leader, actor.person_id)
    session = sign_in.choose(store, "Ibo", word, OTHER, OTHER)

    with pytest.raises(LogRefused):
        coaching_access.open_log(store, actor, session, OTHER)
    fresh = coaching_access.recover(store, actor, session, recovery.lower().replace("-", " "), OTHER)

    assert _opens(north_school, session, OTHER)
    # The one that was used works no longer; the new one does.
    with pytest.raises(LogRefused):
        coaching_access.recover(store, actor, session, recovery, OTHER)
    assert coaching_access.recover(store, actor, session, fresh, OTHER) != fresh
    coaching_access._patience.forget(actor.person_id)


def test_who_signs_in_without_a_passphrase_chooses_one_for_the_log(north_school):
    store, actor = north_school.store, north_school.coach
    session = sign_in.begin(store, actor.person_id)

    with pytest.raises(Incomplete):
        coaching_access.make(store, actor, session, "kort", "kort")
    with pytest.raises(Incomplete):
        coaching_access.make(store, actor, session, OWN, OTHER)
    coaching_access.make(store, actor, session, OWN, OWN)

    assert coaching_log.read(store, actor, session) == coaching_log.Log()


def test_who_signs_in_with_a_passphrase_uses_that_one(north_school, coach):
    with pytest.raises(LogRefused) as error:
        coaching_access.make(north_school.store, north_school.coach, coach, OTHER, OTHER)

    assert error.value.reason == "sign_in"
    coaching_access._patience.forget(north_school.coach.person_id)


def test_a_recovery_key_has_no_signs_that_look_alike():
    made = coaching_key.new_recovery_key()

    assert not set(made) & set("0O1IL5S2Z8B")
    assert [len(group) for group in made.split("-")] == [4] * 6


def test_given_up_nothing_of_it_is_left(north_school, coach):
    _written(north_school, coach)

    coaching_access.give_up(north_school.store, north_school.coach)

    for table in ("coaching_log", "coaching_key", "coaching_total"):
        with north_school.store.cursor() as con:
            assert con.table(table).fetchall() == []
    with pytest.raises(LogClosed):
        coaching_log.read(north_school.store, north_school.coach, coach)


# --- totals ----------------------------------------------------------------------------------------------


def _seen_by_leader(north_school):
    shared = coaching_totals.shared(north_school.store, north_school.leader)
    return {(one.what, one.kind): (one.minutes, one.n) for each in shared for one in each.totals}


def _october(north_school, session, kinds):
    coaching_access.make(north_school.store, north_school.coach, session, OWN)
    for kind, n in kinds.items():
        _several(north_school, session, n, kind=kind)


def test_totals_leave_only_when_they_are_shared_and_can_be_taken_back(north_school, coach):
    store, actor = north_school.store, north_school.coach
    _october(north_school, coach, {"visit": 6})

    assert _seen_by_leader(north_school) == {}
    coaching_totals.share(store, actor, coach, OCTOBER)
    assert _seen_by_leader(north_school) == {("conversations", "visit"): (180, 6)}
    coaching_totals.take_back(store, actor, OCTOBER)

    assert _seen_by_leader(north_school) == {}


@pytest.mark.parametrize(
    ("kinds", "leave"),
    [
        ({"visit": 4}, {}),
        ({"visit": 5, "design": 4}, {"visit": (150, 5)}),
        ({"visit": 5, "design": 3, "video": 2}, {"visit": (150, 5), "other": (150, 5)}),
        ({"visit": 3, "design": 2}, {"other": (150, 5)}),
    ],
)
def test_a_kind_with_few_conversations_leaves_with_others_or_not_at_all(north_school, coach, kinds, leave):
    _october(north_school, coach, kinds)
    log = coaching_log.read(north_school.store, north_school.coach, coach)

    totals = coaching_totals.would_leave(log, OCTOBER)

    assert {one.kind: (one.minutes, one.n) for one in totals} == leave


def test_a_conversation_added_later_cannot_be_read_from_the_difference(north_school, coach):
    store, actor = north_school.store, north_school.coach
    _october(north_school, coach, {"visit": 6})
    coaching_totals.share(store, actor, coach, OCTOBER)
    before = _seen_by_leader(north_school)

    _several(north_school, coach, 1, minutes=77)
    coaching_totals.take_back(store, actor, OCTOBER)
    coaching_totals.share(store, actor, coach, OCTOBER)

    assert _seen_by_leader(north_school) == before


def test_a_month_that_is_not_over_is_not_shared(north_school, coach):
    coaching_access.make(north_school.store, north_school.coach, coach, OWN)
    _several(north_school, coach, 6, day=date(2026, 11, 10))

    with pytest.raises(Incomplete):
        coaching_totals.share(north_school.store, north_school.coach, coach, date(2026, 11, 1))


def test_hours_leave_per_area_with_what_was_planned(north_school, coach):
    store, actor = north_school.store, north_school.coach
    _written(north_school, coach)

    coaching_totals.share(store, actor, coach, OCTOBER)

    (shared,) = coaching_totals.shared(store, north_school.leader)
    assert [(one.what, one.kind, one.minutes, one.planned_minutes, one.n) for one in shared.totals] == [
        ("time", "guiding", 2235, 480, 1)
    ]


# --- what is in it ---------------------------------------------------------------------------------------


def test_a_conversation_can_be_changed_and_taken_out(north_school, coach):
    store, actor = north_school.store, north_school.coach
    _written(north_school, coach)
    (first,) = coaching_log.read(store, actor, coach).conversations

    coaching_log.save_conversation(
        store, actor, coach, held_on=DAY, kind="design", minutes=20, conversation_id=first.conversation_id
    )
    assert [one.kind for one in coaching_log.read(store, actor, coach).conversations] == ["design"]
    coaching_log.remove_conversation(store, actor, coach, first.conversation_id)

    assert coaching_log.read(store, actor, coach).conversations == ()


@pytest.mark.parametrize("wrong", [{"held_on": None}, {"kind": None}, {"minutes": None}, {"minutes": 601}])
def test_a_conversation_needs_a_day_a_kind_and_minutes(north_school, coach, wrong):
    coaching_access.make(north_school.store, north_school.coach, coach, OWN)

    with pytest.raises(Incomplete):
        coaching_log.save_conversation(
            north_school.store,
            north_school.coach,
            coach,
            **{"held_on": DAY, "kind": "visit", "minutes": 30, **wrong},
        )


def test_the_list_of_kinds_is_her_own(north_school, coach):
    store, actor = north_school.store, north_school.coach
    coaching_access.make(store, actor, coach, OWN)
    usual = coaching_log.kind_title("visit")

    coaching_log.set_kinds(store, actor, coach, ["Wandeling", usual, "Wandeling", ""])

    assert coaching_log.read(store, actor, coach).kinds == ("Wandeling", "visit")


def test_the_next_week_starts_from_what_was_planned(north_school, coach):
    store, actor = north_school.store, north_school.coach
    _written(north_school, coach)

    coaching_log.save_week(
        store, actor, coach, date(2026, 10, 19), planned={"guiding": 9, "policy": 0}, real={"policy": 2.5}
    )

    log = coaching_log.read(store, actor, coach)
    assert log.plan == {"guiding": 9}
    assert [week.real for week in log.weeks] == [{"guiding": HOURS}, {"policy": 2.5}]
