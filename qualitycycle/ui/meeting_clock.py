"""The clock of a meeting: it ticks in the browser by itself, and the page says every few seconds that it is there."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import meeting_clock, meetings
from qualitycycle.cycle.meeting_clock import BEAT_EVERY, Clock
from qualitycycle.errors import QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Meeting
from qualitycycle.ui import session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

MINUTE = 60


def total(meeting: Meeting, clock: Clock) -> str:
    """The whole meeting: how long it takes by now, of how many minutes."""
    planned = sum(block.minutes for block in meetings.blocks_of(meeting.blocks))
    return ticking(_("Total"), clock.total, planned)


def of_block(meeting: Meeting, clock: Clock) -> str:
    """The block that is on, with a bar that fills up."""
    planned = meetings.blocks_of(meeting.blocks)[clock.place].minutes
    bar = (
        f'<span class="qc-bar" aria-hidden="true"><i style="animation-duration:{planned * MINUTE}s;'
        f'animation-delay:-{clock.in_block}s"></i></span>'
    )
    return ticking(_("This block"), clock.in_block, planned) + bar


def ticking(label: str, seconds: int, planned: int) -> str:
    """Minutes and seconds that go on without the program; what goes over its time says so in words."""
    of = ngettext("of {n} min", "of {n} min", planned).format(n=planned)
    over = planned * MINUTE - seconds
    return (
        f'<span class="qc-clock" role="timer"><small>{safe(label)}</small> '
        f'<b class="qc-ticks" style="animation-delay:-{seconds}s,-{seconds}s"></b> '
        f"<small>{safe(of)}</small> "
        f'<em class="qc-over" style="animation-delay:{over}s">{safe(_("over time"))}</em></span>'
    )


@st.fragment(run_every=BEAT_EVERY)
def keep_going(page: Page, meeting: Meeting, place: int, version: int) -> None:
    """Say that somebody looks; draw the page anew when the meeting went on elsewhere."""
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    try:
        if meetings.may_hold(page.actor):
            now = meeting_clock.beat(page.store, page.actor, meeting.meeting_id)
        else:
            now = meeting_clock.look(page.store, page.actor, meeting.meeting_id)
    except QualityCycleError:
        # It was closed on another screen: the page finds out what there is now.
        st.rerun()
    # Who only looks sees every change; who types is not disturbed.
    if now.place != place or (not meetings.may_hold(page.actor) and page.store.version != version):
        st.rerun()
    st.html("<span hidden></span>")
