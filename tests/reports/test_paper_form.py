"""The questionnaire on paper: the promise, every statement with a box for every choice, and no name."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from qualitycycle import i18n, instruments
from qualitycycle.cycle import promise
from qualitycycle.model import Round
from qualitycycle.reports import paper_form
from tests.reports.test_slips import words_of


@pytest.fixture(params=["nl", "en"])
def language(request):
    with i18n.speaking(request.param):
        yield request.param


@pytest.fixture(params=["collectief_vakmanschap", "weekpeiling"])
def instrument(request):
    return instruments.instrument(request.param)


def a_round(instrument):
    return Round(
        round_id="r",
        cycle_id="c",
        instrument_key=instrument.key,
        instrument_version=instrument.version,
        title="Peiling november",
        opened_on=date(2026, 11, 22),
        promise=promise.make(6, {"a": 9}, ("nl", "en")),
    )


def printed(instrument, teams=("Onderbouw",)):
    return paper_form.pdf(a_round(instrument), instrument, school="De Regenboog", teams=teams)


def test_the_promise_stands_above_the_statements(language, instrument):
    first = words_of(printed(instrument))[0]

    for sentence in promise.sentences(a_round(instrument).promise):
        assert 0 < first.index(sentence) < first.index(instrument.items[0].text[language])


def test_every_statement_stands_on_it_with_its_number(language, instrument):
    text = " ".join(words_of(printed(instrument)))

    for key, number in paper_form.numbered(instrument).items():
        assert f"{number} {instrument.item(key).text[language]}" in text


def test_there_is_a_box_for_every_choice_of_every_statement(instrument):
    text = " ".join(words_of(printed(instrument)))

    row = " ".join(str(value) for value in range(instrument.minimum, instrument.maximum + 1))
    assert text.count(row) == len(instrument.items)


def test_each_team_gets_a_form_of_its_own_and_a_single_one_is_not_named(instrument):
    alone = words_of(printed(instrument))
    two = words_of(printed(instrument, teams=("Onderbouw", "Bovenbouw")))

    assert "Onderbouw" not in alone[0]
    assert len(two) == 2 * len(alone)
    assert [page.startswith("Peiling november") for page in two].count(True) == 2
    assert "Bovenbouw" in two[len(alone)]


def test_a_form_is_tagged_for_screen_readers(language, instrument):
    pdf = printed(instrument)

    assert pypdfium2.PdfDocument(pdf).is_tagged()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def test_a_questionnaire_of_another_range_gets_other_boxes(instrument):
    labels = {value: text for value, text in instrument.labels.items() if value <= 4}

    text = " ".join(words_of(printed(replace(instrument, labels=labels, maximum=4))))

    assert text.count("1 2 3 4") == len(instrument.items)
    assert "1 2 3 4 5" not in text
