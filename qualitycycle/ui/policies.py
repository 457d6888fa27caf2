"""The register of policies on screen: what is due first, and of each its text, its versions and its evidence."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import meetings, plan, policies
from qualitycycle.cycle.policies import PolicyLine
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Evidence, Policy, PolicyVersion, Says
from qualitycycle.ui import failure, forms, guidance, navigation, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe

OPEN = "policy.open"
A_YEAR = timedelta(days=364)
TONES = {Says.CONTRADICTS: "late", Says.SUPPORTS: "good", Says.NOTHING_YET: "quiet"}


def show(page: Page) -> None:
    """Every policy as a card; one of them open."""
    found = policies.register(page.store, page.actor)
    wanted = st.query_params.get("policy")
    if wanted and st.session_state.get("policy.asked") != wanted:
        st.session_state["policy.asked"] = wanted
        st.session_state[OPEN] = wanted
    if not found:
        parts.empty(
            _(
                "No policy stands here yet. Begin with one that you talk about often, such as moving up faster."
            )
            if page.may_edit
            else _("No policy stands here yet.")
        )
    for line in found:
        _card(page, line)
    if page.may_edit:
        _add(page)
        aside = policies.register(page.store, page.actor, archived=True)
        forms.archived(page, Policy, [one.policy for one in aside])


def _card(page: Page, line: PolicyLine) -> None:
    key = line.policy.policy_id
    is_open = st.session_state.get(OPEN) == key
    with parts.card(f"row_policy_{key}"):
        with st.container(horizontal=True, vertical_alignment="center", key=f"promise.policy.{key}"):
            with st.container(width="stretch", gap=None):
                st.html(_words(page, line))
            if page.may_edit and line.due:
                _holds(page, line)
            if st.button(_("Close") if is_open else _("Read"), key=f"policy.open.{key}", type="tertiary"):
                st.session_state[OPEN] = None if is_open else key
                st.rerun()
        if is_open:
            _open(page, line)


def _words(page: Page, line: PolicyLine) -> str:
    """What it is about, who writes and decides, and when it is looked at again."""
    one, now = line.policy, line.in_force
    badge = parts.badge(_("To look at again"), "talk") if line.due and page.may_see_running else ""
    if now is None:
        badge += " " + parts.badge(_("no text yet"), "talk")
    if not line.grounds and page.may_see_running:
        badge += " " + parts.badge(_("rests on no evidence yet"))
    said = [
        _("version {n}, since {day}").format(n=now.number, day=i18n.short_day(now.applies_on)) if now else "",
        _("decided by {who}").format(who=one.decides) if one.decides else "",
    ]
    if page.may_see_running:
        writer = page.staff.person_name(one.writer_id)
        said += [
            _("written by {who}").format(who=writer) if writer else _("nobody writes it"),
            _("look again on {day}").format(day=i18n.day(one.review_on)) if one.review_on else "",
        ]
    quiet = " · ".join(filter(None, said))
    return f'<div class="qc-task"><b>{safe(one.title)}</b> {badge}</div><div class="qc-quiet">{safe(quiet)}</div>'


def _holds(page: Page, line: PolicyLine) -> None:
    key = line.policy.policy_id
    if st.button(
        _("Still holds"),
        key=f"policy.holds.{key}",
        icon=":material/check:",
        type="tertiary",
        help=_("Looked at today; again in a year."),
    ) and failure.worked(
        lambda: policies.look_again(page.store, page.actor, key, today() + A_YEAR), done=_("Saved.")
    ):
        st.rerun()


# --- one policy ------------------------------------------------------------------------------------------


def _open(page: Page, line: PolicyLine) -> None:
    left, right = st.columns([1.4, 1], gap="large")
    with left:
        _texts(line)
    with right:
        _evidence(page, line)
    if page.may_edit:
        _write(page, line)
        _edit(page, line)


def _texts(line: PolicyLine) -> None:
    """What holds now, what is coming, and what held before."""
    now = line.in_force
    for one in line.versions:
        if now is None or one.number > now.number:
            parts.heading(_("From {day}: version {n}").format(day=i18n.day(one.applies_on), n=one.number))
            _version(one)
    if now is None:
        parts.note(_("There is no text yet."))
        return
    parts.heading(_("What holds now"))
    _version(now)
    earlier = [one for one in line.versions if one.number < now.number]
    if earlier:
        label = ngettext("{n} earlier version", "{n} earlier versions", len(earlier)).format(n=len(earlier))
        with st.expander(label, key=f"policy.earlier.{line.policy.policy_id}"):
            for one in earlier:
                title = _("Version {n}, from {day}").format(n=one.number, day=i18n.day(one.applies_on))
                st.html(f"<b>{safe(title)}</b>")
                _version(one)


def _version(one: PolicyVersion) -> None:
    if one.changed:
        parts.facts([(_("What changed"), one.changed)])
    parts.text_block(one.text)


def _evidence(page: Page, line: PolicyLine) -> None:
    """What speaks against it first."""
    parts.heading(_("What it rests on"))
    if not line.grounds:
        parts.note(_("No evidence is tied to it yet."))
    for one in line.grounds:
        with st.container(horizontal=True, vertical_alignment="center"):
            with st.container(width="stretch", gap=None):
                navigation.link("evidence", one.evidence.title, query={"evidence": one.evidence.evidence_id})
                st.html(parts.badge(_(words.SAYS[one.link.says]), TONES[one.link.says]))
            if (
                page.may_edit
                and st.button(_("Untie"), key=f"policy.untie.{one.link.id}", type="tertiary")
                and failure.worked(
                    lambda one=one: policies.let_go(page.store, page.actor, one.link.id)  # type: ignore[misc]
                )
            ):
                st.rerun()
    if page.may_edit:
        _tie(page, line)


def _tie(page: Page, line: PolicyLine) -> None:
    key = line.policy.policy_id
    tied = {one.evidence.evidence_id for one in line.grounds}
    free = {
        one.evidence_id: one.title
        for one in plan.find(page.store, page.actor, Evidence)
        if one.evidence_id not in tied
    }
    if not free:
        return
    with st.popover(_("Tie evidence"), key=f"policy.tie.{key}"):
        fields = [
            Field("evidence_id", _("Evidence"), Kind.CHOICE, free, optional=False),
            Field("says", _("What does it say?"), Kind.CHOICE, words.options(words.SAYS), optional=False),
        ]
        typed = forms.form(f"tie_policy.{key}", fields, {"says": Says.SUPPORTS}, submit=_("Tie"))
        if typed and failure.worked(
            lambda: policies.rest_on(page.store, page.actor, key, typed["evidence_id"], typed["says"]),
            done=_("Tied."),
        ):
            forms.forget(f"tie_policy.{key}")
            st.rerun()


# --- writing ---------------------------------------------------------------------------------------------


def _write(page: Page, line: PolicyLine) -> None:
    """Another text is another version. It begins from the latest one."""
    key = line.policy.policy_id
    label = _("Write the next version") if line.versions else _("Write the text")
    with st.expander(label, key=f"policy.write.{key}"):
        last = line.versions[0] if line.versions else None
        form = f"write_policy.{key}.{len(line.versions)}"
        fields = [
            Field("text", _("Text"), Kind.TEXT),
            *([Field("changed", _("What changed, and why?"))] if last else []),
            Field("applies_on", _("Holds from"), Kind.DATE),
        ]
        start = {"text": last.text if last else "", "applies_on": today()}
        typed = forms.form(form, fields, start, submit=_("Save as a new version"))
        guidance.warn_typed(page, form, "text", "changed")
        if typed and failure.worked(
            lambda: policies.write_version(
                page.store, page.actor, key, len(line.versions), **{"changed": "", **typed}
            ),
            done=_("Saved."),
        ):
            forms.forget(form)
            st.rerun()


def _fields(page: Page) -> list[Field]:
    names = {one.person_id: one.name for one in meetings.expected(page.store)}
    return [
        Field("title", _("About what?")),
        Field("writer_id", _("Who writes it?"), Kind.CHOICE, names, half=True),
        Field(
            "decides",
            _("Who decides?"),
            half=True,
            help=_("Such as the school leader with consent of the MR."),
        ),
        Field("review_on", _("Look at it again on"), Kind.DATE),
    ]


def _edit(page: Page, line: PolicyLine) -> None:
    key = line.policy.policy_id
    with st.expander(_("Who writes, who decides, and when"), key=f"policy.edit.{key}"):
        if forms.edit(
            page,
            line.policy,
            _fields(page),
            key=f"edit.policy.{key}",
            save=lambda seen, typed: policies.change(page.store, page.actor, key, seen, **typed),
        ):
            st.rerun()
        forms.archive_button(page, line.policy)


def _add(page: Page) -> None:
    with st.expander(_("Add a policy"), key="policy.add"):
        fields = [*_fields(page), Field("text", _("Text, when there is one already"), Kind.TEXT)]
        typed = forms.form("new_policy", fields, {"review_on": today() + A_YEAR}, submit=_("Add"))
        if typed and failure.worked(lambda: policies.add(page.store, page.actor, **typed), done=_("Added.")):
            forms.forget("new_policy")
            st.rerun()
