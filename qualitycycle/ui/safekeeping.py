"""Backup, check-up and export on the screen."""

from __future__ import annotations

import io
import tempfile
import zipfile
from pathlib import Path

import pandas as pd
import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import upkeep
from qualitycycle.i18n import _
from qualitycycle.ui import failure, parts
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain

EXPORT = "safekeeping.export"
FOUND = "safekeeping.found"
MEGABYTE = 1_000_000


def backups(page: Page) -> None:
    """Make a backup now, and the backups there are."""
    parts.heading(_("Backup"))
    parts.note(
        _("A backup is made every day the program is used. The last seven days and eight weeks are kept.")
    )
    if upkeep.is_left_out(page.store, page.actor):
        parts.note(
            _(
                "A round or vote is open. Its answers go into a backup only after closing: two backups would differ "
                "by who came in between. Putting one back gives that round as it was when it was opened."
            )
        )
    if st.button(_("Make a backup now"), type="primary", key="safekeeping.back_up"):
        with st.spinner(_("The backup is being made …")):
            made = failure.attempt(
                lambda: upkeep.back_up(page.store, page.actor), done=_("The backup is made and read back.")
            )
        if made is not None:
            st.rerun()
    found = upkeep.backups(page.store, page.actor)
    if not found:
        parts.empty(_("There is no backup yet. Make the first one now."))
        return
    rows = [(i18n.moment(one.made_at), _size(one.n_bytes), one.path.name) for one in found]
    with st.container(height=260 if len(rows) > 6 else "content", border=False, key="safekeeping_list"):
        parts.table(pd.DataFrame(rows, columns=[_("Made"), _("Size"), _("File")]))


def _size(n_bytes: int) -> str:
    return _("{n} MB").format(n=i18n.number(n_bytes / MEGABYTE, 1))


def where(page: Page) -> None:
    """Where the data is, and how a backup is put back."""
    parts.heading(_("Where your data is"))
    parts.facts(
        [
            (_("The school's file"), str(page.store.path)),
            (_("Backups"), str(upkeep.backup_folder(page.store))),
        ]
    )
    parts.note(
        _(
            "Copy the folder with backups to another place now and then, such as a USB stick in the safe. "
            "Keep the .key file with it: without it, codes that are still open and pupils are not recognised."
        )
    )
    st.write(plain(_("To put a backup back, stop the program and run this in a terminal:")))
    found = upkeep.backups(page.store, page.actor)
    example = str(found[0].path) if found else _("FILE")
    st.code(f'qualitycycle restore "{example}"', language=None, wrap_lines=True)
    parts.note(_("The file that is in use now is kept aside, so this can be undone as well."))


def check_up(page: Page) -> None:
    """The doctor's findings in sentences."""
    parts.heading(_("Check-up"))
    if st.button(_("Check the whole file"), key="safekeeping.doctor"):
        with st.spinner(_("Checking …")):
            st.session_state[FOUND] = (page.store.version, upkeep.doctor(page.store))
    version, found = st.session_state.get(FOUND, (None, None))
    if version != page.store.version or found is None:
        parts.note(_("Looks whether everything in the file fits together. It changes nothing."))
        return
    if not found:
        st.success(plain(_("Everything is in order.")))
    for finding in found:
        st.warning(plain(upkeep.finding_sentence(finding)))


def export(page: Page) -> None:
    """Everything that may leave, as a zip."""
    parts.heading(_("Export"))
    parts.note(
        _(
            "All your plans, goals, actions, evidence and results as tables (CSV) and as one JSON file. "
            "Single answers, codes and rows about pupils stay here."
        )
    )
    if st.button(_("Make an export"), key="safekeeping.export_make"):
        with st.spinner(_("The export is being made …")):
            st.session_state[EXPORT] = failure.attempt(lambda: _zipped(page))
    made = st.session_state.get(EXPORT)
    if made is None:
        return
    name, content, n_tables, n_rows = made
    st.download_button(
        _("Save the export ({tables} tables, {rows} rows)").format(tables=n_tables, rows=i18n.number(n_rows)),
        content,
        file_name=name,
        mime="application/zip",
        key="safekeeping.export_save",
        type="primary",
        on_click=_forget_export,
    )


def _zipped(page: Page) -> tuple[str, bytes, int, int]:
    with tempfile.TemporaryDirectory() as folder:
        done = upkeep.export(page.store, page.actor, Path(folder))
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as zipped:
            for path in sorted(done.path.rglob("*")):
                if path.is_file():
                    zipped.write(path, f"{done.path.name}/{path.relative_to(done.path)}")
    return f"{done.path.name}.zip", packed.getvalue(), done.n_tables, done.n_rows


def _forget_export() -> None:
    # The zip holds the whole school: it does not stay in memory longer than needed.
    st.session_state.pop(EXPORT, None)
