"""The thread as boxes for the picture, and what a click on one opens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from qualitycycle.charts import TreeNode
from qualitycycle.cycle.thread import Gap, Thread
from qualitycycle.i18n import _
from qualitycycle.model import GoalState, Says
from qualitycycle.ui import navigation, words

# Which page shows a kind of box, and the name of its id in the address.
PAGES = {
    "vision": ("vision", ""),
    "ambition": ("vision", ""),
    "goal": ("goal", "goal"),
    "action": ("action", "action"),
    "evidence": ("evidence", "evidence"),
}
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


def open_clicked(clicked: str | None) -> None:
    """Go to what was clicked; the same click is not followed twice when the user comes back."""
    if not clicked or st.session_state.get("thread_opened") == clicked:
        return
    st.session_state["thread_opened"] = clicked
    noun, own_id = clicked.split(":")[:2]
    name, field = PAGES[noun]
    navigation.go(name, **({field: own_id} if field else {}))
