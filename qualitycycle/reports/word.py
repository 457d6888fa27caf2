"""A report as a Word file: real headings, lists and tables to go on writing in, pictures with their words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import datetime, time
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Length, Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph as WordParagraph

from qualitycycle import i18n
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
    shown,
)

MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Every computer with Word has these letters; ours would have to travel along.
FONT = "Calibri"
ACCENT, QUIET = RGBColor(0x1F, 0x5F, 0x5B), RGBColor(0x4A, 0x52, 0x50)
SHADE = "EEF3F1"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(21)
WIDTH = PAGE[0] - 2 * MARGIN
LABEL = Mm(40)
# Of the page, for a table of a few short columns.
NARROW = 0.62
CALLOUT, SMALL, FACT = "Report callout", "Report small", "Report fact"


def render(report: Report) -> bytes:
    """The report as a file that Word and its like can open and change."""
    document = Document()
    _set_up(document, report)
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


# --- the page --------------------------------------------------------------------------------------------


def _set_up(document: WordDocument, report: Report) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = Mm(20)
    _styles(document, i18n.LOCALES[report.language].replace("_", "-"))
    own = document.core_properties
    made = datetime.combine(report.account.made_on, time())
    own.title, own.subject, own.author = report.title, report.subtitle, report.school
    own.language, own.comments, own.keywords = report.language, "", ""
    own.created = own.modified = made
    own.last_modified_by = report.school
    _foot(section.footer.paragraphs[0], f"{report.school} · {report.title} · ")


def _styles(document: WordDocument, locale: str) -> None:
    normal = document.styles["Normal"]
    assert isinstance(normal, ParagraphStyle)
    normal.font.name, normal.font.size = FONT, Pt(10.5)
    normal.paragraph_format.space_after = Pt(6)
    _speak(normal, locale)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), locale)
    sizes = {"Title": 22, "Subtitle": 11, "Heading 1": 15, "Heading 2": 12}
    for name, size in sizes.items():
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.italic, style.font.bold = False, name.startswith("Heading")
        style.font.color.rgb = QUIET if name == "Subtitle" else ACCENT
        _own_letters(style)
        _without_border(style)
    for name, points in ((CALLOUT, 10.5), (SMALL, 9.5), (FACT, 10.5)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        assert isinstance(style, ParagraphStyle)
        style.base_style = normal
        style.font.size = Pt(points)
    fact = document.styles[FACT]
    assert isinstance(fact, ParagraphStyle)
    fact.paragraph_format.left_indent = LABEL
    fact.paragraph_format.first_line_indent = -LABEL
    fact.paragraph_format.space_after = Pt(3)
    fact.paragraph_format.tab_stops.add_tab_stop(LABEL)
    _shade(document.styles[CALLOUT].element.get_or_add_pPr())


def _speak(style: ParagraphStyle, locale: str) -> None:
    """The language of the text, for spelling and for a voice that reads it aloud."""
    marks = style.element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(name), locale)
    marks.append(language)


def _own_letters(style: ParagraphStyle) -> None:
    # The letters of a theme would win over the name of a font.
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    if fonts is not None:
        for name in [one for one in fonts.attrib if "Theme" in str(one)]:
            del fonts.attrib[name]


def _without_border(style: ParagraphStyle) -> None:
    marks = style.element.get_or_add_pPr()
    border = marks.find(qn("w:pBdr"))
    if border is not None:
        marks.remove(border)


def _shade(marks: Any) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), SHADE)
    marks.append(shade)


def _foot(paragraph: WordParagraph, text: str) -> None:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8.5), QUIET
    number = paragraph.add_run()
    number.font.size, number.font.color.rgb = Pt(8.5), QUIET
    for kind, words in (("begin", ""), ("", "PAGE"), ("end", "")):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = words
        number._r.append(part)


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


def _quiet(paragraph: WordParagraph) -> None:
    for run in paragraph.runs:
        run.font.color.rgb = QUIET


def _named(document: WordDocument, title: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.add_run(title).bold = True
    paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = Pt(3)


def _picture(document: WordDocument, block: Picture) -> None:
    _named(document, block.title)
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.keep_with_next = True
    drawn = paragraph.add_run().add_picture(io.BytesIO(pictures.png(block.figure, block.height)), width=WIDTH)
    words = drawn._inline.docPr
    words.set("descr", block.alternative)
    words.set("name", block.title)
    for place, text in enumerate((*block.said, block.legend, block.n)):
        if text:
            said = document.add_paragraph(text, style=SMALL)
            if place:
                _quiet(said)


def _table(document: WordDocument, block: Table) -> None:
    if block.title:
        _named(document, block.title)
    table = document.add_table(rows=1, cols=len(block.columns), style="Table Grid")
    table.autofit = False
    _look(table)
    widths = _widths(block)
    head = table.rows[0]
    _repeat(head)
    _row(head, [column.title for column in block.columns], block, widths, bold=True)
    for row in block.rows:
        _row(table.add_row(), [shown(cell) for cell in row], block, widths)
    for note in block.notes:
        _quiet(document.add_paragraph(note, style=SMALL))
    document.add_paragraph(style=SMALL)


def _row(
    row: _Row, texts: Sequence[str], block: Table, widths: Sequence[Length], *, bold: bool = False
) -> None:
    _keep_whole(row)
    for cell, text, column, width in zip(row.cells, texts, block.columns, widths, strict=True):
        cell.width = width
        _write(cell, text, right=column.figures, bold=bold)


def _widths(block: Table) -> list[Length]:
    room = WIDTH * (NARROW if block.narrow else 1)
    whole = sum(column.share for column in block.columns)
    return [Emu(int(room * column.share / whole)) for column in block.columns]


def _write(cell: _Cell, text: str, *, right: bool, bold: bool = False) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(9.5), bold
    paragraph.paragraph_format.space_after = Pt(1)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _look(table: WordTable) -> None:
    """Lines below the rows only, in grey."""
    marks = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        line = OxmlElement(f"w:{side}")
        there = side in ("bottom", "insideH")
        line.set(qn("w:val"), "single" if there else "nil")
        line.set(qn("w:sz"), "4")
        line.set(qn("w:color"), "C9CFCD")
        borders.append(line)
    # Word is strict about the order: what a table looks like comes before how it is laid out.
    after = next(one for one in marks if one.tag in (qn("w:tblLayout"), qn("w:tblCellMar"), qn("w:tblLook")))
    after.addprevious(borders)


def _repeat(row: _Row) -> None:
    """This row is a header, on every page that the table reaches."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _keep_whole(row: _Row) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
