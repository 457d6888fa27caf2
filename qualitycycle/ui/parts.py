"""Small parts that pages share: headings, notes, badges, lists and the drawn-on-purpose empty page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

import pandas as pd
import streamlit as st

from qualitycycle.i18n import _
from qualitycycle.ui.text import plain, safe

# A badge is words first; its tone only repeats them.
TONES = ("quiet", "good", "talk", "late")


def heading(text: str) -> None:
    """A heading within a page."""
    st.subheader(plain(text), anchor=False)


def note(text: str) -> None:
    """A quiet line of explanation."""
    st.caption(plain(text))


def bullets(sentences: Iterable[str]) -> None:
    """Sentences one below the other."""
    st.markdown("\n".join(f"- {plain(line)}" for line in sentences))


def badge(text: str, tone: str = "quiet") -> str:
    """Our own HTML for a badge, to be put in a card."""
    return f'<span class="qc-badge qc-{tone if tone in TONES else "quiet"}">{safe(text)}</span>'


def sentences(said: Sequence[str]) -> None:
    """What a picture says: the first sentence first, the rest in smaller words."""
    first, *rest = said
    quiet = " ".join(safe(text) for text in rest)
    st.html(f'<p class="qc-said">{safe(first)}</p><p class="qc-said-why">{quiet}</p>')


def verdict(title: str, why: str) -> None:
    """A verdict without a colour: that nothing can be said yet is a result too."""
    st.html(f'<div class="qc-unknown"><strong>{safe(title)}</strong><span>{safe(why)}</span></div>')


def card(key: str) -> AbstractContextManager[Any]:
    """A bordered card."""
    return st.container(border=True, key=f"card_{key}")


def lines(rows: Iterable[tuple[str, str, str]]) -> None:
    """A list of (what, quiet words beside it, what stands at the right); a right part that begins with ! is late."""
    parts = []
    for left, quiet, right in rows:
        tone = " qc-late-text" if right.startswith("!") else ""
        parts.append(
            f'<div class="qc-line"><span>{safe(left)} <small>{safe(quiet)}</small></span>'
            f'<span class="qc-right{tone}">{safe(right.removeprefix("!"))}</span></div>'
        )
    st.html("".join(parts))


def empty(
    text: str, *, page: str | None = None, label: str = "", query: dict[str, str] | None = None
) -> None:
    """Nothing here yet, and the one step that changes that."""
    from qualitycycle.ui import navigation

    with st.container(border=True, key=f"empty_{page or 'none'}"):
        st.write(plain(text))
        if page and navigation.is_registered(page):
            navigation.link(page, label, query=query)


def facts(rows: Sequence[tuple[str, str]]) -> None:
    """Label and value, two columns; rows without a value are left out."""
    body = "".join(f"<dt>{safe(label)}</dt><dd>{safe(value)}</dd>" for label, value in rows if value)
    if body:
        st.html(f'<dl class="qc-facts">{body}</dl>')


def table(data: pd.DataFrame) -> None:
    """A plain table; its cells are text, though Streamlit would read Markdown in them."""
    shown = data.rename(columns=lambda name: plain(str(name))).map(lambda cell: plain(str(cell)))
    st.table(shown, hide_index=True, border="horizontal")


def text_block(text: str) -> None:
    """A longer text as its writer typed it, line breaks kept."""
    if text.strip():
        st.html(f'<p class="qc-text">{safe(text)}</p>')


def pick_part(offered: Mapping[str, str], *, key: str, start: str) -> str:
    """Which part of a page is shown; `offered` has the title of each."""
    chosen = st.segmented_control(
        _("Part"),
        list(offered),
        format_func=lambda part: _(offered[part]),
        default=start,
        required=True,
        key=key,
        label_visibility="collapsed",
    )
    return chosen or start
