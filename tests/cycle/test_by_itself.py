"""What a group chosen for its low scores gains without any action stands beside the verdict."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qualitycycle import i18n
from qualitycycle.cycle import weighing, weight
from qualitycycle.cycle.gains import Gain, Norm
from qualitycycle.cycle.weighing import Weighed
from qualitycycle.model import Weighing
from qualitycycle.ui import weighing as shown
from tests.cycle.test_weight import KNOWN, TEST, facts

GAIN = Gain(
    start="2025-2026 M",
    end="2025-2026 E",
    start_on=date(2026, 1, 27),
    end_on=date(2026, 6, 3),
    year_groups=("4", "4"),
    n_start=12,
    n_end=12,
    n_pairs=12,
    norm=Norm(chosen_from=100.0, reliability=0.8),
    regression=3.2,
)
ASKED = Weighing(weighing_id="", action_id="a")


def weighed(by_itself=None, **known):
    found = facts(TEST, **known)
    return Weighed(found, weight.weigh(found), by_itself=by_itself)


def test_a_gain_tells_that_its_pupils_were_chosen_low_and_how_reliable_the_test_is():
    known = weighing._from_gain(ASKED, GAIN)

    assert (known.chosen_low, known.reliability) == (True, 0.8)
    assert weighing._from_gain(replace(ASKED, chosen_low=False), GAIN).chosen_low is False
    assert weighing._from_gain(ASKED, replace(GAIN, regression=None)).chosen_low is None


@pytest.mark.parametrize(
    ("by_itself", "known", "said"),
    [
        (3.2, {"chosen_low": True}, "gains 3.2 points without any action"),
        (None, {"chosen_low": True, "reliability": 0.8}, "With a reliability of 0.80 they make up 20%"),
        (None, {"chosen_low": True, "reliability": None}, "How much cannot be told"),
    ],
)
def test_who_reads_a_verdict_about_low_scorers_reads_what_comes_by_itself(by_itself, known, said):
    with i18n.speaking("en"):
        assert said in " ".join(shown.cautions(weighed(by_itself, **known)))


@pytest.mark.parametrize("chosen_low", [None, False])
def test_of_any_other_group_nothing_is_said(chosen_low):
    with i18n.speaking("en"):
        told = " ".join(shown.cautions(weighed(chosen_low=chosen_low, reliability=KNOWN.reliability)))

    assert "scored low" not in told
