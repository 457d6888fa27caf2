"""The promise of a round in plain sentences: the same on screen, on paper and on a phone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from qualitycycle import i18n
from qualitycycle.i18n import N_, _

READERS = {
    "leader": N_("the school leader"),
    "coach": N_("the internal coach"),
    "member": N_("the team itself"),
    "reader": N_("the MR and the board"),
}


def sentences(promise: Mapping[str, Any]) -> list[str]:
    """What is stored, who sees what, from how many people, and when."""
    readers = [_(READERS[key]) for key in promise["results_who"] if key in READERS]
    return [
        _("Nobody sees your own answers: not your school leader, not your colleagues."),
        _("Your answers are stored without name, code, device or time, and in no order."),
        _("Results are shown only for groups in which at least {n} people filled it in.").format(
            n=promise["floor"]
        ),
        _("Results appear after this round is closed. Then {readers} can see them.").format(
            readers=i18n.join(readers)
        ),
        _(
            "This is confidential. We do not call it anonymous: who hands out the codes may know that you "
            "got one, but not what you answered."
        ),
    ]
