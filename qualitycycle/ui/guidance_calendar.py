"""The calendar of a school year on screen: HGW rounds, group reviews, and what of it is due."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, group_reviews
from qualitycycle.cycle.access import Right
from qualitycycle.i18n import N_, _
from qualitycycle.model import GroupReview, ReviewKind
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui import words as words_of
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page

KINDS = {ReviewKind.ROUND: N_("HGW round"), ReviewKind.REVIEW: N_("Group review")}
N_ROUNDS = 4


def show(page: Page) -> None:
    """One school year; who guides lays it out and changes it."""
    names = [one.school_year_id for one in group_reviews.years(page.store)]
    if not names:
        parts.empty(_("There is no school year yet."), page="school", label=_("School, teams and people"))
        return
    now = calendar.school_year_of(today())
    chosen = st.selectbox(
        _("School year"),
        names,
        index=names.index(now) if now in names else 0,
        key="guidance.year",
        width=220,
    )
    year = group_reviews.year(page.store, page.actor, chosen or names[0])
    if not year.reviews:
        _lay_out(page, year.name)
    if year.due:
        parts.heading(_("Due now"))
        for one in year.due:
            _row(page, one, key="due")
    if year.reviews:
        parts.heading(_("The whole year"))
        parts.lines(_line(page, one) for one in year.reviews)
    if page.may(Right.GUIDE):
        _manage(page, year.reviews)


def _lay_out(page: Page, name: str) -> None:
    if not page.may(Right.GUIDE):
        parts.empty(_("There is no calendar for this school year yet."))
        return
    parts.empty(
        _(
            "There is no calendar for this school year yet. Lay it out in one go: so many rounds, each closed by a "
            "group review of every team. You can change every date."
        )
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input(
            _("HGW rounds this year"),
            1,
            group_reviews.MOST_ROUNDS,
            N_ROUNDS,
            key="guidance.rounds",
            width=180,
        )
        if st.button(_("Lay out the year"), type="primary", key="guidance.lay_out"):
            made = failure.attempt(lambda: group_reviews.lay_out(page.store, page.actor, name, int(n)))
            if made:
                st.rerun()


def _line(page: Page, one: GroupReview) -> tuple[str, str, str]:
    held = _("held {day}").format(day=i18n.short_day(one.done_on)) if one.done_on else ""
    late = "!" if one.done_on is None and one.planned_on < today() else ""
    kind = _(KINDS[one.kind])
    # A title that says what it is need not say it twice.
    about = "" if one.title.startswith(kind) else kind
    return one.title, " · ".join(part for part in (about, held) if part), late + i18n.day(one.planned_on)


def _row(page: Page, one: GroupReview, *, key: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        with st.container():
            parts.lines([_line(page, one)])
        if page.may(Right.GUIDE) and st.button(
            _("Held today"), key=f"guidance.{key}.{one.id}", icon=":material/check:", type="tertiary"
        ):
            done = _("Put down.")
            if failure.attempt(lambda: group_reviews.hold(page.store, page.actor, one.id), done=done):
                st.rerun()


def _manage(page: Page, reviews: tuple[GroupReview, ...]) -> None:
    with st.expander(_("Add to the calendar"), key="guidance.add"):
        teams = {one.team_id: one.name for one in page.staff.teams if not one.archived}
        fields = [
            Field("kind", _("Kind"), Kind.CHOICE, words_of.options(KINDS), optional=False, half=True),
            Field("planned_on", _("Planned date"), Kind.DATE, half=True),
            Field("title", _("Title")),
            Field("team_id", _("Team"), Kind.CHOICE, teams),
        ]
        typed = forms.form("new_review", fields, {"kind": ReviewKind.REVIEW}, submit=_("Add"))
        if typed and failure.worked(
            lambda: group_reviews.add(page.store, page.actor, **typed), done=_("Added.")
        ):
            forms.forget("new_review")
            st.rerun()
    if reviews:
        with st.expander(_("Change a date"), key="guidance.dates"):
            _change(page, {one.id: one for one in reviews})
    aside = group_reviews.put_aside(page.store, page.actor)
    forms.put_aside(
        {one.id: one.title for one in aside},
        lambda own_id: group_reviews.bring_back(page.store, page.actor, own_id),
        label=_("Archived ({n})").format(n=len(aside)),
        key="guidance.aside",
    )


def _change(page: Page, reviews: dict[str, GroupReview]) -> None:
    labels = forms.distinct(
        {one.id: f"{one.title} · {i18n.short_day(one.planned_on)}" for one in reviews.values()}
    )
    chosen = st.selectbox(
        _("Which one"), list(labels), format_func=lambda key: labels.get(key, ""), key="guidance.which"
    )
    one = reviews.get(chosen or "")
    if one is None:
        return
    fields = [
        Field("title", _("Title")),
        Field("planned_on", _("Planned date"), Kind.DATE, half=True),
        Field("done_on", _("Held on"), Kind.DATE, half=True),
    ]
    key = f"edit.review.{one.id}"
    if forms.edit(
        page,
        one,
        fields,
        key=key,
        save=lambda seen, typed: group_reviews.change(page.store, page.actor, one.id, seen, **typed),
    ):
        st.rerun()
    if st.button(_("Archive"), key=f"guidance.archive.{one.id}", type="tertiary", icon=":material/archive:"):
        done = _("Archived. You find it under “Archived” and can bring it back.")
        if failure.attempt(lambda: group_reviews.archive(page.store, page.actor, one.id), done=done):
            st.rerun()
