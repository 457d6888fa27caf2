"""What users type is shown as text: nothing in it becomes Markdown, HTML, an emoji or a formula."""

from __future__ import annotations

import html
import re

# Every sign that Streamlit’s Markdown gives a meaning, those of :red[…], :emoji: and LaTeX included.
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&=^@\"'/])")


# Markdown makes links of addresses even when every sign of them is escaped; an invisible joiner prevents it.
_ADDRESSES = re.compile(r"(?<=http)(?=s?:)|(?<=www)(?=\.)|(?=@)", re.IGNORECASE)
_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text for a label or a Markdown element, every sign of it literal."""
    one_line = re.sub(r"\s+", " ", text)
    return _MARKS.sub(r"\\\1", _ADDRESSES.sub(_JOINER, one_line))


def safe(text: object) -> str:
    """Text for our own HTML."""
    return html.escape(str(text), quote=True)
