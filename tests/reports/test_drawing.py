"""What people type and what pages can hold: emoji, other letters, words without an end, and names said twice."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import docx
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Twips

from qualitycycle import i18n
from qualitycycle.cycle.reports import Kind
from qualitycycle.reports import pdf, typeset, word, word_styles
from qualitycycle.reports.content import Column, Heading, Paragraph, Table, drawn, without_echo
from qualitycycle.reports.kinds import Format
from tests.reports import checking

ODD = "Samen \N{PARTY POPPER} lezen: \N{CJK UNIFIED IDEOGRAPH-4E2D}, \N{LATIN SMALL LIGATURE FI}n, <b>& #x $y"


@pytest.fixture(scope="module")
def odd(empty_desk):
    """A report in which all that is typed is odd."""
    table = Table(ODD, (Column(ODD),), ((ODD,), ("x" * 90,)))
    typed = (Heading(ODD), Paragraph(ODD * 40), table)
    return replace(empty_desk.report(Kind.MR, "nl"), title=ODD, school=ODD * 4, blocks=typed)


def test_what_somebody_types_never_refuses_a_pdf(odd):
    content = pdf.render(odd)

    page = pypdfium2.PdfDocument(content)[0].get_textpage().get_text_bounded()
    assert checking.faults(content, language="nl", title="") == []
    assert "Samen lezen: \N{WHITE SQUARE}, " in " ".join(page.split())
    assert "<b>& #x $y" in page


def test_what_somebody_types_stands_in_a_word_file_as_it_was_typed(odd):
    document = docx.Document(io.BytesIO(word.render(odd)))

    assert ODD in [one.text for one in document.paragraphs]


def test_letters_that_can_be_shown_stay():
    assert typeset.readable("Zo\N{LATIN SMALL LETTER E WITH DIAERESIS} → ½ ▶") == "Zoë → ½ ▶"
    assert typeset.readable("e\N{COMBINING ACUTE ACCENT}n") == "én"


def test_a_date_stays_whole_and_an_address_does_not():
    assert drawn("27 okt – 3 nov 2026") == "27 okt – 3\N{NO-BREAK SPACE}nov\N{NO-BREAK SPACE}2026"
    assert "\N{ZERO WIDTH SPACE}" in drawn("https://example.org/" + "page/" * 8)
    assert drawn("doorstroomtoets") == "doorstroomtoets"


def test_a_table_is_not_named_twice():
    table = Table("Acties", (Column("Actie"),), (("Lezen",),))

    _heading, first, second = without_echo([Heading("Acties"), table, table])

    assert (first.title, first.sheet, second.title) == ("", "Acties", "Acties")


def test_a_period_does_not_say_a_year_twice():
    with i18n.speaking("nl"):
        assert i18n.short_period(date(2026, 10, 27), date(2026, 11, 3)) == "27 okt – 3 nov 2026"
        assert i18n.short_period(date(2026, 11, 3), date(2027, 1, 6)) == "3 nov 2026 – 6 jan 2027"


def test_a_word_table_is_as_wide_as_the_page_in_every_program(example_desk):
    document = docx.Document(io.BytesIO(example_desk.file(Kind.BOARD, "nl", Format.WORD)))

    for table in document.tables:
        columns = [column.width for column in table.columns]
        assert [cell.width for cell in table.rows[0].cells] == columns
        # Word counts in twentieths of a point.
        assert sum(columns) <= word_styles.WIDTH + Twips(len(columns))


def test_a_word_file_counts_its_pages(example_desk):
    document = docx.Document(io.BytesIO(example_desk.file(Kind.BOARD, "nl", Format.WORD)))

    foot = document.sections[0].footer._element
    assert [part.text for part in foot.iter(qn("w:instrText"))] == ["PAGE", "NUMPAGES"]
