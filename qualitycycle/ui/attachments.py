"""Files with a piece of evidence: chosen, warned about, opened and erased."""

from __future__ import annotations

import streamlit as st

from qualitycycle import i18n
from qualitycycle.cycle import attachments, name_check
from qualitycycle.i18n import _
from qualitycycle.imports.attached import EXTENSIONS, MEGABYTE, MOST_BYTES
from qualitycycle.model import Attachment, Evidence
from qualitycycle.ui import failure, forms, parts
from qualitycycle.ui.forms import Field
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import plain, safe


def show(page: Page, piece: Evidence, *, editable: bool) -> None:
    """The files of a piece of evidence; for the staff only, as what lies in them went through no gate."""
    if not page.may_see_running:
        return
    found = attachments.of_evidence(page.store, page.actor, piece.evidence_id)
    if not found and not editable:
        return
    parts.heading(_("Files"))
    with parts.card("files"):
        if not found:
            parts.note(_("No files yet. Files weigh nothing: the verdict never looks at them."))
        for one in found:
            _file(page, one)
        if editable:
            _add(page, piece)


def _file(page: Page, one: Attachment) -> None:
    who = page.staff.person_name(one.person_id)
    if one.erased_on:
        text = _("A file of {added} was erased on {day}: {why}").format(
            added=i18n.day(one.added_on), day=i18n.day(one.erased_on), why=one.erased_why
        )
        st.html(f'<div class="qc-quiet">{safe(text)}</div>')
        return
    about = [_size(one.n_bytes), _("added on {day}").format(day=i18n.day(one.added_on)), who]
    st.html(
        f'<div class="qc-text">{safe(one.title)}</div>'
        f'<div class="qc-quiet">{safe(" · ".join(part for part in about if part))}</div>'
    )
    with st.container(horizontal=True):
        # Read, and checked once more, only when somebody clicks.
        st.download_button(
            _("Save this file"),
            lambda: attachments.content_of(page.store, page.actor, one.attachment_id),
            file_name=one.title,
            mime=attachments.media_type(one),
            key=f"file.{one.attachment_id}",
            icon=":material/download:",
            on_click="ignore",
        )
        if page.may_edit:
            _erase(page, one)


def _size(n_bytes: int) -> str:
    if n_bytes < MEGABYTE / 10:
        return _("{n} kB").format(n=i18n.number(max(1, round(n_bytes / 1000))))
    return _("{n} MB").format(n=i18n.number(n_bytes / MEGABYTE, 1))


def _erase(page: Page, one: Attachment) -> None:
    with st.popover(_("Erase"), key=f"erase.{one.attachment_id}", type="tertiary"):
        st.write(
            plain(_("The file and its name go for good, also from the backups here. Your reason stays."))
        )
        key = f"erase_form.{one.attachment_id}"
        values = forms.form(key, [Field("why", _("Why?"))], {}, submit=_("Erase for good"), primary=False)
        if values and failure.worked(
            lambda: attachments.erase(page.store, page.actor, one.attachment_id, values["why"]),
            done=_("Erased."),
        ):
            forms.forget(key)
            st.rerun()


def _add(page: Page, piece: Evidence) -> None:
    """Choose a file, see what is warned about, and keep it with a second click."""
    turn = st.session_state.setdefault("files.turn", 0)
    chosen = st.file_uploader(
        _("Add a file (at most {n} MB)").format(n=MOST_BYTES // MEGABYTE),
        type=list(EXTENSIONS),
        key=f"files.{piece.evidence_id}.{turn}",
        max_upload_size=MOST_BYTES // MEGABYTE,
        help=_(
            "PDF, pictures, documents of Word, Excel, PowerPoint or LibreOffice, plain text. From a picture the place, "
            "the time and the device are taken out; in a document the name of its author may stand."
        ),
    )
    if chosen is None:
        return
    found = attachments.suspects(chosen.name, name_check.known_words(page.store))
    if found:
        text = _("The name of this file may hold the name or number of a pupil: {words}. Rename it first.")
        st.warning(plain(text.format(words=", ".join(found))), icon=":material/warning:")
    label = _("Keep it all the same") if found else _("Keep this file")
    if st.button(label, key="files.keep", type="secondary" if found else "primary"):
        kept = failure.attempt(
            lambda: attachments.attach(
                page.store, page.actor, piece.evidence_id, chosen.name, chosen.getvalue()
            ),
            done=_("Kept with this evidence."),
        )
        if kept:
            st.session_state["files.turn"] = turn + 1
            st.rerun()
