"""Reading in results: the files at hand, one after the other, and what the page remembers of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from qualitycycle import i18n
from qualitycycle.cycle import import_preview
from qualitycycle.cycle.import_preview import Prepared
from qualitycycle.errors import ImportRejected, QualityCycleError
from qualitycycle.i18n import _, ngettext
from qualitycycle.imports import archives, oneroster
from qualitycycle.imports.files import FileReason
from qualitycycle.store.records import new_id
from qualitycycle.ui import elsewhere, failure, forms, navigation, parts
from qualitycycle.ui.page import Page

# What the page remembers of the files at hand begins with this; a saved or dropped file takes it all along.
FILE = "imports.file."
CHOSEN = f"{FILE}chosen"
AT_HAND = f"{FILE}at_hand"
DEALT_WITH = f"{FILE}dealt_with"
ROUND = "imports.round"
# From so many bytes on, reading takes a second or more.
LARGE = 5_000_000


@dataclass(frozen=True)
class Chosen:
    """One of the files that were chosen: its key on this page, and what was recognised in it or why nothing was."""

    key: str
    prepared: Prepared | None = None
    error: QualityCycleError | None = None


def upload(page: Page) -> Prepared | None:
    """Ask for files; what was recognised in the one whose turn it is, or None."""
    # A new one per session: else a browser that comes back after the program was started anew goes on showing a file
    # that is no longer there.
    number = st.session_state.setdefault(ROUND, new_id())
    files = st.file_uploader(
        _("A file with results: CSV, Excel, ODS, XML, zip or open data"),
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
    ids = ".".join(file.file_id for file in files)
    known = st.session_state.get(CHOSEN)
    if not known or known[0] != ids:
        forget()
        known = (ids, _read_all(page, files))
        st.session_state[CHOSEN] = known
    return _in_turn(page, known[1])


def _in_turn(page: Page, chosen: Sequence[Chosen]) -> Prepared | None:
    for one in chosen:
        if one.error is not None:
            _tell(one.error)
    waiting = _waiting(chosen)
    if not waiting:
        return None
    turn = waiting[0]
    if len(chosen) > 1:
        parts.note(_("{n} files were chosen. Each is read in by itself.").format(n=i18n.number(len(chosen))))
        names = [one.prepared.file_name for one in waiting if one.prepared]
        turn = waiting[
            st.selectbox(
                _("File"),
                range(len(waiting)),
                format_func=lambda place: names[place],
                # When a file has been dealt with, the next one comes first.
                key=f"{FILE}turn.{len(waiting)}",
                width=460,
            )
        ]
    st.session_state[AT_HAND] = turn.key
    # Meanwhile the same file may have been read in, here or by a colleague.
    return import_preview.known_again(page.store, page.actor, turn.prepared) if turn.prepared else None


def _waiting(chosen: Sequence[Chosen]) -> list[Chosen]:
    dealt_with = st.session_state.get(DEALT_WITH, ())
    return [one for one in chosen if one.prepared is not None and one.key not in dealt_with]


def _tell(error: QualityCycleError) -> None:
    failure.tell(error)
    if isinstance(error, ImportRejected) and error.reason == import_preview.ANSWERS:
        label = _("Read in a form that was filled in elsewhere")
        navigation.link("rounds", label, query={elsewhere.ASKED: "1"})


# --- reading ---------------------------------------------------------------------------------------------


def _read_all(page: Page, files: Sequence[UploadedFile]) -> tuple[Chosen, ...]:
    if _may_be_one(files):
        together = _read_together(page, files)
        if together is not None:
            return (together,)
    return tuple(_read_one(page, file.file_id, file.getvalue(), file.name) for file in files)


def _may_be_one(files: Sequence[UploadedFile]) -> bool:
    """A folder of OneRoster and a handful of dossiers are chosen file by file: together they are what a zip holds."""
    names = {file.name.casefold() for file in files}
    return len(files) > 1 and (oneroster.is_one_roster(names) or all(name.endswith(".xml") for name in names))


def _read_together(page: Page, files: Sequence[UploadedFile]) -> Chosen | None:
    name = ngettext("{n} file", "{n} files", len(files)).format(n=i18n.number(len(files)))
    contents: dict[str, bytes] = {}
    for number, file in enumerate(files):
        # Two pupils' dossiers may have the same name, each in a folder of its own.
        path = PurePath(file.name)
        own = f"{path.stem} ({number}){path.suffix}" if file.name in contents else file.name
        contents[own] = file.getvalue()
    key = ".".join(file.file_id for file in files)
    try:
        packed = archives.packed(contents, name)
    except ImportRejected as error:
        return Chosen(key, error=error)
    read = _read_one(page, key, packed, name)
    is_no_zip = isinstance(read.error, ImportRejected) and read.error.reason == FileReason.UNKNOWN_ARCHIVE
    return None if is_no_zip else read


def _read_one(page: Page, key: str, content: bytes, name: str) -> Chosen:
    try:
        return Chosen(key, _read(page, content, name))
    except QualityCycleError as error:
        return Chosen(key, error=error)


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
    return f"{FILE}{st.session_state[AT_HAND]}.{name}"


def forget() -> None:
    forms.forget(FILE.removesuffix("."))


def go_on(message: str) -> None:
    """A part of the file is dealt with: say so and show the next part."""
    st.session_state["flash"] = message
    st.rerun()


def done(message: str) -> None:
    """The file is dealt with: say so and make room for the next one, of those that were chosen or a new one."""
    dealt_with = (*st.session_state.get(DEALT_WITH, ()), st.session_state[AT_HAND])
    st.session_state[DEALT_WITH] = dealt_with
    waiting = _waiting(st.session_state[CHOSEN][1])
    if waiting:
        names = i18n.join([f"“{one.prepared.file_name}”" for one in waiting if one.prepared])
        go_on(message + " " + _("Still to read in: {names}.").format(names=names))
    forget()
    st.session_state[ROUND] = new_id()
    st.session_state["flash"] = message
    st.rerun()
