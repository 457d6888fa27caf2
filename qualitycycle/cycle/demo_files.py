"""The files that lie with the evidence of the example school: made here, about no pupil."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping

from PIL import Image, ImageDraw, ImageFont

from qualitycycle.cycle import attachments
from qualitycycle.model import Actor, Evidence
from qualitycycle.store.connect import Store

QUESTIONS = (
    "Zegt de leerkracht wat al goed gaat?",
    "Noemt zij een volgende stap?",
    "Doet de leerling die stap meteen?",
)
LOOKED_FOR = """Kijkwijzer lezen

1. Hoeveel minuten duurt het tot het stil is?
2. Wie leest er na vijf minuten nog? Kijk per tafel, schrijf geen namen op.
3. Wat doen leerlingen die niet lezen: bladeren, zoeken, praten?
4. Vraag twee leerlingen waar hun boek over gaat.
"""
PAPER, INK, MARK = "#fffdf7", "#1e2a2a", "#1f5f5b"


def _card() -> bytes:
    """A card with three questions and a box to tick, as it is carried along to a lesson."""
    card = Image.new("RGB", (900, 420), PAPER)
    pen = ImageDraw.Draw(card)
    pen.rectangle((12, 12, 888, 408), outline=MARK, width=4)
    pen.text((50, 45), "Kijkwijzer feedback", fill=MARK, font=ImageFont.load_default(size=44))
    for place, question in enumerate(QUESTIONS):
        top = 140 + 85 * place
        pen.rectangle((50, top, 90, top + 40), outline=INK, width=3)
        pen.text((115, top), question, fill=INK, font=ImageFont.load_default(size=34))
    content = io.BytesIO()
    card.save(content, "PNG")
    return content.getvalue()


# By the title of the evidence: the name of the file and what is in it.
FILES: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "Leesmoment in vier groepen bekeken": ("kijkwijzer lezen.txt", LOOKED_FOR.encode),
    "Kijkwijzer feedback": ("kijkwijzer feedback.png", _card),
}


def attach(store: Store, actor: Actor, piece: Evidence) -> None:
    """Lay the file of a piece of evidence with it, where there is one."""
    if piece.title in FILES:
        name, made = FILES[piece.title]
        attachments.attach(store, actor, piece.evidence_id, name, made())
