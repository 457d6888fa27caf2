"""Figures on paper: drawn here on this computer, without a browser and without anything from outside."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import vl_convert

from qualitycycle.charts import Figure
from qualitycycle.i18n import _
from qualitycycle.reports.typeset import ROOM

# In pixels; on the width of a page its letters are a little smaller than those of the text.
WIDTH = 580
FONT = "Source Sans Pro"
# Twice as many dots: sharp on paper, and still small.
SCALE = 2.0
# Of one report; another one of the same school draws most of them again.
N_KEPT = 48


def svg(figure: Figure, height: int | None = None) -> str:
    """A figure as vectors; `height` in pixels where it is another than on a screen."""
    return _svg(_whole(figure, height))


def png(figure: Figure, height: int | None = None) -> bytes:
    """A figure as dots on white, for a program that shows no vectors."""
    return _png(_whole(figure, height))


def _whole(figure: Figure, height: int | None) -> str:
    """The specification with its data and everything a screen would add to it."""
    rows = json.loads(figure.data.to_json(orient="records", date_format="iso"))
    config: dict[str, Any] = {**figure.spec.get("config", {}), "font": FONT, "background": "white"}
    spec = {**figure.spec, "config": config, "data": {"values": rows}, "width": WIDTH}
    if height is not None:
        spec["height"] = height
    return json.dumps(spec, ensure_ascii=False, sort_keys=True)


def axis_words(figure: Figure) -> str:
    """That the axis of a picture does not begin at zero, where it does not: on paper nobody points at it."""
    values = figure.data["value"].dropna()
    if values.empty or min(values) <= (max(values) - min(values)) / 2:
        return ""
    return _("the axis does not begin at 0")


@lru_cache(maxsize=N_KEPT)
def _svg(spec: str) -> str:
    _with_our_letters()
    return str(vl_convert.vegalite_to_svg(spec, allowed_base_urls=[]))


@lru_cache(maxsize=N_KEPT)
def _png(spec: str) -> bytes:
    # From the vectors: they are there already when the same report was made as PDF.
    return bytes(vl_convert.svg_to_png(_svg(spec), scale=SCALE))


@cache
def _with_our_letters() -> None:
    vl_convert.register_font_directory(str(resources.files(ROOM).joinpath("fonts")))
