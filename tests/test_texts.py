"""Every text of the program stands in both languages."""

import string

import pytest

from qualitycycle import i18n
from tests import catalogue


def fields(text):
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name)


def both():
    return [message for message in catalogue.dutch() if message.id]


def test_every_text_in_the_code_has_its_dutch():
    assert catalogue.missing() == []


def test_the_catalogue_holds_no_text_that_is_gone_from_the_code():
    assert catalogue.unused() == []


@pytest.mark.parametrize("message", both(), ids=lambda message: str(message.id)[:40])
def test_a_translation_keeps_the_placeholders(message):
    ids = message.id if isinstance(message.id, tuple) else (message.id,)
    texts = message.string if isinstance(message.string, tuple) else (message.string,)

    wanted = fields(ids[-1])

    assert all(fields(text) == wanted for text in texts[-1:])


@pytest.mark.parametrize(
    "word", ["evidentie", "trendanalist", "zorgregisseur", "leercoördinator", "betrouwbaar bewijs"]
)
def test_the_dutch_avoids_words_that_schools_do_not_want(word):
    assert word not in catalogue.DUTCH.read_text(encoding="utf-8").casefold()


def test_an_unknown_text_falls_back_to_the_english_in_the_code():
    with i18n.speaking("nl"):
        assert i18n._("A text that no catalogue holds") == "A text that no catalogue holds"


def test_a_text_inside_an_f_string_is_collected():
    assert list(catalogue.texts_in("f'<b>{_(\"Only here\")}</b>'")) == ["Only here"]


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (62.5, 0, "63"),
        (63.5, 0, "64"),
        (-0.04, 1, "0,0"),
        (-0.3, 0, "0"),
        (-62.5, 0, "-63"),
        (100 * 0.145, 0, "15"),
    ],
)
def test_half_goes_up_and_zero_has_no_sign(value, decimals, text):
    with i18n.speaking("nl"):
        assert i18n.number(value, decimals) == text


def test_numbers_follow_the_language():
    with i18n.speaking("nl"):
        dutch = i18n.number(1234.5, 1)
    with i18n.speaking("en"):
        english = i18n.number(1234.5, 1)

    assert (dutch, english) == ("1.234,5", "1,234.5")


def test_two_contexts_speak_two_languages():
    with i18n.speaking("en"):
        with i18n.speaking("nl"):
            inner = i18n.language()
        outer = i18n.language()

    assert (inner, outer) == ("nl", "en")
