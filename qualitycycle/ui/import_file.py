"""Reading in results: the file at hand, and what the page remembers of it."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from qualitycycle import i18n
from qualitycycle.cycle import import_preview
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.errors import ImportRejected, QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports import archives
from qualitycycle.imports.files import FileReason
from qualitycycle.ui import elsewhere, failure, forms, navigation
from qualitycycle.ui.page import Page

# What the page remembers of the file at hand begins with this; a saved or dropped file takes it all along.
FILE = "imports.file."
PREPARED = f"{FILE}prepared"
ROUND = "imports.round"
# From so many bytes on, reading takes a second or more.
LARGE = 5_000_000


def upload(page: Page) -> Prepared | None:
    """Ask for a file; what was recognised in it, or None."""
    number = st.session_state.setdefault(ROUND, 0)
    files = st.file_uploader(
        _("A file with results: CSV, Excel, ODS, XML or open data"),
        key=f"imports.upload.{number}",
        accept_multiple_files=True,
        help=_(
            "From your LVS or LAS, or the Inspectie's open data. Names, BSN and birth dates are not read in; pupil "
            "numbers become a code that only this school's file understands."
        ),
    )
    if not files:
        forget()
        return None
    chosen = ".".join(file.file_id for file in files)
    known = st.session_state.get(PREPARED)
    if known and known[0] == chosen:
        return known[1]  # type: ignore[no-any-return]
    forget()
    try:
        prepared = _read_all(page, files)
    except QualityCycleError as error:
        failure.tell(error)
        if isinstance(error, ImportRejected) and error.reason == import_preview.ANSWERS:
            label = _("Read in a form that was filled in elsewhere")
            navigation.link("rounds", label, query={elsewhere.ASKED: "1"})
        return None
    st.session_state[PREPARED] = (chosen, prepared)
    return prepared


def _read_all(page: Page, files: Sequence[UploadedFile]) -> Prepared:
    if len(files) == 1:
        return _read(page, files[0].getvalue(), files[0].name)
    # A folder of OneRoster and a handful of dossiers are chosen file by file: together they are what a zip holds.
    name = ngettext("{n} file", "{n} files", len(files)).format(n=i18n.number(len(files)))
    packed = archives.packed({file.name: file.getvalue() for file in files}, name)
    try:
        return _read(page, packed, name)
    except ImportRejected as error:
        if error.reason == FileReason.UNKNOWN_ARCHIVE:
            raise ImportRejected(name, "one_at_a_time") from error
        raise


def _read(page: Page, content: bytes, name: str) -> Prepared:
    text = _("Reading the file …")
    if len(content) < LARGE:
        with st.spinner(text):
            return import_preview.read_file(page.store, page.actor, content, name)
    bar = st.progress(0.0, text=text)

    def tell(share: float) -> None:
        bar.progress(min(share, 1.0), text=text)

    try:
        return import_preview.read_file(
            page.store,
            page.actor,
            content,
            name,
            on_progress=tell,
        )
    finally:
        bar.empty()


def own_key(name: str) -> str:
    """A key of its own per file: what was chosen for one file means nothing for the next."""
    return f"{FILE}{st.session_state[PREPARED][0]}.{name}"


def forget() -> None:
    forms.forget(FILE.removesuffix("."))


def go_on(message: str) -> None:
    """A part of the file is dealt with: say so and show the next part."""
    st.session_state["flash"] = message
    st.rerun()


def done(message: str) -> None:
    """The file is dealt with: say so and make room for the next one."""
    forget()
    st.session_state[ROUND] += 1
    st.session_state["flash"] = message
    st.rerun()
