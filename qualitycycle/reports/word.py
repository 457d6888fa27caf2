"""A report as a Word file: real headings, lists and tables to go on writing in, pictures with their words."""

from __future__ import annotations

import io
from collections.abc import Sequence

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Pt
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from qualitycycle.i18n import _
from qualitycycle.reports import pictures
from qualitycycle.reports.content import (
    Block,
    Bullets,
    Callout,
    Facts,
    Heading,
    Paragraph,
    Picture,
    Report,
    Table,
    behind_pictures,
    drawn,
)
from qualitycycle.reports.word_styles import (
    CALLOUT,
    CELL,
    FACT,
    GAP,
    INSIDE,
    POINTS,
    QUIET,
    SMALL,
    SMALLER,
    WIDTH,
    margins,
    rules,
    set_up,
)

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of the page, for a table of a few short columns.
NARROW = 0.62
# A table of so many rows is not cut by the end of a page.
N_TOGETHER = 8
# How wide a bold letter is beside its height, over the words that stand in tables.
BOLD_LETTER = 0.55


def render(report: Report) -> bytes:
    """The report as a file that Word and its like can open and change."""
    document = Document()
    set_up(document, report)
    document.add_paragraph(report.title, style="Title")
    document.add_paragraph(report.subtitle, style="Subtitle")
    for block in report.blocks:
        _draw(document, block)
    behind = [] if report.one_page else behind_pictures(report)
    if behind:
        document.add_heading(_("The tables behind the pictures"), level=1)
    for table in behind:
        _table(document, table)
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()


# --- blocks ----------------------------------------------------------------------------------------------


def _draw(document: WordDocument, block: Block) -> None:
    match block:
        case Heading():
            document.add_heading(block.text, level=block.level - 1)
        case Paragraph():
            paragraph = document.add_paragraph(block.text, style=SMALL if block.quiet else None)
            if block.quiet:
                _quiet(paragraph)
        case Callout():
            _callout(document, block)
        case Facts():
            for label, text in block.rows:
                paragraph = document.add_paragraph(style=FACT)
                paragraph.add_run(label).font.color.rgb = QUIET
                paragraph.add_run(f"\t{text}")
        case Bullets():
            for item in block.items:
                document.add_paragraph(item, style="List Bullet")
        case Table():
            _table(document, block)
        case Picture():
            _picture(document, block)


def _callout(document: WordDocument, block: Callout) -> None:
    paragraph = document.add_paragraph(style=CALLOUT)
    paragraph.add_run(block.title).bold = True
    if block.text:
        paragraph.add_run(f"\n{block.text}")
    paragraph.paragraph_format.keep_with_next = True


def _quiet(paragraph: WordParagraph) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = QUIET


def _named(document: WordDocument, title: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(title).bold = True
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_before = Pt(6)
    paragraph.paragraph_format.space_after = Pt(3)


def _picture(document: WordDocument, block: Picture) -> None:
    _named(document, block.title)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = Pt(3)
    drawn = paragraph.add_run().add_picture(io.BytesIO(pictures.png(block.figure, block.height)), width=WIDTH)
    words = drawn._inline.docPr
    words.set("descr", block.alternative)
    words.set("name", block.title)
    told = [text for text in (*block.said, block.legend, block.n) if text]
    for place, text in enumerate(told):
        said = document.add_paragraph(text, style=SMALL)
        said.paragraph_format.keep_together = True
        said.paragraph_format.keep_with_next = place < len(told) - 1
        if place:
            _quiet(said)


def _table(document: WordDocument, block: Table) -> None:
    if block.title:
        _named(document, block.title)
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _look(table)
    texts = [
        [column.title for column in block.columns],
        *([drawn(cell) for cell in row] for row in block.rows),
    ]
    widths = _widths(block, texts)
    # Word reads the width of each cell, other programs that of the column.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    together = len(block.rows) if len(block.rows) <= N_TOGETHER else 1
    for place, (row, own) in enumerate(zip(table.rows, texts, strict=True)):
        _row(row, own, block, widths, head=place == 0, with_next=place < together)
    _repeat(table.rows[0])
    for note in block.notes:
        _quiet(document.add_paragraph(note, style=SMALL))
    document.add_paragraph(style=GAP)


def _row(
    row: _Row, texts: Sequence[str], block: Table, widths: Sequence[Length], *, head: bool, with_next: bool
) -> None:
    """One row; `with_next` keeps it on the page of the row below it."""
    _keep_whole(row)
    for cell, text, column, width in zip(row.cells, texts, block.columns, widths, strict=True):
        cell.width = width
        paragraph = _write(cell, text, right=column.figures, bold=head)
        paragraph.paragraph_format.keep_with_next = with_next


def _widths(block: Table, texts: Sequence[Sequence[str]]) -> list[Length]:
    """The columns by their shares; one whose longest word would be broken gets the room it lacks from the others."""
    room = WIDTH * (NARROW if block.narrow else 1)
    whole = sum(column.share for column in block.columns)
    wished = [room * column.share / whole for column in block.columns]
    needed = [_needed(column) for column in zip(*texts, strict=True)]
    lacking = [max(0.0, least - width) for width, least in zip(wished, needed, strict=True)]
    spare = [max(0.0, width - least) for width, least in zip(wished, needed, strict=True)]
    moved = min(sum(lacking), sum(spare))
    if not moved:
        return [Emu(int(width)) for width in wished]
    taken, given = moved / sum(spare), moved / sum(lacking)
    return [
        Emu(int(width - taken * more + given * less))
        for width, more, less in zip(wished, spare, lacking, strict=True)
    ]


def _needed(texts: Sequence[str]) -> float:
    """The width in which no word of a column is broken."""
    # A date is held together by spaces that do not break.
    longest = max(len(word) for text in texts for word in text.replace("\n", " ").split(" "))
    return longest * BOLD_LETTER * Pt(POINTS - SMALLER) + 2 * INSIDE


def _write(cell: _Cell, text: str, *, right: bool, bold: bool) -> WordParagraph:
    paragraph: WordParagraph = cell.paragraphs[0]
    paragraph.style = CELL
    paragraph.add_run(text).bold = bold
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return paragraph


def _look(table: WordTable) -> None:
    marks = table._tbl.tblPr
    # Word is strict about the order: what a table looks like comes before how it is laid out.
    marks.find(qn("w:tblLayout")).addprevious(rules())
    marks.find(qn("w:tblLayout")).addnext(margins())


def _repeat(row: _Row) -> None:
    """This row is a header, on every page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
