"""The thread from vision to evidence as a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt
import pandas as pd

from qualitycycle import i18n
from qualitycycle.charts.figure import COLOURS, Figure, finished
from qualitycycle.i18n import _

BOX = 40
COLUMN = 250
BOX_WIDTH = 214
FIELDS = ["kind", "id", "x", "y", "x2", "y2", "words", "gap"]


@dataclass(frozen=True)
class TreeNode:
    """One box of the thread's picture; `parent` None stands at the left, `gap` says what is missing there."""

    id: str
    column: int
    title: str
    parent: str | None
    gap: str = ""
    quiet: bool = False


def thread_tree(nodes: Sequence[TreeNode], *, theme: str, headings: Sequence[str]) -> Figure:
    """From vision to evidence, left to right; a click on a box picks it."""
    placed = _placed(nodes)
    rows = [*_head_rows(headings), *_edge_rows(nodes, placed), *(_box_row(node, placed) for node in nodes)]
    height = int(max([0.0, *placed.values()]) + BOX + 40)
    seen = _("Lines show what hangs on what. An open box is a gap, and says which. Click a box to open it.")
    return Figure(
        spec=_tree_spec(i18n.language(), theme, height, len(headings)),
        data=pd.DataFrame(rows, columns=FIELDS),
        table=_tree_table(nodes, headings),
        alt=_("The thread from vision to evidence: {n} parts.").format(n=len(nodes)),
        how=((_("What you see:"), seen),),
        clickable=True,
    )


def _head_rows(headings: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"kind": "head", "id": "", "x": n * COLUMN, "y": -30, "words": text, "gap": ""}
        for n, text in enumerate(headings)
    ]


def _box_row(node: TreeNode, placed: Mapping[str, float]) -> dict[str, Any]:
    x, y = node.column * COLUMN, placed[node.id]
    return {
        "kind": "gap" if node.gap else "quiet" if node.quiet else "box",
        "id": node.id,
        "x": x,
        "y": y,
        "x2": x + BOX_WIDTH,
        "y2": y + BOX - 10,
        "words": node.title,
        "gap": node.gap,
    }


def _edge_rows(nodes: Sequence[TreeNode], placed: Mapping[str, float]) -> list[dict[str, Any]]:
    """A line from the middle of each box's parent to its own."""
    columns = {node.id: node.column for node in nodes}
    middle = (BOX - 10) / 2
    return [
        {
            "kind": "edge",
            "id": "",
            "x": columns[node.parent] * COLUMN + BOX_WIDTH,
            "y": placed[node.parent] + middle,
            "x2": node.column * COLUMN,
            "y2": placed[node.id] + middle,
            "words": "",
            "gap": "",
        }
        for node in nodes
        if node.parent in columns
    ]


def _placed(nodes: Sequence[TreeNode]) -> dict[str, float]:
    """The height of every box: leaves below each other, a parent at the height of its first child."""
    children: dict[str | None, list[TreeNode]] = {}
    ids = {node.id for node in nodes}
    for node in nodes:
        children.setdefault(node.parent if node.parent in ids else None, []).append(node)
    heights: dict[str, float] = {}
    cursor = 0.0

    def place(node: TreeNode) -> float:
        nonlocal cursor
        below = children.get(node.id, [])
        if not below:
            heights[node.id] = cursor
            cursor += BOX
        else:
            heights[node.id] = min(place(child) for child in below)
        return heights[node.id]

    for root in children.get(None, []):
        place(root)
    return heights


@cache
def _tree_spec(language: str, theme: str, height: int, n_columns: int) -> dict[str, Any]:
    colour = COLOURS[theme]
    base = alt.Chart(pd.DataFrame({name: [] for name in FIELDS}))
    x, y = _axes(height, n_columns)
    edges = (
        base.transform_filter(alt.datum.kind == "edge")
        .mark_rule(color=colour["quiet"], opacity=0.7)
        .encode(x=x, x2="x2:Q", y=y, y2="y2:Q")
    )
    heads = (
        base.transform_filter(alt.datum.kind == "head")
        .mark_text(align="left", baseline="middle", color=colour["quiet"], fontSize=13, fontWeight="bold")
        .encode(x=x, y=y, text="words:N")
    )
    layers = [edges, _rects(base, x, y, colour), *_words(base, x, y, colour), heads]
    chart = alt.layer(*layers).properties(height=height, width=n_columns * COLUMN)
    return finished(chart, language, theme)


def _axes(height: int, n_columns: int) -> tuple[alt.X, alt.Y]:
    right = n_columns * COLUMN - (COLUMN - BOX_WIDTH) + 4
    across = alt.Scale(domain=[-4, right], nice=False, zero=False)
    down = alt.Scale(domain=[height, -40], nice=False, zero=False)
    return alt.X("x:Q", axis=None, scale=across), alt.Y("y:Q", axis=None, scale=down)


def _rects(base: alt.Chart, x: alt.X, y: alt.Y, colour: Mapping[str, str]) -> Any:
    """The boxes, each to click on; an open one is a gap."""
    kinds = ["box", "gap", "quiet"]
    shades = alt.Scale(domain=kinds, range=[colour["soft"], colour["paper"], colour["box"]])
    picked = alt.selection_point(name="picked", fields=["id"], on="click", clear=False)
    marked = base.transform_filter(alt.FieldOneOfPredicate(field="kind", oneOf=kinds)).mark_rect(
        cornerRadius=5, stroke=colour["line"], strokeWidth=1, cursor="pointer"
    )
    tip = [alt.Tooltip("words:N", title=" "), alt.Tooltip("gap:N", title=" ")]
    fill = alt.Color("kind:N", legend=None, scale=shades)
    return marked.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=fill, tooltip=tip).add_params(picked)


def _words(base: alt.Chart, x: alt.X, y: alt.Y, colour: Mapping[str, str]) -> list[Any]:
    """The title in each box; where there is a gap, its name below the title."""
    whole = alt.FieldOneOfPredicate(field="kind", oneOf=["box", "quiet"])
    broken = alt.datum.kind == "gap"

    def line(only: Any, field: str, down: int, shade: str, size: int) -> Any:
        marked = base.transform_filter(only).mark_text(
            align="left",
            baseline="middle",
            dx=8,
            dy=down,
            limit=BOX_WIDTH - 24,
            color=colour[shade],
            fontSize=size,
        )
        return marked.encode(x=x, y=y, text=f"{field}:N")

    return [
        line(whole, "words", 15, "text", 12),
        line(broken, "words", 9, "text", 12),
        line(broken, "gap", 22, "quiet", 11),
    ]


def _tree_table(nodes: Sequence[TreeNode], headings: Sequence[str]) -> pd.DataFrame:
    titles = {node.id: node.title for node in nodes}
    return pd.DataFrame(
        [
            (headings[node.column], node.title, titles.get(node.parent or "", "–"), node.gap or "–")
            for node in nodes
        ],
        columns=[_("Part"), _("Title"), _("Hangs on"), _("Gap")],
    )
