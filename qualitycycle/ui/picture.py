"""The thread as boxes for the picture, and what a click on one opens."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from qualitycycle.charts import TreeNode
from qualitycycle.cycle.thread import Gap, Thread
from qualitycycle.i18n import _
from qualitycycle.model import GoalState, Says
from qualitycycle.ui import navigation

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
    broken = {gap.noun_id for gap in gaps}
    boxes = [
        *(TreeNode(f"vision:{one.id}", 0, one.title, None, one.id in broken) for one in found.visions),
        *(
            TreeNode(f"ambition:{one.id}", 1, one.title, f"vision:{one.vision_id}", one.id in broken)
            for one in found.ambitions
        ),
        *(
            TreeNode(
                f"goal:{one.id}",
                2,
                one.title,
                f"ambition:{one.ambition_id}",
                one.id in broken,
                one.state is GoalState.CLOSED,
            )
            for one in found.goals
        ),
        *(
            TreeNode(f"action:{one.id}", 3, one.title, f"goal:{one.goal_id}", one.id in broken)
            for one in found.actions
        ),
    ]
    return [*boxes, *_evidence(found, broken)]


def _evidence(found: Thread, broken: set[str | None]) -> Iterable[TreeNode]:
    titles = {piece.evidence_id: piece.title for piece in found.evidence}
    for link in found.links:
        yield TreeNode(
            f"evidence:{link.evidence_id}:{link.link_id}",
            4,
            MARKS[link.says] + titles[link.evidence_id],
            f"{link.noun}:{link.noun_id}",
            link.evidence_id in broken,
        )
    linked = {link.evidence_id for link in found.links}
    for piece in found.evidence:
        if piece.evidence_id not in linked:
            yield TreeNode(f"evidence:{piece.evidence_id}", 4, piece.title, None, True)


def open_clicked(clicked: str | None) -> None:
    """Go to what was clicked; the same click is not followed twice when the user comes back."""
    if not clicked or st.session_state.get("thread_opened") == clicked:
        return
    st.session_state["thread_opened"] = clicked
    noun, own_id = clicked.split(":")[:2]
    name, field = PAGES[noun]
    navigation.go(name, **({field: own_id} if field else {}))
