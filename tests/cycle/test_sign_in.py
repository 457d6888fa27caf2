"""Passphrases, sessions, words handed out, and patience with who guesses."""

from __future__ import annotations

from datetime import timedelta

import pytest

from qualitycycle import config
from qualitycycle.cycle import patience, plan, sign_in, upkeep
from qualitycycle.cycle.sign_in import Door
from qualitycycle.errors import Incomplete, NotAllowed, SignInRefused
from qualitycycle.model import Actor, Person, Role
from qualitycycle.store import backup, records
from qualitycycle.store.connect import open_store

PASSPHRASE = "zeven blauwe fietsen"
OTHER = "koffie bij de vijver"


@pytest.fixture(autouse=True)
def calm(monkeypatch):
    """Nobody guessed before, and the clock can be moved on."""
    monkeypatch.setattr(sign_in, "_patience", patience.Patience())


@pytest.fixture
def clock(monkeypatch):
    """`clock(hours=3)` moves both clocks on."""
    moved = [timedelta()]
    real_now, real_patience = config.now, patience.now
    monkeypatch.setattr(config, "now", lambda: real_now() + moved[0])
    monkeypatch.setattr(patience, "now", lambda: real_patience() + moved[0].total_seconds())

    def move(**how_far):
        moved[0] += timedelta(**how_far)

    return move


@pytest.fixture
def store(north_school):
    return north_school.store


@pytest.fixture
def leader(store):
    return sign_in.leaders(store)[0]


@pytest.fixture
def token(store, leader):
    """The first leader has a passphrase and is signed in."""
    return sign_in.claim(store, leader.person_id, PASSPHRASE, PASSPHRASE)


def person_of(store, actor):
    with store.cursor() as con:
        return records.get(con, Person, actor.person_id)


def new_member(store, leader, name="Fenna"):
    person = Person(person_id=records.new_id(), name=name, role=Role.MEMBER)
    return plan.record(store, Actor(Role.LEADER, leader.person_id), person)


# --- the first passphrase --------------------------------------------------------------------------------


def test_a_school_without_passphrases_lets_one_of_its_leaders_choose_the_first(store, leader):
    assert sign_in.door(store) is Door.UNCLAIMED

    token = sign_in.claim(store, leader.person_id, PASSPHRASE, PASSPHRASE)

    assert sign_in.door(store) is Door.CLOSED
    assert sign_in.session(store, token).actor == Actor(Role.LEADER, leader.person_id)


def test_a_second_person_cannot_claim_the_school(store, leader, token):
    with pytest.raises(NotAllowed):
        sign_in.claim(store, leader.person_id, OTHER, OTHER)

    assert sign_in.leaders(store) == []


def test_who_is_no_leader_cannot_claim_the_school(north_school):
    with pytest.raises(NotAllowed):
        sign_in.claim(north_school.store, north_school.member.person_id, PASSPHRASE, PASSPHRASE)


def test_before_the_first_start_there_is_no_door(tmp_path):
    store = open_store(tmp_path)

    assert sign_in.door(store) is Door.EMPTY
    store.close()


def test_a_reset_of_the_only_leader_does_not_open_the_door_to_whoever_comes_first(store, leader, token):
    sign_in.hand_out(store, Actor(Role.LEADER), leader.person_id)

    assert sign_in.door(store) is Door.CLOSED


# --- what a passphrase may be ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passphrase", "reason"),
    [
        ("elf tekens.", "too_short"),
        ("x" * 201, "too_long"),
        ("aaaaaaaaaaaaaaaa", "too_easy"),
        ("123456789012", "too_easy"),
        ("Wachtwoord2026", "too_easy"),
        ("welkom welkom 12", "too_easy"),
        ("qwertyuiop12", "too_easy"),
    ],
)
def test_what_is_easily_guessed_is_refused(store, leader, passphrase, reason):
    with pytest.raises(Incomplete) as refused:
        sign_in.claim(store, leader.person_id, passphrase, passphrase)

    assert refused.value.reason == reason
    assert sign_in.door(store) is Door.UNCLAIMED


def test_the_own_name_is_no_passphrase(store, leader):
    named = f"{leader.name} {leader.name} 12345678"

    with pytest.raises(Incomplete) as refused:
        sign_in.claim(store, leader.person_id, named, named)

    assert refused.value.reason == "too_easy"


@pytest.mark.parametrize("passphrase", ["mijn hond lust kaas", "zeventwaalfachtig", "ėén twéé drïe víer"])
def test_nothing_is_asked_of_the_signs(store, leader, passphrase):
    assert sign_in.claim(store, leader.person_id, passphrase, passphrase)


def test_two_different_ones_are_refused(store, leader):
    with pytest.raises(Incomplete) as refused:
        sign_in.claim(store, leader.person_id, PASSPHRASE, OTHER)

    assert refused.value.reason == "not_the_same"


# --- in --------------------------------------------------------------------------------------------------


def test_a_name_and_its_passphrase_let_in(store, leader, token):
    again = sign_in.sign_in(store, f"  {leader.name.upper()} ", PASSPHRASE)

    assert sign_in.session(store, again).person_id == leader.person_id


@pytest.mark.parametrize("name", ["", "Niemand", "leader"])
def test_an_unknown_name_and_a_wrong_passphrase_get_the_same_answer(store, leader, token, name):
    with pytest.raises(SignInRefused) as unknown:
        sign_in.sign_in(store, name, PASSPHRASE)
    with pytest.raises(SignInRefused) as wrong:
        sign_in.sign_in(store, leader.name, OTHER)

    assert vars(unknown.value) == vars(wrong.value) == {"reason": "wrong", "seconds": 0}


def test_an_unknown_name_costs_a_hash_all_the_same(store, token, monkeypatch):
    tried = []
    monkeypatch.setattr(sign_in, "_fits", lambda hashed, typed: tried.append(hashed))

    with pytest.raises(SignInRefused):
        sign_in.sign_in(store, "Niemand", PASSPHRASE)

    assert len(tried) == 1


def test_each_session_has_a_token_of_its_own(store, leader, token):
    again = sign_in.sign_in(store, leader.name, PASSPHRASE)

    assert again != token
    assert sign_in.session(store, token) and sign_in.session(store, again)


@pytest.mark.parametrize("token", [None, "", "x", "0" * 64])
def test_a_token_that_was_never_given_stands_for_nobody(store, token):
    assert sign_in.session(store, token) is None


def test_what_the_file_keeps_of_a_session_is_no_token(store, token):
    rows = store.rows("SELECT * FROM session")

    assert len(rows) == 1 and token not in str(rows)
    assert sign_in.session(store, rows[0]["token_hash"]) is None


def test_the_file_keeps_no_passphrase_and_no_word(store, leader, token):
    word = sign_in.hand_out(store, Actor(Role.LEADER), new_member(store, leader).person_id)
    store.checkpoint()

    asked = ("SELECT * FROM sign_in", "SELECT * FROM session", "SELECT * FROM audit")
    kept = str([store.rows(sql) for sql in asked])

    assert PASSPHRASE not in kept and word not in kept and word.replace("-", "") not in kept
    assert "$argon2id$" in kept


# --- out -------------------------------------------------------------------------------------------------


def test_signing_out_ends_this_session_only(store, leader, token):
    other = sign_in.sign_in(store, leader.name, PASSPHRASE)

    sign_in.sign_out(store, token)

    assert sign_in.session(store, token) is None
    assert sign_in.session(store, other) is not None


def test_signing_out_everywhere_ends_all_of_them(store, leader, token):
    other = sign_in.sign_in(store, leader.name, PASSPHRASE)

    sign_in.sign_out_everywhere(store, sign_in.session(store, token).actor)

    assert [sign_in.session(store, one) for one in (token, other)] == [None, None]


def test_a_session_ends_after_twelve_hours_however_busy(store, token, clock):
    for _hour in range(11):
        clock(hours=1)
        assert sign_in.use(store, token) is not None
    clock(hours=1, seconds=1)

    assert sign_in.use(store, token) is None
    assert store.rows("SELECT * FROM session") == []


def test_a_session_that_is_not_used_ends_after_two_hours(store, token, clock):
    clock(hours=2, seconds=1)

    assert sign_in.session(store, token) is None
    clock(hours=-2)
    assert sign_in.session(store, token) is None


def test_looking_whether_a_session_is_there_does_not_keep_it_alive(store, token, clock):
    for _half in range(4):
        clock(minutes=29)
        assert sign_in.session(store, token) is not None
    clock(minutes=5)

    assert sign_in.session(store, token) is None


def test_another_role_asks_for_signing_in_again(store, leader, token):
    member = new_member(store, leader)
    theirs = sign_in.choose(
        store, member.name, sign_in.hand_out(store, Actor(Role.LEADER), member.id), OTHER, OTHER
    )

    plan.change(store, Actor(Role.LEADER), Person, member.id, None, role=Role.READER)

    assert sign_in.session(store, theirs) is None
    assert sign_in.session(store, token) is not None


def test_another_title_does_not(store, leader, token):
    plan.change(store, Actor(Role.LEADER), Person, leader.person_id, None, title="directeur-bestuurder")

    assert sign_in.session(store, token) is not None


def test_who_is_archived_is_out_and_stays_out(store, leader, token):
    member = new_member(store, leader)
    theirs = sign_in.choose(
        store, member.name, sign_in.hand_out(store, Actor(Role.LEADER), member.id), OTHER, OTHER
    )

    plan.archive(store, Actor(Role.LEADER), Person, member.id)

    assert sign_in.session(store, theirs) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(store, member.name, OTHER)
    plan.restore(store, Actor(Role.LEADER), Person, member.id)
    assert sign_in.session(store, theirs) is None


def test_a_session_outlives_a_restart(store, token):
    folder = store.path.parent
    store.close()

    again = open_store(folder)

    assert sign_in.session(again, token) is not None
    again.close()


def test_a_backup_put_back_signs_everybody_out(store, token, tmp_path):
    made = backup.make(store, tmp_path / "apart")
    backup.restore(made.path, tmp_path / "new")

    restored = open_store(tmp_path / "new")

    assert sign_in.session(restored, token) is None
    assert sign_in.door(restored) is Door.CLOSED
    restored.close()


# --- changing and resetting ------------------------------------------------------------------------------


def test_changing_the_own_passphrase_ends_every_session_and_begins_a_new_one(store, leader, token):
    actor = sign_in.session(store, token).actor

    new = sign_in.change_own(store, actor, PASSPHRASE, OTHER, OTHER)

    assert sign_in.session(store, token) is None
    assert sign_in.session(store, new) is not None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(store, leader.name, PASSPHRASE)


def test_changing_it_asks_for_the_present_one(store, token):
    with pytest.raises(SignInRefused) as refused:
        sign_in.change_own(store, sign_in.session(store, token).actor, OTHER, OTHER, OTHER)

    assert refused.value.reason == "present"
    assert sign_in.session(store, token) is not None


def test_a_word_handed_out_leads_to_choosing_a_passphrase(store, leader, token):
    member = new_member(store, leader)
    word = sign_in.hand_out(store, Actor(Role.LEADER), member.id)

    assert sign_in.sign_in(store, member.name, word.lower()) is None
    chosen = sign_in.choose(store, member.name, word, OTHER, OTHER)

    assert sign_in.session(store, chosen).actor == Actor(Role.MEMBER, member.id)


def test_a_word_is_used_once(store, leader, token):
    member = new_member(store, leader)
    word = sign_in.hand_out(store, Actor(Role.LEADER), member.id)
    sign_in.choose(store, member.name, word, OTHER, OTHER)

    with pytest.raises(SignInRefused) as refused:
        sign_in.choose(store, member.name, word, PASSPHRASE, PASSPHRASE)

    assert refused.value.reason == "word"


def test_a_passphrase_that_is_refused_does_not_spend_the_word(store, leader, token):
    member = new_member(store, leader)
    word = sign_in.hand_out(store, Actor(Role.LEADER), member.id)

    with pytest.raises(Incomplete):
        sign_in.choose(store, member.name, word, "kort", "kort")

    assert sign_in.choose(store, member.name, word, OTHER, OTHER)


def test_a_word_works_for_a_day(store, leader, token, clock):
    member = new_member(store, leader)
    word = sign_in.hand_out(store, Actor(Role.LEADER), member.id)
    clock(hours=24, seconds=1)

    with pytest.raises(SignInRefused):
        sign_in.sign_in(store, member.name, word)


def test_a_new_word_ends_the_passphrase_and_the_sessions_of_before(store, leader, token):
    sign_in.hand_out(store, Actor(Role.LEADER), leader.person_id)

    assert sign_in.session(store, token) is None
    with pytest.raises(SignInRefused):
        sign_in.sign_in(store, leader.name, PASSPHRASE)


@pytest.mark.parametrize("role", [Role.COACH, Role.MEMBER, Role.READER, Role.RESPONDENT])
def test_only_a_leader_hands_out_words_and_sees_who_has_access(store, leader, role):
    with pytest.raises(NotAllowed):
        sign_in.hand_out(store, Actor(role), leader.person_id)
    with pytest.raises(NotAllowed):
        sign_in.has_access(store, Actor(role))


def test_a_leader_hands_out_no_word_to_herself_and_stays_signed_in(store, leader, token):
    with pytest.raises(NotAllowed):
        sign_in.hand_out(store, sign_in.session(store, token).actor, leader.person_id)

    assert sign_in.session(store, token) is not None


def test_the_leader_sees_who_has_access(store, leader, token):
    asked, nobody = new_member(store, leader), new_member(store, leader, "Guus")
    sign_in.hand_out(store, Actor(Role.LEADER), asked.id)

    found = sign_in.has_access(store, Actor(Role.LEADER))

    assert found == {leader.person_id: True, asked.id: False}
    assert nobody.id not in found


# --- patience --------------------------------------------------------------------------------------------


def wrong(store, name, times):
    for _attempt in range(times):
        with pytest.raises(SignInRefused):
            sign_in.sign_in(store, name, OTHER)


def test_after_a_few_wrong_ones_even_the_right_one_has_to_wait(store, leader, token, clock):
    wrong(store, leader.name, 5)

    with pytest.raises(SignInRefused) as refused:
        sign_in.sign_in(store, leader.name, PASSPHRASE)
    clock(seconds=refused.value.seconds)

    assert (refused.value.reason, refused.value.seconds > 0) == ("wait", True)
    assert sign_in.sign_in(store, leader.name, PASSPHRASE)


def test_waiting_grows_with_each_wrong_one_up_to_a_quarter_of_an_hour(clock):
    guard = patience.Patience()
    waits = []
    for _attempt in range(16):
        guard.count("noor")
        waits.append(guard.seconds_to_wait("noor"))
        clock(seconds=waits[-1])

    assert waits[:3] == [0, 0, 0]
    assert waits[3:] == sorted(waits[3:])
    assert waits[-1] == patience.LONGEST_WAIT


def test_a_few_mistakes_of_everybody_do_not_add_up_to_a_closed_door():
    guard = patience.Patience()
    for n in range(patience.N_FREE_ALL - 1):
        guard.count(f"colleague {n}")

    assert guard.seconds_to_wait("noor") == 0


def test_guessing_at_many_names_makes_everybody_wait():
    guard = patience.Patience()
    for n in range(patience.N_FREE_ALL + 3):
        guard.count(f"name {n}")

    assert guard.seconds_to_wait("noor") > 0


def test_made_up_names_do_not_fill_the_memory():
    guard = patience.Patience()
    for n in range(3 * patience.N_REMEMBERED):
        guard.count(f"name {n}")

    assert len(guard._wrong) == patience.N_REMEMBERED
    assert patience.EVERYBODY in guard._wrong


def test_an_hour_later_all_is_forgotten(clock):
    guard = patience.Patience()
    for _attempt in range(10):
        guard.count("noor")
    clock(hours=1, seconds=1)

    assert guard.seconds_to_wait("noor") == 0


# --- what leaves -----------------------------------------------------------------------------------------


def test_an_export_holds_no_hash_and_no_session(store, token, tmp_path):
    done = upkeep.export(store, Actor(Role.LEADER), tmp_path)

    written = "".join(path.read_text(encoding="utf-8") for path in done.path.iterdir())

    assert "argon2" not in written
    assert store.rows("SELECT token_hash FROM session")[0]["token_hash"] not in written
    assert not {"sign_in.csv", "session.csv"} & {path.name for path in done.path.iterdir()}
