"""Slips to cut and hand out: one code each, as a picture for a phone's camera and in letters."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import segno

from qualitycycle import i18n
from qualitycycle.i18n import _, ngettext
from qualitycycle.reports import typeset

# Four by four is how people read a code aloud.
CHUNK = 4
# A slip that was folded in a pocket still reads with a seventh of it gone.
CORRECTION = "m"
# Longer names would push the code off its slip.
LONGEST_TITLE = 90
LONGEST_NAME = 70


@dataclass(frozen=True)
class Sheet:
    """What stands on every slip of a round. `address` is the form's own, without a code."""

    school: str
    title: str
    address: str
    closes_on: date | None
    promise: str


def pdf(sheet: Sheet, codes: Mapping[str, Sequence[str]]) -> bytes:
    """The slips of a round as A4 pages to cut; `codes` by team, and a single team is not named.

    Slips lie in random order: that of the list of codes has nothing to say, and neither has that of the paper.
    """
    teams = [
        {
            "name": _fitting(name, LONGEST_NAME) if len(codes) > 1 else "",
            "count": _count(len(own)),
            "slips": [_slip(sheet, code) for code in shuffled(own)],
        }
        for name, own in codes.items()
    ]
    return typeset.pdf("slips", {**_words(sheet), "teams": teams})


def shuffled(codes: Sequence[str]) -> list[str]:
    return random.SystemRandom().sample(list(codes), len(codes))


def chunked(code: str) -> str:
    """A code in two halves."""
    return " ".join(code[n : n + CHUNK] for n in range(0, len(code), CHUNK))


def link(address: str, code: str) -> str:
    """Where a phone goes that reads a slip."""
    return f"{address}/{code}"


def qr(content: str) -> segno.QRCode:
    """A QR code as it stands on slips and on the projector."""
    return segno.make_qr(content, error=CORRECTION)


def picture(content: str) -> str:
    """A QR code as SVG, without the margin that the page around it gives."""
    return str(qr(content).svg_inline(border=0, omitsize=True))


def bare(address: str) -> str:
    """An address as people type it."""
    return address.removeprefix("http://")


def _count(n: int) -> str:
    return ngettext("{n} slip", "{n} slips", n).format(n=n)


def _fitting(text: str, most: int) -> str:
    return textwrap.shorten(text, most, placeholder=" …") if len(text) > most else text


def _slip(sheet: Sheet, code: str) -> dict[str, str]:
    return {"code": chunked(code), "qr": picture(link(sheet.address, code))}


def _words(sheet: Sheet) -> dict[str, str]:
    closes = _("Until {day}.").format(day=i18n.day(sheet.closes_on)) if sheet.closes_on else ""
    return {
        "document": f"{sheet.title} · {sheet.school}",
        "school": _fitting(sheet.school, LONGEST_NAME),
        "title": _fitting(sheet.title, LONGEST_TITLE),
        "scan": _("Scan this with your phone, or go to"),
        "address": bare(sheet.address),
        "type": _("and type this code:"),
        "picture": _("QR code that opens the questionnaire"),
        "once": _("For one person, once."),
        "closes": closes,
        "promise": sheet.promise,
    }
