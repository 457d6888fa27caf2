"""The school, its teams, its people and its calendar: looked at, changed, put aside and brought back."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, plan, school, school_accounts, series, sign_in
from qualitycycle.errors import Incomplete
from qualitycycle.i18n import N_, _, ngettext
from qualitycycle.model import Holiday, Person, Phase, Record, Role, School, SchoolYear, Sector, Team
from qualitycycle.store.records import new_id
from qualitycycle.ui import failure, forms, parts, words
from qualitycycle.ui.forms import Field, Kind
from qualitycycle.ui.page import ROLE_NAMES, Page
from qualitycycle.ui.text import plain, safe

R = TypeVar("R", bound=Record)
EDITING = "school.editing"
# The word that was just made for somebody: in this session only, until it is put away.
WORD = "school.word"
# The year groups that every school of a sector has; a school of vo also finds the ones of its results.
YEAR_GROUPS = {
    Sector.PO: tuple("12345678"),
    Sector.VO: tuple("123456"),
    Sector.SO: tuple("12345678"),
}
PARTS = {
    "staff": N_("People"),
    "teams": N_("Teams"),
    "years": N_("School years and holidays"),
    "school": N_("The school"),
    "phases": N_("Names of the phases"),
}
# How many years ahead of the present one can be added.
N_YEARS_AHEAD = 3


def pick_part() -> str:
    """Which part of the school the page shows."""
    return parts.pick_part(PARTS, key="school.part", start="staff")


def show(page: Page, part: str) -> None:
    """One part of the school."""
    {"staff": _people, "teams": _teams, "years": _years, "school": _school, "phases": _phases}[part](page)


# --- the school itself -----------------------------------------------------------------------------------


def _school(page: Page) -> None:
    with parts.card("school"):
        saved = forms.edit(page, page.staff.school, _school_fields(), key="edit.school")
    parts.note(_("Another region does not change holidays that are here already."))
    if saved:
        st.rerun()


def _school_fields() -> list[Field]:
    return [
        Field("name", _("Name of the school")),
        Field("sector", _("Sector"), Kind.CHOICE, words.options(words.SECTORS), optional=False, half=True),
        Field("brin", _("BRIN code (optional)"), half=True),
        Field("region", _("Holidays of region"), Kind.CHOICE, words.options(words.REGIONS), optional=False, half=True),
        Field("language", _("Language of the school"), Kind.CHOICE, i18n.LANGUAGES, optional=False, half=True),
    ]  # fmt: skip


def _phases(page: Page) -> None:
    """The school's own names for the five fixed phases; an empty one is ours."""
    own = page.staff.school
    parts.note(_("The five phases are fixed; their names are yours. Leave a name empty to use ours."))
    fields = [Field(str(phase), _(words.PHASES[phase])) for phase in Phase]
    with parts.card("phases"):
        seen = st.session_state.setdefault("edit.phases.seen", own.revision)
        typed = forms.form("edit.phases", fields, own.phase_labels, submit=_("Save"))
    if typed is None:
        return
    labels = {key: label for key, label in typed.items() if label}
    saved = failure.attempt(
        lambda: plan.change(page.store, page.actor, School, own.id, seen, phase_labels=labels),
        done=_("Saved."),
    )
    if saved:
        forms.forget("edit.phases")
        st.rerun()


# --- teams and people ------------------------------------------------------------------------------------


def _teams(page: Page) -> None:
    here = [team for team in page.staff.teams if not team.archived]
    fields = _team_fields(page)
    _add(page, "team", _("Add a team"), fields, {}, lambda typed: Team(team_id=new_id(), **typed))
    _rows(page, here, fields, lambda team: (team.name, _about_team(page, team)), ordered=True)
    forms.archived(page, Team, [team for team in page.staff.teams if team.archived])


def _team_fields(page: Page) -> list[Field]:
    groups = {*YEAR_GROUPS[page.staff.school.sector], *series.year_groups(page.store, page.actor)}
    groups |= {group for team in page.staff.teams for group in team.year_groups}
    return [
        Field("name", _("Name of the team")),
        Field(
            "year_groups",
            _("Year groups it teaches"),
            Kind.MANY,
            {group: group for group in sorted(groups, key=lambda group: (len(group), group))},
            help=_(
                "Members of the team see the pupil outcomes of these year groups, beside those of the school."
            ),
        ),
    ]


def _about_team(page: Page, team: Team) -> str:
    n = sum(team.team_id in person.team_ids and not person.archived for person in page.staff.people)
    people = ngettext("{n} person", "{n} people", n).format(n=n)
    if not team.year_groups:
        return people
    groups = ngettext("year group {list}", "year groups {list}", len(team.year_groups))
    return f"{people} · {groups.format(list=i18n.join(list(team.year_groups)))}"


def _people(page: Page) -> None:
    here = [person for person in page.staff.people if not person.archived]
    fields = _person_fields(page)
    start = {"role": Role.MEMBER}
    _add(page, "person", _("Add a person"), fields, start, lambda typed: Person(person_id=new_id(), **typed))
    if page.staff.school.is_demo:
        _rows(page, here, fields, lambda person: (person.name, _about(page, person)))
    else:
        access = sign_in.has_access(page.store, page.actor)
        _forget_used_word(access)
        accounts = school_accounts.people_with_account(page.store, page.actor)
        parts.note(_("Who is to sign in gets a word from you: with it a colleague chooses a passphrase."))
        _rows(
            page,
            here,
            fields,
            lambda person: (
                person.name,
                f"{_about(page, person)} · {_access(access.get(person.id), person.id in accounts)}",
            ),
            beside=lambda person: _access_button(
                page, person, again=person.id in access, has_account=person.id in accounts
            ),
            below=lambda person: _show_word(person),
        )
    forms.archived(page, Person, [person for person in page.staff.people if person.archived])


def _person_fields(page: Page) -> list[Field]:
    teams = {team.team_id: team.name for team in page.staff.teams if not team.archived}
    return [
        Field("name", _("Name"), half=True),
        Field("title", _("Title, in your own words"), half=True),
        Field(
            "role",
            _("Access"),
            Kind.CHOICE,
            words.options(ROLE_NAMES),
            optional=False,
            half=True,
            help=_(
                "A school leader does everything; an internal coach guides the cycle and reads in results; a team "
                "member sees it and works on own actions; a reader sees closed cycles only."
            ),
        ),
        Field("team_ids", _("Teams"), Kind.MANY, teams, half=True),
    ]


def _access(chosen: bool | None, has_account: bool) -> str:
    """Whether a person can sign in: with a passphrase, a school account, a word still to be used, or not yet."""
    words_for = {None: _("no passphrase yet"), True: _("has a passphrase"), False: _("has a word to use")}
    if not has_account:
        return words_for[chosen]
    account = _("has a school account")
    return account if chosen is None else f"{words_for[chosen]}, {account}"


def _access_button(page: Page, person: Person, *, again: bool, has_account: bool) -> None:
    if st.session_state.get(WORD, ("", ""))[0] == person.id:
        # An open popover would lie over the word.
        return
    own = person.id == page.actor.person_id
    if own and not school_accounts.is_offered():
        return
    with st.popover(_("Access"), key=f"access.{person.id}", type="tertiary", icon=":material/key:"):
        if school_accounts.is_offered():
            _account(page, person, has_account=has_account)
        if own:
            # A word would sign the leader out before it is read. The own passphrase is changed at the top.
            return
        st.write(
            plain(
                (
                    _(
                        "A new word ends the present passphrase of {name}, who has to sign in again everywhere."
                    )
                    if again
                    else _("{name} gets a word to sign in with, once, within a day.")
                ).format(name=person.name)
            )
        )
        if again and person.role in (Role.COACH, Role.LEADER):
            st.write(
                plain(
                    _(
                        "Whoever keeps a sealed log opens it with the passphrase of before or a recovery key. Without "
                        "both, what is in it is lost."
                    )
                )
            )
        if st.button(_("Make a word"), key=f"access.{person.id}.word", type="primary"):
            word = failure.attempt(lambda: sign_in.hand_out(page.store, page.actor, person.id))
            if word:
                st.session_state[WORD] = (person.id, word)
                st.rerun()


def _account(page: Page, person: Person, *, has_account: bool) -> None:
    """The address of the account with which this person may sign in; it cannot be read back."""
    hint = _("Only a scrambled form is kept.")
    label = (
        _("E-mail address of another school account")
        if has_account
        else _("E-mail address of the school account")
    )
    typed = forms.form(f"account.{person.id}", [Field("account", label, help=hint)], {}, submit=_("Save"))
    if typed is not None and failure.worked(
        lambda: _set_account(page, person, typed["account"]), done=_("Saved.")
    ):
        forms.forget(f"account.{person.id}")
        st.rerun()
    ended = has_account and st.button(_("End this account"), key=f"account.{person.id}.end", type="tertiary")
    if ended and failure.worked(lambda: school_accounts.set_account(page.store, page.actor, person.id, "")):
        st.rerun()


def _set_account(page: Page, person: Person, address: str | None) -> Person:
    """An address that was left empty by mistake ends nothing."""
    if not address:
        raise Incomplete("person", "account", "no_address")
    return school_accounts.set_account(page.store, page.actor, person.id, address)


def _forget_used_word(access: Mapping[str, bool]) -> None:
    """A word that was used, or whose day is over, is shown no longer, also where nobody put it away."""
    for_whom = st.session_state.get(WORD, ("", ""))[0]
    if for_whom and access.get(for_whom) is not False:
        del st.session_state[WORD]


def _show_word(person: Person) -> None:
    """The word that was just made, until it is put away; it is kept nowhere."""
    for_whom, word = st.session_state.get(WORD, ("", ""))
    if for_whom != person.id:
        return
    with parts.card("word"):
        st.write(plain(_("Word for {name}, shown only now:").format(name=person.name)))
        st.html(f'<p class="qc-word">{safe(word)}</p>')
        st.write(
            plain(
                _(
                    "Say it or write it down for {name}: sign in with the name and this word, within a day, and "
                    "choose a passphrase of your own."
                ).format(name=person.name)
            )
        )
        if st.button(_("Done"), key="access.done"):
            st.session_state.pop(WORD, None)
            st.rerun()


def _about(page: Page, person: Person) -> str:
    teams = [page.staff.team_name(team_id) or "" for team_id in person.team_ids]
    said = dict.fromkeys((person.title, _(ROLE_NAMES[person.role]), i18n.join(teams)))
    return " · ".join(part for part in said if part)


# --- years and holidays ----------------------------------------------------------------------------------


def _years(page: Page) -> None:
    dates = [
        Field("first_on", _("First day of school"), Kind.DATE, half=True),
        Field("last_on", _("Last day of school"), Kind.DATE, half=True),
    ]
    left, right = st.columns([1, 1.4], gap="large")
    with left:
        parts.heading(_("School years"))
        _add_year(page)
        years = sorted(page.staff.years, key=lambda year: year.first_on, reverse=True)
        _rows(page, years, dates, lambda year: (year.id, _period(year)), archivable=False)
    with right:
        parts.heading(_("Holidays and days off"))
        fields = [
            Field("name", _("Name")),
            Field("first_on", _("First day off"), Kind.DATE, half=True),
            Field("last_on", _("Last day off"), Kind.DATE, half=True),
        ]
        _add(page, "holiday", _("Add a holiday or a day off"), fields, {}, _new_holiday)
        latest = sorted(page.staff.holidays, key=lambda one: one.first_on, reverse=True)
        _rows(page, latest, fields, lambda one: (one.name, _period(one)))
        every = plan.find(page.store, page.actor, Holiday, archived=True)
        forms.archived(page, Holiday, [one for one in every if one.archived])


def _new_holiday(typed: dict[str, Any]) -> Holiday:
    # One day off needs one date.
    last_on = typed["last_on"] or typed["first_on"]
    return Holiday(holiday_id=new_id(), **{**typed, "last_on": last_on})


def _period(one: SchoolYear | Holiday) -> str:
    if one.first_on == one.last_on:
        return i18n.short_day(one.first_on)
    return f"{i18n.short_day(one.first_on)} – {i18n.short_day(one.last_on)}"


def _add_year(page: Page) -> None:
    there = {year.id for year in page.staff.years}
    years = [year for year in _coming_years() if year not in there]
    if not years:
        return
    with st.expander(_("Add a school year"), key="add.school_year"):
        year = st.selectbox(_("School year"), years, key="add.school_year.which")
        first, last = calendar.lesson_bounds(year, page.staff.school.region)
        begin, end = st.columns(2)
        first_on = begin.date_input(
            _("First day of school"),
            first,
            key=f"add.year.first.{year}",
            format=forms.DATE_FORMAT,
            required=True,
        )
        last_on = end.date_input(
            _("Last day of school"),
            last,
            key=f"add.year.last.{year}",
            format=forms.DATE_FORMAT,
            required=True,
        )
        parts.note(_("The holidays of your region come along where they are known."))
        if st.button(_("Add a school year"), key="add.school_year.send", type="primary"):
            added = failure.attempt(
                lambda: school.add_school_year(page.store, page.actor, year, first_on, last_on),
                done=_("Added."),
            )
            if added is not None:
                st.rerun()


def _coming_years() -> list[str]:
    years = [calendar.school_year_of(today())]
    for _n in range(N_YEARS_AHEAD):
        years.append(calendar.next_year(years[-1]))
    return years


# --- rows with a form under the one that is being changed ------------------------------------------------


def _add(
    page: Page,
    noun: str,
    label: str,
    fields: Sequence[Field],
    start: dict[str, Any],
    make: Callable[[dict[str, Any]], Record],
) -> None:
    with st.expander(label, key=f"add.{noun}"):
        typed = forms.form(f"new.{noun}", fields, start, submit=label)
        if typed is None:
            return
        added = failure.attempt(lambda: plan.record(page.store, page.actor, make(typed)), done=_("Added."))
        if added is not None:
            forms.forget(f"new.{noun}")
            st.rerun()


def _rows(
    page: Page,
    records: Sequence[R],
    fields: Sequence[Field],
    about: Callable[[R], tuple[str, str]],
    *,
    archivable: bool = True,
    ordered: bool = False,
    beside: Callable[[R], None] | None = None,
    below: Callable[[R], None] | None = None,
) -> None:
    if not records:
        parts.empty(_("Nothing here yet. Add the first above."))
        return
    with st.container(border=True, key=f"card_rows_{records[0].TABLE}", gap="xxsmall"):
        for one in records:
            _row(
                page,
                one,
                about(one),
                archivable=archivable,
                siblings=records if ordered else (),
                beside=partial(beside, one) if beside else None,
            )
            if below:
                below(one)
            if st.session_state.get(EDITING) == one.id:
                _edit(page, one, fields)


def _row(
    page: Page,
    one: Record,
    about: tuple[str, str],
    *,
    archivable: bool,
    siblings: Sequence[Record],
    beside: Callable[[], None] | None = None,
) -> None:
    name, detail = about
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="small"
    ):
        st.html(f'<b>{safe(name)}</b> <span class="qc-quiet">{safe(detail)}</span>', width="stretch")
        with st.container(horizontal=True, width="content", gap="small"):
            if siblings:
                forms.order_buttons(page, one, siblings)
            if beside:
                beside()
            if st.button(_("Change"), key=f"change.{one.id}", type="tertiary", icon=":material/edit:"):
                st.session_state[EDITING] = one.id
                st.rerun()
            if archivable:
                forms.archive_button(page, one)


def _edit(page: Page, one: Record, fields: Sequence[Field]) -> None:
    key = f"edit.{one.id}"
    with parts.card(f"edit_{one.TABLE}"):
        saved = forms.edit(page, one, fields, key=key)
        if st.button(_("Cancel"), key=f"cancel.{one.id}", type="tertiary"):
            forms.forget(key)
            saved = one
    if saved:
        st.session_state.pop(EDITING, None)
        st.rerun()
