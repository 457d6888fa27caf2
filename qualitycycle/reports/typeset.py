"""Setting a page: a Typst template and its content in, a PDF out that a screen reader can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst

from qualitycycle import i18n

# Tagged as PDF/UA-1: with a title, a language, headings, and words for every picture.
STANDARD: Literal["ua-1"] = "ua-1"
ROOM = "qualitycycle.reports"


def pdf(template: str, content: Mapping[str, Any]) -> bytes:
    """The PDF of a template in this room, in the language that is spoken now.

    The content travels as data and never as markup, so whatever a school types is text. Nothing is fetched:
    fonts are our own, and the file holds no moment at which it was made.
    """
    return typst.compile(
        _template(template),
        font_paths=_fonts(),
        format="pdf",
        pdf_standards=STANDARD,
        sys_inputs={"content": json.dumps({**content, "language": i18n.language()})},
    )


def first_page(template: str, content: Mapping[str, Any], *, dots_per_inch: float = 80) -> bytes:
    """The first page of what `pdf` would give, as a PNG picture."""
    made = typst.compile(
        _template(template),
        font_paths=_fonts(),
        format="png",
        ppi=dots_per_inch,
        sys_inputs={"content": json.dumps({**content, "language": i18n.language()})},
    )
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[0])


@cache
def _template(name: str) -> bytes:
    return resources.files(ROOM).joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    # Typst reads fonts from a folder; a package lies in one. Fonts of this computer would differ per school.
    folder = str(resources.files(ROOM).joinpath("fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
