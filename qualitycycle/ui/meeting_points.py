"""What waits of the support team, policy and the calendar, in a meeting: each with the click that settles it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import meeting_points, meetings, waiting, way_of_working
from qualitycycle.cycle.support_tasks import GAPS
from qualitycycle.cycle.waiting import LACKS_A_NAME, Wait, Waiting
from qualitycycle.cycle.waiting_words import WAITS, kind, title
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import PointTurn
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.meeting_capture import Room
from qualitycycle.ui.text import plain, safe

# What fits beside the agreements on one screen.
N_ROWS = 4
FROM = "meeting.points_from"
A_YEAR = timedelta(days=364)
A_MONTH = timedelta(days=28)


def show(room: Room, *, beside: int = 0) -> None:
    """The most urgent ones, fewer `beside` many lines; what this meeting gave a day is not asked again."""
    page = room.page
    done = {
        f"{one.about}.{one.about_id}"
        for one in meeting_points.points(page.store, page.actor, room.meeting.meeting_id)
        if one.did is not PointTurn.NAMED
    }
    found = [
        one
        for one in waiting.for_meeting(page.store, page.actor, room.meeting.team_id)
        if one.key not in done
    ]
    if not found:
        return
    n = max(1, N_ROWS - beside)
    first = int(st.session_state.get(FROM, 0))
    first = first if first < len(found) else 0
    parts.note(_("Waits for a name or a day"))
    shown = found[first : first + n]
    for one in shown:
        _row(room, one)
    if len(found) > n:
        _turn_over(first + n if first + n < len(found) else 0, len(found) - len(shown))


def _turn_over(first: int, n_others: int) -> None:
    """The ones that do not fit come by one click later."""
    if st.button(_("and {n} more").format(n=n_others), key="point.others", type="tertiary"):
        st.session_state[FROM] = first
        st.rerun()


def _row(room: Room, one: Waiting) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"promise.waits.{one.noun_id}"):
        with st.container(width="stretch"):
            st.html(
                f'<p class="qc-promise"><b>{safe(title(one.noun, one.title))}</b> '
                f"<span>{_why(one)} {safe(_about(room, one))}</span></p>"
            )
        if meetings.may_hold(room.page.actor):
            _WAYS[one.why](room, one)


def _why(one: Waiting) -> str:
    gap = LACKS_A_NAME.get(one.why) in GAPS
    return parts.badge(_(WAITS[one.why]), "talk" if gap or one.why is Wait.TWO_RESPONSIBLE else "quiet")


def _about(room: Room, one: Waiting) -> str:
    """What it is of, whose it is, and the day it was for."""
    names = sorted(room.page.staff.person_name(person) or "" for person in one.person_ids)
    day = i18n.day(one.due_on, year=False) if one.due_on else ""
    when = _("since {day}").format(day=day) if one.why is Wait.WAY_TO_AGREE else day
    return " · ".join(filter(None, [kind(one.noun), i18n.join(names), when]))


def _settled(do: Callable[[], object]) -> None:
    if failure.worked(do):
        st.rerun()


# --- a name ----------------------------------------------------------------------------------------------


def _name(room: Room, one: Waiting) -> None:
    """Choosing somebody is all there is to it."""
    page, own = room.page, room.meeting.meeting_id
    names = room.people
    if one.why is Wait.TWO_RESPONSIBLE:
        names = {person: page.staff.person_name(person) or "–" for person in one.person_ids}
    label = _("Choose one") if one.why is Wait.TWO_RESPONSIBLE else _("Give it to somebody")
    asked = {
        Wait.TWO_RESPONSIBLE: _("Who is responsible? The other goes on doing it."),
        Wait.NOBODY_DOES: _("Who does it?"),
        Wait.NOBODY_RESPONSIBLE: _("Who is responsible?"),
    }.get(one.why, _("Who takes this on?"))
    with st.popover(plain(label), key=f"point.name.{one.noun_id}"):
        person = st.selectbox(
            plain(asked),
            [None, *names],
            format_func=lambda key: names.get(key, "–"),
            key=f"point.who.{one.noun_id}.{one.why}",
        )
        if person:
            _settled(lambda: meeting_points.name(page.store, page.actor, own, one, person))


# --- a day -----------------------------------------------------------------------------------------------


def _review(room: Room, one: Waiting) -> None:
    """Looked at and it holds; or somebody does it by another day."""
    page, own = room.page, room.meeting.meeting_id
    if st.button(
        _("Still holds"),
        key=f"point.holds.{one.noun_id}",
        icon=":material/check:",
        help=_("Looked at today; again in a year."),
    ):
        _settled(lambda: meeting_points.look_again(page.store, page.actor, own, one, today() + A_YEAR))
    names = room.people
    with st.popover(_("New date"), key=f"point.date.{one.noun_id}"):
        who = st.selectbox(
            _("Who looks at it?"),
            list(names),
            index=_place(list(names), one),
            format_func=lambda key: names.get(key, "–"),
            key=f"point.whose.{one.noun_id}",
        )
        due = _day(one)
        if st.button(_("Put down"), key=f"point.put.{one.noun_id}", type="primary"):
            _settled(
                lambda: meeting_points.put_off(page.store, page.actor, own, one, due_on=due, person_id=who)
            )


def _place(names: list[str], one: Waiting) -> int:
    return names.index(one.person_ids[0]) if one.person_ids and one.person_ids[0] in names else 0


def _day(one: Waiting) -> date | None:
    chosen = st.date_input(
        _("By when?"),
        today() + A_MONTH,
        key=f"point.day.{one.noun_id}",
        format=forms.DATE_FORMAT,
        min_value=today(),
    )
    return chosen if isinstance(chosen, date) else None


def _group_review(room: Room, one: Waiting) -> None:
    page, own = room.page, room.meeting.meeting_id
    if st.button(_("Held"), key=f"point.held.{one.noun_id}", icon=":material/check:"):
        _settled(lambda: meeting_points.hold(page.store, page.actor, own, one))
    with st.popover(_("New date"), key=f"point.date.{one.noun_id}"):
        due = _day(one)
        if st.button(_("Put down"), key=f"point.put.{one.noun_id}", type="primary"):
            _settled(lambda: meeting_points.put_off(page.store, page.actor, own, one, due_on=due))


# --- the way of working ----------------------------------------------------------------------------------


def _way(room: Room, one: Waiting) -> None:
    """What is agreed is read once more, with what was said of it; then one click."""
    page, own = room.page, room.meeting.meeting_id
    way = way_of_working.look(page.store, page.actor)
    if way.coming is None:
        return
    with st.popover(_("Read and agree"), key=f"point.way.{one.noun_id}"):
        if way.coming.changed:
            parts.facts([(_("What changed"), way.coming.changed)])
        parts.text_block(way.coming.text)
        n = len(way.remarks)
        if n:
            parts.note(ngettext("{n} remark beforehand", "{n} remarks beforehand", n).format(n=n))
            parts.bullets(
                f"{page.staff.person_name(remark.person_id) or '–'}: {remark.title}" for remark in way.remarks
            )
        if not way_of_working.may_be_agreed(way.coming, room.meeting.held_on):
            parts.note(_("It was put up today. Give everybody time to read it, and agree on it next time."))
        elif st.button(_("We agree on this"), key=f"point.agree.{one.noun_id}", type="primary"):
            _settled(lambda: meeting_points.agree(page.store, page.actor, own, one))


_WAYS: dict[Wait, Callable[[Room, Waiting], None]] = {
    **dict.fromkeys(LACKS_A_NAME, _name),
    Wait.POLICY_DUE: _review,
    Wait.AGREEMENT_DUE: _review,
    Wait.REVIEW_DUE: _group_review,
    Wait.WAY_TO_AGREE: _way,
}
