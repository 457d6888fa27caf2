"""The words for what waits and for what a meeting did with it, on screen and in minutes."""

from __future__ import annotations

from qualitycycle import i18n
from qualitycycle.cycle.minutes import PointLine
from qualitycycle.cycle.waiting import Wait
from qualitycycle.i18n import N_, _
from qualitycycle.model import PointTurn

KINDS = {
    "task": N_("Support team"),
    "way_version": N_("Our way of working"),
    "policy": N_("Policy"),
    "support_agreement": N_("Agreement on support"),
    "group_review": N_("Group reviews"),
}
WAITS = {
    Wait.NOBODY: N_("Nobody has this task"),
    Wait.NOBODY_RESPONSIBLE: N_("Nobody is responsible"),
    Wait.NOBODY_DOES: N_("Nobody does it"),
    Wait.TWO_RESPONSIBLE: N_("Two are responsible"),
    Wait.WAY_TO_AGREE: N_("Up for discussion"),
    Wait.POLICY_DUE: N_("To look at again"),
    Wait.AGREEMENT_DUE: N_("To look at again"),
    Wait.REVIEW_DUE: N_("Planned"),
}


def title(noun: str, text: str) -> str:
    """What something is called; of the way of working the number of its version."""
    return _("Our way of working, version {n}").format(n=text) if noun == "way_version" else text


def kind(noun: str) -> str:
    """What kind of thing it is; empty where the title says it."""
    return "" if noun == "way_version" else _(KINDS[noun])


def said(line: PointLine) -> str:
    """What became of it, as in: Farid sees to it."""
    day = i18n.day(line.due_on) if line.due_on else ""
    if line.did is PointTurn.NAMED:
        return _("{person} is responsible").format(person=line.person)
    if line.did is PointTurn.DATED:
        until = _("moved to {day}").format(day=day)
        return f"{line.person}, {until}" if line.person else until
    if line.did is PointTurn.AGREED:
        return _("agreed by the team")
    return _("looked at; again on {day}").format(day=day) if day else _("held")
