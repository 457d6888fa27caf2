"""A questionnaire in one language is asked in it, whatever language the form around it speaks."""

from datetime import date

import pytest

from qualitycycle import i18n, instruments
from qualitycycle.cycle import promise
from qualitycycle.model import Round
from qualitycycle.server import form_page
from tests.instruments.test_checking import GOOD

ONE, _FAULTS = instruments.check(GOOD)


def form(language, instrument=ONE, offered=("nl",)):
    one = Round(
        round_id="r",
        cycle_id="c",
        instrument_key=instrument.key,
        instrument_version=1,
        title="Najaar",
        opened_on=date(2026, 11, 1),
        promise=promise.make(5, {"t": 7}, offered),
    )
    with i18n.speaking(language):
        return form_page.questionnaire(one, instrument, school="De School")


def test_in_english_it_says_so_and_asks_in_dutch():
    page = form("en")

    assert "This questionnaire is in Dutch only." in page
    assert "Het is rustig." in page
    assert 'class="intro" lang=nl' in page
    assert "Send my answers" in page


def test_in_its_own_language_nothing_is_said():
    page = form("nl")

    assert "alleen in het Nederlands" not in page
    assert "lang=nl>" not in page


@pytest.mark.parametrize(
    ("offered", "words"), [(("nl",), "Ik wist deze week"), (("nl", "en"), "This week I knew")]
)
def test_a_round_that_was_opened_in_one_language_is_asked_in_it(offered, words):
    assert words in form("en", instruments.instrument("weekpeiling"), offered)
