from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
import streamlit

from qualitycycle.server import translation

BUNDLE = Path(streamlit.__file__).parent / "static" / "static" / "js"


@pytest.mark.parametrize("text", translation.texts(), ids=lambda text: text.en)
def test_each_english_text_still_occurs_in_streamlit(text):
    missing = [piece for piece in text.pieces if piece not in bundle()]

    assert missing == []


def test_a_translation_fills_in_every_placeholder():
    uneven = [
        text.en
        for text in translation.texts()
        if sorted(translation.PLACEHOLDER.findall(text.en))
        != sorted(translation.PLACEHOLDER.findall(text.nl))
    ]

    assert uneven == []


@cache
def bundle():
    return "\n".join(path.read_text(encoding="utf-8") for path in BUNDLE.glob("*.js"))
