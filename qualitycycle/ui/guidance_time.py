"""Where the weeks of an internal coach go: a week entered in a minute, planned beside real, and her own reflection."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, coaching_log
from qualitycycle.cycle.calendar import WEEK, SchoolWeek
from qualitycycle.cycle.coaching_log import AREAS, Hours, Log, Week
from qualitycycle.i18n import _
from qualitycycle.ui import failure, figures, forms, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.guidance_log import SEALED
from qualitycycle.ui.page import Page

N_BACK = 8
CHOSEN = f"{SEALED}.time.monday"


def show(page: Page, session: str) -> None:
    """The hours of one week, the chart over the weeks, and the choice between guiding and leading."""
    log = coaching_log.read(page.store, page.actor, session)
    left, right = st.columns([1, 1.3], gap="medium")
    with left:
        parts.heading(_("A week in a minute"))
        with parts.card("week_hours"):
            _enter(page, session, log)
    with right:
        parts.heading(_("Planned beside real"))
        if log.weeks:
            parts.note(
                _("A bar is what it was; the line is what you planned. At the right: all weeks drawn.")
            )
            figure = charts.time_spent(
                log.weeks,
                lambda one: _name(page, one.monday),
                lambda one: _short(page, one.monday),
                page.theme,
            )
            figures.chart(figure, key="time_spent")
        else:
            parts.note(_("Enter a first week, and it is drawn here. Only you see it."))
    _tandem(page, session, log)


# --- a week ----------------------------------------------------------------------------------------------


def _week(page: Page, monday: date) -> SchoolWeek:
    return calendar.school_week(monday, page.staff.years, page.staff.holidays)


def _name(page: Page, monday: date) -> str:
    """The school week with its first day; a week without lessons by the name of its holiday."""
    week, day = _week(page, monday), i18n.short_day(monday)
    if week.number:
        return _("week {n}").format(n=week.number) + f" ({day})"
    return f"{calendar.holiday_title(week.holiday) if week.holiday else _('no lessons')} ({day})"


def _short(page: Page, monday: date) -> str:
    """As much as fits under a bar, in two lines at most."""
    week = _week(page, monday)
    if week.number:
        return _("week {n}").format(n=week.number)
    return f"{_('holiday') if week.holiday else _('no lessons')}\n{monday.day}-{monday.month}"


def _enter(page: Page, session: str, log: Log) -> None:
    this = calendar.monday_of(today())
    # As texts: a switch of language takes along what is chosen only of those.
    mondays = {str(monday): monday for monday in (this - n * WEEK for n in range(N_BACK))}
    if st.session_state.get(CHOSEN) not in mondays:
        st.session_state[CHOSEN] = str(_next_to_enter(page, log, list(mondays.values())))
    labels = forms.distinct({key: _name(page, monday) for key, monday in mondays.items()})
    chosen = st.selectbox(_("Week"), list(mondays), format_func=lambda one: labels.get(one, ""), key=CHOSEN)
    monday = mondays.get(chosen or "", this)
    there = next((one for one in log.weeks if one.monday == monday), None)
    week = there or Week(monday, log.plan, log.plan)
    key = f"{SEALED}.time.{monday}"
    if there is None and log.plan:
        parts.note(_("In hours, filled in with what you planned last. Change what was different."))
    elif week.planned:
        parts.note(_("In hours."))
    else:
        parts.note(_("In hours. Say once below what you plan for a week; the next week begins with it."))
    place, send = st.container(), st.container()
    has_plan = bool(week.planned)
    with st.expander(_("What was planned"), expanded=not has_plan, key=f"{key}.plan"):
        planned = _areas(
            f"{key}.planned", week.planned, lambda title, area: _("{area}, planned").format(area=title)
        )
    with place:
        real = _areas(
            f"{key}.real",
            week.real,
            lambda title, area: (
                _("{area} ({n} planned)").format(area=title, n=i18n.number(week.planned.get(area, 0)))
                if has_plan
                else title
            ),
        )
    asked = send.button(_("Save this week"), type="primary", key=f"{key}.send")
    if asked and failure.worked(
        lambda: coaching_log.save_week(page.store, page.actor, session, monday, planned=planned, real=real),
        done=_("Saved."),
    ):
        forms.forget(key)
        # The next week that is missing comes up.
        forms.forget(CHOSEN)
        st.rerun()


def _next_to_enter(page: Page, log: Log, mondays: Sequence[date]) -> date:
    """The first week with lessons after the last one entered; this week when there is none. Latest Monday first."""
    last = log.weeks[-1].monday if log.weeks else None
    missing = [one for one in mondays if last and one > last and _week(page, one).number]
    return missing[-1] if missing else mondays[0]


def _areas(key: str, hours: Hours, label: Callable[[str, str], str]) -> dict[str, float | str | None]:
    """A field for each area, two in a row; in the language's own way of writing a number."""
    typed: dict[str, float | str | None] = {}
    places: list[Any] = []
    for area, title in AREAS.items():
        places = places or list(st.columns(2))
        with places.pop(0):
            typed[area] = forms.hours(f"{key}.{area}", label(_(title), area), hours.get(area, 0))
    return typed


# --- guiding and leading ---------------------------------------------------------------------------------


def _tandem(page: Page, session: str, log: Log) -> None:
    """The choice between guiding colleagues and helping to lead, as her own question and without a norm."""
    parts.heading(_("Guiding and helping to lead"))
    if log.weeks:
        hours = {area: sum(one.real.get(area, 0) for one in log.weeks) for area in ("guiding", "leading")}
        parts.lines(
            (
                _(AREAS[area]),
                _("over {n} weeks entered").format(n=len(log.weeks)),
                _("{n} hours").format(n=i18n.number(round(hours[area], 1))),
            )
            for area in hours
        )
    parts.note(
        _(
            "Who guides colleagues and also helps to lead the school sits on a tandem: can a colleague show you what "
            "does not work yet? How you divide your hours is your choice; nothing here says how much is enough."
        )
    )
    typed = forms.form(
        f"{SEALED}.reflection",
        [Field("text", _("What does this say to me?"), Kind.TEXT, help=_("Sealed: only you can read this."))],
        {"text": log.reflection},
        submit=_("Save"),
        primary=False,
    )
    if typed is not None:
        saved = failure.worked(
            lambda: coaching_log.set_reflection(page.store, page.actor, session, typed["text"]),
            done=_("Saved."),
        )
        if saved:
            st.rerun()
    parts.note(
        _(
            "A Dutch article says that only 20% of internal coaches get round to guiding teachers. That is one in five "
            "coaches, not one fifth of their time. It names a survey by Laros and Laros (2019), which we have not seen."
        )
    )
