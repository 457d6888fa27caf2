"""Nobody can match people to answers: not with the database, its log, its key, backups, exports and logs together."""

from __future__ import annotations

import itertools
import json
import random

import pytest

from qualitycycle import config
from qualitycycle.cycle import answering, history, rounds, upkeep
from qualitycycle.server import remote, running
from qualitycycle.store import backup, sealed
from tests import browser, phones
from tests.confidential import attack, played

# As good as certain: by chance it would be so once in a million times.
CERTAIN = 1e-6
N_TRIALS = 1


# --- the program as it is --------------------------------------------------------------------------------


def over_http(ready, stolen):
    """Real phones at the running program, and a backup through it after each; then it is killed."""
    with browser.serve(ready.folder) as served:
        note = running.find(ready.folder)
        for n in played.ON_PHONES:
            reply = phones.now(phones.submit(note.port, ready.codes[n], phones.answers(n)))
            assert reply.is_thanks
            remote.run(note, "backup", {"folder": str(ready.folder / "kept")}, lambda share: None)
        served.process.kill()
        served.process.wait()
        played.steal(ready, stolen)


@pytest.fixture(scope="module")
def loot(tmp_path_factory):
    return played.round_of(tmp_path_factory.mktemp("played"), over_http)


def test_everything_that_was_sent_is_there(loot):
    found = phones.stored(loot.ready)

    assert found == {phones.sheet(phones.answers(n)): 1 for n in range(played.N)}


def test_the_owner_of_the_file_cannot_match_people_to_answers(loot, tmp_path):
    found = [attack.attack(loot.folders, loot.known)]
    for n in range(N_TRIALS):
        again = played.round_of(tmp_path / str(n), played.phones_here)
        found.append(attack.attack(again.folders, again.known))

    check_chance_only(found)
    # No two copies and no two pieces differ by one person: there was nothing to guess with.
    assert {one[name].by_chance for one in found for name in ("between two copies", "earlier pieces")} == {0}


def check_chance_only(found):
    """Every attack is right as often as by chance, and there was an order to guess with."""
    for name in found[0]:
        together = sum((one[name] for one in found), attack.Score())
        assert together.p > CERTAIN, (name, together)
    assert all(one["order of rows"].by_chance >= 1 for one in found)


def test_a_copy_of_the_whole_folder_while_it_is_open_shows_one_state_only(loot):
    keys = attack.keys_in(loot.folders)
    states = attack.states_in(loot.folders, keys)

    # What was there at that moment, in no order; nothing of how it came about.
    assert [len(state) for state in states] == [len(played.ON_PHONES)]


def test_no_backup_holds_an_answer_or_a_spent_code_of_an_open_round(loot):
    made = [path for path in attack.databases(loot.folders) if path.parent.name in ("backups", "kept")]
    seen = [attack.look_into(path, loot.known, attack.keys_in(loot.folders)) for path in made]

    assert len(made) > len(played.ON_PHONES)
    assert [len(one.sheets) for one in seen[:-1]] == [0] * (len(made) - 1)
    assert [len(one.spent) for one in seen[:-1]] == [0] * (len(made) - 1)
    assert len(seen[-1].sheets) == played.N


def test_no_code_and_no_clock_of_an_answer_is_left_anywhere(loot):
    school = loot.ready.folder
    content = {
        path: path.read_bytes() for folder in loot.folders for path in folder.rglob("*") if path.is_file()
    }
    hidden = [*loot.ready.codes, "person17@school.example", "15:17:07"]

    assert [(path, one) for path, text in content.items() for one in hidden if one.encode() in text] == []
    with attack.opened(school / config.DATABASE) as con:
        audit = con.execute("SELECT verb, noun, changed_at, data_version FROM audit").fetchall()
        version = con.execute("SELECT version FROM data_version").fetchone()
    assert {verb for verb, *_rest in audit} & {"answer", "enter_paper"} == set()
    # Paper, a file from elsewhere and closing were counted; the answers by code were not.
    assert version[0] == max(row[3] for row in audit)
    assert sum(row[0] == "close_round" for row in audit) == 1


def test_the_page_with_changes_knows_nothing_of_answers(loot):
    with played.open_as(loot.ready) as (store, leader):
        verbs = {one.verb for one in history.changes(store, leader, limit=1000)}

    assert "close_round" in verbs
    assert not verbs & {"answer", "enter_paper"}


def test_an_id_of_a_stored_answer_carries_no_time():
    ids = [answering.new_id() for _ in range(400)]

    # Ids in order of making lie in no order: neighbours rise about as often as they fall.
    rises = sum(a < b for a, b in itertools.pairwise(ids))
    assert 120 < rises < 280


# --- a vote ----------------------------------------------------------------------------------------------


def test_the_owner_of_the_file_cannot_match_people_to_their_confidence(tmp_path):
    found = [attack.attack_vote(*played.vote_of(tmp_path / str(n))) for n in range(N_TRIALS)]

    check_chance_only(found)
    assert {one["earlier pieces"].by_chance for one in found} == {0}


# --- and when it would not be so ---------------------------------------------------------------------------


class NotRandom(random.SystemRandom):
    """Shuffling that leaves everything where it is."""

    def shuffle(self, x):
        return None

    def sample(self, population, k, **_kwargs):
        return list(population)[:k]


def as_rows_at_once(patch):
    """Answers stored as rows when they come, under ids that count; a backup copies them too."""
    counter = iter(range(10**6))
    patch.setattr(answering, "add", answering.store_responses)
    patch.setattr(rounds, "add", answering.store_responses)
    patch.setattr(answering, "new_id", lambda: f"{next(counter):016x}")


def never_shuffled(patch):
    patch.setattr(random, "SystemRandom", NotRandom)
    patch.setattr(random, "Random", NotRandom)


def one_key_for_all(patch):
    patch.setattr(sealed, "next_key", lambda key: key)


def open_answers_in_backups(patch):
    one_key_for_all(patch)
    patch.setattr(sealed, "leave_out", lambda con, database: None)
    patch.setattr(sealed.Seals, "_forget", lambda self, asked_id: None)


@pytest.mark.parametrize(
    ("fault", "names"),
    [
        (as_rows_at_once, ("order of rows", "place in bytes")),
        (open_answers_in_backups, ("between two copies", "earlier pieces")),
        (never_shuffled, ("order of rows",)),
    ],
)
def test_the_attack_succeeds_where_the_program_has_a_fault(monkeypatch, tmp_path, fault, names):
    fault(monkeypatch)

    found = played.round_of(tmp_path, played.phones_here)
    scores = attack.attack(found.folders, found.known)

    assert [name for name in names if scores[name].p > CERTAIN] == [], scores


@pytest.mark.parametrize(
    ("fault", "name"), [(never_shuffled, "order in a piece"), (one_key_for_all, "earlier pieces")]
)
def test_the_attack_on_a_vote_succeeds_where_the_program_has_a_fault(monkeypatch, tmp_path, fault, name):
    fault(monkeypatch)

    scores = attack.attack_vote(*played.vote_of(tmp_path))

    assert scores[name].p < CERTAIN, scores


# --- what a backup of an open round is for -----------------------------------------------------------------


def test_a_round_put_back_from_a_backup_can_be_filled_in_again_by_everybody(tmp_path):
    ready = phones.make_school(tmp_path / "school", 6)
    with played.open_as(ready) as (store, leader):
        for n in range(4):
            answering.answer(store, played.RESPONDENT, ready.codes[n], phones.answers(n))
        made = backup.make(store)
        assert upkeep.is_left_out(store, leader)

    backup.restore(made.path, ready.folder)

    with played.open_as(ready) as (store, leader):
        assert not upkeep.is_left_out(store, leader)
        for n in range(6):
            answering.answer(store, played.RESPONDENT, ready.codes[n], phones.answers(n))
        assert rounds.progress(store, leader, ready.round_id).n_answered == 6
    assert sum(phones.stored(ready).values()) == 6


def test_what_was_set_aside_by_a_restore_can_be_put_back_with_its_answers(tmp_path):
    ready = phones.make_school(tmp_path / "school", 6)
    with played.open_as(ready) as (store, _leader):
        for n in range(4):
            answering.answer(store, played.RESPONDENT, ready.codes[n], phones.answers(n))
        made = backup.make(store)
    aside = backup.restore(made.path, ready.folder)

    backup.restore(aside, ready.folder)

    assert sum(phones.stored(ready).values()) == 4
    assert json.dumps(sorted(phones.answers(3).items())) in {
        json.dumps(sheet) for sheet in phones.stored(ready)
    }
