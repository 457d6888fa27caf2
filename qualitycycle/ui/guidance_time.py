"""Where the weeks of an internal coach go: a week entered in a minute, planned beside real, and her own reflection."""

from __future__ import annotations

from datetime import date, timedelta

import streamlit as st

from qualitycycle import charts, i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, coaching_log
from qualitycycle.cycle.coaching_log import AREAS, Log, Week
from qualitycycle.i18n import _
from qualitycycle.ui import failure, figures, forms, parts
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

N_BACK = 8


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
            figure = charts.time_spent(log.weeks, lambda one: _name(page, one.monday), theme=page.theme)
            figures.chart(figure, key="time_spent")
        else:
            parts.note(_("Enter a first week, and it is drawn here. Only you see it."))
    _tandem(page, session, log)


# --- a week ----------------------------------------------------------------------------------------------


def _name(page: Page, monday: date) -> str:
    """The school week, or the first day of a week without lessons."""
    week = calendar.school_week(monday, page.staff.years, page.staff.holidays)
    return _("week {n}").format(n=week.number) if week.number else i18n.short_day(monday)


def _enter(page: Page, session: str, log: Log) -> None:
    this = calendar.monday_of(today())
    mondays = [this - n * timedelta(days=7) for n in range(N_BACK)]
    labels = forms.distinct(
        {monday: f"{_name(page, monday)} ({i18n.short_day(monday)})" for monday in mondays}
    )
    monday = st.selectbox(
        _("Week"), mondays, format_func=lambda one: labels.get(one, ""), key="guidance.time.monday"
    )
    if monday is None:
        return
    there = next((one for one in log.weeks if one.monday == monday), None)
    week = there or Week(monday, log.plan, log.plan)
    key = f"guidance.time.{monday}"
    head, planned_head, real_head = st.columns([2, 1, 1])
    head.markdown(f"**{plain(_('Hours'))}**")
    planned_head.markdown(f"**{plain(_('Planned'))}**")
    real_head.markdown(f"**{plain(_('Real'))}**")
    planned, real = {}, {}
    for area, title in AREAS.items():
        name, plan, was = st.columns([2, 1, 1], vertical_alignment="center")
        name.write(plain(_(title)))
        planned[area] = _hours(
            plan, f"{key}.planned.{area}", _("{area}: planned"), title, week.planned.get(area)
        )
        real[area] = _hours(was, f"{key}.real.{area}", _("{area}: real"), title, week.real.get(area))
    if there is None and log.plan:
        parts.note(_("Filled in with what you planned last. Change what was different."))
    if st.button(_("Save this week"), type="primary", key=f"{key}.send"):
        saved = failure.worked(
            lambda: coaching_log.save_week(
                page.store, page.actor, session, monday, planned=planned, real=real
            ),
            done=_("Saved."),
        )
        if saved:
            st.rerun()


def _hours(place: object, key: str, label: str, title: str, value: float | None) -> float:
    typed = place.number_input(  # type: ignore[attr-defined]
        plain(label.format(area=_(title))),
        0.0,
        float(coaching_log.MOST_HOURS),
        float(value or 0),
        0.5,
        format="%.1f",
        key=key,
        label_visibility="collapsed",
    )
    return float(typed or 0)


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
        "guidance.time.reflection",
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
