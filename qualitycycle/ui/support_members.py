"""Who is in the support team and why it is composed as it is, on screen."""

from __future__ import annotations

from functools import partial

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import meetings, plan, support_team
from qualitycycle.cycle.support_words import REASONS
from qualitycycle.i18n import _
from qualitycycle.model import SupportMember, TeamReason, TeamReasonKind
from qualitycycle.ui import failure, forms, guidance, parts
from qualitycycle.ui import words as words_of
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page


def show(page: Page) -> None:
    """The team at the left, the reasons for it at the right."""
    found = support_team.look(page.store, page.actor)
    left, right = st.columns(2, gap="large")
    with left:
        parts.heading(_("Who is in the team"))
        if not found.members:
            parts.note(_("Nobody is in the team yet."))
        for one in found.members:
            _member(page, one)
        if page.may_edit:
            _join(page)
        _left(page, found.left)
    with right:
        parts.heading(_("Why this team"))
        if not found.reasons:
            parts.note(_("Say here why the team is as it is: budget, size, pupils, or a specific aim."))
        for reason in found.reasons:
            _reason(page, reason)
        if page.may_edit:
            _give_reason(page)
        forms.archived(page, TeamReason, found.former_reasons)


def _called(page: Page, one: SupportMember) -> str:
    return page.staff.person_name(one.person_id) or one.name


def _member(page: Page, one: SupportMember) -> None:
    with (
        parts.card(f"row_member_{one.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        with st.container(width="stretch"):
            from_outside = _("from outside the school") if one.person_id is None else ""
            quiet = " · ".join(filter(None, [one.role, from_outside]))
            parts.lines([(_called(page, one), quiet, "")])
        if page.may_edit:
            with st.popover(_("Change"), key=f"member.change.{one.id}", type="tertiary"):
                if forms.edit(
                    page,
                    one,
                    [Field("role", _("Role, in your own words"))],
                    key=f"edit.member.{one.id}",
                    save=lambda seen, typed: support_team.change_role(
                        page.store, page.actor, one.id, seen, typed["role"]
                    ),
                ):
                    st.rerun()
                if st.button(_("Leaves the team"), key=f"member.leave.{one.id}", type="tertiary") and (
                    failure.worked(
                        lambda: plan.archive(page.store, page.actor, SupportMember, one.id), done=_("Saved.")
                    )
                ):
                    st.rerun()


def _join(page: Page) -> None:
    with st.expander(_("Add somebody"), key="support.join"):
        names = {one.person_id: one.name for one in meetings.expected(page.store)}
        fields = [
            Field("person_id", _("Colleague"), Kind.CHOICE, names, half=True),
            Field("name", _("Or somebody from outside"), half=True),
            Field("role", _("Role, in your own words")),
        ]
        typed = forms.form("new_member", fields, {}, submit=_("Add"))
        if typed and failure.worked(
            lambda: support_team.join(page.store, page.actor, **typed), done=_("Added.")
        ):
            forms.forget("new_member")
            st.rerun()


def _left(page: Page, left: tuple[SupportMember, ...]) -> None:
    forms.put_aside(
        {one.id: _called(page, one) + (f" · {one.role}" if one.role else "") for one in left},
        partial(plan.restore, page.store, page.actor, SupportMember) if page.may_edit else None,
        label=_("Was in the team before ({n})").format(n=len(left)),
        key="support.left",
    )


def _reason(page: Page, one: TeamReason) -> None:
    with (
        parts.card(f"row_reason_{one.id}"),
        st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"),
    ):
        with st.container(width="stretch", gap=None):
            st.html(parts.badge(_(REASONS[one.kind])))
            parts.text_block(one.title)
            parts.note(_("since {day}").format(day=i18n.day(one.noted_on)))
        if page.may_edit:
            forms.archive_button(page, one)


def _give_reason(page: Page) -> None:
    with st.expander(_("Add a reason"), key="support.reason"):
        fields = [
            Field("kind", _("Kind"), Kind.CHOICE, words_of.options(REASONS), optional=False),
            Field("title", _("What follows from it for the team?"), Kind.TEXT),
        ]
        typed = forms.form("new_reason", fields, {"kind": TeamReasonKind.BUDGET}, submit=_("Add"))
        guidance.warn_typed(page, "new_reason", "title")
        if typed and failure.worked(
            lambda: support_team.give_reason(page.store, page.actor, **typed), done=_("Added.")
        ):
            forms.forget("new_reason")
            st.rerun()
