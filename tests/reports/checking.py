"""A PDF looked through for what a screen reader needs: our own reading of PDF/UA-1, with pikepdf."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import pairwise

import pikepdf

A4 = (595, 842)
HEADINGS = [f"/H{level}" for level in range(1, 7)]
# Operators that put something on the page.
SHOWS = {"Tj", "TJ", "'", '"', "S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Do", "sh"}


def faults(content: bytes, *, language: str, title: str) -> list[str]:
    """What is wrong with a PDF, in words; empty when nothing is."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [
            *_of_document(pdf, language, title),
            *_of_structure(pdf),
            *(fault for number, page in enumerate(pdf.pages, 1) for fault in _of_page(page, number)),
        ]


def _of_document(pdf: pikepdf.Pdf, language: str, title: str) -> Iterator[str]:
    root = pdf.Root
    if not root.get("/MarkInfo", {}).get("/Marked"):
        yield "not marked as tagged"
    if str(root.get("/Lang", "")).split("-")[0] != language:
        yield f"language is {root.get('/Lang')}"
    if title not in str(pdf.docinfo.get("/Title", "")):
        yield "no title"
    if not root.get("/ViewerPreferences", {}).get("/DisplayDocTitle"):
        yield "shows its file name and not its title"
    if str(pdf.open_metadata().get("pdfuaid:part")) != "1":
        yield "does not say that it is PDF/UA-1"
    if len(pdf.pages) > 1 and "/Outlines" not in root:
        yield "no bookmarks"


def elements(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Dictionary]:
    """The structure elements in reading order."""
    yield from _below(pdf.Root.StructTreeRoot)


def _below(element: pikepdf.Object) -> Iterator[pikepdf.Dictionary]:
    if isinstance(element, pikepdf.Array):
        for one in element:
            yield from _below(one)
    elif isinstance(element, pikepdf.Dictionary):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from _below(element.K)


def _of_structure(pdf: pikepdf.Pdf) -> Iterator[str]:
    if "/StructTreeRoot" not in pdf.Root:
        yield "no structure"
        return
    found = list(elements(pdf))
    levels = [HEADINGS.index(str(one.S)) + 1 for one in found if str(one.S) in HEADINGS]
    if levels[:1] != [1] or levels.count(1) != 1:
        yield f"headings begin as {levels[:3]}"
    yield from (f"heading {after} below {before}" for before, after in pairwise(levels) if after > before + 1)
    yield from ("a figure without words" for one in found if str(one.S) == "/Figure" and not one.get("/Alt"))
    for one in found:
        if str(one.S) == "/Table" and not any(str(cell.S) == "/TH" for cell in _below(one.K)):
            yield "a table without a header"


def _of_page(page: pikepdf.Page, number: int) -> Iterator[str]:
    box = [round(float(side)) for side in page.mediabox]
    if (box[2] - box[0], box[3] - box[1]) != A4:
        yield f"page {number} is no A4"
    if "/StructParents" not in page.obj:
        yield f"page {number} has no way back to the structure"
    depth = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        depth += {"BMC": 1, "BDC": 1, "EMC": -1}.get(name, 0)
        if name in SHOWS and depth == 0:
            yield f"page {number} shows something that is neither tagged nor an artifact ({name} {operands})"
            return
    for font in page.resources.get("/Font", {}).values():
        yield from (f"page {number}: {fault}" for fault in _of_font(font))


def _of_font(font: pikepdf.Object) -> Iterator[str]:
    inner = font.get("/DescendantFonts", [font])[0]
    kept = inner.get("/FontDescriptor", {})
    if not any(name in kept for name in ("/FontFile", "/FontFile2", "/FontFile3")):
        yield "a font that does not travel along"
    if "/ToUnicode" not in font:
        yield "letters that cannot be read aloud"
