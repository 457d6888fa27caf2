"""The groups of a school year: looked at before they are stored, and taken over by a team."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from qualitycycle import i18n
from qualitycycle.config import today
from qualitycycle.cycle import calendar, import_rosters, import_words, plan, rosters
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.cycle.rosters import GroupHeld
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.fields import YEAR_GROUPS
from qualitycycle.model import Team
from qualitycycle.store.records import new_id
from qualitycycle.ui import failure, import_table, parts, words
from qualitycycle.ui.import_file import done, own_key
from qualitycycle.ui.page import Page

N_YEARS = 3


def show(page: Page, prepared: Prepared) -> None:
    """The groups of a file, and the button that stores them."""
    roster = import_rosters.known(prepared)
    parts.heading(_("Groups in this file"))
    parts.note(
        _(
            "Stored are the groups, their year groups and how many pupils there are. Names, BSN, birth dates and "
            "everything else about pupils and teachers were not read."
        )
    )
    year = roster.school_year or _ask_year()
    unplaced = _("some") if roster.n_unplaced else ""
    parts.facts([(_("School year"), roster.school_year), (_("Pupils without a year group"), unplaced)])
    _show_groups(rosters.groups_of(roster))
    with st.container(horizontal=True):
        sent = st.button(_("Read in these groups"), type="primary", key=own_key("store"))
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
    if not sent:
        return
    stored = failure.attempt(
        lambda: import_rosters.import_roster(page.store, page.actor, prepared, school_year=year)
    )
    if stored is not None:
        done(
            _(
                "The groups are read in. Make teams of them under “School, teams and people”. An earlier reading of "
                "the same school year no longer counts."
            )
        )


def _ask_year() -> str:
    first = int(calendar.school_year_of(today())[:4])
    years = [f"{year}-{year + 1}" for year in range(first + 1, first + 1 - N_YEARS, -1)]
    chosen = st.selectbox(
        _("The file does not say of which school year it is"), years, index=1, key=own_key("year"), width=360
    )
    return str(chosen)


def _show_groups(groups: Sequence[GroupHeld]) -> None:
    rows = [
        (
            _year_group(one.year_group),
            one.group_name or import_table.NOTHING,
            _("fewer than 5") if one.n is None else i18n.number(one.n),
        )
        for one in groups
    ]
    import_table.show((_("Year group"), _("Group"), _("Pupils")), rows, new_lines=(2,), named=(2,))


def _year_group(code: str) -> str:
    if code in import_words.OTHER_GROUPS:
        return _(import_words.OTHER_GROUPS[code])
    return words.year_group(code) if code in YEAR_GROUPS and code.isdigit() else code


# --- a team of groups ------------------------------------------------------------------------------------


def take_over(page: Page) -> None:
    """The groups that were read in last, and a team made of some of them; nothing before there are any."""
    held = rosters.held(page.store, page.actor)
    if held is None:
        return
    parts.heading(_("Groups in {year}").format(year=held.school_year))
    _show_groups(held.groups)
    labels = {place: _label(one) for place, one in enumerate(held.groups) if one.year_group in YEAR_GROUPS}
    with st.form("rosters.team", border=False, clear_on_submit=True):
        left, right = st.columns(2)
        name = left.text_input(_("Name of the team"), max_chars=80)
        chosen = right.multiselect(
            _("Groups"), [*labels], format_func=lambda place: labels[place], placeholder=_("Choose groups")
        )
        sent = st.form_submit_button(_("Make a team of these groups"))
    if not sent:
        return
    codes = {held.groups[place].year_group for place in chosen}
    team = Team(
        team_id=new_id(),
        name=name or "",
        year_groups=tuple(sorted(codes, key=lambda code: (len(code), code))),
    )
    told = ngettext("Team made with {n} year group.", "Team made with {n} year groups.", len(codes))
    if failure.attempt(lambda: plan.record(page.store, page.actor, team), done=told.format(n=len(codes))):
        st.rerun()


def _label(one: GroupHeld) -> str:
    return " · ".join(filter(None, (_year_group(one.year_group), one.group_name)))
