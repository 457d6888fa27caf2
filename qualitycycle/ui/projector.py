"""A round as the whole room sees it: where to go, what to do, how many are done. No names, no results."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import promise, rounds
from qualitycycle.i18n import _
from qualitycycle.model import Round, RoundState
from qualitycycle.reports import slips
from qualitycycle.ui import navigation, phone_address, session
from qualitycycle.ui import rounds as round_parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe


def show(page: Page, one: Round) -> None:
    """One round, large; a closed one leads to its results."""
    with st.container(key="projector"):
        if one.state is not RoundState.OPEN:
            _closed(one)
            return
        left, right = st.columns([1.7, 1], gap="large", vertical_alignment="center")
        with left:
            st.html(_how(one))
        with right:
            st.html(_picture())
        _live(page, one)
        st.html(f'<p class="qc-room-promise">{safe(promise.in_short(one.promise))}</p>')
        phone_address.warn_unless_reached()
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            _back()
            round_parts.close_button(one)
    round_parts.ask_to_close(page, [one])


def _back() -> None:
    if st.button(
        _("Back to the rounds"), key="projector.back", type="tertiary", icon=":material/arrow_back:"
    ):
        navigation.go("rounds")


def _closed(one: Round) -> None:
    st.html(f'<h2 class="qc-room-title">{safe(one.title)}</h2>')
    st.write(plain(_("This round is closed. Thank you, everybody.")))
    navigation.link("results", _("See the results"), query={"round": one.round_id})
    _back()


def _how(one: Round) -> str:
    address = safe(slips.bare(phone_address.form()))
    steps = (
        safe(_("Take a slip and scan it with your phone.")),
        safe(_("No camera? Go to {address}")).replace(
            "{address}", f'<strong class="qc-room-address">{address}</strong>'
        ),
        safe(_("Type the code on your slip, choose, and send.")),
    )
    items = "".join(f"<li>{step}</li>" for step in steps)
    until = _("Until {day}.").format(day=i18n.day(one.closes_on, year=False)) if one.closes_on else ""
    quiet = f'<p class="qc-room-promise">{safe(until)}</p>' if until else ""
    return f'<h2 class="qc-room-title">{safe(one.title)}</h2><ol class="qc-room-steps">{items}</ol>{quiet}'


def _picture() -> str:
    """The address without a code: who scans it still needs a slip."""
    # Streamlit takes drawings out of our own HTML, and leaves pictures in.
    source = safe(slips.qr(phone_address.form()).svg_data_uri(border=0, omitsize=True))
    words = safe(_("QR code that opens the page where you type your code"))
    below = safe(_("Then type the code on your slip"))
    return f'<div class="qc-room-qr"><img src="{source}" alt="{words}"><p>{below}</p></div>'


@st.fragment(run_every=round_parts.SECONDS)
def _live(page: Page, one: Round) -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    now = rounds.progress(page.store, page.actor, one.round_id)
    st.html(f'<p class="qc-room-count" role="status">{safe(round_parts.words(now))}</p>')
    st.progress(round_parts.share(now))
