"""Reading in results: what was read in so far, what waits, and the way back."""

from __future__ import annotations

import streamlit as st

from qualitycycle import config, i18n
from qualitycycle.cycle import import_batches, import_rosters, refused_rows
from qualitycycle.i18n import _, ngettext
from qualitycycle.model import Batch
from qualitycycle.ui import failure, navigation, parts
from qualitycycle.ui.import_corrections import save_list
from qualitycycle.ui.import_result import kept_aside
from qualitycycle.ui.page import Page
from qualitycycle.ui.text import safe


def batches(page: Page) -> None:
    """Every import with its counts, the rows kept aside, and the way back."""
    parts.heading(_("Read in so far"))
    found = import_batches.batches(page.store, page.actor)
    if not found:
        parts.empty(_("Nothing has been read in yet. Choose a file above."))
    else:
        with st.container(border=True, key="card_batches", gap="xxsmall"):
            for batch in found:
                if batch.corrects is None:
                    _batch(page, batch, [part for part in found if part.corrects == batch.batch_id])
        navigation.link("outcomes", _("See the results"))
    undone = import_batches.undone_batches(page.store, page.actor)
    if undone:
        names = {batch.batch_id: batch.file_name for batch in [*found, *undone]}
        label = _("Replaced or taken back ({n})").format(n=len(undone))
        with st.expander(label, key="imports.undone"):
            for batch in undone:
                _undone(page, batch, names.get(batch.replaced_by or "", ""))


def _batch(page: Page, batch: Batch, corrected: list[Batch]) -> None:
    _line(page, batch, _batch_line(batch))
    for part in corrected:
        _line(page, part, _corrected_line(part))
    n_waiting = refused_rows.n_refused(page.store, page.actor, batch.batch_id)
    if n_waiting:
        _waiting(page, batch, n_waiting)


def _line(page: Page, batch: Batch, line: str) -> None:
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"
    ):
        st.html(line, width="stretch")
        if st.button(
            _("Take back"), key=f"imports.undo.{batch.batch_id}", type="tertiary", icon=":material/undo:"
        ):
            done = (
                _("Taken back: its rows no longer count. You find it under “Replaced or taken back”.")
                if batch.corrects is None
                else _("Taken back: these rows wait again among the rows kept aside.")
            )
            if failure.attempt(
                lambda: import_batches.undo(page.store, page.actor, batch.batch_id), done=done
            ):
                st.rerun()


def _batch_line(batch: Batch) -> str:
    """One import in a line: file, when, how many rows."""
    return f'<b>{safe(batch.file_name)}</b> <span class="qc-quiet">{safe(_rows_and_day(batch))}</span>'


def _corrected_line(batch: Batch) -> str:
    added = ngettext("{n} corrected row", "{n} corrected rows", batch.n_accepted).format(
        n=i18n.number(batch.n_accepted)
    )
    moment = i18n.moment(config.local_time(batch.imported_at))
    return f'<span class="qc-quiet">↳ {safe(added)} · {safe(moment)}</span>'


def _rows_and_day(batch: Batch) -> str:
    if batch.kind.endswith(import_rosters.GROUPS):
        rows = ngettext("{n} group", "{n} groups", batch.n_accepted)
    else:
        rows = ngettext("{n} row", "{n} rows", batch.n_accepted)
    rows = rows.format(n=i18n.number(batch.n_accepted))
    return f"{rows} · {i18n.moment(config.local_time(batch.imported_at))}"


def _waiting(page: Page, batch: Batch, n_waiting: int) -> None:
    label = ngettext("{n} row kept aside", "{n} rows kept aside", n_waiting).format(n=i18n.number(n_waiting))
    with st.expander(label, key=f"imports.waiting.{batch.batch_id}", icon=":material/rule:"):
        rows = refused_rows.refused_rows(page.store, page.actor, batch.batch_id)
        kept_aside(rows, n_waiting, key=batch.batch_id)
        parts.note(
            _(
                "Save this list, look each line up in the file, fill in the column “Corrected” and choose the list "
                "above as a file: the rows join this import. Pupils and scores are not on the list."
            )
        )
        with st.container(horizontal=True):
            save_list(
                lambda: refused_rows.refused_rows(page.store, page.actor, batch.batch_id, most=None),
                name=_("rows kept aside"),
                key=f"imports.list.{batch.batch_id}",
            )
            if st.button(_("These have been dealt with"), key=f"imports.dealt.{batch.batch_id}"):
                failure.attempt(
                    lambda: refused_rows.deal_with(page.store, page.actor, batch.batch_id),
                    done=_("Noted. The rows stay stored, and are no longer shown."),
                )
                st.rerun()


def _undone(page: Page, batch: Batch, newer: str) -> None:
    line = _batch_line(batch)
    if batch.replaced_by:
        told = _("replaced by {file}").format(file=newer or _("a newer version"))
        line += f' <span class="qc-quiet">· {safe(told)}</span>'
    with st.container(
        horizontal=True, horizontal_alignment="distribute", vertical_alignment="center", gap="xxsmall"
    ):
        st.html(line, width="stretch")
        label = _("Put back") if batch.replaced_by else _("Let it count again")
        if st.button(label, key=f"imports.redo.{batch.batch_id}", type="tertiary"):
            done = _("It counts again, and the newer version no longer.") if newer else _("It counts again.")
            if failure.attempt(
                lambda: import_batches.redo(page.store, page.actor, batch.batch_id), done=done
            ):
                st.rerun()
