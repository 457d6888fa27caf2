"""The joint signal: one page whatever schools say, readable aloud, with counted schools and no added figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from qualitycycle import i18n
from qualitycycle.cycle import demo_network
from qualitycycle.cycle.network_figures import CLASSES, Measure
from qualitycycle.cycle.network_file import LONGEST_ASK, LONGEST_LABEL, Period
from qualitycycle.reports import joint_signal
from qualitycycle.reports.joint_signal import Sheet
from tests.reports import checking

PERIOD = Period("2025-2026", 2)
WORDS = "Wachten op een orthopedagoog duurt bij ons allemaal te lang."


def _files(n=5):
    schools = [*demo_network.SCHOOLS, *((f"School {n}", "") for n in range(12))][:n]
    return tuple(
        demo_network.invented(name, ask, PERIOD, seed=place, made_on=date(2026, 9, 1))
        for place, (name, ask) in enumerate(schools)
    )


def _made(language, sheet):
    with i18n.speaking(language):
        return joint_signal.pdf(sheet), joint_signal.content(sheet)


def _text(content):
    return " ".join(pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded().split())


@pytest.mark.parametrize("language", ["nl", "en"])
def test_it_is_one_tagged_page_in_its_language(language):
    content, told = _made(language, Sheet("2025-2026", _files(), WORDS))

    assert len(pypdfium2.PdfDocument(content)) == 1
    assert checking.faults(content, language=language, title=told["title"]) == []
    assert WORDS in _text(content)
    for file in _files():
        assert file.label in _text(content)


def test_as_much_as_can_be_said_still_fits_on_one_page():
    files = tuple(
        replace(
            one,
            label=f"{n} {'Samenwerkingsschool ' * 4}"[:LONGEST_LABEL].strip(),
            asks=("Lange vraag " * 30,) * 3,
        )
        for n, one in enumerate(_files(12))
    )
    files = tuple(replace(one, asks=tuple(ask[:LONGEST_ASK].strip() for ask in one.asks)) for one in files)

    content, told = _made("nl", Sheet("2025-2026", files, "Wat wij samen zeggen. " * 27))

    assert len(pypdfium2.PdfDocument(content)) == 1
    assert told["asked-left"]
    assert "Wie tekent" in _text(content)


def test_schools_are_counted_and_their_figures_are_not_added():
    files = _files()
    _content, told = _made("en", Sheet("2025-2026", files, ""))

    n_language = sum(
        file.figure(Measure.HELP, "language").shown or file.figure(Measure.LEARNING, "language").shown
        for file in files
    )
    assert {one["title"]: one["n"] for one in told["themes"]}["Reading and language"] == n_language
    weeks = [file.figure(Measure.WAITING, "all").value for file in files]
    low, high = min(one for one in weeks if one), max(one for one in weeks if one)
    assert told["waiting"][0]["weeks"].startswith(f"{low:g} to {high:g}")
    assert not [step for step in CLASSES if step in str(told)]


def test_small_schools_together_say_that_the_numbers_are_too_small():
    bare = tuple(
        replace(
            one,
            figures=tuple(
                replace(f, n=None, value=None, rounding=None, hidden_because="too_few") for f in one.figures
            ),
        )
        for one in _files(2)
    )

    content, told = _made("nl", Sheet("2025-2026", bare))

    assert (told["themes"], told["waiting"]) == ([], [])
    assert told["nothing"] in _text(content)


def test_what_a_school_types_is_text_and_no_markup():
    files = (replace(_files()[0], label="#let x = *1*", asks=("$x$ @ref <label> _a_",)), _files()[1])

    content, _told = _made("nl", Sheet("2025-2026", files, "= Kop\n#pagebreak()"))

    for typed in ("#let x = *1*", "$x$ @ref <label> _a_", "#pagebreak()"):
        assert typed in _text(content)
