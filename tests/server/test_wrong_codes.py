from __future__ import annotations

import pytest

from qualitycycle.server.wrong_codes import (
    FREE_TRIES,
    LONGEST_WAIT,
    MOST_ADDRESSES,
    SECONDS_BETWEEN,
    SECONDS_KEPT,
    WrongCodes,
)

GUESSER, SOMEBODY = "192.168.1.20", "192.168.1.30"


class Clock:
    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def wrong(clock):
    return WrongCodes(clock)


def guess(wrong, n, address=GUESSER):
    for _ in range(n):
        wrong.count(address)


def test_a_few_wrong_codes_cost_nothing(wrong):
    guess(wrong, FREE_TRIES - 1)

    assert wrong.wait(GUESSER) == 0


def test_who_keeps_guessing_takes_turns(wrong):
    guess(wrong, FREE_TRIES)

    waits = [wrong.wait(GUESSER) for _ in range(3)]

    assert waits == pytest.approx([SECONDS_BETWEEN, 2 * SECONDS_BETWEEN, 3 * SECONDS_BETWEEN])


def test_who_asks_faster_than_turns_come_is_sent_away(wrong):
    guess(wrong, FREE_TRIES)

    waits = [wrong.wait(GUESSER) for _ in range(round(LONGEST_WAIT / SECONDS_BETWEEN) + 5)]

    assert waits[-1] is None


def test_another_address_never_waits(wrong):
    guess(wrong, 10 * FREE_TRIES)

    assert wrong.wait(SOMEBODY) == 0


def test_an_address_is_forgotten_after_minutes(wrong, clock):
    guess(wrong, FREE_TRIES)

    clock.now += SECONDS_KEPT

    assert wrong.wait(GUESSER) == 0
    assert len(wrong) == 0


def test_a_right_code_leaves_no_address_behind(wrong):
    wrong.wait(SOMEBODY)

    assert len(wrong) == 0


def test_many_addresses_do_not_fill_the_memory(wrong):
    for n in range(MOST_ADDRESSES + 100):
        wrong.count(f"fe80::{n:x}")

    assert len(wrong) == MOST_ADDRESSES
