"""A report as PDF: tagged for a screen reader, its pictures as vectors, on A4."""

from __future__ import annotations

from typing import Any

from qualitycycle.i18n import _
from qualitycycle.reports import pictures, typeset
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

TEMPLATE = "report"
MIME = "application/pdf"


def render(report: Report) -> bytes:
    """The report as a PDF/UA file."""
    return typeset.pdf(TEMPLATE, _content(report))


def first_page(report: Report) -> bytes:
    """A picture of page one, to look at before it is made."""
    return typeset.first_page(TEMPLATE, _content(report))


def _content(report: Report) -> dict[str, Any]:
    return {
        "document": f"{report.title} · {report.subtitle}",
        "title": report.title,
        "subtitle": report.subtitle,
        "foot": report.foot,
        "one-page": report.one_page,
        "blocks": [_block(block) for block in report.blocks],
        "behind-title": _("The tables behind the pictures"),
        "behind": [] if report.one_page else [_block(table) for table in behind_pictures(report)],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Heading():
            return {"type": "heading", "text": block.text, "level": block.level}
        case Paragraph():
            return {"type": "paragraph", "text": block.text, "quiet": block.quiet}
        case Callout():
            return {"type": "callout", "title": block.title, "text": block.text}
        case Facts():
            return {"type": "facts", "rows": [list(row) for row in block.rows]}
        case Bullets():
            return {"type": "bullets", "items": list(block.items)}
        case Table():
            return _table(block)
        case Picture():
            return _picture(block)


def _table(table: Table) -> dict[str, Any]:
    return {
        "type": "table",
        "title": table.title,
        "columns": [
            {"title": column.title, "share": column.share, "figures": column.figures}
            for column in table.columns
        ],
        "rows": [[drawn(cell) for cell in row] for row in table.rows],
        "notes": list(table.notes),
        "narrow": table.narrow,
    }


def _picture(picture: Picture) -> dict[str, Any]:
    return {
        "type": "picture",
        "title": picture.title,
        "svg": pictures.svg(picture.figure, picture.height),
        "alternative": picture.alternative,
        "said": [text for text in (*picture.said, picture.legend, picture.n) if text],
    }
