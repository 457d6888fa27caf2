"""The thread as boxes for the picture, and what a click on one opens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import streamlit as st

from qualitycycle.charts import TreeNode
from qualitycycle.cycle.thread import Gap, Thread
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import GoalState, Says
from qualitycycle.ui import navigation, parts, words
from qualitycycle.ui.text import safe

# Which page shows a kind of box, and the name of its id in the address.
PAGES = {
    "vision": ("vision", ""),
    "ambition": ("vision", ""),
    "goal": ("goal", "goal"),
    "action": ("action", "action"),
    "evidence": ("evidence", "evidence"),
}
# The column of the goals.
GOAL = 2
MARKS = {Says.CONTRADICTS: "✗ ", Says.SUPPORTS: "✓ ", Says.NOTHING_YET: "? "}


def headings() -> list[str]:
    return [_("Vision"), _("Ambition"), _("Goal"), _("Action"), _("Evidence")]


def nodes(found: Thread, gaps: list[Gap]) -> list[TreeNode]:
    """Every part of the thread as a box, parents before children; evidence once per thing it is about."""
    broken = _named(gaps)
    boxes = [
        *(TreeNode(f"vision:{one.id}", 0, one.title, None, broken.get(one.id, "")) for one in found.visions),
        *(
            TreeNode(f"ambition:{one.id}", 1, one.title, f"vision:{one.vision_id}", broken.get(one.id, ""))
            for one in found.ambitions
        ),
        *(
            TreeNode(
                f"goal:{one.id}",
                2,
                one.title,
                f"ambition:{one.ambition_id}",
                broken.get(one.id, ""),
                one.state is GoalState.CLOSED,
            )
            for one in found.goals
        ),
        *(
            TreeNode(f"action:{one.id}", 3, one.title, f"goal:{one.goal_id}", broken.get(one.id, ""))
            for one in found.actions
        ),
    ]
    return [*boxes, *_evidence(found, broken)]


def _named(gaps: Iterable[Gap]) -> dict[str | None, str]:
    """What is missing, by the id of the record where it is."""
    found: dict[str | None, list[str]] = {}
    for gap in gaps:
        found.setdefault(gap.noun_id, []).append(_(words.GAPS[gap.kind]))
    return {noun_id: ", ".join(names) for noun_id, names in found.items()}


def _evidence(found: Thread, broken: Mapping[str | None, str]) -> Iterable[TreeNode]:
    titles = {piece.evidence_id: piece.title for piece in found.evidence}
    for link in found.links:
        yield TreeNode(
            f"evidence:{link.evidence_id}:{link.link_id}",
            4,
            MARKS[link.says] + titles[link.evidence_id],
            f"{link.noun}:{link.noun_id}",
            broken.get(link.evidence_id, ""),
        )
    linked = {link.evidence_id for link in found.links}
    for piece in found.evidence:
        if piece.evidence_id not in linked:
            yield TreeNode(
                f"evidence:{piece.evidence_id}", 4, piece.title, None, broken.get(piece.evidence_id, "")
            )


def as_list(nodes: Sequence[TreeNode]) -> str:
    """The same boxes as a list that opens, for a screen on which the picture does not fit; our own HTML."""
    below: dict[str | None, list[TreeNode]] = {}
    known = {node.id for node in nodes}
    for node in nodes:
        below.setdefault(node.parent if node.parent in known else None, []).append(node)
    return f'<ul class="qc-tree">{_items(below, None)}</ul>'


def _items(below: Mapping[str | None, Sequence[TreeNode]], parent: str | None) -> str:
    return "".join(_item(below, node) for node in below.get(parent, ()))


def _item(below: Mapping[str | None, Sequence[TreeNode]], node: TreeNode) -> str:
    inner = _items(below, node.id)
    if not inner:
        return f"<li>{_named_box(node)}</li>"
    # Down to the goals everything lies open; what hangs on a goal opens with a tap.
    opened = " open" if node.column < GOAL else ""
    # A link within what opens and closes could not be reached by everyone: they stand below each other.
    opens = f"<summary>{safe(_what_hangs(below[node.id]))}</summary>"
    return f"<li>{_named_box(node)}<details{opened}>{opens}<ul>{inner}</ul></details></li>"


def _what_hangs(nodes: Sequence[TreeNode]) -> str:
    """How many of each kind, in the order of the columns: “3 actions, 1 piece of evidence”."""
    columns = Counter(node.column for node in nodes)
    return ", ".join(_counted(column, columns[column]) for column in sorted(columns))


def _counted(column: int, n: int) -> str:
    said = (
        ngettext("{n} vision", "{n} visions", n),
        ngettext("{n} ambition", "{n} ambitions", n),
        ngettext("{n} goal", "{n} goals", n),
        ngettext("{n} action", "{n} actions", n),
        ngettext("{n} piece of evidence", "{n} pieces of evidence", n),
    )
    return said[column].format(n=n)


def _named_box(node: TreeNode) -> str:
    noun, own_id = node.id.split(":")[:2]
    name, field = PAGES[noun]
    there = navigation.address(name, **({field: own_id} if field else {}))
    gap = f" {parts.badge(node.gap, 'talk')}" if node.gap else ""
    return (
        f'<span class="qc-quiet">{safe(headings()[node.column])}</span> '
        f'<a class="qc-link" href="{safe(there)}" target="_self">{safe(node.title)}</a>{gap}'
    )


def open_clicked(clicked: str | None) -> None:
    """Go to what was clicked; the same click is not followed twice when the user comes back."""
    if not clicked or st.session_state.get("thread_opened") == clicked:
        return
    st.session_state["thread_opened"] = clicked
    noun, own_id = clicked.split(":")[:2]
    name, field = PAGES[noun]
    navigation.go(name, **({field: own_id} if field else {}))
