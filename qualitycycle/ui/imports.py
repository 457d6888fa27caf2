"""Reading in results: a file is recognised, its columns are named, the rows are looked at, and then it is read in."""

from __future__ import annotations

import streamlit as st

from qualitycycle import config, i18n
from qualitycycle.cycle import import_preview, import_words
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.i18n import _
from qualitycycle.imports.files import RawTable
from qualitycycle.imports.mapping import Mapping
from qualitycycle.imports.outcomes import ImportResult
from qualitycycle.model import Batch, Profile
from qualitycycle.ui import (
    import_choices,
    import_columns,
    import_corrections,
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
    if prepared.already is not None and _was_read(prepared, prepared.already):
        return
    if prepared.undone is not None and prepared.already is None:
        _was_undone(prepared.undone)
    if prepared.kind == import_preview.INSPECTIE:
        import_open_data.show_inspectie(page, prepared)
    elif prepared.locations is not None:
        import_open_data.show_own_lines(page, prepared)
    elif prepared.roster is not None:
        rosters.show(page, prepared)
    elif prepared.corrections is not None:
        import_corrections.show(page, prepared)
    elif prepared.mapping is not None:
        _told(page, prepared, prepared.mapping)
    else:
        _table(page, prepared)


def _was_read(prepared: Prepared, already: Batch) -> bool:
    """Say that this content is there already; whether there is nothing left to do with it."""
    day = i18n.moment(config.local_time(already.imported_at))
    if not prepared.tables:
        # Of open data another school may have been meant; the earlier reading makes room by itself.
        parts.note(
            _(
                "This very file was read in before ({day}). Reading it in again takes the place of that."
            ).format(day=day)
        )
        return False
    st.warning(
        plain(
            _(
                "This very file was read in before ({day}). Reading it in again brings nothing new: "
                "take the earlier one back first."
            ).format(day=day)
        )
    )
    if st.button(_("Close"), key=own_key("cancel")):
        done(_("Nothing was read in."))
    return True


def _was_undone(undone: Batch) -> None:
    day = i18n.moment(config.local_time(undone.imported_at))
    parts.note(
        _(
            "This very file was read in before ({day}) and was replaced or taken back. You can also let that count "
            "again: below, under “Replaced or taken back”."
        ).format(day=day)
    )


# --- a table of the school's own -------------------------------------------------------------------------


def _table(page: Page, prepared: Prepared) -> None:
    import_dossiers.show_unread(prepared)
    table = import_columns.pick_table(page, prepared)
    prepared = import_preview.sheet_of(page.store, page.actor, prepared, table)
    if prepared.left and prepared.already is not None:
        told = (
            _("This table was read in. Choose another one.")
            if prepared.zipped
            else _("This sheet was read in. Choose another one.")
        )
        parts.note(told)
        return
    if prepared.already is not None and _was_read(prepared, prepared.already):
        return
    mapping, profile = import_columns.suggested(page, table)
    if profile is not None:
        _as_last_time(page, prepared, table, mapping, profile)
        return
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        parts.heading(_("1. Which column is what"))
        parts.note(_("Our suggestion. Correct it where it is wrong; the right side follows."))
        mapping = import_columns.ask_mapping(page, table, mapping)
    with right:
        parts.heading(_("2. What will be stored"))
        result = import_result.read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    with right:
        import_result.show_result(result, prepared.file_name)
    import_result.show_refused(result)
    import_choices.store(page, prepared, result, mapping)


def _as_last_time(
    page: Page, prepared: Prepared, table: RawTable, mapping: Mapping, profile: Profile
) -> None:
    """A file of a known source: what will be stored and one button; the columns fold away."""
    parts.heading(_("As last time with “{name}”").format(name=profile.name))
    with st.expander(_("Which column is what"), key=own_key("columns")):
        mapping = import_columns.ask_mapping(page, table, mapping)
    result = import_result.read(page, prepared, table, mapping)
    if result is None:
        return
    mapping, result = _with_words(page, prepared, table, mapping, result)
    import_result.show_result(result, prepared.file_name)
    import_result.show_refused(result)
    import_choices.store(page, prepared, result, mapping, profile.name)


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
    import_result.show_result(result, prepared.file_name)
    import_result.show_refused(result)
    import_choices.store(page, prepared, result, mapping, "")


def _with_words(
    page: Page, prepared: Prepared, table: RawTable, mapping: Mapping, result: ImportResult
) -> tuple[Mapping, ImportResult]:
    """The mapping and the result after the school has said what its own words mean."""
    told = import_columns.ask_words(table, mapping, result)
    if told == mapping:
        return mapping, result
    again = import_result.read(page, prepared, table, told)
    return (told, again) if again is not None else (mapping, result)
