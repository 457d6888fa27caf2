"""How a report looks in Word: its page, its styles and what stands at the foot."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.text.paragraph import Paragraph as WordParagraph

from qualitycycle import i18n
from qualitycycle.reports.content import Report

# Every computer with Word has these letters; ours would have to travel along.
FONT = "Calibri"
ACCENT, QUIET = RGBColor(0x1F, 0x5F, 0x5B), RGBColor(0x4A, 0x52, 0x50)
SHADE, RULE = "EEF3F1", "C9CFCD"
PAGE, MARGIN = (Mm(210), Mm(297)), Mm(21)
WIDTH = PAGE[0] - 2 * MARGIN
LABEL = Mm(44)
# A report that belongs on one page has smaller letters and more of the page.
EDGE, LOW_EDGE = Mm(20), Mm(13)
POINTS, LOW_POINTS = 10.5, 9.0
# How large beside the text, and the room above and below; words in and below a table are so many points smaller.
HEADINGS = {
    "Title": (2.1, 0, 4),
    "Subtitle": (1.05, 0, 8),
    "Heading 1": (1.4, 15, 4),
    "Heading 2": (1.12, 10, 3),
}
SMALLER = 1.0
# What lies between the edge of a cell and its words.
INSIDE = Mm(1.1)
CALLOUT, SMALL, FACT, CELL, GAP = (
    "Report callout",
    "Report small",
    "Report fact",
    "Report cell",
    "Report gap",
)
# Word is strict about the order of what it knows of a paragraph: these come after its borders.
AFTER_BORDERS = ("w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:outlineLvl")


def set_up(document: WordDocument, report: Report) -> None:
    """The page, the styles, the language, and what the file tells about itself."""
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = MARGIN
    section.top_margin = section.bottom_margin = LOW_EDGE if report.one_page else EDGE
    section.footer_distance = Mm(7)
    _styles(document, LOW_POINTS if report.one_page else POINTS)
    _speak(document, i18n.LOCALES[report.language].replace("_", "-"))
    own = document.core_properties
    made = datetime.combine(report.account.made_on, time())
    own.title, own.subject, own.author = report.title, report.subtitle, report.school
    own.language, own.comments, own.keywords = report.language, "", ""
    own.created = own.modified = made
    own.last_modified_by = report.school
    _foot(section.footer.paragraphs[0], report.foot)


def _styles(document: WordDocument, points: float) -> None:
    normal = _style(document, "Normal")
    normal.font.name, normal.font.size = FONT, Pt(points)
    normal.paragraph_format.space_after, normal.paragraph_format.line_spacing = Pt(points * 0.5), 1.08
    for name, (times, *_room) in HEADINGS.items():
        _heading(_style(document, name), points * times)
    for name, size in {
        CALLOUT: points,
        SMALL: points - SMALLER,
        FACT: points,
        CELL: points - SMALLER,
    }.items():
        _added(document, name).font.size = Pt(size)
    _style(document, SMALL).paragraph_format.space_after = Pt(3)
    _fact(_style(document, FACT))
    _callout(_style(document, CALLOUT))
    _hyphenate(document, _style(document, CELL))
    gap = _added(document, GAP)
    gap.font.size, gap.paragraph_format.space_after = Pt(4), Pt(0)


def _style(document: WordDocument, name: str) -> ParagraphStyle:
    found = document.styles[name]
    assert isinstance(found, ParagraphStyle)
    return found


def _added(document: WordDocument, name: str) -> ParagraphStyle:
    document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH).base_style = document.styles["Normal"]
    return _style(document, name)


def _heading(style: ParagraphStyle, points: float) -> None:
    style.font.name, style.font.size = FONT, Pt(points)
    style.font.italic, style.font.bold = False, style.name != "Subtitle"
    style.font.color.rgb = QUIET if style.name == "Subtitle" else ACCENT
    before, after = HEADINGS[str(style.name)][1:]
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    marks = style.element.get_or_add_rPr()
    # The letters of a theme would win over the name of a font, and wide letters are not ours.
    for fonts in marks.findall(qn("w:rFonts")):
        for name in [one for one in fonts.attrib if "Theme" in str(one)]:
            del fonts.attrib[name]
    for spacing in marks.findall(qn("w:spacing")):
        marks.remove(spacing)
    paragraph = style.element.get_or_add_pPr()
    for border in paragraph.findall(qn("w:pBdr")):
        paragraph.remove(border)


def _fact(style: ParagraphStyle) -> None:
    """A label with its text beside it, in one column."""
    style.paragraph_format.left_indent = LABEL
    style.paragraph_format.first_line_indent = -LABEL
    style.paragraph_format.space_after = Pt(3)
    style.paragraph_format.tab_stops.add_tab_stop(LABEL)


def _callout(style: ParagraphStyle) -> None:
    style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(7)
    style.paragraph_format.left_indent = style.paragraph_format.right_indent = Mm(3)
    style.paragraph_format.keep_together = True
    marks = style.element.get_or_add_pPr()
    borders = OxmlElement("w:pBdr")
    for side, colour in (("top", SHADE), ("left", str(ACCENT)), ("bottom", SHADE), ("right", SHADE)):
        borders.append(_line(side, "single", 16 if side == "left" else 4, colour, space=6))
    marks.insert_element_before(borders, *AFTER_BORDERS)
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:fill"), SHADE)
    marks.insert_element_before(shade, *AFTER_BORDERS[1:])


def _line(side: str, kind: str, size: int, colour: str, *, space: int = 0) -> Any:
    line = OxmlElement(f"w:{side}")
    for name, value in (("val", kind), ("sz", size), ("space", space), ("color", colour)):
        line.set(qn(f"w:{name}"), str(value))
    return line


def rules() -> Any:
    """The borders of a table: lines below its rows only, in grey."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_line(side, "single" if side in ("bottom", "insideH") else "nil", 4, RULE))
    return borders


def margins() -> Any:
    """The room at the sides of a table's cells."""
    inside = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        part = OxmlElement(f"w:{side}")
        part.set(qn("w:w"), str(INSIDE.twips))
        part.set(qn("w:type"), "dxa")
        inside.append(part)
    return inside


def _hyphenate(document: WordDocument, cell: ParagraphStyle) -> None:
    """Long words are broken in the cells of tables; running text has room enough."""
    hyphens = OxmlElement("w:autoHyphenation")
    document.settings.element.find(qn("w:defaultTabStop")).addnext(hyphens)
    for style, said in ((document.styles["Normal"], "1"), (cell, "0")):
        marks = style.element.get_or_add_pPr()
        whole = OxmlElement("w:suppressAutoHyphens")
        whole.set(qn("w:val"), said)
        marks.insert_element_before(whole, *AFTER_BORDERS[3:])
    cell.paragraph_format.space_after = Pt(1)


def _speak(document: WordDocument, locale: str) -> None:
    """The language of the text, for spelling and for a voice that reads it aloud."""
    marks = document.styles["Normal"].element.get_or_add_rPr()
    language = OxmlElement("w:lang")
    for name in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(name), locale)
    marks.append(language)
    for one in document.styles.element.iter(qn("w:lang")):
        one.set(qn("w:val"), locale)


def _foot(paragraph: WordParagraph, text: str) -> None:
    """School and report at the left, page of pages at the right."""
    # The style of a footer has tab stops of its own, which would come before ours.
    paragraph.style = "Normal"
    paragraph.paragraph_format.tab_stops.add_tab_stop(WIDTH, WD_TAB_ALIGNMENT.RIGHT)
    _quiet_run(paragraph, f"{text}\t")
    _field(paragraph, "PAGE")
    _quiet_run(paragraph, " / ")
    _field(paragraph, "NUMPAGES")


def _quiet_run(paragraph: WordParagraph, text: str = "") -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.color.rgb = Pt(8.5), QUIET
    return run._r


def _field(paragraph: WordParagraph, name: str) -> None:
    """A number that Word counts itself; every part of it in the same letters."""
    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        _quiet_run(paragraph).append(part)
