"""A school's own questionnaire file: every fault is found at its place, all of them at once."""

import pytest

from qualitycycle import i18n, instruments
from qualitycycle.cycle import instrument_words
from qualitycycle.instruments.checking import LARGEST, Wrong

GOOD = """
key = "rust_in_de_klas"
version = 1
validated = false
licence = "CC BY 4.0"
permission = "Brief van de makers, 3 maart 2026"
minimum = 1
maximum = 3
min_answered = "1/2"
total = "mean_of_subscales"
[title]
nl = "Rust in de klas"
[intro]
nl = "Drie stellingen."
[source]
nl = "Eigen formulering."
[no_answer]
nl = "geen antwoord"
[labels]
1 = { nl = "oneens" }
2 = { nl = "eens noch oneens" }
3 = { nl = "eens" }
[[groups]]
key = "klas"
title = { nl = "De klas" }
[[scales]]
key = "rust"
title = { nl = "Rust" }
group = "klas"
[[scales]]
key = "samen"
title = { nl = "Samen" }
[[items]]
key = "rk_1"
scale = "rust"
text = { nl = "Het is rustig." }
[[items]]
key = "rk_2"
scale = "rust"
text = { nl = "Het is onrustig." }
reversed = true
[[items]]
key = "rk_3"
scale = "samen"
text = { nl = "Wij doen het samen." }
"""

# What is changed in the good file, and the one fault that this makes.
CHANGES = {
    "no key": ('key = "rust_in_de_klas"\n', "", "key", Wrong.MISSING),
    "no permission": ('permission = "Brief van de makers, 3 maart 2026"\n', "", "permission", Wrong.MISSING),
    "empty licence": ('"CC BY 4.0"', '" "', "licence", Wrong.NO_TEXT),
    "no source": ('[source]\nnl = "Eigen formulering."\n', "", "source", Wrong.MISSING),
    "a typing mistake": ("reversed = true", "reverse = true", "items 2 (rk_2) reverse", Wrong.UNKNOWN_NAME),
    "reversed in words": ("reversed = true", 'reversed = "ja"', "items 2 (rk_2) reversed", Wrong.NOT_YES_OR_NO),
    "validated in words": ("validated = false", 'validated = "nee"', "validated", Wrong.NOT_YES_OR_NO),
    "capitals in a key": ('"rust_in_de_klas"', '"Rust in de klas"', "key", Wrong.NOT_A_KEY),
    "a long key": ('"rk_3"', f'"{"k" * 41}"', f"items 3 ({'k' * 41}) key", Wrong.NOT_A_KEY),
    "a key of the program": ('"rust_in_de_klas"', '"weekpeiling"', "key", Wrong.RESERVED),
    "a key twice": ('"rk_3"', '"rk_1"', "items rk_1", Wrong.DOUBLED),
    "a scale twice": ('key = "samen"', 'key = "rust"', "scales rust", Wrong.DOUBLED),
    "the same statement": ("Wij doen het samen.", "Het is  RUSTIG.", "items .nl", Wrong.SAME_TEXT),
    "the same label": ("eens noch oneens", "Eens", "labels .nl", Wrong.SAME_TEXT),
    "an unknown scale": ('scale = "samen"', 'scale = "zamen"', "items 3 (rk_3) scale", Wrong.UNKNOWN_SCALE),
    "an unknown group": ('group = "klas"', 'group = "klus"', "scales 1 (rust) group", Wrong.UNKNOWN_GROUP),
    "half a version": ("version = 1", "version = 1.5", "version", Wrong.NOT_WHOLE),
    "a range upside down": ("maximum = 3", "maximum = 1", "minimum, maximum", Wrong.RANGE),
    "a range from 0": ("minimum = 1", "minimum = 0", "minimum, maximum", Wrong.RANGE),
    "a label less": ('2 = { nl = "eens noch oneens" }\n', "", "labels 2", Wrong.NO_LABEL),
    "a label more": ("[[groups]]", '[labels.4]\nnl = "zeer eens"\n[[groups]]', "labels 4", Wrong.LABEL_TOO_MANY),
    "a share over one": ('"1/2"', '"3/2"', "min_answered", Wrong.NOT_A_SHARE),
    "another total": ('"mean_of_subscales"', '"sum"', "total", Wrong.NOT_A_TOTAL),
    "a language less": ('nl = "Rust in de klas"', 'nl = "Rust in de klas"\nen = "Calm"', "intro.en", Wrong.NO_TEXT),
    "another language": ('text = { nl = "Het is rustig." }', 'text = { nl = "Het is rustig.", de = "Ruhig." }',
                         "items 1 (rk_1) text.de", Wrong.NOT_A_LANGUAGE),
    "a text without language": ('text = { nl = "Het is rustig." }', 'text = "Het is rustig."',
                                "items 1 (rk_1) text", Wrong.NOT_A_LANGUAGE),
    "an empty statement": ('"Het is rustig."', '""', "items 1 (rk_1) text.nl", Wrong.NO_TEXT),
    "a long statement": ('"Het is rustig."', f'"{"rust " * 90}"', "items 1 (rk_1) text.nl", Wrong.TOO_LONG),
    "a hidden sign": ('"Het is rustig."', '"Het is\\u202e rustig."', "items 1 (rk_1) text.nl", Wrong.HIDDEN_SIGN),
    "not toml": ("version = 1\n", "version 1\n", "", Wrong.NOT_TOML),
}  # fmt: skip


def found_in(text):
    return [(fault.place, fault.wrong) for fault in instruments.check(text)[1]]


def test_a_good_file_has_no_fault():
    one, faults = instruments.check(GOOD)

    assert faults == []
    assert (one.key, one.languages, one.permission) == (
        "rust_in_de_klas",
        ("nl",),
        "Brief van de makers, 3 maart 2026",
    )


@pytest.mark.parametrize("name", CHANGES)
def test_a_fault_is_found_at_its_place(name):
    old, new, place, wrong = CHANGES[name]
    assert old in GOOD

    assert (place, wrong) in found_in(GOOD.replace(old, new, 1))


def test_all_faults_are_told_at_once():
    text = GOOD
    for name in ("no permission", "a typing mistake", "a range from 0", "another total", "a key twice"):
        text = text.replace(*CHANGES[name][:2], 1)

    told = found_in(text)

    assert {CHANGES[name][2:] for name in ("no permission", "a typing mistake", "another total")} <= set(told)
    assert len(told) >= 5


def test_a_file_without_labels_says_so():
    start, end = GOOD.index("[labels]"), GOOD.index("[[groups]]")

    assert ("labels", Wrong.MISSING) in found_in(GOOD[:start] + GOOD[end:])


def test_a_scale_without_statements_is_a_fault():
    text = GOOD.replace('scale = "samen"', 'scale = "rust"')

    assert ("scales 2 (samen)", Wrong.NOTHING_IN_IT) in found_in(text)


def test_more_statements_than_anybody_answers_is_a_fault():
    many = "".join(
        f'[[items]]\nkey = "x_{n}"\nscale = "samen"\ntext = {{ nl = "Stelling {n}" }}\n' for n in range(101)
    )

    assert ("items", Wrong.TOO_MANY) in found_in(GOOD + many)


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        (b"\xff\xfe\x00k", Wrong.NOT_UTF8),
        (b"#" * (LARGEST + 1), Wrong.TOO_LARGE),
        (b"items = [" * 3000, Wrong.NOT_TOML),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, wrong):
    assert [fault.wrong for fault in instruments.check(content)[1]] == [wrong]


@pytest.mark.parametrize("text", ["items = 3", "items = [1]", "labels = 3", 'title = "x"', "", "scales = {}"])
def test_a_file_of_another_form_gives_faults_and_no_error(text):
    assert found_in(text)


def test_the_line_of_a_broken_file_is_told():
    (fault,) = instruments.check(GOOD.replace("minimum = 1", "minimum 1"))[1]

    assert fault.detail == str(GOOD.splitlines().index("minimum = 1") + 1)


@pytest.mark.parametrize("wrong", Wrong)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_fault_says_what_it_is_and_what_to_do(wrong, language):
    fault = instruments.Fault("items 1", wrong, "dit")

    with i18n.speaking(language):
        said = instrument_words.what(fault), instrument_words.what_next(fault)

    assert all(said)
    assert "{" not in "".join(said)


def test_html_and_markdown_stay_text():
    one, faults = instruments.check(GOOD.replace("Het is rustig.", "<b>Het</b> is *rustig*."))

    assert faults == []
    assert one.item("rk_1").text["nl"] == "<b>Het</b> is *rustig*."


def test_a_questionnaire_in_one_language_is_read_in_both():
    one, _faults = instruments.check(GOOD)

    assert one.title["en"] == one.title["nl"] == "Rust in de klas"
    assert (one.spoken("en"), one.spoken("nl")) == ("nl", "nl")
