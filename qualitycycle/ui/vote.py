"""A confidence vote in a meeting: asked on the goal's page, shown to the room, closed, and only then told."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from qualitycycle import i18n
from qualitycycle.charts.beside import vote_words
from qualitycycle.cycle import confidence, plan
from qualitycycle.cycle.access import Right
from qualitycycle.cycle.confidence import Turnout, VoteResult
from qualitycycle.i18n import _
from qualitycycle.model import ConfidenceVote, Goal, VoteState
from qualitycycle.reports import slips
from qualitycycle.ui import address, failure, navigation, parts, phone_address, session
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe

# Codes of votes that were opened in this browser; the file keeps none.
CODES = "vote.codes"
SECONDS = 2
MOST_PRESENT = 500


# --- on the goal's page ----------------------------------------------------------------------------------


def offer(page: Page, goal: Goal) -> None:
    """Start a vote about an open goal, or go to the one that is open."""
    if not page.may(Right.OPEN_ROUND):
        return
    parts.heading(_("Confidence vote"))
    with parts.card("vote"):
        now = confidence.open_vote_of(page.store, page.actor, goal.goal_id)
        if now is None:
            _start(page, goal)
            return
        parts.note(_("A vote about this goal is open."))
        if st.button(_("To the vote"), key="vote.show", type="primary", icon=":material/present_to_all:"):
            _show(goal, now)


def _start(page: Page, goal: Goal) -> None:
    parts.note(
        _(
            "How sure is the team that it reaches this goal? Asked with one code, answered on phones in a minute."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n_present = st.number_input(
            _("How many people are there?"),
            min_value=1,
            max_value=MOST_PRESENT,
            value=max(1, sum(not one.archived for one in page.staff.people)),
            step=1,
            key="vote.present",
        )
        start = st.button(_("Start the vote"), key="vote.start", type="primary")
    if start and (vote := begin(page, goal, int(n_present))) is not None:
        _show(goal, vote)


def begin(page: Page, goal: Goal, n_present: int) -> ConfidenceVote | None:
    """Open a vote and keep its code in this browser; None when it was refused."""
    opened = failure.attempt(lambda: confidence.open_vote(page.store, page.actor, goal.goal_id, n_present))
    if opened is None:
        return None
    _remember(opened)
    return opened.vote


def _remember(opened: confidence.OpenedVote) -> None:
    st.session_state.setdefault(CODES, {})[opened.vote.confidence_vote_id] = opened.code


def _show(goal: Goal, vote: ConfidenceVote) -> None:
    navigation.go("goal", goal=goal.goal_id, vote=vote.confidence_vote_id)


# --- on the projector ------------------------------------------------------------------------------------


def asked_for(page: Page, goal: Goal) -> ConfidenceVote | None:
    """The vote that the address asks for, when it is about this goal; only for who may open one."""
    vote_id = st.query_params.get("vote")
    if not vote_id or not page.may(Right.OPEN_ROUND):
        return None
    address.keep()
    found = failure.attempt(lambda: plan.get(page.store, page.actor, ConfidenceVote, vote_id))
    return found if found is not None and found.goal_id == goal.goal_id else None


def on_projector(
    page: Page, goal: Goal, vote: ConfidenceVote, *, back: Callable[[], None] | None = None
) -> None:
    """One vote, large: what is asked, where to answer and how many did; after closing how sure the team is.

    `back` draws the way back; to the goal unless told otherwise.
    """
    go_back = back or (lambda: _back(goal))
    with st.container(key="projector"):
        st.html(
            f'<p class="qc-room-promise">{safe(_("How sure are we, as a team, that we reach this goal?"))}</p>'
            f'<h2 class="qc-room-title">{safe(goal.title)}</h2>'
        )
        if vote.state is VoteState.OPEN:
            _open(page, vote, go_back)
        else:
            _ended(page, vote, go_back)


def _open(page: Page, vote: ConfidenceVote, go_back: Callable[[], None]) -> None:
    code = st.session_state.get(CODES, {}).get(vote.confidence_vote_id)
    if code is None:
        _without_code(page, vote)
    else:
        left, right = st.columns([1.7, 1], gap="large", vertical_alignment="center")
        with left:
            st.html(_how(code))
        with right:
            st.html(_picture(code))
    _live(page, vote)
    said = _("Nobody sees your own answer. The spread appears after closing, from {n} answers on.")
    st.html(f'<p class="qc-room-promise">{safe(said.format(n=vote.floor))}</p>')
    phone_address.warn_unless_reached()
    with st.container(horizontal=True, vertical_alignment="center"):
        _close(page, vote)
        _number(page, vote)
        _cancel(page, vote)
        go_back()


def _without_code(page: Page, vote: ConfidenceVote) -> None:
    parts.note(_("The code of this vote was shown on another screen and is kept nowhere."))
    if st.button(_("Make a new code"), key="vote.new_code", help=_("The old code stops working.")):
        made = failure.attempt(lambda: confidence.new_code(page.store, page.actor, vote.confidence_vote_id))
        if made is not None:
            _remember(made)
            st.rerun()


def _how(code: str) -> str:
    form = safe(slips.bare(phone_address.form()))
    steps = (
        safe(_("Scan the picture with your phone.")),
        safe(_("No camera? Go to {address} and type this code:")).replace(
            "{address}", f'<strong class="qc-room-address">{form}</strong>'
        )
        + f'<strong class="qc-room-code">{safe(slips.chunked(code))}</strong>',
    )
    return f'<ol class="qc-room-steps">{"".join(f"<li>{step}</li>" for step in steps)}</ol>'


def _picture(code: str) -> str:
    source = safe(slips.qr(slips.link(phone_address.form(), code)).svg_data_uri(border=0, omitsize=True))
    words = safe(_("QR code that opens this vote"))
    return f'<div class="qc-room-qr small"><img src="{source}" alt="{words}"></div>'


@st.fragment(run_every=SECONDS)
def _live(page: Page, vote: ConfidenceVote) -> None:
    # A fragment runs on its own: the language of the page has to be spoken again.
    i18n.use(session.language())
    now = failure.attempt(lambda: confidence.progress(page.store, page.actor, vote.confidence_vote_id))
    if now is not None:
        st.html(f'<p class="qc-room-count" role="status">{safe(_words(now))}</p>')
        st.progress(min(1.0, now.n_answered / now.n_present))


def _words(now: Turnout) -> str:
    return _("{n} of {all} answered").format(n=now.n_answered, all=now.n_present)


# --- ending ----------------------------------------------------------------------------------------------


def _close(page: Page, vote: ConfidenceVote) -> None:
    if st.button(_("Close and show"), key="vote.close", type="primary"):
        closed = failure.attempt(
            lambda: confidence.close_vote(page.store, page.actor, vote.confidence_vote_id)
        )
        if closed is not None:
            st.rerun()


def _number(page: Page, vote: ConfidenceVote) -> None:
    with st.popover(_("Somebody came in or left"), key="vote.number", type="tertiary"):
        n_present = st.number_input(
            _("How many people are there?"),
            min_value=1,
            max_value=MOST_PRESENT,
            value=vote.n_present,
            step=1,
            key="vote.present_now",
        )
        if st.button(_("Save"), key="vote.change"):
            vote_id = vote.confidence_vote_id
            if failure.attempt(
                lambda: confidence.change_present(page.store, page.actor, vote_id, int(n_present))
            ):
                st.rerun()


def _cancel(page: Page, vote: ConfidenceVote) -> None:
    with st.popover(_("Cancel the vote"), key="vote.cancelling", type="tertiary"):
        parts.note(_("What was answered is thrown away, and there is no result."))
        if st.button(_("Yes, cancel it"), key="vote.cancel"):

            def cancel() -> bool:
                confidence.cancel_vote(page.store, page.actor, vote.confidence_vote_id)
                return True

            if failure.attempt(cancel):
                st.rerun()


def _back(goal: Goal) -> None:
    if st.button(_("Back to the goal"), key="vote.back", type="tertiary", icon=":material/arrow_back:"):
        navigation.go("goal", goal=goal.goal_id)


# --- what came of it -------------------------------------------------------------------------------------


def _ended(page: Page, vote: ConfidenceVote, go_back: Callable[[], None]) -> None:
    if vote.state is VoteState.CANCELLED:
        st.write(plain(_("This vote was cancelled. There is no result.")))
    else:
        point = confidence.result(page.store, page.actor, vote.confidence_vote_id)
        if point.result.shown:
            st.html(f'<p class="qc-room-count">{safe(vote_words(point))}</p>{_drawn(point.result)}')
            st.html(f'<p class="qc-room-promise">{safe(_meaning(point.result))}</p>')
        else:
            said = _(
                "Fewer than {n} people answered, so nothing is shown: a figure could tell who said what."
            )
            st.write(plain(said.format(n=vote.floor)))
    go_back()


def _meaning(result: VoteResult) -> str:
    text = _(
        "The spread is how far answers lie from the mean, on average. It is what this team says today, no forecast."
    )
    if not result.counts:
        text += " " + _("How the answers are spread over the scale is shown from 10 answers on.")
    return text


def _drawn(result: VoteResult) -> str:
    """The scale from 0 to 100 with the mean and the spread around it; from ten answers on a dot for each."""
    # Whole points, as few as the figure beside it may have: a place on a line can be measured too.
    mean, spread = round(result.mean or 0), round(result.spread or 0)
    low, high = max(confidence.LOWEST, mean - spread), min(confidence.HIGHEST, mean + spread)
    dots = "".join(
        f'<li><span aria-hidden="true">{"<i></i>" * n}</span><b class="qc-hidden">{safe(_band(place, n))}</b></li>'
        for place, n in enumerate(result.counts)
    )
    return (
        (f'<ol class="qc-room-dots">{dots}</ol>' if dots else "")
        + f'<div class="qc-room-scale" aria-hidden="true"><span style="left:{low}%;width:{high - low}%"></span>'
        f'<b style="left:{mean}%"></b></div>'
        f'<div class="qc-room-ends" aria-hidden="true"><span>0</span><span>50</span><span>100</span></div>'
    )


def _band(place: int, n: int) -> str:
    low = 10 * place
    high = 100 if place == confidence.N_BANDS - 1 else low + 9
    return i18n.ngettext("{low} to {high}: {n} person", "{low} to {high}: {n} people", n).format(
        low=low, high=high, n=n
    )
