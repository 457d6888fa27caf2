"""Streamlit's own English texts in Dutch: the table, and the one script that applies it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

ADDRESS = "/i18n.js"
PLACEHOLDER = re.compile(r"\{\d\}")


@dataclass(frozen=True)
class Text:
    """An English text of Streamlit and its Dutch; {1} stands for whatever varies.

    `pieces` are its parts as they stand in Streamlit's own code; none when the browser makes the words.
    """

    en: str
    nl: str
    pieces: tuple[str, ...]


def texts() -> list[Text]:
    """The whole table."""
    return [Text(row["en"], row["nl"], _pieces(row)) for row in json.loads(_read("streamlit_texts.json"))]


def _pieces(row: dict[str, object]) -> tuple[str, ...]:
    given = row.get("pieces")
    if isinstance(given, list):
        return tuple(map(str, given))
    return tuple(piece for piece in PLACEHOLDER.split(str(row["en"])) if piece.strip())


@cache
def script() -> str:
    """The script with its table."""
    return f"globalThis.qualitycycleTexts = {_read('streamlit_texts.json')};\n{_read('translate.js')}"


async def answer(_request: Request) -> Response:
    return Response(script(), media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _read(name: str) -> str:
    return resources.files("qualitycycle.server").joinpath(name).read_text(encoding="utf-8")
