"""Reading in results: a file is recognised, its columns are named, the rows are looked at, and then it is read in."""

from __future__ import annotations

import streamlit as st

from qualitycycle import config, i18n
from qualitycycle.cycle import import_preview, import_storing, import_words
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.model import Profile
from qualitycycle.ui import (
    failure,
    import_columns,
    import_dossiers,
    import_open_data,
    import_result,
    parts,
    rosters,
)
from qualitycycle.ui.import_file import done, own_key
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain


def show(page: Page, prepared: Prepared) -> None:
    """What was recognised, and the steps to store it."""
    if prepared.already is not None:
        day = i18n.moment(config.local_time(prepared.already.imported_at))
        st.warning(
            plain(
                _(
                    "This very file was read in before ({day}). Reading it in again brings nothing new: "
                    "take the earlier one back first."
                ).format(day=day)
            )
        )
    if prepared.kind == import_preview.INSPECTIE:
        import_open_data.show_inspectie(page, prepared)
    elif prepared.locations is not None:
        import_open_data.show_own_lines(page, prepared)
    elif prepared.roster is not None:
        rosters.show(page, prepared)
    elif prepared.mapping is not None:
        _told(page, prepared, prepared.mapping)
    else:
        _table(page, prepared)


# --- a table of the school's own -------------------------------------------------------------------------


def _table(page: Page, prepared: Prepared) -> None:
    table = import_columns.pick_table(prepared)
    mapping, profile = import_columns.suggested(page, table)
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        parts.heading(_("1. Which column is what"))
        parts.note(import_columns.about_mapping(page, profile))
        mapping = import_columns.ask_mapping(page, table, mapping)
    with right:
        parts.heading(_("2. What will be stored"))
        result = import_result.read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    with right:
        import_result.show_result(result)
    import_result.show_refused(result)
    _store(page, prepared, result, mapping, profile)


def _told(page: Page, prepared: Prepared, mapping: Mapping) -> None:
    """A format that says itself what is what: nothing to choose, only to look at."""
    table = prepared.tables[0]
    parts.heading(_("What will be stored"))
    parts.note(_(import_words.KINDS_OF_FILE[prepared.kind]))
    import_dossiers.show(table)
    result = import_result.read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    import_result.show_result(result)
    import_result.show_refused(result)
    _store(page, prepared, result, mapping, None)


def _with_words(
    page: Page, prepared: Prepared, table: RawTable, mapping: Mapping, result: ImportResult
) -> tuple[Mapping, ImportResult]:
    """The mapping and the result after the school has said what its own words mean."""
    told = import_columns.ask_words(table, mapping, result)
    if told == mapping:
        return mapping, result
    again = import_result.read(page, prepared, table, told)
    return (told, again) if again is not None else (mapping, result)


def _store(
    page: Page, prepared: Prepared, result: ImportResult, mapping: Mapping, profile: Profile | None
) -> None:
    name = "" if prepared.mapping else _ask_profile(profile)
    counts = result.counts
    label = ngettext("Read in {n} row", "Read in {n} rows", counts.accepted).format(
        n=i18n.number(counts.accepted)
    )
    if counts.refused:
        label += ", " + _("keep {n} aside").format(n=i18n.number(counts.refused))
    with st.container(horizontal=True):
        sent = st.button(label, type="primary", key=own_key("store"), disabled=not counts.accepted)
        if st.button(_("Cancel"), key=own_key("cancel"), type="tertiary"):
            done(_("Nothing was read in."))
    if not sent:
        return
    stored = failure.attempt(
        lambda: import_storing.import_table(
            page.store, page.actor, prepared, result, mapping, remember_as=name
        )
    )
    if stored is not None:
        done(
            ngettext("{n} row read in.", "{n} rows read in.", stored.n_accepted).format(
                n=i18n.number(stored.n_accepted)
            )
        )


def _ask_profile(profile: Profile | None) -> str:
    parts.heading(_("3. Read in"))
    place, _rest = st.columns([1, 1])
    name = place.text_input(
        _("Remember these columns as (optional)"),
        profile.name if profile else "",
        key=own_key("profile"),
        max_chars=80,
        placeholder=_("Such as: results from our LVS"),
        help=_("A next file with the same columns is then read in the same way."),
    )
    return str(name or "")
