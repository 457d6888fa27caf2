"""Setting a page: a Typst template and its content in, a PDF out that a screen reader can read."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, Literal

import typst

from qualitycycle import i18n

# Tagged as PDF/UA-1: with a title, a language, headings, and words for every picture.
STANDARD: Literal["ua-1"] = "ua-1"
ROOM = "qualitycycle.reports"
# Our letters have everything up to here; whether they have a later one is tried out.
LAST_LATIN = 0x024F
# Pictures among letters, and what only joins or colours them. A letter that is missing leaves a box.
PICTURES, BOX = ("So", "Sk", "Mn", "Me", "Cf", "Co", "Cn"), "\N{WHITE SQUARE}"
TRIAL = b"""#set document(title: "-")
#set page(width: 60pt, height: 60pt)
#set text(font: "Source Sans Pro", lang: "en")
#json(bytes(sys.inputs.content))"""


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
        sys_inputs=_inputs(content),
    )


def first_page(template: str, content: Mapping[str, Any], *, dots_per_inch: float = 80) -> bytes:
    """The first page of what `pdf` would give, as a PNG picture."""
    made = typst.compile(
        _template(template),
        font_paths=_fonts(),
        format="png",
        ppi=dots_per_inch,
        sys_inputs=_inputs(content),
    )
    pages = made if isinstance(made, list) else [made]
    return bytes(pages[0])


def _inputs(content: Mapping[str, Any]) -> dict[str, str]:
    whole = json.dumps({**content, "language": i18n.language()}, ensure_ascii=False)
    return {"content": readable(whole)}


def readable(text: str) -> str:
    """Text with what our letters can show: one emoji in a title would otherwise refuse the whole page."""
    composed = unicodedata.normalize("NFC", text)
    missing = [one for one in set(composed) if ord(one) > LAST_LATIN and not _shows(one)]
    return composed.translate({ord(one): _instead(one) for one in missing})


def _instead(one: str) -> str:
    if unicodedata.category(one) in PICTURES:
        return ""
    plain = unicodedata.normalize("NFKD", one)
    return plain if all(ord(letter) <= LAST_LATIN for letter in plain) else BOX


@cache
def _shows(one: str) -> bool:
    inputs = {"content": json.dumps(one)}
    try:
        typst.compile(TRIAL, font_paths=_fonts(), format="pdf", pdf_standards=STANDARD, sys_inputs=inputs)
    except typst.TypstError:
        return False
    return True


@cache
def _template(name: str) -> bytes:
    return resources.files(ROOM).joinpath("templates", f"{name}.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    # Typst reads fonts from a folder; a package lies in one. Fonts of this computer would differ per school.
    folder = str(resources.files(ROOM).joinpath("fonts"))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[folder])
