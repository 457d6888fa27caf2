"""Every pair of colours that carries text reads at AA: 4.5 to 1; edges and marks 3 to 1."""

from __future__ import annotations

import tomllib

import pytest

from qualitycycle import config

THEME = tomllib.loads((config.app_folder() / ".streamlit" / "config.toml").read_text(encoding="utf-8"))[
    "theme"
]
SIDES = ("light", "dark")
NAMES = ("red", "orange", "yellow", "green", "blue", "violet", "gray")


@pytest.mark.parametrize("side", SIDES)
def test_text_and_links_read_on_every_ground(side):
    theme = THEME[side]

    worst = min(
        contrast(theme[text], ground)
        for text in ("textColor", "primaryColor", "linkColor", "grayTextColor")
        for ground in grounds(side)
    )

    assert worst >= 4.5


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("side", SIDES)
def test_coloured_text_reads_on_its_own_ground_and_on_the_page(side, name):
    theme = THEME[side]
    text = theme[f"{name}TextColor"]

    worst = min(contrast(text, ground) for ground in (theme[f"{name}BackgroundColor"], *grounds(side)))

    assert worst >= 4.5


@pytest.mark.parametrize("side", SIDES)
def test_edges_of_inputs_and_chart_marks_can_be_seen(side):
    theme = THEME[side]

    worst = min(
        contrast(colour, theme["backgroundColor"])
        for colour in (theme["borderColor"], *theme["chartCategoricalColors"])
    )

    assert worst >= 3


@pytest.mark.parametrize(("side", "label"), [("light", "#FFFFFF"), ("dark", "#141A1A")])
def test_the_label_of_the_strong_button_reads(side, label):
    assert contrast(THEME[side]["primaryColor"], label) >= 4.5


def grounds(side):
    theme = THEME[side]
    return (
        theme["backgroundColor"],
        theme["secondaryBackgroundColor"],
        theme["sidebar"]["backgroundColor"],
        theme["sidebar"]["secondaryBackgroundColor"],
    )


def contrast(one, other):
    """WCAG 2.2 contrast ratio of two #rrggbb colours."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
