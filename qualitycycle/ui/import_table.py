"""Reading in results: a table that a narrow screen shows as one small paragraph a row, so that nothing is cut off."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import streamlit as st

from qualitycycle.ui.text import safe

NOTHING = "–"


def show(
    columns: Sequence[str],
    rows: Sequence[Sequence[object]],
    *,
    new_lines: Collection[int] = (),
    named: Collection[int] = (),
) -> None:
    """Rows under their column names.

    On a narrow screen the cells of a row follow each other; a column in `new_lines` begins a line of its own, and one
    in `named` says its name. What stands before the first of `new_lines` is what the row is about.
    """
    head = "".join(f'<th role="columnheader" scope="col">{safe(name)}</th>' for name in columns)
    first = min(new_lines, default=len(columns))
    body = "".join(
        f'<tr role="row">{"".join(_cells(columns, row, new_lines, named, first))}</tr>' for row in rows
    )
    st.html(
        f'<table class="qc-rows" role="table"><thead role="rowgroup"><tr role="row">{head}</tr></thead>'
        f'<tbody role="rowgroup">{body}</tbody></table>'
    )


def _cells(
    columns: Sequence[str],
    row: Sequence[object],
    new_lines: Collection[int],
    named: Collection[int],
    first: int,
) -> Iterator[str]:
    line_is_empty = True
    for place, (name, cell) in enumerate(zip(columns, row, strict=True)):
        text = str(cell)
        line_is_empty = line_is_empty or place in new_lines
        said = f'<span class="qc-name">{safe(name)} </span>' if place in named else ""
        classes = ["qc-about"] if place < first else []
        if text == NOTHING:
            classes.append("qc-nothing")
        elif line_is_empty:
            classes += ["qc-new-line"] if place else []
            line_is_empty = False
        else:
            classes.append("qc-next")
        yield f'<td role="cell" class="{" ".join(classes)}">{said}{safe(text)}</td>'
