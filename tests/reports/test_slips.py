"""Slips on paper: what is printed is what was made, a camera reads it, and nothing on it has an order."""

from __future__ import annotations

import re
import secrets
from datetime import date

import pypdfium2
import pytest
import zxingcpp

from qualitycycle import i18n
from qualitycycle.cycle import promise, rounds
from qualitycycle.reports import slips

ADDRESS = "http://192.168.178.120:8501/v"
PROMISE = promise.make(6, {"a": 9, "b": 12}, ("nl", "en"))
A4 = (595, 842)


def codes(n):
    return ["".join(secrets.choice(rounds.ALPHABET) for _ in range(rounds.CODE_LENGTH)) for _ in range(n)]


def sheet(**fields):
    start = {
        "school": "De Regenboog",
        "title": "Collectief vakmanschap, november 2026",
        "address": ADDRESS,
        "closes_on": date(2026, 12, 4),
        "promise": promise.in_short(PROMISE),
    }
    return slips.Sheet(**{**start, **fields})


def words_of(pdf):
    """The text of a PDF, page by page, with every run of white space as one space."""
    pages = pypdfium2.PdfDocument(pdf)
    return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def read_by_camera(pdf):
    """What the QR codes on a PDF say, as a reader that is not ours sees them."""
    images = [page.render(scale=2).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    return [found.text for image in images for found in zxingcpp.read_barcodes(image)]


def printed_codes(text):
    """The codes in a text; their letters stand so far apart that a reader sees spaces between them."""
    sign = f"[{rounds.ALPHABET}]"
    found = re.findall(rf"(?<= ){sign}(?: ?{sign}){{7}}(?= )", text)
    return [code.replace(" ", "") for code in found]


@pytest.fixture(params=["nl", "en"])
def language(request):
    with i18n.speaking(request.param):
        yield request.param


def test_a_camera_reads_the_full_address_of_every_slip(language):
    own = codes(9)

    pdf = slips.pdf(sheet(), {"Team": own})

    assert sorted(read_by_camera(pdf)) == sorted(f"{ADDRESS}/{code}" for code in own)


def test_each_picture_stands_with_its_own_code():
    pdf = slips.pdf(sheet(), {"Team": codes(1)})

    [text], [link] = words_of(pdf), read_by_camera(pdf)
    assert printed_codes(text) == [link.removeprefix(f"{ADDRESS}/")]


def test_every_code_is_printed_once():
    own = codes(17)

    text = " ".join(words_of(slips.pdf(sheet(), {"Team": own})))

    assert sorted(printed_codes(text)) == sorted(own)


def test_a_slip_says_school_address_closing_day_and_promise(language):
    [text] = words_of(slips.pdf(sheet(promise=promise.in_short(PROMISE)), {"Team": codes(1)}))

    day = {"nl": "Tot en met 4 december 2026.", "en": "Until 4 December 2026."}[language]
    for part in ("De Regenboog", "november 2026", "192.168.178.120:8501/v", day, promise.in_short(PROMISE)):
        assert part in text


def test_a_round_without_a_closing_day_says_none():
    with i18n.speaking("nl"):
        [text] = words_of(slips.pdf(sheet(closes_on=None), {"Team": codes(1)}))

    assert "Tot en met" not in text
    assert "2026" in text


def test_a_single_team_is_not_named_and_several_are_each_on_pages_of_their_own():
    alone = words_of(slips.pdf(sheet(), {"Onderbouw": codes(3)}))
    several = words_of(slips.pdf(sheet(), {"Onderbouw": codes(9), "Bovenbouw": codes(3)}))

    assert "Onderbouw" not in alone[0]
    assert ["Onderbouw" in page for page in several] == [True, True, False]
    assert ["Bovenbouw" in page for page in several] == [False, False, True]


def test_slips_do_not_lie_in_the_order_in_which_the_codes_were_made():
    own = codes(60)

    text = " ".join(words_of(slips.pdf(sheet(), {"Team": own})))

    # Two random orders of sixty are the same once in 10 to the 81st.
    assert printed_codes(text) != own
    assert len(printed_codes(text)) == 60


def test_slips_are_a4_tagged_and_in_their_language(language):
    pdf = slips.pdf(sheet(), {"Team": codes(8)})

    document = pypdfium2.PdfDocument(pdf)
    assert [tuple(round(side) for side in page.get_size()) for page in document] == [A4]
    assert document.is_tagged()
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert f"<rdf:li>{language}</rdf:li>".encode() in pdf


def test_the_file_does_not_say_when_it_was_made():
    document = pypdfium2.PdfDocument(slips.pdf(sheet(), {"Team": codes(1)}))

    kept = document.get_metadata_dict()
    assert not kept["CreationDate"]
    assert not kept["ModDate"]


@pytest.mark.parametrize(
    "name", ["#let x = 1", "*vet* _schuin_", "$x$ @ref <label>", "\\ ] [ {", "Ærø ’s-Gravenhage"]
)
def test_what_a_school_types_is_text_and_no_markup(name):
    [text] = words_of(slips.pdf(sheet(school=name), {"Team": codes(1)}))

    assert name in text


def test_long_names_leave_the_code_on_its_slip():
    long = "Samenwerkingsschool met een hele lange naam " * 4
    own = codes(8)

    pages = words_of(slips.pdf(sheet(school=long, title=long), {long + "a": own, long + "b": codes(1)}))

    assert len(pages) == 2
    assert sorted(printed_codes(pages[0])) == sorted(own)
